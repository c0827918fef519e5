"""The queue of objections, and deciding on one."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import Ruling
from tests.factories import make_answer, make_correction, make_member, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db
REASONS = "Nguồn nói đúng như câu trả lời."


@pytest.fixture
def made():
    version = make_answer(send().case)
    return actions.object_to(version, words="Sai ở trang 3.", lang="vi", nonce="1", now=timezone.now())


def on(objection, then: str = "") -> str:
    return reverse(f"staff:objection{then}", args=[objection.number])


def rule(client, objection, **form):
    return client.post(on(objection, "-rule"), {"ruling": "kept", "reasons": REASONS, **form})


def test_queue_leads_to_the_words_and_the_decision(made):
    client = signed_in(make_member(role="approver"))

    assert on(made) in Page(client.get(at("objections"))).links
    page = Page(client.get(on(made)))
    assert page.shows("Sai ở trang 3.")

    response = rule(client, made)

    assert (response.status_code, response["Location"]) == (303, f"{on(made)}?done=ruled")
    assert Ruling.objects.get().reasons == REASONS
    assert Page(client.get(response["Location"])).shows("It is decided, and everybody can read why.")


def test_approver_of_the_answer_is_told_to_leave_it_to_another(made):
    client = signed_in(made.version.approved_by)

    assert Page(client.get(on(made))).shows("another member has to decide")
    assert rule(client, made).status_code == 409
    assert not Ruling.objects.exists()


def test_editor_reads_and_does_not_decide(made):
    client = signed_in(make_member())

    assert Page(client.get(on(made))).shows("An approver decides on objections.")
    assert rule(client, made).status_code == 409


def test_refusal_keeps_what_was_typed(made):
    client = signed_in(make_member(role="approver"))

    response = rule(client, made, reasons="Theo ông Nguyễn Văn An thì đúng.")

    assert response.status_code == 409
    assert "Theo ông Nguyễn Văn An thì đúng." in response.content.decode()
    assert rule(client, made, reasons="Theo ông Nguyễn Văn An thì đúng.", names="checked").status_code == 303


def test_form_offers_what_fits_the_answer_now(made):
    make_correction(made.version.answer.case, now=timezone.now())
    client = signed_in(make_member(role="approver"))

    assert 'value="corrected"' in client.get(on(made)).content.decode()
    assert rule(client, made).status_code == 409
    assert rule(client, made, ruling="corrected").status_code == 303


def test_unknown_objection_is_not_found():
    client = signed_in(make_member())

    assert client.get(reverse("staff:objection", args=["O2026-000001"])).status_code == 404
