"""Our ClaimReview against the rules, over published answers and over a broken copy for each rule."""

import copy
import html
from pathlib import Path

import pytest

from sangto.desk.queries.answers import answer_by_number
from sangto.interchange.claimreview import claim_review, script_text
from tests.api.claimreview_rules import RULES, Page, broken
from tests.factories import HOSPITAL, LAMP, make_answer, make_correction, make_withdrawal, send

pytestmark = pytest.mark.django_db
SITE = "https://desk.example"
RATINGS = ("true", "mostly_true", "misleading", "false", "unproven")


def review_of(case):
    answer = answer_by_number(case.number)
    return claim_review(answer, site_url=SITE, desk_name="Phường Sông Xanh")


def page_of(review, *, shown=None):
    shown = shown or review
    text = f"<h1>{html.escape(shown['claimReviewed'])}</h1><p>{html.escape(shown['headline'])}</p>"
    return Page(shown["url"], f'{text}<script type="application/ld+json">{script_text(review)}</script>')


def changed(review, path, value):
    review = copy.deepcopy(review)
    *way, last = path.split(".")
    inside = review
    for step in way:
        inside = inside[step]
    if value is None:
        del inside[last]
    else:
        inside[last] = value
    return review


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("rating", RATINGS)
def test_published_claim_keeps_every_rule(rating, lang):
    case = send(HOSPITAL, lang=lang).case
    make_answer(case, verdict=rating, summary="</script><b>&\u2028 kết luận")

    assert broken(page_of(review_of(case))) == set()


def test_corrected_claim_says_what_changed():
    case = send(HOSPITAL).case
    make_answer(case)
    make_correction(case)

    review = review_of(case)

    assert broken(page_of(review)) == set()
    assert review["correction"]["text"] == "Nói rõ hơn về bằng chứng."


def test_withdrawn_claim_and_problem_have_no_markup():
    case, problem = send(HOSPITAL).case, send(LAMP, kind="problem").case
    make_answer(case)
    make_withdrawal(case)
    make_answer(problem)

    assert review_of(case) is None
    assert review_of(problem) is None


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("@type", "Review", "exactly_one_review context_and_type"),
        ("@context", "https://example.org", "context_and_type"),
        ("claimReviewed", " ", "claim_reviewed"),
        ("reviewRating.alternateName", "Fake", "rating_has_its_word rating_has_its_value"),
        ("reviewRating.ratingValue", 5, "rating_has_its_value"),
        ("reviewRating.bestRating", None, "rating_has_its_value"),
        ("url", f"{SITE}/a/other", "address_is_the_pages_own"),
        ("author.@type", "Person", "desk_is_the_author"),
        ("author.url", "https://elsewhere.example", "desk_is_the_author"),
        ("datePublished", "yesterday", "days_are_days modified_not_before_published"),
        ("dateModified", "2000-01-01", "modified_not_before_published"),
        ("itemReviewed.author", {"@type": "Person", "name": "An"}, "nobody_said_it"),
        ("creator", {"name": "An"}, "nobody_said_it"),
        ("citation", [], "sources_are_cited"),
        (
            "citation",
            [{"@type": "CreativeWork", "url": "javascript:1", "datePublished": "2026-01-01"}],
            "sources_are_cited",
        ),
        ("headline", "Something else", "markup_agrees_with_the_page"),
        ("correction", {"@type": "CorrectionComment", "text": ""}, "correction_is_explained"),
    ],
)
def test_broken_copy_is_seen(path, value, rule):
    case = send(HOSPITAL).case
    make_answer(case)
    review = review_of(case)

    assert broken(page_of(changed(review, path, value), shown=review)) == set(rule.split())


def test_second_block_and_open_bracket_are_seen():
    case = send(HOSPITAL).case
    make_answer(case)
    page = page_of(review_of(case))

    assert broken(Page(page.url, page.html * 2)) == {"exactly_one_review"}
    assert broken(Page(page.url, page.html.replace('"headline": "', '"headline": "<', 1))) == {
        "block_cannot_be_left",
        "markup_agrees_with_the_page",
    }


def test_every_rule_has_a_broken_copy():
    source = Path(__file__).read_text()

    assert [rule.__name__ for rule in RULES if rule.__name__ not in source] == []
