"""What of a version may be a person's name or home address, and who said that it may be public."""

from django.db import models
from django.db.models import F, Q

from sangto.desk import rules
from sangto.people.models import Member


class Highlight(models.Model):
    """A place in a version's text that a Member has to decide on before it is public. It does not repeat the words."""

    version = models.ForeignKey("desk.AnswerVersion", on_delete=models.CASCADE, related_name="highlights")
    field = models.CharField(max_length=10)
    start = models.PositiveIntegerField()  # in characters of the field
    end = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="decided")
    decided_at = models.DateTimeField(null=True, blank=True)  # when it was said that this may be public

    class Meta:
        constraints = [
            models.CheckConstraint(name="highlight_field_known", condition=Q(field__in=rules.MARKED_FIELDS)),
            models.CheckConstraint(name="highlight_kind_known", condition=Q(kind__in=rules.MARKS)),
            models.CheckConstraint(name="highlight_has_words", condition=Q(start__lt=F("end"))),
            models.CheckConstraint(
                name="highlight_is_decided_by_somebody",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.UniqueConstraint(name="one_highlight_a_place", fields=["version", "field", "start"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.field} of version {self.version_id}"
