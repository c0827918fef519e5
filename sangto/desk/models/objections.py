"""Somebody contests an Answer, and what a Member who had no part in it decided. Nothing says who contests."""

from django.db import models
from django.db.models import Q

from sangto.desk import rules
from sangto.desk.models.cases import AnswerVersion, numbered, one_of
from sangto.people.models import Member


class Objection(models.Model):
    """One Objection to one published version. It stands as it came; its words are forgotten later."""

    key = models.CharField(max_length=64, unique=True)  # keyed hash of the form, so that a repeat is no second
    version = models.ForeignKey(AnswerVersion, on_delete=models.PROTECT, related_name="objections")
    words = models.TextField()  # redacted as a Message is; only the staff reads them
    lang = models.CharField(max_length=5)
    made_at = models.DateTimeField()
    due_on = models.DateField()  # the last day on which it is decided in time, on the desk's clock

    class Meta:
        constraints = [models.CheckConstraint(name="objection_has_words", condition=~Q(words=""))]
        indexes = [models.Index(name="objection_due", fields=["due_on"])]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number by which everybody speaks of it."""
        return f"O{numbered(self.made_at, self.pk)}"


class Ruling(models.Model):
    """How an Objection was decided, by whom and why; public, in the log, and never changed."""

    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="ruling")
    kind = models.CharField(max_length=10)
    reasons = models.TextField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="rulings")
    at = models.DateTimeField()
    version = models.ForeignKey(  # what the Answer said from then on: the contested one where it was kept
        AnswerVersion, on_delete=models.PROTECT, related_name="rulings"
    )
    leaf_hash = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=64)  # 32 bytes in hex, public: whoever holds the reasons can check the leaf

    class Meta:
        constraints = [
            one_of("kind", rules.RULINGS, "ruling_kind_known"),
            models.CheckConstraint(name="ruling_has_reasons", condition=~Q(reasons="")),
        ]

    def __str__(self) -> str:
        return f"{self.objection} {self.kind}"
