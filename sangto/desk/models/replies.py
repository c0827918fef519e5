"""What each sender is owed: an answer, a correction, a question. The due row is the work."""

from django.db import models
from django.db.models import Q

from sangto.desk import rules
from sangto.desk.models.asking import Question
from sangto.desk.models.cases import AnswerVersion, Message, one_of
from sangto.desk.models.placing import Reassignment
from sangto.desk.models.work import Leased


class Reply(Leased):
    """What one sender is owed. The due row is the work."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=12)
    version = models.ForeignKey(AnswerVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    question = models.OneToOneField(Question, on_delete=models.PROTECT, null=True, blank=True, related_name="reply")
    move = models.ForeignKey(Reassignment, on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    void_at = models.DateTimeField(null=True, blank=True)  # overtaken by a newer version before it was sent

    class Meta:
        constraints = [
            one_of("kind", rules.REPLY_KINDS, "reply_kind_known"),
            models.UniqueConstraint(
                name="one_reply_a_version", fields=["message", "version"], condition=Q(version__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_reply_a_kind",
                fields=["message", "kind"],
                condition=Q(version__isnull=True, question__isnull=True, move__isnull=True),
            ),
            models.UniqueConstraint(
                name="one_reply_a_move", fields=["message", "move"], condition=Q(move__isnull=False)
            ),
            models.CheckConstraint(
                name="a_version_is_told_as_an_answer",
                condition=Q(kind="answer", version__isnull=False) | ~Q(kind="answer") & Q(version__isnull=True),
            ),
            models.CheckConstraint(
                name="a_move_is_told_as_one",
                condition=Q(kind="handed_over", move__isnull=False) | ~Q(kind="handed_over") & Q(move__isnull=True),
            ),
            models.CheckConstraint(
                name="a_question_is_told_as_one",
                condition=Q(kind="question", question__isnull=False) | ~Q(kind="question") & Q(question__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="reply_given_up", fields=["gave_up_at"], condition=Q(gave_up_at__isnull=False)),
            models.Index(
                name="reply_due",
                fields=["due_at"],
                condition=Q(done_at__isnull=True, void_at__isnull=True, gave_up_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.message_id}"

    @classmethod
    def waiting(cls) -> Q:
        """Neither sent, nor overtaken, nor given up."""
        return super().waiting() & Q(void_at__isnull=True)

    @property
    def state(self) -> str:
        """What became of it: sent, given_up, void or waiting."""
        ends = {"sent": self.done_at, "given_up": self.gave_up_at, "void": self.void_at}
        return next((state for state, at in ends.items() if at), "waiting")
