"""Trees, tiles, bundles and `consistency`, against the naive log."""

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import ORIGIN, NaiveDesk, NaiveKey, NaiveLog, b64, policy, put, tile_name, witness
from tests.ledger.running import both, refused, said

W1 = witness(1)
EMPTY = NaiveLog().root(0)


def log_of(size: int) -> NaiveLog:
    log = NaiveLog()
    for number in range(size):
        log.add(b"entry %d" % number)
    return log


LOG_70, MIDDLE, BIG = log_of(70), log_of(700), log_of(66000)


def test_every_inclusion_proof_to_size_70_verifies_and_no_other_place_does():
    for size in range(1, 71):
        for index in range(0, size, 3):
            path = LOG_70.inclusion(index, 0, size)
            args = (LOG_70.root(size), path)

            verify.check_inclusion(LOG_70.leaf_hash(index), index, size, *args)
            for other in {index - 1, index + 1, size - 1, 0} - {index}:
                with refused("index" if not 0 <= other < size else "inclusion"):
                    verify.check_inclusion(LOG_70.leaf_hash(index), other, size, *args)


def test_every_consistency_proof_to_size_70_verifies_and_no_changed_one_does():
    for new in range(1, 71):
        for old in range(1, new + 1):
            path = LOG_70.consistency(old, new)
            roots = (LOG_70.root(old), LOG_70.root(new))

            verify.check_consistency(old, new, *roots, path)
            for changed in ([*path, bytes(32)], path[1:], path[:-1], [bytes(32), *path]):
                if changed != path:
                    with refused("consistency"):
                        verify.check_consistency(old, new, *roots, changed)
            with refused("consistency"):
                verify.check_consistency(old, new, bytes(32), roots[1], path)
            with refused("consistency"):
                verify.check_consistency(old, new, roots[0], bytes(32), path)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_sizes_about_which_nothing_can_be_shown_are_refused(old, new):
    with refused("consistency"):
        verify.check_consistency(old, new, EMPTY, EMPTY, [])


def test_short_hashes_are_refused():
    root = verify.join(LOG_70.leaf_hash(0), b"short")

    with refused("inclusion"):
        verify.check_inclusion(LOG_70.leaf_hash(0), 0, 2, root, [b"short"])


def test_roots_grow_as_the_tree_does():
    edge: list[bytes] = []

    assert verify.root_of(edge) == EMPTY
    for index in range(70):
        verify.grow(edge, index, LOG_70.leaf_hash(index))

        assert verify.root_of(edge) == LOG_70.root(index + 1)
        assert len(edge) == (index + 1).bit_count()


@pytest.mark.parametrize("n", [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 70000, 999999, 1000000, 1234067, 10**9])
def test_tile_paths_are_those_of_the_specification(n):
    assert verify.tile_path("tile/0", n) == f"tile/0/{tile_name(n, 256)}"


@pytest.mark.parametrize(
    "sizes",
    [
        (1, 2),
        (3, 7),
        (255, 256),
        (256, 257),
        (255, 700),
        (512, 700),
        (699, 700),
        (1, 66000),
        (65536, 66000),
        (65535, 65536),
        (40000, 66000),
    ],
)
def test_proofs_are_read_from_tiles(tmp_path, sizes):
    old, new = sizes
    log = BIG if new > 700 else MIDDLE
    log.write(tmp_path, new)

    tree = verify.Tree(str(tmp_path), new)

    assert tree.consistency(old) == log.consistency(old, new)


def test_full_tile_serves_where_the_partial_one_is_gone(tmp_path):
    MIDDLE.write(tmp_path, 512)

    assert verify.Tree(str(tmp_path), 300).consistency(100) == MIDDLE.consistency(100, 300)
    data = verify.tile_part(f"{tmp_path}/tile/entries", 1, 44)
    assert verify.read_bundle(data, 44, "x") == MIDDLE.entries[256:300]


