"""What every engine that is measured offers."""

from collections.abc import Collection, Iterable

from sangto.engine.match import Entry

__all__ = ["Peer", "everything"]


def everything(entry: Entry) -> str:
    """All an entry says, in one text: question, title, wordings and answer."""
    return " ".join(part for part in (*entry.said, entry.text) if part)


class Peer:
    """An engine that ranks entries for a message. Each instance is built once."""

    name = ""

    @classmethod
    def missing(cls) -> str:
        """What has to be installed before this engine can run here; empty when nothing has."""
        return ""

    def build(self, entries: Iterable[Entry]) -> None:
        """Indexes the entries."""
        raise NotImplementedError

    def search(self, text: str, k: int) -> list[int]:
        """The ids of at most k entries, best first. This is what is timed."""
        raise NotImplementedError

    def deeper(self, text: str, k: int) -> list[int]:
        """The same to any depth, untimed, where `search` stops earlier than k by design."""
        return self.search(text, k)

    def disk_bytes(self) -> int:
        """What the index takes outside the memory of this process; 0 when it takes nothing."""
        return 0

    def close(self) -> None:
        """Gives back what the operating system lent."""


class Rule(Peer):
    """A peer that answers by itself: with an entry's id, or not at all. `shows` is how many it shows at most."""

    shows = 3

    def answer(self, text: str, without: Collection[int] = ()) -> int | None:
        """The entry that the rule gives at once, had some entries not been there."""
        raise NotImplementedError

    def shown(self, text: str, without: Collection[int] = ()) -> list[int]:
        """The entries that the rule shows, answer or not, had some not been there."""
        raise NotImplementedError
