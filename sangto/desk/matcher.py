"""Joins rows to the engine: one index a process, built from the database and following its `Change` rows.

The index is a replica that nobody depends on: a new process builds its own, and every search first reads which Cases
changed since the last one. Two indexes: Cases with a public answer, by its words and by those of Messages that people
confirmed, and open Cases by the wordings of their Messages.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from zlib import crc32

import numpy as np
from django.conf import settings
from django.db.models import Max, Min, Q
from numpy.typing import NDArray

from sangto.desk import rules
from sangto.desk.models import Case, Change, Message, Wording
from sangto.desk.queries.answers import PublicAnswer, answered_cases, answers_in, public_answer
from sangto.desk.queries.calibrations import calibrated
from sangto.desk.queries.labels import Label, confirmed_wordings, labels
from sangto.engine.decide import Reason, Rules, Scored, decide, joins, with_promise
from sangto.engine.learned import Bound, refitted, shipped
from sangto.engine.match import Entry, Index
from sangto.engine.own_model import Directory, ModelError
from sangto.engine.redact import redact
from sangto.engine.refit import Sample
from sangto.engine.rerank import Embedded, Reader
from sangto.engine.text import fingerprint, guess_lang

WORDINGS_A_CASE = 20
WORDING_CHARS = 400
# PostgreSQL hands out ids before it commits them: an id that is missing below the newest may still come. It is looked
# for so long; a transaction that was rolled back leaves one that never comes.
HOLE_S = 15.0
IDS_THAT_MAY_BE_LATE = 2000
BATCH = 2000
CALIBRATION_S = 60.0  # how often a process looks whether there is a newer calibration
TURNS = 5
READ_AHEAD = 4  # answers that a sentence model reads before each message, until it knows them all
logger = logging.getLogger(__name__)
_T = TypeVar("_T")
_ANY_SURENESS = Bound((float("-inf"),), (True,))


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
        self.renewed: dict[tuple[str, int], int] = {}  # what was last put in for a changed Case, as a hash
        self.learned, self.calibrated_at = shipped(), float("-inf")

    def follow(self) -> None:
        """Bring both indexes up to the last committed change; built anew when that cannot be told from the rows.

        That is on first use, when the database was put back to an older state, and after sleeping too long. While
        another thread is at it, nobody waits but for the first build: the index is behind for that long at most.
        """
        if not self.lock.acquire(blocking=self.newest is None):
            return
        try:
            rows = self._unseen()
            if self.newest in rows or self._is_whole():  # the last one known is still there: nothing was forgotten
                self._catch_up(rows)
            else:
                self._build(Change.objects.aggregate(newest=Max("pk"))["newest"] or 0)
            if time.monotonic() - self.calibrated_at >= CALIBRATION_S:
                self.learned, self.calibrated_at = calibrated(shipped()), time.monotonic()
        finally:
            self.lock.release()

    def _unseen(self) -> dict[int, int]:
        """The changed Cases by the ids of their changes: from the last one known on, and those that came late."""
        if self.newest is None:
            return {}
        rows = Change.objects.filter(Q(pk__gte=self.newest) | Q(pk__in=self.holes))
        return dict(rows.values_list("pk", "case_id"))

    def _is_whole(self) -> bool:
        """Whether the rows go on where this process left off, though the last one it knows is forgotten by now."""
        kept = Change.objects.aggregate(oldest=Min("pk"), newest=Max("pk"))
        oldest, newest = kept["oldest"] or 0, kept["newest"] or 0
        return self.newest is not None and (newest == self.newest or oldest <= self.newest + 1 <= newest)

    def _build(self, newest: int) -> None:
        recent = Change.objects.filter(pk__gt=newest - IDS_THAT_MAY_BE_LATE, pk__lte=newest)
        known = set(recent.values_list("pk", flat=True))
        answered, asked = Index(), Index()
        answered.replace(_answered_entries(_streamed_answers()))
        asked.replace(_asked_entries(Case.objects.filter(state=rules.OPEN).order_by("pk").iterator(chunk_size=BATCH)))
        # Whole ones take the place of the old ones at once: others search meanwhile.
        self.answered, self.asked, self.newest, self.renewed = answered, asked, newest, {}
        self.holes = dict.fromkeys(set(range(min(known, default=newest), newest)) - known, time.monotonic())

    def _catch_up(self, rows: dict[int, int]) -> None:
        low = self.newest or 0
        changed = sorted({case for pk, case in rows.items() if pk != low})
        for start in range(0, len(changed), BATCH):
            self._renew(set(changed[start : start + BATCH]))
        self.newest, now = max([low, *rows]), time.monotonic()
        late = dict.fromkeys(range(max(low, self.newest - IDS_THAT_MAY_BE_LATE) + 1, self.newest + 1), now) | self.holes
        self.holes = {pk: since for pk, since in late.items() if pk not in rows and now - since < HOLE_S}

    def _renew(self, case_ids: set[int]) -> None:
        cases = Case.objects.in_bulk(case_ids)
        answered = answers_in(pk for pk, case in cases.items() if case.state == rules.ANSWERED)
        public = [each for each in answered if not each.withdrawn]
        self._put("answered", list(_answered_entries(public)), of=case_ids)
        self._put("asked", _asked_entries(case for case in cases.values() if case.state == rules.OPEN), of=case_ids)

    def _put(self, name: str, entries: list[Entry], *, of: set[int]) -> None:
        """Entries into one index, the other Cases out of it. One more Message mostly changes nothing to be found."""
        index: Index = getattr(self, name)
        fresh = {(name, each.id): hash(each) for each in entries}
        gone = of - {each.id for each in entries}
        index.remove(gone)
        index.replace(each for each in entries if self.renewed.get((name, each.id)) != fresh[name, each.id])
        for pk in gone:
            self.renewed.pop((name, pk), None)
        self.renewed.update(fresh)


REPLICA = Replica()


class OwnModel:
    """The operator's sentence model as a Reader: loaded at first use. What fails is logged once, by its kind alone."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Drop the model; the next use loads it again."""
        self.loaded: Embedded | None = None
        self.is_usable = True
        self.told: set[str] = set()

    def alike(self, text: str, wordings: Sequence[str]) -> NDArray[np.float32]:
        """The cosine of the message with each wording; raises whatever loading or running the model raises."""
        return self._told(lambda: self._model().alike(text, wordings))

    def nearest(self, text: str, index: Index, count: int) -> list[int]:
        """Rows of the index by their vectors, nearest first; raises whatever loading or running the model raises."""
        return self._told(lambda: self._model().nearest(text, index, count))

    def _told(self, act: Callable[[], _T]) -> _T:
        try:
            return act()
        except Exception as error:
            kind = type(error).__name__
            if kind not in self.told:
                self.told.add(kind)
                logger.warning("the embedding model cannot be used (%s); see `sangto check`", kind)
            raise

    def _model(self) -> Embedded:
        with self.lock:
            if not self.is_usable or settings.EMBEDDINGS is None:  # what cannot be loaded is not tried again
                raise ModelError("there is no model that can be used")
            self.is_usable = False
            self.loaded = self.loaded or Embedded(Directory.load(settings.EMBEDDINGS), ahead=READ_AHEAD)
            self.is_usable = True
            return self.loaded


