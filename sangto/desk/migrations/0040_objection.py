"""Objections and rulings. Triggers hold that neither is changed or deleted, and that nobody rules on their own answer."""

import django.db.models.deletion
from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

STANDS = " AND ".join(f"OLD.{name} = NEW.{name}" for name in ("id", "key", "version_id", "lang", "made_at", "due_on"))
IS_FORGOTTEN = "(OLD.words = NEW.words OR NEW.words = '-')"
IS_OWN = (
    "EXISTS (SELECT 1 FROM desk_objection o JOIN desk_answerversion v ON v.id = o.version_id "
    "WHERE o.id = NEW.objection_id AND NEW.by_id IN (v.written_by_id, v.approved_by_id))"
)
GUARDS = {
    "guard_objection_update": (
        "desk_objection", "UPDATE", f"NOT ({STANDS} AND {IS_FORGOTTEN})", "an objection stands as it came"),
    "guard_objection_delete": ("desk_objection", "DELETE", None, "an objection is never deleted"),
    "guard_objection_published": (
        "desk_objection", "INSERT",
        "NOT EXISTS (SELECT 1 FROM desk_answerversion WHERE id = NEW.version_id AND state = 'published')",
        "only what is published can be contested"),
    "guard_ruling_insert": ("desk_ruling", "INSERT", IS_OWN, "nobody rules on an objection to their own answer"),
    "guard_ruling_update": ("desk_ruling", "UPDATE", None, "a ruling is never changed"),
    "guard_ruling_delete": ("desk_ruling", "DELETE", None, "a ruling is never deleted"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("desk", "0022_asking"), ("people", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("words", models.TextField()),
                ("lang", models.CharField(max_length=5)),
                ("made_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("version", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="desk.answerversion")),
            ],
            options={
                "indexes": [models.Index(fields=["due_on"], name="objection_due")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="objection_has_words")
                ],
            },
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("reasons", models.TextField()),
                ("at", models.DateTimeField()),
                ("leaf_hash", models.CharField(max_length=64, unique=True)),
                ("salt", models.CharField(max_length=64)),
                ("by", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="rulings", to="people.member")),
                ("objection", models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="ruling", to="desk.objection")),
                ("version", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="rulings", to="desk.answerversion")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("kept", "corrected", "withdrawn"))), name="ruling_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(("reasons", ""), _negated=True), name="ruling_has_reasons"),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