def test_missing_tile_is_said(tmp_path):
    MIDDLE.write(tmp_path, 300)
    (tmp_path / "tile/0/001.p/44").unlink()

    with refused("part", name=f"{tmp_path}/tile/0/001"):
        verify.Tree(str(tmp_path), 300).consistency(299)


@pytest.mark.parametrize("length", [0, 31, 32 * 43, 32 * 44 - 1, 32 * 44 + 1])
def test_tile_of_another_length_is_refused(tmp_path, length):
    MIDDLE.write(tmp_path, 300)
    put(tmp_path / "tile/0/001.p/44", bytes(length))

    with refused("part", name=f"{tmp_path}/tile/0/001"):
        verify.Tree(str(tmp_path), 300).consistency(299)


def test_tile_that_is_too_long_is_refused(tmp_path):
    MIDDLE.write(tmp_path, 300)
    put(tmp_path / "tile/0/001.p/44", bytes(8193))

    with refused("too_long", name=f"{tmp_path}/tile/0/001.p/44", limit=8192):
        verify.Tree(str(tmp_path), 300).consistency(299)


def bundle(*entries: bytes) -> bytes:
    return b"".join(len(each).to_bytes(2, "big") + each for each in entries)


def test_bundle_is_read():
    assert verify.read_bundle(bundle(b"a", b"", b"ccc"), 3, "x") == [b"a", b"", b"ccc"]
    assert verify.read_bundle(bundle(b"a", b"", b"ccc"), 1, "x") == [b"a"]
    assert verify.read_bundle(bundle(*[b"a"] * 256), 256, "x") == [b"a"] * 256
    assert verify.read_bundle(b"", 0, "x") == []


@pytest.mark.parametrize(
    "data", [bundle(b"a")[:-1], bundle(b"a") + b"\0", bundle(b"a"), b"", b"\0", bundle(*[b"a"] * 257)]
)
def test_bundle_that_is_cut_short_is_refused(data):
    with refused("part", name="x"):
        verify.read_bundle(data, 2, "x")


# --- The command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def grown(tmp_path):
    """A log at 5 and at 300 entries, with checkpoints of both and its files."""
    log = log_of(300)
    for size in (5, 300):
        log.write(tmp_path / "log", size, [W1])
        put(tmp_path / str(size), log.checkpoint(size, [W1]).encode())
    put(tmp_path / "policy", policy([log.key], [W1]).encode())
    return log, tmp_path


def compare(capsys, folder, old="5", new="300", *more):
    return both(capsys, "consistency", folder / old, folder / new, "--policy", folder / "policy", *more)


def test_grown_log_is_consistent(grown, capsys):
    _log, folder = grown

    status, english, vietnamese = compare(capsys, folder, "5", "300", "--log", f"{folder}/log/")

    assert status == 0
    assert english == [
        f"Valid: the log {ORIGIN} went from 5 to 300 entries, and none was changed or dropped.",
        "Witness w1 confirmed the checkpoint at 2026-11-22T10:15:00Z.",
    ]
    assert vietnamese == [
        f"Hợp lệ: nhật ký {ORIGIN} đi từ 5 đến 300 mục mà không mục nào bị đổi hay bị bỏ.",
        "Bên làm chứng w1 đã xác nhận mốc nhật ký lúc 2026-11-22T10:15:00Z.",
    ]


def test_without_the_log_growth_cannot_be_told(grown, capsys):
    _log, folder = grown

    assert compare(capsys, folder) == (
        2,
        ["Cannot tell: to compare these checkpoints, please add --log and the address or folder of the log."],
        ["Chưa kết luận được: để so hai mốc này cần thêm --log và địa chỉ hoặc thư mục của nhật ký."],
    )


def test_same_checkpoint_twice_is_consistent(grown, capsys):
    _log, folder = grown

    assert said(capsys, "consistency", folder / "5", folder / "5", "--policy", folder / "policy")[0] == 0


