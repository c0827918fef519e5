"""Write down that a Member stands for a version's words; inside the transaction of whoever sends or publishes it."""

from datetime import datetime

from django.db.models.functions import Now

from sangto.desk.models import AnswerVersion, Approval
from sangto.desk.queries.approvals import content_hash
from sangto.people.models import Member


def stand_for(version: AnswerVersion, *, by: Member, role: str, now: datetime | None) -> Approval:
    """The row that says so, for the content as it is now; without `now` the database's clock counts."""
    return Approval.objects.create(
        version=version, member=by, role=role, content_hash=content_hash(version), at=now or Now()
    )
