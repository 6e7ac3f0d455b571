"""Time from a slider of the live panel to the painted map, on the paper's raster size."""

from __future__ import annotations

import os
import statistics
import time
from functools import partial
from pathlib import Path
from typing import Any, Callable, Mapping

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEventLoop, QTimer

from . import PAPER_SHAPE
from .clock import Clock
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
#: Parts of the time from a slider to its map.
PARTS = ("water", "U-Net", "stability", "painting")
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


class Watch:
    """Where the time of a move goes; made before the panel, whose functions it replaces by timed ones.

    Args:
        solver: of the panel.
    """

    def __init__(self, solver: str) -> None:
        from slopecast.plugin.core.physics.engine import Engine
        from slopecast.plugin.gui.live import live_worker

        self._clock, self._times = Clock(), [0.0, 0.0]
        solve, solution, times = live_worker.LiveWorker._solve, live_worker.Solution, self._times

        def timed_solve(*arguments: object) -> None:
            times[0] = time.perf_counter()
            solve(*arguments)

        def timed_solution(*arguments: object) -> object:  # before it is handed to the main thread
            times[1] = time.perf_counter()
            return solution(*arguments)

        live_worker.LiveWorker._solve, live_worker.Solution = timed_solve, timed_solution
        if solver == "network":
            from slopecast.plugin.ml.network_solver import NetworkSolver

            self._clock.around(NetworkSolver, "_run_tiles", "U-Net")
            self._clock.around_generator(NetworkSolver, "water", "water")
        else:
            self._clock.around_generator(Engine, "water", "water")

    def parts(self, move: Callable[[], float]) -> tuple[float, ...]:
        """Seconds of a move, and of each of its :data:`PARTS`."""
        before = dict(self._clock.seconds)
        whole = move()
        solving = self._times[1] - self._times[0]
        water, network = (self._clock.since(before, label) for label in ("water", "U-Net"))
        return whole, water - network, network, solving - water, whole - solving


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
    watch = Watch(solver)
    panel = LivePanel(canvas)
    panel.worker.failed.connect(lambda _number, text: os.write(2, f"{text}\n".encode()) and os._exit(1))
    drag = Drag(panel)
    began = time.perf_counter()
    panel.solver.value = solver
    panel.show()
    drag.wait()
    found = {"opening": time.perf_counter() - began, "text": panel.contents.solver_label.text().splitlines()[0]}
    found["moves"] = _by_slider(drag, watch, moves)
    found["maps_a_second"], found["last"] = _without_waiting(drag)
    panel.shut_down()
    project.clear()
    return found


def _by_slider(drag: Drag, watch: Watch, moves: int) -> dict[str, list[tuple[float, ...]]]:
    """For each move of each slider the seconds, and those of their parts."""
    found = {}
    for key, (low, high) in DRAGS.items():
        start = drag.panel.sliders[key].slider.value()
        places = [low + (high - low) * n // moves for n in range(1, moves + 1)]
        found[key] = [watch.parts(partial(drag.to, key, place)) for place in places]
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
    """A row for each slider; times of the two solvers side by side, and the shares of their parts."""
    return [_times(found), _shares(found)] if found else []


def _times(found: Mapping[str, Mapping[str, Any]]) -> Table:
    rows, ratios, notes = [], {}, []
    for key in DRAGS:
        medians, slowest = ([of(_seconds(m, key)) for m in found.values()] for of in (statistics.median, max))
        rows.append((key.lower(), *(1e3 * x for pair in zip(medians, slowest) for x in pair)))
    for solver, m in found.items():
        whole = [x for key in DRAGS for x in _seconds(m, key)]
        ratios[f"{solver}: median time from slider to map / reference job"] = Ratio(
            statistics.median(whole) / m["reference_s"]
        )
        notes.append(
            f"{solver}: {m['text']} First mask after {m['opening']:.2f} s; while a slider is dragged without a pause, "
            f"{m['maps_a_second']:.1f} maps a second are shown, the last {1e3 * m['last']:.0f} ms after the last move."
        )
        late = [key.lower() for key in DRAGS if 1e3 * statistics.median(_seconds(m, key)) > TARGET_MS]
        notes.append(
            f"{solver}: sliders whose median misses the target of {TARGET_MS} ms: {', '.join(late) or 'none'}."
        )
    columns = ["slider", *(f"{solver}, {which} [ms]" for solver in found for which in ("median", "slowest"))]
    notes.append(f"{PAPER_SHAPE[0] * PAPER_SHAPE[1]:,d} cells at full resolution.")
    return Table("", columns, rows, notes, ratios)


def _shares(found: Mapping[str, Mapping[str, Any]]) -> Table:
    """Which share of the time from a slider to the map its parts take, over all moves of the slider."""
    rows = []
    for key in DRAGS:
        sums = [[sum(seconds) for seconds in zip(*m["moves"][key])] for m in found.values()]
        rows.append((key.lower(), *(100.0 * part / whole for whole, *parts in sums for part in parts)))
    columns = ["slider", *(f"{solver}, {part} [%]" for solver in found for part in PARTS)]
    notes = [
        "Water: by the engine, or the first guess and the inputs of the U-Net. Stability: the rest of the "
        "solution. Painting: what follows the solution. Sliders of strength need no new water.",
    ]
    return Table("Where the time goes", columns, rows, notes)


def _seconds(m: Mapping[str, Any], key: str) -> list[float]:
    """Times of a slider's moves [s]."""
    return [move[0] for move in m["moves"][key]]
