"""Objections as the public reads them, and as the staff works on them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Case, Objection, Ruling
from sangto.desk.queries.visible import case_for, visible_to
from sangto.ledger import rules as leaves
from sangto.people.models import Member
from sangto.people.queries import roles_in
from sangto.people.rules import APPROVER, may_approve

VIEWS = ("open", "decided")


@dataclass(frozen=True)
class PublicRuling:
    """How an Objection was decided."""

    kind: str
    reasons: str
    at: datetime
    by_role: str
    n: int  # the version that the Answer shows from then on
    leaf_hash: str
    salt: str


@dataclass(frozen=True)
class PublicObjection:
    """One Objection as anyone reads it: what was contested, until when it is decided, and how it was."""

    number: str
    answer: str  # the Answer's number
    question: str
    lang: str
    n: int  # the contested version
    made_at: datetime
    due_on: date
    is_overdue: bool
    ruling: PublicRuling | None


def objections_in(view: str, *, viewer: Member | None = None) -> QuerySet[Objection]:
    """The Objections of a view: the open ones, due first, or the decided ones, newest first.

    With a viewer those to Answers of Cases that they may read; the public reads of all.
    """
    rows = Objection.objects.select_related("version__answer__case", "ruling__by", "ruling__version")
    if viewer is not None:
        # Asked for each Objection, or SQLite begins with all Cases of the viewer's Units.
        theirs = Case.objects.filter(visible_to(viewer), pk=OuterRef("version__answer__case"))
        rows = rows.filter(Exists(theirs))
    if view == "open":
        return rows.filter(ruling__isnull=True).order_by("due_on", "pk")
    return rows.filter(ruling__isnull=False).order_by("-ruling__at", "-pk")


def objections_to(case_id: int, *, today: date) -> list[PublicObjection]:
    """The Objections to a Case's Answer, newest first."""
    rows = Objection.objects.select_related("version__answer__case", "ruling__by", "ruling__version")
    return [public_objection(row, today=today) for row in rows.filter(version__answer__case=case_id).order_by("-pk")]


def objection_counts(viewer: Member | None = None) -> dict[str, int]:
    """How many Objections each view holds."""
    return {view: objections_in(view, viewer=viewer).count() for view in VIEWS}


def objections_waiting(viewer: Member) -> int:
    """How many open Objections the viewer may read.

    In two steps: SQLite without statistics begins with all versions to find those that few Objections contest.
    """
    contested = Counter(Objection.objects.filter(ruling__isnull=True).order_by().values_list("version", flat=True))
    if not contested:
        return 0
    versions = AnswerVersion.objects.filter(visible_to(viewer, path="answer__case__"), pk__in=contested)
    return sum(contested[pk] for pk in versions.values_list("pk", flat=True))


def objections_overdue(viewer: Member | None = None, *, today: date) -> int:
    """How many Objections are past their day and undecided."""
    return objections_in("open", viewer=viewer).filter(due_on__lt=today).count()


def objection_by_number(number: str) -> Objection | None:
    """The Objection with this number, as in O2026-000001, or None."""
    digits = number.partition("-")[2]
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        return None
    rows = Objection.objects.select_related("version__answer__case", "version__answer__current", "ruling__by")
    found = rows.filter(pk=int(digits)).first()
    return found if found and found.number == number else None


def objection_for(viewer: Member, number: str) -> Objection | None:
    """The Objection with this number, if it is to an Answer of a Case that the viewer may read."""
    found = objection_by_number(number)
    return found if found and case_for(viewer, found.version.answer.case.number) else None


def public_objection(row: Objection, *, today: date) -> PublicObjection:
    """The Objection without its words, which are for the staff."""
    ruling = getattr(row, "ruling", None)
    return PublicObjection(
        number=row.number,
        answer=row.version.answer.case.number,
        question=row.version.question,
        lang=row.version.lang,
        n=row.version.n,
        made_at=row.made_at,
        due_on=row.due_on,
        is_overdue=ruling is None and row.due_on < today,
        ruling=_public_ruling(ruling) if ruling else None,
    )


def rulings_for(objection: Objection, viewer: Member) -> list[str]:
    """What this Member may decide now: one ruling that fits what the Answer says, or nothing."""
    contested, current = objection.version, objection.version.answer.current
    is_over = hasattr(objection, "ruling") or current is None
    if not may_approve(roles_in(viewer, contested.answer.case.unit_id)):
        return []
    mine = not rules.may_rule(viewer.pk, writer_id=contested.written_by_id, approver_id=contested.approved_by_id)
    if is_over or mine or current is None:
        return []
    return [rules.ruling_after(current.step, is_newer=current.n > contested.n)]


def ruling_content(ruling: Ruling) -> dict[str, Any]:
    """Everything that a ruling says, as its leaf binds to it."""
    contested = ruling.objection.version
    return {
        "objection": ruling.objection.number,
        "answer": contested.answer.case.number,
        "n": contested.n,
        "ruling": ruling.kind,
        "reasons": ruling.reasons,
        "version": ruling.version.n,
        "decided": leaves.second_of(ruling.at),
    }


def _public_ruling(row: Ruling) -> PublicRuling:
    return PublicRuling(
        kind=row.kind,
        reasons=row.reasons,
        at=row.at,
        by_role=APPROVER,
        n=row.version.n,
        leaf_hash=row.leaf_hash,
        salt=row.salt,
    )
