"""The live panel's thread: it opens a mountain, keeps its encoded terrain and solves the newest request."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING, Any

from qgis.core import QgsMessageLog
from qgis.PyQt.QtCore import QThread, pyqtSignal

from ..algorithms.log import Log
from ..algorithms.translation import tr
from ..core.errors import Cancelled, SlopecastError
from ..variables import HYDROLOGY

if TYPE_CHECKING:
    from ..algorithms.layers import RasterSource
    from ..core.grid import Grid
    from ..core.preview import Picture
    from ..core.result import Result
    from ..core.scenario import Scenario
    from ..core.terrain import Terrain

#: What a solution may take while a slider moves [s]; beyond, a coarser terrain comes first.
_QUICK_S = 0.12
#: Cells of a preview's map, and cells on which its water is solved before anything has been measured.
_CELLS_OF_PREVIEW, _CELLS_OF_WATER = 300_000, 60_000
_FEWEST_CELLS = 4_000
#: Share of the time that a preview's water may take; the rest is for the cells. A draft's time over a full solution's.
_SHARE_OF_WATER, _DRAFT_SHARE = 0.6, 0.3
_STACK_BYTES = 16 * 1024**2  # macOS gives threads too little for torch
_STOP_WITHIN_MS = 20_000


@dataclass(frozen=True)
class Mountain:
    """What is to be opened: layers taken over in the main thread, the network and its device."""

    number: int
    dem: RasterSource
    soil_depth: RasterSource | None
    model: str = ""
    device: str = "auto"


@dataclass(frozen=True)
class Opened:
    """A mountain that has been read.

    Attributes:
        number: of the :class:`Mountain`.
        grid: of its cells.
        valid_cells: with elevation and soil depth.
        solver: name of what solves, and where it runs.
        fallback: why the network does not; empty if it does.
        warnings: said while reading.
        replaced: the shipped network solves in place of the one that the project names.
    """

    number: int
    grid: Grid
    valid_cells: int
    solver: str
    fallback: str
    warnings: tuple[str, ...]
    replaced: bool = False


@dataclass(frozen=True)
class Drawn:
    """A solved request.

    Attributes:
        mountain: number of the :class:`Mountain`.
        request: number that :meth:`LiveWorker.ask` gave it.
        values: the scenario's numbers by key.
        picture: mask, histogram and counts.
        whole: in full; else a preview.
        cell_size: of the map [m], above the mountain's own for previews of large ones.
        water_cell_size: of the terrain on which water crossed cells [m].
        reliability: level and reasons; empty for previews and for the column.
        seconds: the solver took.
        failed_before: how many of the failed cells fail without the rain; ``None`` for previews.
        stable_again: how many other cells do, which hold at its end; ``None`` for previews.
    """

    mountain: int
    request: int
    values: dict[str, float]
    picture: Picture
    whole: bool
    cell_size: float
    water_cell_size: float
    reliability: str
    seconds: float
    failed_before: int | None = None
    stable_again: int | None = None


@dataclass
class _Level:
    """A terrain, its solver with the encoded terrain in it, and how long a solution takes."""

    terrain: Terrain
    solver: Any
    seconds: dict[bool, float] = field(default_factory=dict)  # by whether the water changed
    water: tuple[float, ...] | None = None  # of the last solution

    def expected(self, values: dict[str, float]) -> float:
        """Seconds that a solution will take, as far as they are known."""
        return self.seconds.get(_water(values) != self.water, 0.0)

    def note(self, values: dict[str, float], seconds: float) -> None:
        """Remember what a solution took; the first one also warms up what comes after."""
        water = _water(values)
        if self.water is not None:
            known = self.seconds.get(water != self.water, seconds)
            # A machine that is busy for a moment is no reason to go coarser; one that always is, is.
            self.seconds[water != self.water] = min(seconds, 0.7 * known + 0.3 * seconds)
        self.water = water


class LiveWorker(QThread):
    """Opens mountains and solves scenarios, the newest first; older ones that wait are dropped.

    While a slider moves, what cannot be solved quickly in full is previewed: a draft without the U-Net, where even that
    takes long with the water that crosses cells of a coarser terrain; column and strength stay each cell's own. The
    whole follows when the slider rests, and stops for a newer request.
    """

    opened = pyqtSignal(object)  # Opened
    drawn = pyqtSignal(object)  # Drawn
    failed = pyqtSignal(int, str)  # number of the mountain, why
    progress = pyqtSignal(float, str)  # percent, what is being done; 100 at its end

    def __init__(self) -> None:
        super().__init__()
        self.setStackSize(_STACK_BYTES)
        self._wake = Condition()
        self._stopping = False
        self._mountain: Mountain | None = None  # to be opened
        self._request: tuple[int, dict[str, float], bool] | None = None  # to be solved
        self._asked = 0
        self._closing = False
        self._whole: _Level | None = None
        self._water: dict[int, _Level] = {}  # by the factor that they are coarser than the preview
        self._preview: Terrain | None = None
        self._preview_factor = self._water_factor = 1
        self._opened: Mountain | None = None
        self._cautions: tuple[str, ...] = ()
        self._fallback = ""

    # -- called from the main thread ----------------------------------------------------------

    def open(self, mountain: Mountain) -> None:
        """Read another mountain; requests for the last one are dropped."""
        with self._wake:
            self._mountain, self._request, self._closing = mountain, None, False
            self._wake.notify()

    def ask(self, values: dict[str, float], *, moving: bool = False) -> int:
        """Solve for these numbers.

        Args:
            values: the scenario's numbers by key.
            moving: more will follow at once: a coarse answer will do.

        Returns:
            the request's number.
        """
        with self._wake:
            self._asked += 1
            self._request = self._asked, dict(values), moving
            self._wake.notify()
            return self._asked

    def close(self) -> None:
        """Forget the mountain, and stop what is being done for it."""
        with self._wake:
            self._mountain, self._request, self._closing = None, None, True
            self._wake.notify()

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self.wait(_STOP_WITHIN_MS)

    # -- the thread ---------------------------------------------------------------------------

    def run(self) -> None:
        """Wait for work and do it."""
        while True:
            with self._wake:
                while not (self._stopping or self._mountain or self._request or self._closing):
                    self._wake.wait()
                if self._stopping:
                    return
                closing, self._closing = self._closing, False
                mountain, self._mountain = self._mountain, None
                request, self._request = (None, self._request) if mountain else (self._request, None)
            if closing:
                self._forget()
            if mountain is not None:
                self._guarded(mountain.number, self._open, mountain)
            elif request is not None and self._opened is not None:
                self._guarded(self._opened.number, self._solve, *request)

    def is_stale(self, request: int | None) -> bool:
        """Tell whether what is being done has been overtaken: by the end, another mountain or a newer request."""
        newer = request is not None and self._request is not None
        return self._stopping or self._closing or self._mountain is not None or newer

    def _guarded(self, mountain: int, work: Any, *arguments: Any) -> None:
        try:
            work(*arguments)
        except Cancelled:
            return
        except SlopecastError as error:
            self.failed.emit(mountain, error.told(tr))
        except MemoryError:
            self.failed.emit(mountain, tr("Out of memory: clip the DEM to the place of interest."))
        except Exception as error:  # a thread that dies would leave the panel waiting for ever
            QgsMessageLog.logMessage(f"{type(error).__name__}: {error}", "Slopecast")
            self.failed.emit(mountain, tr("The solver failed ({}: {}).").format(type(error).__name__, error))
        finally:
            self.progress.emit(100.0, "")

    def _forget(self) -> None:
        self._opened = self._whole = self._preview = None
        self._water = {}

    def _open(self, mountain: Mountain) -> None:
        from ..algorithms.scenario_algorithm import ScenarioInputs
        from ..core.preview import coarsening, coarser

        self._forget()
        self.progress.emit(0.0, tr("Reading the mountain"))
        log = _LiveLog(self, None, "")
        inputs = ScenarioInputs(mountain.dem, mountain.soil_depth, {}, {}, {})
        terrain, self._cautions = inputs.terrain(log), tuple(log.cautions)
        self.progress.emit(20.0, tr("Loading the network"))
        solver, self._fallback = self._solver(mountain, log)
        self._opened = mountain
        self._whole = _Level(terrain, solver)
        cells = int(terrain.valid.sum())
        self._preview_factor = coarsening(cells, _CELLS_OF_PREVIEW)
        self._preview = coarser(terrain, self._preview_factor)
        self._water_factor = 1
        if self._preview_factor > 1 and not self._fallback:
            self._water_factor = coarsening(int(self._preview.valid.sum()), _CELLS_OF_WATER)
        name = solver.card.get("id", "") if not self._fallback else tr("closed-form column")
        device = solver.device_name if not self._fallback else "cpu"
        told = tuple(log.warnings)
        replaced = not self._fallback and _tells_mask_alone(mountain.model)
        name_and_device = f"{name}, {device}"
        self.opened.emit(Opened(mountain.number, terrain.grid, cells, name_and_device, self._fallback, told, replaced))

    def _solver(self, mountain: Mountain, log: Log) -> tuple[Any, str]:
        """The network, or the closed-form column and why."""
        from ..ml.device import TorchMissing, require_torch

        try:
            require_torch()
        except TorchMissing as missing:
            from ..core.physics.column import Column

            return Column(), missing.told(tr)
        from ..ml.solver import NetworkSolver

        model = mountain.model
        if _tells_mask_alone(model):
            log.pushWarning(
                tr("The project names the paper's network, which tells no factor of safety: the shipped one runs here.")
            )
            model = ""
        return NetworkSolver(model or None, mountain.device, log), ""

    def _solve(self, request: int, values: dict[str, float], moving: bool) -> None:
        if not self._is_slow(values):
            self._solve_whole(request, values, until=None)
            return
        self._solve_preview(request, values)
        if not moving and not self.is_stale(request):
            self._solve_whole(request, values, until=request)

    def _is_slow(self, values: dict[str, float]) -> bool:
        """Whether the whole terrain would keep the map waiting."""
        whole = self._whole
        return whole.expected(values) > _QUICK_S if whole.seconds else self._preview_factor > 1

    def _solve_whole(self, request: int, values: dict[str, float], *, until: int | None) -> None:
        """Solve in full; stop when something newer than ``until`` is asked for."""
        from ..core.edge_catchment import edge_cautions
        from ..core.preview import picture
        from ..core.reliability import Reliability
        from ..core.scenario import Scenario
        from ..core.scenario_checks import scenario_cautions

        level, mountain = self._whole, self._opened
        scenario = Scenario.from_mapping(values)
        result = self._result(level, scenario, until)
        level.note(values, result.diagnostics["seconds"])
        cautions = (*self._cautions, *scenario_cautions(scenario))
        if not self._fallback:  # the column has no lateral flow
            cautions += edge_cautions(level.terrain, scenario)
        reliability = ""
        if not self._fallback:
            reliability = level.solver.reliability(level.terrain, scenario, result).with_cautions(cautions).told(tr)
        elif cautions:
            reliability = Reliability("caution", cautions).told(tr)
        drawn, size = picture(result.factor_of_safety, level.terrain), level.terrain.grid.cell_width
        seconds = result.diagnostics["seconds"]
        before = result.failed_before_cells, result.stable_again_cells
        self.drawn.emit(Drawn(mountain.number, request, values, drawn, True, size, size, reliability, seconds, *before))

    def _solve_preview(self, request: int, values: dict[str, float]) -> None:
        """Solve the water on coarse cells, and the rest on those of the preview."""
        from ..core.preview import coarser, picture, refined
        from ..core.scenario import Scenario

        factor = self._factor_of_water()
        if factor not in self._water:
            solver = self._solver(self._opened, _LiveLog(self, None, ""))[0]
            if not self._fallback:
                solver.draft = True
            self._water[factor] = _Level(coarser(self._preview, factor), solver)
        level = self._water[factor]
        result = self._result(level, Scenario.from_mapping(values), None)
        began = time.perf_counter()
        fs = result.factor_of_safety if factor == 1 else refined(self._preview, level.terrain, result, factor)
        drawn = picture(fs, self._whole.terrain, self._preview_factor)
        seconds = result.diagnostics["seconds"] + time.perf_counter() - began
        level.note(values, seconds)
        sizes = self._preview.grid.cell_width, level.terrain.grid.cell_width
        self.drawn.emit(Drawn(self._opened.number, request, values, drawn, False, *sizes, "", seconds))

    def _factor_of_water(self) -> int:
        """How much coarser the water is solved so that previews are quick, from what the last solutions took."""
        from ..core.preview import coarsening

        cells = int(self._preview.valid.sum())
        if self._water_factor == 1 and self._preview_factor == 1 and not self._fallback:
            seconds = _DRAFT_SHARE * max(self._whole.seconds.values())
            self._water_factor = coarsening(
                cells, max(int(cells * _SHARE_OF_WATER * _QUICK_S / seconds), _FEWEST_CELLS)
            )
        level = self._water.get(self._water_factor)
        too_slow = level is not None and max(level.seconds.values(), default=0.0) > 1.5 * _QUICK_S
        if too_slow and cells / (self._water_factor + 1) ** 2 >= _FEWEST_CELLS and not self._fallback:
            del self._water[self._water_factor]
            self._water_factor += 1
        return self._water_factor

    def _result(self, level: _Level, scenario: Scenario, until: int | None) -> Result:
        log = _LiveLog(self, until, "" if level.water is not None else tr("The network reads the terrain"))
        return next(iter(level.solver.solve(level.terrain, [scenario], log)))


class _LiveLog(Log):
    """Feedback that stops what is overtaken, shows progress while there is something to wait for, keeps warnings."""

    def __init__(self, worker: LiveWorker, request: int | None, what: str) -> None:
        super().__init__(None)
        self._worker, self._request, self._what = worker, request, what

    def isCanceled(self) -> bool:
        """Tell whether something newer waits."""
        return self._worker.is_stale(self._request)

    def setProgress(self, percent: float) -> None:
        """Pass it on while the terrain is encoded."""
        if self._what:
            self._worker.progress.emit(percent, self._what)

    def pushInfo(self, text: str) -> None:
        """Nobody reads it here."""


def _tells_mask_alone(model: str) -> bool:
    """Whether these weights are the paper's network; raises :class:`InputError` where they are unreadable."""
    if not (model and Path(model).is_file()):
        return False
    from ..ml import weights

    return weights.is_paper(weights.read_card(model))


def _water(values: dict[str, float]) -> tuple[float, ...]:
    """What moves water: only this costs the network a new state."""
    return tuple(values[name.upper()] for name in HYDROLOGY)
