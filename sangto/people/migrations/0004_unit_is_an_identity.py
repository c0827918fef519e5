"""Name, code and days now stand in the periods alone; on the way back a Unit gets those of its last period."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Name and code of the last period; a code that was given again is told apart by the id."""
    unit, period = (apps.get_model("people", name) for name in ("Unit", "UnitPeriod"))
    seen = set()
    for each in unit.objects.order_by("pk").iterator(chunk_size=500):
        last = period.objects.filter(unit_id=each.pk).order_by("-valid_from").first()
        code = last.code if last else f"unit-{each.pk}"
        each.code = f"{code[:20]}-{each.pk}" if code in seen else code
        each.name, each.valid_to = (last.name, last.valid_to) if last else (each.code, None)
        seen.add(each.code)
        each.save()


class Migration(migrations.Migration):
    dependencies = [("people", "0003_first_periods")]
    operations = [
        migrations.RemoveConstraint(model_name="unit", name="unit_ends_after_it_starts"),
        migrations.AlterField("unit", "code", models.SlugField(max_length=40, unique=True, null=True)),
        migrations.AlterField("unit", "name", models.CharField(max_length=200, null=True)),
        migrations.RunPython(migrations.RunPython.noop, fill),
        migrations.RemoveField(model_name="unit", name="code"),
        migrations.RemoveField(model_name="unit", name="name"),
        migrations.RemoveField(model_name="unit", name="valid_to"),
        migrations.RenameField(model_name="unit", old_name="valid_from", new_name="created_on"),
    ]
