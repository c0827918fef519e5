"""Engines that run inside the process: tantivy, SQLite FTS5 and bm25s. Each indexes all fields as one text."""

import re
import sqlite3
from array import array
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

import tantivy

from bench.peers.interface import Peer, everything
from sangto.engine.match import Entry

__all__ = ["Bm25s", "Fts5", "Tantivy", "TantivyFolded"]

_WORD = re.compile(r"\w+")
_HEAP_BYTES = 128_000_000
_LONGEST_WORD = 40


class Tantivy(Peer):
    """tantivy 0.27, BM25 over the field with its stock English stemmer, any word of the message."""

    name = "tantivy"

    @staticmethod
    def analyzer() -> tantivy.TextAnalyzer:
        """The steps of tantivy's own `en_stem`."""
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        builder = builder.filter(tantivy.Filter.remove_long(_LONGEST_WORD)).filter(tantivy.Filter.lowercase())
        return builder.filter(tantivy.Filter.stemmer("english")).build()

    def __init__(self) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("id", fast=True)
        schema.add_text_field("text", tokenizer_name="chosen", index_option="freq")
        self._schema, self._analyzer = schema.build(), self.analyzer()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer("chosen", self._analyzer)

    def build(self, entries: Iterable[Entry]) -> None:
        """Indexes with one thread, and waits until its segments are merged."""
        writer = self._index.writer(_HEAP_BYTES, 1)
        for entry in entries:
            document = tantivy.Document()
            document.add_integer("id", entry.id)
            document.add_text("text", everything(entry))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, text: str, k: int) -> list[int]:
        """The best k by BM25 of any of the words."""
        words, should = self._analyzer.analyze(text), tantivy.Occur.Should
        parts = [(should, tantivy.Query.term_query(self._schema, "text", word, index_option="freq")) for word in words]
        if not parts:
            return []
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(parts), limit=k, count=False).hits
        return [int(one or 0) for one in searcher.fast_field_values("id", [address for _, address in hits])]


class TantivyFolded(Tantivy):
    """The same with diacritics folded, in the index and in the message."""

    name = "tantivy, folded"

    @staticmethod
    def analyzer() -> tantivy.TextAnalyzer:
        """As `en_stem`, with tantivy's ASCII folding before the stemmer."""
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        builder = builder.filter(tantivy.Filter.remove_long(_LONGEST_WORD)).filter(tantivy.Filter.lowercase())
        return builder.filter(tantivy.Filter.ascii_fold()).filter(tantivy.Filter.stemmer("english")).build()


class Fts5(Peer):
    """SQLite's full-text index in memory: Porter stems, diacritics removed, any word, ordered by its bm25()."""

    name = "SQLite FTS5"

    def __init__(self) -> None:
        self._base = sqlite3.connect(":memory:")
        steps = "porter unicode61 remove_diacritics 2"
        self._base.execute(f"CREATE VIRTUAL TABLE held USING fts5(text, content='', tokenize='{steps}')")

    def build(self, entries: Iterable[Entry]) -> None:
        """Indexes without keeping the texts, then merges into one segment."""
        rows = ((entry.id, everything(entry)) for entry in entries)
        self._base.executemany("INSERT INTO held (rowid, text) VALUES (?, ?)", rows)
        self._base.execute("INSERT INTO held (held) VALUES ('optimize')")
        self._base.commit()

    def search(self, text: str, k: int) -> list[int]:
        """The best k by bm25 of any of the words."""
        asked = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        if not asked:
            return []
        found = self._base.execute("SELECT rowid FROM held WHERE held MATCH ? ORDER BY rank LIMIT ?", (asked, k))
        return [row[0] for row in found]

    def close(self) -> None:
        """Closes the database."""
        self._base.close()


class Bm25s(Peer):
    """bm25s with its defaults: English stop words, Snowball stems, scores of every document computed at once."""

    name = "bm25s"

    @classmethod
    def missing(cls) -> str:
        """The packages that are not here."""
        return ", ".join(
            name for name, module in (("bm25s", "bm25s"), ("pystemmer", "Stemmer")) if not find_spec(module)
        )

    def __init__(self) -> None:
        self._package, self._stemmer = import_module("bm25s"), import_module("Stemmer").Stemmer("english")
        self._engine, self._ids = self._package.BM25(), array("q")

    def _tokens(self, texts: list[str]) -> object:
        return self._package.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False)

    def build(self, entries: Iterable[Entry]) -> None:
        """Indexes; it needs all texts at once."""
        texts = []
        for entry in entries:
            self._ids.append(entry.id)
            texts.append(everything(entry))
        self._engine.index(self._tokens(texts), show_progress=False)

    def search(self, text: str, k: int) -> list[int]:
        """The best k of all documents; those that share no word with the message are left out."""
        k = min(k, len(self._ids))
        rows, scores = self._engine.retrieve(self._tokens([text]), k=k, show_progress=False)
        return [self._ids[int(row)] for row, score in zip(rows[0], scores[0], strict=True) if score > 0]
