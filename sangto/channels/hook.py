"""The one view behind every channel's webhook. It says 200 only after the Message is committed."""

import logging
from typing import TypeAlias

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sangto.channels.base import Answering, Correction, Hook, Ignored, Refusal
from sangto.channels.letters import refusal_text
from sangto.channels.registry import HOOKS
from sangto.desk.actions import (
    CannotAdd,
    CannotCorrect,
    CannotReceive,
    Incoming,
    NoKey,
    NoRoom,
    add_answer,
    correct_contact,
    receive,
)
from sangto.desk.queries.messages import message_by_token
from sangto.engine.crash import crash_point

logger = logging.getLogger(__name__)
Parsed: TypeAlias = Incoming | Answering | Correction | Refusal | Ignored
LATER_S = 60


@csrf_exempt
@require_POST
def hook(request: HttpRequest, channel: str) -> HttpResponse:
    """401 for a stranger, 413 for a stranger's big body, 404 for an unknown channel; 200 for all that is authentic.

    503 while nothing can be kept, or no address sealed: then the provider delivers it again.
    """
    plug = HOOKS.get(channel)
    if plug is None:
        raise Http404
    body = _body(request)
    if not plug.is_authentic(request.headers, body=body or b""):
        return HttpResponse(status=413 if body is None else 401)
    parsed = Ignored("too_large") if body is None else plug.parse(body)
    try:
        return _response(plug, channel, _done(parsed, channel))
    except NoKey:
        logger.error("%s: no day key to seal an address to; see `sangto vault status`", channel)  # noqa: TRY400
        return HttpResponse(status=503, headers={"Retry-After": str(LATER_S)})
    except NoRoom as refusal:
        return HttpResponse(status=503, headers={"Retry-After": str(refusal.retry_after_s)})


def _body(request: HttpRequest) -> bytes | None:
    try:
        return request.body
    except RequestDataTooBig:
        return None


def _done(parsed: Parsed, channel: str) -> Refusal | Ignored | None:
    """Do what the delivery asks for; what is to be said, None when there is nothing to say."""
    if isinstance(parsed, Incoming):
        return _keep(parsed)
    if isinstance(parsed, Answering):
        return _add(parsed)
    return _correct(parsed, channel) if isinstance(parsed, Correction) else parsed


def _keep(incoming: Incoming) -> Refusal | Ignored | None:
    """Why the message was not kept; None when it was, now or at an earlier delivery."""
    try:
        receive(incoming, now=timezone.now())
    except CannotReceive as error:
        if error.code == "other_body" or incoming.address is None:
            return Ignored(error.code)
        return Refusal(error.code, incoming.lang, incoming.address)
    crash_point("intake.answering")
    return None


def _add(answer: Answering) -> Refusal | Ignored | None:
    """Join the words to the Message of the letter they reply to; without an open question they are a message."""
    incoming, message = answer.incoming, message_by_token(answer.token)
    code = "addition_kept"
    try:
        if message is None:
            return _keep(incoming)
        add_answer(
            message, text=incoming.text, channel=incoming.channel, external_id=incoming.external_id, now=timezone.now()
        )
    except CannotAdd as error:
        if error.code == "no_question":
            return _keep(incoming)
        code = error.code
    return Refusal(code, incoming.lang, incoming.address) if incoming.address else None


def _correct(link: Correction, channel: str) -> Refusal:
    """What became of it, said at the address that it came from."""
    message, code = message_by_token(link.token), "contact_moved"
    try:
        if message is None:
            code = "unknown_link"
        else:
            correct_contact(
                message, channel=channel, address=link.address, external_id=link.external_id, now=timezone.now()
            )
    except CannotCorrect as error:
        code = error.code
    return Refusal(code, link.lang, link.address)


def _response(plug: Hook, channel: str, parsed: Refusal | Ignored | None) -> HttpResponse:
    if isinstance(parsed, Refusal):
        logger.info("%s: answered at once, nothing kept: %s", channel, parsed.code)
        text = refusal_text(parsed.code, lang=parsed.lang)
        return JsonResponse(plug.answer(text, address=parsed.address))
    if isinstance(parsed, Ignored):
        logger.info("%s: ignored: %s", channel, parsed.kind)
    return HttpResponse(status=200)
