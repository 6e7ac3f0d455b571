"""``make bench``: seconds from a cancel in the middle of each long algorithm to its end, and what it leaves behind.

    python tests/commands/cancel.py [NAME ...]

Each algorithm runs twice, as the dialog runs it: in a background task. The first run goes to its end and tells how long
it takes and the longest stretch in which it does not ask whether to stop, which bounds the wait after any cancel (in
CPU time of its thread too, as the clock counts what else the machine does); the second is cancelled in its middle. The
terrain is that of ``bench.py``, mirrored where a row names more cells.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
import checkout  # noqa: F401 - registers the package
import numpy as np
from bench import CELL_M, PAPER_SHAPE, SEED
from osgeo import osr
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
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.write import write
from slopecast.plugin.core.synthetic import mountain
from tiny_dataset import tiny_dataset

WIDE, LARGE = (tuple(times * side for side in PAPER_SHAPE) for times in (2, 4))
EPSG, ORIGIN = 5186, (200_000.0, 560_000.0)
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
    "data set, one mountain, in this process": ("builddataset", {
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
#: What a stop keeps by design, so that the same call goes on: whole blocks of a data set, a training's checkpoint.
RESUMED = ("builddataset", "trainmodel")


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
        raise SystemExit(why)
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
    """Files that the cases name."""
    drawn = mountain(SEED, PAPER_SHAPE, CELL_M)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(EPSG)
    files = {}
    for prefix, shape in (("", PAPER_SHAPE), ("wide_", WIDE), ("large_", LARGE)):
        grid = Grid(*shape, (ORIGIN[0], CELL_M, 0.0, ORIGIN[1], 0.0, -CELL_M), crs.ExportToWkt())
        margins = [(0, side - have) for side, have in zip(shape, PAPER_SHAPE)]
        for name, array in (("dem", drawn.elevation), ("depth", drawn.soil_depth)):
            files[prefix + name] = str(folder / f"{prefix}{name}.tif")
            write(Path(files[prefix + name]), np.pad(array, margins, mode="symmetric"), grid, {}, name)
        files[prefix + "mask"] = str(folder / f"{prefix}mask.tif")
        mask = np.pad((drawn.soil_depth > np.nanmedian(drawn.soil_depth)).astype(np.uint8), margins, mode="symmetric")
        write(Path(files[prefix + "mask"]), mask, grid, {}, "mask")
    files["table"] = str(folder / "table.csv")
    Path(files["table"]).write_text("rainfall\n" + "".join(f"{4 + 0.4 * n}\n" for n in range(24)))
    files["zones"] = _zones(folder / "zones.gpkg")
    files["dataset"] = str(tiny_dataset(folder / "set", 128).folder)
    return files


def _zones(path: Path, count: int = 20) -> str:
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
    return str(path)


def filled(parameters: dict[str, Any], files: dict[str, str], folder: Path) -> dict[str, Any]:
    """Put paths in their places."""
    put = {}
    for key, value in parameters.items():
        is_file = isinstance(value, str) and value.startswith("<")
        given = str(folder / value.strip("<>")) if is_file else value
        put[key] = given.format(**files) if isinstance(given, str) and not is_file else given
    return put


def main() -> int:
    """Measure all cases, or those whose title holds one of the given words; returns 1 where files are left."""
    application = QgsApplication.instance() or QgsApplication([], True)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from slopecast.plugin.provider import SlopecastProvider

    provider = SlopecastProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    chosen = {t: c for t, c in CASES.items() if not sys.argv[1:] or any(word in t for word in sys.argv[1:])}
    bad = 0
    sys.stdout.write(
        "| algorithm | whole run [s] | longest stretch without asking [s] (at) | in CPU time [s] | cancelled at [s] "
        "| end after [s] | left |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    with tempfile.TemporaryDirectory(prefix="slopecast-cancel-") as place:
        files = inputs(Path(place))
        for number, (title, (algorithm, parameters)) in enumerate(chosen.items()):
            whole_folder, folder = Path(place) / f"whole {number}", Path(place) / f"cancelled {number}"
            whole_folder.mkdir()
            folder.mkdir()
            whole = run(algorithm, filled(parameters, files, whole_folder), whole_folder)
            half = run(algorithm, filled(parameters, files, folder), folder, 0.5 * whole.seconds)
            wrong = bool(half.left) and half.after_cancel is not None and algorithm not in RESUMED
            bad += wrong
            told = "by design: " if half.left and algorithm in RESUMED else ""
            after = "-" if half.after_cancel is None else f"{half.after_cancel:.2f}"
            sys.stdout.write(
                f"| {title} | {whole.seconds:.1f} | {whole.feedback.longest:.2f} ({whole.feedback.at:.1f}) "
                f"| {whole.feedback.busiest:.2f} "
                f"| {0.5 * whole.seconds:.1f} | {after} | {told}{', '.join(half.left[:3]) or 'nothing'} |\n"
            )
            sys.stdout.flush()
    sys.stdout.flush()
    os._exit(bad)  # QGIS, taken down by the interpreter's end, may crash


if __name__ == "__main__":
    main()
