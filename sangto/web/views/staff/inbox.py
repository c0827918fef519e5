from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from sangto.desk.queries.calendars import calendar_ends
from sangto.desk.queries.deadlines import deadlines_of
from sangto.desk.queries.inbox import MOST_COUNTED, ORDERS, VIEWS, Inbox, with_work
from sangto.desk.queries.replies import replies_given_up
from sangto.desk.queries.saved import saved_views
from sangto.desk.queries.watching import news_for
from sangto.people.queries import all_units, roles_by_unit
from sangto.people.rules import may_hand_over, may_sort, may_work
from sangto.web import staff_wording
from sangto.web.views.staff.access import Member, member_required
from sangto.web.views.staff.narrowing import typed

ROWS_A_PAGE = 25
PAGES_COUNTED = MOST_COUNTED // ROWS_A_PAGE


@member_required
def inbox(request: HttpRequest, *, member: Member) -> HttpResponse:
    return inbox_page(request, member=member, query=request.GET.urlencode())


def inbox_page(request: HttpRequest, *, member: Member, query: str, name: str = "", error: str = "") -> HttpResponse:
    """The inbox as this query of its address says; with an error, the name that could not be saved is kept."""
    given = QueryDict(query)
    view, order = _one_of(VIEWS, given.get("view")), _one_of(ORDERS, given.get("order"))
    now, today = timezone.now(), timezone.localdate()
    fields = typed(given, viewer=member)
    found = Inbox(member, today=today, narrowing=fields.narrowing(now=now))
    # To find words nine times over is slow, so a search counts only what it shows.
    counts = found.counts((view,) if fields.words else VIEWS, most=MOST_COUNTED)
    page = _page(found.cases(view, order=order), given.get("page"), counted=counts[view])
    news = news_for(member)
    deadlines = deadlines_of(page.object_list, today=today)
    context = {
        "member": member,
        "page": page,
        "is_all_counted": counts[view] <= MOST_COUNTED,
        "rows": [(case, deadlines.get(case.pk), news.get(case.pk)) for case in page],
        "with_news": sum(bool(each) for each in news.values()),
        "calendar_ends": calendar_ends(today=today),
        "view": view,
        "order": order,
        "fields": fields,
        "tabs": [(code, text, counts.get(code)) for code, text in staff_wording.VIEWS.items()],
        "orders": staff_wording.ORDERS.items(),
        "given_up": replies_given_up(),
        "now": now,
        "query": fields.query(view=view, order=order),
        "saved": saved_views(member),
        "name": name,
        "error": error,
        **_steps(member),
    }
    return render(request, "staff/inbox.html", context, status=409 if error else 200)


def _steps(member: Member) -> dict[str, Any]:
    """What the member may do with several Cases at once; for each Case its own action decides."""
    roles = roles_by_unit(member).values()
    units = all_units() if any(may_hand_over(each) for each in roles) else []
    return {
        "may_sort": any(may_sort(each) for each in roles),
        "may_work": any(may_work(each) for each in roles),
        "units_to": units,
    }


def _page(cases: Any, number: str | None, *, counted: int) -> Page[Any]:
    """The page of this number. All rows are counted only for a page beyond what was counted for the tabs."""
    pages = Paginator(cases.values_list("pk", flat=True), ROWS_A_PAGE)
    is_far = bool(number and number.isascii() and number.isdecimal() and int(number[:9]) >= PAGES_COUNTED)
    if counted <= MOST_COUNTED or not is_far:
        vars(pages)["count"] = counted  # where Django keeps it once it has counted
    page = pages.get_page(number)
    page.object_list = with_work(list(page.object_list))
    return page


def _one_of(codes: tuple[str, ...], code: str | None) -> str:
    return code if code in codes else codes[0]
