"""Members decide which names and home addresses of a version may be public."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import locked_case_of
from sangto.desk.models import AnswerVersion, Highlight
from sangto.desk.queries.highlights import Words, decisions_of, marks_of, words_of
from sangto.engine.redact import highlights
from sangto.people.models import Member
from sangto.people.rules import may_approve, may_write


class CannotDecide(Exception):
    """Nothing was decided. `code`: not_allowed, nothing_chosen, not_open or rewritten."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def decide_highlights(version: AnswerVersion, *, keys: Collection[str], by: Member, now: datetime) -> AnswerVersion:
    """The version; the words at these places (`Mark.key`) may be public. What may not is rewritten in the draft.

    Places that say the same words in the same field are decided together. Deciding twice changes nothing. Refused are a
    version that is published or gone (`not_open`), and one that is not the one that was read (`rewritten`).
    """
    case = locked_case_of(version)
    roles = roles_on(case, by) if case else frozenset()
    if case and not (may_write(roles) or may_approve(roles)):
        raise CannotDecide("not_allowed")
    if not keys:
        raise CannotDecide("nothing_chosen")
    fresh = AnswerVersion.objects.exclude(state=rules.PUBLISHED).filter(pk=version.pk).first()
    if case is None or fresh is None:
        raise CannotDecide("not_open")
    marks = {mark.key: mark for mark in marks_of(fresh)}
    if fresh.written_at != version.written_at or not marks.keys() >= set(keys):
        raise CannotDecide("rewritten")
    may_be_public = {(marks[key].field, marks[key].kind, marks[key].words) for key in keys}
    renew_highlights(fresh)
    rows = [row for row in fresh.highlights.all() if row.decided_at is None and words_of(fresh, row) in may_be_public]
    Highlight.objects.filter(pk__in=[row.pk for row in rows]).update(decided_by=by, decided_at=now)
    note_deed("decided", case, by=by, now=now)
    return fresh


def renew_highlights(version: AnswerVersion, *, decided: Mapping[Words, Highlight] | None = None) -> None:
    """Make the rows of a version from its text; inside the transaction of whoever changes it.

    `decided` is what was decided before the text changed, by default about the text as it is: those decisions stay
    where the words do.
    """
    decided = decisions_of(version) if decided is None else decided
    version.highlights.all().delete()
    rows = [
        Highlight(version=version, field=field, start=one.start, end=one.end, kind=one.kind)
        for field in rules.MARKED_FIELDS
        for one in highlights(getattr(version, field))
    ]
    for row in rows:
        if earlier := decided.get(words_of(version, row)):
            row.decided_by_id, row.decided_at = earlier.decided_by_id, earlier.decided_at
    Highlight.objects.bulk_create(rows)
