"""The page of one answer: ours, another's, corrected, withdrawn, merged away."""

import json
import re
from datetime import date

import pytest

from sangto.desk import actions
from sangto.desk.actions import ForeignRow
from sangto.desk.models import Case
from tests.factories import (
    HOSPITAL,
    LAMP,
    NOW,
    content,
    make_answer,
    make_correction,
    make_member,
    make_unit,
    make_withdrawal,
    send,
)

pytestmark = pytest.mark.django_db


def page(client, case: Case) -> str:
    response = client.get(f"/en/a/{case.number}")
    assert response.status_code == 200
    return response.content.decode()


def json_ld(html: str) -> str | None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return found[1] if found else None


def answered(**changes: object) -> Case:
    case = send().case
    make_answer(case, question=HOSPITAL, **changes)
    return case


def test_page_tells_who_what_and_on_which_sources(client):
    make_unit()
    case = answered()

    html = page(client, case)

    assert f'<h1 lang="vi">{HOSPITAL}</h1>' in html
    assert re.findall(r"<dd>(Editor|Approver|Phường Sông Xanh|1)</dd>", html) == [
        "Phường Sông Xanh",
        "Editor",
        "Approver",
        "1",
    ]
    assert '<a href="https://moh.gov.vn/" rel="noopener noreferrer">Trang chủ Bộ Y tế</a>' in html
    assert f'<link rel="canonical" href="http://localhost:8000/a/{case.number}">' in html


def test_rating_is_a_word_and_a_class(client):
    assert '<span class="verdict verdict-false large">False</span>' in page(client, answered())


def test_page_names_no_member(client):
    html = page(client, answered())

    assert re.findall(r"editor\d|approver\d", html, re.IGNORECASE) == []


def test_claim_carries_claim_review(client):
    case = answered()

    review = json.loads(json_ld(page(client, case)))

    assert (review["@type"], review["claimReviewed"]) == ("ClaimReview", HOSPITAL)


def test_claim_review_cannot_end_its_script(client):
    case = answered(summary="</script><script>alert(1)</script> & <!--")

    html = page(client, case)

    assert re.findall(r"[<>&]", json_ld(html)) == []
    assert "<script>alert(1)" not in html
    assert json.loads(json_ld(html))["headline"] == "</script><script>alert(1)</script> & <!--"


def test_text_is_paragraphs_and_never_markup(client):
    html = page(client, answered(text="Một\n\nHai <b>đậm</b> {{7*7}}"))

    assert "<p>Một</p>" in html
    assert "<p>Hai &lt;b&gt;đậm&lt;/b&gt; {{7*7}}</p>" in html


def test_problem_has_an_outcome_and_no_claim_review(client):
    case = send(LAMP, kind="problem").case
    make_answer(case, verdict="forwarded")

    html = page(client, case)

    assert '<span class="verdict verdict-forwarded large">Forwarded</span>' in html
    assert json_ld(html) is None


def test_correction_shows_what_changed_word_by_word(client):
    case = answered(text="Uống năm cốc mỗi ngày.")
    make_correction(case, text="Uống hai cốc mỗi ngày.", change="Sửa số cốc.")

    html = page(client, case)

    assert "<del>năm</del><ins>hai</ins>" in html
    assert html.count('<p lang="vi">Sửa số cốc.</p>') == 2
    assert re.findall(r"Version \d: \w+", html) == ["Version 2: Corrected", "Version 1: Published"]


def test_older_version_stays_readable(client):
    case = answered(summary="Câu cũ.")
    make_correction(case, summary="Câu mới.")

    assert "<p>Câu cũ.</p>" in page(client, case)


def test_withdrawn_answer_has_no_rating_and_says_why(client):
    case = answered()
    make_withdrawal(case, change="Nguồn đã sai.")

    html = page(client, case)

    assert "This answer was withdrawn" in html
    assert html.count('<p lang="vi">Nguồn đã sai.</p>') == 2
    assert re.findall(r"verdict-\w+ large", html) == []
    assert json_ld(html) is None


def test_withdrawn_answer_is_not_listed(client):
    case = answered()
    make_withdrawal(case)

    assert [
        case.number in client.get(url).content.decode() for url in ("/en/", "/en/answers", "/en/answers?q=chanh")
    ] == [
        False,
        False,
        False,
    ]


def test_answer_of_another_publisher_is_marked(client):
    row = ForeignRow("7", "Viện Kiểm chứng", "Muối trị cận thị?", "Không.", "Không có cơ sở.", "Sai sự thật",
                     "https://example.org/7", date(2025, 3, 1))  # fmt: skip
    actions.import_answers([row], now=NOW)

    html = page(client, Case.objects.get())

    assert "Answered by Viện Kiểm chứng, not by this desk" in html
    assert '<span class="verdict verdict-foreign large">Sai sự thật</span>' in html
    assert '<a class="button" href="https://example.org/7" rel="noopener noreferrer nofollow">' in html
    assert json_ld(html) is None


def test_merged_number_leads_to_the_one_that_is_kept(client):
    kept = answered()
    gone = send("Câu hỏi khác hẳn về thuế đất ruộng bậc thang").case
    actions.merge(gone, into=kept, by=make_member(), now=NOW)

    response = client.get(f"/en/a/{gone.number}")

    assert (response.status_code, response["Location"]) == (301, f"/en/a/{kept.number}")


@pytest.mark.parametrize("number", ["2026-000999", "1", "abc", "2026-1", "%00", "٢٠٢٦-000001", "2026-" + "9" * 30])
def test_unknown_number_is_not_found(client, number):
    assert client.get(f"/en/a/{number}").status_code == 404


def test_open_case_has_no_page(client):
    assert client.get(f"/en/a/{send().case.number}").status_code == 404


def test_draft_is_not_public(client):
    case = send().case
    actions.draft(case, content=content(case), by=make_member(), now=NOW)

    assert client.get(f"/en/a/{case.number}").status_code == 404


def test_page_asks_as_much_for_three_versions_as_for_two(client, django_assert_max_num_queries):
    case = answered()
    make_correction(case)
    page(client, case)
    with django_assert_max_num_queries(8) as two:
        page(client, case)
    make_correction(case)

    with django_assert_max_num_queries(8) as three:
        page(client, case)

    assert len(three) == len(two)
