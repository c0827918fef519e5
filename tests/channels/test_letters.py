import pytest
from django.utils import translation

from sangto.channels.letters import letter_text, refusal_text
from sangto.channels.refusals import REFUSALS
from sangto.desk import actions
from sangto.desk.models import Reply
from sangto.desk.queries.messages import follow_token
from sangto.desk.queries.replies import letter_for
from tests.factories import NOW, make_answer, make_correction, make_member, make_withdrawal, send

pytestmark = pytest.mark.django_db
QUESTION = "Is it true that hot lemon water cures cancer?"


def ask(text=QUESTION, **changes):
    return send(text, lang="en", kind="claim", **changes)


def newest_letter(message):
    return letter_text(letter_for(Reply.objects.filter(message=message, void_at__isnull=True).order_by("-pk")[0]))


def told(message):
    actions.follow_up(now=NOW)
    text = newest_letter(message)
    Reply.objects.filter(message=message, void_at__isnull=True).update(done_at=NOW)
    return text


def test_acknowledgement_says_number_place_and_link(settings):
    message = ask()

    text = newest_letter(message)

    assert text == "\n\n".join(
        [
            "We have received your message. Thank you.",
            "Place in the queue: 1",
            f"Your message: {message.number}\nFollow it here: {settings.SITE_URL}/en/f/{follow_token(message)}",
        ]
    )


def test_acknowledgement_of_an_answered_case_names_no_place():
    message = ask()
    make_answer(message.case)

    text = letter_text(letter_for(Reply.objects.get(message=message)))

    assert "Place in the queue" not in text


def test_offers_are_listed_with_their_links(monkeypatch, settings):
    from sangto.desk import matcher
    from sangto.engine.decide import Scored

    answered = ask("Does drinking hot lemon water cure cancer?").case
    make_answer(answered, question="Does hot lemon water cure cancer?")
    offer = matcher.Finding(
        fingerprint="f" * 64, known=None, settled=None, open=None, offers=(Scored(answered.pk, 0.5, ()),)
    )
    monkeypatch.setattr(matcher, "find", lambda text, **rest: offer)

    text = newest_letter(ask("hot lemon?"))

    assert "Is it one of these?" in text
    assert f"• Does hot lemon water cure cancer?\n{settings.SITE_URL}/en/a/{answered.number}" in text


def test_answer_says_verdict_summary_sources_and_link(settings):
    message = ask()
    make_answer(message.case, summary="It does not.")

    text = told(message)

    assert text.startswith(
        f"Your question has an answer.\n\n{QUESTION}\nFalse\n\nIt does not.\n\nIt cites 1 source.\nRead it"
    )
    assert f"{settings.SITE_URL}/en/a/{message.case.number}" in text
    assert message.number in text


def test_correction_says_what_changed():
    message = ask()
    make_answer(message.case)
    told(message)
    make_correction(message.case, change="The evidence is clearer now.", verdict="misleading")

    text = told(message)

    assert "We have corrected our answer" in text
    assert "What changed: The evidence is clearer now." in text
    assert "Missing context" in text


def test_correction_is_plainly_an_answer_for_who_comes_later():
    first = ask()
    make_answer(first.case)
    make_correction(first.case)

    text = newest_letter(ask())

    assert text.startswith("Your question has an answer.")
    assert "corrected" not in text


def test_withdrawal_says_why_and_gives_no_verdict():
    message = ask()
    make_answer(message.case)
    told(message)
    make_withdrawal(message.case, change="The source was wrong.")

    text = told(message)

    assert "We have withdrawn our answer" in text
    assert "Why: The source was wrong." in text
    assert "False" not in text


def test_foreign_answer_names_its_publisher_and_their_verdict():
    row = actions.ForeignRow(
        external_id="1", publisher="AFP Fact Check", question=QUESTION, verdict="Hoax", summary="No."
    )
    actions.import_answers([row], now=NOW)
    message = ask()

    text = told(message)

    assert "Your question was answered by AFP Fact Check." in text
    assert f"{QUESTION}\nHoax\nNo." in text


def test_closing_is_kind_and_rates_nothing():
    message = ask("The mayor is the best mayor ever")
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)

    text = told(message)

    assert "not something that facts can settle" in text
    assert message.number in text


def test_letter_is_in_the_language_of_its_message(monkeypatch):
    seen = []
    override = translation.override
    monkeypatch.setattr(translation, "override", lambda lang: seen.append(lang) or override(lang))

    newest_letter(send(lang="vi"))

    assert seen == ["vi"]


def test_letter_of_the_longest_texts_fits_telegram():
    message = ask("a question " * 300)
    make_answer(message.case, question="q" * 300, summary="s" * 300)
    told(message)
    make_correction(message.case, question="q" * 300, summary="s" * 300, change="c" * 500)

    assert len(told(message)) < 4096


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_refusal_is_filled_in(code):
    text = refusal_text(code, lang="en")

    assert text
    assert "%(" not in text


def test_unknown_refusal_has_words_all_the_same():
    assert refusal_text("something_new", lang="en") == refusal_text("not_text", lang="en")
