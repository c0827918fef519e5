"""`sangto check`: is the desk healthy? One line a thing looked at: ok, warn or bad."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from math import inf
from pathlib import Path
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from sangto.config.environment import NAMES_READ
from sangto.config.keys import BAD, OK, WARN, Line, key_lines
from sangto.desk import matcher, rules
from sangto.desk.queries.answers import answered_cases
from sangto.desk.queries.calendars import calendar_ends
from sangto.desk.queries.calibrations import calibrated, calibration_standing
from sangto.desk.queries.deadlines import deadline_counts
from sangto.desk.queries.inbox import open_cases
from sangto.desk.queries.labels import label_count
from sangto.desk.queries.replies import reply_counts
from sangto.desk.queries.requests import requests_overdue, requests_waiting
from sangto.desk.queries.room import rooms
from sangto.desk.queries.work import work_standing
from sangto.engine.learned import shipped
from sangto.engine.own_model import Directory, ModelError
from sangto.engine.refit import model_name
from sangto.engine.space import MB
from sangto.jobs.schema import migrations_missing, migrations_unknown
from sangto.ledger import queries

COLOURS = {OK: "green", WARN: "yellow", BAD: "red"}
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "trusted_schema": 0, "auto_vacuum": 2}
PARAMETERS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# What Django misses where there is no HTTPS, on a laptop: said in one line instead.
WITHOUT_HTTPS = {"security.W004", "security.W008", "security.W012", "security.W016"}
PREFIX = "SANGTO_"
FOR_TESTS = {f"{PREFIX}DATA"}
SHORTEST_KEY = 32


def print_checks() -> int:
    """Print every line; exit code 0 when none is bad, else 1."""
    lines = list(all_checks())
    for state, said in lines:
        click.echo(f"{click.style(f'{state:<5}', fg=COLOURS[state])}{said}")
    bad = sum(state == BAD for state, _ in lines)
    click.echo("healthy" if not bad else f"not healthy: {bad} of {len(lines)}")
    return 1 if bad else 0


def all_checks() -> Iterator[Line]:
    """Every line, the database first: without it, or with another schema than ours, nothing else can be looked at."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        yield BAD, f"the database cannot be reached ({type(error).__name__})"
        return
    schema = list(_schema())
    yield from schema
    if any(state == BAD for state, _ in schema):
        return
    for look in LOOKS:
        yield from look()


def _schema() -> Iterator[Line]:
    yield OK, f"the database answers ({connection.vendor})"
    missing, unknown = migrations_missing(), migrations_unknown()
    if unknown:
        yield BAD, f"the database is newer than this program: {', '.join(unknown)}"
    elif missing:
        yield BAD, f"migrations missing, run `sangto migrate`: {', '.join(missing)}"
    else:
        yield OK, "all migrations are applied"


def _durability() -> Iterator[Line]:
    wanted = PRAGMAS if connection.vendor == "sqlite" else PARAMETERS
    statement = "PRAGMA {}" if connection.vendor == "sqlite" else "SHOW {}"
    for name, value in wanted.items():
        with connection.cursor() as cursor:
            cursor.execute(statement.format(name))
            found = cursor.fetchone()[0]
        yield (OK, f"{name} is {found}") if found == value else (BAD, f"{name} is {found}, not {value}")


def guards_wanted() -> set[str]:
    """The names of the triggers that our migrations install."""
    modules = [sys.modules[type(each).__module__] for each in MigrationLoader(None).disk_migrations.values()]
    return {name for module in modules for name in getattr(module, "GUARDS", ())}


def guards_gone() -> tuple[list[str], int]:
    """The guards that are gone or switched off, by name, and how many there have to be."""
    wanted = guards_wanted()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'")
        found = {name for (name,) in cursor.fetchall()}
    return sorted(wanted - found), len(wanted)


