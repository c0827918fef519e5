"""Officers split and merge Cases and undo either; every move stays in the history."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.clock import recount
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.findable import renew_words
from sangto.desk.actions.grouping import (
    Joined,
    close_if_all_withdrew,
    enter,
    lock_cases,
    merge_away,
    new_case,
    still_asked,
    touch,
)
from sangto.desk.models import Case, Joining, Message, Regrouping, Reply, Wording
from sangto.engine.text import fingerprint
from sangto.people.models import Member
from sangto.people.rules import may_sort


class CannotRegroup(Exception):
    """The Cases cannot be regrouped so.

    `code`: not_allowed, same_case, other_kind, both_answered, gone, nothing_chosen, everything_chosen, undone_before or
    moved_on.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def split(case: Case, *, messages: Iterable[Message], by: Member, now: datetime) -> Case:
    """A new open Case with these Messages; at least one stays behind."""
    case = lock_cases(case.pk)[case.pk]
    _check_role(by, case)
    asked = still_asked(case)
    chosen = list(asked.filter(pk__in=[each.pk for each in messages]))
    if not chosen:
        raise CannotRegroup("nothing_chosen")
    if len(chosen) == asked.count():
        raise CannotRegroup("everything_chosen")
    first = chosen[0]
    fresh = new_case(first.text, kind=case.kind, lang=first.lang, place=first.place, now=now, unit=case.unit)
    regrouping = Regrouping.objects.create(step=rules.SPLIT, by=by, at=now)
    _move(chosen, left=case, to=fresh, regrouping=regrouping, now=now)
    note_deed("split", case, by=by, now=now)
    return fresh


@transaction.atomic
def merge(case: Case, *, into: Case, by: Member, now: datetime) -> Case:
    """One Case out of two: the Messages of `case` move into `into`. The one with an Answer is kept, whichever it is."""
    if case.pk == into.pk:
        raise CannotRegroup("same_case")
    locked = lock_cases(case.pk, into.pk)
    _check_role(by, *locked.values())
    going, kept = locked[case.pk], locked[into.pk]
    if _has_answer(going):
        going, kept = kept, going
    _check_merge(going, kept)
    regrouping = Regrouping.objects.create(step=rules.MERGE, by=by, at=now)
    _move(list(going.messages.order_by("pk")), left=going, to=kept, regrouping=regrouping, now=now)
    going.wordings.update(case=kept)
    merge_away(going, into=kept)
    recount([kept])  # nobody waits longer because their Case was joined to a newer one
    note_deed("merged", going, by=by, now=now)
    return kept


@transaction.atomic
def undo(regrouping: Regrouping, *, by: Member, now: datetime) -> None:
    """Put every Message back where it was before this split or merge; refused when one has moved on since."""
    moves = regrouping.joinings.order_by("pk")
    first = moves.first()
    if regrouping.step == rules.UNDO or first is None:
        raise CannotRegroup("undone_before")
    left_id = first.left_id or 0  # every move of a Member leaves a Case
    cases = lock_cases(left_id, first.case_id)
    _check_role(by, *cases.values())
    back, now_in = cases[left_id], cases[first.case_id]
    joinings = list(moves.select_related("message"))
    _check_undo(regrouping, joinings, back=back, now_in=now_in)
    reverse = Regrouping.objects.create(step=rules.UNDO, by=by, at=now, undoes=regrouping)
    _restore(back)
    _move([each.message for each in joinings], left=now_in, to=back, regrouping=reverse, now=now)
    if regrouping.step == rules.SPLIT and not now_in.messages.exists():
        merge_away(now_in, into=back)
    recount([back, now_in])
    for case in (back, now_in):
        close_if_all_withdrew(case, now=now)
    note_deed("undid", now_in, by=by, now=now)


def _check_role(by: Member, *cases: Case) -> None:
    if not all(may_sort(roles_on(case, by)) for case in cases):
        raise CannotRegroup("not_allowed")


def _check_undo(regrouping: Regrouping, joinings: list[Joining], *, back: Case, now_in: Case) -> None:
    if Regrouping.objects.filter(undoes=regrouping).exists():
        raise CannotRegroup("undone_before")
    moved_on = any(each.message.case_id != each.case_id for each in joinings)
    merged_on = regrouping.step == rules.MERGE and back.merged_into_id != now_in.pk
    split_on = regrouping.step == rules.SPLIT and (_has_answer(now_in) or back.state == rules.MERGED)
    if moved_on or merged_on or split_on:
        raise CannotRegroup("moved_on")


def _check_merge(going: Case, kept: Case) -> None:
    if _has_answer(going):
        raise CannotRegroup("both_answered")
    if going.kind != kept.kind:
        raise CannotRegroup("other_kind")
    if rules.MERGED in (going.state, kept.state) or rules.CLOSED in (going.state, kept.state):
        raise CannotRegroup("gone")


def _move(messages: list[Message], *, left: Case, to: Case, regrouping: Regrouping, now: datetime) -> None:
    for message in messages:
        enter(message, to, joined=Joined(), now=now, left=left, decided_by="member", regrouping=regrouping)
        _own_up(message, left=left, to=to, now=now)
        print_ = fingerprint(message.text, kind=to.kind, place=message.place)
        Wording.objects.filter(fingerprint=print_).update(case=to)
    renew_words([left])
    touch(left, now=now)
    touch(to, now=now)


def _own_up(message: Message, *, left: Case, to: Case, now: datetime) -> None:
    """Whoever was told the answer of a Case that they leave for an open one is owed a word that it was not theirs."""
    told = message.replies.filter(kind__in=(rules.ANSWER, rules.ELSEWHERE), done_at__isnull=False)
    if left.state == rules.ANSWERED and to.state == rules.OPEN and not message.withdrawn_at and told.exists():
        values = {"due_at": now, "done_at": None, "void_at": None, "gave_up_at": None, "tries": 0}
        Reply.objects.update_or_create(message=message, kind=rules.MISTAKEN, version=None, defaults=values)


def _restore(case: Case) -> None:
    """A Case that was merged away is open again; one that was only split stays what it is."""
    if case.state == rules.MERGED:
        case.state, case.merged_into = rules.OPEN, None
        case.save(update_fields=["state", "merged_into"])


def _has_answer(case: Case) -> bool:
    return hasattr(case, "answer") or hasattr(case, "foreign")
