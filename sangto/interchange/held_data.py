"""The export of what is held about one message, as docs/api/formats.md describes it: plain JSON."""

from collections.abc import Iterable

from sangto.desk.queries.held import Held, HeldJoining, HeldOffer, HeldQuestion, HeldReply, HeldRequest
from sangto.engine.decide import Reason

FORMAT = "sangto/message-data/v1"


def message_data(held: Held, *, page: str) -> dict[str, object]:
    """Everything that is held about the message, ready for JSON; times and days are left to the encoder.

    `page` is the message's secret page, with which the addresses of its receipts begin.
    """
    return {
        "format": FORMAT,
        "message": _message(held),
        "contact": {"held": held.contact_day is not None, "sealed_on": held.contact_day, "until": held.contact_until},
        "receipts": {
            "opening_held": held.has_opening,
            "received": f"{page}/receipt.tlog-proof" if held.has_receipt else None,
            "outcome": f"{page}/outcome.tlog-proof" if held.has_outcome_receipt else None,
        },
        "outcome": {"kind": held.outcome.kind, "answer": held.outcome.answer or None, "at": held.outcome.at}
        if held.outcome
        else None,
        "replies": [_reply(each) for each in held.replies],
        "grouping": [_joining(each) for each in held.joinings],
        "offers": [_offer(each) for each in held.offers],
        "deliveries": held.deliveries,
        "requests": [_request(each) for each in held.requests],
        "questions": [_question(each) for each in held.questions],
    }


def _message(held: Held) -> dict[str, object]:
    names = (
        "number", "text", "place", "lang", "kind", "channel", "told_first", "received_at", "withdrawn_at",
    )  # fmt: skip
    return {name: getattr(held, name) for name in names}


def _reply(reply: HeldReply) -> dict[str, object]:
    return {
        "kind": reply.kind,
        "version": reply.n or None,
        "state": reply.state,
        "due_at": reply.due_at,
        "sent_at": reply.sent_at,
    }


def _joining(row: HeldJoining) -> dict[str, object]:
    return {
        "case": row.case,
        "decided_by": row.decided_by,
        "at": row.at,
        "sureness": row.sureness,
        "reasons": _reasons(row.reasons),
    }


def _offer(offer: HeldOffer) -> dict[str, object]:
    return {
        "answer": offer.answer,
        "rank": offer.rank,
        "sureness": offer.sureness,
        "reasons": _reasons(offer.reasons),
        "chosen": offer.chosen,
    }


def _reasons(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    return [{"code": each.code, "value": each.value} for each in reasons]


def _request(row: HeldRequest) -> dict[str, object]:
    names = ("number", "kind", "words", "state", "made_at", "answer_due_on", "done_due_on")
    steps = [
        {"step": each.step, "at": each.at, "reply": each.reply, "reason": each.reason or None} for each in row.steps
    ]
    return {**{name: getattr(row, name) for name in names}, "steps": steps}


def _question(row: HeldQuestion) -> dict[str, object]:
    return {
        "text": row.text,
        "asked_at": row.asked_at,
        "answer_due_on": row.answer_due_on,
        "ended_at": row.ended_at,
        "ending": row.ending or None,
        "answer": row.answer or None,
        "answered_at": row.answered_at,
    }
