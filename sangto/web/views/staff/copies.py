"""Archived copies on a Case's page: ask for one, upload one, have one."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotCopy
from sangto.desk.queries.copies import bytes_of, copy_for, source_of
from sangto.engine.file_types import ENDINGS
from sangto.interchange.warc import is_whole
from sangto.web.views.staff.access import Case, Member, member_required, to_case
from sangto.web.views.staff.case import case_action

MB = 1 << 20
# Whatever is in it, a browser shows none of it: no type of its own, nothing that could run, a file to be kept.
HELD = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
}


@case_action("copies")
def ask_copy(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.ask_for_copy(_source(request, case), by=member, now=timezone.now())
    return to_case(case, done="asked_copy")


@case_action("copies")
def upload_copy(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    source = _source(request, case)
    actions.keep_upload(source, data=_file(request), by=member, now=timezone.now())
    return to_case(case, done="uploaded_copy")


@member_required
def copy(request: HttpRequest, *, member: Member, number: str, pk: int) -> HttpResponse:
    found = copy_for(member, number, pk)
    if found is None:
        raise Http404
    name = f"copy-{number}-{found.pk}.{ENDINGS[found.media_type]}"
    return HttpResponse(bytes_of(found), headers={**HELD, "Content-Disposition": f'attachment; filename="{name}"'})


def _source(request: HttpRequest, case: Case) -> Any:
    source = source_of(case, request.POST.get("source", ""))
    if source is None:
        raise CannotCopy("gone")
    return source


def _file(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None or not file.size:
        raise CannotCopy("empty")
    if file.size > settings.COPY_MAX_MB * MB:
        raise CannotCopy("too_large")
    data = bytes(file.read())
    if data.startswith((b"WARC/", b"\x1f\x8b")) and not is_whole(data):
        raise CannotCopy("broken_archive")
    return data
