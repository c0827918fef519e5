"""Archived copies of sources: asked for, taken by the worker, uploaded by a Member, dropped when nothing cites them."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from sangto.desk import rules
from sangto.desk.actions import lease
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import locked_case_of
from sangto.desk.models import Answer, AnswerVersion, Case, Copy, CopyBytes, Source
from sangto.engine.crash import crash_point
from sangto.engine.file_types import media_type_of
from sangto.engine.web_addresses import BadAddress, place_of
from sangto.people.models import Member
from sangto.people.rules import may_write

MOST_COPIES = 100  # of one Answer, the unused ones too
UNUSED_FOR = timedelta(days=7)  # a draft may cite again what it cited before
AT_ONCE = 100
MB = 1 << 20


class CannotCopy(Exception):
    """No copy is asked for or kept.

    `code`: not_allowed, gone (the source was changed since), not_draft, too_many, empty, too_large, unknown_type, or
    one of `engine.web_addresses.BadAddress`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def ask_for_copy(source: Source, *, by: Member, now: datetime) -> Copy:
    """The Copy that the worker will fetch for this Source of a version under work.

    One that waits stays the same; one that failed is tried again from the beginning; a taken one gets a new one beside.
    """
    source, case = _under_work(source, by=by)
    _refuse(source.url)
    known = source.copy
    if known is not None and known.state == rules.WAITING:
        return known
    if known is not None and known.state == rules.FAILED:
        Copy.objects.filter(pk=known.pk).update(gave_up_at=None, tries=0, due_at=now, last_error="")
        copy = known
    else:
        copy = _new_copy(source, how=rules.FETCHED, now=now)
    note_deed("asked_copy", case, by=by, now=now)
    return copy


@transaction.atomic
def keep_upload(source: Source, *, data: bytes, by: Member, now: datetime) -> Copy:
    """The Copy of a Source of a draft that is this file. What it is, its first bytes say."""
    source, case = _under_work(source, by=by)
    if source.version.state != rules.DRAFT:
        raise CannotCopy("not_draft")  # in review it would change under the eyes of whoever reads it
    media_type = _file_type(source.url, data)
    copy = _new_copy(source, how=rules.UPLOADED, now=now)
    token = lease.claim(copy, now=now)
    assert token is not None  # noqa: S101 - nobody else has seen the row
    keep_bytes(copy, token=token, data=data, media_type=media_type, now=now)
    note_deed("uploaded_copy", case, by=by, now=now)
    return Copy.objects.get(pk=copy.pk)


@transaction.atomic
def keep_bytes(copy: Copy, *, token: str, data: bytes, media_type: str, now: datetime) -> bool:
    """Keep what was taken, with its hash; False, and nothing kept, when the lease had passed to another worker."""
    if not Copy.objects.select_for_update(no_key=True).filter(pk=copy.pk, lease_token=token).exists():
        return False
    CopyBytes.objects.create(copy_id=copy.pk, data=data)
    crash_point("copy.kept")
    digest = hashlib.sha256(data).hexdigest()
    lease.finish(copy, token=token, now=now, taken_at=now, media_type=media_type, size=len(data), sha256=digest)
    crash_point("copy.before_commit")
    return True


def ask_for_copies(version: AnswerVersion, *, now: datetime | None) -> None:
    """Ask for a Copy of every Source that has none and may be fetched; without `now` the database's clock counts."""
    for source in version.sources.select_related("copy", "version"):
        if source.copy is None and not why_not(source.url) and _has_room(source.version.answer_id):
            _new_copy(source, how=rules.FETCHED, now=now)


def let_go_of_untaken(version: AnswerVersion) -> None:
    """From now on the version cites only Copies that are taken: what comes later is not what was approved."""
    cited = Copy.objects.select_for_update(no_key=True).filter(sources__version=version)
    untaken = [copy.pk for copy in cited if copy.done_at is None]
    version.sources.filter(copy__in=untaken).update(copy=None)


