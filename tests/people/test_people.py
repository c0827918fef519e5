"""Members, roles and tokens."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from sangto.people import rules
from sangto.people.actions import found_unit, issue_token, leave
from sangto.people.models import Member, Token, Unit
from sangto.people.queries import first_unit, member_by_token, member_for
from tests.factories import NOW, make_member, make_unit


def test_editor_writes_and_approver_also_approves():
    assert [(role, rules.may_write(role), rules.may_approve(role)) for role in (*rules.ROLES, "other")] == [
        ("editor", True, False),
        ("approver", True, True),
        ("other", False, False),
    ]


@pytest.mark.django_db
def test_member_is_found_by_login_until_they_leave():
    member = make_member()
    assert member_for(member.user) == member

    Member.objects.update(left_at=NOW)

    assert member_for(member.user) is None
    assert member_for(AnonymousUser()) is None


@pytest.mark.django_db
def test_token_stands_for_its_member_until_it_is_revoked():
    member = make_member()
    secret = issue_token(member, now=NOW)
    assert member_by_token(secret) == member
    assert secret not in str(list(Token.objects.values()))

    Token.objects.update(revoked_at=NOW)

    assert member_by_token(secret) is None
    assert member_by_token("") is None


@pytest.mark.django_db
def test_member_who_leaves_can_do_nothing_any_more():
    member, other = make_member(), make_member()
    secret, others = issue_token(member, now=NOW), issue_token(other, now=NOW)

    leave(member, now=NOW)

    assert (member_for(member.user), member_by_token(secret)) == (None, None)
    assert (member_for(other.user), member_by_token(others)) == (other, other)


@pytest.mark.django_db
def test_database_refuses_an_unknown_role():
    with pytest.raises(IntegrityError):
        make_member(role="boss")


@pytest.mark.django_db
def test_database_refuses_a_second_membership_of_one_login():
    member = make_member()

    with pytest.raises(IntegrityError):
        Member.objects.create(user=member.user, unit=member.unit, role="approver")


@pytest.mark.django_db
def test_unit_is_founded_once():
    first = make_unit()

    again = found_unit("desk", name="Another name", on=NOW.date())

    assert (again, first_unit(), Unit.objects.count()) == (first, first, 1)
