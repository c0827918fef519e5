"""What the inbox counts and finds Cases by.

The column is added by a statement of ours: Django would make the table anew on SQLite, and its triggers would be gone.
"""

import django.db.models.deletion
from django.db import migrations, models

ADD = "ALTER TABLE desk_case ADD COLUMN asked integer DEFAULT 0 NOT NULL CHECK (asked >= 0)"
WORDS = "array_to_tsvector(string_to_array(words, ' '))"
ON_SQLITE = (
    # No positions and no sizes: a search asks only whether a word is there. It keeps the words itself and is written by
    # the action that writes the row: with trusted_schema off, a trigger may not write to it.
    "CREATE VIRTUAL TABLE desk_search USING fts5(words, detail='none', columnsize=0, tokenize='ascii')",
)
OFF_SQLITE = ("DROP TABLE IF EXISTS desk_search",)
ON_POSTGRESQL = (f"CREATE INDEX search_words ON desk_searchtext USING gin ({WORDS})",)
OFF_POSTGRESQL = ("DROP INDEX IF EXISTS search_words",)


def install(apps, schema_editor):
    for statement in ON_SQLITE if schema_editor.connection.vendor == "sqlite" else ON_POSTGRESQL:
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in OFF_SQLITE if schema_editor.connection.vendor == "sqlite" else OFF_POSTGRESQL:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("desk", "0040_objection")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD, "ALTER TABLE desk_case DROP COLUMN asked")],
            state_operations=[migrations.AddField("case", "asked", models.PositiveIntegerField(db_default=0))],
        ),
        migrations.AddIndex("case", models.Index(fields=["state", "-asked", "id"], name="case_asked")),
        migrations.AddIndex("case", models.Index(fields=["unit", "state", "id"], name="case_of_unit")),
        migrations.AddIndex("case", models.Index(
            fields=["unit", "due_on"], condition=models.Q(state="open"), name="case_due_in_unit")),
        migrations.AddIndex("answerversion", models.Index(
            fields=["state"], condition=~models.Q(state="published"), name="version_under_work")),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("case", models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="search",
                    serialize=False, to="desk.case")),
                ("words", models.TextField(blank=True)),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
