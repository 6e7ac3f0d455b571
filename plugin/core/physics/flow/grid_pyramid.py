"""The terrain at full resolution and on grids coarsened by factors of two, and the transfer of maps between them.

Maps go to the coarser grid by 2 x 2 means, and to the finer one by an interpolation that preserves these.

Source: Briggs, Henson & McCormick (2000), A Multigrid Tutorial, chapter 3: restriction and prolongation on cells.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np

from ....variables import RESIDUAL_AIR
from ...map_parts.greatest import Greatest
from ...map_parts.strips import row_strips, with_rows_around
from ...raster import scratch
from ...terrain import Terrain
from .groundwater import LARGE_MAP, Conductances, conductances

_GRIDS, LEAST_SIDE_OF_TWO_GRIDS = 8, 32
#: Quantile of soil depth and slope for which steps are stable: a few extreme cells are held by the outflow limit.
EXTREME = 0.99
Array = Any  # numpy's or torch's, (rows, cols) or (batch, rows, cols)
_NOTHING = 1e-6  # of a cell: a share of it that is not there
#: Rows above and below a strip that its coarser cells depend on; cells of a strip.
OVERLAP_ROWS, _STRIP_CELLS = 4, 1 << 19


@dataclass(frozen=True)
class PyramidGrid:
    """A terrain on cells of one size, for a conductivity of 1; (rows, cols) float64, 0 where a cell is missing.

    Attributes:
        share: of a cell that is valid [-].
        depth: mean soil depth of the valid part [m]; slope: its mean slope [rad].
        drop_east, drop_south: bedrock above the next column's or row's, as it drives the flow between them [m].
        east, south: mean cos^2 b over the squared cell size, times the share of the face that is open [1/m2].
        border: cos^2 b times the downslope gradient over the cell size, over open faces, per cell area [1/m].
        cell_size: width [m]; deepest, steepest: 99th percentiles of the depth [m] and of the bedrock's slope [-].
        downstream: weight of the downstream cell's water table at a face [-]. Upstream tables spread water by half a
            cell's width; with this weight coarser grids spread it no further than full resolution does.
        cells_per_cell: cells of full resolution in one of this grid.
    """

    share: np.ndarray
    depth: np.ndarray
    slope: np.ndarray
    drop_east: np.ndarray
    drop_south: np.ndarray
    east: np.ndarray
    south: np.ndarray
    border: np.ndarray
    cell_size: float
    deepest: float
    steepest: float
    downstream: float
    cells_per_cell: int

    def stable_step(self, conductivity: float) -> float:
        """:meth:`GridExtremes.stable_step` on these cells."""
        return GridExtremes(self.cell_size, self.deepest, self.steepest).stable_step(conductivity)


class GridExtremes(NamedTuple):
    """Properties of a grid that limit its steps; see :class:`PyramidGrid`."""

    cell_size: float
    deepest: float
    steepest: float

    def stable_step(self, conductivity: float) -> float:
        """Longest monotone explicit step with the least storage [s]; conductivity: K_lat [m/s].

        min(n dx^2 / (8 K h), n dx / (2 K s)), n = n_min, the limits of :func:`.groundwater.longest_step`.
        """
        k = 2.0 * max(conductivity, 1e-12)
        spreading = RESIDUAL_AIR * self.cell_size**2 / (4.0 * k * max(self.deepest, 0.1))
        return min(spreading, RESIDUAL_AIR * self.cell_size / (k * max(self.steepest, 0.02)))


def finest_cells(terrain: Terrain) -> GridExtremes:
    """Size and extremes of a terrain's cells, or of the map that it is a window of, kept with it."""
    kept = vars(terrain)
    if "_finest_cells" not in kept:
        whole = grid_pyramid(terrain)[0] if terrain.part is None else terrain.part.whole
        kept["_finest_cells"] = GridExtremes(float(np.sqrt(terrain.grid.cell_area)), whole.deepest, whole.steepest)
    return kept["_finest_cells"]


def forget_grids(terrain: Terrain) -> None:
    """Free the grids of a large terrain, some 90 bytes a cell, which are made again where an event needs them."""
    if terrain.valid.size > LARGE_MAP:
        finest_cells(terrain)
        vars(terrain).pop("_grid_pyramid", None)


