import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sangto.desk.models import Case
from sangto.people.models import Unit, UnitPeriod
from tests.factories import HOSPITAL, NOW, make_answer, make_member, make_version, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db

ASKED = "Đổi căn cước mất 500 nghìn đồng có đúng không?"
ANSWERED = "Đổi căn cước mất 50.000 đồng có đúng không?"


@pytest.fixture
def client():
    return signed_in(make_member("lan"))


def asked_and_answered(asked: str = ASKED, answered: str = ANSWERED, **more: str) -> tuple[Case, Case]:
    case, other = send(asked).case, send(f"{answered} (hỏi từ trước)", place="Khu phố 9").case
    make_answer(other, **{"question": answered, "summary": "Có.", **more})
    return case, other


def test_a_published_answer_stands_beside_what_is_asked(client):
    case, answered = asked_and_answered()

    response = client.get(at("case", case))

    page = Page(response)
    assert [each.answer.number for each in response.context["beside"]] == [answered.number]
    said = ("What is asked", "What was answered", "Có.", "Different number: 500 nghìn đồng / 50.000 đồng")
    assert [text for text in said if not page.shows(text)] == []
    assert page.shows('<mark class="differs">50.000 đồng<span class="hidden-visually"> (differs: number)</span></mark>')


def test_answering_with_it_merges_into_the_answered_case(client):
    case, answered = asked_and_answered()
    page = Page(client.get(at("case", case)))

    client.post(at("merge", case), {"number": answered.number})

    case.refresh_from_db()
    assert f"Answer with {answered.number}" in page.buttons
    assert case.merged_into_id == answered.pk


@pytest.mark.parametrize("role", ["auditor", "dispatcher"])
def test_who_may_not_sort_cases_reads_it_without_the_button(role):
    case, answered = asked_and_answered()

    page = Page(signed_in(make_member("an", role=role)).get(at("case", case)))

    assert page.shows("What was answered")
    assert f"Answer with {answered.number}" not in page.buttons


NEAR_MISSES = {
    "date": (
        "Từ ngày 5/7/2026 cấm xe tải vào chợ?",
        "Từ ngày 15 tháng 7 năm 2026 cấm xe tải vào chợ?",
        "Different date: 5/7/2026 / 15 tháng 7 năm 2026",
    ),
    "place": (
        "Phường Bến Nghé thu phí vỉa hè?",
        "Phường Đa Kao thu phí vỉa hè?",
        "Different place: Phường Bến Nghé / Phường Đa Kao",
    ),
    "negation": (
        "Học sinh không được mang điện thoại vào lớp?",
        "Học sinh được mang điện thoại vào lớp?",
        "One of them is negated: what is asked says “không”",
    ),
    "none": (
        "Xã thu phí rác 30.000 đồng mỗi tháng?",
        "Xã thu phí rác ba mươi nghìn đồng mỗi tháng?",
        "No number, date, place or negation was found to differ.",
    ),
}


@pytest.mark.parametrize(("asked", "answered", "line"), NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_what_differs_is_said_in_words(client, asked, answered, line):
    case, _ = asked_and_answered(asked, answered)

    assert Page(client.get(at("case", case))).shows(line)


def test_a_name_that_a_unit_ever_had_is_a_place(client):
    one, _ = asked_and_answered("Bến đò Tân Lập thu phí gửi xe?", "Bến đò Mỹ Hưng thu phí gửi xe?")
    for name, stem in (("Xã Tân Lập", "tan lap"), ("Xã Mỹ Hưng", "my hung")):
        UnitPeriod.objects.create(
            unit=Unit.objects.create(created_on=NOW.date()),
            valid_from=NOW.date(),
            kind="commune",
            level=3,
            name=name,
            scheme="test",
            code=stem,
            key=f"xa {stem}",
            stem=stem,
        )

    assert Page(client.get(at("case", one))).shows("Different place: Tân Lập / Mỹ Hưng")


def test_nothing_stands_beside_a_case_whose_answer_is_begun(client):
    case, _ = asked_and_answered()
    make_version(case)

    assert client.get(at("case", case)).context["beside"] == []


def test_text_of_a_person_is_shown_as_text(client):
    case, _ = asked_and_answered("<b>500</b> nghìn đồng để đổi căn cước có đúng không?", ANSWERED)

    page = Page(client.get(at("case", case)))

    assert page.shows("What was answered")
    assert not page.shows("<b>500")


def test_three_answers_cost_as_many_queries_as_one(client):
    case = send("đổi căn cước mất bao nhiêu").case

    asked, shown = [], []
    for thousands in (50, 60, 70):
        question = f"Đổi căn cước mất {thousands}.000 đồng có đúng không?"
        make_answer(send(question, place=str(thousands)).case, question=question)
        client.get(at("case", case))  # this process's index follows what changed, however much that is
        with CaptureQueriesContext(connection) as queries:
            shown.append(len(client.get(at("case", case)).context["beside"]))
        asked.append(len(queries))

    assert shown == [1, 2, 3]
    assert asked == [asked[0]] * 3


def test_a_question_about_something_else_has_nothing_beside_it(client):
    case = send(HOSPITAL).case

    assert client.get(at("case", case)).context["beside"] == []
