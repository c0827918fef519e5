"""Splitting, merging and undoing, with the whole history kept."""

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions
from sangto.desk.actions import CannotRegroup, ForeignRow
from sangto.desk.models import Case, Joining, Message, Regrouping, Wording
from sangto.desk.queries.answers import answer_by_number
from sangto.desk.queries.inbox import cases_of
from tests.factories import HOSPITAL, LAMP, NOW, make_answer, make_member, send

pytestmark = pytest.mark.django_db
GARLIC = "Ăn tỏi sống mỗi ngày có phòng được cúm không?"


def grouping() -> dict[str, set[int]]:
    """Which Messages each living Case holds, and where the wordings lead."""
    cases = {f"case {c.pk}": set(c.messages.values_list("pk", flat=True)) for c in Case.objects.exclude(state="merged")}
    return {**cases, "wordings": set(Wording.objects.values_list("pk", "case"))}


def refused(action, *args, **kwargs) -> str:
    with pytest.raises(CannotRegroup) as refusal:
        action(*args, by=make_member(), now=NOW, **kwargs)
    return refusal.value.code


def test_merge_moves_every_message_and_later_ones_follow():
    kept, going = send(HOSPITAL).case, send(GARLIC).case

    actions.merge(going, into=kept, by=make_member(), now=NOW)

    assert send(GARLIC).case == kept
    assert kept.messages.count() == 3
    assert Case.objects.get(pk=going.pk).merged_into == kept


def test_merge_keeps_the_case_that_has_an_answer():
    answered, fresh = send(HOSPITAL).case, send(GARLIC).case
    make_answer(answered)

    survivor = actions.merge(answered, into=fresh, by=make_member(), now=NOW)

    assert survivor == answered


def test_merge_undone_restores_the_equal_state():
    kept, going = send(HOSPITAL).case, send(GARLIC).case
    send(GARLIC)
    before, member = grouping(), make_member()
    actions.merge(going, into=kept, by=member, now=NOW)
    merged = grouping()

    actions.undo(member.regrouping_set.get(), by=member, now=NOW)

    assert merged != before
    assert grouping() == before


def test_split_undone_restores_the_equal_state():
    case = send(HOSPITAL).case
    second = send(HOSPITAL)
    before, member = grouping(), make_member()
    actions.split(case, messages=[second], by=member, now=NOW)
    split = grouping()

    actions.undo(member.regrouping_set.get(), by=member, now=NOW)

    assert split != before
    assert grouping() == before


def test_history_keeps_every_move():
    case, second, member = send(HOSPITAL).case, send(HOSPITAL), make_member()
    fresh = actions.split(case, messages=[second], by=member, now=NOW)
    actions.undo(member.regrouping_set.get(), by=member, now=NOW)

    moves = [(j.left_id, j.case_id, j.decided_by) for j in Joining.objects.filter(message=second).order_by("pk")]
    assert moves == [(None, case.pk, "engine"), (case.pk, fresh.pk, "member"), (fresh.pk, case.pk, "member")]


def test_cases_of_a_regrouping_are_the_one_left_and_the_one_entered():
    kept, going, member = send(HOSPITAL).case, send(GARLIC).case, make_member()
    actions.merge(going, into=kept, by=member, now=NOW)
    merging = member.regrouping_set.get()

    assert cases_of([merging]) == {merging.pk: (going, kept)}
    assert cases_of([]) == {}


def test_refusals_name_their_reason():
    one, other, problem = send(HOSPITAL).case, send(GARLIC).case, send(LAMP, kind="problem").case
    make_answer(one)
    make_answer(other)

    assert refused(actions.merge, one, into=one) == "same_case"
    assert refused(actions.merge, one, into=other) == "both_answered"
    assert refused(actions.merge, problem, into=one) == "other_kind"
    assert refused(actions.split, one, messages=[]) == "nothing_chosen"
    assert refused(actions.split, one, messages=one.messages.all()) == "everything_chosen"


