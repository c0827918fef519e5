"""Two windows over one draft, and what is kept while somebody types."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import AnswerVersion, Case, Highlight
from sangto.desk.queries.approvals import content_hash
from sangto.people.models import Deed
from tests.factories import content, make_answer, make_member, send
from tests.web.staff.pages import NO_SOURCE, Page, at, signed_in, source, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan():
    return make_member("lan")


@pytest.fixture
def client(lan):
    return signed_in(lan)


@pytest.fixture
def case() -> Case:
    return send().case


def mark_on(client, case) -> str:
    """What the form on the page says that it was begun from."""
    found = re.search(r'name="seen" value="(\w*)" data-draft-mark', client.get(at("case", case)).content.decode())
    return found.group(1)


def write(client, case, *, seen: str, **changes):
    return client.post(at("write", case), typed(seen=seen, **changes))


def autosave(client, case, *, seen: str, **changes):
    return write(client, case, seen=seen, do="autosave", **changes)


def stands(case) -> AnswerVersion:
    return AnswerVersion.objects.get(answer__case=case)


# --- two windows ------------------------------------------------------------------------------------------------------


def test_form_carries_the_mark_of_what_it_was_opened_over(client, case):
    assert mark_on(client, case) == "nothing"

    write(client, case, seen="nothing")

    assert mark_on(client, case) == content_hash(stands(case))


def test_save_over_what_another_window_saved_is_refused_and_shows_both(client, case):
    write(client, case, seen="nothing")
    both = mark_on(client, case)
    write(client, case, seen=both, summary="Từ cửa sổ thứ nhất.", **source(1, title="Nguồn thứ hai"))

    response = write(client, case, seen=both, summary="Từ cửa sổ thứ hai.")

    page = Page(response)
    assert response.status_code == 409
    assert page.shows("This draft was changed in another window after you opened this one.")
    assert page.values["summary"] == "Từ cửa sổ thứ hai."
    assert page.shows("Từ cửa sổ thứ <del>hai.</del><ins>nhất.</ins>")
    assert page.shows("<ins>Nguồn thứ hai</ins>")
    assert stands(case).summary == "Từ cửa sổ thứ nhất."
    assert "Save mine anyway" in page.buttons


def test_save_mine_anyway_is_a_save_over_what_was_just_seen(client, case):
    write(client, case, seen="nothing")
    old = mark_on(client, case)
    write(client, case, seen=old, summary="Một.")
    seen = Page(write(client, case, seen=old, summary="Hai.")).html
    shown = re.search(r'name="seen" value="(\w*)" data-draft-mark', seen).group(1)

    response = write(client, case, seen=shown, summary="Hai.")

    assert (response.status_code, stands(case).summary) == (303, "Hai.")


def test_a_third_window_is_caught_after_the_second(client, case):
    write(client, case, seen="nothing")
    old = mark_on(client, case)
    write(client, case, seen=old, summary="Một.")
    shown = re.search(
        r'name="seen" value="(\w*)" data-draft-mark', Page(write(client, case, seen=old, summary="Hai.")).html
    ).group(1)
    write(client, case, seen=mark_on(client, case), summary="Ba.")

    assert write(client, case, seen=shown, summary="Hai.").status_code == 409
    assert stands(case).summary == "Ba."


def test_the_same_text_twice_is_no_conflict(client, case):
    write(client, case, seen="nothing")
    old = mark_on(client, case)
    write(client, case, seen=old, summary="Một.")

    assert write(client, case, seen=old, summary="Một.").status_code == 303


def test_sending_to_review_over_another_windows_text_is_refused(client, case):
    write(client, case, seen="nothing")
    old = mark_on(client, case)
    write(client, case, seen=old, summary="Một.")

    assert write(client, case, seen=old, summary="Hai.", do="submit").status_code == 409
    assert (stands(case).state, stands(case).summary) == ("draft", "Một.")


def test_first_drafts_of_one_member_in_two_windows_are_caught(client, case):
    write(client, case, seen="nothing", summary="Một.")

    response = write(client, case, seen="nothing", summary="Hai.")

    assert (response.status_code, stands(case).summary) == (409, "Một.")


def test_second_member_who_begins_at_the_same_moment_sees_who_writes(client, case):
    other = make_member("minh")
    actions.draft(case, content=content(case, summary="Chữ của Minh."), by=other, now=timezone.now())

    response = write(client, case, seen="nothing", summary="Chữ của Lan.")

    page = Page(response)
    assert response.status_code == 409
    assert page.shows("Somebody else is writing this answer.")
    assert page.shows("Written by Minh")
    assert page.shows("Chữ của <del>Lan.</del><ins>Minh.</ins>")
    assert page.values["summary"] == "Chữ của Lan."
    assert "Save mine anyway" not in page.buttons


def test_mistake_keeps_the_mark_that_the_form_was_begun_from(client, case):
    write(client, case, seen="nothing")
    old = mark_on(client, case)
    write(client, case, seen=old, summary="Một.")

    page = Page(write(client, case, seen=old, summary="x" * 301))
    more = Page(write(client, case, seen=old, summary="Hai.", do="add-source"))

    assert f'name="seen" value="{old}" data-draft-mark' in page.html
    assert f'name="seen" value="{old}" data-draft-mark' in more.html


def test_refused_review_goes_on_from_what_was_saved(client, case):
    page = Page(write(client, case, seen="nothing", do="submit", text=""))

    assert f'name="seen" value="{content_hash(stands(case))}" data-draft-mark' in page.html


def test_other_verdict_and_sources_are_shown(client, case):
    write(client, case, seen="nothing")
    old = mark_on(client, case)
    write(client, case, seen=old, verdict="misleading", **NO_SOURCE)

    page = Page(write(client, case, seen=old))

    assert page.shows('<span class="verdict verdict-misleading">Missing context</span>')
    assert page.shows("<del>Trang chủ Bộ Y tế</del>")


def test_withdrawal_in_two_windows_is_caught(client, case, lan):
    make_answer(case)
    version = actions.start_withdrawal(case, change="Sai.", by=lan, now=timezone.now())
    actions.send_back(version, note="", by=lan)
    old = mark_on(client, case)
    client.post(at("write", case), {"do": "save", "change": "Một.", "seen": old})

    response = client.post(at("write", case), {"do": "save", "change": "Hai.", "seen": old})

    assert response.status_code == 409
    assert AnswerVersion.objects.get(answer__case=case, n=2).change == "Một."


# --- kept while somebody types ----------------------------------------------------------------------------------------


def test_autosave_keeps_the_draft_and_says_when(client, case):
    response = autosave(client, case, seen="nothing", summary="Nửa câu", text="", **NO_SOURCE)

    said = response.json()
    assert response.status_code == 200
    assert re.fullmatch(r"Saved at \d\d:\d\d\.", said["said"])
    assert said["seen"] == content_hash(stands(case))
    assert (stands(case).summary, stands(case).state) == ("Nửa câu", "draft")


def test_autosave_goes_on_from_its_own_mark(client, case):
    first = autosave(client, case, seen="nothing", summary="M").json()["seen"]

    response = autosave(client, case, seen=first, summary="Một")

    assert (response.status_code, stands(case).summary) == (200, "Một")


def test_autosave_over_another_windows_text_is_refused(client, case):
    write(client, case, seen="nothing")
    old = mark_on(client, case)
    write(client, case, seen=old, summary="Một.")

    response = autosave(client, case, seen=old, summary="Hai.")

    assert response.status_code == 409
    assert response.json()["said"].startswith("Not saved: this draft was changed in another window.")
    assert stands(case).summary == "Một."


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"verdict": "maybe"}, "Verdict"),
        ({"question": "x" * 301}, "Question, as the public reads it"),
        (source(1, title="Nửa", dated_on="2026-02-31"), "Date of the document"),
        (source(1, title="Nửa", url=""), "Web address"),
        (source(1, dated_on=f"{date.today() + timedelta(days=9)}"), "A source cannot be dated in the future."),
        (source(1, url="ftp://e.org/x"), "A source needs a title"),
        ({"sources-TOTAL_FORMS": "x"}, "The rows of sources"),
    ],
)
def test_what_is_not_right_yet_does_not_lose_the_rest(client, case, wrong, named):
    write(client, case, seen="nothing")

    response = autosave(client, case, seen=mark_on(client, case), **{"summary": "Mới.", "text": "Mới hẳn.", **wrong})

    assert response.status_code == 200
    assert named in response.json()["said"]
    assert (stands(case).summary, stands(case).text) == ("Mới.", "Mới hẳn.")
    assert stands(case).rating == "false"
    assert stands(case).sources.first().title == "Trang chủ Bộ Y tế"


def test_source_whose_date_is_being_typed_stays_as_it_was(client, case):
    write(client, case, seen="nothing")

    autosave(client, case, seen=mark_on(client, case), **source(0, dated_on=""), **source(1, title="Thứ hai"))

    assert list(stands(case).sources.values_list("title", "dated_on")) == [
        ("Trang chủ Bộ Y tế", date(2026, 11, 10)),
        ("Thứ hai", date(2026, 11, 10)),
    ]


def test_autosave_while_in_review_is_refused_in_words(client, case):
    write(client, case, seen="nothing", do="submit")

    response = autosave(client, case, seen=content_hash(stands(case)), summary="Hai.")

    assert response.status_code == 409
    assert response.json()["said"] == "Not saved. This version is no longer a draft. Look at where it stands now."


def test_autosave_of_somebody_elses_draft_is_refused(client, case):
    actions.draft(case, content=content(case), by=make_member("minh"), now=timezone.now())

    response = autosave(client, case, seen="nothing")

    assert response.status_code == 409
    assert response.json()["said"].startswith("Not saved. Somebody else is writing this answer.")


def test_signed_out_autosave_is_sent_to_the_sign_in_page(case):
    from django.test import Client

    response = Client().post(at("write", case), typed(do="autosave"))

    assert (response.status_code, AnswerVersion.objects.count()) == (302, 0)


def test_names_are_found_anew_once_an_autosave(client, case):
    first = autosave(client, case, seen="nothing", text="Ông Nguyễn Văn Khải đã sửa cống.").json()["seen"]
    autosave(client, case, seen=first, text="Ông Nguyễn Văn Khải đã sửa cống này.")

    assert Highlight.objects.count() == 1


def test_one_sitting_is_one_deed(client, case):
    seen = "nothing"
    for n in range(4):
        seen = autosave(client, case, seen=seen, summary=f"Lần {n}.").json()["seen"]

    assert list(Deed.objects.filter(what="wrote").values_list("number", flat=True)) == [case.number]


def test_next_sitting_and_another_case_are_deeds_of_their_own(lan, case):
    other = send("Ăn tỏi sống mỗi ngày có phòng được cúm không?").case
    now = timezone.now()
    for which, at_time in (
        (case, now),
        (other, now),
        (case, now + timedelta(minutes=59)),
        (case, now + timedelta(hours=2)),
    ):
        actions.draft(which, content=content(which), by=lan, now=at_time)

    assert Deed.objects.filter(what="wrote", number=case.number).count() == 2
    assert Deed.objects.filter(what="wrote", number=other.number).count() == 1


def test_page_asks_for_autosave_and_says_it_politely(client, case):
    page = Page(client.get(at("case", case)))

    assert page.shows("data-autosave>")
    assert page.shows('role="status" aria-live="polite" data-autosave-status')
    assert page.shows("staff-autosave.js")
