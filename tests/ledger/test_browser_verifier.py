"""The checks of the verifier page, called in Chromium: what they accept, what they refuse, and why."""

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.ledger import hostile_for_browser as hostile
from tests.ledger import receipts_for_browser as built
from tests.ledger.receipts_for_browser import ALONE, ANSWER, MESSAGE, OUTCOME, POLICY, receipt, version
from tests.ledger.verifier_window import one_page, saved_pages  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser

FLIPS = 600
VERIFY = """async ([file, policy, text, place]) => {
  const bytes = (list) => list && Uint8Array.from(list);
  return verify({ file: bytes(file), policy, text: bytes(text), place: bytes(place) });
}"""
FLIP = """async ([file, policy, bits]) => {
  const verdicts = [];
  for (const bit of bits) {
    const flipped = Uint8Array.from(file);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    verdicts.push((await verify({ file: flipped, policy })).verdict);
  }
  return verdicts;
}"""


def report(page: Page, file: str | bytes, *, policy: str = POLICY, text: str = "", place: str = "") -> dict[str, Any]:
    """What the page's own checks make of a file."""
    data = file.encode() if isinstance(file, str) else file
    words = [list(each.encode()) if each else None for each in (text, place)]
    found: dict[str, Any] = page.evaluate(VERIFY, [list(data), policy, *words])
    return found


def outcome(page: Page, file: str | bytes, **asked: str) -> tuple[str, str]:
    found = report(page, file, **asked)
    return found["verdict"], found["reason"]


def steps(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["name"], each["state"]) for each in found["steps"]]


# --- what is valid ------------------------------------------------------------------------------------------------


def test_receipt_of_a_message_is_valid(page):
    found = report(page, receipt())

    assert found["verdict"] == "valid"
    assert steps(found) == [
        (name, "good")
        for name in ("browser", "policy", "file", "contents", "log", "inclusion", "witness", "witness", "quorum")
    ]
    assert found["facts"] == [
        ["day", "2026-11-21"], ["channel", "web"], ["place", "given"], ["files", "1"],
        ["origin", built.ORIGIN], ["size", "13"],
    ]  # fmt: skip


def test_receipt_of_an_outcome_is_valid(page):
    found = report(page, receipt(OUTCOME))

    assert found["verdict"] == "valid"
    assert found["facts"][:2] == [["settled", "answered"], ["answer", "2026-000123"]]


@pytest.mark.parametrize("step", ["publish", "correct", "withdraw"])
def test_version_of_an_answer_is_valid(page, step):
    found = report(page, version(ANSWER | {"step": step}))

    assert found["verdict"] == "valid"
    assert ["step", step] in found["facts"]
    assert ["summary", ANSWER["summary"]] in found["facts"]


