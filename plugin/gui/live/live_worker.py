"""Thread of the live panel: it reads a study area once and solves the latest request."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING, Callable, NamedTuple

from qgis.core import QgsMessageLog
from qgis.PyQt.QtCore import QThread, pyqtSignal

from ...algorithms.log import Log
from ...algorithms.parameters.network import NetworkChoice
from ...algorithms.runs.solver_choice import ChosenSolver, SolverChoice, chosen_solver
from ...algorithms.translation import tr
from ...core.errors import Cancelled, SlopecastError
from ...core.failure_class import FAILS_IN_EVENT, UNSTABLE_BEFORE
from ...core.files.inputs import state_of
from ...text import translated

if TYPE_CHECKING:
    import numpy as np

    from ...algorithms.inputs.layers import RasterSource
    from ...core.grid import Grid
    from ...core.terrain import Terrain

#: Solutions that take longer show progress, and are cancelled by a newer request [s].
_LONG_S = 0.5
_STACK_BYTES = 16 * 1024**2  # macOS gives threads too little for torch
_STOP_WITHIN_MS = 20_000


@dataclass(frozen=True)
class LiveArea:
    """Layers to be read, identified in the main thread, with a number."""

    number: int
    dem: RasterSource
    soil_depth: RasterSource | None


@dataclass(frozen=True)
class Request:
    """A map that is wanted, with a number to know it by; values: the scenario's numbers by key."""

    number: int
    values: dict[str, float]
    choice: SolverChoice


@dataclass(frozen=True)
class Solution:
    """A solved request.

    Attributes:
        area: number of the :class:`LiveArea`; grid: of its cells.
        classes: failure class, uint8 (rows, cols): 0 to 3, 255 NoData.
        histogram: cells by factor of safety, see :func:`.run_summary.count_by_fs`.
        class_cells: number of cells of each class.
        solver: solver and device used, and why it is not the one chosen.
        warnings: of the layers and the solver; doubtful inputs are among the reasons of the reliability.
        replaced: file of the network instead of which the one that comes with the plugin was used; else empty.
    """

    area: int
    grid: Grid
    request: Request
    classes: np.ndarray
    histogram: np.ndarray
    class_cells: tuple[int, int, int, int]
    reliability: str
    solver: str
    warnings: tuple[str, ...]
    replaced: str

    @property
    def failed_cells(self) -> int:
        """Number of cells with FS < 1 at the end of the event."""
        return self.class_cells[FAILS_IN_EVENT] + self.class_cells[UNSTABLE_BEFORE]


