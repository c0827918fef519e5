from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.workdays import add_working_days, is_working_day

MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


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


def test_holidays_do_not_count():
    holidays = {MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)}

    assert add_working_days(MONDAY, 2, holidays=holidays) == date(2026, 11, 27)
    assert add_working_days(MONDAY, 0, holidays={MONDAY}) == date(2026, 11, 24)


def test_weekend_can_be_another():
    assert add_working_days(date(2026, 11, 26), 1, weekend=(4, 5)) == date(2026, 11, 29)  # Friday and Saturday are free
    assert is_working_day(date(2026, 11, 29), weekend=(4, 5))


@pytest.mark.parametrize("days", [-1, -100])
def test_negative_term_is_refused(days):
    with pytest.raises(ValueError, match="a term needs days"):
        add_working_days(MONDAY, days)


def test_weekend_without_end_is_refused():
    with pytest.raises(ValueError, match="a term needs days"):
        add_working_days(MONDAY, 1, weekend=range(7))


@given(start=DAYS, days=st.integers(1, 60), holidays=st.sets(DAYS, max_size=20))
def test_exactly_so_many_working_days_follow_the_start(start, days, holidays):
    last = add_working_days(start, days, holidays=holidays)

    counted = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert sum(is_working_day(day, holidays=holidays) for day in counted) == days
    assert is_working_day(last, holidays=holidays)
