"""Who may open a staff page, and how an action's outcome becomes a response."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias
from urllib.parse import urlencode

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control

from sangto.desk.queries.visible import case_for
from sangto.people.queries import may_anywhere, member_for
from sangto.people.rules import Roles

# Rows of the desk, which a door receives from queries and hands to actions without importing their tables.
Case: TypeAlias = Any
Member: TypeAlias = Any
MemberView = Callable[..., HttpResponse]

private = cache_control(private=True, no_store=True)


class SeeOther(HttpResponseRedirect):
    """After a POST the browser fetches another page, and a reload repeats nothing."""

    status_code = 303


def member_required(view: MemberView) -> MemberView:
    """Hand the signed-in Member to the view; everybody else is asked to sign in, or told that they are no member."""

    @private
    @wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            back = request.get_full_path() if request.method == "GET" else reverse("staff:inbox")
            return redirect_to_login(back)
        member = member_for(request.user)
        if member is None:
            return render(request, "staff/not_member.html", status=403)
        return view(request, member=member, **named)

    return guarded


def allowed(may: Callable[[Roles], bool]) -> Callable[[MemberView], MemberView]:
    """Let through whose roles allow it in some Unit (a rule of `people.rules`); others are told that they may not."""

    def decorate(view: MemberView) -> MemberView:
        @wraps(view)
        def checked(request: HttpRequest, *, member: Member, **named: Any) -> HttpResponse:
            if not may_anywhere(member, may):
                raise PermissionDenied
            return view(request, member=member, **named)

        return checked

    return decorate


def case_or_404(number: str, *, viewer: Member) -> Case:
    """The Case with this number, if the viewer may read it."""
    case = case_for(viewer, number)
    if case is None:
        raise Http404
    return case


def to_case(case: Case, *, done: str) -> SeeOther:
    """Back to the Case's page, which says what was done."""
    return SeeOther(f"{reverse('staff:case', args=[case.number])}?{urlencode({'done': done})}")
