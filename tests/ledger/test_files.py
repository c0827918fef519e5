"""The files: to the byte what tlog-tiles says, never other bytes under one name, made anew where they are damaged."""

import random
import shutil
import stat
from datetime import timedelta

import pytest

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Note
from sangto.engine.merkle.tiles import Tile
from sangto.ledger import actions
from sangto.ledger.actions import forget_looks, mend_missing, mend_tiles
from sangto.ledger.actions.publish import publish
from sangto.ledger.build import RowsMissing, root_in_tiles, roots_in_rows
from sangto.ledger.guard import DIFFERS, SHORTER, StandsStill
from sangto.ledger.local import LocalLog, OtherBytes, shards_on_disk
from sangto.ledger.models import Leaf, SignedCheckpoint
from tests.ledger.steps import (
    BATCH,
    entries,
    files,
    folder,
    head,
    plain_path,
    plain_root,
    plain_tiles,
    published,
    put,
    run,
    signed_sizes,
    without_guards,
)

pytestmark = pytest.mark.django_db
SPLITS = [
    [1],
    [255, 1, 1],
    [256, 256],
    [257, 300, 43],
    *([random.Random(seed).randint(1, 90) for _ in range(8)] for seed in range(6)),
]


def publish_in(sizes, *, now):
    """So many leaves in each batch; the sizes that were published."""
    for n, size in enumerate(sizes):
        put(size, now=now + n * BATCH, first=10_000 * n)
        run(now + n * BATCH)
    return [sum(sizes[: n + 1]) for n in range(len(sizes))]


def expected_files(sizes):
    """The tiles of every size that was published: a partial one stays where it is when it has grown."""
    leaves = entries()
    return {path: data for size in sizes for path, data in plain_tiles(leaves[:size]).items()}


@pytest.mark.parametrize("split", SPLITS, ids=lambda split: "+".join(map(str, split)))
def test_tiles_and_bundles_are_those_of_a_plain_recomputation(now, split):
    sizes = publish_in(split, now=now)
    found = files()
    note = found.pop("checkpoint")

    assert found == expected_files(sizes)
    assert Checkpoint.read(Note.read(note.decode()).text).root == plain_root(entries())
    assert signed_sizes() == sizes


def test_one_order_of_leaves_has_one_root_however_it_is_split(now, monkeypatch, settings, tmp_path):
    from importlib import import_module

    # Places are handed out from the end: turned round, they keep the order of arrival.
    monkeypatch.setattr(import_module("sangto.ledger.actions.sequence"), "SHUFFLE", lambda loose: loose.reverse())
    settings.LEDGER_BATCH_MAX = 37
    put(300, now=now)
    run(now)

    rows = [f'{{"c":"{n:064x}","t":"r","v":1}}'.encode() for n in range(300)]
    assert entries() == rows
    assert published().root == plain_root(rows)


def test_partial_tile_of_every_published_size_stays(now):
    publish_in([3, 4, 5], now=now)

    assert {path for path in files() if path.startswith("tile/0/")} == {plain_path("0", 0, w) for w in (3, 7, 12)}


def test_files_are_for_everybody_to_read(now):
    publish_in([257], now=now)

    modes = {stat.S_IMODE((folder() / path).stat().st_mode) for path in files()}
    assert modes == {0o644}


def test_no_draft_is_left_behind(now):
    publish_in([3, 4], now=now)

    names = {path.name for path in folder().rglob("*")}
    assert {name for name in names if name.startswith(".")} == {".lock"}


def test_tile_is_not_written_over_with_other_bytes(now):
    publish_in([3], now=now)
    local, tile = LocalLog("2026"), Tile(0, 0, 3)
    before = local.read(tile)

    local.write(tile, before)
    with pytest.raises(OtherBytes):
        local.write(tile, bytes(96))

    assert local.read(tile) == before


def test_hashes_are_cut_out_of_a_full_tile_and_entries_are_not(now):
    publish_in([256], now=now)
    local = LocalLog("2026")

    assert local.read(Tile(0, 0, 5)) == plain_tiles(entries()[:5])[plain_path("0", 0, 5)]
    with pytest.raises(FileNotFoundError):
        local.read(Tile(-1, 0, 5))
    with pytest.raises(FileNotFoundError):
        local.read(Tile(0, 1, 5))


