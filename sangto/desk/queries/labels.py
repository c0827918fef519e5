"""What people said about Messages: which Case each asks, and which it does not. The engine's own word never counts."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from sangto.desk import rules
from sangto.desk.models import Case, Joining, Message, Offer

BATCH = 2000


@dataclass(frozen=True)
class Label:
    """A Message with the Case that somebody said it asks, if anybody did, and those that it does not ask.

    `turned_down` says that the engine had answered it at once; who is content with such an answer says nothing.
    """

    text: str
    kind: str
    place: str
    right: int | None
    wrong: frozenset[int]
    turned_down: bool


@dataclass
class _Said:
    right: int | None = None
    wrong: set[int] = field(default_factory=set)


def labels() -> Iterator[Label]:
    """Every Message that somebody said something about, by number. Cases are those that the named ones went into."""
    said = _said()
    for start in range(0, len(said), BATCH):
        ids = sorted(said)[start : start + BATCH]
        for message in Message.objects.select_related("case").filter(pk__in=ids).order_by("pk"):
            yield _label(message, said[message.pk])


def label_count() -> int:
    """How many Messages have a label."""
    return len(_said())


def confirmed_wordings(
    case_ids: Iterable[int], *, most: int, chars: int, without: Collection[str] = ()
) -> dict[int, list[str]]:
    """The newest few texts, cut, of the Messages that a person put into these Cases, or that opened them; but for some.

    What the engine itself answered or joined is left out: an error of its own would grow by itself.
    """
    opened = Q(decided_by="engine", sureness__isnull=True)
    rows = (
        _standing_joinings(opened | Q(decided_by__in=("person", "member")))
        .filter(case_id__in=list(case_ids), message__case_id=F("case_id"))
        .order_by("-message_id", "-pk")
    )
    found: dict[int, list[str]] = {}
    for case_id, text in rows.values_list("case_id", "message__text").iterator():
        known = found.setdefault(case_id, [])
        if len(known) < most and text[:chars] not in known and text[:chars] not in without:
            known.append(text[:chars])
    return found


def _standing_joinings(which: Q) -> QuerySet[Joining]:
    """Joinings that no Member has undone, and that undo nothing themselves; none of a withdrawn Message."""
    asked = Q(message__withdrawn_at__isnull=True)
    undone = Q(regrouping__step=rules.UNDO) | Q(regrouping__undone_by__isnull=False)
    return Joining.objects.filter(which, asked).exclude(pk__in=Joining.objects.filter(undone).values("pk"))


def _said() -> dict[int, _Said]:
    said: dict[int, _Said] = {}
    _hear_refusals(said)
    _hear_moves(said)
    went = dict(Case.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id"))
    for one in said.values():
        one.right = _survivor(one.right, went) if one.right else None
        one.wrong = {_survivor(pk, went) for pk in one.wrong} - {one.right}
    return {pk: one for pk, one in said.items() if one.right or one.wrong}


def _hear_refusals(said: dict[int, _Said]) -> None:
    """Offers that were not chosen. Whoever only changed the kind of their Message judged none of them."""
    rows = Offer.objects.filter(chosen=False, case__kind=F("message__case__kind"))
    for message_id, case_id in rows.values_list("message_id", "case_id"):
        said.setdefault(message_id, _Said()).wrong.add(case_id)


def _hear_moves(said: dict[int, _Said]) -> None:
    """Moves by people in their order: each says where the Message belongs, or at least where it does not."""
    rows = _standing_joinings(Q(decided_by__in=("person", "member"))).select_related("case", "left", "regrouping")
    for row in rows.order_by("pk"):
        one = said.setdefault(row.message_id, _Said())
        set_aside = row.decided_by == "person" and row.sureness is None  # "none of these", or another kind
        one.right = None if set_aside else row.case_id
        one.wrong.discard(row.case_id)
        is_split = row.regrouping is not None and row.regrouping.step == rules.SPLIT
        if row.left and (is_split or set_aside) and row.left.kind == row.case.kind:
            one.wrong.add(row.left.pk)


def _survivor(pk: int, went: Mapping[int, int]) -> int:
    while into := went.get(pk):
        pk = into
    return pk


def _label(message: Message, said: _Said) -> Label:
    return Label(
        text=message.text,
        kind=message.case.kind,
        place=message.place,
        right=said.right,
        wrong=frozenset(said.wrong),
        turned_down=message.outcome == rules.ANSWERED_AT_ONCE and said.right is None,
    )
