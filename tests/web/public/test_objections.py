"""Contest an answer on its page, without an account, and read what became of it."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import ForeignRow
from sangto.desk.models import Case, Objection
from tests.factories import make_answer, make_correction, make_member, send

pytestmark = pytest.mark.django_db
WORDS = "The source says otherwise on page 3."


def answered() -> Case:
    case = send().case
    make_answer(case)
    return case


def contest(client, case: Case, *, lang: str = "en", **form: str):
    values = {"n": "1", "words": WORDS, "nonce": "a" * 32, **form}
    return client.post(f"/{lang}/a/{case.number}/contest", values)


def text_of(response) -> str:
    return response.content.decode()


def test_answer_page_offers_the_form_and_the_form_works(client):
    case = answered()
    assert f"/en/a/{case.number}/contest" in text_of(client.get(f"/en/a/{case.number}"))
    assert client.get(f"/en/a/{case.number}/contest").status_code == 200

    response = contest(client, case)

    made = Objection.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/en/o/{made.number}?done=made")
    assert made.number in text_of(client.get(response["Location"]))
    shown = text_of(client.get(f"/en/a/{case.number}"))
    assert "Contested" in shown
    assert WORDS not in shown


def test_form_sent_twice_makes_one_objection(client):
    case = answered()

    assert contest(client, case)["Location"] == contest(client, case)["Location"]


@pytest.mark.parametrize(("lang", "says"), [("en", "Write what is wrong"), ("vi", "Hãy viết câu trả lời sai ở đâu")])
def test_empty_form_comes_back_in_the_readers_language(client, lang, says):
    prefix = "" if lang == "vi" else "/en"
    case = answered()

    response = client.post(f"{prefix}/a/{case.number}/contest", {"n": "1", "words": " "})

    assert response.status_code == 400
    assert says in text_of(response)


def test_what_was_typed_is_not_lost(client, settings):
    case = answered()
    settings.MESSAGE_MAX_CHARS = 10

    response = contest(client, case)

    assert response.status_code == 400
    assert WORDS in text_of(response)


def test_full_disk_gives_the_form_back_to_be_sent_later(client, monkeypatch):
    case = answered()
    monkeypatch.setattr(import_module("sangto.desk.queries.room").LOOK, "has_room", lambda now: False)

    response = contest(client, case)

    assert (response.status_code, response["Retry-After"]) == (503, "120")
    assert WORDS in text_of(response)


@pytest.mark.parametrize("n", ["7", "-1", "x", "9" * 30])
def test_version_that_is_not_there(client, n):
    case = answered()

    assert contest(client, case, n=n).status_code == (404 if n == "7" else 303)


def test_foreign_answers_are_not_ours_to_decide(client):
    row = ForeignRow("7", "Viện Kiểm chứng", "Muối trị cận thị?", "Không.", "Không có cơ sở.", "Sai sự thật",
                     "https://example.org/7", date(2025, 3, 1))  # fmt: skip
    actions.import_answers([row], now=timezone.now())
    case = Case.objects.get()

    assert client.get(f"/en/a/{case.number}/contest").status_code == 404
    assert contest(client, case).status_code == 404
    assert f"/en/a/{case.number}/contest" not in text_of(client.get(f"/en/a/{case.number}"))


def test_decision_is_public_with_its_reasons(client):
    case = answered()
    contest(client, case)
    made = Objection.objects.get()
    make_correction(case, now=timezone.now())
    actions.rule_on(
        made, kind="corrected", reasons="Trang 3 nói khác.", by=make_member(role="approver"), now=timezone.now()
    )

    shown = text_of(client.get(f"/en/o/{made.number}"))

    assert "Corrected: the answer was changed" in shown
    assert "Trang 3 nói khác." in shown
    assert WORDS not in shown
    assert "Contested" not in text_of(client.get(f"/en/a/{case.number}"))
    assert made.number in text_of(client.get("/en/objections?view=decided"))


def test_list_says_what_is_overdue(client):
    version = make_answer(send().case)
    actions.object_to(version, words=WORDS, lang="en", nonce="1", now=timezone.now() - timedelta(days=40))

    shown = text_of(client.get("/en/objections"))

    assert "1 objection is overdue." in shown


@pytest.mark.parametrize("number", ["O2026-000001", "O2026-x", "O", "2026-000001", "O2026-" + "9" * 40])
def test_unknown_objection_is_not_found(client, number):
    assert client.get(f"/en/o/{number}").status_code == 404
