"""The Cases that are here already are found and counted too."""

from collections import Counter, defaultdict

from django.db import migrations

from sangto.engine.searching import word_set

AT_ONCE = 500


def fill(apps, schema_editor):
    Case, Message = apps.get_model("desk", "Case"), apps.get_model("desk", "Message")
    last = 0
    while cases := list(Case.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        texts = defaultdict(list)
        asked = Counter()
        messages = Message.objects.filter(case__in=[each.pk for each in cases], withdrawn_at__isnull=True)
        for case, text in messages.values_list("case", "text").iterator():
            texts[case].append(text)
            asked[case] += 1
        for case in cases:
            case.asked = asked[case.pk]
        Case.objects.bulk_update(cases, ["asked"])
        apps.get_model("desk", "SearchText").objects.bulk_create(
            [_words(apps, case, texts[case.pk]) for case in cases], ignore_conflicts=True
        )
        last = cases[-1].pk
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("INSERT INTO desk_search(rowid, words) SELECT case_id, words FROM desk_searchtext")


def _words(apps, case, texts):
    return apps.get_model("desk", "SearchText")(case_id=case.pk, words=word_set([case.question, *texts]))


def leave(apps, schema_editor):
    """Nothing to take back: the rows go with the migration before."""


class Migration(migrations.Migration):
    dependencies = [("desk", "0050_inbox")]
    operations = [migrations.RunPython(fill, leave)]