def grid_pyramid(terrain: Terrain) -> tuple[PyramidGrid, ...]:
    """The terrain at full resolution and on coarser grids; made once for a terrain and kept with it.

    A coarse cell holds the means of its valid cells. A face between two coarse cells joins two fine faces: the mean
    of their coefficients, and of the drops half that between the cells' means and half that at the faces.
    """
    kept = vars(terrain)  # where a cached_property keeps its value; physics must not be known to Terrain
    if "_grid_pyramid" not in kept:
        kept["_grid_pyramid"] = _make(terrain)
    return kept["_grid_pyramid"]


def cells_without_faces(terrain: Terrain) -> PyramidGrid:
    """The full-resolution grid without flow between its cells; much faster than :func:`grid_pyramid`."""
    closed = np.broadcast_to(0.0, terrain.valid.shape)
    depth, slope = (np.where(terrain.valid, x, 0.0).astype(np.float64) for x in (terrain.soil_depth, terrain.slope))
    size = float(np.sqrt(terrain.grid.cell_area))
    return PyramidGrid(terrain.valid.astype(np.float64), depth, slope, *[closed] * 5, size, 0.0, 0.0, 0.0, 1)


#: The maps of a grid by name.
MAPS = tuple(f.name for f in fields(PyramidGrid) if f.type == "np.ndarray")


