"""A sender asks about their data; the staff answers within the law's terms, and every step is written down."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sangto.desk import rules
from sangto.desk.actions.deeds import note_request, roles_on
from sangto.desk.models import DataRequest, DataRequestStep, Message
from sangto.engine.redact import redact
from sangto.engine.text import is_binary, is_empty, normal
from sangto.people.models import Member
from sangto.people.rules import may_handle_requests

REPLY_CHARS = 4000
DEEDS = {rules.ANSWERED: "answered", rules.EXTENDED: "extended", rules.DONE: "finished", rules.REFUSED: "refused"}


class CannotRequest(Exception):
    """Nothing was kept. `code`: unknown_kind, unknown_lang, not_text, empty, too_long or too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotHandle(Exception):
    """The request stays as it is.

    `code`: not_allowed, no_reply, too_long, unknown_reason, over (it was done or refused), answered_before,
    extended_before or too_late (its term has passed).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def terms() -> rules.Terms:
    """The terms that this desk keeps."""
    return rules.Terms(
        settings.REQUEST_ANSWER_WORKING_DAYS,
        settings.REQUEST_DONE_DAYS,
        settings.REQUEST_DONE_DAYS_WITH_PROCESSOR,
        settings.REQUEST_EXTENSION_DAYS,
    )


@transaction.atomic
def make_request(message: Message, *, kind: str, words: str, lang: str, nonce: str, now: datetime) -> DataRequest:
    """The sender's request, kept once for each nonce; raises CannotRequest.

    Personal data in the words is masked before anything is kept, as in a Message.
    """
    _check_request(kind=kind, words=words, lang=lang)
    Message.objects.select_for_update(no_key=True).get(pk=message.pk)  # two at once count each other
    key = salted_hmac("sangto.request", f"{message.pk}\0{nonce}", algorithm="sha256").hexdigest()
    earlier = DataRequest.objects.filter(key=key).first()
    if earlier:
        return earlier
    waiting = DataRequest.objects.filter(message=message, state__in=rules.REQUEST_OPEN_STATES)
    if waiting.count() >= settings.REQUEST_MOST_OPEN:
        raise CannotRequest("too_many")
    made_on = timezone.localdate(now)
    return DataRequest.objects.create(
        key=key,
        message=message,
        kind=kind,
        words=redact(normal(words)).text,
        lang=lang,
        made_at=now,
        answer_due_on=rules.answer_due(made_on, terms=terms()),
        done_due_on=rules.done_due(made_on, terms=terms()),
    )


def answer_request(
    request: DataRequest, *, reply: str, by: Member, now: datetime, with_processor: bool = False
) -> DataRequest:
    """The first answer to the sender: what will be done. With a processor taking part it may take longer."""
    return _step(request, rules.ANSWERED, reply=reply, by=by, now=now, with_processor=with_processor)


def extend_request(request: DataRequest, *, reply: str, by: Member, now: datetime) -> DataRequest:
    """Take longer, once, with the reason for the sender; only while the term has not passed."""
    return _step(request, rules.EXTENDED, reply=reply, by=by, now=now)


def finish_request(request: DataRequest, *, reply: str, by: Member, now: datetime) -> DataRequest:
    """It is done; the reply says what."""
    return _step(request, rules.DONE, reply=reply, by=by, now=now)


def refuse_request(request: DataRequest, *, reply: str, reason: str, by: Member, now: datetime) -> DataRequest:
    """It is not done, for one of the known reasons, which the reply explains."""
    if reason not in rules.REQUEST_REFUSALS:
        raise CannotHandle("unknown_reason")
    return _step(request, rules.REFUSED, reply=reply, reason=reason, by=by, now=now)


@transaction.atomic
def _step(
    request: DataRequest,
    step: str,
    *,
    reply: str,
    by: Member,
    now: datetime,
    reason: str = "",
    with_processor: bool = False,
) -> DataRequest:
    request = (
        DataRequest.objects.select_for_update(no_key=True, of=("self",))
        .select_related("message__case")
        .get(pk=request.pk)
    )
    reply = _fitting(reply)
    taken = set(request.steps.values_list("step", flat=True))
    _check_step(request, step, taken=taken, by=by, today=timezone.localdate(now))
    DataRequestStep.objects.create(request=request, step=step, by=by, at=now, reply=reply, reason=reason)
    if step != rules.EXTENDED:
        request.state = step
    request.with_processor = request.with_processor or with_processor
    request.done_due_on += rules.longer(terms=terms(), with_processor=with_processor, extended=step == rules.EXTENDED)
    request.save(update_fields=["state", "with_processor", "done_due_on"])
    note_request(DEEDS[step], request, by=by, now=now)
    _forget_words(request)
    return request


def _forget_words(request: DataRequest) -> None:
    """The words of whoever withdrew their Message are kept only until the request is over."""
    if request.state in rules.REQUEST_ENDS and request.message.withdrawn_at:
        DataRequest.objects.filter(pk=request.pk).update(words=rules.ERASED_TEXT)


def _check_request(*, kind: str, words: str, lang: str) -> None:
    if kind not in rules.REQUEST_KINDS:
        raise CannotRequest("unknown_kind")
    if lang not in rules.LANGUAGES:
        raise CannotRequest("unknown_lang")
    if is_binary(words):
        raise CannotRequest("not_text")
    if is_empty(normal(words)):
        raise CannotRequest("empty")
    if len(normal(words)) > settings.REQUEST_MAX_CHARS:
        raise CannotRequest("too_long")


def _fitting(reply: str) -> str:
    reply = normal(reply).strip()
    if is_binary(reply) or is_empty(reply):
        raise CannotHandle("no_reply")
    if len(reply) > REPLY_CHARS:
        raise CannotHandle("too_long")
    return reply


def _check_step(request: DataRequest, step: str, *, taken: set[str], by: Member, today: date) -> None:
    if not may_handle_requests(roles_on(request.message.case, by)):
        raise CannotHandle("not_allowed")
    if request.state in rules.REQUEST_ENDS:
        raise CannotHandle("over")
    if step in taken:
        raise CannotHandle(f"{step}_before")
    if step == rules.EXTENDED and request.done_due_on < today:
        raise CannotHandle("too_late")
