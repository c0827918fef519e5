"""Search and read the published answers."""

from datetime import UTC
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponsePermanentRedirect
from ninja import Query, Router

from sangto.api import shapes
from sangto.api.errors import ApiError
from sangto.desk.matcher import search_answers
from sangto.desk.queries import answers
from sangto.desk.queries.answers import CitedSource, PublicAnswer, PublicVersion

router = Router(tags=["answers"])
PAGE_SIZE = 20
LAST_PAGE = 1000


class MovedPermanently(HttpResponsePermanentRedirect):
    status_code = 308


@router.get(
    "/answers",
    operation_id="list_answers",
    summary="Search the answers",
    response={200: shapes.AnswerPage, 400: shapes.Problem},
)
def list_answers(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=4000, description="Words to search for, with or without diacritics.")] = "",
    kind: Annotated[shapes.Kind | None, Query(description="Only claims, or only problems.")] = None,
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
) -> dict[str, Any]:
    """With `q` everything that matches, best first, other organisations' answers too; without it our newest answers.

    Twenty a page. Withdrawn answers are not listed.
    """
    offset = (page - 1) * PAGE_SIZE
    if q.strip():
        found = search_answers(q, limit=PAGE_SIZE + 1, offset=offset, kind=kind)
    else:
        found = answers.latest_answers(PAGE_SIZE + 1, offset=offset, kind=kind)
    more = len(found) > PAGE_SIZE and page < LAST_PAGE
    return {
        "answers": [shape_of(answer) for answer in found[:PAGE_SIZE]],
        "page": page,
        "next_page": page + 1 if more else None,
    }


@router.get(
    "/answers/{number}",
    operation_id="read_answer",
    summary="Read one answer with all its versions",
    response={200: shapes.FullAnswer, 404: shapes.Problem},
)
def read_answer(request: HttpRequest, number: str) -> Any:
    """One answer, also a withdrawn one. The number of a merged case leads (308) to the answer it went into."""
    answer = answers.answer_by_number(number)
    if answer is None:
        raise ApiError("not_found")
    if answer.number != number:
        return MovedPermanently(f"{settings.SITE_URL}/api/v1/answers/{answer.number}")
    return {**shape_of(answer), "versions": [_version(each, answer.number) for each in answers.versions_of(answer)]}


def shape_of(answer: PublicAnswer) -> dict[str, Any]:
    same = ("number", "kind", "lang", "question", "summary", "text", "place", "unit", "asked", "withdrawn", "contested",
            "change", "published_at", "changed_at", "written_role", "approved_role", "published_on")  # fmt: skip
    return {
        **{name: getattr(answer, name) for name in same},
        "url": f"{settings.SITE_URL}/a/{answer.number}",
        "rating": answer.rating or None,
        "outcome": answer.outcome or None,
        "version": answer.n,
        "sources": [_source(source) for source in answer.sources],
        "publisher": answer.publisher or None,
        "verdict": answer.verdict or None,
        "original_url": answer.url or None,
    }


def _source(source: CitedSource) -> dict[str, Any]:
    kept = {"sha256": source.sha256, "taken_at": source.copied_at.astimezone(UTC)} if source.copied_at else None
    names = ("title", "publisher", "url", "dated_on")
    return {**{name: getattr(source, name) for name in names}, "kept_copy": kept}


def _version(version: PublicVersion, number: str) -> dict[str, Any]:
    same = ("n", "step", "question", "summary", "text", "change", "erased")
    return {
        **{name: getattr(version, name) for name in same},
        "published_at": version.published_at.astimezone(UTC),  # like every other time in the answer
        "rating": version.rating or None,
        "outcome": version.outcome or None,
        "sources": [_source(source) for source in version.sources],
        "proof_url": f"{settings.SITE_URL}/answers/{number}/v{version.n}.json",
        "changes": [{"kind": change.kind, "text": change.text} for change in version.changed.text],
    }