class LiveWorker(QThread):
    """Reads study areas and solves requests, the newest first; older ones that wait are dropped.

    A solution that runs is finished, so that the map keeps changing while a slider moves, unless it takes long and a
    newer request waits.
    """

    solved = pyqtSignal(object)  # Solution
    failed = pyqtSignal(int, str)  # number of the study area, why
    progress = pyqtSignal(float, str)  # percent, what is being done; 100 and no text at its end

    def __init__(self) -> None:
        super().__init__()
        self.setStackSize(_STACK_BYTES)
        self._wake = Condition()
        self._stopping = self._switched = False
        self._area: LiveArea | None = None
        self._waiting: Request | None = None
        # The following attributes are used only by the thread.
        self._terrain: Terrain | None = None
        self._read_log: Log | None = None
        self._solver: _LoadedSolver | None = None

    # -- called from the main thread ----------------------------------------------------------

    def open(self, area: LiveArea | None) -> None:
        """Read another study area, or with ``None`` close the current one; cancels running work."""
        with self._wake:
            self._area, self._waiting, self._switched = area, None, True
            self._wake.notify()

    def ask(self, request: Request) -> None:
        """Queue a request for the study area; it replaces a waiting one."""
        with self._wake:
            self._waiting = request
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
                self._wake.wait_for(lambda: self._stopping or self._switched or self._waiting)
                if self._stopping:
                    return
                switched, self._switched = self._switched, False
                area, request = self._area, None
                if not switched:
                    request, self._waiting = self._waiting, None
            if switched:
                self._terrain = self._solver = None
            if switched and area is not None:
                self._run_safely(self._read, area)
            elif request is not None and self._terrain is not None:
                self._run_safely(self._solve, area, request)

    def is_superseded(self, began: float | None) -> bool:
        """Whether work that ``began`` then should stop: at shutdown, for another study area, or for a newer request."""
        late = began is not None and self._waiting is not None and time.perf_counter() - began > _LONG_S
        return self._stopping or self._switched or late

    def _run_safely(self, work: Callable[..., None], area: LiveArea, *arguments: Request) -> None:
        try:
            work(area, *arguments)
        except Cancelled:
            return
        except SlopecastError as error:
            self.failed.emit(area.number, error.localized(tr))
        except MemoryError:
            self.failed.emit(area.number, tr("Out of memory: clip the DEM to the area of interest."))
        except Exception as error:  # a thread that dies would leave the panel waiting for ever
            QgsMessageLog.logMessage(f"{type(error).__name__}: {error}", "Slopecast")
            self.failed.emit(area.number, tr("The solver failed ({}: {}).").format(type(error).__name__, error))
        finally:
            self.progress.emit(100.0, "")

    def _read(self, area: LiveArea) -> None:
        from ...algorithms.inputs.scenario_inputs import ScenarioInputs

        self._read_log = _LiveLog(self, tr("Reading the study area"))
        self._terrain = ScenarioInputs(area.dem, area.soil_depth).terrain(self._read_log)

    def _solve(self, area: LiveArea, request: Request) -> None:
        from ...algorithms.runs.windowed_scenario import study_cautions
        from ...core.reports.run_summary import HISTOGRAM_EDGES, count_by_fs
        from ...core.scenario import Scenario
        from ...core.windowed.study import Study

        scenario, terrain = Scenario.from_mapping(request.values), self._terrain
        loaded = self._load_solver(request.choice)
        solver, log = loaded.chosen.solver, _LiveLog(self, tr("Computing"), time.perf_counter())
        result = next(iter(solver.solve(terrain, [scenario], log)))
        for caution in study_cautions(Study(terrain, scenario, {}), log):
            log.pushCaution(caution)
        logs = (self._read_log, loaded.log, log)
        reliability = solver.reliability(terrain, scenario, result)
        reliability = reliability.with_cautions([caution for one in logs for caution in one.cautions])
        self.solved.emit(
            Solution(
                area.number, terrain.grid, request, result.failure_class,
                count_by_fs(result.stability.fs, HISTOGRAM_EDGES), result.class_cells, reliability.localized(tr),
                translated(loaded.chosen.used, tr), tuple(warning for one in logs for warning in _warnings(one)),
                loaded.replaced,
            )
        )  # fmt: skip

    def _load_solver(self, choice: SolverChoice) -> _LoadedSolver:
        """The solver of a choice; the last one is cached until another file of weights is written over its own.

        A network that gives only the mask is replaced, with a warning.
        """
        from ...core.physics.solve import KeptWater

        weights = state_of(Path(choice.network.model)) if choice.network.model else None
        if self._solver is not None and self._solver[:2] == (choice, weights):
            return self._solver
        self._solver, log = None, _LiveLog(self, tr("Loading the solver"))
        chosen, replaced = chosen_solver(choice, log, mask_suffices=True), ""
        if getattr(chosen.solver, "mask_only", False):
            log.pushWarning(
                "The project names the paper's network, which gives no factor of safety: the network supplied with the "
                "plugin is used."
            )
            chosen = chosen_solver(choice._replace(network=NetworkChoice(None, choice.network.device)), log)
            replaced = choice.network.model or ""
        if chosen.solver.kept is None:
            chosen.solver.kept = KeptWater()  # a slider of the strength needs no new water
        self._solver = _LoadedSolver(choice, weights, chosen, log, replaced)
        return self._solver


class _LiveLog(Log):
    """Cancels superseded requests, shows the progress of long ones and keeps warnings; began: when a solution did."""

    def __init__(self, worker: LiveWorker, text: str, began: float | None = None) -> None:
        super().__init__(None)
        self._worker, self._text, self._began = worker, text, began
        if began is None:
            worker.progress.emit(0.0, text)

    def isCanceled(self) -> bool:
        """Whether a newer request has replaced this one."""
        return self._worker.is_superseded(self._began)

    def setProgress(self, percent: float) -> None:
        """Show it."""
        if self._began is None or time.perf_counter() - self._began > _LONG_S:
            self._worker.progress.emit(percent, self._text)

    def pushInfo(self, text: str) -> None:
        """Ignored: there is no log."""


class _LoadedSolver(NamedTuple):
    """A solver ready to run, with what it was loaded for: the choice, and the state of the file of weights.

    ``replaced`` is the file of the network that cannot be used here; else empty.
    """

    choice: SolverChoice
    weights: list[int] | None
    chosen: ChosenSolver
    log: Log
    replaced: str


def _warnings(log: Log) -> list[str]:
    """Warnings that are no cautions; those are among the reasons of the reliability."""
    cautions = {translated(caution, tr) for caution in log.cautions}
    return [warning for warning in log.warnings if warning not in cautions]
