"""`sangto restore`: an empty desk becomes the one that was backed up, and heeds what happened since."""

from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from django.utils import timezone

from sangto.config import fsck, ledger, serve
from sangto.config.backup import database, log
from sangto.config.backup.folder import in_mb, refuse_full
from sangto.config.backup.keys import day_of_key, missing_keys, put_back_key
from sangto.config.backup.make import KEYS_DAYS
from sangto.config.backup.manifest import DATABASE, KEYS, Manifest, read, refuse_damage
from sangto.config.backup.refusal import Refusal
from sangto.desk import actions
from sangto.engine.once import PUBLIC, write_once
from sangto.jobs.schema import unknown_among
from sangto.ledger import actions as leaves
from sangto.ledger import queries
from sangto.ledger.actions import CannotRecover
from sangto.ledger.guard import StandsStill
from sangto.ledger.local import top
from sangto.vault.actions import make_keys_ahead
from sangto.vault.keystore import KeyLocked
from sangto.vault.queries import KeystoreAway, NoKey

NEWER_LOG, NO_NEWER_LOG = 10_000, 100_000  # numbers left out for messages of which nothing here knows
Keys = list[tuple[Path, Path]]  # where a key lies in the backup, and where it belongs


def restore(backup: Path, *, keys: Path | None, moved: bool) -> int:
    """Restore, then look through everything; exit code 0, 1 when it could not be done or something is wrong."""
    try:
        restore_desk(backup, keys=keys, moved=moved, now=timezone.now())
    except Refusal as refusal:
        click.echo(f"sangto: {refusal}", err=True)
        return 1
    except OSError as error:
        click.echo(f"sangto: the restore stopped: {error.strerror or type(error).__name__}. {how_to_empty()}", err=True)
        return 1
    return int(fsck.fsck())


def restore_desk(backup: Path, *, keys: Path | None, moved: bool, now: datetime) -> None:
    """Restore into the home and the database of the settings, which have to be empty. Raises Refusal, OSError.

    `moved`: the desk was stopped before the backup was made, so nothing happened since.
    """
    manifest = _checked(backup, DATABASE)
    held = log.published_sizes()
    _refuse_place(backup, manifest, held)
    missing = _keys_missing(keys, now=now) if keys else []
    days = [(there, here) for there, here in missing if day_of_key(there)]
    for there, here in missing:
        if not day_of_key(there):
            put_back_key(there, here)
    if not held:
        _put_back_log(backup)
    database.put_back(backup / database.FILE[connection.vendor])
    click.echo(f"the database and the log of {manifest.made_at:%Y-%m-%d %H:%M} UTC are back")
    serve.bring_up_to_date()
    _heed(manifest, days, surviving=bool(held), moved=moved, with_keys=keys is not None, now=now)


