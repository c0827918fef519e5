"""Joins rows to the engine: one index a process, built from the database and following its `Change` rows.

The index is a replica that nobody depends on: a new process builds its own, and every search first reads which Cases
changed since the last one. Two indexes: Cases with a public answer, and open Cases by the wordings of their Messages.
"""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Min, Q

from sangto.desk import rules
from sangto.desk.models import Case, Change, Message, Wording
from sangto.desk.queries.answers import PublicAnswer, answered_cases, answers_in, public_answer
from sangto.engine.decide import Reason, Scored, decide, joins
from sangto.engine.match import Entry, Index
from sangto.engine.redact import redact
from sangto.engine.text import fingerprint

WORDINGS_A_CASE = 20
WORDING_CHARS = 400
# PostgreSQL hands out ids before it commits them: an id that is missing below the newest may still come. It is looked
# for so long; a transaction that was rolled back leaves one that never comes.
HOLE_S = 15.0
IDS_THAT_MAY_BE_LATE = 2000
BATCH = 2000


@dataclass(frozen=True)
class Finding:
    """What is known of a text before it is kept. Offers may stand beside `open`, never beside `settled`."""

    fingerprint: str
    known: int | None  # the Case that this exact wording leads to
    settled: Scored | None  # an answered Case, surely
    open: Scored | None  # an open Case that asks the same
    offers: tuple[Scored, ...]


@dataclass(frozen=True)
class Found:
    """A public answer found for a text, with why."""

    answer: PublicAnswer
    sureness: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Similar:
    """An open Case that may ask the same as another one, with why."""

    case: Case
    sureness: float
    reasons: tuple[Reason, ...]


class Replica:
    """This process's indexes and how far they have followed the database."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Drop everything; the next use builds it again."""
        self.answered, self.asked = Index(), Index()
        self.newest: int | None = None
        self.holes: dict[int, float] = {}  # ids below the newest that were not there yet, and since when

    def follow(self) -> None:
        """Bring both indexes up to the last committed change; built anew when that cannot be told from the rows.

        That is on first use, when the database was put back to an older state, and after sleeping too long. While
        another thread is at it, nobody waits but for the first build: the index is behind for that long at most.
        """
        if not self.lock.acquire(blocking=self.newest is None):
            return
        try:
            newest = Change.objects.aggregate(newest=Max("pk"))["newest"] or 0
            if self.newest is None or newest < self.newest or self._slept(newest):
                self._build(newest)
            elif newest != self.newest or self.holes:
                self._catch_up()
        finally:
            self.lock.release()

    def _slept(self, newest: int) -> bool:
        """Whether changes that this process has not seen were forgotten already."""
        if newest == self.newest:
            return False
        oldest = Change.objects.aggregate(oldest=Min("pk"))["oldest"] or 0
        return (self.newest or 0) + 1 < oldest

    def _build(self, newest: int) -> None:
        recent = Change.objects.filter(pk__gt=newest - IDS_THAT_MAY_BE_LATE, pk__lte=newest)
        known = set(recent.values_list("pk", flat=True))
        answered, asked = Index(), Index()
        answered.replace(_answered_entry(each) for each in _streamed_answers())
        asked.replace(_asked_entries(Case.objects.filter(state=rules.OPEN).values_list("pk", flat=True)))
        # Whole ones take the place of the old ones at once: others search meanwhile.
        self.answered, self.asked, self.newest = answered, asked, newest
        self.holes = dict.fromkeys(set(range(min(known, default=newest), newest)) - known, time.monotonic())

    def _catch_up(self) -> None:
        low = self.newest or 0
        rows = dict(Change.objects.filter(Q(pk__gt=low) | Q(pk__in=self.holes)).values_list("pk", "case_id"))
        changed = sorted(set(rows.values()))
        for start in range(0, len(changed), BATCH):
            self._renew(set(changed[start : start + BATCH]))
        self.newest, now = max([low, *rows]), time.monotonic()
        late = dict.fromkeys(range(max(low, self.newest - IDS_THAT_MAY_BE_LATE) + 1, self.newest + 1), now) | self.holes
        self.holes = {pk: since for pk, since in late.items() if pk not in rows and now - since < HOLE_S}

    def _renew(self, case_ids: set[int]) -> None:
        public = [each for each in answers_in(case_ids) if not each.withdrawn]
        self.answered.remove(case_ids - {each.case_id for each in public})
        self.answered.replace(_answered_entry(each) for each in public)
        waiting = set(Case.objects.filter(pk__in=case_ids, state=rules.OPEN).values_list("pk", flat=True))
        self.asked.remove(case_ids - waiting)
        self.asked.replace(_asked_entries(waiting))


