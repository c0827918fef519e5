"""A desk that knows a whole country: loaded once a module, every test in a transaction of its own above it."""

from collections.abc import Iterator

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def country(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The shipped lists, in a transaction that is taken back when the module ends: rows of units are never deleted.

    A test that uses it is marked `django_db`: what it writes is taken back to here.
    """
    from tests.people.vietnam import seed

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            seed()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
