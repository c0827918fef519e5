"""`sangto fsck`: a sound desk passes, and each kind of damage is found."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from sangto.config import fsck, strangers
from sangto.desk import actions
from sangto.desk.models import (
    Answer,
    AnswerVersion,
    Approval,
    Case,
    Copy,
    CopyBytes,
    Delivery,
    Message,
    Outcome,
    Publication,
    Reply,
    SearchText,
    Source,
)
from sangto.engine.merkle.notes import LOG, WITNESS, Note, Signer
from sangto.interchange.warc import Step, as_warc
from sangto.ledger import actions as log
from sangto.ledger.keystore import path_of
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Cosignature, Head, Leaf, SignedCheckpoint
from sangto.people.models import Member
from sangto.vault.models import Opening
from tests.factories import (
    LAMP,
    NOW,
    TICKS,
    make_answer,
    make_correction,
    make_member,
    make_unit,
    make_version,
    make_withdrawal,
    send,
)
from tests.ledger.steps import without_guards

pytestmark = pytest.mark.django_db
COFFEE, SNOW = "Có đúng là uống cà phê gây mất ngủ không?", "Có phải tuần sau ở phường có tuyết rơi không?"
HARMFUL = "Ăn tỏi sống có diệt được virus cúm không?"
SHARD, FIRST = "2026", "localhost:8000/log/2026"
ARCHIVE = as_warc(
    [Step("http://moh.gov.vn/", "1.1.1.1", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200\r\n\r\n")], software="x", at=NOW
)
DESTROYED, KEPT = date(2026, 11, 19), date(2026, 11, 21)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """A desk that is built once: its rows in a transaction that never ends well, its files in this folder."""
    home = tmp_path_factory.mktemp("built")
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "HOME", home)
        build()
        patch.undo()
        yield home
        transaction.set_rollback(True)


@pytest.fixture
def desk(built, db):
    """The desk with files of this test's own. What the test does to the rows is undone after it."""
    shutil.copytree(built, settings.HOME, dirs_exist_ok=True)
    yield
    transaction.set_rollback(True)  # nobody needs what is damaged to hold together at the end


def build() -> None:
    """Answers published, corrected, withdrawn and erased; closed and merged cases; a closed shard and an open one."""
    make_unit()
    answered = send(channel="telegram", address="777").case
    make_answer(answered)
    make_correction(answered, now=NOW + timedelta(minutes=1))
    withdrawn = send(COFFEE, channel="telegram", address="778", now=NOW - timedelta(days=2)).case
    with_copy(withdrawn)
    make_withdrawal(withdrawn, now=NOW + timedelta(minutes=2))
    actions.follow_up(now=NOW)
    log.sequence(now=NOW + timedelta(minutes=10))
    actions.destroy_contacts_of(DESTROYED, now=NOW + timedelta(minutes=11))
    erase(AnswerVersion.objects.get(answer__case=answered, n=1))
    actions.close_not_checkable(send(SNOW).case, by=make_member(), now=NOW)
    actions.merge(send(HARMFUL).case, into=send(LAMP, kind="claim").case, by=make_member(), now=NOW)
    actions.follow_up(now=NOW + timedelta(minutes=12))
    log.sequence(now=NOW + timedelta(minutes=30))
    cosign()
    log.next_shard(Head.objects.get(), now=NOW + timedelta(minutes=31))
    log.sequence(now=NOW + timedelta(minutes=40))
    send("Đèn ở đầu ngõ 7 bị tắt", now=NOW + timedelta(minutes=41))


def with_copy(case: Case) -> None:
    """A published answer whose source has an archived copy."""
    version = make_version(case)
    by = version.written_by
    actions.keep_upload(actions.send_back(version, note="", by=by).sources.get(), data=ARCHIVE, by=by, now=NOW)
    version = actions.submit(version, by=by, ticks=TICKS, now=NOW)
    actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)