@pytest.mark.parametrize("level", ["0", "entries"])
def test_other_bytes_where_the_next_tile_goes_stop_the_log(now, level):
    publish_in([3], now=now)
    path = folder() / plain_path(level, 0, 5)
    path.write_bytes(bytes(160))
    put(2, now=now + BATCH, first=3)
    before = (folder() / "checkpoint").read_bytes()

    with pytest.raises(StandsStill) as still:
        run(now + BATCH)

    assert still.value.code == DIFFERS
    assert path.read_bytes() == bytes(160)
    assert (folder() / "checkpoint").read_bytes() == before
    assert signed_sizes() == [3]


def test_smaller_checkpoint_is_not_put_over_a_larger_one(now):
    publish_in([3, 2], now=now)
    larger, note = files(), SignedCheckpoint.objects.get(size=3).note
    with without_guards():
        SignedCheckpoint.objects.filter(size=5).delete()

    with pytest.raises(StandsStill) as still:
        publish(head())

    assert still.value.code == SHORTER
    assert files() == larger
    (folder() / "checkpoint").write_text(note)
    publish(head())
    assert published().size == 3


def test_checkpoint_that_says_the_same_is_not_written_again(now):
    publish_in([3], now=now)
    before = (folder() / "checkpoint").stat()

    publish(head())
    actions.sequence(now=now + timedelta(hours=1))

    after = (folder() / "checkpoint").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_upper_tile_that_does_not_fit_stops_the_log_before_it_signs(now):
    """A level 1 tile is computed from the level 0 tiles on the disk: a damaged one there shows in the root."""
    publish_in([200], now=now)
    put(400, now=now + BATCH, first=500)
    first_full = folder() / plain_path("0", 0, 256)
    first_full.write_bytes(bytes(8192))

    with pytest.raises(StandsStill) as still:
        run(now + BATCH)

    assert still.value.code == DIFFERS
    assert signed_sizes() == [200]


def damage_none(path):
    path.unlink()


def damage_other(path):
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])


def damage_short(path):
    path.write_bytes(path.read_bytes()[:-1])


def damage_long(path):
    path.write_bytes(path.read_bytes() + b"\0")


DAMAGES = (damage_none, damage_other, damage_short, damage_long)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "path",
    [
        plain_path("entries", 0, 256),
        plain_path("entries", 1, 44),
        plain_path("0", 0, 256),
        plain_path("0", 1, 144),
        plain_path("1", 0, 1),
    ],
)
def test_damaged_tile_is_found_and_made_anew_at_the_first_look(now, caplog, path, damage):
    publish_in([300, 100], now=now)
    whole = files()
    damage(folder() / path)
    forget_looks()

    actions.sequence(now=now + 3 * BATCH)

    assert files() == whole
    assert [record.getMessage() for record in caplog.records] == [
        "1 files of the log were damaged or missing and were made anew"
    ]


def test_mending_names_what_it_mended(now):
    publish_in([300], now=now)
    wrong = [plain_path("0", 0, 256), plain_path("1", 0, 1), plain_path("entries", 1, 44)]
    for path in wrong:
        damage_other(folder() / path)

    assert sorted(mend_tiles(head())) == sorted(wrong)
    assert mend_tiles(head()) == []


def test_process_that_has_looked_does_not_look_at_every_file_again(now):
    publish_in([300], now=now)
    damage_other(folder() / plain_path("entries", 0, 256))
    damaged = files()

    actions.sequence(now=now + 3 * BATCH)

    assert files() == damaged


def is_superseded(path, size):
    """A full tile stands for the partial ones before it."""
    if ".p/" not in path:
        return False
    _tile, level, n, *_width = path.replace(".p", "").split("/")
    span = 256 ** (1 if level == "entries" else int(level) + 1)
    return (int(n) + 1) * span <= size


