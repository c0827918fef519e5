"""After an older database was restored: the published files give back what is missing, or nothing is changed."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from sangto.engine.merkle.notes import LOG, WITNESS, Note, Signer
from sangto.engine.merkle.tiles import node_reader
from sangto.engine.merkle.tree import check_consistency, consistency_proof, leaf_hash
from sangto.ledger import queries
from sangto.ledger.actions import CannotRecover, forget_looks, next_shard, recover, sequence
from sangto.ledger.actions.shards import key_of
from sangto.ledger.keystore import path_of
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Head, Leaf, SignedCheckpoint, Witness
from tests.ledger.steps import (
    BATCH,
    backup,
    entries,
    files,
    folder,
    head,
    plain_path,
    plain_root,
    published,
    put,
    put_days,
    run,
    signed_sizes,
    without_guards,
)

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def refused(now) -> str:
    """Why nothing was taken back in; and that nothing was."""
    before = list(Head.objects.values_list("shard", "size", "is_open")), Leaf.objects.count(), files()
    with pytest.raises(CannotRecover) as refusal:
        recover(now=now)
    assert (list(Head.objects.values_list("shard", "size", "is_open")), Leaf.objects.count(), files()) == before
    return refusal.value.code


def assert_grew(old, new):
    """The published checkpoint continues the older one."""
    read = LocalLog("2026").read
    proof = consistency_proof(old.size, new.size, node_reader(new.size, read))
    check_consistency(old=old.size, old_root=old.root, size=new.size, root=new.root, proof=proof)


@pytest.fixture
def restored(now):
    """The database of three leaves under the files of 300; two leaves wait of which one was published already."""
    put(3, now=now)
    run(now)
    put(1, now=now + BATCH, first=3)  # waits when the backup is made
    restore = backup()
    put(296, now=now + BATCH, first=4)
    run(now + BATCH)
    restore()
    put(1, now=now + BATCH, first=1000)


def test_recovered_database_has_the_published_root_and_the_log_goes_on(now, restored):
    before, whole = published(), files()

    taken = recover(now=now + 2 * BATCH)

    assert taken == {"2026": 297}
    assert (head().size, head().root) == (300, before.root.hex())
    assert plain_root(entries()) == before.root
    assert files() == whole
    assert run(now + 2 * BATCH) == 1
    assert (published().size, published().root) == (301, plain_root(entries()))
    assert_grew(before, published())


def test_recovered_leaf_is_what_was_published(now, restored):
    recover(now=now + 2 * BATCH)

    rows = Leaf.objects.filter(leaf_index__gte=3).order_by("leaf_index")
    assert [(row.kind, row.leaf_hash) for row in rows] == [("r", leaf_hash(row.body.encode()).hex()) for row in rows]
    # The one that waited in the backup kept its row and the moment it was put in.
    assert sorted({row.created_at for row in rows}) == [now + BATCH, now + 2 * BATCH]
    assert rows.filter(created_at=now + BATCH).count() == 1


def test_what_was_signed_last_is_known_again_with_the_logs_own_line_alone(now):
    put(3, now=now)
    run(now)
    restore = backup()
    put(2, now=now + BATCH, first=3)
    run(now + BATCH)
    note = Note.read((folder() / "checkpoint").read_text())
    witness = Signer("witness.example.org/w1", WITNESS, bytes(32))
    cosigned = Note(note.text, (*note.lines, witness.cosigned(note.text, at=1)))
    (folder() / "checkpoint").write_text(str(cosigned))
    restore()

    recover(now=now)

    assert signed_sizes() == [3, 5]
    assert SignedCheckpoint.objects.get(size=5).note == str(note)


def test_recovering_twice_takes_nothing_more(now, restored):
    recover(now=now)

    assert recover(now=now) == {"2026": 0}
    assert head().size == 300


def test_recovering_a_whole_database_changes_nothing(now):
    put(3, now=now)
    run(now)
    whole = files()

    assert recover(now=now) == {"2026": 0}
    assert (files(), signed_sizes(), head().is_open) == (whole, [3], True)


def test_database_that_is_ahead_of_the_files_stays_ahead(now):
    put(3, now=now)
    run(now)
    old = files()
    put(2, now=now + BATCH, first=3)
    run(now + BATCH)
    (folder() / "checkpoint").write_bytes(old["checkpoint"])

    assert recover(now=now) == {"2026": 0}
    assert head().size == 5
    run(now + 2 * BATCH)
    assert published().size == 5


def test_empty_database_gets_its_log_back(now):
    restore = backup()
    put(3, now=now)
    put_days(2, now=now)
    run(now)
    before = published()
    restore()

    assert recover(now=now) == {"2026": 5}
    assert (head().size, head().is_open, head().root) == (5, True, before.root.hex())
    assert plain_root(entries()) == before.root
    run(now + BATCH)
    assert published() == before


def test_shard_that_began_after_the_backup_is_taken_back_in(now):
    put(3, now=now)
    run(now)
    restore = backup()
    put(2, now=now + BATCH, first=3)
    sequence(now=NEW_YEAR)
    put(2, now=NEW_YEAR, first=5)
    run(NEW_YEAR)
    before = {shard: published(shard) for shard in ("2026", "2027")}
    vkeys = [head(shard).vkey for shard in before]
    restore()

    assert recover(now=NEW_YEAR) == {"2026": 1, "2027": 5}
    assert {shard: head(shard).checkpoint for shard in before} == before
    assert [head(shard).is_open for shard in before] == [False, True]
    assert [head(shard).vkey for shard in before] == vkeys
    put(1, now=NEW_YEAR + BATCH, first=9)
    assert run(NEW_YEAR + BATCH) == 1
    assert published("2027").root == plain_root(entries("2027"))


def test_shard_that_ended_without_its_key_is_closed_again(now):
    put(3, now=now)
    run(now)
    restore = backup()
    path_of("log-2026").unlink()
    next_shard(head(), now=now + 2 * BATCH, key_is_lost=True)
    run(now + 2 * BATCH)
    before = published("2026-2")
    restore()

    assert recover(now=now + 3 * BATCH) == {"2026": 0, "2026-2": 1}
    assert [(each.name, each.is_open) for each in queries.shards()] == [("2026", False), ("2026-2", True)]
    assert run(now + 3 * BATCH) == 0
    assert published("2026-2") == before


def test_next_shard_is_chained_though_only_the_end_of_the_old_one_was_published(now):
    put(3, now=now)
    run(now)
    restore = backup()
    sequence(now=NEW_YEAR)
    announced = head("2027").vkey
    shutil.rmtree(folder("2027"))  # as if the worker had died before it published the new one
    restore()

    assert recover(now=NEW_YEAR) == {"2026": 1}
    put(1, now=NEW_YEAR, first=9)
    run(NEW_YEAR)

    assert [(each.name, each.is_open) for each in queries.shards()] == [("2026", False), ("2027", True)]
    assert head("2027").vkey == announced
    assert b'"o":"localhost:8000/log/2026"' in entries("2027")[0]
    assert published("2027").size == 2


def test_without_files_nothing_can_be_recovered(now):
    put(3, now=now)
    run(now)
    shutil.rmtree(folder())

    assert refused(now) == "no_files"


@pytest.mark.parametrize("path", [plain_path("entries", 0, 256), plain_path("entries", 1, 44)])
def test_missing_entries_change_nothing(now, restored, path):
    (folder() / path).unlink()

    assert refused(now) == "missing_files"


@pytest.mark.parametrize("path", [plain_path("entries", 0, 256), plain_path("entries", 1, 44)])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: b"",
        lambda data: bytes(len(data)),
        lambda data: data[88:],
    ],
    ids=["cut", "long", "empty", "zeros", "an entry less"],
)
def test_bundle_that_is_none_changes_nothing(now, restored, path, damage):
    (folder() / path).write_bytes(damage((folder() / path).read_bytes()))

    assert refused(now) == "wrong_files"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.replace(b'"t":"r"', b'"t":"x"', 1),
        lambda data: data[88:176] + data[:88] + data[176:],
    ],
    ids=["other letter", "other order"],
)
@pytest.mark.parametrize(
    ("path", "code"),
    [(plain_path("entries", 0, 256), "differs"), (plain_path("entries", 1, 44), "wrong_files")],
    ids=["held by the database", "not held"],
)
def test_tampered_entries_change_nothing(now, restored, path, code, damage):
    (folder() / path).write_bytes(damage((folder() / path).read_bytes()))

    assert refused(now) == code


def test_leaves_that_the_database_never_had_change_nothing(now, restored):
    row = Leaf.objects.get(leaf_index=1)
    with without_guards():
        other = leaf_hash(b"x").hex()
        Leaf.objects.filter(pk=row.pk).update(leaf_hash=other)
        Head.objects.update(root=plain_root([entries()[0], b"x", entries()[2]]).hex())

    assert refused(now) == "differs"


@pytest.mark.parametrize("seed", [bytes(32), None])
def test_checkpoint_of_another_key_changes_nothing(now, restored, seed):
    note = Note.read((folder() / "checkpoint").read_text())
    line = Signer(head().origin, LOG, seed).signed(note.text) if seed else key_of(head()).signed("another text\n")
    (folder() / "checkpoint").write_text(str(Note(note.text, (line,))))

    assert refused(now) == "other_key"


@pytest.mark.parametrize("content", [b"", b"\xff", b"<html>\n", b"localhost:8000/log/2026\n3\n"])
def test_checkpoint_that_is_none_changes_nothing(now, restored, content):
    (folder() / "checkpoint").write_bytes(content)

    assert refused(now) == "other_key"


def test_shard_whose_key_is_lost_is_not_taken_for_ours(now):
    restore = backup()
    put(3, now=now)
    run(now)
    restore()
    path_of("log-2026").unlink()

    assert refused(now) == "key_lost"


def test_one_bad_shard_leaves_all_as_they_were(now):
    put(3, now=now)
    run(now)
    restore = backup()
    sequence(now=NEW_YEAR)
    restore()
    (folder("2027") / plain_path("entries", 0, 1)).unlink()

    assert refused(now) == "missing_files"


def test_witness_that_was_ahead_is_asked_anew(now, restored):
    rows = {"ahead": "", "fork": "", "away": "away", "": ""}
    for trouble in rows:
        Witness.objects.create(origin=head().origin, vkey=f"w{trouble}", size=300, trouble=trouble)

    recover(now=now)

    assert dict(Witness.objects.values_list("vkey", "trouble")) == {f"w{each}": left for each, left in rows.items()}


def test_rows_are_looked_through_again_after_recovery(now, restored):
    recover(now=now)
    (folder() / plain_path("entries", 0, 256)).unlink()

    sequence(now=now)

    assert (folder() / plain_path("entries", 0, 256)).exists()


def test_backup_from_the_middle_of_a_batch_is_recovered(now, restored):
    """Proofs of leaves that were in the backup hold after recovery: places are the published ones."""
    recover(now=now)
    forget_looks()
    run(now + timedelta(hours=1))

    for row in Leaf.objects.filter(leaf_index__isnull=False)[:50]:
        assert queries.proof_of(row.leaf_hash).check(bytes.fromhex(row.leaf_hash)) == published()
