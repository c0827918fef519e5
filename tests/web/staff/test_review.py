from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import AnswerVersion
from sangto.desk.queries.approvals import content_hash
from tests.factories import (
    SOURCE,
    TICKS,
    content,
    make_answer,
    make_correction,
    make_member,
    make_version,
    make_withdrawal,
    send,
)
from tests.web.staff.pages import Page, at, signed_in, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan():
    return make_member("lan")


@pytest.fixture
def minh():
    return make_member("minh", role="approver")


def newest(case) -> AnswerVersion:
    return AnswerVersion.objects.filter(answer__case=case).latest("n")


def seen_by(client, case) -> dict[str, Any]:
    """What the page of a version under work sends back, so that it is decided on what was read."""
    return {"seen": Page(client.get(at("case", case))).values["seen"], "tick": list(TICKS)}


def mark(version: AnswerVersion) -> dict[str, str]:
    return {"seen": content_hash(version)}


def test_approver_reads_exactly_what_the_public_will_read(lan, minh):
    case = send().case
    version = make_version(case, by=lan)

    page = Page(signed_in(minh).get(at("case", case)))

    said = (
        version.question,
        version.summary,
        "Hãy hỏi bác sĩ của bạn.",
        SOURCE.title,
        SOURCE.publisher,
        SOURCE.url,
        "False",
    )
    assert [text for text in said if not page.shows(text)] == []
    assert {at("publish", case), at("send-back", case)} <= page.forms
    assert at("write", case) not in page.forms


def test_second_person_publishes(lan, minh):
    case = send().case
    make_version(case, by=lan)
    client = signed_in(minh)

    response = client.post(at("publish", case), seen_by(client, case))

    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=published")
    assert (newest(case).state, newest(case).approved_by) == ("published", minh)
    assert Page(client.get(response.url)).shows("Published. Everybody who asked will be told.")


def test_approver_of_their_own_text_is_offered_no_button(minh):
    case = send().case
    make_version(case, by=minh)

    page = Page(signed_in(minh).get(at("case", case)))

    assert page.shows("Waiting for a second person")
    assert at("publish", case) not in page.forms
    assert "Take it back to draft" in page.buttons


def test_approval_of_own_text_is_refused(minh):
    case = send().case
    make_version(case, by=minh)
    client = signed_in(minh)

    response = client.post(at("publish", case), seen_by(client, case))

    assert response.status_code == 409
    assert Page(response).shows("You wrote this text, so somebody else has to approve it.")
    assert newest(case).state == "in_review"


def test_editor_is_offered_no_approval(lan):
    case = send().case
    make_version(case)

    page = Page(signed_in(lan).get(at("case", case)))

    assert page.shows("An approver decides about it.")
    assert {at("publish", case), at("send-back", case)} & page.forms == set()


@pytest.mark.parametrize("action", ["publish", "send-back"])
def test_decision_by_an_editor_is_refused(lan, action):
    case = send().case
    version = make_version(case)

    response = signed_in(lan).post(at(action, case), mark(version))

    assert response.status_code == 409
    assert Page(response).shows("Your role on the desk does not allow this.")
    assert newest(case).state == "in_review"


def test_approval_of_a_draft_is_refused(lan, minh):
    case = send().case
    version = actions.draft(case, content=content(case), by=lan, now=timezone.now())

    response = signed_in(minh).post(at("publish", case), mark(version))

    assert response.status_code == 409
    assert Page(response).shows("This version is not in review any more.")
    assert newest(case).state == "draft"


def test_approval_of_a_text_that_changed_is_refused(lan, minh):
    case = send().case
    version = make_version(case, by=lan)
    client = signed_in(minh)
    seen = seen_by(client, case)
    actions.send_back(version, note="", by=lan)
    later = timezone.now() + timedelta(minutes=1)
    changed = actions.draft(case, content=content(case, summary="Đúng."), by=lan, now=later)
    actions.submit(changed, by=lan, ticks=TICKS)

    response = client.post(at("publish", case), seen)

    assert response.status_code == 409
    assert Page(response).shows("The text changed after you opened this page.")
    assert newest(case).state == "in_review"


