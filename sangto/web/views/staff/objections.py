"""Objections to decide: the queue by day, and one with what its maker wrote."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotRule
from sangto.desk.queries.objections import (
    VIEWS,
    objection_counts,
    objection_for,
    objections_in,
    objections_overdue,
    public_objection,
    rulings_for,
)
from sangto.people.queries import roles_in
from sangto.people.rules import may_approve, may_read_cases
from sangto.web import objection_wording
from sangto.web.second_factor import is_confirmed
from sangto.web.views.staff.access import Member, SeeOther, allowed, member_required

ROWS_A_PAGE = 25


@member_required
@allowed(may_read_cases)
def objections(request: HttpRequest, *, member: Member) -> HttpResponse:
    view, today = request.GET.get("view"), timezone.localdate()
    view = view if view in VIEWS else VIEWS[0]
    rows, counts = Paginator(objections_in(view, viewer=member), ROWS_A_PAGE), objection_counts(member)
    page = rows.get_page(request.GET.get("page"))
    context = {
        "member": member,
        "page": page,
        "view": view,
        "rows": [public_objection(row, today=today) for row in page],
        "tabs": [(code, text, counts[code]) for code, text in objection_wording.VIEWS.items()],
        "overdue": objections_overdue(member, today=today),
    }
    return render(request, "staff/objections.html", context)


@member_required
def objection(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
    return _page(request, _or_404(number, viewer=member), member=member)


@member_required
def rule(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
    row, form = _or_404(number, viewer=member), request.POST
    here = reverse("staff:objection", args=[row.number])
    if request.method != "POST":
        return SeeOther(here)
    if not is_confirmed(request):
        return _page(request, row, member=member, error=str(objection_wording.CONFIRM_FIRST))
    try:
        actions.rule_on(
            row,
            kind=form.get("ruling", ""),
            reasons=form.get("reasons", ""),
            names_checked=form.get("names") == "checked",
            by=member,
            now=timezone.now(),
        )
    except CannotRule as refusal:
        return _page(request, row, member=member, error=str(objection_wording.CANNOT_RULE[refusal.code]))
    return SeeOther(f"{here}?done=ruled")


def _or_404(number: str, *, viewer: Member) -> Any:
    found = objection_for(viewer, number)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, row: Any, *, member: Member, error: str = "") -> HttpResponse:
    context = {
        "member": member,
        "row": row,
        "objection": public_objection(row, today=timezone.localdate()),
        "choices": [(code, objection_wording.RULINGS[code]) for code in rulings_for(row, member)],
        "may_decide": may_approve(roles_in(member, row.version.answer.case.unit_id)),
        "is_confirmed": is_confirmed(request),
        "error": error,
        "typed": request.POST.get("reasons", "").replace("\0", "") if error else "",
        "is_done": not error and request.GET.get("done") == "ruled",
    }
    return render(request, "staff/objection.html", context, status=409 if error else 200)
