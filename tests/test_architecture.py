"""Rules that import contracts cannot see, read off the syntax tree: who writes rows, who reads the clock, bad names.

`dict.update(a=1)` is read as a write of rows: pass a mapping.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import LONG_FIRST

ROOT = Path(__file__).resolve().parent.parent / "sangto"
NOUNS = ("desk", "people", "ledger", "vault")
BELOW_THE_DOORS = (*NOUNS, "interchange", "engine")
WITHOUT_ROWS = ("interchange", "engine")
ALWAYS_WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "select_for_update"}
WRITES_WITHOUT_POSITIONALS = {"save", "create", "update", "delete"}  # not d.update(other), img.save(path)
CLOCKS = {"now", "utcnow", "today", "localdate", "localtime"}
CLOCKS_BY_NAME = {"time.time", "time.time_ns", "time.localtime", "time.gmtime"}
PROGRAMS = {ROOT / "ledger" / "verify_desk.py"}  # strangers run it by itself: it has nobody to hand it the time
ROW_MODULES = ("django.db", "sangto.desk", "sangto.people", "sangto.ledger", "sangto.vault")
SHAPES = {"utils", "util", "common", "lib", "libs", "misc", "manager", "managers", "handler", "handlers"}


def python_files(*tops: str) -> list[Path]:
    """The project's own modules, or those under some of its packages; migrations left out."""
    folders = [ROOT / top for top in tops] or [ROOT]
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call in a tree with the last name of what it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node, node.func.id


def writes_rows(node: ast.Call, name: str) -> bool:
    if isinstance(node.func, ast.Name):
        return False
    name = name.removeprefix("a") if name in {"asave", "acreate", "aupdate", "adelete"} else name
    return name in ALWAYS_WRITES or (name in WRITES_WITHOUT_POSITIONALS and not node.args)


def reads_clock(node: ast.Call, name: str) -> bool:
    return ast.unparse(node.func) in CLOCKS_BY_NAME or (name in CLOCKS and not node.args)


def hands_over_a_clock(tree: ast.AST) -> Iterator[ast.AST]:
    """Fields that read the clock by themselves: `default=timezone.now`, `auto_now=True`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.keyword):
            continue
        named = isinstance(node.value, ast.Attribute | ast.Name) and ast.unparse(node.value).split(".")[-1] in CLOCKS
        if node.arg in {"auto_now", "auto_now_add"} or (node.arg in {"default", "default_factory"} and named):
            yield node.value


def clock_lines(source: str) -> list[int]:
    """The lines of a module that read the clock."""
    tree = ast.parse(source)
    found = [node for node, name in calls(tree) if reads_clock(node, name)] + list(hands_over_a_clock(tree))
    return sorted({node.lineno for node in found})


def write_lines(source: str) -> list[int]:
    """The lines of a module that write rows."""
    return sorted({node.lineno for node, name in calls(ast.parse(source)) if writes_rows(node, name)})


def row_imports(source: str) -> list[int]:
    """The lines of a module that import something which reads or writes rows; the shapes and words of a noun do not."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [node.lineno for alias in node.names if alias.name.startswith(ROW_MODULES)]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(ROW_MODULES):
            shapes = not node.module.endswith(".models") and not node.module.startswith("django")
            names = [] if node.module.endswith(".rules") else [alias.name for alias in node.names]
            found += [node.lineno for name in names if not (shapes and (name[0].isupper() or name == "rules"))]
    return found


