"""Who stands for which words: the two Members without whom no version is published."""

from django.db import models
from django.db.models import Q

from sangto.desk import rules
from sangto.people.models import Member


class Approval(models.Model):
    """One Member says of one content that it may be public: its author, or the second person who approves it.

    Rows are only added. An edit changes the hash of the content, and so voids what was said before. Triggers hold that
    an author is the version's writer and an approver is not, and that nothing is published without both.
    """

    version = models.ForeignKey("desk.AnswerVersion", on_delete=models.CASCADE, related_name="approvals")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="approvals")
    role = models.CharField(max_length=10)
    content_hash = models.CharField(
        max_length=64, blank=True
    )  # of what was read, in hex; empty once it is erased by law
    checklist = models.PositiveSmallIntegerField(default=0)  # which list of questions was shown; 0: none
    ticks = models.CharField(max_length=200, blank=True)  # codes of the lines that the Member ticked, by a space
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="approval_role_known", condition=Q(role__in=rules.APPROVAL_ROLES)),
            # An author may send the same version to review again; it is approved once.
            models.UniqueConstraint(
                name="one_approver_a_version", fields=["version"], condition=Q(role=rules.AS_APPROVER)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of version {self.version_id}"
