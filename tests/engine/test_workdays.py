from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.shipped_calendar import shipped_calendar, shipped_days
from sangto.engine.workdays import WorkCalendar, add_working_days, is_paused, working_days_between

MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
NEAR = st.dates(date(2025, 1, 1), date(2026, 12, 31))
CALENDARS = st.builds(
    lambda holidays, works: WorkCalendar(holidays=frozenset(holidays), works=frozenset(works)),
    st.sets(NEAR, max_size=30),
    st.sets(NEAR, max_size=10),
)
PAUSES = st.lists(st.tuples(NEAR, st.integers(0, 40)).map(lambda p: (p[0], p[0] + timedelta(days=p[1]))), max_size=4)


def counted_slowly(start, days, calendar, pauses=()):
    """The last day of the term, by crossing out one calendar day after the other."""
    stood = {first + timedelta(days=n) for first, last in pauses for n in range((last - first).days)}
    day, left = start, days
    while True:
        is_free = day.weekday() >= 5 and day not in calendar.works
        is_free = is_free or (day in calendar.holidays and day not in calendar.works)
        if not is_free and day not in stood:
            left -= day > start
            if left <= 0:
                return day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-11-23", 2, "2026-11-25"),  # Monday to Wednesday
        ("2026-11-26", 2, "2026-11-30"),  # Thursday, over the weekend
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),  # received on a Saturday
        ("2026-11-29", 2, "2026-12-01"),  # on a Sunday
        ("2026-11-27", 10, "2026-12-11"),
        ("2026-11-27", 0, "2026-11-27"),
        ("2026-11-28", 0, "2026-11-30"),
        ("2028-02-28", 2, "2028-03-01"),  # a leap year
    ],
)
def test_term_ends_on_the_right_day(start, days, last):
    assert add_working_days(date.fromisoformat(start), days) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-02-12", 1, "2026-02-13"),  # Thursday before Tết; Friday is still worked
        ("2026-02-13", 1, "2026-02-23"),  # Friday: the nine days from Saturday 14 to Sunday 22 do not count
        ("2026-02-11", 5, "2026-02-25"),  # Thu 12, Fri 13, Mon 23, Tue 24, Wed 25
        ("2026-02-06", 10, "2026-02-27"),  # Mon 9 to Fri 13, Mon 23 to Fri 27
        ("2026-02-17", 5, "2026-02-27"),  # came on the first day of the year
        ("2025-12-31", 2, "2026-01-06"),  # Thursday 1 and Friday 2 are off: Mon 5, Tue 6
        ("2026-01-09", 1, "2026-01-10"),  # a Saturday that is worked for 2 January
        ("2026-04-24", 2, "2026-04-29"),  # Giỗ Tổ on a Sunday is made up for on Monday 27: Tue 28, Wed 29
        ("2026-08-21", 1, "2026-08-22"),  # a Saturday that is worked
        ("2026-08-28", 1, "2026-09-03"),  # 31 August to 2 September are off
        ("2025-01-24", 1, "2025-02-03"),
        ("2026-11-23", 1, "2026-11-24"),  # a day off that we could not verify has no effect
    ],
)
def test_vietnams_holidays_do_not_count(start, days, last):
    found = add_working_days(date.fromisoformat(start), days, calendar=shipped_calendar())

    assert found == date.fromisoformat(last)


def test_shipped_calendar_says_how_far_it_is_known():
    assert shipped_calendar().known_until == date(2026, 12, 31)


def test_unverified_days_are_kept_and_without_effect():
    unverified = {day.on for day in shipped_days() if day.unverified}
    in_effect = shipped_calendar().holidays | shipped_calendar().works

    assert date(2026, 11, 24) in unverified
    assert unverified & in_effect == set()


def test_shipped_days_are_each_there_once():
    days = [day.on for day in shipped_days()]

    assert len(days) == len(set(days))


def test_holidays_do_not_count():
    calendar = WorkCalendar(holidays=frozenset({MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)}))

    assert add_working_days(MONDAY, 2, calendar=calendar) == date(2026, 11, 27)
    assert add_working_days(MONDAY, 0, calendar=WorkCalendar(holidays=frozenset({MONDAY}))) == date(2026, 11, 24)


def test_swapped_day_is_worked_whatever_else_is_said():
    saturday = date(2026, 11, 28)
    calendar = WorkCalendar(holidays=frozenset({saturday}), works=frozenset({saturday}))

    assert add_working_days(date(2026, 11, 27), 1, calendar=calendar) == saturday


def test_weekend_can_be_another():
    calendar = WorkCalendar(weekend=frozenset({4, 5}))  # Friday and Saturday are free

    assert add_working_days(date(2026, 11, 26), 1, calendar=calendar) == date(2026, 11, 29)
    assert calendar.is_working_day(date(2026, 11, 29))


@pytest.mark.parametrize("days", [-1, -100])
def test_negative_term_is_refused(days):
    with pytest.raises(ValueError, match="a term needs days"):
        add_working_days(MONDAY, days)


def test_calendar_without_a_working_day_is_refused():
    with pytest.raises(ValueError, match="a term needs days"):
        add_working_days(MONDAY, 1, calendar=WorkCalendar(weekend=frozenset(range(7))))


def test_pause_stops_the_clock_up_to_the_day_it_ends():
    asked, answered = date(2026, 11, 24), date(2026, 11, 26)  # Tuesday to Thursday: two days do not count

    assert add_working_days(MONDAY, 3, pauses=[(asked, answered)]) == date(2026, 11, 30)
    assert add_working_days(MONDAY, 3, pauses=[(asked, asked)]) == date(2026, 11, 26)


@given(start=DAYS, days=st.integers(1, 60), holidays=st.sets(DAYS, max_size=20))
def test_exactly_so_many_working_days_follow_the_start(start, days, holidays):
    calendar = WorkCalendar(holidays=frozenset(holidays))
    last = add_working_days(start, days, calendar=calendar)

    assert working_days_between(start, last, calendar=calendar) == days
    assert calendar.is_working_day(last)


@given(start=NEAR, days=st.integers(0, 40), calendar=CALENDARS, pauses=PAUSES)
def test_terms_are_those_of_a_naive_counter(start, days, calendar, pauses):
    found = add_working_days(start, days, calendar=calendar, pauses=pauses)

    assert found == counted_slowly(start, days, calendar, pauses)
    assert not is_paused(found, pauses)


@given(start=NEAR, days=st.integers(0, 40), calendar=CALENDARS, pauses=PAUSES)
def test_pauses_never_bring_a_term_forward(start, days, calendar, pauses):
    without = add_working_days(start, days, calendar=calendar)

    assert add_working_days(start, days, calendar=calendar, pauses=pauses) >= without


@given(start=NEAR, days=st.integers(0, 40), first=NEAR, lengths=st.tuples(st.integers(0, 20), st.integers(0, 20)))
def test_pause_in_two_parts_is_the_same_pause(start, days, first, lengths):
    middle = first + timedelta(days=lengths[0])
    last = middle + timedelta(days=lengths[1])
    whole, parts = [(first, last)], [(first, middle), (middle, last)]

    assert add_working_days(start, days, pauses=whole) == add_working_days(start, days, pauses=parts)


@given(start=NEAR, one=st.integers(1, 20), two=st.integers(1, 20), calendar=CALENDARS)
def test_terms_add_up(start, one, two, calendar):
    middle = add_working_days(start, one, calendar=calendar)

    assert add_working_days(middle, two, calendar=calendar) == add_working_days(start, one + two, calendar=calendar)
