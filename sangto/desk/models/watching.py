"""Which Cases a Member wants to hear of."""

from django.db import models

from sangto.desk.models.cases import Case
from sangto.people.models import Member


class Watch(models.Model):
    """A Member's wish to hear what others do on a Case. Nobody else sees it, and it says nothing of what they read.

    News is what came after the marks, which only their own click moves.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="watches")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="watches")
    deeds_until = models.BigIntegerField()  # the newest Deed that is no news any more
    messages_until = models.BigIntegerField()  # the newest Message

    class Meta:
        constraints = [models.UniqueConstraint(name="one_watch_a_case", fields=["member", "case"])]

    def __str__(self) -> str:
        return f"watch {self.pk}"
