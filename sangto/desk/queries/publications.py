"""Published versions as the log vouches for them: what exactly was said, with the salt and the proof."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Case, LostVersion, Publication, Source
from sangto.desk.queries.answers import case_by_number
from sangto.engine.findings import spread
from sangto.engine.merkle.commitments import ANSWER, commitment
from sangto.ledger import queries as log
from sangto.ledger import rules as leaves
from sangto.ledger.queries import Waiting


def public_content(version: AnswerVersion, *, number: str, published: str, unit: str) -> dict[str, Any]:
    """Everything that a published version says, as its leaf binds to it: only what never changes."""
    return {
        "answer": number,
        "n": version.n,
        "step": version.step,
        "kind": version.kind,
        "lang": version.lang,
        "question": version.question,
        "rating": version.rating,
        "outcome": version.outcome,
        "summary": version.summary,
        "text": version.text,
        "change": version.change,
        "published": published,
        "unit": unit,
        "sources": [_cited(each) for each in version.sources.all()],
    }


def _cited(source: Source) -> dict[str, Any]:
    """A Source as the leaf binds to it. Where there is no Copy nothing is said of one, as before there were any."""
    said = {
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "dated": source.dated_on.isoformat(),
    }
    copy = source.copy
    if copy is None or copy.taken_at is None:
        return said
    return {**said, "copy": {"sha256": copy.sha256, "bytes": copy.size, "taken": leaves.second_of(copy.taken_at)}}


def content_commitment(content: dict[str, Any], *, salt: str) -> str:
    """What stands in a `p`, `c` or `w` leaf."""
    return commitment(ANSWER, content, salt=bytes.fromhex(salt))


def publication_file(number: str, n: int) -> dict[str, Any] | None:
    """The file of one published version; what remains of an erased one; None when there is no such version."""
    case = case_by_number(number)
    rows = Publication.objects.select_related("version").prefetch_related("version__sources__copy")
    row = (
        rows.filter(version__answer__case=case, version__n=n, version__state=rules.PUBLISHED).first() if case else None
    )
    if row is None:
        return None
    leaf = log.leaf_body(row.erasure_hash or row.leaf_hash) or {}
    if row.erased_at:
        return {"erased": True, "leaf": leaf}
    proof = log.proof_of(row.leaf_hash)
    content = public_content(row.version, number=number, published=str(leaf["ts"]), unit=str(leaf["u"]))
    waits = proof is None or isinstance(proof, Waiting)
    return {"answer": content, "salt": row.salt, "leaf": leaf, "proof": None if waits else str(proof)}


def published_version(number: str, n: int) -> AnswerVersion | None:
    """The published version with this number, or None."""
    case = case_by_number(number)
    rows = AnswerVersion.objects.select_related("answer")
    return rows.filter(answer__case=case, n=n, state=rules.PUBLISHED).first() if case else None


def sample_of_publications(most: int) -> Iterator[tuple[str, int]]:
    """Number and version of published versions spread over all of them, at most so many."""
    rows = Publication.objects.select_related("version__answer__case").order_by("pk")
    for place in spread(rows.count(), most):
        version = rows[place].version
        yield version.answer.case.number, version.n


def last_lost(case: Case) -> int:
    """The number of the Answer's newest version that the log has and this database lost; 0 where there is none."""
    rows = LostVersion.objects.filter(number=case.number).order_by("-n").values_list("n", flat=True)
    return rows.first() or 0


def leaf_before(version: AnswerVersion, case: Case, *, before: AnswerVersion | None) -> str | None:
    """The hash of the leaf that this version's leaf follows: of the version before, lost or not. None for the first."""
    lost = LostVersion.objects.filter(number=case.number, n=version.n - 1).first()
    if lost is not None:
        return lost.leaf_hash
    return before.publication.leaf_hash if before else None


def publication_index() -> Iterator[dict[str, Any]]:
    """Every published version of every Answer, by number."""
    rows = Publication.objects.select_related("version__answer__case").order_by("version__answer__case", "version__n")
    for row in rows.annotate(n=F("version__n")).iterator(chunk_size=1000):
        yield {"answer": row.version.answer.case.number, "n": row.n, "erased": row.erased_at is not None}
