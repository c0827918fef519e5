"""The commands `sangto units ...`; what they do is in `sangto.config.units`."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sangto.config.set_up import desk

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(path_type=Path)
BY = click.option("--by", "username", required=True, help="The member who does it.")


@click.group()
def units() -> None:
    """Units in time: places and bodies, what they were called, what became of them."""


def documented(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that name the document which orders a change."""
    command = click.option("--document", default="", help="The address where it can be read.")(command)
    command = click.option("--decree-date", type=DAY, help="Its date.")(command)
    return click.option("--decree", default="", help="The number of the document that orders it.")(command)


@units.command("seed")
@click.argument("country")
def units_seed(country: str) -> None:
    """Take COUNTRY over as the lists that come with this program tell it; only onto a desk that has none of it."""
    sys.exit(desk("units").seed(country))


@units.command("load")
@click.argument("file", type=FILE)
@click.option("--format", "format_", type=click.Choice(["csv", "provinces", "dvhcvn-old", "dvhcvn-new"]), default="csv")
@click.option("--scheme", required=True, help="Whose codes they are, such as the letters of the country.")
@click.option("--source", required=True, help="Who published the list.")
@click.option("--as-of", type=DAY, required=True, help="The day of which the list is, and on which changes count.")
@click.option("--first", is_flag=True, help="Nothing of this scheme is known yet: take the list over as it is.")
@click.option("--by", "username", default="", help="The member who proposes; not with --first.")
@documented
def units_load(
    file: Path,
    format_: str,
    scheme: str,
    source: str,
    as_of: datetime,
    first: bool,
    username: str,
    **said: Any,
) -> None:
    """Compare the list in FILE with what is known, propose what differs, and print where they disagree."""
    origin = {"format_": format_, "scheme": scheme, "source": source, "as_of": as_of.date()}
    if first:
        sys.exit(desk("units").begin(file, **origin))
    sys.exit(desk("units").load(file, **origin, username=username, document=desk("units").document_of(**said)))


@units.command("propose")
@click.argument("kind", type=click.Choice(["rename", "recode", "upgrade", "move", "close", "file"]))
@click.argument("what")
@click.option("--on", "effective_on", type=DAY, required=True, help="The first day on which it counts.")
@click.option("--name", help="The new name.")
@click.option("--name-en", help="The new English name.")
@click.option("--code", "new_code", help="The new code.")
@click.option("--kind", "new_kind", help="The new kind, such as ward.")
@click.option("--parent", help="The code of the new parent.")
@BY
@documented
def units_propose(
    kind: str,
    what: str,
    effective_on: datetime,
    username: str,
    decree: str,
    decree_date: datetime | None,
    document: str,
    **new: str | None,
) -> None:
    """Propose a change of the unit with the code WHAT; with `file`, the changes that the JSON file WHAT says."""
    facts = {"name": new["name"], "name_en": new["name_en"], "code": new["new_code"], "kind": new["new_kind"]}
    said = desk("units").document_of(decree=decree, decree_date=decree_date, document=document)
    sys.exit(
        desk("unit_changes").propose_one(
            kind, what, on=effective_on.date(), facts=facts, parent=new["parent"], username=username, document=said
        )
    )


@units.command("proposals")
def units_proposals() -> None:
    """Print what waits for a second member."""
    sys.exit(desk("units").proposals())


@units.command("apply")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--refuse", is_flag=True, help="It is wrong: let it be over and change nothing.")
@BY
@documented
def units_apply(
    number: int, refuse: bool, username: str, decree: str, decree_date: datetime | None, document: str
) -> None:
    """Apply the proposal NUMBER that another member entered."""
    said = desk("units").document_of(decree=decree, decree_date=decree_date, document=document)
    sys.exit(desk("units").apply(number, username=username, document=said, refusing=refuse))


@units.command("reverse")
@click.argument("event", type=click.IntRange(min=1))
@BY
@documented
def units_reverse(event: int, username: str, decree: str, decree_date: datetime | None, document: str) -> None:
    """Propose to reverse EVENT; another member applies it."""
    said = desk("units").document_of(decree=decree, decree_date=decree_date, document=document)
    sys.exit(desk("unit_changes").reverse(event, username=username, document=said))


@units.command("show")
@click.argument("code")
@click.option("--on", type=DAY, help="The day; today where none is given.")
def units_show(code: str, on: datetime | None) -> None:
    """Print who holds CODE, its history, and who held it before."""
    sys.exit(desk("units").show(code, on=on.date() if on else None))


@units.command("find")
@click.argument("text")
def units_find(text: str) -> None:
    """Print the units that TEXT may mean, of any time, and what they are today."""
    sys.exit(desk("units").find(text))
