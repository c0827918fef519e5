"""The index of what was asked and answered: which entries share the words of a message. In memory, one per process."""

import json
import threading
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from sangto.engine import topics
from sangto.engine.columns import Columns, Gathered, Laid
from sangto.engine.query import Query, read_query
from sangto.engine.reading import Reading
from sangto.engine.terms import Terms
from sangto.engine.text import links
from sangto.engine.vocabulary import Vocabulary
from sangto.engine.young import Term, Young

__all__ = ["Entry", "Found", "Hit", "Index", "Query"]

_HEAP_BYTES = 30_000_000
_ENTRY_WORDS = 400
_BATCH = 1_024  # entries read and written together
_MOST_YOUNG, _MOST_HIDDEN = 256, 64  # what searches look through or leave out until the next commit
# The rarest terms of a message, single words and pairs, find what all of them would: postings read a search, at most.
_BUDGET = 30_000
_LEAST_TERMS, _MOST_TERMS = 6, 64
_PAIR_BOOST = 0.3
_SPELLING_BONUS = 0.05


@dataclass(frozen=True)
class Entry:
    """What can be found: a published answer or an open case. `wordings` are further ways in which it was asked."""

    id: int
    lang: str
    kind: str
    question: str
    title: str
    text: str
    wordings: tuple[str, ...] = ()
    place: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """Each way the thing itself is said: question, title, wordings; not the text of the answer."""
        return tuple(part for part in (self.question, self.title, *self.wordings) if part)


@dataclass(frozen=True)
class Hit:
    """An entry that shares words with a message. `score` has no fixed range; higher is better within one search."""

    id: int
    score: float


@dataclass(frozen=True)
class Found:
    """What a search brought: row numbers, best first, their scores and roughly how near their topics are."""

    query: Query
    rows: NDArray[np.int64]
    scores: NDArray[np.float32]
    topics: NDArray[np.float32]

    def only(self, kept: NDArray[np.generic]) -> "Found":
        """The rows of a mask or of places, in that order."""
        return Found(self.query, self.rows[kept], self.scores[kept], self.topics[kept])

    def nearest(self, count: int) -> "Found":
        """The rows that share most words and topic, in the order of the search."""
        if len(self.rows) <= count:
            return self
        together = self.scores / self.scores.max() + self.topics / max(float(self.topics.max()), 1e-6)
        return self.only(np.sort(np.argsort(-together, kind="stable")[:count]))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("row", fast=True)
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="spaced", index_option="freq")
    builder.add_text_field("pairs", tokenizer_name="spaced", index_option="basic")
    return builder.build()


