"""Arrows point down only: gui, algorithms, ml, core; torch lives in ml alone; core needs neither QGIS nor torch."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Iterator

import pytest
from checkout import ROOT

PLUGIN = ROOT / "plugin"
GUI = {"qgis", "PyQt5", "PyQt6", "PySide2", "PySide6"}
# Layer: the outside modules and the layers that it may not import.
FORBIDDEN = {
    "core": (GUI | {"torch"}, {"ml", "algorithms", "gui", "main", "provider"}),
    "ml": (GUI, {"algorithms", "gui", "main", "provider"}),
    "algorithms": ({"torch"}, {"gui", "main"}),
    "gui": ({"torch"}, set()),
}


def python_files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*.py") if "__pycache__" not in p.parts)


def imports(path: Path) -> Iterator[str]:
    """Absolute names of everything that a file imports, wherever in it: ``torch``, ``slopecast.plugin.core.grid``."""
    package = ("slopecast", *path.relative_to(ROOT).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *(node.module or "").split("."))).strip(".")
            yield from (f"{module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", python_files(PLUGIN), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    layer = path.relative_to(PLUGIN).parts[0]
    outside, inside = FORBIDDEN.get(layer, ({"torch"}, set()))
    for name in imports(path):
        assert name.split(".")[0] not in outside, f"{layer} must not import {name}"
        parts = name.split(".")
        if parts[:2] == ["slopecast", "plugin"] and len(parts) > 2:
            assert parts[2] not in inside, f"{layer} must not import {name}"


@cache
def bound_names(path: Path) -> set[str]:
    """What a module's own level binds: functions, classes, constants and imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
    return found


def exists(name: str) -> bool:
    """Whether an absolute name in this package is a package, a module, or what one of them binds."""
    *parts, last = name.split(".")[1:]
    place = ROOT.joinpath(*parts)
    if (place / last).is_dir() or (place / f"{last}.py").is_file():
        return True
    module = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    return module.is_file() and last in bound_names(module)


@pytest.mark.parametrize("folder", ["plugin", "tests"])
def test_what_is_imported_exists(folder: str) -> None:
    """Also within functions, where a module that has moved would be missed only when they run."""
    for path in python_files(ROOT / folder):
        missing = [n for n in imports(path) if n.startswith("slopecast.") and not exists(n)]
        assert not missing, f"{path.relative_to(ROOT)} imports {missing}"


def test_the_check_sees_imports() -> None:
    """The check above would be worthless if it found nothing."""
    names = set(imports(PLUGIN / "core" / "physics" / "simulation.py"))
    assert "slopecast.plugin.core.feedback.Feedback" in names
    assert "slopecast.plugin.core.physics.flow.groundwater" in names
    assert "numpy" in names


BLOCKED = """
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {blocked!r}:
            raise ImportError(name + " is blocked by the test")

sys.meta_path.insert(0, Wall())
sys.path.insert(0, {tests!r})
import checkout, importlib
import slopecast
for name in {modules!r}:
    importlib.import_module(name)
print(len({modules!r}), sorted(set(sys.modules) & {blocked!r}))
"""


def test_core_imports_without_torch_qgis_and_qt() -> None:
    files = [PLUGIN / "variables.py", *python_files(PLUGIN / "core")]
    modules = [
        ".".join(("slopecast", *p.relative_to(ROOT).with_suffix("").parts)).replace(".__init__", "") for p in files
    ]
    code = BLOCKED.format(blocked=GUI | {"torch"}, tests=str(ROOT / "tests"), modules=modules)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(len(modules)), "[]"]
    assert len(modules) > 10


def test_workers_need_no_gdal() -> None:
    """What workers of a cluster and processes run; a machine that trains networks may have no GDAL either."""
    names = ("windowed.solve", "workers.cluster_worker", "workers.remote_water", "dataset.build", "dataset.dataset")
    modules = [f"slopecast.plugin.core.{name}" for name in names]
    code = BLOCKED.format(blocked=GUI | {"osgeo"}, tests=str(ROOT / "tests"), modules=modules)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = BLOCKED.format(
        blocked=GUI | {"torch", "numpy", "osgeo", "numba"}, tests=str(ROOT / "tests"), modules=["slopecast.plugin"]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", python_files(PLUGIN), ids=lambda p: str(p.relative_to(ROOT)))
def test_runtime_code_has_no_assert_no_subprocess_and_no_bare_except(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree)), "python -O drops asserts"
    assert not any(isinstance(node, ast.ExceptHandler) and node.type is None for node in ast.walk(tree))
    if path.relative_to(PLUGIN).parts[0] == "core":
        assert "subprocess" not in {name.split(".")[0] for name in imports(path)}


#: Keywords of numpy's functions that came after 1.20, which QGIS 3.22 has on Windows; Ubuntu 22.04 has 1.21.
NEWER_KEYWORDS = {
    **dict.fromkeys(("nanmax", "nanmin", "nansum", "nanprod", "nanmean", "nanstd", "nanvar"), ("initial", "where")),
    **dict.fromkeys(("quantile", "percentile", "nanquantile", "nanpercentile"), ("method", "weights")),
    **dict.fromkeys(("std", "var", "nanstd", "nanvar"), ("correction", "mean")),
    **dict.fromkeys(("stack", "vstack", "hstack"), ("dtype", "casting")),
    "unique": ("equal_nan", "sorted"), "isin": ("kind",), "clip": ("min", "max"), "reshape": ("shape", "copy"),
}  # fmt: skip


def test_numpy_of_the_oldest_qgis_has_all_keywords() -> None:
    used = [
        (path.name, node.lineno, node.func.attr, keyword.arg)
        for path in python_files(PLUGIN)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        for keyword in node.keywords
        if keyword.arg in NEWER_KEYWORDS.get(node.func.attr, ())
    ]
    assert used == []


def test_make_targets_have_a_help_and_are_no_files():
    """But those that are files."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    helped = dict(re.findall(r"^([a-z-]+):(?!=)(.*)$", text, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split()
    assert sorted(phony) == sorted(helped)
    assert not [name for name, rest in helped.items() if not re.search(r"## \S", rest)]


def test_commands_are_listed_and_run_by_name():
    """``python tests/commands`` lists every command with a line of its own; a wrong name is refused with the list."""
    run = [sys.executable, str(ROOT / "tests" / "commands")]
    listing = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"tests/commands (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert targets
    for name in targets:
        assert re.search(rf"^  {name} +\S.+\.$", listing, re.MULTILINE), name
    refused = subprocess.run([*run, "made_up"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "'made_up'" in refused.stderr
    assert listing.partition("\n\n")[2].strip() in refused.stderr
    explained = subprocess.run([*run, "demo", "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "Altavista" in explained  # and nothing is downloaded
