import logging
import threading
from datetime import timedelta

import pytest
from django.db import connection

from sangto.channels.deliver import deliver
from sangto.desk import actions
from sangto.desk.models import Reply
from sangto.vault.keystore import path_of
from tests.channels.stand_in import BLOCKED, BROKEN, NO_CHAT, TOKEN, too_many
from tests.factories import NOW, make_answer, make_correction, make_withdrawal, send

pytestmark = pytest.mark.django_db


def send_by_telegram(n=0, **changes):
    return send(channel="telegram", external_id=f"42:{n}", address=f"7770{n}", **changes)


def the_reply():
    return Reply.objects.get()


def test_due_letter_reaches_its_chat_and_is_marked(bot_api):
    message = send_by_telegram()

    sent = deliver(now=NOW)

    (letter,) = bot_api.letters
    assert sent == 1
    assert (letter["chat_id"], letter["link_preview_options"]) == ("77700", {"is_disabled": True})
    assert message.number in letter["text"]
    assert bot_api.paths == [f"/bot{TOKEN}/sendMessage"]
    assert the_reply().done_at == NOW


def test_nothing_is_sent_twice(bot_api):
    send_by_telegram()

    sent = [deliver(now=NOW + timedelta(minutes=n)) for n in range(3)]

    assert sent == [1, 0, 0]
    assert len(bot_api.letters) == 1


def test_nothing_is_sent_before_it_is_due(bot_api):
    send_by_telegram()

    assert deliver(now=NOW - timedelta(seconds=1)) == 0


@pytest.mark.parametrize("channel", ["web", "api"])
def test_page_needs_no_push(bot_api, channel):
    send(channel=channel)

    assert deliver(now=NOW) == 1
    assert bot_api.paths == []


def test_pages_are_told_in_two_statements_however_many(django_assert_num_queries):
    for n in range(5):
        send(f"Câu hỏi số {n} về chuyện cấp nước", channel="web", external_id=f"page:{n}")

    with django_assert_num_queries(3):  # which, mark, and what else is due
        assert deliver(now=NOW) == 5

    assert {(each.done_at, each.tries) for each in Reply.objects.all()} == {(NOW, 0)}


def test_page_whose_reply_a_worker_holds_is_left_to_it():
    send(channel="web")
    token = actions.claim(the_reply(), now=NOW)

    assert deliver(now=NOW + timedelta(seconds=30)) == 0
    assert actions.finish(the_reply(), token=token, now=NOW + timedelta(seconds=31))


def test_console_letter_goes_to_its_file_and_not_to_the_log(settings, caplog):
    caplog.set_level(logging.DEBUG)
    message = send("Nước chanh nóng chữa ung thư à?", channel="console")

    deliver(now=NOW)

    assert message.number in settings.CONSOLE_FILE.read_text()
    assert message.number not in caplog.text
    assert "a letter was written" in caplog.text


@pytest.mark.parametrize(("failure", "code"), [(BLOCKED, "blocked"), (NO_CHAT, "http_400")])
def test_final_refusal_is_given_up_at_once(bot_api, failure, code):
    bot_api.failures = [failure]
    send_by_telegram()

    deliver(now=NOW)

    reply = the_reply()
    assert (reply.gave_up_at, reply.last_error, reply.tries) == (NOW, code, 1)
    assert deliver(now=NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("failure", "code"),
    [(BROKEN, "http_500"), ((502, {}), "http_502"), ((401, {}), "http_401"), ((404, {}), "http_404")],
)
def test_passing_failure_is_tried_again_later(bot_api, failure, code):
    bot_api.failures = [failure]
    send_by_telegram()

    first = deliver(now=NOW)
    at_once = deliver(now=NOW + timedelta(seconds=20))
    error = the_reply().last_error
    later = deliver(now=NOW + timedelta(seconds=40))

    assert (first, at_once, error, later) == (0, 0, code, 1)
    assert len(bot_api.letters) == 1


def test_pauses_double_and_the_twelfth_failure_is_the_last(bot_api):
    bot_api.failures = [BROKEN] * 20
    send_by_telegram()
    now, pauses = NOW, []

    while the_reply().gave_up_at is None:
        deliver(now=now)
        pauses.append((the_reply().due_at - now).total_seconds())
        now = max(now, the_reply().due_at)

    assert the_reply().tries == 12
    assert all(
        0.8 * wanted <= pause <= 1.2 * wanted
        for pause, wanted in zip(pauses, [30 * 2**n for n in range(10)], strict=False)
    )
    assert max(pauses) <= 1.2 * 6 * 3600


def test_pause_that_the_channel_asks_for_is_kept(bot_api):
    bot_api.failures = [too_many(300)]
    send_by_telegram()

    deliver(now=NOW)

    assert the_reply().due_at == NOW + timedelta(seconds=300)
    assert the_reply().last_error == "rate_limited"


def test_bot_that_was_told_to_wait_stays_quiet_for_everybody(bot_api):
    bot_api.failures = [too_many(300)]
    send_by_telegram(1)
    send_by_telegram(2)

    deliver(now=NOW)

    assert len(bot_api.paths) == 1
    assert {reply.last_error for reply in Reply.objects.all()} == {"rate_limited"}


@pytest.mark.parametrize("retry_after", [None, "soon", -5, 10**9])
def test_strange_pause_does_no_harm(bot_api, retry_after):
    bot_api.failures = [too_many(retry_after)]
    send_by_telegram()

    deliver(now=NOW)

    assert the_reply().last_error == "rate_limited"
    assert the_reply().due_at <= NOW + timedelta(hours=6)


