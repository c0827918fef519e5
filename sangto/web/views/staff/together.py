"""One step on several Cases: each is done or refused by itself, and the page says which."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from sangto.desk import actions
from sangto.desk.actions import CannotAssign, CannotClose, CannotHandOver
from sangto.desk.queries.visible import case_for
from sangto.people.queries import unit_by_code
from sangto.web.staff_wording import ASSIGNING, CLOSING, DONE, HANDING_OVER, said
from sangto.web.views.staff.access import Case, Member, member_required

MOST = 100  # more than a page of the inbox holds
Step = Callable[[Case], str]


@member_required
def together(request: HttpRequest, *, member: Member) -> HttpResponse:
    if request.method != "POST":
        return redirect("staff:inbox")
    numbers = list(dict.fromkeys(request.POST.getlist("case")))
    step = {"close": _closing, "hand-over": _handing_over, "take": _taking}.get(request.POST.get("do", ""))
    done = [_outcome(number, step(request, member), member=member) for number in numbers[:MOST]] if step else []
    context = {"member": member, "outcomes": done, "left_out": len(numbers) - len(done)}
    return render(request, "staff/together.html", context)


def _outcome(number: str, step: Step, *, member: Member) -> dict[str, Any]:
    """What became of one Case; a number that is none of the member's is not shown back."""
    case = case_for(member, number)
    if case is None:
        return {"number": "", "is_done": False, "says": _("There is no case with this number.")}
    try:
        return {"number": case.number, "is_done": True, "says": step(case)}
    except CannotClose as refusal:
        says = said(CLOSING, refusal.code)
    except CannotHandOver as refusal:
        says = said(HANDING_OVER, refusal.code)
    except CannotAssign as refusal:
        says = said(ASSIGNING, refusal.code)
    return {"number": case.number, "is_done": False, "says": says}


def _closing(request: HttpRequest, member: Member) -> Step:
    def close(case: Case) -> str:
        actions.close_not_checkable(case, by=member, now=timezone.now())
        return said(DONE, "closed")

    return close


def _handing_over(request: HttpRequest, member: Member) -> Step:
    unit, why = unit_by_code(request.POST.get("unit", ""), on=timezone.localdate()), request.POST.get("why", "")

    def hand_over(case: Case) -> str:
        actions.hand_over(case, to=unit, why=why, by=member, now=timezone.now())
        return said(DONE, "handed_over")

    return hand_over


def _taking(request: HttpRequest, member: Member) -> Step:
    def take(case: Case) -> str:
        actions.assign(case, to=member, by=member, now=timezone.now())
        return said(DONE, "assigned")

    return take
