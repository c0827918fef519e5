"""By when a Case is owed its first answer: the day stands in its row, and is counted here from what it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from sangto.desk import rules
from sangto.desk.models import Case, Escalation, Pause
from sangto.desk.queries.calendars import Calendars, calendars
from sangto.engine.workdays import ONE_DAY, WorkCalendar, add_working_days, working_days_between
from sangto.engine.workdays import Pause as Stood


@dataclass(frozen=True)
class Deadline:
    """Where the clock of an open Case stands. `left`: working days after today up to the last one, 0 when none is."""

    state: str
    due_on: date
    left: int

    @property
    def since(self) -> date:
        """The first day that is too late."""
        return self.due_on + ONE_DAY


@dataclass(frozen=True)
class DeadlineCounts:
    """How many open Cases there are, and how many of them are overdue, wait for whoever wrote, and were escalated."""

    open: int
    overdue: int
    waiting: int
    escalated: int


def due_dates(cases: Iterable[Case], *, known: Calendars | None = None) -> dict[int, date]:
    """The last day of each Case's term, from its rows: its clock, those of the Cases merged into it, its pauses.

    The earliest of these days counts: merging makes nobody wait longer. A Case that was opened again has a clock of its
    own. A pause that has not ended does not count yet. Cases without a clock are left out.
    """
    wanted, known = [case for case in cases if case.counts_from], known or calendars()
    trees = _with_merged(wanted)
    stood = _pauses({case.pk for tree in trees.values() for case in tree})
    due = {}
    for case in wanted:
        tree = [case] if case.restarted_on else trees[case.pk]
        own = stood.get(case.pk, [])
        days = (_due(each, known.of(case.unit_id), [*own, *stood.get(each.pk, [])]) for each in tree)
        due[case.pk] = min(days)
    return due


def _due(case: Case, calendar: WorkCalendar, pauses: Iterable[Stood]) -> date:
    start = case.restarted_on or case.counts_from
    assert start is not None and case.term_days is not None  # noqa: S101, PT018 - whoever has a clock has both
    return add_working_days(start, case.term_days, calendar=calendar, pauses=pauses)


def _with_merged(cases: list[Case]) -> dict[int, list[Case]]:
    """Each Case with those that were merged into it, however often, as far as they have a clock."""
    trees = {case.pk: [case] for case in cases}
    root = {case.pk: case.pk for case in cases}
    level = list(root)
    while level:
        found = Case.objects.filter(merged_into__in=level, counts_from__isnull=False)
        level = []
        for each in found:
            assert each.merged_into_id is not None  # noqa: S101 - asked for
            root[each.pk] = root[each.merged_into_id]
            trees[root[each.pk]].append(each)
            level.append(each.pk)
    return trees


def _pauses(case_ids: Iterable[int]) -> Mapping[int, list[Stood]]:
    """The pauses that have ended, by Case."""
    stood: dict[int, list[Stood]] = {}
    rows = Pause.objects.filter(case__in=list(case_ids), ended_on__isnull=False)
    for case, first, last in rows.values_list("case", "began_on", "ended_on"):
        assert last is not None  # noqa: S101 - asked for
        stood.setdefault(case, []).append((first, last))
    return stood


def is_paused() -> Exists:
    """Whether a Case's clock stands now, for a query of Cases."""
    return Exists(Pause.objects.filter(case=OuterRef("pk"), ended_at__isnull=True))


def deadlines_of(cases: Iterable[Case], *, today: date, known: Calendars | None = None) -> dict[int, Deadline]:
    """Where the clocks of these Cases stand, by id; only open ones with a clock have one."""
    open_ = [case for case in cases if case.state == rules.OPEN and case.due_on]
    if not open_:
        return {}
    known = known or calendars()
    ids = [case.pk for case in open_]
    paused = set(Pause.objects.filter(case__in=ids, ended_at__isnull=True).values_list("case", flat=True))
    due = {case.pk: (case.due_on, known.of(case.unit_id)) for case in open_ if case.due_on}
    return {pk: _deadline(due_on, pk in paused, calendar, today) for pk, (due_on, calendar) in due.items()}


def deadline_of(case: Case, *, today: date) -> Deadline | None:
    """Where the Case's clock stands; None for one that is not open, or was never owed."""
    return deadlines_of([case], today=today).get(case.pk)


def _deadline(due_on: date, is_paused: bool, calendar: WorkCalendar, today: date) -> Deadline:
    state = rules.deadline_state(due_on=due_on, is_paused=is_paused, today=today)
    return Deadline(state, due_on, working_days_between(today, due_on, calendar=calendar))


def overdue(*, today: date) -> Q:
    """Open Cases whose last day has passed while their clock ran."""
    return Q(state=rules.OPEN, due_on__lt=today) & ~Q(is_paused())


def due_soon(*, today: date) -> Q:
    """Open Cases, their clock running, that are due today or within the next working days that the setting names."""
    last = add_working_days(today, settings.DUE_SOON_WORKING_DAYS, calendar=calendars().of(None))
    return Q(state=rules.OPEN, due_on__gte=today, due_on__lte=last) & ~Q(is_paused())


def cases_to_escalate(*, today: date) -> QuerySet[Case]:
    """Overdue Cases that nobody above was shown since they were due."""
    shown = Escalation.objects.filter(case=OuterRef("pk"), due_on=OuterRef("due_on"))
    return Case.objects.filter(overdue(today=today)).filter(~Exists(shown)).order_by("pk")


def escalated_now(*, today: date) -> list[Escalation]:
    """What was shown to somebody above and is still overdue, oldest first, at most 200."""
    late = Case.objects.filter(overdue(today=today))
    rows = Escalation.objects.filter(case__in=late, due_on=F("case__due_on")).select_related("case")
    return list(rows.order_by("due_on", "pk")[:200])


def deadline_counts(*, today: date) -> DeadlineCounts:
    """How the desk keeps its terms, for everybody to read."""
    waiting = Case.objects.filter(state=rules.OPEN)
    escalated = Escalation.objects.filter(case=OuterRef("pk"), due_on=OuterRef("due_on"))
    late = waiting.filter(overdue(today=today))
    return DeadlineCounts(
        open=waiting.count(),
        overdue=late.count(),
        waiting=waiting.filter(is_paused()).count(),
        escalated=late.filter(Exists(escalated)).count(),
    )
