"""Cells of polygons: the rule by which all tools assign cells to mapped areas.

A cell belongs to a polygon that holds its centre. A centre on a border belongs to one of the two polygons that share
it. Where asked for, a polygon that holds no centre has the one cell in which a point of it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np
from osgeo import ogr

from ..feedback import Feedback, check_cancelled
from ..grid import Grid
from ..raster.gdal_errors import quiet

#: Crossings of sides and rows that are worked on at once: some 100 MB.
_CROSSINGS = 1_000_000
#: Decimals of positions in cells: rounding errors of coordinates must not decide on which side of a centre they lie.
_DECIMALS = 6
#: Coordinates beyond it are no place [m]: what a failed transformation leaves.
_COORDINATE_LIMIT = 1e9


@dataclass(frozen=True)
class CellRuns:
    """Neighbouring cells of a row, many times over; all arrays are int64 (runs,).

    No cell comes twice for a polygon. Rows and columns may lie beyond the raster.

    Attributes:
        polygon: position of the polygon that the cells belong to.
        start, stop: their columns, without ``stop`` itself.
        single: polygons that hold no centre and have the one cell in which they lie.
    """

    polygon: np.ndarray
    row: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    single: tuple[int, ...] = ()

    def within(self, shape: tuple[int, int]) -> CellRuns:
        """Cells within a raster of (rows, cols)."""
        start, stop = np.clip(self.start, 0, shape[1]), np.clip(self.stop, 0, shape[1])
        kept = (self.row >= 0) & (self.row < shape[0]) & (stop > start)
        return CellRuns(self.polygon[kept], self.row[kept], start[kept], stop[kept], self.single)


@dataclass(frozen=True)
class _Polygon:
    """A polygon, or several as one, with the rings, (points, 2), of its parts; none for one that is nowhere."""

    number: int
    geometry: ogr.Geometry
    parts: list[list[np.ndarray]]

    @classmethod
    def of(cls, number: int, wkb: bytes) -> _Polygon:
        """Read a polygon; a coordinate that is no number, or far beyond any map, leaves it without a place."""
        geometry = ogr.CreateGeometryFromWkb(wkb)
        parts = [] if geometry is None else list(_parts(geometry))
        placed = all((np.abs(ring) < _COORDINATE_LIMIT).all() for part in parts for ring in part)
        return cls(number, geometry, parts if placed else [])

    def size(self, grid: Grid) -> int:
        """About the number of its corners and of the places where rows cross its sides: two in each row."""
        return sum(len(ring) + int(2 * np.ptp(ring[:, 1]) / grid.cell_height) for part in self.parts for ring in part)

    def point_within(self) -> tuple[float, float]:
        """A point of its surface; where there is none, its first corner."""
        point = None
        with quiet():
            point = self.geometry.PointOnSurface()
        if point is None or point.IsEmpty():
            return tuple(self.parts[0][0][0])
        return point.GetX(), point.GetY()


@dataclass(frozen=True)
class _Sides:
    """Sides of polygons, (sides,), in cells from the raster's corner, lower row first; horizontal ones are left out.

    First and last are the rows whose centre line a side crosses, without the last; part is the number of the part of a
    polygon that it bounds, polygon that of each part, (parts,).
    """

    x1: np.ndarray
    y1: np.ndarray
    x2: np.ndarray
    y2: np.ndarray
    first: np.ndarray
    last: np.ndarray
    part: np.ndarray
    polygon: np.ndarray


def runs_of_cells(
    polygons: Sequence[bytes], grid: Grid, feedback: Feedback | None = None, *, at_least_one: bool = False
) -> Iterator[CellRuns]:
    """Yield the cells of polygons, some polygons at a time in their order; a very tall one in several pieces.

    Parts of a polygon that overlap count once, and so does a part whose border crosses itself (a bow tie).

    Args:
        polygons: as WKB of straight lines, in the grid's coordinate system; an empty one has no cell.
        grid: cells; those beyond its borders are counted too.
        at_least_one: a polygon that holds no centre has the cell in which a point of it lies.
    """
    feedback = feedback or Feedback()
    batch: list[_Polygon] = []
    size = 0
    for number, wkb in enumerate(polygons):
        polygon = _Polygon.of(number, wkb)
        batch.append(polygon)
        size += polygon.size(grid)
        if size > _CROSSINGS:
            yield from _runs(batch, grid, feedback, at_least_one=at_least_one)
            batch, size = [], 0
    if batch:
        yield from _runs(batch, grid, feedback, at_least_one=at_least_one)


def positions(x: np.ndarray, y: np.ndarray, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of points, as fractions: 0 is the outer border of the first cell, 0.5 its centre."""
    x0, dx, shear_x, y0, shear_y, dy = grid.geotransform
    east, north = np.asarray(x, dtype=np.float64) - x0, np.asarray(y, dtype=np.float64) - y0
    size = dx * dy - shear_x * shear_y
    cols, rows = (east * dy - north * shear_x) / size, (north * dx - east * shear_y) / size
    return np.round(cols, _DECIMALS), np.round(rows, _DECIMALS)


