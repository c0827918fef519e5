"""Searching and reading answers over the API."""

import pytest

from sangto.desk import actions
from sangto.desk.actions import ForeignRow, import_answers
from sangto.desk.models import ForeignAnswer
from tests.factories import (
    HOSPITAL,
    LAMP,
    NOW,
    make_answer,
    make_correction,
    make_member,
    make_unit,
    make_withdrawal,
    send,
)

pytestmark = pytest.mark.django_db
ANSWERS = "/api/v1/answers"


def foreign(n=1, **changes):
    values = {
        "external_id": f"f{n}",
        "publisher": "Báo Sự Thật",
        "question": f"Ăn tỏi sống chữa cúm loại {n}",
        **changes,
    }
    import_answers([ForeignRow(**values)], now=NOW)
    return ForeignAnswer.objects.select_related("case").get(external_id=values["external_id"])


def test_list_without_words_is_our_newest(caller):
    first = make_answer(send(HOSPITAL).case)
    second = make_answer(send(LAMP, kind="problem").case)
    foreign()

    body = caller.get(ANSWERS).json()

    numbers = [second.answer.case.number, first.answer.case.number]
    assert [answer["number"] for answer in body["answers"]] == numbers
    assert (body["page"], body["next_page"]) == (1, None)
    assert [each["number"] for each in caller.get(f"{ANSWERS}?kind=claim").json()["answers"]] == numbers[1:]


def test_search_finds_ours_and_foreign(caller):
    make_answer(send(HOSPITAL).case)
    other = foreign()

    found = caller.get(f"{ANSWERS}?q=toi song cum&kind=claim").json()["answers"]

    assert [answer["number"] for answer in found] == [other.case.number]
    assert caller.get(f"{ANSWERS}?q=toi song cum&kind=problem").json()["answers"] == []


def test_search_has_pages(caller):
    rows = [ForeignRow(external_id=str(n), publisher="P", question=f"Ăn tỏi sống chữa cúm loại {n}") for n in range(41)]
    import_answers(rows, now=NOW)

    pages = [caller.get(f"{ANSWERS}?q=ăn tỏi sống&page={n}").json() for n in (1, 2, 3)]

    assert [(len(page["answers"]), page["next_page"]) for page in pages] == [(20, 2), (20, 3), (1, None)]
    assert len({answer["number"] for page in pages for answer in page["answers"]}) == 41


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=1001", f"page={'9' * 5000}", "kind=opinion", "q=a&q=b"])
def test_bad_query_is_refused(caller, query):
    response = caller.get(f"{ANSWERS}?{query}")

    assert response.status_code == 400
    assert response.json()["error"]["code"] in {"bad_value", "wrong_type", "repeated_parameter"}


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ed%a0%80", "q=%22%20AND%20(", "q=" + "a%20" * 1000, "q=%20&kind=problem"]
)
def test_odd_words_are_searched(caller, query):
    assert caller.get(f"{ANSWERS}?{query}").status_code == 200


def test_answer_has_its_versions(caller):
    case = send(HOSPITAL).case
    make_answer(case)
    make_correction(case, text="Chưa có bằng chứng nào cả.", verdict="misleading")

    response = caller.get(f"{ANSWERS}/{case.number}")

    body = response.json()
    assert response["Access-Control-Allow-Origin"] == "*"
    assert (body["version"], body["rating"], body["outcome"], body["withdrawn"]) == (2, "misleading", None, False)
    assert [(each["n"], each["step"], each["rating"]) for each in body["versions"]] == [
        (2, "correct", "misleading"),
        (1, "publish", "false"),
    ]
    assert body["versions"][0]["change"] == body["change"] == "Nói rõ hơn về bằng chứng."
    assert {change["kind"] for change in body["versions"][0]["changes"]} == {"same", "added", "removed"}
    assert body["versions"][1]["changes"] == []
    assert body["sources"] == [
        {
            "title": "Trang chủ Bộ Y tế",
            "publisher": "Bộ Y tế",
            "url": "https://moh.gov.vn/",
            "dated_on": "2026-11-10",
            "kept_copy": None,
        }
    ]


def test_foreign_answer_keeps_their_word_and_no_rating(caller):
    number = foreign(verdict="Sai", url="https://suthat.example/1").case.number

    body = caller.get(f"{ANSWERS}/{number}").json()

    assert (body["publisher"], body["verdict"], body["original_url"]) == (
        "Báo Sự Thật",
        "Sai",
        "https://suthat.example/1",
    )
    assert (body["rating"], body["outcome"], body["versions"], body["sources"]) == (None, None, [], [])


def test_withdrawn_answer_can_be_read_and_is_not_listed(caller):
    case = send(HOSPITAL).case
    make_answer(case)
    make_withdrawal(case)

    body = caller.get(f"{ANSWERS}/{case.number}").json()

    assert (body["withdrawn"], body["change"]) == (True, "Nguồn đã sai.")
    assert caller.get(ANSWERS).json()["answers"] == []
    assert caller.get(f"{ANSWERS}?q=nước chanh").json()["answers"] == []


def test_merged_number_leads_to_the_answer(caller):
    kept, gone = send(HOSPITAL).case, send("Một câu hỏi khác hẳn về thời tiết").case
    make_answer(kept)
    actions.merge(gone, into=kept, by=make_member(), now=NOW)

    response = caller.get(f"{ANSWERS}/{gone.number}")

    assert (response.status_code, response["Location"]) == (308, f"https://desk.example{ANSWERS}/{kept.number}")


@pytest.mark.parametrize("number", ["2026-000001", "2025-000001", "x", "1-1", "2026-%00", f"2026-{'9' * 5000}", "../x"])
def test_unknown_number_is_not_found(caller, number):
    send(HOSPITAL)

    response = caller.get(f"{ANSWERS}/{number}")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(("query", "cost"), [("", 3), ("?q=nước", 4)])
def test_list_costs_the_same_for_one_and_three(caller, query, cost, django_assert_num_queries):
    make_unit()  # whose name costs one query however many answers there are
    make_answer(send(HOSPITAL).case)
    caller.get(ANSWERS + query)  # the index follows first
    with django_assert_num_queries(cost):
        assert len(caller.get(ANSWERS + query).json()["answers"]) == 1
    for text in ("Tắm nước lạnh buổi tối gây đột quỵ", "Nước mưa hứng giữa trời pha trà ngon hơn"):
        make_answer(send(text).case)
    caller.get(ANSWERS + query)

    with django_assert_num_queries(cost):
        assert len(caller.get(ANSWERS + query).json()["answers"]) == 3


def test_every_time_in_an_answer_is_utc(caller):
    case = send(HOSPITAL).case
    make_answer(case)

    body = caller.get(f"{ANSWERS}/{case.number}").json()

    times = [body["published_at"], body["changed_at"], body["versions"][0]["published_at"]]
    assert [time[-1] for time in times] == ["Z", "Z", "Z"]
    assert times[0] == times[2]


def test_head_says_what_get_says(caller):
    case = send(HOSPITAL).case
    make_answer(case)

    for path in (ANSWERS, f"{ANSWERS}/{case.number}", f"{ANSWERS}/x", "/api/v1/openapi.json", "/api/v1/cases"):
        read, head = caller.get(path), caller.send(path, method="head")
        assert (head.status_code, head["Content-Type"]) == (read.status_code, read["Content-Type"])
        assert head.content == b""


def test_allowed_methods_name_head_beside_get(caller):
    assert caller.send(ANSWERS)["Allow"] == "GET, HEAD"
