"""The fast scheme: the beginning of an event on coarse grids, its last hours at full resolution.

How water ran hours ago matters less in detail than how it runs now. The last hours are stepped at full resolution,
those before on cells twice as wide, those before them twice as wide again: a coarser grid takes two to four times the
step and has a quarter of the cells. From grid to grid goes what lateral flow has brought to a cell, as an amount of
water; the finer cells then take their own depth and their own infiltration into account.

Source: time-telescoping is our own; its parts are nested grids with restriction by means and prolongation by bilinear
interpolation (Briggs, Henson & McCormick 2000, A Multigrid Tutorial, chapter 3), made conservative cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Sequence

import numpy as np

from ...feedback import Feedback
from ...map_parts.strips import row_strips, with_rows_around
from ...map_parts.threads import in_threads
from ...scenario import Scenario
from ...terrain import Terrain
from ..column import band_storage
from .coarse_supply import CoarseSupply
from .grid_pyramid import FinestCells, PyramidGrid, finest_cells, greatest_lateral, grid_pyramid
from .grid_transfer import prolong, repeat, restrict
from .lateral_flow import Array, Arrays, GridSoil, GridWater, advance_water

#: Bounds of a step over the monotone one, where few and where many steps are at hand. ``make schemes`` measures what
#: longer steps cost, and what the hours gained at full resolution bring.
_GREATEST_SHARE, _GREATEST_SHARE_OF_GUESSES, _LEAST_SHARE = 2.0, 3.0, 0.5
_GUESSES = 144  # budgets below are first guesses
#: The same at full resolution, for the steps themselves, not for the hours that are shared out: longer ones let the
#: tables of even slopes swing by most of the soil depth. Steps follow the flow, so that few events take more of them.
_GREATEST_SHARE_AT_FULL, _GREATEST_SHARE_AT_FULL_OF_GUESSES = 1.5, 1.0
#: Budgets that follow the flow; twice the last where the exact scheme would take more steps than this.
_BUDGETS, _STRONG_FLOW_STEPS = (24, 48, 96, 192), 1000.0
#: Steps on a coarser grid over those at full resolution, at most: a coarser grid's cost a quarter.
_MORE_STEPS = 4
_LEAST_STAGE_S = 720.0  # less is not worth a coarser grid
_LONGEST_STEP_S = 7200.0  # what rain adds meanwhile must not fill the soil at once
_FEWEST = 48  # steps of the exact scheme over an event
#: Where full resolution does a whole event in fewer steps than the exact scheme, the first half of them does this share
#: of it, as far as they stay monotone: what they do wrong has time to even out. ``make schemes`` and ``make evaluate``
#: measure it.
_OF_FIRST_STEPS = 0.7
#: Infiltration is offered at least this often, or once a step [s].
LONGEST_INTERVAL_S = 3600.0
_SLACK_M = 1e-6  # rounding of depths
_STRIP_CELLS = 16_384  # of the coarser grid that are refined at once: their finer ones stay in the cache
_SOIL = ("conductivity", "suction_head", "moisture_deficit", "rainfall_m_per_s")


@dataclass(frozen=True)
class StepBudget:
    """How many steps the fast scheme takes at full resolution: its one measure of accuracy and cost.

    Attributes:
        steps: some 12 (a first guess) to 384 (next to exact); coarser grids take up to four times as many.
    """

    steps: int

    @classmethod
    def following(cls, terrain: Terrain, scenario: Scenario) -> StepBudget:
        """The default: more steps where water crosses more cells during the event.

        Full resolution then does the whole event where the exact scheme takes some 400 steps or fewer, in half as many.
        ``make schemes`` measures the accuracy.
        """
        return cls.for_stable(stable_steps(terrain, scenario))

    @classmethod
    def for_stable(cls, steps: float) -> StepBudget:
        """The same for an event of so many stable steps."""
        whole = next((n for n in _BUDGETS if steps <= _GREATEST_SHARE * n), None)
        return cls(whole or (_BUDGETS[-1] if steps <= _STRONG_FLOW_STEPS else 2 * _BUDGETS[-1]))

    def on(self, level: int) -> int:
        """Steps on a grid of the pyramid, 0 being full resolution."""
        return self.steps * min(2**level, _MORE_STEPS)

    @property
    def greatest_share(self) -> float:
        """Longest step over the monotone one [-]: beyond 1 tables may swing, yet fewer hours are coarse."""
        return _GREATEST_SHARE_OF_GUESSES if self.steps < _GUESSES else _GREATEST_SHARE

    def greatest_share_on(self, level: int, *, alone: bool) -> float:
        """The same of the steps on a grid of the pyramid; alone: it does the whole event, which nothing corrects."""
        if level > 0:
            return self.greatest_share
        guess = alone or self.steps < _GUESSES
        return _GREATEST_SHARE_AT_FULL_OF_GUESSES if guess else _GREATEST_SHARE_AT_FULL

    def suffices(self, stable: float, seconds: float) -> bool:
        """Whether full resolution does a whole event of so many stable steps, so that no coarser grid is needed."""
        return seconds - self.steps * self.greatest_share * seconds / stable < _LEAST_STAGE_S

    def longest_step(self, seconds: float) -> float:
        """Greatest length of any step of an event that lasts so long [s]."""
        return min(seconds / min(self.steps, _FEWEST), _LONGEST_STEP_S)


@dataclass(frozen=True)
class Stage:
    """Time of an event on one grid [s] and the bounds of its steps [s].

    Attributes:
        of_first: share of the time that the first half of the steps takes, 0.5 where all are alike [-].
    """

    seconds: float
    shortest: float
    longest: float
    of_first: float = 0.5

    @property
    def halves(self) -> tuple[Stage, Stage]:
        """The time of the first and of the second half of the steps; the first is nothing where all are alike."""
        if self.of_first <= 0.5:
            return replace(self, seconds=0.0), self
        first = self.of_first * self.seconds
        times = (first, self.of_first), (self.seconds - first, 1.0 - self.of_first)
        return tuple(Stage(time, 2.0 * share * self.shortest, 2.0 * share * self.longest) for time, share in times)


def plan(
    grids: Sequence[PyramidGrid | FinestCells], conductivity: float, seconds: float, budget: StepBudget
) -> list[Stage]:
    """Share an event out among the grids, its last hours to full resolution, which comes first.

    At full resolution more steps than the budget's are taken where these would let tables swing.

    Args:
        grids: of the pyramid; conductivity: greatest K_lat [m/s]; seconds: duration of the event.
    """
    stages, left, longest = [], seconds, budget.longest_step(seconds)
    for level, grid in enumerate(grids):
        steps, stable = budget.on(level), grid.stable_step(conductivity)
        mine = min(left, steps * budget.greatest_share * stable)
        if level == len(grids) - 1 or left - mine < _LEAST_STAGE_S:
            mine = left
        greatest = budget.greatest_share_on(level, alone=level == 0 and mine == left)
        shortest = stable * min(max(mine / (steps * stable), _LEAST_SHARE), greatest)
        stages.append(Stage(mine, min(shortest, longest), longest))
        left -= mine
        if left <= 0.0:
            break
    if len(stages) == 1 and budget.steps < _FEWEST:
        most = 0.5 * grids[0].stable_step(conductivity) / stages[0].shortest
        return [replace(stages[0], of_first=max(min(_OF_FIRST_STEPS, most), 0.5))]
    return stages


_NO_STAGE = Stage(0.0, 1.0, 1.0)


@dataclass(frozen=True)
class FineStart:
    """State at the beginning of the fine phase, at the valid cells: (cells,) arrays.

    Attributes:
        seconds: since the event began; 0 where full resolution does it all.
        table, band, contact: h and V [m], bool.
        missed: infiltration that full cells could not take until then [m].
        exfiltrated, drained: until then [m of water summed over cells]; steps: done on coarser grids.
    """

    seconds: float
    table: np.ndarray
    band: np.ndarray
    contact: np.ndarray
    missed: np.ndarray
    exfiltrated: float = 0.0
    drained: float = 0.0
    steps: int = 0


class CoarseToFine:
    """Scenarios of one terrain on their way down the grids.

    Args:
        valid: cells of full resolution, boolean (rows, cols); scenarios: their rain and options.
        grids: from full resolution on; plans: of each scenario.
        parameters: on each grid that is needed, see :func:`parameters_of`; those of full resolution may be left out
            where nothing is stepped there.
        feedback: for cancellation; arrays: where to compute.
        seconds: since the event began [s]; beyond 0 :meth:`refine_from` is to give the water.
    """

    def __init__(
        self, valid: np.ndarray, scenarios: Sequence[Scenario], grids: Sequence[PyramidGrid],
        plans: list[list[Stage]], parameters: list[dict[str, np.ndarray]], feedback: Feedback,
        arrays: Arrays | None = None, seconds: float = 0.0,
    ) -> None:  # fmt: skip
        self._arrays = arrays = arrays or Arrays()
        self._valid, self._scenarios, self._feedback = valid, list(scenarios), feedback
        self.grids, self.plans, self._parameters = grids, plans, parameters
        self.level = len(parameters) - 1
        self._now, self.steps = np.full(len(plans), seconds), 0
        self._take_grid()
        table = self.soil.depth * arrays.asarray(parameters[self.level]["water_table_ratio"])
        nothing = arrays.asarray(np.zeros((len(plans), 1, 1)))
        self.water = GridWater(table, 0.0 * table, table < 0.0, 0.0 * table, nothing, nothing + 0.0)

    @classmethod
    def of(
        cls, terrain: Terrain, scenarios: Sequence[Scenario], budgets: Sequence[StepBudget], feedback: Feedback,
        arrays: Arrays | None = None,
    ) -> CoarseToFine:  # fmt: skip
        """Plan scenarios on a terrain and begin on the coarsest grid that is needed.

        Args:
            terrain: where; the scenarios' rasters have values wherever it is valid.
            scenarios: of one kind: a parameter is a number in all of them or a raster in all of them.
            budgets: one for each; feedback, arrays: as above.
        """
        grids = grid_pyramid(terrain)
        plans = [plan(grids, greatest_lateral(terrain, s), s.duration_s, b) for s, b in zip(scenarios, budgets)]
        parameters = [parameters_of(scenarios, terrain.valid)]
        for fine, coarse in zip(grids, grids[1 : max(len(p) for p in plans)]):
            parameters.append(coarsened(parameters[-1], fine, coarse))
        return cls(terrain.valid, scenarios, grids, plans, parameters, feedback, arrays)

    @property
    def seconds(self) -> float:
        """Since the event began, of the first scenario [s]."""
        return float(self._now[0])

    def _take_grid(self) -> None:
        """Prepare the scenarios' soil and rain on the grid of the present level."""
        grid, p = self.grids[self.level], self._parameters[self.level]
        edges = self._scenarios[0].options.edges
        self.soil = GridSoil.of(grid, p["lateral"], p["deficit"], p["air"], edges, self._arrays)
        self.supply = CoarseSupply(self._scenarios, grid.slope, [p[name] for name in _SOIL], self._arrays)
        self.supply.until(self._now)

    def descend(self, last: int) -> None:
        """Step the scenarios' hours on the coarser grids and go to the grid ``last`` of the pyramid."""
        while self.level > last:
            self.step()
            self._refine()

    def step(self) -> None:
        """Step the scenarios' hours on the grid of the present level."""
        stages = [p[self.level] if self.level < len(p) else _NO_STAGE for p in self.plans]
        for half in zip(*(stage.halves for stage in stages)):
            if any(stage.seconds for stage in half):
                self._step(half)

    def _step(self, stages: Sequence[Stage]) -> None:
        """Step a stage of each scenario, whose steps are alike."""
        seconds, shortest, longest = (np.array([getattr(x, name) for x in stages])
                                      for name in ("seconds", "shortest", "longest"))  # fmt: skip
        pieces = self._pieces(seconds, shortest)
        began = self._now
        ends = [began + seconds * np.minimum(number / pieces, 1.0) for number in range(1, int(pieces.max()) + 1)]
        first = self._first_hour(began, seconds, pieces)
        for now in [began + first, *ends] if first.any() else ends:
            length = now - self._now
            offered = self.supply.until(now)
            rate = offered / self._arrays.asarray(np.maximum(length, 1e-9).reshape(-1, 1, 1))
            self.water, steps = advance_water(
                self.water, self.soil, rate, length, shortest, longest, self._arrays, self._feedback
            )
            self._now, self.steps = now, self.steps + steps

    def _pieces(self, seconds: np.ndarray, shortest: np.ndarray) -> np.ndarray:
        """Intervals of constant infiltration in each scenario's stage: of about an hour and whole steps, or one."""
        lengths = shortest * np.ceil(LONGEST_INTERVAL_S / shortest)
        pieces = np.maximum(np.ceil(seconds / lengths - 1e-6), 1.0)
        return np.where(self.supply.constant, 1.0, pieces)

    def _first_hour(self, began: np.ndarray, seconds: np.ndarray, pieces: np.ndarray) -> np.ndarray:
        """Length of a first interval in each scenario's stage, as :func:`starts_saturated` needs it [s]; else 0."""
        saturated = np.array([starts_saturated(s) for s in self._scenarios]) & ~self.supply.constant
        return np.where(saturated & (began == 0.0), np.minimum(seconds / pieces, LONGEST_INTERVAL_S), 0.0)

    def _refine(self) -> None:
        """Go to the next finer grid."""
        water, share, gained = self.water, self.soil.share, self.gained()
        factor = float(self.grids[self.level].cells_per_cell)
        self.level -= 1
        factor /= self.grids[self.level].cells_per_cell
        self._take_grid()
        self.refine_from(*gained, share, water.exfiltrated * factor, water.drained * factor)

    def gained(self) -> tuple[Array, Array, Array]:
        """What lateral flow has brought the cells, the infiltration that full ones could not take, the gap closed [m].

        The gap is that between surface and initial table of cells in contact, -1 of the others.
        """
        water, soil = self.water, self.soil
        start = soil.depth * self._arrays.asarray(self._parameters[self.level]["water_table_ratio"])
        stored = water.band + (soil.deficit + soil.air) * (water.table - start)
        closed = self._arrays.xp.where(water.contact, soil.depth - start, -1.0)
        return stored - water.infiltrated, self.supply.total() - water.infiltrated, closed

    def refine_from(
        self, gain: Array, missed: Array, closed: Array, share: Array, exfiltrated: Array, drained: Array
    ) -> None:  # fmt: skip
        """Take over what the next coarser grid has :meth:`gained`: the rest is each cell's own.

        Args:
            share: valid share of the coarser grid's cells [-].
            exfiltrated, drained: until now [m of water summed over this grid's cells].
        """
        xp, soil, total = self._arrays.xp, self.soil, self.supply.total()
        ratio = self._arrays.asarray(self._parameters[self.level]["water_table_ratio"])
        rows = soil.share.shape[-2]

        def of_rows(coarse: slice) -> tuple[Array, ...]:
            outer, inner = with_rows_around(coarse, 1, share.shape[-2])
            around = slice(2 * outer.start, min(2 * outer.stop, rows))
            here = slice(2 * coarse.start, min(2 * coarse.stop, rows))
            inner = slice(2 * inner.start, 2 * inner.start + here.stop - here.start)
            gained, lacks = (
                prolong(xp, x[:, outer], share[outer], soil.share[around])[:, inner] for x in (gain, missed)
            )
            depth, deficit, air = (_rows_of(x, here) for x in (soil.depth, soil.deficit, soil.air))
            infiltrated = xp.clip(_rows_of(total, here) - lacks, 0.0, None)
            gap = repeat(xp, closed[:, coarse], (here.stop - here.start, soil.share.shape[-1]))
            own = replace(soil, depth=depth, deficit=deficit, air=air)
            return *joined_water(xp, own, depth * _rows_of(ratio, here), infiltrated, gained, gap), infiltrated

        if xp is not np:
            self.water = GridWater(*of_rows(slice(0, share.shape[-2])), exfiltrated, drained)
            return
        shape = (len(gain), *soil.share.shape)
        made = [np.empty(shape), np.empty(shape), np.empty(shape, dtype=bool), np.empty(shape)]
        for coarse, found in in_threads(of_rows, row_strips(share.shape, _STRIP_CELLS)):
            for whole, part in zip(made, found):
                whole[:, 2 * coarse.start : min(2 * coarse.stop, rows)] = part
        self.water = GridWater(*made, exfiltrated, drained)

    def fine_start(self, number: int) -> FineStart:
        """State of one scenario at the beginning of its fine phase; after :meth:`descend` to full resolution."""
        w, valid = self.water, self._valid
        infiltrated = np.broadcast_to(self.supply.total(), w.table.shape)[number][valid]
        return FineStart(
            float(self._now[number]), w.table[number][valid], w.band[number][valid],
            w.contact[number][valid], infiltrated - w.infiltrated[number][valid], float(w.exfiltrated[number, 0, 0]),
            float(w.drained[number, 0, 0]), self.steps,
        )  # fmt: skip


