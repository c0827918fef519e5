"""What happened on the Cases that a Member watches."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F

from sangto.desk.models import Case, Watch
from sangto.desk.queries.visible import visible_to
from sangto.people.models import Deed, Member
from sangto.people.rules import CASE


@dataclass(frozen=True)
class News:
    """What others did on a Case since its watcher's mark (codes of Deeds, oldest first), and new Messages."""

    deeds: tuple[str, ...]
    messages: int

    def __bool__(self) -> bool:
        return bool(self.deeds or self.messages)


def news_for(viewer: Member) -> dict[int, News]:
    """For each Case (by id) that the viewer watches and may read, what is new to them; in three queries."""
    watches = list(Watch.objects.filter(visible_to(viewer, path="case__"), member=viewer).select_related("case"))
    if not watches:
        return {}
    deeds = _deeds({each.case.number: each for each in watches}, viewer=viewer)
    came = _messages(viewer)
    return {each.case_id: News(tuple(deeds.get(each.case_id, ())), came[each.case_id]) for each in watches}


def is_watching(viewer: Member, case: Case) -> bool:
    """Whether the viewer watches the Case."""
    return Watch.objects.filter(member=viewer, case=case).exists()


def _deeds(by_number: dict[str, Watch], *, viewer: Member) -> dict[int, list[str]]:
    oldest = min(each.deeds_until for each in by_number.values())
    rows = Deed.objects.filter(kind=CASE, number__in=by_number, pk__gt=oldest).exclude(member=viewer)
    found: dict[int, list[str]] = {}
    for pk, number, what in rows.order_by("pk").values_list("pk", "number", "what"):
        watch = by_number[number]
        known = found.setdefault(watch.case_id, [])
        if pk > watch.deeds_until and what not in known:
            known.append(what)
    return found


def _messages(viewer: Member) -> Counter[int]:
    newer = Watch.objects.filter(member=viewer, case__messages__pk__gt=F("messages_until"))
    return Counter(dict(newer.order_by().values_list("case").annotate(n=Count("case__messages"))))
