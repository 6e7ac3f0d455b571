"""``make mutation``: small faults in the physics and the metrics, and whether their unit tests notice them.

Each mutant has one change: another operator, comparison, constant, choice or function. A copy of this process imports
the changed module and runs its unit tests until one fails. Mutants that no test notices are printed; those that behave
as the original does are listed in ``EQUIVALENT`` with the reason.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.machinery
import os
import resource
import sys
from pathlib import Path
from typing import Any, Iterator

for _name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # threads do not live on in a copy
    os.environ[_name] = "1"
os.environ["SLOPECAST_NUMBA"] = "0"  # the modules in plain Python are those that are changed
ROOT = Path(__file__).resolve().parents[3]

import hypothesis  # noqa: F401 - once, for all copies
import numpy as np  # noqa: F401
import pytest
from osgeo import gdal  # noqa: F401

with contextlib.suppress(ImportError):
    import torch  # noqa: F401

LONGEST_S = 90
#: Module: its unit tests, the quick ones first.
MODULES = {
    "core/physics/stability.py": ("test_stability", "test_processes"),
    "core/physics/infiltration.py": ("test_infiltration", "test_column"),
    "core/physics/groundwater.py": ("test_groundwater", "test_engine"),
    "core/metrics.py": ("test_metrics",),
}
#: Function and change: why nothing can notice it.
EQUIVALENT: dict[str, str] = {}

_OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.FloorDiv: ast.Mult, ast.USub: ast.UAdd,
}  # fmt: skip
_NAMES = {"maximum": "minimum", "minimum": "maximum", "sin": "cos", "cos": "sin", "max": "min", "min": "max",
          "any": "all", "all": "any"}  # fmt: skip
_SKIPPED = ("annotation", "returns", "decorator_list", "bases")


def changes(tree: ast.AST, function: str = "module") -> Iterator[tuple[str, ast.AST, str, Any]]:
    """Yield (function, node, field, other value of it) for each change."""
    for field, value in ast.iter_fields(tree):
        for node in value if isinstance(value, list) else [value]:
            if field in _SKIPPED or not isinstance(node, ast.AST):
                continue
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue  # a docstring
            name = getattr(node, "name", function) if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else function
            yield from ((name, node, *change) for change in changes_of(node))
            yield from changes(node, name)


def changes_of(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield (field, other value of it) for the changes of one node."""
    if type(getattr(node, "op", None)) in _OPERATORS:
        yield "op", _OPERATORS[type(node.op)]()
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _OPERATORS:
        yield "ops", [_OPERATORS[type(node.ops[0])](), *node.ops[1:]]
    elif isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        yield "value", not node.value if isinstance(node.value, bool) else node.value + 1
    elif isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield "attr", _NAMES[node.attr]
    elif isinstance(node, ast.Name) and node.id in _NAMES:
        yield "id", _NAMES[node.id]
    if isinstance(node, (ast.If, ast.IfExp)) and getattr(node.test, "id", "") != "TYPE_CHECKING":
        yield "test", ast.UnaryOp(ast.Not(), node.test)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        yield "operand", ast.UnaryOp(node.op, node.operand)


def mutants(source: str) -> Iterator[tuple[str, int, str]]:
    """Yield (name, line, source) of each mutant."""
    tree = ast.parse(source)
    for function, node, field, other in changes(tree):
        shown = node.test if field == "test" else node
        before, was = ast.unparse(shown), getattr(node, field)
        setattr(node, field, other)
        after = ast.unparse(node.test if field == "test" else node)
        yield f"{function}: {before} -> {after}", node.lineno, ast.unparse(tree)
        setattr(node, field, was)


def start(path: Path, source: str, tests: tuple[str, ...]) -> int:
    """Run the tests in a copy of this process in which the module has another source; returns the copy's number."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))  # a change may make it endless: that is noticed
    get_code = importlib.machinery.SourceFileLoader.get_code

    def changed(loader: Any, name: str) -> Any:
        return compile(source, str(path), "exec") if loader.path == str(path) else get_code(loader, name)

    importlib.machinery.SourceFileLoader.get_code = changed
    files = [str(ROOT / "tests" / "unit" / f"{test}.py") for test in tests]
    os._exit(int(pytest.main(["-x", "-q", "-m", "not slow", *files])))


def unnoticed(path: Path, made: Iterator[tuple[str, int, str]], tests: tuple[str, ...], copies: int) -> Iterator[Any]:
    """Yield (name, line, whether its tests pass) of each mutant; several run at a time."""
    running: dict[int, tuple[str, int]] = {}
    for name, line, source in made:
        if len(running) == copies:
            child, status = os.wait()
            yield (*running.pop(child), status == 0)
        running[start(path, source, tests)] = name, line
    while running:
        child, status = os.wait()
        yield (*running.pop(child), status == 0)


def main() -> int:
    """Print what is not noticed, and the shares; 1 where any is below nine of ten."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[Path(module).stem for module in MODULES])
    parser.add_argument("--copies", type=int, default=os.cpu_count(), help="mutants at a time")
    given, low = parser.parse_args(), False
    for module, tests in MODULES.items():
        if given.only not in (None, Path(module).stem):
            continue
        path = ROOT / "plugin" / module
        source = path.read_text(encoding="utf-8")
        if [passes for *_, passes in unnoticed(path, iter([("", 0, source)]), tests, 1)] != [True]:
            raise SystemExit(f"{module}: its tests fail without a change")
        total, same, alive = 0, 0, 0
        for name, line, passes in unnoticed(path, mutants(source), tests, given.copies):
            total += 1
            same += passes and name in EQUIVALENT
            alive += passes and name not in EQUIVALENT
            if passes and name not in EQUIVALENT:
                print(f"  {module}:{line} {name}", flush=True)
        noticed = total - same - alive
        print(f"{module}: {total} mutants, {noticed} noticed, {same} equivalent, {alive} not noticed: "
              f"{(noticed + same) / total:.1%}", flush=True)  # fmt: skip
        low |= noticed + same < 0.9 * total
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
