"""A database that is older than what was published, or another one, does not go on with the log; intake goes on."""

import json

import pytest

from sangto.desk.models import Message
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Note
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import queries
from sangto.ledger.actions import forget_looks, sequence
from sangto.ledger.actions.shards import key_of
from sangto.ledger.guard import DIFFERS, SHORTER, TROUBLES, UNREADABLE, StandsStill, refuse_to_fork
from sangto.ledger.models import Head, Leaf, SignedCheckpoint
from tests.factories import send
from tests.ledger.steps import BATCH, backup, files, folder, head, put, run, signed_sizes, without_guards

pytestmark = pytest.mark.django_db


def still(act) -> str:
    """Why the log stands still."""
    with pytest.raises(StandsStill) as stands:
        act()
    assert stands.value.code in TROUBLES
    return stands.value.code


def forged(size, root, *, origin=None) -> str:
    """A checkpoint that the log's own key signed."""
    text = Checkpoint(origin or head().origin, size, root).text
    return str(Note(text, (key_of(head()).signed(text),)))


@pytest.fixture
def grown(now):
    """A log of three leaves, then one of five; what this gives puts back the database of the first."""
    put(3, now=now)
    run(now)
    restore = backup()
    put(2, now=now + BATCH, first=3)
    run(now + BATCH)
    return restore


def test_restored_older_database_stands_still_and_intake_goes_on(now, grown):
    grown()
    put(1, now=now + BATCH, first=9)
    whole = files()

    codes = [still(lambda: run(now + 2 * BATCH)) for _ in range(3)]
    message = send()

    assert codes == [SHORTER] * 3
    assert files() == whole
    assert (head().size, signed_sizes()) == (3, [3])
    assert Message.objects.get() == message
    assert Leaf.objects.filter(origin=None, kind="r").count() == 2
    assert queries.trouble() == SHORTER


def test_database_of_before_the_log_began_stands_still(now):
    restore = backup()
    put(3, now=now)
    run(now)
    restore()
    put(1, now=now + BATCH, first=9)

    assert still(lambda: run(now + BATCH)) == SHORTER
    assert Head.objects.count() == 0


def test_database_of_before_the_new_year_stands_still_and_stays_as_it_was(now, grown):
    grown()

    assert still(lambda: sequence(now=now.replace(year=2027))) == SHORTER

    assert list(Head.objects.values_list("shard", "size", "is_open")) == [("2026", 3, True)]
    assert Leaf.objects.count() == 3


def test_database_that_lacks_a_later_shard_stands_still(now):
    put(3, now=now)
    run(now)
    restore = backup()
    sequence(now=now.replace(year=2027))
    restore()

    assert still(lambda: sequence(now=now.replace(year=2027))) == SHORTER
    (folder("2026") / "checkpoint").unlink()  # even where only the later one is known
    assert still(lambda: sequence(now=now.replace(year=2027))) == SHORTER

    assert list(Head.objects.values_list("shard", "size")) == [("2026", 3)]


def test_signed_row_beyond_the_head_stands_still_without_the_files(now):
    put(3, now=now)
    run(now)
    SignedCheckpoint.objects.create(origin=head().origin, size=4, note=forged(4, bytes(32)), signed_at=now)
    (folder() / "checkpoint").unlink()

    assert still(lambda: run(now + BATCH)) == SHORTER


@pytest.mark.parametrize("size", [3, 2])
def test_other_root_of_a_published_size_stands_still_at_the_first_look(now, size):
    put(3, now=now)
    run(now)
    (folder() / "checkpoint").write_text(forged(size, bytes(32)))
    forget_looks()

    assert still(lambda: run(now + BATCH)) == DIFFERS


def test_other_root_of_the_newest_size_stands_still_at_every_look(now):
    put(3, now=now)
    run(now)
    (folder() / "checkpoint").write_text(forged(3, bytes(32)))

    assert still(lambda: run(now + BATCH)) == DIFFERS
    assert queries.trouble() == DIFFERS


