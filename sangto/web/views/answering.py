"""A sender answers what the desk asked back, on the page of their message."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotAdd, NoRoom
from sangto.engine.text import normal
from sangto.web.forms.public import fault_of
from sangto.web.views.follow import follow_page, message_or_404, secret, see_other
from sangto.web.wording import add_error

FIELDS = ("text",)


def answer(request: HttpRequest, token: str) -> HttpResponse:
    message = message_or_404(token)
    if request.method != "POST":
        return secret(redirect("follow", token))
    text, fault = request.POST.get("text", ""), fault_of(request, FIELDS)
    try:
        if fault:
            raise CannotAdd(fault)
        actions.add_answer(message, text=text, now=timezone.now())
    except (CannotAdd, NoRoom) as refusal:
        return _given_back(request, token, text, refusal)
    return see_other(reverse("follow", args=[token]) + "?added=1#question")


def _given_back(request: HttpRequest, token: str, text: str, refusal: CannotAdd | NoRoom) -> HttpResponse:
    """The page with what was typed and what is wrong with it."""
    error = add_error(refusal.code, length=len(normal(text)), limit=settings.MESSAGE_MAX_CHARS)
    typed = {"answer_error": error, "answer_typed": text.replace("\0", "")}
    status = 503 if isinstance(refusal, NoRoom) else 400
    response = follow_page(request, message_or_404(token), status=status, typed=typed)
    if isinstance(refusal, NoRoom):
        response["Retry-After"] = str(refusal.retry_after_s)
    return response