def erase(version: AnswerVersion) -> None:
    by, approver = make_member(), make_member(role="approver")
    actions.erase_version(version, ground="court_order", by=by, approved_by=approver, now=NOW + timedelta(minutes=11))


def cosign() -> None:
    """A witness's line for the newest checkpoint."""
    row = SignedCheckpoint.objects.order_by("-size").first()
    witness = Signer("witness.example.org/w1", WITNESS, bytes(32))
    line = witness.cosigned(Note.read(row.note).text, at=1)
    Cosignature.objects.create(origin=row.origin, size=row.size, vkey=witness.key.vkey, line=line, seen_at=NOW)


def codes() -> set[str]:
    """What is found by all looks together, but for those that start the strangers' program time and again."""
    looks = [
        look for look in (fsck.SCHEMA, *fsck.LOOKS) if look.run not in (strangers.receipts, strangers.publications)
    ]
    return {each.code for look in looks for each in fsck.found_by(look)[1]}


def by_name(name: str) -> fsck.Look:
    return next(look for look in fsck.LOOKS if look.name == name)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# --- A sound desk -----------------------------------------------------------------------------------------------------


def test_sound_desk_passes_with_one_line_a_thing(desk, capsys):
    assert fsck.fsck() == 0

    lines = capsys.readouterr().out.splitlines()
    assert {line[:5] for line in lines if not line.startswith(("everything", "note"))} == {"ok   "}
    assert len([line for line in lines if line.startswith("ok")]) == len(fsck.LOOKS) + 1
    assert "everything that can be recomputed agrees" in lines
    assert "ok    1 copies of sources give their hashes" in lines
    assert "ok    4 published versions say what their leaves bind to" in lines
    assert "ok    6 messages have their leaf, their delivery and their case" in lines


def test_nothing_is_written(desk):
    before = {path: path.read_bytes() for path in settings.HOME.rglob("*") if path.is_file()}

    fsck.fsck()

    assert {path: path.read_bytes() for path in settings.HOME.rglob("*") if path.is_file()} == before


# --- Damage -----------------------------------------------------------------------------------------------------------


def newest(model, **which):
    return model.objects.filter(**which).order_by("-pk").first()


def change(model, which: dict, **values) -> Callable[[], None]:
    return lambda: model.objects.filter(pk=newest(model, **which).pk).update(**values)


def drop(model, **which) -> Callable[[], None]:
    return lambda: model.objects.filter(pk=newest(model, **which).pk).delete()


def flip(level: str) -> Callable[[], None]:
    def damage() -> None:
        smallest = SignedCheckpoint.objects.filter(origin=FIRST).order_by("size")[0].size
        file = LocalLog(SHARD).folder / f"tile/{level}/000.p/{smallest}"
        data = bytearray(file.read_bytes())
        data[5] ^= 1
        file.write_bytes(data)

    return damage


def remove(path: Callable[[], Path]) -> Callable[[], None]:
    return lambda: path().unlink()


def write(path: Callable[[], Path], content: bytes | Callable[[], bytes]) -> Callable[[], None]:
    return lambda: path().write_bytes(content() if callable(content) else content)


def checkpoint() -> Path:
    return LocalLog("2026-2").folder / "checkpoint"


def other_key() -> bytes:
    text = Note.read(checkpoint().read_text()).text
    return str(Note(text, (Signer(FIRST + "-2", LOG, b"\1" * 32).signed(text),))).encode()


def day_key(day: date) -> Callable[[], Path]:
    return lambda: settings.HOME / "keys" / f"contact-{day}.key"


def last_tile() -> Path:
    return LocalLog(SHARD).folder / f"tile/0/000.p/{Head.objects.get(shard=SHARD).size}"


def gather() -> None:
    Message.objects.update(case=Case.objects.order_by("pk").first())


def tell_twice() -> None:
    execute("DROP INDEX one_reply_a_version")
    reply = newest(Reply, version__isnull=False)
    reply.pk = None
    reply.save(force_insert=True)


