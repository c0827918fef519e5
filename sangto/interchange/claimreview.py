"""ClaimReview (schema.org, JSON-LD): our own rated claims out, other organisations' reviews in.

Never written: `itemReviewed.author`, `creator`. Never read: `PEOPLE_MEMBERS`, but an organisation as `author`.
"""

import html
import json
import re
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from django.utils import timezone

from sangto.desk.queries.answers import PublicAnswer
from sangto.interchange.rows import (
    Dropped,
    Found,
    FoundRow,
    Refused,
    Source,
    Unreadable,
    day_of,
    line_of,
    opened,
    text_of,
)
from sangto.interchange.tables import digest

# interchange.md 1.1: the word in both languages, and the value on a scale from 1 (worst) to 5 (best).
RATINGS: dict[str, tuple[dict[str, str], int | None]] = {
    "true": ({"vi": "Đúng", "en": "True"}, 5),
    "mostly_true": ({"vi": "Phần lớn đúng", "en": "Mostly true"}, 4),
    "misleading": ({"vi": "Thiếu bối cảnh", "en": "Missing context"}, 2),
    "false": ({"vi": "Sai", "en": "False"}, 1),
    "unproven": ({"vi": "Chưa đủ căn cứ", "en": "Unproven"}, None),
}
PEOPLE_MEMBERS = ("author", "creator", "contributor", "editor", "accountablePerson", "copyrightHolder", "sponsor")
CLAIM_MEMBERS = ("author", "creator", "appearance", "firstAppearance", "sender")
_HOLDERS = ("@graph", "dataFeedElement", "item", "itemListElement", "mainEntity", "hasPart", "review", "claimReview")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def claim_review(answer: PublicAnswer, *, site_url: str, desk_name: str) -> dict[str, Any] | None:
    """The markup of our own rated claim; None for a problem, a foreign answer and a withdrawn one."""
    if answer.is_foreign or answer.withdrawn or answer.rating not in RATINGS:
        return None
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "identifier": answer.number,
        "url": f"{site_url}/a/{answer.number}",
        "datePublished": _day(answer.published_at),
        "dateModified": _day(answer.changed_at),
        "inLanguage": answer.lang,
        "claimReviewed": answer.question,
        "headline": answer.summary,
        "text": answer.text,
        "author": {"@type": "Organization", "name": desk_name, "url": site_url},
        "itemReviewed": {"@type": "Claim", "name": answer.question},
        "reviewRating": _rating(answer.rating, lang=answer.lang),
        "citation": [_citation(source.title, source.url, source.dated_on.isoformat()) for source in answer.sources],
    }
    if answer.n > 1:
        review["correction"] = _correction(answer)
    return review


def _day(at: datetime | None) -> str:
    return timezone.localtime(at).date().isoformat() if at else ""


def _rating(rating: str, *, lang: str) -> dict[str, Any]:
    names, value = RATINGS[rating]
    word: dict[str, Any] = {"@type": "Rating", "alternateName": names.get(lang, names["en"])}
    return word if value is None else {**word, "ratingValue": value, "bestRating": 5, "worstRating": 1}


def _citation(title: str, url: str, day: str) -> dict[str, str]:
    return {"@type": "CreativeWork", "name": title, "url": url, "datePublished": day}


def _correction(answer: PublicAnswer) -> dict[str, str]:
    return {"@type": "CorrectionComment", "text": answer.change, "datePublished": _day(answer.changed_at)}


def script_text(document: dict[str, Any]) -> str:
    """The document as JSON that can stand inside a script element: no character that could end it."""
    return re.sub("[<>&\u2028\u2029]", lambda match: _ESCAPES[match[0]], json.dumps(document, ensure_ascii=False))


def data_feed(answers: Iterable[PublicAnswer], *, site_url: str, desk_name: str, at: datetime) -> dict[str, Any]:
    """A DataFeed (the shape of Data Commons) of every answer that has a ClaimReview, as of `at`."""
    reviews = [claim_review(answer, site_url=site_url, desk_name=desk_name) for answer in answers]
    return {
        "@context": "https://schema.org",
        "@type": "DataFeed",
        "name": desk_name,
        "url": f"{site_url}/feeds/claimreview.json",
        "dateModified": at.isoformat(timespec="seconds"),
        "dataFeedElement": [_element(review) for review in reviews if review],
    }


def _element(review: dict[str, Any]) -> dict[str, Any]:
    return {
        "@type": "DataFeedItem",
        "url": review["url"],
        "dateModified": review["dateModified"],
        "item": [{name: value for name, value in review.items() if name != "@context"}],
    }


def read(source: Source, *, publisher: str = "") -> Generator[Found, None, None]:
    """The reviews in a file: a page, a JSON document, or one JSON document a line. Raises only OSError."""
    with opened(source) as stream:
        document = stream.read()
    yield from read_claim_reviews(document, publisher=publisher)


def read_claim_reviews(document: str | bytes, *, publisher: str = "") -> Iterator[Found]:
    """The ClaimReviews of a page's JSON-LD, a JSON object, list or @graph, or a DataFeed; never raises.

    `line` is the place of the review among those of the document, counted from 1. `publisher` stands in where the
    review names no organisation.
    """
    try:
        text = document.decode("utf-8-sig") if isinstance(document, bytes) else document.removeprefix("\ufeff")
    except UnicodeDecodeError:
        yield Refused(1, "not_text")
        return
    place = 0
    for parsed in _documents(text):
        for node in _reviews(parsed):
            place += 1
            yield from _row(place, node, publisher=publisher)
    if not place:
        yield Refused(1, "no_claim_review")