@pytest.mark.parametrize("sizes", [[1, 2], [250, 10], [3, 4, 5], [250, 3, 3, 200, 7, 1]])
def test_lost_folder_is_made_anew_from_the_rows_to_the_byte(now, sizes):
    publish_in(sizes, now=now)
    whole = files()
    needed = {path: data for path, data in whole.items() if not is_superseded(path, sum(sizes))}
    shutil.rmtree(folder())
    forget_looks()

    actions.sequence(now=now + timedelta(hours=2))

    assert files() == needed


def test_roots_of_all_sizes_come_from_one_reading_of_the_rows(now):
    publish_in([300], now=now)
    leaves, sizes = entries(), [300, 0, 1, 2, 7, 7, 256, 299, 128]

    found = roots_in_rows(head().origin, sizes)

    assert found == {size: plain_root(leaves[:size]) for size in sizes}
    with pytest.raises(RowsMissing):
        roots_in_rows(head().origin, [3, 301])
    with pytest.raises(RowsMissing):
        roots_in_rows("another.example.org/log", [1])


def test_root_that_the_tiles_give_and_none_where_some_are_missing(now):
    publish_in([200, 100], now=now)
    read = LocalLog("2026").read

    assert [root_in_tiles(size, read=read) for size in (200, 256, 300)] == [
        plain_root(entries()[:size]) for size in (200, 256, 300)
    ]
    assert [root_in_tiles(size, read=read) for size in (301, 257)] == [None, None]
    (folder() / plain_path("0", 1, 44)).write_bytes(bytes(31))
    assert root_in_tiles(300, read=read) is None


def test_a_second_machine_makes_the_same_files(now, settings, tmp_path):
    publish_in([250, 3, 3], now=now)
    first = files()
    settings.LEDGER_KEYS, settings.LEDGER_DIR = tmp_path / "keys", tmp_path / "elsewhere"
    forget_looks()

    actions.sequence(now=now + timedelta(hours=2))

    second = files()
    assert folder() == tmp_path / "elsewhere" / "2026"
    assert second == {path: first[path] for path in second}
    assert published().size == 256


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"<html>", b"a\n1\nx\n\n", b"localhost:8000/log/2026\n3\n"])
def test_published_checkpoint_that_is_none_is_not_taken_for_one(now, content):
    publish_in([3], now=now)
    (folder() / "checkpoint").write_bytes(content)

    with pytest.raises(BadNote):
        LocalLog("2026").published()


def test_shards_on_the_disk_are_listed_from_the_oldest(settings, tmp_path):
    settings.LEDGER_DIR = tmp_path / "log"
    for name in ("2027", "2026-10", "2026", "2026-2"):
        LocalLog(name).folder.mkdir(parents=True)
        (LocalLog(name).folder / "checkpoint").write_text("x")
    (tmp_path / "log" / "2025").mkdir()

    assert shards_on_disk() == ["2026", "2026-2", "2026-10", "2027"]


@pytest.mark.parametrize("lost", ["tile/entries/000.p/3", "tile/0/000.p/3", "everything"])
def test_file_that_was_lost_is_made_anew_by_its_name_alone(now, lost):
    publish_in([3], now=now)
    before = files()
    shutil.rmtree(folder() / "tile") if lost == "everything" else (folder() / lost).unlink()

    made = mend_missing()

    assert made == (2 if lost == "everything" else 1)
    assert files() == before


def test_files_that_are_all_there_are_not_read(now, django_assert_num_queries):
    publish_in([3, 400], now=now)

    with django_assert_num_queries(2):
        assert mend_missing() == 0


def test_files_are_not_made_of_rows_that_were_changed(now):
    publish_in([3], now=now)
    with without_guards():
        Leaf.objects.filter(leaf_index=1).update(body='{"c":"' + "f" * 64 + '","t":"r","v":1}')
    (folder() / "tile/entries/000.p/3").unlink()

    with pytest.raises(StandsStill) as still:
        mend_missing()

    assert still.value.code == DIFFERS
    assert not (folder() / "tile/entries/000.p/3").exists()


def test_log_without_a_checkpoint_misses_nothing(now):
    put(3, now=now)

    assert mend_missing() == 0
