"""Two Members stand for the same words, or nothing is published: in the actions, and in the database alone."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions, rules
from sangto.desk.actions import CannotPublish, CannotWrite
from sangto.desk.actions.record import record_version
from sangto.desk.models import AnswerVersion, Approval, Case, Source
from sangto.desk.queries.approvals import content_hash
from sangto.people.actions import found_unit
from tests.factories import (
    NOW,
    TICKS,
    content,
    make_answer,
    make_correction,
    make_member,
    make_version,
    make_withdrawal,
    send,
)
from tests.ledger.steps import without_guards

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def case() -> Case:
    return send().case


@pytest.fixture
def approver():
    return make_member(role="approver")


def rows(**wanted) -> list[tuple]:
    return list(Approval.objects.filter(**wanted).order_by("pk").values_list("role", "member", "content_hash", "at"))


def refused(error, action, *args, **kwargs) -> str:
    before = rows(), list(AnswerVersion.objects.values())
    with pytest.raises(error) as refusal, transaction.atomic():
        action(*args, **kwargs)
    assert (rows(), list(AnswerVersion.objects.values())) == before
    return refusal.value.code


def fresh(version: AnswerVersion) -> AnswerVersion:
    return AnswerVersion.objects.get(pk=version.pk)


def test_writer_and_approver_stand_for_the_same_words(case, approver):
    version = make_version(case)

    published = actions.publish(version, by=approver, now=LATER, ticks=TICKS)

    digest = content_hash(fresh(version))
    assert [(role, member, found) for role, member, found, _at in rows()] == [
        ("author", version.written_by_id, digest),
        ("approver", approver.pk, digest),
    ]
    assert (rows()[1][3], published.approved_by) == (LATER, approver)


def test_withdrawal_is_stood_for_by_two(case):
    make_answer(case)

    withdrawal = make_withdrawal(case)

    assert [role for role, *_rest in rows(version=withdrawal)] == ["author", "approver"]


@pytest.mark.parametrize("name", ["question", "summary", "text", "change", "rating", "lang", "n"])
def test_hash_changes_with_whatever_the_public_reads(case, name):
    version = make_version(case)
    before = content_hash(version)

    setattr(version, name, 7 if name == "n" else "x")

    assert content_hash(version) != before


@pytest.mark.parametrize("name", ["title", "publisher", "url", "dated_on"])
def test_hash_changes_with_a_source(case, name):
    version = make_version(case)
    before = content_hash(version)

    Source.objects.update(**{name: NOW.date() if name == "dated_on" else "https://e.vn/x"})

    assert content_hash(version) != before


# --- the matrix: who and what is refused ----------------------------------------------------------------------------


def test_author_alone_publishes_nothing(case):
    author = make_member(role="approver")
    version = make_version(case, by=author)

    assert refused(CannotPublish, actions.publish, version, by=author, now=NOW) == "own_text"


def test_old_content_is_not_approved(case, approver):
    read = make_version(case)
    actions.send_back(read, note="", by=approver)
    again = actions.draft(case, content=content(case, summary="Khác."), by=read.written_by, now=NOW)
    actions.submit(again, by=read.written_by, ticks=TICKS)

    assert refused(CannotPublish, actions.publish, read, by=approver, now=NOW) == "rewritten"
    assert len(rows()) == 2


def test_words_that_changed_back_and_were_not_sent_again_are_not_approved(case, approver):
    """Its author's newest word counts, not any that they ever gave."""
    version = make_version(case)
    writer = version.written_by
    actions.send_back(version, note="", by=approver)
    actions.submit(
        actions.draft(case, content=content(case, summary="Khác."), by=writer, now=LATER), by=writer, ticks=TICKS
    )
    with without_guards():
        AnswerVersion.objects.update(summary=version.summary)

    assert refused(CannotPublish, actions.publish, fresh(version), by=approver, now=LATER) == "rewritten"


def test_source_that_changed_in_review_voids_the_authors_word(case, approver):
    version = make_version(case)
    Source.objects.update(title="Một văn bản khác")

    assert refused(CannotPublish, actions.publish, fresh(version), by=approver, now=NOW) == "rewritten"


def test_version_that_nobody_stands_for_is_not_published(case, approver):
    version = make_version(case)
    with without_guards():
        Approval.objects.all().delete()

    assert refused(CannotPublish, actions.publish, fresh(version), by=approver, now=NOW) == "rewritten"


def test_approver_of_another_unit_is_refused(case):
    version = make_version(case)
    elsewhere = make_member(role="approver", unit=found_unit("xa", name="Xa", on=NOW.date()))

    assert refused(CannotPublish, actions.publish, version, by=elsewhere, now=NOW) == "not_allowed"


def test_version_sent_again_unchanged_has_its_authors_newer_word(case, approver):
    version = make_version(case)
    actions.send_back(version, note="Xem lại.", by=approver)
    actions.submit(fresh(version), by=version.written_by, now=LATER, ticks=TICKS)

    actions.publish(fresh(version), by=approver, now=LATER, ticks=TICKS)

    assert [role for role, *_rest in rows()] == ["author", "author", "approver"]


