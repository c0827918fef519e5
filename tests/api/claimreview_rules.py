"""The oracle for our ClaimReview markup: one function for each rule of the interchange design, section 1.2.

Each takes a page (its HTML and where it stands) and yields what is wrong with it.
"""

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
WORDS = {
    "vi": {"Đúng": 5, "Phần lớn đúng": 4, "Thiếu bối cảnh": 2, "Sai": 1, "Chưa đủ căn cứ": None},
    "en": {"True": 5, "Mostly true": 4, "Missing context": 2, "False": 1, "Unproven": None},
}
SPEAKERS = ("author", "creator", "appearance", "firstAppearance")


@dataclass(frozen=True)
class Page:
    url: str
    html: str

    @property
    def blocks(self) -> list[str]:
        return SCRIPT.findall(self.html)

    @property
    def review(self) -> dict[str, Any]:
        return json.loads(self.blocks[0]) if self.blocks else {}

    @property
    def visible(self) -> str:
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", SCRIPT.sub("", self.html))).split())


Rule = Callable[[Page], Iterator[str]]
RULES: list[Rule] = []


def rule(check: Rule) -> Rule:
    RULES.append(check)
    return check


def broken(page: Page) -> set[str]:
    """The names of the rules that the page breaks."""
    return {check.__name__ for check in RULES if list(check(page))}


@rule
def exactly_one_review(page: Page) -> Iterator[str]:
    if [block.count('"ClaimReview"') for block in page.blocks] != [1]:
        yield "a page has exactly one ClaimReview"


@rule
def block_cannot_be_left(page: Page) -> Iterator[str]:
    if any("<" in block for block in page.blocks):
        yield "a < inside the block could end its script"


@rule
def context_and_type(page: Page) -> Iterator[str]:
    if (page.review.get("@context"), page.review.get("@type")) != ("https://schema.org", "ClaimReview"):
        yield "@context is schema.org and @type stands at the root"


@rule
def claim_reviewed(page: Page) -> Iterator[str]:
    claim = page.review.get("claimReviewed")
    if not isinstance(claim, str) or not claim.strip():
        yield "claimReviewed is required"


@rule
def rating_has_its_word(page: Page) -> Iterator[str]:
    rating = page.review.get("reviewRating", {})
    words = WORDS.get(page.review.get("inLanguage"), {})
    if rating.get("@type") != "Rating" or rating.get("alternateName") not in words:
        yield "reviewRating has an alternateName in the language of the answer"


@rule
def rating_has_its_value(page: Page) -> Iterator[str]:
    rating = page.review.get("reviewRating", {})
    value = WORDS.get(page.review.get("inLanguage"), {}).get(rating.get("alternateName"))
    scale = {name: rating[name] for name in ("ratingValue", "bestRating", "worstRating") if name in rating}
    if scale != ({} if value is None else {"ratingValue": value, "bestRating": 5, "worstRating": 1}):
        yield "the value is the table's, from 1 to 5, and left out for unproven"


@rule
def address_is_the_pages_own(page: Page) -> Iterator[str]:
    if page.review.get("url") != page.url:
        yield "url is the permanent address of the answer"


@rule
def desk_is_the_author(page: Page) -> Iterator[str]:
    desk = page.review.get("author", {})
    same_site = urlsplit(desk.get("url", "")).netloc == urlsplit(page.url).netloc
    if set(desk) != {"@type", "name", "url"} or desk["@type"] != "Organization" or not desk["name"] or not same_site:
        yield "author is the desk, an Organization with name and url"


@rule
def days_are_days(page: Page) -> Iterator[str]:
    for name in ("datePublished", "dateModified"):
        try:
            date.fromisoformat(page.review.get(name, ""))
        except ValueError:
            yield f"{name} is a day"


@rule
def modified_not_before_published(page: Page) -> Iterator[str]:
    if page.review.get("dateModified", "") < page.review.get("datePublished", ""):
        yield "dateModified is not before datePublished"


@rule
def nobody_said_it(page: Page) -> Iterator[str]:
    claim = page.review.get("itemReviewed", {})
    if claim.get("@type") != "Claim" or set(SPEAKERS) & set(claim) or "creator" in page.review:
        yield "itemReviewed is a Claim without anybody who said it"


@rule
def sources_are_cited(page: Page) -> Iterator[str]:
    cited = page.review.get("citation") or [{}]
    if not all(each.get("url", "").startswith(("http://", "https://")) and each.get("datePublished") for each in cited):
        yield "each Source is cited with its address and day"


@rule
def markup_agrees_with_the_page(page: Page) -> Iterator[str]:
    shown = (page.review.get("claimReviewed", ""), page.review.get("headline", ""))
    if not all(" ".join(text.split()) in page.visible for text in shown):
        yield "claim and conclusion can be read on the page"


@rule
def correction_is_explained(page: Page) -> Iterator[str]:
    correction = page.review.get("correction")
    if correction is not None and not (correction.get("@type") == "CorrectionComment" and correction.get("text")):
        yield "a correction says what changed"
