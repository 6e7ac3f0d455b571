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
#: Slider and the places it is dragged between.
DRAGS = {
    "COHESION": (300, 100), "FRICTION_ANGLE": (300, 500), "RAINFALL": (400, 150), "CONDUCTIVITY": (400, 600),
    "DURATION": (250, 350), "WATER_TABLE_RATIO": (200, 500), "LATERAL_ANISOTROPY": (0, 400),
}  # fmt: skip
WAIT_MS = 60_000


class Drag:
    """Moves a slider of a panel and waits until the canvas has painted the answer."""

    def __init__(self, panel) -> None:
        self.panel = panel
        self.painted_for = 0
        self._loop = QEventLoop()
        panel.answer.overlay.on_painted = self._on_painted

    def _on_painted(self) -> None:
        if self.panel.is_current:
            self._loop.quit()

    def to(self, key: str, step: int, *, moving: bool = True) -> float:
        """Seconds from the slider's move to the painted mask."""
        slider = self.panel.sliders[key].slider
        slider.setSliderDown(moving)
        began = time.perf_counter()
        slider.setValue(step)
        QTimer.singleShot(WAIT_MS, self._loop.quit)
        self._loop.exec()
        return time.perf_counter() - began


def timings(folder: Path) -> list[str]:
    """Rows of a table: median and slowest seconds by slider."""
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
    began = time.perf_counter()
    panel.show()
    _wait_for(panel.drawn)
    opening = time.perf_counter() - began
    rows = [
        f"live panel, {SHAPE[0]} x {SHAPE[1]} cells: {opening:.2f} s from opening to the first mask",
        f"  {panel.contents.solver_label.text()}",
    ]
    drag = Drag(panel)
    for key, (low, high) in DRAGS.items():
        steps = [low + (high - low) * n // MOVES for n in range(MOVES + 3)]
        seconds = [drag.to(key, step) for step in steps][3:]  # the first ones find out how coarse it must be
        last = panel.last
        began = time.perf_counter()
        panel.sliders[key].slider.setSliderDown(False)  # released: the whole follows
        if not last.whole:
            _wait_for(panel.drawn, lambda whole: whole)
        after = time.perf_counter() - began
        how = (
            "in full"
            if last.whole
            else (
                f"preview, water on {last.water_cell_size:g} m; in full {after:.2f} s after the release "
                f"({_agreement(last.picture, panel.last.picture)})"
            )
        )
        rows.append(
            f"  {key.lower():20s} median {1e3 * statistics.median(seconds):4.0f} ms, slowest "
            f"{1e3 * max(seconds):4.0f} ms, {how}"
        )
    panel.shut_down()
    project.clear()
    return rows


def _agreement(preview, whole) -> str:
    """How much of the preview was right: shares of failed cells, IoU with the whole."""
    one, other = preview.mask == 1, whole.mask == 1
    either = int((one | other).sum())
    iou = int((one & other).sum()) / either if either else 1.0
    return f"failed {100 * preview.failed_share:.1f} % told, {100 * whole.failed_share:.1f} % in full, IoU {iou:.2f}"


def _wait_for(signal, wanted=lambda *_: True) -> None:
    loop = QEventLoop()
    signal.connect(lambda *arguments: loop.quit() if wanted(*arguments) else None)
    QTimer.singleShot(WAIT_MS, loop.quit)
    loop.exec()


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
