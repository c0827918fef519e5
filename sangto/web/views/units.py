"""A unit for anyone: who holds a code on a day, who held it before, and what an ended one is today."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sangto.people.queries import UnitThen, holders, last_known, successors, unit_at, unit_sources
from sangto.web.unit_wording import SHARES

CODE_MOST = 40


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """The unit; an ended one leads to its only successor, or shows the choice."""
    if len(code) > CODE_MOST or "\0" in code:
        raise Http404
    on, ever = _day(request.GET.get("on", "")), holders(code)
    held = unit_at(code, on=on)
    if not ever:
        raise Http404
    shown = held or _last_before(ever, on)
    heirs = [] if held else successors(shown.unit, on=on)
    names = last_known([*(heir.unit for heir in heirs), *([shown.parent] if shown.parent else [])])
    if not held and len(heirs) == 1 and heirs[0].share == "whole" and names[heirs[0].unit].code != code:
        return redirect("unit", names[heirs[0].unit].code)
    context = {
        "unit": shown,
        "lives": held is not None,
        "on": on,
        "above": names.get(shown.parent or 0),
        "heirs": [(names[heir.unit], SHARES[heir.share]) for heir in heirs],
        "sources": unit_sources() if shown.level else (),
        "before": [(each, _last_day(each)) for each in ever if each.unit != shown.unit and each.valid_from <= on],
    }
    return render(request, "public/unit.html", context)


def _last_before(ever: list[UnitThen], on: date) -> UnitThen:
    """Who held the code last before the day, or first after it."""
    return next((each for each in reversed(ever) if each.valid_from <= on), ever[0])


def _last_day(unit: UnitThen) -> date | None:
    return unit.valid_to - timedelta(days=1) if unit.valid_to else None


def _day(text: str) -> date:
    """The day that an address names, today where it names none; what is no day is no page."""
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise Http404 from error
