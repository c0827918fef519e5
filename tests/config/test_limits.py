"""Too much from one network is told kindly, in the form of each door; the desk's own machine is not counted."""

import json
import logging
import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from sangto.config.limits import NAMELESS, Limits
from sangto.desk.models import Message
from sangto.desk.queries.messages import follow_token
from sangto.engine.buckets import PEPPER_LIFE_S, Buckets, Budget
from tests.channels.stand_in import SECRET, recorded
from tests.factories import HOSPITAL, LAMP, PASSWORD, make_member, send

pytestmark = pytest.mark.django_db
STRANGER = {"REMOTE_ADDR": "203.0.113.7"}
OFF = dict.fromkeys(("intake", "sign_in", "links", "keys", "reading"))


@pytest.fixture(autouse=True)
def still_clock(monkeypatch):
    """Nothing refills while a test runs; `clock[0]` puts it on."""
    clock = [0.0]
    monkeypatch.setattr(Limits, "clock", staticmethod(lambda: clock[0]))
    return clock


def desk_with(settings, **budgets):
    """A client of a desk with these budgets alone, from a stranger's address."""
    settings.LIMITS = {**OFF, **budgets}
    return Client(**STRANGER)


def one(period_s=600):
    return Budget(1, period_s)


def test_ask_form_gives_the_text_back(settings):
    client = desk_with(settings, intake=one())
    client.post("/en/ask", {"text": HOSPITAL})

    response = client.post("/en/ask", {"text": LAMP, "place": "Ngõ 5"})
    html = response.content.decode()

    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert response["Cache-Control"] == "no-store"
    assert LAMP in html
    assert 'value="Ngõ 5"' in html
    assert "send it again in 10 minutes" in html
    assert Message.objects.count() == 1


def test_form_that_was_given_back_can_be_sent_later(settings, still_clock):
    settings.LIMITS = {**OFF, "intake": one()}
    client = Client(**STRANGER, enforce_csrf_checks=True)
    client.post("/en/ask", {"text": HOSPITAL})
    html = client.post("/en/ask", {"text": LAMP}).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]

    still_clock[0] = 600.0
    response = client.post("/en/ask", {"text": LAMP, "csrfmiddlewaretoken": token})

    assert (response.status_code, Message.objects.get().text) == (303, LAMP)


def test_htmx_gets_the_form_back_in_its_place(settings):
    client = desk_with(settings, intake=one())
    client.post("/en/ask", {"text": HOSPITAL})

    response = client.post("/en/ask", {"text": LAMP}, headers={"hx-request": "true"})

    assert response.status_code == 429
    assert response.content.decode().strip().startswith('<section class="ask"')
    assert '409|429","swap":true' in client.get("/en/").content.decode()


def test_api_is_told_in_its_own_shape(settings):
    client = desk_with(settings, intake=one())
    headers = {"accept-language": "en"}
    client.post("/api/v1/messages", {"text": HOSPITAL}, "application/json")

    response = client.post("/api/v1/messages", {"text": LAMP}, "application/json", headers=headers)

    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert response.json()["error"]["code"] == "too_many"
    assert response.json()["error"]["message"].startswith("Too much came from your network")


def test_form_and_api_share_what_one_network_may_send(settings):
    client = desk_with(settings, intake=one())
    client.post("/en/ask", {"text": HOSPITAL})

    assert client.post("/api/v1/messages", {"text": LAMP}, "application/json").status_code == 429


def test_reading_is_told_on_a_page_and_programs_in_a_line(settings):
    client = desk_with(settings, reading=one(60))
    client.get("/en/")

    page, feed = client.get("/en/answers"), client.get("/feeds/answers.atom")

    assert (page.status_code, feed.status_code) == (429, 429)
    assert "try again in 1 minute." in page.content.decode()
    assert feed.content == b"too many requests\n"


def test_reading_leaves_the_form_open(settings):
    client = desk_with(settings, reading=one())
    client.get("/en/")

    assert client.post("/en/ask", {"text": HOSPITAL}).status_code == 303


def test_who_types_is_never_disturbed(settings):
    client = desk_with(settings, reading=one())
    client.get("/en/")

    response = client.post("/en/suggest", {"text": HOSPITAL})

    assert (response.status_code, response.content, response["HX-Reswap"]) == (429, b"", "none")


def test_addresses_that_do_not_exist_count_as_reading(settings):
    client = desk_with(settings, reading=one())
    client.get("/wp-login.php")

    assert client.get("/en/").status_code == 429


def test_failed_sign_ins_are_counted_and_the_next_is_not_even_tried(settings):
    make_member("lan")
    client = desk_with(settings, sign_in=Budget(2, 600))
    wrong, right = {"username": "lan", "password": "x"}, {"username": "lan", "password": PASSWORD}

    said = [client.post("/en/staff/sign-in", typed).status_code for typed in (wrong, right, wrong, wrong, right)]

    assert said == [400, 303, 400, 429, 429]
    assert client.get("/en/staff/sign-in").status_code == 429


