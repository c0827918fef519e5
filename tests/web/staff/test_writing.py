import re
from datetime import date
from itertools import pairwise

import pytest
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import AnswerVersion
from tests.factories import LAMP, content, make_answer, make_member, make_version, send
from tests.web.staff.pages import NO_SOURCE, Page, at, signed_in, source, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan():
    return make_member("lan")


@pytest.fixture
def client(lan):
    return signed_in(lan)


def version_of(case) -> AnswerVersion:
    return AnswerVersion.objects.get(answer__case=case)


def write(client, case, **changes: str):
    return client.post(at("write", case), typed(**changes))


def has_input(page: Page, **changes: str) -> bool:
    """Whether everything typed stands in the page's form again."""
    sent = {name: value.replace("\r\n", "\n") for name, value in typed(**changes).items() if name != "tick"}
    names = [name for name in sent if name not in ("do", "sources-TOTAL_FORMS", "sources-INITIAL_FORMS")]
    return {name: page.values.get(name, "") for name in names} == {name: sent[name] for name in names}


def test_draft_is_saved_with_its_sources(client, lan):
    case = send().case

    response = write(client, case)

    version = version_of(case)
    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=saved")
    assert (version.state, version.written_by, version.rating) == ("draft", lan, "false")
    assert version.text == "Chưa có bằng chứng nào.\n\nHãy hỏi bác sĩ của bạn."
    assert list(version.sources.values_list("publisher", "dated_on")) == [("Bộ Y tế", date(2026, 11, 10))]


def test_saved_draft_stands_in_the_form_again(client):
    case = send().case
    write(client, case)

    page = Page(client.get(at("case", case)))

    assert has_input(page)


def test_draft_may_be_incomplete(client):
    case = send().case

    response = write(client, case, verdict="", summary="", text="", **NO_SOURCE)

    assert (response.status_code, version_of(case).text) == (303, "")


def test_first_form_asks_the_question_of_the_case(client):
    case = send().case

    page = Page(client.get(at("case", case)))

    assert page.values["question"] == case.question
    assert "change" not in page.values


def test_verdicts_are_those_of_the_kind(client):
    forms = [
        client.get(at("case", send(text).case)).context["writing"].form for text in ("Muối trị cúm, thật không?", LAMP)
    ]

    assert [[code for code, _ in form.fields["verdict"].choices] for form in forms] == [
        ["", "true", "mostly_true", "misleading", "false", "unproven"],
        ["", "fixed", "planned", "forwarded", "declined"],
    ]


def test_submit_saves_and_sends_to_review(client):
    case = send().case

    response = write(client, case, do="submit")

    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=submitted")
    assert version_of(case).state == "in_review"


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        (NO_SOURCE, "writing-sources-0-title", "Cite at least one source."),
        ({"verdict": ""}, "writing-verdict", "Choose one of the verdicts."),
        ({"text": ""}, "writing-text", "Fill this in."),
        ({"summary": ""}, "writing-summary", "Fill this in."),
    ],
)
def test_refused_submit_keeps_the_draft_and_says_what_is_missing(client, changes, place, text):
    case = send().case

    response = write(client, case, do="submit", **changes)

    page = Page(response)
    assert response.status_code == 409
    assert version_of(case).state == "draft"
    assert page.shows("Your draft is saved. It was not sent to review.")
    assert [text] == [each for where, _label, each in response.context["problems"] if where == place]
    assert page.shows(f'href="#{place}"')
    assert page.shows(f'id="{place}_error"')
    assert has_input(page, **changes)


def test_refused_submit_says_all_that_is_missing(client):
    changes = {"question": "", "verdict": "", "summary": "", "text": "", **NO_SOURCE}

    response = write(client, send().case, do="submit", **changes)

    places = [place for place, _label, _text in response.context["problems"] if place]
    assert places == [
        "writing-question",
        "writing-verdict",
        "writing-summary",
        "writing-text",
        "writing-sources-0-title",
    ]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"verdict": "fixed"}, "writing-verdict"),
        ({"verdict": "maybe"}, "writing-verdict"),
        ({"summary": "x" * 301}, "writing-summary"),
        ({"question": "x" * 301}, "writing-question"),
        (source(1, publisher=""), "writing-sources-1-publisher"),
        (source(1, url="not an address"), "writing-sources-1-url"),
        (source(1, dated_on="2026-02-31"), "writing-sources-1-dated_on"),
        (source(1, title="x" * 301), "writing-sources-1-title"),
    ],
)
def test_mistake_is_shown_at_its_field_with_the_input_kept(client, changes, place):
    case = send().case

    response = write(client, case, **changes)

    page = Page(response)
    assert response.status_code == 400
    assert [where for where, _label, _text in response.context["problems"]] == [place]
    assert page.shows(f'id="{place}_error"')
    kept = {name: value for name, value in changes.items() if name != "verdict"}
    assert has_input(page, **kept) or "verdict" in changes
    assert not AnswerVersion.objects.exists()


def test_unknown_verdict_is_refused_in_words(client):
    response = write(client, send().case, verdict="maybe")

    assert [text for _, _, text in response.context["problems"]] == ["Choose one of the verdicts."]


def test_source_of_an_unknown_scheme_is_refused_by_the_desk(client):
    response = write(client, send().case, **source(0, url="ftp://example.org/paper"))

    assert response.status_code == 409
    assert Page(response).shows("A source needs a title, a publisher, a date and a full web address.")
    assert has_input(Page(response), **source(0, url="ftp://example.org/paper"))