def test_cosignatures_are_told_with_their_times(page):
    found = report(page, receipt(lines=hostile.lines(built.LOG, (built.SECOND, 7))), policy=ALONE)

    assert [each["args"] for each in found["steps"] if each["name"] == "witness"] == [
        {"name": "second", "key": built.SECOND.name, "time": "7"}
    ]
    assert found["steps"][-1] == {
        "name": "quorum", "state": "note", "key": "quorum_none", "args": {"count": "1", "quorum": "none"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("index", "size"), [(0, 1), (0, 2), (1, 2), (0, 7), (6, 7), (255, 256), (256, 257), (299, 300)]
)
def test_every_shape_of_tree_is_valid(page, index, size):
    assert outcome(page, receipt(index=index, size=size)) == ("valid", "")


@pytest.mark.parametrize(("index", "size"), hostile.HUGE)
def test_index_beyond_the_precision_of_numbers_is_valid(page, index, size):
    found = report(page, built.huge_receipt(index, size))

    assert found["verdict"] == "valid"
    assert [each["args"] for each in found["steps"] if each["name"] == "inclusion"] == [
        {"index": str(index), "size": str(size)}
    ]


@pytest.mark.parametrize("name", hostile.ACCEPTED)
def test_odd_but_right_file_is_valid(page, name):
    file, policy = hostile.ACCEPTED[name]

    assert outcome(page, file, policy=policy) == ("valid", "")


@pytest.mark.parametrize("name", hostile.GOOD_POLICIES)
def test_policy_is_met(page, name):
    assert outcome(page, receipt(), policy=hostile.GOOD_POLICIES[name]) == ("valid", "")


# --- what is not --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_hostile_file_is_not_valid(page, name):
    file, policy, reason = hostile.REFUSED[name]

    assert outcome(page, file, policy=policy) == ("invalid", reason)


@pytest.mark.parametrize("name", hostile.UNMET)
def test_policy_that_is_not_met_makes_a_receipt_not_valid(page, name):
    file, policy = hostile.UNMET[name]

    assert outcome(page, file, policy=policy) == ("invalid", "too_few_witnesses")


@pytest.mark.parametrize("name", hostile.BAD_POLICIES)
def test_bad_policy_leaves_it_open(page, name):
    policy, reason = hostile.BAD_POLICIES[name]

    assert outcome(page, receipt(), policy=policy) == ("cannot", reason)


def test_line_that_cannot_be_read_is_named(page):
    found = report(page, receipt(), policy="# x\n\nquorum none\ntrust everybody\n")

    assert (found["reason"], found["args"]) == ("bad_policy_line", {"line": 4})


@pytest.mark.parametrize("name", hostile.OPEN)
def test_what_is_not_there_leaves_it_open(page, name):
    file, reason = hostile.OPEN[name]

    assert outcome(page, file) == ("cannot", reason)


def test_no_flipped_bit_is_accepted(page):
    data = receipt().encode()
    ignored = data.index(f"— {built.STRANGER.name}".encode())
    end = data.index(b"\n", ignored) + 1
    bits = [bit for bit in range(len(data) * 8) if not ignored <= bit >> 3 < end]
    chosen = random.Random(2026).sample(bits, FLIPS)

    verdicts = page.evaluate(FLIP, [list(data), POLICY, chosen])

    assert len(verdicts) == FLIPS
    assert [bit for bit, verdict in zip(chosen, verdicts, strict=True) if verdict != "invalid"] == []


def test_no_flipped_bit_of_a_version_is_accepted(page):
    """Of the file around the proof: spaces that JSON leaves open are not in it, so that every bit counts."""
    file = json.loads(version(lines=hostile.lines(built.LOG, built.FIRST, built.SECOND)))
    data = json.dumps(file, ensure_ascii=False, separators=(",", ":")).encode()
    chosen = random.Random(2027).sample(range(len(data) * 8), FLIPS)

    verdicts = page.evaluate(FLIP, [list(data), POLICY, chosen])

    assert [bit for bit, verdict in zip(chosen, verdicts, strict=True) if verdict != "invalid"] == []


def test_bits_of_a_strangers_signature_are_ignored(page):
    data = receipt().encode()
    start = data.index(built.STRANGER.name.encode()) + len(built.STRANGER.name) + 10
    bits = [8 * byte + 0 for byte in range(start, start + 40) if chr(data[byte] ^ 1).isalnum()]

    assert bits
    assert set(page.evaluate(FLIP, [list(data), POLICY, bits])) == {"valid"}


# --- what it said -------------------------------------------------------------------------------------------------


def test_same_text_and_place_are_proved(page):
    found = report(page, receipt(), text=built.TEXT, place=built.PLACE)

    assert found["verdict"] == "valid"
    assert steps(found)[-2:] == [("text", "good"), ("place", "good")]


@pytest.mark.parametrize(
    ("text", "place", "states"),
    [
        (built.TEXT.rstrip("\n"), built.PLACE, ["bad", "good"]),
        (built.TEXT, "12 Lê Lai", ["good", "bad"]),
        (built.TEXT.replace("\n", "\r\n"), "", ["bad"]),
        ("", "12  Lê Lợi", ["bad"]),
    ],
)
def test_other_text_or_place_is_told(page, text, place, states):
    found = report(page, receipt(), text=text, place=place)

    assert found["verdict"] == "invalid"
    assert [each["state"] for each in found["steps"] if each["name"] in ("text", "place")] == states


@pytest.mark.parametrize("file", [receipt(OUTCOME), version()], ids=["outcome", "answer"])
def test_text_cannot_be_compared_with_what_holds_none(page, file):
    assert outcome(page, file, text=built.TEXT) == ("cannot", "no_text_here")


def test_message_without_a_place_says_so(page):
    found = report(page, receipt(MESSAGE | {"place": built.sha256(b"").hex(), "files": []}))

    assert found["facts"][2:4] == [["place", "none"], ["files", "0"]]
