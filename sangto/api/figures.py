"""How the desk does, as numbers."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from sangto.api import shapes
from sangto.api import shapes_of_the_desk as desk_shapes
from sangto.api.errors import ApiError
from sangto.desk.queries.figures import Period, figures, is_countable

router = Router(tags=["figures"])
DAYS = 90


@router.get(
    "/figures",
    operation_id="read_figures",
    summary="Read the figures of a period",
    response={200: desk_shapes.FiguresOut, 400: shapes.Problem},
    by_alias=True,
)
def read_figures(
    request: HttpRequest,
    first: Annotated[date | None, Query(alias="from", description="The first day; else 90 days ago.")] = None,
    last: Annotated[date | None, Query(alias="to", description="The last day; else today.")] = None,
) -> dict[str, object]:
    """What came, what was answered and how soon, what was corrected and contested; docs/use/figures.md defines each."""
    today = timezone.localdate()
    first, last = first or today - timedelta(days=DAYS - 1), last or today
    if not (first <= last and is_countable(first, last)):
        raise ApiError("bad_value", field="from")
    found = asdict(figures(Period(first, last), now=timezone.now()))
    found["backlog"] = [{"from_days": low, "to_days": high, "cases": n} for low, high, n in found["backlog"]]
    return {**found, "from": first, "to": last}