def test_growth_from_nothing_is_consistent(grown, capsys):
    log, folder = grown
    put(folder / "0", log.checkpoint(0, [W1]).encode())

    status, english, _ = compare(capsys, folder, "0", "300")

    assert status == 0
    assert english[0] == f"Valid: the log {ORIGIN} went from 0 to 300 entries, and none was changed or dropped."


def test_growth_from_a_false_nothing_is_not_valid(grown, capsys):
    log, folder = grown
    text = f"{ORIGIN}\n0\n{b64(bytes(32))}\n"
    put(folder / "0", f"{text}\n{log.key.line(text)}{W1.line(text)}".encode())

    assert compare(capsys, folder, "0", "300") == (
        1,
        ["Not valid: the checkpoints do not follow each other: an earlier entry was changed, dropped or hidden."],
        ["Không hợp lệ: hai mốc không nối tiếp nhau: có mục cũ đã bị đổi, bị bỏ hoặc bị giấu."],
    )


def test_shrunk_log_is_not_valid(grown, capsys):
    _log, folder = grown

    assert compare(capsys, folder, "300", "5") == (
        1,
        ["Not valid: the new checkpoint (5 entries) is smaller than the old one (300): a log must never shrink."],
        ["Không hợp lệ: mốc mới (5 mục) nhỏ hơn mốc cũ (300 mục): nhật ký không bao giờ được ngắn lại."],
    )


def test_fork_of_one_size_is_not_valid(grown, capsys):
    _log, folder = grown
    other = log_of(299)
    other.add(b"another")
    put(folder / "fork", other.checkpoint(300, [W1]).encode())

    assert compare(capsys, folder, "300", "fork") == (
        1,
        ["Not valid: two checkpoints of 300 entries differ: the log was forked."],
        ["Không hợp lệ: hai mốc cùng có 300 mục nhưng nội dung khác nhau: nhật ký đã bị rẽ nhánh."],
    )


def test_fork_of_another_size_is_not_valid(grown, capsys):
    _log, folder = grown
    other = NaiveLog()
    for number in range(300):
        other.add(b"entry %d" % (number or 7))
    other.write(folder / "log", 300, [W1])
    put(folder / "fork", other.checkpoint(300, [W1]).encode())

    status, english, _ = compare(capsys, folder, "5", "fork", "--log", folder / "log")

    assert status == 1
    assert english == [
        "Not valid: the checkpoints do not follow each other: an earlier entry was changed, dropped or hidden."
    ]


def test_checkpoints_of_two_logs_are_not_valid(grown, capsys):
    log, folder = grown
    other = NaiveDesk("answers.example.org/log/2027").log
    put(folder / "other", other.checkpoint(0, [W1]).encode())
    put(folder / "policy", policy([log.key, NaiveKey(other.origin)], [W1]).encode())

    assert compare(capsys, folder, "5", "other") == (
        1,
        [f"Not valid: the checkpoints belong to two logs: {ORIGIN} and {other.origin}."],
        [f"Không hợp lệ: hai mốc thuộc hai nhật ký khác nhau: {ORIGIN} và {other.origin}."],
    )


@pytest.mark.parametrize("which", ["5", "300"])
def test_unwitnessed_checkpoint_is_not_valid(grown, capsys, which):
    log, folder = grown
    put(folder / which, log.checkpoint(int(which)).encode())

    status, english, _ = compare(capsys, folder, "5", "300", "--log", folder / "log")

    assert (status, english) == (
        1,
        ["Not valid: the checkpoint lacks the witness signatures that the policy asks for."],
    )


def test_missing_part_of_the_log_is_said(grown, capsys):
    _log, folder = grown
    (folder / "log/tile/0/001.p/44").unlink()
    part = f"{folder}/log/tile/0/001"

    assert compare(capsys, folder, "5", "300", "--log", folder / "log") == (
        1,
        [f"Not valid: part {part} of the log is missing or damaged, although the checkpoint covers it."],
        [f"Không hợp lệ: nhật ký thiếu phần {part} hoặc phần đó bị hỏng, dù mốc nhật ký đã bao gồm nó."],
    )
