"""Seconds from a cancel in the middle of each long algorithm to its end, and what it leaves behind.

Each algorithm runs twice, as the dialog runs it: in a background task. The first run goes to its end and gives how long
it takes and the longest stretch in which it does not ask whether to stop, which bounds the wait after any cancel (in
CPU time of its thread too, as the clock counts what else the machine does); the second is cancelled in its middle.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping

import numpy as np
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsField,
    QgsGeometry,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEventLoop, QTimer, QVariant
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from tiny_dataset import tiny_dataset
from written_rasters import write

from . import CELL_M, PAPER_SHAPE
from .measuring import Measurement
from .report import Ratio, Table
from .study_area import EPSG, ORIGIN, rasters, start_qgis

TITLE = "Cancel to end"
WIDE, LARGE = (tuple(times * side for side in PAPER_SHAPE) for times in (2, 4))
WEAK = {"COHESION": 2, "FRICTION_ANGLE": 24}
SMALL_MAP = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", **WEAK}
LARGE_MAP = {"DEM": "{large_dem}", "SOIL_DEPTH": "{large_depth}", **WEAK}
WIDE_MAP = {"DEM": "{wide_dem}", "SOIL_DEPTH": "{wide_depth}", **WEAK}
STRONG = {"CONDUCTIVITY": 1e-5, "LATERAL_ANISOTROPY": 50}
DRAWS = {"COHESION_SD": 0.5, "RAINFALL_SD": 2, "FAILURE_PROBABILITY": "<p.tif>"}
NETWORK = {"DEVICE": "cpu"}

#: Title: algorithm, parameters; ``<name>`` is a file or folder of the run, ``{name}`` an input.
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "predict, 0.85 M cells": ("predictfailuremask", {
        **WIDE_MAP, **NETWORK, "FAILURE_MASK": "<m.tif>", "FACTOR_OF_SAFETY": "<f.tif>", "REPORT": "<r.html>"}),
    "predict, soil depth estimated": ("predictfailuremask", {
        "DEM": "{dem}", **NETWORK, **STRONG, "FAILURE_MASK": "<m.tif>"}),
    "table, 24 rows": ("predictfromtable", {
        **SMALL_MAP, **NETWORK, "TABLE": "{table}", "OUTPUT_FOLDER": "<masks>", "SUMMARY": "<s.csv>",
        "FAILURE_FREQUENCY": "<f.tif>", "REPORT": "<r.html>"}),
    "engine, 3.4 M cells": ("simulatefactorofsafety", {
        **LARGE_MAP, "FACTOR_OF_SAFETY": "<f.tif>", "FAILURE_TIME": "<t.tif>", "REPORT": "<r.html>"}),
    "engine, strong lateral flow": ("simulatefactorofsafety", {
        **SMALL_MAP, **STRONG, "DURATION": 48, "FACTOR_OF_SAFETY": "<f.tif>"}),
    "engine, no lateral flow, 3.4 M cells": ("simulatefactorofsafety", {
        **LARGE_MAP, "LATERAL_FLOW": False, "FACTOR_OF_SAFETY": "<f.tif>"}),
    "critical rainfall": ("simulatefactorofsafety", {
        **SMALL_MAP, "FACTOR_OF_SAFETY": "<f.tif>", "CRITICAL_RAINFALL": "<c.tif>"}),
    "recharge before the rain": ("simulatefactorofsafety", {
        **SMALL_MAP, "ANTECEDENT_RECHARGE": 5, "FACTOR_OF_SAFETY": "<f.tif>"}),
    "probability, engine": ("failureprobability", {**SMALL_MAP, **DRAWS, "METHOD": "engine", "DRAWS": 40}),
    "probability, network": ("failureprobability", {**SMALL_MAP, **DRAWS, **NETWORK, "METHOD": "network", "DRAWS": 20}),
    "probability, strength alone, 3.4 M cells": ("failureprobability", {
        **LARGE_MAP, "COHESION_SD": 0.5, "METHOD": "engine", "DRAWS": 20, "FAILURE_PROBABILITY": "<p.tif>"}),
    "probability, first order, 3.4 M cells": ("failureprobability", {**LARGE_MAP, **DRAWS, "METHOD": "first order"}),
    "soil depth by slope, 3.4 M cells": ("estimatesoildepth", {"DEM": "{large_dem}", "SOIL_DEPTH": "<d.tif>"}),
    "soil depth by curvature, 3.4 M cells": ("estimatesoildepth", {
        "DEM": "{large_dem}", "METHOD": "slope_curvature", "SOIL_DEPTH": "<d.tif>"}),
    "parameters from 400 zones, 3.4 M cells": ("parametersfromzones", {
        "DEM": "{large_dem}", "ZONES": "{zones}", "COHESION_FIELD": "c", "COHESION": "<c.tif>",
        "FRICTION_ANGLE_FIELD": "phi", "FRICTION_ANGLE": "<phi.tif>"}),
    "inventory of 400 landslides, 3.4 M cells": ("validateinventory", {
        "MAP": "{large_depth}", "KIND": "factor of safety", "LANDSLIDES": "{zones}", "DEM": "{large_dem}",
        "REPORT": "<r.html>"}),
    "failed cells at 400 features, 3.4 M cells": ("countfailedcells", {
        "FAILURE_MASK": "{large_mask}", "FEATURES": "{zones}", "EXPOSURE": "<e.gpkg>"}),
    "compare masks, 3.4 M cells": ("comparemasks", {
        "PREDICTED": "{large_mask}", "REFERENCE": "{large_mask}", "AGREEMENT": "<a.tif>"}),
    "example data, 700 x 700": ("exampledata", {"SIZE": 700, "OUTPUT_FOLDER": "<example>"}),
    "data set, procedural": ("builddataset", {
        "DESIGN": "space_filling", "CASES": 64, "WORKERS": 2, "OUTPUT_FOLDER": "<set>"}),
    "data set, one study area, in this process": ("builddataset", {
        "DESIGN": "space_filling", "CASES": 24, "WORKERS": 1, "DEM": "{dem}", "SOIL_DEPTH": "{depth}",
        "OUTPUT_FOLDER": "<set>"}),
    "train, network": ("trainmodel", {
        **NETWORK, "DATASET": "{dataset}", "ARCHITECTURE": "network", "WIDTH": 8, "EPOCHS": 6,
        "MODEL": "<m.safetensors>"}),
    "train, paper": ("trainmodel", {
        **NETWORK, "DATASET": "{dataset}", "ARCHITECTURE": "paper", "WIDTH": 16, "EPOCHS": 6,
        "MODEL": "<m.safetensors>"}),
    "evaluate": ("evaluatemodel", {
        **NETWORK, "DATASET": "{dataset}", "SPLIT": "all", "METRICS": "<m.csv>", "REPORT": "<r.html>"}),
}  # fmt: skip
#: Those of a quick run.
QUICK = ("predict, 0.85 M cells", "table, 24 rows", "probability, strength alone, 3.4 M cells")
#: What a stop keeps by design, so that the same call goes on: blocks of a data set, a checkpoint, rows of a table.
RESUMED = ("builddataset", "trainmodel", "predictfromtable")


class Watching(QgsProcessingFeedback):
    """Notes the longest stretch between two of the run's questions whether to stop, by the clock and in CPU [s]."""

    def __init__(self) -> None:
        super().__init__(False)
        self.longest = self.busiest = self.at = self._busy = 0.0
        self.asked = 0
        self.began = self._last = time.perf_counter()

    def isCanceled(self) -> bool:
        self._note()
        self.asked += 1
        return super().isCanceled()

    def end(self, now: float) -> None:
        """The run is over."""
        self.longest = max(self.longest, now - self._last)

    def _note(self) -> None:
        now = time.perf_counter()
        if now - self._last > self.longest:
            self.longest, self.at = now - self._last, self._last - self.began
        busy = time.thread_time()
        if self.asked:  # the first one is asked by another thread than the last that was noted
            self.busiest = max(self.busiest, busy - self._busy)
        self._last, self._busy = now, busy


