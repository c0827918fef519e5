"""The page on which a sender sees what is held about their message, and what they can do about it there."""

import json

import pytest
from django.test import Client

from sangto.desk import actions
from sangto.desk.models import DataRequest, Message
from sangto.desk.queries.messages import follow_token
from sangto.vault.models import Contact
from tests.factories import HOSPITAL, LAMP, NOW, make_answer, make_member, make_request, send

pytestmark = pytest.mark.django_db
PAGES = ["/data", "/data.json", "/data/withdraw", "/data/forget-address", "/data/request"]
ADDRESS = "4815162342"


def link(message: Message, then: str = "") -> str:
    return f"/en/f/{follow_token(message)}{then}"


def page(client: Client, message: Message, then: str = "/data") -> str:
    return client.get(link(message, then)).content.decode()


def form(**changes: str) -> dict[str, str]:
    return {"kind": "restrict", "words": "Please do not learn from it.", "nonce": "0" * 32, **changes}


@pytest.mark.parametrize("then", PAGES)
def test_page_is_kept_by_nobody(client, then):
    response = client.get(link(send(), then))

    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store",
        "noindex, nofollow",
        "same-origin",
    )


@pytest.mark.parametrize("token", ["1", "1.x", "%00", "a" * 3000])
@pytest.mark.parametrize("then", PAGES)
def test_unknown_link_is_not_found(client, token, then):
    send()
    url = f"/en/f/{token}{then}"

    posted = 405 if then in ("/data", "/data.json") else 404
    assert (client.get(url).status_code, client.post(url).status_code) == (404, posted)


def test_follow_page_leads_to_the_data(client):
    message = send()

    assert f'href="{link(message, "/data")}"' in page(client, message, "")


def test_page_says_line_by_line_what_is_held(client):
    message = send(LAMP, place="Ngõ 5")

    html = page(client, message)

    for said in (
        LAMP, "<dd>Ngõ 5</dd>", "Vietnamese · Something to fix", "This website, ", "None is held.",
        "We hold the secret that opens", "A scrambled mark of the delivery",
        "The members of this desk can read your words",
        f"Put into case {message.case.number}: found by the program.", "A reply: waits to be told.",
    ):  # fmt: skip
        assert said in html


def test_return_address_is_said_to_be_held_and_never_shown(client):
    message = send(channel="telegram", address=ADDRESS)

    html = page(client, message)

    assert "no member of the staff can read it. It is deleted on <time" in html
    assert ">20 May 2027</time>" in html
    assert ADDRESS not in html
    assert "Forget my return address" in html


@pytest.mark.parametrize("channel", ["web", "api", "console"])
def test_where_there_is_no_address_none_can_be_forgotten(client, channel):
    html = page(client, send(channel=channel))

    assert "forget-address" not in html


def test_export_is_a_file(client):
    message = send(HOSPITAL)

    response = client.get(link(message, "/data.json"))

    assert response["Content-Disposition"] == f'attachment; filename="{message.number}.json"'
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["message"]["text"] == HOSPITAL


def test_address_is_forgotten(client):
    message = send(channel="telegram", address=ADDRESS)

    response = client.post(link(message, "/data/forget-address"))

    assert (response.status_code, response.url) == (303, link(message, "/data?done=forgotten"))
    assert Contact.objects.count() == 0
    html = client.get(response.url).content.decode()
    assert "Your return address is deleted." in html
    assert "Forget my return address" not in html


@pytest.mark.parametrize("then", ["/data/forget-address", "/data/request"])
def test_address_of_an_action_leads_to_the_data(client, then):
    message = send(channel="telegram", address=ADDRESS)

    response = client.get(link(message, then))

    assert (response.status_code, response.url) == (302, link(message, "/data"))
    assert Contact.objects.count() == 1


def test_withdrawal_is_asked_once_more(client):
    message = send(LAMP)

    html = page(client, message, "/data/withdraw")

    assert (LAMP in html, "It cannot be undone." in html) == (True, True)
    assert Message.objects.get().withdrawn_at is None


def test_withdrawn_message_says_so_kindly(client):
    message = send(LAMP, place="Ngõ 5")

    response = client.post(link(message, "/data/withdraw"))

    assert (response.status_code, response.url) == (303, link(message))
    html = client.get(response.url).content.decode()
    assert "You withdrew this message" in html
    assert "A receipt that you downloaded before is still valid." in html
    for gone in (LAMP, "Ngõ 5", "What you sent", "Your secret link", "We took this as"):
        assert gone not in html


