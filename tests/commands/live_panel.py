"""Time from a slider of the live panel to the painted map, on the paper's raster size: ``python live_panel.py``."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
import checkout  # noqa: F401 - registers the package
from osgeo import osr
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEventLoop, QTimer
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.write import write
from slopecast.plugin.core.synthetic import mountain

SHAPE, CELL_M, SEED = (436, 489), 10.0, 7
MOVES = 15
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


def timings(folder: Path) -> list[str]:
    """Rows of a table: median and slowest time by solver and slider."""
    application = QgsApplication.instance() or QgsApplication([], True)
    application.initQgis()
    from slopecast.plugin.gui.live_panel import LivePanel

    dem, depth = _example(folder)
    project = QgsProject.instance()
    project.addMapLayers([dem, depth])
    canvas = QgsMapCanvas()
    canvas.resize(900, 800)
    canvas.setDestinationCrs(dem.crs())
    canvas.setExtent(dem.extent())
    canvas.show()
    panel = LivePanel(canvas)
    panel.worker.failed.connect(lambda _number, text: os.write(2, f"{text}\n".encode()) and os._exit(1))
    rows = [f"live panel, {SHAPE[0]} x {SHAPE[1]} cells, slider to painted mask at full resolution:"]
    drag = Drag(panel)
    for solver in ("engine", "network"):
        began = time.perf_counter()
        panel.solver.value = solver
        panel.show()
        drag.wait()
        opening = time.perf_counter() - began
        rows += [f"{panel.contents.solver_label.text()} First mask after {opening:.1f} s.", *_by_slider(drag)]
        rows.append(_without_waiting(drag))
        if not panel.solver.installed:
            break
    panel.shut_down()
    project.clear()
    return rows


def _by_slider(drag: Drag) -> list[str]:
    rows, slowest = [], 0.0
    for key, (low, high) in DRAGS.items():
        start = drag.panel.sliders[key].slider.value()
        steps = [low + (high - low) * n // MOVES for n in range(1, MOVES + 1)]
        seconds = [drag.to(key, step) for step in steps]
        drag.to(key, start)
        slowest = max(slowest, *seconds)
        median, longest = (f"{1e3 * of(seconds):4.0f} ms" for of in (statistics.median, max))
        rows.append(f"  {key.lower():20s} median {median}, slowest {longest}")
    return [*rows, f"  slowest of all {1e3 * slowest:.0f} ms; target {TARGET_MS} ms"]


def _without_waiting(drag: Drag) -> str:
    """Drag the rainfall to and fro as fast as a mouse does, and release it."""
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
    return (
        f"  dragged without waiting: {maps / (released - began):.1f} maps a second, "
        f"the last one {1e3 * (time.perf_counter() - released):.0f} ms after the last move"
    )


def _example(folder: Path) -> tuple[QgsRasterLayer, QgsRasterLayer]:
    made = mountain(SEED, SHAPE, CELL_M)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(25832)
    grid = Grid(*SHAPE, (650000.0, CELL_M, 0.0, 5240000.0, 0.0, -CELL_M), crs.ExportToWkt())
    layers = []
    for name, array in (("dem", made.elevation), ("soil depth", made.soil_depth)):
        write(folder / f"{name}.tif", array, grid)
        layers.append(QgsRasterLayer(str(folder / f"{name}.tif"), name))
    return layers[0], layers[1]


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="slopecast-live-") as folder:
        print("\n".join(timings(Path(folder))), flush=True)
    load = os.getloadavg()[0]
    if load > 1.5:
        print(f"note: {load:.1f} processes were running: these times are too long")
    sys.stdout.flush()
    os._exit(0)  # QGIS's own end crashes without a window


if __name__ == "__main__":
    main()
