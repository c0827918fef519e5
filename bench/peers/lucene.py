"""Lucene inside this process, through pyjnius, from whichever jar is installed; the engine under Elasticsearch.

`pip install --no-deps pyserini pyjnius` brings both where Java is present (170 MB; its Lucene 9 runs on Java 11 or
later); Debian's `liblucene8-java` has a jar too.
"""

import shutil
import tempfile
from array import array
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.peers.interface import Peer, everything
from sangto.engine.match import Entry

__all__ = ["Lucene", "LuceneFolded"]

_DEBIAN = Path("/usr/share/java")
_LONGEST_QUERY = 4096


def _jars() -> list[str]:
    package = find_spec("pyserini")
    if package and package.origin:
        found = sorted(Path(package.origin).parent.glob("resources/jars/anserini-*-fatjar.jar"))
        if found:
            return [str(found[-1])]
    core = _DEBIAN / "lucene-core.jar"
    return [str(core), str(_DEBIAN / "lucene-analyzers-common.jar")] if core.exists() else []


@lru_cache(maxsize=1)
def _java() -> tuple[Any, Any]:
    """What makes a Java class from its name, and what casts; the virtual machine starts with the first call."""
    jnius_config = import_module("jnius_config")
    if not jnius_config.vm_running:
        jnius_config.add_options("-Xmx2g", "-XX:+UseSerialGC")
        jnius_config.set_classpath(*_jars())
    jnius = import_module("jnius")
    return jnius.autoclass, jnius.cast


class Lucene(Peer):
    """Lucene's BM25 (k1 1.2, b 0.75) with its English analyzer, any word of the message."""

    name = "Lucene"

    @classmethod
    def missing(cls) -> str:
        """The parts that are not here."""
        parts = (("Java", shutil.which("java")), ("pyjnius", find_spec("jnius")), ("a Lucene jar", _jars()))
        return ", ".join(name for name, found in parts if not found)

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="sangto-lucene-")
        self._class, self._cast = _java()
        self._ids = array("q")
        self._analyzer = self.analyzer()
        package = "org.apache.lucene"
        self._class(f"{package}.search.IndexSearcher").setMaxClauseCount(_LONGEST_QUERY)
        self._queries = self._class(f"{package}.util.QueryBuilder")(self._analyzer)
        self._directory = self._class(f"{package}.store.MMapDirectory")(
            self._class("java.io.File")(self._folder).toPath()
        )
        self._searcher: Any = None

    def analyzer(self) -> Any:
        """The stock English analyzer."""
        return self._class("org.apache.lucene.analysis.en.EnglishAnalyzer")()

    def build(self, entries: Iterable[Entry]) -> None:
        """Indexes with one thread into one segment, in order, so that a document's number is its row."""
        package = "org.apache.lucene"
        config = self._class(f"{package}.index.IndexWriterConfig")(self._analyzer)
        config.setRAMBufferSizeMB(128.0)
        config.setMergePolicy(self._class(f"{package}.index.LogDocMergePolicy")())
        writer = self._class(f"{package}.index.IndexWriter")(self._directory, config)
        document = self._class(f"{package}.document.Document")()
        store = self._class(f"{package}.document.Field$Store")
        field = self._class(f"{package}.document.TextField")("text", "", store.NO)
        document.add(field)
        for entry in entries:
            self._ids.append(entry.id)
            field.setStringValue(everything(entry))
            writer.addDocument(document)
        writer.forceMerge(1)
        writer.close()
        opened = self._class(f"{package}.index.DirectoryReader").open(self._directory)
        reader = self._cast(f"{package}.index.IndexReader", opened)  # the searcher has constructors for other kinds too
        self._searcher = self._class(f"{package}.search.IndexSearcher")(reader)

    def search(self, text: str, k: int) -> list[int]:
        """The best k by BM25 of any of the words."""
        query = self._queries.createBooleanQuery("text", text)
        if query is None:
            return []
        return [self._ids[hit.doc] for hit in self._searcher.search(query, k).scoreDocs]

    def disk_bytes(self) -> int:
        """What lies in its folder."""
        return sum(path.stat().st_size for path in Path(self._folder).iterdir())

    def close(self) -> None:
        """Removes the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)


class LuceneFolded(Lucene):
    """The same with diacritics folded."""

    name = "Lucene, folded"

    def analyzer(self) -> Any:
        """The steps of the English analyzer, with ASCII folding before its stemmer."""
        builder = self._class("org.apache.lucene.analysis.custom.CustomAnalyzer").builder()
        builder = builder.withTokenizer("standard")
        for step in ("englishPossessive", "lowercase", "asciiFolding", "stop", "porterStem"):
            builder = builder.addTokenFilter(step)
        return builder.build()