def test_data_of_a_withdrawn_message_says_that_it_is_erased(client):
    message = send(LAMP)
    client.post(link(message, "/data/withdraw"))

    html = page(client, message)

    assert "Erased: you withdrew the message at" in html
    assert (LAMP in html, "Withdraw this message" in html, "You withdrew it." in html) == (False, False, True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_second_withdrawal_leads_to_the_message(client, method):
    message = send()
    client.post(link(message, "/data/withdraw"))

    response = getattr(client, method)(link(message, "/data/withdraw"))

    assert (response.status_code, response.url) == (303, link(message))


def test_text_of_a_withdrawn_message_is_not_found(client):
    message = send()
    client.post(link(message, "/data/withdraw"))

    assert client.get(link(message, "/message.txt")).status_code == 404


def test_withdrawn_message_offers_no_choice(client):
    message = send()
    client.post(link(message, "/data/withdraw"))

    response = client.post(link(message, "/kind"), {"kind": "problem"})

    assert response.status_code == 409
    assert "there is nothing left to choose" in response.content.decode()


def test_request_is_kept_and_shown_with_its_terms(client):
    message = send()

    response = client.post(link(message, "/data/request"), form())

    request = DataRequest.objects.get()
    assert (response.status_code, response.url) == (303, link(message, "/data?done=requested"))
    assert (request.message, request.kind, request.lang) == (message, "restrict", "en")
    html = client.get(response.url).content.decode()
    for said in (f"{request.number}: Stop using it", "Please do not learn from it.", "You get a first answer here by"):
        assert said in html


def test_same_form_again_is_one_request(client):
    message = send()

    for _time in range(2):
        client.post(link(message, "/data/request"), form())

    assert DataRequest.objects.count() == 1


def test_same_form_with_other_words_is_another_request(client):
    message = send()

    for words in ("One", "Two"):
        client.post(link(message, "/data/request"), form(words=words))

    assert DataRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"words": ""}, "Write what you want us to do"), ({"words": "x" * 2001}, "Your request is too long."),
        ({"kind": "x"}, "Choose what your request is about."), ({"words": "a\0\1\2b"}, "This looks like a file"),
    ],
)  # fmt: skip
def test_refused_request_is_given_back_with_why(client, changes, said):
    response = client.post(link(send(), "/data/request"), form(**changes))

    html = response.content.decode()
    assert (response.status_code, said in html) == (400, True)
    assert changes.get("words", "Please do not learn from it.").replace("\0", "") in html
    assert not DataRequest.objects.exists()


def test_field_that_came_twice_is_refused(client):
    body = "kind=access&words=a&words=b&nonce="

    response = client.post(link(send(), "/data/request"), body, content_type="application/x-www-form-urlencoded")

    assert (response.status_code, DataRequest.objects.count()) == (400, 0)


@pytest.mark.parametrize(
    "body", [b"kind=access&words=%FF", b"kind=%00&words=%00", b"\xff\xfe", b"words=" + b"a" * 90_000]
)
def test_unreadable_form_is_refused(client, body):
    response = client.post(link(send(), "/data/request"), body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert not DataRequest.objects.exists()


def test_sixth_open_request_is_refused(client):
    message = send()
    for _time in range(5):
        make_request(message)

    response = client.post(link(message, "/data/request"), form())

    assert (response.status_code, "still open" in response.content.decode()) == (400, True)


def test_what_the_staff_did_is_shown(client):
    message, member = send(), make_member("thuy", role="approver")
    request = make_request(message)
    actions.answer_request(request, reply="We look into it.", by=member, now=NOW)
    actions.refuse_request(request, reply="The law says so.", reason="kept_by_law", by=member, now=NOW)

    html = page(client, message)

    for said in ("First answer", "We look into it.", "Refused: A law makes us keep it", "The law says so."):
        assert said in html
    assert "Thuy" not in html


def test_words_of_people_are_never_markup(client):
    message = send("Có đúng là <script>alert(1)</script> không?", place="<b>Ngõ</b>")
    make_request(message, words="<img src=x onerror=alert(1)>")

    html = page(client, message) + page(client, message, "/data/withdraw")

    assert ("<script>alert" in html, "<b>Ngõ" in html, "<img src=x" in html) == (False, False, False)


def test_form_without_its_token_is_refused():
    message = send()
    strict = Client(enforce_csrf_checks=True)

    responses = {then: strict.post(link(message, then), form()).status_code for then in PAGES[2:]}

    assert responses == dict.fromkeys(PAGES[2:], 403)
    assert (Message.objects.get().withdrawn_at, DataRequest.objects.count()) == (None, 0)


def test_answered_message_shows_what_it_was_told(client):
    message = send(HOSPITAL)
    make_answer(message.case)
    actions.follow_up(now=NOW)

    assert "It was answered in public." in page(client, message)


@pytest.mark.parametrize("then", ["", "/data", "/data/withdraw"])
def test_pages_speak_vietnamese(client, then):
    response = client.get(link(send(), then).replace("/en/", "/"))

    assert (response.status_code, 'lang="vi"' in response.content.decode()) == (200, True)
