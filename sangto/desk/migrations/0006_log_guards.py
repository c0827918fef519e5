"""The triggers of 0002 again, and those of the log: no version is public without its leaf, and only erasure by law blanks one."""

from importlib import import_module

from django.db import migrations

from sangto.engine.triggers import creating, dropping

before = import_module("sangto.desk.migrations.0002_guards").GUARDS

KIND_OF_STEP = "CASE NEW.step WHEN 'publish' THEN 'p' WHEN 'correct' THEN 'c' ELSE 'w' END"
HAS_LEAF = (
    "EXISTS (SELECT 1 FROM desk_publication JOIN ledger_leaf ON ledger_leaf.leaf_hash = desk_publication.leaf_hash"
    f" WHERE desk_publication.version_id = NEW.id AND ledger_leaf.kind = {KIND_OF_STEP})")
IS_ERASED = "EXISTS (SELECT 1 FROM desk_publication WHERE version_id = {id} AND erased_at IS NOT NULL)"
KEPT = ("id", "answer_id", "n", "step", "state", "kind", "lang", "rating", "outcome", "written_by_id", "written_at",
        "approved_by_id", "published_at", "review_note")
IS_BLANKED = " AND ".join(
    ["NEW.question = '-'", "NEW.summary = '-'", "NEW.text = '-'", "NEW.change IN ('', '-')",
     *(f"NEW.{name} = OLD.{name}" for name in KEPT)])
IS_PUBLISHED = "EXISTS (SELECT 1 FROM desk_answerversion WHERE id = {row}.version_id AND state = 'published')"

GUARDS = {
    **before,
    "guard_published_is_frozen": (
        "desk_answerversion", "UPDATE",
        f"OLD.state = 'published' AND NOT ({IS_ERASED.format(id='OLD.id')} AND {IS_BLANKED})",
        "a published version is frozen"),
    "guard_source_delete": (
        "desk_source", "DELETE",
        f"{IS_PUBLISHED.format(row='OLD')} AND NOT {IS_ERASED.format(id='OLD.version_id')}",
        "the sources of a published version are frozen"),
    "guard_publish_needs_leaf": (
        "desk_answerversion", "UPDATE",
        f"OLD.state <> 'published' AND NEW.state = 'published' AND NOT {HAS_LEAF}", "published without a leaf"),
    "guard_publication_update": (
        "desk_publication", "UPDATE",
        "NOT (OLD.id = NEW.id AND OLD.version_id = NEW.version_id AND OLD.leaf_hash = NEW.leaf_hash"
        " AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.salt = '' AND NEW.erasure_hash <> '')",
        "a publication is only erased"),
    "guard_publication_delete": ("desk_publication", "DELETE", None, "a publication is kept"),
    "guard_outcome_update": ("desk_outcome", "UPDATE", None, "how a message ended is never changed"),
    "guard_outcome_delete": ("desk_outcome", "DELETE", None, "how a message ended is never changed"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("desk", "0005_log_the_past")]
    operations = [migrations.RunPython(install, remove)]
