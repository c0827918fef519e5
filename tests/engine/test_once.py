"""Files that appear whole or not at all, and stay as they were first, or are replaced on purpose."""

import os
import stat
import threading

import pytest

from sangto.engine.once import PUBLIC, SECRET, remove, replace, write_once


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(autouse=True)
def usual_mask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_first_content_stays(tmp_path):
    path = tmp_path / "a"

    said = [write_once(path, content) for content in (b"first", b"second", b"")]

    assert said == [b"first"] * 3
    assert path.read_bytes() == b"first"
    assert names(tmp_path) == ["a"]


def test_empty_content_is_content(tmp_path):
    assert write_once(tmp_path / "a", b"") == b""
    assert write_once(tmp_path / "a", b"later") == b""


@pytest.mark.parametrize(("wanted", "file", "folder"), [(SECRET, 0o600, 0o700), (PUBLIC, 0o644, 0o755)])
@pytest.mark.parametrize("write", [write_once, replace])
def test_file_and_new_folders_are_for_whom_they_should_be(tmp_path, write, wanted, file, folder):
    path = tmp_path / "one" / "two" / "a"

    write(path, b"x", mode=wanted)

    assert [mode(each) for each in (path, path.parent, path.parent.parent)] == [file, folder, folder]


def test_what_is_not_said_is_secret_for_a_first_file_and_public_for_a_replaced_one(tmp_path):
    write_once(tmp_path / "a", b"x")
    replace(tmp_path / "b", b"x")

    assert [mode(tmp_path / name) for name in "ab"] == [0o600, 0o644]


def test_folder_that_was_there_keeps_its_mode(tmp_path):
    (tmp_path / "one").mkdir(mode=0o711)

    write_once(tmp_path / "one" / "a", b"x")

    assert mode(tmp_path / "one") == 0o711


def test_replaced_file_has_the_new_content(tmp_path):
    path = tmp_path / "a"

    for content in (b"first", b"a longer second", b"x", b""):
        replace(path, content)
        assert path.read_bytes() == content
    assert names(tmp_path) == ["a"]


def test_reader_that_has_the_file_open_keeps_the_old_content(tmp_path):
    path = tmp_path / "a"
    replace(path, b"first")

    with path.open("rb") as old:
        replace(path, b"second")
        assert old.read() == b"first"
    assert path.read_bytes() == b"second"


@pytest.mark.parametrize("write", [write_once, replace])
def test_content_that_does_not_reach_the_disk_leaves_nothing(tmp_path, monkeypatch, write):
    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(os, "fsync", fail)
        write(tmp_path / "a", b"x")

    assert names(tmp_path) == []


def test_failed_replacement_leaves_the_old_content(tmp_path, monkeypatch):
    path = tmp_path / "a"
    replace(path, b"first")

    def fail(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(os, "fsync", fail)
        replace(path, b"second")

    assert (path.read_bytes(), names(tmp_path)) == (b"first", ["a"])


def test_draft_of_a_writer_that_died_is_in_nobodys_way(tmp_path):
    (tmp_path / ".a.0123456789abcdef").write_bytes(b"half")

    assert write_once(tmp_path / "a", b"whole") == b"whole"
    replace(tmp_path / "a", b"other")
    assert (tmp_path / "a").read_bytes() == b"other"


def test_of_many_writers_at_once_one_content_is_everybodys(tmp_path):
    path, begin, said = tmp_path / "one" / "two" / "a", threading.Barrier(8, timeout=20), []

    def write(n):
        begin.wait()
        said.append(write_once(path, b"%d" % n * 1000))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)

    assert said == [path.read_bytes()] * 8
    assert names(path.parent) == ["a"]


def test_reader_never_sees_a_part_of_a_replaced_file(tmp_path):
    path, stop, seen = tmp_path / "a", threading.Event(), set()
    whole = {bytes([n]) * 100_000 for n in range(4)}
    replace(path, min(whole))

    def read():
        while not stop.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(10):
        for content in whole:
            replace(path, content)
    stop.set()
    reader.join(20)

    assert seen <= whole
    assert seen


def test_removed_file_is_gone_and_removing_it_again_changes_nothing(tmp_path):
    write_once(tmp_path / "a", b"x")
    write_once(tmp_path / "b", b"y")

    remove(tmp_path / "a")
    remove(tmp_path / "a")
    remove(tmp_path / "nowhere" / "a")

    assert names(tmp_path) == ["b"]


def test_file_may_be_written_again_once_it_was_removed(tmp_path):
    write_once(tmp_path / "a", b"first")
    remove(tmp_path / "a")

    assert write_once(tmp_path / "a", b"second") == b"second"
