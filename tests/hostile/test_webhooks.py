"""Cases 38 to 52: webhooks. Of the two services of the catalogue the desk speaks to Telegram; see `not_yet`."""

import copy
import hmac
import json
import logging
import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from sangto.channels import telegram
from sangto.desk.models import Delivery, Message, Reply
from sangto.desk.queries.receipts import receipt_of
from sangto.ledger.actions import sequence
from tests.channels.stand_in import FIXTURES, SECRET, recorded
from tests.factories import HOSPITAL, LAMP
from tests.hostile.doors import assert_refused

pytestmark = pytest.mark.django_db
KINDS = (
    "edited_message", "channel_post", "edited_channel_post", "callback_query", "inline_query", "my_chat_member",
    "chat_member", "message_reaction", "poll", "poll_answer", "business_message", "chat_join_request",
)  # fmt: skip


def deliver(doors, update, **options):
    return doors.update(json.dumps(update).encode(), **options)


def places(settings, caplog):
    """Everything that is kept or told: rows, files, log."""
    rows = repr([list(model.objects.values_list()) for model in apps.get_models()])
    files = "".join(path.read_bytes().decode("latin-1") for path in Path(settings.HOME).rglob("*") if path.is_file())
    return "\n".join([rows, files, caplog.text]).lower()


@pytest.mark.parametrize(
    "secret",
    [
        None,
        "",
        "wrong",
        SECRET + "x",
        SECRET[:-1],
        SECRET.upper(),
        "bí mật",
        "\udcff",
        f"{SECRET}, {SECRET}",
        f"{SECRET},x",
    ],
)
def test_h38_secret_header(doors, secret, monkeypatch):
    compared = []
    compare = hmac.compare_digest
    monkeypatch.setattr(telegram.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or compare(a, b))

    heard = deliver(doors, recorded("text"), secret=secret)

    assert (heard.status, heard.said, heard.kept) == (401, "", None)
    assert len(compared) == 1  # in constant time, whatever came


def test_h42_one_event_a_thousand_times(doors, monkeypatch):
    update = json.dumps(recorded("text")).encode()
    first = doors.update(update).kept
    sequence(now=timezone.now() + timedelta(minutes=10))
    receipt = receipt_of(first)

    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    post = doors.client.post
    statuses = {post("/hooks/telegram", update, "application/json", headers=headers).status_code for _ in range(999)}

    assert statuses == {200}
    assert [message.number for message in Message.objects.all()] == [first.number]
    assert (Delivery.objects.count(), Reply.objects.count()) == (1, 1)
    assert receipt.is_ready
    assert receipt_of(Message.objects.get()) == receipt


def test_h43_edit_before_its_original(doors):
    original = recorded("text")
    edit = {"update_id": original["update_id"] + 1, "edited_message": {**original["message"], "text": LAMP}}

    assert deliver(doors, edit).kept is None
    assert deliver(doors, original).kept.text == HOSPITAL
    assert deliver(doors, edit).kept is None


@pytest.mark.parametrize("kind", [*KINDS, "something_new_in_2031"])
def test_h44_updates_that_are_no_message(doors, kind, caplog):
    update = {"update_id": 5, kind: recorded("text")["message"]}

    heard = deliver(doors, update)

    assert (heard.said, heard.kept) == ("", None)
    assert f"telegram: ignored: {kind if kind in KINDS else 'other'}" in caplog.text


def test_h45_update_ids_jump(doors):
    ids = [900, 5, 2**62, 0, 6, 901, -3]

    kept = [deliver(doors, {**recorded("text"), "update_id": each}).kept for each in ids]

    assert len({message.number for message in kept}) == len(ids)
    assert [deliver(doors, {**recorded("text"), "update_id": each}).kept for each in ids] == [None] * len(ids)


@pytest.mark.parametrize("origin", ["user", "hidden_user", "chat", "channel"])
def test_h46_forward(doors, origin, settings, caplog):
    update = recorded(f"forward_{origin}")
    assert "canary" in json.dumps(update["message"]["forward_origin"]).lower()

    kept = deliver(doors, update).kept

    assert kept.text == update["message"]["text"]
    seen = places(settings, caplog)
    assert [word for word in ("canary", "777000", "106.777") if word in seen] == []


def test_h47_contact_card(doors, settings, caplog):
    card = recorded("contact")
    with_text = copy.deepcopy(card)
    with_text["update_id"] += 1
    with_text["message"]["text"] = HOSPITAL

    alone = deliver(doors, card, lang="vi")

    assert_refused(alone, "no_text")
    assert deliver(doors, with_text).kept.text == HOSPITAL
    seen = places(settings, caplog)
    assert [word for word in ("canary", str(card["message"]["contact"]["phone_number"])) if word.lower() in seen] == []


def test_h48_text_mention(doors, settings, caplog):
    update = recorded("text_mention")
    assert any("user" in entity for entity in update["message"]["entities"])

    kept = deliver(doors, update).kept

    assert kept.text == update["message"]["text"]
    assert "canary" not in places(settings, caplog)


def test_h49_album_in_ten_updates(doors):
    """One Message and one acknowledgement; its pictures come with the files of the desk."""
    first, other = recorded("album_first"), recorded("album_second")
    parts = [first] + [{**other, "update_id": other["update_id"] + n} for n in range(9)]
    repeated = parts * 3
    random.Random(49).shuffle(repeated)

    kept = [heard.kept for heard in (deliver(doors, part) for part in repeated) if heard.kept]

    assert [message.text for message in kept] == [first["message"]["caption"]]
    assert Reply.objects.count() == 1
    assert {heard.said for heard in doors.heard} == {""}


@pytest.mark.parametrize(("secret", "status"), [(SECRET, 200), ("wrong", 413), (None, 413)])
def test_h52_event_of_five_megabytes(doors, secret, status, caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    parsed = []
    monkeypatch.setattr(telegram, "read_update", lambda *_, **__: parsed.append(1))
    update = recorded("text")
    update["message"]["text"] = "x" * 5_000_000

    heard = deliver(doors, update, secret=secret)
    monkeypatch.undo()

    assert (heard.status, heard.kept, parsed) == (status, None, [])
    assert ("telegram: ignored: too_large" in caplog.text) is (secret == SECRET)


def test_every_fixture_names_a_kind_of_forward():
    names = {path.stem for path in FIXTURES.glob("forward_*.json")}

    assert names == {"forward_user", "forward_hidden_user", "forward_chat", "forward_channel"}
