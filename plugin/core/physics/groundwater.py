"""Lateral groundwater over bedrock: Darcy-Dupuit in finite volumes, and the water balance of a cell.

q = -K_lat h cos^2 b grad(z - D + h). Four neighbours; on a face the upstream table and the mean
cos^2 b and K_lat of its two cells, so that what leaves one enters the other. The cos^2 factor
gives K h sin b cos b on a plane, as SHALSTAB and FSLAM have it. The plain numpy functions here
are the reference; :mod:`.kernels` holds the same in compiled form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..terrain import Terrain
from .column import RESIDUAL_AIR

#: Cells that the compiled kernels take in one go: what they read and write then stays in the nearest cache.
ROW_CELLS = 512


@dataclass(frozen=True)
class Conductances:
    """Coefficients of lateral flow, per cell area: of the whole grid, (rows, cols), or some cells, (cells,). Float64.

    Attributes:
        bedrock: elevation of the bedrock [m], 0 where invalid.
        east: K cos^2 b / dx^2 of the face to the next column [1/(m s)], 0 where a cell is missing.
        south: the same to the next row.
        border: K cos^2 b times the downslope gradient over dx, summed over open faces [1/s].
        below: of some cells only: position of each cell's southern neighbour among them, its own where there is none.
    """

    bedrock: np.ndarray
    east: np.ndarray
    south: np.ndarray
    border: np.ndarray
    below: np.ndarray | None = None

    @cached_property
    def neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """Positions (southern, northern neighbour) in the flattened arrays, int64 (cells,).

        The eastern neighbour is always the next cell. Where there is no southern one it is the cell itself, where
        there is no northern one the last cell: no water flows through the face between, its coefficient being 0.
        """
        count = self.east.size
        position = np.arange(count)
        below = self.below
        if below is None:
            below = position + self.east.shape[1]
            below[below >= count] = position[below >= count]
        above = np.full(count, count - 1)
        has = below != position
        above[below[has]] = position[has]
        return below, above

    @cached_property
    def sides(self) -> tuple[np.ndarray, ...]:
        """Of each cell, flattened (cells,): bedrock, coefficients of its west, east, south and north faces, border."""
        _, above = self.neighbours
        bedrock, east, south, border = (x.ravel() for x in (self.bedrock, self.east, self.south, self.border))
        return bedrock, _before(east), east, south, south[above], border

    @cached_property
    def rows(self) -> np.ndarray:
        """Runs of cells whose neighbours are runs as well: int64 (runs, 6).

        Each gives its first cell, the one after its last, and what to add to a cell's position to come to its western,
        eastern, southern and northern neighbour. Where there is none that points to any cell, the face's coefficient
        being 0. No run is longer than ROW_CELLS or goes across a multiple of it.
        """
        below, above = self.neighbours
        position = np.arange(below.size)
        last = below.size - 1
        south = _kept_on(below - position, below != position)
        south[position + south > last] = 0
        north = _kept_on(above - position, below[above] == position)
        north[position + north < 0] = 0
        west = np.where(position > 0, -1, 0)
        east = np.where(position < last, 1, 0)
        offsets = np.stack([west, east, south, north], axis=1)
        starts = position % ROW_CELLS == 0
        starts[1:] |= (offsets[1:] != offsets[:-1]).any(axis=1)
        first = np.flatnonzero(starts)
        return np.column_stack([first, np.append(first[1:], below.size), offsets[first]])

    def picked(self, cells: np.ndarray) -> Conductances:
        """The same for the chosen cells alone, boolean (rows, cols), in the order of the rows.

        Only faces between two chosen cells may have a coefficient, as :func:`conductances` makes them.
        """
        position = np.full(cells.shape, -1)
        position[cells] = np.arange(np.count_nonzero(cells))
        below = np.full(cells.shape, -1)
        below[:-1] = position[1:]
        below = np.where(below >= 0, below, position)[cells]
        return Conductances(self.bedrock[cells], self.east[cells], self.south[cells], self.border[cells], below)


def _kept_on(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Values with each unknown one replaced by the last known one before it, 0 where there is none."""
    last = np.maximum.accumulate(np.where(known, np.arange(values.size), -1))
    return np.where(last >= 0, values[last], 0)


