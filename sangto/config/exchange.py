"""`sangto import` and `sangto export`: published answers in and out of the desk's database."""

import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from django.conf import settings
from django.db import OperationalError, ProgrammingError
from django.utils import timezone
from django.utils.translation import gettext as _

from sangto.config.terminal import shown
from sangto.desk.actions import import_answers
from sangto.desk.queries.answers import PublicAnswer, all_answers
from sangto.interchange.claimreview import data_feed
from sangto.interchange.formats import FORMATS
from sangto.interchange.rows import Dropped, Found, FoundRow, Refused
from sangto.interchange.tables import csv_lines, jsonl_lines
from sangto.interchange.wording import refusal_text

BATCH = 500
ACCEPTED = ("new", "known", "renewed")
REFUSED = "refused"
Counts = Counter[str]


@click.command("import")
@click.argument("format_", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--publisher", default="", help="The organisation that published rows which name none.")
@click.option("--lang", type=click.Choice(["vi", "en"]), help="The language of rows which name none.")
def import_command(format_: str, file: Path, publisher: str, lang: str | None) -> None:
    """Import the published answers of another organisation from FILE.

    Nothing is published in the desk's own name, and nobody's name is kept. Importing a file again changes nothing.
    """
    try:
        with (
            file.open("rb") as stream,
            closing(FORMATS[format_](stream, publisher=publisher)) as found,
            _progress(file) as bar,
            _database_ready(),
        ):
            counts = _import(found, stream, bar, lang=lang or "")
    except OSError as error:
        raise click.ClickException(_("The file cannot be read.")) from error
    click.echo(_table(counts))
    if not any(counts[name] for name in ACCEPTED):
        raise SystemExit(1)


@contextmanager
def _database_ready() -> Iterator[None]:
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(_("The database cannot be used. Try: sangto check")) from error


def _progress(file: Path) -> Any:
    return click.progressbar(
        length=file.stat().st_size, label=_("Importing"), file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def _import(found: Iterator[Found], stream: BinaryIO, bar: Any, *, lang: str) -> Counts:
    counts: Counts = Counter()
    done = 0
    while batch := list(itertools.islice(found, BATCH)):
        counts += _import_batch(batch, lang=lang)
        bar.update(stream.tell() - done)
        done = stream.tell()
    return counts


def _import_batch(batch: list[Found], *, lang: str) -> Counts:
    rows = [_in_language(each, lang) for each in batch if isinstance(each, FoundRow)]
    said = dict(zip([row.line for row in rows], import_answers(rows, now=timezone.now()), strict=True))
    counts: Counts = Counter()
    for each in batch:
        if isinstance(each, Dropped):
            names = shown(", ".join(each.names))
            click.echo(_("Not imported, because it names people: %(names)s") % {"names": names}, err=True)
        elif isinstance(each, Refused):
            counts[REFUSED] += 1
            _say_refused(each.line, each.code, column=each.detail)
        elif said[each.line] in ACCEPTED:
            counts[said[each.line]] += 1
        else:
            counts[REFUSED] += 1
            _say_refused(each.line, said[each.line])
    return counts


def _in_language(row: FoundRow, lang: str) -> FoundRow:
    values = {name: getattr(row, name) for name in FoundRow.__dataclass_fields__}
    return row if row.lang or not lang else FoundRow(**{**values, "lang": lang})


def _say_refused(line: int, code: str, *, column: str = "") -> None:
    why = shown(refusal_text(code, column=column))
    click.echo(_("line %(line)d: %(why)s") % {"line": line, "why": why}, err=True)


def _table(counts: Counts) -> str:
    titles = {"new": _("new"), "known": _("known"), "renewed": _("renewed"), REFUSED: _("refused")}
    width = max(len(title) for title in titles.values())
    return "\n".join(f"{title:<{width}}  {counts[name]:>8}" for name, title in titles.items())


@click.command("export")
@click.argument("file", required=False, default="-", type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "--format", "format_", type=click.Choice(["jsonl", "csv", "claimreview"]), default="jsonl", show_default=True
)
@click.option("--own-only", is_flag=True, help="Leave out what other organisations published.")
def export_command(file: str, format_: str, own_only: bool) -> None:
    """Export the published answers to FILE, or to the standard output. Withdrawn answers are left out."""
    answers = (answer for answer in all_answers() if not (own_only and answer.is_foreign))
    lines = _lines(answers, format_=format_)
    with _database_ready():
        if file == "-":
            _write(sys.stdout.buffer, lines)
        else:
            _write_whole(Path(file), lines)


def _write_whole(file: Path, lines: Iterable[str]) -> None:
    """The file appears whole or not at all."""
    draft = file.with_name(f"{file.name}.part")
    try:
        with draft.open("wb") as stream:
            _write(stream, lines)
        draft.replace(file)
    except OSError as error:
        raise click.ClickException(_("The file cannot be written.")) from error


def _lines(answers: Iterable[PublicAnswer], *, format_: str) -> Iterator[str]:
    site_url, desk_name = settings.SITE_URL, settings.DESK_NAME
    if format_ == "claimreview":
        feed = data_feed(answers, site_url=site_url, desk_name=desk_name, at=timezone.now())
        return iter([json.dumps(feed, ensure_ascii=False, indent=1), "\n"])
    write: Callable[..., Iterator[str]] = csv_lines if format_ == "csv" else jsonl_lines
    return write(answers, site_url=site_url, desk_name=desk_name)


def _write(stream: BinaryIO, lines: Iterable[str]) -> None:
    for line in lines:
        stream.write(line.encode())
    stream.flush()
