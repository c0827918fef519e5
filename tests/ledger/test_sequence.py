"""Batches: when leaves get their places, in which order, and what happens when a worker is too late or dies."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Key, Note
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import actions
from sangto.ledger.actions.shards import Outrun, advance, key_of
from sangto.ledger.guard import SIGNED_BEFORE, StandsStill
from sangto.ledger.local import LocalLog
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
    put_days,
    run,
    signed_sizes,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
MODULES = {each: import_module(f"sangto.ledger.actions.{each}") for each in ("sequence", "publish", "shards")}
MODULES["guard"] = import_module("sangto.ledger.guard")
module = MODULES["sequence"]  # the package shows the function of this name


class Died(Exception):
    """The worker died here."""


def die(*_args, **_kwargs):
    raise Died


def test_leaf_waits_until_the_slot_it_came_in_has_ended(now):
    at = now + timedelta(minutes=3)
    put(2, now=at)

    early = [actions.sequence(now=moment) for moment in (at, at + timedelta(minutes=6), now + BATCH - SECOND)]
    waiting = Leaf.objects.filter(origin=None).count()
    taken = actions.sequence(now=now + BATCH)

    assert (early, waiting, taken) == ([0, 0, 0], 2, 2)


def test_leaf_of_the_slot_that_runs_stays_behind(now):
    put(2, now=now + timedelta(minutes=9))
    put(3, now=now + timedelta(minutes=10), first=2)

    assert actions.sequence(now=now + timedelta(minutes=11)) == 2
    assert published().size == 2
    assert actions.sequence(now=now + timedelta(minutes=20)) == 3


def test_length_of_a_slot_is_set_by_the_operator(now, settings):
    settings.LEDGER_BATCH_MINUTES = 60
    put(1, now=now)

    assert actions.sequence(now=now + timedelta(minutes=59)) == 0
    assert actions.sequence(now=now + timedelta(minutes=60)) == 1


def test_leaf_that_a_false_clock_dated_does_not_wait_for_it_nor_overtake(now):
    put_days(1, now=now)
    put_days(1, now=now + timedelta(days=3650), first=2)
    put_days(1, now=now, first=3)

    within, after = (actions.sequence(now=at) for at in (now, now + BATCH))

    assert (within, after) == (0, 3)
    assert [entry[8:18] for entry in entries()] == [b"2026-01-01", b"2026-01-02", b"2026-01-03"]


def test_everything_is_taken_at_once_only_on_demand(now):
    put(2, now=now)

    assert actions.sequence(now=now, everything=True) == 2
    assert published().size == 2


def test_nothing_is_signed_or_published_where_nothing_happened(now):
    assert run(now) == 0

    assert (files(), signed_sizes(), head().size) == ({}, [], 0)


def test_there_is_no_empty_batch(now):
    put(1, now=now)
    run(now)
    held = files()

    assert [run(now + n * BATCH) for n in range(1, 4)] == [0, 0, 0]
    assert files() == held
    assert signed_sizes() == [1]


def test_places_are_counted_up_and_every_leaf_has_one(now):
    hashes = [*put(5, now=now), *put_days(3, now=now)]
    run(now)
    hashes += put(4, now=now + BATCH, first=5)
    run(now + BATCH)

    placed = entries()
    assert {leaf_hash(each).hex() for each in placed} == set(hashes)
    assert len(placed) == len(hashes) == head().size
    assert head().root == plain_root(placed).hex()


def test_checkpoint_says_origin_size_and_root_and_nothing_else(now):
    put(3, now=now)
    run(now)

    checkpoint, note = published(), Note.read((folder() / "checkpoint").read_text())
    assert (checkpoint.origin, checkpoint.size) == ("localhost:8000/log/2026", 3)
    assert checkpoint.root == plain_root(entries())
    assert note.text.count("\n") == 3
    assert len(note.lines) == 1


def test_received_leaves_change_places_among_themselves(now):
    hashes = put(64, now=now)
    run(now)

    found = list(Leaf.objects.order_by("leaf_index").values_list("leaf_hash", flat=True))
    assert sorted(found) == sorted(hashes)
    assert found != hashes  # by chance once in 64! runs


def test_the_others_keep_their_order_and_their_places(now):
    days = []
    for n in range(1, 25):
        put(2, now=now, first=2 * n)
        days += put_days(1, now=now, first=n)
    run(now)

    found = list(Leaf.objects.order_by("leaf_index").values_list("kind", "leaf_hash"))
    assert [kind for kind, _hash in found] == ["r", "r", "x"] * 24
    assert [each for kind, each in found if kind == "x"] == days


def test_received_and_outcome_leaves_are_shuffled_together(now, monkeypatch):
    with transaction.atomic():
        for n in range(4):
            actions.append("r", now=now, c=f"{n:064x}")
            actions.append("o", now=now, c=f"{n + 4:064x}", k="answered")
    monkeypatch.setattr(module, "SHUFFLE", lambda loose: loose.sort(key=lambda pk: (pk % 3, pk)))
    loose = list(Leaf.objects.order_by("pk").values_list("pk", flat=True))
    run(now)

    # Places are handed out from the end of what was shuffled.
    expected = sorted(loose, key=lambda pk: (pk % 3, pk))[::-1]
    assert list(Leaf.objects.order_by("leaf_index").values_list("pk", flat=True)) == expected


def test_batches_are_cut_where_they_are_full_and_shuffled_before(now, settings, monkeypatch):
    settings.LEDGER_BATCH_MAX = 4
    sizes, commit = [], module._commit
    monkeypatch.setattr(module, "_commit", lambda head, order: (sizes.append(len(order)), commit(head, order)))
    monkeypatch.setattr(module, "SHUFFLE", lambda loose: loose.sort())
    put(10, now=now)

    assert run(now) == 10
    assert sizes == [4, 4, 2]
    assert signed_sizes() == [10]
    # From the end: the last to come is the first, across the cuts.
    found = list(Leaf.objects.order_by("leaf_index").values_list("pk", flat=True))
    assert found == sorted(found, reverse=True)


def test_number_of_queries_does_not_grow_with_the_leaves(now):
    counts = []
    put(1, now=now)
    run(now)
    for n, size in enumerate((1, 100, 150), start=1):
        put(size, now=now + n * BATCH, first=1000 * n)
        with CaptureQueriesContext(connection) as found:
            run(now + n * BATCH)
        counts.append(len(found))

    assert len(set(counts)) == 1
    assert counts[0] <= 32


def test_round_without_leaves_asks_little(now, django_assert_max_num_queries):
    put(1, now=now)
    run(now)

    with django_assert_max_num_queries(11):
        run(now + BATCH)


def before(monkeypatch, where, name, act):
    """Once, do this just before a function of the sequencer is called."""
    called = getattr(where, name)

    def act_first(*args, **kwargs):
        monkeypatch.setattr(where, name, called)
        act()
        return called(*args, **kwargs)

    monkeypatch.setattr(where, name, act_first)


def test_worker_that_is_outrun_changes_nothing(now, monkeypatch):
    put(3, now=now)
    run(now)
    put(2, now=now + BATCH, first=3)
    won = []
    before(monkeypatch, module, "_shuffled", lambda: won.append(run(now + BATCH)))

    lost = run(now + BATCH)

    assert (won, lost) == ([2], 0)
    assert (head().size, published().size, signed_sizes()) == (5, 5, [3, 5])
    assert len(entries()) == 5


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("sequence", "key_of"),
        ("sequence", "refuse_to_fork"),
        ("sequence", "_take"),
        ("sequence", "_finish_closed"),
        ("sequence", "sign"),
        ("guard", "_published"),
    ],
)
def test_worker_that_lags_behind_raises_no_alarm(now, monkeypatch, where, name):
    put(3, now=now)
    run(now)
    put(2, now=now + BATCH, first=3)

    def another_round():
        put(2, now=now + BATCH, first=7)
        actions.sequence(now=now + 2 * BATCH)

    before(monkeypatch, MODULES[where], name, another_round)
    run(now + BATCH)

    assert (head().size, published().size) == (7, 7)
    assert published().root == plain_root(entries())
    assert set(signed_sizes()) <= {3, 5, 7}


@pytest.mark.parametrize("name", ["write_tiles", "_keep"])
def test_worker_that_another_machine_overtakes_raises_no_alarm(now, monkeypatch, settings, tmp_path, name):
    put(3, now=now)
    run(now)
    put(2, now=now + BATCH, first=3)

    def other_machine():
        settings.LEDGER_DIR = tmp_path / "other machine"
        put(2, now=now + BATCH, first=7)
        actions.sequence(now=now + 2 * BATCH)
        settings.LEDGER_DIR = None

    before(monkeypatch, module, name, other_machine)
    run(now + BATCH)
    run(now + 2 * BATCH)

    assert (head().size, published().size) == (7, 7)
    assert published().root == plain_root(entries())
    assert set(signed_sizes()) <= {3, 5, 7}


def test_head_moves_only_from_where_it_was_read(now):
    put(2, now=now)
    run(now)
    stale, fresh = head(), head()
    advance(fresh, fresh.right_edge.extended([bytes(32)]))

    with pytest.raises(Outrun):
        advance(stale, stale.right_edge.extended([bytes([1]) * 32]))

    assert (head().size, head().root) == (3, fresh.root)


@pytest.mark.parametrize("change", [{"is_open": False}, {"size": 3, "root": "f" * 64}])
def test_head_that_was_closed_or_grew_meanwhile_is_not_moved(now, change):
    put(2, now=now)
    run(now)
    stale = head()
    Head.objects.update(**change)

    with pytest.raises(Outrun):
        advance(stale, stale.right_edge.extended([bytes(32)]))


def test_leaf_that_another_worker_placed_stops_the_batch(now):
    put(3, now=now)
    stale = actions.sequence(now=now) or head()
    ids = list(Leaf.objects.order_by("pk").values_list("pk", flat=True))
    Leaf.objects.filter(pk=ids[1]).update(origin="another log", leaf_index=0)

    with pytest.raises(Outrun), transaction.atomic():
        module._commit(stale, ids)

    assert head().size == 0
    assert Leaf.objects.filter(origin=head().origin).count() == 0


def test_commit_before_the_signature_is_made_good(now, monkeypatch):
    put(3, now=now)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(module, "sign", die)
        run(now)
    committed = head()

    assert (committed.size, signed_sizes(), files()) == (3, [], {})
    assert run(now + BATCH) == 0
    assert (published().size, published().root.hex()) == (3, committed.root)
    assert signed_sizes() == [3]


@pytest.mark.parametrize(("where", "name"), [(module, "write_tiles"), (module, "_keep"), (LocalLog, "publish")])
def test_death_at_any_point_leaves_the_old_checkpoint_until_the_next_round(now, monkeypatch, where, name):
    put(3, now=now)
    run(now)
    first = (folder() / "checkpoint").read_bytes()
    put(2, now=now + BATCH, first=3)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(where, name, die)
        run(now + BATCH)
    between = (folder() / "checkpoint").read_bytes()

    run(now + 2 * BATCH)

    assert between == first
    assert published().size == 5
    assert published().root == plain_root(entries())
    assert signed_sizes() == [3, 5]


def test_signing_again_gives_the_same_bytes(now):
    put(3, now=now)
    run(now)
    signer, held = key_of(head()), files()

    lines = {signer.signed(head().checkpoint.text) for _ in range(3)}
    for n in range(3):
        actions.sequence(now=now + n * BATCH)
        module._keep(head(), signer, now=now + timedelta(days=n))

    assert len(lines) == 1
    assert files() == held
    assert signed_sizes() == [3]
    assert SignedCheckpoint.objects.get().signed_at == now + BATCH


def test_size_that_was_signed_with_another_root_is_in_the_way(now, monkeypatch):
    put(3, now=now)
    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr(module, "sign", die)
        run(now)
    other = Checkpoint(head().origin, 3, bytes(32))
    signer = key_of(head())
    note = str(Note(other.text, (signer.signed(other.text),)))
    SignedCheckpoint.objects.create(origin=other.origin, size=3, note=note, signed_at=now)

    with pytest.raises(StandsStill) as still:
        module._keep(head(), signer, now=now)

    assert still.value.code == SIGNED_BEFORE
    assert SignedCheckpoint.objects.get().note == note
    with pytest.raises(StandsStill):
        run(now + BATCH)
    assert "checkpoint" not in files()


def test_size_beyond_the_committed_one_that_was_signed_stops_the_signing(now):
    put(3, now=now)
    run(now)
    larger = Checkpoint(head().origin, 4, bytes(32))
    note = str(Note(larger.text, (key_of(head()).signed(larger.text),)))
    SignedCheckpoint.objects.create(origin=larger.origin, size=4, note=note, signed_at=now)

    with pytest.raises(StandsStill) as still:
        module.sign(head(), key_of(head()), now=now)

    assert still.value.code == SIGNED_BEFORE
    assert published().size == 3


def test_every_signed_checkpoint_is_kept_as_it_was_signed(now):
    for n in range(4):
        put(n + 1, now=now + n * BATCH, first=100 * n)
        run(now + n * BATCH)

    key = Key.read(head().vkey)
    notes = [Note.read(row.note) for row in SignedCheckpoint.objects.order_by("size")]
    assert signed_sizes() == [1, 3, 6, 10]
    assert [set(note.signed_by([key])) for note in notes] == [{key}] * 4
    roots = [plain_root(entries()[:size]) for size in (1, 3, 6, 10)]
    assert [Checkpoint.read(note.text).root for note in notes] == roots
