"""Lateral groundwater over bedrock: Darcy-Dupuit in finite volumes.

q = -K_lat h cos^2 b grad(z - D + h). Four neighbours; on a face the upstream table and the mean
cos^2 b and K_lat of its two cells, so that what leaves one enters the other. The cos^2 factor
gives K h sin b cos b on a plane, as SHALSTAB and FSLAM have it. Here are the coefficients, which do not change with
the table; :mod:`.kernels` steps it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial

import numpy as np

from ....variables import RESIDUAL_AIR
from ...grid import Grid
from ...map_parts.strips import row_strips
from ...map_parts.threads import in_threads
from ...terrain import Terrain

#: Cells of a terrain beyond which coefficients and grids, some 150 bytes each, are not kept from scenario to scenario.
LARGE_MAP = 250_000
_MANY = 15  # one cell in so many: the gradient of whole rows is found sooner than that of cells one by one


@dataclass(frozen=True)
class Conductances:
    """Coefficients of lateral flow, per cell area: of the whole grid, (rows, cols), or some cells, (cells,). Float64.

    Attributes:
        bedrock: elevation of the bedrock [m], 0 where invalid.
        east: K cos^2 b / dx^2 of the face to the next column [1/(m s)], 0 where a cell is missing.
        south: the same to the next row.
        border: K cos^2 b times the downslope gradient over dx, summed over open faces [1/s].
        below: of some cells only: position of each cell's southern neighbour among them, its own where there is none.
        counted: of a window of a larger map: boolean (cells,), those whose rates limit the step and whose water is
            summed; ``None`` for all.
        kept: what is found once for all conductivities above 0.
    """

    bedrock: np.ndarray
    east: np.ndarray
    south: np.ndarray
    border: np.ndarray
    below: np.ndarray | None = None
    counted: np.ndarray | None = None
    kept: dict[str, np.ndarray] = field(default_factory=dict)

    @cached_property
    def neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """See :meth:`find_neighbours`; kept, for the steps in numpy."""
        return self.find_neighbours()

    def find_neighbours(self) -> tuple[np.ndarray, np.ndarray]:
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
        """Bedrock, coefficients of the east, south and north faces, and border, each flattened (cells,).

        Its western face is the eastern one of the cell before.
        """
        _, above = self.find_neighbours()
        bedrock, east, south, border = (x.ravel() for x in (self.bedrock, self.east, self.south, self.border))
        return bedrock, east, south, south[above], border

    def times(self, factor: float, lowest: float | None = None) -> Conductances:
        """Coefficients for a conductivity that is ``factor`` times as large.

        Args:
            factor: [-].
            lowest: if given, in single precision, and subtracted from the bedrock's elevation before rounding [m].
        """
        bedrock, _, _, north, _ = self.sides
        kind = np.float64 if lowest is None else np.float32

        def scaled(values: np.ndarray) -> np.ndarray:
            return np.multiply(values, factor, dtype=np.float64).astype(kind, copy=False)

        made = replace(self, **{name: scaled(getattr(self, name)) for name in ("east", "south", "border")})
        if factor == 0.0:  # without lateral flow no row drains over the border, but it does with another conductivity
            made = replace(made, kept={})
        if lowest is not None:
            bedrock = (bedrock - lowest).astype(kind)
            made = replace(made, bedrock=bedrock.reshape(self.bedrock.shape))
        vars(made)["sides"] = bedrock, made.east.ravel(), made.south.ravel(), scaled(north), made.border.ravel()
        return made


def conductances(terrain: Terrain, lateral_conductivity: np.ndarray | float, edges: str) -> Conductances:
    """Prepare the coefficients that do not change with the water table; of the whole grid.

    Args:
        terrain: elevation, depth, slope; cells that are not valid are outside.
        lateral_conductivity: K_lat [m/s], number or (rows, cols).
        edges: ``open`` drains through faces to the outside and to NoData, ``closed`` does not.
    """
    made = [np.empty(terrain.valid.shape) for _ in range(4)]
    of_rows = partial(_conductances_of_rows, terrain, lateral_conductivity, edges)
    for at, found in in_threads(of_rows, row_strips(terrain.valid.shape)):
        for whole, part in zip(made, found):
            whole[at] = part
    return Conductances(*made)


def cell_conductances(
    terrain: Terrain, lateral_conductivity: np.ndarray | float, edges: str, *, single: bool = False
) -> Conductances:  # fmt: skip
    """:func:`conductances` of the valid cells, row by row (cells,).

    Where conductivity is one number, what belongs to the terrain is made once and kept with it.

    Args:
        terrain, lateral_conductivity, edges: as there.
        single: whether in single precision, with the bedrock above the lowest of the map.
    """
    lowest = _lowest_bedrock(terrain) if single else None
    if np.ndim(lateral_conductivity) > 0:
        made = _cell_conductances(terrain, lateral_conductivity, edges)
        return made.times(1.0, lowest) if single else made
    kept = vars(terrain).setdefault("_conductances", {})  # where a cached_property keeps its value
    made = kept.get(edges) or _cell_conductances(terrain, 1.0, edges)
    if made.bedrock.size <= LARGE_MAP:
        kept[edges] = made
    return made.times(float(lateral_conductivity), lowest)


def _lowest_bedrock(terrain: Terrain) -> float:
    """Of the map, which a window belongs to [m]."""
    if terrain.part is not None:
        return terrain.part.whole.lowest_bedrock
    return float(np.min(terrain.bedrock, where=terrain.valid, initial=np.inf))


def _cell_conductances(terrain: Terrain, lateral_conductivity: np.ndarray | float, edges: str) -> Conductances:
    cells = terrain.valid
    counted = None if terrain.part is None else terrain.part.counted(cells)
    through = np.append(0, np.cumsum(np.count_nonzero(cells, axis=1)))  # cells before each row
    made = [np.empty(through[-1]) for _ in range(4)]
    below = np.empty(through[-1], dtype=np.int64)

    def of_rows(at: slice) -> None:
        here = slice(through[at.start], through[at.stop])
        picked = ... if here.stop - here.start == cells[at].size else cells[at]
        for whole, part in zip(made, _conductances_of_rows(terrain, lateral_conductivity, edges, at)):
            whole[here] = part[picked].ravel()
        below[here] = _cells_below(cells[at.start : at.stop + 1], at.stop - at.start) + here.start

    for _ in in_threads(of_rows, row_strips(cells.shape)):
        pass
    return Conductances(*made, below, counted)


def _cells_below(cells: np.ndarray, rows: int) -> np.ndarray:
    """Index of the southern neighbour of each cell in the first ``rows`` rows, or its own if there is none."""
    number = (np.cumsum(cells) - 1).reshape(cells.shape)
    own = number[:rows].copy()
    south = cells[1:]
    own[: len(south)][south] = number[1:][south]
    return own[cells[:rows]]


def _conductances_of_rows(
    terrain: Terrain, lateral_conductivity: np.ndarray | float, edges: str, at: slice
) -> tuple[np.ndarray, ...]:
    """Bedrock, east, south and border of some rows; see :class:`Conductances`."""
    cells = terrain.valid
    rows, below = at.stop - at.start, slice(at.start, at.stop + 1)  # one row more, where there is one
    here = cells[below]
    missing = None if here.all() else ~here
    cos2 = np.cos(terrain.slope[below])
    cos2 *= cos2
    k = lateral_conductivity if np.ndim(lateral_conductivity) == 0 else lateral_conductivity[below]

    def face(one: tuple[slice, ...], other: tuple[slice, ...], size: float) -> np.ndarray:
        mean = cos2[one] + cos2[other]
        mean *= 0.25 / size**2 * (k[one] + k[other] if np.ndim(k) else 2.0 * k)
        if missing is not None:
            mean[missing[one] | missing[other]] = 0.0
        return mean

    east, south, border = (np.zeros((rows, cells.shape[1])) for _ in range(3))
    this, every, next_row = slice(0, rows), slice(None), slice(1, None)
    east[:, :-1] = face((this, slice(None, -1)), (this, next_row), terrain.grid.cell_width)
    south[: len(here) - 1] = face((slice(None, -1), every), (next_row, every), terrain.grid.cell_height)
    if edges == "open":
        found, downslope = _downslope_of_rows(terrain, at)
        border[found] = (k[found] if np.ndim(k) else k) * cos2[found] * downslope
    bedrock = terrain.elevation[at].astype(np.float64) - terrain.soil_depth[at]
    if missing is not None:
        bedrock[missing[:rows]] = 0.0
    return bedrock, east, south, border


def _downslope_of_rows(terrain: Terrain, at: slice) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Cells of some rows that have faces to the outside, row and column in these, and what drains there.

    It is the sum over these faces of max(0, downslope gradient across the face) / cell size [1/m].
    """
    cells, here = terrain.valid, terrain.valid[at]
    outside = np.ones((len(here) + 2, cells.shape[1] + 2), dtype=bool)
    first, last = max(at.start - 1, 0), min(at.stop + 1, cells.shape[0])
    outside[first - at.start + 1 : last - at.start + 1, 1:-1] = ~cells[first:last]
    sides = outside[1:-1, 2:], outside[1:-1, :-2], outside[2:, 1:-1], outside[:-2, 1:-1]
    found = np.nonzero(here & (sides[0] | sides[1] | sides[2] | sides[3]))
    east, west, south, north = (side[found] for side in sides)
    if _MANY * found[0].size < here.size:
        across, down = terrain.gradient_at(found[0] + at.start, found[1])
    else:
        across, down = (g[found] for g in terrain.gradient_of_rows(at))
    total = (east * np.maximum(-across, 0.0) + west * np.maximum(across, 0.0)) / terrain.grid.cell_width
    total += (south * np.maximum(-down, 0.0) + north * np.maximum(down, 0.0)) / terrain.grid.cell_height
    return found, total


