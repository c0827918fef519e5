"""What a sender asks about their own data, by when it is owed, and every step that the desk took."""

from django.db import models
from django.db.models import Q

from sangto.desk import rules
from sangto.desk.models.cases import Message, numbered, one_of
from sangto.people.models import Member


class DataRequest(models.Model):
    """One request of a Message's sender. Its words and its clock stand; only the state and one extension move."""

    key = models.CharField(max_length=64, unique=True)  # keyed hash of message and form, so that a repeat is no second
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10)
    words = models.TextField()  # redacted as a Message is
    lang = models.CharField(max_length=5)
    made_at = models.DateTimeField()
    answer_due_on = models.DateField()  # the last day, on the desk's clock
    done_due_on = models.DateField()
    with_processor = models.BooleanField(default=False)  # somebody outside who works for the desk has to act too
    state = models.CharField(max_length=10, default=rules.OPEN)

    class Meta:
        constraints = [
            one_of("kind", rules.REQUEST_KINDS, "request_kind_known"),
            one_of("state", rules.REQUEST_STATES, "request_state_known"),
            models.CheckConstraint(name="request_has_words", condition=~Q(words="")),
        ]
        indexes = [
            models.Index(name="request_queue", fields=["made_at"], condition=Q(state__in=rules.REQUEST_OPEN_STATES))
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number by which sender and staff speak of it."""
        return f"D{numbered(self.made_at, self.pk)}"


class DataRequestStep(models.Model):
    """One thing that a Member did about a request, with what the sender reads. Only ever added."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10)
    by = models.ForeignKey(Member, on_delete=models.PROTECT)
    at = models.DateTimeField()
    reply = models.TextField()
    reason = models.CharField(max_length=20, blank=True)  # of a refusal

    class Meta:
        constraints = [
            one_of("step", rules.REQUEST_STEPS, "request_step_known"),
            one_of("reason", ("", *rules.REQUEST_REFUSALS), "request_reason_known"),
            models.CheckConstraint(name="request_step_is_explained", condition=~Q(reply="")),
            models.CheckConstraint(
                name="request_refusal_has_a_reason",
                condition=Q(step=rules.REFUSED) & ~Q(reason="") | ~Q(step=rules.REFUSED) & Q(reason=""),
            ),
            models.UniqueConstraint(name="one_request_step_a_kind", fields=["request", "step"]),
            models.UniqueConstraint(
                name="one_request_end", fields=["request"], condition=Q(step__in=rules.REQUEST_ENDS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.step}"
