"""The page behind an invitation: the person says who they are and chooses a password. It signs nobody in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sangto.people import actions
from sangto.people.actions import CannotAccept
from sangto.people.queries import invitation_by_secret
from sangto.web.staff_wording import ACCEPTING
from sangto.web.views.staff.access import SeeOther, private


@private
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = invitation_by_secret(token, now=timezone.now())
    if found is None:
        return render(request, "staff/invitation_gone.html", status=404)
    if request.method != "POST":
        return _page(request, found)
    typed = {name: request.POST.get(name, "").replace("\0", "") for name in ("username", "full_name", "password")}
    if typed["password"] != request.POST.get("again", ""):
        return _page(request, found, error="differ")
    try:
        actions.accept(token, **typed, now=timezone.now())
    except CannotAccept as refusal:
        return _page(request, found, error=refusal.code, reasons=refusal.reasons)
    return SeeOther(f"{reverse('staff:sign-in')}?welcome=1")


def _page(request: HttpRequest, found: object, *, error: str = "", reasons: tuple[str, ...] = ()) -> HttpResponse:
    context = {
        "invitation": found,
        "errors": reasons or ((ACCEPTING[error],) if error else ()),
        "typed": {name: request.POST.get(name, "").replace("\0", "") for name in ("username", "full_name")},
    }
    return render(request, "staff/invitation.html", context, status=409 if error else 200)
