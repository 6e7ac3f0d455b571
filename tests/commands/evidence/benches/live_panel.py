"""Time from a slider of the live panel to the painted map, on the paper's raster size."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from typing import Any, Mapping

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEventLoop, QTimer

from . import PAPER_SHAPE
from .measuring import Measurement
from .report import Ratio, Table
from .study_area import rasters

TITLE = "Live panel, slider to painted map"
#: Slider and the places it is dragged between; all other values are the defaults.
DRAGS = {
    "COHESION": (300, 100), "FRICTION_ANGLE": (300, 500), "RAINFALL": (400, 150), "CONDUCTIVITY": (400, 600),
    "DURATION": (250, 350), "WATER_TABLE_RATIO": (200, 500), "LATERAL_ANISOTROPY": (0, 400),
}  # fmt: skip
#: A slider that is dragged without waiting: places, and the time between two of them.
PLACES, EVERY_MS = 120, 16
TARGET_MS = 150
WAIT_MS = 60_000


class Drag:
    """Moves a slider of a panel and waits until the canvas has painted the mask for its value."""

    def __init__(self, panel) -> None:
        self.panel = panel
        self.painted = 0
        self._loop = QEventLoop()
        self._too_long = QTimer(singleShot=True, interval=WAIT_MS)
        self._too_long.timeout.connect(lambda: os.write(2, b"no mask was painted\n") and os._exit(1))
        panel.answer.overlay.on_painted = self._on_painted

    def _on_painted(self) -> None:
        self.painted += 1
        if self.panel.is_current:
            self._loop.quit()

    def to(self, key: str, step: int) -> float:
        """Seconds from the slider's move to the painted mask."""
        slider = self.panel.sliders[key].slider
        slider.setSliderDown(True)
        began = time.perf_counter()
        slider.setValue(step)
        self.wait()
        return time.perf_counter() - began

    def wait(self) -> None:
        """Wait until the mask for the newest values is painted."""
        self._too_long.start()
        self._loop.exec()
        self._too_long.stop()


def measurements(quick: bool) -> list[Measurement]:
    """A process for each solver."""
    moves = 3 if quick else 15
    return [Measurement(solver, "drags", {"solver": solver, "moves": moves}) for solver in ("engine", "network")]


def drags(folder: Path, solver: str, moves: int) -> dict[str, Any]:
    """Seconds of each move of each slider, of the first mask, and what is painted while a slider is dragged."""
    application = QgsApplication.instance() or QgsApplication([], True)
    application.initQgis()
    from slopecast.plugin.gui.live.live_panel import LivePanel

    dem, depth = (QgsRasterLayer(str(file), file.stem) for file in rasters(folder))
    project = QgsProject.instance()
    project.addMapLayers([dem, depth])
    canvas = QgsMapCanvas()
    canvas.resize(900, 800)
    canvas.setDestinationCrs(dem.crs())
    canvas.setExtent(dem.extent())
    canvas.show()
    panel = LivePanel(canvas)
    panel.worker.failed.connect(lambda _number, text: os.write(2, f"{text}\n".encode()) and os._exit(1))
    drag = Drag(panel)
    began = time.perf_counter()
    panel.solver.value = solver
    panel.show()
    drag.wait()
    found = {"opening": time.perf_counter() - began, "text": panel.contents.solver_label.text().splitlines()[0]}
    found["moves"] = _by_slider(drag, moves)
    found["maps_a_second"], found["last"] = _without_waiting(drag)
    panel.shut_down()
    project.clear()
    return found


def _by_slider(drag: Drag, moves: int) -> dict[str, list[float]]:
    found = {}
    for key, (low, high) in DRAGS.items():
        start = drag.panel.sliders[key].slider.value()
        found[key] = [drag.to(key, low + (high - low) * n // moves) for n in range(1, moves + 1)]
        drag.to(key, start)
    return found


def _without_waiting(drag: Drag) -> tuple[float, float]:
    """Drag the rainfall as fast as a mouse does; maps a second, and seconds from the last move to its map."""
    slider, places = drag.panel.sliders["RAINFALL"].slider, iter([150 + abs(200 - 5 * n) for n in range(PLACES)])
    slider.setSliderDown(True)
    loop, timer, before = QEventLoop(), QTimer(interval=EVERY_MS), drag.painted

    def move() -> None:
        step = next(places, None)
        if step is None:
            loop.quit()
        else:
            slider.setValue(step)

    timer.timeout.connect(move)
    began = time.perf_counter()
    timer.start()
    loop.exec()
    timer.stop()
    released = time.perf_counter()
    maps = drag.painted - before
    if not drag.panel.is_current:
        drag.wait()
    return maps / (released - began), time.perf_counter() - released


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """A row for each slider; times of the two solvers side by side."""
    if not found:
        return []
    rows, ratios = [], {}
    for key in DRAGS:
        medians, slowest = ([of(m["moves"][key]) for m in found.values()] for of in (statistics.median, max))
        rows.append((key.lower(), *(1e3 * x for pair in zip(medians, slowest) for x in pair)))
    for solver, m in found.items():
        whole = [x for moves in m["moves"].values() for x in moves]
        ratios[f"{solver}: median time from slider to map / reference job"] = Ratio(
            statistics.median(whole) / m["reference_s"]
        )
    columns = ["slider", *(f"{solver}, {which} [ms]" for solver in found for which in ("median", "slowest"))]
    notes = [
        f"{solver}: {m['text']} First mask after {m['opening']:.2f} s; dragged without waiting it paints "
        f"{m['maps_a_second']:.1f} maps a second, the last one {1e3 * m['last']:.0f} ms after the last move."
        for solver, m in found.items()
    ]
    cells = PAPER_SHAPE[0] * PAPER_SHAPE[1]
    notes.append(f"{cells:,d} cells at full resolution; {TARGET_MS} ms are the target.")
    return [Table("", columns, rows, notes, ratios)]
