"""What an officer asks back about a Message, and what its sender adds to it. The Message itself is never edited."""

from django.db import models
from django.db.models import F, Q

from sangto.desk import rules
from sangto.desk.models.cases import Message, one_of
from sangto.people.models import Member


class Question(models.Model):
    """One question to whoever sent a Message; nobody on the desk sees who that is. It ends once."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()  # redacted; erased when its Message is withdrawn
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="asked")
    asked_at = models.DateTimeField()
    answer_due_on = models.DateField()  # after this day the clock goes on without an answer
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            one_of("ending", ("", *rules.QUESTION_ENDINGS), "question_ending_known"),
            models.CheckConstraint(name="question_has_text", condition=~Q(text="")),
            models.UniqueConstraint(name="one_open_question", fields=["message"], condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(
                name="question_ends_once",
                condition=Q(ended_at__isnull=True, ending="") | Q(ended_at__gte=F("asked_at")) & ~Q(ending=""),
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"


class Addition(models.Model):
    """What a sender answered to a Question: redacted as a Message is, and as seldom edited."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="additions")
    question = models.OneToOneField(Question, on_delete=models.PROTECT, related_name="addition")
    text = models.TextField()
    key = models.CharField(max_length=64, unique=True)  # keyed hash of the delivery, so that a repeat is no second
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="addition_has_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"addition {self.pk}"
