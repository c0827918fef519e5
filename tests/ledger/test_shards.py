"""One shard of the log a year, each with its key, each chained to the one before."""

import json
import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection

from sangto.engine.merkle.notes import LOG, Key, Signer
from sangto.ledger import actions, queries
from sangto.ledger.actions import Outrun, next_shard, sequence
from sangto.ledger.actions.shards import key_of
from sangto.ledger.guard import KEY_LOST, SHORTER, StandsStill
from sangto.ledger.keystore import KeyLost, path_of
from sangto.ledger.models import Head, Leaf, SignedCheckpoint
from tests.ledger.steps import (
    BATCH,
    entries,
    files,
    folder,
    head,
    plain_root,
    published,
    put,
    run,
    signed_sizes,
)

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
MODULES = {each: import_module(f"sangto.ledger.actions.{each}") for each in ("sequence", "shards")}


class Died(Exception):
    """The worker died here."""


def die(*_args, **_kwargs):
    raise Died


def bodies(shard):
    return [json.loads(each) for each in entries(shard)]


def test_first_run_begins_the_years_shard_with_a_key_of_its_own(now):
    put(1, now=now)
    run(now)

    begun = head()
    assert (begun.shard, begun.origin, begun.is_open) == ("2026", "localhost:8000/log/2026", True)
    assert begun.opened_at == now + BATCH
    assert Key.read(begun.vkey).name == begun.origin
    assert path_of("log-2026").stat().st_mode & 0o777 == 0o600
    assert entries() == [b'{"c":"%064x","t":"r","v":1}' % 0]  # nothing was before it


def test_new_year_begins_a_new_shard_chained_to_the_old_one(now):
    put(3, now=now)
    run(now)
    put(2, now=NEW_YEAR - timedelta(minutes=5), first=3)
    sequence(now=NEW_YEAR)

    old, new = head("2026"), head("2027")
    assert (old.is_open, old.size, new.is_open, new.size) == (False, 4, True, 3)
    assert bodies("2026")[-1] == {"t": "k", "v": 1, "vk": new.vkey}
    assert bodies("2027")[0] == {"o": old.origin, "r": plain_root(entries("2026")).hex(), "t": "s", "v": 1, "z": 4}
    assert [published(shard).size for shard in ("2026", "2027")] == [4, 3]
    assert published("2026").root == plain_root(entries("2026"))
    assert published("2027").root == plain_root(entries("2027"))
    assert (signed_sizes("2026"), signed_sizes("2027")) == ([3, 4], [3])
    assert new.vkey != old.vkey


def test_year_ends_in_utc(now):
    put(1, now=now)
    run(now)

    sequence(now=NEW_YEAR - timedelta(seconds=1))
    before = queries.current_shard()
    sequence(now=NEW_YEAR)

    assert (before, queries.current_shard()) == ("2026", "2027")


def test_shard_may_be_followed_twice_a_year(now):
    put(1, now=now)
    run(now)
    second = next_shard(head(), now=now)
    third = next_shard(second, now=now + BATCH)
    run(now + BATCH)

    assert [each.shard for each in (second, third)] == ["2026-2", "2026-3"]
    assert [bodies(shard)[-1]["t"] for shard in ("2026", "2026-2", "2026-3")] == ["k", "k", "s"]
    assert [bodies("2026-2")[0][name] for name in "oz"] == [head("2026").origin, 2]
    assert [bodies("2026-3")[0][name] for name in "oz"] == [head("2026-2").origin, 2]
    assert [published(shard).size for shard in ("2026", "2026-2", "2026-3")] == [2, 2, 1]
    sequence(now=NEW_YEAR)
    assert queries.current_shard() == "2027"


def test_second_shard_of_a_year_lasts_until_the_next_year(now):
    put(1, now=now)
    run(now)
    next_shard(head(), now=now)

    run(now + BATCH)

    assert queries.current_shard() == "2026-2"


def test_shard_whose_key_is_lost_ends_as_it_stands(now):
    put(3, now=now)
    run(now)
    path_of("log-2026").unlink()

    fresh = next_shard(head(), now=now, key_is_lost=True)
    run(now + BATCH)

    assert [body["t"] for body in bodies("2026")] == ["r", "r", "r"]
    assert [head("2026").is_open, published("2026").size] == [False, 3]
    first = {"o": "localhost:8000/log/2026", "r": plain_root(entries("2026")).hex(), "t": "s", "v": 1, "z": 3}
    assert bodies("2026-2") == [first]
    assert published("2026-2").size == fresh.size == 1


