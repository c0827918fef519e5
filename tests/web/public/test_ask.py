"""The ask form: its three outcomes, and every way in which it can come wrong."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from sangto.desk.models import Message
from sangto.desk.queries.messages import follow_token
from tests.factories import HOSPITAL, LAMP, make_answer, send

URL = "/en/ask"
NONCE = "0123456789abcdef0123456789abcdef"
FORM = "application/x-www-form-urlencoded"
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


def ask(client: Client, text: str = HOSPITAL, **fields: str):
    return client.post(URL, {"text": text, "place": "", "kind": "auto", "nonce": NONCE, **fields}, follow=True)


def test_new_question_is_received(client):
    response = ask(client)
    html = response.content.decode()
    message = Message.objects.get()

    assert response.status_code == 200
    assert "We have your message" in html
    assert f"<dd>{message.number}</dd>" in html
    assert f"/en/f/{follow_token(message)}" in html
    assert (message.text, message.lang, message.channel) == (HOSPITAL, "en", "web")


def test_known_question_is_answered_at_once(client):
    make_answer(send().case, question=HOSPITAL)

    html = ask(client).content.decode()

    assert "There is an answer" in html
    assert "100 % same text" in html
    assert "This is not my question" in html


def test_near_question_is_offered(client):
    case = send().case
    make_answer(case, question="Uống nước chanh nóng 5 ngày có chữa được ung thư không?")

    html = ask(client, "Uống nước chanh nóng 50 ngày có chữa được ung thư không?").content.decode()

    assert "Is it one of these?" in html
    assert f'name="answer" value="{case.number}"' in html
    assert 'name="answer" value="none"' in html
    assert '<li class="tag against">numbers differ: 50 ngày / 5 ngày</li>' in html


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_outcome_is_kept_by_nobody(client, headers):
    response = client.post(URL, {"text": HOSPITAL, "nonce": NONCE}, headers=headers)

    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store",
        "noindex, nofollow",
        "same-origin",
    )


@pytest.mark.parametrize(("prefix", "lang"), [("", "vi"), ("/en", "en")])
def test_sent_message_leads_to_its_follow_page(client, prefix, lang):
    response = client.post(f"{prefix}/ask", {"text": HOSPITAL, "nonce": NONCE})

    message = Message.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"{prefix}/f/{follow_token(message)}")
    assert message.lang == lang


def test_same_form_twice_is_one_message(client):
    ask(client)

    html = ask(client).content.decode()

    assert "We already have this message" in html
    assert Message.objects.count() == 1


def test_same_form_twice_says_so_by_a_mark_in_the_address(client):
    ask(client)

    response = client.post(URL, {"text": HOSPITAL, "nonce": NONCE})

    assert response["Location"] == f"/en/f/{follow_token(Message.objects.get())}?again=1"


def test_same_words_in_a_fresh_form_are_another_message(client):
    ask(client)

    ask(client, nonce="f" * 32)

    assert Message.objects.count() == 2


@pytest.mark.parametrize("nonce", ["", "short", "../../etc", "F" * 32, "\0"])
def test_odd_nonce_is_replaced(client, nonce):
    response = ask(client, nonce=nonce)

    assert response.status_code == 200
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("kind", "kept"), [("auto", "claim"), ("claim", "claim"), ("problem", "problem")])
def test_kind_is_guessed_or_chosen(client, kind, kept):
    ask(client, kind=kind)

    assert Message.objects.get().case.kind == kept


def test_kind_is_told_and_can_be_changed(client):
    html = ask(client, LAMP).content.decode()

    assert "We took this as something to fix." in html
    assert 'name="kind" value="claim"' in html


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": ""}, "Write what you saw"),
        ({"text": " \u200b\n "}, "Write what you saw"),
        ({"text": "a" * 4001}, "Your text has 4001 characters; at most 4000 fit."),
        ({"text": "\0\x01\x02PNG"}, "This looks like a file"),
        ({"kind": "gossip"}, "Choose whether we should check something or fix something."),
    ],
)
def test_unusable_form_is_told_what_to_do(client, fields, told):
    response = ask(client, **{"text": HOSPITAL, **fields})
    html = response.content.decode()

    assert response.status_code == 400
    assert told in html
    assert 'role="alert"' in html
    assert Message.objects.count() == 0


def test_refused_text_stays_in_the_box(client):
    html = ask(client, "dài " * 1500, place="Ngõ 5").content.decode()

    assert re.search(r"<textarea[^>]*>\s*(dài )+</textarea>", html)
    assert 'value="Ngõ 5"' in html


def test_same_form_with_another_place_is_given_back_fresh(client):
    ask(client)

    response = ask(client, place="Ngõ 5")

    assert response.status_code == 400
    assert "This form was already sent with other words." in response.content.decode()
    assert NONCE not in response.content.decode()


@pytest.mark.parametrize(
    "body",
    [
        b"text=%FF%FE+broken&kind=auto",
        b"text=%ED%A0%80+surrogate&kind=auto",
        b"text=%C3%28&kind=auto",
        b"text=\xff\xfe&kind=auto",
        b"text=one&text=two",
        b"text=one&kind=claim&kind=problem",
        b"",
        b"%",
        b"=&=&=",
    ],
)
def test_broken_form_is_a_clear_refusal(client, body):
    response = client.post(URL, body, content_type=FORM)

    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"text=a", f"{FORM}; charset=utf-16"),
        (b"--x\r\nbroken", "multipart/form-data"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"&".join(b"a%d=1" % number for number in range(1200)), FORM),
    ],
)
def test_other_body_is_a_clear_refusal(client, body, content_type):
    assert client.post(URL, body, content_type=content_type).status_code == 400


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/octet-stream"])
def test_body_that_is_no_form_is_refused(client, content_type):
    assert client.post(URL, b'{"text": "a"}', content_type=content_type).status_code == 415


def test_large_body_is_told_to_be_too_large(client):
    response = client.post(URL, b"text=" + b"a" * 1_000_001, content_type=FORM)

    assert response.status_code == 413
    assert "What you sent is too large." in response.content.decode()


def test_ask_address_leads_home(client):
    response = client.get(URL)

    assert (response.status_code, response["Location"]) == (302, "/en/")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_htmx_gets_the_outcome_alone_under_its_own_address(client, prefix):
    response = client.post(f"{prefix}/ask", {"text": HOSPITAL, "nonce": NONCE}, headers=HTMX)

    html = response.content.decode()
    assert (response.status_code, response["HX-Push-Url"]) == (200, f"{prefix}/f/{follow_token(Message.objects.get())}")
    assert 'id="outcome-title"' in html
    assert "<html" not in html


def test_htmx_is_told_of_a_form_that_came_twice(client):
    ask(client)

    response = client.post(URL, {"text": HOSPITAL, "nonce": NONCE}, headers=HTMX)

    assert "We already have this message" in response.content.decode()
    assert response["HX-Push-Url"] == f"/en/f/{follow_token(Message.objects.get())}"


def test_htmx_gets_the_refused_form_alone(client):
    response = client.post(URL, {"text": ""}, headers=HTMX)

    assert response.status_code == 400
    assert "HX-Push-Url" not in response
    assert response.content.decode().strip().startswith('<section class="ask"')


@pytest.mark.parametrize(
    "text", ['<script>alert(1)</script> & "quotes" \'', "{{7*7}} {% now 'Y' %}", "</textarea><b>bold</b>"]
)
def test_text_is_shown_as_it_was_typed(client, text):
    refused = client.post(URL, {"text": text, "kind": "gossip"}).content.decode()
    ask(client, text)
    followed = client.get(f"/en/f/{follow_token(Message.objects.get())}").content.decode()

    for html in (refused, followed):
        assert re.findall(r"<script>|<b>bold", html) == []
        assert escape(text) in html


def test_direction_controls_are_shown_as_what_they_are(client):
    ask(client, "Đường \u202egnốh này bị hỏng")

    html = client.get(f"/en/f/{follow_token(Message.objects.get())}").content.decode()

    assert "[U+202E]" in html
    assert "\u202e" not in html


def test_form_without_its_cookie_gives_the_text_back():
    client = Client(enforce_csrf_checks=True)

    response = client.post(URL, {"text": HOSPITAL, "place": "Ngõ 5", "nonce": NONCE})
    html = response.content.decode()

    assert response.status_code == 403
    assert HOSPITAL in html
    assert 'value="Ngõ 5"' in html
    assert Message.objects.count() == 0


def test_form_that_was_given_back_can_be_sent():
    client = Client(enforce_csrf_checks=True)
    html = client.post(URL, {"text": HOSPITAL, "nonce": NONCE}).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]

    response = client.post(URL, {"text": HOSPITAL, "nonce": NONCE, "csrfmiddlewaretoken": token})

    assert response.status_code == 303
    assert Message.objects.count() == 1


def test_other_form_without_its_cookie_is_a_plain_page():
    url = f"/en/f/{follow_token(send())}/kind"

    response = Client(enforce_csrf_checks=True).post(url, {"kind": "problem", "text": HOSPITAL})

    assert response.status_code == 403
    assert HOSPITAL not in response.content.decode()


def test_suggestions_never_disturb_who_types():
    client = Client(enforce_csrf_checks=True)

    answers = [client.post("/en/suggest", {"text": text}) for text in (HOSPITAL, "a" * 1_000_001)]

    assert [(answer.status_code, answer.content.strip()) for answer in answers] == [(200, b""), (200, b"")]


def test_suggestions_show_what_may_answer(client):
    case = send().case
    make_answer(case, question=HOSPITAL)
    before = Message.objects.count()

    html = client.post("/en/suggest", {"text": "nuoc chanh nong chua ung thu"}).content.decode()

    assert f'href="/en/a/{case.number}"' in html
    assert Message.objects.count() == before


@pytest.mark.parametrize("text", ["", "chanh", "\0" * 20, "a" * 4001, "zzzzzzzz qqqqqqq"])
def test_suggestions_are_empty_where_nothing_fits(client, text):
    make_answer(send().case, question=HOSPITAL)

    response = client.post("/en/suggest", {"text": text})

    assert (response.status_code, response.content.strip()) == (200, b"")


def test_no_address_of_a_page_holds_the_text(client):
    make_answer(send().case, question=HOSPITAL)
    html = ask(client, "Riêng tư của tôi và nước chanh nóng chữa ung thư").content.decode()

    assert [
        url for url in re.findall(r'(?:href|action|hx-post)="([^"]*)"', html) if "Ri" in url or "chanh" in url
    ] == []
    assert client.get("/en/suggest?text=riengtu").status_code == 405
