"""What answers begin from, as the members of a unit read it."""

from sangto.desk.models import Case, Template
from sangto.people.models import Member
from sangto.people.queries import first_unit, units_where
from sangto.people.rules import may_keep_templates


def templates_for(case: Case) -> list[Template]:
    """What an answer to this Case can begin from: of its unit and its kind, by name."""
    first = None if case.unit_id else first_unit()
    rows = Template.objects.filter(unit=case.unit_id or (first.pk if first else None), kind=case.kind)
    return list(rows.filter(archived_at__isnull=True).order_by("name"))


def templates_kept_by(viewer: Member) -> list[Template]:
    """The Templates of the units in which the viewer may keep them, by unit and name."""
    units = [each for each in units_where(viewer, may_keep_templates) if each is not None]
    rows = Template.objects.filter(unit__in=units, archived_at__isnull=True)
    return list(rows.select_related("unit", "by__user").prefetch_related("unit__periods").order_by("unit", "name"))


def template_for(viewer: Member, pk: int) -> Template | None:
    """The Template with this id, if the viewer may change it."""
    return next((each for each in templates_kept_by(viewer) if each.pk == pk), None)
