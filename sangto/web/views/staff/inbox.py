from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sangto.desk.queries.calendars import calendar_ends
from sangto.desk.queries.deadlines import deadlines_of
from sangto.desk.queries.inbox import ORDERS, VIEWS, inbox_counts, inbox_for
from sangto.desk.queries.replies import reply_counts
from sangto.web import staff_wording
from sangto.web.views.staff.access import Member, member_required

ROWS_A_PAGE = 25


@member_required
def inbox(request: HttpRequest, *, member: Member) -> HttpResponse:
    view = _one_of(VIEWS, request.GET.get("view"))
    order = _one_of(ORDERS, request.GET.get("order"))
    today = timezone.localdate()
    cases = inbox_for(member, today=today, view=view, order=order)
    page = Paginator(cases, ROWS_A_PAGE).get_page(request.GET.get("page"))
    counts, deadlines = inbox_counts(member, today=today), deadlines_of(page.object_list, today=today)
    context = {
        "member": member,
        "page": page,
        "rows": [(case, deadlines.get(case.pk)) for case in page],
        "calendar_ends": calendar_ends(today=today),
        "view": view,
        "order": order,
        "tabs": [(code, text, counts[code]) for code, text in staff_wording.VIEWS.items()],
        "orders": staff_wording.ORDERS.items(),
        "given_up": reply_counts()["given_up"],
        "now": timezone.now(),
    }
    return render(request, "staff/inbox.html", context)


def _one_of(codes: tuple[str, ...], code: str | None) -> str:
    return code if code in codes else codes[0]
