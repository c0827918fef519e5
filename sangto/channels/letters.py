"""The words of every letter: plain text in the Message's language, with its number, so that a repeat does no harm."""

from collections.abc import Iterator

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext

from sangto.channels.links import answer_url, follow_url
from sangto.channels.refusals import REFUSALS, values_for_refusals
from sangto.desk import rules
from sangto.desk.queries.answers import PublicAnswer
from sangto.desk.queries.messages import Standing, standing_of
from sangto.desk.queries.replies import Letter
from sangto.interchange.wording import verdict_word

QUESTION_CHARS = 200


def letter_text(letter: Letter) -> str:
    """The text of one Reply, a paragraph a thing said."""
    with translation.override(letter.message.lang):
        standing = standing_of(letter.message)
        body = {
            rules.ACKNOWLEDGED: _acknowledgement,
            rules.ANSWER: _answer,
            rules.ELSEWHERE: _elsewhere,
            rules.CLOSING: _closing,
            rules.MISTAKEN: _mistaken,
            rules.QUESTION: _question,
            rules.HANDED_OVER: _handed_over,
        }[letter.kind]
        number = gettext("Your message: %(number)s") % {"number": standing.number}
        follow = gettext("Follow it here: %(url)s") % {"url": follow_url(standing.token)}
        return "\n\n".join([*body(letter, standing), f"{number}\n{follow}"])


def refusal_text(code: str, *, lang: str) -> str:
    """What somebody is told whose message could not be kept."""
    with translation.override(lang):
        return str(REFUSALS.get(code, REFUSALS["not_text"])) % values_for_refusals()


def _acknowledgement(letter: Letter, standing: Standing) -> Iterator[str]:
    yield gettext("We have received your message. Thank you.")
    if standing.queue_place:
        yield gettext("Place in the queue: %(place)s") % {"place": standing.queue_place}
    if standing.outcome == rules.OFFERED:
        yield gettext("Is it one of these? Open your link to tell us.")
        yield from (_offer(each.answer) for each in standing.suggestions)


def _offer(answer: PublicAnswer) -> str:
    return f"• {_short(answer.question)}\n{answer_url(answer.number)}"


def _answer(letter: Letter, standing: Standing) -> Iterator[str]:
    version = letter.version
    if version is None:
        return
    told_before = any(each.kind == rules.ANSWER for each in standing.told)
    if version.step == rules.WITHDRAW:
        yield gettext("We have withdrawn our answer to your question. Please do not rely on it any more.")
        yield gettext("Why: %(reason)s") % {"reason": version.change}
        yield _link(version.answer.case.number)
        return
    if version.step == rules.CORRECT and told_before:
        yield gettext("We have corrected our answer to your question.")
        yield gettext("What changed: %(change)s") % {"change": version.change}
    else:
        yield gettext("Your question has an answer.")
    yield f"{_short(version.question)}\n{verdict_word(version.rating or version.outcome)}"
    yield version.summary
    cited = version.sources.count()
    sources = ngettext("It cites %(count)s source.", "It cites %(count)s sources.", cited) % {"count": cited}
    yield f"{sources}\n{_link(version.answer.case.number)}"


def _elsewhere(letter: Letter, standing: Standing) -> Iterator[str]:
    found = standing.answer
    if found is None:
        yield gettext("We have received your message. Thank you.")
        return
    yield gettext("Your question was answered by %(publisher)s.") % {"publisher": found.publisher}
    yield "\n".join(part for part in (_short(found.question), found.verdict, found.summary) if part)
    yield _link(found.number)


def _closing(letter: Letter, standing: Standing) -> Iterator[str]:
    yield gettext(
        "Thank you for writing. This is not something that facts can settle: it is an opinion, a prediction or a"
        " private matter. So we give no verdict on it, and we judge neither the view nor whoever holds it."
    )


def _mistaken(letter: Letter, standing: Standing) -> Iterator[str]:
    yield gettext("We told you an answer that belongs to another question. We are sorry. Yours is still open.")
    if standing.queue_place:
        yield gettext("Place in the queue: %(place)s") % {"place": standing.queue_place}


def _question(letter: Letter, standing: Standing) -> Iterator[str]:
    yield gettext("We have a question about your message, so that we can answer it:")
    yield letter.question
    yield gettext("Answer by replying to this message, or on the page of your message. You need not say who you are.")


def _handed_over(letter: Letter, standing: Standing) -> Iterator[str]:
    yield gettext("Your question lies with %(unit)s now, which is responsible for it.") % {"unit": letter.unit}
    yield gettext("You need do nothing: the answer comes to you as before.")


def _link(number: str) -> str:
    return gettext("Read it in full: %(url)s") % {"url": answer_url(number)}


def _short(question: str) -> str:
    return Truncator(question).chars(QUESTION_CHARS)
