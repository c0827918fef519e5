from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sangto.desk.queries.calendars import calendar_ends
from sangto.desk.queries.deadlines import deadlines_of
from sangto.desk.queries.inbox import MOST_COUNTED, ORDERS, VIEWS, inbox_counts, inbox_for
from sangto.desk.queries.replies import reply_counts
from sangto.web import staff_wording
from sangto.web.views.staff.access import Member, member_required
from sangto.web.views.staff.narrowing import typed

ROWS_A_PAGE = 25
PAGES_COUNTED = MOST_COUNTED // ROWS_A_PAGE


@member_required
def inbox(request: HttpRequest, *, member: Member) -> HttpResponse:
    view, order = _one_of(VIEWS, request.GET.get("view")), _one_of(ORDERS, request.GET.get("order"))
    now, today = timezone.now(), timezone.localdate()
    fields = typed(request.GET, viewer=member)
    narrowing = fields.narrowing(now=now)
    counts = inbox_counts(member, today=today, narrowing=narrowing, most=MOST_COUNTED)
    cases = inbox_for(member, today=today, view=view, order=order, narrowing=narrowing)
    page = _page(cases, request.GET.get("page"), counted=counts[view])
    deadlines = deadlines_of(page.object_list, today=today)
    context = {
        "member": member,
        "page": page,
        "is_all_counted": counts[view] <= MOST_COUNTED,
        "rows": [(case, deadlines.get(case.pk)) for case in page],
        "calendar_ends": calendar_ends(today=today),
        "view": view,
        "order": order,
        "fields": fields,
        "tabs": [(code, text, counts[code]) for code, text in staff_wording.VIEWS.items()],
        "orders": staff_wording.ORDERS.items(),
        "given_up": reply_counts()["given_up"],
        "now": now,
    }
    return render(request, "staff/inbox.html", context)


def _page(cases: Any, number: str | None, *, counted: int) -> Page[Any]:
    """The page of this number. All rows are counted only for a page beyond what was counted for the tabs."""
    pages = Paginator(cases, ROWS_A_PAGE)
    is_far = bool(number and number.isascii() and number.isdecimal() and int(number[:9]) >= PAGES_COUNTED)
    if counted <= MOST_COUNTED or not is_far:
        vars(pages)["count"] = counted  # where Django keeps it once it has counted
    page = pages.get_page(number)
    page.object_list = list(page.object_list)  # asked for once
    return page


def _one_of(codes: tuple[str, ...], code: str | None) -> str:
    return code if code in codes else codes[0]
