"""What members read: the inbox, one Case with its history, the versions under work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Case, Joining, Message, Pause, Regrouping, Watch
from sangto.desk.queries.deadlines import due_soon, overdue
from sangto.desk.queries.findable import with_words
from sangto.desk.queries.visible import visible_to
from sangto.people.models import Member

OWN_VIEWS = ("mine", "watched")  # of one Member
VIEWS = ("open", "mine", "overdue", "due_soon", "waiting", "review", "watched", "answered", "closed")
ORDERS = ("age", "due", "asked")
MOST_COUNTED = 1000  # Cases of one view; to count more takes longer than anybody gains by it


@dataclass(frozen=True)
class Narrowing:
    """Which Cases of a view somebody wants to see; nothing set shows all that they may read."""

    words: str = ""
    unit: int | None = None  # its id; one that the viewer may not read shows nothing
    kind: str = ""
    opened_until: datetime | None = None
    asked: int = 0  # at least so many ask
    is_free: bool = False  # assigned to nobody

    def as_q(self) -> Q:
        """The Cases that it leaves."""
        wanted = with_words(self.words)
        if self.unit is not None:
            wanted &= Q(unit=self.unit)
        if self.kind:
            wanted &= Q(kind=self.kind)
        if self.opened_until:
            wanted &= Q(opened_at__lte=self.opened_until)
        if self.is_free:
            wanted &= Q(assigned_to__isnull=True)
        return wanted & Q(asked__gte=self.asked) if self.asked else wanted


ALL = Narrowing()


def opened_until(days: int, *, now: datetime) -> datetime:
    """The moment before which a Case was opened that has been here for so many days."""
    return now - timedelta(days=days)


class Inbox:
    """The Cases that a viewer may read and a narrowing leaves, by view; `with_work` brings what a row of it shows.

    What all views share is asked for once. None is the operator, who reads all and has no views of their own.
    """

    def __init__(self, viewer: Member | None, *, today: date, narrowing: Narrowing = ALL) -> None:
        visible = visible_to(viewer) if viewer else Q()
        self._cases = Case.objects.filter(visible, narrowing.as_q()).order_by()
        self._viewer, self._today = viewer, today

    def cases(self, view: str = "open", *, order: str = "age") -> QuerySet[Case]:
        """The Cases of a view. Order: `age` oldest first, `due` by the last day, `asked` most askers first."""
        return self._of(view).order_by(*_order(view, order))

    def counts(self, views: Sequence[str] = VIEWS, *, most: int | None = None) -> dict[str, int]:
        """How many Cases each of the views holds, in one statement.

        With `most`, counting ends one beyond it: there are more than `most`.
        """
        shown = [view for view in views if self._viewer or view not in OWN_VIEWS]
        counted = [_HowMany(self._of(view).values("pk")[: most + 1 if most else None]) for view in shown]
        row = Case.objects.values_list(*counted).first()  # none on a desk without any Case
        return dict(zip(shown, row or [0] * len(shown), strict=True))

    def _of(self, view: str) -> QuerySet[Case]:
        return self._cases.filter(_in_view(view, self._today, self._viewer))


class _HowMany(Subquery):
    """The number of rows of a query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0  # where nothing can be found the database is not asked


def with_work(case_ids: Sequence[int]) -> list[Case]:
    """The Cases in this order with `work` (state of the version under work), `work_by`, `work_name`.

    Found by id: to sort a whole view together with all this makes either database read it for rows that nobody sees.
    """
    working = AnswerVersion.objects.filter(answer__case=OuterRef("pk")).exclude(state=rules.PUBLISHED)
    cases = Case.objects.select_related("unit", "answer__current", "foreign", "assigned_to__user")
    cases = cases.filter(pk__in=case_ids).annotate(
        work=Subquery(working.values("state")[:1]),
        work_by=Subquery(working.values("written_by")[:1]),
        work_name=Subquery(working.values("written_by__user__first_name")[:1]),
    )
    by_id = {case.pk: case for case in cases}
    return [by_id[pk] for pk in case_ids if pk in by_id]


