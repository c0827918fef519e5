"""Triggers that refuse a write, in the words of either database: for what no check constraint can say."""

from collections.abc import Iterator, Mapping

# name: (table, event, condition under which the write is refused or None for always, what the error says)
Guards = Mapping[str, tuple[str, str, str | None, str]]


def creating(guards: Guards, *, vendor: str) -> Iterator[str]:
    """The statements that put the guards up."""
    create = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}[vendor]
    for name, (table, event, refused, says) in guards.items():
        yield from create(name, table, event, refused, says)


def dropping(guards: Guards, *, vendor: str) -> Iterator[str]:
    """The statements that take them down."""
    for name, (table, *_rest) in guards.items():
        if vendor == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
            yield f"DROP FUNCTION IF EXISTS {name}()"
        else:
            yield f"DROP TRIGGER IF EXISTS {name}"


def _on_sqlite(name: str, table: str, event: str, refused: str | None, says: str) -> Iterator[str]:
    when = f"WHEN {refused} " if refused else ""
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}BEGIN SELECT RAISE(ABORT, '{says}'); END"


def _on_postgresql(name: str, table: str, event: str, refused: str | None, says: str) -> Iterator[str]:
    body = f"RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation';"
    if refused:
        body = f"IF {refused} THEN {body} END IF;"
    give = "OLD" if event == "DELETE" else "NEW"
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN {give}; END $$"
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