class Index:
    """An index of entries. Any number of threads may search while one replaces or removes."""

    def __init__(self) -> None:
        self.vocabulary, self.columns = Vocabulary(), Columns()
        self._texts: list[bytes] = []
        self._ids = array("q")
        self._schema = _schema()
        self._tantivy = tantivy.Index(self._schema)
        self._tantivy.register_tokenizer("spaced", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._writer = self._tantivy.writer(_HEAP_BYTES, 1)
        self._young = Young()
        self._is_late = False  # the writer has been told what is neither committed nor among the young
        self._writing = threading.Lock()

    def __len__(self) -> int:
        young = self._young
        return int(self._tantivy.searcher().num_docs) + len(young) - young.hidden_elsewhere

    def replace(self, entries: Iterable[Entry]) -> None:
        """Adds the entries, each in place of the one with its id; searches see them when this returns."""
        with self._writing:
            reading, terms = Reading(self.vocabulary.numbered, most=_ENTRY_WORDS), Terms()
            pending: set[int] = set()
            batch: list[Entry] = []
            for entry in entries:
                if entry.id in pending:  # what it replaces can be dropped only once it is found
                    self._add(batch, reading=reading, terms=terms)
                    self._settle()
                    pending, batch = set(), []
                pending.add(entry.id)
                batch.append(entry)
                if len(batch) == _BATCH:
                    self._add(batch, reading=reading, terms=terms)
                    batch = []
            self._add(batch, reading=reading, terms=terms)
            self._settle(bool(pending))

    def remove(self, ids: Iterable[int]) -> None:
        """Takes the entries with these ids out; an unknown id is no error."""
        with self._writing:
            dropped = [self._drop(entry_id) for entry_id in ids]
            self._settle(any(dropped))

    def entry(self, row: int) -> Entry:
        """The entry of a row; of its text only the links are kept."""
        number, lang, kind, question, title, text, wordings, place = json.loads(self._texts[row])
        return Entry(number, lang, kind, question, title, text, tuple(wordings), place)

    def id_at(self, row: int) -> int:
        """The id of a row's entry."""
        return self._ids[row]

    def is_held(self, row: int) -> bool:
        """Whether a row is what searches find of its entry now: not replaced, not taken out, already committed."""
        return self._row_of(self._ids[row]) == row

    def gathered(self, rows: NDArray[np.int64]) -> Gathered:
        """The parts of the rows as stem ids."""
        return self.columns.gathered(rows)

    def search(self, text: str, k: int = 10, *, kind: str | None = None) -> list[Hit]:
        """At most k entries sharing words with the text, best first, only of one kind if it is given.

        Of equals those come first that have the diacritics that were typed.
        """
        found = self.find(text, depth=k, kind=kind)
        scores = found.scores * (1 + _SPELLING_BONUS * self._spelled_alike(found))
        order = np.argsort(-scores, kind="stable")
        return [Hit(self._ids[int(found.rows[at])], float(scores[at])) for at in order]

    def _spelled_alike(self, found: Found) -> NDArray[np.float64]:
        """Of the message's spellings the share that each entry found has too; 0 for a message without diacritics."""
        spelled = np.unique(found.query.spelled[found.query.spelled >= 0])
        if not len(spelled):
            return np.zeros(len(found.rows))
        held = [len(np.intersect1d(self.columns.row(row), spelled)) for row in found.rows.tolist()]
        return np.array(held) / len(spelled)

    def find(self, text: str, *, depth: int, kind: str | None = None) -> Found:
        """At most `depth` rows sharing words with the text, best first, only of one kind if it is given."""
        young = self._young  # first: what a commit takes from here meanwhile, the searcher brings
        searcher = self._tantivy.searcher()
        query = self._query(text, young=young, searcher=searcher)
        found = self._scored(query, k=depth, kind=kind, young=young, searcher=searcher) if depth > 0 else {}
        best = sorted(found.items(), key=lambda one: -one[1])[:depth]
        rows, scores = np.array([row for row, _ in best], np.int64), np.array([score for _, score in best], np.float32)
        return Found(query, rows, scores, self._topics_alike(query, rows))

    def _query(self, text: str, *, young: Young, searcher: tantivy.Searcher) -> Query:
        def often(one: int, other: int) -> int:
            pair = f"{one}+{other}"
            return int(searcher.doc_freq("pairs", pair)) + young.often("pairs", pair)

        return read_query(text, vocabulary=self.vocabulary, often=often)

    def _topics_alike(self, query: Query, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        starts, ends = self.columns.spans(rows)
        places = self.vocabulary.place[self.columns.tokens_of(starts, ends)].astype(np.int64)
        owner = np.repeat(np.arange(len(rows)), ends - starts)
        return topics.roughly_alike(query.topic, places, owner=owner, count=len(rows))

    def _scored(
        self, query: Query, *, k: int, kind: str | None, young: Young, searcher: tantivy.Searcher
    ) -> dict[int, float]:
        """The score of each row found, at least k if there are so many, in the order of the search."""
        terms = self._within_budget(query)
        hits = self._hits(terms, k=k + len(young.hidden), kind=kind, searcher=searcher)
        held = searcher.fast_field_values("row", [address for _, address in hits])
        found = {int(row or 0): float(hit[0]) for row, hit in zip(held, hits, strict=True)}
        others = int(searcher.num_docs)
        found |= young.found(terms, kind=kind, others=others, often=searcher.doc_freq)
        return {row: score for row, score in found.items() if row not in young.hidden}

    def _hits(self, terms: Sequence[Term], *, k: int, kind: str | None, searcher: tantivy.Searcher) -> list[Any]:
        if not terms:
            return []
        should = tantivy.Occur.Should
        asked = tantivy.Query.boolean_query(
            [(should, tantivy.Query.boost_query(self._term(term, field=field), boost)) for field, term, boost in terms]
        )
        if kind is not None:
            only = tantivy.Query.term_query(self._schema, "kind", kind, index_option="basic")
            must = tantivy.Occur.Must
            asked = tantivy.Query.boolean_query([(must, asked), (must, tantivy.Query.const_score_query(only, 0.0))])
        return searcher.search(asked, limit=k, count=False).hits

    def _within_budget(self, query: Query) -> list[Term]:
        holding = self.vocabulary.holding
        ids, trust = query.ids.tolist(), query.trust.tolist()
        terms = {("words", str(one)): (int(holding[one]), sure) for one, sure in zip(ids, trust, strict=True)}
        for at, often in zip(query.pairs.tolist(), query.often.tolist(), strict=True):
            terms["pairs", f"{ids[at]}+{ids[at + 1]}"] = often, _PAIR_BOOST
        chosen: list[Term] = []
        spent = 0
        for (field, term), (often, boost) in sorted(terms.items(), key=lambda item: item[1][0])[:_MOST_TERMS]:
            spent += often
            if spent > _BUDGET and len(chosen) >= _LEAST_TERMS:
                break
            chosen.append((field, term, boost))
        return chosen

    def _term(self, term: str, *, field: str) -> tantivy.Query:
        option = "freq" if field == "words" else "basic"
        return tantivy.Query.term_query(self._schema, field, term, index_option=option)

    def _add(self, batch: Sequence[Entry], *, reading: Reading, terms: Terms) -> None:
        """Adds entries of different ids, in place of what searches find of these ids until now."""
        if not batch:
            return
        new, texts = _laid(batch, reading=reading), [_packed(entry) for entry in batch]
        if len(self):
            for entry in batch:
                self._drop(entry.id)
        row = self.columns.add(new)
        self.vocabulary.count(new.tokens, times=1, owner=new.owner)
        self._texts += texts
        self._ids.extend([entry.id for entry in batch])
        stems = self.vocabulary.stem_of[new.tokens]
        held = zip(batch, terms.words(stems, laid=new), terms.pairs(stems, laid=new), strict=True)
        is_young = len(self._young) + len(batch) <= _MOST_YOUNG
        self._is_late |= not is_young
        for at, (entry, words, pairs) in enumerate(held, row):
            self._writer.add_document(_document(entry, row=at, words=words, pairs=pairs))
            if is_young:
                said = {"words": words.split(), "pairs": pairs.split()}
                self._young.put(entry.id, row=at, kind=entry.kind, terms=said)

    def _row_of(self, entry_id: int) -> int | None:
        """The row that searches find for an id."""
        young = self._young
        row = young.row_of(entry_id)
        if row is None:
            row = self._committed_row_of(entry_id)
        return None if row in young.hidden else row

    def _committed_row_of(self, entry_id: int) -> int | None:
        searcher = self._tantivy.searcher()
        hits = searcher.search(tantivy.Query.term_query(self._schema, "id", entry_id), limit=1, count=False).hits
        return int(searcher.fast_field_values("row", [hits[0][1]])[0] or 0) if hits else None

    def _drop(self, entry_id: int) -> bool:
        row = self._row_of(entry_id)
        if row is None:
            return False
        self.vocabulary.count(self.columns.row(row), times=-1)
        self._young.hide(row, entry_id)
        self._writer.delete_documents_by_term("id", entry_id)
        return True

    def _settle(self, changed: bool = True) -> None:
        """Makes searches find what was added, and nothing of what was dropped."""
        if not changed:
            return
        young = self._young
        if self._is_late or len(young) >= _MOST_YOUNG or len(young.hidden) >= _MOST_HIDDEN:
            self._writer.commit()
            self._tantivy.reload()
            self._young, self._is_late = Young(), False
        self.vocabulary.weigh(len(self))


def _laid(batch: Sequence[Entry], *, reading: Reading) -> Laid:
    """All that the entries say, read: of each its wordings and then its text."""
    parts = [(*entry.said, entry.text) for entry in batch]
    tokens, lengths = reading.read([text for own in parts for text in own])
    counts = np.array([len(own) for own in parts], np.int64)
    said = np.ones(len(lengths), np.bool_)
    said[np.cumsum(counts) - 1] = False
    return Laid(tokens, lengths, said, counts)


def _document(entry: Entry, *, row: int, words: str, pairs: str) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("id", entry.id)
    document.add_integer("row", row)
    document.add_text("kind", entry.kind)
    document.add_text("words", words)
    document.add_text("pairs", pairs)
    return document


def _packed(entry: Entry) -> bytes:
    """A JSON list of what `Index.entry` gives; put together by hand because `json.dumps` takes four times as long."""
    found = "\n".join(links(entry.text)) if "." in entry.text else ""
    held = map(encode_basestring, (entry.lang, entry.kind, entry.question, entry.title, found))
    wordings = ", ".join(map(encode_basestring, entry.wordings))
    text = f"[{entry.id}, {', '.join(held)}, [{wordings}], {encode_basestring(entry.place)}]"
    return text.encode("utf-8", "replace")
