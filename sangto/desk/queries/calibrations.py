"""Which calibration the desk goes by: the newest that was made for the model in use."""

import json
from dataclasses import dataclass
from datetime import datetime

from sangto.desk.models import Calibration
from sangto.engine.learned import Curve, Learned, bound_of, refitted
from sangto.engine.refit import model_name


@dataclass(frozen=True)
class Standing:
    """The newest calibration of a desk: the model it is for, the labels it was made from, when, whether it is used."""

    model: str
    labels: int
    made_at: datetime
    is_used: bool


def calibrated(learned: Learned) -> Learned:
    """The model with the newest calibration that was made for it; as it is when there is none or it is damaged."""
    row = Calibration.objects.filter(model=model_name(learned)).order_by("-pk").first()
    if row is None:
        return learned
    try:
        curve, bounds = json.loads(row.curve), json.loads(row.bounds)
        return refitted(
            learned,
            curve=Curve(tuple(map(float, curve["raw"])), tuple(map(float, curve["sure"]))),
            bounds={lang: bound_of(held) for lang, held in bounds.items()},
        )
    except (ValueError, KeyError, TypeError):
        return learned


def calibration_standing(learned: Learned) -> Standing | None:
    """The newest calibration, whichever model it was made for, or None."""
    row = Calibration.objects.order_by("-pk").first()
    if row is None:
        return None
    return Standing(row.model, row.labels, row.made_at, row.model == model_name(learned))
