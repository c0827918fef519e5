"""Are the archived copies what they were when they were taken? Each hash is computed anew, each archive read."""

import hashlib

from sangto.desk.queries.copies import taken_copies
from sangto.engine.file_types import WARC, WARC_GZ
from sangto.engine.findings import Finding, Looked
from sangto.interchange.warc import is_whole


def copies() -> Looked:
    """Every taken copy: its bytes are there, give its hash, and are a whole web archive where they should be one."""
    for copy, data in taken_copies():
        fault = _fault(copy.sha256, copy.size, copy.media_type, data)
        yield Finding(fault, f"copy {copy.pk} of {copy.answer.case.number}") if fault else None


def _fault(sha256: str, size: int, media_type: str, data: bytes | None) -> str:
    if data is None:
        return "copy_lost"
    if (len(data), hashlib.sha256(data).hexdigest()) != (size, sha256):
        return "copy_changed"
    return "copy_broken" if media_type in (WARC, WARC_GZ) and not is_whole(data) else ""