def conductances(
    terrain: Terrain, cells: np.ndarray, lateral_conductivity: np.ndarray | float, edges: str
) -> Conductances:
    """Prepare the coefficients that do not change with the water table.

    Args:
        terrain: elevation, depth, slope.
        cells: boolean (rows, cols), the cells that take part; the others are outside.
        lateral_conductivity: K_lat [m/s], number or (rows, cols).
        edges: ``open`` drains through faces to the outside and to NoData, ``closed`` does not.
    """
    dx, dy = terrain.grid.cell_width, terrain.grid.cell_height
    k = np.where(cells, lateral_conductivity, 0.0)
    cos2 = np.where(cells, np.cos(np.where(cells, terrain.slope, 0.0)) ** 2, 0.0)
    east, south = np.zeros(cells.shape), np.zeros(cells.shape)
    both = cells[:, :-1] & cells[:, 1:]
    east[:, :-1] = np.where(both, 0.25 * (k[:, :-1] + k[:, 1:]) * (cos2[:, :-1] + cos2[:, 1:]) / dx**2, 0.0)
    both = cells[:-1] & cells[1:]
    south[:-1] = np.where(both, 0.25 * (k[:-1] + k[1:]) * (cos2[:-1] + cos2[1:]) / dy**2, 0.0)
    border = np.zeros(cells.shape)
    if edges == "open":
        border = k * cos2 * downslope_over_open_faces(terrain, cells)
    return Conductances(np.where(cells, np.nan_to_num(terrain.bedrock), 0.0), east, south, border)


def downslope_over_open_faces(terrain: Terrain, cells: np.ndarray) -> np.ndarray:
    """Sum over faces to the outside of max(0, downslope gradient across the face) / cell size [1/m]."""
    across, down = (np.where(cells, g, 0.0) for g in terrain.gradient)
    outside = np.pad(~cells, 1, constant_values=True)
    east, west = outside[1:-1, 2:], outside[1:-1, :-2]
    south, north = outside[2:, 1:-1], outside[:-2, 1:-1]
    dx, dy = terrain.grid.cell_width, terrain.grid.cell_height
    total = (east * np.maximum(-across, 0.0) + west * np.maximum(across, 0.0)) / dx
    total += (south * np.maximum(-down, 0.0) + north * np.maximum(down, 0.0)) / dy
    return np.where(cells, total, 0.0)


def longest_step(terrain: Terrain, cells: np.ndarray, lateral_conductivity: np.ndarray | float) -> float:
    """Longest stable explicit step [s]: min(n dx^2 / (8 K_lat h_max), n dx / (2 K_lat tan b_max)), n = n_min."""
    k = np.broadcast_to(lateral_conductivity, cells.shape)[cells]
    dx = min(terrain.grid.cell_width, terrain.grid.cell_height)
    thickest = float((k * terrain.soil_depth[cells]).max(initial=0.0))
    steepest = float((k * np.tan(terrain.slope[cells])).max(initial=0.0))
    diffusion = RESIDUAL_AIR * dx**2 / (8.0 * thickest) if thickest > 0 else np.inf
    advection = RESIDUAL_AIR * dx / (2.0 * steepest) if steepest > 0 else np.inf
    return min(diffusion, advection)


