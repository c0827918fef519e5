"""The log's private keys: made once, for their owner alone, and never made anew in the place of a damaged one."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sangto.engine.merkle.notes import LOG, WITNESS, Signer
from sangto.ledger.keystore import KeyLost, make_signer, our_witness, path_of, signer_of

ORIGIN = "answers.example.org/log/2026"


def test_key_of_a_shard_is_made_once_and_has_the_logs_name(settings):
    made = make_signer("2026", origin=ORIGIN)
    again = make_signer("2026", origin="another.example.org/log/2026")

    assert (made.name, made.type, len(made.seed)) == (ORIGIN, LOG, 32)
    assert made == again == signer_of("2026")
    assert path_of("log-2026") == Path(settings.HOME) / "keys" / "log-2026.skey"
    assert path_of("log-2026").read_text() == f"{made.skey}\n"


def test_every_shard_has_a_key_of_its_own():
    keys = [make_signer(shard, origin=f"answers.example.org/log/{shard}") for shard in ("2026", "2026-2", "2027")]

    assert len({each.seed for each in keys}) == 3
    assert [signer_of(shard) for shard in ("2026", "2026-2", "2027")] == keys


def test_key_files_are_for_their_owner_alone(settings, tmp_path):
    settings.LEDGER_KEYS = tmp_path / "elsewhere"
    make_signer("2026", origin=ORIGIN)
    our_witness("us.example.org/witness")

    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in settings.LEDGER_KEYS.iterdir()} == {
        "log-2026.skey": 0o600,
        "witness.skey": 0o600,
    }
    assert stat.S_IMODE(settings.LEDGER_KEYS.stat().st_mode) == 0o700
    assert not (tmp_path / "keys").exists()


def test_key_of_the_witness_is_made_once():
    made = our_witness("us.example.org/witness")

    assert (made.name, made.type) == ("us.example.org/witness", WITNESS)
    assert our_witness("us.example.org/witness") == made


DAMAGES = [b"", b"\n", b"\xff\xfe", b"PRIVATE+KEY+a+00000000+AAAA\n", b"x" * 200, b"PRIVATE+KEY+"]


@pytest.mark.parametrize("content", DAMAGES)
def test_damaged_key_is_lost_and_left_as_it_is(content):
    path = path_of("log-2026")
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    with pytest.raises(KeyLost):
        signer_of("2026")
    with pytest.raises(KeyLost):
        make_signer("2026", origin=ORIGIN)

    assert path.read_bytes() == content


@pytest.mark.parametrize("content", DAMAGES)
def test_damaged_key_of_the_witness_is_lost(content):
    path_of("witness").parent.mkdir(parents=True)
    path_of("witness").write_bytes(content)

    with pytest.raises(KeyLost):
        our_witness("us.example.org/witness")


@pytest.mark.parametrize("host", ["a+b.example.org", "a b", "", "a" * 300])
def test_host_that_cannot_name_a_log_is_a_wrong_setting(host):
    with pytest.raises(ImproperlyConfigured, match="SANGTO_URL"):
        make_signer("2026", origin=host and f"{host}/log/2026")

    assert not path_of("log-2026").exists()


def test_key_that_there_is_not_is_lost_and_not_made():
    with pytest.raises(KeyLost):
        signer_of("2026")

    assert not path_of("log-2026").exists()


def test_key_with_one_letter_changed_is_lost():
    skey = make_signer("2026", origin=ORIGIN).skey
    for at in (len(skey) - 10, len(skey) - 30, 15):
        other = "B" if skey[at] != "B" else "C"
        path_of("log-2026").write_text(skey[:at] + other + skey[at + 1 :])
        with pytest.raises(KeyLost):
            signer_of("2026")


def test_key_may_stand_without_its_newline():
    signer = Signer(ORIGIN, LOG, b"s" * 32)
    path_of("log-2026").parent.mkdir(parents=True)
    path_of("log-2026").write_text(signer.skey)

    assert signer_of("2026") == signer
