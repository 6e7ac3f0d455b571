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

from ...variables import RESIDUAL_AIR
from ..terrain import Terrain

#: Cells that the compiled kernels take in one go: what they read and write then stays in the nearest cache.
ROW_CELLS = 512
_BLOCK = 16_384  # cells that numpy takes in one go, for the same reason


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
        return bedrock, np.append(0.0, east[:-1]), east, south, south[above], border

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


class Flows:
    """Groundwater that flows between the cells at a water table, in numpy; used again from step to step.

    All arrays are flattened, (cells,), and worked on block by block: the many intermediate ones stay in the cache.

    Attributes:
        net: supply of each cell from its neighbours [m/s].
        border: what leaves through open faces [m/s].
    """

    def __init__(self, c: Conductances) -> None:
        cells = c.east.size
        self.below, above = c.neighbours
        self.to_east, self.to_south, self.to_border = (x.ravel() for x in (c.east, c.south, c.border))
        # One place more, after the last cell, for the eastern neighbour that it does not have.
        self._bedrock = np.append(c.bedrock.ravel(), 0.0)
        self._table, self._head = np.zeros(cells + 1), np.zeros(cells + 1)
        # One place more, before the first cell: the western face of a cell is the eastern one of the cell before.
        self._east, self._carries_east = np.zeros(cells + 1), np.zeros(cells + 1)
        self.south, self._carries_south = np.zeros(cells), np.zeros(cells)
        self.border, self.net = np.zeros(cells), np.zeros(cells)
        self.blocks = [slice(first, min(cells, first + _BLOCK)) for first in range(0, cells, _BLOCK)]
        self._drains = {at.start: bool(self.to_border[at].any()) for at in self.blocks}
        self._none, self._least = np.zeros(_BLOCK), np.full(_BLOCK, 1e-12)
        self._below = {at.start: _as_slice(self.below[at]) for at in self.blocks}
        self._above = {at.start: _as_slice(above[at]) for at in self.blocks}

    @property
    def east(self) -> np.ndarray:
        """Flow through the eastern faces [m/s]."""
        return self._east[1:]

    def update(self, table: np.ndarray, per_storage: np.ndarray) -> float:
        """Compute the flow at a water table.

        Returns the greatest rate at which a cell's table answers to itself [1/s]: for cell i it is the sum over its
        faces of C (max(drop, 0) + upstream h) / storage, the diagonal of the Jacobian of the explicit scheme, which
        is monotone (no oscillation, no negative table) for steps up to its inverse.

        Args:
            table: h [m]; per_storage: one over the storage per table height [-], 0 where there is no soil.
        """
        self._table[:-1] = table
        np.add(self._bedrock, self._table, out=self._head)
        for at in self.blocks:
            self._flow_through_faces(at)
        fastest = 0.0
        for at in self.blocks:
            rate = self._balance_faces(at)
            rate *= per_storage[at]
            fastest = max(fastest, float(rate.max()))
        return fastest

    def _flow_through_faces(self, at: slice) -> None:
        h, head = self._table[at], self._head[at]
        after = slice(at.start + 1, at.stop + 1)
        drop = head - self._head[after]
        carries = np.where(drop > 0.0, h, self._table[after])
        np.multiply(carries, self.to_east[at], out=carries)
        np.multiply(carries, drop, out=self._east[after])
        self._carries_east[after] = carries
        below = self._below[at.start]
        drop = head - self._head[below]
        carries = np.where(drop > 0.0, h, self._table[below])
        np.multiply(carries, self.to_south[at], out=self._carries_south[at])
        np.multiply(self._carries_south[at], drop, out=self.south[at])
        if self._drains[at.start]:
            np.multiply(self.to_border[at], h, out=self.border[at])

    def _balance_faces(self, at: slice) -> np.ndarray:
        """Net supply of a block, kept, and how fast its tables answer, without the storage [1/s]."""
        after, north = slice(at.start + 1, at.stop + 1), self.south[self._above[at.start]]
        rate = self._outflow(at, north)
        rate /= np.maximum(self._table[at], self._least[: rate.size])
        rate += self._carries_east[at]
        rate += self._carries_east[after]
        rate += self._carries_south[at]
        rate += self._carries_south[self._above[at.start]]
        self._sum_up(at, north)
        return rate

    def _outflow(self, at: slice, north: np.ndarray) -> np.ndarray:
        """What leaves the cells of a block through all of their faces [m/s]; ``north`` is what enters from there."""
        none = self._none[: north.size]  # numpy is slow to compare with a number
        outflow = np.maximum(self._east[at.start + 1 : at.stop + 1], none)
        outflow += np.maximum(self.south[at], none)
        outflow -= np.minimum(self._east[at], none)
        outflow -= np.minimum(north, none)
        if self._drains[at.start]:
            outflow += self.border[at]
        return outflow

    def _sum_up(self, at: slice, north: np.ndarray) -> None:
        net = self._east[at] + north
        net -= self._east[at.start + 1 : at.stop + 1]
        net -= self.south[at]
        if self._drains[at.start]:
            net -= self.border[at]
        self.net[at] = net

    def limit(self, table: np.ndarray, per_storage: np.ndarray, seconds: float) -> None:
        """Scale the outflow of the cells so that their tables stay >= 0 in a step; as :meth:`update` had them."""
        needed = np.concatenate([self._outflow(at, self.south[self._above[at.start]]) for at in self.blocks]) * seconds
        needed *= per_storage
        scale = np.where(needed > table, table / np.maximum(needed, 1e-300), 1.0)
        east, south = self.east, self.south
        east *= np.where(east > 0.0, scale, np.append(scale[1:], 1.0))
        south *= np.where(south > 0.0, scale, scale[self.below])
        self.border *= scale
        for at in self.blocks:
            self._sum_up(at, self.south[self._above[at.start]])


