"""A copy that was taken never changes, a published version's copy is kept, and nothing is cited that is not taken."""

from django.db import migrations

from sangto.engine.triggers import creating, dropping

CITED = (
    "EXISTS (SELECT 1 FROM desk_source JOIN desk_answerversion ON desk_answerversion.id = desk_source.version_id"
    " WHERE desk_source.copy_id = OLD.{id} AND desk_answerversion.state = 'published')")
HAS_BYTES = "EXISTS (SELECT 1 FROM desk_copybytes WHERE copy_id = NEW.id)"
IS_TAKEN = "EXISTS (SELECT 1 FROM desk_copy WHERE id = NEW.copy_id AND done_at IS NOT NULL)"
UNTAKEN = (
    "EXISTS (SELECT 1 FROM desk_source JOIN desk_copy ON desk_copy.id = desk_source.copy_id"
    " WHERE desk_source.version_id = NEW.id AND desk_copy.done_at IS NULL)")
ITS_OWN = (
    "EXISTS (SELECT 1 FROM desk_copy JOIN desk_answerversion ON desk_answerversion.answer_id = desk_copy.answer_id"
    " WHERE desk_copy.id = NEW.copy_id AND desk_copy.url = NEW.url AND desk_answerversion.id = NEW.version_id)")
FOREIGN = f"NEW.copy_id IS NOT NULL AND NOT {ITS_OWN}"

GUARDS = {
    "guard_copy_insert": ("desk_copy", "INSERT", "NEW.done_at IS NOT NULL", "a copy is taken with its bytes"),
    "guard_copy_update": ("desk_copy", "UPDATE", "OLD.done_at IS NOT NULL", "a copy that was taken is frozen"),
    "guard_copy_moves": (
        "desk_copy", "UPDATE", "OLD.id <> NEW.id OR OLD.answer_id <> NEW.answer_id OR OLD.url <> NEW.url",
        "a copy is of one address"),
    "guard_copy_has_bytes": (
        "desk_copy", "UPDATE", f"NEW.done_at IS NOT NULL AND NOT {HAS_BYTES}", "a copy is taken with its bytes"),
    "guard_copy_delete": ("desk_copy", "DELETE", CITED.format(id="id"), "the copy of a published version is kept"),
    "guard_copybytes_insert": ("desk_copybytes", "INSERT", IS_TAKEN, "a copy that was taken is frozen"),
    "guard_copybytes_update": ("desk_copybytes", "UPDATE", None, "a copy that was taken is frozen"),
    "guard_copybytes_delete": (
        "desk_copybytes", "DELETE", CITED.format(id="copy_id"), "the copy of a published version is kept"),
    "guard_publish_taken_copies": (
        "desk_answerversion", "UPDATE",
        f"OLD.state <> 'published' AND NEW.state = 'published' AND {UNTAKEN}", "published with a copy that is not taken"),
    "guard_source_copy_insert": ("desk_source", "INSERT", FOREIGN, "a source has a copy of its own address"),
    "guard_source_copy_update": ("desk_source", "UPDATE", FOREIGN, "a source has a copy of its own address"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("desk", "0060_copies")]
    operations = [migrations.RunPython(install, remove)]
