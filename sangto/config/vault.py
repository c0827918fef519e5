"""`sangto vault`: what is kept of the people who wrote, and when it ends."""

from datetime import date, datetime, timedelta

import click
from django.conf import settings
from django.utils import timezone

from sangto.config.keys import BAD, OK, key_lines
from sangto.desk import actions
from sangto.desk.queries import retention
from sangto.vault import keystore, queries, rules
from sangto.vault.actions import make_keys_ahead
from sangto.vault.keystore import KeyLocked
from sangto.vault.queries import Held, NoKey


def status() -> int:
    """Print what is held and what ends when; exit code 1 when something is wrong with the keys."""
    held, now = queries.held(), timezone.now()
    today = timezone.localdate(now)
    ahead = sum(day > today for day in held.live)
    click.echo(f"contacts:  {held.contacts} sealed addresses, {retention.contacts_over(now=now).count()} of them due")
    click.echo(f"openings:  {held.openings} of receipts, {retention.openings_over(now=now).count()} of them due")
    click.echo(f"day keys:  {len(held.live)} live, {ahead} of them ahead; {held.destroyed} destroyed")
    click.echo(f"moved on:  {held.sealed_again} times an address was sealed again to a newer key")
    _print_ends(held)
    lines = list(key_lines())
    for state, said in lines:
        if state != OK:
            click.echo(f"sangto: {said}", err=True)
    for state, said in lines:
        if state == OK:
            click.echo(f"keys:      {said}")
    return 1 if any(state == BAD for state, _said in lines) else 0


def accept() -> int:
    """Take the keystore as it is; exit code 1 when it cannot be read."""
    now = timezone.now()
    try:
        made = make_keys_ahead(now=now, accept=True)
        done = actions.end_days(now=now, accept=True)
    except (KeyLocked, NoKey) as error:
        click.echo(
            f"sangto: nothing was changed: {keystore.folder()} cannot be used ({type(error).__name__})", err=True
        )
        return 1
    click.echo(f"{done.days} days ended and {done.lost} addresses given up; {made} new day keys")
    return 0


def _print_ends(held: Held) -> None:
    """The next end of each kind, with the term behind it. The worker looks every few minutes."""
    told, opening = retention.next_contact_told(), retention.next_opening_end()
    oldest, most, key = held.oldest_contact, settings.VAULT_CONTACT_MOST_DAYS, settings.VAULT_DAY_KEY_DAYS
    _print("a contact", _day(told), f"{settings.VAULT_CONTACT_DAYS} days after all was told")
    _print("a contact", oldest and rules.ends_on(oldest, days=most), f"{most} days after it came, whatever happened")
    _print("an opening", _day(opening), f"{settings.VAULT_OPENING_DAYS} days after the outcome")
    _print("a day key", held.live[0] + timedelta(days=key) if held.live else None, f"{key} days old")


def _print(kind: str, day: date | None, why: str) -> None:
    click.echo(f"next end:  {kind:<10}  {day.isoformat() if day else 'none yet':<10}  ({why})")


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None
