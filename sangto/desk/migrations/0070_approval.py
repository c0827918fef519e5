"""Approvals: two Members stand for the same content. Triggers hold that nothing is published without both.

A version that waits in review is stood for by its writer, who sent it there. What was published before has no rows: the
triggers look at the moment of publishing.
"""

import hashlib
import json

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from sangto.engine.triggers import creating, dropping

NEWEST = "(SELECT MAX(m.id) FROM desk_approval m WHERE m.version_id = {id} AND m.role = 'author')"
FITS = (
    "EXISTS (SELECT 1 FROM desk_answerversion v WHERE v.id = NEW.version_id AND v.state = 'in_review' AND ("
    "NEW.role = 'author' AND v.written_by_id = NEW.member_id"
    " OR NEW.role = 'approver' AND v.written_by_id <> NEW.member_id AND EXISTS (SELECT 1 FROM desk_approval a"
    f" WHERE a.id = {NEWEST.format(id='v.id')} AND a.member_id = v.written_by_id"
    " AND a.content_hash = NEW.content_hash)))"
)
IS_ERASED = (
    "EXISTS (SELECT 1 FROM desk_publication p WHERE p.version_id = OLD.version_id AND p.erased_at IS NOT NULL)"
    " AND NEW.content_hash = '' AND "
    + " AND ".join(
        f"NEW.{name} = OLD.{name}" for name in ("id", "version_id", "member_id", "role", "checklist", "ticks", "at"))
)
IS_DRAFT = "EXISTS (SELECT 1 FROM desk_answerversion v WHERE v.id = OLD.version_id AND v.state = 'draft')"
HAS_BOTH = (
    "EXISTS (SELECT 1 FROM desk_approval w JOIN desk_approval a ON a.version_id = w.version_id"
    " AND a.content_hash = w.content_hash AND a.member_id <> w.member_id"
    f" WHERE w.id = {NEWEST.format(id='NEW.id')} AND w.member_id = NEW.written_by_id AND w.content_hash <> ''"
    " AND a.role = 'approver' AND a.member_id = NEW.approved_by_id)"
)
SAID = ("answer_id", "n", "step", "kind", "lang", "question", "rating", "outcome", "summary", "text", "change",
        "written_by_id")
IS_CHANGED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in SAID)

GUARDS = {
    "guard_approval_insert": (
        "desk_approval", "INSERT", f"NOT {FITS}", "two members stand for the same words, one of them their writer"),
    "guard_approval_update": (
        "desk_approval", "UPDATE", f"NOT ({IS_ERASED})", "an approval is never changed"),
    "guard_approval_delete": (
        "desk_approval", "DELETE", f"NOT {IS_DRAFT}", "an approval goes only with a draft that is discarded"),
    "guard_publish_needs_two": (
        "desk_answerversion", "UPDATE",
        f"OLD.state <> 'published' AND NEW.state = 'published' AND NOT {HAS_BOTH}",
        "published without two members who stand for the same words"),
    "guard_review_is_frozen": (
        "desk_answerversion", "UPDATE",
        f"OLD.state = 'in_review' AND NEW.state <> 'draft' AND ({IS_CHANGED})",
        "a version in review is frozen"),
}


def install(apps, schema_editor):
    for statement in creating(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in dropping(GUARDS, vendor=schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def stand_for_what_waits(apps, schema_editor):
    versions, approvals = apps.get_model("desk", "AnswerVersion"), apps.get_model("desk", "Approval")
    for version in versions.objects.filter(state="in_review").select_related("answer__case"):
        approvals.objects.create(
            version=version, member_id=version.written_by_id, role="author", content_hash=hash_of(version),
            at=version.written_at)


def hash_of(version):
    case = version.answer.case
    names = ("n", "step", "kind", "lang", "question", "rating", "outcome", "summary", "text", "change")
    sources = [
        {"title": each.title, "publisher": each.publisher, "url": each.url, "dated": each.dated_on.isoformat()}
        for each in version.sources.order_by("position")
    ]
    number = f"{timezone.localtime(case.opened_at):%Y}-{case.pk:06d}"
    said = {name: getattr(version, name) for name in names}
    said |= {"answer": number, "published": "", "unit": "", "sources": sources}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("desk", "0061_copy_guards"), ("people", "0010_grants")]
    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=10)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("checklist", models.PositiveSmallIntegerField(default=0)),
                ("ticks", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("member", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="people.member")),
                ("version", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="desk.answerversion")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ("author", "approver"))), name="approval_role_known"),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "approver")), fields=("version",), name="one_approver_a_version"),
                ],
            },
        ),
        migrations.RunPython(stand_for_what_waits, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
