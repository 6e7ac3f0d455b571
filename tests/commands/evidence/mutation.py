"""``make mutation``: small faults in the physics and the metrics, and whether their unit tests detect them.

Each mutant has one change: another operator, comparison, constant, choice or function. A copy of this process, which
has collected the tests, changes the module's functions and runs the tests until one fails. Mutants that no test notices
are printed; those that behave as the original does are listed in ``EQUIVALENT`` with the reason.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import itertools
import os
import resource
import sys
from pathlib import Path
from typing import Any, Iterator

for _name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # threads do not live on in a copy
    os.environ[_name] = "1"
os.environ["SLOPECAST_NUMBA"] = "0"  # the modules in plain Python are those that are changed
os.environ["NUMBA_DISABLE_JIT"] = "1"
ROOT = Path(__file__).resolve().parents[3]

import hypothesis  # noqa: F401 - once, for all copies
import numpy as np  # noqa: F401
import pytest
from osgeo import gdal  # noqa: F401

with contextlib.suppress(ImportError):
    import torch  # noqa: F401

LONGEST_S = 20
#: Module: its unit tests, the quick ones first.
MODULES = {
    "core/physics/stability.py": ("test_stability", "test_processes"),
    "core/physics/infiltration.py": ("test_infiltration", "test_column"),
    "core/physics/flow/groundwater.py": ("test_groundwater", "test_engine"),
    "core/validation/metrics.py": ("test_metrics",),
}
#: Function and change: why nothing can notice it.
_SPEED = "the size of a block changes the speed alone"
_SHAPE = "the term is 0 and gives the shape alone"
_START = "Newton's method comes to the same root from any start above it, and after one step from below"
EQUIVALENT = {
    "module: 512 -> 513": _SPEED,
    "module: 16384 -> 16385": _SPEED,
    "module: 2000000 -> 2000001": _SPEED,
    "module: 40 -> 41": "no more than five steps are needed",
    "factor_of_safety: MAXIMUM_FS + 0.0 * fs -> MAXIMUM_FS - 0.0 * fs": _SHAPE,
    "_roots: strength.root_depth + 0.0 * depth -> strength.root_depth - 0.0 * depth": _SHAPE,
    "_roots: strength.root_cohesion + 0.0 * depth -> strength.root_cohesion - 0.0 * depth": _SHAPE,
    "module: 1024 -> 1025": _SPEED,
    "_levels: 1 -> 2": _SPEED,
    "_levels: values.size // _PROBED -> values.size * _PROBED": _SPEED,
    "distinct_combinations: any -> all": "more values of one raster are more combinations as well",
    "read: compiled() -> not compiled()": "both give the same",
    "read: 0.0 -> 1.0": "the value behind the last node has a weight of 0",
    "_places: _NODES - 2 -> _NODES + 2": "the value behind the last node has a weight of 0",
    "module: numba is not None -> not numba is not None": "the modules run in plain Python here",
    "module: numba is not None -> numba is None": "the modules run in plain Python here",
    "of_map: MASK_NODATA + 1 -> MASK_NODATA - 1": "only the first four counts are read",
    "of_map: 1 -> 2": "only the first four counts are read",
    "_grown: source.shape[0] - 1 -> source.shape[0] + 1": "a shift by more than the map moves nothing",
    "ponding_amount: 1.0 -> 2.0": "divides cells that never pond, whose quotient is not used",
    "ponded_growth: 1.0 -> 2.0": _START,
    "ponded_growth: 1e-12 -> 1.000000000001": _START,
    "ponded_growth: gain > 0 -> gain >= 0": "without a gain the method stays where it begins",
    "advance_infiltration: start_and_rain > ponding -> start_and_rain >= ponding": "both give the same then",
    "of: options.initial_suction > 0.0 -> options.initial_suction >= 0.0": "a head of 0 gives no strength",
}

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


class Mutants:
    """Runs tests once for each mutant of a module, in copies of a process that has collected them already."""

    def __init__(self, module: str, source: str, copies: int) -> None:
        self.module, self.source, self.copies = module, source, copies
        self.results: list[tuple[str, int, bool]] = []  # name, line, whether the tests pass

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests of all mutants in place of those of this process."""
        running: dict[int, tuple[str, int]] = {}
        for name, line, source in itertools.chain([("", 0, self.source)], mutants(self.source)):
            if len(running) == self.copies:
                self._wait(running)
            child = os.fork()
            if child == 0:
                self._run(session, source)
            running[child] = name, line
        while running:
            self._wait(running)
        return True

    def _wait(self, running: dict[int, tuple[str, int]]) -> None:
        child, status = os.wait()
        self.results.append((*running.pop(child), status == 0))

    def _run(self, session: pytest.Session, source: str) -> None:
        """Change the module and run the tests until one fails; ends the process."""
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))  # a change may make it endless: noticed
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            change(sys.modules[f"slopecast.plugin.{self.module}"], source)
            for item, following in zip(session.items, [*session.items[1:], None]):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if session.testsfailed:
                    os._exit(1)
        except BaseException:
            os._exit(1)
        os._exit(0)


