"""Deeds know templates.

SQLite makes the table anew for another constraint and loses its guards on the way: they come down before and stand again
after, in the same transaction.
"""

from importlib import import_module

from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

DEEDS = (
    "wrote", "submitted", "discarded", "decided", "sent_back", "published", "began_correction", "began_withdrawal",
    "split", "merged", "undid", "closed", "reopened", "assigned", "handed_over", "placed", "asked_back", "ruled",
    "set_term", "erased", "tried_again", "asked_copy", "uploaded_copy", "answered", "extended", "finished", "refused",
    "enrolled", "granted", "ended_grant", "left", "invited", "reset", "accepted", "issued_token",
    "tied_account", "untied_account", "ended_sign_ins", "made_template", "changed_template", "archived_template",
)  # fmt: skip
KINDS = ("case", "request", "member", "work", "template")
BEFORE = import_module("sangto.people.migrations.0012_people_guards")
GUARDS = {name: guard for name, guard in BEFORE.GUARDS.items() if guard[0] == "people_deed"}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def forget(apps, schema_editor):
    """Backwards: what the older program has no word for is not kept."""
    remove(apps, schema_editor)
    apps.get_model("people", "Deed").objects.filter(kind="template").delete()


class Migration(migrations.Migration):
    dependencies = [("people", "0041_deeds_of_sign_ins")]
    operations = [
        migrations.RunPython(remove, install),
        migrations.RemoveConstraint(model_name="deed", name="deed_what_known"),
        migrations.AddConstraint(
            model_name="deed",
            constraint=models.CheckConstraint(condition=models.Q(("what__in", DEEDS)), name="deed_what_known"),
        ),
        migrations.RemoveConstraint(model_name="deed", name="deed_kind_known"),
        migrations.AddConstraint(
            model_name="deed",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="deed_kind_known"),
        ),
        migrations.RunPython(install, forget),
    ]
