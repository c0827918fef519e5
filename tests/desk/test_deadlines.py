"""The clock of a Case: its last day, what moves it, and who is shown what is overdue."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotSetTerm
from sangto.desk.models import Case, Escalation, Pause, Term
from sangto.desk.queries.calendars import calendar_ends
from sangto.desk.queries.deadlines import Deadline, deadline_counts, deadline_of, due_dates
from sangto.desk.queries.sound_answers import deadlines as sound_deadlines
from sangto.engine.shipped_calendar import CalendarDay
from tests.factories import HOSPITAL, LAMP, NOW, make_answer, make_member, make_unit, make_withdrawal, send

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # ten in the morning in Vietnam
TUESDAY = MONDAY + timedelta(days=1)


def opened(text=HOSPITAL, *, now=MONDAY, **changes):
    return Case.objects.get(pk=send(text, now=now, **changes).case_id)


def again(case):
    return Case.objects.get(pk=case.pk)


def wrong():
    return [found.code for found in sound_deadlines() if found]


def test_claim_is_due_after_five_working_days_and_problem_after_ten():
    claim, problem = opened(kind="claim"), opened(LAMP, kind="problem")

    assert (claim.counts_from, claim.term_days, claim.due_on) == (date(2026, 11, 23), 5, date(2026, 11, 30))
    assert (problem.term_days, problem.due_on) == (10, date(2026, 12, 7))
    assert wrong() == []


@pytest.mark.parametrize(
    ("utc", "counts_from", "due_on"),
    [
        ("2026-02-11T16:59:59", "2026-02-11", "2026-02-25"),  # a second before midnight in Vietnam
        ("2026-02-11T17:00:00", "2026-02-12", "2026-02-26"),  # midnight: Thursday, nine days of Tết ahead
    ],
)
def test_day_is_the_desks_own(utc, counts_from, due_on):
    case = opened(now=datetime.fromisoformat(utc).replace(tzinfo=UTC), kind="claim")

    assert (case.counts_from, case.due_on) == (date.fromisoformat(counts_from), date.fromisoformat(due_on))


def test_another_time_zone_moves_no_day_that_was_promised():
    case = opened(now=datetime(2026, 11, 23, 17, 30, tzinfo=UTC), kind="claim")  # already Tuesday in Vietnam

    with override_settings(TIME_ZONE="UTC"), timezone.override("UTC"):
        actions.recount_open(now=TUESDAY)
        assert wrong() == []
    assert again(case).due_on == case.due_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("today", "state", "left"),
    [
        ("2026-11-23", "running", 5),
        ("2026-11-27", "running", 1),
        ("2026-11-30", "running", 0),
        ("2026-12-01", "overdue", 0),
    ],
)
def test_deadline_says_how_many_working_days_are_left(today, state, left):
    case = opened(kind="claim")

    found = deadline_of(case, today=date.fromisoformat(today))

    assert found == Deadline(state, date(2026, 11, 30), left)


def test_settled_case_has_no_deadline():
    case = opened()
    make_answer(case, now=MONDAY)

    assert deadline_of(again(case), today=date(2026, 12, 31)) is None


# --- terms and calendars ----------------------------------------------------------------------------------------------


def test_term_holds_for_cases_opened_from_then_on():
    before = opened(kind="claim")

    actions.set_term(unit=None, kind="claim", working_days=2, by=make_member(role="approver"), now=MONDAY)
    after = opened("Nghe nói mai cúp nước toàn phường, đúng không?", kind="claim")

    assert (again(before).due_on, after.due_on) == (date(2026, 11, 30), date(2026, 11, 25))
    assert wrong() == []


def test_term_of_the_unit_goes_before_that_of_the_desk():
    unit = make_unit()
    actions.set_term(unit=unit, kind="claim", working_days=3, by=None, now=MONDAY)
    actions.set_term(unit=None, kind="claim", working_days=8, by=None, now=MONDAY)

    assert opened(kind="claim").term_days == 3


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "rumour"}, "unknown_kind"),
        ({"working_days": 0}, "out_of_range"),
        ({"working_days": 251}, "out_of_range"),
    ],
)
def test_term_that_cannot_be_is_refused(changes, code):
    values = {"unit": None, "kind": "claim", "working_days": 5, "by": None, **changes}

    with pytest.raises(CannotSetTerm, match=code):
        actions.set_term(**values, now=MONDAY)
    assert not Term.objects.exists()


def test_editor_sets_no_term():
    with pytest.raises(CannotSetTerm, match="not_allowed"):
        actions.set_term(unit=None, kind="claim", working_days=5, by=make_member(), now=MONDAY)


def test_imported_calendar_moves_open_cases_and_leaves_settled_ones():
    waiting, settled = opened(kind="claim"), opened(LAMP, kind="problem")
    make_answer(settled, now=MONDAY)
    days = [CalendarDay(date(2026, 11, 25), "Hội làng"), CalendarDay(date(2026, 11, 28), "Làm bù", works=True)]
    days += [CalendarDay(date(2026, 11, 26), "Hội làng")]

    actions.import_calendar(days, unit=None, name="desk.ics", known_until=date(2027, 12, 31), now=MONDAY)
    assert wrong() == ["due_differs"]
    actions.recount_open(now=MONDAY)

    assert (again(waiting).due_on, again(settled).due_on) == (date(2026, 12, 1), date(2026, 12, 7))
    assert wrong() == []
    assert actions.recount_open(now=MONDAY) == 0


def test_calendar_that_ends_soon_is_seen():
    opened(kind="claim")

    assert calendar_ends(today=date(2026, 10, 1)) == date(2026, 12, 31)  # less than 60 days after 30 November
    assert calendar_ends(today=date(2026, 11, 27)) == date(2026, 12, 31)
    actions.import_calendar([], unit=None, name="desk.ics", known_until=date(2027, 12, 31), now=MONDAY)
    assert calendar_ends(today=date(2026, 11, 27)) is None


# --- pauses -----------------------------------------------------------------------------------------------------------


def test_clock_stands_while_paused_and_goes_on():
    case = opened(kind="claim")

    actions.pause(case, now=TUESDAY)
    assert deadline_of(again(case), today=date(2026, 12, 24)).state == "waiting"
    actions.resume(case, now=TUESDAY + timedelta(days=7))

    assert again(case).due_on == date(2026, 12, 7)
    assert wrong() == []


def test_pausing_what_is_overdue_makes_it_no_less_overdue():
    case = opened(kind="claim")
    late = MONDAY + timedelta(days=10)

    actions.pause(case, now=late)
    actions.resume(case, now=late + timedelta(days=7))

    assert again(case).due_on == date(2026, 11, 30)


def test_pausing_twice_is_one_pause_and_resuming_twice_moves_nothing():
    case = opened(kind="claim")

    actions.pause(case, now=TUESDAY)
    actions.pause(case, now=TUESDAY + timedelta(days=1))
    actions.resume(case, now=TUESDAY + timedelta(days=2))
    actions.resume(case, now=TUESDAY + timedelta(days=5))

    assert Pause.objects.filter(case=case).count() == 1
    assert again(case).due_on == date(2026, 12, 2)


def test_pause_is_never_edited_and_never_deleted():
    case = opened()
    actions.pause(case, now=TUESDAY)
    actions.resume(case, now=TUESDAY + timedelta(days=1))
    row = Pause.objects.filter(case=case)

    for change in (
        lambda: row.update(ended_on=date(2027, 1, 1)),
        lambda: row.update(ended_at=None, ended_on=None),
        lambda: row.update(began_on=date(2026, 1, 1)),
        row.delete,
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_terms_and_escalations_only_grow():
    case = opened()
    actions.set_term(unit=None, kind="claim", working_days=5, by=None, now=MONDAY)
    actions.escalate(now=MONDAY + timedelta(days=30))

    for rows, change in ((Term.objects, {"working_days": 9}), (Escalation.objects.filter(case=case), {"due_on": NOW})):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.all().delete()


# --- what regrouping and opening again do -----------------------------------------------------------------------------


def test_merging_makes_nobody_wait_longer_and_undoing_gives_the_days_back():
    old, new = opened(kind="claim"), opened("Mai có cúp điện không?", now=MONDAY + timedelta(days=3), kind="claim")
    editor = make_member()

    kept = actions.merge(old, into=new, by=editor, now=MONDAY + timedelta(days=4))
    assert (kept.pk, again(kept).due_on) == (new.pk, date(2026, 11, 30))
    assert wrong() == []
    regrouping = again(old).leavings.first().regrouping
    actions.undo(regrouping, by=editor, now=MONDAY + timedelta(days=5))

    assert (again(old).due_on, again(new).due_on) == (date(2026, 11, 30), date(2026, 12, 3))
    assert wrong() == []


def test_case_that_is_open_again_starts_anew():
    case = opened(kind="claim")
    make_answer(case, now=MONDAY)

    make_withdrawal(case, now=MONDAY + timedelta(days=30))

    assert (again(case).restarted_on, again(case).due_on) == (date(2026, 12, 23), date(2026, 12, 30))
    assert wrong() == []


def test_closed_case_that_is_opened_again_starts_anew():
    case, editor = opened(kind="claim"), make_member()
    actions.close_not_checkable(case, by=editor, now=MONDAY)

    actions.reopen(again(case), by=editor, now=MONDAY + timedelta(days=7))

    assert again(case).due_on == date(2026, 12, 7)


def test_problem_that_was_taken_for_a_claim_gets_the_term_of_a_problem():
    message = send(HOSPITAL, now=MONDAY, kind="claim")

    actions.change_kind(message, kind="problem", now=TUESDAY)

    assert Case.objects.get(pk=message.case_id).due_on == date(2026, 12, 7)
    assert wrong() == []


# --- what is overdue --------------------------------------------------------------------------------------------------


def test_overdue_case_is_escalated_once_for_each_day_it_was_due():
    case = opened(kind="claim")
    late = MONDAY + timedelta(days=8)

    assert actions.escalate(now=MONDAY + timedelta(days=7)) == 0  # its last day is still today
    assert [actions.escalate(now=late), actions.escalate(now=late)] == [1, 0]
    assert list(Escalation.objects.values_list("case", "due_on", "unit")) == [(case.pk, date(2026, 11, 30), None)]
    assert vars(deadline_counts(today=date(2026, 12, 1))) == {"open": 1, "overdue": 1, "waiting": 0, "escalated": 1}


def test_case_that_waits_for_whoever_wrote_is_not_escalated():
    case = opened(kind="claim")
    actions.pause(case, now=TUESDAY)

    assert actions.escalate(now=MONDAY + timedelta(days=60)) == 0
    assert vars(deadline_counts(today=date(2027, 2, 1))) == {"open": 1, "overdue": 0, "waiting": 1, "escalated": 0}


def test_days_of_many_cases_are_counted_in_a_constant_number_of_queries(django_assert_num_queries):
    cases = [opened(f"Tin đồn số {n} về giá {n} nghìn đồng ở chợ {n}?", kind="claim") for n in range(3)]

    for some in (cases[:1], cases):
        with django_assert_num_queries(3):  # calendars, merged Cases, pauses
            assert len(due_dates(some)) == len(some)


def test_existing_cases_get_a_clock():
    case = opened(kind="problem")
    Case.objects.filter(pk=case.pk).update(counts_from=None, term_days=None, due_on=None)

    import_module("sangto.desk.migrations.0021_due_of_the_past").count(apps, None)

    assert (again(case).counts_from, again(case).due_on) == (date(2026, 11, 23), date(2026, 12, 7))
