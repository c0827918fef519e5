"""Messages are refused while there is room left to do so kindly, and taken in again once there is more."""

import errno
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import InterfaceError, OperationalError, connection

from sangto.desk import actions
from sangto.desk.actions import NoRoom
from sangto.desk.models import Case, Message
from sangto.desk.queries import room as looks
from sangto.desk.queries.room import Look, data_folders, rooms
from sangto.engine import space
from tests.factories import HOSPITAL, NOW, incoming

pytestmark = pytest.mark.django_db
receiving = import_module("sangto.desk.actions.receive")  # the package shows the function of this name
SECOND = timedelta(seconds=1)
RESERVE_MB, BALLAST_MB = 100, 2


class Disk:
    """A disk of which a test says how much is free; a ballast file takes its part of it, as on a real one."""

    def __init__(self, home, free_mb):
        self.home, self.free_mb, self.asked = home, free_mb, 0

    def free_bytes(self, folder):
        self.asked += 1
        return self.free_mb * space.MB - space.ballast_bytes(self.home / looks.BALLAST)


@pytest.fixture
def disk(settings, monkeypatch):
    settings.DISK_RESERVE_MB, settings.DISK_BALLAST_MB = RESERVE_MB, BALLAST_MB
    monkeypatch.setattr(looks, "data_folders", lambda: {"data": settings.HOME})
    monkeypatch.setattr(looks, "LOOK", Look())
    monkeypatch.setattr(receiving, "LOOK", looks.LOOK)
    fake = Disk(settings.HOME, 1000)
    monkeypatch.setattr(looks.space, "free_bytes", fake.free_bytes)
    return fake


def take(delivery=None, *, now=NOW):
    return actions.receive(delivery or incoming(), now=now)


def ballast_mb(settings):
    return space.ballast_bytes(settings.HOME / looks.BALLAST) // space.MB


# --- receiving -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("free_mb", [0, 1, RESERVE_MB - 1])
def test_message_is_refused_before_the_disk_is_full(disk, free_mb):
    disk.free_mb = free_mb

    with pytest.raises(NoRoom) as refusal:
        take()

    assert (refusal.value.code, refusal.value.retry_after_s) == ("no_room", 120)
    assert (Message.objects.count(), Case.objects.count()) == (0, 0)


def test_message_is_taken_in_with_just_the_reserve(disk):
    disk.free_mb = RESERVE_MB

    assert take().repeated is False


def test_message_that_was_kept_is_found_again_on_a_full_disk(disk):
    delivery = incoming()
    kept = take(delivery)
    disk.free_mb = 0

    again = take(delivery, now=NOW + timedelta(hours=1))

    assert (again.message, again.repeated) == (kept.message, True)


def test_disk_is_asked_at_most_once_a_second(disk):
    times = [NOW + n * SECOND / 10 for n in range(31)]

    for n, at in enumerate(times):
        take(incoming(f"Câu hỏi số {n}: có thật không?"), now=at)

    assert disk.asked == 4


def test_desk_heals_by_itself_within_a_second(disk):
    disk.free_mb = 0
    with pytest.raises(NoRoom):
        take()
    disk.free_mb = 1000

    with pytest.raises(NoRoom):
        take(now=NOW + SECOND / 2)
    assert take(now=NOW + SECOND).repeated is False


def test_clock_that_is_set_back_does_not_keep_an_old_look(disk):
    take(now=NOW + timedelta(days=1))
    disk.free_mb = 0

    with pytest.raises(NoRoom):
        take(now=NOW)


# --- what the database says ----------------------------------------------------------------------------------------


class Sqlite(Exception):
    sqlite_errorcode = 13


class Postgresql(Exception):
    sqlstate = "53100"


