"""What the members of a unit begin an answer from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0070_approval"), ("people", "0010_grants")]
    operations = [
        migrations.CreateModel(
            name="Template",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("lang", models.CharField(max_length=5)),
                ("name", models.CharField(max_length=80)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="templates", to="people.member")),
                ("unit", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="templates", to="people.unit")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("claim", "problem"))), name="template_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(("lang__in", ("vi", "en"))), name="template_lang_known"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="template_has_name"),
                    models.CheckConstraint(
                        condition=models.Q(("summary", ""), ("text", ""), _negated=True), name="template_has_words"),
                    models.UniqueConstraint(
                        condition=models.Q(("archived_at__isnull", True)), fields=("unit", "name"),
                        name="one_template_a_name"),
                ],
            },
        ),
    ]
