"""Figures that anybody can compute again, counted here by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.desk import actions
from sangto.desk.models import Message
from sangto.desk.queries.figures import Period, figures, median, percentile
from tests.factories import HOSPITAL, LAMP, NOW, make_answer, make_correction, make_member, make_withdrawal, send

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
database = pytest.mark.django_db


def shown(**changes):
    return figures(changes.get("period", NOVEMBER), now=changes.get("now", NOW))


# --- Medians ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "middle", "ninety"),
    [
        ([], None, None),
        ([3], 3, 3),
        ([1, 3], 2, 3),
        ([1, 2, 9], 2, 9),
        (list(range(1, 11)), 5.5, 9),
        (list(range(1, 21)), 10.5, 18),
    ],
)
def test_median_and_ninetieth_percentile(values, middle, ninety):
    assert (median(values), percentile(values, 90)) == (middle, ninety)


@given(st.lists(st.integers(0, 50), min_size=1).map(sorted), st.integers(1, 100))
def test_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values, percent):
    found = percentile(values, percent)

    assert 100 * sum(each <= found for each in values) >= percent * len(values)
    assert 100 * sum(each < found for each in values) < percent * len(values)


# --- Counting ---------------------------------------------------------------------------------------------------


@database
def test_hours_to_the_first_answer_and_not_to_a_later_one():
    for hours, text in ((2, HOSPITAL), (10, LAMP), (4, "Trường nghỉ học ngày mai phải không?")):
        case = send(text, now=NOW).case
        make_answer(case, now=NOW + hours * HOUR)
        make_correction(case, now=NOW + 20 * HOUR)

    found = shown()

    assert (found.answered, found.corrected) == (3, 3)
    assert (found.median_hours, found.p90_hours) == (4, 10)


@database
def test_share_in_time_goes_by_the_last_day_and_reopened_cases_count():
    soon, late = send(HOSPITAL, now=NOW).case, send("Có phải mai nghỉ học không?", now=NOW).case
    soon.refresh_from_db()
    make_answer(soon, now=NOW + (soon.due_on - NOW.date()) * 1)
    make_answer(late, now=NOW + (soon.due_on - NOW.date()) + DAY)
    closed = send("Phở ngon hơn bún, đúng không?").case
    actions.close_not_checkable(closed, by=make_member(), now=NOW)
    actions.reopen(type(closed).objects.get(pk=closed.pk), by=make_member(), now=NOW)

    found = shown()

    assert (found.in_time, found.reopened, found.not_checkable) == (0.5, 1, 0)


@database
def test_period_holds_its_first_and_last_day_on_the_desks_clock():
    midnight = NOVEMBER.start
    for moment in (midnight - timedelta(seconds=1), midnight, NOVEMBER.end - timedelta(seconds=1), NOVEMBER.end):
        send(f"Câu hỏi lúc {moment.timestamp()} về giá điện", now=moment)

    assert shown().messages == 2


@database
def test_objections_overturned_withdrawals_and_opinions_are_counted():
    case = send(HOSPITAL).case
    first = make_answer(case)
    kept = actions.object_to(first, words="Sai", lang="vi", nonce="1", now=NOW)
    actions.rule_on(kept, kind="kept", reasons="Nguồn nói đúng.", by=make_member(role="approver"), now=NOW)
    gone = actions.object_to(first, words="Sai", lang="vi", nonce="2", now=NOW)
    make_withdrawal(case, now=NOW + HOUR)
    actions.rule_on(
        gone, kind="withdrawn", reasons="Nguồn đã rút.", by=make_member(role="approver"), now=NOW + 2 * HOUR
    )
    actions.close_not_checkable(send("Phở ngon hơn bún, đúng không?").case, by=make_member(), now=NOW)

    found = shown()

    assert (found.objections_kept, found.objections_overturned) == (1, 1)
    assert (found.withdrawn, found.not_checkable) == (1, 1)


@database
def test_instant_answer_that_its_sender_declines_was_wrong():
    make_answer(send(HOSPITAL).case)
    right, wrong = send(HOSPITAL), send(HOSPITAL)
    assert {right.outcome, wrong.outcome} == {"answered"}

    actions.decline_answers(Message.objects.get(pk=wrong.pk), now=NOW)

    found = shown()
    assert (found.answered_at_once, found.found_wrong) == (2, 1)


@database
def test_share_of_one_writer_is_not_told_of_a_desk_of_few():
    topics = (HOSPITAL, LAMP, "Trường nghỉ học ngày mai phải không?", "Giá nước tăng gấp đôi từ tháng sau?")
    writers = [make_member() for _ in range(3)]
    for text, writer in zip(topics, (writers[0], writers[0], writers[1], writers[2]), strict=True):
        make_answer(send(text).case, by=writer)
        if writer is writers[1]:
            assert shown().largest_share is None

    found = shown()

    assert (found.writers, found.largest_share) == (3, 0.5)


@database
def test_backlog_is_by_full_days_and_leaves_nobody_out():
    for n, days in enumerate((0, 2, 3, 7, 8, 30, 31, 400)):
        send(f"Câu hỏi số {n} về chuyện hoàn toàn khác {'abcdefgh'[n] * 9}", now=NOW - days * DAY)

    assert [count for _low, _high, count in shown().backlog] == [2, 2, 2, 2]


@database
def test_empty_desk_has_nothing_to_measure():
    found = shown()

    assert (found.messages, found.median_hours, found.p90_hours, found.largest_share) == (0, None, None, None)


@database
@pytest.mark.parametrize("many", [1, 4])
def test_questions_to_the_database_do_not_grow(many, django_assert_num_queries):
    for n in range(many):
        make_answer(send(f"Câu hỏi số {n} về chuyện hoàn toàn khác {'abcd'[n] * 9}").case)

    with django_assert_num_queries(16):
        shown()
