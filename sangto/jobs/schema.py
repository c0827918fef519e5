"""How this code's migrations and the database's stand to each other."""

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
    loader = MigrationLoader(connection)
    known = {app for app, _name in loader.disk_migrations}
    newer = loader.applied_migrations.keys() - loader.disk_migrations.keys()
    replaced = {old for each in loader.disk_migrations.values() for old in each.replaces}
    return sorted(f"{app}.{name}" for app, name in newer - replaced if app in known)


def refuse_newer_schema() -> None:
    """Raise NewerSchema when the database has had a migration that this code does not know."""
    unknown = migrations_unknown()
    if unknown:
        raise NewerSchema(unknown[0])
