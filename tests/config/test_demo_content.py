"""The demonstration content has the shape, the mix and the manners that are promised to whoever tries the desk."""

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import sangto

DEMO = Path(sangto.__file__).parent / "config/demo"
CLAIMS = json.loads((DEMO / "claims.json").read_text(encoding="utf-8"))
PROBLEMS = json.loads((DEMO / "problems.json").read_text(encoding="utf-8"))
CASES = CLAIMS + PROBLEMS

RATINGS = {"true", "mostly_true", "misleading", "false", "unproven"}
OUTCOMES = {"fixed", "planned", "forwarded", "declined"}
PHONE = re.compile(r"(?:\+?\d[\s.()-]*){9,}|\b1[89]00\b")
EMAIL = re.compile(r"\S+@\S+\.\w+")


def answered(cases):
    return [case for case in cases if "answer" in case]


def follows(cases, kind):
    return [case["follow"] for case in cases if case["follow"] and case["follow"]["kind"] == kind]


def has_diacritics(text):
    marks = (unicodedata.combining(char) for char in unicodedata.normalize("NFD", text))
    return any(marks) or "đ" in text.lower()


def by_question(case):
    return case["question"]


def test_claims_keep_the_promised_mix():
    languages = Counter(case["lang"] for case in answered(CLAIMS))
    ratings = Counter(case["answer"]["rating"] for case in answered(CLAIMS))

    assert (len(CLAIMS), len(answered(CLAIMS))) == (44, 40)
    assert 25 <= languages["vi"] <= 28
    assert languages["vi"] + languages["en"] == 40
    assert set(ratings) == RATINGS
    assert 17 <= ratings["false"] <= 23
    assert 2 <= ratings["unproven"] <= 3


def test_problems_keep_the_promised_mix():
    languages = Counter(case["lang"] for case in PROBLEMS)
    outcomes = Counter(case["answer"]["outcome"] for case in answered(PROBLEMS))

    assert (len(PROBLEMS), len(answered(PROBLEMS))) == (24, 20)
    assert languages == {"vi": 17, "en": 7}
    assert outcomes == {"fixed": 9, "planned": 5, "forwarded": 4, "declined": 2}


def test_follows_keep_the_promised_count():
    counts = [len(follows(cases, kind)) for cases in (CLAIMS, PROBLEMS) for kind in ("correct", "withdraw")]

    assert counts == [3, 1, 1, 0]


def test_questions_are_asked_once():
    questions = Counter((case["lang"], case["question"].casefold()) for case in CASES)

    assert max(questions.values()) == 1


def test_messages_are_sent_once():
    messages = Counter(message.casefold() for case in CASES for message in case["messages"])

    assert max(messages.values()) == 1


@pytest.mark.parametrize("case", CLAIMS, ids=by_question)
def test_claim_has_exactly_the_keys(case):
    optional = {"answer"} & set(case)

    assert set(case) == {"lang", "question", "messages", "follow"} | optional
    assert 2 <= len(case["messages"]) <= 5


@pytest.mark.parametrize("case", PROBLEMS, ids=by_question)
def test_problem_has_exactly_the_keys_and_an_invented_place(case):
    optional = {"answer"} & set(case)

    assert set(case) == {"lang", "question", "place", "messages", "follow"} | optional
    assert case["place"].strip()
    assert 1 <= len(case["messages"]) <= 4


@pytest.mark.parametrize("case", CASES, ids=by_question)
def test_case_is_short_and_in_one_of_our_languages(case):
    texts = [case["question"], *case["messages"]]

    assert case["lang"] in {"vi", "en"}
    assert len(case["question"]) <= 140
    assert all(text == text.strip() and text for text in texts)
    assert all(text == unicodedata.normalize("NFC", text) for text in texts)


@pytest.mark.parametrize("case", CASES, ids=by_question)
def test_messages_carry_no_phone_and_no_email(case):
    text = "\n".join(case["messages"])

    assert not PHONE.search(text)
    assert not EMAIL.search(text)


@pytest.mark.parametrize("case", [case for case in CLAIMS if case["lang"] == "vi"], ids=by_question)
def test_vietnamese_claim_is_asked_with_and_without_diacritics(case):
    marked = {has_diacritics(message) for message in case["messages"]}

    assert marked == {True, False}


@pytest.mark.parametrize("case", answered(CLAIMS), ids=by_question)
def test_claim_answer_has_a_rating_and_the_right_length(case):
    answer = case["answer"]

    assert set(answer) == {"rating", "summary", "text", "sources"}
    assert answer["rating"] in RATINGS
    assert len(answer["summary"]) <= 200
    assert 80 <= len(answer["text"].split()) <= 180
    assert 2 <= len(answer["text"].split("\n\n")) <= 4


@pytest.mark.parametrize("case", answered(PROBLEMS), ids=by_question)
def test_problem_answer_has_an_outcome_and_the_right_length(case):
    answer = case["answer"]

    assert set(answer) == {"outcome", "summary", "text", "sources"}
    assert answer["outcome"] in OUTCOMES
    assert len(answer["summary"]) <= 200
    assert 60 <= len(answer["text"].split()) <= 120


@pytest.mark.parametrize("case", answered(CASES), ids=by_question)
def test_answer_cites_dated_https_sources(case):
    sources = case["answer"]["sources"]

    addresses = [urlsplit(source["url"]) for source in sources]
    dates = [date.fromisoformat(source["dated_on"]) for source in sources]

    assert 1 <= len(sources) <= (3 if "rating" in case["answer"] else 2)
    assert all(set(source) == {"title", "publisher", "url", "dated_on"} for source in sources)
    assert all(source["title"] and source["publisher"] for source in sources)
    assert all(address.scheme == "https" and address.hostname for address in addresses)
    assert all(date(2014, 1, 1) <= day <= date(2026, 11, 30) for day in dates)


@pytest.mark.parametrize("case", [case for case in CASES if case["follow"]], ids=by_question)
def test_follow_changes_an_answer_and_says_why(case):
    follow = case["follow"]
    expected = {"correct": {"kind", "change", "text", "summary"}, "withdraw": {"kind", "change"}}[follow["kind"]]
    limits = (80, 180) if "rating" in case["answer"] else (60, 120)

    assert set(follow) - {"outcome"} == expected
    assert follow["change"].strip()
    if follow["kind"] == "correct":
        assert follow["text"] != case["answer"]["text"]
        assert len(follow["summary"]) <= 200
        assert limits[0] <= len(follow["text"].split()) <= limits[1]


def test_corrected_problem_goes_from_planned_to_fixed():
    [case] = [case for case in PROBLEMS if case["follow"]]

    outcomes = (case["answer"]["outcome"], case["follow"]["outcome"])

    assert outcomes == ("planned", "fixed")


def test_open_cases_have_nothing_to_follow():
    waiting = [case for case in CASES if "answer" not in case]

    assert all(case["follow"] is None for case in waiting)
