"""The shapes of what is under watch: objections to answers, and the desk's figures."""

from datetime import date, datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from sangto.api.shapes import Given

# --- objections -------------------------------------------------------------------------------------------------

ObjectionView = Literal["open", "decided"]


class ObjectionIn(Given):
    text: str = Field(description="What is wrong with the answer; at most 4,000 characters. Only the staff reads it.")
    lang: str | None = Field(None, description="vi or en; without it the Accept-Language header, else the desk's own.")
    version: int | None = Field(None, ge=1, le=10**9, description="The version that was read; without it the newest.")


class RulingOut(Schema):
    kind: Literal["kept", "corrected", "withdrawn"]
    reasons: str
    decided_at: datetime
    by_role: str = Field(description="The role of the member who decided; neither the writer nor the approver.")
    version: int = Field(description="The version that the answer showed from then on.")
    leaf_hash: str = Field(description="Of the leaf of kind j in the log, which binds to all of this.")
    salt: str = Field(description="With which the commitment in that leaf can be computed; see docs/api/formats.md.")


class ObjectionOut(Schema):
    number: str
    url: str
    answer: str = Field(description="The number of the contested answer.")
    version: int = Field(description="The contested version.")
    made_at: datetime
    due_on: date = Field(description="The last day on which it is decided in time.")
    overdue: bool
    ruling: RulingOut | None = Field(description="Null until it is decided.")


class ObjectionPage(Schema):
    objections: list[ObjectionOut]
    page: int
    next_page: int | None


# --- figures ----------------------------------------------------------------------------------------------------


class AgeOut(Schema):
    from_days: int
    to_days: int | None
    cases: int


class FiguresOut(Schema):
    first: date = Field(alias="from", description="The first day of the period.")
    last: date = Field(alias="to", description="Its last day.")
    messages: int
    cases: int
    answered: int
    median_hours: float | None
    p90_hours: float | None
    in_time: float | None = Field(description="0..1: share of the first answers by the last day of their term.")
    corrected: int
    withdrawn: int
    reopened: int
    not_checkable: int
    answered_at_once: int
    found_wrong: int
    objections_kept: int
    objections_overturned: int
    writers: int
    largest_share: float | None = Field(description="0..1; null for a desk of fewer than three writers.")
    backlog: list[AgeOut] = Field(description="Open cases now, by the full days that they have waited.")