def _guards() -> Iterator[Line]:
    gone, count = guards_gone()
    yield (BAD, f"guards of the history are gone: {', '.join(gone)}") if gone else (OK, f"all {count} guards stand")


def _index() -> Iterator[Line]:
    held = matcher.counts()
    wanted = {"answers": answered_cases().filter(state=rules.ANSWERED).count(), "open": open_cases()}
    said = f"the index holds {held['answers']} answers and {held['open']} open cases"
    yield (OK, said) if held == wanted else (BAD, f"{said}, the database {wanted['answers']} and {wanted['open']}")


def _engine() -> Iterator[Line]:
    learned = shipped()
    said = f"the matching model is {model_name(learned)}"
    yield (WARN, f"{learned.trouble}: an untrained formula takes its place") if learned.trouble else (OK, said)
    # One of its own: an index in use may still go by an older calibration, for a minute at most.
    bounds = calibrated(learned).bounds
    silent = [lang for lang, bound in sorted(bounds.items()) if bound.cut_off(settings.PROMISE) == inf]
    silent = silent if bounds else ["any language"]
    said = f"instant answers are promised to be right at {settings.PROMISE:.2%}"
    yield (WARN, f"{said}, which is never sure enough in {', '.join(silent)}") if silent else (OK, said)
    standing, labels = calibration_standing(learned), f"{label_count()} messages were labelled by people"
    if standing is None:
        yield OK, f"{labels}; the engine is as sure as it was shipped"
    elif standing.is_used:
        yield OK, f"{labels}; the calibration of {standing.made_at:%Y-%m-%d} ({standing.labels} labels) is in use"
    else:
        yield WARN, f"{labels}; the calibration was made for {standing.model} and is not used: `sangto engine refit`"


def _embeddings() -> Iterator[Line]:
    if settings.EMBEDDINGS is None:
        yield OK, "no embedding model is set: what to offer is told by the words alone"
        return
    try:
        model = Directory.load(settings.EMBEDDINGS)
    except (ModelError, OSError) as error:
        yield WARN, f"SANGTO_EMBEDDINGS: {' '.join(str(error).split())}; the desk works on without"
    else:
        yield OK, f"the embedding model {model.name} ({model.dimensions} numbers a text) has a say in what is offered"


def _replies() -> Iterator[Line]:
    counts = reply_counts()
    yield OK, f"{counts['waiting']} replies wait, {counts['sent']} were sent"
    if counts["given_up"]:
        yield WARN, f"{counts['given_up']} replies were given up; their senders can still read the answer on their page"


def _work() -> Iterator[Line]:
    standing = work_standing(now=timezone.now())
    for job in standing.jobs:
        if job.error or job.is_late:
            said = f"fails: {job.error}, {job.tries} times in a row" if job.error else "is late"
            yield BAD if job.needs_somebody else WARN, f"the job {job.name} {said}; see `sangto worker status`"
    if standing.workers:
        yield OK, f"workers seen in the last minute: {standing.workers}"
    else:
        yield WARN, "no worker was seen in the last minute: letters and the log wait until one runs"


def _room() -> Iterator[Line]:
    for room in rooms():
        free, kept = room.free_bytes // MB, room.ballast_bytes // MB
        said = f"{free} MB are free for the {room.name} ({room.folder})"
        if room.is_short:
            yield BAD, f"{said}, less than {settings.DISK_RESERVE_MB}: no message is taken in until there is room"
        elif room.free_bytes < 2 * settings.DISK_RESERVE_MB * MB:
            yield WARN, f"{said}; below {settings.DISK_RESERVE_MB} no message is taken in"
        else:
            yield OK, said + (f", and {kept} MB are kept back" if kept else "")


def _requests() -> Iterator[Line]:
    yield OK, f"{requests_waiting(None)} requests of senders about their data are open"
    overdue = requests_overdue(None, today=timezone.localdate())
    if overdue:
        yield WARN, f"{overdue} of them are past their term: /staff/requests"


