"""Real input through the real door: 10,375 published claims imported, 200 real posts received, none lost."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from sangto.desk import actions
from sangto.desk.models import Case, ForeignAnswer, Message, Offer, Reply
from sangto.desk.queries.messages import standing_of
from sangto.engine.text import words
from sangto.interchange.formats import FORMATS
from sangto.interchange.rows import FoundRow
from tests.factories import NOW, incoming

DATA = Path(os.environ.get("SANGTO_DATA", Path(__file__).parents[3] / "shared" / "data"))
CHECKTHAT = DATA / "claims" / "checkthat2020"

pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif(not CHECKTHAT.exists(), reason=f"NO REAL DATA: {CHECKTHAT} is missing (set SANGTO_DATA)"),
]


@pytest.fixture
def imported() -> dict[str, int]:
    """The claims, imported; the Case of each by its id in the data."""
    rows = FORMATS["checkthat"](CHECKTHAT / "verified_claims.docs.tsv", publisher="CLEF CheckThat! 2020")
    actions.import_answers([row for row in rows if isinstance(row, FoundRow)], now=NOW)
    return dict(ForeignAnswer.objects.values_list("external_id", "case"))


def posts() -> list[tuple[str, str]]:
    with (CHECKTHAT / "test" / "tweets.queries.tsv").open(encoding="utf-8", newline="") as file:
        return [(row[0], row[1]) for row in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]]


def right_claims() -> dict[str, set[str]]:
    lines = (CHECKTHAT / "test" / "tweet-vclaim-pairs.qrels").read_text().splitlines()
    right: dict[str, set[str]] = {}
    for post, _, claim, _ in (line.split() for line in lines):
        right.setdefault(post, set()).add(claim)
    return right


def test_real_posts_meet_real_answers_and_none_is_lost(imported):
    sent, right = posts(), right_claims()

    kept = {post: actions.receive(incoming(text, lang="en", kind="claim"), now=NOW).message for post, text in sent}

    outcomes = Counter(message.outcome for message in kept.values())
    print(f"{len(sent)} posts: {dict(outcomes)}")
    assert len(imported) == ForeignAnswer.objects.count() == 10_375
    assert Message.objects.count() == len(sent) == len(kept) == sum(outcomes.values()) >= 199
    for post, message in kept.items():
        check_what_happened(message)
        if message.outcome == "answered":
            assert Reply.objects.get(message=message).kind == "elsewhere", post

    twins = twins_of()
    right_cases = {post: {twin for claim in right.get(post, ()) for twin in twins[imported[claim]]} for post in kept}
    instant = [message.case_id in right_cases[post] for post, message in kept.items() if message.outcome == "answered"]
    offered = [shown(message) & right_cases[post] for post, message in kept.items() if message.outcome == "offered"]
    print(f"right: {sum(instant)} of {len(instant)} instant, {sum(map(bool, offered))} of {len(offered)} offered")
    assert sum(instant) >= 0.98 * len(instant)
    assert len(instant) >= 70
    assert (sum(instant) + sum(map(bool, offered))) >= 0.75 * len(sent)


def twins_of() -> dict[int, set[int]]:
    """For each Case those in the same words: the set holds some claims twice, in other quotes, and names just one."""
    same: dict[tuple[str, ...], set[int]] = {}
    asked = {pk: tuple(words(question)) for pk, question in Case.objects.values_list("pk", "question")}
    for pk, found in asked.items():
        same.setdefault(found, set()).add(pk)
    return {pk: same[found] for pk, found in asked.items()}


def check_what_happened(message: Message) -> None:
    """The row, what the sender reads and what they are owed tell the same story."""
    standing = standing_of(message)
    assert standing.outcome == message.outcome
    assert message.joinings.count() == message.replies.count() == 1
    if message.outcome == "answered":
        assert (standing.answer.publisher, standing.queue_place) == ("CLEF CheckThat! 2020", None)
    else:
        assert standing.queue_place == Case.objects.filter(state="open", pk__lte=message.case_id).count()
    if message.outcome == "offered":
        assert 1 <= len(standing.suggestions) <= 3
        assert [each.answer.case_id for each in standing.suggestions] == list(
            message.offers.order_by("rank").values_list("case", flat=True)
        )


def shown(message: Message) -> set[int]:
    return set(Offer.objects.filter(message=message).values_list("case", flat=True))


def test_nothing_on_who_posted_is_kept(imported):
    signed = [(post, text) for post, text in posts() if "(@" in text]
    handles = {text.split("(@")[-1].split(")")[0] for _, text in signed}

    for _, text in signed:
        actions.receive(incoming(text, lang="en", kind="claim"), now=NOW)

    kept = "\n".join(Message.objects.values_list("text", flat=True))
    assert len(handles) > 50
    assert [handle for handle in handles if f"@{handle}" in kept] == []
