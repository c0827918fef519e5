"""What exactly two Members agree on, and who of them said so."""

import hashlib

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Approval
from sangto.desk.queries.publications import public_content
from sangto.engine.merkle.commitments import canonical


def content_hash(version: AnswerVersion) -> str:
    """The SHA-256, in hex, of everything that the version says, as its leaf will bind to it.

    Without what publishing adds: the moment, the code that the Unit has on that day, and the copies of the sources,
    which the desk goes on fetching while the version is in review.
    """
    content = public_content(version, number=version.answer.case.number, published="", unit="")
    content["sources"] = [{name: said for name, said in each.items() if name != "copy"} for each in content["sources"]]
    return hashlib.sha256(canonical(content)).hexdigest()


def authors_word(version: AnswerVersion) -> Approval | None:
    """What its author last said of the version when it was sent to review, or None."""
    return Approval.objects.filter(version=version, role=rules.AS_AUTHOR).order_by("-pk").first()
