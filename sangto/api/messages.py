"""Send a message, follow it, choose among the answers it was offered."""

import secrets
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from ninja import Header, Router, Status

from sangto.api import shapes
from sangto.api.deadlines import asked_out, deadline
from sangto.api.errors import ApiError, later, refused
from sangto.api.guard import reader_language
from sangto.api.shapes_of_held_data import MessageData
from sangto.desk import actions, rules
from sangto.desk.queries import answers, held, messages
from sangto.desk.queries.asking import asked_about
from sangto.desk.queries.deadlines import deadline_of
from sangto.engine.crash import crash_point
from sangto.interchange.held_data import message_data
from sangto.interchange.wording import reason_text

router = Router(tags=["messages"])
KEY_CHARS = 200
ABOUT_TEXT = ("empty", "not_text", "too_long")
REFUSALS = {400: shapes.Problem, 404: shapes.Problem, 413: shapes.Problem, 415: shapes.Problem}


@router.post(
    "/messages",
    operation_id="send_message",
    summary="Send a message",
    response={201: shapes.Received, 200: shapes.Received, **REFUSALS, 422: shapes.Problem, 503: shapes.Problem},
)
def send_message(
    request: HttpRequest,
    response: HttpResponse,
    message: shapes.MessageIn,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Status[dict[str, object]]:
    """Keep a message and say what the desk knows: the answer, up to three offers, or a place in the queue.

    With an Idempotency-Key (at most 200 characters) the same request can be sent again: the second time answers 200
    with the same message and keeps nothing. 503 with Retry-After says that nothing can be kept just now. Personal data
    in the text is masked before it is kept.
    """
    reader = reader_language(request)
    incoming = _incoming(message, key=idempotency_key, lang=message.lang or reader)
    # Errors too are said in the language that the message names.
    with translation.override(incoming.lang if incoming.lang in rules.LANGUAGES else reader):
        try:
            received = actions.receive(incoming, now=timezone.now())
        except actions.CannotReceive as error:
            raise ApiError(error.code) from error
        except actions.NoRoom as refusal:
            raise later(refusal) from refusal
        crash_point("intake.answering")
        response["Cache-Control"] = "no-store"
        return Status(200 if received.repeated else 201, _received(messages.standing_of(received.message)))


def _incoming(message: shapes.MessageIn, *, key: str | None, lang: str) -> actions.Incoming:
    if key is not None and len(key) > KEY_CHARS:
        raise ApiError("key_too_long")
    return actions.Incoming(
        channel="api",
        external_id=f"key:{key}" if key else f"own:{secrets.token_hex(16)}",
        text=message.text,
        lang=lang,
        kind=message.kind,
        place=message.place or "",
    )


@router.get(
    "/messages/{token}",
    operation_id="follow_message",
    summary="Follow a message",
    response={200: shapes.Standing, 404: shapes.Problem},
)
def follow_message(request: HttpRequest, response: HttpResponse, token: str) -> dict[str, object]:
    """Where a message stands now. The token is the last part of its `follow_url` and is a secret of its sender."""
    return _followed(token, response)


@router.post(
    "/messages/{token}/choice",
    operation_id="choose_answer",
    summary="Choose an offered answer, or none",
    response={200: shapes.Standing, **REFUSALS, 409: shapes.Problem},
)
def choose_answer(request: HttpRequest, response: HttpResponse, token: str, choice: shapes.Choice) -> dict[str, object]:
    """Say which offered answer settles the question, or that none does: then the message waits for an answer."""
    message = _message(token)
    try:
        if choice.answer is None:
            actions.decline_answers(message, now=timezone.now())
        else:
            case = answers.case_by_number(choice.answer)
            if case is None:
                raise ApiError("not_offered", status=409)
            actions.accept_offer(message, case=case, now=timezone.now())
    except actions.CannotChoose as error:
        raise refused(error.code) from error
    return _followed(token, response)


@router.post(
    "/messages/{token}/answer",
    operation_id="answer_question",
    summary="Answer what the desk asks",
    response={200: shapes.Standing, **REFUSALS, 409: shapes.Problem, 503: shapes.Problem},
)
def answer_question(
    request: HttpRequest, response: HttpResponse, token: str, answer: shapes.AddedAnswer
) -> dict[str, object]:
    """Add the answer to the open question to the message. The same words again change nothing."""
    try:
        actions.add_answer(_message(token), text=answer.text, now=timezone.now())
    except actions.CannotAdd as error:
        raise ApiError(error.code) if error.code in ABOUT_TEXT else refused(error.code) from error
    except actions.NoRoom as refusal:
        raise later(refusal) from refusal
    return _followed(token, response)


@router.get(
    "/messages/{token}/data",
    operation_id="read_data",
    summary="Everything that is held about a message",
    response={200: MessageData, 404: shapes.Problem},
)
def read_data(request: HttpRequest, response: HttpResponse, token: str) -> dict[str, object]:
    """What the desk holds about a message, as docs/api/formats.md describes it. A return address is never shown."""
    return _data(token, response)


@router.delete(
    "/messages/{token}/contact",
    operation_id="forget_contact",
    summary="Have the return address forgotten",
    response={200: MessageData, **REFUSALS},
)
def forget_contact(request: HttpRequest, response: HttpResponse, token: str) -> dict[str, object]:
    """Delete the return address, if one is held; the message goes on and is told at its own address alone."""
    actions.forget_address(_message(token), now=timezone.now())
    return _data(token, response)


@router.post(
    "/messages/{token}/withdraw",
    operation_id="withdraw_message",
    summary="Withdraw a message",
    response={200: shapes.Standing, **REFUSALS},
)
def withdraw_message(request: HttpRequest, response: HttpResponse, token: str) -> dict[str, object]:
    """Erase its words, place and return address for good. Doing it again changes nothing."""
    actions.withdraw(_message(token), now=timezone.now())
    return _followed(token, response)


def _message(token: str) -> Any:
    message = messages.message_by_token(token)
    if message is None:
        raise ApiError("not_found")
    return message


def _data(token: str, response: HttpResponse) -> dict[str, object]:
    found = held.held_about(_message(token))
    response["Cache-Control"] = "no-store"
    return message_data(found, page=_page(found.lang, token))


def _followed(token: str, response: HttpResponse) -> dict[str, object]:
    response["Cache-Control"] = "no-store"
    message = _message(token)
    owed = None if message.withdrawn_at else deadline_of(message.case, today=timezone.localdate())
    asked = [asked_out(each) for each in asked_about(message)]
    return _standing(messages.standing_of(message)) | {"deadline": deadline(owed), "questions": asked}


def _received(standing: messages.Standing) -> dict[str, object]:
    return {
        "number": standing.number,
        "follow_url": _page(standing.lang, standing.token),
        # A case that was closed without an answer is told by the follow-up, so what is said at first is "received".
        "outcome": standing.outcome if standing.outcome in rules.FIRST_OUTCOMES else rules.RECEIVED,
        "queue_place": standing.queue_place,
        "answers": _suggestions(standing),
    }


def _page(lang: str, token: str) -> str:
    prefix = "" if lang == settings.LANGUAGE_CODE else f"/{lang}"
    return f"{settings.SITE_URL}{prefix}/f/{token}"


def _standing(standing: messages.Standing) -> dict[str, object]:
    return {
        "number": standing.number,
        "received_at": standing.received_at,
        "kind": standing.kind,
        "outcome": standing.outcome,
        "queue_place": standing.queue_place,
        "asked": standing.asked,
        "answers": _suggestions(standing),
        "told": [
            {"kind": told.kind, "version": told.n or None, "unit": told.unit or None, "at": told.at}
            for told in standing.told
        ],
    }


def _suggestions(standing: messages.Standing) -> list[dict[str, object]]:
    with translation.override(standing.lang):
        return [
            {
                "number": each.answer.number,
                "url": f"{settings.SITE_URL}/a/{each.answer.number}",
                "question": each.answer.question,
                "rating": each.answer.rating or None,
                "summary": each.answer.summary,
                "reasons": [reason_text(reason) for reason in each.reasons],
            }
            for each in standing.suggestions
        ]
