"""The terms of the desk, the days off it knows, and what is overdue."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotSetTerm
from sangto.desk.queries.calendars import calendar_days, calendar_ends, term_of
from sangto.desk.queries.deadlines import escalated_now
from sangto.desk.rules import KINDS
from sangto.people.queries import roles_in
from sangto.people.rules import may_set_terms
from sangto.web.staff_wording import TERMS, said
from sangto.web.views.staff.access import Member, SeeOther, member_required


@member_required
def terms(request: HttpRequest, *, member: Member) -> HttpResponse:
    return _page(request, member=member)


@member_required
def put(request: HttpRequest, *, member: Member) -> HttpResponse:
    if request.method != "POST":
        return SeeOther(reverse("staff:terms"))
    days = request.POST.get("days", "").strip()
    try:
        actions.set_term(
            unit=None,
            kind=request.POST.get("kind", ""),
            working_days=int(days) if days.isascii() and days.isdecimal() and len(days) < 5 else 0,
            by=member,
            now=timezone.now(),
        )
    except CannotSetTerm as refusal:
        return _page(request, member=member, error=said(TERMS, refusal.code))
    return SeeOther(reverse("staff:terms") + "?done=1")


def _page(request: HttpRequest, *, member: Member, error: str = "") -> HttpResponse:
    today = timezone.localdate()
    typed = {name: request.POST.get(name, "").replace("\0", "") for name in ("kind", "days")}
    context = {
        "member": member,
        "terms": [(kind, term_of(None, kind=kind)) for kind in KINDS],
        "may_set": may_set_terms(roles_in(member, None)),
        "year": str(today.year),
        "days": calendar_days(None, year=today.year)[2],
        "calendar_ends": calendar_ends(today=today),
        "escalated": escalated_now(today=today),
        "typed": typed,
        "error": error,
        "done": not error and request.GET.get("done") == "1",
    }
    return render(request, "staff/terms.html", context, status=409 if error else 200)
