"""Members, roles and tokens."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from sangto.people import rules
from sangto.people.actions import found_unit, issue_token, leave
from sangto.people.models import Member, Token, Unit, User
from sangto.people.queries import first_unit, member_by_token, member_for
from tests.factories import NOW, make_member, make_unit

RULES = (
    rules.may_read_cases, rules.may_sort, rules.may_write, rules.may_approve, rules.may_hand_over,
    rules.may_read_requests, rules.may_handle_requests, rules.may_erase, rules.may_try_again,
    rules.may_read_deeds, rules.may_read_members,
    rules.may_manage, rules.needs_second_factor,
)  # fmt: skip


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("intake", "may_read_cases may_sort may_try_again"),
        ("editor", "may_read_cases may_write may_try_again"),
        ("approver", "may_read_cases may_approve may_try_again needs_second_factor"),
        ("dispatcher", "may_read_cases may_hand_over may_try_again"),
        ("privacy_officer", "may_read_requests may_handle_requests may_erase may_try_again needs_second_factor"),
        ("auditor", "may_read_cases may_read_requests may_read_deeds may_read_members"),
        ("head", "may_read_members may_manage needs_second_factor"),
        ("other", ""),
    ],
)
def test_role_allows_this_and_nothing_else(role, allowed):
    assert {rule.__name__ for rule in RULES if rule({role})} == set(allowed.split())
    assert not any(rule(set()) for rule in RULES)


def test_who_gives_roles_neither_writes_nor_approves():
    apart = {role for role in rules.ROLES if not rules.may_hold("head", beside={role})}

    assert apart == {"editor", "approver"}
    assert {role for role in rules.ROLES if not rules.may_hold(role, beside={"head"})} == apart


@pytest.mark.django_db
def test_member_is_found_by_login_until_they_leave():
    """Each request reads the login anew."""
    member = make_member()
    assert member_for(User.objects.get()) == member

    Member.objects.update(left_at=NOW)

    assert member_for(User.objects.get()) is None
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
        Member.objects.create(user=member.user)


@pytest.mark.django_db
def test_unit_is_founded_once():
    first = make_unit()

    again = found_unit("desk", name="Another name", on=NOW.date())

    assert (again, first_unit(), Unit.objects.count()) == (first, first, 1)
