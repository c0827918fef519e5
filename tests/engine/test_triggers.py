"""Triggers in the words of either database: they refuse what they say, and nothing else."""

import pytest
from django.db import IntegrityError, connection, transaction

from sangto.engine.triggers import creating, dropping

GUARDS = {
    "guard_small": ("parrots", "INSERT", "NEW.size > 10", "too large"),
    "guard_grows": ("parrots", "UPDATE", "NEW.size < OLD.size", "it only grows"),
    "guard_kept": ("parrots", "DELETE", None, "a parrot is kept"),
}


def test_words_of_sqlite():
    assert list(creating(GUARDS, vendor="sqlite")) == [
        "CREATE TRIGGER guard_small BEFORE INSERT ON parrots WHEN NEW.size > 10"
        " BEGIN SELECT RAISE(ABORT, 'too large'); END",
        "CREATE TRIGGER guard_grows BEFORE UPDATE ON parrots WHEN NEW.size < OLD.size"
        " BEGIN SELECT RAISE(ABORT, 'it only grows'); END",
        "CREATE TRIGGER guard_kept BEFORE DELETE ON parrots BEGIN SELECT RAISE(ABORT, 'a parrot is kept'); END",
    ]
    assert list(dropping(GUARDS, vendor="sqlite")) == [f"DROP TRIGGER IF EXISTS {name}" for name in GUARDS]


def test_words_of_postgresql():
    raising = "RAISE EXCEPTION '{}' USING ERRCODE = 'integrity_constraint_violation';"
    function = "CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} RETURN {}; END $$"
    trigger = "CREATE TRIGGER {0} BEFORE {1} ON parrots FOR EACH ROW EXECUTE FUNCTION {0}()"

    assert list(creating(GUARDS, vendor="postgresql")) == [
        function.format("guard_small", f"IF NEW.size > 10 THEN {raising.format('too large')} END IF;", "NEW"),
        trigger.format("guard_small", "INSERT"),
        function.format("guard_grows", f"IF NEW.size < OLD.size THEN {raising.format('it only grows')} END IF;", "NEW"),
        trigger.format("guard_grows", "UPDATE"),
        function.format("guard_kept", raising.format("a parrot is kept"), "OLD"),
        trigger.format("guard_kept", "DELETE"),
    ]
    assert list(dropping({"guard_kept": GUARDS["guard_kept"]}, vendor="postgresql")) == [
        "DROP TRIGGER IF EXISTS guard_kept ON parrots",
        "DROP FUNCTION IF EXISTS guard_kept()",
    ]


@pytest.mark.parametrize("vendor", ["mysql", "oracle", ""])
def test_other_databases_have_no_words(vendor):
    with pytest.raises(KeyError):
        list(creating(GUARDS, vendor=vendor))


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)


def rows() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, size FROM parrots ORDER BY name")
        return cursor.fetchall()


def refused(statement: str) -> str:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        run(statement)
    return str(refusal.value).split("\n")[0]


@pytest.fixture
def parrots(db) -> None:
    """A table with the guards, and two rows. It goes with the test's transaction."""
    run("CREATE TABLE parrots (name varchar(10), size integer)", *creating(GUARDS, vendor=connection.vendor))
    run("INSERT INTO parrots VALUES ('Polly', 5), ('Vẹt', 9)")


def test_guards_refuse_what_they_say_and_nothing_else(parrots):
    assert refused("INSERT INTO parrots VALUES ('Jumbo', 11)") == "too large"
    assert refused("UPDATE parrots SET size = 4 WHERE name = 'Polly'") == "it only grows"
    assert refused("DELETE FROM parrots WHERE name = 'Polly'") == "a parrot is kept"
    run("INSERT INTO parrots VALUES ('Ara', 10)", "UPDATE parrots SET size = 11 WHERE name = 'Ara'")
    run("DELETE FROM parrots WHERE name = 'nobody'")

    assert rows() == [("Ara", 11), ("Polly", 5), ("Vẹt", 9)]


def test_one_row_that_is_refused_keeps_all_as_they_were(parrots):
    assert refused("UPDATE parrots SET size = 7") == "it only grows"
    assert refused("DELETE FROM parrots") == "a parrot is kept"
    assert rows() == [("Polly", 5), ("Vẹt", 9)]


def test_dropped_guards_refuse_nothing_and_can_be_put_up_again(parrots):
    run(*dropping(GUARDS, vendor=connection.vendor))
    run(*dropping(GUARDS, vendor=connection.vendor))  # gone already
    run("INSERT INTO parrots VALUES ('Jumbo', 99)", "DELETE FROM parrots WHERE name = 'Vẹt'")
    run(*creating(GUARDS, vendor=connection.vendor))

    assert rows() == [("Jumbo", 99), ("Polly", 5)]
    assert refused("DELETE FROM parrots") == "a parrot is kept"
