"""An officer asks back, and a sender adds to a Message: rows that are never edited, only erased with their Message.

SQLite builds the table of the Replies anew. It has no trigger of ours.
"""

import django.db.models.deletion
from django.db import migrations, models

from sangto.engine.triggers import creating, dropping

WITHDRAWN = "EXISTS (SELECT 1 FROM desk_message WHERE id = OLD.message_id AND withdrawn_at IS NOT NULL)"
TEXT = f"(OLD.text = NEW.text OR NEW.text = '-' AND {WITHDRAWN})"
SAME_QUESTION = " AND ".join(
    f"OLD.{name} = NEW.{name}" for name in ("id", "message_id", "asked_by_id", "asked_at", "answer_due_on"))
SAME_ADDITION = " AND ".join(f"OLD.{name} = NEW.{name}" for name in ("id", "message_id", "question_id", "key", "at"))
GUARDS = {
    "guard_question_update": (
        "desk_question", "UPDATE",
        f"NOT ({SAME_QUESTION} AND {TEXT}"
        " AND (OLD.ended_at IS NULL OR OLD.ended_at = NEW.ended_at AND OLD.ending = NEW.ending))",
        "a question is never edited, and ends once"),
    "guard_question_delete": ("desk_question", "DELETE", None, "a question is kept"),
    "guard_addition_update": (
        "desk_addition", "UPDATE", f"NOT ({SAME_ADDITION} AND {TEXT})", "an addition is never edited, only withdrawn"),
    "guard_addition_delete": ("desk_addition", "DELETE", None, "an addition is kept"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0021_due_of_the_past'),
        ('people', '0005_unit_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Addition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('key', models.CharField(max_length=64, unique=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('answer_due_on', models.DateField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ending', models.CharField(blank=True, max_length=10)),
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
            model_name='addition',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='additions', to='desk.message'),
        ),
        migrations.AddField(
            model_name='question',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked', to='people.member'),
        ),
        migrations.AddField(
            model_name='question',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='desk.message'),
        ),
        migrations.AddField(
            model_name='addition',
            name='question',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='addition', to='desk.question'),
        ),
        migrations.AddField(
            model_name='reply',
            name='question',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reply', to='desk.question'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('acknowledged', 'answer', 'elsewhere', 'closing', 'mistaken', 'question'))), name='reply_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.UniqueConstraint(condition=models.Q(('question__isnull', True), ('version__isnull', True)), fields=('message', 'kind'), name='one_reply_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='reply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'question'), ('question__isnull', False)), models.Q(models.Q(('kind', 'question'), _negated=True), ('question__isnull', True)), _connector='OR'), name='a_question_is_told_as_one'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('ending__in', ('', 'answered', 'lapsed', 'settled', 'withdrawn'))), name='question_ending_known'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='question_has_text'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('message',), name='one_open_question'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ending', '')), models.Q(('ended_at__gte', models.F('asked_at')), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='question_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='addition',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='addition_has_text'),
        ),
        migrations.RunPython(install, remove),
    ]
