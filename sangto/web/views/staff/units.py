"""Units in time for members: today's, what changed them, one with its history, and cases that need another unit."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotReassign
from sangto.desk.queries.placing import cases_to_place, to_place
from sangto.desk.queries.visible import case_for
from sangto.people.queries import (
    Heir,
    UnitThen,
    find_unit,
    history_of,
    last_known,
    predecessors,
    proposals_waiting,
    successors,
    top_units,
    unit_events,
    unit_sources,
    units_at,
)
from sangto.web.unit_wording import CANNOT_REASSIGN, EVENTS, SHARES, UNIT_VIEWS
from sangto.web.views.staff.access import Case, Member, SeeOther, case_or_404, member_required

ROWS_A_PAGE = 50
WORDS_MOST = 200
HITS_SHOWN = 50
ID_DIGITS_MOST = 18


@member_required
def units(request: HttpRequest, *, member: Member) -> HttpResponse:
    view, today = request.GET.get("view", ""), timezone.localdate()
    view = view if view in UNIT_VIEWS else "today"
    words = _words(request.GET.get("q", ""))
    page = Paginator(_rows(view, today), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "member": member,
        "view": view,
        "words": words,
        "hits": find_unit(words, on=today).hits[:HITS_SHOWN] if words else (),
        "page": page,
        "rows": _shown(view, list(page), today),
        "tabs": list(UNIT_VIEWS.items()),
        "sources": unit_sources(),
    }
    return render(request, "staff/units.html", context)


@member_required
def unit(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
    today = timezone.localdate()
    periods = history_of(_id(number))
    if not periods:
        raise Http404
    first, last = periods[0], periods[-1]
    here = last.unit_id
    came = predecessors(here, on=first.valid_from - timedelta(days=1))
    led = [] if last.holds_on(today) else successors(here, on=today)
    context = {
        "member": member,
        "last": last,
        "above": last_known([last.parent_id]).get(last.parent_id) if last.parent_id else None,
        "periods": [
            (each, _ends(each), EVENTS.get(each.begun_by.kind, "") if each.begun_by else "") for each in periods
        ],
        "lives": last.holds_on(today),
        "came": _named(came),
        "led": _named(led),
        "parts": units_at(on=today, parent=here),
    }
    return render(request, "staff/unit.html", context)


@member_required
def place(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
    """The form that decides which unit answers a case; what was typed stays when it is refused."""
    case, error = case_or_404(number, viewer=member), ""
    if request.method == "POST":
        try:
            actions.reassign(
                case, to=_id(request.POST.get("unit", "")), why=_words(request.POST.get("why", "")), by=member,
                now=timezone.now(),
            )  # fmt: skip
        except CannotReassign as refusal:
            error = str(CANNOT_REASSIGN[refusal.code])
        else:
            if case_for(member, case.number) is None:  # it went where the member reads nothing
                return SeeOther(f"{reverse('staff:inbox')}?handed=1")
            return SeeOther(reverse("staff:case", args=[case.number]))
    return _place_page(request, case, member=member, error=error)


def _place_page(request: HttpRequest, case: Case, *, member: Member, error: str) -> HttpResponse:
    today, form = timezone.localdate(), request.POST or request.GET
    (waiting,) = to_place([case], on=today)
    words = _words(form.get("q", ""))
    found = (
        {heir.unit for hit in find_unit(words, on=today).hits[:HITS_SHOWN] for heir in hit.heirs} if words else set()
    )
    choices = [(each, str(SHARES[share])) for each, share in waiting.heirs if each.unit != case.unit_id]
    known = {each.unit for each, _ in choices}
    choices += [(each, "") for key, each in last_known(found - known).items() if key != case.unit_id]
    above = last_known(each.parent for each, _ in choices if each.parent)
    context = {
        "member": member,
        "case": case,
        "was": waiting.was,
        "choices": [(each, share, above.get(each.parent or 0)) for each, share in choices],
        "words": words,
        "error": error,
        "chosen": form.get("unit", ""),
        "why": _words(form.get("why", "")),
    }
    return render(request, "staff/place.html", context, status=409 if error else 200)


def _rows(view: str, today: date) -> Any:
    """What a view lists, before it is cut into pages."""
    if view == "events":
        return unit_events()
    if view == "proposals":
        return proposals_waiting()
    return cases_to_place(on=today) if view == "cases" else top_units(on=today)


def _shown(view: str, rows: list[Any], today: date) -> Sequence[Any]:
    if view == "cases":
        return to_place(rows, on=today)
    return rows if view == "today" else [(row, EVENTS[row.kind]) for row in rows]


def _named(found: list[Heir]) -> list[tuple[UnitThen, str]]:
    names = last_known(heir.unit for heir in found)
    return [(names[heir.unit], str(SHARES[heir.share])) for heir in found]


def _ends(period: Any) -> date | None:
    """The last day of a period, which people count in."""
    return period.valid_to - timedelta(days=1) if period.valid_to else None


def _id(text: str) -> int:
    """The id that a text says, or 0, which nobody has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= ID_DIGITS_MOST else 0


def _words(text: str) -> str:
    return text.replace("\0", "").strip()[:WORDS_MOST]
