"""What a Member may do on a Case, and the Deed that says that they did it; inside the transaction of the action."""

from datetime import datetime, timedelta

from sangto.desk.models import Case, DataRequest, Template
from sangto.people.actions import record_deed
from sangto.people.models import Member
from sangto.people.queries import did_since, roles_in
from sangto.people.rules import CASE, REQUEST, TEMPLATE

A_SITTING = timedelta(hours=1)  # what somebody does again and again within it is written down once


def roles_on(case: Case, member: Member) -> frozenset[str]:
    """The Member's roles in the Unit of the Case."""
    return roles_in(member, case.unit_id)


def note_deed(what: str, case: Case, *, by: Member, now: datetime | None = None) -> None:
    """Write down what was done on the Case; without `now` the database's clock counts."""
    record_deed(what, by=by, kind=CASE, number=case.number, unit_id=case.unit_id, at=now)


def note_sitting(what: str, case: Case, *, by: Member, now: datetime) -> None:
    """Write it down unless the Member did the same on the Case within the last hour: a draft is kept as it is typed."""
    if not did_since(by, what, kind=CASE, number=case.number, since=now - A_SITTING):
        note_deed(what, case, by=by, now=now)


def note_request(what: str, request: DataRequest, *, by: Member, now: datetime) -> None:
    """Write down what was done about what a sender asked."""
    unit_id = request.message.case.unit_id
    record_deed(what, by=by, kind=REQUEST, number=request.number, unit_id=unit_id, at=now)


def note_template(what: str, template: Template, *, by: Member, now: datetime) -> None:
    """Write down what was done to a Template."""
    record_deed(what, by=by, kind=TEMPLATE, number=str(template.pk), unit_id=template.unit_id, at=now)
