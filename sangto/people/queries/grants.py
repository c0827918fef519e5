"""What Members may do where: read anew each time, so that an ended Grant ends at once."""

from collections import defaultdict
from collections.abc import Callable

from django.db.models import F, QuerySet, Subquery

from sangto.people.models import Grant, Member, Unit
from sangto.people.queries.units import first_unit
from sangto.people.rules import AREA, Roles


def held(member: Member) -> QuerySet[Grant]:
    """The Grants that the Member holds now."""
    return Grant.objects.filter(member=member, ended_at__isnull=True)


def roles_in(member: Member, unit_id: int | None) -> frozenset[str]:
    """The roles that the Member holds in a Unit; None is the first Unit, to which what has no Unit belongs."""
    if unit_id is None:
        first = first_unit()
        unit_id = first.pk if first else 0
    return frozenset(held(member).filter(unit=unit_id).values_list("role", flat=True))


def roles_by_unit(member: Member) -> dict[int, frozenset[str]]:
    """For each Unit (by id) in which the Member holds a Grant, their roles there."""
    found: dict[int, set[str]] = defaultdict(set)
    for unit_id, role in held(member).values_list("unit_id", "role"):
        found[unit_id].add(role)
    return {unit_id: frozenset(roles) for unit_id, roles in found.items()}


def units_where(member: Member, may: Callable[[Roles], bool]) -> list[int | None]:
    """The ids of the Units in which the Member's roles allow something (a rule of `people.rules`).

    None is among them when the first Unit is: what has no Unit belongs there.
    """
    first = Subquery(Unit.objects.exclude(role=AREA).order_by("pk").values("pk")[:1])
    found: dict[int, set[str]] = defaultdict(set)
    belongs: dict[int, bool] = {}
    for unit_id, role, first_id in held(member).values_list("unit_id", "role", first):
        found[unit_id].add(role)
        belongs[unit_id] = unit_id == first_id
    units: list[int | None] = [unit_id for unit_id, roles in found.items() if may(roles)]
    return [*units, None] if any(belongs[unit_id] for unit_id in units if unit_id) else units


def may_anywhere(member: Member, may: Callable[[Roles], bool]) -> bool:
    """Whether the Member's roles allow something in at least one Unit."""
    return any(may(roles) for roles in roles_by_unit(member).values())


def units_held(member: Member, may: Callable[[Roles], bool]) -> list[Unit]:
    """The Units in which the Member's roles allow something, oldest first."""
    units = Unit.objects.filter(pk__in=[pk for pk in units_where(member, may) if pk])
    return list(units.prefetch_related("periods").order_by("pk"))


def grants_in(unit: Unit) -> QuerySet[Grant]:
    """All Grants of a Unit, those held now first, then the ended ones, newest first."""
    people = Grant.objects.filter(unit=unit).select_related("member__user", "granted_by__user", "ended_by__user")
    return people.order_by(F("ended_at").desc(nulls_first=True), "member__user__first_name", "pk")


def grant_by_id(pk: str) -> Grant | None:
    """The Grant with this id as an address or a form gives it, or None."""
    known = pk.isascii() and pk.isdecimal() and len(pk) < 19
    return Grant.objects.select_related("unit", "member__user").filter(pk=int(pk)).first() if known else None
