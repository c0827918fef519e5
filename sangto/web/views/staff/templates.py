"""The words that answers of a unit begin from."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotKeepTemplate, TemplateContent
from sangto.desk.queries.templates import template_for, templates_kept_by
from sangto.desk.rules import KINDS
from sangto.people.queries import all_units, units_where
from sangto.people.rules import may_keep_templates
from sangto.web.staff_wording import KEEPING_TEMPLATES, TEMPLATES_DONE, said
from sangto.web.views.staff.access import Member, SeeOther, allowed, member_required

FIELDS = ("kind", "lang", "name", "summary", "text")


@member_required
@allowed(may_keep_templates)
def templates(request: HttpRequest, *, member: Member) -> HttpResponse:
    units = _units(member)
    if request.method != "POST":
        return _list(request, member=member, units=units)
    unit = next((each for each in units if str(each.pk) == request.POST.get("unit")), None)
    try:
        actions.make_template(unit, content=_content(request), by=member, now=timezone.now())
    except CannotKeepTemplate as refusal:
        return _list(request, member=member, units=units, error=said(KEEPING_TEMPLATES, refusal.code))
    return _to_list("kept")


@member_required
def template(request: HttpRequest, *, member: Member, pk: int) -> HttpResponse:
    found = template_for(member, pk)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _one(request, found, member=member, typed={name: getattr(found, name) for name in FIELDS})
    try:
        if request.POST.get("do") == "archive":
            actions.archive_template(found, by=member, now=timezone.now())
            return _to_list("archived")
        actions.change_template(found, content=_content(request), by=member, now=timezone.now())
    except CannotKeepTemplate as refusal:
        error = said(KEEPING_TEMPLATES, refusal.code)
        return _one(request, found, member=member, typed=_typed(request), error=error)
    return _to_list("kept")


def _to_list(done: str) -> SeeOther:
    return SeeOther(f"{reverse('staff:templates')}?done={done}")


def _units(member: Member) -> list[Any]:
    where = units_where(member, may_keep_templates)
    return [unit for unit in all_units() if unit.pk in where]


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").replace("\0", "") for name in (*FIELDS, "unit")}


def _content(request: HttpRequest) -> TemplateContent:
    typed = _typed(request)
    return TemplateContent(**{name: typed[name] for name in FIELDS})


def _list(request: HttpRequest, *, member: Member, units: list[Any], error: str = "") -> HttpResponse:
    context = {
        "kept": templates_kept_by(member),
        "units": units,
        "done": "" if error else TEMPLATES_DONE.get(request.GET.get("done", ""), ""),
        **_form(member, typed=_typed(request), error=error),
    }
    return render(request, "staff/templates.html", context, status=409 if error else 200)


def _one(request: HttpRequest, found: Any, *, member: Member, typed: dict[str, str], error: str = "") -> HttpResponse:
    context = {"template": found, **_form(member, typed=typed, error=error)}
    return render(request, "staff/template.html", context, status=409 if error else 200)


def _form(member: Member, *, typed: dict[str, str], error: str) -> dict[str, Any]:
    return {"member": member, "kinds": KINDS, "langs": settings.LANGUAGES, "typed": typed, "error": error}
