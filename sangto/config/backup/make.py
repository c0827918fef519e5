"""`sangto backup`: one folder for each run, while the desk serves."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from sangto.config.backup import database, log
from sangto.config.backup.folder import alone_in, appearing, in_mb, prune, refuse_full, refuse_place
from sangto.config.backup.keys import copy_keys
from sangto.config.backup.manifest import DATABASE, KEYS, NAME, LogSize, Manifest, described, written
from sangto.config.backup.refusal import Refusal

KEYS_DAYS = 7  # no setting: a day that was destroyed must not live on in a copy of the keys
STEPS = 4  # progress is said at each quarter


def back_up(folder: Path) -> int:
    """Back the database and the published log up; exit code 0, 1 when it could not be done."""
    return _tried(lambda: back_up_database(folder, now=timezone.now()))


def back_up_keystore(folder: Path) -> int:
    """Back the keys up; exit code 0, 1 when it could not be done."""
    return _tried(lambda: back_up_keys(folder, now=timezone.now()))


def back_up_database(folder: Path, *, now: datetime) -> Path:
    """The new backup; those that are too old are gone after it. Raises Refusal, OSError."""
    folder = refuse_place(folder, DATABASE)
    with alone_in(folder):
        refuse_full(folder, database.database_size() + log.log_size())
        with appearing(folder, DATABASE, now=now) as (draft, made):
            # The log before the database: then the database knows everything that the copied log holds.
            sizes = log.copy_log(draft)
            click.echo(f"the published log: {sum(each.size for each in sizes):,} leaves")
            database.copy_database(draft, progress=_said())
            click.echo("the database: copied, read through, sound")
            _describe(draft, DATABASE, now=now, sizes=sizes)
        _removed(prune(folder, DATABASE, days=settings.BACKUP_DAYS, now=now), settings.BACKUP_DAYS)
    return made


def back_up_keys(folder: Path, *, now: datetime) -> Path:
    """The new backup of the keys; old ones go first, whether or not it succeeds. Raises Refusal, OSError."""
    folder = refuse_place(folder, KEYS)
    with alone_in(folder):
        _removed(prune(folder, KEYS, days=KEYS_DAYS, now=now), KEYS_DAYS)
        refuse_full(folder, 0)
        with appearing(folder, KEYS, now=now) as (draft, made):
            count = copy_keys(draft)
            if not count:
                raise Refusal("there are no keys yet")
            click.echo(f"{count} keys")
            _describe(draft, KEYS, now=now)
    return made


def _describe(draft: Path, kind: str, *, now: datetime, sizes: list[LogSize] | None = None) -> None:
    of_database = kind == DATABASE
    manifest = Manifest(
        kind=kind,
        version=settings.VERSION,
        made_at=now,
        files=described(draft),
        database=connection.vendor if of_database else "",
        migrations=database.migrations_had() if of_database else (),
        log=tuple(sizes or ()),
    )
    (draft / NAME).write_bytes(written(manifest))
    click.echo(f"{len(manifest.files)} files, {in_mb(manifest.size)}")


def _said() -> Callable[[float], None]:
    told = {0}

    def progress(share: float) -> None:
        step = int(share * STEPS)
        if step not in told:
            told.add(step)
            click.echo(f"the database: {step * 100 // STEPS} % copied")

    return progress


def _removed(names: list[str], days: int) -> None:
    for name in names:
        click.echo(f"removed {name}: no backup is kept for more than {days} days")


def _tried(act: Callable[[], Path]) -> int:
    try:
        made = act()
    except Refusal as refusal:
        click.echo(f"sangto: nothing was backed up: {refusal}", err=True)
    except OSError as error:
        click.echo(f"sangto: nothing was backed up: {error.strerror or type(error).__name__}", err=True)
    else:
        click.echo(f"backed up: {made}")
        return 0
    return 1
