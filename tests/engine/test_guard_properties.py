import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.guard import Contradiction, contradictions, facts
from sangto.engine.guard.narrowed import narrowed
from sangto.engine.text import fold
from tests.engine.test_guard_near_misses import ROWS

CLAIMS = sorted({row["claim"] for row in ROWS})
NUMBERED = [claim for claim in CLAIMS if re.search(r"(?<!\w)\d", claim) and not re.search(r"[a-zA-Z]-\d", claim)]
PLAIN = [
    "Uống nước chanh {}chữa ung thư",
    "Xe máy {}phải mua bảo hiểm",
    "Người già {}được trợ cấp",
    "Sóng điện thoại {}gây vô sinh",
    "Trường học {}thu tiền quỹ lớp",
    "Vaccines {}cause autism",
    "The mayor {}paid his taxes",
    "Lemon juice {}cures cancer",
    "Tap water {}contains lead",
]
texts = st.sampled_from(CLAIMS) | st.sampled_from([row["message"] for row in ROWS]) | st.text(max_size=120)


def beyond(one: str, other: str) -> set[Contradiction]:
    return {Contradiction(*found) for found in narrowed(facts(one), (facts(other),))}


@settings(max_examples=300, deadline=None)
@given(texts, texts, st.booleans())
def test_contradiction_is_symmetric(one: str, other: str, near: bool) -> None:
    there = contradictions(facts(one), facts(other), near=near)
    back = contradictions(facts(other), facts(one), near=near)

    # A question may ask beyond a text that does not ask beyond it.
    there, back = ((), back) if set(there) <= beyond(one, other) else (there, back)
    there, back = (there, ()) if set(back) <= beyond(other, one) else (there, back)
    # An answer "not X" fits the question "X?" or the search "X", but asked whether not X, "X" is no answer.
    ignored = set() if near else {"negation_differs", "opposites_differ"}
    assert {found.code for found in there} - ignored == {found.code for found in back} - ignored


@settings(max_examples=300, deadline=None)
@given(texts, st.booleans())
def test_a_text_contradicts_neither_itself_nor_its_folded_form(text: str, near: bool) -> None:
    assert contradictions(facts(text), facts(text), near=near) == ()


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([row for row in ROWS]), st.booleans())
def test_folding_introduces_no_contradiction(row: dict[str, str], near: bool) -> None:
    text = row["message"]

    assert contradictions(facts(fold(text)), facts(text), near=near) == ()


@pytest.mark.parametrize("plain", PLAIN)
@pytest.mark.parametrize("near", [True, False])
def test_a_negation_before_the_verb_always_contradicts(plain: str, near: bool) -> None:
    negation = "không " if "ố" in plain or "ư" in plain or "ờ" in plain or "á" in plain else "did not "
    said, negated = facts(plain.format("")), facts(plain.format(negation))

    assert "negation_differs" in {one.code for one in contradictions(negated, said, near=near)}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NUMBERED), st.data())
def test_changing_any_digit_of_a_near_text_always_contradicts(claim: str, data: st.DataObject) -> None:
    places = [match.start() for match in re.finditer(r"\d", claim) if not claim[match.start() - 1].isalpha()]
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([one for one in "123456789" if one != claim[at]]))
    changed = claim[:at] + digit + claim[at + 1 :]

    assert contradictions(facts(changed), facts(claim), near=True) != ()
