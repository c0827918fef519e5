"""The database of a test as a whole: its bytes, and its state put back to what it was."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.models import Model

from sangto.desk.models import Message
from sangto.vault.models import Contact, DayKey


def database_url() -> str:
    """The address of the database that this test runs on."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    host = found["HOST"] or found["OPTIONS"]["host"]
    return f"postgres://{found['USER']}:{found['PASSWORD']}@/{found['NAME']}?host={host}&port={found['PORT'] or 5432}"


def everything_held() -> bytes:
    """Every byte of SQLite's files; on PostgreSQL, whose files are its own, every value of every row."""
    if connection.vendor == "sqlite":
        files = [Path(connection.settings_dict["NAME"] + each) for each in ("", "-wal")]
        return b"".join(each.read_bytes() for each in files if each.exists())
    rows = [row for model in apps.get_models() for row in model.objects.values_list()]
    return b"\n".join(_bytes(value) for row in rows for value in row)


@dataclass
class Backup:
    """A backup as an operator makes one. On PostgreSQL of the vault's tables alone."""

    file: sqlite3.Connection | None
    rows: list[Model]
    contacts: dict[int, object]  # of each Message

    @classmethod
    def of_the_database(cls) -> "Backup":
        if connection.vendor != "sqlite":
            contacts = dict(Message.objects.values_list("pk", "contact_id"))
            return cls(None, [*DayKey.objects.all(), *Contact.objects.all()], contacts)
        connection.ensure_connection()
        copy = sqlite3.connect(":memory:")
        connection.connection.backup(copy)
        return cls(copy, [], {})

    def restore(self) -> None:
        if self.file:
            self.file.backup(connection.connection)
            self.file.close()
            return
        for model in (Contact, DayKey):
            model.objects.all().delete()
        for row in self.rows:
            row.save(force_insert=True)
        for message, contact in self.contacts.items():
            Message.objects.filter(pk=message).update(contact=contact)


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode(errors="replace")
