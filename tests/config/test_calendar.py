"""`sangto calendar` and `sangto term`."""

from datetime import date

import pytest
from click.testing import CliRunner

from sangto.config.checks import all_checks
from sangto.config.cli import main
from sangto.desk.models import Calendar, Holiday, Term
from tests.factories import make_unit

pytestmark = pytest.mark.django_db
ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//desk//EN\r\n{}END:VCALENDAR\r\n"
EVENT = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{}\r\nSUMMARY:Hội làng\r\n{}END:VEVENT\r\n"


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "village.ics"
    events = EVENT.format("20300105", "") + EVENT.format("20300106", "CATEGORIES:WORKDAY\r\n")
    path.write_text(ICS.format(events), encoding="utf-8", newline="")
    return path


def test_calendar_is_taken_in_and_shown(file):
    taken, shown = run("calendar", "import", file), run("calendar", "show", 2030)

    assert (taken.exit_code, shown.exit_code) == (0, 0)
    assert "1 days off and 1 worked for others, known until 2030-12-31." in taken.output
    assert "2030-01-05 Sat  off                   Hội làng" in shown.output
    assert "2030-01-06 Sun  worked                Hội làng" in shown.output


def test_importing_again_replaces_what_was_there(file):
    run("calendar", "import", file)
    run("calendar", "import", file, "--until", "2031-06-30")

    assert Calendar.objects.get().known_until == date(2031, 6, 30)
    assert Holiday.objects.count() == 2


def test_calendar_of_a_unit_is_its_own(file):
    unit = make_unit()

    assert run("calendar", "import", file, "--unit", unit.code).exit_code == 0
    assert "village.ics" in run("calendar", "show", 2030, "--unit", unit.code).output
    assert "Viet Nam, as shipped" in run("calendar", "show", 2030).output


def test_shipped_calendar_shows_what_has_no_effect():
    assert "2026-11-24 Tue  unverified, no effect Ngày Văn hóa Việt Nam" in run("calendar", "show", 2026).output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "the file is not one calendar"),
        (ICS.format(EVENT.format("20300105", "RRULE:FREQ=SECONDLY\r\n")), "event 1: the event repeats otherwise"),
    ],
)
def test_bad_file_is_refused_and_changes_nothing(file, text, said):
    run("calendar", "import", file)
    file.write_text(text, encoding="utf-8", newline="")

    result = run("calendar", "import", file)

    assert (result.exit_code, Holiday.objects.count()) == (1, 2)
    assert said in result.output


def test_missing_file_and_unknown_unit_are_refused(file, tmp_path):
    assert run("calendar", "import", tmp_path / "none.ics").exit_code == 1
    assert run("calendar", "import", file, "--unit", "nobody").exit_code == 1
    assert run("calendar", "show", 2030, "--unit", "nobody").exit_code == 1
    assert run("term", "show", "--unit", "nobody").exit_code == 1
    assert not Calendar.objects.exists()


def test_term_is_set_and_shown():
    assert run("term", "set", "claim", 3).exit_code == 0
    assert run("term", "show").output == "claim: 3 working days\nproblem: 10 working days\n"


def test_term_that_cannot_be_is_refused():
    assert run("term", "set", "claim", 0).exit_code == 1
    assert run("term", "set", "claim", 3, "--unit", "nobody").exit_code == 1
    assert not Term.objects.exists()


def test_check_warns_when_the_calendar_ends_soon(file):
    run("calendar", "import", file, "--until", "2026-01-01")

    assert (
        "warn",
        "holidays are known until 2026-01-01: bring a newer calendar with `sangto calendar import`",
    ) in list(all_checks())
