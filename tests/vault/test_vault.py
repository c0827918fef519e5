"""Sealed addresses: nothing in clear, nothing exchangeable, nothing left once the key is gone."""

import stat
import threading
import uuid
from datetime import date
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from sangto.engine.once import write_once
from sangto.vault import sealing
from sangto.vault.actions import keep, seal
from sangto.vault.keystore import KeyGone, day_key, make_day_key
from sangto.vault.models import Contact
from sangto.vault.queries import address_of

DAY = date(2026, 11, 21)


@pytest.mark.django_db
def test_sealed_address_opens_again_and_is_nowhere_in_clear():
    contact = keep(seal("777000111", on=DAY))

    kept = Contact.objects.get()

    assert address_of(kept) == "777000111"
    assert b"777000111" not in bytes(kept.sealed)
    assert contact.pk == kept.pk


def test_same_address_sealed_twice_shares_nothing():
    assert bytes(seal("777000111", on=DAY).sealed) != bytes(seal("777000111", on=DAY).sealed)


@pytest.mark.parametrize(("day", "row"), [(date(2026, 11, 22), None), (None, uuid.uuid4())])
def test_ciphertext_of_another_day_or_row_does_not_open(day, row):
    contact = seal("777000111", on=DAY)

    with pytest.raises(InvalidTag):
        sealing.unseal(bytes(contact.sealed), key=day_key(DAY), day=day or DAY, row=row or contact.id)


def test_nothing_opens_once_the_key_of_the_day_is_gone(settings):
    contact = seal("777000111", on=DAY)
    (Path(settings.HOME) / "keys" / "contact-2026-11-21.key").unlink()

    with pytest.raises(KeyGone):
        address_of(contact)


def test_key_file_is_for_its_owner_alone_and_leaves_no_draft(settings):
    make_day_key(DAY)

    files = list((Path(settings.HOME) / "keys").iterdir())
    assert [file.name for file in files] == ["contact-2026-11-21.key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_first_writer_of_a_secret_wins_whoever_comes_at_once(tmp_path):
    read: list[bytes] = []
    threads = [
        threading.Thread(target=lambda n=n: read.append(write_once(tmp_path / "key", b"%d" % n))) for n in range(16)
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(set(read)) == 1
    assert [path.name for path in tmp_path.glob("*key*")] == ["key"]
