"""Log what a desk kept before there was a log: every Message, and every published version in the order of publication.

How Messages ended follows by itself: their Cases are marked, and the worker goes through them.
"""

import secrets

from django.db import migrations
from django.db.models import F, Max, Q, Window
from django.utils import timezone

from sangto.engine.merkle.commitments import ANSWER, RECEIPT, commitment, text_digest
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger.rules import entry_of, second_of

CHUNK = 500
LEAVES = {"publish": "p", "correct": "c", "withdraw": "w"}


def log_the_past(apps, schema_editor):
    get = apps.get_model
    log_messages(get("desk", "Message"), get("vault", "Opening"), get("ledger", "Leaf"))
    last = log_versions(get("desk", "AnswerVersion"), get("desk", "Publication"), get("ledger", "Leaf"))
    if last:  # the next leaf is not dated before these
        get("ledger", "LastDate").objects.update_or_create(pk=1, defaults={"at": last})
    settled = get("desk", "Case").objects.filter(Q(state="answered") | Q(state="closed"), messages__isnull=False)
    get("desk", "Case").objects.filter(pk__in=settled.values("pk")).update(owes=True)


def log_messages(messages, openings, leaves):
    for message in messages.objects.order_by("pk").iterator(chunk_size=CHUNK):
        opening = openings.objects.create(
            salt=secrets.token_hex(32), outcome_salt=secrets.token_hex(32), rid=secrets.token_hex(16)
        )
        messages.objects.filter(pk=message.pk).update(opening=opening)
        said = {
            "ch": message.channel,
            "day": timezone.localtime(message.received_at).date().isoformat(),
            "files": [],
            "msg": text_digest(message.text),
            "place": text_digest(message.place),
            "rid": opening.rid,
        }
        fields = {"c": commitment(RECEIPT, said, salt=bytes.fromhex(opening.salt))}
        add(leaves, "r", fields, at=message.received_at)


def log_versions(versions, publications, leaves):
    last, before = None, {}
    published = versions.objects.filter(state="published").select_related("answer__case__unit")
    # A version comes after the one before it, though the clock may have been put back in between.
    reached = Window(Max("published_at"), partition_by=[F("answer_id")], order_by="n")
    for version in published.annotate(reached=reached).order_by("reached", "pk").iterator(chunk_size=CHUNK):
        case = version.answer.case
        at = version.published_at.replace(microsecond=0)
        last = max(at, last or at)
        number = f"{timezone.localtime(case.opened_at):%Y}-{case.pk:06d}"
        salt, unit = secrets.token_hex(32), case.unit.code if case.unit else ""
        content = content_of(version, number=number, published=second_of(last), unit=unit)
        fields = {"a": number, "n": version.n, "ts": second_of(last), "u": unit,
                  "h": commitment(ANSWER, content, salt=bytes.fromhex(salt))}
        if version.n > 1:
            fields["pv"] = before[version.answer_id]
        if version.step == "withdraw":
            fields["rs"] = "stated"
        before[version.answer_id] = add(leaves, LEAVES[version.step], fields, at=last)
        publications.objects.create(version=version, leaf_hash=before[version.answer_id], salt=salt)
    return last


def content_of(version, *, number, published, unit):
    names = ("n", "step", "kind", "lang", "question", "rating", "outcome", "summary", "text", "change")
    sources = [
        {"title": each.title, "publisher": each.publisher, "url": each.url, "dated": each.dated_on.isoformat()}
        for each in version.sources.order_by("position")
    ]
    said = {name: getattr(version, name) for name in names}
    return {**said, "answer": number, "published": published, "unit": unit, "sources": sources}


def add(leaves, kind, fields, *, at):
    entry = entry_of(kind, fields)
    digest = leaf_hash(entry).hex()
    leaves.objects.create(body=entry.decode(), kind=kind, created_at=at, leaf_hash=digest)
    return digest


class Migration(migrations.Migration):
    dependencies = [("desk", "0004_log"), ("ledger", "0002_guards"), ("people", "0001_initial")]
    operations = [migrations.RunPython(log_the_past, migrations.RunPython.noop)]
