"""Triggers for what no check constraint can say of Units: no overlap, no gap, one Unit a code and day, nothing lost.

A table that a later migration rebuilds on SQLite loses its triggers; `sangto check` and a test look for each by name.
"""

from django.db import migrations

from sangto.engine.triggers import creating, dropping

LIVES = "NEW.voided_by_id IS NULL"
OTHERS = "SELECT 1 FROM people_unitperiod AS o WHERE o.id <> COALESCE(NEW.id, -1) AND o.voided_by_id IS NULL"
MEETS = ("(o.valid_to IS NULL OR o.valid_to > NEW.valid_from)"
         " AND (NEW.valid_to IS NULL OR NEW.valid_to > o.valid_from)")
OVERLAPS = f"{LIVES} AND EXISTS ({OTHERS} AND o.unit_id = NEW.unit_id AND {MEETS})"
CODE_TAKEN = (f"{LIVES} AND EXISTS ({OTHERS} AND o.code = NEW.code AND o.scheme = NEW.scheme AND o.level = NEW.level"
              f" AND {MEETS})")
GAPES = (f"{LIVES} AND EXISTS ({OTHERS} AND o.unit_id = NEW.unit_id AND o.valid_from < NEW.valid_from)"
         f" AND NOT EXISTS ({OTHERS} AND o.unit_id = NEW.unit_id AND o.valid_to = NEW.valid_from)")
PARENT = "SELECT 1 FROM people_unitperiod AS p WHERE p.unit_id = NEW.parent_id AND p.voided_by_id IS NULL"
ORPHANED = (
    f"{LIVES} AND NEW.parent_id IS NOT NULL AND (NOT EXISTS ({PARENT} AND p.valid_from <= NEW.valid_from"
    " AND (p.valid_to IS NULL OR p.valid_to > NEW.valid_from))"
    f" OR NOT EXISTS ({PARENT} AND (p.valid_to IS NULL OR p.valid_to >= NEW.valid_to)))")
FACTS = ("id", "unit_id", "valid_from", "kind", "level", "name", "name_en", "scheme", "code")
CHANGED = " OR ".join(
    [*(f"OLD.{name} <> NEW.{name}" for name in FACTS), "COALESCE(OLD.parent_id, -1) <> COALESCE(NEW.parent_id, -1)",
     "OLD.voided_by_id IS NOT NULL"])

# name: (table, event, condition under which the write is refused, what the error says)
GUARDS = {
    "guard_unit_kept": ("people_unit", "DELETE", None, "a unit is never deleted"),
    "guard_unit_source_update": ("people_unitsource", "UPDATE", None, "a source of units is never edited"),
    "guard_unit_source_delete": ("people_unitsource", "DELETE", None, "a source of units is kept"),
    "guard_unit_event_update": ("people_unitevent", "UPDATE", None, "the history of units only grows"),
    "guard_unit_event_delete": ("people_unitevent", "DELETE", None, "the history of units only grows"),
    "guard_unit_link_update": ("people_unitlink", "UPDATE", None, "the history of units only grows"),
    "guard_unit_link_delete": ("people_unitlink", "DELETE", None, "the history of units only grows"),
    "guard_period_kept": ("people_unitperiod", "DELETE", None, "a period of a unit is kept"),
    "guard_period_facts": ("people_unitperiod", "UPDATE", CHANGED, "what a unit was on a day is never edited"),
    "guard_period_overlap_insert": ("people_unitperiod", "INSERT", OVERLAPS, "periods of a unit overlap"),
    "guard_period_overlap_update": ("people_unitperiod", "UPDATE", OVERLAPS, "periods of a unit overlap"),
    "guard_period_code_insert": ("people_unitperiod", "INSERT", CODE_TAKEN, "another unit holds the code"),
    "guard_period_code_update": ("people_unitperiod", "UPDATE", CODE_TAKEN, "another unit holds the code"),
    "guard_period_gap": ("people_unitperiod", "INSERT", GAPES, "a gap in the life of a unit"),
    "guard_period_parent_insert": ("people_unitperiod", "INSERT", ORPHANED, "the parent does not live so long"),
    "guard_period_parent_update": ("people_unitperiod", "UPDATE", ORPHANED, "the parent does not live so long"),
}


def install(apps, schema_editor):
    """Create the triggers in the words of the database."""
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    """Drop the triggers again."""
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_unit_is_an_identity")]
    operations = [migrations.RunPython(install, remove)]
