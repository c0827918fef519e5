"""Plain functions that recompute by hand what stands in the log of a desk."""

import hashlib
import hmac
import json
from datetime import datetime, timedelta

from django.db import transaction

from sangto.ledger import actions as log
from sangto.ledger.models import Head, Leaf


def leaves(kinds: str = "ropcwhexks") -> list[dict]:
    """What the leaves of these kinds say, in the order in which they were put in."""
    return [
        json.loads(body) for body in Leaf.objects.filter(kind__in=kinds).order_by("pk").values_list("body", flat=True)
    ]


def commitment(prefix: str, value: object, *, salt: str) -> str:
    """HMAC-SHA256 with the salt's bytes as its key, over the prefix, a zero and the value as RFC 8785 writes it."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(bytes.fromhex(salt), f"{prefix}\0{canonical}".encode(), hashlib.sha256).hexdigest()


def leaf_hash(leaf: dict) -> str:
    """SHA-256(0x00 || the leaf as RFC 8785 writes it)."""
    canonical = json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\0" + canonical.encode()).hexdigest()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sequence(now: datetime) -> int:
    """Publish everything that was put in at `now`."""
    return log.sequence(now=now + timedelta(minutes=10))


@transaction.atomic
def put_others(now: datetime, *, count: int = 5) -> None:
    """Leaves of other people, so that a proof has hashes in it."""
    first = Leaf.objects.count()
    for n in range(first, first + count):
        log.append("r", now=now, c=f"{n:064x}")


def newest_size() -> int:
    return Head.objects.get(is_open=True).size
