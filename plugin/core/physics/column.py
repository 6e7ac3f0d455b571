"""The soil column in closed form: no water from the neighbours, no time steps."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np

from ...variables import RESIDUAL_AIR
from ..feedback import Feedback, check_cancelled
from ..result import MODE_BEDROCK, MODE_NONE, MODE_WETTING_FRONT, Result
from ..scenario import EngineOptions, Scenario, Value
from ..terrain import Terrain
from .infiltration import advance, ponding_amount
from .infiltration_table import SlopeTable
from .stability import Strength
from .stability_kernel import factors_of_safety

#: Least water that a moist wetting front takes up [-] (assumed): rain weaker than what the soil drains anyway.
LEAST_UPTAKE = 0.005

_CONTACT_SLACK_M = 1e-9


@dataclass(frozen=True)
class ColumnState:
    """Water in the soil column. Arrays of one shape, float64 and bool.

    Attributes:
        wetting_front: z_w, vertical [m].
        water_table: h above bedrock, vertical [m].
        infiltration: F per horizontal area [m]; the column's is that before the limit by storage.
        ponded: the rain exceeds the infiltration capacity.
        contact: the wetted band has reached the water table.
    """

    wetting_front: np.ndarray
    water_table: np.ndarray
    infiltration: np.ndarray
    ponded: np.ndarray
    contact: np.ndarray


def column_state(
    slope: np.ndarray, soil_depth: np.ndarray, scenario: Scenario, cells: np.ndarray | None = None
) -> ColumnState:
    """State of every column at the end of a scenario's rain.

    V = min(F, (D - h0) dTheta), h = min(h0 + (F - V) / n_min, D), z_w = min(V / dTheta, D - h). Rain that changes
    changes F alone: what a full column could not take leaves no trace but in F.

    Args:
        slope: [rad]; soil_depth: vertical [m]; same shape, without NaN.
        scenario: numbers, or rasters when ``cells`` tells which of their cells are meant.
        cells: boolean (rows, cols) that picks ``slope.size`` cells out of the rasters.
    """
    value = _picker(scenario, cells)
    deficit, air = band_storage(scenario, cells)
    start = value("water_table_ratio") * soil_depth
    infiltration, ponded = potential_infiltration(slope, scenario, scenario.duration_s, cells)
    band = np.minimum(infiltration, (soil_depth - start) * deficit)
    table = np.minimum(start + (infiltration - band) / air, soil_depth)
    front = np.minimum(band / deficit, soil_depth - table)
    contact = front + table >= soil_depth - _CONTACT_SLACK_M
    return ColumnState(front, table, infiltration, ponded, contact)


def band_storage(scenario: Scenario, cells: np.ndarray | None = None) -> tuple[Value, Value]:
    """Water that the wetted band takes up and air that it keeps, each per volume [-]; their sum is n_y.

    With the option of a moist front, rain below the conductivity wets the soil only to

        theta_w = theta_r + (theta_s - theta_r) (I / K)^(1 / (3 + 2 / lambda)),

    at most to theta_s - n_min: the moisture at which gravity carries it (Brooks & Corey 1964). The band then takes up
    theta_w - theta_i (at least 0.005, assumed) and keeps theta_s - theta_w. Of a hyetograph I is the greatest
    intensity (assumed): what it wetted stays wet.
    """
    value = _picker(scenario, cells)
    deficit, options = value("moisture_deficit"), scenario.options
    if options.front_moisture == "full":
        return deficit, RESIDUAL_AIR
    share = np.minimum(value("greatest_rainfall_m_per_s") / value("conductivity"), 1.0)
    drained = options.effective_porosity * (1.0 - share ** (1.0 / (3.0 + 2.0 / options.pore_size_index)))
    air = np.maximum(drained, RESIDUAL_AIR)
    uptake = np.maximum(deficit + RESIDUAL_AIR - air, np.minimum(LEAST_UPTAKE, deficit))
    return uptake, deficit + RESIDUAL_AIR - uptake


def potential_infiltration(
    slope: np.ndarray, scenario: Scenario, seconds: float, cells: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative infiltration per horizontal area F [m] after ``seconds`` of the event, and where it ponds then.

    Where there are few kinds of soil and rain it is a function of slope alone for each and read from a table.
    """
    value = _picker(scenario, cells)
    soil = tuple(value(name) for name in ("conductivity", "suction_head", "moisture_deficit"))
    rows = _rows_until(scenario, seconds, cells)
    cos_slope = np.cos(slope)
    table = SlopeTable.of(slope, rows[0][1], soil)
    if table is None:
        total = _through_rows(cos_slope, rows, soil) / cos_slope
    else:
        total = np.zeros(slope.shape)
        for length, rain in rows:
            total += table.advance(rain, length)
    last = rows[-1][1]
    if np.ndim(last) == np.ndim(soil[0]) == 0 and last <= soil[0]:
        return total, np.zeros(total.shape, dtype=bool)
    ponded = total * cos_slope >= ponding_amount(cos_slope, last, *soil) * (1.0 - 1e-9)
    return total, ponded


def _rows_until(scenario: Scenario, seconds: float, cells: np.ndarray | None) -> list[tuple[float, Value]]:
    """Intervals of constant rain up to a time: (seconds, I [m/s])."""
    if scenario.hyetograph is None:
        return [(seconds, _picker(scenario, cells)("rainfall_m_per_s"))]
    begun = (x for x in scenario.rain_intervals if x.start < seconds or x.start == 0.0)
    return [(min(x.end, seconds) - x.start, x.intensity) for x in begun]


