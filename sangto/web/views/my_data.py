"""What is held about one message, for the person who has its secret link, and what they can do about it."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from sangto.desk import actions, rules
from sangto.desk.actions import CannotRequest
from sangto.desk.queries.held import held_about
from sangto.interchange.held_data import message_data
from sangto.web.data_wording import CANNOT_REQUEST, DATA_DONE, REQUEST_KINDS
from sangto.web.forms.data import Wanted, wanted_in
from sangto.web.views.follow import message_or_404, secret, see_other


@require_safe
def data(request: HttpRequest, token: str) -> HttpResponse:
    return _data_page(request, message_or_404(token))


@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    message = message_or_404(token)
    held = message_data(held_about(message), page=settings.SITE_URL + reverse("follow", args=[token]))
    form = {"ensure_ascii": False, "indent": 1}
    response = JsonResponse(held, encoder=DjangoJSONEncoder, json_dumps_params=form)
    response["Content-Disposition"] = f'attachment; filename="{message.number}.json"'
    return secret(response)


def forget(request: HttpRequest, token: str) -> HttpResponse:
    message = message_or_404(token)
    if request.method != "POST":
        return secret(redirect("data", token))
    actions.forget_address(message, now=timezone.now())
    return _done(token, "forgotten")


def ask(request: HttpRequest, token: str) -> HttpResponse:
    message = message_or_404(token)
    if request.method != "POST":
        return secret(redirect("data", token))
    wanted = wanted_in(request)
    try:
        _ask(message, wanted)
    except CannotRequest as refusal:
        return _data_page(request, message, wanted=wanted, refusal=refusal.code)
    return _done(token, "requested")


def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Asks once more before it does it: this cannot be undone."""
    message = message_or_404(token)
    if request.method == "POST":
        actions.withdraw(message, now=timezone.now())
    if request.method == "POST" or message.withdrawn_at:
        return see_other(reverse("follow", args=[token]))
    return secret(render(request, "public/withdraw.html", {"held": held_about(message)}))


def _ask(message: Any, wanted: Wanted) -> None:
    if wanted.fault:
        raise CannotRequest(wanted.fault)
    actions.make_request(
        message,
        kind=wanted.kind,
        words=wanted.words,
        lang=get_language() or settings.LANGUAGE_CODE,
        nonce=wanted.delivery,
        now=timezone.now(),
    )


def _done(token: str, what: str) -> HttpResponse:
    return see_other(f"{reverse('data', args=[token])}?done={what}")


def _data_page(request: HttpRequest, message: Any, *, wanted: Wanted | None = None, refusal: str = "") -> HttpResponse:
    context = {
        "held": held_about(message),
        "error": CANNOT_REQUEST[refusal] if refusal else "",
        "done": "" if refusal else DATA_DONE.get(request.GET.get("done", ""), ""),
        "wanted": _shown(wanted or Wanted()),
        "kinds": REQUEST_KINDS.items(),
        "max_chars": settings.REQUEST_MAX_CHARS,
        "has_address": message.channel in rules.CHANNELS_WITH_ADDRESS,
    }
    return secret(render(request, "public/data.html", context, status=400 if refusal else 200))


def _shown(wanted: Wanted) -> Wanted:
    """The form given back as it was filled in; a NUL in it could not stand in a page."""
    return Wanted(kind=wanted.kind, words=wanted.words.replace("\0", ""))
