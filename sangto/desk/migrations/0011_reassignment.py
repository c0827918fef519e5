"""How a Case passed from one Unit to another; rows are only ever added."""

import django.db.models.deletion
from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

# name: (table, event, condition under which the write is refused, what the error says)
GUARDS = {
    "guard_reassignment_update": ("desk_reassignment", "UPDATE", None, "the history of a case only grows"),
    "guard_reassignment_delete": ("desk_reassignment", "DELETE", None, "the history of a case only grows"),
}


def install(apps, schema_editor):
    """Create the triggers in the words of the database."""
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    """Drop the triggers again."""
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0010_highlight'),
        ('people', '0005_unit_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reassignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.member')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reassignments', to='desk.case')),
                ('from_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases_passed_on', to='people.unit')),
                ('to_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases_taken_over', to='people.unit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('from_unit', models.F('to_unit')), _negated=True), name='reassigned_elsewhere'), models.CheckConstraint(condition=models.Q(('by__isnull', True), models.Q(('why', ''), _negated=True), _connector='OR'), name='a_decision_is_explained')],
            },
        ),
        migrations.RunPython(install, remove),
    ]