def _deadlines() -> Iterator[Line]:
    today = timezone.localdate()
    counts, ends = deadline_counts(today=today), calendar_ends(today=today)
    yield OK, f"{counts.open} cases are open, {counts.waiting} of them wait for whoever wrote"
    if counts.overdue:
        yield WARN, f"{counts.overdue} of them are overdue, {counts.escalated} were shown to the approvers"
    if ends:
        yield WARN, f"holidays are known until {ends}: bring a newer calendar with `sangto calendar import`"


def _log() -> Iterator[Line]:
    log, trouble = queries.standing(), queries.trouble()
    if trouble:
        yield BAD, f"the log stands still ({trouble}): `sangto ledger status` says what to do"
    elif not log.origin:
        yield OK, "the log begins with the first round of the worker"
    else:
        yield OK, f"the log goes on: {log.size} leaves published"
    late = queries.waiting_leaves(before=timezone.now() - 3 * timedelta(minutes=settings.LEDGER_BATCH_MINUTES))
    if late:
        yield WARN, f"{late} leaves have waited for longer than three batches: is the worker running?"
    for each in log.witnesses:
        if each.trouble:
            yield WARN, f"the witness {each.name} is in trouble: {each.trouble}"


def _keys() -> Iterator[Line]:
    if not os.access(settings.HOME, os.R_OK | os.W_OK | os.X_OK):
        yield BAD, f"the data folder {settings.HOME} cannot be read and written"
    yield from key_lines()


def _configuration() -> Iterator[Line]:
    silenced = {*settings.SILENCED_SYSTEM_CHECKS, *(() if settings.HTTPS else WITHOUT_HTTPS)}
    found = [each for each in checks.run_checks(include_deployment_checks=True) if each.id not in silenced]
    for each in found:
        yield (BAD if each.level >= checks.ERROR else WARN), f"{each.id}: {each.msg}"
    if not found:
        yield OK, "Django finds nothing to say about the settings"
    if not settings.HTTPS:
        yield WARN, f"{settings.SITE_URL} is not https: fine on this machine alone, not for the public"


def _secret() -> Iterator[Line]:
    if len(settings.SECRET_KEY) < SHORTEST_KEY:
        yield BAD, f"the secret key is shorter than {SHORTEST_KEY} characters: follow links could be guessed"
    else:
        yield OK, "the secret key is long enough"


def _console() -> Iterator[Line]:
    file = Path(settings.CONSOLE_FILE)
    there = next(each for each in (file, *file.parents) if each.exists())
    fits = there.is_file() if there == file else there.is_dir()
    if fits and os.access(there, os.W_OK):
        yield OK, f"letters of the console channel go to {file}"
    else:
        yield BAD, f"the console file {file} cannot be written"


def _names() -> Iterator[Line]:
    ours = {name for name in os.environ if name.startswith(PREFIX)}
    unknown = sorted(ours - NAMES_READ - FOR_TESTS)
    yield (WARN, f"nothing reads {', '.join(unknown)}") if unknown else (OK, "every setting given is one we know")


def _telegram() -> Iterator[Line]:
    if not _is_web_address(settings.TELEGRAM_API):
        yield BAD, "the Telegram API's address is not an http or https address"
    if settings.TELEGRAM_TOKEN and settings.TELEGRAM_SECRET:
        yield OK, "Telegram is configured"
    elif settings.TELEGRAM_TOKEN or settings.TELEGRAM_SECRET:
        yield BAD, "Telegram is half configured: it needs both the token and the secret"
    else:
        yield OK, "Telegram is not configured"


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


LOOKS: tuple[Callable[[], Iterator[Line]], ...] = (
    _durability, _guards, _index, _engine, _embeddings, _replies, _requests, _deadlines, _work, _room, _log, _keys,
    _secret, _console, _configuration, _names, _telegram,
)  # fmt: skip
