"""What anyone may read, and the box in which they ask."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from sangto.desk import actions, matcher, rules
from sangto.desk.actions import CannotReceive, NoRoom
from sangto.desk.queries.answers import PublicAnswer, PublicVersion, answer_by_number, latest_answers, versions_of
from sangto.desk.queries.deadlines import deadline_counts
from sangto.desk.queries.objections import objections_to
from sangto.engine.crash import crash_point
from sangto.engine.kind import guess_kind
from sangto.engine.text import is_binary, normal
from sangto.interchange.claimreview import claim_review, script_text
from sangto.web.forms.public import Asked, asked_in
from sangto.web.views.follow import is_htmx, kept, secret
from sangto.web.wording import receive_error

LATEST = 10
PAGE_SIZE = 20
LAST_PAGE = 200
SEARCH_CHARS = 200
SUGGEST_FROM_CHARS = 8


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    latest = latest_answers(LATEST, lang=get_language()) or latest_answers(LATEST)
    return render(request, "public/home.html", ask_box(Asked()) | {"latest": latest})


def ask_box(asked: Asked, *, error: str = "") -> dict[str, Any]:
    """What the ask box needs, empty or given back with what is wrong."""
    return {"asked": asked, "error": error, "max_chars": settings.MESSAGE_MAX_CHARS}


def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("home")
    asked = asked_in(request)
    if asked.fault:
        return _refused(request, asked, asked.fault)
    try:
        received = actions.receive(asked.incoming(get_language() or settings.LANGUAGE_CODE), now=timezone.now())
    except CannotReceive as refusal:
        return _refused(request, asked, refusal.code)
    except NoRoom as refusal:
        return _later(request, asked, refusal)
    crash_point("intake.answering")
    return kept(request, received.message, repeated=received.repeated)


def _refused(request: HttpRequest, asked: Asked, code: str) -> HttpResponse:
    error = receive_error(code, length=len(normal(asked.text)), limit=settings.MESSAGE_MAX_CHARS)
    again = Asked(text=asked.text.replace("\0", ""), place=asked.place.replace("\0", ""), kind=asked.kind)
    return _given_back(request, again, error=error, status=400)


def _later(request: HttpRequest, asked: Asked, refusal: NoRoom) -> HttpResponse:
    """The form as it came, to be sent again later: it is the same delivery then, should this one have been kept."""
    response = _given_back(request, asked, error=receive_error(refusal.code), status=503)
    response["Retry-After"] = str(refusal.retry_after_s)
    # Otherwise htmx takes a 5xx for a broken desk, and leaves what it says out.
    response["HX-Retarget"], response["HX-Reswap"] = ".ask", "outerHTML show:window:top"
    return response


def _given_back(request: HttpRequest, asked: Asked, *, error: str, status: int) -> HttpResponse:
    template = "public/_ask.html" if is_htmx(request) else "public/ask.html"
    return secret(render(request, template, ask_box(asked, error=error), status=status))


# It keeps nothing, and a form that is too old is told so when it is sent, not while somebody types in it.
@csrf_exempt
@require_POST
@never_cache
def suggest(request: HttpRequest) -> HttpResponse:
    text = normal(_typed(request))
    usable = SUGGEST_FROM_CHARS <= len(text) <= settings.MESSAGE_MAX_CHARS and not is_binary(text)
    found = matcher.suggest(text, kind=guess_kind(text)) if usable else []
    return render(request, "public/_suggestions.html", {"found": found})


def _typed(request: HttpRequest) -> str:
    try:
        return str(request.POST.get("text", ""))
    except (RequestDataTooBig, TooManyFieldsSent):
        return ""


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    words = normal(request.GET.get("q", ""))[:SEARCH_CHARS]
    page = _page(request.GET.get("page", ""))
    found = _found(words, offset=(page - 1) * PAGE_SIZE)
    context = {
        "words": words,
        "page": page,
        "found": found[:PAGE_SIZE],
        "previous": page - 1,
        "next": page + 1 if len(found) > PAGE_SIZE and page < LAST_PAGE else 0,
    }
    return render(request, "public/answers.html", ask_box(Asked(text=words)) | context)


def _found(words: str, *, offset: int) -> list[PublicAnswer]:
    """One more than a page holds, so that the page knows whether another follows."""
    if words:
        return matcher.search_answers(words, limit=PAGE_SIZE + 1, offset=offset)
    return latest_answers(PAGE_SIZE + 1, offset=offset)


def _page(asked: str) -> int:
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 and 0 < int(asked) <= LAST_PAGE else 1


@require_safe
def answer(request: HttpRequest, number: str) -> HttpResponse:
    found = answer_by_number(number)
    if found is None:
        raise Http404
    if found.number != number:
        return redirect("answer", found.number, permanent=True)
    context = answer_context(found, versions_of(found))
    return render(
        request, "public/answer.html", {**context, "canonical": _canonical(number), "json_ld": _json_ld(found)}
    )


def answer_context(found: PublicAnswer, versions: list[PublicVersion]) -> dict[str, Any]:
    """What the page of an answer shows; a preview shows the same."""
    objections = [] if found.is_foreign else objections_to(found.case_id, today=timezone.localdate())
    return {"answer": found, "versions": versions, "objections": objections}


def _canonical(number: str) -> str:
    """The one address of the answer that its ClaimReview names too: an answer has one language, whatever the page's."""
    with override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("answer", args=[number])


def _json_ld(found: PublicAnswer) -> SafeString | None:
    """The answer as ClaimReview, with nothing in it that could end the script element it stands in."""
    review = claim_review(found, site_url=settings.SITE_URL, desk_name=settings.DESK_NAME)
    return SafeString(script_text(review)) if review else None


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    figures = deadline_counts(today=timezone.localdate())
    verdicts = (*rules.RATINGS, *rules.OUTCOMES)
    return render(request, "public/about.html", {"verdicts": verdicts, "deadlines": figures})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "public/robots.txt", content_type="text/plain")
