"""What the staff of a Unit decided, for its auditors: by time and by thing, never by person."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sangto.people.queries import deeds_of, units_held
from sangto.people.rules import may_read_deeds
from sangto.web.views.staff.access import Member, allowed, member_required

ROWS_A_PAGE = 50


@member_required
@allowed(may_read_deeds)
def audit(request: HttpRequest, *, member: Member) -> HttpResponse:
    units = units_held(member, may_read_deeds)
    wanted = request.GET.get("unit", units[0].code)
    unit = next((each for each in units if each.code == wanted), None)
    if unit is None:
        raise Http404
    page = Paginator(deeds_of(unit), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "staff/audit.html", {"member": member, "units": units, "unit": unit, "page": page})