def longest_step(terrain: Terrain, lateral_conductivity: np.ndarray | float) -> float:
    """Longest stable explicit step [s]: min(n dx^2 / (8 K_lat h_max), n dx / (2 K_lat tan b_max)), n = n_min."""
    if np.ndim(lateral_conductivity) > 0:
        return longest_step_of(terrain.grid, *flow_extremes(terrain, terrain.valid, lateral_conductivity))
    kept = vars(terrain)  # where a cached_property keeps its value
    if "_extremes" not in kept:
        kept["_extremes"] = flow_extremes(terrain, terrain.valid, 1.0)
    return longest_step_of(terrain.grid, *(lateral_conductivity * x for x in kept["_extremes"]))


def flow_extremes(terrain: Terrain, cells: np.ndarray, lateral_conductivity: np.ndarray | float) -> tuple[float, float]:
    """Greatest K_lat h_max [m2/s] and K_lat tan b [m/s] of some cells (rows, cols)."""
    k = np.broadcast_to(lateral_conductivity, cells.shape)[cells]
    thickest = float((k * terrain.soil_depth[cells]).max(initial=0.0))
    return thickest, float((k * np.tan(terrain.slope[cells])).max(initial=0.0))


def longest_step_of(grid: Grid, thickest: float, steepest: float) -> float:
    """:func:`longest_step` from the extremes of all cells."""
    dx = min(grid.cell_width, grid.cell_height)
    diffusion = RESIDUAL_AIR * dx**2 / (8.0 * thickest) if thickest > 0 else np.inf
    advection = RESIDUAL_AIR * dx / (2.0 * steepest) if steepest > 0 else np.inf
    return min(diffusion, advection)