def _parts(geometry: ogr.Geometry) -> Iterator[list[np.ndarray]]:
    """Yield the rings, (points, 2), of each polygon in a geometry."""
    inner = [geometry.GetGeometryRef(number) for number in range(geometry.GetGeometryCount())]
    if ogr.GT_Flatten(geometry.GetGeometryType()) == ogr.wkbPolygon:
        points = [np.array(ring.GetPoints() or [], dtype=np.float64) for ring in inner]
        rings = [ring[:, :2] for ring in points if len(ring)]
        if rings:
            yield rings
        return
    for part in inner:
        yield from _parts(part)


def _runs(batch: Sequence[_Polygon], grid: Grid, feedback: Feedback, *, at_least_one: bool) -> Iterator[CellRuns]:
    """Yield the cells of some polygons, in one piece unless they are very tall."""
    sides = _sides(batch, grid)
    pieces = -(-int((sides.last - sides.first).sum()) // (2 * _CROSSINGS))
    found: set[int] = set()
    if pieces:
        borders = np.linspace(int(sides.first.min()), int(sides.last.max()), pieces + 1).astype(np.int64)
        for first, last in zip(borders[:-1], borders[1:]):
            check_cancelled(feedback)
            runs = _between(sides, first, last)
            found.update(np.unique(runs.polygon).tolist())
            yield runs
    check_cancelled(feedback)
    if at_least_one:
        yield _single_cells([polygon for polygon in batch if polygon.parts and polygon.number not in found], grid)


def _sides(batch: Sequence[_Polygon], grid: Grid) -> _Sides:
    """Gather the sides of polygons."""
    starts, ends, lengths, owner = [np.empty((0, 2))], [np.empty((0, 2))], [], []
    for polygon in batch:
        for part in polygon.parts:
            starts += part
            ends += [np.roll(ring, -1, axis=0) for ring in part]  # closed whether the last point is the first or not
            lengths.append(sum(map(len, part)))
            owner.append(polygon.number)
    (x1, y1), (x2, y2) = (positions(*np.concatenate(points).T, grid) for points in (starts, ends))
    swapped = y1 > y2  # a side that two polygons share is then cut in the same places
    x1, x2 = np.where(swapped, x2, x1), np.where(swapped, x1, x2)
    y1, y2 = np.where(swapped, y2, y1), np.where(swapped, y1, y2)
    first, last = (np.ceil(y - 0.5).astype(np.int64) for y in (y1, y2))
    cut = last > first
    part = np.repeat(np.arange(len(owner)), lengths)
    return _Sides(*(values[cut] for values in (x1, y1, x2, y2, first, last, part)), np.array(owner, dtype=np.int64))


def _between(sides: _Sides, first: int, last: int) -> CellRuns:
    """Cells of the rows from ``first`` to before ``last``: within a part, between each two sides along the row."""
    start, stop = np.clip(sides.first, first, last), np.clip(sides.last, first, last)
    side = np.repeat(np.arange(start.size), stop - start)
    row = np.arange(side.size) - np.repeat(np.cumsum(stop - start) - stop, stop - start)
    share = (row + 0.5 - sides.y1[side]) / (sides.y2[side] - sides.y1[side])
    x = sides.x1[side] + share * (sides.x2[side] - sides.x1[side])
    col = np.floor(np.round(x, _DECIMALS) + 0.5).astype(np.int64)
    part = sides.part[side]
    order = np.lexsort((col, row, part))
    row, col, part = row[order], col[order], part[order]
    polygon = sides.polygon[part[::2]]
    runs = CellRuns(polygon, row[::2], col[::2], col[1::2])
    return _without_overlaps(runs) if sides.polygon.size > np.unique(sides.polygon).size else _drop_empty(runs)


def _without_overlaps(runs: CellRuns) -> CellRuns:
    """Remove from each run the cells of earlier runs of the same polygon and row."""
    order = np.lexsort((runs.start, runs.row, runs.polygon))
    polygon, row, start, stop = (values[order] for values in (runs.polygon, runs.row, runs.start, runs.stop))
    if not start.size:
        return runs
    least = int(start.min())
    width = int(stop.max()) - least + 1
    line = np.cumsum(np.append(0, (np.diff(polygon) != 0) | (np.diff(row) != 0)))  # lines follow each other
    taken = np.maximum.accumulate(stop - least + line * width)
    begins = np.append(start[0], np.maximum(start[1:], taken[:-1] - line[1:] * width + least))
    return _drop_empty(CellRuns(polygon, row, begins, stop))


def _drop_empty(runs: CellRuns) -> CellRuns:
    kept = runs.stop > runs.start
    return CellRuns(runs.polygon[kept], runs.row[kept], runs.start[kept], runs.stop[kept])


def _single_cells(polygons: Sequence[_Polygon], grid: Grid) -> CellRuns:
    """The one cell of each polygon in which a point of it lies."""
    points = np.array([polygon.point_within() for polygon in polygons], dtype=np.float64).reshape(-1, 2)
    cols, rows = (np.floor(values).astype(np.int64) for values in positions(*points.T, grid))
    numbers = [polygon.number for polygon in polygons]
    return CellRuns(np.array(numbers, dtype=np.int64), rows, cols, cols + 1, tuple(numbers))
