"""Units that more than one door needs."""

from sangto.people.models import Unit


def first_unit() -> Unit | None:
    """The Unit that new Cases belong to until routing by place exists: the oldest one."""
    return Unit.objects.order_by("pk").first()


def all_units() -> list[Unit]:
    """Every Unit, oldest first."""
    return list(Unit.objects.order_by("pk"))


def unit_by_code(code: str) -> Unit | None:
    """The Unit with this code, or None."""
    return Unit.objects.filter(code=code).first() if "\0" not in code else None
