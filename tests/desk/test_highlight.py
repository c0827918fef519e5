"""Names and home addresses of a version are decided on before it is public."""

from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from sangto.desk import actions
from sangto.desk.actions import CannotDecide, CannotPublish
from sangto.desk.models import AnswerVersion, Highlight
from sangto.desk.queries.highlights import marks_of
from tests.factories import (
    HOSPITAL,
    LAMP,
    NOW,
    TICKS,
    content,
    decided,
    make_answer,
    make_member,
    make_version,
    make_withdrawal,
    send,
)

pytestmark = pytest.mark.django_db
TEXT = "Ông Nguyễn Văn Khải ở số 12 ngõ 5 đường Hoa Sữa đã sửa cống. Ông Nguyễn Văn Khải là thợ."
NAME, HOME = "Nguyễn Văn Khải", "số 12 ngõ 5 đường Hoa Sữa"


def drafted(case=None, *, by=None, **changes) -> AnswerVersion:
    case = case or send(HOSPITAL).case
    return actions.draft(case, content=content(case, **{"text": TEXT, **changes}), by=by or make_member(), now=NOW)


def submitted(**changes) -> AnswerVersion:
    version = drafted(**changes)
    return actions.submit(version, by=version.written_by, ticks=TICKS)


def places(version) -> list[tuple[str, str, str, bool]]:
    return [(each.field, each.kind, each.words, each.is_decided) for each in marks_of(version)]


def rows(version) -> list[tuple[str, str, bool]]:
    found = Highlight.objects.filter(version=version).order_by("field", "start")
    return [(row.kind, getattr(version, row.field)[row.start : row.end], row.decided_at is not None) for row in found]


def keys(version, *words: str) -> list[str]:
    return [each.key for each in marks_of(version) if not words or each.words in words]


def test_draft_has_a_row_for_every_place():
    version = drafted()

    assert rows(version) == [("name", NAME, False), ("address", HOME, False), ("name", NAME, False)]
    assert places(version) == [("text", kind, words, is_decided) for kind, words, is_decided in rows(version)]


def test_text_without_names_needs_no_decision():
    assert places(drafted(text="Nước chanh không chữa được ung thư.")) == []


def test_version_with_an_undecided_place_is_not_published():
    version = submitted()

    with pytest.raises(CannotPublish) as refusal:
        actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)

    assert refusal.value.code == "undecided"
    assert AnswerVersion.objects.get(pk=version.pk).state == "in_review"


def test_one_place_left_is_enough_to_refuse():
    version = submitted()
    actions.decide_highlights(version, keys=keys(version, NAME), by=version.written_by, now=NOW)

    with pytest.raises(CannotPublish, match="undecided"):
        actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)


@pytest.mark.parametrize("role", ["editor", "approver"])
def test_decided_version_is_published_and_says_who_decided(role):
    version, officer = submitted(), make_member(role=role)

    actions.decide_highlights(version, keys=keys(version), by=officer, now=NOW)
    actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)

    found = Highlight.objects.filter(version=version).values_list("decided_by", "decided_at")
    assert list(found) == [(officer.pk, NOW)] * 3


def test_same_words_are_decided_together():
    version = drafted()
    first = keys(version, NAME)[0]

    actions.decide_highlights(version, keys=[first], by=version.written_by, now=NOW)

    assert rows(version) == [("name", NAME, True), ("address", HOME, False), ("name", NAME, True)]


def test_decision_stays_with_the_words_when_the_text_is_rewritten():
    version = drafted()
    actions.decide_highlights(version, keys=keys(version), by=version.written_by, now=NOW)

    again = drafted(version.answer.case, by=version.written_by, text=f"Theo bà Trần Thị Bích thì ông {NAME} đúng.")

    assert rows(again) == [("name", "Trần Thị Bích", False), ("name", NAME, True)]


def test_decision_about_one_field_says_nothing_of_another():
    version = drafted()
    actions.decide_highlights(version, keys=keys(version), by=version.written_by, now=NOW)

    again = drafted(version.answer.case, by=version.written_by, summary=f"Ông {NAME} đã sửa.", text="Đã sửa.")

    assert places(again) == [("summary", "name", NAME, False)]


