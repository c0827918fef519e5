"""Write down that a Member stands for a version's words; inside the transaction of whoever sends or publishes it."""

from collections.abc import Collection
from datetime import datetime

from django.db.models.functions import Now

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Approval
from sangto.desk.queries.approvals import content_hash
from sangto.people.models import Member


def is_checked(version: AnswerVersion, ticks: Collection[str]) -> bool:
    """Whether every line of the checklist that this version needs is ticked."""
    return set(ticks) >= set(rules.ticks_needed(version.kind, version.step))


def stand_for(
    version: AnswerVersion, *, by: Member, role: str, now: datetime | None, ticks: Collection[str] = ()
) -> Approval:
    """The row that says so, for the content as it is now, with what the Member ticked.

    Without `now` the database's clock counts.
    """
    needed = rules.ticks_needed(version.kind, version.step)
    return Approval.objects.create(
        version=version, member=by, role=role, content_hash=content_hash(version), at=now or Now(),
        checklist=rules.CHECKLIST if needed else 0, ticks=" ".join(each for each in needed if each in ticks),
    )  # fmt: skip
