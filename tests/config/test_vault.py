"""`sangto vault`: what is kept, what ends when, and what is wrong with the keys."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from sangto.channels.deliver import deliver
from sangto.config import checks, keys
from sangto.config.cli import main
from sangto.desk import actions
from sangto.vault import keystore
from sangto.vault.actions import make_keys_ahead
from sangto.vault.keystore import path_of, wrap_day_key
from sangto.vault.models import Contact, DayKey
from tests.channels.stand_in import bot_api
from tests.factories import make_answer, send

__all__ = ["bot_api"]
pytestmark = pytest.mark.django_db


def run(*words):
    return CliRunner().invoke(main, ["vault", *words])


def day(n):
    return timezone.localdate() + timedelta(days=n)


def said(state):
    return [text for each, text in keys.key_lines() if each == state]


def test_new_desk_has_nothing_and_says_what_is_missing():
    result = run("status")

    assert result.exit_code == 0
    assert "contacts:  0 sealed addresses, 0 of them due" in result.output
    assert "day keys:  0 live, 0 of them ahead; 0 destroyed" in result.output
    assert result.output.count("none yet") == 4
    assert "sangto: there is no day key for today: is the worker running?" in result.output


def test_status_says_what_is_held_and_what_ends_when(bot_api, settings):
    settings.VAULT_WRAPPING_KEY = "w" * 32
    now = timezone.now()
    told, waits = now - timedelta(days=3), now - timedelta(days=5)
    send("Ngõ 9 ngập nước hai hôm nay rồi", channel="telegram", address="7770", now=waits)
    make_answer(send(channel="telegram", address="7771", now=told).case, now=told)
    actions.follow_up(now=told)
    deliver(now=told)
    DayKey.objects.filter(day=day(-5)).update(sealed_again=2)
    make_keys_ahead(now=now)

    result = run("status")

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[:4] == [
        "contacts:  2 sealed addresses, 0 of them due",
        "openings:  2 of receipts, 0 of them due",
        "day keys:  13 live, 7 of them ahead; 0 destroyed",
        "moved on:  2 times an address was sealed again to a newer key",
    ]
    assert f"next end:  a contact   {day(27)}  (30 days after all was told)" in lines
    assert f"next end:  a contact   {day(175)}  (180 days after it came, whatever happened)" in lines
    assert f"next end:  an opening  {day(87)}  (90 days after the outcome)" in lines
    assert f"next end:  a day key   {day(25)}  (30 days old)" in lines
    assert "keys:      13 day keys, for their owner's eyes alone, wrapped" in lines


def test_status_names_nobody():
    message = send(channel="telegram", address="777000111")

    result = run("status")

    hidden = ["777000111", message.number, str(message.contact_id), str(message.opening_id)]
    assert not [each for each in hidden if each in result.output]


def test_all_is_well():
    make_keys_ahead(now=timezone.now())

    assert list(keys.key_lines()) == [
        (keys.OK, "day keys are made 7 days ahead"),
        (keys.OK, "8 day keys, for their owner's eyes alone, not wrapped"),
    ]


@pytest.mark.parametrize(
    ("ago", "line"),
    [
        (0, None),
        (1, None),  # each midnight a day is missing until the next round
        (2, "day keys are made for 5 days ahead only: is the worker running?"),
        (8, "there is no day key for today: is the worker running?"),
    ],
)
def test_keys_that_run_out_are_warned_of(ago, line):
    make_keys_ahead(now=timezone.now() - timedelta(days=ago))

    assert said(keys.WARN) == ([line] if line else [])


def damage(path):
    path.write_bytes(b"short")


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (lambda path: path.chmod(0o640), "others than their owner may read the keys in"),
        (lambda path: path.parent.chmod(0o755), "others than their owner may read the keys in"),
        (damage, "1 day keys are damaged: what was sealed to them cannot be opened"),
        (lambda path: path.unlink(), "1 day keys are lost: what was sealed to them cannot be opened"),
    ],
)
def test_harm_to_the_keys_is_bad(harm, line):
    make_keys_ahead(now=timezone.now())
    harm(path_of(day(0)))

    result = run("status")

    assert result.exit_code == 1
    assert f"sangto: {line}" in result.output
    assert any(text.startswith(line) for state, text in checks._keys() if state == checks.BAD)


def test_key_that_the_log_says_is_destroyed_is_bad():
    make_keys_ahead(now=timezone.now())
    held = path_of(day(0)).read_bytes()
    actions.destroy_contacts_of(day(0), now=timezone.now())
    path_of(day(0)).write_bytes(held)
    path_of(day(0)).chmod(0o600)

    assert said(keys.BAD) == ["1 day keys are there that the log says are destroyed: the worker's next round ends them"]


@pytest.mark.parametrize(("other", "why"), [("", "and no wrapping key is given"), ("v" * 32, "another wrapping key")])
def test_wrapped_keys_without_their_wrapping_key_are_bad(settings, other, why):
    settings.VAULT_WRAPPING_KEY = "w" * 32
    make_keys_ahead(now=timezone.now())
    settings.VAULT_WRAPPING_KEY = other

    result = run("status")

    assert result.exit_code == 1
    assert f"sangto: the day keys in {keystore.folder()} cannot be opened" in result.output
    assert why in result.output


def test_some_locked_keys_are_counted(settings):
    make_keys_ahead(now=timezone.now())
    settings.VAULT_WRAPPING_KEY = "w" * 32
    wrap_day_key(day(7))
    settings.VAULT_WRAPPING_KEY = ""

    assert [text.split(":")[0] for text in said(keys.BAD)] == ["1 day keys cannot be opened"]


def test_keystore_that_is_not_ours_is_bad(settings, tmp_path):
    make_keys_ahead(now=timezone.now())
    settings.VAULT_KEYS = tmp_path / "not mounted"

    result = run("status")

    assert result.exit_code == 1
    assert f"none of this desk's day keys is in {tmp_path / 'not mounted'}" in result.output


def test_accept_gives_up_what_is_lost_and_makes_new_keys(settings, tmp_path):
    now = timezone.now()
    send(channel="telegram", address="7770", now=now - timedelta(days=1))
    settings.VAULT_KEYS = tmp_path / "new"

    refused = CliRunner().invoke(main, ["vault", "accept"], input="n\n")
    result = run("accept", "--yes")

    assert (refused.exit_code, result.exit_code) == (1, 0)
    assert result.stdout.splitlines() == ["1 days ended and 1 addresses given up; 8 new day keys"]
    assert (Contact.objects.count(), len(keystore.days())) == (0, 8)
    assert said(keys.BAD) == []


def test_accept_of_a_keystore_that_cannot_be_opened_changes_nothing(settings):
    settings.VAULT_WRAPPING_KEY = "w" * 32
    make_keys_ahead(now=timezone.now())
    settings.VAULT_WRAPPING_KEY = "v" * 32

    result = run("accept", "--yes")

    assert (result.exit_code, len(keystore.days())) == (1, 8)
    assert "nothing was changed" in result.output