def test_name_that_was_taken_out_and_put_back_is_decided_again():
    version = drafted()
    actions.decide_highlights(version, keys=keys(version), by=version.written_by, now=NOW)
    drafted(version.answer.case, by=version.written_by, text="Đã sửa.")

    again = drafted(version.answer.case, by=version.written_by)

    assert {is_decided for _, _, is_decided in rows(again)} == {False}


def test_correction_and_withdrawal_keep_what_was_decided():
    case = send(HOSPITAL).case
    make_answer(case, text=TEXT)

    version = actions.start_correction(case, by=make_member(), now=NOW)

    assert {is_decided for _, _, is_decided in rows(version)} == {True}
    actions.discard(version, by=version.written_by, now=NOW)
    assert make_withdrawal(case).state == "published"


def test_name_in_the_reason_of_a_withdrawal_is_decided_too():
    case = send(HOSPITAL).case
    make_answer(case)
    version = actions.start_withdrawal(case, change="Ông Lê Minh Tâm nói sai.", by=make_member(), now=NOW)

    with pytest.raises(CannotPublish, match="undecided"):
        actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)

    assert places(version) == [("change", "name", "Lê Minh Tâm", False)]


def test_deciding_twice_keeps_the_first_decision():
    version, first, second = drafted(), make_member(), make_member()
    actions.decide_highlights(version, keys=keys(version), by=first, now=NOW)

    actions.decide_highlights(version, keys=keys(version), by=second, now=NOW)

    assert set(Highlight.objects.values_list("decided_by", flat=True)) == {first.pk}


def test_nothing_chosen_is_refused():
    version = drafted()

    with pytest.raises(CannotDecide, match="nothing_chosen"):
        actions.decide_highlights(version, keys=[], by=version.written_by, now=NOW)


@pytest.mark.parametrize("key", ["text-0-3", "text-4", "answer-0-1", ""])
def test_place_that_the_text_does_not_have_is_refused(key):
    version = drafted()

    with pytest.raises(CannotDecide, match="rewritten"):
        actions.decide_highlights(version, keys=[*keys(version), key], by=version.written_by, now=NOW)

    assert not Highlight.objects.filter(decided_at__isnull=False).exists()


def test_text_that_was_rewritten_since_is_not_decided():
    version = drafted()
    chosen = keys(version)
    AnswerVersion.objects.filter(pk=version.pk).update(written_at=NOW.replace(hour=10))

    with pytest.raises(CannotDecide, match="rewritten"):
        actions.decide_highlights(version, keys=chosen, by=version.written_by, now=NOW)


def test_published_and_discarded_versions_are_not_decided():
    case = send(HOSPITAL).case
    published, gone = make_answer(case, text=TEXT), drafted(send(LAMP, kind="problem").case)
    actions.discard(gone, by=gone.written_by, now=NOW)

    for version in (published, gone):
        with pytest.raises(CannotDecide, match="not_open"):
            actions.decide_highlights(version, keys=keys(version), by=published.written_by, now=NOW)

    assert Highlight.objects.exclude(version=published).count() == 0


def test_version_made_before_there_were_rows_is_decided_by_its_text():
    version = submitted()
    Highlight.objects.all().delete()

    with pytest.raises(CannotPublish, match="undecided"):
        actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)
    actions.publish(decided(version), by=make_member(role="approver"), now=NOW, ticks=TICKS)

    assert {is_decided for _, _, is_decided in rows(version)} == {True}


def test_database_lets_nothing_undecided_become_public(monkeypatch):
    version = submitted()
    monkeypatch.setattr(import_module("sangto.desk.actions.publish"), "marks_of", lambda version: [])

    with pytest.raises(IntegrityError, match="nobody decided on"), transaction.atomic():
        actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)

    assert AnswerVersion.objects.get(pk=version.pk).state == "in_review"


def test_rows_repeat_no_word_of_the_text():
    version = make_version(send(HOSPITAL).case, text=TEXT)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM desk_highlight WHERE version_id = %s", [version.pk])
        kept = str(cursor.fetchall())

    assert "'name'" in kept
    assert not any(word in kept for word in ("Khải", "Hoa Sữa"))


def test_erased_version_keeps_no_places():
    case = send(HOSPITAL).case
    first = make_answer(case, text=TEXT)
    make_withdrawal(case)

    actions.erase_version(
        first, ground="personal_data", by=make_member(), approved_by=make_member(role="approver"), now=NOW
    )

    assert not Highlight.objects.filter(version=first).exists()