def _rows_of(values: Array, rows: slice) -> Array:
    """Some rows of a map (..., rows, cols); what is one number for all stays so."""
    return values[..., rows, :] if values.shape[-2] > 1 else values


def parameters_of(scenarios: Sequence[Scenario], valid: np.ndarray) -> dict[str, np.ndarray]:
    """What scenarios need at full resolution by name: (batch, 1, 1) of numbers, (batch, rows, cols) of rasters."""
    made: dict[str, list] = {}
    for s in scenarios:
        deficit, air = band_storage(s)
        values = {"lateral": s.lateral_conductivity, "deficit": deficit, "air": air}
        values |= {name: getattr(s, name) for name in (*_SOIL, "water_table_ratio")}
        for name, value in values.items():
            made.setdefault(name, []).append(np.atleast_2d(value))
    first = {name: np.stack(values).astype(np.float64) for name, values in made.items()}
    return {name: np.where(valid, x, 0.0) if x.shape[1:] != (1, 1) else x for name, x in first.items()}


def stable_steps(terrain: Terrain, scenario: Scenario) -> float:
    """How many of the longest monotone steps an event has at full resolution."""
    return scenario.duration_s / finest_cells(terrain).stable_step(greatest_lateral(terrain, scenario))


def coarsened(parameters: dict[str, np.ndarray], fine: PyramidGrid, coarse: PyramidGrid) -> dict[str, np.ndarray]:
    """Parameters of a grid on the next coarser one."""
    return {
        name: restrict(x, fine.share, coarse.share) if x.shape[1:] != (1, 1) else x for name, x in parameters.items()
    }


