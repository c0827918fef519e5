"""A second person publishes a version, or sends it back to its writer."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.approve import is_checked, stand_for
from sangto.desk.actions.clock import restart
from sangto.desk.actions.copies import lacks_copies, let_go_of_untaken
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import locked_case_of, touch, void_unsent
from sangto.desk.actions.highlight import renew_highlights
from sangto.desk.actions.record import record_version
from sangto.desk.models import AnswerVersion, Case, Reply
from sangto.desk.queries.approvals import authors_word, content_hash
from sangto.desk.queries.highlights import marks_of
from sangto.engine.crash import crash_point
from sangto.people.models import Member
from sangto.people.rules import may_approve


class CannotPublish(Exception):
    """The version cannot be published or sent back.

    `code`: not_allowed, own_text, not_in_review, rewritten (since it was read), no_source, no_copy, undecided,
    unchecked (the checklist) or gone.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def publish(version: AnswerVersion, *, by: Member, now: datetime, ticks: Collection[str] = ()) -> AnswerVersion:
    """The version in review, published: approved by somebody other than its writer, and current from now on.

    Approved is what `version` says as it is handed in: when it says something else by now, or its author does not stand
    for exactly that, it was rewritten. The approver answers the checklist with their own `ticks`.
    Every name and home address in it has been decided on. Its leaf in the log is part of the transaction. Everybody who
    asked is owed a Reply, which `follow_up` makes; unsent Replies on older versions are void.
    """
    version, case = _in_review(version)
    if not may_approve(roles_on(case, by)):
        raise CannotPublish("not_allowed")
    if not rules.is_other_person(version.written_by_id, by.pk):
        raise CannotPublish("own_text")
    if not version.sources.exists():
        raise CannotPublish("no_source")
    _check_author_stands_for(version)
    if not all(mark.is_decided for mark in marks_of(version)):
        raise CannotPublish("undecided")
    if lacks_copies(version):
        raise CannotPublish("no_copy")
    if not is_checked(version, ticks):
        raise CannotPublish("unchecked")
    let_go_of_untaken(version)
    renew_highlights(version)
    case = Case.objects.select_related("unit").get(pk=version.answer.case_id)
    stand_for(version, by=by, role=rules.AS_APPROVER, now=now, ticks=ticks)
    crash_point("publish.approved")
    record_version(version, case, before=version.answer.current, now=now)
    crash_point("publish.logged")
    version.state, version.approved_by, version.published_at = rules.PUBLISHED, by, now
    version.save(update_fields=["state", "approved_by", "published_at"])
    version.answer.current = version
    version.answer.save(update_fields=["current"])
    void_unsent(Reply.objects.filter(version__answer=version.answer), now=now)
    _settle(version, case, now=now)
    note_deed("published", case, by=by, now=now)
    crash_point("publish.before_commit")
    return version


@transaction.atomic
def send_back(version: AnswerVersion, *, note: str, by: Member) -> AnswerVersion:
    """The version, a draft again, with a note for its writer."""
    version, case = _in_review(version)
    if not (may_approve(roles_on(case, by)) or by.pk == version.written_by_id):
        raise CannotPublish("not_allowed")
    version.state, version.review_note = rules.DRAFT, note.strip()[:500]
    version.save(update_fields=["state", "review_note"])
    note_deed("sent_back", case, by=by)
    return version


def _in_review(version: AnswerVersion) -> tuple[AnswerVersion, Case]:
    case = locked_case_of(version)
    fresh = AnswerVersion.objects.select_related("answer__case").filter(pk=version.pk).first()
    if case is None or fresh is None:
        raise CannotPublish("not_in_review")
    if case.state in (rules.MERGED, rules.CLOSED):
        raise CannotPublish("gone")
    if fresh.state != rules.IN_REVIEW:
        raise CannotPublish("not_in_review")
    if fresh.written_at != version.written_at or content_hash(fresh) != content_hash(version):
        raise CannotPublish("rewritten")
    return fresh, case


def _check_author_stands_for(version: AnswerVersion) -> None:
    said = authors_word(version)
    if said is None or said.member_id != version.written_by_id or said.content_hash != content_hash(version):
        raise CannotPublish("rewritten")


def _settle(version: AnswerVersion, case: Case, *, now: datetime) -> None:
    """A withdrawn Answer leaves its Case open again: the question still waits for a right one."""
    case.state = rules.OPEN if version.step == rules.WITHDRAW else rules.ANSWERED
    case.settled_at = case.settled_at or now
    case.owes = True
    case.save(update_fields=["state", "settled_at", "owes"])
    if case.state == rules.OPEN:
        restart(case, now=now)
    touch(case, now=now)
