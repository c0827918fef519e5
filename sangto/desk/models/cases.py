"""Messages, Cases, Answers, Replies: what is asked, what is said, and what is owed."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from sangto.desk import rules
from sangto.people.models import Member, Unit
from sangto.vault.models import Contact, Opening


def numbered(at: Any, pk: int) -> str:
    """The public number of a row: the year on the desk's clock and the row's id, as in 2026-000123."""
    return f"{timezone.localtime(at):%Y}-{pk:06d}"


def one_of(field: str, values: tuple[str, ...], name: str) -> models.CheckConstraint:
    """A constraint that the field holds one of the values."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": values}))


class Case(models.Model):
    """One question or one problem, however many Messages ask it."""

    kind = models.CharField(max_length=10)
    lang = models.CharField(max_length=5)
    question = models.CharField(max_length=300)  # a working title; the public reads the published version's wording
    place = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True)
    state = models.CharField(max_length=10, default=rules.OPEN)
    closing = models.CharField(max_length=20, blank=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="assigned", db_index=False
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    asked = models.PositiveIntegerField(db_default=0)  # Messages in it that were not withdrawn
    owes = models.BooleanField(default=False)  # some Message of this Case may still be owed a Reply
    # Its clock. None where there is none: an answer that another organisation published was never owed.
    counts_from = models.DateField(null=True, blank=True)  # the day it was opened, on the desk's clock of that moment
    restarted_on = models.DateField(null=True, blank=True)  # the day it was last opened again
    term_days = models.PositiveSmallIntegerField(null=True, blank=True)  # working days, as the term was then
    due_on = models.DateField(null=True, blank=True)  # the last day; queries.deadlines counts it from the rows

    class Meta:
        constraints = [
            one_of("kind", rules.KINDS, "case_kind_known"),
            one_of("state", rules.CASE_STATES, "case_state_known"),
            models.CheckConstraint(
                name="case_closing_is_for_closed_cases",
                condition=Q(closing="") & ~Q(state=rules.CLOSED)
                | Q(closing=rules.NOT_CHECKABLE, state=rules.CLOSED, kind=rules.CLAIM)
                | Q(closing=rules.WITHDRAWN, state=rules.CLOSED),
            ),
            models.CheckConstraint(
                name="case_merged_somewhere",
                condition=Q(state=rules.MERGED, merged_into__isnull=False)
                | ~Q(state=rules.MERGED) & Q(merged_into__isnull=True),
            ),
        ]
        indexes = [
            models.Index(name="case_queue", fields=["state", "id"]),
            models.Index(name="case_asked", fields=["state", "-asked", "id"]),
            models.Index(name="case_of_unit", fields=["unit", "state", "id"]),
            models.Index(name="case_assigned", fields=["assigned_to", "id"], condition=Q(assigned_to__isnull=False)),
            models.Index(name="case_owes", fields=["id"], condition=Q(owes=True)),
            models.Index(name="case_due_in_unit", fields=["unit", "due_on"], condition=Q(state=rules.OPEN)),
            models.Index(name="case_due", fields=["state", "due_on", "id"]),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The public number of the Case and of its Answer."""
        return numbered(self.opened_at, self.pk)


class Message(models.Model):
    """What one person sent, once, through one channel: redacted text and place.

    Never edited: only its Case changes, and its sender may withdraw it, which erases its words for good.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField()
    lang = models.CharField(max_length=5)
    place = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=20)
    contact = models.OneToOneField(Contact, on_delete=models.SET_NULL, null=True, blank=True)
    opening = models.OneToOneField(Opening, on_delete=models.SET_NULL, null=True, blank=True)
    outcome = models.CharField(max_length=10)  # what the sender was told first: answered, offered or received
    received_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # by its sender

    class Meta:
        constraints = [
            one_of("channel", rules.CHANNELS, "message_channel_known"),
            one_of("outcome", rules.FIRST_OUTCOMES, "message_outcome_known"),
            models.CheckConstraint(name="message_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="withdrawn_means_erased",
                condition=Q(withdrawn_at__isnull=True)
                | Q(text=rules.ERASED_TEXT, place="", contact__isnull=True, opening__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number a sender is given."""
        return f"M{numbered(self.received_at, self.pk)}"


class Outcome(models.Model):
    """How a Message ended, once: what its Case ended with first. In the log it can be counted, not linked."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="ended")
    kind = models.CharField(max_length=10)
    answer = models.CharField(max_length=20, blank=True)  # the public number of the Answer, where there is one
    at = models.DateTimeField()

    class Meta:
        constraints = [one_of("kind", rules.LOGGED_OUTCOMES, "logged_outcome_known")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.kind}"


class Delivery(models.Model):
    """One delivery by a channel, so that a repeat becomes no second Message. The key is a keyed hash, not the id."""

    key = models.CharField(max_length=64, unique=True)
    body = models.CharField(max_length=64)  # hash of what was sent, to tell a repeat from another body under one key
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Wording(models.Model):
    """A normalised wording that is known to ask a Case: the same words again join it, however many arrive at once."""

    fingerprint = models.CharField(max_length=64, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="wordings")

    def __str__(self) -> str:
        return f"wording {self.pk}"


class Regrouping(models.Model):
    """One decision by a Member to split or merge Cases, or to undo such a decision. Never deleted."""

    step = models.CharField(max_length=10)
    by = models.ForeignKey(Member, on_delete=models.PROTECT)
    at = models.DateTimeField()
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        constraints = [
            one_of("step", rules.REGROUPINGS, "regrouping_step_known"),
            models.CheckConstraint(
                name="only_an_undo_undoes",
                condition=Q(step=rules.UNDO, undoes__isnull=False) | ~Q(step=rules.UNDO) & Q(undoes__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class Joining(models.Model):
    """One Message entering one Case, and why. Rows are only ever added: they are the history of the grouping."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="joinings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="joinings")
    left = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="leavings")
    decided_by = models.CharField(max_length=10)
    regrouping = models.ForeignKey(Regrouping, on_delete=models.PROTECT, null=True, blank=True, related_name="joinings")
    sureness = models.FloatField(null=True, blank=True)  # 0..1, the engine's
    reasons = models.TextField(default="[]")  # JSON [[code, value], ...] as engine.decide.Reason
    at = models.DateTimeField()

    class Meta:
        constraints = [one_of("decided_by", ("engine", "person", "member"), "joining_decider_known")]
        indexes = [models.Index(name="joining_moved", fields=["case"], condition=Q(regrouping__isnull=False))]

    def __str__(self) -> str:
        return f"{self.message_id} in {self.case_id}"


class Offer(models.Model):
    """One of the (at most three) answered Cases shown to a sender as "is it one of these?", and what they said."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="offers")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offers")
    rank = models.PositiveSmallIntegerField()
    sureness = models.FloatField()
    reasons = models.TextField(default="[]")
    chosen = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_offer_a_rank", fields=["message", "rank"])]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.message_id}"


class Answer(models.Model):
    """The public text that settles a Case: a chain of versions, of which `current` is the newest published one."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="answer")
    current = models.OneToOneField(
        "AnswerVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="current_of"
    )

    def __str__(self) -> str:
        return str(self.case)


class AnswerVersion(models.Model):
    """One version of an Answer, on its way from draft through review to the public; frozen once published."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="versions")
    n = models.PositiveIntegerField()
    step = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=rules.DRAFT)
    kind = models.CharField(max_length=10)
    lang = models.CharField(max_length=5)
    question = models.CharField(max_length=300)
    rating = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    summary = models.CharField(max_length=300)
    text = models.TextField()
    change = models.CharField(max_length=500, blank=True)  # public: what changed and why
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="written")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="approved")
    published_at = models.DateTimeField(null=True, blank=True)
    review_note = models.CharField(max_length=500, blank=True)  # staff only: why it was sent back

    class Meta:
        indexes = [models.Index(name="version_under_work", fields=["state"], condition=~Q(state=rules.PUBLISHED))]
        constraints = [
            models.UniqueConstraint(name="one_version_a_number", fields=["answer", "n"]),
            models.UniqueConstraint(name="one_open_version", fields=["answer"], condition=~Q(state=rules.PUBLISHED)),
            one_of("state", rules.VERSION_STATES, "version_state_known"),
            one_of("rating", ("", *rules.RATINGS), "rating_known"),
            one_of("outcome", ("", *rules.OUTCOMES), "outcome_known"),
            models.CheckConstraint(
                name="verdict_fits_the_kind",
                condition=Q(state=rules.DRAFT)
                | Q(kind=rules.CLAIM, rating__in=rules.RATINGS, outcome="")
                | Q(kind=rules.PROBLEM, outcome__in=rules.OUTCOMES, rating=""),
            ),
            models.CheckConstraint(
                name="step_fits_the_number",
                condition=Q(n=1, step=rules.PUBLISH) | Q(n__gt=1, step__in=(rules.CORRECT, rules.WITHDRAW)),
            ),
            models.CheckConstraint(
                name="published_means_approved_by_another",
                condition=~Q(state=rules.PUBLISHED) & Q(published_at__isnull=True)
                | Q(state=rules.PUBLISHED, published_at__isnull=False, approved_by__isnull=False)
                & ~Q(approved_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="a_change_is_explained",
                condition=Q(state=rules.DRAFT) | Q(step=rules.PUBLISH) | ~Q(change=""),
            ),
            models.CheckConstraint(
                name="published_text_is_complete",
                condition=Q(state=rules.DRAFT) | ~Q(question="") & ~Q(summary="") & ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} v{self.n}"


class Publication(models.Model):
    """Where in the log a version stands. Erasing the version takes the salt away, never the leaf."""

    version = models.OneToOneField(AnswerVersion, on_delete=models.PROTECT, related_name="publication")
    leaf_hash = models.CharField(max_length=64, unique=True)
    salt = models.CharField(max_length=64, blank=True)  # 32 bytes in hex; public while the version is
    erased_at = models.DateTimeField(null=True, blank=True)
    erasure_hash = models.CharField(max_length=64, blank=True)  # of the leaf that says so

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erased_means_without_salt",
                condition=Q(erased_at__isnull=True, erasure_hash="") & ~Q(salt="")
                | Q(erased_at__isnull=False, salt="") & ~Q(erasure_hash=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} in the log"


class LostVersion(models.Model):
    """A version that the log has and this database lost with an old backup: its number is not given a second time."""

    number = models.CharField(max_length=20)  # of the Answer
    n = models.PositiveIntegerField()
    leaf_hash = models.CharField(max_length=64, unique=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_loss_a_version", fields=["number", "n"])]

    def __str__(self) -> str:
        return f"{self.number} version {self.n}"


class Source(models.Model):
    """A dated public document that a version cites."""

    version = models.ForeignKey(AnswerVersion, on_delete=models.PROTECT, related_name="sources")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    url = models.URLField(max_length=1000)
    dated_on = models.DateField()
    # What stood at the address. A published version's Source keeps it for good; a draft's moves with its address.
    copy = models.ForeignKey("Copy", on_delete=models.PROTECT, null=True, blank=True, related_name="sources")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(name="one_source_a_position", fields=["version", "position"])]

    def __str__(self) -> str:
        return self.title


class ForeignAnswer(models.Model):
    """An answer that another organisation published: its words and its verdict, never ours, and nobody's name."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="foreign")
    key = models.CharField(max_length=64, unique=True)  # hash of publisher and their id, so an import can run twice
    external_id = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    url = models.URLField(max_length=1000, blank=True)
    published_on = models.DateField(null=True, blank=True)
    verdict = models.CharField(max_length=100, blank=True)  # their word, kept as it is
    question = models.CharField(max_length=1000)
    summary = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.publisher}: {self.question[:60]}"
