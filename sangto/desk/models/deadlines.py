"""By when a Case is owed its first answer: calendars, terms, pauses of the clock, and what is overdue.

They stand in the desk and not in `people`, whose Units they are about: a term is of a kind of Case, a pause of a Case,
and what changes a calendar counts Cases anew. `people` knows no Cases.
"""

from django.db import models
from django.db.models import F, Q

from sangto.desk import rules
from sangto.desk.models.cases import Case, one_of
from sangto.engine.workdays import LONGEST_TERM
from sangto.people.models import Member, Unit


class Calendar(models.Model):
    """Which days a Unit works; without one of its own the desk's, and without that the one the program comes with."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="calendar")
    name = models.CharField(max_length=200)
    known_until = models.DateField()  # the last day for which its holidays were announced
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.ExpressionWrapper(Q(unit__isnull=True), output_field=models.BooleanField()),
                name="one_calendar_for_the_desk",
                condition=Q(unit__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """One day of a Calendar that is not as its weekday says: off, or worked for another day."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    name = models.CharField(max_length=200, blank=True)
    works = models.BooleanField(default=False)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(name="one_holiday_a_day", fields=["calendar", "day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Term(models.Model):
    """How many working days a Case of a kind may wait for its first answer. Only ever added: the newest row counts."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="terms")
    kind = models.CharField(max_length=10)
    working_days = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True)  # None: the operator
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", rules.KINDS, "term_kind_known"),
            models.CheckConstraint(
                name="term_can_be_kept", condition=Q(working_days__gte=1, working_days__lte=LONGEST_TERM)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.working_days}"


class Pause(models.Model):
    """A time in which a Case's clock stood. It ends once; the day it ends on counts again."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses")
    why = models.CharField(max_length=10)
    began_at = models.DateTimeField()
    began_on = models.DateField()  # on the desk's clock of that moment, whatever time zone is set later
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            one_of("why", rules.PAUSES, "pause_reason_known"),
            models.UniqueConstraint(name="one_open_pause", fields=["case"], condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                name="pause_ends_after_it_begins",
                condition=Q(ended_at__isnull=True, ended_on__isnull=True)
                | Q(ended_at__gte=F("began_at"), ended_on__gte=F("began_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} from {self.began_on}"


class Escalation(models.Model):
    """An overdue Case was shown to the Unit above, once for each day it was due on. `unit` None: to the approvers."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    due_on = models.DateField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_escalation_a_term", fields=["case", "due_on"])]

    def __str__(self) -> str:
        return f"{self.case_id} due on {self.due_on}"
