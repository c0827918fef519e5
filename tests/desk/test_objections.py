"""Anybody contests; somebody who had no part in the answer decides, once, in public, with a leaf for both."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import DatabaseError, transaction

from sangto.desk import actions
from sangto.desk.actions import CannotObject, CannotRule, NoRoom
from sangto.desk.models import Objection, Ruling
from sangto.desk.queries.answers import answers_in
from sangto.desk.queries.objections import (
    objection_by_number,
    objections_in,
    objections_overdue,
    public_objection,
    rulings_for,
)
from sangto.engine.merkle.commitments import RULING, commitment
from sangto.ledger import rules as leaves_rules
from tests.desk.log_steps import leaves
from tests.factories import NOW, make_answer, make_correction, make_member, make_version, make_withdrawal, send

pytestmark = pytest.mark.django_db
WORDS = "Nguồn nói điều ngược lại, xin xem lại trang 3."
REASONS = "Nguồn nói đúng như câu trả lời: trang 3, đoạn 2."


def contested():
    return make_answer(send().case)


def object_to(version, words=WORDS, *, nonce="1", now=NOW, lang="vi"):
    return actions.object_to(version, words=words, lang=lang, nonce=nonce, now=now)


def rule_on(objection, kind="kept", *, by=None, reasons=REASONS, now=NOW, **more):
    by = by or make_member(role="approver")
    return actions.rule_on(objection, kind=kind, reasons=reasons, by=by, now=now, **more)


def refused(act, *args, error=CannotRule, **values):
    with pytest.raises(error) as refusal:
        act(*args, **values)
    return refusal.value.code


# --- Contest ----------------------------------------------------------------------------------------------------


def test_objection_has_number_day_and_leaf_and_the_answer_shows_it():
    version = contested()

    made = object_to(version)

    assert made.number == f"O2026-{made.pk:06}"
    assert made.due_on == date(2026, 12, 4)  # ten working days after Saturday 21 November
    (leaf,) = leaves("q")
    assert (leaf["a"], leaf["n"], leaf["q"], leaf["due"]) == (version.answer.case.number, 1, made.number, "2026-12-04")
    assert answers_in([version.answer.case_id])[0].contested


def test_words_are_masked_and_not_public():
    made = object_to(contested(), "Gọi tôi theo số 0912 345 678 nhé, câu này sai")

    assert "0912" not in made.words
    assert not hasattr(public_objection(made, today=NOW.date()), "words")


def test_same_form_twice_is_one_objection_and_other_words_are_refused():
    version = contested()
    made = object_to(version)

    assert object_to(version).pk == made.pk
    assert object_to(version, nonce="2").pk != made.pk
    assert refused(object_to, version, "Lời khác", error=CannotObject) == "other_body"
    assert len(leaves("q")) == 2


@pytest.mark.parametrize(
    ("words", "lang", "code"),
    [
        ("", "vi", "empty"),
        (" \n ", "vi", "empty"),
        ("\0\1\2\3", "vi", "not_text"),
        ("a" * 4001, "vi", "too_long"),
        (WORDS, "fr", "unknown_lang"),
    ],
)
def test_what_cannot_be_kept_is_refused(words, lang, code):
    assert refused(object_to, contested(), words, lang=lang, error=CannotObject) == code
    assert not Objection.objects.exists()


def test_nothing_is_kept_where_there_is_no_room(monkeypatch):
    version = contested()
    monkeypatch.setattr(import_module("sangto.desk.queries.room").LOOK, "has_room", lambda now: False)

    with pytest.raises(NoRoom):
        object_to(version)


# --- Decide -----------------------------------------------------------------------------------------------------


def test_ruling_is_public_bound_by_its_leaf_and_ends_the_contest():
    version = contested()
    made = object_to(version)

    ruling = rule_on(made)

    (leaf,) = leaves("j")
    public = public_objection(objection_by_number(made.number), today=NOW.date()).ruling
    content = {
        "objection": made.number, "answer": version.answer.case.number, "n": 1, "ruling": "kept",
        "reasons": public.reasons, "version": public.n, "decided": leaf["ts"],
    }  # fmt: skip
    assert commitment(RULING, content, salt=bytes.fromhex(public.salt)) == leaf["h"]
    assert (leaf["k"], leaf["q"]) == ("kept", made.number)
    assert (public.by_role, ruling.leaf_hash) == ("approver", public.leaf_hash)
    assert not answers_in([version.answer.case_id])[0].contested


def test_writer_and_approver_of_what_is_contested_do_not_decide():
    version = contested()
    made = object_to(version)

    assert refused(rule_on, made, by=version.approved_by) == "own_answer"
    assert refused(rule_on, made, by=make_member(role="editor")) == "not_allowed"
    assert rulings_for(made, version.approved_by) == []


def test_database_refuses_a_ruling_by_the_writer_too():
    version = contested()
    made = object_to(version)

    with pytest.raises(DatabaseError), transaction.atomic():
        Ruling.objects.create(
            objection=made, kind="kept", reasons="x", by=version.written_by, at=NOW, version=version,
            leaf_hash="0" * 64, salt="1" * 64,
        )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda made: Objection.objects.filter(pk=made.pk).update(words="anders"),
        lambda made: Objection.objects.filter(pk=made.pk).update(due_on=date(2027, 1, 1)),
        lambda made: Objection.objects.filter(pk=made.pk).delete(),
        lambda made: Ruling.objects.filter(objection=made).update(reasons="anders"),
        lambda made: Ruling.objects.filter(objection=made).delete(),
    ],
)
def test_nothing_of_it_can_be_changed_or_deleted(change):
    made = object_to(contested())
    rule_on(made)

    with pytest.raises(DatabaseError), transaction.atomic():
        change(made)


def test_only_what_is_published_can_be_contested():
    draft = make_version(send().case)

    with pytest.raises((DatabaseError, CannotObject, NoRoom)), transaction.atomic():
        object_to(draft)


def test_it_is_decided_once():
    made = object_to(contested())
    rule_on(made)

    assert refused(rule_on, made) == "decided_before"
    assert len(leaves("j")) == 1


@pytest.mark.parametrize(("reasons", "code"), [("", "no_reasons"), ("a" * 4001, "too_long")])
def test_reasons_are_needed(reasons, code):
    assert refused(rule_on, object_to(contested()), reasons=reasons) == code


def test_name_in_the_reasons_is_looked_at_first():
    made, reasons = object_to(contested()), "Theo ông Nguyễn Văn An thì câu trả lời đúng."

    assert refused(rule_on, made, reasons=reasons) == "undecided"
    assert rule_on(made, reasons=reasons, names_checked=True).reasons == reasons


@pytest.mark.parametrize(
    ("kind", "code"), [("corrected", "not_corrected"), ("withdrawn", "not_withdrawn"), ("x", "unknown_ruling")]
)
def test_answer_is_changed_before_it_counts_as_changed(kind, code):
    assert refused(rule_on, object_to(contested()), kind) == code


@pytest.mark.parametrize(("change", "kind"), [(make_correction, "corrected"), (make_withdrawal, "withdrawn")])
def test_changed_answer_is_ruled_as_it_was_changed(change, kind):
    version = contested()
    made = object_to(version)
    now = NOW + timedelta(hours=1)
    change(version.answer.case, now=now)

    assert refused(rule_on, made) == f"{kind}_since"
    ruling = rule_on(objection_by_number(made.number), kind, now=now)

    assert (ruling.kind, ruling.version.n) == (kind, 2)


# --- Queue and end ----------------------------------------------------------------------------------------------


def test_queue_is_by_day_and_counts_what_is_overdue(django_assert_num_queries):
    version = contested()
    late = object_to(version, nonce="late")
    soon = object_to(version, nonce="soon", now=NOW + timedelta(days=3))

    with django_assert_num_queries(1):
        assert list(objections_in("open")) == [late, soon]
    assert objections_overdue(today=late.due_on) == 0
    assert objections_overdue(today=late.due_on + timedelta(days=1)) == 1


def test_words_are_forgotten_after_the_term_and_the_ruling_stays(settings):
    made = object_to(contested())
    ruling = rule_on(made)
    term = timedelta(days=settings.VAULT_OBJECTION_DAYS)

    assert actions.expire(now=ruling.at + term - timedelta(seconds=1)).objections == 0
    assert actions.expire(now=ruling.at + term).objections == 1
    assert Objection.objects.get(pk=made.pk).words == "-"
    assert actions.expire(now=ruling.at + term).objections == 0


def test_leaf_kinds_of_objections_are_known():
    assert {leaves_rules.OBJECTED, leaves_rules.RULED} <= set(leaves_rules.KINDS)
