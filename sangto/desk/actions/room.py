"""Keep room on the disks, and say kindly that there is none before the disk says it harshly."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import InterfaceError, OperationalError

from sangto.desk.queries.room import Room, rooms
from sangto.engine import space
from sangto.vault.actions import scrub

logger = logging.getLogger(__name__)

NO_ROOM, BUSY = "no_room", "busy"
RETRY_AFTER_S = {NO_ROOM: 120, BUSY: 10}
FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT)
SQLITE_FULL, POSTGRESQL_FULL = 13, "53100"


class NoRoom(Exception):
    """Nothing can be kept now; the same delivery may come again after `retry_after_s`, and becomes one Message.

    `code`: no_room (a disk is nearly full) or busy (the database is locked, or away).
    """

    def __init__(self, code: str = NO_ROOM) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after_s = RETRY_AFTER_S[code]


@contextmanager
def or_no_room() -> Iterator[None]:
    """Turn what the database and the disk say when they cannot keep anything into NoRoom."""
    try:
        yield
    except (OperationalError, InterfaceError, OSError) as error:
        raise no_room_for(error) from error


def no_room_for(error: Exception) -> NoRoom:
    """The refusal in place of an error of the database or the disk."""
    # The error's own words can hold a row's content or the address of the database.
    logger.warning("nothing can be kept now: %s", type(error).__name__)
    return NoRoom(NO_ROOM if _is_full(error) else BUSY)


def _is_full(error: Exception) -> bool:
    """Whether a disk is full, as SQLite, PostgreSQL and the system say it."""
    cause = error.__cause__
    return (
        getattr(error, "errno", None) in FULL_ERRNOS
        or getattr(cause, "sqlite_errorcode", None) == SQLITE_FULL
        or getattr(cause, "sqlstate", None) == POSTGRESQL_FULL
    )


def keep_room() -> None:
    """Keep a ballast file on each disk; give it up when the disk is nearly full, so that expired data can be deleted.

    Even deleting needs room: it is written to the database's log first. What was deleted is handed back to the disk.
    """
    for room in _one_a_disk():
        reserve = settings.DISK_RESERVE_MB * space.MB
        size = settings.DISK_BALLAST_MB * space.MB
        if room.free_bytes < reserve // 2:
            if room.ballast_bytes:
                logger.warning("a disk is nearly full: the ballast is given up")
            space.release_ballast(room.ballast)
        elif room.free_bytes + room.ballast_bytes >= reserve + size and room.folder.is_dir():
            space.make_ballast(room.ballast, size=size)
    if any(room.is_short for room in rooms()):
        scrub()


def _one_a_disk() -> list[Room]:
    return list({space.device_of(room.folder): room for room in reversed(rooms())}.values())
