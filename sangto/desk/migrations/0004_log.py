"""What ties Messages and versions to the log. A rebuilt table loses its triggers, so all come down until 0006."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

guards = import_module("sangto.desk.migrations.0002_guards")


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0003_calibration'),
        ('vault', '0002_opening'),
    ]

    operations = [
        migrations.RunPython(guards.remove, guards.install),
        migrations.AddField(
            model_name='message',
            name='opening',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='vault.opening'),
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('answer', models.CharField(blank=True, max_length=20)),
                ('at', models.DateTimeField()),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ended', to='desk.message')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('answered', 'forwarded', 'declined', 'expired'))), name='logged_outcome_known')],
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('leaf_hash', models.CharField(max_length=64, unique=True)),
                ('salt', models.CharField(blank=True, max_length=64)),
                ('erased_at', models.DateTimeField(blank=True, null=True)),
                ('erasure_hash', models.CharField(blank=True, max_length=64)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='desk.answerversion')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('erased_at__isnull', True), ('erasure_hash', ''), models.Q(('salt', ''), _negated=True)), models.Q(('erased_at__isnull', False), ('salt', ''), models.Q(('erasure_hash', ''), _negated=True)), _connector='OR'), name='erased_means_without_salt')],
            },
        ),
    ]
