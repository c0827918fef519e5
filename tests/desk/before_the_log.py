"""Takes a desk back to the time before there was a log, with the rows it has, and brings it here again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sangto.ledger.models import LastDate, Leaf
from sangto.vault.models import Opening
from tests.factories import NOW
from tests.ledger.steps import without_guards

BEFORE = ("desk", "0003_calibration")
GARLIC = "Ăn tỏi sống mỗi ngày có phòng được cúm không?"
FLAG = "Cờ trên nóc nhà văn hoá phường được treo khi nào?"
GHOST = "Ma có ở trong ngôi nhà cũ đầu phố không?"


def migrate(target: tuple[str, str] | None = None) -> None:
    """To the target, or to the newest migration."""
    executor = MigrationExecutor(connection)
    executor.migrate([target] if target else executor.loader.graph.leaf_nodes())


def there_and_back(look: Callable[[], None] = lambda: None) -> None:
    """What the log and its openings hold is gone on the way; `look` is called in the past."""
    try:
        migrate(BEFORE)
        look()
        with without_guards():
            for model in (Leaf, LastDate, Opening):
                model.objects.all()._raw_delete("default")
    finally:
        migrate()


def hours(n: int) -> datetime:
    """So many after the day began."""
    return NOW + timedelta(hours=n)