def starts_saturated(scenario: Scenario) -> bool:
    """Whether the water table may be at the surface before the rain, of a window as of the whole map.

    What infiltrates in the first hour decides whether such cells are in contact from the beginning.
    """
    ratio = scenario.water_table_ratio
    return np.ndim(ratio) > 0 or ratio >= 1.0


def stages_of(terrain: Terrain, scenario: Scenario, budget: StepBudget) -> list[Stage]:
    """When each grid is stepped, and how; of a window as of the whole map."""
    phase = None if terrain.part is None else terrain.part.whole.coarse_phases.get(budget.steps)
    if phase is not None:
        return phase.stages
    finest, lateral, seconds = finest_cells(terrain), greatest_lateral(terrain, scenario), scenario.duration_s
    one_grid = budget.suffices(seconds / finest.stable_step(lateral), seconds)
    return plan([finest] if one_grid else grid_pyramid(terrain), lateral, seconds, budget)


def joined_water(
    xp: Any, soil: GridSoil, start: Array, infiltrated: Array, gain: Array, closed: Array
) -> tuple[Array, Array, Array]:
    """Table, band and contact of cells that have taken in ``infiltrated`` and gained ``gain`` from their neighbours.

    Apart, V = F and n_y (h - h0) = gain; in contact, V = dTheta (D - h), whence h of the whole amount. Contact stays
    when the table sinks: a cell has it too where the coarser cell has closed as wide a gap.

    Args:
        xp: numpy or torch; soil: of the grid.
        start: water table before the rain [m]; infiltrated, gain: [m] since then.
        closed: the gap between surface and initial table that the coarser cell has closed [m], -1 without contact.
    """
    storage = soil.deficit + soil.air
    table = xp.clip(start + gain / storage, 0.0, None)
    contact = (infiltrated / soil.deficit + table >= soil.depth) | (soil.depth - start <= closed + _SLACK_M)
    whole = (storage * start + infiltrated + gain - soil.deficit * soil.depth) / soil.air
    table = xp.minimum(xp.clip(xp.where(contact, whole, table), 0.0, None), soil.depth)
    return table, xp.where(contact, soil.deficit * (soil.depth - table), infiltrated), contact