def modules_named(source: str) -> set[str]:
    """Every module that a module imports, also as `from package import module`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def is_named_after_a_shape(path: Path) -> bool:
    return path.stem in SHAPES or path.stem.startswith("helper")


def guilty(paths: list[Path], lines_of) -> list[str]:
    return [f"{path.relative_to(ROOT)}:{line}" for path in paths for line in lines_of(path.read_text())]


def test_only_actions_write():
    paths = [path for path in python_files() if "actions" not in path.relative_to(ROOT).with_suffix("").parts]

    assert guilty(paths, write_lines) == []


def test_nobody_below_a_door_reads_the_clock():
    paths = [path for path in python_files(*BELOW_THE_DOORS) if path not in PROGRAMS]

    assert guilty(paths, clock_lines) == []


def test_programs_for_strangers_are_there_and_nobody_imports_them():
    names = {f"sangto.{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}" for path in PROGRAMS}
    importers = [path for path in python_files() if names & modules_named(path.read_text())]

    assert all(path.is_file() for path in PROGRAMS)
    assert importers == []


def test_shapes_of_foreign_formats_hold_no_rows():
    assert guilty(python_files(*WITHOUT_ROWS), row_imports) == []


def test_no_module_is_named_after_its_shape():
    folders = [path for path in ROOT.rglob("*") if path.is_dir() and path.name != "__pycache__"]

    assert [str(path.relative_to(ROOT)) for path in [*python_files(), *folders] if is_named_after_a_shape(path)] == []


def test_checked_tree_is_the_real_one():
    tops = {path.relative_to(ROOT).parts[0] for path in python_files(*BELOW_THE_DOORS)}

    assert tops == set(BELOW_THE_DOORS)


@pytest.mark.parametrize(
    "line",
    [
        "case.save()",
        "case.save(update_fields=['state'])",
        "Case.objects.create(kind='claim')",
        "Case.objects.filter(pk=1).update(state='open')",
        "Case.objects.filter(pk=1).delete()",
        "Case.objects.bulk_create(rows)",
        "Case.objects.get_or_create(pk=1)",
        "Case.objects.select_for_update().get(pk=1)",
        "super().save()",
        "await case.asave()",
        "await Case.objects.acreate(kind='claim')",
    ],
)
def test_write_of_rows_is_seen(line):
    assert write_lines(f"async def planted():\n    {line}\n") == [2]


@pytest.mark.parametrize(
    "line",
    [
        "seen.update(other)",
        "image.save(path)",
        "digest.update(chunk)",
        "desk.actions.receive(incoming, now=now)",
        "create(path)",
        "save = 1",
        "Case.objects.filter(pk=1).exists()",
    ],
)
def test_what_writes_no_rows_is_let_through(line):
    assert write_lines(f"def planted():\n    {line}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "x = timezone.now()",
        "x = datetime.now()",
        "x = datetime.datetime.now(tz=UTC)",
        "x = date.today()",
        "x = now()",
        "x = time.time()",
        "x = time.time_ns()",
        "x = timezone.localdate()",
        "x = DateTimeField(auto_now_add=True)",
        "x = DateTimeField(default=timezone.now)",
        "x = field(default_factory=datetime.now)",
    ],
)
def test_look_at_the_clock_is_seen(line):
    assert clock_lines(f"import time\n{line}\n") == [2]


@pytest.mark.parametrize(
    "line",
    [
        "f(now=now)",
        "x = timezone.localtime(at)",
        "x = now + delta",
        "x = time.monotonic()",
        "x = DateTimeField(default=None)",
    ],
)
def test_what_reads_no_clock_is_let_through(line):
    assert clock_lines(f"import time\n{line}\n") == []


@pytest.mark.parametrize(
    "line",
    ["import sangto.a.b", "import sangto.a.b as c", "from sangto.a import b", "from sangto.a.b import c"],
)
def test_import_of_a_module_is_seen(line):
    assert "sangto.a.b" in modules_named(f"{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        "from django.db import models",
        "import sangto.desk.models",
        "from sangto.desk.models import Case",
        "from sangto.vault import queries",
        "from sangto.desk.actions import receive",
    ],
)
def test_import_of_rows_is_seen(line):
    assert row_imports(f"{line}\n") == [1]


@pytest.mark.parametrize(
    "line",
    [
        "import json",
        "from sangto.engine import text",
        "from django.utils.html import strip_tags",
        "from sangto.desk import rules",
        "from sangto.desk.rules import RATINGS",
        "from sangto.desk.queries.answers import PublicAnswer",
    ],
)
def test_import_without_rows_is_let_through(line):
    assert row_imports(f"{line}\n") == []


@pytest.mark.parametrize(
    "name", ["utils.py", "helpers.py", "common.py", "helper_text.py", "lib", "manager.py", "handler.py"]
)
def test_name_after_a_shape_is_seen(name):
    assert is_named_after_a_shape(Path(name))


@pytest.mark.parametrize("name", ["matcher.py", "deliver.py", "library.py", "__init__.py"])
def test_name_after_a_thing_is_let_through(name):
    assert not is_named_after_a_shape(Path(name))


def test_files_that_are_run_first_are_there():
    tests = Path(__file__).parent
    assert [file for file in LONG_FIRST if not (tests.parent / file).exists()] == []