def test_checkpoint_of_another_log_stands_still(now):
    put(3, now=now)
    run(now)
    (folder() / "checkpoint").write_text(forged(1, bytes(32), origin="localhost:8000/log/2025"))

    assert still(lambda: run(now + BATCH)) == DIFFERS


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"<html>404</html>\n", b"localhost:8000/log/2026\n3\nAAAA\n"])
def test_checkpoint_that_cannot_be_read_stands_still(now, content):
    put(3, now=now)
    run(now)
    (folder() / "checkpoint").write_bytes(content)
    put(1, now=now + BATCH, first=9)

    assert still(lambda: run(now + BATCH)) == UNREADABLE
    assert (folder() / "checkpoint").read_bytes() == content
    assert head().size == 3


def rewrite(index, text, *, now):
    """Change a leaf's row and its hash, as whoever owns the database can."""
    row = Leaf.objects.get(leaf_index=index)
    body = json.dumps({**json.loads(row.body), "c": text * 64}, separators=(",", ":"), sort_keys=True)
    with without_guards():
        Leaf.objects.filter(pk=row.pk).update(body=body, leaf_hash=leaf_hash(body.encode()).hex())


@pytest.mark.parametrize("index", [0, 1, 2])
def test_rewritten_row_is_found_at_the_first_look(now, index):
    put(3, now=now)
    run(now)
    rewrite(index, "f", now=now)
    whole = files()
    put(1, now=now + BATCH, first=9)
    forget_looks()

    assert still(lambda: run(now + BATCH)) == DIFFERS
    assert files() == whole
    assert head().size == 3


def test_row_of_an_old_leaf_that_is_rewritten_while_the_worker_runs_changes_nothing_that_is_public(now):
    put(3, now=now)
    run(now)
    published, size = files(), head().size
    rewrite(0, "f", now=now)
    put(1, now=now + BATCH, first=9)

    # The tile of the larger size would hold the rewritten row: its root shows it, and nothing is signed.
    assert still(lambda: run(now + BATCH)) == DIFFERS
    assert files()["checkpoint"] == published["checkpoint"]
    assert signed_sizes() == [size]


def test_row_that_was_rewritten_and_kept_its_hash_is_found_too(now):
    put(3, now=now)
    run(now)
    row = Leaf.objects.get(leaf_index=1)
    with without_guards():
        Leaf.objects.filter(pk=row.pk).update(body=row.body.replace("0", "f"))
    whole = files()
    forget_looks()

    assert still(lambda: run(now + BATCH)) == DIFFERS
    assert files() == whole


def test_leaf_that_was_rewritten_while_it_waited_is_not_signed(now):
    put(3, now=now)
    run(now)
    published = files()
    put(1, now=now + BATCH, first=9)
    with without_guards():
        Leaf.objects.filter(origin=None).update(body='{"day":"2026-05-25","t":"x","v":1}')

    assert still(lambda: run(now + BATCH)) == DIFFERS
    assert files()["checkpoint"] == published["checkpoint"]
    assert signed_sizes() == [3]


@pytest.mark.parametrize("index", [0, 2])
def test_deleted_row_is_found_at_the_first_look(now, index):
    put(3, now=now)
    run(now)
    with without_guards():
        Leaf.objects.filter(leaf_index=index).delete()
    forget_looks()

    assert still(lambda: run(now + BATCH)) == SHORTER


def test_head_with_another_root_is_found_at_the_first_look(now):
    put(3, now=now)
    run(now)
    with without_guards():
        Head.objects.update(root="f" * 64)
    forget_looks()

    assert still(lambda: run(now + BATCH)) == DIFFERS


def test_whole_database_may_go_on(now):
    put(3, now=now)
    run(now)

    refuse_to_fork(head(), thorough=True)

    assert queries.trouble() == ""
    forget_looks()
    assert run(now + BATCH) == 0


def test_there_is_no_trouble_before_the_log_begins():
    assert queries.trouble() == ""
