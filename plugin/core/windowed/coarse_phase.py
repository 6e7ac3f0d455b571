"""The fast scheme's coarse phase on a whole map whose fine phase is solved in windows at full resolution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Iterable, Sequence

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..map_parts.map_part import WholeMap
from ..map_parts.strips import with_rows_around
from ..map_parts.threads import in_threads
from ..map_parts.tiles import Tile
from ..physics.flow.coarse_to_fine import CoarseToFine, FineStart, coarsened, parameters_of
from ..physics.flow.grid_pyramid import (
    LEAST_SIDE_OF_TWO_GRIDS,
    MAPS,
    OVERLAP_ROWS,
    Level,
    LevelMaps,
    PyramidGrid,
    cells_without_faces,
    finished_from,
    restrict,
)
from ..physics.flow.lateral_flow import Arrays
from ..physics.flow.schedule import Stage, StepBudget, plan
from ..physics.solve import known_part
from ..raster import scratch

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..terrain import Terrain
    from .pass_states import WindowStates
    from .study import Study

#: Keeps one number for all cells as a number, which takes no memory; for values that steps do not change.
_VIEWS = Arrays(asarray=np.asarray)
_SINGLE = Arrays.single()


@dataclass(frozen=True, eq=False)
class CoarsePhase:
    """State at the end of the coarse phase; maps of cells twice as wide as those of full resolution (rows, cols).

    Attributes:
        stages: of the event.
        seconds: since it began; steps: done.
        gain, missed, closed: of the cells [m], see :meth:`.CoarseToFine.gained`.
        share: of a cell that is valid [-].
        exfiltrated, drained: until then [m of water summed over cells of full resolution].
    """

    stages: list[Stage]
    seconds: float
    steps: int
    gain: np.ndarray
    missed: np.ndarray
    closed: np.ndarray
    share: np.ndarray
    exfiltrated: float
    drained: float

    def fine_start(self, terrain: Terrain, scenario: Scenario, states: WindowStates, feedback: Feedback) -> FineStart:
        """The start of a window at full resolution; states: of the window."""
        outer = tuple(slice(s.start // 2, (s.stop + 1) // 2) for s in states.tile.outer)
        gain, missed, closed, share = (x[outer].copy() for x in (self.gain, self.missed, self.closed, self.share))
        scratch.release()
        sums = (self.exfiltrated, self.drained) if states.first else (0.0, 0.0)
        arrays = _SINGLE if gain.dtype == np.float32 else _VIEWS
        share = arrays.asarray(share)
        course = CoarseToFine(
            terrain.valid, [scenario], [cells_without_faces(terrain)], [self.stages],
            [parameters_of([scenario], terrain.valid)], feedback, arrays, seconds=self.seconds,
        )  # fmt: skip
        course.refine_from(
            gain[None], missed[None], closed[None], share, *(arrays.asarray(np.full((1, 1, 1), x)) for x in sums)
        )  # fmt: skip
        return replace(course.fine_start(), steps=self.steps)


def with_guess_phases(study: Study, whole: WholeMap, feedback: Feedback) -> tuple[WholeMap, int]:
    """Compute the coarse phases of a network's first guess; returns the map with them, and the guess's steps."""
    budget = StepBudget.for_guess(whole.stable_steps(study.terrain.grid, study.scenario))
    return _with_coarse_phases(study, whole, (budget, budget.halved), feedback, _SINGLE), budget.steps


def with_fast_phase(study: Study, whole: WholeMap, feedback: Feedback) -> WholeMap:
    """Compute the coarse phase of the engine's fast scheme; returns the same."""
    budget = StepBudget.for_stable(whole.stable_steps(study.terrain.grid, study.scenario))
    return _with_coarse_phases(study, whole, (budget,), feedback, Arrays())


def _with_coarse_phases(
    study: Study, whole: WholeMap, budgets: Sequence[StepBudget], feedback: Feedback, arrays: Arrays
) -> WholeMap:  # fmt: skip
    """The map with the coarse phases of some budgets, if the first one needs coarser grids."""
    stable, seconds = whole.stable_steps(study.terrain.grid, study.scenario), study.scenario.duration_s
    if budgets[0].covers_whole_event(stable, seconds):
        return whole
    return replace(whole, coarse_phases=coarse_phases(study, whole, budgets, feedback, arrays))


