import pytest
from django.utils import timezone

from sangto.vault.actions import make_keys_ahead
from tests.channels.stand_in import bot_api

__all__ = ["bot_api"]


@pytest.fixture(autouse=True)
def day_keys(request):
    """What the worker makes in its first round: a hook has nothing to seal an address to without it."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        make_keys_ahead(now=timezone.now())