def test_key_that_is_lost_before_the_first_leaf_is_made_good_too(now):
    run(now)
    path_of("log-2026").unlink()

    next_shard(head(), now=now, key_is_lost=True)
    put(1, now=now + BATCH)
    run(now + BATCH)

    assert [body["t"] for body in bodies("2026-2")] == ["r"]  # nothing was before it
    assert (published("2026-2").size, files("2026")) == (1, {})


def test_first_beginning_that_another_worker_won_is_outrun(now, monkeypatch):
    begin = MODULES["shards"]._begin

    def begin_too_late(at):
        monkeypatch.setattr(MODULES["shards"], "_begin", begin)
        run(now)
        return begin(at)

    monkeypatch.setattr(MODULES["shards"], "_begin", begin_too_late)

    assert run(now) == 0
    assert list(Head.objects.values_list("shard", "size", "is_open")) == [("2026", 0, True)]


@pytest.mark.parametrize("damage", ["gone", "empty", "other", "of another shard"])
def test_without_its_key_the_log_stands_still_and_nothing_is_committed(now, damage):
    put(3, now=now)
    run(now)
    other = Signer("localhost:8000/log/2025", LOG, bytes(32)).skey
    if damage == "gone":
        path_of("log-2026").unlink()
    else:
        path_of("log-2026").write_text({"empty": "", "other": "PRIVATE+KEY+x"}.get(damage, other))
    put(1, now=now + BATCH, first=3)

    for moment in (now + 2 * BATCH, NEW_YEAR):
        with pytest.raises(StandsStill) as still:
            sequence(now=moment)
        assert still.value.code == KEY_LOST
    with pytest.raises(KeyLost):
        next_shard(head(), now=now)

    assert list(Head.objects.values_list("shard", "size", "is_open")) == [("2026", 3, True)]
    assert signed_sizes() == [3]
    assert Leaf.objects.filter(origin=None).count() == 1


@pytest.mark.parametrize("damage", ["gone", "of another shard"])
def test_log_goes_on_after_a_key_was_lost_between_commit_and_signature(now, monkeypatch, damage):
    put(3, now=now)
    run(now)
    put(2, now=now + BATCH, first=3)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(MODULES["sequence"], "sign", die)
        run(now + BATCH)
    path_of("log-2026").unlink()
    if damage != "gone":
        path_of("log-2026").write_text(Signer("localhost:8000/log/2025", LOG, bytes(32)).skey)

    next_shard(head(), now=now + BATCH, key_is_lost=True)
    put(1, now=now + 2 * BATCH, first=9)
    run(now + 2 * BATCH)

    assert (published("2026").size, published("2026-2").size) == (3, 2)
    assert bodies("2026-2")[0]["z"] == 5  # what was committed, though nobody could sign it


def test_leaves_that_wait_go_to_the_next_shard(now):
    hashes = put(3, now=now)
    run(now)
    hashes += put(2, now=now + BATCH, first=3)
    next_shard(head(), now=now + BATCH)
    run(now + BATCH)

    found = Leaf.objects.filter(leaf_hash__in=hashes).values_list("origin", "leaf_index")
    assert sorted(found) == sorted(
        [(head("2026").origin, n) for n in range(3)] + [(head("2026-2").origin, n) for n in (1, 2)]
    )


def test_key_of_a_beginning_that_failed_is_used(now, monkeypatch):
    put(1, now=now)
    run(now)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(MODULES["shards"], "placed", die)
        next_shard(head(), now=now)
    left = Signer.read(path_of("log-2026-2").read_text().strip())

    assert list(Head.objects.values_list("shard", "size", "is_open")) == [("2026", 1, True)]
    fresh = next_shard(head(), now=now + BATCH)
    assert fresh.vkey == left.key.vkey
    assert bodies("2026")[-1]["vk"] == left.key.vkey


