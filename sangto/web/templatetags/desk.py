"""Labels, dates and people's words in templates."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from sangto.engine.lookalikes import spelt_out
from sangto.web import wording, work_wording

register = template.Library()

DIRECTION = {
    code: f"[U+{code:04X}]" for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}

for label in (
    wording.channel_label,
    wording.closing_label,
    wording.is_against,
    wording.kind_label,
    wording.outcome_label,
    wording.reason_text,
    wording.regrouping_label,
    wording.reply_label,
    wording.role_label,
    wording.state_label,
    wording.step_label,
    wording.verdict_label,
    wording.verdict_meaning,
    work_wording.job_name,
    work_wording.reply_error,
):
    register.filter(label)


def _form(form: str, *, vi: str) -> str:
    """The form of a date that nobody can take for another, in the reader's language."""
    return vi if get_language() == "vi" else form


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
def plain(text: str | None) -> str:
    """A person's words with nothing hidden: direction controls as codes, domains of lookalike letters spelt out."""
    if not text:
        return ""
    return spelt_out(text.translate(DIRECTION), warning=gettext("lookalike letters"))
