"""Triggers for what no check constraint can say: a published version has a Source and is frozen, history only grows.

A table that a later migration rebuilds on SQLite loses its triggers; `sangto check` and a test look for each by name.
"""

from django.db import migrations

from sangto.engine.triggers import creating, dropping

HAS_SOURCE = "EXISTS (SELECT 1 FROM desk_source WHERE version_id = NEW.id)"
IS_PUBLISHED = "EXISTS (SELECT 1 FROM desk_answerversion WHERE id = {row}.version_id AND state = 'published')"
N_OF = "(SELECT n FROM desk_answerversion WHERE id = {row}.current_id)"
IS_OWN_PUBLISHED = (
    "EXISTS (SELECT 1 FROM desk_answerversion"
    " WHERE id = NEW.current_id AND answer_id = NEW.id AND state = 'published')")
HAS_CURRENT = "EXISTS (SELECT 1 FROM desk_answer WHERE case_id = NEW.id AND current_id IS NOT NULL)"
HAS_FOREIGN = "EXISTS (SELECT 1 FROM desk_foreignanswer WHERE case_id = NEW.id)"

# name: (table, events, condition under which the write is refused, what the error says)
GUARDS = {
    "guard_no_insert_as_published": (
        "desk_answerversion", "INSERT", "NEW.state = 'published'", "a version is published by approval"),
    "guard_publish_needs_source": (
        "desk_answerversion", "UPDATE",
        f"OLD.state <> 'published' AND NEW.state = 'published' AND NOT {HAS_SOURCE}", "published without a source"),
    "guard_publish_after_review": (
        "desk_answerversion", "UPDATE",
        "OLD.state = 'draft' AND NEW.state = 'published'", "published without a review"),
    "guard_published_is_frozen": (
        "desk_answerversion", "UPDATE", "OLD.state = 'published'", "a published version is frozen"),
    "guard_published_is_kept": (
        "desk_answerversion", "DELETE", "OLD.state = 'published'", "a published version is kept"),
    "guard_source_insert": (
        "desk_source", "INSERT", IS_PUBLISHED.format(row="NEW"), "the sources of a published version are frozen"),
    "guard_source_update": (
        "desk_source", "UPDATE",
        f"{IS_PUBLISHED.format(row='OLD')} OR {IS_PUBLISHED.format(row='NEW')}",
        "the sources of a published version are frozen"),
    "guard_source_delete": (
        "desk_source", "DELETE", IS_PUBLISHED.format(row="OLD"), "the sources of a published version are frozen"),
    "guard_joining_update": ("desk_joining", "UPDATE", None, "the history of the grouping only grows"),
    "guard_joining_delete": ("desk_joining", "DELETE", None, "the history of the grouping only grows"),
    "guard_message": (
        "desk_message", "UPDATE",
        " OR ".join(f"OLD.{name} <> NEW.{name}" for name in ("text", "lang", "place", "channel", "received_at")),
        "a message is never edited"),
    "guard_regrouping_update": ("desk_regrouping", "UPDATE", None, "the history of the grouping only grows"),
    "guard_regrouping_delete": ("desk_regrouping", "DELETE", None, "the history of the grouping only grows"),
    "guard_current_moves_on": (
        "desk_answer", "UPDATE",
        f"OLD.current_id IS NOT NULL AND (NEW.current_id IS NULL OR {N_OF.format(row='NEW')} < {N_OF.format(row='OLD')})"
        f" OR NEW.current_id IS NOT NULL AND NOT {IS_OWN_PUBLISHED}", "the current version only moves on"),
    "guard_answered_case_stays": (
        "desk_case", "UPDATE", f"NEW.state = 'merged' AND ({HAS_CURRENT} OR {HAS_FOREIGN})",
        "a case with a public answer is not merged away"),
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
    dependencies = [("desk", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
