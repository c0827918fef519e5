"""A Member's own open sign-ins: name one, end one, end all others."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from sangto.people.actions import end_other_sign_ins, end_sign_in, name_sign_in
from sangto.web.views.staff.access import Member, SeeOther, member_required


def _back(done: str) -> SeeOther:
    return SeeOther(f"{reverse('mfa_index')}?done={done}#sign-ins")


@member_required
@require_POST
def end(_request: HttpRequest, *, member: Member, pk: int) -> HttpResponse:
    if not end_sign_in(pk, by=member, now=timezone.now()):
        raise Http404
    return _back("ended")


@member_required
@require_POST
def end_others(request: HttpRequest, *, member: Member) -> HttpResponse:
    end_other_sign_ins(member, session_key=request.session.session_key or "", now=timezone.now())
    return _back("others")


@member_required
@require_POST
def name(request: HttpRequest, *, member: Member, pk: int) -> HttpResponse:
    name_sign_in(pk, label=request.POST.get("label", ""), by=member)
    return _back("named")
