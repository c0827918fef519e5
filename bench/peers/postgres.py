"""PostgreSQL's full text search on a throwaway server: a tsvector column with a GIN index, ordered by ts_rank_cd."""

from collections.abc import Iterable
from contextlib import ExitStack

import psycopg

from bench.peers.interface import Peer, everything
from sangto.engine.match import Entry
from tests.postgres import server_binaries, throwaway_server

__all__ = ["Postgres"]

_RANKED = """
    WITH asked AS (SELECT replace(plainto_tsquery('english', %(text)s)::text, '&', '|')::tsquery AS terms)
    SELECT id FROM held, asked WHERE said @@ terms ORDER BY ts_rank_cd(said, terms) DESC, id LIMIT %(k)s
"""


class Postgres(Peer):
    """Any word of the message, English stems and stop words; of Vietnamese it makes what `simple` would."""

    name = "PostgreSQL"

    @classmethod
    def missing(cls) -> str:
        """The server, where none is installed."""
        return "" if server_binaries() else "postgresql 15 or later"

    def __init__(self) -> None:
        self._held = ExitStack()
        binaries = server_binaries()
        if binaries is None:
            raise FileNotFoundError(self.missing())
        address = self._held.enter_context(throwaway_server(binaries))
        self._base = self._held.enter_context(psycopg.connect(address, autocommit=True))
        self._base.execute("SET maintenance_work_mem = '512MB'")
        self._base.execute("SET max_parallel_workers_per_gather = 0")

    def build(self, entries: Iterable[Entry]) -> None:
        """Copies the texts in, then keeps only their vectors."""
        self._base.execute("CREATE UNLOGGED TABLE sent (id bigint, text text)")
        with self._base.cursor().copy("COPY sent FROM STDIN") as copy:
            for entry in entries:
                copy.write_row((entry.id, everything(entry).replace("\x00", "")))
        self._base.execute("CREATE UNLOGGED TABLE held AS SELECT id, to_tsvector('english', text) AS said FROM sent")
        self._base.execute("DROP TABLE sent")
        self._base.execute("CREATE INDEX ON held USING gin (said)")
        self._base.execute("VACUUM ANALYZE held")

    def search(self, text: str, k: int) -> list[int]:
        """The best k by cover density of any of the words."""
        asked = {"text": text.replace("\x00", ""), "k": k}
        return [row[0] for row in self._base.execute(_RANKED, asked)]

    def disk_bytes(self) -> int:
        """The table with its index."""
        row = self._base.execute("SELECT pg_total_relation_size('held')").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Stops the server and removes its folder."""
        self._held.close()
