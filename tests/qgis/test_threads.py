"""Algorithms in QGIS's threads: cancelled in the middle, and torch imported where it does no harm.

The middle is that of the run's own questions whether to stop, not of the clock: a busy machine changes nothing.
Seconds are measured by ``make bench`` (tests/commands/evidence/benches/cancel.py).
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from cases import ENGINE, INVENTORY, NETWORK, OUT, PROBABILITY, ZONES, filled
from checkout import ROOT
from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QEventLoop, QTimer
from tiny_dataset import tiny_dataset

FOLDER = "<folder>"
TABLE = {k: v for k, v in NETWORK.items() if k != "FAILURE_MASK"}
WITH_NETWORK = {"METHOD": "network", "MODEL": "{weights}", "DEVICE": "cpu"}
CASES = {
    "network": ("predictfailuremask", {**NETWORK, "FACTOR_OF_SAFETY": OUT, "REPORT": OUT}),
    "network, depth estimated": ("predictfailuremask", {**NETWORK, "SOIL_DEPTH": None}),
    "table": ("predictfromtable", {**TABLE, "TABLE": "{rows}", "OUTPUT_FOLDER": FOLDER, "SUMMARY": "<summary>",
                                   "FAILURE_FREQUENCY": OUT, "REPORT": OUT}),
    "engine": ("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": OUT, "FAILURE_TIME": OUT, "REPORT": OUT}),
    "critical rainfall": ("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": OUT, "CRITICAL_RAINFALL": OUT}),
    "probability, engine": ("failureprobability", PROBABILITY),
    "probability, network": ("failureprobability", {**PROBABILITY, **WITH_NETWORK}),
    "probability, first order": ("failureprobability", {**PROBABILITY, "METHOD": "first order"}),
    "soil depth": ("estimatesoildepth", {"DEM": "{dem}", "METHOD": "slope_curvature", "SOIL_DEPTH": OUT}),
    "zones": ("parametersfromzones", {**ZONES, "FRICTION_ANGLE_FIELD": "phi", "FRICTION_ANGLE": OUT}),
    "inventory": ("validateinventory", {**INVENTORY, "DEM": "{dem}"}),
    "calibration": ("calibratetoinventory", {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "LANDSLIDES": "{points}",
                                             "SETS": 10, "SUSCEPTIBILITY": OUT, "REPORT": OUT,
                                             "SCENARIOS": "<sets>"}),
    "failed cells": ("countfailedcells", {"FAILURE_MASK": "{zero_or_one}", "FEATURES": "{zones}",
                                          "EXPOSURE": "<exposure>"}),
    "example data": ("exampledata", {"SIZE": 64, "OUTPUT_FOLDER": FOLDER}),
    "data set": ("builddataset", {"DESIGN": "space_filling", "DEM": "{dem}", "SOIL_DEPTH": "{depth}", "CASES": 12,
                                  "WORKERS": 1, "OUTPUT_FOLDER": FOLDER}),
    "training": ("trainmodel", {"DATASET": "{dataset}", "ARCHITECTURE": "paper", "WIDTH": 4, "EPOCHS": 2,
                                "DEVICE": "cpu", "MODEL": "<weights>"}),
    "evaluation": ("evaluatemodel", {"DATASET": "{dataset}", "MODEL": "{weights}", "DEVICE": "cpu", "SPLIT": "all",
                                     "METRICS": "<metrics>", "CASE_SCORES": "<scores>", "REPORT": OUT}),
}  # fmt: skip
#: What a stop keeps by design, whole, so that the same call goes on.
KEPT = {"data set": "folder", "training": ".slopecast.m.training"}
NAMES = {"<folder>": "folder", "<summary>": "summary.csv", "<weights>": "m.safetensors", "<metrics>": "metrics.csv",
         "<scores>": "scores.csv", "<exposure>": "exposure.gpkg", "<sets>": "sets.csv"}  # fmt: skip


class Asked(QgsProcessingFeedback):
    """Counts the run's questions whether to stop, and answers yes from one of them on."""

    def __init__(self, stop_at=None):
        super().__init__(False)
        self.asked, self.stop_at, self.errors = 0, stop_at, []

    def isCanceled(self):
        self.asked += 1
        if self.stop_at is not None and self.asked >= self.stop_at:
            self.cancel()
        return super().isCanceled()

    def reportError(self, text, fatalError=False):  # noqa: N803
        self.errors.append(text)


