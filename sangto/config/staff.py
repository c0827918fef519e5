"""Enrol members and hand out tokens from the command line."""

import click
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from sangto.people import actions
from sangto.people.actions import enrol, found_unit, issue_token
from sangto.people.queries import held, member_by_username, unit_by_code

REFUSED = {
    "held": "they hold this role already",
    "apart": "who gives roles in a unit neither writes nor approves there",
    "unknown_role": "there is no such role",
}


def add(username: str, *, full_name: str, role: str, unit_code: str, password: str) -> int:
    """Exit code 0 when the member is enrolled, 1 when the password is too weak or the login is taken."""
    try:
        validate_password(password)
    except ValidationError as error:
        click.echo("\n".join(error.messages), err=True)
        return 1
    unit = found_unit(unit_code, name=settings.DESK_NAME, on=timezone.localdate())
    try:
        enrol(username, full_name=full_name, password=password, unit=unit, role=role)
    except IntegrityError:
        click.echo(f"There is a member {username} already.", err=True)
        return 1
    click.echo(f"{username} ({role}, {unit}) can sign in at {settings.SITE_URL}/staff/")
    return 0


def invite(role: str, *, unit_code: str) -> int:
    """Exit code 0: the link is printed, this once."""
    unit = found_unit(unit_code, name=settings.DESK_NAME, on=timezone.localdate())
    click.echo(f"{settings.SITE_URL}/staff/invitation/{actions.invite(unit, title=role, by=None, now=timezone.now())}")
    return 0


def reset(username: str, *, second_factor: bool) -> int:
    """Exit code 0 when a link for a new password was printed, 1 when there is no such member."""
    member = member_by_username(username)
    if member is None:
        click.echo(f"There is no active member {username}.", err=True)
        return 1
    if second_factor:
        actions.forget_second_factors(member)
    click.echo(f"{settings.SITE_URL}/staff/invitation/{actions.renew_password(member, now=timezone.now())}")
    return 0


def give(username: str, role: str, *, unit_code: str, ends: bool) -> int:
    """Exit code 0 when the role was given or ended, 1 when not."""
    member, unit = member_by_username(username), unit_by_code(unit_code, on=timezone.localdate())
    if member is None or unit is None:
        click.echo("There is no such active member or no such unit.", err=True)
        return 1
    try:
        if ends:
            for given in held(member).filter(unit=unit, role=role):
                actions.end_grant(given, by=None, now=timezone.now())
        else:
            actions.grant(member, unit=unit, role=role, by=None, now=timezone.now())
    except actions.CannotGrant as refusal:
        click.echo(f"sangto: nothing was changed: {REFUSED[refusal.code]}", err=True)
        return 1
    return 0


def leave(username: str) -> int:
    """Exit code 0 when the member has left, 1 when there is no such member."""
    member = member_by_username(username)
    if member is None:
        click.echo(f"There is no active member {username}.", err=True)
        return 1
    actions.leave(member, now=timezone.now())
    click.echo(f"{username} can no longer sign in, and their tokens are void.")
    return 0


def print_token(username: str, *, may_approve: bool) -> int:
    """Exit code 0 when a token was printed, 1 when there is no such member."""
    member = member_by_username(username)
    if member is None:
        click.echo(f"There is no active member {username}.", err=True)
        return 1
    click.echo(issue_token(member, now=timezone.now(), may_approve=may_approve))
    return 0
