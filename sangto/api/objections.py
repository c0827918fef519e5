"""Contest an answer, and read what was contested and how it was decided."""

import secrets
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja import Header, Query, Router, Status

from sangto.api import shapes
from sangto.api import shapes_of_the_desk as desk_shapes
from sangto.api.errors import ApiError, later
from sangto.api.guard import reader_language
from sangto.api.messages import KEY_CHARS, REFUSALS
from sangto.desk import actions, rules
from sangto.desk.queries import objections
from sangto.desk.queries.answers import answer_by_number
from sangto.desk.queries.objections import PublicObjection
from sangto.desk.queries.publications import published_version

router = Router(tags=["objections"])
PAGE_SIZE = 20
LAST_PAGE = 1000


@router.post(
    "/answers/{number}/objections",
    operation_id="object",
    summary="Contest an answer",
    response={201: desk_shapes.ObjectionOut, **REFUSALS, 422: shapes.Problem, 503: shapes.Problem},
)
def object_to(
    request: HttpRequest,
    response: HttpResponse,
    number: str,
    objection: desk_shapes.ObjectionIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Status[dict[str, object]]:
    """Anybody may contest an answer of this desk; a member who neither wrote nor approved it decides.

    The words are read by the staff alone, and personal data in them is masked. With an Idempotency-Key (at most 200
    characters) the same request can be sent again. 503 with Retry-After says that nothing can be kept just now.
    """
    reader = reader_language(request)
    lang = objection.lang or reader
    version = _contested(number, objection.version)
    if idempotency_key is not None and len(idempotency_key) > KEY_CHARS:
        raise ApiError("key_too_long")
    nonce = f"key:{idempotency_key}" if idempotency_key else f"own:{secrets.token_hex(16)}"
    with translation.override(lang if lang in rules.LANGUAGES else reader):
        try:
            made = actions.object_to(version, words=objection.text, lang=lang, nonce=nonce, now=timezone.now())
        except actions.CannotObject as error:
            raise ApiError(error.code) from error
        except actions.NoRoom as refusal:
            raise later(refusal) from refusal
    response["Cache-Control"] = "no-store"
    return Status(201, _shape(objections.public_objection(made, today=timezone.localdate())))


@router.get(
    "/objections",
    operation_id="list_objections",
    summary="List the objections",
    response={200: desk_shapes.ObjectionPage, 400: shapes.Problem},
)
def list_objections(
    request: HttpRequest,
    view: Annotated[
        desk_shapes.ObjectionView, Query(description="Open ones, due first; or decided ones, newest first.")
    ],
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
) -> dict[str, Any]:
    """Twenty a page; what their makers wrote is not among it."""
    start = (page - 1) * PAGE_SIZE
    rows = list(objections.objections_in(view)[start : start + PAGE_SIZE + 1])
    found = [objections.public_objection(row, today=timezone.localdate()) for row in rows[:PAGE_SIZE]]
    more = len(rows) > PAGE_SIZE and page < LAST_PAGE
    return {"objections": [_shape(each) for each in found], "page": page, "next_page": page + 1 if more else None}


@router.get(
    "/objections/{number}",
    operation_id="read_objection",
    summary="Read one objection",
    response={200: desk_shapes.ObjectionOut, 404: shapes.Problem},
)
def read_objection(request: HttpRequest, number: str) -> dict[str, object]:
    """What was contested, until when it is decided, and how it was; with what checks its leaf in the log."""
    row = objections.objection_by_number(number)
    if row is None:
        raise ApiError("not_found")
    return _shape(objections.public_objection(row, today=timezone.localdate()))


def _contested(number: str, n: int | None) -> Any:
    answer = answer_by_number(number)
    version = published_version(answer.number, n or answer.n) if answer and not answer.is_foreign else None
    if version is None:
        raise ApiError("not_found")
    return version


def _shape(found: PublicObjection) -> dict[str, object]:
    ruling = found.ruling
    return {
        "number": found.number,
        "url": f"{settings.SITE_URL}/o/{found.number}",
        "answer": found.answer,
        "version": found.n,
        "made_at": found.made_at,
        "due_on": found.due_on,
        "overdue": found.is_overdue,
        "ruling": ruling
        and {
            "kind": ruling.kind,
            "reasons": ruling.reasons,
            "decided_at": ruling.at,
            "by_role": ruling.by_role,
            "version": ruling.n,
            "leaf_hash": ruling.leaf_hash,
            "salt": ruling.salt,
        },
    }
