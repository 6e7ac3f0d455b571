"""The soil column in closed form: no water from the neighbours, no time steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Iterator, Sequence

import numpy as np

from ...variables import RESIDUAL_AIR
from ..feedback import Feedback, check_cancelled
from ..scenario import Scenario, Value
from ..terrain import Cells, Terrain
from .infiltration import SlopeTable, advance_infiltration, ponding_amount
from .solve import WaterModel
from .water import CONTACT_SLACK_M, WaterState

#: Least water that a moist wetting front takes up [-] (assumed): rain weaker than what the soil drains anyway.
LEAST_UPTAKE = 0.005


def column_state(cells: Cells, scenario: Scenario) -> WaterState:
    """Water of every column at the end of a scenario's rain.

    V = min(F, (D - h0) dTheta), h = min(h0 + (F - V) / n_min, D), z_w = min(V / dTheta, D - h). Rain that changes
    changes F alone: what a full column could not take leaves no trace but in F.

    Args:
        cells: on which; scenario: numbers, or rasters of the cells' map.
    """
    soil_depth = cells.soil_depth
    deficit, air = (cells.pick(x) for x in band_storage(scenario))
    start = cells.pick(scenario.water_table_ratio) * soil_depth
    infiltration, ponded = potential_infiltration(cells, scenario, scenario.duration_s)
    band = np.minimum(infiltration, (soil_depth - start) * deficit)
    table = np.minimum(start + (infiltration - band) / air, soil_depth)
    front, contact = front_and_contact(band, table, False, soil_depth, deficit)
    return WaterState(table, front, infiltration, ponded, contact, free_front=infiltration / deficit)


def band_storage(scenario: Scenario) -> tuple[Value, Value]:
    """Water that the wetted band takes up and air that it keeps, each per volume [-]; their sum is n_y.

    With the option of a moist front, rain below the conductivity wets the soil only to

        theta_w = theta_r + (theta_s - theta_r) (I / K)^(1 / (3 + 2 / lambda)),

    at most to theta_s - n_min: the moisture at which gravity carries it (Brooks & Corey 1964). The band then takes up
    theta_w - theta_i (at least 0.005, assumed) and keeps theta_s - theta_w. Of a hyetograph I is the greatest
    intensity (assumed): what it wetted stays wet.
    """
    deficit, options = scenario.moisture_deficit, scenario.options
    if options.front_moisture == "full":
        return deficit, RESIDUAL_AIR
    share = np.minimum(scenario.greatest_rainfall_m_per_s / scenario.conductivity, 1.0)
    drained = options.effective_porosity * (1.0 - share ** (1.0 / (3.0 + 2.0 / options.pore_size_index)))
    air = np.maximum(drained, RESIDUAL_AIR)
    uptake = np.maximum(deficit + RESIDUAL_AIR - air, np.minimum(LEAST_UPTAKE, deficit))
    return uptake, deficit + RESIDUAL_AIR - uptake


def potential_infiltration(cells: Cells, scenario: Scenario, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative infiltration per horizontal area F [m] after ``seconds`` of the event, and where it ponds then.

    Where there are few kinds of soil and rain it is a function of slope alone for each and read from a table.
    """
    soil = tuple(cells.pick(getattr(scenario, n)) for n in ("conductivity", "suction_head", "moisture_deficit"))
    rows = _rows_until(cells, scenario, seconds)
    slope, cos_slope = cells.slope, cells.cos_slope
    table = SlopeTable.of(slope, rows[0][1], soil, cells.whole)
    if table is None:
        total = 0.0
        for length, rain in rows:
            total = advance_infiltration(total, cos_slope, rain, *soil, length)
        total = total / cos_slope
    else:
        total = np.zeros(slope.shape)
        for length, rain in rows:
            total += table.advance(rain, length)
    last = rows[-1][1]
    if np.ndim(last) == np.ndim(soil[0]) == 0 and last <= soil[0]:
        return total, np.zeros(total.shape, dtype=bool)
    ponded = total * cos_slope >= ponding_amount(cos_slope, last, *soil) * (1.0 - 1e-9)
    return total, ponded


def _rows_until(cells: Cells, scenario: Scenario, seconds: float) -> list[tuple[float, Value]]:
    """Intervals of constant rain up to a time: (seconds, I [m/s])."""
    if scenario.hyetograph is None:
        return [(seconds, cells.pick(scenario.rainfall_m_per_s))]
    begun = (x for x in scenario.rain_intervals if x.start < seconds or x.start == 0.0)
    return [(min(x.end, seconds) - x.start, x.intensity) for x in begun]


def front_and_contact(
    band: np.ndarray, table: np.ndarray, contact: np.ndarray | bool, depth: np.ndarray, deficit: Value
) -> tuple[np.ndarray, np.ndarray]:
    """Depth of the wetting front [m], and where the wetted band has reached the water table.

    Args:
        band: V [m]; table: h [m]; contact: where they have met before; depth: D [m]; deficit: dTheta [-].
    """
    front = np.minimum(band / deficit, depth - table)
    return front, contact | (front + table >= depth - CONTACT_SLACK_M)


class SoilColumn(WaterModel):
    """Solver without lateral flow: every cell by the closed form."""

    name, device_name = "column in closed form", "cpu"

    def water(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the water at the end of each scenario; see :class:`.solve.WaterModel`."""
        cells = terrain.cells
        for scenario in scenarios:
            check_cancelled(feedback)
            state = column_state(cells, scenario)
            rows = _rows_until(cells, scenario, scenario.duration_s)
            rain = sum(seconds * intensity for seconds, intensity in rows)
            start = cells.pick(scenario.water_table_ratio) * cells.soil_depth
            free_storage = (cells.soil_depth - start) * (cells.pick(scenario.moisture_deficit) + RESIDUAL_AIR)
            runoff = 1e3 * np.maximum(rain - np.minimum(state.infiltration, free_storage), 0.0)
            yield replace(state, runoff=runoff)
