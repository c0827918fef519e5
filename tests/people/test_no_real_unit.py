"""No line of the program knows a real unit: codes and names come from lists, which operators choose."""

import ast
import re
from pathlib import Path

import pytest

from tests.people.vietnam import COUNTRIES, plan, states_of

ROOT = Path(__file__).resolve().parents[2] / "sangto"
CODE = re.compile(r"[0-9]{5}")


def constants(source: str) -> set[str]:
    """Every text in a module that is code and no documentation."""
    tree = ast.parse(source)
    docs = {
        node.body[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)} - {
        doc.value for doc in docs if isinstance(doc, ast.Constant)
    }


@pytest.fixture(scope="module")
def real() -> tuple[set[str], set[str]]:
    lines = [line for state in states_of(plan(), COUNTRIES / "vn") for line in state.listed]
    return {line.name for line in lines}, {line.code for line in lines if len(line.code) == 5}


def known(text: str, real: tuple[set[str], set[str]]) -> bool:
    names, codes = real
    return text in names or text in codes or any(found in codes for found in CODE.findall(text) if found == text)


def test_no_code_path_names_a_real_unit(real):
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in ROOT.rglob("*.py")
        for text in constants(path.read_text(encoding="utf-8"))
        if known(text, real)
    }

    assert found == set()


@pytest.mark.parametrize("line", ['if code == "26740": pass', 'NAMES = {"Phường Sài Gòn": 1}'])
def test_planted_unit_is_seen(line, real):
    assert any(known(text, real) for text in constants(line))