def run_in_background(name, parameters, feedback):
    """Run as the dialog does; returns whether it succeeded."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}")
    assert algorithm.checkParameterValues(parameters, context) == (True, "")
    finished, loop = [], QEventLoop()
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)

    def executed(successful, _results):
        finished.append(successful)
        loop.quit()

    task.executed.connect(executed)
    QTimer.singleShot(240_000, loop.quit)
    QgsApplication.taskManager().addTask(task)
    if not finished:
        loop.exec()
    assert finished, "the task has not ended"
    return finished[0]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    pytest.importorskip("torch")
    return str(tiny_dataset(tmp_path_factory.mktemp("sets") / "tiny", 32).folder)


def content(folder):
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}


@pytest.mark.parametrize("case", CASES)
def test_cancelled_in_the_middle(case, files, dataset, tmp_path):
    """The run ends at the question that was answered with yes, and the folder is as it was before."""
    name, parameters = CASES[case]
    known = {**files, "dataset": dataset, "rows": str(tmp_path / "rows.csv")}
    (tmp_path / "rows.csv").write_text("rainfall,cohesion\n" + "8,2\n" * 6)

    def given(folder):
        return {k: str(folder / NAMES[v]) if v in NAMES else v for k, v in filled(parameters, known, folder).items()}

    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    for folder in (whole, stopped):
        folder.mkdir()
        (folder / "notes.txt").write_text("of the user")
    first = Asked()
    assert run_in_background(name, given(whole), first), first.errors
    assert len(content(whole)) > 1
    assert first.asked >= 4, "too few questions for a middle"
    before = content(stopped)
    second = Asked(stop_at=first.asked // 2)
    assert not run_in_background(name, given(stopped), second)
    assert second.asked <= second.stop_at + 2, "it went on after it was asked to stop"
    if case in KEPT:
        left = set(content(stopped)) - set(before)
        assert not [path for path in left if not path.startswith(KEPT[case]) or path.endswith(".part")]
    else:
        assert content(stopped) == before


ENTRY = """
import os, sys, threading
sys.path[:0] = [{tests!r}, {qgis!r}]
where = []
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "torch":
            where.append(threading.current_thread().name)
sys.meta_path.insert(0, Watch())
import checkout
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback
application = QgsApplication([], False)
application.initQgis()
from slopecast.plugin.provider import SlopecastProvider
provider = SlopecastProvider()
QgsApplication.processingRegistry().addProvider(provider)
def work():
    algorithm = provider.algorithm({name!r}).create()
    print(algorithm.run({parameters!r}, QgsProcessingContext(), QgsProcessingFeedback()))
thread = threading.Thread(target=work, name="worker")
thread.start()
thread.join()
print("IMPORTED", "torch" in sys.modules, "IN", where[-1])
sys.stdout.flush()
os._exit(0)
"""


@pytest.mark.parametrize("case", ["network", "training", "evaluation"])
def test_torch_is_not_first_imported_in_a_thread_that_is_used_again(case, files, dataset, tmp_path):
    """It keeps that thread's state of Python, which QGIS ends with the run: the next one there would crash (2.6)."""
    name, parameters = CASES[case]
    given = {k: str(tmp_path / NAMES[v]) if v in NAMES else v
             for k, v in filled(parameters, {**files, "dataset": dataset}, tmp_path).items()}  # fmt: skip
    code = ENTRY.format(tests=str(ROOT / "tests"), qgis=str(ROOT / "tests" / "qgis"), name=name, parameters=given)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=240, check=False, env={**os.environ}
    )
    assert "IMPORTED True" in done.stdout, done.stdout + done.stderr
    assert "IN worker" not in done.stdout
