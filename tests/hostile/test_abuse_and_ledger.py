"""Cases 76 to 86: abuse, and the log."""

import base64
import json
import socket
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sangto.config.cli import main
from sangto.desk import actions
from sangto.desk.models import AnswerVersion, Message
from sangto.desk.queries.approvals import content_hash
from sangto.desk.queries.messages import follow_token
from sangto.engine.merkle.notes import BadNote, Key
from sangto.ledger import actions as log
from sangto.ledger import queries, verify_desk
from sangto.ledger.guard import SHORTER, StandsStill
from sangto.ledger.models import Head, Leaf
from sangto.ledger.rules import BadLeaf
from tests.factories import HOSPITAL, LAMP, NOW, TICKS, content, make_answer, make_member, make_version, send
from tests.ledger.naive import DASH, ORIGIN, NaiveKey, b64, jcs, policy, witness
from tests.ledger.receipts import W1, Case
from tests.ledger.steps import BATCH, backup, files, folder, put, put_days, run
from tests.web.staff.pages import at, signed_in

pytestmark = pytest.mark.django_db
FILES = ("", "/receipt.tlog-proof", "/outcome.tlog-proof", "/message.txt")


def heard(path):
    """What a stranger hears at an address, and what it asks of the database."""
    client = Client(headers={"accept-language": "en"})
    client.get("/en/about")  # what is asked once in the life of a process
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(path)
    body = response.content.replace(path.removeprefix("/en").encode(), b"")
    headers = {
        name: value for name, value in response.headers.items() if name != "Content-Length"
    }  # of the page's links
    return response.status_code, headers, body, [each["sql"] for each in asked]


@pytest.mark.parametrize("file", FILES)
def test_h76_receipt_of_somebody_else(doors, file):
    """Status, headers, body and work are those of a link that never was."""
    pk, _, mac = follow_token(send()).partition(".")
    forged = [f"{pk}.{mac[:-1]}{'A' if mac[-1] != 'A' else 'B'}", f"{int(pk) + 1}.{mac}", f"{pk}.", f"{pk}.{'a' * 43}"]

    never = heard(f"/en/f/999999.{'a' * 43}{file}")

    assert never[0] == 404
    assert not any("desk_message" in statement for statement in never[3])
    assert [heard(f"/en/f/{token}{file}") for token in forged] == [never] * len(forged)
    programs = {Client().get(f"/api/v1/messages/{token}").content for token in (*forged, "x", "999999.a")}
    assert len(programs) == 1


def test_h77_enumeration(doors, settings):
    message = send()
    token = follow_token(message)
    settings.LIMITS = {**settings.LIMITS, "links": settings.LIMITS["links"].read("5/1h")}
    client = Client(REMOTE_ADDR="203.0.113.7")

    guessed = [client.get(f"/f/{n}.{'a' * 43}").status_code for n in range(8)]

    assert guessed == [404] * 5 + [429] * 3
    secret = token.partition(".")[2]
    assert len(base64.urlsafe_b64decode(secret + "=")) * 8 >= 128
    for short in (message.number, str(message.pk), f"{message.pk}.", secret, token[:-1]):
        assert Client().get(f"/f/{short}").status_code == 404


TRAPS = (
    "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd", "http://127.0.0.1:1/", "gopher://localhost:70/_",
    "https://xn--a.example/redirect?to=http://localhost", "http://[::1]/", "//metadata.google.internal/",
)  # fmt: skip


def test_h78_links_are_never_requested(doors, monkeypatch, settings):
    asked = []
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, lambda *address, **_: asked.append(address))
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address))
    settings.TELEGRAM_TOKEN = ""

    for trap in TRAPS:
        doors.each(f"Trang này có thật không: {trap} nước chanh")
    case = doors.heard[0].kept.case
    make_answer(case, text=f"Xem {TRAPS[0]}", sources=[actions.Reference("a", "b", TRAPS[0], NOW.date())])
    actions.follow_up(now=timezone.now())
    log.sequence(now=timezone.now() + timedelta(minutes=10))
    for path in (f"/en/a/{case.number}", "/feeds/answers.atom", "/feeds/claimreview.json"):
        assert Client().get(path).status_code == 200

    assert asked == []


def test_h79_leaf_of_1025_bytes(doors, now):
    room = 1024 - len(json.dumps({"c": "", "t": "r", "v": 1}, separators=(",", ":")))

    with pytest.raises(BadLeaf), transaction.atomic():
        log.append("r", now=now, c="a" * (room + 1))

    assert not Leaf.objects.exists()