@pytest.mark.parametrize(
    ("error", "cause", "code"),
    [
        (OperationalError, Sqlite(), "no_room"),
        (OperationalError, Postgresql(), "no_room"),
        (OperationalError, Exception("database is locked"), "busy"),
        (OperationalError, None, "busy"),
        (InterfaceError, None, "busy"),
    ],
)
def test_what_the_database_cannot_keep_is_refused_in_one_way(disk, monkeypatch, caplog, error, cause, code):
    words = " ".join(["private", "words"])

    def fail(*args, **values):
        raise error(words) from cause

    monkeypatch.setattr(receiving, "_keep", fail)

    with pytest.raises(NoRoom) as refusal:
        take()

    assert refusal.value.code == code
    assert f"nothing can be kept now: {error.__name__}" in caplog.text
    assert words not in caplog.text


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "no_room"), (errno.EDQUOT, "no_room"), (errno.EIO, "busy")]
)
def test_file_that_cannot_be_written_is_refused_in_the_same_way(disk, monkeypatch, number, code):
    def fail(*args, **values):
        raise OSError(number, "no")

    monkeypatch.setattr(receiving, "seal", fail)

    with pytest.raises(NoRoom) as refusal:
        take(incoming(channel="telegram", address="7770"))

    assert refusal.value.code == code


def test_fault_of_the_program_is_no_lack_of_room(disk, monkeypatch):
    def fail(*args, **values):
        raise KeyError

    monkeypatch.setattr(receiving, "_keep", fail)

    with pytest.raises(KeyError):
        take()


# --- the ballast ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free_mb", "had", "has"),
    [
        (RESERVE_MB + BALLAST_MB, 0, BALLAST_MB),
        (RESERVE_MB + BALLAST_MB - 1, 0, 0),
        (RESERVE_MB // 2 + BALLAST_MB, BALLAST_MB, BALLAST_MB),
        (RESERVE_MB // 2 + BALLAST_MB - 1, BALLAST_MB, 0),
        (RESERVE_MB // 2, 0, 0),
        (0, 0, 0),
        (RESERVE_MB + BALLAST_MB, 1, BALLAST_MB),
    ],
)
def test_ballast_is_there_for_the_hour_of_need(disk, settings, free_mb, had, has):
    if had:
        space.make_ballast(settings.HOME / looks.BALLAST, size=had * space.MB)
    disk.free_mb = free_mb

    for _ in range(3):
        actions.keep_room()

    assert ballast_mb(settings) == has


def test_room_of_the_ballast_is_not_taken_by_messages(disk, settings):
    actions.keep_room()
    disk.free_mb = RESERVE_MB // 2

    actions.keep_room()

    assert ballast_mb(settings) == 0
    with pytest.raises(NoRoom):
        take()


# --- the folders ---------------------------------------------------------------------------------------------------


def test_folders_are_those_that_are_written_to(settings, tmp_path):
    settings.LEDGER_DIR = tmp_path / "elsewhere"

    folders = data_folders()

    wanted = {"data": settings.HOME, "log": tmp_path / "elsewhere"}
    if connection.vendor == "sqlite":
        wanted["database"] = connection.settings_dict["NAME"].rpartition("/")[0]
    assert {name: str(path) for name, path in folders.items()} == {name: str(path) for name, path in wanted.items()}


def test_folder_that_serves_twice_is_looked_at_once(settings):
    settings.LEDGER_DIR = settings.HOME

    found = [(room.name, room.folder) for room in rooms()]

    assert found[-1] == ("data", settings.HOME)
    assert len(found) == (2 if connection.vendor == "sqlite" else 1)


def test_disk_of_the_log_alone_is_enough_to_refuse(settings, monkeypatch, tmp_path):
    settings.DISK_RESERVE_MB = RESERVE_MB
    settings.LEDGER_DIR = tmp_path / "elsewhere"
    monkeypatch.setattr(
        looks.space, "free_bytes", lambda folder: (0 if folder == settings.LEDGER_DIR else 1000) * space.MB
    )

    with pytest.raises(NoRoom):
        take(incoming(HOSPITAL))
