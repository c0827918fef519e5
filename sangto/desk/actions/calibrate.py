"""Keep what the engine learned from the desk's own labels."""

import json
from datetime import datetime

from sangto.desk.models import Calibration
from sangto.engine.learned import Learned
from sangto.engine.refit import Refit, model_name


class CannotCalibrate(Exception):
    """The calibration is refused. `code`: no_better."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def calibrate(refit: Refit, *, model: Learned, now: datetime) -> Calibration:
    """The calibration that every process goes by within a minute. Raises CannotCalibrate for one that is no better."""
    if not refit.is_better:
        raise CannotCalibrate("no_better")
    curve = {"raw": refit.curve.raw, "sure": refit.curve.sure}
    bounds = {lang: {"raw": one.raw, "right": list(map(int, one.right))} for lang, one in refit.bounds.items()}
    return Calibration.objects.create(
        made_at=now,
        model=model_name(model),
        labels=refit.labels,
        curve=json.dumps(curve, allow_nan=False),
        bounds=json.dumps(bounds, allow_nan=False),
        loss_before=refit.loss_before,
        loss_after=refit.loss_after,
    )
