"""Change a module in small ways, one at a time, and count how many of the changes a test notices.

`python -m tests.mutants FILE... --tests PATH... [--sample 100] [--seed 1]`: a random sample of every change there is,
each tried by pytest on a copy of the tree. For code whose tests need a database, where `make mutants` (every change, in
memory) is out of reach. Prints the changes that nobody noticed.
"""

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 300
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
            ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change of one file: the node's place in the order of `ast.walk`, and what is done to it."""

    path: Path
    node: int
    kind: str
    line: int

    def __str__(self) -> str:
        text = (ROOT / self.path).read_text(encoding="utf-8").splitlines()[self.line - 1].strip()
        return f"{self.path}:{self.line} {self.kind}: {text}"


def changes_of(path: Path) -> list[Change]:
    """Every change of a file that this module knows; docstrings, annotations and decorators are left alone."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    left_alone = set(_left_alone(tree))
    return [
        Change(path, place, kind, node.lineno)
        for place, node in enumerate(ast.walk(tree))
        if node not in left_alone
        for kind in kinds_of(node)
    ]


def kinds_of(node: ast.AST) -> Iterator[str]:
    """What can be done to a node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        yield "another comparison"
    elif isinstance(node, ast.BoolOp):
        yield "and for or"
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in COMPUTED:
        yield "another operator"
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool | int | str | bytes) and node.value != "":
        yield "another value"
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        yield "the opposite"
    elif isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield "left out"
    elif isinstance(node, ast.Return) and not (node.value is None or _is_none(node.value)):
        yield "nothing returned"


def changed(change: Change) -> str:
    """The text of the file with the change made."""
    tree = ast.parse((ROOT / change.path).read_text(encoding="utf-8"))
    node = list(ast.walk(tree))[change.node]
    if change.kind == "left out":
        tree = _LeftOut(node).visit(tree)
    else:
        _alter(node, change.kind)
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _alter(node, kind: str) -> None:
    if kind == "another comparison":
        node.ops[0] = COMPARED[type(node.ops[0])]()
    elif kind == "and for or":
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif kind == "another operator":
        node.op = COMPUTED[type(node.op)]()
    elif kind == "the opposite":
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif kind == "nothing returned":
        node.value = ast.Constant(None)
    else:
        node.value = _other(node.value)


def _other(value):
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value + (b"X" if isinstance(value, bytes) else "X")


class _LeftOut(ast.NodeTransformer):
    def __init__(self, node: ast.AST) -> None:
        self.node = node

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if node is self.node else super().generic_visit(node)


def _left_alone(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield from [body[0], *ast.walk(body[0])] if isinstance(body[0].value, ast.Constant) else []
        for decorator in getattr(node, "decorator_list", []):
            yield from ast.walk(decorator)
        for name in ("annotation", "returns"):
            if getattr(node, name, None) is not None:
                yield from ast.walk(getattr(node, name))


def is_noticed(change: Change, tree: Path, tests: list[str]) -> bool:
    """Whether the tests fail, or hang, on a tree with the change."""
    target = tree / change.path
    kept = target.read_text(encoding="utf-8")
    target.write_text(changed(change), encoding="utf-8")
    try:
        return not passes(tree, tests)
    finally:
        target.write_text(kept, encoding="utf-8")


def passes(tree: Path, tests: list[str]) -> bool:
    """Whether the tests pass on a tree within five minutes."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", *tests]
    try:
        return subprocess.run(command, cwd=tree, capture_output=True, timeout=LIMIT_S, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def main(arguments: list[str]) -> int:
    """Exit code 0 when at least nine of ten changes were noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    every = [change for path in asked.files for change in changes_of(path)]
    sample = random.Random(asked.seed).sample(every, min(asked.sample, len(every)))
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in ("sangto", "tests"):
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", tree)
        if not passes(tree, asked.tests):
            print("the tests fail as it is")
            return 2
        noticed = 0
        for done, change in enumerate(sample, start=1):
            seen = is_noticed(change, tree, asked.tests)
            noticed += seen
            print(f"{done}/{len(sample)} {'noticed' if seen else 'NOT NOTICED ' + str(change)}", flush=True)
    print(f"{noticed} of {len(sample)} noticed ({noticed / len(sample):.0%}), out of {len(every)} changes there are")
    return 0 if noticed >= 0.9 * len(sample) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
