"""A copy of a source, taken from a web that is one page: nothing outside of this process is asked."""

import socket
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings

from sangto.archive.keep import keep_copies
from sangto.archive.wire import Wire
from sangto.desk import actions as desk
from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Case
from sangto.people.models import Member

BODY = b"<html>Xin ch\xc3\xa0o</html>"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
HELD: list[socket.socket] = []
SOURCE = desk.Reference("Trang chủ", "Bộ Y tế", "http://moh.gov.vn/", datetime(2026, 11, 10).date())


def _connect(_address: str, _port: int, _timeout_s: float) -> socket.socket:
    ours, theirs = socket.socketpair()
    theirs.sendall(PAGE)
    HELD[:] = [theirs]  # open until the next one: the request is still to be sent
    return ours


ONE_PAGE = Wire(lambda _host, _port: ["93.184.216.34"], _connect)


def copies(now: datetime) -> None:
    """Have a copy of a source that a draft cites, and take it."""
    by = Member.objects.get(user__username="editor")
    version = _draft(by, now)
    if version is None:
        return
    with _listed():
        desk.ask_for_copy(version.sources.get(), by=by, now=now)
        keep_copies(now=now, wire=ONE_PAGE)


def _draft(by: Member, now: datetime) -> AnswerVersion | None:
    """The editor's draft of some Case, citing the page."""
    drafts = AnswerVersion.objects.filter(state=rules.DRAFT, written_by=by).exclude(step=rules.WITHDRAW)
    case = Case.objects.filter(answer__versions__in=drafts).first() or _untouched(by, now)
    if case is None:
        return None
    words = desk.Content(question="", verdict="", summary="", text="", sources=[SOURCE])
    return desk.draft(case, content=words, by=by, now=now)


def _untouched(by: Member, now: datetime) -> Case | None:
    """A Case that nobody works on: one that waits for an answer, else one whose answer is to be corrected."""
    idle = Case.objects.exclude(answer__versions__state__in=(rules.DRAFT, rules.IN_REVIEW)).order_by("pk")
    waits = idle.filter(state=rules.OPEN, answer__isnull=True).first()
    if waits is not None:
        return waits
    answered = idle.filter(answer__current__isnull=False, state__in=(rules.OPEN, rules.ANSWERED)).first()
    if answered is not None:
        desk.start_correction(answered, by=by, now=now)
    return answered


@contextmanager
def _listed():
    settings.COPY_HOSTS = ("gov.vn",)
    try:
        yield
    finally:
        settings.COPY_HOSTS = ()
