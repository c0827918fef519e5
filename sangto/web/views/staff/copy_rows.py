"""The sources of a Case's answer with what became of their archived copies, as its page shows them."""

from dataclasses import dataclass
from typing import Any

from sangto.desk import rules
from sangto.desk.actions import why_not
from sangto.desk.queries.inbox import CaseFile
from sangto.people.rules import Roles, may_write
from sangto.web.copy_wording import FETCHING, HOWS
from sangto.web.staff_wording import said


@dataclass(frozen=True)
class CopyRow:
    """One Source. `state` is taken, waiting, failed, or none; `why` says what stands in the way, in words."""

    source: Any
    copy: Any
    state: str
    why: str
    how: str
    can_ask: bool
    can_upload: bool


def copy_rows(file: CaseFile, *, roles: Roles) -> list[CopyRow]:
    """Of the version under work; of the newest published one where nobody works on another."""
    version = file.working or (file.versions[0] if file.versions else None)
    if version is None:
        return []
    return [_row(source, version, writes=may_write(roles)) for source in version.sources.all()]


def _row(source: Any, version: Any, *, writes: bool) -> CopyRow:
    copy = source.copy
    refusal = why_not(source.url)
    is_open = writes and version.state != rules.PUBLISHED
    return CopyRow(
        source=source,
        copy=copy,
        state=copy.state if copy else "none",
        why=_why(copy, refusal, is_open=is_open),
        how=str(HOWS[copy.how]) if copy else "",
        can_ask=is_open and not refusal and (copy is None or copy.state != rules.WAITING),
        can_upload=is_open and version.state == rules.DRAFT and refusal != "people_page",
    )


def _why(copy: Any, refusal: str, *, is_open: bool) -> str:
    if copy is not None and copy.state != rules.TAKEN:
        return said(FETCHING, copy.last_error) if copy.last_error else ""
    return said(FETCHING, refusal) if refusal and copy is None and is_open else ""