@pytest.mark.parametrize("data", [{}, {"seen": "x"}])
def test_approval_of_nothing_seen_is_refused(lan, minh, data):
    case = send().case
    make_version(case, by=lan)

    assert signed_in(minh).post(at("publish", case), data).status_code == 409


def test_approval_twice_is_refused_and_changes_nothing(lan, minh):
    case = send().case
    make_version(case, by=lan)
    client = signed_in(minh)
    seen = seen_by(client, case)
    client.post(at("publish", case), seen)

    assert client.post(at("publish", case), seen).status_code == 409
    assert newest(case).state == "published"


def test_text_sent_back_is_a_draft_with_its_note(lan, minh):
    case = send().case
    make_version(case, by=lan)
    client = signed_in(minh)

    response = client.post(at("send-back", case), {**seen_by(client, case), "note": "Thiếu ngày."})

    page = Page(signed_in(lan).get(at("case", case)))
    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=sent_back")
    assert page.shows("Thiếu ngày.")
    assert at("write", case) in page.forms


def test_refused_note_is_kept(lan, minh):
    case = send().case
    make_version(case, by=lan)

    response = signed_in(minh).post(at("send-back", case), {"seen": "old", "note": "Thiếu ngày."})

    assert response.status_code == 409
    assert Page(response).values["note"] == "Thiếu ngày."


def test_note_loses_what_no_database_keeps(lan, minh):
    case = send().case
    make_version(case, by=lan)
    client = signed_in(minh)

    client.post(at("send-back", case), {**seen_by(client, case), "note": "Thiếu\0 ngày.\r\nVà nguồn."})

    assert newest(case).review_note == "Thiếu ngày.\nVà nguồn."


def test_writer_takes_the_text_back(lan):
    case = send().case
    make_version(case, by=lan)
    client = signed_in(lan)

    response = client.post(at("send-back", case), seen_by(client, case))

    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=taken_back")
    assert newest(case).state == "draft"


def test_correction_starts_as_a_copy_and_asks_what_changes(lan):
    case = send().case
    make_answer(case)
    client = signed_in(lan)

    response = client.post(at("correct", case))

    page = Page(client.get(response.url))
    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=correcting")
    assert (page.values["summary"], page.values["change"]) == (newest(case).summary, "")


def test_correction_without_a_note_is_refused_and_kept(lan):
    case = send().case
    make_answer(case)
    client = signed_in(lan)
    client.post(at("correct", case))

    response = client.post(at("write", case), typed(do="submit", change="", summary="Sửa lại."))

    assert response.status_code == 409
    assert Page(response).shows("Say what changes and why. Everybody will read this.")
    assert (newest(case).state, newest(case).summary) == ("draft", "Sửa lại.")


def test_approver_sees_the_changed_words_of_a_correction(lan, minh):
    case = send().case
    make_answer(case)
    actions.start_correction(case, by=lan, now=timezone.now())
    text = "Chưa có bằng chứng nào cho thấy nước chanh nóng chữa được ung thư.\n\nHãy hỏi dược sĩ của bạn."
    values = {"text": text, "verdict": "unproven", "change": "Đổi người để hỏi."}
    actions.submit(
        actions.draft(case, content=content(case, **values), by=lan, now=timezone.now()), by=lan, ticks=TICKS
    )

    page = Page(signed_in(minh).get(at("case", case)))

    said = ("<del>bác</del><ins>dược</ins>", "before: False", "Đổi người để hỏi.")
    assert [each for each in said if not page.shows(each)] == []


