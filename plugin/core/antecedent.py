"""The initial water table: from a raster of heights, or in equilibrium with a steady recharge."""

from __future__ import annotations

import math

import numpy as np

from ..text import Text
from ..variables import ENGINE_VARIABLES
from .errors import InputError, advice_on_raster
from .feedback import Feedback
from .map_parts.strips import made_of_strips
from .scenario import Scenario, check_value
from .terrain import Terrain
from .topography import flow_routing
from .topography.slope import slope_angle

_RECHARGE = next(v for v in ENGINE_VARIABLES if v.name == "antecedent_recharge")
_HEIGHTS = "Initial water table (INITIAL_WATER_TABLE)"
_M_PER_S = 1e-3 / 86400.0  # in one mm/day
_NOWHERE = 1e9  # elevation of missing cells [m]: nothing drains into them
#: Ground is compared with that so far away [m] and so many cells, at least, in the four directions.
_AWAY_M, _AWAY_CELLS = 20.0, 4
#: Correlation of water tables with relief from which they seem to be depths. Steady states and shares of the soil depth
#: are below 0.02 on five real elevation models; in soil of one depth their depths below the surface are above 0.2.
_INVERTED = 0.12
_FEWEST, _SAMPLE = 1000, 100_000


def table_ratio(terrain: Terrain, heights: np.ndarray, feedback: Feedback) -> np.ndarray:
    """Water table as a share of the soil depth; heights above the surface are lowered to it and counted.

    Args:
        heights: h0, vertical [m], (rows, cols), NaN where unknown: there the result is unknown too.

    Raises:
        InputError: a negative height, or none within the terrain.
    """
    known = np.isfinite(heights) & terrain.valid
    if not known.any():
        raise InputError(_HEIGHTS, "has no valid cell in the DEM", "a raster that overlaps the DEM and the soil")
    least = heights[known].min()
    if least < 0.0:
        raise InputError(
            _HEIGHTS, Text("contains the value {:g} m", least), "0 (dry) or more, vertical metres above bedrock",
            advice_on_raster(
                Text("Heights are measured upward from bedrock, not downward from the surface."), float(least)
            ),
        )  # fmt: skip
    above = int((heights[known] > terrain.soil_depth[known] * (1.0 + 1e-6) + 1e-6).sum())
    if above > 0.5 * known.sum():
        feedback.pushCaution(
            Text(
                "{}: in {} of {} cells the water table is above the surface; it was lowered to the surface. Are these "
                "elevations or depths below the surface? Heights above bedrock are required.",
                _HEIGHTS, above, int(known.sum()),
            )
        )  # fmt: skip
    elif above:
        text = "{}: in {} of {} cells the water table is above the surface; it was lowered to the surface."
        feedback.pushWarning(Text(text, _HEIGHTS, above, int(known.sum())))
    return _ratio(heights, terrain)


