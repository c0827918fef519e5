"""Take back, by law, what was said or kept: the leaf stays, and what would open it goes."""

from datetime import date, datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.copies import drop_uncited
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import locked_case_of, touch
from sangto.desk.models import AnswerVersion, Approval, Case, Publication
from sangto.engine.crash import crash_point
from sangto.ledger import actions as log
from sangto.ledger import rules as leaves
from sangto.people.models import Member
from sangto.people.rules import may_erase, may_write
from sangto.vault.actions import destroy_day_key, note_destroyed


class CannotErase(Exception):
    """Nothing was erased. `code`: not_allowed, own_proposal, unknown_ground, not_published, current or erased."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def erase_version(version: AnswerVersion, *, ground: str, by: Member, approved_by: Member, now: datetime) -> None:
    """Erase what a published version said, for a legal ground, by two people; that it was erased stays in the log.

    An Answer that is in force is withdrawn first: its readers are owed the reason. Nobody can take back the copies that
    others made.
    """
    case = locked_case_of(version)
    version = AnswerVersion.objects.select_related("answer").get(pk=version.pk)
    row = Publication.objects.select_for_update().filter(version=version).first()
    _check_people(case, by=by, approved_by=approved_by)
    _check(version, row, ground=ground)
    assert case is not None and row is not None  # noqa: S101, PT018 - checked above
    leaf = log.append(leaves.ERASED, now=now, a=case.number, n=version.n, pv=row.leaf_hash, lg=ground)
    crash_point("erase.logged")
    Publication.objects.filter(pk=row.pk).update(salt="", erased_at=now, erasure_hash=leaf)
    gone = dict.fromkeys(("question", "summary", "text"), rules.ERASED_TEXT)
    change = rules.ERASED_TEXT if version.change else ""
    AnswerVersion.objects.filter(pk=version.pk).update(change=change, **gone)
    Approval.objects.filter(version=version).update(content_hash="")  # it would confirm a guess of what was said
    copies = list(version.sources.filter(copy__isnull=False).values_list("copy", flat=True))
    version.sources.all().delete()
    drop_uncited(copies)
    version.highlights.all().delete()
    touch(case, now=now)
    note_deed("erased", case, by=by, now=now)
    note_deed("erased", case, by=approved_by, now=now)
    crash_point("erase.before_commit")


def destroy_contacts_of(day: date, *, now: datetime) -> None:
    """Destroy the key of a day's Contacts, then say so in the log. After a crash in between, do it again.

    The file goes first: a leaf that says a key is gone must never be there while the key is. `expire` first moves on
    what is still needed; here it goes with the key.
    """
    crash_point("destroy.begun")
    destroy_day_key(day)
    crash_point("destroy.unlinked")
    with transaction.atomic():
        note_destroyed(day, now=now)
        log.append_once(leaves.KEY_DESTROYED, now=now, day=leaves.day_of(day))
        crash_point("destroy.logged")
    crash_point("destroy.committed")


def _check_people(case: Case | None, *, by: Member, approved_by: Member) -> None:
    if case and not (may_write(roles_on(case, by)) and may_erase(roles_on(case, approved_by))):
        raise CannotErase("not_allowed")
    if by.pk == approved_by.pk:
        raise CannotErase("own_proposal")


def _check(version: AnswerVersion, row: Publication | None, *, ground: str) -> None:
    if ground not in rules.LEGAL_GROUNDS:
        raise CannotErase("unknown_ground")
    if row is None:
        raise CannotErase("not_published")
    if row.erased_at:
        raise CannotErase("erased")
    if version.answer.current_id == version.pk and version.step != rules.WITHDRAW:
        raise CannotErase("current")
