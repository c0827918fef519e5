"""Every line of the threat model names its tests, and each of them exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "run" / "threat-model.md"
NOT_BUILT = "## What is not built yet"
TEST_ID = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def lines(text: str) -> list[str]:
    """The rows of the page's tables, without their heads."""
    rows = [line for line in text.partition(NOT_BUILT)[0].splitlines() if line.startswith("| ")]
    return [row for row in rows if not row.startswith(("| who |", "| compromised |"))]


def ids(line: str) -> list[tuple[str, str]]:
    return TEST_ID.findall(line)


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_line_names_tests_that_exist():
    page = PAGE.read_text(encoding="utf-8")

    named = {line.split("|")[1].strip(): ids(line) for line in lines(page)}

    assert len(named) >= 20
    assert [who for who, tests in named.items() if not tests] == []
    assert [test for tests in named.values() for test in tests if test[1] not in names_in(ROOT / test[0])] == []


def test_every_test_named_anywhere_on_the_page_is_well_formed():
    page = PAGE.read_text(encoding="utf-8")

    assert page.count("::test_") == len(ids(page))


def test_line_without_a_test_is_seen():
    page = f"| who | a |\n|---|---|\n| a thief | nothing |\n{NOT_BUILT}\n| later | x |\n"

    assert lines(page) == ["| a thief | nothing |"]
    assert ids(lines(page)[0]) == []
    assert "test_gone" not in names_in(ROOT / "tests" / "nowhere.py")


def test_what_is_not_built_is_said():
    missing = PAGE.read_text(encoding="utf-8").partition(NOT_BUILT)[2]

    assert len(re.findall(r"^- ", missing, re.MULTILINE)) >= 1
