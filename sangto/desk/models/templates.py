"""What the members of a unit begin an answer from."""

from django.db import models
from django.db.models import Q

from sangto.desk import rules
from sangto.people.models import Member, Unit


class Template(models.Model):
    """Words that many answers of one unit begin with, with placeholders in square brackets. Never public by itself."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="templates")
    kind = models.CharField(max_length=10)
    lang = models.CharField(max_length=5)
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="templates")  # who changed it last
    at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="template_kind_known", condition=Q(kind__in=rules.KINDS)),
            models.CheckConstraint(name="template_lang_known", condition=Q(lang__in=rules.LANGUAGES)),
            models.CheckConstraint(name="template_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="template_has_words", condition=~Q(summary="", text="")),
            models.UniqueConstraint(
                name="one_template_a_name", fields=["unit", "name"], condition=Q(archived_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"template {self.pk}"
