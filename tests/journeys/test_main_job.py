"""The main job: three people ask the same thing on three channels, and each is told what the desk finds out, once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import Case, Message, Reply
from sangto.desk.queries.messages import standing_of
from sangto.jobs import worker
from tests.channels.stand_in import SECRET, recorded
from tests.factories import TICKS, content, make_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("day_keys")]

WITH_MARKS = "Uống nước chanh nóng mỗi sáng có chữa được ung thư không?"
WITHOUT_MARKS = "uong nuoc chanh nong moi sang co chua duoc ung thu khong"
OTHERWISE = "Cho hỏi uống nước chanh nóng mỗi sáng chữa được ung thư có đúng không ạ?"


@pytest.fixture
def desk():
    return {"editor": make_member(), "approver": make_member(role="approver")}


def ask_by_telegram(client, text):
    update = recorded("text")
    update["message"]["text"] = text
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    response = client.post("/hooks/telegram", json.dumps(update), content_type="application/json", headers=headers)
    assert response.status_code == 200


def ask_on_the_page(text):
    incoming = actions.Incoming(channel="web", external_id="nonce-1", text=text)
    return actions.receive(incoming, now=timezone.now()).message


def ask_by_api(client, text):
    response = client.post(
        "/api/v1/messages", json.dumps({"text": text, "lang": "vi"}), content_type="application/json"
    )
    assert response.status_code in (200, 201)
    return response.json()


def ask_at_the_console(text):
    incoming = actions.Incoming(channel="console", external_id="console-1", text=text)
    return actions.receive(incoming, now=timezone.now()).message


def publish(case, desk, **changes):
    version = actions.draft(case, content=content(case, **changes), by=desk["editor"], now=timezone.now())
    version = actions.submit(version, by=desk["editor"], ticks=TICKS)
    return actions.publish(version, by=desk["approver"], now=timezone.now(), ticks=TICKS)


def worker_goes_round(times=2):
    """More rounds than needed: a worker that has nothing to do does nothing."""
    for _ in range(times):
        worker.run_once(timezone.now() + timedelta(seconds=1))


def told(case):
    """How often each sender was told each version: {channel: {n: times}}."""
    found = {}
    for reply in Reply.objects.filter(message__case=case, done_at__isnull=False).select_related("message", "version"):
        n = reply.version.n if reply.version else 0
        counts = found.setdefault(reply.message.channel, {})
        counts[n] = counts.get(n, 0) + 1
    return found


def test_question_is_asked_grouped_answered_told_corrected_told_and_withdrawn(client, bot_api, desk, settings):
    # Three people ask, each in their own words and their own way.
    ask_by_telegram(client, WITH_MARKS)
    on_page = ask_on_the_page(WITHOUT_MARKS)
    api = ask_by_api(client, OTHERWISE)
    console = ask_at_the_console(WITH_MARKS.upper())
    case = Case.objects.get(state="open")
    by_telegram = Message.objects.get(channel="telegram")
    assert {message.channel for message in case.messages.all()} == {"telegram", "web", "api", "console"}
    assert all(joining.reasons for joining in case.joinings.exclude(message=by_telegram))
    assert api["outcome"] == "received"

    worker_goes_round()
    assert bot_api.numbers() == [by_telegram.number]

    # An editor answers, nobody approves their own text, a second person publishes; everybody is told.
    version = actions.draft(case, content=content(case), by=desk["approver"], now=timezone.now())
    version = actions.submit(version, by=desk["approver"], ticks=TICKS)
    with pytest.raises(actions.CannotPublish) as refused:
        actions.publish(version, by=desk["approver"], now=timezone.now(), ticks=TICKS)
    assert refused.value.code == "own_text"
    drafted = actions.send_back(version, note="", by=desk["approver"])
    actions.discard(drafted, by=desk["approver"], now=timezone.now())
    publish(case, desk)
    worker_goes_round()

    assert told(case) == {channel: {0: 1, 1: 1} for channel in ("telegram", "web", "api", "console")}
    assert [letter["chat_id"] for letter in bot_api.letters] == ["77700011"] * 2
    assert case.number in bot_api.letters[-1]["text"]
    assert console.number in settings.CONSOLE_FILE.read_text()
    assert standing_of(Message.objects.get(pk=on_page.pk)).outcome == "answered"

    # It is corrected: told again, once, with what changed.
    actions.start_correction(case, by=desk["editor"], now=timezone.now())
    publish(case, desk, change="Thêm kết quả nghiên cứu mới.", verdict="misleading")
    worker_goes_round()

    assert told(case) == {channel: {0: 1, 1: 1, 2: 1} for channel in ("telegram", "web", "api", "console")}
    assert "Thêm kết quả nghiên cứu mới." in bot_api.letters[-1]["text"]

    # It is withdrawn: told again, once, and the question waits once more.
    withdrawal = actions.start_withdrawal(case, change="Nguồn đã bị gỡ.", by=desk["editor"], now=timezone.now())
    actions.publish(withdrawal, by=desk["approver"], now=timezone.now(), ticks=TICKS)
    worker_goes_round()

    assert told(case) == {channel: {0: 1, 1: 1, 2: 1, 3: 1} for channel in ("telegram", "web", "api", "console")}
    assert "Nguồn đã bị gỡ." in bot_api.letters[-1]["text"]
    assert bot_api.numbers() == [by_telegram.number] * 4
    case.refresh_from_db()
    assert case.state == "open"
    assert [each.n for each in case.answer.versions.order_by("n")] == [1, 2, 3]
    assert Reply.objects.count() == 16


def test_who_asks_after_the_answer_is_told_at_once_and_only_once(client, bot_api, desk):
    first = ask_on_the_page(WITH_MARKS)
    publish(first.case, desk)

    ask_by_telegram(client, WITH_MARKS)
    worker_goes_round()

    message = Message.objects.get(channel="telegram")
    assert (message.case, message.outcome) == (first.case, "answered")
    assert [reply.kind for reply in message.replies.all()] == ["answer"]
    assert bot_api.numbers() == [message.number]
