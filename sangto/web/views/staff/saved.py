"""A member saves the search that they look at, and drops one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotSaveView
from sangto.web.staff_wording import SAVING_VIEWS, said
from sangto.web.views.staff.access import Member, SeeOther, member_required
from sangto.web.views.staff.inbox import inbox_page


@member_required
def save_view(request: HttpRequest, *, member: Member) -> HttpResponse:
    if request.method != "POST":  # the tabs of a refusal lead here, with what they ask for
        return redirect(f"{reverse('staff:inbox')}?{request.GET.urlencode()}")
    name, query = request.POST.get("name", ""), request.POST.get("query", "")
    try:
        saved = actions.save_view(name, query=query, by=member, now=timezone.now())
    except CannotSaveView as refusal:
        error = said(SAVING_VIEWS, refusal.code)
        return inbox_page(request, member=member, query=query, name=name, error=error)
    return SeeOther(f"{reverse('staff:inbox')}?{saved.query}")


@member_required
def drop_view(request: HttpRequest, *, member: Member) -> HttpResponse:
    if request.method != "POST":
        return redirect("staff:inbox")
    given = request.POST.get("saved", "")
    if given.isascii() and given.isdecimal() and len(given) < 19:
        actions.drop_view(int(given), by=member)  # one that is gone already is what was wanted
    return SeeOther(reverse("staff:inbox"))