def h80_files(case):
    """Each broken receipt of the catalogue, by what is wrong with it; and those that verify all the same."""
    good, text, key = case.receipt.file([W1]), case.desk.log.text(), case.desk.log.key
    extra = jcs({"leaf": case.receipt.leaf, "opening": case.receipt.opening, "salt": case.receipt.salt})
    head, _, note = good.partition("\n\n")
    word = next(each for each in head.split() if each.endswith("="))
    other = word[:-2] + chr(ord(word[-2]) + 1) + "="
    one_more, many = [witness(n) for n in range(2, 19)], [witness(n) for n in range(2, 102)]
    bad = {
        "index beyond": good.replace("\nindex 5\n", "\nindex 21\n"),
        "size zero": f"c2sp.org/tlog-proof@v1\nextra {b64(extra)}\nindex 0\n\n{case.desk.log.checkpoint(0, [W1])}",
        "leading zero": good.replace("\nindex 5\n", "\nindex 05\n"),
        "64 hashes": f"{head}\n" + "\n".join([b64(bytes(32))] * 59) + f"\n\n{note}",
        "second base64": good.replace(word, other),
        "cr lf": good.replace("\n", "\r\n"),
        "bad line of a known key": good.replace(key.line(text), NaiveKey(ORIGIN).line("another text\n")),
        "two lines": case.receipt.file([W1], more=f"{DASH} {ORIGIN} {b64(key.id + bytes(64))}\n"),
        "101 lines": case.receipt.file([W1, *many]),
    }
    fine = {
        "good": good,
        "the same line twice": case.receipt.file([W1], more=key.line(text)),
        "17 strangers": case.receipt.file([W1, *one_more]),
    }
    return bad, fine


def test_h80_receipts(tmp_path, capsys):
    case = Case(tmp_path)
    bad, fine = h80_files(case)

    assert {name: case.check(capsys, text)[0] for name, text in bad.items()} == dict.fromkeys(bad, 1)
    assert {name: case.check(capsys, text)[0] for name, text in fine.items()} == dict.fromkeys(fine, 0)


def test_h81_checkpoint_of_another_origin(tmp_path, capsys):
    case = Case(tmp_path)
    receipt = case.receipt.file([W1])
    case.trust(policy([NaiveKey("other.example.org/log/2026")], [W1]))

    assert case.check(capsys, receipt) == (1, [f"Not valid: your policy does not trust the log {ORIGIN}."])


@pytest.mark.parametrize("name", ["a+b", "a b", "a\u00a0b", "a\u3000b", "a\tb", "a\nb", "", "+"])
def test_h82_vkey_with_a_plus_or_a_space_in_its_name(name):
    assert Key.read(NaiveKey(ORIGIN).vkey).name == verify_desk.read_key(NaiveKey(ORIGIN).vkey, verify_desk.LOG).name
    with pytest.raises(BadNote):
        Key.read(NaiveKey(name).vkey)
    with pytest.raises(verify_desk.Finding):
        verify_desk.read_key(NaiveKey(name).vkey, verify_desk.LOG)


def test_h83_database_shorter_than_the_published_log(doors, now, caplog):
    put_days(3, now=now)
    run(now)
    restore = backup()
    put_days(2, now=now + BATCH, first=4)
    run(now + BATCH)
    restore()

    with pytest.raises(StandsStill, match=SHORTER):
        run(now + 2 * BATCH)
    kept = doors.each(HOSPITAL)

    assert all(each.kept for each in kept.values())
    assert queries.trouble() == SHORTER
    assert Client().get("/en/log").status_code == 200
    status = CliRunner().invoke(main, ["ledger", "status"])
    assert (status.exit_code, "stands still" in status.output) == (1, True)


def test_h84_tile_overwritten_on_disk(now):
    put(3, now=now)
    run(now)
    whole = files()
    tile = folder() / "tile" / "0" / "000.p" / "3"
    tile.chmod(0o644)
    tile.write_bytes(bytes(96))

    log.forget_looks()
    result = CliRunner().invoke(main, ["ledger", "check"])

    assert (result.exit_code, "mended" in result.output) == (0, True)
    assert files() == whole
    assert Head.objects.get().root


def test_h85_approver_who_pretends_or_replays(doors):
    writer, editor, approver = make_member(), make_member(), make_member(role="approver")
    case = send(LAMP).case
    version = make_version(case, by=writer)
    pretend = {
        "seen": content_hash(version),
        "member": str(approver.pk),
        "by": str(approver.pk),
        "user": approver.user.username,
    }

    by_an_editor = signed_in(editor).post(at("publish", case), pretend)
    actions.send_back(version, note="", by=approver)
    changed = actions.draft(case, content=content(case, summary="Khác."), by=writer, now=NOW + timedelta(minutes=1))
    actions.submit(changed, by=writer, ticks=TICKS)
    replayed = signed_in(approver).post(at("publish", case), {"seen": pretend["seen"], "tick": list(TICKS)})

    assert (by_an_editor.status_code, replayed.status_code) == (409, 409)
    assert {each.state for each in AnswerVersion.objects.all()} == {"in_review"}
    assert Message.objects.exists()
