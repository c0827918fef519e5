"""The two members of the desk, by its staff API: they answer, correct and withdraw, and remember what was published."""

import json
import random
from dataclasses import dataclass, field

from tests.faults.people import Http, Said

SOURCE = {"title": "Trang chủ", "publisher": "Bộ Y tế", "url": "https://moh.gov.vn/", "dated_on": "2026-11-10"}
CASES = "/api/v1/cases"
TICKS = ["sources_read", "rates_claim", "other_side"]


@dataclass
class Staff:
    """`published`: the number and version of every answer whose publication was confirmed to the approver."""

    tokens: dict[str, str]
    dice: random.Random
    published: set[tuple[str, int]] = field(default_factory=set)

    def publish_something(self, http: Http) -> None:
        """One case answered; or, one time in three, an answer corrected or withdrawn. Goes on after a crash."""
        number = self._any(http, "review") or self._half_written(http)
        if number is None and self.dice.random() < 0.33:
            number = self._any(http, "answered")
            if number:
                self._begin_change(http, number)
        number = number or self._any(http, "open")
        if number:
            self._finish(http, number)

    def correct_something(self, http: Http) -> None:
        """One answer corrected, so that there is a version which another has replaced."""
        number = self._any(http, "answered")
        if number:
            self._ask(http, "editor", "POST", f"{CASES}/{number}/correction", {})
            self._finish(http, number)

    def _begin_change(self, http: Http, number: str) -> None:
        if self.dice.random() < 0.3:
            self._ask(http, "editor", "POST", f"{CASES}/{number}/withdrawal", {"change": "Nguồn đã sai."})
        else:
            self._ask(http, "editor", "POST", f"{CASES}/{number}/correction", {})

    def _finish(self, http: Http, number: str) -> None:
        read = self._ask(http, "editor", "GET", f"{CASES}/{number}")
        if not read.fine:  # the database is away: later
            return
        case = read.json()
        working = next((each for each in case["versions"] if each["state"] != "published"), None)
        if working is None or working["state"] == "draft":
            self._ask(http, "editor", "PUT", f"{CASES}/{number}/draft", self._content(case))
            self._ask(http, "editor", "POST", f"{CASES}/{number}/review", {"ticks": TICKS})
        said = self._ask(http, "approver", "POST", f"{CASES}/{number}/approval", {"ticks": TICKS})
        if said.fine:
            self.published.add((number, said.json()["n"]))

    def _half_written(self, http: Http) -> str | None:
        for view in ("open", "answered"):
            for case in self._cases(http, view):
                if case["work"]:
                    return case["number"]
        return None

    def _any(self, http: Http, view: str) -> str | None:
        cases = self._cases(http, view)
        return self.dice.choice(cases)["number"] if cases else None

    def _cases(self, http: Http, view: str) -> list[dict]:
        said = self._ask(http, "editor", "GET", f"{CASES}?view={view}")
        return said.json()["cases"] if said.fine else []

    def _content(self, case: dict) -> dict:
        verdict = "false" if case["kind"] == "claim" else "fixed"
        change = "Nói rõ hơn." if case["versions"] else ""
        return {
            "question": case["question"], "verdict": verdict, "summary": "Đã có câu trả lời.", "change": change,
            "text": "Chúng tôi đã hỏi cơ quan có trách nhiệm.", "sources": [SOURCE],
        }  # fmt: skip

    def _ask(self, http: Http, role: str, method: str, path: str, body: dict | None = None) -> Said:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        if body is None:
            return http(method, path, headers, b"")
        return http(method, path, headers | {"Content-Type": "application/json"}, json.dumps(body).encode())
