"""Whose work a Case is, who watches it, and what senders are told when another Unit has it.

On the way back SQLite makes the table of Cases anew and loses its guard, which is put up again in the same transaction.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

NAME = "guard_answered_case_stays"
GUARDS = {NAME: import_module("sangto.desk.migrations.0002_guards").GUARDS[NAME]}


def put_up_again(apps, schema_editor):
    for change in (dropping, creating):
        for statement in change(GUARDS, vendor=schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)


def forget(apps, schema_editor):
    """Backwards: what the older program has no word for is not kept."""
    apps.get_model("desk", "Reply").objects.filter(kind="handed_over").delete()


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0052_saved_view'),
        ('people', '0014_assigned'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, put_up_again),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deeds_until', models.BigIntegerField()),
                ('messages_until', models.BigIntegerField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='reply',
            name='reply_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='reply',
            name='one_reply_a_kind',
        ),
        migrations.AddField(
            model_name='case',
            name='assigned_to',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned', to='people.member'),
        ),
        migrations.AddField(
            model_name='reply',
            name='move',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='desk.reassignment'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('assigned_to__isnull', False)), fields=['assigned_to', 'id'], name='case_assigned'),
        ),
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(condition=models.Q(('gave_up_at__isnull', False)), fields=['gave_up_at'], name='reply_given_up'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('acknowledged', 'answer', 'elsewhere', 'closing', 'mistaken', 'question', 'handed_over'))), name='reply_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.UniqueConstraint(condition=models.Q(('move__isnull', True), ('question__isnull', True), ('version__isnull', True)), fields=('message', 'kind'), name='one_reply_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.UniqueConstraint(condition=models.Q(('move__isnull', False)), fields=('message', 'move'), name='one_reply_a_move'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'handed_over'), ('move__isnull', False)), models.Q(models.Q(('kind', 'handed_over'), _negated=True), ('move__isnull', True)), _connector='OR'), name='a_move_is_told_as_one'),
        ),
        migrations.AddField(
            model_name='watch',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='desk.case'),
        ),
        migrations.AddField(
            model_name='watch',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='people.member'),
        ),
        migrations.AddConstraint(
            model_name='watch',
            constraint=models.UniqueConstraint(fields=('member', 'case'), name='one_watch_a_case'),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget),
    ]
