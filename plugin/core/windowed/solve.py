"""Solves a map window by window; every cell gets the result of the whole map.

Water moves at most one cell per step, so a window is computed with a margin as wide as the number of steps, plus the
network's field of view. An event of many steps is computed in passes over all windows, each of as many steps as a
narrow margin allows; between passes the state of every cell is in scratch files (:mod:`.pass_states`). The lengths of
the steps depend on all cells: windows share them (:mod:`..physics.flow.shared_steps`), and windows that were solved
with other lengths are solved again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Callable, Iterable, Iterator, Sequence

from ...text import Text
from ..feedback import Feedback, PartialFeedback
from ..map_parts.map_part import MapPart, WholeMap
from ..map_parts.tiles import MULTIPLE, RIM, Margin, Tile, tiles
from ..physics.engine import Engine
from ..physics.flow.schedule import FEWEST_STEPS, LONGEST_INTERVAL_S, Timeline
from ..physics.flow.shared_steps import SharedSteps, TooManySteps
from ..physics.solve import WaterModel
from ..quantities.hours import checked_hours
from ..raster import scratch
from ..result import Result
from ..scenario import Scenario
from ..terrain import Terrain
from ..workers.parallel import Threads
from ..workers.remote_water import local_model
from ..workers.shared_files import SharingFiles, bytes_in_files
from .jobs import WindowAnswer, WindowJob, solve_windows
from .memory import check_disk_space, return_freed_memory, size_text
from .pass_states import PassStates
from .study import Study

#: Bytes per cell of a simulation's state, of one in single precision, and further ones for failure times, for the least
#: factor of safety and for each hour of a series.
_STATE_BYTES, _OF_A_GUESS = 41.0, 25.0
_OF_FAILURE_TIMES, _OF_THE_LEAST, _OF_AN_HOUR = 43.0, 17.0, 8.0
#: Bytes per cell of a window that is sent to a worker: elevation and soil depth, and each raster.
_OF_TERRAIN, _OF_A_RASTER = 8.0, 4.0
#: Widest margin over the side of a window with its margin [-], of an event in one pass and of each of several.
_ONE_PASS, _OF_A_PASS = 0.2, 0.15
#: Steps of a window that take as long as making its terrain and reading and writing its states in a pass.
_STEPS_OF_A_PASS = 30.0


@dataclass(frozen=True, eq=False)
class SolvedWindow:
    """The result of a window's core.

    Attributes:
        tile: the window; terrain: of the whole window.
        result: of the core's cells.
        attempt: number of the attempt; a later one replaces all windows of those before.
    """

    tile: Tile
    terrain: Terrain
    result: Result
    attempt: int = 0


def fewest_steps(scenario: Scenario, hours: Sequence[float] = ()) -> int:
    """Least number of steps of lateral flow that the exact scheme takes.

    Args:
        scenario: of the event; hours: of a series [h].
    """
    longest = scenario.duration_s / FEWEST_STEPS
    intervals = Timeline.of(scenario, checked_hours(hours, scenario.duration), LONGEST_INTERVAL_S).intervals
    return sum(max(1, math.ceil(x.seconds / longest - 1e-9)) for x in intervals)


class WindowedRun:
    """One scenario on a map in windows.

    Args:
        study: terrain and scenario; whole: properties of the whole map, see :func:`.study.whole_map_of`.
        model: solves each window, that of :class:`.RemoteWater` on workers.
        side: of a core [cells], or ``None`` for the whole map in one window, without ``whole``.
        margin: of one pass. If the event takes more steps it is widened, or the event is computed in several passes.
        side_for: see :meth:`.memory.RunPlan.side_for`.
        at_once: windows that this process solves at a time; windows with a wider margin are solved one by one.
    """

    def __init__(
        self, study: Study, whole: WholeMap | None, model: WaterModel, side: int | None, margin: Margin,
        side_for: Callable[..., int] | None = None, at_once: int = 1,
    ) -> None:  # fmt: skip
        self._study, self._whole, self._model, self._side = study, whole, model, side
        self._side_for = side_for or (lambda *_, in_passes=False: side + 2 * MULTIPLE * in_passes)
        self._attempt = 0
        self.margin = margin
        self._of_window, self._executor = local_model(model)
        self._at_once = at_once if self._of_window is model else 1
        self._threads = self._new_threads()
        self._model.kept = None  # there is one scenario alone

    def solve(self, feedback: Feedback) -> Iterator[SolvedWindow]:
        """Yield the windows with valid cells; a window that is yielded again replaces its earlier result.

        Raises:
            InputError: the margin would need more memory, or the passes more disk, than there is.
            Cancelled: the user cancelled the run.
        """
        if self._side is None:
            yield self._solve_whole(Tile.whole(self._study.terrain.grid.shape), feedback)
            return
        outer_side = self._side_for(Margin(0, self.margin.view)) + 2 * Margin(0, self.margin.view).cells
        if self._whole.coarse_phases or Margin(self.margin.steps).cells > _ONE_PASS * outer_side:
            yield from self._in_passes(feedback)
            return
        while True:
            try:
                yield from self._all_windows(feedback)
                return
            except TooManySteps as broken_off:
                factor = min(max(1.25 / max(broken_off.share, 1e-3), 1.5), 20.0)  # a window broke off after a share
                wider = replace(self.margin, steps=math.ceil(factor * self.margin.steps))
            self._attempt, self._threads = self._attempt + 1, None
            if Margin(wider.steps).cells > _ONE_PASS * outer_side:
                yield from self._in_passes(feedback)
                return
            self.margin, self._side = wider, self._side_for(wider)

    def _new_threads(self) -> Threads | None:
        """Threads for windows solved at the same time; ``None`` if they are solved one by one, or on workers."""
        return Threads(self._at_once) if self._at_once > 1 else None

    def _in_passes(self, feedback: Feedback) -> Iterator[SolvedWindow]:
        """Step, then solve."""
        states, self._threads = PassStates(self._study.terrain.grid.shape), self._new_threads()
        side = self._side_for(Margin(0), self._at_once, in_passes=True)
        self._step_in_passes(side, states, PartialFeedback(feedback, 0.0, 90.0))
        self.margin = Margin(0, self.margin.view)
        self._side = self._side_for(self.margin, self._at_once)
        yield from self._all_windows(PartialFeedback(feedback, 90.0, 100.0), states)

    def _all_windows(self, feedback: Feedback, states: PassStates | None = None) -> Iterator[SolvedWindow]:
        margin, shape = self.margin.cells, self._study.terrain.grid.shape
        windows = list(known_tiles(self._study, tiles(shape, self._side + 2 * margin, margin, MULTIPLE)))
        if states is None and windows[0].inner == Tile.whole(shape).inner:
            yield self._solve_whole(windows[0], feedback)
            return
        if states is not None:
            states.set_counting_window(windows[0])

        steps = self.margin.steps
        for tile, job, answer in self._solve_windows(windows, steps, steps, states, feedback):
            result = replace(answer.result, scenario=self._study.scenario_of(tile.inner))
            yield SolvedWindow(tile, job.terrain, result, self._attempt)

    def _solve_windows(
        self, windows: list[Tile], steps: int, reach: int, states: PassStates | None, feedback: Feedback, *,
        first_alone: bool = False,
    ) -> Iterator[tuple[Tile, WindowJob, WindowAnswer]]:  # fmt: skip
        """:func:`.jobs.solve_windows` with up to so many steps in each."""

        def job_of(tile: Tile, shared: dict[str, SharedSteps]) -> WindowJob:
            kept = None if states is None else states.of(tile)
            rows = tile.outer[0]
            at_ends = rows.start == 0, rows.stop == self._study.terrain.grid.rows
            part = MapPart(self._whole, tile.inner_in_outer, steps, shared, kept, *at_ends)
            model = self._of_window if self._threads is None else self._of_window.for_thread()
            return WindowJob(model, *self._study.window(tile, part))

        executor = self._threads or self._executor
        return solve_windows(windows, job_of, executor, reach, feedback, first_alone=first_alone)

    def _step_in_passes(self, side: int, states: PassStates, feedback: Feedback) -> None:
        """Step to the event's end, some steps of all windows a pass; side: of a window with its margin [cells]."""
        margin = self._margin_of_passes(side)
        every = tiles(self._study.terrain.grid.shape, side, margin.cells, MULTIPLE)
        windows = list(known_tiles(self._study, every))
        needed, sent = self._disk_space(side, len(windows))
        check_disk_space(needed, sent, self._executor.folder if isinstance(self._executor, SharingFiles) else None)
        feedback.pushInfo(
            Text("Water crosses many cells: the {:,} windows are stepped in passes of up to {} steps, with up to {} of "
                 "intermediate results on the disk.", len(windows), margin.steps, size_text(needed + sent))
        )  # fmt: skip
        states.set_counting_window(windows[0])
        steps = margin.steps
        while not states.last:
            steps = self._pass(windows, margin.steps, steps, states, feedback)
            feedback.setProgress(100.0 * states.end_pass())
            return_freed_memory()  # what the next pass takes may not fit into the gaps

    def _margin_of_passes(self, side: int) -> Margin:
        """The margin with which passes over windows of such a side, margin included, most likely take least time.

        A wide one is computed twice or more often, a narrow one takes many passes.
        """
        phases, seconds = self._whole.coarse_phases.values(), self._study.scenario.duration_s
        steps = seconds / self._whole.shortest_step
        if phases:
            steps = math.ceil(max(one.stages[0].seconds / one.stages[0].shortest for one in phases))

        def cost(margin: int) -> float:
            computed = (side / max(side - 2 * margin, 1)) ** 2
            return computed * (steps + _STEPS_OF_A_PASS * math.ceil(steps / (margin - RIM)))

        widest = max(int(_OF_A_PASS * side), MULTIPLE)
        return Margin(min(range(MULTIPLE, widest + 1, MULTIPLE), key=cost) - RIM)

    def _disk_space(self, side: int, windows: int) -> tuple[float, float]:
        """Disk space for several passes: for states before and after a pass, and for files sent to workers [bytes].

        Workers are sent the states before a pass and the coarse phases of the whole map, and the windows that are
        solved at a time; these answer with the states of their cells after it.
        """
        shape = self._study.terrain.grid.shape
        of_a_cell = _state_bytes(self._of_window, self._study.scenario)
        states = of_a_cell * shape[0] * shape[1]
        if not isinstance(self._executor, SharingFiles):
            return 2.0 * states, 0.0
        at_once = min(self._executor.items_at_once, windows) * min(side, shape[0]) * min(side, shape[1])
        of_windows = at_once * (_OF_TERRAIN + _OF_A_RASTER * len(self._study.rasters) + of_a_cell)
        return 2.0 * states, states + bytes_in_files(self._whole) + of_windows

    def _pass(self, windows: list[Tile], reach: int, steps: int, states: PassStates, feedback: Feedback) -> int:
        """Take so many steps at most in all windows; returns how many it were to be, so as to reach so many cells.

        The window of the greatest rates comes first in the next pass: it sets the lengths of the steps.
        """
        quiet = PartialFeedback(feedback, 0.0, 0.0)
        while True:
            greatest = {}
            try:
                for tile, _, answer in self._solve_windows(windows, steps, reach, states, quiet, first_alone=True):
                    rates = [one.own.max(initial=0.0) for one in answer.steps.values()]
                    greatest[tile.place] = float(max(rates, default=0.0))
                    states.add_window(tile, answer.kept)
            except TooManySteps:  # outflow was limited: a step reaches two cells
                steps = max(reach // 2, 1)
                continue
            windows.sort(key=lambda tile: -greatest[tile.place])
            return steps

    def _solve_whole(self, tile: Tile, feedback: Feedback) -> SolvedWindow:
        """Solve the map in one window, which shares nothing."""
        terrain, scenario = self._study.terrain, self._study.scenario_of(tile.inner)
        result = next(iter(self._model.solve(terrain, [scenario], feedback)))
        return SolvedWindow(tile, terrain, result, self._attempt)


def _state_bytes(model: WaterModel, scenario: Scenario) -> float:
    """Bytes a cell of what a model keeps between two passes, at most."""
    if not isinstance(model, Engine):
        return 2.0 * _OF_A_GUESS  # a network's first guesses are two simulations
    of_times = _OF_FAILURE_TIMES if model.failure_times else 0.0
    of_the_least = _OF_THE_LEAST if scenario.options.evaluate == "minimum" else 0.0
    return _STATE_BYTES + of_times + of_the_least + _OF_AN_HOUR * len(model.hours)


def known_tiles(study: Study, every: Iterable[Tile]) -> Iterator[Tile]:
    """Yield the tiles that have a cell in which all inputs are known."""
    return (tile for tile in scratch.releasing(every, 1) if study.known(*tile.inner).any())