MODEL = OwnModel()


def _reader() -> Reader | None:
    """What reads the likeliest once more: the operator's sentence model, when one is set."""
    return MODEL if settings.EMBEDDINGS else None


def find(text: str, *, kind: str, place: str) -> Finding:
    """What the desk already knows of this (redacted) text: same wording, an answer, an open Case, or offers."""
    REPLICA.follow()
    print_ = fingerprint(text, kind=kind, place=place)
    known = Wording.objects.filter(fingerprint=print_).values_list("case_id", flat=True).first()
    learned, promised, answered = REPLICA.learned, _rules(), REPLICA.answered
    decision = decide(text, answered, kind=kind, place=place, rules=promised, learned=learned, reader=_reader())
    same = joins(text, REPLICA.asked, kind=kind, place=place, rules=promised, learned=learned)
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
    learned, answered = REPLICA.learned, REPLICA.answered
    decision = decide(text, answered, kind=kind, place=place, rules=_rules(), learned=learned, reader=_reader())
    by_id = {each.id: each for each in decision.candidates}
    return [Found(each, by_id[each.case_id].sureness, by_id[each.case_id].reasons) for each in answers_in(by_id)]


def similar(case: Case) -> list[Similar]:
    """At most three other open Cases of the same kind that may ask the same as this one, likeliest first."""
    REPLICA.follow()
    decision = decide(
        case.question,
        REPLICA.asked,
        kind=case.kind,
        place=case.place,
        without={case.pk},
        rules=_rules(),
        learned=REPLICA.learned,
        reader=_reader(),
    )
    rows = Case.objects.filter(state=rules.OPEN).in_bulk([each.id for each in decision.candidates])
    return [Similar(rows[each.id], each.sureness, each.reasons) for each in decision.candidates if each.id in rows]


