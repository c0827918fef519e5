"""Leaves about objections. SQLite makes the table anew for another constraint, and its triggers go with the old one."""

from importlib import import_module

from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

BEFORE = import_module("sangto.ledger.migrations.0002_guards")
GUARDS = {name: guard for name, guard in BEFORE.GUARDS.items() if guard[0] == "ledger_leaf"}
OLD, NEW = tuple("ropcwhexks"), tuple("ropcwhqjexks")


def heed_other_triggers(schema_editor, *, heed):
    """Whether SQLite looks into other tables' triggers while the table goes by another name: one of them reads it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"PRAGMA legacy_alter_table = {'OFF' if heed else 'ON'}")


def install(apps, schema_editor):
    heed_other_triggers(schema_editor, heed=True)
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    heed_other_triggers(schema_editor, heed=False)
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def known(kinds):
    return models.CheckConstraint(name="leaf_kind_known", condition=models.Q(("kind__in", kinds)))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [
        migrations.RunPython(remove, install),
        migrations.RemoveConstraint(model_name="leaf", name="leaf_kind_known"),
        migrations.AddConstraint(model_name="leaf", constraint=known(NEW)),
        migrations.RunPython(install, remove),
    ]
