"""Found a body of the desk's own: a desk, a department."""

from datetime import date

from django.db import IntegrityError, transaction

from sangto.engine.unit_names import bare_key, spelt, stem
from sangto.people.models import Unit, UnitPeriod
from sangto.people.rules import DESK, OWN_SCHEME


def found_unit(code: str, *, name: str, on: date) -> Unit:
    """The Unit to which the desk gave this code, made on first use."""
    try:
        return _held(code) or _begin(code, name=spelt(name), on=on)
    except IntegrityError:  # another process made it at the same moment: one Unit holds a code
        found = _held(code)
        if found is None:
            raise
        return found


def _held(code: str) -> Unit | None:
    return (
        Unit.objects.filter(periods__scheme=OWN_SCHEME, periods__code=code, periods__voided_by__isnull=True)
        .order_by("-periods__valid_from")
        .first()
    )


@transaction.atomic
def _begin(code: str, *, name: str, on: date) -> Unit:
    unit = Unit.objects.create(role=DESK, created_on=on)
    UnitPeriod.objects.create(
        unit=unit,
        valid_from=on,
        kind=DESK,
        name=name,
        scheme=OWN_SCHEME,
        code=code,
        key=bare_key(name),
        stem=stem(name),
    )
    return unit
