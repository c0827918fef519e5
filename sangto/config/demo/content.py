"""The demonstration's JSON files as what the loader needs, spread over the days before it is loaded."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sangto.desk.actions import Content, Incoming, Reference

HERE = Path(__file__).parent
SPREAD = timedelta(days=60)
BETWEEN_MESSAGES = timedelta(hours=3)


@dataclass(frozen=True)
class Story:
    """One Case of the demonstration: what is asked, what is answered, and when it starts."""

    key: str
    kind: str
    starts_at: datetime
    row: dict[str, Any]

    @property
    def messages(self) -> list[tuple[Incoming, datetime]]:
        """What is sent in, and when."""
        return [(self._incoming(n, text), self.starts_at + n * BETWEEN_MESSAGES) for n, text in self._texts()]

    @property
    def answer(self) -> Content | None:
        """The first version, or None for a Case that waits."""
        found = self.row.get("answer")
        return self._content(found) if found else None

    @property
    def change(self) -> str:
        """Why the Answer is changed later: public; empty when it is not."""
        return str((self.row["follow"] or {}).get("change", ""))

    @property
    def correction(self) -> Content | None:
        """The next version, or None when the Answer stays as it is or is withdrawn."""
        follow = self.row["follow"]
        if not follow or follow["kind"] != "correct":
            return None
        return self._content({**self.row["answer"], **follow}, change=follow["change"])

    def _texts(self) -> list[tuple[int, str]]:
        return list(enumerate(self.row["messages"]))

    def _dated(self, written: str) -> date:
        # The stories move with the day of loading, and no source may be younger than what cites it.
        return min(date.fromisoformat(written), self.starts_at.date())

    def _incoming(self, n: int, text: str) -> Incoming:
        return Incoming(
            channel="web", external_id=f"demo:{self.key}:{n}", text=text, lang=self.row["lang"], kind=self.kind,
            place=self.row.get("place", ""),
        )  # fmt: skip

    def _content(self, said: dict[str, Any], *, change: str = "") -> Content:
        return Content(
            question=self.row["question"],
            verdict=said.get("outcome") or said["rating"],
            summary=said["summary"],
            text=said["text"],
            sources=[Reference(**{**each, "dated_on": self._dated(each["dated_on"])}) for each in said["sources"]],
            change=change,
        )


def stories(*, now: datetime) -> list[Story]:
    """Every Case of the demonstration from the oldest to the newest; those that wait for an answer come last."""
    told = [
        (f"{kind}:{n:02}", kind, row)
        for kind, file in (("claim", "claims.json"), ("problem", "problems.json"))
        for n, row in enumerate(json.loads((HERE / file).read_text(encoding="utf-8")))
    ]
    told.sort(key=lambda each: ("answer" not in each[2], each[0].partition(":")[2], each[1]))
    step = (SPREAD - timedelta(days=1)) / len(told)
    return [Story(key, kind, now - SPREAD + n * step, row) for n, (key, kind, row) in enumerate(told)]
