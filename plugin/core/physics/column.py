"""The soil column in closed form: constant rain, no water from the neighbours, no time steps."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..result import MODE_BEDROCK, MODE_NONE, MODE_WETTING_FRONT, Result
from ..scenario import EngineOptions, Scenario
from ..terrain import MAXIMUM_SLOPE_DEG, Terrain
from .infiltration import cumulative, ponding_amount
from .stability import Strength, factor_of_safety

#: Air that the wetted band keeps: n_min [-].
RESIDUAL_AIR = 0.05

_TABLE_NODES = 8192
_CONTACT_SLACK_M = 1e-9


@dataclass(frozen=True)
class ColumnState:
    """Water in the soil column. Arrays of one shape, float64 and bool.

    Attributes:
        wetting_front: z_w, vertical [m].
        water_table: h above bedrock, vertical [m].
        infiltration: F per horizontal area before the limit by storage [m].
        ponded: the rain exceeds the infiltration capacity.
        contact: the wetted band has reached the water table.
    """

    wetting_front: np.ndarray
    water_table: np.ndarray
    infiltration: np.ndarray
    ponded: np.ndarray
    contact: np.ndarray


def column_state(slope: np.ndarray, soil_depth: np.ndarray, scenario: Scenario, cells: np.ndarray | None = None) -> ColumnState:
    """State of every column at the end of a scenario's rain.

    V = min(F, (D - h0) dTheta), h = min(h0 + (F - V) / n_min, D), z_w = min(V / dTheta, D - h).

    Args:
        slope: [rad]; soil_depth: vertical [m]; same shape, without NaN.
        scenario: numbers, or rasters when ``cells`` tells which of their cells are meant.
        cells: boolean (rows, cols) that picks ``slope.size`` cells out of the rasters.
    """
    value = _picker(scenario, cells)
    deficit = value("moisture_deficit")
    start = value("water_table_ratio") * soil_depth
    infiltration, ponded = potential_infiltration(slope, scenario, scenario.duration_s, cells)
    band = np.minimum(infiltration, (soil_depth - start) * deficit)
    table = np.minimum(start + (infiltration - band) / RESIDUAL_AIR, soil_depth)
    front = np.minimum(band / deficit, soil_depth - table)
    contact = front + table >= soil_depth - _CONTACT_SLACK_M
    return ColumnState(front, table, infiltration, ponded, contact)


def potential_infiltration(
    slope: np.ndarray, scenario: Scenario, seconds: float, cells: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative infiltration per horizontal area F [m] after ``seconds`` of rain, and where it ponds.

    For uniform soil and rain it is a function of slope alone and read from a table (8192 nodes,
    linear: relative error below 1e-7).
    """
    value = _picker(scenario, cells)
    names = ("rainfall_m_per_s", "conductivity", "suction_head", "moisture_deficit")
    rain, conductivity, suction, deficit = (value(name) for name in names)
    if all(np.ndim(x) == 0 for x in (rain, conductivity, suction, deficit)) and slope.size > _TABLE_NODES:
        nodes = np.linspace(0.0, np.radians(MAXIMUM_SLOPE_DEG), _TABLE_NODES)
        cos_nodes = np.cos(nodes)
        table = cumulative(cos_nodes, rain, conductivity, suction, deficit, seconds) / cos_nodes
        total = np.interp(slope, nodes, table)
    else:
        cos_slope = np.cos(slope)
        total = cumulative(cos_slope, rain, conductivity, suction, deficit, seconds) / cos_slope
    cos_slope = np.cos(slope)
    ponded = total * cos_slope >= ponding_amount(cos_slope, rain, conductivity, suction, deficit) * (1.0 - 1e-9)
    return total, ponded


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
        fs, mode = stability_of(slope, depth, state, scenario, cells)
        return Result(
            scenario=scenario,
            factor_of_safety=on_map(fs, cells),
            water_table=on_map(state.water_table, cells),
            wetting_front=on_map(state.wetting_front, cells),
            failure_mode=mode_map(fs, mode, cells),
            initial_factor_of_safety=on_map(initial_factor_of_safety(slope, depth, scenario, cells), cells),
            diagnostics={"solver": "column in closed form", "device": "cpu", "seconds": time.perf_counter() - began},
        )


def stability_of(
    slope: np.ndarray, depth: np.ndarray, state: ColumnState, scenario: Scenario, cells: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Factor of safety and whether the wetting front governs, for the picked cells."""
    ponded = apply_front_pressure(state.ponded, scenario.options.front_pressure)
    strength = strength_of(scenario, cells)
    return factor_of_safety(np, slope, depth, state.water_table, state.wetting_front, ponded, state.contact, strength)


def strength_of(scenario: Scenario, cells: np.ndarray) -> Strength:
    """Strength of the picked cells: rasters become vectors, numbers stay numbers."""
    strength = Strength.of(scenario)
    return Strength(**{k: v[cells] if isinstance(v, np.ndarray) else v for k, v in vars(strength).items()})


def initial_factor_of_safety(slope: np.ndarray, depth: np.ndarray, scenario: Scenario, cells: np.ndarray) -> np.ndarray:
    """Factor of safety before the rain: the initial table, no wetted band."""
    ratio = _picker(scenario, cells)("water_table_ratio")
    off = np.zeros(depth.shape, dtype=bool)
    fs, _ = factor_of_safety(np, slope, depth, ratio * depth, np.zeros_like(depth), off, off, strength_of(scenario, cells))
    return fs


def on_map(values: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Put the picked cells' values on the map: float32 (rows, cols), NaN elsewhere."""
    full = np.full(cells.shape, np.nan, dtype=np.float32)
    full[cells] = values
    return full


def mode_map(fs: np.ndarray, front_governs: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Failure mode on the map, uint8: 0 none, 1 wetting front, 2 bedrock, 255 NoData."""
    mode = np.where(fs < 1.0, np.where(front_governs, MODE_WETTING_FRONT, MODE_BEDROCK), MODE_NONE)
    full = np.full(cells.shape, 255, dtype=np.uint8)
    full[cells] = mode
    return full


def _picker(scenario: Scenario, cells: np.ndarray | None):  # noqa: ANN202 - a closure
    def value(name: str):  # noqa: ANN202
        raw = getattr(scenario, name)
        if isinstance(raw, np.ndarray) and cells is not None:
            return raw[cells]
        return raw

    return value


__all__ = ["Column", "ColumnState", "EngineOptions", "column_state", "potential_infiltration"]
