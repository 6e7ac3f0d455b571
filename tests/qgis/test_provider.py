"""The provider: there without torch, quickly, and honest about what is missing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProcessingException, QgsProcessingParameterEnum
from slopecast.plugin.provider import _may_ask_for_models

TESTS = Path(__file__).resolve().parent.parent
ALGORITHMS = {
    "predictfailuremask", "simulatefactorofsafety", "estimatesoildepth", "comparemasks", "exampledata",
    "checkenvironment", "designrainfall", "failureprobability",
    "parametersfromzones", "validateinventory", "predictfromtable", "mapsheet", "builddataset", "evaluatemodel",
    "countfailedcells", "maskstopolygons", "calibratetoinventory",
}  # fmt: skip

#: The core's modules that the provider needs to register its algorithms.
LIGHT = {
    f"slopecast.plugin.core.{name}"
    for name in (
        "errors", "feedback", "files", "files.atomic", "files.inputs", "files.lock", "files.whole", "files.work_folder",
        "quantities", "quantities.foreign_text", "raster", "raster.inputs", "raster.names", "reliability",
    )
}  # fmt: skip

WITHOUT_TORCH = """
import re, sys, time
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "safetensors"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocked())
sys.path.insert(0, sys.argv[1])
from qgis.core import QgsApplication
application = QgsApplication([], False)
application.initQgis()
import checkout
heavy = {"numpy", "torch", "osgeo", "numba", "difflib"} - set(sys.modules)  # newer QGIS imports numpy itself
began = time.process_time()  # other programs do not count
from slopecast.plugin.provider import SlopecastProvider
provider = SlopecastProvider()
QgsApplication.processingRegistry().addProvider(provider)
print("seconds", time.process_time() - began)
print("heavy", sorted(heavy & set(sys.modules)))
print("core", sorted(name for name in sys.modules if name.startswith("slopecast.plugin.core.")))
ours = [module for name, module in list(sys.modules.items()) if name.startswith("slopecast.plugin.")]
print("compiled", [f"{m.__name__}.{n}" for m in ours for n, v in vars(m).items() if isinstance(v, re.Pattern)])
print("others", sorted(set(sys.modules) & {"slopecast.plugin.ml", "slopecast.plugin.gui"}))
print("algorithms", sorted(a.name() for a in provider.algorithms()))
sys.stdout.flush()
import os
os._exit(0)
"""


def test_algorithms():
    """All are there, under fixed ids."""
    provider = QgsApplication.processingRegistry().providerById("slopecast")
    assert {a.name() for a in provider.algorithms()} >= ALGORITHMS
    assert provider.name() == "Slopecast"
    assert not provider.icon().isNull()


def test_loads_without_torch_and_without_anything_heavy():
    """In a fresh process where torch cannot be imported: all algorithms, no numpy, no GDAL, in a moment."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, str(TESTS)], capture_output=True, text=True, timeout=60, check=False
    )
    printed = dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)
    assert printed["heavy"] == "[]", done.stderr
    assert all(name in printed["algorithms"] for name in ALGORITHMS)
    assert float(printed["seconds"]) < 1.0  # 0.03 s on an idle machine, 0.07 s with the graphical models
    loaded = set(ast.literal_eval(printed["core"]))
    assert loaded <= LIGHT, "import it where it is used: QGIS waits for it when it starts"
    assert printed["compiled"] == "[]", "keep the pattern as a text: re compiles it when it is first used"
    assert printed["others"] == "[]"


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["/usr/bin/qgis_process.bin", "run", "slopecast:designrainfall", "--RETURN_PERIOD=10"], False),
        (["qgis_process", "--json", "run", "slopecast:predictfailuremask", "--", "DEM=a.tif"], False),
        (["qgis_process.exe", "help", "slopecast:comparemasks"], False),
        (["qgis_process", "run", "slopecast:model_exposure"], True),
        (["qgis_process", "help", "slopecast:model_return_periods"], True),
        (["qgis_process", "run", "my chain.model3"], True),
        (["qgis_process", "list"], True),
        (["qgis_process"], True),
        (["qgis_process.bin", "--json", "plugins"], False),
        (["qgis_process", "run", "native:buffer"], True),
        (["/usr/bin/qgis.bin", "run", "slopecast:designrainfall"], True),
        (["script.py"], True),
        ([], True),
    ],
)
def test_models_are_read_where_they_may_be_needed(arguments, needed):
    """Reading them takes as long as all the rest of the start."""
    assert _may_ask_for_models(arguments) == needed


def test_without_torch_training_is_refused_with_one_advice(files, tmp_path, monkeypatch):
    """What needs torch stays, and reports in one message what is missing and how to get it; the engine runs."""
    import processing

    for name in [n for n in sys.modules if n.split(".")[0] in ("torch", "safetensors")] + ["torch"]:
        monkeypatch.setitem(sys.modules, name, None)
    algorithm = QgsApplication.processingRegistry().algorithmById("slopecast:evaluatemodel")
    possible, reason = algorithm.canExecute()
    assert not possible
    assert "torch is not installed" in reason
    assert "-m pip install" in reason
    with pytest.raises(QgsProcessingException, match="torch is not installed") as caught:
        processing.run("slopecast:evaluatemodel", {"DATASET": str(tmp_path), "METRICS": str(tmp_path / "m.csv")})
    assert str(caught.value).count("pip install") == 1
    assert not list(tmp_path.iterdir())
    processing.run(
        "slopecast:simulatefactorofsafety", {"DEM": files["dem"], "FACTOR_OF_SAFETY": str(tmp_path / "f.tif")}
    )
    report = processing.run("slopecast:checkenvironment", {"REPORT": str(tmp_path / "r.html")})["REPORT"]
    assert "torch is not installed" in Path(report).read_text(encoding="utf-8")


def test_every_tool_has_an_icon_of_its_own():
    """Each has a drawing of its own, that is there and not empty; the models share one."""
    drawn = {}
    for algorithm in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        image = algorithm.icon().pixmap(32, 32).toImage()
        colours = {image.pixel(x, y) for x in range(32) for y in range(32)}
        assert len(colours) > 3, algorithm.id()
        drawn.setdefault(tuple(image.pixel(x, y) for x in range(32) for y in range(32)), []).append(algorithm)
    shared = [same for same in drawn.values() if len(same) > 1]
    assert [{one.groupId() for one in same} for same in shared] == [{"graphical_models"}]


@pytest.mark.parametrize("name", sorted(ALGORITHMS))
def test_choices_are_short_enough_for_the_width_that_forms_open_with(qgis_application, name):
    """QGIS opens a form at some 50 letters; a longer choice makes it scroll sideways. What it means is in the help."""
    algorithm = QgsApplication.processingRegistry().algorithmById(f"slopecast:{name}")
    for parameter in algorithm.parameterDefinitions():
        for choice in parameter.options() if isinstance(parameter, QgsProcessingParameterEnum) else ():
            assert len(choice) <= 60, choice