REPLICA = Replica()


def find(text: str, *, kind: str, place: str) -> Finding:
    """What the desk already knows of this (redacted) text: same wording, an answer, an open Case, or offers."""
    REPLICA.follow()
    print_ = fingerprint(text, kind=kind, place=place)
    known = Wording.objects.filter(fingerprint=print_).values_list("case_id", flat=True).first()
    answered, asked = REPLICA.answered, REPLICA.asked
    decision = decide(text, answered.search(text, 10), kind=kind, place=place, rarity=answered.rarity)
    same = joins(text, asked.search(text, 10, kind=kind), kind=kind, place=place, rarity=asked.rarity)
    instant = decision.zone == "instant"
    return Finding(
        fingerprint=print_,
        known=known,
        settled=decision.candidates[0] if instant else None,
        open=None if instant else same,
        offers=() if instant else decision.candidates,
    )


def suggest(text: str, *, kind: str, place: str = "") -> list[Found]:
    """At most three public answers for a text that is still being typed; redacted first, and nothing is kept."""
    REPLICA.follow()
    text = redact(text).text
    index = REPLICA.answered
    decision = decide(text, index.search(text, 10), kind=kind, place=place, rarity=index.rarity)
    by_id = {each.id: each for each in decision.candidates}
    return [Found(each, by_id[each.case_id].sureness, by_id[each.case_id].reasons) for each in answers_in(by_id)]


def similar(case: Case) -> list[Similar]:
    """At most three other open Cases of the same kind that may ask the same as this one, likeliest first."""
    REPLICA.follow()
    index = REPLICA.asked
    others = [each for each in index.search(case.question, 10, kind=case.kind) if each.entry.id != case.pk]
    decision = decide(case.question, others, kind=case.kind, place=case.place, rarity=index.rarity)
    rows = Case.objects.filter(state=rules.OPEN).in_bulk([each.id for each in decision.candidates])
    return [Similar(rows[each.id], each.sureness, each.reasons) for each in decision.candidates if each.id in rows]


def search_answers(words: str, *, limit: int, offset: int = 0, kind: str | None = None) -> list[PublicAnswer]:
    """Public answers that match a reader's search words, best first, only of one kind if it is given."""
    REPLICA.follow()
    found = REPLICA.answered.search(words, offset + limit, kind=kind)
    return answers_in(each.entry.id for each in found[offset:])


def counts() -> dict[str, int]:
    """How many answers and open Cases this process's index holds."""
    REPLICA.follow()
    return {"answers": len(REPLICA.answered), "open": len(REPLICA.asked)}


def _streamed_answers() -> Iterable[PublicAnswer]:
    cases = answered_cases().filter(state=rules.ANSWERED).order_by("pk")
    return (public_answer(case) for case in cases.iterator(chunk_size=BATCH))


def _answered_entry(answer: PublicAnswer) -> Entry:
    return Entry(
        id=answer.case_id,
        lang=answer.lang,
        kind=answer.kind,
        question=answer.question,
        title=answer.summary,
        text=answer.text,
        place=answer.place,
    )


def _asked_entries(case_ids: Iterable[int]) -> list[Entry]:
    ids = list(case_ids)
    wordings: dict[int, list[str]] = {pk: [] for pk in ids}
    for start in range(0, len(ids), BATCH):
        rows = Message.objects.filter(case_id__in=ids[start : start + BATCH]).order_by("pk")
        for case_id, text in rows.values_list("case_id", "text"):
            known = wordings[case_id]
            if len(known) < WORDINGS_A_CASE and text[:WORDING_CHARS] not in known:
                known.append(text[:WORDING_CHARS])
    cases = Case.objects.in_bulk(ids)
    return [_asked_entry(cases[pk], wordings[pk]) for pk in ids if pk in cases]


def _asked_entry(case: Case, wordings: list[str]) -> Entry:
    return Entry(
        id=case.pk, lang=case.lang, kind=case.kind, question=case.question, title="", text="",
        wordings=tuple(wordings), place=case.place,
    )  # fmt: skip
