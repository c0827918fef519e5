"""A sender may withdraw a Message, and asks about their data: the columns, the queue, and the triggers that hold both.

Tables are built anew on SQLite and lose their triggers, so all come down first and go up again at the end.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

before = import_module("sangto.desk.migrations.0006_log_guards").GUARDS

WITHDRAWN = "EXISTS (SELECT 1 FROM desk_message WHERE id = OLD.message_id AND withdrawn_at IS NOT NULL)"
BLANKED = "OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND NEW.text = '-' AND NEW.place = ''"
CHANGED = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in ("lang", "channel", "received_at"))
SAME_JOINING = " AND ".join(
    [*(f"OLD.{name} = NEW.{name}" for name in ("id", "message_id", "case_id", "decided_by", "at")),
     *(f"COALESCE(OLD.{name}, -1) = COALESCE(NEW.{name}, -1)" for name in ("left_id", "regrouping_id", "sureness"))])
REQUEST_CHANGED = " OR ".join(
    f"OLD.{name} <> NEW.{name}" for name in ("id", "key", "message_id", "kind", "lang", "made_at", "answer_due_on"))
REQUEST_MOVED = " OR ".join(f"OLD.{name} <> NEW.{name}" for name in ("state", "done_due_on", "with_processor"))

GUARDS = {
    **before,
    "guard_message": (
        "desk_message", "UPDATE",
        f"{CHANGED} OR (OLD.text <> NEW.text OR OLD.place <> NEW.place) AND NOT ({BLANKED})"
        " OR OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at IS NULL OR NEW.withdrawn_at <> OLD.withdrawn_at)",
        "a message is never edited, only withdrawn"),
    "guard_joining_update": (
        "desk_joining", "UPDATE", f"NOT ({SAME_JOINING} AND NEW.reasons = '[]' AND {WITHDRAWN})",
        "the history of the grouping only grows"),
    "guard_request_update": (
        "desk_datarequest", "UPDATE",
        f"{REQUEST_CHANGED} OR OLD.words <> NEW.words AND NOT (NEW.words = '-' AND {WITHDRAWN})"
        f" OR OLD.state IN ('done', 'refused') AND ({REQUEST_MOVED}) OR NEW.done_due_on < OLD.done_due_on",
        "a request is never edited, and over once"),
    "guard_request_delete": ("desk_datarequest", "DELETE", None, "a request is kept"),
    "guard_request_step_update": ("desk_datarequeststep", "UPDATE", None, "what was done about a request only grows"),
    "guard_request_step_delete": ("desk_datarequeststep", "DELETE", None, "what was done about a request only grows"),
}


def take_down(apps, schema_editor):
    for statement in dropping(before, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def put_up(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def put_up_as_before(apps, schema_editor):
    for statement in creating(before, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def take_all_down(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ("desk", "0007_work"),
        ('people', '0001_initial'),
        ('vault', '0002_opening'),
    ]

    operations = [
        migrations.RunPython(take_down, put_up_as_before),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('words', models.TextField()),
                ('lang', models.CharField(max_length=5)),
                ('made_at', models.DateTimeField()),
                ('answer_due_on', models.DateField()),
                ('done_due_on', models.DateField()),
                ('with_processor', models.BooleanField(default=False)),
                ('state', models.CharField(default='open', max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='DataRequestStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('reply', models.TextField()),
                ('reason', models.CharField(blank=True, max_length=20)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='case',
            name='case_closing_is_for_closed_claims',
        ),
        migrations.RemoveConstraint(
            model_name='outcome',
            name='logged_outcome_known',
        ),
        migrations.AddField(
            model_name='message',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closing', ''), models.Q(('state', 'closed'), _negated=True)), models.Q(('closing', 'not_checkable'), ('kind', 'claim'), ('state', 'closed')), models.Q(('closing', 'withdrawn'), ('state', 'closed')), _connector='OR'), name='case_closing_is_for_closed_cases'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('contact__isnull', True), ('opening__isnull', True), ('place', ''), ('text', '-')), _connector='OR'), name='withdrawn_means_erased'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('answered', 'forwarded', 'declined', 'expired', 'withdrawn'))), name='logged_outcome_known'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='desk.message'),
        ),
        migrations.AddField(
            model_name='datarequeststep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.member'),
        ),
        migrations.AddField(
            model_name='datarequeststep',
            name='request',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='desk.datarequest'),
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(condition=models.Q(('state__in', ('open', 'answered'))), fields=['made_at'], name='request_queue'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('access', 'correct', 'erase', 'restrict', 'object', 'other'))), name='request_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'answered', 'done', 'refused'))), name='request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='request_has_words'),
        ),
        migrations.AddConstraint(
            model_name='datarequeststep',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ('answered', 'extended', 'done', 'refused'))), name='request_step_known'),
        ),
        migrations.AddConstraint(
            model_name='datarequeststep',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ('', 'not_held', 'kept_by_law', 'rights_of_others', 'not_clear', 'done_before'))), name='request_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='datarequeststep',
            constraint=models.CheckConstraint(condition=models.Q(('reply', ''), _negated=True), name='request_step_is_explained'),
        ),
        migrations.AddConstraint(
            model_name='datarequeststep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('step', 'refused'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('step', 'refused'), _negated=True), ('reason', '')), _connector='OR'), name='request_refusal_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='datarequeststep',
            constraint=models.UniqueConstraint(fields=('request', 'step'), name='one_request_step_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='datarequeststep',
            constraint=models.UniqueConstraint(condition=models.Q(('step__in', ('done', 'refused'))), fields=('request',), name='one_request_end'),
        ),
        migrations.RunPython(put_up, take_all_down),
    ]
