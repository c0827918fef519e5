"""Write down what a Member did; inside the transaction of whoever does it."""

from datetime import datetime

from django.db.models.functions import Now

from sangto.people.models import Deed, Member
from sangto.people.queries import first_unit


def record_deed(
    what: str, *, by: Member | None, kind: str, number: str, unit_id: int | None, at: datetime | None
) -> None:
    """Write the Deed. What has no Unit belongs to the first; No `by`: the operator; no `at`: the database's now."""
    if unit_id is None:
        first = first_unit()
        unit_id = first.pk if first else None
    Deed.objects.create(member=by, what=what, kind=kind, number=number, unit_id=unit_id, at=at or Now())
