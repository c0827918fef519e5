"""What happens on the desk is in the log, once, in the transaction in which it happens; or it does not happen."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions
from sangto.desk.actions import ForeignRow
from sangto.desk.models import AnswerVersion, Case, Message, Outcome, Publication
from sangto.ledger.actions import append
from sangto.ledger.models import LastDate, Leaf
from sangto.vault.models import Opening
from tests.desk.log_steps import commitment, digest, leaf_hash, leaves
from tests.factories import (
    LAMP,
    NOW,
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
        actions.publish(version, by=make_member(role="approver"), now=NOW)

    assert (leaves("pcw"), Publication.objects.count(), LastDate.objects.count()) == ([], 0, 0)
    assert AnswerVersion.objects.get().state == "in_review"


def publish_by_hand(version):
    AnswerVersion.objects.filter(pk=version.pk).update(
        state="published", approved_by=make_member(role="approver"), published_at=NOW
    )


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


def test_answer_ends_every_message_of_its_case_once():
    messages = [send(), send(), send()]
    make_answer(messages[0].case)

    for n in range(3):
        actions.follow_up(now=NOW + timedelta(minutes=n))

    number = messages[0].case.number
    rows = Outcome.objects.order_by("message").values_list("message", "kind", "answer", "at")
    assert list(rows) == [(each.pk, "answered", number, NOW) for each in messages]
    assert {each["k"] for each in leaves("o")} == {"answered"}
    for message, leaf in zip(messages, leaves("o"), strict=True):
        opening = {"a": number, "k": "answered", "r": received_commitment(message)}
        assert leaf["c"] == commitment("desk/outcome/v1", opening, salt=message.opening.outcome_salt)


def received_commitment(message) -> str:
    said = {
        "ch": message.channel,
        "day": "2026-11-21",
        "files": [],
        "msg": digest(message.text),
        "place": digest(message.place),
        "rid": message.opening.rid,
    }
    return commitment("desk/receipt/v1", said, salt=message.opening.salt)


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [("fixed", "answered"), ("planned", "answered"), ("forwarded", "forwarded"), ("declined", "declined")],
)
def test_problem_ends_as_its_answer_says(verdict, kind):
    case = send(LAMP, kind="problem").case
    make_answer(case, verdict=verdict)

    actions.follow_up(now=NOW)

    assert [(each.kind, each.answer) for each in Outcome.objects.all()] == [(kind, case.number)]
    assert [each["k"] for each in leaves("o")] == [kind]


@pytest.mark.parametrize("verdict", ["true", "mostly_true", "misleading", "false", "unproven"])
def test_claim_of_every_rating_ends_as_answered(verdict):
    make_answer(send().case, verdict=verdict)

    actions.follow_up(now=NOW)

    assert [each["k"] for each in leaves("o")] == ["answered"]


def test_case_that_cannot_be_checked_ends_its_messages_without_an_answer():
    message = send()
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)

    actions.follow_up(now=NOW)

    assert [(each.kind, each.answer) for each in Outcome.objects.all()] == [("answered", "")]
    opening = {"a": "", "k": "answered", "r": received_commitment(message)}
    assert leaves("o")[0]["c"] == commitment("desk/outcome/v1", opening, salt=message.opening.outcome_salt)


def test_foreign_answer_ends_the_messages_that_join_it():
    row = ForeignRow(external_id="1", publisher="Tạp chí", question="Nước chanh nóng có chữa được ung thư không?")
    actions.import_answers([row], now=NOW)
    case = Case.objects.get()
    message = send("Nước chanh nóng có chữa được ung thư không?")
    assert message.case == case

    actions.follow_up(now=NOW)

    assert [(each.kind, each.answer) for each in Outcome.objects.all()] == [("answered", case.number)]


def test_message_that_joins_an_answered_case_ends_too():
    case = send().case
    make_answer(case)
    actions.follow_up(now=NOW)
    late = send()
    assert late.case == case

    actions.follow_up(now=NOW + timedelta(minutes=1))

    assert Outcome.objects.get(message=late).answer == case.number
    assert len(leaves("o")) == 2


def test_open_case_ends_nobody():
    send()

    actions.follow_up(now=NOW)

    assert (Outcome.objects.count(), leaves("o")) == (0, [])


def test_joining_a_case_is_no_outcome():
    kept, going = send().case, send(GARLIC).case
    actions.merge(going, into=kept, by=make_member(), now=NOW)

    actions.follow_up(now=NOW)

    assert leaves("o") == []


def reopen(message):
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    actions.reopen(message.case, by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    make_answer(message.case)


def withdraw(message):
    make_answer(message.case)
    actions.follow_up(now=NOW)
    make_withdrawal(message.case)
    actions.follow_up(now=NOW)
    make_correction(message.case)


def move(message):
    send()
    make_answer(message.case)
    actions.follow_up(now=NOW)
    fresh = actions.split(message.case, messages=[message], by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    make_answer(fresh)


def decline(message):
    make_answer(message.case)
    actions.follow_up(now=NOW)
    actions.decline_answers(message, now=NOW)
    actions.follow_up(now=NOW)
    message.refresh_from_db()
    make_answer(message.case)


@pytest.mark.parametrize("turn", [reopen, withdraw, move, decline])
def test_message_ends_once_whatever_becomes_of_its_case(turn):
    message = send()
    turn(message)

    for _ in range(2):
        actions.follow_up(now=NOW)
    message.refresh_from_db()

    assert Outcome.objects.filter(message=message).count() == 1
    ended = Outcome.objects.get(message=message)
    opening = {"a": ended.answer, "k": "answered", "r": received_commitment(message)}
    mine = commitment("desk/outcome/v1", opening, salt=message.opening.outcome_salt)
    assert [each["c"] for each in leaves("o")].count(mine) == 1
    assert len(leaves("o")) == Message.objects.count()


def test_database_refuses_a_second_outcome_and_a_changed_one():
    message = send()
    make_answer(message.case)
    actions.follow_up(now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(message=message, kind="declined", at=NOW)
    for change in ({"kind": "declined"}, {"answer": "2026-000099"}, {"at": NOW + timedelta(days=1)}):
        says = refused(lambda change=change: Outcome.objects.update(**change))
        assert says == "how a message ended is never changed"
    assert refused(Outcome.objects.all().delete) == "how a message ended is never changed"


def test_message_whose_opening_is_gone_ends_without_a_leaf():
    message, other = send(), send()
    make_answer(message.case)
    message.opening.delete()

    actions.follow_up(now=NOW)

    assert set(Outcome.objects.values_list("message", "kind")) == {(each.pk, "answered") for each in (message, other)}
    assert len(leaves("o")) == 1


@pytest.mark.django_db(transaction=True)
def test_outcome_goes_with_the_transaction_that_fails(monkeypatch):
    module = import_module("sangto.desk.actions.follow_up")
    message = send()
    make_answer(message.case)
    end = module._end

    def fail(case, now):
        end(case, now=now)
        raise ZeroDivisionError

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(module, "_end", fail)
        actions.follow_up(now=NOW)
    between = Outcome.objects.count(), len(leaves("o"))
    actions.follow_up(now=NOW)

    assert between == (0, 0)
    assert (Outcome.objects.count(), len(leaves("o"))) == (1, 1)


def test_open_messages_can_be_counted_in_the_log():
    messages = [send(), send(), send(LAMP), send(GARLIC)]
    make_answer(messages[0].case)
    actions.follow_up(now=NOW)

    assert len(leaves("r")) - len(leaves("o")) == 2
