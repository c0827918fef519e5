"""Every door by which a message comes in: 2xx only after the commit, one delivery is one Message, 503 in need."""

import json
import re
import threading
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, connections
from django.test import Client
from django.urls import reverse

from sangto.desk.models import Case, Delivery, Message, Reply
from sangto.ledger.models import Leaf
from sangto.vault.models import Contact, Opening
from tests.channels.stand_in import SECRET, recorded
from tests.factories import HOSPITAL, LAMP, make_answer, make_member, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("day_keys")]
AT_ONCE = 50
NO_ROOM_MB = 10**9  # more than any disk has


@pytest.fixture(autouse=True)
def configured(settings):
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = "4815162342:canary-token-AAE", SECRET


def by_form(text=HOSPITAL, *, key=1, **headers):
    fields = {"text": text, "place": "Ngõ 5", "kind": "claim", "nonce": f"{key:032x}"}
    return Client().post("/en/ask", fields, headers=headers)


def by_api(text=HOSPITAL, *, key=1):
    headers = {"idempotency-key": str(key), "accept-language": "en"}
    return Client().post("/api/v1/messages", {"text": text}, "application/json", headers=headers)


def by_hook(text=HOSPITAL, *, key=1):
    update = recorded("text") | {"update_id": key}
    update["message"]["text"] = text
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    return Client().post("/hooks/telegram", json.dumps(update), "application/json", headers=headers)


DOORS = pytest.mark.parametrize("knock", [by_form, by_api, by_hook])
KEPT = {by_form: 303, by_api: 201, by_hook: 200}
AGAIN = {by_form: 303, by_api: 200, by_hook: 200}


def counts():
    models = (Message, Case, Reply, Delivery, Opening, Contact, Leaf)
    return {model.__name__: model.objects.count() for model in models}


def nothing():
    return dict.fromkeys(counts(), 0)


def elsewhere(look):
    """What another connection sees."""
    seen = []

    def work():
        seen.append(look())
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return seen[0]


@contextmanager
def commits_that_fail(monkeypatch):
    def fail(self):
        raise OperationalError("the commit did not come through")

    with monkeypatch.context() as patch:
        patch.setattr(type(connections["default"]), "_commit", fail)
        yield


@contextmanager
def locked_database():
    """Another connection writes for longer than we wait."""
    locked, done = threading.Event(), threading.Event()
    sqlite = connection.vendor == "sqlite"

    def hold():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if sqlite else "BEGIN")
            if not sqlite:
                cursor.execute("LOCK TABLE desk_message IN ACCESS EXCLUSIVE MODE")
            locked.set()
            done.wait(20)
            cursor.execute("ROLLBACK")
        connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50" if sqlite else "SET lock_timeout = '50ms'")
    thread = threading.Thread(target=hold)
    thread.start()
    locked.wait(20)
    try:
        yield
    finally:
        done.set()
        thread.join()
        connection.close()


# --- 2xx only after the commit ---------------------------------------------------------------------------------------


@DOORS
def test_message_that_was_told_to_be_kept_is_seen_by_everybody(knock):
    response = knock()

    assert response.status_code == KEPT[knock]
    assert elsewhere(lambda: Message.objects.get().text) == HOSPITAL


@DOORS
def test_message_whose_commit_fails_is_not_told_to_be_kept_and_leaves_nothing(knock, monkeypatch):
    with commits_that_fail(monkeypatch):
        response = knock()
    left = elsewhere(counts)

    again = knock()

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert left == nothing()
    assert (again.status_code, Message.objects.count()) == (KEPT[knock], 1)


@DOORS
def test_message_that_was_committed_before_its_answer_was_lost_is_kept_once(knock):
    first = knock()

    again = knock()

    assert (first.status_code, again.status_code) == (KEPT[knock], AGAIN[knock])
    assert (Message.objects.count(), Reply.objects.count(), Leaf.objects.count()) == (1, 1, 1)


# --- one delivery is one Message -------------------------------------------------------------------------------------


@DOORS
def test_one_delivery_many_times_at_once_is_one_message_with_one_answer(knock):
    start, answers = threading.Barrier(AT_ONCE), []

    def work():
        start.wait()
        response = knock()
        place = response.headers.get("Location", "").replace("?again=1", "")
        answers.append((response.status_code, response.content, place))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    statuses = sorted(status for status, _content, _place in answers)
    assert statuses == sorted([AGAIN[knock]] * (AT_ONCE - 1) + [KEPT[knock]])
    assert len({(content, place) for _status, content, place in answers}) == 1
    kept = counts()
    assert kept == dict.fromkeys(kept, 1) | {"Contact": Contact.objects.count()}
    assert kept["Contact"] == (1 if knock is by_hook else 0)


