"""Every code of the rules and the engine has its words."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from sangto.desk import rules
from sangto.desk.actions.room import RETRY_AFTER_S
from sangto.engine.decide import Reason
from sangto.people.rules import ROLES
from sangto.web import data_wording, wording

ROOT = Path(__file__).resolve().parent.parent.parent / "sangto"


def codes_in_docstrings(path: str) -> list[set[str]]:
    """The codes that the exceptions of an action say they refuse with, without what is said of them in brackets."""
    listed = re.findall(r"`code`:([^\"]+?)\.?\s*\"\"\"", (ROOT / path).read_text())
    return [set(re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)", "", codes))) - {"or"} for codes in listed]


def codes_in_docstring(path: str) -> set[str]:
    (codes,) = codes_in_docstrings(path)
    return codes


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
        (wording.OUTCOMES, (*rules.FIRST_OUTCOMES, rules.CLOSED, rules.WITHDRAWN)),
        (wording.REPLIES, rules.REPLY_KINDS),
        (data_wording.REQUEST_KINDS, rules.REQUEST_KINDS),
        (data_wording.REQUEST_STATES, rules.REQUEST_STATES),
        (data_wording.REQUEST_STEPS, rules.REQUEST_STEPS),
        (data_wording.REQUEST_REFUSALS, rules.REQUEST_REFUSALS),
        (data_wording.ENDINGS, rules.LOGGED_OUTCOMES),
        (data_wording.DECIDERS, ("engine", "person", "member")),
    ],
)
def test_every_code_of_the_rules_has_a_label(labels, codes):
    assert set(labels) == set(codes)


def test_every_reason_of_the_engine_has_a_label():
    own = re.findall(r'Reason\((?:code=)?"([a-z_]+)"', (ROOT / "engine/decide.py").read_text())
    guarded = re.findall(r'"(same_[a-z]+|[a-z]+_differs?)"', (ROOT / "engine/guard/compare.py").read_text())

    assert set(wording.REASONS) == {*own, *guarded}


def test_every_refusal_of_a_message_has_words():
    assert set(wording.CANNOT_RECEIVE) == codes_in_docstring("desk/actions/receive.py") | {"twice", *RETRY_AFTER_S}


def test_every_refusal_of_a_choice_has_words():
    assert set(wording.CANNOT_CHOOSE) == codes_in_docstring("desk/actions/choose.py")


def test_every_refusal_of_a_request_has_words():
    made, handled = codes_in_docstrings("desk/actions/requests.py")

    assert set(data_wording.CANNOT_REQUEST) == made | {"twice"}
    assert set(data_wording.CANNOT_HANDLE) == handled


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
