"""Record in the log, inside the transaction of what happens: a Message came, a Message ended, a version is public."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Case, Message, Outcome, Publication
from sangto.desk.queries.publications import content_commitment, leaf_before, public_content
from sangto.desk.queries.receipts import commitment_of, outcome_fields, outcome_opening, received_opening
from sangto.engine.crash import crash_point
from sangto.ledger import actions as log
from sangto.ledger import rules as leaves
from sangto.vault.actions.open import SALT_BYTES

LEAF_OF_STEP = {rules.PUBLISH: leaves.PUBLISHED, rules.CORRECT: leaves.CORRECTED, rules.WITHDRAW: leaves.WITHDRAWN}
STATED = "stated"  # the reason of a withdrawal: it stands in the version itself


def record_received(message: Message, *, now: datetime) -> None:
    """The leaf of a Message that was just kept with its Opening."""
    assert message.opening is not None  # noqa: S101 - given by whoever keeps the Message
    opening = received_opening(message, rid=message.opening.rid)
    log.append(leaves.RECEIVED, now=now, c=commitment_of(opening, salt=message.opening.salt))


def record_outcomes(messages: Iterable[Message], *, kind: str, number: str, now: datetime) -> int:
    """How these Messages ended, with a leaf for each that still can be opened; returns how many."""
    made = 0
    for message in messages:
        ended = Outcome.objects.create(message=message, kind=kind, answer=number, at=now)
        if message.opening is not None:
            received = received_opening(message, rid=message.opening.rid)
            opening = outcome_opening(ended, received=commitment_of(received, salt=message.opening.salt))
            log.append_once(leaves.OUTCOME, now=now, **outcome_fields(opening, salt=message.opening.outcome_salt))
        crash_point("outcome.kept")
        made += 1
    return made


def _unit_code(case: Case, *, at: datetime) -> str:
    return case.unit.code_on(timezone.localtime(at).date()) if case.unit else ""


def record_version(version: AnswerVersion, case: Case, *, before: AnswerVersion | None, now: datetime) -> Publication:
    """The leaf of a version that is about to be public, chained to the version before it; with its salt."""
    at = log.date_leaf(now=now)
    published, unit, salt = leaves.second_of(at), _unit_code(case, at=at), secrets.token_hex(SALT_BYTES)
    content = public_content(version, number=case.number, published=published, unit=unit)
    fields: dict[str, str | int] = {
        "a": case.number,
        "n": version.n,
        "ts": published,
        "u": unit,
        "h": content_commitment(content, salt=salt),
    }
    followed = leaf_before(version, case, before=before)
    if followed is not None:
        fields["pv"] = followed
    if version.step == rules.WITHDRAW:
        fields["rs"] = STATED
    leaf = log.append(LEAF_OF_STEP[version.step], now=at, **fields)
    return Publication.objects.create(version=version, leaf_hash=leaf, salt=salt)
