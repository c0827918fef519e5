"""How the desk does, for everybody to see and to compute again."""

import csv
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sangto.desk.queries.figures import Figures, Period, figures, is_countable
from sangto.web.figure_wording import age_label, rows_of

DAYS = 90


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    period, error = _asked(request)
    found = figures(period, now=timezone.now())
    context = {
        "found": found,
        "rows": rows_of(found),
        "ages": _bars(found),
        "error": error,
        "first": request.GET.get("from", "") if error else period.first.isoformat(),
        "last": request.GET.get("to", "") if error else period.last.isoformat(),
    }
    return render(request, "public/figures.html", context, status=400 if error else 200)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same as CSV, one figure a row by its name in docs/use/figures.md."""
    period, error = _asked(request)
    if error:
        return HttpResponse(error, status=400, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{period.first}-{period.last}.csv"'
    writer = csv.writer(response)
    writer.writerow(["figure", "value"])
    writer.writerows([("from", period.first), ("to", period.last)])
    found = figures(period, now=timezone.now())
    writer.writerows((row.name, "" if row.value is None else row.value) for row in rows_of(found))
    writer.writerows((f"waiting_{low}_{high or 'more'}_days", count) for low, high, count in found.backlog)
    return response


def _asked(request: HttpRequest) -> tuple[Period, str]:
    """The period that was asked for, and what is wrong with it; the last 90 days where nothing was, or it was wrong."""
    today = timezone.localdate()
    usual = Period(today - timedelta(days=DAYS - 1), today)
    try:
        first, last = (
            date.fromisoformat(request.GET[name]) if request.GET.get(name) else day
            for name, day in (("from", usual.first), ("to", usual.last))
        )
    except ValueError:
        return usual, _("Write both days as YYYY-MM-DD, such as 2026-11-30.")
    if not (first <= last and is_countable(first, last)):
        return usual, _("The last day comes before the first, or the two are more than ten years apart.")
    return Period(first, last), ""


def _bars(found: Figures) -> list[tuple[str, int, int]]:
    """For each age its label, how many wait, and how long its bar is in percent of the longest."""
    most = max((count for _low, _high, count in found.backlog), default=0) or 1
    return [(age_label(low, high), count, round(100 * count / most)) for low, high, count in found.backlog]
