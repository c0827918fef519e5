"""Sealed addresses: nothing in clear, nothing exchangeable, nothing left once the key is gone."""

import threading
import uuid
from datetime import date, timedelta

import pytest
from cryptography.exceptions import InvalidTag

from sangto.engine.once import write_once
from sangto.vault import sealing
from sangto.vault.actions import keep, make_keys_ahead, seal, seal_again
from sangto.vault.keystore import KeyGone, day_key, path_of
from sangto.vault.models import Contact, DayKey
from sangto.vault.queries import NoKey, address_of, key_for
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)


@pytest.fixture
def keys():
    make_keys_ahead(now=NOW)


def test_sealed_address_opens_again_and_is_nowhere_in_clear(keys):
    contact = keep(seal("777000111", on=DAY))

    kept = Contact.objects.get()

    assert address_of(kept) == "777000111"
    assert b"777000111" not in bytes(kept.sealed)
    assert (contact.pk, kept.day, kept.arrived_on) == (kept.pk, DAY, DAY)


def test_same_address_sealed_twice_shares_nothing(keys):
    assert bytes(seal("777000111", on=DAY).sealed) != bytes(seal("777000111", on=DAY).sealed)


@pytest.mark.parametrize(("day", "row"), [(date(2026, 11, 22), None), (None, uuid.uuid4())])
def test_ciphertext_of_another_day_or_row_does_not_open(keys, day, row):
    contact = seal("777000111", on=DAY)

    with pytest.raises(InvalidTag):
        sealing.unseal(bytes(contact.sealed), key=day_key(DAY), day=day or DAY, row=row or contact.id)


def test_swapped_rows_days_and_ciphertexts_do_not_open(keys):
    first, second, third = (keep(seal(each, on=DAY)) for each in ("7770001", "7770002", "7770003"))
    Contact.objects.filter(pk=first.pk).update(sealed=second.sealed)
    Contact.objects.filter(pk=second.pk).update(day=DAY + timedelta(days=1))

    for each in (first, second):
        with pytest.raises(InvalidTag):
            address_of(Contact.objects.get(pk=each.pk))
    assert address_of(Contact.objects.get(pk=third.pk)) == "7770003"


def test_nothing_opens_once_the_key_of_the_day_is_gone(keys):
    contact = keep(seal("777000111", on=DAY))
    path_of(DAY).unlink()

    with pytest.raises(KeyGone):
        address_of(contact)


def test_row_that_was_read_before_it_was_sealed_again_opens_all_the_same(keys):
    stale = keep(seal("777000111", on=DAY))
    seal_again(DAY, on=DAY + timedelta(days=3), at_most=1)
    path_of(DAY).unlink()

    assert address_of(stale) == "777000111"


def test_sealing_needs_no_private_key(keys):
    for each in path_of(DAY).parent.iterdir():
        each.unlink()
    path_of(DAY).parent.rmdir()

    assert seal("777000111", on=DAY).day == DAY


@pytest.mark.parametrize(("later", "found"), [(0, 0), (7, 7), (8, 7), (7 + 28, 7)])
def test_day_without_a_key_of_its_own_takes_the_newest_of_the_last_weeks(keys, later, found):
    contact = seal("777000111", on=DAY + timedelta(days=later))

    assert (contact.day - DAY, contact.arrived_on - DAY) == (timedelta(days=found), timedelta(days=later))
    assert address_of(contact) == "777000111"


def test_key_that_is_about_to_be_destroyed_takes_nothing(keys):
    with pytest.raises(NoKey):
        seal("777000111", on=DAY + timedelta(days=7 + 29))


@pytest.mark.parametrize(("earlier", "found"), [(1, True), (14, True), (15, False)])
def test_process_whose_clock_is_behind_takes_the_first_key_to_come(keys, earlier, found):
    try:
        assert key_for(DAY - timedelta(days=earlier)).day == DAY
    except NoKey:
        assert not found
    else:
        assert found


def test_destroyed_key_takes_nothing(keys):
    DayKey.objects.filter(day__gte=DAY).update(destroyed_at=NOW)

    with pytest.raises(NoKey):
        key_for(DAY)


def test_first_writer_of_a_secret_wins_whoever_comes_at_once(tmp_path):
    read: list[bytes] = []
    threads = [
        threading.Thread(target=lambda n=n: read.append(write_once(tmp_path / "key", b"%d" % n))) for n in range(16)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(set(read)) == 1
    assert [path.name for path in tmp_path.glob("*key*")] == ["key"]
