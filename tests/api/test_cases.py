"""The staff API: the same actions and refusals as the pages."""

from datetime import timedelta

import pytest

from sangto.desk import actions
from sangto.desk.models import AnswerVersion
from sangto.people.actions import issue_token
from tests.factories import HOSPITAL, LAMP, NOW, TICKS, content, make_answer, make_member, make_version, send

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases"
DRAFT = {
    "question": "Nước chanh nóng có chữa được ung thư không?",
    "verdict": "false",
    "summary": "Không đúng.",
    "text": "Chưa có bằng chứng nào.",
    "sources": [{"title": "Trang chủ", "publisher": "Bộ Y tế", "url": "https://moh.gov.vn/", "dated_on": "2026-11-10"}],
}


def signed(caller, role="editor"):
    """The caller, from now on with the token of a new member."""
    member = make_member(role=role)
    caller.headers = {"authorization": f"Bearer {issue_token(member, now=NOW, may_approve=True)}"}
    return member


def code_of(response):
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""), ("get", "/2026-000001"), ("put", "/2026-000001/draft"), ("post", "/2026-000001/review"),
        ("post", "/2026-000001/approval"), ("post", "/2026-000001/correction"), ("post", "/2026-000001/withdrawal"),
        ("post", "/2026-000001/highlights"), ("post", "/2026-000001/questions"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer wrong", "Basic eDp5", "Bearer \xe9", "bearer x y"])
def test_nothing_without_a_token(caller, method, path, header):
    send()
    caller.headers = {} if header is None else {"authorization": header}

    response = caller.send(CASES + path, {} if method != "get" else None, method=method)

    assert code_of(response) == (401, "not_signed_in")
    assert response["WWW-Authenticate"] == "Bearer"


def test_token_of_one_who_left_opens_nothing(caller):
    member = signed(caller)
    type(member).objects.filter(pk=member.pk).update(left_at=NOW)

    assert code_of(caller.get(CASES)) == (401, "not_signed_in")


def test_inbox_has_views_and_orders(caller):
    signed(caller)
    one, two = send(HOSPITAL).case, send(LAMP, kind="problem").case
    send(LAMP, kind="problem", now=NOW + timedelta(minutes=1))
    make_answer(send("Có phải mai nghỉ học không?").case)

    by_age, by_asked = caller.get(CASES).json(), caller.get(f"{CASES}?order=asked").json()

    assert [case["number"] for case in by_age["cases"]] == [one.number, two.number]
    assert [(case["number"], case["asked"]) for case in by_asked["cases"]] == [(two.number, 2), (one.number, 1)]
    assert by_age["next_page"] is None
    assert len(caller.get(f"{CASES}?view=answered").json()["cases"]) == 1
    assert code_of(caller.get(f"{CASES}?view=all")) == (400, "bad_value")


def test_inbox_costs_the_same_for_one_and_three(caller, django_assert_num_queries):
    signed(caller)
    send(HOSPITAL)
    with django_assert_num_queries(7):
        assert len(caller.get(CASES).json()["cases"]) == 1
    send(LAMP, kind="problem")
    make_version(send("Có phải mai nghỉ học không?").case)

    with django_assert_num_queries(7):
        assert len(caller.get(CASES).json()["cases"]) == 3


def test_case_shows_its_messages_and_versions(caller):
    signed(caller)
    case = send(HOSPITAL).case
    send(HOSPITAL)
    make_version(case)

    body = caller.get(f"{CASES}/{case.number}", accept_language="en").json()

    assert [(each["text"], each["decided_by"], each["sureness"]) for each in body["messages"]] == [
        (HOSPITAL, "engine", None),
        (HOSPITAL, "engine", 1.0),
    ]
    assert body["messages"][1]["reasons"] == ["100 % same text"]
    assert [(each["n"], each["state"], each["verdict"]) for each in body["versions"]] == [(1, "in_review", "false")]


def test_answer_goes_from_draft_to_the_public_and_is_corrected_and_withdrawn(caller):
    case = send(HOSPITAL).case
    path = f"{CASES}/{case.number}"
    writer = signed(caller)
    headers = dict(caller.headers)
    assert caller.send(f"{path}/draft", DRAFT, method="put").json()["state"] == "draft"
    assert caller.send(f"{path}/review", {"ticks": list(TICKS)}).json()["state"] == "in_review"
    signed(caller, "approver")
    approver = dict(caller.headers)
    published = caller.send(f"{path}/approval", {"ticks": list(TICKS)}).json()
    assert (published["state"], published["written_by"]) == ("published", str(writer))

    caller.headers = headers
    assert caller.send(f"{path}/correction").json()["n"] == 2
    caller.send(f"{path}/draft", {**DRAFT, "verdict": "misleading", "change": "Rõ hơn."}, method="put")
    assert caller.send(f"{path}/review", {"ticks": list(TICKS)}).status_code == 200
    caller.headers = approver
    assert caller.send(f"{path}/approval", {"ticks": list(TICKS)}).json()["verdict"] == "misleading"
    caller.headers = headers
    assert caller.send(f"{path}/withdrawal", {"change": "Nguồn sai."}).json()["state"] == "in_review"
    caller.headers = approver
    caller.send(f"{path}/approval", {"ticks": list(TICKS)})

    caller.headers = {}
    body = caller.get(f"/api/v1/answers/{case.number}").json()
    assert [version["step"] for version in body["versions"]] == ["withdraw", "correct", "publish"]
    assert body["withdrawn"] is True


@pytest.mark.parametrize(
    ("change", "step", "refusal"),
    [
        ({"sources": []}, "review", (409, "no_source")),
        ({"verdict": "not_checkable"}, "draft", (409, "unknown_verdict")),
        ({"verdict": "fixed"}, "draft", (409, "unknown_verdict")),
        ({"verdict": ""}, "review", (409, "unknown_verdict")),
        ({"text": " "}, "review", (409, "incomplete")),
        ({"summary": "x" * 301}, "draft", (409, "too_long")),
        ({"sources": [{**DRAFT["sources"][0], "url": "javascript:alert(1)"}]}, "draft", (409, "bad_source")),
        ({"sources": [{**DRAFT["sources"][0], "dated_on": "soon"}]}, "draft", (400, "wrong_type")),
        ({"sources": [{"title": "x"}]}, "draft", (400, "missing_field")),
        ({"written_by": 1}, "draft", (400, "unknown_field")),
    ],
)
def test_draft_that_does_not_do_is_refused(caller, change, step, refusal):
    signed(caller)
    path = f"{CASES}/{send(HOSPITAL).case.number}"

    response = caller.send(f"{path}/draft", {**DRAFT, **change}, method="put")
    if step == "review":
        assert response.status_code == 200
        response = caller.send(f"{path}/review", {"ticks": list(TICKS)})

    assert code_of(response) == refusal
    assert not AnswerVersion.objects.exclude(state="draft").exists()


def test_own_text_is_not_approved(caller):
    approver = signed(caller, "approver")
    case = send(HOSPITAL).case
    make_version(case, by=approver)

    assert code_of(caller.send(f"{CASES}/{case.number}/approval", {"ticks": list(TICKS)})) == (409, "own_text")
    assert not AnswerVersion.objects.filter(state="published").exists()


def test_version_that_was_rewritten_since_it_was_read_is_not_approved(caller):
    signed(caller, "approver")
    case = send(HOSPITAL).case
    version = make_version(case)
    path = f"{CASES}/{case.number}"
    read = caller.get(path).json()["versions"][0]["mark"]
    actions.send_back(version, note="", by=version.written_by)
    again = actions.draft(case, content=content(case, summary="Khác."), by=version.written_by, now=NOW)
    actions.submit(again, by=version.written_by, ticks=TICKS)

    response = caller.send(f"{path}/approval", {"mark": read, "ticks": list(TICKS)})

    assert code_of(response) == (409, "rewritten")
    fresh = caller.get(path).json()["versions"][0]["mark"]
    assert caller.send(f"{path}/approval", {"mark": fresh, "ticks": list(TICKS)}).json()["state"] == "published"


def test_editor_does_not_approve(caller):
    signed(caller)
    case = send(HOSPITAL).case
    make_version(case)

    assert code_of(caller.send(f"{CASES}/{case.number}/approval", {"ticks": list(TICKS)})) == (403, "not_allowed")


def test_steps_out_of_order_are_refused(caller):
    signed(caller, "approver")
    path = f"{CASES}/{send(HOSPITAL).case.number}"

    assert code_of(caller.send(f"{path}/review", {"ticks": list(TICKS)})) == (409, "not_draft")
    assert code_of(caller.send(f"{path}/approval", {"ticks": list(TICKS)})) == (409, "not_in_review")
    assert code_of(caller.send(f"{path}/correction")) == (409, "not_published")
    assert code_of(caller.send(f"{path}/withdrawal", {"change": "x"})) == (409, "not_published")
    caller.send(f"{path}/draft", DRAFT, method="put")
    assert code_of(caller.send(f"{path}/approval", {"ticks": list(TICKS)})) == (409, "not_in_review")
    assert code_of(caller.send(f"{CASES}/2026-999999/approval", {"ticks": list(TICKS)})) == (404, "not_found")


def test_names_are_decided_before_publication(caller):
    editor = signed(caller)
    case = send(HOSPITAL).case
    path = f"{CASES}/{case.number}"
    draft = {**DRAFT, "text": "Ông Nguyễn Văn Khải nói đúng."}

    written = caller.send(f"{path}/draft", draft, method="put").json()
    caller.send(f"{path}/review", {"ticks": list(TICKS)}, method="post")
    signed(caller, role="approver")
    refused = caller.send(f"{path}/approval", {"ticks": list(TICKS)}, method="post")
    body = {"keys": [each["key"] for each in written["highlights"]], "mark": written["mark"]}
    decided = caller.send(f"{path}/highlights", body, method="post").json()
    published = caller.send(f"{path}/approval", {"ticks": list(TICKS)}, method="post").json()

    place = {"key": "text-4-19", "field": "text", "start": 4, "end": 19, "kind": "name"}
    assert written["highlights"] == [{**place, "may_be_public": False}]
    assert code_of(refused) == (409, "undecided")
    assert decided["highlights"] == [{**place, "may_be_public": True}]
    assert (published["state"], published["highlights"]) == ("published", [])
    assert AnswerVersion.objects.get().written_by == editor


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"keys": []}, "nothing_chosen"),
        ({"keys": ["text-0-1"]}, "rewritten"),
        ({"keys": ["x"], "mark": "1-2"}, "rewritten"),
    ],
)
def test_decision_that_does_not_fit_is_refused(caller, body, code):
    signed(caller)
    case = send(HOSPITAL).case
    caller.send(f"{CASES}/{case.number}/draft", DRAFT, method="put")

    assert code_of(caller.send(f"{CASES}/{case.number}/highlights", body, method="post")) == (409, code)


def test_there_is_nothing_to_decide_without_a_version(caller):
    signed(caller)
    case = send(HOSPITAL).case

    response = caller.send(f"{CASES}/{case.number}/highlights", {"keys": ["x"]}, method="post")

    assert code_of(response) == (409, "not_open")
