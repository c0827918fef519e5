"""The version under work as the public will read it: the page of the answer itself, for the staff alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sangto.desk.queries.answers import as_if_published
from sangto.desk.queries.inbox import case_file
from sangto.web.views.public import answer_context
from sangto.web.views.staff.access import Member, SeeOther, case_or_404, member_required


@require_safe
@member_required
def preview(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
    case = case_or_404(number, viewer=member)
    version = case_file(case).working
    if version is None:
        return SeeOther(reverse("staff:case", args=[case.number]))
    context = answer_context(*as_if_published(version, now=timezone.now()))
    response = render(request, "staff/preview.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
