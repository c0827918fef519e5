"""Units of a desk from before periods: each keeps its id and gets one period; on the way back it has its row again."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sangto.config import sound_database
from sangto.people.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("people", "0001_initial")]


def migrate(target=None):
    executor = MigrationExecutor(connection)
    return executor.migrate(target or executor.loader.graph.leaf_nodes()).apps


def test_old_units_get_a_period_and_give_it_back():
    try:
        old = migrate(BEFORE).get_model("people", "Unit")
        rows = [("desk", "Phường Mẫu", date(2025, 1, 1), None), ("gone", "Ban cũ", date(2024, 1, 1), date(2025, 1, 1))]
        ids = [
            old.objects.create(code=code, name=name, valid_from=start, valid_to=end).pk
            for code, name, start, end in rows
        ]
    finally:
        migrate()

    assert [each for each in sound_database.guards() if each] == []  # none was lost on the way there or back
    units = Unit.objects.prefetch_related("periods").in_bulk(ids)
    assert [(units[pk].code, units[pk].name, str(units[pk])) for pk in ids] == [
        ("desk", "Phường Mẫu", "Phường Mẫu"), ("gone", "Ban cũ", "Ban cũ"),
    ]  # fmt: skip
    assert [(each.valid_from, each.valid_to) for pk in ids for each in units[pk].periods.all()] == [
        (start, end) for _, _, start, end in rows
    ]
    try:
        old = migrate(BEFORE).get_model("people", "Unit")
        assert list(old.objects.order_by("pk").values_list("code", "name", "valid_from", "valid_to")) == rows
    finally:
        migrate()
