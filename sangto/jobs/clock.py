"""The database's clock: nodes whose own clocks differ agree on leases."""

from datetime import UTC, datetime

from django.db import connection

NOW = {
    "sqlite": "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')",
    "postgresql": "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
}


def database_now() -> datetime:
    """The time of the database, aware, to the millisecond at least."""
    with connection.cursor() as cursor:
        cursor.execute(NOW[connection.vendor])
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)
