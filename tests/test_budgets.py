"""The budgets: how long a function, a file, a channel, a template may be, and what must carry types and docstrings.

Raising one needs a line in docs/decisions/.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent / "sangto"
TYPED = ("engine", "desk", "people", "vault", "channels")
FUNCTION_MAX_LINES = 40
FUNCTION_MEDIAN_LINES = 9
FILE_MAX_LINES = 400
VERIFIER = ROOT / "ledger" / "verify_desk.py"  # one file by purpose: strangers download it alone (decision 0017)
VERIFIER_MAX_LINES = 1600
CHANNEL_MAX_LINES = 149
TEMPLATE_MEDIAN_LINES = 39
SCRIPT_MAX_LINES = 99
Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*tops: str) -> list[Path]:
    """The project's own modules, or those under some of its packages; migrations left out."""
    folders = [ROOT / top for top in tops] or [ROOT]
    return sorted(path for folder in folders for path in folder.rglob("*.py") if "migrations" not in path.parts)


def files(pattern: str) -> list[Path]:
    """The package's other files of a kind, without what was written elsewhere and lies here as it came."""
    return sorted(path for path in ROOT.rglob(pattern) if "vendor" not in path.parts and ".min." not in path.name)


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(source: str) -> Iterator[Function]:
    """Every function of a module, methods and inner ones too."""
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, Function))


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno


def public(tree: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """What a module shows: its public functions and classes, and their public methods; Django's `Meta` aside."""
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_") or node.name == "Meta":
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from public(node)


def undocumented(source: str) -> list[str]:
    return [node.name for node in public(ast.parse(source)) if not ast.get_docstring(node)]


def untyped(source: str) -> list[str]:
    return [node.name for node in functions(source) if node.returns is None]


def beyond(paths: list[Path], limit: int) -> list[str]:
    return [f"{path.relative_to(ROOT)}: {line_count(path)} lines" for path in paths if line_count(path) > limit]


def guilty(paths: list[Path], names_of) -> list[str]:
    return [f"{path.relative_to(ROOT)}: {name}" for path in paths for name in names_of(path.read_text())]


def too_long(source: str) -> list[str]:
    return [f"{node.name}, {length(node)} lines" for node in functions(source) if length(node) > FUNCTION_MAX_LINES]


def test_no_function_is_too_long():
    assert guilty(python_files(), too_long) == []


def test_median_function_is_short():
    lengths = [length(node) for path in python_files() for node in functions(path.read_text())]

    assert median(lengths) <= FUNCTION_MEDIAN_LINES


def test_no_file_is_too_long():
    assert beyond([path for path in python_files() if path != VERIFIER], FILE_MAX_LINES) == []


def test_verifier_can_be_read_in_an_evening():
    assert beyond([VERIFIER], VERIFIER_MAX_LINES) == []


def test_no_channel_is_too_long():
    paths = python_files("channels")

    assert paths
    assert beyond(paths, CHANNEL_MAX_LINES) == []


def test_median_template_is_short():
    assert median(line_count(path) for path in files("*.html")) <= TEMPLATE_MEDIAN_LINES


def test_no_script_is_too_long():
    assert beyond(files("*.js"), SCRIPT_MAX_LINES) == []


def test_every_function_below_the_pages_has_a_return_type():
    assert guilty(python_files(*TYPED), untyped) == []


def test_everything_public_below_the_pages_has_a_docstring():
    assert guilty(python_files(*TYPED), undocumented) == []


@pytest.mark.parametrize(("lines", "found"), [(39, []), (40, []), (41, ["planted, 41 lines"])])
def test_long_function_is_seen(lines, found):
    source = "def planted():\n" + "    x = 1\n" * lines

    assert too_long(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def a(): pass", ["a"]),
        ("class A:\n    def b(self): pass", ["A", "b"]),
        ('class A:\n    "Doc."\n    class Meta: pass\n    def __str__(self): pass', []),
        ("def _a(): pass", []),
        ('def a():\n    "Doc."\n    def inner(): pass', []),
    ],
)
def test_missing_docstring_is_seen(source, found):
    assert undocumented(source) == found


@pytest.mark.parametrize(("source", "found"), [("def a(x): pass", ["a"]), ("def a(x) -> int: pass", [])])
def test_missing_return_type_is_seen(source, found):
    assert untyped(source) == found
