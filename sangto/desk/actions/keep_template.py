"""Members keep what answers of their unit begin from, and put it away again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.deeds import note_template
from sangto.desk.models import Template
from sangto.engine.text import is_binary
from sangto.people.models import Member, Unit
from sangto.people.queries import roles_in
from sangto.people.rules import may_keep_templates

LIMITS = {"name": 80, "summary": 300, "text": 20_000}


@dataclass(frozen=True)
class TemplateContent:
    """A Template as a Member types it."""

    kind: str
    lang: str
    name: str
    summary: str
    text: str


class CannotKeepTemplate(Exception):
    """Nothing was kept.

    `code`: not_allowed, gone, no_name, no_words, not_text, too_long, unknown_kind, unknown_lang or name_taken.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def make_template(unit: Unit | None, *, content: TemplateContent, by: Member, now: datetime) -> Template:
    """A new Template of the unit."""
    if unit is None or not may_keep_templates(roles_in(by, unit.pk)):
        raise CannotKeepTemplate("not_allowed")
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # two at once see each other's name
    return _kept(Template(unit=unit), content, what="made_template", by=by, now=now)


@transaction.atomic
def change_template(template: Template, *, content: TemplateContent, by: Member, now: datetime) -> Template:
    """The Template with other words. What was begun from it stays as it is."""
    return _kept(_locked(template, by=by), content, what="changed_template", by=by, now=now)


@transaction.atomic
def archive_template(template: Template, *, by: Member, now: datetime) -> None:
    """Put the Template away: nobody begins from it any more."""
    template = _locked(template, by=by)
    template.archived_at = now
    template.save(update_fields=["archived_at"])
    note_template("archived_template", template, by=by, now=now)


def _locked(template: Template, *, by: Member) -> Template:
    Unit.objects.select_for_update(no_key=True).get(pk=template.unit_id)
    fresh = Template.objects.filter(pk=template.pk, archived_at__isnull=True).first()
    if fresh is None:
        raise CannotKeepTemplate("gone")
    if not may_keep_templates(roles_in(by, fresh.unit_id)):
        raise CannotKeepTemplate("not_allowed")
    return fresh


def _kept(template: Template, content: TemplateContent, *, what: str, by: Member, now: datetime) -> Template:
    words = {name: getattr(content, name).replace("\r\n", "\n").strip() for name in LIMITS}
    _check(words, content)
    same = Template.objects.filter(unit=template.unit_id, name=words["name"], archived_at__isnull=True)
    if same.exclude(pk=template.pk).exists():
        raise CannotKeepTemplate("name_taken")
    for name, value in {**words, "kind": content.kind, "lang": content.lang, "by": by, "at": now}.items():
        setattr(template, name, value)
    template.save()
    note_template(what, template, by=by, now=now)
    return template


def _check(words: dict[str, str], content: TemplateContent) -> None:
    if not words["name"]:
        raise CannotKeepTemplate("no_name")
    if not (words["summary"] or words["text"]):
        raise CannotKeepTemplate("no_words")
    if any(is_binary(each) for each in words.values()):
        raise CannotKeepTemplate("not_text")
    if any(len(words[name]) > limit for name, limit in LIMITS.items()):
        raise CannotKeepTemplate("too_long")
    if content.kind not in rules.KINDS:
        raise CannotKeepTemplate("unknown_kind")
    if content.lang not in rules.LANGUAGES:
        raise CannotKeepTemplate("unknown_lang")
