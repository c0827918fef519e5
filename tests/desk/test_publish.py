"""Writing, reviewing, publishing, correcting, withdrawing: the rules in the actions and again in the database."""

import dataclasses
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions, rules
from sangto.desk.actions import CannotPublish, CannotWrite
from sangto.desk.models import Answer, AnswerVersion, Case, Source
from sangto.desk.queries.answers import answer_by_number, latest_answers, versions_of
from tests.factories import (
    NOW,
    SOURCE,
    TICKS,
    content,
    make_answer,
    make_correction,
    make_member,
    make_version,
    make_withdrawal,
    send,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    return send().case


def refused(error, action, *args, **kwargs) -> str:
    with pytest.raises(error) as refusal:
        action(*args, **kwargs)
    return refusal.value.code


def test_published_answer_is_public_with_its_sources_and_settles_the_case(case):
    make_answer(case)

    case.refresh_from_db()
    answer = answer_by_number(case.number)
    assert (case.state, answer.rating, answer.n, answer.asked) == ("answered", "false", 1, 1)
    assert [source.url for source in answer.sources] == [SOURCE.url]
    assert (answer.written_role, answer.approved_role) == ("editor", "approver")


def test_draft_and_version_in_review_are_not_public(case):
    make_version(case)

    assert answer_by_number(case.number) is None
    assert latest_answers(10) == []


def test_writer_cannot_approve_their_own_text(case):
    approver = make_member(role="approver")
    version = make_version(case, by=approver)

    assert refused(CannotPublish, actions.publish, version, by=approver, now=NOW) == "own_text"


def test_editor_cannot_approve(case):
    version = make_version(case)

    assert refused(CannotPublish, actions.publish, version, by=make_member(), now=NOW) == "not_allowed"


def test_another_member_cannot_rewrite_a_draft_and_then_let_its_writer_approve(case):
    writer = make_member(role="approver")
    actions.draft(case, content=content(case), by=writer, now=NOW)

    assert refused(CannotWrite, actions.draft, case, content=content(case), by=make_member(), now=NOW) == "not_writer"


def test_draft_cannot_be_published_without_review(case):
    version = actions.draft(case, content=content(case), by=make_member(), now=NOW)

    code = refused(CannotPublish, actions.publish, version, by=make_member(role="approver"), now=NOW)

    assert code == "not_in_review"


def test_version_in_review_cannot_be_edited(case):
    version = make_version(case)

    code = refused(CannotWrite, actions.draft, case, content=content(case), by=version.written_by, now=NOW)

    assert code == "not_draft"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sources": []}, "no_source"),
        ({"verdict": ""}, "unknown_verdict"),
        ({"summary": ""}, "incomplete"),
        ({"text": "  "}, "incomplete"),
        ({"question": ""}, "incomplete"),
    ],
)
def test_incomplete_draft_is_kept_but_not_sent_to_review(case, changes, code):
    writer = make_member()
    version = actions.draft(case, content=content(case, **changes), by=writer, now=NOW)

    assert refused(CannotWrite, actions.submit, version, by=writer) == code
    assert AnswerVersion.objects.get().state == "draft"


@pytest.mark.parametrize("verdict", ["fixed", "not_checkable", "nonsense", "TRUE"])
def test_unknown_rating_of_a_claim_is_refused(case, verdict):
    bad = content(case, verdict=verdict)

    assert refused(CannotWrite, actions.draft, case, content=bad, by=make_member(), now=NOW) == "unknown_verdict"


@pytest.mark.parametrize("url", ["", "moh.gov.vn", "javascript:alert(1)", "ftp://moh.gov.vn/a"])
def test_source_needs_a_web_address(case, url):
    bad = content(case, sources=[dataclasses.replace(SOURCE, url=url)])

    assert refused(CannotWrite, actions.draft, case, content=bad, by=make_member(), now=NOW) == "bad_source"


def test_correction_shows_what_changed_and_keeps_the_older_version(case):
    first = make_answer(case)

    second = make_correction(case, text="Chưa có bằng chứng nào cho thấy nước chanh lạnh chữa được ung thư.")

    versions = versions_of(answer_by_number(case.number))
    changed = versions[0].changed
    assert [(v.n, v.step) for v in versions] == [(2, "correct"), (1, "publish")]
    assert "".join(c.text for c in changed.text if c.kind != "removed") == second.text
    assert "".join(c.text for c in changed.text if c.kind != "added") == first.text
    assert (changed.verdict, changed.question, changed.summary, changed.added, changed.dropped) == ("", (), (), (), ())


def test_correction_shows_a_changed_verdict_summary_and_source_of_an_unchanged_text(case):
    make_answer(case)
    other = dataclasses.replace(SOURCE, title="Cục An toàn thực phẩm", url="https://vfa.gov.vn/")

    make_correction(case, verdict="misleading", summary="Chưa đủ căn cứ.", sources=[other])

    changed = versions_of(answer_by_number(case.number))[0].changed
    assert (changed.verdict, changed.text, changed.question) == ("false", (), ())
    assert "".join(c.text for c in changed.summary if c.kind != "removed") == "Chưa đủ căn cứ."
    assert ([s.url for s in changed.added], [s.url for s in changed.dropped]) == ([other.url], [SOURCE.url])


def test_first_day_of_publication_stays_when_the_answer_is_corrected(case):
    make_answer(case)

    make_correction(case, now=NOW + timedelta(days=9))

    answer = answer_by_number(case.number)
    assert (answer.published_at, answer.changed_at) == (NOW, NOW + timedelta(days=9))


def test_draft_is_sent_to_review_by_its_writer_alone(case):
    version = actions.draft(case, content=content(case), by=make_member(), now=NOW)

    assert refused(CannotWrite, actions.submit, version, by=make_member(role="approver")) == "not_writer"