def lose_cosigned() -> None:
    SignedCheckpoint.objects.filter(origin=FIRST, size=newest(Cosignature).size).delete()


def unlog(version: AnswerVersion) -> None:
    Source.objects.filter(version=version).delete()
    Reply.objects.filter(version=version).delete()
    Publication.objects.filter(version=version).delete()
    AnswerVersion.objects.filter(pk=version.pk).delete()


def lose_answer() -> None:
    """The correction is gone as if it had never been: the version before is in force again."""
    answer = Answer.objects.order_by("pk").first()
    answer.current = answer.versions.get(n=1)
    answer.save()
    unlog(answer.versions.get(n=2))


def lose_message() -> None:
    """The row alone is gone: what belongs to it stays behind."""
    execute(f"DELETE FROM desk_message WHERE id = {newest(Message).pk}")


def go_back() -> None:
    answer = Answer.objects.order_by("pk").first()
    Answer.objects.filter(pk=answer.pk).update(current=answer.versions.get(n=1))


def name_another() -> None:
    version = newest(AnswerVersion, **CORRECTED)
    other = Member.objects.exclude(pk__in=(version.written_by_id, version.approved_by_id)).order_by("pk").first()
    change(AnswerVersion, CORRECTED, approved_by=other)()


def break_archive() -> None:
    data = ARCHIVE[:-1]
    CopyBytes.objects.update(data=data)
    Copy.objects.update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))


CORRECTED = {"state": "published", "step": "correct"}
OF_CORRECTION = {"version__step": "correct"}
RECEIVED = {"kind": "r", "origin": FIRST}
HASH = "0" * 64
OTHER_LEAF = '{"c":"' + HASH + '","t":"r","v":1}'
SALT = "00" * 32
LIVE = {"message__ended__isnull": True}

