"""The commands `sangto calendar ...` and `sangto term ...`; what they do is in `sangto.config.calendar`."""

import sys
from pathlib import Path
from typing import Any

import click

from sangto.config.set_up import desk

FILE = click.Path(path_type=Path)
WHOSE = click.option("--unit", metavar="CODE", help="The unit it is for; without it, the whole desk.")


@click.group()
def calendar() -> None:
    """Which days are worked: public holidays, and weekends that are worked for them."""


@calendar.command("import")
@click.argument("file", type=FILE)
@WHOSE
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day whose holidays the file knows.")
def import_calendar(file: Path, unit: str | None, until: Any) -> None:
    """Take the holidays of the iCalendar FILE in the place of those in use, and count open cases anew."""
    sys.exit(desk("calendar").take_in(file, unit_code=unit, known_until=until))


@calendar.command("show")
@click.argument("year", type=click.IntRange(2000, 2200))
@WHOSE
def show_calendar(year: int, unit: str | None) -> None:
    """Print the days of YEAR that are not as their weekday says."""
    sys.exit(desk("calendar").show(year, unit_code=unit))


@click.group()
def term() -> None:
    """How many working days an answer may take."""


@term.command("set")
@click.argument("kind", type=click.Choice(["claim", "problem"]))
@click.argument("days", type=int)
@WHOSE
def put_term(kind: str, days: int, unit: str | None) -> None:
    """Answer cases of KIND that are opened from now on within so many working DAYS."""
    sys.exit(desk("calendar").put_term(kind, days, unit_code=unit))


@term.command("show")
@WHOSE
def show_terms(unit: str | None) -> None:
    """Print the terms in force."""
    sys.exit(desk("calendar").show_terms(unit_code=unit))
