"""The audit trail of a Unit."""

from django.db.models import QuerySet

from sangto.people.models import Deed, Unit


def deeds_of(unit: Unit) -> QuerySet[Deed]:
    """What the staff of the Unit did, newest first. By thing and time alone: nobody's day is put together here."""
    return Deed.objects.filter(unit=unit).select_related("member__user").order_by("-pk")
