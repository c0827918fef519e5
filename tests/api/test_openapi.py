"""The OpenAPI document: valid, committed, and kept by the responses."""

import json
from pathlib import Path

import jsonschema
import pytest
from openapi_spec_validator import validate

from sangto.desk.actions import ForeignRow, import_answers
from sangto.people.actions import issue_token
from tests.factories import HOSPITAL, LAMP, NOW, TICKS, make_answer, make_correction, make_member, make_version, send

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api"
pytestmark = pytest.mark.django_db


@pytest.fixture
def document(caller):
    return caller.get("/api/v1/openapi.json").json()


def check(document, response, operation_id):
    """The response is one that the document promises for this operation."""
    operations = [each for path in document["paths"].values() for each in path.values()]
    (operation,) = [each for each in operations if each["operationId"] == operation_id]
    promised = operation["responses"][str(response.status_code)]["content"]["application/json"]["schema"]
    schema = {**promised, "components": document["components"]}
    jsonschema.validate(
        response.json(), schema, jsonschema.Draft202012Validator, format_checker=jsonschema.FormatChecker()
    )


def test_document_is_valid(document):
    validate(document)


def test_committed_copy_is_equal(document):
    committed = DOCS / "openapi.json"

    assert json.loads(committed.read_text()) == document, "renew it: .venv/bin/python -m tests.api.renew_openapi"


def test_every_operation_is_described(document):
    operations = [each for path in document["paths"].values() for each in path.values()]

    assert len(operations) == 23
    assert [each["operationId"] for each in operations if not (each.get("description") and each["summary"])] == []


def test_document_is_open_to_all_sites(caller):
    assert caller.get("/api/v1/openapi.json")["Access-Control-Allow-Origin"] == "*"


def test_messages_answer_as_promised(caller, document):
    case = send(HOSPITAL).case
    make_answer(case)

    sent = caller.send("/api/v1/messages", {"text": HOSPITAL}, idempotency_key="k")
    token = sent.json()["follow_url"].rpartition("/")[2]

    check(document, sent, "send_message")
    check(document, caller.send("/api/v1/messages", {"text": HOSPITAL}, idempotency_key="k"), "send_message")
    check(document, caller.send("/api/v1/messages", {"text": LAMP}, idempotency_key="k"), "send_message")
    check(document, caller.send("/api/v1/messages", {}), "send_message")
    check(document, caller.client.post("/api/v1/messages", "x", "text/plain"), "send_message")
    check(document, caller.get(f"/api/v1/messages/{token}"), "follow_message")
    check(document, caller.send(f"/api/v1/messages/{token}/choice", {"answer": None}), "choose_answer")
    check(document, caller.send(f"/api/v1/messages/{token}/choice", {"answer": case.number}), "choose_answer")
    check(document, caller.get("/api/v1/messages/x"), "follow_message")


def test_answers_answer_as_promised(caller, document):
    case = send(HOSPITAL).case
    make_answer(case)
    make_correction(case)
    import_answers([ForeignRow(external_id="1", publisher="Báo", question="Muối trị cận thị")], now=NOW)

    check(document, caller.get("/api/v1/answers"), "list_answers")
    found = caller.get("/api/v1/answers?q=muối cận thị")
    check(document, found, "list_answers")
    check(document, caller.get("/api/v1/answers?page=0"), "list_answers")
    check(document, caller.get(f"/api/v1/answers/{case.number}"), "read_answer")
    check(document, caller.get(f"/api/v1/answers/{found.json()['answers'][0]['number']}"), "read_answer")
    check(document, caller.get("/api/v1/answers/x"), "read_answer")


def test_cases_answer_as_promised(caller, document):
    case = send(HOSPITAL).case
    make_version(case)
    check(document, caller.get("/api/v1/cases"), "list_cases")
    caller.headers = {"authorization": f"Bearer {issue_token(make_member(role='approver'), now=NOW, may_approve=True)}"}

    check(document, caller.get("/api/v1/cases"), "list_cases")
    check(document, caller.get(f"/api/v1/cases/{case.number}"), "read_case")
    check(document, caller.send(f"/api/v1/cases/{case.number}/draft", {}, method="put"), "write_draft")
    check(document, caller.send(f"/api/v1/cases/{case.number}/approval", {"ticks": list(TICKS)}), "approve")
    check(document, caller.send(f"/api/v1/cases/{case.number}/approval", {"ticks": list(TICKS)}), "approve")
    check(document, caller.send(f"/api/v1/cases/{case.number}/correction"), "start_correction")
    check(document, caller.send(f"/api/v1/cases/{case.number}/review", {"ticks": list(TICKS)}), "send_to_review")
    check(document, caller.send(f"/api/v1/cases/{case.number}/withdrawal", {"change": "x"}), "start_withdrawal")


def test_response_that_breaks_the_promise_is_seen(caller, document):
    response = caller.get("/api/v1/answers")
    response.json = lambda: {"answers": [{}], "page": 1}

    with pytest.raises(jsonschema.ValidationError):
        check(document, response, "list_answers")
