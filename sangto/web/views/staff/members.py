"""Who holds which role in a Unit, for its head and its auditors; inviting people, giving roles and ending them."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sangto.people import actions
from sangto.people.actions import CannotGrant
from sangto.people.queries import grant_by_id, grants_in, roles_in, unit_by_code, units_held
from sangto.people.rules import ROLES, may_manage, may_read_members
from sangto.web.second_factor import is_confirmed, to_confirm
from sangto.web.staff_wording import GRANTING, MEMBERS_DONE
from sangto.web.views.staff.access import Member, SeeOther, allowed, member_required
from sangto.web.wording import ROLES as ROLE_NAMES


@member_required
@allowed(may_read_members)
def members(request: HttpRequest, *, member: Member) -> HttpResponse:
    return _page(request, member)


@member_required
@allowed(may_manage)
def invite(request: HttpRequest, *, member: Member) -> HttpResponse:
    if request.method != "POST":
        return SeeOther(reverse("staff:members"))
    if not is_confirmed(request):
        return to_confirm(reverse("staff:members"))
    unit = unit_by_code(request.POST.get("unit", ""), on=timezone.localdate())
    if unit is None or not may_read_members(roles_in(member, unit.pk)):
        raise Http404
    try:
        secret = actions.invite(unit, title=request.POST.get("role", ""), by=member, now=timezone.now())
    except CannotGrant as refusal:
        return _page(request, member, error=str(GRANTING[refusal.code]))
    return _page(request, member, link=f"{settings.SITE_URL}{reverse('staff:invitation', args=[secret])}")


@member_required
@allowed(may_manage)
def give_role(request: HttpRequest, *, member: Member, pk: int) -> HttpResponse:
    """One more role for the person who holds this Grant, in the same Unit."""
    return _change(request, member, pk, more=True)


@member_required
@allowed(may_manage)
def end_role(request: HttpRequest, *, member: Member, pk: int) -> HttpResponse:
    return _change(request, member, pk, more=False)


def _change(request: HttpRequest, member: Member, pk: int, *, more: bool) -> HttpResponse:
    given = grant_by_id(str(pk))
    if given is None or not may_read_members(roles_in(member, given.unit_id)):
        raise Http404
    if request.method != "POST":
        return SeeOther(reverse("staff:members"))
    if not is_confirmed(request):
        return to_confirm(reverse("staff:members"))
    try:
        if more:
            role = request.POST.get("role", "")
            actions.grant(given.member, unit=given.unit, role=role, by=member, now=timezone.now())
        else:
            actions.end_grant(given, by=member, now=timezone.now())
    except CannotGrant as refusal:
        return _page(request, member, error=str(GRANTING[refusal.code]))
    return SeeOther(f"{reverse('staff:members')}?done={'given' if more else 'ended'}")


def _page(request: HttpRequest, member: Member, *, error: str = "", link: str = "") -> HttpResponse:
    managed = {unit.pk for unit in units_held(member, may_manage)}
    units = units_held(member, may_read_members)
    context: dict[str, Any] = {
        "member": member,
        "units": [(unit, list(grants_in(unit)), unit.pk in managed) for unit in units],
        "managed": [unit for unit in units if unit.pk in managed],
        "roles": [(role, ROLE_NAMES[role]) for role in ROLES],
        "error": error,
        "link": link,
        "done": "" if error else MEMBERS_DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "staff/members.html", context, status=409 if error else 200)
