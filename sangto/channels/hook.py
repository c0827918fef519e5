"""The one view behind every channel's webhook. It says 200 only after the Message is committed."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sangto.channels.base import Hook, Ignored, Refusal
from sangto.channels.letters import refusal_text
from sangto.channels.registry import HOOKS
from sangto.desk.actions import CannotReceive, Incoming, NoKey, NoRoom, receive

logger = logging.getLogger(__name__)
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
        return _response(plug, channel, _keep(parsed) if isinstance(parsed, Incoming) else parsed)
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


def _keep(incoming: Incoming) -> Refusal | Ignored | None:
    """Why the message was not kept; None when it was, now or at an earlier delivery."""
    try:
        receive(incoming, now=timezone.now())
    except CannotReceive as error:
        if error.code == "other_body" or incoming.address is None:
            return Ignored(error.code)
        return Refusal(error.code, incoming.lang, incoming.address)
    return None


def _response(plug: Hook, channel: str, parsed: Refusal | Ignored | None) -> HttpResponse:
    if isinstance(parsed, Refusal):
        logger.info("%s: answered at once, nothing kept: %s", channel, parsed.code)
        text = refusal_text(parsed.code, lang=parsed.lang)
        return JsonResponse(plug.answer(text, address=parsed.address))
    if isinstance(parsed, Ignored):
        logger.info("%s: ignored: %s", channel, parsed.kind)
    return HttpResponse(status=200)
