"""The searches of the inbox that a Member saved."""

from sangto.desk.models import SavedView
from sangto.people.models import Member


def saved_views(viewer: Member) -> list[SavedView]:
    """The viewer's own, oldest first."""
    return list(SavedView.objects.filter(member=viewer).order_by("pk"))
