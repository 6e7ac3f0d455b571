"""Masks per second of *Predict failure masks from a table*, and the time of each part of the run.

    python tests/commands table_throughput [--rows 1000] [--hydrologies 100] [--shape 436 489] [--alternating]
        [--solver engine]

The rows run through ``slopecast:predictfromtable`` in this process, on a procedural study area of 213,204 cells, all
valid. Writing runs at the same time in a thread. Memory is the process's peak: in all, and when the masks of rows 10,
100 and 1,000 are written.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Mapping

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
import checkout  # noqa: F401 - registers the package
import numpy as np
from osgeo import osr
from qgis.core import QgsApplication, QgsProcessingFeedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.synthetic import procedural_area
from written_rasters import write

from .benches import CELL_M, PAPER_SHAPE, SEED
from .benches.clock import Clock
from .benches.machine import machine, peak_memory

#: When their masks are written the peak memory is noted.
NOTED_ROWS = (10, 100, 1_000, 10_000)


class PeakAtRows:
    """Notes the process's peak memory when the masks of some rows are written; ``mib`` has it by row [MiB]."""

    def __init__(self) -> None:
        self.mib: dict[int, float] = {}
        self._written = 0

    def around(self, owner: object, name: str) -> None:
        """Count the calls of the function that writes a mask, which is replaced where it lies."""
        function = getattr(owner, name)

        def counted(*arguments: object, **named: object) -> object:
            self._written += 1
            if self._written in NOTED_ROWS:
                self.mib[self._written] = peak_memory()
            return function(*arguments, **named)

        setattr(owner, name, counted)


class Watch(QgsProcessingFeedback):
    """Counts the lines of the log."""

    def __init__(self) -> None:
        super().__init__(False)
        self.lines = 0

    def pushInfo(self, text: str) -> None:
        """Count a line."""
        self.lines += 1


def memory_line(peak_mib: float, at_rows: Mapping[int, float]) -> str:
    """What is printed on memory.

    Args:
        peak_mib: of the whole run [MiB].
        at_rows: the peak until a row was written, by row [MiB].
    """
    parts = [f"peak memory {peak_mib:.0f} MiB", *(f"at row {row:,d} {mib:.0f} MiB" for row, mib in at_rows.items())]
    if len(at_rows) > 1:
        least, most = min(at_rows), max(at_rows)
        parts.append(f"at row {most:,d} {at_rows[most] / at_rows[least]:.3f} times that at row {least:,d}")
    return "; ".join(parts)


def main() -> int:
    """Print the rate and the shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1000, help="of the table")
    parser.add_argument("--hydrologies", type=int, default=100, help="different ones among the rows")
    parser.add_argument("--shape", type=int, nargs=2, default=PAPER_SHAPE, help="rows and columns of the map")
    parser.add_argument("--solver", choices=("network", "engine"), default="network", help="that computes the masks")
    parser.add_argument("--alternating", action="store_true", help="rows of one hydrology are never neighbours")
    arguments = parser.parse_args()
    start_qgis()
    print("\n".join(machine()))
    with tempfile.TemporaryDirectory(prefix="slopecast-table-") as folder:
        run(arguments, Path(folder))
    sys.stdout.flush()
    os._exit(0)  # QGIS crashes on an orderly exit


def start_qgis() -> None:
    """QGIS with Processing and the provider."""
    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing
    from slopecast.plugin.provider import SlopecastProvider

    Processing.initialize()
    application.provider = SlopecastProvider()
    QgsApplication.processingRegistry().addProvider(application.provider)
    main.application = application  # it must not be collected


def run(arguments: argparse.Namespace, folder: Path) -> None:
    """Run the table once for each of a few rows, which loads and compiles, and then whole."""
    import processing
    from slopecast.plugin.algorithms.runs import table_run
    from slopecast.plugin.core.physics import assess
    from slopecast.plugin.core.physics.engine import Engine

    given = inputs(arguments, folder)
    processing.run("slopecast:predictfromtable", {**given, "TABLE": table(folder / "few.csv", 2, 1, alternating=False)})
    clock, watch, memory = Clock(), Watch(), PeakAtRows()
    clock.around(table_run, "write_raster", "writing")
    memory.around(table_run, "write_raster")
    clock.around(table_run, "study_cautions", "cautions")
    clock.around(assess, "factors_of_safety", "stability")
    models = [Engine]
    if arguments.solver == "network":
        from slopecast.plugin.ml.network_solver import NetworkSolver

        models = [NetworkSolver]
    for model in models:
        clock.around_generator(model, "water", "water")
    rows = table(folder / "rows.csv", arguments.rows, arguments.hydrologies, alternating=arguments.alternating)
    began, busy = time.perf_counter(), time.process_time()
    processing.run("slopecast:predictfromtable", {**given, "TABLE": rows}, feedback=watch)
    wall, busy = time.perf_counter() - began, time.process_time() - busy
    cells = arguments.shape[0] * arguments.shape[1]
    order = ", alternating" if arguments.alternating else ""
    print(
        f"{arguments.rows} rows, {arguments.hydrologies} hydrologies{order}, {cells:,d} cells, {arguments.solver}: "
        f"{wall:.1f} s, {arguments.rows / wall:.1f} masks a second; processor time {busy:.1f} s"
    )
    for label, seconds in clock.seconds.items():
        print(f"  {label:10s} {seconds:7.2f} s  {100.0 * seconds / wall:5.1f} % of the run")
    print(f"  {memory_line(peak_memory(), memory.mib)}\n  {watch.lines} lines of log")


def inputs(arguments: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Rasters of the study area, and the parameters that all runs share."""
    made = procedural_area(SEED, tuple(arguments.shape), CELL_M)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32652)
    grid = Grid(*arguments.shape, (300000.0, CELL_M, 0.0, 4150000.0, 0.0, -CELL_M), crs.ExportToWkt())
    write(folder / "dem.tif", made.elevation, grid)
    write(folder / "depth.tif", made.soil_depth, grid)
    return {
        "DEM": str(folder / "dem.tif"), "SOIL_DEPTH": str(folder / "depth.tif"), "DEVICE": "cpu",
        "SOLVER": arguments.solver, "OUTPUT_FOLDER": str(folder / "masks"), "SUMMARY": str(folder / "summary.csv"),
        "LOAD_MASKS": False,
    }  # fmt: skip


def table(file: Path, rows: int, hydrologies: int, *, alternating: bool) -> str:
    """Write a table of rains, each with a number of strengths."""
    each = -(-rows // hydrologies)
    rains, cohesions = np.linspace(5.0, 12.0, hydrologies), np.linspace(2.0, 14.0, each)
    cases = [(rain, cohesion) for rain in rains for cohesion in cohesions][:rows]
    if alternating:
        cases.sort(key=lambda case: case[1])
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([("rainfall", "cohesion"), *cases])
    return str(file)
