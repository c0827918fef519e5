"""The country that comes with the program, loaded once for all tests of a module."""

import json
from datetime import UTC, date, datetime

from sangto.config.units import COUNTRIES, states_of
from sangto.people.actions import seed_units

SEEDED = datetime(2026, 11, 1, tzinfo=UTC)
OLD, NEW, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 21)


def plan() -> dict:
    return json.loads((COUNTRIES / "vn" / "plan.json").read_text(encoding="utf-8"))


def seed() -> None:
    seed_units(states_of(plan(), COUNTRIES / "vn"), scheme="vn", now=SEEDED)
