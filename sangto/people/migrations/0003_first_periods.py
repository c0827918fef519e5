"""Each Unit there was gets the one period that its row told."""

from django.db import migrations

from sangto.engine.unit_names import bare_key, stem

BATCH = 500


def begin(apps, schema_editor):
    """One period a Unit, under the desk's own codes."""
    period = apps.get_model("people", "UnitPeriod")
    known = apps.get_model("people", "Unit").objects.exclude(periods__isnull=False).order_by("pk")
    rows = [
        period(unit=each, valid_from=each.valid_from, valid_to=each.valid_to, kind="desk", name=each.name,
               scheme="own", code=each.code, key=bare_key(each.name), stem=stem(each.name))
        for each in known.iterator(chunk_size=BATCH)]
    period.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_units_in_time")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
