"""What a Case can be found by."""

from django.db import models

from sangto.desk.models.cases import Case


class SearchText(models.Model):
    """The words of a Case's working title and of its Messages, each once, folded, sorted.

    A full-text index follows the row: FTS5 on SQLite, written with the row, GIN on PostgreSQL (migration 0050).
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="search")
    words = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"words of {self.case_id}"