def how_to_empty() -> str:
    """What the operator does before a restore can begin, or begin again."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        return f"To begin anew: stop every process of the desk and move {name}, {name}-wal and {name}-shm away"
    return "To begin anew: stop every process of the desk and give it an empty database (createdb, SANGTO_DATABASE_URL)"


def _checked(backup: Path, kind: str) -> Manifest:
    """The manifest of a whole backup of this kind that this program understands; raises Refusal."""
    manifest = read(backup)
    if manifest.kind != kind:
        raise Refusal(f"{backup} is a backup of the {manifest.kind}, not of the {kind}")
    refuse_damage(backup, manifest)
    if _release(manifest.version) > _release(settings.VERSION) or unknown_among(manifest.migrations):
        raise Refusal(f"the backup is of sangto {manifest.version}, this is {settings.VERSION}: install that release")
    click.echo(f"{backup.name}: {len(manifest.files)} files, {in_mb(manifest.size)}, all as they were backed up")
    return manifest


def _refuse_place(backup: Path, manifest: Manifest, held: dict[str, int]) -> None:
    """Raise Refusal where this desk is not empty, has another database, or has an older log (`held`: its sizes)."""
    if manifest.database != connection.vendor:
        raise Refusal(f"the backup is of {manifest.database}, and SANGTO_DATABASE_URL names {connection.vendor}")
    if not database.is_empty():
        raise Refusal(f"the database is not empty, and nothing is ever overwritten. {how_to_empty()}")
    older = [each.shard for each in manifest.log if held and held.get(each.shard, 0) < each.size]
    if older:
        raise Refusal(f"the log in {top()} is older than the backup's ({older[0]}): bring its newest copy, or none")
    refuse_full(Path(settings.HOME), manifest.size)


def _keys_missing(keys: Path, *, now: datetime) -> Keys:
    """The keys that are to be put back; raises Refusal where another key lies in the place of one."""
    copied = _checked(keys, KEYS)
    paths = [each.path for each in copied.files]
    if now - copied.made_at > timedelta(days=KEYS_DAYS):
        click.echo(f"these keys are of more than {KEYS_DAYS} days ago: those of days stay away")
        paths = [each for each in paths if not day_of_key(Path(each))]
    try:
        return missing_keys(keys, paths)
    except FileExistsError as error:
        raise Refusal(f"{error.args[0]} holds another key than the backup: move it away") from error


def _put_back_log(backup: Path) -> None:
    for each in log.files_in(backup / log.FOLDER):
        write_once(top() / each.relative_to(backup / log.FOLDER), each.read_bytes(), mode=PUBLIC)


def _heed(manifest: Manifest, days: Keys, *, surviving: bool, moved: bool, with_keys: bool, now: datetime) -> None:
    """Bring what happened since the backup to bear on it. Without anything newer, make sure that nothing is doubled."""
    unseen = 0 if moved else NEWER_LOG if surviving else NO_NEWER_LOG
    try:
        taken = leaves.recover(now=now) if log.published_sizes() else {}
        found = actions.heed(taken, now=now, unseen=unseen)
        if not (surviving or moved):
            _begin_anew(now)
        leaves.look_through()
    except CannotRecover as refusal:
        raise Refusal(f"the log cannot go on: {ledger.REFUSED[refusal.code]}. See docs/run/ledger.md") from refusal
    except StandsStill as still:
        raise Refusal(f"the log cannot go on ({still.code}). {ledger.WHAT_TO_DO[still.code]}") from still
    ledger.say_recovered(found)
    _put_back_days(days, now=now)
    _purge(now, accept=with_keys)


def _begin_anew(now: datetime) -> None:
    """End the log as it was backed up. Others may have seen what was published after that: to go on would be a fork."""
    if not queries.shards():
        return
    head = leaves.open_shard(now=now)
    fresh = leaves.next_shard(head, now=now, end_is_lost=True)
    click.echo(f"no newer log was here, so {head.origin} ends as it was backed up, and {fresh.origin} begins. Its key:")
    click.echo(fresh.vkey)


def _put_back_days(days: Keys, *, now: datetime) -> None:
    """Put the day keys back, but for those of days that were destroyed since, or may have been."""
    gone = queries.destroyed_days()
    back = [(there, here) for there, here in days if day_of_key(there) not in gone]
    for there, here in back:
        put_back_key(there, here)
    if days:
        click.echo(f"{len(back)} day keys are back, {len(days) - len(back)} stay destroyed")


def _purge(now: datetime, *, accept: bool) -> None:
    """Let retention run to its end: what had to go since the backup was made goes before anybody can read it.

    `accept`: the keys that are here are all that will come. Else, where none of them is known, days are left as they
    are: a day whose key comes later must not have been given up by then.
    """
    while any(astuple(actions.expire(now=now))):
        pass
    try:
        make_keys_ahead(now=now, accept=accept)
        while any(astuple(actions.end_days(now=now, accept=accept))):
            pass
    except KeyLocked as locked:
        raise Refusal("the day keys cannot be opened: be the worker's user, with its wrapping key") from locked
    except (KeystoreAway, NoKey):
        click.echo("no day key is here: bring the keystore back before the desk serves, or `sangto vault accept`")
    click.echo("what had to go since the backup was made is gone")


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.partition("+")[0].split(".") if part.isdecimal())
