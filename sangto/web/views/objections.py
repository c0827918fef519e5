"""Contest an answer, without an account; read what was contested and how it was decided."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sangto.desk import actions
from sangto.desk.actions import CannotObject, NoRoom
from sangto.desk.queries.answers import PublicAnswer, answer_by_number
from sangto.desk.queries.objections import (
    VIEWS,
    objection_by_number,
    objection_counts,
    objections_in,
    objections_overdue,
    public_objection,
)
from sangto.desk.queries.publications import published_version
from sangto.web import objection_wording
from sangto.web.forms.objections import Contested, contested_in
from sangto.web.views.follow import see_other

ROWS_A_PAGE = 20


@never_cache
def contest(request: HttpRequest, number: str) -> HttpResponse:
    answer = _own_answer(number)
    if answer.number != number:
        return redirect("contest", answer.number, permanent=True)
    if request.method != "POST":
        return _form(request, answer, Contested(n=answer.n))
    form = contested_in(request)
    version = published_version(answer.number, form.n or answer.n)
    if version is None:
        raise Http404
    try:
        if form.fault:
            raise CannotObject(form.fault)
        lang = get_language() or settings.LANGUAGE_CODE
        made = actions.object_to(version, words=form.words, lang=lang, nonce=form.delivery, now=timezone.now())
    except CannotObject as refusal:
        return _form(request, answer, form, code=refusal.code)
    except NoRoom as refusal:
        response = _form(request, answer, form, code=refusal.code, status=503)
        response["Retry-After"] = str(refusal.retry_after_s)
        return response
    return see_other(f"{reverse('objection', args=[made.number])}?done=made")


@require_safe
def objection(request: HttpRequest, number: str) -> HttpResponse:
    row = objection_by_number(number)
    if row is None:
        raise Http404
    context = {"objection": public_objection(row, today=timezone.localdate()), "is_new": request.GET.get("done")}
    return render(request, "public/objection.html", context)


@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    view, today = request.GET.get("view"), timezone.localdate()
    view = view if view in VIEWS else VIEWS[0]
    page, counts = Paginator(objections_in(view), ROWS_A_PAGE).get_page(request.GET.get("page")), objection_counts()
    context = {
        "page": page,
        "view": view,
        "found": [public_objection(row, today=today) for row in page],
        "tabs": [(code, text, counts[code]) for code, text in objection_wording.VIEWS.items()],
        "overdue": objections_overdue(today=today),
    }
    return render(request, "public/objections.html", context)


def _own_answer(number: str) -> PublicAnswer:
    """An answer of ours: what another organisation published is for them to correct."""
    found = answer_by_number(number)
    if found is None or found.is_foreign:
        raise Http404
    return found


def _form(
    request: HttpRequest, answer: PublicAnswer, form: Contested, *, code: str = "", status: int = 400
) -> HttpResponse:
    shown = Contested(n=form.n or answer.n, words=form.words.replace("\0", ""), nonce=form.nonce)
    if code == "other_body":
        shown = Contested(n=shown.n, words=shown.words)
    context: dict[str, Any] = {
        "answer": answer,
        "form": shown,
        "error": objection_wording.CANNOT_OBJECT[code] if code else "",
        "max_chars": settings.MESSAGE_MAX_CHARS,
        "working_days": settings.OBJECTION_WORKING_DAYS,
    }
    return render(request, "public/contest.html", context, status=status if code else 200)
