"""Grants over time, and the Deeds that say what was done."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions as desk
from sangto.people.actions import CannotGrant, end_grant, found_unit, grant, leave, record_deed
from sangto.people.models import Deed, Grant
from sangto.people.queries import deeds_of, may_anywhere, roles_in, units_where
from sangto.people.rules import may_approve, may_read_cases
from tests.factories import NOW, TICKS, holder, make_member, make_unit, make_version, member_for, send

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def other_unit():
    make_unit()
    return found_unit("xa", name="Xã", on=NOW.date())


def code_of(act) -> str:
    with pytest.raises(CannotGrant) as refusal:
        act()
    return refusal.value.code


def test_role_holds_in_its_unit_from_grant_to_end():
    member, away = holder("intake"), other_unit()

    given = grant(member, unit=away, role="approver", by=None, now=NOW)
    assert (roles_in(member, None), roles_in(member, away.pk)) == ({"intake"}, {"approver"})
    end_grant(given, by=None, now=LATER)

    assert roles_in(member, away.pk) == set()
    assert not may_anywhere(member, may_approve)
    assert Grant.objects.get(pk=given.pk).ended_at == LATER


def test_what_has_no_unit_belongs_to_the_first():
    away = other_unit()
    first, elsewhere = holder("auditor"), holder("auditor", unit=away)

    assert None in units_where(first, may_read_cases)
    assert units_where(elsewhere, may_read_cases) == [away.pk]


def test_head_gives_and_ends_roles_in_their_own_unit_alone():
    head, member, away = holder("head"), holder("intake"), other_unit()

    given = grant(member, unit=make_unit(), role="editor", by=head, now=NOW)
    ended = end_grant(given, by=head, now=LATER)

    assert (given.granted_by, ended.ended_by) == (head, head)
    assert code_of(lambda: grant(member, unit=away, role="editor", by=head, now=NOW)) == "not_allowed"
    assert code_of(lambda: end_grant(given, by=head, now=LATER)) == "ended"


@pytest.mark.parametrize("role", ["intake", "editor", "approver", "dispatcher", "privacy_officer", "auditor"])
def test_nobody_but_a_head_gives_roles(role):
    by, member = holder(role), holder("intake")

    assert code_of(lambda: grant(member, unit=make_unit(), role="auditor", by=by, now=NOW)) == "not_allowed"


def test_roles_that_must_not_come_together_are_refused():
    head, editor = holder("head"), holder("editor")

    assert code_of(lambda: grant(head, unit=make_unit(), role="approver", by=None, now=NOW)) == "apart"
    assert code_of(lambda: grant(editor, unit=make_unit(), role="head", by=None, now=NOW)) == "apart"
    assert code_of(lambda: grant(editor, unit=make_unit(), role="editor", by=None, now=NOW)) == "held"
    assert code_of(lambda: grant(editor, unit=make_unit(), role="boss", by=None, now=NOW)) == "unknown_role"


def test_head_gives_nothing_to_themselves():
    head = holder("head")

    assert code_of(lambda: grant(head, unit=make_unit(), role="auditor", by=head, now=NOW)) == "yourself"
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(member=head, unit=make_unit(), role="auditor", granted_at=NOW, granted_by=head)


def test_database_lets_a_grant_only_be_ended():
    given = holder("intake").grants.get(role="intake")

    for act in (
        lambda: Grant.objects.filter(pk=given.pk).update(role="approver"),
        lambda: Grant.objects.filter(pk=given.pk).update(granted_at=LATER, ended_at=LATER),
        lambda: Grant.objects.filter(pk=given.pk).delete(),
        lambda: Grant.objects.create(member=given.member, unit=given.unit, role="intake", granted_at=NOW),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    end_grant(given, by=None, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.filter(pk=given.pk).update(ended_at=None)


def test_database_keeps_what_was_done():
    record_deed("wrote", by=make_member(), kind="case", number="2026-000001", unit_id=None, at=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Deed.objects.update(what="published")
    with pytest.raises(IntegrityError), transaction.atomic():
        Deed.objects.all().delete()


def test_deed_holds_no_text():
    assert {field.name for field in Deed._meta.fields} == {"id", "member", "what", "kind", "number", "unit", "at"}


def test_every_step_on_a_case_is_written_down_with_it():
    case = send().case
    version = make_version(case)
    approver = member_for(case, role="approver")

    desk.publish(version, by=approver, now=LATER, ticks=TICKS)

    case.refresh_from_db()
    found = [(deed.what, deed.member, deed.number) for deed in deeds_of(make_unit()) if deed.kind == "case"]
    writer = version.written_by
    assert found == [
        ("published", approver, case.number), ("submitted", writer, case.number), ("wrote", writer, case.number),
    ]  # fmt: skip


def test_refused_step_is_not_written_down():
    version = make_version(send().case)
    before = Deed.objects.count()

    with pytest.raises(desk.CannotPublish):
        desk.publish(version, by=version.written_by, now=LATER)

    assert Deed.objects.count() == before


def test_leaving_ends_every_grant():
    member = make_member(role="approver")

    leave(member, now=LATER)

    assert set(member.grants.values_list("ended_at", flat=True)) == {LATER}
    assert Deed.objects.filter(what="left").count() == 1


# --- handing over ----------------------------------------------------------------------------------------------------


def test_dispatcher_hands_a_case_over_and_both_units_know():
    case, away = send().case, other_unit()
    dispatcher = holder("dispatcher")

    desk.hand_over(case, to=away, why="Đường này của phường bạn.", by=dispatcher, now=LATER)

    case.refresh_from_db()
    assert case.unit == away
    assert [deed.unit.code for deed in Deed.objects.filter(what="handed_over")] == ["desk", "xa"]
    assert units_where(dispatcher, may_read_cases) == [make_unit().pk, None]


@pytest.mark.parametrize("role", ["intake", "editor", "approver", "auditor", "head", "privacy_officer"])
def test_nobody_else_hands_over(role):
    case, away = send().case, other_unit()

    with pytest.raises(desk.CannotHandOver, match="not_allowed"):
        desk.hand_over(case, to=away, why="x", by=holder(role), now=LATER)


def test_case_is_handed_over_to_another_unit_only():
    make_unit()
    case = send().case

    with pytest.raises(desk.CannotHandOver, match="same_unit"):
        desk.hand_over(case, to=make_unit(), why="x", by=holder("dispatcher"), now=LATER)
    with pytest.raises(desk.CannotHandOver, match="unknown_unit"):
        desk.hand_over(case, to=None, why="x", by=holder("dispatcher"), now=LATER)


def test_case_that_was_split_stays_with_its_unit():
    away = other_unit()
    messages = [send(), send()]
    case = messages[0].case
    type(case).objects.filter(pk=case.pk).update(unit=away)

    fresh = desk.split(case, messages=messages[1:], by=holder("intake", unit=away), now=LATER)

    assert fresh.unit == away
