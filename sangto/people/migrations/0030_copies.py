"""Two more things that members do. The table is rebuilt on SQLite, which takes its triggers away: they are put up again."""

from importlib import import_module

from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

before = import_module("sangto.people.migrations.0012_people_guards").GUARDS
GUARDS = {name: guard for name, guard in before.items() if guard[0] == "people_deed"}


NEW = ("asked_copy", "uploaded_copy")


def install(apps, schema_editor):
    for each in (dropping, creating):
        for statement in each(GUARDS, vendor=schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)


def forget(apps, schema_editor):
    """Backwards: what the older program has no word for is not kept."""
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)
    apps.get_model("people", "Deed").objects.filter(what__in=NEW).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0014_assigned'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, install),
        migrations.RemoveConstraint(
            model_name='deed',
            name='deed_what_known',
        ),
        migrations.AddConstraint(
            model_name='deed',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ('wrote', 'submitted', 'discarded', 'decided', 'sent_back', 'published', 'began_correction', 'began_withdrawal', 'split', 'merged', 'undid', 'closed', 'reopened', 'assigned', 'handed_over', 'placed', 'asked_back', 'ruled', 'set_term', 'erased', 'tried_again', 'asked_copy', 'uploaded_copy', 'answered', 'extended', 'finished', 'refused', 'enrolled', 'granted', 'ended_grant', 'left', 'invited', 'reset', 'accepted', 'issued_token'))), name='deed_what_known'),
        ),
        migrations.RunPython(install, forget),
    ]
