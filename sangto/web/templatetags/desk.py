"""Labels, dates and people's words in templates."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from sangto.desk.queries.inbox import MOST_COUNTED
from sangto.desk.rules import ERASED_TEXT
from sangto.engine.lookalikes import spelt_out
from sangto.web import (
    data_wording,
    difference_wording,
    objection_wording,
    provider_wording,
    staff_wording,
    wording,
    work_wording,
)
from sangto.web.key_wording import KEYS

register = template.Library()

DIRECTION = {
    code: f"[U+{code:04X}]" for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}

for label in (
    wording.channel_label,
    wording.closing_label,
    wording.is_against,
    wording.kind_label,
    wording.mark_label,
    wording.marked_field_label,
    wording.outcome_label,
    wording.reason_text,
    wording.regrouping_label,
    wording.reply_label,
    wording.role_label,
    staff_wording.deed_label,
    wording.state_label,
    wording.step_label,
    wording.verdict_label,
    wording.verdict_meaning,
    work_wording.job_name,
    work_wording.reply_error,
    data_wording.decider_label,
    data_wording.ending_label,
    data_wording.reply_state_label,
    data_wording.request_kind_label,
    data_wording.request_refusal_label,
    data_wording.request_state_label,
    data_wording.request_step_label,
    difference_wording.difference_line,
    difference_wording.differs,
    provider_wording.confirmed_by_label,
    objection_wording.ruling_label,
):
    register.filter(label)


def _form(form: str, *, vi: str) -> str:
    """The form of a date that nobody can take for another, in the reader's language."""
    return vi if get_language() == "vi" else form


@register.simple_tag
def staff_keys() -> list[tuple[Any, Any]]:
    """The keys of the staff pages in groups: what each group is for, and its keys with what they do."""
    return [(group, keys.items()) for group, keys in KEYS.items()]


@register.filter
def day(value: date | datetime | None) -> str | SafeString:
    """A day in the reader's language, in a <time> element."""
    if value is None:
        return ""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', f"{local:%Y-%m-%d}", dated(local, _form("j F Y", vi="d/m/Y")))


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    """A day and a time of day in the reader's language, in a <time> element."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(), dated(local, _form("j F Y, H:i", vi="H:i, d/m/Y"))
    )


@register.filter
def waited(since: datetime, now: datetime) -> str:
    """How long somebody has waited, in whole days, else hours, else minutes."""
    minutes = int((now - since).total_seconds()) // 60
    if minutes >= 24 * 60:
        return ngettext("{n} day", "{n} days", minutes // (24 * 60)).format(n=minutes // (24 * 60))
    if minutes >= 60:
        return ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


@register.filter
def counted(count: int) -> str:
    """How many Cases a view holds, or that there are more than the desk counts there."""
    if count <= MOST_COUNTED:
        return str(count)
    return gettext("%(most)s+") % {"most": number_format(MOST_COUNTED, force_grouping=True)}


@register.filter
def plain(text: str | None) -> str:
    """A person's words with nothing hidden: direction controls as codes, domains of lookalike letters spelt out."""
    if not text:
        return ""
    return spelt_out(text.translate(DIRECTION), warning=gettext("lookalike letters"))


@register.filter
def unless_erased(text: str) -> str:
    """The text, or that it was withdrawn where its writer had it erased."""
    return gettext("(withdrawn by whoever wrote it)") if text == ERASED_TEXT else text


@register.filter
def marked(text: str, marks: Iterable[Any]) -> SafeString:
    """The text with each name and address marked, and said in words to be one, for who does not see the mark."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text, marks)))


def _pieces(text: str, marks: Iterable[Any]) -> Iterator[str | SafeString]:
    at = 0
    for mark in marks:
        yield plain(text[at : mark.start])
        words, kind = plain(text[mark.start : mark.end]), wording.mark_label(mark.kind)
        yield format_html('<mark>{} <small class="mark-kind">{}</small></mark>', words, kind)
        at = mark.end
    yield plain(text[at:])
