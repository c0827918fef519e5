"""The staff's queue of requests about data."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import DataRequest, DataRequestStep
from tests.factories import LAMP, make_member, make_request, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db
REPLY = "Chúng tôi đã dừng việc đó."


@pytest.fixture
def lan():
    return make_member("lan", role="approver")


def ask(*, days_ago: float = 0, **changes) -> DataRequest:
    return make_request(now=timezone.now() - timedelta(days=days_ago), **changes)


def on(request: DataRequest, then: str = "") -> str:
    return reverse(f"staff:request{then}", args=[request.number])


def again(request: DataRequest) -> DataRequest:
    return DataRequest.objects.get(pk=request.pk)


def shown(client, **query: str) -> list[str]:
    return [row.number for row in client.get(at("requests"), query).context["page"]]


def test_list_is_oldest_first_with_due_and_overdue(lan):
    late, fresh = ask(days_ago=40), ask()

    response = signed_in(lan).get(at("requests"))

    page = Page(response)
    assert [(row.number, overdue) for row, overdue in response.context["rows"]] == [
        (late.number, True), (fresh.number, False),
    ]  # fmt: skip
    assert page.html.count(">Overdue<") == 1
    assert page.shows("1 request is overdue.")
    assert page.shows("First answer by")


def test_views_divide_what_waits_from_what_is_over(lan):
    waits, over = ask(), ask()
    actions.finish_request(over, reply=REPLY, by=lan, now=timezone.now())
    client = signed_in(lan)

    assert {view: shown(client, view=view) for view in ("open", "over", "x")} == {
        "open": [waits.number], "over": [over.number], "x": [waits.number],
    }  # fmt: skip


def test_every_staff_page_counts_what_waits(lan):
    ask()
    case = ask().message.case
    client = signed_in(lan)

    for url in (at("inbox"), at("case", case), at("requests")):
        assert Page(client.get(url)).shows('Requests <span class="count">2</span>')


def test_header_counts_nothing_where_nothing_waits(lan):
    page = Page(signed_in(lan).get(at("inbox")))

    assert (at("requests") in page.links, page.shows('Requests <span class="count">')) == (True, False)


def test_number_of_queries_does_not_grow_with_the_list(lan):
    client, counts = signed_in(lan), []
    for more in (1, 2):
        for _time in range(more):
            ask()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at("requests")).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_page_shows_the_words_the_message_and_its_case(lan):
    request = ask(message=send(LAMP), words="Xin xoá địa điểm.")

    page = Page(signed_in(lan).get(on(request)))

    assert (page.shows("Xin xoá địa điểm."), page.shows(LAMP)) == (True, True)
    assert at("case", request.message.case) in page.links
    assert page.forms >= {on(request, f"-{then}") for then in ("answer", "finish", "refuse", "extend")}


@pytest.mark.parametrize(
    ("then", "typed", "step", "state"),
    [
        ("answer", {}, "answered", "answered"), ("finish", {}, "done", "done"), ("extend", {}, "extended", "open"),
        ("refuse", {"reason": "kept_by_law"}, "refused", "refused"),
    ],
)  # fmt: skip
def test_step_is_written_down_and_the_page_says_so(lan, then, typed, step, state):
    request, client = ask(), signed_in(lan)

    response = client.post(on(request, f"-{then}"), {"reply": REPLY, **typed})

    row = DataRequestStep.objects.get()
    assert (response.status_code, response.url) == (303, f"{on(request)}?done={step}")
    assert (row.step, row.by, row.reply, row.reason) == (step, lan, REPLY, typed.get("reason", ""))
    assert again(request).state == state
    page = Page(client.get(response.url))
    assert (page.shows('role="status"'), page.shows(REPLY), page.shows("Lan")) == (True, True, True)


def test_answer_can_say_that_a_processor_takes_part(lan):
    request = ask()

    signed_in(lan).post(on(request, "-answer"), {"reply": REPLY, "processor": "yes"})

    assert again(request).done_due_on == request.done_due_on + timedelta(days=5)


def test_what_cannot_be_done_is_not_offered(lan):
    request = ask()
    client = signed_in(lan)
    client.post(on(request, "-answer"), {"reply": REPLY})
    client.post(on(request, "-extend"), {"reply": REPLY})

    page = Page(client.get(on(request)))

    assert page.forms & {on(request, f"-{then}") for then in ("answer", "extend", "finish", "refuse")} == {
        on(request, "-finish"), on(request, "-refuse"),
    }  # fmt: skip


def test_overdue_term_is_not_offered_to_be_extended(lan):
    request = ask(days_ago=40)

    page = Page(signed_in(lan).get(on(request)))

    assert (on(request, "-extend") in page.forms, page.shows(">Overdue<")) == (False, True)


def test_request_that_is_over_has_no_forms(lan):
    request = ask()
    actions.finish_request(request, reply=REPLY, by=lan, now=timezone.now())

    page = Page(signed_in(lan).get(on(request)))

    assert not page.forms & {on(request, f"-{then}") for then in ("answer", "extend", "finish", "refuse")}


@pytest.mark.parametrize(
    ("then", "typed", "said"),
    [
        ("answer", {"reply": ""}, "Write what the sender shall read."),
        ("finish", {"reply": "x" * 4001}, "The text for the sender is too long."),
        ("refuse", {"reply": REPLY}, "Choose the reason for the refusal."),
        ("refuse", {"reply": "", "reason": "not_held"}, "Write what the sender shall read."),
        ("extend", {}, "Write what the sender shall read."),
    ],
)
def test_refused_step_keeps_what_was_typed(lan, then, typed, said):
    request = ask()

    response = signed_in(lan).post(on(request, f"-{then}"), typed)

    page = Page(response)
    assert (response.status_code, page.shows(said)) == (409, True)
    assert page.values.get("reply", "") == typed.get("reply", "")
    assert not DataRequestStep.objects.exists()


def test_step_on_a_request_that_is_over_is_refused(lan):
    request = ask()
    actions.finish_request(request, reply=REPLY, by=lan, now=timezone.now())

    response = signed_in(lan).post(on(request, "-answer"), {"reply": REPLY})

    assert (response.status_code, Page(response).shows("This request is over.")) == (409, True)


@pytest.mark.parametrize("then", ["answer", "finish", "refuse", "extend"])
def test_address_of_a_step_leads_to_the_request(lan, then):
    request = ask()

    response = signed_in(lan).get(on(request, f"-{then}"))

    assert (response.status_code, response.url) == (303, on(request))


def test_withdrawn_message_and_its_case_are_named_as_such(lan):
    message = send(LAMP)
    request = ask(message=message)
    actions.withdraw(message, now=timezone.now())
    client = signed_in(lan)

    pages = [Page(client.get(url)) for url in (on(request), at("case", message.case), f"{at('inbox')}?view=closed")]

    assert [page.shows("(withdrawn by whoever wrote it)") for page in pages] == [True, True, True]
    assert pages[1].shows("Withdrawn by everybody who asked")
    assert not pages[1].shows("Open it again")


def test_words_of_people_are_never_markup(lan):
    request = ask(words="<script>alert(1)</script>")
    actions.answer_request(request, reply="<b>x</b>", by=lan, now=timezone.now())

    page = Page(signed_in(lan).get(on(request)))

    assert (page.shows("<script>alert"), page.shows("<b>x")) == (False, False)
