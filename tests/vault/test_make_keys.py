"""Keys are made ahead, once, by the worker: files first, then the rows from which everybody seals."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from sangto.vault import keystore
from sangto.vault.actions import keep, make_keys_ahead, seal
from sangto.vault.keystore import KeyGone, KeyLocked, day_key, make_day_key, path_of
from sangto.vault.models import DayKey
from sangto.vault.queries import KeystoreAway, address_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


def after(n: int) -> date:
    return DAY + timedelta(days=n)


def rows() -> dict[date, bytes]:
    return {row.day: bytes(row.public) for row in DayKey.objects.all()}


def files() -> dict[date, bytes]:
    """The public halves of what lies in the keystore."""
    return {day: day_key(day).public_key().public_bytes_raw() for day in keystore.days()}


def test_keys_are_made_for_today_and_the_week_to_come():
    made = make_keys_ahead(now=NOW)

    assert made == 8
    assert rows() == files()
    assert sorted(rows()) == [after(n) for n in range(8)]


def test_each_round_makes_what_is_missing_and_nothing_else():
    made = [make_keys_ahead(now=NOW + timedelta(days=each)) for each in (0, 0, 1, 3, 3)]

    assert made == [8, 0, 1, 2, 0]
    assert rows() == files()


def test_today_is_the_desks_and_not_the_machines():
    make_keys_ahead(now=datetime(2026, 11, 21, 18, 30, tzinfo=UTC))  # half past one on the 22nd in Vietnam

    assert min(rows()) == after(1)


def test_keys_from_before_there_were_rows_get_theirs():
    held = make_day_key(after(-20)).public_key().public_bytes_raw()

    make_keys_ahead(now=NOW)

    assert rows()[after(-20)] == held
    assert rows() == files()


def test_key_whose_row_was_not_written_any_more_is_the_same_key():
    held = make_day_key(after(2)).public_key().public_bytes_raw()

    made = make_keys_ahead(now=NOW)

    assert (made, rows()[after(2)]) == (7, held)


def test_lost_key_of_today_is_made_anew_and_said(caplog):
    make_keys_ahead(now=NOW)
    lost = keep(seal("7770", on=DAY))
    path_of(DAY).unlink()

    make_keys_ahead(now=NOW)
    fresh = keep(seal("7771", on=DAY))

    assert address_of(fresh) == "7771"
    with pytest.raises(InvalidTag):
        address_of(lost)
    assert "1 day keys that were in use are lost and made anew" in caplog.text


def test_row_that_says_another_key_than_the_file_is_put_right():
    make_keys_ahead(now=NOW)
    DayKey.objects.filter(day=DAY).update(public=b"\1" * 32)

    make_keys_ahead(now=NOW)

    assert rows() == files()


def test_damaged_key_of_the_past_holds_nothing_up(caplog):
    make_day_key(after(-1))
    path_of(after(-1)).write_bytes(b"short")

    made = make_keys_ahead(now=NOW)

    assert made == 8
    with pytest.raises(KeyGone):
        day_key(after(-1))
    assert "a day key is damaged" in caplog.text


def test_destroyed_day_never_gets_a_key_again():
    DayKey.objects.create(day=after(1), public=b"\1" * 32, destroyed_at=NOW)

    make_keys_ahead(now=NOW)

    assert after(1) not in files()
    assert rows()[after(1)] == b"\1" * 32


def test_empty_keystore_in_place_of_ours_is_refused_and_stays_empty(settings, tmp_path):
    make_keys_ahead(now=NOW)
    before = rows()
    settings.VAULT_KEYS = tmp_path / "not mounted"

    with pytest.raises(KeystoreAway):
        make_keys_ahead(now=NOW)

    assert (rows(), keystore.days()) == (before, set())


def test_keystore_of_another_desk_is_refused(settings, tmp_path):
    settings.VAULT_KEYS = tmp_path / "theirs"
    for n in range(8):
        make_day_key(after(n))
    settings.VAULT_KEYS = None
    make_keys_ahead(now=NOW)
    before = rows()
    settings.VAULT_KEYS = tmp_path / "theirs"

    with pytest.raises(KeystoreAway):
        make_keys_ahead(now=NOW)

    assert rows() == before


def test_keystore_that_is_newer_than_a_restored_database_is_ours(settings):
    DayKey.objects.create(day=after(-40), public=b"\1" * 32)
    make_day_key(after(-3))

    make_keys_ahead(now=NOW)

    assert set(files()) == {after(-3), *(after(n) for n in range(8))}
    assert set(rows()) == {after(-40), *files()}


def test_other_keystore_is_taken_when_the_operator_says_so(settings, tmp_path):
    make_keys_ahead(now=NOW)
    settings.VAULT_KEYS = tmp_path / "new"

    made = make_keys_ahead(now=NOW, accept=True)

    assert (made, rows()) == (8, files())


def test_keys_are_wrapped_once_there_is_a_wrapping_key(settings):
    make_keys_ahead(now=NOW)
    contact, before = keep(seal("7770", on=DAY)), files()
    settings.VAULT_WRAPPING_KEY = "w" * 32

    make_keys_ahead(now=NOW)

    assert {keystore.is_wrapped(day) for day in keystore.days()} == {True}
    assert (files(), address_of(contact)) == (before, "7770")


def test_round_without_the_wrapping_key_changes_nothing(settings):
    settings.VAULT_WRAPPING_KEY = "w" * 32
    make_keys_ahead(now=NOW)
    before, held = rows(), {day: path_of(day).read_bytes() for day in keystore.days()}
    settings.VAULT_WRAPPING_KEY = "v" * 32

    with pytest.raises(KeyLocked):
        make_keys_ahead(now=NOW + timedelta(days=3))

    assert rows() == before
    assert {day: path_of(day).read_bytes() for day in keystore.days()} == held


@pytest.mark.parametrize("days", [1, 30])
def test_round_asks_the_same_however_many_keys_there_are(django_assert_num_queries, days):
    for n in range(days):
        make_keys_ahead(now=NOW + timedelta(days=n))

    with django_assert_num_queries(2):
        make_keys_ahead(now=NOW + timedelta(days=days - 1))


def test_no_key_and_no_address_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    make_keys_ahead(now=NOW)
    keep(seal("777000111", on=DAY))
    secrets = [day_key(day).private_bytes_raw().hex() for day in keystore.days()]

    assert not [each for each in [*secrets, "777000111"] if each in caplog.text]


def test_week_whose_keys_a_false_clock_ended_has_another_key_to_seal_to():
    make_keys_ahead(now=NOW)
    for day in rows():
        keystore.forget_day_key(day)
    DayKey.objects.update(destroyed_at=NOW)
    make_keys_ahead(now=NOW + timedelta(days=3650))  # before the clock was right again

    made = make_keys_ahead(now=NOW)
    fresh = keep(seal("7771", on=DAY))

    assert made == 1
    assert (fresh.day, address_of(fresh)) == (after(8), "7771")
