"""`sangto erase`: take back by law what a published version said, by two people."""

import click
from django.utils import timezone

from sangto.desk.actions import CannotErase, erase_version
from sangto.desk.queries.publications import published_version
from sangto.people.queries import member_by_username

REFUSED = {
    "not_allowed": "an editor proposes and a privacy officer agrees; these two may not",
    "own_proposal": "two people are needed: nobody agrees to their own proposal",
    "unknown_ground": "the ground must be court_order, personal_data or rights_of_others",
    "not_published": "there is no such published version",
    "current": "this version is in force: withdraw the answer first, so that its readers are told why",
    "erased": "this version was erased before",
}


def erase(number: str, n: int, *, ground: str, username: str, approver: str) -> int:
    """Exit code 0 when the version was erased, 1 when not."""
    version = published_version(number, n)
    by, agreed = member_by_username(username), member_by_username(approver)
    if version is None:
        return _refuse(REFUSED["not_published"])
    if by is None or agreed is None:
        return _refuse(f"there is no active member {username if by is None else approver}")
    try:
        erase_version(version, ground=ground, by=by, approved_by=agreed, now=timezone.now())
    except CannotErase as refusal:
        return _refuse(REFUSED[refusal.code])
    click.echo(f"{number}, version {n}: erased. The log says that it was, and on which ground.")
    return 0


def _refuse(why: str) -> int:
    click.echo(f"sangto: nothing was erased: {why}", err=True)
    return 1