def test_approver_sees_which_sources_changed(lan, minh):
    case = send().case
    make_answer(case)
    actions.start_correction(case, by=lan, now=timezone.now())
    new = SOURCE.__class__("Sổ tay", "Bộ Y tế", "https://moh.gov.vn/so-tay", SOURCE.dated_on)
    values = {"sources": [new], "change": "Đổi nguồn."}
    actions.submit(
        actions.draft(case, content=content(case, **values), by=lan, now=timezone.now()), by=lan, ticks=TICKS
    )

    sources = signed_in(minh).get(at("case", case)).context["reading"].sources

    assert [(row.source.title, row.mark) for row in sources] == [("Sổ tay", "added"), (SOURCE.title, "removed")]


def test_second_correction_beside_an_open_one_is_refused(lan):
    case = send().case
    make_answer(case)
    actions.start_correction(case, by=make_member(), now=timezone.now())

    response = signed_in(lan).post(at("correct", case))

    assert response.status_code == 409
    assert Page(response).shows("A next version is already being worked on.")


@pytest.mark.parametrize("action", ["correct", "withdraw"])
def test_change_of_what_is_not_published_is_refused(lan, action):
    response = signed_in(lan).post(at(action, send().case), {"reason": "Sai."})

    assert response.status_code == 409
    assert Page(response).shows("There is no published answer yet")


def test_withdrawal_goes_to_review_and_opens_the_case_again(lan, minh):
    case = send().case
    make_answer(case)
    approver = signed_in(minh)

    response = signed_in(lan).post(at("withdraw", case), {"reason": "Nguồn đã sai."})
    page = Page(approver.get(at("case", case)))
    approver.post(at("publish", case), seen_by(approver, case))

    case.refresh_from_db()
    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=withdrawing")
    assert page.shows("Nguồn đã sai.")
    assert (newest(case).step, newest(case).state, case.state) == ("withdraw", "published", "open")
    assert "Write a new version" in Page(approver.get(at("case", case))).buttons


def test_withdrawal_without_a_reason_is_refused(lan):
    case = send().case
    make_answer(case)

    response = signed_in(lan).post(at("withdraw", case), {"reason": " "})

    assert response.status_code == 409
    assert Page(response).shows("Say what changes and why. Everybody will read this.")
    assert newest(case).n == 1


def test_too_long_reason_is_refused_and_kept(lan):
    case = send().case
    make_answer(case)

    response = signed_in(lan).post(at("withdraw", case), {"reason": "x" * 501})

    assert response.status_code == 409
    assert Page(response).values["reason"] == "x" * 501


def test_withdrawal_of_a_withdrawn_answer_is_refused(lan):
    case = send().case
    make_answer(case)
    make_withdrawal(case)

    response = signed_in(lan).post(at("withdraw", case), {"reason": "Sai."})

    assert response.status_code == 409
    assert Page(response).shows("The answer is withdrawn already.")


def test_withdrawal_sent_back_asks_only_for_its_reason(lan, minh):
    case = send().case
    published = make_answer(case)
    version = actions.start_withdrawal(case, change="Sai.", by=lan, now=timezone.now())
    actions.send_back(version, note="Nói rõ hơn.", by=minh)
    client = signed_in(lan)

    page = Page(client.get(at("case", case)))
    response = client.post(at("write", case), {"do": "submit", "change": "Nguồn đã bị rút lại."})

    again = newest(case)
    assert page.values["change"] == "Sai."
    assert "summary" not in page.values
    assert response.url == f"{at('case', case)}?done=submitted"
    assert (again.change, again.state, again.text, again.rating, again.sources.count()) == (
        "Nguồn đã bị rút lại.", "in_review", published.text, published.rating, 1)  # fmt: skip


def test_versions_are_all_kept_with_who_wrote_and_approved(lan):
    case = send().case
    first = make_answer(case, by=lan)
    make_correction(case, text="Văn bản khác hẳn.")

    response = signed_in(lan).get(at("case", case))

    assert [reading.version.n for reading in response.context["published"]] == [2, 1]
    assert Page(response).shows(f"Written by Lan, approved by {first.approved_by.user.get_full_name()}")
