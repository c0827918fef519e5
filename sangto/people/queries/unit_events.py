"""What changed Units, and what waits for a second Member."""

from django.db.models import QuerySet

from sangto.people.models import UnitEvent, UnitProposal, UnitSource


def proposals_waiting() -> QuerySet[UnitProposal]:
    """Proposals that nobody applied or refused, the oldest first."""
    waiting = UnitProposal.objects.filter(event=None, refused_at=None)
    return waiting.select_related("entered_by__user", "source").order_by("pk")


def proposal_by_id(number: int) -> UnitProposal | None:
    """The proposal with this number, or None."""
    return UnitProposal.objects.select_related("entered_by__user").filter(pk=number).first()


def event_by_id(number: int) -> UnitEvent | None:
    """The event with this number, or None."""
    return UnitEvent.objects.filter(pk=number).first()


def unit_events() -> QuerySet[UnitEvent]:
    """All events, the newest day first."""
    rows = UnitEvent.objects.select_related("source", "entered_by__user", "checked_by__user", "reverses", "reversed_by")
    return rows.order_by("-effective_on", "-pk")


def unit_sources() -> QuerySet[UnitSource]:
    """The lists that were loaded, the oldest first."""
    return UnitSource.objects.order_by("as_of", "pk")