def change(module: Any, source: str) -> None:
    """Give the functions of a module the code of another source, and those who use its constants their new values."""
    made = dict(vars(module))
    exec(compile(source, module.__file__, "exec"), made)
    for name, new in made.items():
        old = vars(module).get(name)
        if getattr(new, "__module__", None) != module.__name__ and not isinstance(new, (bool, int, float, tuple)):
            continue
        if isinstance(old, type):
            for key in vars(new):
                swap(vars(old).get(key), vars(new)[key])
        elif callable(old):
            swap(old, new)
        elif old != new:
            for user in [
                m for m in sys.modules.values() if getattr(m, "__name__", "").startswith(("slopecast", "test"))
            ]:
                if vars(user).get(name) is old:
                    setattr(user, name, new)


def swap(old: Any, new: Any) -> None:
    """Give a function, property or method the code and defaults of another one."""
    for inner in ("fget", "func", "__func__"):  # of property, cached_property, classmethod
        old, new = getattr(old, inner, old), getattr(new, inner, new)
    if hasattr(old, "__code__") and old.__code__.co_freevars == new.__code__.co_freevars:
        old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__


def main() -> int:
    """Print what is not noticed, and the shares; 1 where any is below nine of ten."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[Path(module).stem for module in MODULES], help="one module; default: all")
    parser.add_argument("--copies", type=int, default=os.cpu_count(), help="mutants at a time")
    given, low = parser.parse_args(), False
    for module, tests in MODULES.items():
        if given.only not in (None, Path(module).stem):
            continue
        path = ROOT / "plugin" / module
        source = path.read_text(encoding="utf-8")
        runs = Mutants(module.removesuffix(".py").replace("/", "."), source, given.copies)
        files = [str(next((ROOT / "tests" / "unit").rglob(f"{test}.py"))) for test in tests]
        options = ["-o", "addopts=--import-mode=importlib", "-p", "no:terminal", "-p", "no:cacheprovider"]
        pytest.main([*options, "-m", "not slow", *files], plugins=[runs])
        if [passes for name, _, passes in runs.results if not name] != [True]:
            raise SystemExit(f"{module}: its tests fail without a change")
        unnoticed = [(name, line) for name, line, passes in runs.results if name and passes]
        alive = [one for one in unnoticed if one[0] not in EQUIVALENT]
        total, same = len(runs.results) - 1, len(unnoticed) - len(alive)
        for name, line in sorted(alive, key=lambda one: one[1]):
            print(f"  {module}:{line} {name}")
        noticed = total - len(unnoticed)
        print(f"{module}: {total} mutants, {noticed} noticed, {same} equivalent, {len(alive)} not noticed: "
              f"{(noticed + same) / total:.1%}", flush=True)  # fmt: skip
        low |= noticed + same < 0.9 * total
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