def test_discarded_draft_takes_its_approvals_along(case, approver):
    version = make_version(case)
    actions.send_back(version, note="", by=approver)

    actions.discard(fresh(version), by=approver, now=NOW)

    assert rows() == []


def test_refused_submit_leaves_no_word(case):
    version = actions.draft(case, content=content(case, summary=""), by=make_member(), now=NOW)

    assert refused(CannotWrite, actions.submit, version, by=version.written_by) == "incomplete"


def test_erasure_by_law_takes_the_hash_that_would_confirm_a_guess(case):
    make_answer(case)
    make_correction(case)
    version = AnswerVersion.objects.get(n=1)

    actions.erase_version(
        version, ground="court_order", by=make_member(), approved_by=make_member(role="approver"), now=NOW
    )

    assert {found for _role, _member, found, _at in rows(version=version)} == {""}
    assert "" not in {found for _role, _member, found, _at in rows(version__n=2)}


# --- the same, held by the database alone ---------------------------------------------------------------------------


def insert(version: AnswerVersion, member, role: str, **values) -> None:
    with transaction.atomic():
        given = {"content_hash": content_hash(version), "at": NOW, **values}
        Approval.objects.create(version=version, member=member, role=role, **given)


def forced(version: AnswerVersion, **values) -> None:
    with transaction.atomic():
        AnswerVersion.objects.filter(pk=version.pk).update(**values)


def test_database_takes_no_approval_by_the_writer(case):
    version = make_version(case)

    with pytest.raises(IntegrityError):
        insert(version, version.written_by, "approver")


def test_database_takes_no_second_author(case, approver):
    with pytest.raises(IntegrityError):
        insert(make_version(case), approver, "author")


def test_database_takes_no_approval_of_other_words(case, approver):
    with pytest.raises(IntegrityError):
        insert(make_version(case), approver, "approver", content_hash="0" * 64)


def test_database_takes_no_approval_of_a_draft(case, approver):
    version = actions.draft(case, content=content(case), by=make_member(), now=NOW)

    with pytest.raises(IntegrityError):
        insert(version, version.written_by, "author")


def test_database_takes_no_unknown_role(case, approver):
    with pytest.raises(IntegrityError):
        insert(make_version(case), approver, "reader")


def test_database_takes_one_approver(case, approver):
    version = make_version(case)
    insert(version, approver, "approver")

    with pytest.raises(IntegrityError):
        insert(version, make_member(role="approver"), "approver")


class _StoppedError(Exception):
    pass


def stop_at(place: str):
    def stop(name: str) -> None:
        if name == place:
            raise _StoppedError

    return stop


def test_crash_before_the_end_leaves_neither_row_nor_version(case, approver, monkeypatch):
    version = make_version(case)
    monkeypatch.setattr(import_module("sangto.desk.actions.publish"), "crash_point", stop_at("publish.logged"))

    with pytest.raises(_StoppedError):
        actions.publish(version, by=approver, now=NOW, ticks=TICKS)

    assert (fresh(version).state, [role for role, *_rest in rows()]) == ("in_review", ["author"])


def logged_in_review(case) -> AnswerVersion:
    """A version in review that has its leaf already, so that only the two rows decide."""
    version = make_version(case)
    record_version(version, case, before=None, now=NOW)
    return version


def test_database_publishes_nothing_without_two(case, approver):
    version = logged_in_review(case)
    with pytest.raises(IntegrityError) as refusal:
        forced(version, state="published", approved_by=approver, published_at=NOW)
    assert "two members" in str(refusal.value)


def test_database_publishes_nothing_that_another_approved(case, approver):
    version = logged_in_review(case)
    insert(version, make_member(role="approver"), "approver")

    with pytest.raises(IntegrityError) as refusal:
        forced(version, state="published", approved_by=approver, published_at=NOW)
    assert "two members" in str(refusal.value)


def test_database_publishes_what_two_stand_for(case, approver):
    version = logged_in_review(case)
    insert(version, approver, "approver")

    forced(version, state="published", approved_by=approver, published_at=NOW)

    assert fresh(version).state == "published"


@pytest.mark.parametrize(
    "values", [{"text": "x"}, {"rating": "true"}, {"question": "x"}, {"summary": "x"}, {"change": "x"}, {"n": 5}]
)
def test_database_freezes_a_version_in_review(case, values):
    version = make_version(case)

    with pytest.raises(IntegrityError):
        forced(version, **values)


def test_database_freezes_who_wrote_what_is_in_review(case, approver):
    with pytest.raises(IntegrityError):
        forced(make_version(case), written_by=approver)


@pytest.mark.parametrize("values", [{"role": "author"}, {"content_hash": "0" * 64}, {"content_hash": ""}])
def test_database_changes_no_approval(case, values):
    make_answer(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(**values)


@pytest.mark.parametrize("make", [make_version, make_answer])
def test_database_deletes_no_approval_of_what_is_read_or_public(case, make):
    make(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.all()._raw_delete("default")


# --- the migration ----------------------------------------------------------------------------------------------------


def test_migration_counts_the_same_hash(case):
    version = make_version(case)

    assert import_module("sangto.desk.migrations.0070_approval").hash_of(version) == content_hash(version)


def test_roles_are_two():
    assert rules.APPROVAL_ROLES == ("author", "approver")
