"""Contesting over the API, and reading what became of it."""

import pytest
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import Objection
from tests.factories import make_answer, make_member, send

pytestmark = pytest.mark.django_db
WORDS = "The source says otherwise on page 3."


@pytest.fixture
def case():
    version = make_answer(send().case)
    return version.answer.case


def path(case) -> str:
    return f"/api/v1/answers/{case.number}/objections"


def test_objection_is_kept_shown_and_repeated(caller, case):
    first = caller.send(path(case), {"text": WORDS}, idempotency_key="k1")
    again = caller.send(path(case), {"text": WORDS}, idempotency_key="k1")

    made = Objection.objects.get()
    body = first.json()
    assert (first.status_code, again.json()) == (201, body)
    assert (body["number"], body["version"], body["ruling"]) == (made.number, 1, None)
    assert body["url"] == f"https://desk.example/o/{made.number}"
    assert caller.get(f"/api/v1/objections/{made.number}").json() == body
    assert caller.get("/api/v1/objections?view=open").json()["objections"] == [body]
    assert caller.get(f"/api/v1/answers/{case.number}").json()["contested"] is True


def test_other_words_under_one_key_are_refused(caller, case):
    caller.send(path(case), {"text": WORDS}, idempotency_key="k1")

    assert caller.send(path(case), {"text": "Else"}, idempotency_key="k1").status_code == 422


def test_ruling_comes_with_what_checks_its_leaf(caller, case):
    caller.send(path(case), {"text": WORDS})
    made = Objection.objects.get()
    ruling = actions.rule_on(
        made, kind="kept", reasons="Nguồn nói đúng.", by=make_member(role="approver"), now=timezone.now()
    )

    shown = caller.get(f"/api/v1/objections/{made.number}").json()["ruling"]

    assert (shown["kind"], shown["reasons"], shown["by_role"]) == ("kept", "Nguồn nói đúng.", "approver")
    assert (shown["leaf_hash"], shown["salt"]) == (ruling.leaf_hash, ruling.salt)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": ""}, 400, "empty"),
        ({"text": "a" * 4001}, 400, "too_long"),
        ({"text": WORDS, "version": 9}, 404, "not_found"),
        ({"text": WORDS, "version": 0}, 400, "bad_value"),
        ({"text": WORDS, "who": "me"}, 400, "unknown_field"),
        ({}, 400, "missing_field"),
    ],
)
def test_what_does_not_fit_is_refused(caller, case, body, status, code):
    response = caller.send(path(case), body)

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize("number", ["2026-000999", "O2026-000001"])
def test_unknown_answer_and_objection(caller, number):
    assert caller.send(f"/api/v1/answers/{number}/objections", {"text": WORDS}).status_code == 404
    assert caller.get(f"/api/v1/objections/{number}").status_code == 404