def test_undo_is_refused_twice_and_after_a_message_moved_on():
    case, second, member = send(HOSPITAL).case, send(HOSPITAL), make_member()
    send(HOSPITAL)
    fresh = actions.split(case, messages=[second], by=member, now=NOW)
    first_split = member.regrouping_set.get()
    actions.merge(fresh, into=case, by=member, now=NOW)
    assert refused(actions.undo, first_split) == "moved_on"

    actions.undo(member.regrouping_set.get(step="merge"), by=member, now=NOW)
    actions.undo(first_split, by=member, now=NOW)

    assert refused(actions.undo, first_split) == "undone_before"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_database_refuses_to_rewrite_the_history(change):
    send(HOSPITAL)
    rows = Joining.objects.all()

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(sureness=0) if change == "update" else rows.delete()


def test_database_refuses_to_edit_a_message():
    message = send(HOSPITAL)

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(text="x")


@pytest.mark.parametrize("change", [{"place": "x"}, {"lang": "en"}, {"channel": "api"}])
def test_database_refuses_to_edit_anything_a_sender_sent(change):
    message = send(HOSPITAL)

    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**change)


def test_database_refuses_to_change_who_decided():
    kept, going, member = send(HOSPITAL).case, send(GARLIC).case, make_member()
    actions.merge(going, into=kept, by=member, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Regrouping.objects.update(by=make_member())
    with pytest.raises(IntegrityError), transaction.atomic():
        Regrouping.objects.all().delete()


def test_undone_merge_leaves_an_answer_of_another_organisation_public():
    row = ForeignRow(external_id="1", publisher="Báo Sự Thật", question="Nước dừa chữa ung thư?", verdict="sai")
    actions.import_answers([row], now=NOW)
    foreign = Case.objects.get(foreign__isnull=False)
    asked, member = send(GARLIC), make_member()
    actions.merge(asked.case, into=foreign, by=member, now=NOW)

    actions.undo(member.regrouping_set.get(), by=member, now=NOW)

    asked.refresh_from_db()
    assert answer_by_number(foreign.number).publisher == "Báo Sự Thật"
    assert (asked.case.state, asked.case == foreign) == ("open", False)


def test_split_case_that_was_closed_can_be_undone():
    case, second, member = send(HOSPITAL).case, send(HOSPITAL), make_member()
    fresh = actions.split(case, messages=[second], by=member, now=NOW)
    actions.close_not_checkable(fresh, by=member, now=NOW)

    actions.undo(member.regrouping_set.get(), by=member, now=NOW)

    assert case.messages.count() == 2


def test_merged_case_is_followed_through_every_merge():
    one, two, three = (send(text).case for text in (HOSPITAL, GARLIC, "Bao giờ phường cấp lại căn cước?"))
    actions.merge(one, into=two, by=make_member(), now=NOW)
    actions.merge(two, into=three, by=make_member(), now=NOW)
    make_answer(three)

    assert answer_by_number(one.number).number == three.number
    assert send(HOSPITAL).case == three


def test_undo_is_refused_when_the_case_was_merged_on():
    member = make_member()
    one, two, three = (send(text).case for text in (HOSPITAL, GARLIC, "Bao giờ phường cấp lại căn cước?"))
    actions.merge(one, into=two, by=member, now=NOW)
    first = member.regrouping_set.get()
    actions.merge(two, into=three, by=member, now=NOW)

    assert refused(actions.undo, first) == "moved_on"


def test_asker_taken_out_of_an_answer_they_were_told_hears_that_it_was_not_theirs():
    answered, other = send(HOSPITAL).case, send(GARLIC)
    make_answer(answered)
    member = make_member()
    actions.merge(other.case, into=answered, by=member, now=NOW)
    actions.follow_up(now=NOW)
    other.replies.update(done_at=NOW)

    actions.undo(member.regrouping_set.get(), by=member, now=NOW)

    assert set(other.replies.filter(done_at=None, void_at=None).values_list("kind", flat=True)) == {"mistaken"}


def test_asker_taken_out_before_they_were_told_is_not_told_any_more():
    answered, other = send(HOSPITAL).case, send(GARLIC)
    make_answer(answered)
    member = make_member()
    actions.merge(other.case, into=answered, by=member, now=NOW)
    actions.follow_up(now=NOW)

    actions.undo(member.regrouping_set.get(), by=member, now=NOW)
    actions.follow_up(now=NOW)

    assert not other.replies.filter(kind__in=["answer", "mistaken"], done_at=None, void_at=None).exists()
