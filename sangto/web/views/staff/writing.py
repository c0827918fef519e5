"""What becomes of a version: corrected, withdrawn, discarded, published or sent back."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions, rules
from sangto.engine.crash import crash_point
from sangto.web.second_factor import is_confirmed, to_confirm
from sangto.web.views.staff.access import Case, Member, to_case
from sangto.web.views.staff.case import case_action, working_version


@case_action("published")
def correct(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.start_correction(case, by=member, now=timezone.now())
    return to_case(case, done="correcting")


@case_action("withdrawing")
def withdraw(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.start_withdrawal(case, change=_lines(request, "reason"), by=member, now=timezone.now())
    return to_case(case, done="withdrawing")


@case_action("discarding")
def discard(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.discard(working_version(request, case), by=member, now=timezone.now())
    return to_case(case, done="discarded")


@case_action("highlights")
def decide(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    keys = request.POST.getlist("highlight")
    actions.decide_highlights(working_version(request, case), keys=keys, by=member, now=timezone.now())
    return to_case(case, done="decided")


@case_action("review")
def publish(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    ticks = request.POST.getlist("tick")
    if not is_confirmed(request):
        ticked = urlencode({"done": "confirmed", "ticked": " ".join(each for each in rules.TICKS if each in ticks)})
        return to_confirm(f"{reverse('staff:case', args=[case.number])}?{ticked}#answer")
    actions.publish(working_version(request, case), by=member, now=timezone.now(), ticks=ticks)
    crash_point("publish.committed")
    return to_case(case, done="published")


@case_action("review")
def send_back(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    version = working_version(request, case)
    actions.send_back(version, note=_lines(request, "note"), by=member)
    return to_case(case, done="taken_back" if rules.may_edit(version.written_by_id, member.pk) else "sent_back")


def _lines(request: HttpRequest, name: str) -> str:
    # PostgreSQL keeps no NUL in a text; browsers send none, so nobody misses it.
    return request.POST.get(name, "").replace("\r\n", "\n").replace("\0", "")