def test_same_key_with_another_body_is_refused_by_the_api_and_dropped_by_the_hook():
    by_api(key=1), by_hook(key=1)

    answers = by_api(LAMP, key=1), by_hook(LAMP, key=1)

    assert [response.status_code for response in answers] == [422, 200]
    assert answers[0].json()["error"]["code"] == "other_body"
    assert {message.text for message in Message.objects.all()} == {HOSPITAL}


def test_form_that_was_changed_after_it_was_sent_is_a_message_of_its_own():
    answers = by_form(), by_form(LAMP), by_form()

    assert [response.status_code for response in answers] == [303] * 3
    assert [message.text for message in Message.objects.order_by("pk")] == [HOSPITAL, LAMP]


# --- the hour of need ------------------------------------------------------------------------------------------------


@DOORS
def test_message_is_refused_kindly_while_there_is_no_room_and_taken_in_after(knock, settings):
    reserve = settings.DISK_RESERVE_MB
    settings.DISK_RESERVE_MB = NO_ROOM_MB
    refused = knock()
    left = counts()
    settings.DISK_RESERVE_MB = reserve

    again = knock()

    assert (refused.status_code, refused["Retry-After"]) == (503, "120")
    assert left == nothing()
    assert (again.status_code, Message.objects.count()) == (KEPT[knock], 1)


@DOORS
def test_repeat_of_a_kept_message_gets_its_answer_without_room(knock, settings):
    knock()
    settings.DISK_RESERVE_MB = NO_ROOM_MB

    assert knock().status_code == AGAIN[knock]


@DOORS
def test_message_is_refused_kindly_while_the_database_is_locked(knock):
    with locked_database():
        response = knock()

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert elsewhere(counts) == nothing()
    assert knock().status_code == KEPT[knock]


def test_api_says_it_in_its_own_shape(settings):
    settings.DISK_RESERVE_MB = NO_ROOM_MB

    error = by_api().json()["error"]

    said = "The desk has no room for new messages just now. Please send it again later: it is never kept twice."
    assert error == {"code": "no_room", "message": said}


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_form_is_given_back_as_it_was_and_is_the_same_delivery(settings, headers):
    settings.DISK_RESERVE_MB = NO_ROOM_MB

    response = by_form("Có đúng <là> & thật?", key=77, **headers)

    page = response.content.decode()
    assert "Your text is still here" in page
    assert "Có đúng &lt;là&gt; &amp; thật?" in page
    assert re.search(r'name="place"[^>]*value="Ngõ 5"', page)
    assert f'name="nonce" value="{77:032x}"' in page
    assert ("<html" in page) is not bool(headers)
    assert (response["HX-Retarget"], response["Cache-Control"]) == (".ask", "no-store")


def test_reading_and_the_staff_go_on_without_room(settings):
    case = send().case
    make_answer(case)
    waiting = send(LAMP).case
    member = make_member()
    settings.DISK_RESERVE_MB = NO_ROOM_MB
    client = Client()

    pages = ["/", "/answers", f"/a/{case.number}", "/log", f"/api/v1/answers/{case.number}"]
    read = [client.get(page).status_code for page in pages]
    client.force_login(member.user)
    staff = [client.get(reverse(f"staff:{name}")).status_code for name in ("inbox", "work")]
    url = reverse("staff:write", args=[waiting.number])
    rows = {"sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0"}
    written = client.post(url, {**rows, "question": "Đèn hỏng", "summary": "", "text": "", "do": "save"})

    assert read == [200] * len(pages)
    assert staff == [200, 200]
    assert written.status_code == 303


@pytest.mark.parametrize("path", ["/en/answers", "/en/", "/api/v1/answers", "/log/checkpoint"])
def test_page_that_the_database_cannot_give_is_a_kind_503(path, monkeypatch, caplog):
    words = " ".join(["private", "words"])

    def away(*args, **values):
        raise OperationalError(words)

    monkeypatch.setattr("django.db.models.sql.compiler.SQLCompiler.execute_sql", away)

    response = Client().get(path, headers={"accept-language": "en"})

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    kind = "just now" if path.startswith("/api") else "The desk is busy just now"
    assert kind in response.content.decode() or path == "/log/checkpoint"
    assert words not in caplog.text + response.content.decode()
