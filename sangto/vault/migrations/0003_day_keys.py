from django.db import migrations, models
from django.db.models import F


def arrived_on_the_day_of_its_key(apps, schema_editor):
    """Until now an address was sealed on the day on which it came, and never again."""
    apps.get_model("vault", "Contact").objects.update(arrived_on=F("day"))


class Migration(migrations.Migration):
    """The keys themselves get their rows in the worker's first round: only it may look into the keystore."""

    dependencies = [
        ('vault', '0002_opening'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('public', models.BinaryField()),
                ('sealed_again', models.PositiveIntegerField(default=0)),
                ('destroyed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(model_name='contact', name='arrived_on', field=models.DateField(null=True)),
        migrations.RunPython(arrived_on_the_day_of_its_key, migrations.RunPython.noop),
        migrations.AlterField(model_name='contact', name='arrived_on', field=models.DateField(db_index=True)),
        migrations.AlterField(model_name='contact', name='day', field=models.DateField(db_index=True)),
    ]