@pytest.mark.parametrize("path", ["/f/{}", "/en/f/{}/receipt.tlog-proof", "/f/{}/data.json", "/api/v1/messages/{}"])
def test_links_that_lead_nowhere_are_counted_and_others_then_look_alike(settings, path):
    token = follow_token(send())
    client = desk_with(settings, links=Budget(2, 600))

    before = client.get(f"/en/f/{token}").status_code
    wrong = [client.get(path.format(f"{n}.x")).status_code for n in range(3)]
    after = client.get(f"/en/f/{token}").status_code

    assert (before, wrong, after) == (200, [404, 404, 429], 429)


def test_authentic_delivery_is_never_held_back_and_a_stranger_is(settings, day_keys):
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = "1:x", SECRET
    client = desk_with(settings, **dict.fromkeys(OFF, one()))

    def deliver(number, secret):
        body = json.dumps({**recorded("text"), "update_id": number})
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return client.post("/hooks/telegram", body, "application/json", headers=headers).status_code

    assert [deliver(n, "wrong") for n in range(3)] == [401, 429, 429]
    assert [deliver(n, SECRET) for n in range(5)] == [200] * 5
    assert Message.objects.count() == 5


def test_wrong_token_of_a_program_is_counted_apart_from_sign_ins(settings):
    make_member("lan")
    client = desk_with(settings, sign_in=one(), keys=one())
    wrong = {"authorization": "Bearer nothing"}

    said = [client.get("/api/v1/cases", headers=wrong).status_code for _ in range(3)]

    assert said == [401, 429, 429]
    assert client.post("/en/staff/sign-in", {"username": "lan", "password": PASSWORD}).status_code == 303


def test_forged_header_changes_no_key_and_a_proxys_does(settings):
    client = desk_with(settings, reading=one())

    forged = [client.get("/en/", headers={"x-forwarded-for": f"198.51.100.{n}"}).status_code for n in range(2)]
    behind = [
        client.get("/en/", headers={"x-forwarded-for": f"6.6.6.6, 198.51.100.{n}"}, REMOTE_ADDR="127.0.0.1").status_code
        for n in (1, 2, 1)
    ]

    assert (forged, behind) == ([200, 429], [200, 200, 429])


def test_household_shares_one_budget_in_ipv6(settings):
    client = desk_with(settings, reading=one())

    said = [
        client.get("/en/", REMOTE_ADDR=each).status_code for each in ("2001:db8::1", "2001:db8::2", "2001:db8:1::1")
    ]

    assert said == [200, 429, 200]


def test_own_machine_is_not_limited_and_a_proxy_that_names_nobody_is_heard_once(settings, caplog):
    settings.HTTPS = True
    settings.LIMITS = dict.fromkeys(OFF, one())
    client = Client()

    with caplog.at_level(logging.WARNING, logger="sangto.config.limits"):
        said = {client.get("/en/").status_code for _ in range(4)}

    assert said == {200}
    assert [record.getMessage() for record in caplog.records if record.name == "sangto.config.limits"] == [NAMELESS]


def test_nothing_of_an_address_is_logged_or_kept(settings, caplog):
    client = desk_with(settings, reading=one())
    with caplog.at_level(logging.DEBUG):
        for _ in range(3):
            client.get("/en/", headers={"x-forwarded-for": "198.51.100.9"})

    assert "203.0.113.7" not in caplog.text
    assert "198.51.100.9" not in caplog.text


def test_pepper_dies_where_nobody_asks(settings, monkeypatch):
    settings.LIMITS = {**OFF, "reading": one()}
    timers = []

    class Timer:
        daemon = False

        def __init__(self, wait_s, act):
            timers.append((self, wait_s, act))

        def start(self):
            assert self.daemon

    monkeypatch.setattr("sangto.config.limits.threading.Timer", Timer)
    limits = Limits(lambda request: HttpResponse(status=404))
    for _ in range(2):
        limits(RequestFactory(**STRANGER).get("/"))
    counted, pepper = limits.buckets.count("reading"), limits.buckets._pepper

    ((_timer, wait_s, act),) = timers
    act()

    assert (counted, len(pepper), wait_s) == (1, 32, PEPPER_LIFE_S)
    assert (limits.buckets.count("reading"), limits.buckets._pepper) == (0, b"")
    limits(RequestFactory(**STRANGER).get("/"))
    assert len(timers) == 2


def test_defaults_let_a_busy_office_work(settings):
    """Forty people behind one address: each opens 20 pages and sends 2 messages within a minute."""
    buckets = Buckets(settings.LIMITS)

    waits = [buckets.take(name, "203.0.113.7", now_s=60 * n / 880) for n in range(880)
             for name in (["intake"] if n % 11 == 0 else ["reading"])]  # fmt: skip

    assert set(waits) == {0}