def lacks_copies(version: AnswerVersion) -> bool:
    """Whether this desk wants a Copy of every Source and the version has not got them all.

    A withdrawal never lacks one: what is wrong must be taken back, whatever became of its sources.
    """
    if not settings.REQUIRE_COPIES or version.step == rules.WITHDRAW:
        return False
    return version.sources.filter(copy__isnull=True).exists() or (
        version.sources.filter(copy__done_at__isnull=True).exists()
    )


def copies_by_url(answer: Answer, version: AnswerVersion | None) -> dict[str, int]:
    """Which Copy belongs to which address: what the version cites now, else the newest taken one of the Answer."""
    taken = Copy.objects.filter(answer=answer, done_at__isnull=False).order_by("pk").values_list("url", "pk")
    cited = version.sources.filter(copy__isnull=False).values_list("url", "copy") if version else []
    return dict(taken) | dict(cited)


def drop_copies_of(answer_id: int) -> None:
    """The Copies of an Answer that is about to go."""
    _drop(Copy.objects.filter(answer=answer_id))


def drop_uncited(copy_ids: list[int]) -> None:
    """Those of the Copies (by id) that no Source cites any more."""
    _drop(Copy.objects.filter(pk__in=copy_ids, sources__isnull=True))


def drop_unused_copies(*, now: datetime) -> int:
    """Drop Copies that nothing has cited for seven days after they were asked for; how many there were."""
    old = Copy.objects.filter(sources__isnull=True, asked_at__lt=now - UNUSED_FOR).order_by("pk")
    ids = list(old.values_list("pk", flat=True)[:AT_ONCE])
    dropped = 0
    for pk in ids:
        answer = AnswerVersion.objects.filter(answer__copies=pk).first()
        with transaction.atomic():
            if answer is not None:
                locked_case_of(answer)  # whoever cites it just now holds the Case
            dropped += _drop(Copy.objects.filter(pk=pk, sources__isnull=True))
    return dropped


def why_not(url: str) -> str:
    """Why this address cannot be fetched, as a code of BadAddress; empty where it can."""
    try:
        place_of(url, hosts=settings.COPY_HOSTS)
    except BadAddress as error:
        return error.code
    return ""


def _under_work(source: Source, *, by: Member) -> tuple[Source, Case]:
    case = locked_case_of(source.version)
    if case is not None and not may_write(roles_on(case, by)):
        raise CannotCopy("not_allowed")
    rows = Source.objects.select_related("version", "copy").exclude(version__state=rules.PUBLISHED)
    fresh = rows.filter(pk=source.pk).first()
    if case is None or fresh is None:
        raise CannotCopy("gone")
    return fresh, case


def _refuse(url: str) -> None:
    code = why_not(url)
    if code:
        raise CannotCopy(code)


def _file_type(url: str, data: bytes) -> str:
    if why_not(url) == "people_page":
        raise CannotCopy("people_page")
    if not data:
        raise CannotCopy("empty")
    if len(data) > settings.COPY_MAX_MB * MB:
        raise CannotCopy("too_large")
    kind = media_type_of(data)
    if kind is None:
        raise CannotCopy("unknown_type")
    return kind


def _has_room(answer_id: int) -> bool:
    return Copy.objects.filter(answer=answer_id).count() < MOST_COPIES


def _new_copy(source: Source, *, how: str, now: datetime | None) -> Copy:
    answer_id = source.version.answer_id
    if not _has_room(answer_id):
        raise CannotCopy("too_many")
    at = now or Now()
    copy = Copy.objects.create(answer_id=answer_id, url=source.url, how=how, asked_at=at, due_at=at)
    Source.objects.filter(pk=source.pk).update(copy=copy)
    return copy


def _drop(copies: QuerySet[Copy]) -> int:
    ids = list(copies.values_list("pk", flat=True))
    CopyBytes.objects.filter(copy__in=ids).delete()
    return Copy.objects.filter(pk__in=ids).delete()[0]
