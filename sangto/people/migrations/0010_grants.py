import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


TOGETHER = {"editor": ("intake", "editor"), "approver": ("intake", "editor", "approver", "privacy_officer")}


def grant(apps, schema_editor):
    """Each Member holds what their one role allowed until now, since their login was made."""
    for member in apps.get_model("people", "Member").objects.select_related("user").order_by("pk").iterator(500):
        since = min(member.user.date_joined, member.left_at or member.user.date_joined)
        apps.get_model("people", "Grant").objects.bulk_create(
            apps.get_model("people", "Grant")(
                member=member, unit_id=member.unit_id, role=role, granted_at=since, ended_at=member.left_at)
            for role in TOGETHER[member.role])


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0005_unit_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=10)),
                ('number', models.CharField(max_length=40)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=20)),
                ('granted_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name='deed',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='people.member'),
        ),
        migrations.AddField(
            model_name='deed',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='people.unit'),
        ),
        migrations.AddField(
            model_name='grant',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ended', to='people.member'),
        ),
        migrations.AddField(
            model_name='grant',
            name='granted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='granted', to='people.member'),
        ),
        migrations.AddField(
            model_name='grant',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='people.member'),
        ),
        migrations.AddField(
            model_name='grant',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='people.unit'),
        ),
        migrations.AddIndex(
            model_name='deed',
            index=models.Index(fields=['unit', '-id'], name='deeds_of_unit'),
        ),
        migrations.AddConstraint(
            model_name='deed',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ('wrote', 'submitted', 'discarded', 'decided', 'sent_back', 'published', 'began_correction', 'began_withdrawal', 'split', 'merged', 'undid', 'closed', 'reopened', 'handed_over', 'placed', 'asked_back', 'ruled', 'set_term', 'erased', 'tried_again', 'answered', 'extended', 'finished', 'refused', 'enrolled', 'granted', 'ended_grant', 'left', 'invited', 'reset', 'accepted', 'issued_token'))), name='deed_what_known'),
        ),
        migrations.AddConstraint(
            model_name='deed',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('case', 'request', 'member', 'work'))), name='deed_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ('intake', 'editor', 'approver', 'dispatcher', 'privacy_officer', 'auditor', 'head'))), name='grant_role_known'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('granted_by', models.F('member')), _negated=True), name='grant_nobody_to_oneself'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('granted_at')), _connector='OR'), name='grant_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('member', 'unit', 'role'), name='grant_held_once'),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
