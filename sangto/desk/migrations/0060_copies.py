"""Archived copies of what sources cite."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

before = import_module("sangto.desk.migrations.0006_log_guards").GUARDS
GUARDS = {name: guard for name, guard in before.items() if "desk_source" in f"{guard[0]} {guard[2]}"}


def install(apps, schema_editor):
    """Backwards SQLite rebuilds the table of sources: its triggers, and those that read it, are put up again."""
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0054_joining_moved'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, install),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('lease_token', models.CharField(blank=True, max_length=32, null=True)),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, max_length=60)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('gave_up_at', models.DateTimeField(blank=True, null=True)),
                ('url', models.CharField(max_length=1000)),
                ('how', models.CharField(max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('taken_at', models.DateTimeField(blank=True, null=True)),
                ('media_type', models.CharField(blank=True, max_length=40)),
                ('size', models.PositiveIntegerField(default=0)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='desk.answer')),
            ],
        ),
        migrations.CreateModel(
            name='CopyBytes',
            fields=[
                ('copy', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='kept', serialize=False, to='desk.copy')),
                ('data', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='source',
            name='copy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='desk.copy'),
        ),
        migrations.AddIndex(
            model_name='copy',
            index=models.Index(condition=models.Q(('done_at__isnull', True), ('gave_up_at__isnull', True)), fields=['due_at'], name='copy_due'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ('fetched', 'uploaded'))), name='copy_how_known'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('media_type', ''), ('sha256', ''), ('size', 0), ('taken_at__isnull', True)), models.Q(('done_at__isnull', False), ('gave_up_at__isnull', True), ('size__gt', 0), ('taken_at__isnull', False), models.Q(('media_type', ''), _negated=True), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='copy_is_taken_whole'),
        ),
        migrations.RunPython(migrations.RunPython.noop, remove),
    ]
