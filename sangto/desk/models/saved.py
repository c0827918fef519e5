"""What a Member keeps of their own about the inbox."""

from django.db import models
from django.db.models import Q

from sangto.people.models import Member


class SavedView(models.Model):
    """A search of the inbox that one Member comes back to. Nobody else sees it."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=2000)  # of the inbox's address, as `rules.VIEW_FIELDS` allows
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_saved_view_a_name", fields=["member", "name"]),
            models.CheckConstraint(name="saved_view_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"
