"""Archived copies: which wait to be fetched, which a viewer may have, and all of them with their bytes."""

from collections.abc import Iterator
from datetime import datetime

from sangto.desk import rules
from sangto.desk.models import Case, Copy, CopyBytes, Source
from sangto.desk.queries.visible import case_for
from sangto.people.models import Member


def copies_due(*, now: datetime, limit: int) -> list[Copy]:
    """The Copies that can be fetched now, those that wait longest first."""
    return list(Copy.objects.filter(Copy.waiting(), Copy.free(now), how=rules.FETCHED).order_by("due_at", "pk")[:limit])


def copy_for(viewer: Member, number: str, pk: int) -> Copy | None:
    """The taken Copy with this id of the Case with this number, if the viewer may read the Case."""
    case = case_for(viewer, number)
    if case is None:
        return None
    return Copy.objects.filter(pk=pk, answer__case=case, done_at__isnull=False).first()


def source_of(case: Case, pk: str) -> Source | None:
    """The Source with this id, as a form sends it, of a version of the Case; None when there is none."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    return Source.objects.select_related("version").filter(pk=pk, version__answer__case=case).first()


def bytes_of(copy: Copy) -> bytes:
    """The bytes that are kept of a taken Copy."""
    return bytes(CopyBytes.objects.get(pk=copy.pk).data)


def taken_copies() -> Iterator[tuple[Copy, bytes | None]]:
    """Every taken Copy with its bytes, None where they are gone; one after the other, for they are large."""
    for copy in Copy.objects.filter(done_at__isnull=False).select_related("answer__case").order_by("pk").iterator(100):
        row = CopyBytes.objects.filter(pk=copy.pk).first()
        yield copy, bytes(row.data) if row else None
