"""A sender takes a Message back: its words and what leads to its sender are erased; that it was logged stays."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.findable import forget_words, note_withdrawal, renew_words
from sangto.desk.actions.grouping import close_if_all_withdrew, lock_cases, still_asked, title_of, touch, void_unsent
from sangto.desk.actions.record import record_outcomes
from sangto.desk.models import AnswerVersion, Case, DataRequest, Highlight, Message, Outcome, Wording
from sangto.engine.text import fingerprint
from sangto.vault.actions import forget_contacts, forget_openings


@dataclass(frozen=True)
class _Gone:
    """The words that nothing of the desk may hold any more because of this Message."""

    text: str
    place: str

    @property
    def title(self) -> str:
        return title_of(self.text)


def withdraw(message: Message, *, now: datetime) -> None:
    """Erase the Message's text, place, Contact and Opening; doing it again changes nothing.

    Its number, channel and day stay, and that it was in a Case. Others who ask the same are still answered. An `o`
    leaf says that it was withdrawn, unless one says already how it ended. What the desk published stays: that is erased
    by law.
    """
    while not _withdraw(message.pk, now=now):
        pass


@transaction.atomic
def _withdraw(pk: int, *, now: datetime) -> bool:
    """Whether it is done; False when a Member moved the Message into a Case that is not locked, a moment ago."""
    cases = lock_cases(*_cases_of(pk))
    message = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("opening").get(pk=pk)
    if message.case_id not in cases:
        return False
    if message.withdrawn_at:
        return True
    gone = _Gone(message.text, message.place)
    if not Outcome.objects.filter(message=message).exists():
        record_outcomes([message], kind=rules.WITHDRAWN, number="", now=now)
    _erase(message, now=now)
    _forget_wordings(gone)
    for case in cases.values():
        _clean(case, gone, now=now)
    renew_words(cases.values())
    forget_words()
    return True


def _cases_of(pk: int) -> set[int]:
    """The Case that the Message is in, and all through which it came."""
    message = Message.objects.get(pk=pk)
    rows = message.joinings.values_list("case", "left")
    return {message.case_id, *(case for row in rows for case in row if case)}


def _erase(message: Message, *, now: datetime) -> None:
    contact, opening = message.contact_id, message.opening_id
    Message.objects.filter(pk=message.pk).update(
        text=rules.ERASED_TEXT, place="", contact=None, opening=None, withdrawn_at=now
    )
    note_withdrawal(message)
    forget_contacts([contact])
    forget_openings([opening])
    void_unsent(message.replies.all(), now=now)
    message.additions.update(text=rules.ERASED_TEXT)
    message.questions.update(text=rules.ERASED_TEXT)  # they can quote its words
    message.questions.filter(ended_at__isnull=True).update(ended_at=now, ending=rules.WITHDRAWN)
    message.offers.all().delete()
    message.joinings.update(reasons="[]")  # they can quote its words
    DataRequest.objects.filter(message=message, state__in=rules.REQUEST_ENDS).update(words=rules.ERASED_TEXT)


def _forget_wordings(gone: _Gone) -> None:
    """Forget the fingerprints of its words, but for those that somebody else's words have as well."""
    prints = {fingerprint(gone.text, kind=kind, place=gone.place) for kind in rules.KINDS}
    for wording in Wording.objects.select_related("case").filter(fingerprint__in=prints):
        kind = wording.case.kind
        others = still_asked(wording.case).values_list("text", "place").iterator()
        if not any(fingerprint(text, kind=kind, place=place) == wording.fingerprint for text, place in others):
            wording.delete()


def _clean(case: Case, gone: _Gone, *, now: datetime) -> None:
    """No trace of its words in the Case: a title, place or draft drawn from them goes by those who still ask."""
    if not hasattr(case, "foreign"):
        _retitle(case, gone, now=now)
    close_if_all_withdrew(case, now=now)
    touch(case, now=now)


def _retitle(case: Case, gone: _Gone, *, now: datetime) -> None:
    heir = still_asked(case).first()
    published = case.answer.current if hasattr(case, "answer") else None
    if case.question == gone.title and not (heir and title_of(heir.text) == gone.title):
        case.question = title_of(heir.text) if heir else published.question if published else rules.ERASED_TEXT
        _blank_draft(case, gone, now=now)
    if case.place == gone.place and not published:  # the place of a published Answer is part of the public page
        case.place = heir.place if heir else ""
    case.save(update_fields=["question", "place"])


def _blank_draft(case: Case, gone: _Gone, *, now: datetime) -> None:
    """A draft that begins with the working title needs other words for its question, from whoever writes it."""
    drafts = AnswerVersion.objects.filter(answer__case=case, question=gone.title).exclude(state=rules.PUBLISHED)
    Highlight.objects.filter(version__in=drafts, field="question").delete()
    drafts.update(question="", state=rules.DRAFT, written_at=now)