@dataclass(frozen=True)
class Level:
    """A grid on the way to a pyramid; its extremes are not known yet.

    Attributes:
        grid: of the cells; bedrock: its mean [m], (rows, cols).
        steepness: slope of the bedrock along the steeper of the eastern and southern faces [-], (rows, cols).
    """

    grid: PyramidGrid
    bedrock: np.ndarray
    steepness: np.ndarray

    @classmethod
    def finest(cls, terrain: Terrain, lowest: float) -> Level:
        """A terrain's own cells; lowest: bedrock of the map [m]."""
        grid, bedrock, c = _finest(terrain, lowest)
        return cls(grid, bedrock, _steepness(grid.drop_east, grid.drop_south, c))

    def coarser(self) -> Level:
        """The grid of cells twice as wide; a large one is made strip by strip, in scratch files."""
        rows, cols = self.bedrock.shape
        if self.bedrock.size <= 2 * _STRIP_CELLS:
            return self._coarser()
        made = LevelMaps((-(-rows // 2), -(-cols // 2)))
        for strip in row_strips(made.shape, _STRIP_CELLS // 4):
            inner = slice(2 * strip.start, min(2 * strip.stop, rows))
            outer, _ = with_rows_around(inner, OVERLAP_ROWS, rows)
            made.take(self._of_rows(outer)._coarser(), outer, inner)
        return made.level

    def _of_rows(self, rows: slice) -> Level:
        """Some of its rows."""
        maps = {name: getattr(self.grid, name)[rows] for name in MAPS}
        return Level(replace(self.grid, **maps), self.bedrock[rows], self.steepness[rows])

    def _coarser(self) -> Level:
        """The same at once; a face between two of its cells joins two of this grid's."""
        fine, share, number = self.grid, block_mean(self.grid.share), 4 * self.grid.cells_per_cell
        means = (divided(block_mean(x * fine.share), share) for x in (fine.depth, fine.slope, self.bedrock))
        depth, slope, bedrock = means
        # A face's flux is by the squared cell size, which grows four times.
        east, south = (_joined(x, axis, share.shape) for x, axis in ((fine.east, 1), (fine.south, 0)))
        at_faces = tuple(
            2.0 * divided(_joined(drop * face, axis, share.shape), joined)
            for drop, face, joined, axis in (
                (fine.drop_east, fine.east, east, 1),
                (fine.drop_south, fine.south, south, 0),
            )
        )
        c = Conductances(bedrock, east / 4.0, south / 4.0, block_mean(fine.border))
        between = _drops(bedrock, c)
        drops = tuple(0.5 * (one + other) for one, other in zip(between, at_faces))
        size, downstream = 2.0 * fine.cell_size, 0.5 * (1.0 - 1.0 / np.sqrt(number))
        grid = PyramidGrid(
            share, depth, slope, *drops, c.east, c.south, c.border, size, 0.0, 0.0, float(downstream), number
        )
        return Level(grid, bedrock, _steepness(*between, c))

    def finished(self) -> PyramidGrid:
        """The grid with its extremes."""
        deepest, steepest = (_extreme(x, self.grid.share) for x in (self.grid.depth, self.steepness))
        return replace(self.grid, deepest=deepest, steepest=steepest)

    @property
    def has_coarser(self) -> bool:
        """Whether a pyramid goes on beyond this grid."""
        return self.grid.cells_per_cell < 4 ** (_GRIDS - 1) and min(self.grid.share.shape) >= LEAST_SIDE_OF_TWO_GRIDS


class LevelMaps:
    """The maps of a level that is made strip by strip.

    Args:
        shape: (rows, cols) of the level.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape, self._grid = shape, None
        self._maps = {name: scratch.full(shape, 0.0, np.float64) for name in (*MAPS, "bedrock", "steepness")}

    def take(self, made: Level, outer: slice, inner: slice) -> tuple[slice, slice]:
        """Take the rows ``inner`` of a level that was made of the rows ``outer`` of the finer one.

        Returns:
            the level's rows, and where they are in ``made``.
        """
        self._grid, place = made.grid, slice(inner.start // 2, -(-inner.stop // 2))
        first = (inner.start - outer.start) // 2
        here = slice(first, first + place.stop - place.start)
        for name, values in self._maps.items():
            values[place] = getattr(made.grid if name in MAPS else made, name)[here]
        return place, here

    @property
    def level(self) -> Level:
        """All of it."""
        grid = replace(self._grid, **{name: self._maps[name] for name in MAPS})
        return Level(grid, self._maps["bedrock"], self._maps["steepness"])


def _make(terrain: Terrain) -> tuple[PyramidGrid, ...]:
    whole = None if terrain.part is None else terrain.part.whole
    if whole is not None:
        # The coarser grids of a window are not those of the whole map: see windowed.coarse_phase.
        finest, *_ = _finest(terrain, whole.lowest_bedrock)
        return (replace(finest, deepest=whole.deepest, steepest=whole.steepest),)
    bedrock = terrain.bedrock[terrain.valid]
    return finished_from(Level.finest(terrain, float(bedrock.min()) if bedrock.size else 0.0))


def _finest(terrain: Terrain, lowest: float) -> tuple[PyramidGrid, np.ndarray, Conductances]:
    """The full-resolution grid with its extremes not yet computed, bedrock above ``lowest`` [m], and coefficients."""
    c = conductances(terrain, 1.0, "open")
    bedrock = np.where(terrain.valid, c.bedrock - lowest, 0.0)
    drop_east, drop_south = _drops(bedrock, c)
    drops = {"drop_east": drop_east, "drop_south": drop_south}
    return replace(cells_without_faces(terrain), **drops, east=c.east, south=c.south, border=c.border), bedrock, c


def finished_from(level: Level) -> tuple[PyramidGrid, ...]:
    """A grid and all coarser ones."""
    grids = [level.finished()]
    while level.has_coarser:
        level = level.coarser()
        grids.append(level.finished())
    return tuple(grids)


def _drops(bedrock: np.ndarray, c: Conductances) -> tuple[np.ndarray, np.ndarray]:
    """Bedrock above the next column's and row's [m], 0 where the face is closed."""
    east, south = np.zeros(bedrock.shape), np.zeros(bedrock.shape)
    np.subtract(bedrock[:, :-1], bedrock[:, 1:], out=east[:, :-1], where=c.east[:, :-1] > 0.0)
    np.subtract(bedrock[:-1], bedrock[1:], out=south[:-1], where=c.south[:-1] > 0.0)
    return east, south


def _steepness(drop_east: np.ndarray, drop_south: np.ndarray, c: Conductances) -> np.ndarray:
    """Slope of the bedrock along the steeper of the eastern and southern faces [-]; (rows, cols)."""
    return np.maximum(np.abs(drop_east) * np.sqrt(c.east), np.abs(drop_south) * np.sqrt(c.south))


def steepness(terrain: Terrain) -> np.ndarray:
    """:func:`_steepness` at full resolution, of which :class:`PyramidGrid` has the 99th percentile."""
    c = conductances(terrain, 1.0, "open")
    return _steepness(*_drops(np.where(terrain.valid, c.bedrock, 0.0), c), c)


def _extreme(values: np.ndarray, share: np.ndarray) -> float:
    """99th percentile of the cells that are there; 0 of nothing."""
    count = int(np.count_nonzero(share > 0.0))
    if count == 0:
        return 0.0
    place = max(0, round(EXTREME * count) - 1)
    top = Greatest(count - place)
    for at in row_strips(values.shape):
        top.add(values[at][share[at] > 0.0])
    return top.at(place)


def divided(x: np.ndarray, by: np.ndarray) -> np.ndarray:
    """X / by, 0 where ``by`` is 0."""
    return np.divide(x, by, out=np.zeros(x.shape), where=by > 0.0)


def _joined(faces: np.ndarray, axis: int, shape: tuple[int, int]) -> np.ndarray:
    """Mean of the two fine faces between neighbouring coarse cells, ``shape``; 0 beyond the last."""
    along = faces if axis == 0 else faces.T
    joined = np.zeros(shape if axis == 0 else shape[::-1])
    between = along[1 : 2 * len(joined) - 1 : 2]
    joined[: len(between)] = between[:, 0::2]
    joined[: len(between), : between.shape[1] // 2] += between[:, 1::2]
    joined *= 0.5
    return joined if axis == 0 else np.ascontiguousarray(joined.T)


def block_mean(x: Array) -> Array:
    """Mean of 2 x 2 cells, (rows, cols) to half of it, rounded up; cells beyond the last row or column count as 0."""
    rows, cols = x.shape[-2:]
    pairs = 1.0 * x[..., 0::2, :]
    pairs[..., : rows // 2, :] += x[..., 1::2, :]
    mean = 0.25 * pairs[..., 0::2]
    mean[..., : cols // 2] += 0.25 * pairs[..., 1::2]
    return mean


def restrict(x: Array, share: Array, coarse_share: Array) -> Array:
    """Mean over the valid part of the coarser grid's cells; share, coarse_share: valid share of the cells [-]."""
    mean = block_mean(x * share)
    mean /= coarse_share.clip(_NOTHING)
    return mean


def prolong(xp: Any, x: Array, coarse_share: Array, share: Array) -> Array:
    """A map of the coarser grid on the finer one: bilinear between valid cells, with the same mean in each 2 x 2 cells.

    Args:
        xp: numpy or torch.
        x: (batch, rows, cols) of the coarser grid; coarse_share, share: valid share of the two grids' cells [-].
    """
    shape = share.shape[-2:]
    fine = _bilinear(xp, x * coarse_share, shape)
    fine /= _bilinear(xp, coarse_share[None], shape).clip(_NOTHING)
    missing = x - restrict(fine, share, coarse_share)
    for down in (0, 1):
        for across in (0, 1):
            part = fine[:, down::2, across::2]
            part += missing[:, : part.shape[1], : part.shape[2]]
    return fine


def repeat(xp: Any, x: Array, shape: tuple[int, int]) -> Array:
    """A map (batch, rows, cols) of the coarser grid, each value in all of the cell's finer ones; (batch, *shape)."""
    twice = _interleaved(xp, x, x, 1)
    return _interleaved(xp, twice, twice, 2)[:, : shape[0], : shape[1]]


def _bilinear(xp: Any, x: Array, shape: tuple[int, int]) -> Array:
    """Bilinear interpolation to cells of half the width, the outermost values held; (batch, *shape)."""
    return _doubled(xp, _doubled(xp, x, 1), 2)[:, : shape[0], : shape[1]]


def _doubled(xp: Any, x: Array, axis: int) -> Array:
    """Twice as many cells along an axis of (batch, rows, cols)."""

    def cells(first: int | None, last: int | None) -> tuple[slice, ...]:
        return tuple(slice(first, last) if n == axis else slice(None) for n in range(3))

    before, behind = 0.75 * x, 0.75 * x
    before[cells(1, None)] += 0.25 * x[cells(None, -1)]
    before[cells(None, 1)] += 0.25 * x[cells(None, 1)]
    behind[cells(None, -1)] += 0.25 * x[cells(1, None)]
    behind[cells(-1, None)] += 0.25 * x[cells(-1, None)]
    return _interleaved(xp, before, behind, axis)


def _interleaved(xp: Any, one: Array, other: Array, axis: int) -> Array:
    """Cells of two maps in turn along an axis of (batch, rows, cols)."""
    shape = list(one.shape)
    shape[axis] *= 2
    return xp.stack([one, other], axis + 1).reshape(shape)
