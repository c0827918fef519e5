"""What happens on the desk is in the log, once, in the transaction in which it happens; or it does not happen."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions
from sangto.desk.actions.approve import stand_for
from sangto.desk.models import AnswerVersion, Case, Message, Publication
from sangto.ledger.actions import append
from sangto.ledger.models import LastDate, Leaf
from sangto.vault.models import Opening
from tests.desk.log_steps import commitment, digest, leaf_hash, leaves
from tests.factories import (
    LAMP,
    NOW,
    TICKS,
    incoming,
    make_answer,
    make_correction,
    make_member,
    make_unit,
    make_version,
    make_withdrawal,
    received,
    send,
)

pytestmark = pytest.mark.django_db
GARLIC = "Ăn tỏi sống mỗi ngày có phòng được cúm không?"
CHANNELS = ("web", "api", "telegram", "console")


def refused(act) -> str:
    """What the database says to a write that it refuses."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return str(refusal.value).split("\n")[0]


@pytest.mark.parametrize("channel", CHANNELS)
def test_message_of_every_channel_has_its_leaf_and_opening(channel):
    message = send(channel=channel, place="Ngõ 5", address="777000111" if channel == "telegram" else None)

    opening = message.opening
    said = {
        "ch": channel,
        "day": "2026-11-21",
        "files": [],
        "msg": digest(message.text),
        "place": digest("Ngõ 5"),
        "rid": opening.rid,
    }
    assert leaves() == [{"c": commitment("desk/receipt/v1", said, salt=opening.salt), "t": "r", "v": 1}]
    assert [len(each) for each in (opening.salt, opening.outcome_salt, opening.rid)] == [64, 64, 32]
    assert Leaf.objects.get().created_at == NOW


def test_day_of_receipt_is_the_desks_own():
    message = send(now=NOW.replace(hour=18))  # 01:00 on the next day in Hà Nội

    said = {"ch": "web", "day": "2026-11-22", "files": [], "msg": digest(message.text), "place": digest("")}
    expected = commitment("desk/receipt/v1", {**said, "rid": message.opening.rid}, salt=message.opening.salt)
    assert leaves()[0]["c"] == expected


def test_what_is_committed_is_the_text_that_was_kept():
    message = send("Gọi 0912345678 để nhận thưởng, có thật không?")

    assert "0912345678" not in message.text
    said = {"ch": "web", "day": "2026-11-21", "files": [], "msg": digest(message.text), "place": digest("")}
    expected = commitment("desk/receipt/v1", {**said, "rid": message.opening.rid}, salt=message.opening.salt)
    assert leaves()[0]["c"] == expected


def test_openings_share_nothing():
    for _ in range(5):
        send()

    rows = Opening.objects.values_list("salt", "outcome_salt", "rid")
    assert len({each for row in rows for each in row}) == 15
    assert len({leaf["c"] for leaf in leaves()}) == 5