class _Broken:
    """Stands where a document could not be parsed."""


BROKEN = _Broken()


def _documents(text: str) -> Iterator[Any]:
    if text.lstrip().startswith("<"):
        for block in _blocks(text):
            yield parsed(block)
        return
    whole = parsed(text)
    if whole is BROKEN and "\n" in text.strip():
        lines = [line for line in text.splitlines() if line.strip()]
        if parsed(lines[0]) is not BROKEN:
            yield from (parsed(line) for line in lines)
            return
    yield whole


def parsed(text: str) -> Any:
    """The JSON of a block as pages have it: in a comment or CDATA, with entities, a comma or semicolon too many."""
    bare = (
        re.sub(r"<!--|-->|/\*\s*<!\[CDATA\[\s*\*/|/\*\s*\]\]>\s*\*/|<!\[CDATA\[|\]\]>", " ", text).strip().rstrip(";")
    )
    for attempt in (text, bare, html.unescape(bare), re.sub(r",(\s*[}\]])", r"\1", bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return BROKEN


class _Scripts(HTMLParser):
    """Collects the JSON-LD blocks of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = next((value or "" for name, value in attrs if name == "type"), "")
        self.inside = tag == "script" and kind.strip().lower().startswith("application/ld+json")
        if self.inside:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.blocks[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "script"


def _blocks(page: str) -> list[str]:
    parser = _Scripts()
    try:
        parser.feed(page)
        parser.close()
    except (AssertionError, ValueError):
        parser.blocks.append("")  # an empty block is told as broken
    return parser.blocks


def _reviews(document: Any) -> Iterator[Any]:
    """ClaimReviews in the order of the document, None for each empty item, BROKEN for what is no JSON."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif node is None or node is BROKEN or (isinstance(node, dict) and "ClaimReview" in _types(node)):
            yield node
        elif isinstance(node, dict):
            waiting += [node[name] for name in reversed(_HOLDERS) if name in node]


def _types(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type", node.get("type"))
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {re.split("[/:#]", kind)[-1] for kind in listed if isinstance(kind, str)}


def _row(place: int, node: Any, *, publisher: str) -> Iterator[Found]:
    if not isinstance(node, dict):
        yield Refused(place, "empty_item" if node is None else "bad_json")
        return
    if people := _people(node):
        yield Dropped(place, people)
    try:
        yield _found(place, node, publisher=publisher)
    except Unreadable as error:
        yield Refused(place, error.code, error.column)


def _found(place: int, node: dict[str, Any], *, publisher: str) -> FoundRow:
    question = line_of(node.get("claimReviewed"), column="claimReviewed")
    url = _address(node.get("url"))
    return FoundRow(
        external_id=_word(node.get("identifier")) or digest(url, question),
        publisher=_organisation(node) or publisher,
        question=question,
        summary=_word(node.get("headline")) or _word(node.get("name")),
        text=_text(node.get("text")) or _text(node.get("reviewBody")) or _text(node.get("description")),
        verdict=_verdict(node.get("reviewRating")),
        url=url,
        published_on=_maybe_day(node),
        lang=_language(node.get("inLanguage")),
        line=place,
    )


def _people(node: dict[str, Any]) -> tuple[str, ...]:
    claims = node.get("itemReviewed")
    claims = claims if isinstance(claims, list) else [claims]
    mine = [name for name in PEOPLE_MEMBERS if node.get(name) and not (name == "author" and _names(node["author"]))]
    said = {name for claim in claims if isinstance(claim, dict) for name in CLAIM_MEMBERS if claim.get(name)}
    return (*mine, *(f"itemReviewed.{name}" for name in CLAIM_MEMBERS if name in said))


def _organisation(node: dict[str, Any]) -> str:
    return next((name for member in ("author", "publisher") for name in _names(node.get(member))), "")


def _names(value: Any) -> list[str]:
    """The names of the organisations in a member; a person, a bare text and an untyped object name none."""
    listed = value if isinstance(value, list) else [value]
    named = [each for each in listed if isinstance(each, dict) and _is_organisation(each)]
    return [name for name in (_word(each.get("name")) for each in named) if name]


def _is_organisation(node: dict[str, Any]) -> bool:
    kinds = _types(node)
    return "Person" not in kinds and any(
        kind.endswith("Organization") or kind in ("Corporation", "NGO") for kind in kinds
    )


def _text(value: Any) -> str:
    """The text of a dirty member: of its first value, or nothing."""
    value = value[0] if isinstance(value, list) and value else value
    try:
        return text_of(value)
    except Unreadable:
        return ""


def _word(value: Any) -> str:
    return " ".join(_text(value).split())


def _address(value: Any) -> str:
    address = _word(value.get("@id") if isinstance(value, dict) else value)
    return address if re.fullmatch(r"https?://[^\s/]\S{0,990}", address, re.IGNORECASE) else ""


def _verdict(rating: Any) -> str:
    rating = rating[0] if isinstance(rating, list) and rating else rating
    if not isinstance(rating, dict):
        return _word(rating)
    value, best = _word(rating.get("ratingValue")), _word(rating.get("bestRating"))
    return _word(rating.get("alternateName")) or _word(rating.get("name")) or (f"{value}/{best}" if best else value)


def _maybe_day(node: dict[str, Any]) -> Any:
    try:
        return day_of(node.get("datePublished"))
    except Unreadable:
        return None


def _language(value: Any) -> str:
    value = value.get("alternateName", value.get("name")) if isinstance(value, dict) else value
    word = re.split("[-_]", _word(value).lower())[0]
    return {"vietnamese": "vi", "english": "en"}.get(word, word)