def coarse_phases(
    study: Study, whole: WholeMap, budgets: Iterable[StepBudget], feedback: Feedback, arrays: Arrays | None = None
) -> dict[int, CoarsePhase]:
    """Step the beginning of an event on the coarser grids of a map.

    Args:
        study: what is solved; whole: what :func:`.study.whole_map_of` has found with ``pyramid``.
        budgets: of steps; feedback: checked for cancellation; arrays: precision of the steps, by default double.

    Returns:
        by the budgets' steps, where the budget needs coarser grids.

    Raises:
        Cancelled: the user cancelled the run.
    """
    if min(study.terrain.grid.shape) < LEAST_SIDE_OF_TWO_GRIDS:
        return {}
    level, first = _first_coarse(study, whole, feedback)
    size = float(np.sqrt(study.terrain.grid.cell_area))
    nothing = {name: np.empty((0, 0)) for name in MAPS}
    finest = PyramidGrid(**nothing, cell_size=size, deepest=whole.deepest, steepest=whole.steepest, downstream=0.0,
                         cells_per_cell=1)  # fmt: skip
    grids = (finest, *finished_from(level))
    found = {}
    for budget in budgets:
        stages = plan(grids, whole.greatest_lateral, study.scenario.duration_s, budget)
        if len(stages) > 1:
            found[budget.steps] = _stepped(study.scenario, grids, first, stages, feedback, arrays)
    return found


def _stepped(
    scenario: Scenario, grids: tuple[PyramidGrid, ...], first: dict[str, np.ndarray], stages: list[Stage],
    feedback: Feedback, arrays: Arrays | None,
) -> CoarsePhase:  # fmt: skip
    parameters = [{}, first]
    for fine, coarse in zip(grids[1:], grids[2 : len(stages)]):
        parameters.append(coarsened(parameters[-1], fine, coarse))
    course = CoarseToFine(np.empty(0, dtype=bool), [scenario], grids, [stages], parameters, feedback, arrays)
    course.descend(1)
    course.step()
    kept = [scratch.empty(grids[1].share.shape, course.water.table.dtype) for _ in range(3)]
    for whole, values in zip(kept, course.gained()):
        whole[:] = np.broadcast_to(values, course.water.table.shape)[0]
    sums = (float(grids[1].cells_per_cell * x[0, 0, 0]) for x in (course.water.exfiltrated, course.water.drained))
    return CoarsePhase(stages, course.seconds, course.steps, *kept, grids[1].share, *sums)


def _first_coarse(study: Study, whole: WholeMap, feedback: Feedback) -> tuple[Level, dict[str, np.ndarray]]:
    """The grid of cells twice as wide, and the scenario's parameters on it: (1, 1, 1), or (1, rows, cols)."""
    rows, cols = study.terrain.grid.shape
    shape, every = (-(-rows // 2), -(-cols // 2)), slice(0, cols)
    maps, parameters = LevelMaps(shape), {}
    height = max(64, (1 << 19) // cols // 2 * 2)

    def of_rows(first: int) -> tuple[Tile, Level, dict[str, np.ndarray]] | None:
        check_cancelled(feedback)
        inner = slice(first, min(first + height, rows))
        outer, _ = with_rows_around(inner, OVERLAP_ROWS, rows)
        tile = Tile((outer, every), (inner, every))
        if not study.known(outer, every).any():
            return None
        terrain, scenario = study.window(tile, None)
        terrain = known_part(terrain, scenario)
        fine = Level.finest(terrain, whole.lowest_bedrock)
        made = fine.coarser()
        rasters = parameters_of([scenario], terrain.valid)
        for name, x in rasters.items():
            if x.shape[1:] != (1, 1):
                rasters[name] = restrict(x, fine.grid.share, made.grid.share)
        return tile, made, rasters

    for _, found in in_threads(of_rows, range(0, rows, height)):
        if found is None:
            continue
        tile, made, rasters = found
        place, here = maps.take(made, tile.outer[0], tile.inner[0])
        for name, x in rasters.items():
            if x.shape[1:] == (1, 1):
                parameters[name] = x
                continue
            if name not in parameters:
                parameters[name] = scratch.full(shape, 0.0, np.float64)[None]
            parameters[name][0][place] = x[0][here]
        scratch.release()
    return maps.level, parameters