def test_text_rewritten_since_it_was_read_is_not_published(case):
    version = make_version(case)
    AnswerVersion.objects.update(written_at=NOW + timedelta(minutes=1))

    assert refused(CannotPublish, actions.publish, version, by=make_member(role="approver"), now=NOW) == "rewritten"


def test_source_from_the_future_is_refused(case):
    bad = content(case, sources=[dataclasses.replace(SOURCE, dated_on=NOW.date() + timedelta(days=2))])

    assert refused(CannotWrite, actions.draft, case, content=bad, by=make_member(), now=NOW) == "future_source"


def test_correction_without_a_change_note_is_refused(case):
    make_answer(case)
    writer = make_member()
    version = actions.start_correction(case, by=writer, now=NOW)

    assert refused(CannotWrite, actions.submit, version, by=writer) == "no_change_note"


def test_withdrawal_needs_two_people_and_puts_the_case_back_into_the_queue(case):
    make_answer(case)
    writer = make_member(role="approver")
    version = actions.start_withdrawal(case, change="Nguồn đã sai.", by=writer, now=NOW)
    assert refused(CannotPublish, actions.publish, version, by=writer, now=NOW) == "own_text"

    actions.publish(version, by=make_member(role="approver"), now=NOW, ticks=TICKS)

    case.refresh_from_db()
    answer = answer_by_number(case.number)
    assert (case.state, answer.withdrawn, latest_answers(10)) == ("open", True, [])


def test_withdrawn_answer_can_be_answered_anew(case):
    make_answer(case)
    make_withdrawal(case)

    make_correction(case, now=NOW + timedelta(days=1))

    answer = answer_by_number(case.number)
    assert (answer.n, answer.withdrawn) == (3, False)


def test_version_sent_back_can_be_mended_and_sent_again(case):
    version = make_version(case)
    actions.send_back(version, note="Cần nguồn mới hơn.", by=make_member(role="approver"))

    actions.draft(case, content=content(case, summary="Sai."), by=version.written_by, now=NOW)
    actions.submit(version, by=version.written_by, ticks=TICKS)

    version.refresh_from_db()
    assert (version.state, version.summary, version.review_note) == ("in_review", "Sai.", "")


def test_discarded_first_draft_leaves_the_case_as_it_was(case):
    version = actions.draft(case, content=content(case), by=make_member(), now=NOW)

    actions.discard(version, by=make_member(), now=NOW)

    assert (Answer.objects.count(), Source.objects.count()) == (0, 0)


# --- the same rules, held by the database alone --------------------------------------------------------------------


def forced(version: AnswerVersion, **values: object) -> None:
    with transaction.atomic():
        AnswerVersion.objects.filter(pk=version.pk).update(**values)


def test_database_refuses_approval_by_the_writer(case):
    version = make_version(case)

    with pytest.raises(IntegrityError):
        forced(version, state="published", published_at=NOW, approved_by=version.written_by)


def test_database_refuses_publishing_without_an_approver(case):
    with pytest.raises(IntegrityError):
        forced(make_version(case), state="published", published_at=NOW)


def test_database_refuses_publishing_without_a_source(case):
    version, approver = make_version(case), make_member(role="approver")
    Source.objects.all().delete()

    with pytest.raises(IntegrityError):
        forced(version, state="published", published_at=NOW, approved_by=approver)


def test_database_refuses_publishing_a_draft(case):
    version = actions.draft(case, content=content(case), by=make_member(), now=NOW)

    with pytest.raises(IntegrityError):
        forced(version, state="published", published_at=NOW, approved_by=make_member(role="approver"))


def test_database_refuses_a_version_inserted_as_published(case):
    version, approver = make_version(case), make_member(role="approver")
    copy = AnswerVersion(**{f.attname: getattr(version, f.attname) for f in AnswerVersion._meta.concrete_fields})
    copy.pk, copy.n, copy.state, copy.step = None, 2, "published", "correct"
    copy.published_at, copy.approved_by, copy.change = NOW, approver, "x"

    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


@pytest.mark.parametrize("rating", ["not_checkable", "nonsense", "fixed"])
def test_database_refuses_an_unknown_rating(case, rating):
    with pytest.raises(IntegrityError):
        forced(make_version(case), rating=rating)


@pytest.mark.parametrize("values", [{"text": "x"}, {"rating": "true"}, {"state": "draft", "published_at": None}])
def test_database_refuses_any_change_of_a_published_version(case, values):
    version = make_answer(case)

    with pytest.raises(IntegrityError):
        forced(version, **values)


def test_database_refuses_deleting_a_published_version(case):
    version = make_answer(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerVersion.objects.filter(pk=version.pk)._raw_delete("default")


@pytest.mark.parametrize("change", ["insert", "update", "delete"])
def test_database_refuses_any_change_of_published_sources(case, change):
    source = make_answer(case).sources.get()
    act = {
        "insert": lambda: Source.objects.create(
            version=source.version, position=9, title="t", publisher="p", url="https://a.vn", dated_on=source.dated_on
        ),
        "update": lambda: Source.objects.filter(pk=source.pk).update(title="x"),
        "delete": source.delete,
    }[change]

    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_not_checkable_is_a_closing_and_no_rating():
    assert "not_checkable" not in (*rules.RATINGS, *rules.OUTCOMES)
    assert rules.CLOSINGS == ("not_checkable", "withdrawn")


def test_database_refuses_to_go_back_to_a_withdrawn_text(case):
    first = make_answer(case)
    make_withdrawal(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.update(current=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.update(current=None)


def test_database_refuses_to_merge_an_answered_case_away(case):
    make_answer(case)
    other = send("Ăn tỏi sống mỗi ngày có phòng được cúm không?").case

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="merged", merged_into=other)