@dataclass
class Ran:
    """What a run did: seconds in all and from the cancel on, its feedback, the files that it left."""

    seconds: float
    after_cancel: float | None
    feedback: Watching
    left: list[str] = field(default_factory=list)


def run(algorithm: str, parameters: dict[str, Any], folder: Path, cancel_after: float | None = None) -> Ran:
    """Run an algorithm as a background task; cancelled after some seconds, or not."""
    context, feedback = QgsProcessingContext(), Watching()
    context.setProject(QgsProject.instance())
    known = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{algorithm}")
    good, why = known.checkParameterValues(parameters, context)
    if not good:
        raise RuntimeError(why)
    loop, cancelled, ended = QEventLoop(), [], []
    task = QgsProcessingAlgRunnerTask(known, parameters, context, feedback)
    feedback.began = feedback._last = began = time.perf_counter()

    def executed(*_: object) -> None:
        ended.append(time.perf_counter())
        loop.quit()

    def cancel() -> None:
        if not ended:
            cancelled.append(time.perf_counter())
            task.cancel()

    task.executed.connect(executed)
    if cancel_after is not None:
        QTimer.singleShot(round(1000 * cancel_after), cancel)
    QgsApplication.taskManager().addTask(task)
    if not ended:
        loop.exec()
    feedback.end(ended[0])
    left = sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))
    return Ran(ended[0] - began, ended[0] - cancelled[0] if cancelled else None, feedback, left)


