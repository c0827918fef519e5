"""Searches of the inbox that members save."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0051_search_the_past"), ("people", "0010_grants")]
    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("query", models.CharField(max_length=2000)),
                ("saved_at", models.DateTimeField()),
                ("member", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to="people.member")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "name"), name="one_saved_view_a_name"),
                    models.CheckConstraint(condition=~models.Q(name=""), name="saved_view_has_a_name"),
                ],
            },
        ),
    ]
