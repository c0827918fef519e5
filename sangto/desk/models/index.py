"""What keeps every process's index and engine in step with the rows."""

from django.db import models

from sangto.desk.models.cases import Case


class Change(models.Model):
    """A Case whose searchable text may have changed. Every process follows these rows to keep its index fresh."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="change_age", fields=["at"])]

    def __str__(self) -> str:
        return f"change {self.pk}"


class Calibration(models.Model):
    """What `sangto engine refit` learned from the desk's own labels. The newest row of the model in use counts."""

    made_at = models.DateTimeField()
    model = models.CharField(max_length=120)  # as engine.refit.model_name gives it; for another one the row is void
    labels = models.PositiveIntegerField()
    curve = models.TextField()  # JSON {"raw": [...], "sure": [...]}
    bounds = models.TextField()  # JSON {language: {"raw": [...], "right": [0 or 1, ...]}}
    loss_before = models.FloatField()  # log loss over the labels in nats, with the curve that was in use
    loss_after = models.FloatField()  # with this one, cross-validated

    def __str__(self) -> str:
        return f"calibration {self.pk}"