def last_asked(case_ids: Sequence[int]) -> dict[int, datetime]:
    """For each Case that somebody asks the moment of its newest Message."""
    messages = Message.objects.filter(case__in=case_ids, withdrawn_at__isnull=True).order_by()
    return dict(messages.values_list("case").annotate(at=Max("received_at")))


def _order(view: str, order: str) -> list[Any]:
    if order == "due":
        return [F("due_on").asc(nulls_last=True), "pk"]
    if order == "asked":
        return ["-asked", "pk"]
    return ["-pk" if view in ("review", "answered", "closed") else "pk"]


def open_cases() -> int:
    """How many Cases are open."""
    return Case.objects.filter(state=rules.OPEN).count()


def _in_view(view: str, today: date, viewer: Member | None) -> Q:
    if view == "overdue":
        return overdue(today=today)
    if view == "due_soon":
        return due_soon(today=today)
    if view == "waiting":
        # From the few that stand, not from all that are open.
        return Q(pk__in=Pause.objects.filter(ended_at__isnull=True).values("case"), state=rules.OPEN)
    in_review = Q(answer__versions__state=rules.IN_REVIEW)
    return {
        "open": Q(state=rules.OPEN),
        "mine": Q(state=rules.OPEN, assigned_to=viewer),
        "watched": Q(pk__in=Watch.objects.filter(member=viewer).values("case")),
        "review": in_review,
        "answered": Q(state=rules.ANSWERED, foreign__isnull=True),
        "closed": Q(state=rules.CLOSED),
    }[view]


@dataclass(frozen=True)
class CaseFile:
    """One Case as its members work on it."""

    case: Case
    regroupings: list[Regrouping]  # decisions that touched the Case, newest first
    versions: list[AnswerVersion]  # newest first
    working: AnswerVersion | None


def case_file(case: Case) -> CaseFile:
    """Everything a Member needs to work on the Case, in a constant number of queries."""
    versions = list(
        AnswerVersion.objects.filter(answer__case=case)
        .select_related("answer__case", "written_by__user", "approved_by__user")
        .prefetch_related("sources__copy", "highlights")
        .order_by("-n")
    )
    working = next((each for each in versions if each.state != rules.PUBLISHED), None)
    return CaseFile(case, _regroupings(case), versions, working)


def messages_in(case: Case) -> QuerySet[Message]:
    """The Case's Messages, the first one first: thousands of the busiest, so a page shows some."""
    return case.messages.order_by("pk")


def messages_chosen(case: Case, ids: Iterable[str]) -> list[Message]:
    """Those of the Case's Messages that a form names by id."""
    wanted = {int(each) for each in ids if each.isascii() and each.isdecimal() and len(each) < 19}
    return list(messages_in(case).filter(pk__in=wanted))


def why_here(case: Case, messages: Iterable[Message]) -> dict[int, Joining]:
    """For each of the Case's Messages (by id) how it came in, the last time."""
    rows = Joining.objects.filter(case=case, message__in=messages).order_by("pk")
    return {row.message_id: row for row in rows}


def _regroupings(case: Case) -> list[Regrouping]:
    moved = Joining.objects.filter(regrouping__isnull=False)  # few of thousands, so they have an index of their own
    touched = moved.filter(case=case).values("regrouping").union(moved.filter(left=case).values("regrouping"))
    ids = list(touched.values_list("regrouping", flat=True))
    rows = Regrouping.objects.filter(pk__in=ids).select_related("by__user", "undoes", "undone_by")
    return list(rows.annotate(moved=Count("joinings")).order_by("-pk"))


def cases_of(regroupings: Iterable[Regrouping]) -> dict[int, tuple[Case, Case]]:
    """For each Regrouping the Case that its Messages left and the one they went into."""
    moves = Joining.objects.filter(regrouping__in=regroupings).order_by().values_list("regrouping", "left", "case")
    pairs = {regrouping: (left, case) for regrouping, left, case in moves.distinct()}
    cases = Case.objects.in_bulk({pk for pair in pairs.values() for pk in pair})
    return {pk: (cases[left], cases[case]) for pk, (left, case) in pairs.items()}
