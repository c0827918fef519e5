"""Calendars of holidays out of iCalendar files, and hostile files, which are refused within bounds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.shipped_calendar import CalendarDay
from sangto.interchange.icalendar_days import BadCalendar, read_calendar


def ics(*events: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//desk//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def read(*events: str):
    return read_calendar(ics(*events), this_year=2026)


def days(*events: str) -> list[str]:
    return [f"{day.on}" for day in read(*events).days]


def test_whole_days_are_read_without_the_day_after():
    found = read("DTSTART;VALUE=DATE:20260216|DTEND;VALUE=DATE:20260218|SUMMARY:Tết")

    assert found.days == (CalendarDay(date(2026, 2, 16), "Tết"), CalendarDay(date(2026, 2, 17), "Tết"))
    assert found.known_until == date(2026, 12, 31)


def test_one_day_is_meant_where_no_end_is_given():
    assert days("DTSTART;VALUE=DATE:20260430") == ["2026-04-30"]
    assert days("DTSTART;VALUE=DATE:20260430|DURATION:P2D") == ["2026-04-30", "2026-05-01"]


def test_category_says_that_a_weekend_is_worked():
    assert read("DTSTART;VALUE=DATE:20260822|CATEGORIES:HOLIDAY,WORKDAY").days[0].works


def test_yearly_event_comes_ten_years_ahead():
    found = read("DTSTART;VALUE=DATE:20250902|RRULE:FREQ=YEARLY")

    assert [day.on.year for day in found.days] == list(range(2025, 2037))
    assert found.known_until == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("rule", "years"),
    [
        ("FREQ=YEARLY;COUNT=2", [2026, 2027]),
        ("FREQ=YEARLY;UNTIL=20281231", [2026, 2027, 2028]),
        ("FREQ=YEARLY;INTERVAL=5", [2026, 2031, 2036]),
        ("FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2;COUNT=1", [2026]),
        ("FREQ=YEARLY;COUNT=999999999;INTERVAL=1", list(range(2026, 2037))),
    ],
)
def test_rules_of_the_year_are_kept(rule, years):
    assert [day.on.year for day in read(f"DTSTART;VALUE=DATE:20260902|RRULE:{rule}").days] == years


def test_leap_day_comes_in_leap_years_and_a_left_out_day_does_not_come():
    assert days("DTSTART;VALUE=DATE:20280229|RRULE:FREQ=YEARLY;COUNT=2") == ["2028-02-29", "2032-02-29"]
    left_out = "DTSTART;VALUE=DATE:20260902|RRULE:FREQ=YEARLY;COUNT=3|EXDATE;VALUE=DATE:20270902"
    assert days(left_out) == ["2026-09-02", "2028-09-02"]


def test_cancelled_event_is_left():
    assert days("DTSTART;VALUE=DATE:20260101|STATUS:CANCELLED", "DTSTART;VALUE=DATE:20260102") == ["2026-01-02"]


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("SUMMARY:no day", "no_start"),
        ("DTSTART:20260101T080000Z", "not_whole_days"),
        ("DTSTART;VALUE=DATE:20260101|DTEND:20260102T080000Z", "not_whole_days"),
        ("DTSTART;VALUE=DATE:20260101|DURATION:PT5H", "not_whole_days"),
        ("DTSTART;VALUE=DATE:20260103|DTEND;VALUE=DATE:20260103", "ends_before_start"),
        ("DTSTART;VALUE=DATE:20260103|DURATION:-P1D", "ends_before_start"),
        ("DTSTART;VALUE=DATE:20260101|DTEND;VALUE=DATE:20261231", "too_long"),
        ("DTSTART;VALUE=DATE:00010101", "out_of_range"),
        ("DTSTART;VALUE=DATE:99991231", "out_of_range"),
        ("DTSTART;VALUE=DATE:20261399", "broken_event"),
        ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=SECONDLY", "not_yearly"),
        ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE", "not_yearly"),
        ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYMONTH=1,2,3", "not_yearly"),
        ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;INTERVAL=0", "not_yearly"),
        ("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY|RRULE:FREQ=YEARLY", "not_yearly"),
        ("DTSTART;VALUE=DATE:20260101|RDATE;VALUE=DATE:20270101", "not_yearly"),
    ],
)
def test_event_that_is_no_holiday_is_refused_and_named(event, code):
    with pytest.raises(BadCalendar) as refusal:
        read("DTSTART;VALUE=DATE:20260430", event)

    assert (refusal.value.code, refusal.value.event) == (code, 2)


def test_day_that_is_both_free_and_worked_is_refused():
    with pytest.raises(BadCalendar, match="said_twice"):
        read("DTSTART;VALUE=DATE:20260822", "DTSTART;VALUE=DATE:20260822|CATEGORIES:WORKDAY")


def test_calendar_without_working_days_is_refused():
    months = [f"DTSTART;VALUE=DATE:2026{month:02}01|DTEND;VALUE=DATE:2026{month:02}28" for month in range(1, 13)]

    with pytest.raises(BadCalendar, match="no_working_days"):
        read(*months)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_calendar"),
        (b"hello", "not_a_calendar"),
        (b"\x00\x00\x00", "not_a_calendar"),
        (b"\xff\xfe\x00", "not_text"),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "not_a_calendar"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no_events"),
        (b"x" * 1_000_001, "too_large"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50_000, "too_many_events"),
        (ics(*["DTSTART;VALUE=DATE:20260101"] * 2001), "too_many_events"),
        (ics(*[f"DTSTART;VALUE=DATE:{y}0101|DURATION:P31D|RRULE:FREQ=YEARLY" for y in range(2000, 2037)] * 50), ""),
    ],
)
def test_hostile_file_is_refused_within_bounds(data, code):
    if not code:  # many rules that say the same days cost no more than the days
        assert len(read_calendar(data, this_year=2026).days) == 37 * 31
        return
    with pytest.raises(BadCalendar) as refusal:
        read_calendar(data, this_year=2026)
    assert refusal.value.code == code


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: ics(text.replace("\n", "|"))))
def test_any_bytes_are_read_or_refused(data):
    try:
        found = read_calendar(data, this_year=2026)
    except BadCalendar:
        return
    assert found.days == tuple(sorted(found.days, key=lambda day: day.on))
