"""Bodies that answer and the places they answer for: who they are, and what they were called from day to day."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import F, Q

from sangto.people.rules import UNIT_ROLES


class Unit(models.Model):
    """An identity and nothing else: no name and no code, because both change and codes are given again to others."""

    role = models.CharField(max_length=10, default="desk")
    created_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(name="unit_role_known", condition=Q(role__in=UNIT_ROLES))]

    def __str__(self) -> str:
        return self.name

    def period_on(self, on: date) -> "UnitPeriod | None":
        """What held of it on a day, or None when it did not live. No query where `periods` are prefetched."""
        return next((each for each in self._lived() if each.holds_on(on)), None)

    def name_on(self, on: date) -> str:
        """Its name on a day; where it did not live then, the last name it had."""
        held = self.period_on(on)
        return held.name if held else self.name

    def code_on(self, on: date) -> str:
        """Its code on a day; where it did not live then, the last code it had."""
        held = self.period_on(on)
        return held.code if held else self.code

    @property
    def name(self) -> str:
        """The last name it had."""
        last = self._last()
        return last.name if last else ""

    @property
    def code(self) -> str:
        """The last code it had."""
        last = self._last()
        return last.code if last else ""

    def _lived(self) -> "Iterable[UnitPeriod]":
        return [each for each in self.periods.all() if each.voided_by_id is None]

    def _last(self) -> "UnitPeriod | None":
        every = (
            self._lived() or self.periods.all()
        )  # founded by an event that was reversed: it keeps a name to be read by
        return max(every, key=lambda each: each.valid_from, default=None)


class UnitSource(models.Model):
    """A list that somebody published and we loaded: whose, of which day, and exactly which bytes."""

    name = models.CharField(max_length=200)
    url = models.CharField(max_length=1000, blank=True)
    as_of = models.DateField()
    digest = models.CharField(max_length=64)  # SHA-256 of what was read, in hex
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_source_a_file", fields=["name", "as_of", "digest"])]

    def __str__(self) -> str:
        return f"{self.name}, {self.as_of}"


class UnitPeriod(models.Model):
    """What a Unit was called and where it belonged, from one day to another; the last day is the first without it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="periods")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(default=0)  # 1 is the topmost area; 0 is a body without area
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    scheme = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    key = models.CharField(max_length=200)  # the name folded for search (engine.unit_names.bare_key)
    stem = models.CharField(max_length=200)  # the same without the word for its kind
    source = models.ForeignKey(UnitSource, on_delete=models.PROTECT, null=True, blank=True)
    begun_by = models.ForeignKey("UnitEvent", on_delete=models.PROTECT, null=True, blank=True, related_name="begun")
    ended_by = models.ForeignKey("UnitEvent", on_delete=models.PROTECT, null=True, blank=True, related_name="ended")
    voided_by = models.ForeignKey("UnitEvent", on_delete=models.PROTECT, null=True, blank=True, related_name="voided")

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                name="period_ends_after_it_starts",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(name="period_is_named", condition=~Q(name="") & ~Q(code="")),
            models.UniqueConstraint(
                name="one_open_period_a_unit",
                fields=["unit"],
                condition=Q(valid_to__isnull=True, voided_by__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_unit_holds_a_code",
                fields=["scheme", "level", "code"],
                condition=Q(valid_to__isnull=True, voided_by__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="period_code", fields=["code", "valid_from"]),
            models.Index(name="period_key", fields=["key"]),
            models.Index(name="period_stem", fields=["stem"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"

    def holds_on(self, on: date) -> bool:
        """Whether the day lies in it."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


class UnitAlias(models.Model):
    """A spelling that people use for a Unit; for search only."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="aliases")
    text = models.CharField(max_length=200)
    key = models.CharField(max_length=200, db_index=True)
    stem = models.CharField(max_length=200, db_index=True)
    used_from = models.DateField(null=True, blank=True)
    used_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_alias_a_text", fields=["unit", "text"])]

    def __str__(self) -> str:
        return self.text
