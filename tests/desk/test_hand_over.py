"""A Case changes its Unit with a note for the staff there, and whoever asked is told where it lies."""

import pytest
from django.db import IntegrityError, transaction

from sangto.channels.letters import letter_text
from sangto.desk import actions
from sangto.desk.models import Case, Reassignment, Reply
from sangto.desk.queries.messages import standing_of
from sangto.desk.queries.replies import letter_for
from sangto.people.actions import found_unit
from tests.factories import NOW, holder, make_answer, make_unit, send

pytestmark = pytest.mark.django_db
WHY = "Đoạn đường này thuộc phường bạn."
SEEN = "Is it true that the bridge closes tomorrow morning?"


@pytest.fixture(autouse=True)
def first():
    return make_unit()


@pytest.fixture
def away():
    return found_unit("xa", name="Phường Đồi Gió", on=NOW.date())


def handed(case, to, **changes):
    return actions.hand_over(case, to=to, **{"why": WHY, "by": holder("dispatcher"), "now": NOW, **changes})


def told(message) -> list[str]:
    """The kinds of what the sender is owed or was told, without what is void."""
    return list(Reply.objects.filter(message=message, void_at=None).order_by("pk").values_list("kind", flat=True))


def test_note_is_kept_for_the_staff_and_senders_are_told_the_unit(away):
    message = send(SEEN, lang="en")

    handed(message.case, away)
    actions.follow_up(now=NOW)

    row = Reassignment.objects.get()
    assert (row.from_unit, row.to_unit, row.why) == (make_unit(), away, WHY)
    letter = letter_text(letter_for(Reply.objects.get(kind="handed_over")))
    assert "lies with Phường Đồi Gió now" in letter
    assert WHY not in letter


def test_page_of_the_sender_names_the_unit(away):
    message = send(SEEN, lang="en")
    handed(message.case, away)
    actions.follow_up(now=NOW)
    Reply.objects.update(done_at=NOW)
    message.refresh_from_db()

    assert [(each.kind, each.unit) for each in standing_of(message).told] == [
        ("acknowledged", ""),
        ("handed_over", "Phường Đồi Gió"),
    ]


def test_each_move_is_told_once_and_only_the_last_one_that_was_not_sent(away):
    message = send(SEEN)
    further = found_unit("xa2", name="Phường Bến Đá", on=NOW.date())
    handed(message.case, away)
    actions.follow_up(now=NOW)
    handed(message.case, further, by=holder("dispatcher", unit=away))

    assert [actions.follow_up(now=NOW), actions.follow_up(now=NOW)] == [1, 0]

    owed = Reply.objects.filter(kind="handed_over", void_at=None)
    assert [reply.move.to_unit for reply in owed] == [further]


def test_who_asks_later_or_withdrew_is_not_told(away):
    first, gone = send(SEEN), send(SEEN)
    handed(first.case, away)
    actions.withdraw(gone, now=NOW)
    later = send(SEEN, now=NOW.replace(hour=11))

    actions.follow_up(now=NOW)

    assert ["handed_over" in told(each) for each in (first, gone, later)] == [True, False, False]


def test_unsent_word_of_the_move_gives_way_to_the_answer(away):
    message = send(SEEN)
    handed(message.case, away)
    actions.follow_up(now=NOW)
    make_answer(Case.objects.get(pk=message.case_id))

    actions.follow_up(now=NOW)

    assert told(message) == ["answer"]


def test_answered_case_is_handed_over_quietly(away):
    message = send(SEEN)
    make_answer(message.case)
    actions.follow_up(now=NOW)

    handed(message.case, away)
    actions.follow_up(now=NOW)

    assert "handed_over" not in told(message)


@pytest.mark.parametrize(("why", "code"), [("", "no_reason"), (" \n ", "no_reason"), ("x" * 301, "too_long")])
def test_note_is_asked_for(away, why, code):
    case = send(SEEN).case

    with pytest.raises(actions.CannotHandOver, match=code):
        handed(case, away, why=why)

    case.refresh_from_db()
    assert case.unit != away


def test_case_is_nobodys_work_in_the_other_unit(away):
    case, mine = send(SEEN).case, holder("editor")
    actions.assign(case, to=mine, by=mine, now=NOW)

    assert handed(case, away).assigned_to is None


def test_a_word_of_a_move_without_the_move_is_refused_by_the_database():
    message = send(SEEN)

    with pytest.raises(IntegrityError, match="a_move_is_told_as_one"), transaction.atomic():
        Reply.objects.create(message=message, kind="handed_over", due_at=NOW)
