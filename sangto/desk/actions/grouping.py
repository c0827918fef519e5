"""Put a Message into its Case. The other actions use these steps inside their own transaction."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from sangto.desk import rules
from sangto.desk.actions.clock import restart, started
from sangto.desk.actions.findable import note_entry
from sangto.desk.matcher import Finding
from sangto.desk.models import Answer, AnswerVersion, Case, Change, Joining, Message, Regrouping, Reply, Wording
from sangto.engine.decide import Reason, Scored
from sangto.people.models import Unit
from sangto.people.queries import first_unit

SAME_WORDING = (Reason("same_text", "100"),)
QUESTION_CHARS = 200


@dataclass(frozen=True)
class Entering:
    """A text on its way into a Case, with what the matcher found."""

    text: str
    place: str
    lang: str
    kind: str
    finding: Finding


@dataclass(frozen=True)
class Joined:
    """Why a Message is in its Case: the engine's sureness 0..1 and reasons (empty for the first Message of a Case)."""

    sureness: float | None = None
    reasons: tuple[Reason, ...] = ()


def owner_of(entering: Entering, *, now: datetime) -> tuple[Case, Joined]:
    """The Case that takes the text, locked, and why: the same wording's, an answered one, an open one, or a new one."""
    finding = entering.finding
    for target in (_known(finding), finding.settled, finding.open):
        case = _taking(target, entering) if target else None
        if case and target:
            _remember(finding.fingerprint, case)
            return case, Joined(target.sureness, target.reasons)
    case, is_new = open_case(entering, now=now)
    return case, Joined() if is_new else Joined(1.0, SAME_WORDING)


def _known(finding: Finding) -> Scored | None:
    return Scored(finding.known, 1.0, SAME_WORDING) if finding.known else None


def _taking(target: Scored, entering: Entering) -> Case | None:
    """The target Case after merges, locked, if it takes new Messages of this kind."""
    case = surviving_case(target.id)
    takes = case.kind == entering.kind and case.closing != rules.WITHDRAWN and not _is_over(case)
    return case if takes else None


def surviving_case(pk: int) -> Case:
    """The Case that this one was merged into, however often, or itself; locked. One lock at a time is ever held."""
    while merged_into := Case.objects.values_list("merged_into", flat=True).get(pk=pk):
        pk = merged_into
    case = lock_cases(pk)[pk]
    return surviving_case(pk) if case.merged_into_id else case


def lock_cases(*pks: int) -> dict[int, Case]:
    """The Cases by id, locked in one order for all, so that two actions never wait for each other.

    Whatever locks Messages too locks their Cases first. Nobody changes an id, so references stay free (NO KEY).
    """
    rows = Case.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    return {case.pk: case for case in rows}


def locked_case_of(version: AnswerVersion) -> Case | None:
    """The Case of a version, locked: whoever works on its versions waits here. None when it was discarded."""
    pk = Answer.objects.filter(pk=version.answer_id).values_list("case", flat=True).first()
    return lock_cases(pk)[pk] if pk else None


def merge_away(case: Case, *, into: Case) -> None:
    """The Case leaves the desk for another one, which its number leads to from now on."""
    case.state, case.closing, case.merged_into = rules.MERGED, "", into
    case.save(update_fields=["state", "closing", "merged_into"])


def _is_over(case: Case) -> bool:
    """Whether a problem was dealt with, so that the same words now tell of a new one."""
    current = case.answer.current if case.state == rules.ANSWERED and hasattr(case, "answer") else None
    return current is not None and current.kind == rules.PROBLEM and not rules.is_outstanding(current.outcome)


def open_case(entering: Entering, *, now: datetime) -> tuple[Case, bool]:
    """A new Case for the text and True, or the one that the same words opened at the same moment and False."""
    print_, known = entering.finding.fingerprint, entering.finding.known
    try:
        with transaction.atomic():
            case = new_case(entering.text, kind=entering.kind, lang=entering.lang, place=entering.place, now=now)
            # A wording that led to a Case which takes no more Messages leads to the new one from now on.
            if not (known and Wording.objects.filter(fingerprint=print_, case=known).update(case=case)):
                Wording.objects.create(fingerprint=print_, case=case)
            return case, True
    except IntegrityError:
        return surviving_case(Wording.objects.values_list("case", flat=True).get(fingerprint=print_)), False