def _through_rows(cos_slope: np.ndarray, rows: list[tuple[float, Value]], soil: tuple[Value, ...]) -> np.ndarray:
    """Cumulative infiltration per slope area after the intervals [m]."""
    total = 0.0
    for length, rain in rows:
        total = advance(total, cos_slope, rain, *soil, length)
    return total


def apply_front_pressure(ponded: np.ndarray, option: str) -> np.ndarray:
    """Where the wetted band carries seepage pressure under the option ponded, none or always."""
    if option == "none":
        return np.zeros_like(ponded)
    if option == "always":
        return np.ones_like(ponded)
    return ponded


class Column:
    """Solver without lateral flow: every cell by the closed form."""

    def solve(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[Result]:
        """Yield the state at the end of each scenario; see :class:`slopecast.plugin.core.result.Solver`."""
        for number, scenario in enumerate(scenarios):
            check_cancelled(feedback)
            began = time.perf_counter()
            yield self._solve_one(terrain, scenario, began)
            feedback.setProgress(100.0 * (number + 1) / len(scenarios))

    def _solve_one(self, terrain: Terrain, scenario: Scenario, began: float) -> Result:
        cells = terrain.valid & scenario.valid(terrain.grid.shape)
        slope, depth = terrain.slope[cells], terrain.soil_depth[cells].astype(np.float64)
        state = column_state(slope, depth, scenario, cells)
        sin_cos = np.sin(slope), np.cos(slope)
        fs, mode = stability_of(slope, depth, state, scenario, cells, sin_cos)
        initial_fs = initial_factor_of_safety(slope, depth, scenario, cells, sin_cos)
        start = _picker(scenario, cells)("water_table_ratio") * depth
        room = (depth - start) * (_picker(scenario, cells)("moisture_deficit") + RESIDUAL_AIR)
        rain = sum(seconds * intensity for seconds, intensity in _rows_until(scenario, scenario.duration_s, cells))
        runoff = np.maximum(rain - np.minimum(state.infiltration, room), 0.0)
        return Result(
            scenario=scenario,
            factor_of_safety=on_map(fs, cells),
            water_table=on_map(state.water_table, cells),
            wetting_front=on_map(state.wetting_front, cells),
            failure_mode=mode_map(fs, mode, cells),
            initial_factor_of_safety=on_map(initial_fs, cells),
            failure_depth=on_map(failure_depth(fs, mode, state.wetting_front, depth), cells),
            runoff=on_map(1e3 * runoff, cells),
            diagnostics={"solver": "column in closed form", "device": "cpu", "seconds": time.perf_counter() - began},
        )


def front_and_contact(
    band: np.ndarray, table: np.ndarray, contact: np.ndarray, depth: np.ndarray, deficit: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Depth of the wetting front [m], and where the wetted band has reached the water table.

    Args:
        band: V [m]; table: h [m]; contact: where they have met before; depth: D [m]; deficit: dTheta [-].
    """
    front = np.minimum(band / deficit, depth - table)
    return front, contact | (front + table >= depth - _CONTACT_SLACK_M)


def stability_of(
    slope: np.ndarray,
    depth: np.ndarray,
    state: ColumnState,
    scenario: Scenario,
    cells: np.ndarray,
    sin_cos: tuple[np.ndarray, np.ndarray] | None = None,
    strength: Strength | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Factor of safety and whether the wetting front governs, for the picked cells."""
    ponded = apply_front_pressure(state.ponded, scenario.options.front_pressure)
    water = (state.water_table, state.wetting_front, ponded, state.contact)
    return factors_of_safety(slope, depth, *water, strength or strength_of(scenario, cells), sin_cos)


def failure_depth(fs: np.ndarray, front_governs: np.ndarray, front: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Vertical depth of the surface on which the picked cells fail [m]: the wetting front or the bedrock; else NaN."""
    fails_at = np.where(front_governs, front, depth)
    fails_at[fs >= 1.0] = np.nan
    return fails_at


def strength_of(scenario: Scenario, cells: np.ndarray) -> Strength:
    """Strength of the picked cells: rasters become vectors, numbers stay numbers."""
    return Strength.of(scenario).at(cells)


def initial_factor_of_safety(
    slope: np.ndarray,
    depth: np.ndarray,
    scenario: Scenario,
    cells: np.ndarray,
    sin_cos: tuple[np.ndarray, np.ndarray] | None = None,
    strength: Strength | None = None,
) -> np.ndarray:
    """Factor of safety before the rain: the initial table, no wetted band."""
    ratio = _picker(scenario, cells)("water_table_ratio")
    off = np.zeros(depth.shape, dtype=bool)
    water = (ratio * depth, np.zeros_like(depth), off, off)
    return factors_of_safety(slope, depth, *water, strength or strength_of(scenario, cells), sin_cos)[0]


def on_map(values: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Put the picked cells' values on the map: float32 (rows, cols), NaN elsewhere."""
    full = np.full(cells.shape, np.nan, dtype=np.float32)
    full[cells] = values
    return full


def mode_map(fs: np.ndarray, front_governs: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Failure mode on the map, uint8: 0 none, 1 wetting front, 2 bedrock, 255 NoData."""
    mode = np.where(front_governs, np.uint8(MODE_WETTING_FRONT), np.uint8(MODE_BEDROCK))
    mode[fs >= 1.0] = MODE_NONE
    full = np.full(cells.shape, 255, dtype=np.uint8)
    full[cells] = mode
    return full


def _picker(scenario: Scenario, cells: np.ndarray | None):
    def value(name: str):
        raw = getattr(scenario, name)
        if isinstance(raw, np.ndarray) and cells is not None:
            return raw[cells]
        return raw

    return value


__all__ = ["Column", "ColumnState", "EngineOptions", "column_state", "potential_infiltration"]
