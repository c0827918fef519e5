"""Which Cases a Member may read: those of the Units where they hold a role that reads. Everything else is not there."""

from collections.abc import Callable, Sequence

from django.db.models import Q

from sangto.desk.models import Case
from sangto.desk.queries.answers import case_by_number
from sangto.people.models import Member
from sangto.people.queries import units_where
from sangto.people.rules import Roles, may_read_cases


def of_units(units: Sequence[int | None], *, path: str = "") -> Q:
    """Rows of Cases in these Units; None stands for Cases without one. `path` leads from the row to its Case."""
    in_units = Q(**{f"{path}unit__in": [pk for pk in units if pk]})
    return in_units | Q(**{f"{path}unit__isnull": True}) if None in units else in_units


def visible_to(viewer: Member, may: Callable[[Roles], bool] = may_read_cases, *, path: str = "") -> Q:
    """Rows of Cases that the viewer's roles let them read; `path` leads from the row to its Case."""
    return of_units(units_where(viewer, may), path=path)


def case_for(viewer: Member, number: str) -> Case | None:
    """The Case with this number, if there is one that the viewer may read."""
    case = case_by_number(number)
    if case is None or case.unit_id in units_where(viewer, may_read_cases):
        return case
    return None


def readable(viewer: Member, case_ids: Sequence[int]) -> set[int]:
    """Those of the Cases (by id) that the viewer may read."""
    return set(Case.objects.filter(visible_to(viewer), pk__in=case_ids).values_list("pk", flat=True))