def test_slow_or_silent_server_is_a_passing_failure(bot_api, settings, monkeypatch):
    import httpx

    from sangto.channels import telegram

    monkeypatch.setattr(telegram, "TIMEOUTS", httpx.Timeout(0.05))
    bot_api.delay_s = 0.3
    send_by_telegram(1)
    deliver(now=NOW)
    settings.TELEGRAM_API = "http://127.0.0.1:9"
    send_by_telegram(2)
    deliver(now=NOW)

    assert [reply.last_error for reply in Reply.objects.order_by("pk")] == ["timeout", "unreachable"]


@pytest.mark.parametrize("api", ["http://[broken", "http://127.0.0.1:99999", "http://127.0.0.1:9"])
def test_token_is_in_no_log_and_no_error(bot_api, settings, api, caplog):
    caplog.set_level(logging.DEBUG)
    send_by_telegram(1)
    deliver(now=NOW)
    settings.TELEGRAM_API = api
    send_by_telegram(2)

    deliver(now=NOW)

    assert TOKEN.partition(":")[2] not in caplog.text + repr(list(Reply.objects.values_list()))
    assert Reply.objects.filter(last_error="unreachable").count() == 1


def test_desk_without_a_token_keeps_letters_for_later(bot_api, settings):
    settings.TELEGRAM_TOKEN = ""
    send_by_telegram()

    deliver(now=NOW)

    assert (the_reply().last_error, the_reply().gave_up_at) == ("not_configured", None)


def test_letter_without_an_address_is_told_by_its_page(bot_api):
    send(channel="telegram")

    deliver(now=NOW)

    assert (the_reply().done_at, the_reply().gave_up_at, bot_api.letters) == (NOW, None, [])


def test_letter_whose_day_key_is_gone_is_given_up(bot_api):
    message = send_by_telegram()
    path_of(message.contact.day).unlink()

    deliver(now=NOW)

    assert (the_reply().last_error, the_reply().gave_up_at) == ("key_gone", NOW)
    assert bot_api.paths == []


def test_letter_whose_key_cannot_be_opened_now_waits_and_is_sent_later(bot_api, settings):
    settings.VAULT_WRAPPING_KEY = "w" * 32
    send_by_telegram()
    settings.VAULT_WRAPPING_KEY = ""

    sent = [deliver(now=NOW), deliver(now=NOW + timedelta(minutes=9))]
    waits = the_reply()
    settings.VAULT_WRAPPING_KEY = "w" * 32

    assert (sent, waits.last_error, waits.tries) == ([0, 0], "key_locked", 0)
    assert deliver(now=NOW + timedelta(minutes=10)) == 1


def test_letter_sealed_to_another_key_is_given_up(bot_api):
    message = send_by_telegram()
    path_of(message.contact.day).write_bytes(b"\1" * 32)

    deliver(now=NOW)

    assert (the_reply().last_error, the_reply().gave_up_at) == ("wrong_key", NOW)


def test_one_bad_letter_does_not_hold_up_the_others(bot_api):
    bot_api.failures = [BROKEN]
    send_by_telegram(1)
    send_by_telegram(2)

    assert deliver(now=NOW) == 1


def test_letter_of_a_dead_worker_is_taken_over_after_its_lease(bot_api):
    send_by_telegram()
    actions.claim(the_reply(), now=NOW)

    within = deliver(now=NOW + timedelta(seconds=119))
    after = deliver(now=NOW + timedelta(seconds=121))

    assert (within, after) == (0, 1)


def test_no_transaction_is_open_while_a_letter_is_sent(bot_api, monkeypatch, settings, transactional_db):
    open_at_send = []
    take = bot_api.take
    send_by_telegram()
    from sangto.channels.registry import CHANNELS

    channel = CHANNELS["telegram"]
    monkeypatch.setattr(
        channel,
        "send",
        lambda text, *, address: open_at_send.append(connection.in_atomic_block) or take("", {"text": text}),
    )

    deliver(now=NOW)

    assert open_at_send == [False]


def test_each_version_is_told_once_with_its_own_words(bot_api):
    message = send_by_telegram(lang="en")
    deliver(now=NOW)
    make_answer(message.case, summary="It does not.")
    for step, make in enumerate(
        (lambda: None, lambda: make_correction(message.case), lambda: make_withdrawal(message.case))
    ):
        make()
        at = NOW + timedelta(hours=step)
        actions.follow_up(now=at)
        deliver(now=at)
        actions.follow_up(now=at)
        deliver(now=at)

    texts = [letter["text"] for letter in bot_api.letters]
    says = ["We have received your message", "Your question has an answer", "We have corrected", "We have withdrawn"]
    assert len(texts) == 4
    assert all(said in text for said, text in zip(says, texts, strict=True))
    assert bot_api.numbers() == [message.number] * 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_list_send_each_letter_once(bot_api):
    messages = [send_by_telegram(n, text=f"Câu hỏi số {n}: uống nước chanh nóng có tốt không?") for n in range(12)]
    start = threading.Barrier(2)
    sent = []

    def work():
        start.wait()
        sent.append(deliver(now=NOW))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert sum(sent) == 12
    assert sorted(bot_api.numbers()) == sorted(message.number for message in messages)


def test_letter_that_breaks_the_sender_each_time_is_given_up(bot_api, monkeypatch):
    send(channel="telegram", address="7770")
    Reply.objects.update(tries=12)

    deliver(now=NOW)

    assert Reply.objects.get().last_error == "too_many_tries"
    assert bot_api.letters == []
