"""Do published answers say what the log vouches for? Each commitment is computed anew. Reads only."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q

from sangto.desk import rules
from sangto.desk.models import Answer, AnswerVersion, Approval, Case, LostVersion, Publication
from sangto.desk.queries.approvals import content_hash
from sangto.desk.queries.calendars import calendars
from sangto.desk.queries.deadlines import due_dates
from sangto.desk.queries.publications import content_commitment, public_content
from sangto.engine.findings import Finding, Looked, in_chunks
from sangto.ledger import queries as log
from sangto.ledger import rules as leaves

AT_ONCE = 500
LEAF_OF_STEP = {rules.PUBLISH: leaves.PUBLISHED, rules.CORRECT: leaves.CORRECTED, rules.WITHDRAW: leaves.WITHDRAWN}
Body = dict[str, Any]


def versions() -> Looked:
    """Every published version: its leaf is there and is about it, its content gives what the leaf binds to."""
    rows = AnswerVersion.objects.filter(state=rules.PUBLISHED).select_related("publication", "answer__case")
    ordered = rows.prefetch_related("sources__copy").order_by("answer", "n").iterator(chunk_size=AT_ONCE)
    before: AnswerVersion | None = None
    for chunk in in_chunks(ordered, AT_ONCE):
        bodies = log.leaf_bodies(_hashes(chunk))
        for version in chunk:
            found = _version(version, bodies, before)
            yield Finding(found, _named(version)) if found else None
            before = version


def approvals() -> Looked:
    """Every version that two Members stood for: they did so for what it says, the approver that it names among them.

    What was published before there were Approvals has none, and what was erased no longer says what was read.
    """
    rows = AnswerVersion.objects.filter(state=rules.PUBLISHED, publication__erased_at__isnull=True)
    rows = rows.filter(Exists(Approval.objects.filter(version=OuterRef("pk")))).select_related("answer__case")
    rows = rows.prefetch_related("sources__copy", Prefetch("approvals", Approval.objects.order_by("pk")))
    for version in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
        yield None if _is_stood_for(version) else Finding("approval_other", _named(version))


def logged_versions() -> Looked:
    """Every version that the log has: this database has it too, or knows that it was lost with an old backup."""
    for chunk in in_chunks(log.version_leaves(), AT_ONCE):
        hashes = [leaf_hash for leaf_hash, _body in chunk]
        known = set(Publication.objects.filter(leaf_hash__in=hashes).values_list("leaf_hash", flat=True))
        known |= set(LostVersion.objects.filter(leaf_hash__in=hashes).values_list("leaf_hash", flat=True))
        for leaf_hash, body in chunk:
            yield None if leaf_hash in known else Finding("version_vanished", f"{body['a']} version {body['n']}")


def answers() -> Looked:
    """Every Answer: its current version is the newest that was published."""
    newest = Max("versions__n", filter=Q(versions__state=rules.PUBLISHED))
    rows = Answer.objects.annotate(newest=newest, now=F("current__n")).select_related("case").order_by("pk")
    for row in rows.iterator(chunk_size=AT_ONCE):
        yield None if row.newest == row.now else Finding("current_not_newest", row.case.number)


def cases() -> Looked:
    """Every Case: an answered one has an answer in force, and one with an answer in force is not open."""
    rows = Case.objects.select_related("answer__current", "foreign").order_by("pk")
    for case in rows.iterator(chunk_size=AT_ONCE):
        current = case.answer.current if hasattr(case, "answer") else None
        in_force = current is not None and current.step != rules.WITHDRAW
        if case.state == rules.ANSWERED and not (in_force or hasattr(case, "foreign")):
            yield Finding("case_without_answer", case.number)
        elif case.state != rules.ANSWERED and in_force:
            yield Finding("case_not_answered", case.number)
        else:
            yield None


def deadlines() -> Looked:
    """Every open Case: its last day is the one that its clock, its pauses and its calendar give."""
    rows = Case.objects.filter(state=rules.OPEN, counts_from__isnull=False).order_by("pk")
    known = calendars()
    for chunk in in_chunks(rows.iterator(chunk_size=AT_ONCE), AT_ONCE):
        due = due_dates(chunk, known=known)
        for case in chunk:
            yield None if case.due_on == due[case.pk] else Finding("due_differs", case.number)


def _version(version: AnswerVersion, bodies: dict[str, Body], before: AnswerVersion | None) -> str:
    """What is wrong with a published version, as a code; empty where nothing is."""
    row = getattr(version, "publication", None)
    if row is None:
        return "version_unlogged"
    leaf = bodies.get(row.leaf_hash)
    if leaf is None:
        return "version_leaf_missing"
    said = (leaf.get("t"), leaf.get("a"), leaf.get("n"))
    if said != (LEAF_OF_STEP[version.step], version.answer.case.number, version.n):
        return "version_leaf_other"
    if leaf.get("pv") != _followed(version, before):
        return "version_chain"
    if row.erased_at:
        return "" if _is_erased(version, row, bodies.get(row.erasure_hash)) else "erasure_incomplete"
    return "" if _gives(version, row.salt, leaf) else "version_changed"


def _followed(version: AnswerVersion, before: AnswerVersion | None) -> str | None:
    """The hash of the leaf that this version's leaf has to follow; None for the first, empty where none is known."""
    if version.n == 1:
        return None
    if before is not None and (before.answer_id, before.n) == (version.answer_id, version.n - 1):
        return before.publication.leaf_hash if hasattr(before, "publication") else ""
    lost = LostVersion.objects.filter(number=version.answer.case.number, n=version.n - 1).first()
    return lost.leaf_hash if lost else ""


def _is_erased(version: AnswerVersion, row: Publication, leaf: Body | None) -> bool:
    texts = (version.question, version.summary, version.text)
    blank = all(each == rules.ERASED_TEXT for each in texts) and not version.sources.all() and not row.salt
    return blank and leaf is not None and bool((leaf["t"], leaf["pv"]) == (leaves.ERASED, row.leaf_hash))


def _is_stood_for(version: AnswerVersion) -> bool:
    said = {each.role: (each.member_id, each.content_hash) for each in version.approvals.all()}  # the newest counts
    content = content_hash(version)
    return said == {
        rules.AS_AUTHOR: (version.written_by_id, content),
        rules.AS_APPROVER: (version.approved_by_id, content),
    }


def _gives(version: AnswerVersion, salt: str, leaf: Body) -> bool:
    content = public_content(version, number=leaf["a"], published=leaf["ts"], unit=leaf["u"])
    try:
        return bool(content_commitment(content, salt=salt) == leaf["h"])
    except ValueError:  # no salt, or a text that has no canonical form
        return False


def _hashes(versions: Iterable[AnswerVersion]) -> list[str]:
    rows = [each.publication for each in versions if hasattr(each, "publication")]
    return [leaf_hash for row in rows for leaf_hash in (row.leaf_hash, row.erasure_hash) if leaf_hash]


def _named(version: AnswerVersion) -> str:
    return f"{version.answer.case.number} version {version.n}"