def test_emptied_row_drops_its_source(client):
    case = send().case
    write(client, case, **source(1, title="Thứ hai"))

    write(client, case, **NO_SOURCE, **source(1, title="Thứ hai"))

    assert list(version_of(case).sources.values_list("position", "title")) == [(1, "Thứ hai")]


def test_one_more_source_adds_a_row_and_loses_nothing(client):
    case = send().case
    half = {"sources-2-title": "Nửa chừng", "verdict": "", "summary": "x" * 400}

    response = write(client, case, do="add-source", **half)

    page = Page(response)
    assert response.status_code == 200
    assert page.values["sources-TOTAL_FORMS"] == "4"
    assert "sources-3-title" in page.values
    assert has_input(page, **half)
    assert response.context["problems"] == []
    assert not AnswerVersion.objects.exists()


def test_sources_end_at_thirty(client):
    case = send().case

    response = write(client, case, do="add-source", **{"sources-TOTAL_FORMS": "30"})

    assert Page(response).values["sources-TOTAL_FORMS"] == "30"


@pytest.mark.parametrize("total", ["", "x", "-4", "100000"])
def test_forged_count_of_rows_breaks_nothing(client, total):
    case = send().case

    codes = [
        write(client, case, do=wish, **{"sources-TOTAL_FORMS": total}).status_code for wish in ("save", "add-source")
    ]

    assert set(codes) <= {200, 303, 400}


def test_second_writer_is_refused_and_keeps_their_text(client):
    case = send().case
    actions.draft(case, content=content(case), by=make_member("minh"), now=timezone.now())

    response = write(client, case, summary="Chữ của Lan.")

    assert response.status_code == 409
    assert Page(response).shows("Somebody else is writing this answer.")
    assert has_input(Page(response), summary="Chữ của Lan.")
    assert version_of(case).written_by.user.username == "minh"


def test_draft_of_another_member_without_a_question_skips_no_heading(client):
    case = send().case
    actions.draft(case, content=content(case, question=""), by=make_member("minh"), now=timezone.now())

    page = client.get(at("case", case)).content.decode()

    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert 4 in levels


def test_draft_of_another_member_is_only_read(client):
    case = send().case
    actions.draft(case, content=content(case), by=make_member("minh"), now=timezone.now())

    page = Page(client.get(at("case", case)))

    assert page.shows("Written by Minh")
    assert at("write", case) not in page.forms


def test_writing_while_in_review_is_refused_and_keeps_the_text(client):
    case = send().case
    write(client, case, do="submit")

    response = write(client, case, summary="Thêm một ý.")

    assert response.status_code == 409
    assert Page(response).shows("This version is no longer a draft.")
    assert has_input(Page(response), summary="Thêm một ý.")


def test_writing_on_a_closed_case_is_refused_and_keeps_the_text(client):
    case = send().case
    actions.close_not_checkable(case, by=make_member(), now=timezone.now())

    response = write(client, case)

    assert response.status_code == 409
    assert Page(response).shows("This case is closed. Open it again")
    assert has_input(Page(response))


def test_discard_drops_the_draft(client):
    case = send().case
    write(client, case)
    seen = Page(client.get(at("case", case))).values["seen"]

    response = client.post(at("discard", case), {"seen": seen})

    assert (response.status_code, response.url) == (303, f"{at('case', case)}?done=discarded")
    assert not AnswerVersion.objects.exists()


def test_discard_of_a_text_that_changed_is_refused(client):
    case = send().case
    write(client, case)
    seen = Page(client.get(at("case", case))).values["seen"]
    write(client, case, summary="Mới.")

    response = client.post(at("discard", case), {"seen": seen})

    assert response.status_code == 409
    assert Page(response).shows("The text changed after you opened this page.")
    assert version_of(case).summary == "Mới."


def test_discard_while_in_review_is_refused(client, lan):
    case = send().case
    make_version(case, by=lan)
    seen = Page(client.get(at("case", case))).values["seen"]

    response = client.post(at("discard", case), {"seen": seen})

    assert response.status_code == 409
    assert Page(response).shows("This version is no longer a draft.")


def test_published_answer_has_no_form(client):
    case = send().case
    make_answer(case)

    page = Page(client.get(at("case", case)))

    assert at("write", case) not in page.forms
    assert {"Correct this answer", "Send the withdrawal to review"} <= page.buttons


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"text": "a\0b"}, "There is a character in this text that cannot be shown. Type it again."),
        (source(0, title="a\0b"), "There is a character in this text that cannot be shown. Type it again."),
        (source(0, url="https://e.org/\0"), "There is a character in this text that cannot be shown. Type it again."),
        (source(0, publisher=""), "Fill this in."),
        (source(0, url=""), "Fill this in."),
        (source(0, url="no address"), "Give the full web address, as it stands in the browser."),
        (source(0, dated_on=""), "Fill this in."),
        (source(0, dated_on="2026-02-31"), "Give the date as year, month and day, like 2026-11-30."),
        ({"sources-TOTAL_FORMS": ""}, "The rows of sources did not arrive as they were."),
        ({"sources-TOTAL_FORMS": "31"}, "An answer can cite at most 30 sources."),
    ],
)
def test_mistake_is_told_in_words_of_the_desk(client, changes, text):
    response = write(client, send().case, **changes)

    told = [each for _place, _label, each in response.context["problems"]]
    assert [each[: len(text)] for each in told if each != "Cite at least one source."] == [text]


@pytest.mark.parametrize(("lang", "word"), [("vi", "Vietnamese"), ("en", "English")])
def test_language_of_a_message_is_shown_as_a_word(client, lang, word):
    page = client.get(at("case", send(lang=lang).case)).content.decode()

    assert (f"<li>{word}</li>" in page, f"<li>{lang}</li>" in page) == (True, False)
