"""Triggers: leaves and signed checkpoints are only added, and a leaf that has its place keeps it."""

from django.db import migrations

from sangto.engine.triggers import creating, dropping

SAME = " AND ".join(f"OLD.{name} = NEW.{name}" for name in ("id", "body", "kind", "created_at", "leaf_hash"))
IS_PLACED = "OLD.origin IS NULL AND NEW.origin IS NOT NULL"

GUARDS = {
    "guard_leaf_update": ("ledger_leaf", "UPDATE", f"NOT ({SAME} AND {IS_PLACED})", "a leaf is never changed"),
    "guard_leaf_delete": ("ledger_leaf", "DELETE", None, "a leaf is never deleted"),
    "guard_signed_update": ("ledger_signedcheckpoint", "UPDATE", None, "what was signed is never changed"),
    "guard_signed_delete": ("ledger_signedcheckpoint", "DELETE", None, "what was signed is never deleted"),
    "guard_head_delete": ("ledger_head", "DELETE", None, "a shard of the log is never deleted"),
    "guard_head_only_grows": (
        "ledger_head", "UPDATE",
        "NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root <> OLD.root) OR (NEW.is_open AND NOT OLD.is_open)",
        "a shard of the log only grows"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
