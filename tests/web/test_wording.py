"""Every code of the rules and the engine has its words."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from sangto.desk import rules
from sangto.engine.decide import Reason
from sangto.people.rules import ROLES
from sangto.web import wording

ROOT = Path(__file__).resolve().parent.parent.parent / "sangto"


def codes_in_docstring(path: str) -> set[str]:
    """The codes that an action says it refuses with."""
    listed = re.search(r"`code`:([^\"]+?)\.?\s*\"\"\"", (ROOT / path).read_text())
    assert listed
    return set(re.findall(r"[a-z_]+", listed[1])) - {"or"}


@pytest.mark.parametrize(
    ("labels", "codes"),
    [
        (wording.KINDS, rules.KINDS),
        (wording.VERDICTS, rules.RATINGS + rules.OUTCOMES),
        (wording.MEANINGS, rules.RATINGS + rules.OUTCOMES),
        (wording.CLOSINGS, rules.CLOSINGS),
        (wording.CASE_STATES, rules.CASE_STATES),
        (wording.VERSION_STATES, rules.VERSION_STATES),
        (wording.STEPS, rules.STEPS),
        (wording.REGROUPINGS, rules.REGROUPINGS),
        (wording.MARKS, rules.MARKS),
        (wording.MARKED_FIELDS, rules.MARKED_FIELDS),
        (wording.ROLES, ROLES),
        (wording.CHANNELS, rules.CHANNELS),
        (wording.OUTCOMES, (*rules.FIRST_OUTCOMES, rules.CLOSED)),
        (wording.REPLIES, rules.REPLY_KINDS),
    ],
)
def test_every_code_of_the_rules_has_a_label(labels, codes):
    assert set(labels) == set(codes)


def test_every_reason_of_the_engine_has_a_label():
    own = re.findall(r'Reason\((?:code=)?"([a-z_]+)"', (ROOT / "engine/decide.py").read_text())
    guarded = re.findall(r'"(same_[a-z]+|[a-z]+_differs?)"', (ROOT / "engine/guard/compare.py").read_text())

    assert set(wording.REASONS) == {*own, *guarded}


def test_every_refusal_of_a_message_has_words():
    assert set(wording.CANNOT_RECEIVE) == codes_in_docstring("desk/actions/receive.py") | {"twice"}


def test_every_refusal_of_a_choice_has_words():
    assert set(wording.CANNOT_CHOOSE) == codes_in_docstring("desk/actions/choose.py")


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        (Reason("same_text", "94"), "94 % same text"),
        (Reason("same_link"), "same link"),
        (Reason("numbers_differ", "50 / 5"), "numbers differ: 50 / 5"),
        (Reason("numbers_differ", "{0}"), "numbers differ: {0}"),
        (Reason("dates_differ", "2021 / 2024"), "dates differ: 2021 / 2024"),
        (Reason("units_differ", ""), "units differ"),
    ],
)
def test_reason_says_why(reason, text):
    with override("en"):
        assert wording.reason_text(reason) == text


@pytest.mark.parametrize(
    ("code", "against"),
    [("same_text", False), ("numbers_differ", True), ("place_differs", True), ("same_dates", False)],
)
def test_reason_against_is_told_apart(code, against):
    assert wording.is_against(Reason(code)) is against


def test_too_long_text_is_told_how_long_it_is():
    with override("en"):
        told = wording.receive_error("too_long", length=4812, limit=4000)

    assert told == "Your text has 4812 characters; at most 4000 fit. Shorten it, then send it again."


@pytest.mark.parametrize(
    ("kind", "n", "text"),
    [
        ("answer", 1, "We told you the answer."),
        ("answer", 3, "We told you that the answer changed (version 3)."),
        ("acknowledged", 0, "We confirmed that we have your message."),
    ],
)
def test_reply_is_told_in_words(kind, n, text):
    with override("en"):
        assert wording.reply_label(kind, n) == text
