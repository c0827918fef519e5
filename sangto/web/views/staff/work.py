"""The work that waits or failed, for any member: counts and codes, nobody's words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.queries.work import work_standing
from sangto.people.rules import may_try_again
from sangto.web.views.staff.access import Member, SeeOther, allowed, member_required


@member_required
def work(request: HttpRequest, *, member: Member) -> HttpResponse:
    now = timezone.now()
    context = {"member": member, "now": now, "standing": work_standing(now=now), "again": "again" in request.GET}
    return render(request, "staff/work.html", context)


@member_required
@allowed(may_try_again)
def try_again(request: HttpRequest, *, member: Member) -> HttpResponse:
    if request.method != "POST":
        return SeeOther(reverse("staff:work"))
    job, error = (request.POST.get(name, "").replace("\0", "") for name in ("job", "replies"))
    if job:
        done = actions.try_job_again(job, by=member, now=timezone.now())
    else:
        done = bool(actions.try_replies_again(error, by=member, now=timezone.now()))
    return SeeOther(reverse("staff:work") + ("?again=1" if done else ""))