def inputs(folder: Path) -> dict[str, str]:
    """Files that the cases name, written where they are missing."""
    files = {"table": str(folder / "table.csv"), "zones": str(folder / "zones.gpkg")}
    for prefix, shape in (("", PAPER_SHAPE), ("wide_", WIDE), ("large_", LARGE)):
        dem, depth = rasters(folder, shape)
        mask = folder / f"{prefix}mask.tif"
        files.update({f"{prefix}dem": str(dem), f"{prefix}depth": str(depth), f"{prefix}mask": str(mask)})
        if not mask.exists():
            values, grid = read_dem(RasterInput(str(depth)))
            write(mask, (values > np.nanmedian(values)).astype(np.uint8), grid, {}, "mask")
    Path(files["table"]).write_text("rainfall\n" + "".join(f"{4 + 0.4 * n}\n" for n in range(24)), encoding="utf-8")
    if not Path(files["zones"]).exists():
        _zones(Path(files["zones"]))
    files["dataset"] = str(folder / "tiny set")
    tiny_dataset(Path(files["dataset"]), 128)
    return files


def _zones(path: Path, count: int = 20) -> None:
    """Squares over the large map, each with gaps to its neighbours."""
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:{EPSG}", "zones", "memory")
    layer.dataProvider().addAttributes([QgsField("c", QVariant.Double), QgsField("phi", QVariant.Double)])
    layer.updateFields()
    height, width = LARGE[0] * CELL_M / count, LARGE[1] * CELL_M / count
    features = []
    for n in range(count * count):
        west, north = ORIGIN[0] + width * (n % count), ORIGIN[1] - height * (n // count)
        feature = QgsFeature(layer.fields())
        corners = [
            (west, north),
            (west + 0.8 * width, north),
            (west + 0.8 * width, north - 0.8 * height),
            (west, north),
        ]
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))"))
        feature.setAttributes([2.0 + n % 7, 20.0 + n % 11])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsProject.instance().transformContext(), options)


def filled(parameters: dict[str, Any], files: dict[str, str], folder: Path) -> dict[str, Any]:
    """Put paths in their places."""
    put = {}
    for key, value in parameters.items():
        is_file = isinstance(value, str) and value.startswith("<")
        given = str(folder / value.strip("<>")) if is_file else value
        put[key] = given.format(**files) if isinstance(given, str) and not is_file else given
    return put


def measurements(quick: bool) -> list[Measurement]:
    """A process for each algorithm."""
    return [Measurement(title, "case", {"title": title}, 240.0) for title in (QUICK if quick else CASES)]


def case(folder: Path, title: str) -> dict[str, Any]:
    """Run an algorithm to its end, and again with a cancel in its middle."""
    application = start_qgis()  # noqa: F841 - has to be kept
    algorithm, parameters = CASES[title]
    files = inputs(folder)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        ran = []
        for name in ("whole", "cancelled"):
            (Path(place) / name).mkdir()
            filled_in = filled(parameters, files, Path(place) / name)
            ran.append(run(algorithm, filled_in, Path(place) / name, 0.5 * ran[0].seconds if ran else None))
    whole, half = ran
    return {
        "seconds": whole.seconds, "longest": whole.feedback.longest, "at": whole.feedback.at,
        "busiest": whole.feedback.busiest, "after": half.after_cancel, "left": half.left,
        "wrong": bool(half.left) and half.after_cancel is not None and algorithm not in RESUMED,
        "by_design": bool(half.left) and algorithm in RESUMED,
    }  # fmt: skip


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """A row for each algorithm; files left behind are a problem."""
    rows, ratios, problems = [], {}, []
    for title, m in found.items():
        left = ", ".join(m["left"][:3]) or "nothing"
        rows.append((
            title, m["seconds"], m["longest"], m["at"], m["busiest"], m["after"],
            f"by design: {left}" if m["by_design"] else left,
        ))  # fmt: skip
        if m["wrong"]:
            problems.append(f"A cancel of '{title}' leaves {left}.")
    waits = [m["after"] / m["reference_s"] for m in found.values() if m["after"] is not None]
    if waits:
        ratios["longest time from cancel to end / reference job"] = Ratio(max(waits))
    columns = (
        "algorithm", "whole run [s]", "longest time between checks for a cancel [s]", "at [s]", "in CPU time [s]",
        "cancel to end [s]", "left behind",
    )  # fmt: skip
    notes = ["Each run is cancelled after half of its usual time."] if rows else []
    return [Table("", columns, rows, notes, ratios, problems)] if rows else []
