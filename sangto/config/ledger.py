"""`sangto ledger`: where the log stands, what to do when it stands still, and being a neighbour's witness."""

from collections.abc import Callable

import click
from django.utils import timezone

from sangto.desk import actions as desk
from sangto.desk.actions import Recovered
from sangto.ledger import actions, queries
from sangto.ledger.actions import CannotRecover, Outrun
from sangto.ledger.guard import StandsStill
from sangto.ledger.keystore import KeyLost

WHAT_TO_DO = {
    "shorter": "More of the log was published than this database holds: an older backup was restored. Stop every "
    "process and run `sangto ledger recover`.",
    "differs": "What was published and this database differ. Keep both as they are; see docs/run/ledger.md.",
    "unreadable": "The published checkpoint cannot be read. Bring the log's folder back from another copy.",
    "key_lost": "The key of the open shard is gone or damaged. Bring it back, or `sangto ledger rotate --key-is-lost`.",
    "signed_before": "Another checkpoint of this size was signed before. Keep everything; see docs/run/ledger.md.",
    "witnesses_away": "There are witnesses and none answers. The log waits for one of them; messages are taken in.",
    "disagrees": "A witness has seen another log than this one. Keep everything; see docs/run/ledger.md.",
}
REFUSED = {
    "no_files": "there are no published files in the log's folder",
    "key_lost": "the key of a shard is gone that the database does not know",
    "other_key": "a published checkpoint is missing or was not signed with this desk's key",
    "missing_files": "entry bundles are missing",
    "wrong_files": "the entry bundles do not give the root of the published checkpoint",
    "differs": "the database holds other leaves than the ones published",
}


def status() -> int:
    """Print where the log stands; exit code 1 when it stands still."""
    log, trouble = queries.standing(), queries.trouble()
    for each in log.shards:
        click.echo(f"{each.origin}: {each.size} leaves committed{'' if each.is_open else ', closed'}")
    signed = f"{log.signed_at:%Y-%m-%d %H:%M} UTC" if log.signed_at else "never"
    click.echo(f"published: {log.size} leaves, {signed}; waiting: {queries.waiting_leaves(before=timezone.now())}")
    click.echo(f"messages: {log.received} received, {log.ended} with an outcome")
    for seen in log.witnesses:
        click.echo(f"witness {seen.name}: has seen {seen.size}{f', {seen.trouble}' if seen.trouble else ''}")
    if trouble:
        click.echo(f"sangto: the log stands still ({trouble}). {WHAT_TO_DO[trouble]}", err=True)
    return 1 if trouble else 0


def recover() -> int:
    """Take leaves back in from the published files; exit code 1 when that cannot be done."""
    try:
        found = desk.recover(now=timezone.now())
    except CannotRecover as refusal:
        click.echo(f"sangto: nothing was changed: {REFUSED[refusal.code]}", err=True)
        return 1
    say_recovered(found)
    return 0


def say_recovered(found: Recovered) -> None:
    """Print what the log knew more than the database, and what that means."""
    for shard, count in found.leaves.items():
        click.echo(f"{shard}: {count} leaves taken back in")
    for day in found.days:
        click.echo(f"{day}: its key was destroyed before, and is again")
    if found.messages:
        click.echo(f"{found.messages} messages were received that this database does not hold: they are lost")
    for version in found.versions:
        click.echo(f"{version} was published and is lost; what is written next for it gets the next number")
    if found.number:
        click.echo(f"messages and cases are numbered from {found.number:,} on, so that no number is given twice")


def check() -> int:
    """Compare rows, files and signatures from the first leaf on, and mend files; exit code 1 when they differ."""
    actions.forget_looks()
    try:
        mended = actions.look_through()
    except StandsStill as still:
        click.echo(f"sangto: {still.code}: {WHAT_TO_DO[still.code]}", err=True)
        return 1
    for path in mended:
        click.echo(f"mended {path}")
    click.echo("rows, files and signed checkpoints agree")
    return 0


def rotate(*, key_is_lost: bool) -> int:
    """Begin a new shard with a new key; exit code 1 when it cannot be begun."""

    def begin() -> None:
        head = actions.open_shard(now=timezone.now())
        fresh = actions.next_shard(head, now=timezone.now(), key_is_lost=key_is_lost)
        click.echo(f"{fresh.origin} takes the leaves from now on. Its key, for every place where it is pinned:")
        click.echo(fresh.vkey)

    return _tried(begin)


def policy() -> int:
    """Print the policy with which anybody checks this log."""
    click.echo(queries.policy_text(), nl=False)
    return 0


def sequence_now() -> int:
    """Sequence, sign and publish everything that waits, at once; exit code 1 when the log stands still."""
    return _tried(lambda: click.echo(f"{actions.sequence(now=timezone.now(), everything=True)} leaves placed"))


def _tried(act: Callable[[], None]) -> int:
    try:
        act()
    except StandsStill as still:
        click.echo(f"sangto: {still.code}: {WHAT_TO_DO[still.code]}", err=True)
    except KeyLost:
        click.echo(f"sangto: {WHAT_TO_DO['key_lost']}", err=True)
    except Outrun:
        click.echo("sangto: another process was faster; look with `sangto ledger status`", err=True)
    else:
        return 0
    return 1
