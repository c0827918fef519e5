"""A Grant is ended once and never changed otherwise; what was done stays written."""

from django.db import migrations

from sangto.engine.triggers import creating, dropping

SAME = " AND ".join(f"NEW.{name} = OLD.{name}" for name in ("id", "member_id", "unit_id", "role", "granted_at"))
SAME_GIVER = "COALESCE(NEW.granted_by_id, 0) = COALESCE(OLD.granted_by_id, 0)"
GUARDS = {
    "guard_grant_update": (
        "people_grant", "UPDATE",
        f"NOT ({SAME} AND {SAME_GIVER} AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)", "a grant is only ended"),
    "guard_grant_delete": ("people_grant", "DELETE", None, "a grant is kept"),
    "guard_deed_update": ("people_deed", "UPDATE", None, "what was done stays written"),
    "guard_deed_delete": ("people_deed", "DELETE", None, "what was done stays written"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0011_member_without_role")]
    operations = [migrations.RunPython(install, remove)]
