"""Feeds: Atom for readers, ClaimReview and withdrawals for machines."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sangto.api.guard import open_to_all, reader_language
from sangto.desk import rules
from sangto.desk.queries.answers import PublicAnswer, all_answers, latest_answers, withdrawn_answers
from sangto.engine.text import normal
from sangto.interchange.claimreview import data_feed
from sangto.interchange.wording import verdict_word

ENTRIES = 50


@open_to_all
@require_safe
def answers_atom(request: HttpRequest) -> HttpResponse:
    only = request.GET.get("lang", "")
    only = only if only in rules.LANGUAGES else ""
    chosen = latest_answers(ENTRIES, lang=only or None)
    with translation.override(only or reader_language(request)):
        feed = _feed(chosen, lang=only)
    response = HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)
    response["Vary"] = "Accept-Language"
    return response


def _feed(answers: list[PublicAnswer], *, lang: str) -> Atom1Feed:
    address = f"{settings.SITE_URL}/feeds/answers.atom"
    own = f"{address}?lang={lang}" if lang else address
    feed = Atom1Feed(
        title=_("%(desk)s: answers") % {"desk": settings.DESK_NAME},
        link=f"{settings.SITE_URL}/",
        description="",
        subtitle=_("Checked claims and settled problems, each with its sources"),
        author_name=settings.DESK_NAME,
        feed_url=own,
        feed_guid=own,
        language=lang or translation.get_language(),
    )
    for answer in answers:
        address = f"{settings.SITE_URL}/a/{answer.number}"
        feed.add_item(
            title=_title(answer),
            link=address,
            description=escape(normal(answer.summary)),  # Django marks every summary as HTML, and every title as text
            unique_id=address,
            author_name=settings.DESK_NAME,
            pubdate=answer.published_at,
            updateddate=answer.changed_at,
        )
    return feed


def _title(answer: PublicAnswer) -> str:
    """The question after the verdict, both in the answer's own language: many readers show nothing but titles."""
    with translation.override(answer.lang):
        return f"{verdict_word(answer.rating or answer.outcome)}: {normal(answer.question)}"


@open_to_all
@require_safe
def claimreview_json(request: HttpRequest) -> HttpResponse:
    feed = data_feed(all_answers(), site_url=settings.SITE_URL, desk_name=settings.DESK_NAME, at=timezone.now())
    return JsonResponse(feed, json_dumps_params={"ensure_ascii": False})


@open_to_all
@require_safe
def withdrawn_json(request: HttpRequest) -> HttpResponse:
    withdrawn = [
        {
            "number": answer.number,
            "url": f"{settings.SITE_URL}/a/{answer.number}",
            "lang": answer.lang,
            "question": answer.question,
            "change": answer.change,
            "withdrawn_at": answer.changed_at,
        }
        for answer in withdrawn_answers()
    ]
    return JsonResponse({"withdrawn": withdrawn}, json_dumps_params={"ensure_ascii": False})
