"""Units that more than one door needs."""

from sangto.people.models import Unit


def first_unit() -> Unit | None:
    """The Unit that new Cases belong to until routing by place exists: the oldest one."""
    return Unit.objects.order_by("pk").first()