def search_answers(words: str, *, limit: int, offset: int = 0, kind: str | None = None) -> list[PublicAnswer]:
    """Public answers that match a reader's search words, best first, only of one kind if it is given."""
    REPLICA.follow()
    found = REPLICA.answered.search(words, offset + limit, kind=kind)
    return answers_in(each.id for each in found[offset:])


def counts() -> dict[str, int]:
    """How many answers and open Cases this process's index holds."""
    REPLICA.follow()
    return {"answers": len(REPLICA.answered), "open": len(REPLICA.asked)}


def samples() -> Iterator[Sample]:
    """The labels as the engine judges them today, for `engine.refit`; those about a first candidate that nobody judged
    are left out.

    In an index of its own, in a few turns: of the Messages of a turn no wording is in it, so that none finds itself.
    """
    index, published = Index(), set()
    for batch in _batches(_streamed_answers()):
        index.replace(_answered_entries(batch))
        published |= {each.case_id for each in batch}
    turns: list[list[Label]] = [[] for _ in range(TURNS)]
    for label in labels():
        turns[crc32(label.text[:WORDING_CHARS].encode("utf-8", "replace")) % TURNS].append(label)
    for turn in turns:
        said = {label.text[:WORDING_CHARS] for label in turn}
        about = sorted({label.right for label in turn if label.right in published} - {None})
        index.replace(_answered_entries(answers_in(about), without=said))
        yield from (each for each in (_sample(label, index, published) for label in turn) if each)
        index.replace(_answered_entries(answers_in(about)))


def _sample(label: Label, index: Index, published: Collection[int]) -> Sample | None:
    lang = guess_lang(label.text)
    learned = refitted(shipped(), curve=shipped().curve, bounds={lang: _ANY_SURENESS})
    decision = decide(label.text, index, kind=label.kind, place=label.place, rules=with_promise(0.0), learned=learned)
    first = next(iter(decision.ranking), None)
    if first is None or not (first == label.right or first in label.wrong or label.right in published):
        return None
    return Sample(
        raw=decision.raw, right=first == label.right, lang=lang, group=first, alone=decision.zone == "instant"
    )


def _rules() -> Rules:
    return with_promise(settings.PROMISE)


def _batches(answers: Iterable[PublicAnswer]) -> Iterator[list[PublicAnswer]]:
    rest = iter(answers)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _streamed_answers() -> Iterable[PublicAnswer]:
    cases = answered_cases().filter(state=rules.ANSWERED).order_by("pk")
    return (public_answer(case) for case in cases.iterator(chunk_size=BATCH))


def _answered_entries(answers: Iterable[PublicAnswer], *, without: Collection[str] = ()) -> Iterator[Entry]:
    """The answers with the words of Messages that people confirmed, but for some."""
    for batch in _batches(answers):
        ids = [each.case_id for each in batch]
        said = confirmed_wordings(ids, most=WORDINGS_A_CASE, chars=WORDING_CHARS, without=without)
        for each in batch:
            yield _answered_entry(each, wordings=said.get(each.case_id, []))


def _answered_entry(answer: PublicAnswer, *, wordings: list[str]) -> Entry:
    return Entry(
        id=answer.case_id,
        lang=answer.lang,
        kind=answer.kind,
        question=answer.question,
        title=answer.summary,
        text=answer.text,
        wordings=tuple(each for each in wordings if each != answer.question),
        place=answer.place,
    )


def _asked_entries(cases: Iterable[Case]) -> list[Entry]:
    found: list[Entry] = []
    rest = iter(cases)
    while batch := list(islice(rest, BATCH)):
        wordings = _wordings_of([case.pk for case in batch])
        found += [_asked_entry(case, wordings[case.pk]) for case in batch]
    return found


def _wordings_of(ids: list[int]) -> dict[int, list[str]]:
    wordings: dict[int, list[str]] = {pk: [] for pk in ids}
    rows = Message.objects.filter(case_id__in=ids, withdrawn_at__isnull=True).order_by("pk")
    for case_id, text in rows.values_list("case_id", "text"):
        known = wordings[case_id]
        if len(known) < WORDINGS_A_CASE and text[:WORDING_CHARS] not in known:
            known.append(text[:WORDING_CHARS])
    return wordings


def _asked_entry(case: Case, wordings: list[str]) -> Entry:
    return Entry(
        id=case.pk, lang=case.lang, kind=case.kind, question=case.question, title="", text="",
        wordings=tuple(wordings), place=case.place,
    )  # fmt: skip
