"""A Unit becomes an identity: the tables of its periods, and of what changed it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        # Older migrations of the desk read a Unit's code from its row: those come first.
        ('desk', '0010_highlight'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnitAlias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200)),
                ('key', models.CharField(db_index=True, max_length=200)),
                ('stem', models.CharField(db_index=True, max_length=200)),
                ('used_from', models.DateField(blank=True, null=True)),
                ('used_to', models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='UnitEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('effective_on', models.DateField()),
                ('decree_number', models.CharField(max_length=100)),
                ('decree_date', models.DateField(blank=True, null=True)),
                ('document', models.CharField(max_length=1000)),
                ('document_digest', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('applied_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='UnitLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('share', models.CharField(max_length=5)),
            ],
        ),
        migrations.CreateModel(
            name='UnitPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('kind', models.CharField(max_length=40)),
                ('level', models.PositiveSmallIntegerField(default=0)),
                ('name', models.CharField(max_length=200)),
                ('name_en', models.CharField(blank=True, max_length=200)),
                ('scheme', models.CharField(max_length=20)),
                ('code', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=200)),
                ('stem', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['valid_from'],
            },
        ),
        migrations.CreateModel(
            name='UnitProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('effective_on', models.DateField()),
                ('scheme', models.CharField(max_length=20)),
                ('changes', models.TextField()),
                ('fingerprint', models.CharField(max_length=64)),
                ('decree_number', models.CharField(blank=True, max_length=100)),
                ('decree_date', models.DateField(blank=True, null=True)),
                ('document', models.CharField(blank=True, max_length=1000)),
                ('document_digest', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('entered_at', models.DateTimeField()),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='UnitSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('url', models.CharField(blank=True, max_length=1000)),
                ('as_of', models.DateField()),
                ('digest', models.CharField(max_length=64)),
                ('loaded_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='unit',
            name='role',
            field=models.CharField(default='desk', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ('area', 'desk', 'department'))), name='unit_role_known'),
        ),
        migrations.AddField(
            model_name='unitalias',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='aliases', to='people.unit'),
        ),
        migrations.AddField(
            model_name='unitevent',
            name='checked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unit_events_checked', to='people.member'),
        ),
        migrations.AddField(
            model_name='unitevent',
            name='entered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unit_events_entered', to='people.member'),
        ),
        migrations.AddField(
            model_name='unitevent',
            name='reverses',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='people.unitevent'),
        ),
        migrations.AddField(
            model_name='unitlink',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='people.unitevent'),
        ),
        migrations.AddField(
            model_name='unitlink',
            name='from_unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_from', to='people.unit'),
        ),
        migrations.AddField(
            model_name='unitlink',
            name='to_unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_to', to='people.unit'),
        ),
        migrations.AddField(
            model_name='unitperiod',
            name='begun_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='begun', to='people.unitevent'),
        ),
        migrations.AddField(
            model_name='unitperiod',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ended', to='people.unitevent'),
        ),
        migrations.AddField(
            model_name='unitperiod',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='people.unit'),
        ),
        migrations.AddField(
            model_name='unitperiod',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periods', to='people.unit'),
        ),
        migrations.AddField(
            model_name='unitperiod',
            name='voided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='voided', to='people.unitevent'),
        ),
        migrations.AddField(
            model_name='unitproposal',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unit_proposals', to='people.member'),
        ),
        migrations.AddField(
            model_name='unitproposal',
            name='event',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='people.unitevent'),
        ),
        migrations.AddField(
            model_name='unitproposal',
            name='refused_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='unit_proposals_refused', to='people.member'),
        ),
        migrations.AddField(
            model_name='unitproposal',
            name='reverses',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unitevent'),
        ),
        migrations.AddConstraint(
            model_name='unitsource',
            constraint=models.UniqueConstraint(fields=('name', 'as_of', 'digest'), name='one_source_a_file'),
        ),
        migrations.AddField(
            model_name='unitproposal',
            name='source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.unitsource'),
        ),
        migrations.AddField(
            model_name='unitperiod',
            name='source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.unitsource'),
        ),
        migrations.AddField(
            model_name='unitevent',
            name='source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.unitsource'),
        ),
        migrations.AddConstraint(
            model_name='unitalias',
            constraint=models.UniqueConstraint(fields=('unit', 'text'), name='one_alias_a_text'),
        ),
        migrations.AddConstraint(
            model_name='unitlink',
            constraint=models.CheckConstraint(condition=models.Q(('share__in', ('whole', 'part'))), name='link_share_known'),
        ),
        migrations.AddConstraint(
            model_name='unitlink',
            constraint=models.CheckConstraint(condition=models.Q(('from_unit', models.F('to_unit')), _negated=True), name='link_leads_elsewhere'),
        ),
        migrations.AddConstraint(
            model_name='unitlink',
            constraint=models.UniqueConstraint(fields=('event', 'from_unit', 'to_unit'), name='one_link_a_pair'),
        ),
        migrations.AddConstraint(
            model_name='unitlink',
            constraint=models.UniqueConstraint(condition=models.Q(('share', 'whole')), fields=('event', 'from_unit'), name='one_whole_link_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='unitproposal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('rename', 'recode', 'upgrade', 'move', 'merge', 'split', 'transfer', 'found', 'close', 'reverse'))), name='unit_proposal_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='unitproposal',
            constraint=models.CheckConstraint(condition=models.Q(('event__isnull', True), ('refused_at__isnull', True), _connector='OR'), name='unit_proposal_ends_once'),
        ),
        migrations.AddConstraint(
            model_name='unitproposal',
            constraint=models.UniqueConstraint(condition=models.Q(('event__isnull', True), ('refused_at__isnull', True)), fields=('fingerprint',), name='one_waiting_proposal'),
        ),
        migrations.AddIndex(
            model_name='unitperiod',
            index=models.Index(fields=['code', 'valid_from'], name='period_code'),
        ),
        migrations.AddIndex(
            model_name='unitperiod',
            index=models.Index(fields=['key'], name='period_key'),
        ),
        migrations.AddIndex(
            model_name='unitperiod',
            index=models.Index(fields=['stem'], name='period_stem'),
        ),
        migrations.AddConstraint(
            model_name='unitperiod',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='period_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='unitperiod',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('code', ''), _negated=True)), name='period_is_named'),
        ),
        migrations.AddConstraint(
            model_name='unitperiod',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True), ('voided_by__isnull', True)), fields=('unit',), name='one_open_period_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='unitperiod',
            constraint=models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True), ('voided_by__isnull', True)), fields=('scheme', 'level', 'code'), name='one_unit_holds_a_code'),
        ),
        migrations.AddConstraint(
            model_name='unitevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('rename', 'recode', 'upgrade', 'move', 'merge', 'split', 'transfer', 'found', 'close', 'reverse'))), name='unit_event_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='unitevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('document', ''), _negated=True), models.Q(('decree_number', ''), _negated=True)), name='unit_event_has_a_document'),
        ),
        migrations.AddConstraint(
            model_name='unitevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_by__isnull', False), ('entered_by__isnull', False), models.Q(('entered_by', models.F('checked_by')), _negated=True)), models.Q(('checked_by__isnull', True), ('entered_by__isnull', True), ('source__isnull', False)), _connector='OR'), name='unit_event_by_two_or_seeded'),
        ),
        migrations.AddConstraint(
            model_name='unitevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reverse'), ('reverses__isnull', False)), models.Q(models.Q(('kind', 'reverse'), _negated=True), ('reverses__isnull', True)), _connector='OR'), name='only_a_reversal_reverses'),
        ),
    ]
