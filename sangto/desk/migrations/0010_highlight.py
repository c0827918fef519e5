"""Names and addresses of a version, each decided on by a Member; a trigger lets nothing undecided become public."""

import django.db.models.deletion
from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

IS_UNDECIDED = "EXISTS (SELECT 1 FROM desk_highlight WHERE version_id = NEW.id AND decided_at IS NULL)"
GUARDS = {
    "guard_publish_decided": (
        "desk_answerversion", "UPDATE",
        f"OLD.state <> 'published' AND NEW.state = 'published' AND {IS_UNDECIDED}",
        "published with a name or address that nobody decided on"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("desk", "0009_lost_version"), ("people", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Highlight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=10)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.ForeignKey(
                    blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decided",
                    to="people.member")),
                ("version", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="highlights", to="desk.answerversion")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("field__in", ("question", "summary", "text", "change"))),
                        name="highlight_field_known"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("name", "address"))), name="highlight_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(("start__lt", models.F("end"))), name="highlight_has_words"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                            _connector="OR"),
                        name="highlight_is_decided_by_somebody"),
                    models.UniqueConstraint(fields=("version", "field", "start"), name="one_highlight_a_place"),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