def depth_caution(terrain: Terrain, heights: np.ndarray) -> Text | None:
    """Caution about a water table that is higher on ridges than in hollows, as its depth below the surface is.

    It must be so in metres and as a share of the soil depth: soil is often deeper in hollows, or on ridges.

    Args:
        heights: h0, vertical [m], (rows, cols), NaN where unknown.
    """
    grid, (rows, cols) = terrain.grid, terrain.elevation.shape
    down, right = (max(_AWAY_CELLS, round(_AWAY_M / side)) for side in (grid.cell_height, grid.cell_width))
    every = max(1, math.isqrt(terrain.elevation.size // _SAMPLE))
    row, col = np.mgrid[down : rows - down : every, right : cols - right : every]
    z, around = terrain.elevation, ((down, 0), (-down, 0), (0, right), (0, -right))
    relief = z[row, col] - sum(z[row + one, col + other] for one, other in around) / len(around)
    table, depth = heights[row, col], terrain.soil_depth[row, col]
    known = np.isfinite(relief) & np.isfinite(table) & (depth > 0.0)
    if known.sum() < _FEWEST:
        return None
    relief, table, depth = relief[known], np.minimum(table[known], depth[known]), depth[known]
    found = min(_correlation(relief, np.round(one, 3)) for one in (table, table / depth))  # less is rounding
    if found < _INVERTED:
        return None
    return Text(
        "{}: the water table is higher above bedrock on ridges than in hollows, where water gathers. Are the values "
        "its depth below the surface? Its height above bedrock is required: the soil depth less this depth.",
        _HEIGHTS,
    )  # fmt: skip


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Quadrant correlation, -1 to 1: of the signs of the differences from the medians; both (n,)."""
    return float(np.mean(np.sign(one - np.median(one)) * np.sign(other - np.median(other))))


def with_steady_recharge(
    scenario: Scenario, terrain: Terrain, recharge_mm_per_day: float, receiver: np.ndarray | None = None
) -> Scenario:
    """Return the scenario with the steady-state water table of a recharge; see :func:`steady_water_table`.

    Raises:
        InputError: a recharge out of range.
    """
    recharge = check_value(_RECHARGE, recharge_mm_per_day)
    table = steady_water_table(terrain, scenario.lateral_conductivity, recharge * _M_PER_S, receiver)
    return scenario.with_values(water_table_ratio=_ratio(table, terrain))


def steady_water_table(
    terrain: Terrain, lateral_conductivity: np.ndarray | float, recharge: float, receiver: np.ndarray | None = None
) -> np.ndarray:
    """Height of the water table in balance with a steady recharge: h0 = min(D, R a / (K_lat sin b cos b)).

    Args:
        terrain: elevation, soil depth, slope.
        lateral_conductivity: K_lat [m/s], number or (rows, cols).
        recharge: R [m/s].
        receiver: (cells,) the terrain's flow tree, where it is known already.

    Returns:
        h0, vertical [m], (rows, cols), NaN where the terrain or the conductivity is unknown. On level ground, where
        nothing drains, it is D.

    Source: the steady state of SHALSTAB (Montgomery & Dietrich 1994, Water Resour. Res. 30, 1153-1171) and FSLAM
    (Medina et al. 2021, Catena 201, 105213).
    """
    area, valid = specific_contributing_area(terrain, receiver), terrain.valid
    conductivity = np.broadcast_to(lateral_conductivity, valid.shape)

    def of_rows(at: slice) -> np.ndarray:
        slope, supply = slope_angle(*terrain.gradient_of_rows(at)), recharge * area[at]
        with np.errstate(divide="ignore", invalid="ignore"):
            table = np.where(supply > 0.0, supply / (conductivity[at] * np.sin(slope) * np.cos(slope)), 0.0)
        known = valid[at] & np.isfinite(conductivity[at])
        return np.where(known, np.minimum(table, terrain.soil_depth[at]), np.nan)

    return made_of_strips(valid.shape, np.float64, of_rows)


def specific_contributing_area(terrain: Terrain, receiver: np.ndarray | None = None) -> np.ndarray:
    """Area upstream of each cell, itself included, per width of a cell [m]; (rows, cols), 0 where invalid."""
    receiver, valid = flow_tree(terrain) if receiver is None else receiver, terrain.valid
    cells, width = flow_routing.accumulate(receiver, valid.ravel()).reshape(valid.shape), terrain.grid.cell_area**0.5
    return made_of_strips(valid.shape, np.float64, lambda at: np.where(valid[at], cells[at] * width, 0.0))


def flow_tree(terrain: Terrain) -> np.ndarray:
    """The cell that each cell drains to by steepest descent (D8): flat indices, (cells,).

    Depressions and flats drain over their lowest pass, so that they stop nothing; cells at the edge of the map or of
    NoData that have no lower neighbour drain to the outside.
    """
    valid, z = terrain.valid, terrain.elevation
    elevation = made_of_strips(z.shape, z.dtype, lambda at: np.where(valid[at], z[at], _NOWHERE))
    padded = np.pad(valid, 1, constant_values=False)
    rows, cols = valid.shape
    border = np.zeros(valid.shape, dtype=bool)
    for down, right in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
        border |= ~padded[1 + down : 1 + down + rows, 1 + right : 1 + right + cols]
    receiver = flow_routing.steepest_receivers(elevation, ~valid)
    pit = (receiver == np.arange(valid.size, dtype=receiver.dtype)).reshape(valid.shape)
    outlet = ~valid | (border & pit)
    return flow_routing.drain_depressions(elevation, receiver, outlet)


def _ratio(table: np.ndarray, terrain: Terrain) -> np.ndarray:
    """Share of the soil depth, 0 on bare rock, NaN where the table is unknown."""

    def of_rows(at: slice) -> np.ndarray:
        depth = terrain.soil_depth[at]
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.clip(np.where(depth > 0.0, table[at] / depth, 0.0), 0.0, 1.0)
        return np.where(np.isfinite(table[at]), share, np.nan)

    return made_of_strips(table.shape, np.float64, of_rows)
