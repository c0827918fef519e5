"""Calendars, terms, pauses and escalations, and the clock of each Case; triggers keep their history.

The columns of a Case may be empty, so SQLite adds them to the table as it stands and its triggers stay.
"""

import django.db.models.deletion
from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

SAME_PAUSE = " AND ".join(f"OLD.{name} = NEW.{name}" for name in ("id", "case_id", "why", "began_at", "began_on"))
GUARDS = {
    "guard_pause_update": (
        "desk_pause", "UPDATE", f"NOT ({SAME_PAUSE} AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)",
        "a pause is never edited, and ends once"),
    "guard_pause_delete": ("desk_pause", "DELETE", None, "a pause is kept"),
    "guard_term_update": ("desk_term", "UPDATE", None, "the history of the terms only grows"),
    "guard_term_delete": ("desk_term", "DELETE", None, "the history of the terms only grows"),
    "guard_escalation_update": ("desk_escalation", "UPDATE", None, "the history of what was overdue only grows"),
    "guard_escalation_delete": ("desk_escalation", "DELETE", None, "the history of what was overdue only grows"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0011_reassignment'),
        ('people', '0005_unit_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Calendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('known_until', models.DateField()),
                ('imported_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('name', models.CharField(blank=True, max_length=200)),
                ('works', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(max_length=10)),
                ('began_at', models.DateTimeField()),
                ('began_on', models.DateField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_on', models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('working_days', models.PositiveSmallIntegerField()),
                ('set_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='case',
            name='counts_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='due_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='restarted_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='term_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_on'], name='case_due'),
        ),
        migrations.AddField(
            model_name='calendar',
            name='unit',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calendar', to='people.unit'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='desk.case'),
        ),
        migrations.AddField(
            model_name='escalation',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.unit'),
        ),
        migrations.AddField(
            model_name='holiday',
            name='calendar',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='desk.calendar'),
        ),
        migrations.AddField(
            model_name='pause',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='desk.case'),
        ),
        migrations.AddField(
            model_name='term',
            name='set_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.member'),
        ),
        migrations.AddField(
            model_name='term',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='people.unit'),
        ),
        migrations.AddConstraint(
            model_name='calendar',
            constraint=models.UniqueConstraint(models.ExpressionWrapper(models.Q(('unit__isnull', True)), output_field=models.BooleanField()), condition=models.Q(('unit__isnull', True)), name='one_calendar_for_the_desk'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.UniqueConstraint(fields=('case', 'due_on'), name='one_escalation_a_term'),
        ),
        migrations.AddConstraint(
            model_name='holiday',
            constraint=models.UniqueConstraint(fields=('calendar', 'day'), name='one_holiday_a_day'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(('why__in', ('asked',))), name='pause_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('case',), name='one_open_pause'),
        ),
        migrations.AddConstraint(
            model_name='pause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_on__isnull', True)), models.Q(('ended_at__gte', models.F('began_at')), ('ended_on__gte', models.F('began_on'))), _connector='OR'), name='pause_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('claim', 'problem'))), name='term_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('working_days__gte', 1), ('working_days__lte', 250)), name='term_can_be_kept'),
        ),
        migrations.RunPython(install, remove),
    ]
