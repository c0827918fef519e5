"""Whose work a Case is, and what happens when they leave."""

import pytest

from sangto.desk import actions
from sangto.desk.models import Case
from sangto.desk.queries.inbox import Inbox, Narrowing
from sangto.people.actions import end_grant, found_unit, leave
from sangto.people.models import Deed
from sangto.people.queries import colleagues_in
from sangto.people.rules import WORKING
from tests.factories import NOW, holder, make_unit, send

pytestmark = pytest.mark.django_db
TEXTS = ("Có đúng là cầu Rồng đóng cửa sáng mai?", "Uống nước chanh nóng có chữa được ung thư không?")


@pytest.fixture(autouse=True)
def first():
    return make_unit()


def test_case_is_taken_given_and_put_back():
    case, lan, minh = send().case, holder("editor"), holder("approver")

    steps = [actions.assign(case, to=to, by=lan, now=NOW).assigned_to for to in (lan, lan, minh, None)]

    assert steps == [lan, lan, minh, None]
    assert Deed.objects.filter(what="assigned", number=case.number).count() == 3  # to take what one has is no deed


@pytest.mark.parametrize("role", ["auditor", "head", "privacy_officer"])
def test_who_does_not_work_on_cases_neither_assigns_nor_is_assigned(role):
    case, lan, other = send().case, holder("intake"), holder(role)

    with pytest.raises(actions.CannotAssign, match="not_allowed"):
        actions.assign(case, to=other, by=other, now=NOW)
    with pytest.raises(actions.CannotAssign, match="no_colleague"):
        actions.assign(case, to=other, by=lan, now=NOW)


def test_member_of_another_unit_is_no_colleague():
    away = found_unit("xa", name="Phường khác", on=NOW.date())
    case, theirs = send().case, holder("editor", unit=away)

    with pytest.raises(actions.CannotAssign, match="no_colleague"):
        actions.assign(case, to=theirs, by=holder("editor"), now=NOW)


def test_merged_case_is_nobodys_work():
    one, two, lan = *(send(text).case for text in TEXTS), holder("intake")
    actions.merge(two, into=one, by=lan, now=NOW)

    with pytest.raises(actions.CannotAssign, match="gone"):
        actions.assign(two, to=lan, by=lan, now=NOW)


def test_view_mine_and_the_filter_nobodys():
    one, two = (send(text).case for text in TEXTS)
    lan = holder("editor")
    actions.assign(one, to=lan, by=lan, now=NOW)
    today = NOW.date()

    assert list(Inbox(lan, today=today).cases("mine")) == [one]
    assert list(Inbox(lan, today=today, narrowing=Narrowing(is_free=True)).cases()) == [two]
    assert Inbox(lan, today=today).counts()["mine"] == 1
    assert "mine" not in Inbox(None, today=today).counts()


def test_cases_of_whoever_left_are_free_again():
    one, two = (send(text).case for text in TEXTS)
    gone, reduced, stays = holder("editor"), holder("editor"), holder("intake")
    third = send("Có phải trường học nghỉ cả tuần sau không?").case
    for case, member in ((one, gone), (two, reduced), (third, stays)):
        actions.assign(case, to=member, by=member, now=NOW)
    Case.objects.filter(pk=third.pk).update(unit=None)  # of no Unit: the first one's
    leave(gone, now=NOW)
    end_grant(reduced.grants.get(role="editor"), by=None, now=NOW)

    assert [actions.put_back_left(), actions.put_back_left()] == [2, 0]

    assert list(Case.objects.order_by("pk").values_list("assigned_to", flat=True)) == [None, None, stays.pk]


def test_colleagues_hold_a_working_role_there_now():
    unit = make_unit()
    lan, _auditor, gone = holder("dispatcher"), holder("auditor"), holder("editor")
    leave(gone, now=NOW)

    assert colleagues_in(unit.pk, roles=WORKING) == colleagues_in(None, roles=WORKING) == [lan]
