"""Are the day keys as they should be? `sangto check` and `sangto vault status` print these lines."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sangto.ledger import keystore as log_keys
from sangto.ledger.queries import destroyed_days
from sangto.vault import keystore, queries, rules
from sangto.vault.keystore import KeyGone, KeyLocked
from sangto.vault.queries import KeystoreAway

OK, WARN, BAD = "ok", "warn", "bad"
Line = tuple[str, str]


def key_lines() -> Iterator[Line]:
    """What is wrong with the keys, or that all is well. By what this user may see of the keystore."""
    yield from _ahead()
    try:
        keystore.days()
    except KeyLocked:
        yield WARN, f"the keystore {keystore.folder()} is another user's: run this as the worker's for the rest"
        return
    try:
        there = queries.days_there()
    except KeyLocked:
        yield BAD, f"the day keys in {keystore.folder()} cannot be opened: {_why_locked()}"
        return
    except KeystoreAway:
        yield BAD, f"none of this desk's day keys is in {keystore.folder()}: see docs/run/vault.md"
        return
    wrong = [*_readable(), *_damaged(there), *_revived(there), *_lost(there)]
    yield from wrong
    if not wrong:
        wrapped = "wrapped" if there and all(map(keystore.is_wrapped, there)) else "not wrapped"
        yield OK, f"{len(there)} day keys, for their owner's eyes alone, {wrapped}"


def _ahead() -> Iterator[Line]:
    """By the database: are there public keys to seal to today and in the days to come?"""
    today = timezone.localdate()
    missing = [day for day in rules.wanted_days(today) if day not in queries.live_days()]
    if today in missing:
        yield WARN, "there is no day key for today: is the worker running?"
    elif len(missing) > 1:  # each midnight one is missing until the worker's next round
        yield WARN, f"day keys are made for {rules.AHEAD_DAYS - len(missing)} days ahead only: is the worker running?"
    else:
        yield OK, f"day keys are made {rules.AHEAD_DAYS} days ahead"


def _readable() -> Iterator[Line]:
    for folder in dict.fromkeys((keystore.folder(), log_keys.path_of("any").parent)):
        try:
            held = [folder, *folder.glob("*key")] if folder.exists() else []
            is_open = any(_is_open_to_others(each) for each in held)
        except PermissionError:
            yield BAD, f"this user may not look at the keys in {folder}"
            continue
        if is_open:
            yield BAD, f"others than their owner may read the keys in {folder}"


def _is_open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _damaged(there: set[date]) -> Iterator[Line]:
    locked, damaged = 0, 0
    for day in there:
        try:
            keystore.day_key(day)
        except KeyLocked:
            locked += 1
        except KeyGone:
            damaged += 1
    if locked:
        yield BAD, f"{locked} day keys cannot be opened: {_why_locked()}"
    if damaged:
        yield BAD, f"{damaged} day keys are damaged: what was sealed to them cannot be opened"


def _why_locked() -> str:
    why = "with another wrapping key" if settings.VAULT_WRAPPING_KEY else "and no wrapping key is given"
    return f"they belong to another user, or are wrapped {why}"


def _revived(there: set[date]) -> Iterator[Line]:
    back = there & destroyed_days()
    if back:
        yield BAD, f"{len(back)} day keys are there that the log says are destroyed: the worker's next round ends them"


def _lost(there: set[date]) -> Iterator[Line]:
    lost = queries.live_days() - there
    if lost:
        yield BAD, f"{len(lost)} day keys are lost: what was sealed to them cannot be opened"
