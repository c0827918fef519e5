"""What changed Units, by which document, and who entered and checked it. Rows are only ever added."""

from django.db import models
from django.db.models import F, Q

from sangto.people.models.units import Unit, UnitSource
from sangto.people.rules import UNIT_EVENTS


class UnitEvent(models.Model):
    """One change that came into force. Never edited; a wrong one is reversed by another."""

    kind = models.CharField(max_length=10)
    effective_on = models.DateField()
    decree_number = models.CharField(max_length=100)
    decree_date = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=1000)  # the address where it can be read
    document_digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the copy that was archived, in hex
    note = models.CharField(max_length=500, blank=True)
    source = models.ForeignKey(UnitSource, on_delete=models.PROTECT, null=True, blank=True)
    entered_by = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="unit_events_entered"
    )
    checked_by = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="unit_events_checked"
    )
    applied_at = models.DateTimeField()
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")

    class Meta:
        constraints = [
            models.CheckConstraint(name="unit_event_kind_known", condition=Q(kind__in=UNIT_EVENTS)),
            models.CheckConstraint(name="unit_event_has_a_document", condition=~Q(document="") & ~Q(decree_number="")),
            models.CheckConstraint(
                # A desk that is set up takes a whole list over in one go: then the list's name stands for the two.
                name="unit_event_by_two_or_seeded",
                condition=Q(entered_by__isnull=False, checked_by__isnull=False) & ~Q(entered_by=F("checked_by"))
                | Q(entered_by__isnull=True, checked_by__isnull=True, source__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_reversal_reverses",
                condition=Q(kind="reverse", reverses__isnull=False) | ~Q(kind="reverse") & Q(reverses__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_on}"


class UnitLink(models.Model):
    """An arrow of a merge, a split or a transfer: what of a Unit went where."""

    event = models.ForeignKey(UnitEvent, on_delete=models.PROTECT, related_name="links")
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="links_from")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="links_to")
    share = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.CheckConstraint(name="link_share_known", condition=Q(share__in=("whole", "part"))),
            models.CheckConstraint(name="link_leads_elsewhere", condition=~Q(from_unit=F("to_unit"))),
            models.UniqueConstraint(name="one_link_a_pair", fields=["event", "from_unit", "to_unit"]),
            # What went over whole went nowhere else.
            models.UniqueConstraint(
                name="one_whole_link_a_unit", fields=["event", "from_unit"], condition=Q(share="whole")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_unit_id} to {self.to_unit_id}"


class UnitProposal(models.Model):
    """A change that somebody entered or a list suggests, until another Member applies or refuses it."""

    kind = models.CharField(max_length=10)
    effective_on = models.DateField()
    scheme = models.CharField(max_length=20)  # of the codes that it gives
    changes = models.TextField()  # JSON of engine.unit_changes.Changes
    fingerprint = models.CharField(max_length=64)  # of kind, day and changes: the same is not proposed twice
    decree_number = models.CharField(max_length=100, blank=True)
    decree_date = models.DateField(null=True, blank=True)
    document = models.CharField(max_length=1000, blank=True)
    document_digest = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=500, blank=True)
    source = models.ForeignKey(UnitSource, on_delete=models.PROTECT, null=True, blank=True)
    reverses = models.ForeignKey(UnitEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_by = models.ForeignKey("people.Member", on_delete=models.PROTECT, related_name="unit_proposals")
    entered_at = models.DateTimeField()
    event = models.OneToOneField(UnitEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal")
    refused_by = models.ForeignKey(
        "people.Member", on_delete=models.PROTECT, null=True, blank=True, related_name="unit_proposals_refused"
    )
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="unit_proposal_kind_known", condition=Q(kind__in=UNIT_EVENTS)),
            models.CheckConstraint(
                name="unit_proposal_ends_once", condition=Q(event__isnull=True) | Q(refused_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="one_waiting_proposal",
                fields=["fingerprint"],
                condition=Q(event__isnull=True, refused_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"
