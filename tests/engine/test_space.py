"""Room on a disk, and the file that keeps some of it back."""

import os
import shutil

import pytest

from sangto.engine import space

SIZE = 3 * space.MB + 17


def test_free_room_is_what_the_system_says(tmp_path):
    assert abs(space.free_bytes(tmp_path) - shutil.disk_usage(tmp_path).free) < 100 * space.MB


def test_folder_that_is_not_there_yet_has_the_room_and_the_disk_of_the_one_above(tmp_path):
    missing = tmp_path / "log" / "2026"

    assert space.free_bytes(missing) > 0
    assert space.device_of(missing) == tmp_path.stat().st_dev


def test_ballast_takes_its_size_of_the_disk_for_its_owner_alone(tmp_path):
    file = tmp_path / "ballast"

    made = space.make_ballast(file, size=SIZE)

    assert made is True
    assert (file.stat().st_size, file.stat().st_mode & 0o777) == (SIZE, 0o600)
    assert file.stat().st_blocks * 512 >= SIZE
    assert space.ballast_bytes(file) == SIZE


def test_ballast_that_stands_is_not_written_again(tmp_path):
    file = tmp_path / "ballast"
    space.make_ballast(file, size=SIZE)
    before = file.stat().st_mtime_ns

    space.make_ballast(file, size=SIZE)

    assert file.stat().st_mtime_ns == before


@pytest.mark.parametrize("size", [space.MB, 5 * space.MB])
def test_ballast_of_another_size_is_made_anew(tmp_path, size):
    file = tmp_path / "ballast"
    space.make_ballast(file, size=SIZE)

    space.make_ballast(file, size=size)

    assert space.ballast_bytes(file) == size


def test_released_ballast_is_gone_and_may_be_released_again(tmp_path):
    file = tmp_path / "ballast"
    space.make_ballast(file, size=SIZE)

    space.release_ballast(file)
    space.release_ballast(file)

    assert (list(tmp_path.iterdir()), space.ballast_bytes(file)) == ([], 0)


def test_disk_without_room_is_left_as_it_was(tmp_path, monkeypatch):
    write = os.write

    def full(descriptor, data):
        if os.fstat(descriptor).st_size >= space.MB:
            raise OSError(28, "No space left on device")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)

    made = space.make_ballast(tmp_path / "ballast", size=SIZE)

    assert (made, list(tmp_path.iterdir())) == (False, [])