def test_repeated_delivery_has_one_leaf():
    delivery = incoming()

    kept = [actions.receive(delivery, now=NOW + timedelta(minutes=n)) for n in range(3)]

    assert [each.repeated for each in kept] == [False, True, True]
    assert (len(leaves()), Opening.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_message_that_is_not_kept_leaves_nothing_behind(monkeypatch):
    module = import_module("sangto.desk.actions.receive")

    def fail(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(module, "_owe", fail)
    with pytest.raises(ZeroDivisionError):
        received()

    assert [model.objects.count() for model in (Message, Leaf, Opening, Case)] == [0, 0, 0, 0]


def test_published_version_has_its_leaf_and_salt():
    case = send().case
    version = make_answer(case)

    (leaf,) = leaves("p")
    row = Publication.objects.get()
    content = {
        "answer": case.number,
        "n": 1,
        "step": "publish",
        "kind": "claim",
        "lang": "vi",
        "question": version.question,
        "rating": "false",
        "outcome": "",
        "summary": version.summary,
        "text": version.text,
        "change": "",
        "published": "2026-11-21T09:00:00Z",
        "unit": "",
        "sources": [
            {
                "title": "Trang chủ Bộ Y tế",
                "publisher": "Bộ Y tế",
                "url": "https://moh.gov.vn/",
                "dated": "2026-11-10",
            }
        ],
    }
    expected = {"a": case.number, "n": 1, "t": "p", "ts": "2026-11-21T09:00:00Z", "u": "", "v": 1}
    assert leaf == {**expected, "h": commitment("desk/answer/v1", content, salt=row.salt)}
    assert (row.version, row.leaf_hash, row.erased_at, len(row.salt)) == (version, leaf_hash(leaf), None, 64)


def test_versions_are_chained_each_to_the_one_before():
    case = send().case
    make_answer(case)
    make_correction(case)
    make_withdrawal(case)
    make_correction(case)

    found = leaves("pcw")
    assert [(each["t"], each["n"]) for each in found] == [("p", 1), ("c", 2), ("w", 3), ("c", 4)]
    assert [each.get("pv") for each in found] == [None, *map(leaf_hash, found[:3])]
    assert [each.get("rs") for each in found] == [None, None, "stated", None]
    rows = Publication.objects.order_by("version__n").values_list("leaf_hash", flat=True)
    assert list(rows) == [leaf_hash(each) for each in found]
    assert len(set(Publication.objects.values_list("salt", flat=True))) == 4


def test_answers_of_two_cases_have_two_chains():
    first, second = send().case, send(LAMP).case
    make_answer(first)
    make_answer(second)
    make_correction(first)
    make_correction(second, verdict="planned")

    found = leaves("pc")
    assert [(each["a"], each["n"]) for each in found] == [(case.number, n) for n in (1, 2) for case in (first, second)]
    assert [each["pv"] for each in found[2:]] == [leaf_hash(each) for each in found[:2]]


def test_unit_of_the_case_stands_in_the_leaf():
    case = send().case
    Case.objects.filter(pk=case.pk).update(unit=make_unit("w-12"))
    make_answer(case)

    assert [each["u"] for each in leaves("p")] == ["w-12"]


def test_dates_of_versions_never_go_back():
    first, second = send().case, send(LAMP).case
    make_answer(first, now=NOW + timedelta(seconds=90, milliseconds=400))
    make_answer(second, now=NOW)
    make_correction(first, now=NOW + timedelta(seconds=91))

    assert [each["ts"][-9:] for each in leaves("pc")] == ["09:01:30Z", "09:01:30Z", "09:01:31Z"]
    assert LastDate.objects.get().at == NOW + timedelta(seconds=91)


def test_version_that_is_not_published_has_no_leaf():
    version = make_version(send().case)
    actions.send_back(version, note="Chưa rõ.", by=make_member(role="approver"))

    assert (leaves("pcw"), Publication.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_publication_that_fails_leaves_no_leaf(monkeypatch):
    version = make_version(send().case)

    def fail(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(import_module("sangto.desk.actions.publish"), "_settle", fail)
    with pytest.raises(ZeroDivisionError):
        actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)

    assert (leaves("pcw"), Publication.objects.count(), LastDate.objects.count()) == ([], 0, 0)
    assert AnswerVersion.objects.get().state == "in_review"


def publish_by_hand(version):
    """As somebody at the database would, once two members stand for the version."""
    version, approver = AnswerVersion.objects.get(pk=version.pk), make_member(role="approver")
    stand_for(version, by=version.written_by, role="author", now=NOW)
    stand_for(version, by=approver, role="approver", now=NOW)
    AnswerVersion.objects.filter(pk=version.pk).update(state="published", approved_by=approver, published_at=NOW)


def put_leaf(kind, version, **fields):
    """A leaf of this kind, and a Publication that says it is the version's."""
    values = {"a": version.answer.case.number, "n": 1, "ts": "2026-11-21T09:00:00Z", "u": "", "h": "0" * 64, **fields}
    values = {"c": "0" * 64} if kind == "r" else values
    return Publication.objects.create(version=version, leaf_hash=append(kind, now=NOW, **values), salt="0" * 64)


def test_database_refuses_a_published_version_without_a_leaf():
    version = make_version(send().case)

    assert refused(lambda: publish_by_hand(version)) == "published without a leaf"


def test_database_refuses_a_published_version_with_a_leaf_of_another_kind():
    version = make_version(send().case)
    put_leaf("c", version, pv="1" * 64)

    assert refused(lambda: publish_by_hand(version)) == "published without a leaf"


def test_database_refuses_a_published_version_with_a_messages_leaf():
    version = make_version(send().case)
    put_leaf("r", version)

    assert refused(lambda: publish_by_hand(version)) == "published without a leaf"


def test_database_refuses_a_published_version_with_a_leaf_that_there_is_not():
    version = make_version(send().case)
    Publication.objects.create(version=version, leaf_hash="f" * 64, salt="0" * 64)

    assert refused(lambda: publish_by_hand(version)) == "published without a leaf"


def test_database_takes_a_published_version_with_its_leaf():
    version = make_version(send().case)
    put_leaf("p", version)

    publish_by_hand(version)

    assert AnswerVersion.objects.get().state == "published"


@pytest.mark.parametrize(("step", "kind"), [("correct", "p"), ("correct", "w"), ("withdraw", "c"), ("withdraw", "p")])
def test_database_refuses_later_versions_with_a_leaf_of_another_kind(step, kind):
    case = send().case
    make_answer(case)
    writer = make_member()
    if step == "correct":
        actions.start_correction(case, by=writer, now=NOW)
        version = AnswerVersion.objects.get(n=2)
        AnswerVersion.objects.filter(pk=version.pk).update(state="in_review", change="Sửa.")
    else:
        version = actions.start_withdrawal(case, change="Nguồn đã sai.", by=writer, now=NOW)
    before = {} if kind == "p" else {"pv": "1" * 64}
    put_leaf(kind, version, n=2, **before, **({"rs": "stated"} if kind == "w" else {}))

    assert refused(lambda: publish_by_hand(version)) == "published without a leaf"


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "1" * 64},
        {"leaf_hash": "1" * 64},
        {"erased_at": NOW},
        {"erased_at": NOW, "salt": "", "leaf_hash": "1" * 64},
        {"salt": ""},
    ],
    ids="+".join,
)
def test_publication_is_never_changed(change):
    make_answer(send().case)

    assert refused(lambda: Publication.objects.update(**change)) == "a publication is only erased"


def test_publication_is_never_moved_or_deleted():
    make_answer(send().case)
    other = make_version(send(LAMP).case)

    assert refused(lambda: Publication.objects.update(version=other)) == "a publication is only erased"
    assert refused(Publication.objects.all().delete) == "a publication is kept"
