"""How this code's migrations and the database's stand to each other."""

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.loader import MigrationLoader


class NewerSchema(Exception):
    """The database was migrated by newer code than this."""


def migrations_missing() -> list[str]:
    """Migrations of this code that the database has not had, by name."""
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in loader.disk_migrations.keys() - loader.applied_migrations.keys())


def migrations_unknown() -> list[str]:
    """Migrations that the database has had and this code does not know, by name."""
    return unknown_among(f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations)


def unknown_among(names: Iterable[str]) -> list[str]:
    """Which of these migrations, as `app.name`, of an app of this code the code does not know, sorted."""
    loader = MigrationLoader(None)
    replaced = {old for each in loader.disk_migrations.values() for old in each.replaces}
    known = {f"{app}.{name}" for app, name in (*loader.disk_migrations, *replaced)}
    apps = {app for app, _name in loader.disk_migrations}
    return sorted(each for each in set(names) - known if each.partition(".")[0] in apps)


def refuse_newer_schema() -> None:
    """Raise NewerSchema when the database has had a migration that this code does not know."""
    unknown = migrations_unknown()
    if unknown:
        raise NewerSchema(unknown[0])
