"""Where one message stands, for the person who has its secret link."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sangto.desk import actions
from sangto.desk.actions import CannotChoose
from sangto.desk.queries.answers import PublicVersion, case_by_number, versions_of
from sangto.desk.queries.asking import answerable, asked_about
from sangto.desk.queries.deadlines import deadline_of
from sangto.desk.queries.messages import Standing, follow_token, message_by_token, standing_of
from sangto.desk.queries.receipts import Receipt, outcome_receipt_of, receipt_of
from sangto.web.wording import choose_error

NONE_OF_THESE = "none"
AGAIN = "again"
PARTS = {"withdrawn": "message_withdrawn"}  # by its sender; an answer is withdrawn by the desk
# Not "no-referrer": a browser would then send its forms with "Origin: null", which the CSRF check refuses.
SECRET = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "same-origin"}


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def kept(request: HttpRequest, message: Any, *, repeated: bool) -> HttpResponse:
    """A message that was just sent, under the address of its follow page: reloading and Back lead to it again."""
    url = reverse("follow", args=[follow_token(message)])
    if not is_htmx(request):
        return see_other(f"{url}?{AGAIN}=1" if repeated else url)
    response = _outcome_part(request, message, repeated=repeated)
    response["HX-Push-Url"] = url
    return response


def see_other(url: str) -> HttpResponse:
    """After a POST another page is fetched, and nobody keeps the address."""
    response = redirect(url)
    response.status_code = 303
    return secret(response)


def _outcome_part(request: HttpRequest, message: Any, *, repeated: bool = False) -> HttpResponse:
    """What htmx puts into the page."""
    context = _outcome_of(standing_of(message), message) | {"repeated": repeated}
    return secret(render(request, "public/_outcome.html", context))


def _outcome_of(standing: Standing, message: Any) -> dict[str, Any]:
    part = "withdrawn" if standing.withdrawn else PARTS.get(standing.outcome, standing.outcome)
    deadline = None if standing.withdrawn_at else deadline_of(message.case, today=timezone.localdate())
    return {"standing": standing, "deadline": deadline, "part": f"public/_outcome_{part}.html"}


def secret(response: HttpResponse) -> HttpResponse:
    """The response, kept by nobody: it holds a link that only its reader may have."""
    for name, value in SECRET.items():
        response[name] = value
    return response


def follow(request: HttpRequest, token: str) -> HttpResponse:
    return follow_page(request, message_or_404(token))


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    message = message_or_404(token)
    return _receipt_file(receipt_of(message), f"{message.number}.tlog-proof")


@require_safe
def outcome_receipt(request: HttpRequest, token: str) -> HttpResponse:
    message = message_or_404(token)
    return _receipt_file(outcome_receipt_of(message), f"{message.number}-outcome.tlog-proof")


@require_safe
def message_text(request: HttpRequest, token: str) -> HttpResponse:
    """The text as it was kept, byte for byte: a Receipt proves what it said to whoever has both."""
    message = message_or_404(token)
    if message.withdrawn_at:
        raise Http404
    return _download(message.text, f"{message.number}.txt")


def _receipt_file(found: Receipt | None, name: str) -> HttpResponse:
    if found is None or not found.is_ready:
        raise Http404
    return _download(found.file, name)


def _download(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return secret(response)


def choose(request: HttpRequest, token: str) -> HttpResponse:
    message = message_or_404(token)
    if request.method != "POST":
        return secret(redirect("follow", token))
    try:
        _choose(message, request.POST.get("answer", ""))
    except CannotChoose as refusal:
        return follow_page(request, message_or_404(token), refusal=refusal.code)
    return _done(request, token)


def kind(request: HttpRequest, token: str) -> HttpResponse:
    message = message_or_404(token)
    if request.method != "POST":
        return secret(redirect("follow", token))
    try:
        actions.change_kind(message, kind=request.POST.get("kind", ""), now=timezone.now())
    except CannotChoose as refusal:
        return follow_page(request, message_or_404(token), refusal=refusal.code)
    return _done(request, token)


def message_or_404(token: str) -> Any:
    """The message of a secret link."""
    message = message_by_token(token)
    if message is None:
        raise Http404
    return message


def _choose(message: Any, number: str) -> None:
    if number == NONE_OF_THESE:
        actions.decline_answers(message, now=timezone.now())
        return
    case = case_by_number(number)
    if case is None:
        raise CannotChoose("not_offered")
    actions.accept_offer(message, case=case, now=timezone.now())


def _done(request: HttpRequest, token: str) -> HttpResponse:
    url = reverse("follow", args=[token])
    if not is_htmx(request):
        return see_other(url)
    response = _outcome_part(request, message_or_404(token))
    # Put in place of the address, not after it: the page is the same, so Back must not lead to it again.
    response["HX-Replace-Url"] = url
    return response


def follow_page(
    request: HttpRequest, message: Any, *, refusal: str = "", status: int = 200, typed: dict[str, str] | None = None
) -> HttpResponse:
    """The page of a message, with what was refused and what was typed."""
    standing = standing_of(message)
    context = _outcome_of(standing, message) | {"error": choose_error(refusal) if refusal else ""}
    status = 409 if refusal else status
    if is_htmx(request):
        return secret(render(request, "public/_outcome.html", context, status=status))
    context |= {"corrections": _corrections(standing), "repeated": request.GET.get(AGAIN) == "1"}
    context |= {"asked": asked_about(message), "open_question": answerable(message)} | (typed or {})
    context |= {"added": request.GET.get("added") == "1"}
    context |= {"receipt": receipt_of(message), "outcome_receipt": outcome_receipt_of(message)}
    is_over = message.opening_id is None and hasattr(message, "ended") and not message.withdrawn_at
    context |= {"receipt_is_over": is_over}
    return secret(render(request, "public/follow.html", context, status=status))


def _corrections(standing: Standing) -> list[PublicVersion]:
    answer = standing.answer or standing.withdrawn
    if answer is None or answer.is_foreign or answer.n == 1:
        return []
    return [version for version in versions_of(answer) if version.n > 1]
