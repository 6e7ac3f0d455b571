"""The physics engine: infiltration, lateral groundwater and stability stepped through a rain event."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Any, Iterator, Sequence

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..result import Result
from ..scenario import Scenario
from ..terrain import MAXIMUM_SLOPE_DEG, Terrain
from . import groundwater, kernels
from .column import (
    RESIDUAL_AIR,
    Column,
    ColumnState,
    initial_factor_of_safety,
    mode_map,
    on_map,
    stability_of,
)
from .infiltration import advance, ponding_amount

#: Infiltration is offered, and stability looked at, at least this often [s].
LONGEST_INTERVAL_S = 3600.0
_CELL_STEPS_PER_CALL = 2e7  # work between two looks at the cancel button
_SLOPE_NODES = 8192
_CONTACT_SLACK_M = 1e-9


class Engine:
    """Solver with lateral flow: explicit finite volumes, infiltration integrated exactly.

    The computation is two-dimensional and depth-averaged: per cell the water in the wetted
    band V and the water table h are followed; see the modules beside this one for the equations.
    """

    def solve(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[Result]:
        """Yield the state of each scenario; see :class:`slopecast.plugin.core.result.Solver`."""
        for number, scenario in enumerate(scenarios):
            run = Event(terrain, scenario)
            for done in run.advance_by_intervals(feedback):
                feedback.setProgress(100.0 * (number + done) / len(scenarios))
            yield run.result()


@dataclass
class _Worst:
    """Least factor of safety so far and the first failure, for the picked cells."""

    fs: np.ndarray
    mode: np.ndarray
    failure_time: np.ndarray  # [h], NaN = never


class Event:
    """One scenario on one terrain, stepped: what :class:`Engine` runs, open for those who need the states."""

    def __init__(self, terrain: Terrain, scenario: Scenario) -> None:
        self.began = time.perf_counter()
        self.terrain, self.scenario = terrain, scenario
        self.cells = terrain.valid & scenario.valid(terrain.grid.shape)
        shape = terrain.grid.shape
        self.depth = np.where(self.cells, terrain.soil_depth, 0.0).astype(np.float64)
        self.slope = np.where(self.cells, terrain.slope, 0.0)
        self.cos_slope = np.cos(self.slope)
        self.deficit = self.full("moisture_deficit", 0.1)
        ratio = self.full("water_table_ratio", 0.0)
        zeros = np.zeros(shape)
        self.water = kernels.Water(self.depth * ratio, zeros.copy(), np.zeros(shape, dtype=bool), zeros.copy())
        self.initial_storage = self._storage()
        self.rain = np.where(self.cells, scenario.rainfall_m_per_s, 0.0)
        self.potential = _Potential(self)
        self.ponded = np.zeros(shape, dtype=bool)
        lateral = scenario.lateral_conductivity if scenario.options.lateral_flow else 0.0
        self.conductances = groundwater.conductances(terrain, self.cells, lateral, scenario.options.edges)
        self.longest_step = groundwater.longest_step(terrain, self.cells, lateral)
        self.steps = 0
        self.elapsed = 0.0
        self.picked_depth = terrain.soil_depth[self.cells].astype(np.float64)
        self.picked_slope = terrain.slope[self.cells]
        self.worst = self._start_worst()

    def full(self, name: str, outside: float) -> np.ndarray:
        """A parameter on the map, float64 (rows, cols), with a harmless value outside the cells."""
        return np.where(self.cells, getattr(self.scenario, name), outside).astype(np.float64)

    def _storage(self) -> float:
        """Water in the cells, S = V + n_y h [m summed over cells]."""
        return float((self.water.band + (self.deficit + RESIDUAL_AIR) * self.water.table)[self.cells].sum())

    def _start_worst(self) -> _Worst:
        fs = initial_factor_of_safety(self.picked_slope, self.picked_depth, self.scenario, self.cells)
        failure_time = np.where(fs < 1.0, 0.0, np.nan)
        return _Worst(fs.copy(), np.zeros(fs.shape, dtype=bool), failure_time)

    def advance_by_intervals(self, feedback: Feedback) -> Iterator[float]:
        """Run the event; yields the share done after each interval."""
        duration = self.scenario.duration_s
        intervals = max(1, math.ceil(duration / LONGEST_INTERVAL_S - 1e-9))
        for number in range(intervals):
            self._advance(duration / intervals, feedback)
            self._look_at_stability()
            yield (number + 1) / intervals

    def _advance(self, seconds: float, feedback: Feedback) -> None:
        steps = max(1, math.ceil(seconds / self.longest_step - 1e-9))
        offered = self.potential.offer(seconds, self.water.infiltrated) / steps
        per_call = max(1, int(_CELL_STEPS_PER_CALL / self.depth.size))
        done = 0
        while done < steps:
            check_cancelled(feedback)
            now = min(per_call, steps - done)
            kernels.lateral_steps(self.water, offered, self.conductances, self.depth, self.deficit, now, seconds / steps)
            done += now
        self.steps += steps
        self.elapsed += seconds
        self.ponded = self.potential.ponded(self.water.infiltrated)

    def state(self) -> ColumnState:
        """Water of the picked cells now."""
        w, cells = self.water, self.cells
        table = w.table[cells]
        front = np.minimum(w.band[cells] / self.deficit[cells], self.picked_depth - table)
        contact = w.contact[cells] | (front + table >= self.picked_depth - _CONTACT_SLACK_M)
        return ColumnState(front, table, w.infiltrated[cells], self.ponded[cells], contact)

    def _look_at_stability(self) -> None:
        state = self.state()
        self.fs, self.mode = stability_of(self.picked_slope, self.picked_depth, state, self.scenario, self.cells)
        lower = self.fs < self.worst.fs
        self.worst.fs[lower], self.worst.mode[lower] = self.fs[lower], self.mode[lower]
        first = (self.fs < 1.0) & np.isnan(self.worst.failure_time)
        self.worst.failure_time[first] = self.elapsed / 3600.0

    def result(self) -> Result:
        """The maps at the end of the event, or the minimum over it."""
        minimum = self.scenario.options.evaluate == "minimum"
        fs, mode = (self.worst.fs, self.worst.mode) if minimum else (self.fs, self.mode)
        state, cells = self.state(), self.cells
        return Result(
            scenario=self.scenario,
            factor_of_safety=on_map(fs, cells),
            water_table=on_map(state.water_table, cells),
            wetting_front=on_map(state.wetting_front, cells),
            failure_mode=mode_map(fs, mode, cells),
            initial_factor_of_safety=on_map(
                initial_factor_of_safety(self.picked_slope, self.picked_depth, self.scenario, cells), cells
            ),
            failure_time=on_map(self.worst.failure_time, cells),
            diagnostics=self._diagnostics(),
        )

    def _diagnostics(self) -> dict[str, Any]:
        rain = float((self.rain * self.elapsed).sum())
        offered_runoff = rain - float(self.water.infiltrated[self.cells].sum())
        change = self._storage() - self.initial_storage
        error = rain - change - offered_runoff - self.water.exfiltrated - self.water.drained
        area = self.terrain.grid.cell_area
        scale = max(rain, self.initial_storage, 1e-12)
        return {
            "solver": "physics engine",
            "device": "cpu (compiled)" if kernels.compiled() else "cpu",
            "seconds": time.perf_counter() - self.began,
            "steps": self.steps,
            "mass_balance_error": abs(error) / scale,
            "rain_m3": rain * area,
            "runoff_m3": offered_runoff * area,
            "exfiltration_m3": self.water.exfiltrated * area,
            "drainage_m3": self.water.drained * area,
            "storage_change_m3": change * area,
        }


class _Potential:
    """Infiltration that the surface would take: exact, by a table of slopes where soil and rain are uniform.

    A cell whose storage was full took in less than the table says; for those the same equation is
    continued from their own cumulative infiltration.
    """

    def __init__(self, run: Event) -> None:
        scenario = run.scenario
        self.run = run
        self.soil = tuple(run.full(name, 1.0) for name in ("conductivity", "suction_head", "moisture_deficit"))
        self.threshold = ponding_amount(run.cos_slope, run.rain, *self.soil)
        names = ("rainfall", "conductivity", "suction_head", "moisture_deficit")
        self.uniform = not any(isinstance(getattr(scenario, name), np.ndarray) for name in names)
        self.numbers = (
            scenario.rainfall_m_per_s, scenario.conductivity, scenario.suction_head, scenario.moisture_deficit,
        )  # fmt: skip
        self.nodes = np.linspace(0.0, np.radians(MAXIMUM_SLOPE_DEG), _SLOPE_NODES)
        self.total_at_nodes = np.zeros(_SLOPE_NODES)
        self.total = np.zeros(run.cells.shape)

    def offer(self, seconds: float, infiltrated: np.ndarray) -> np.ndarray:
        """Infiltration offered to each cell in the next ``seconds`` [m]."""
        limited = self.run.cells & (infiltrated < self.total - 1e-12)
        before = self.total
        if self.uniform:
            cos_nodes = np.cos(self.nodes)
            after_nodes = advance(self.total_at_nodes * cos_nodes, cos_nodes, *self.numbers, seconds) / cos_nodes
            self.total_at_nodes = after_nodes
            self.total = np.where(self.run.cells, np.interp(self.run.slope, self.nodes, after_nodes), 0.0)
        else:
            self.total = np.where(self.run.cells, self._continue(before, seconds, self.run.cells), 0.0)
        offered = self.total - before
        if np.any(limited & np.isfinite(self.threshold)):
            continued = self._continue(infiltrated, seconds, limited)
            offered = np.where(limited, continued - infiltrated, offered)
        return np.maximum(offered, 0.0)

    def _continue(self, start: np.ndarray, seconds: float, where: np.ndarray) -> np.ndarray:
        """Cumulative infiltration per horizontal area after ``seconds`` more, in the chosen cells."""
        cos_slope = self.run.cos_slope[where]
        soil = [x[where] for x in self.soil]
        full = np.zeros(where.shape)
        full[where] = advance(start[where] * cos_slope, cos_slope, self.run.rain[where], *soil, seconds) / cos_slope
        return full

    def ponded(self, infiltrated: np.ndarray) -> np.ndarray:
        """Cells whose rain exceeds the infiltration capacity now."""
        return infiltrated * self.run.cos_slope >= self.threshold * (1.0 - 1e-9)


def solver_for(scenario: Scenario) -> Engine | Column:
    """The cheaper solver that is exact for a scenario's options: the column without lateral flow."""
    plain = not scenario.options.lateral_flow and scenario.options.evaluate == "end"
    return Column() if plain else Engine()
