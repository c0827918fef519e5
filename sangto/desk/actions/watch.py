"""A Member watches a Case, or watches it no more."""

from django.db import transaction
from django.db.models import Max

from sangto.desk.models import Case, Message, Watch
from sangto.desk.queries.visible import case_for
from sangto.people.models import Deed, Member

MOST = 200  # of one Member


class CannotWatch(Exception):
    """The Case cannot be watched. `code`: not_allowed or too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def watch(case: Case, *, by: Member) -> Watch:
    """The Member's watch on the Case; all that happened until now is no news any more."""
    if case_for(by, case.number) is None:
        raise CannotWatch("not_allowed")
    others = Watch.objects.filter(member=by).exclude(case=case)
    if others.count() >= MOST:
        raise CannotWatch("too_many")
    marks = {
        "deeds_until": Deed.objects.aggregate(last=Max("pk"))["last"] or 0,
        "messages_until": Message.objects.aggregate(last=Max("pk"))["last"] or 0,
    }
    return Watch.objects.update_or_create(member=by, case=case, defaults=marks)[0]


@transaction.atomic
def stop_watching(case: Case, *, by: Member) -> None:
    """The Member hears of the Case no more."""
    Watch.objects.filter(member=by, case=case).delete()