DAMAGE: dict[str, tuple[Callable[[], object], str]] = {
    # files
    "a byte of a tile": (flip("0"), "checkpoint_tiles tile_damaged"),
    "a byte of a bundle": (flip("entries"), "tile_damaged"),
    "a tile is missing": (remove(last_tile), "checkpoint_tiles tile_damaged"),
    "the checkpoint is missing": (remove(checkpoint), "checkpoint_gone"),
    "the checkpoint is none": (write(checkpoint, b"<html>"), "log_unreadable"),
    "the checkpoint is of another key": (write(checkpoint, other_key), "checkpoint_foreign"),
    "the log's key is missing": (remove(lambda: path_of("log-2026-2")), "log_key_lost"),
    "a day's key is missing": (remove(day_key(KEPT)), "day_key_missing"),
    "a destroyed day is not logged": (drop(Leaf, kind="x"), "day_unlogged leaf_missing"),
    "a destroyed day's key is back": (write(day_key(DESTROYED), b"k" * 32), "day_key_kept"),
    "a day has another day's key": (write(day_key(KEPT), b"k" * 32), "contact_unopenable"),
    "a day's key is cut off": (write(day_key(KEPT), b"k"), "contact_unopenable"),
    # rows of the log
    "a leaf says something else": (
        change(Leaf, RECEIVED, body=OTHER_LEAF),
        "checkpoint_differs head_differs leaf_changed tile_damaged",
    ),
    "a leaf is no leaf": (
        change(Leaf, RECEIVED, body="{"),
        "checkpoint_differs head_differs leaf_changed tile_damaged",
    ),
    "a leaf has another hash": (change(Leaf, RECEIVED, leaf_hash=HASH), "leaf_changed message_leaf_missing"),
    "a leaf is of another kind": (change(Leaf, RECEIVED, kind="o"), "leaf_changed messages_unlogged"),
    "a leaf stands elsewhere": (
        change(Leaf, RECEIVED, leaf_index=1000),
        "checkpoint_differs head_differs leaf_missing",
    ),
    "a leaf is of no log": (change(Leaf, {"origin__isnull": True}, origin="nowhere/1", leaf_index=0), "leaf_stray"),
    "a leaf is missing": (drop(Leaf, **RECEIVED), "leaf_missing message_leaf_missing messages_unlogged"),
    "a leaf that waits is missing": (drop(Leaf, origin__isnull=True), "message_leaf_missing messages_unlogged"),
    "the root is another": (change(Head, {"is_open": True}, root=HASH), "head_differs"),
    "the old log's root is another": (change(Head, {"shard": SHARD}, root=HASH), "head_differs shards_unchained"),
    "the size is smaller": (change(Head, {"is_open": True}, size=0), "head_differs log_shorter"),
    "a signed checkpoint is missing": (drop(SignedCheckpoint), "checkpoint_foreign"),
    "a signature is another": (change(SignedCheckpoint, {}, note="x"), "checkpoint_foreign checkpoint_unsigned"),
    "a witness's line is another": (change(Cosignature, {}, line="— w AAAA"), "cosignature_wrong"),
    "a witness's checkpoint is missing": (lose_cosigned, "cosignature_wrong"),
    # answers
    "a text": (change(AnswerVersion, CORRECTED, text="Khác."), "approval_other version_changed"),
    "a rating": (change(AnswerVersion, CORRECTED, rating="true"), "approval_other version_changed"),
    "half a character": (change(Publication, OF_CORRECTION, salt="zz"), "version_changed"),
    "a salt": (change(Publication, OF_CORRECTION, salt=SALT), "version_changed"),
    "a source": (change(Source, OF_CORRECTION, title="Khác"), "approval_other version_changed"),
    "a source is missing": (drop(Source, version__step="correct"), "approval_other version_changed"),
    "a publication is missing": (drop(Publication, version__step="correct"), "version_unlogged version_vanished"),
    "a publication is of another leaf": (
        change(Publication, OF_CORRECTION, leaf_hash=HASH),
        "version_leaf_missing version_vanished",
    ),
    "a version is missing": (lose_answer, "reply_missing version_vanished"),
    "an older version is in force": (go_back, "current_not_newest reply_missing"),
    "an erased text is back": (change(AnswerVersion, {"text": "-"}, text="Lại đây."), "erasure_incomplete"),
    "an answered case is open": (change(Case, {"state": "answered"}, state="open"), "case_not_answered"),
    "an open case is answered": (
        change(Case, {"state": "open"}, state="answered"),
        "case_without_answer outcome_missing",
    ),
    "an approval is of other words": (change(Approval, {"role": "author"}, content_hash=HASH), "approval_other"),
    "an approval is missing": (drop(Approval, role="approver"), "approval_other"),
    "another approver is named": (name_another, "approval_other"),
    # copies
    "a copy's bytes": (change(CopyBytes, {}, data=ARCHIVE[:-1]), "copy_changed"),
    "a copy's hash": (change(Copy, {}, sha256=HASH), "copy_changed version_changed"),
    "a copy is missing": (drop(CopyBytes), "copy_lost"),
    "a copy is no archive": (break_archive, "copy_broken version_changed"),
    "a copy is no more cited": (change(Source, {"copy__isnull": False}, copy=None), "version_changed"),
    # the inbox
    "the askers of a case": (change(Case, {}, asked=99), "asked_differs"),
    "the words of a case": (change(SearchText, {}, words="khac"), "words_differ"),
    # messages
    "a message": (change(Message, {}, text="Khác."), "message_leaf_missing words_differ"),
    "a message's place": (change(Message, {}, place="Khác."), "message_leaf_missing"),
    "an opening's salt": (change(Opening, LIVE, salt=SALT), "message_leaf_missing"),
    "an opening is none": (change(Opening, LIVE, salt="zz"), "message_leaf_missing"),
    "an outcome": (change(Outcome, {}, kind="declined"), "outcome_leaf_missing"),
    "an outcome is missing": (drop(Outcome), "outcome_missing"),
    "a delivery is missing": (drop(Delivery), "message_undelivered"),
    "a message is in another case": (gather, "asked_differs message_moved outcome_missing reply_missing"),
    "a reply is missing": (drop(Reply, version__step="correct"), "reply_missing"),
    "a reply is there twice": (tell_twice, "reply_twice"),
    "a contact is nobody's": (change(Message, {"contact__isnull": False}, contact=None), "contact_alone"),
    "an opening is nobody's": (change(Message, {}, opening=None), "opening_alone"),
    "a message is missing": (lose_message, "asked_differs opening_alone reference_broken"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(desk, damage):
    act, found = DAMAGE[damage]
    with without_guards():
        act()

    assert codes() == set(found.split())


def test_pages_and_indexes_are_read(desk):
    """By PostgreSQL only where its extension for that is there; SQLite does it by itself."""
    if connection.vendor == "postgresql":
        execute("CREATE EXTENSION amcheck")

    count, found = fsck.found_by(by_name("database"))

    assert found == []
    assert count >= 1
    assert connection.vendor == "sqlite" or count > 50


def test_missing_guard_is_found(desk):
    execute("DROP TRIGGER guard_message" + (" ON desk_message" if connection.vendor == "postgresql" else ""))

    assert codes() == {"guard_gone"}


def test_strangers_find_a_changed_answer_too(desk):
    with without_guards():
        change(AnswerVersion, CORRECTED, text="Khác.")()

    assert {each.code for each in fsck.found_by(fsck.Look("", "", strangers.publications))[1]} == {"answer_invalid"}


def test_strangers_find_a_receipt_that_leads_nowhere(desk):
    signed = newest(SignedCheckpoint, origin=FIRST)
    root = signed.note.splitlines()[2]

    with without_guards():
        change(SignedCheckpoint, {"origin": FIRST}, note=signed.note.replace(root, "A" * 43 + "="))()

    assert {each.code for each in fsck.found_by(fsck.Look("", "", strangers.receipts))[1]} == {"receipt_invalid"}


def test_everything_found_has_its_words(desk):
    found = {code for _act, told in DAMAGE.values() for code in told.split()}

    assert found <= set(fsck.SAID)
    assert len(DAMAGE) >= 50


def test_damage_is_told_with_what_to_do(desk, capsys):
    remove(day_key(KEPT))()

    assert fsck.fsck() == 1

    out, err = capsys.readouterr()
    lines = out.splitlines()
    at = lines.index("bad   contacts: 1 wrong")
    assert lines[at : at + 3] == [
        "bad   contacts: 1 wrong",
        "      2026-11-21: the key of this day is gone, and nobody destroyed it",
        "      -> Bring it back from a backup of the keys, of at most 7 days ago.",
    ]
    assert err == "sangto: wrong: contacts\n"


def test_many_findings_are_counted(desk, capsys, monkeypatch):
    monkeypatch.setattr(fsck, "MOST_LINES", 2)
    with without_guards():
        Message.objects.update(text="Khác.")

    assert fsck.fsck() == 1

    lines = capsys.readouterr().out.splitlines()
    at = lines.index("bad   messages: 6 wrong")
    assert (lines[at + 3], lines[at + 4][:5]) == ("      ... and 4 more", "      -> "[:5])


def test_look_that_breaks_is_told_and_the_others_go_on(desk, capsys, monkeypatch):
    def breaks():
        yield None
        raise KeyError("a person's text")

    monkeypatch.setattr(fsck, "LOOKS", (fsck.Look("broken", "", breaks), by_name("contacts")))

    assert fsck.fsck() == 1

    out = capsys.readouterr().out
    assert "broken (KeyError): it could not be looked through to its end" in out
    assert "a person's text" not in out
    assert "days of contacts have their key, or were destroyed for all to see" in out