def _as_slice(positions: np.ndarray) -> np.ndarray | slice:
    """The same positions, as a slice where they follow each other: reading needs no index then."""
    first, last = int(positions[0]), int(positions[-1])
    along = last - first == positions.size - 1 and bool((np.diff(positions) == 1).all())
    return slice(first, last + 1) if along else positions


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
    supply, none = infiltration + net, np.zeros_like(soil_depth)
    table = water_table + supply / air
    apart = np.flatnonzero(~contact) if contact.any() else slice(None)
    before = (water_table, band, infiltration, net, supply, soil_depth, deficit, np.broadcast_to(air, table.shape))
    table[apart], filled, closes = _balance_apart(*(x[apart] for x in before))
    contact = contact.copy()
    contact[apart] = closes
    excess = np.maximum(table - soil_depth, none)  # apart it stays below D
    excess *= air
    table = np.minimum(np.maximum(table, none), soil_depth)
    band = deficit * (soil_depth - table)
    band[apart] = np.where(closes, band[apart], filled)
    rejected = np.minimum(excess, infiltration)
    return table, band, contact, rejected, excess - rejected


def _balance_apart(
    water_table: np.ndarray,
    band: np.ndarray,
    infiltration: np.ndarray,
    net: np.ndarray,
    supply: np.ndarray,
    soil_depth: np.ndarray,
    deficit: np.ndarray,
    air: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Table, band and whether the two meet now, of cells that are not in contact; see :func:`balance_cells`."""
    whole = deficit + air
    table = water_table + net / whole
    filled = band + infiltration
    closes = table + filled / deficit >= soil_depth
    if closes.any():
        at = np.flatnonzero(closes)
        theta, rise, fall = deficit[at], net[at] / whole[at], infiltration[at] / deficit[at]
        gap, closing = soil_depth[at] - water_table[at] - band[at] / theta, rise + fall
        share = np.where(closing > 0, np.clip(gap / np.where(closing > 0, closing, 1.0), 0.0, 1.0), 0.0)
        table[at] = water_table[at] + share * rise + (1.0 - share) * supply[at] / air[at]
    return table, filled, closes