def test_key_of_a_first_beginning_that_failed_is_used(now, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(Head, "save", die)
        sequence(now=now)
    left = path_of("log-2026").read_bytes()
    put(1, now=now)
    run(now)

    assert path_of("log-2026").read_bytes() == left
    assert published().size == 1


@pytest.mark.parametrize("name", ["_take", "_finish_closed", "sign"])
def test_old_shards_last_checkpoint_is_signed_though_its_worker_died(now, monkeypatch, name):
    put(3, now=now)
    run(now)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(MODULES["sequence"], name, die)
        sequence(now=NEW_YEAR)
    put(1, now=NEW_YEAR, first=3)
    between = published("2026").size
    run(NEW_YEAR)

    assert between == 3
    assert (published("2026").size, published("2027").size) == (4, 2)
    assert signed_sizes("2026") == [3, 4]


def test_closed_shards_are_not_signed_again(now):
    put(3, now=now)
    run(now)
    sequence(now=NEW_YEAR)
    old = files("2026")
    for n in range(3):
        put(1, now=NEW_YEAR + n * BATCH, first=10 + n)
        run(NEW_YEAR + n * BATCH)

    assert files("2026") == old
    assert signed_sizes("2026") == [3, 4]


def test_shard_that_others_know_and_the_rows_do_not_is_not_begun_again(now):
    folder("2026").mkdir(parents=True)
    put(1, now=now)

    with pytest.raises(StandsStill) as still:
        run(now)

    assert still.value.code == SHORTER
    assert Head.objects.count() == 0
    assert not path_of("log-2026").exists()


def test_every_shard_is_in_the_policy(now, settings):
    settings.SITE_URL = "https://answers.example.org:8443"
    put(1, now=now)
    run(now)
    sequence(now=NEW_YEAR)

    lines = queries.policy_text().splitlines()
    url = "https://answers.example.org:8443/log"
    assert [head(each).origin for each in ("2026", "2027")] == [
        f"answers.example.org:8443/log/{n}" for n in (2026, 2027)
    ]
    assert lines == [*(f"log {head(each).vkey} {url}/{each}/" for each in ("2026", "2027")), "quorum none"]


def test_worker_that_lags_behind_while_a_new_shard_is_begun_changes_nothing(now, monkeypatch):
    put(3, now=now)
    run(now)
    put(2, now=now + BATCH, first=3)
    take = MODULES["sequence"]._take

    def begin_first(stale, until):
        monkeypatch.setattr(MODULES["sequence"], "_take", take)
        next_shard(head(), now=now + BATCH)
        return take(stale, until)

    monkeypatch.setattr(MODULES["sequence"], "_take", begin_first)
    lost = run(now + BATCH)
    found = run(now + 2 * BATCH)

    assert (lost, found) == (0, 2)
    assert [body["t"] for body in bodies("2026")] == ["r", "r", "r", "k"]
    assert [body["t"] for body in bodies("2026-2")] == ["s", "r", "r"]
    assert (published("2026").size, published("2026-2").size) == (4, 3)


def test_head_that_grew_meanwhile_is_not_closed(now):
    put(3, now=now)
    run(now)
    stale = head()
    put(2, now=now + BATCH, first=3)
    refuse = MODULES["shards"].refuse_to_fork
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Outrun):
        patch.setattr(
            MODULES["shards"],
            "refuse_to_fork",
            lambda head, thorough: (refuse(head, thorough=thorough), run(now + BATCH)),
        )
        next_shard(stale, now=now + BATCH)

    assert list(Head.objects.values_list("shard", "size", "is_open")) == [("2026", 5, True)]
    assert [body["t"] for body in bodies("2026")] == ["r"] * 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("year", [2026, 2027])
def test_two_workers_that_begin_a_shard_at_once_begin_one(now, monkeypatch, year):
    if year == 2027:
        put(2, now=now)
        run(now)
    begin, said = threading.Barrier(2, timeout=20), []
    unborn = MODULES["shards"]._unborn

    def unborn_at_once(at):
        fresh = unborn(at)
        begin.wait()
        return fresh

    monkeypatch.setattr(MODULES["shards"], "_unborn", unborn_at_once)

    def work():
        try:
            said.append(sequence(now=datetime(year, 1, 1, tzinfo=UTC) + BATCH))
        except Exception as error:  # noqa: BLE001 - compared below
            said.append(error)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(40)

    assert said == [0, 0]
    assert [each.name for each in queries.shards() if each.is_open] == [str(year)]
    assert SignedCheckpoint.objects.filter(origin=head(str(year)).origin).count() == (year == 2027)
    if year == 2027:
        assert [body["t"] for body in bodies("2026")] == ["r", "r", "k"]
        assert bodies("2027")[0]["t"] == "s"
        assert key_of(head("2027")).key.vkey == bodies("2026")[-1]["vk"]
        assert (published("2026").size, published("2027").size) == (3, 1)


def test_name_of_a_desk_that_moves_changes_with_the_next_shard(now, settings):
    put(1, now=now)
    run(now)
    settings.SITE_URL = "https://answers.example.org"
    put(1, now=now + BATCH, first=1)
    run(now + BATCH)
    actions.next_shard(head(), now=now)

    assert (published("2026").origin, published("2026").size) == ("localhost:8000/log/2026", 2)
    assert head("2026-2").origin == "answers.example.org/log/2026-2"
