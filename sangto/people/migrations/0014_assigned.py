"""One more kind of Deed. SQLite builds the table anew for it, which takes its guards away: they are put up again."""

from importlib import import_module

from django.db import migrations, models

from sangto.engine.triggers import creating

GUARDS = import_module("sangto.people.migrations.0012_people_guards").GUARDS


def restore(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        lost = {name: guard for name, guard in GUARDS.items() if guard[0] == "people_deed"}
        for statement in creating(lost, vendor="sqlite"):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0013_invitations'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, restore),  # on the way back this comes last
        migrations.RemoveConstraint(
            model_name='deed',
            name='deed_what_known',
        ),
        migrations.AddIndex(
            model_name='deed',
            index=models.Index(fields=['number', 'id'], name='deeds_on_thing'),
        ),
        migrations.AddConstraint(
            model_name='deed',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ('wrote', 'submitted', 'discarded', 'decided', 'sent_back', 'published', 'began_correction', 'began_withdrawal', 'split', 'merged', 'undid', 'closed', 'reopened', 'assigned', 'handed_over', 'placed', 'asked_back', 'ruled', 'set_term', 'erased', 'tried_again', 'answered', 'extended', 'finished', 'refused', 'enrolled', 'granted', 'ended_grant', 'left', 'invited', 'reset', 'accepted', 'issued_token'))), name='deed_what_known'),
        ),
        migrations.RunPython(restore, migrations.RunPython.noop),
    ]