def new_case(text: str, *, kind: str, lang: str, place: str, now: datetime, unit: Unit | None = None) -> Case:
    """A new open Case with the beginning of the text as its working title; its clock starts today."""
    question, unit = title_of(text), unit or first_unit()
    clock = started(kind=kind, unit=unit, now=now)
    return Case.objects.create(kind=kind, lang=lang, place=place, question=question, unit=unit, opened_at=now, **clock)


def title_of(text: str) -> str:
    """The working title of a Case that a Message with this text opens: the beginning, on one line."""
    return " ".join(text.split())[:QUESTION_CHARS]


def still_asked(case: Case) -> QuerySet[Message]:
    """The Case's Messages that their senders have not withdrawn, oldest first."""
    return case.messages.filter(withdrawn_at__isnull=True).order_by("pk")


def close_if_all_withdrew(case: Case, *, now: datetime) -> None:
    """Close a locked Case that nobody asks any more and nobody answers; open it again when somebody asks it after all.

    A Case whose last Message was withdrawn would wait for ever, and one that waits is counted in public.
    """
    is_asked = still_asked(case).exists()
    if case.state == rules.OPEN and not is_asked and case.messages.exists() and not _is_answered_or_begun(case):
        case.state, case.closing, case.settled_at = rules.CLOSED, rules.WITHDRAWN, now
    elif case.closing == rules.WITHDRAWN and is_asked:
        case.state, case.closing, case.settled_at = rules.OPEN, "", None
    else:
        return
    case.save(update_fields=["state", "closing", "settled_at"])
    if case.state == rules.OPEN:
        restart(case, now=now)
    touch(case, now=now)


def _is_answered_or_begun(case: Case) -> bool:
    return Answer.objects.filter(case=case).exists() or hasattr(case, "foreign")


def enter(
    message: Message,
    case: Case,
    *,
    joined: Joined,
    now: datetime,
    left: Case | None = None,
    decided_by: str = "engine",
    regrouping: Regrouping | None = None,
) -> None:
    """Write down that the Message is in the Case now, and why; the Case may owe it a Reply.

    What the Case that it left had not told it yet is not told any more.
    """
    if left is not None:
        void_unsent(message.replies.exclude(kind__in=(rules.ACKNOWLEDGED, rules.QUESTION)), now=now)
    Joining.objects.create(
        message=message,
        case=case,
        left=left,
        decided_by=decided_by,
        regrouping=regrouping,
        sureness=joined.sureness,
        reasons=stored(joined.reasons),
        at=now,
    )
    if message.case_id != case.pk:
        message.case = case
        message.save(update_fields=["case"])
    note_entry(message, case, left=left)
    was_settled = left is not None or case.state != rules.OPEN or case.settled_at is not None
    if was_settled and not case.owes:  # the Case is locked, so nobody clears the mark meanwhile
        case.owes = True
        case.save(update_fields=["owes"])


def stored(reasons: Iterable[Reason]) -> str:
    """Reasons as a row keeps them: JSON [[code, value], ...]."""
    return json.dumps([[reason.code, reason.value] for reason in reasons], ensure_ascii=False)


def void_unsent(replies: QuerySet[Reply], *, now: datetime) -> None:
    """Overtake those of the Replies that were not sent; `follow_up` revives one that is owed again."""
    replies.filter(done_at__isnull=True, gave_up_at__isnull=True, void_at__isnull=True).update(void_at=now)


def touch(case: Case, *, now: datetime) -> None:
    """Tell every process's index that the Case changed."""
    Change.objects.create(case=case, at=now)


def _remember(fingerprint: str, case: Case) -> None:
    Wording.objects.get_or_create(fingerprint=fingerprint, defaults={"case": case})
