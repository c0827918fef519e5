"""What is due to be forgotten: sealed addresses and openings of Messages that were answered long enough ago."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from sangto.desk import rules
from sangto.desk.models import Objection, Outcome, Reply
from sangto.vault.models import Contact, Opening

ENDED = (rules.ANSWERED, rules.CLOSED)
_WAITS = Q(done_at__isnull=True, void_at__isnull=True, gave_up_at__isnull=True)


def contacts_over(*, now: datetime) -> QuerySet[Contact]:
    """The Contacts that nobody needs any more.

    The Message's Case has ended and everything that its sender was owed was told, given up or overtaken
    VAULT_CONTACT_DAYS ago; or VAULT_CONTACT_MOST_DAYS have passed since it came; or it has no Message.
    """
    told = now - timedelta(days=settings.VAULT_CONTACT_DAYS)
    oldest = timezone.localdate(now) - timedelta(days=settings.VAULT_CONTACT_MOST_DAYS)
    lately = Q(done_at__gt=told) | Q(void_at__gt=told) | Q(gave_up_at__gt=told)
    open_ = Reply.objects.filter(_WAITS | lately, message=OuterRef("message"))
    over = Q(message__case__state__in=ENDED, message__case__owes=False) & ~Exists(open_)
    return Contact.objects.filter(over | Q(arrived_on__lte=oldest) | Q(message__isnull=True))


def openings_over(*, now: datetime) -> QuerySet[Opening]:
    """The Openings of Messages that ended VAULT_OPENING_DAYS ago, and those that have no Message."""
    ended = now - timedelta(days=settings.VAULT_OPENING_DAYS)
    return Opening.objects.filter(Q(message__ended__at__lte=ended) | Q(message__isnull=True))


def objections_over(*, now: datetime) -> QuerySet[Objection]:
    """The Objections that were decided VAULT_OBJECTION_DAYS ago and whose words are still kept."""
    decided = now - timedelta(days=settings.VAULT_OBJECTION_DAYS)
    return Objection.objects.filter(ruling__at__lte=decided).exclude(words=rules.ERASED_TEXT)


def next_contact_told() -> datetime | None:
    """When the next Contact ends because everything was told; None while there is none that waits for that alone."""
    settled = Contact.objects.filter(message__case__state__in=ENDED, message__case__owes=False).exclude(
        Exists(Reply.objects.filter(_WAITS, message=OuterRef("message")))
    )
    last = settled.annotate(
        done=Max("message__replies__done_at"),
        void=Max("message__replies__void_at"),
        gave_up=Max("message__replies__gave_up_at"),
    ).values_list("done", "void", "gave_up")
    ends = [max(at for at in each if at) for each in last if any(each)]
    return min(ends) + timedelta(days=settings.VAULT_CONTACT_DAYS) if ends else None


def next_opening_end() -> datetime | None:
    """When the next Opening ends; None while no Message that has one has ended."""
    first = Outcome.objects.filter(message__opening__isnull=False).aggregate(first=Min("at"))["first"]
    return first + timedelta(days=settings.VAULT_OPENING_DAYS) if first else None
