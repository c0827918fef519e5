"""A Member saves a search of the inbox under a name, and drops it again."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from sangto.desk import rules
from sangto.desk.models import SavedView
from sangto.engine.text import is_binary, normal
from sangto.people.models import Member

NAME_CHARS, QUERY_CHARS = 40, 2000
MOST_VIEWS = 20


class CannotSaveView(Exception):
    """Nothing was saved. `code`: no_name, too_long, not_text, bad_query, name_taken or too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def save_view(name: str, *, query: str, by: Member, now: datetime) -> SavedView:
    """The search under a name that the Member has not used yet; at most 20 of them."""
    name, query = " ".join(normal(name).split()), _fitting(query)
    _check(name, query)
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once count each other
    held = SavedView.objects.filter(member=by)
    if held.filter(name=name).exists():
        raise CannotSaveView("name_taken")
    if held.count() >= MOST_VIEWS:
        raise CannotSaveView("too_many")
    return SavedView.objects.create(member=by, name=name, query=query, saved_at=now)


@transaction.atomic
def drop_view(pk: int, *, by: Member) -> bool:
    """Forget one of the Member's own searches; whether it was there."""
    dropped, _rows = SavedView.objects.filter(member=by, pk=pk).delete()
    return bool(dropped)


def _fitting(query: str) -> str:
    """The query with the inbox's own fields only, each once and in one order."""
    given = dict(parse_qsl(query[:QUERY_CHARS]))
    if not set(given) <= set(rules.VIEW_FIELDS):
        raise CannotSaveView("bad_query")
    return urlencode([(field, given[field]) for field in rules.VIEW_FIELDS if field in given])


def _check(name: str, query: str) -> None:
    if not name:
        raise CannotSaveView("no_name")
    if is_binary(name):
        raise CannotSaveView("not_text")
    if len(name) > NAME_CHARS or len(query) > QUERY_CHARS:
        raise CannotSaveView("too_long")
