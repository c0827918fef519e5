"""The audit trail of a Unit."""

from datetime import datetime

from django.db.models import QuerySet

from sangto.people.models import Deed, Member, Unit


def deeds_of(unit: Unit) -> QuerySet[Deed]:
    """What the staff of the Unit did, newest first. By thing and time alone: nobody's day is put together here."""
    return Deed.objects.filter(unit=unit).select_related("member__user").order_by("-pk")


def did_since(member: Member, what: str, *, kind: str, number: str, since: datetime) -> bool:
    """Whether the Member did that to this one thing after the moment: so that a repeat is not written down again."""
    return Deed.objects.filter(member=member, what=what, kind=kind, number=number, at__gt=since).exists()
