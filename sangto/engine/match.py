"""The index of what was asked and answered: which entries share the words of a message. In memory, one per process."""

import math
import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import tantivy

from sangto.engine.frequent import UNTELLING
from sangto.engine.text import words

__all__ = ["Candidate", "Entry", "Index"]

_HEAP_BYTES = 15_000_000
_QUERY_WORDS = 64
_WORD_CHARACTERS = 64
_RAW_BOOST = 0.2
_LEAST_ENTRIES = 10_000
_UNTELLING_SHARE = 0.2
_KEPT_RARITIES = 50_000
_RAW_WORD = re.compile(r"[^\W_]+")
_Searcher = tantivy.Searcher


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
class Candidate:
    """An entry that shares words with a message. `score` has no fixed range; higher is better within one search."""

    entry: Entry
    score: float


def _raw_words(text: str) -> list[str]:
    return [word[:_WORD_CHARACTERS] for word in _RAW_WORD.findall(unicodedata.normalize("NFC", text).lower())]


def _folded_words(text: str) -> list[str]:
    return [word[:_WORD_CHARACTERS] for word in words(text)]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("folded", tokenizer_name="stemmed", index_option="freq")
    builder.add_text_field("raw", tokenizer_name="spaced", index_option="freq")
    return builder.build()


class Index:
    """An index of entries. Any number of threads may search while one replaces or removes."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._schema = _schema()
        spaced = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
        self._stemmer = spaced.filter(tantivy.Filter.stemmer("english")).build()
        self._tantivy = tantivy.Index(self._schema)
        self._tantivy.register_tokenizer("stemmed", self._stemmer)
        self._tantivy.register_tokenizer("spaced", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._writer = self._tantivy.writer(_HEAP_BYTES, 1)
        self._writing = threading.Lock()
        self._rarities: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def replace(self, entries: Iterable[Entry]) -> None:
        """Adds the entries, each in place of the one with its id; searches see them when this returns."""
        changed = False
        with self._writing:
            for entry in entries:
                if entry.id in self._entries:
                    self._writer.delete_documents_by_term("id", entry.id)
                self._entries[entry.id] = entry
                self._writer.add_document(self._document(entry))
                changed = True
            self._commit(changed)

    def remove(self, ids: Iterable[int]) -> None:
        """Takes the entries with these ids out; an unknown id is no error."""
        changed = False
        with self._writing:
            for entry_id in ids:
                if self._entries.pop(entry_id, None) is not None:
                    self._writer.delete_documents_by_term("id", entry_id)
                    changed = True
            self._commit(changed)

    def search(self, text: str, k: int = 10, *, kind: str | None = None) -> list[Candidate]:
        """At most k entries sharing words with the text, best first, only of one kind if it is given."""
        searcher = self._tantivy.searcher()
        query = self._query(text, searcher=searcher)
        if query is None or k < 1:
            return []
        if kind is not None:
            only = tantivy.Query.term_query(self._schema, "kind", kind, index_option="basic")
            must = tantivy.Occur.Must
            query = tantivy.Query.boolean_query([(must, query), (must, tantivy.Query.const_score_query(only, 0.0))])
        hits = searcher.search(query, limit=k, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in hits])
        found = ((self._entries.get(int(entry_id or 0)), score) for entry_id, (score, _) in zip(ids, hits, strict=True))
        return [Candidate(entry=entry, score=float(score)) for entry, score in found if entry is not None]

    def rarity(self, word: str) -> float:
        """How telling a folded word is: its inverse document frequency, about 0.2 (in every entry) to about 10.

        A small index is read as part of one of 10,000 entries in which only the words of every text are frequent.
        """
        rarities = self._rarities
        if (known := rarities.get(word)) is not None:
            return known
        if len(rarities) >= _KEPT_RARITIES:
            rarities.clear()
        # A commit meanwhile has put a new table in place, so what was counted before it is kept in the old one only.
        counted = rarities[word] = self._counted_rarity(word)
        return counted

    def _counted_rarity(self, word: str) -> float:
        searcher = self._tantivy.searcher()
        missing = max(_LEAST_ENTRIES - searcher.num_docs, 0)
        terms = self._terms([word[:_WORD_CHARACTERS]])
        holding = max((searcher.doc_freq("folded", term) for term in terms), default=0)
        holding += round(missing * _UNTELLING_SHARE) if word in UNTELLING else 0
        total = max(searcher.num_docs + missing, holding)
        return math.log(1 + (total - holding + 0.5) / (holding + 0.5))

    def _document(self, entry: Entry) -> tantivy.Document:
        parts = (*entry.said, entry.text)
        document = tantivy.Document()
        document.add_integer("id", entry.id)
        document.add_text("kind", entry.kind)
        document.add_text("folded", " ".join(word for part in parts for word in _folded_words(part)))
        document.add_text("raw", " ".join(word for part in parts for word in _raw_words(part)))
        return document

    def _commit(self, changed: bool) -> None:
        if not changed:  # a commit with its reload takes 15 ms, and most calls of a replica change nothing
            return
        self._writer.commit()
        self._tantivy.reload()
        self._rarities = {}

    def _terms(self, folded: Sequence[str]) -> list[str]:
        return self._stemmer.analyze(" ".join(folded))

    def _rarest(self, terms: Iterable[str], *, field: str, searcher: _Searcher) -> list[str]:
        frequencies = {term: searcher.doc_freq(field, term) for term in terms}
        known = [term for term, frequency in frequencies.items() if frequency]
        return sorted(known, key=lambda term: frequencies[term])[:_QUERY_WORDS]

    def _query(self, text: str, *, searcher: _Searcher) -> tantivy.Query | None:
        parts = [(self._rarest(self._terms(_folded_words(text)), field="folded", searcher=searcher), "folded", 1.0)]
        if any(char > "\x7f" and char.isalpha() for char in text):
            parts.append((self._rarest(_raw_words(text), field="raw", searcher=searcher), "raw", _RAW_BOOST))
        should = tantivy.Occur.Should
        terms = [
            (should, tantivy.Query.boost_query(self._term(term, field=field), boost))
            for found, field, boost in parts
            for term in found
        ]
        return tantivy.Query.boolean_query(terms) if terms else None

    def _term(self, term: str, *, field: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, index_option="freq")