def face_flow(water_table: np.ndarray, c: Conductances) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flow through the east and south faces (positive outwards) and the border, per cell area [m/s].

    Args:
        water_table: h [m], of the coefficients' shape, which is that of the results too.
        c: coefficients.
    """
    east, south, border, _, _ = _faces(water_table.ravel(), c)
    return tuple(x.reshape(water_table.shape) for x in (east, south, border))  # type: ignore[return-value]


def _faces(h: np.ndarray, c: Conductances) -> tuple[np.ndarray, ...]:
    """East, south and border flow, and coefficient times upstream table of the east and south faces; (cells,)."""
    below, _ = c.neighbours
    head = c.bedrock.ravel() + h
    carries_east, east = np.zeros_like(h), np.zeros_like(h)
    drop = head[:-1] - head[1:]
    np.multiply(c.east.ravel()[:-1], np.where(drop > 0, h[:-1], h[1:]), out=carries_east[:-1])
    np.multiply(carries_east[:-1], drop, out=east[:-1])
    drop = head - head[below]
    carries_south = c.south.ravel() * np.where(drop > 0, h, h[below])
    return east, carries_south * drop, c.border.ravel() * h, carries_east, carries_south


def _before(flow: np.ndarray) -> np.ndarray:
    """Values of the western neighbours: the flattened array shifted by one."""
    return np.concatenate(([0.0], flow[:-1]))


def limited_net_flow(
    flow: tuple[np.ndarray, np.ndarray, np.ndarray], available: np.ndarray, seconds: float, c: Conductances
) -> tuple[np.ndarray, np.ndarray]:
    """Net lateral supply of each cell in a step, its outflow scaled so that the table stays >= 0.

    Args:
        flow: east, south and border flow, flattened (cells,) [m/s].
        available: water that can leave each cell [m]; (cells,).
        seconds: the step.
        c: coefficients, for the neighbours.

    Returns:
        (net supply [m], loss through the border [m]); (cells,).
    """
    east, south, border = flow
    below, above = c.neighbours
    outflow = total_outflow(flow, c)
    if (outflow * seconds > available).any():
        scale = np.where(outflow * seconds > available, available / np.maximum(outflow * seconds, 1e-300), 1.0)
        east = east * np.where(east > 0, scale, np.append(scale[1:], 1.0))
        south = south * np.where(south > 0, scale, scale[below])
        border = border * scale
    net = _before(east) + south[above] - east - south - border
    return net * seconds, border * seconds


def total_outflow(flow: tuple[np.ndarray, np.ndarray, np.ndarray], c: Conductances) -> np.ndarray:
    """What leaves each cell through all of its faces, per cell area [m/s]; (cells,)."""
    east, south, border = flow
    _, above = c.neighbours
    outflow = np.maximum(east, 0.0) + np.maximum(south, 0.0) + border
    outflow -= np.minimum(_before(east), 0.0)
    outflow -= np.minimum(south, 0.0)[above]
    return outflow


def stiffness(
    water_table: np.ndarray, c: Conductances, storage: np.ndarray, soil_depth: np.ndarray
) -> tuple[float, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Greatest rate at which a cell's table answers to itself [1/s], and the flows (cells,) [m/s].

    For cell i it is sum over its faces of C (max(drop, 0) + upstream h) / storage, the diagonal of the Jacobian of
    the explicit scheme, which is monotone (no oscillation, no negative table) for steps up to its inverse. Cells
    without soil have no table and do not count.

    Args:
        water_table: h [m]; storage: per table height [-]; soil_depth: [m]; all (cells,).
        c: coefficients.
    """
    _, above = c.neighbours
    east, south, border, carries_east, carries_south = _faces(water_table, c)
    flow = (east, south, border)
    rate = total_outflow(flow, c) / np.maximum(water_table, 1e-12)
    rate += carries_east + carries_south + _before(carries_east) + carries_south[above]
    return float(np.max(np.where(soil_depth > 0.0, rate / storage, 0.0), initial=0.0)), flow


def balance_cells(
    water_table: np.ndarray,
    band: np.ndarray,
    contact: np.ndarray,
    infiltration: np.ndarray,
    net: np.ndarray,
    soil_depth: np.ndarray,
    deficit: np.ndarray,
    air: np.ndarray | float = RESIDUAL_AIR,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Take one step's water into the cells; a step that crosses into contact is split there.

    Apart, infiltration fills the band V and lateral flow moves h with n_y = dTheta + n_min. In
    contact V = dTheta (D - h) and all of it moves h with n_min. At h = D what infiltrated too
    much becomes runoff, what flowed in too much exfiltrates.

    Args:
        water_table, band: h and V [m]; contact: bool; infiltration, net: offered this step [m];
        soil_depth: D [m]; deficit: what the band takes up, dTheta [-]; air: what it keeps, n_min [-].

    Returns:
        (h, V, contact, rejected infiltration [m], exfiltration [m]).
    """
    full_yield = deficit + air
    supply = infiltration + net
    table = water_table + np.where(contact, supply / air, net / full_yield)
    filled = band + infiltration
    closes = ~contact & (table + filled / deficit >= soil_depth)
    if closes.any():
        at = np.flatnonzero(closes)
        theta, whole, keeps = deficit[at], full_yield[at], np.broadcast_to(air, table.shape)[at]
        gap = soil_depth[at] - water_table[at] - band[at] / theta
        closing = net[at] / whole + infiltration[at] / theta
        share = np.where(closing > 0, np.clip(gap / np.where(closing > 0, closing, 1.0), 0.0, 1.0), 0.0)
        table[at] = water_table[at] + share * net[at] / whole + (1.0 - share) * supply[at] / keeps
        contact = contact | closes
    excess = np.maximum(table - soil_depth, 0.0) * air  # apart it stays below D
    table = np.clip(table, 0.0, soil_depth)
    filled = np.where(contact, deficit * (soil_depth - table), filled)
    rejected = np.minimum(excess, infiltration)
    return table, filled, contact, rejected, excess - rejected
