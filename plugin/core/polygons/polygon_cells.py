"""Cells of polygons: the rule by which all tools assign cells to mapped areas.

A cell belongs to a polygon that holds its centre. A centre on a border belongs to one of the two polygons that share
it. On request, a polygon that holds no centre has the one cell in which a point of it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Sequence

import numpy as np
from osgeo import ogr

from ..feedback import Feedback, check_cancelled
from ..grid import Grid
from ..map_parts.strips import pieces
from ..raster import scratch
from ..raster.gdal_errors import quiet

#: Crossings of sides and rows that are worked on at once (some 100 MB), and cells that are listed at once.
_CROSSINGS, _CELLS = 2_000_000, 2_000_000
#: Decimals of positions in cells: rounding errors of coordinates must not decide on which side of a centre they lie.
_DECIMALS = 6
#: Coordinates beyond it are no place [m]: what a failed transformation leaves.
_COORDINATE_LIMIT = 1e9


@dataclass(frozen=True)
class CellRuns:
    """Neighbouring cells of a row, many times over; the arrays are int64 (runs,). No cell comes twice for a polygon.

    Attributes:
        polygon: position of the polygon that the cells belong to.
        row: may lie beyond the raster, like the columns.
        start, stop: columns, without ``stop`` itself.
        single: the polygon holds no centre and has the one cell in which it lies.
    """

    polygon: int
    row: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    single: bool = False

    @property
    def count(self) -> int:
        """Number of cells."""
        return int((self.stop - self.start).sum())

    def within(self, shape: tuple[int, int]) -> CellRuns:
        """Cells within a raster of (rows, cols)."""
        start, stop = np.maximum(self.start, 0), np.minimum(self.stop, shape[1])
        kept = (self.row >= 0) & (self.row < shape[0]) & (stop > start)
        return CellRuns(self.polygon, self.row[kept], start[kept], stop[kept], self.single)

    def indices(self, cols: int) -> Iterator[np.ndarray]:
        """Yield the flat indices of the cells, all within a raster of so many columns, some at a time."""
        first, length = self.row * cols + self.start, self.stop - self.start
        for at in pieces(first.size, max(1, _CELLS // cols)):
            ends = length[at].cumsum()
            yield (first[at] - ends + length[at]).repeat(length[at]) + np.arange(ends[-1])
            if at.stop < first.size:
                scratch.release()


def runs_of_cells(
    polygons: Sequence[bytes], grid: Grid, feedback: Feedback | None = None, *, at_least_one: bool = False
) -> Iterator[CellRuns]:
    """Yield the cells of polygons in their order, those of a very tall one in several pieces.

    Parts of a polygon that overlap count once, and so does a part whose border crosses itself (a bow tie).

    Args:
        polygons: as WKB of straight lines, in the grid's coordinate system; an empty one has no cell, nor has one with
            a coordinate that is no number, or far beyond any map.
        grid: cells; those beyond its borders are counted too.
        at_least_one: a polygon that holds no centre has the cell in which a point of it lies.
    """
    feedback = feedback or Feedback()
    for number, wkb in enumerate(polygons):
        check_cancelled(feedback)
        geometry = ogr.CreateGeometryFromWkb(wkb)
        parts = [] if geometry is None else list(_parts(geometry))
        if not parts or not all((np.abs(ring) < _COORDINATE_LIMIT).all() for part in parts for ring in part):
            continue
        found = False
        for runs in _runs(parts, grid):
            check_cancelled(feedback)
            if runs[0].size:
                found = True
                yield CellRuns(number, *runs)
        if at_least_one and not found:
            col, row = (np.floor(x).astype(np.int64) for x in positions(*_point_within(geometry, parts), grid))
            yield CellRuns(number, row, col, col + 1, single=True)


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
    if ogr.GT_Flatten(geometry.GetGeometryType()) in (ogr.wkbPolygon, ogr.wkbTriangle):  # of which surfaces are made
        points = [np.array(ring.GetPoints() or [], dtype=np.float64) for ring in inner]
        rings = [ring[:, :2] for ring in points if len(ring)]
        if rings:
            yield rings
        return
    for part in inner:
        yield from _parts(part)


def _point_within(geometry: ogr.Geometry, parts: Sequence[Sequence[np.ndarray]]) -> np.ndarray:
    """A point of a polygon's surface, (2, 1); where there is none, its first corner."""
    point = None
    with quiet():
        point = geometry.PointOnSurface()
    nowhere = point is None or point.IsEmpty()
    return (parts[0][0][:1] if nowhere else np.array([[point.GetX(), point.GetY()]])).T


def _runs(parts: Sequence[Sequence[np.ndarray]], grid: Grid) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield row, start and stop of the cells of a polygon: within a part, between each two of its sides along the row.

    Sides are cut in cells from the raster's corner, from their lower row: one that two polygons share then is cut in
    the same places.
    """
    rings = [ring for part in parts for ring in part]
    part = np.repeat(np.arange(len(parts)), [sum(map(len, one)) for one in parts])
    ends = np.cumsum([len(ring) for ring in rings])
    onward = np.arange(1, ends[-1] + 1)
    onward[ends - 1] = ends - [len(ring) for ring in rings]  # closed whether the last point is the first or not
    x1, y1 = positions(*np.concatenate(rings).T, grid)
    x2, y2 = x1[onward], y1[onward]
    x1, x2 = np.where(y1 > y2, (x2, x1), (x1, x2))
    y1, y2 = np.minimum(y1, y2), np.maximum(y1, y2)
    first, last = (np.ceil(y - 0.5).astype(np.int64) for y in (y1, y2))  # rows whose centre line is crossed
    count, rows = -(-int((last - first).sum()) // _CROSSINGS), (int(first.min()), int(last.max()))
    borders = np.linspace(*rows, count + 1).astype(np.int64).tolist() if count > 1 else rows
    for low, high in zip(borders[:-1], borders[1:]):
        start, stop = np.maximum(first, low), np.minimum(last, high)
        lines = np.maximum(stop - start, 0)
        side = np.arange(lines.size).repeat(lines)
        row = np.arange(side.size) + (start - lines.cumsum() + lines)[side]
        share = (row + 0.5 - y1[side]) / (y2[side] - y1[side])
        col = np.floor(np.round(x1[side] + share * (x2[side] - x1[side]), _DECIMALS) + 0.5).astype(np.int64)
        order = np.lexsort((col, row, part[side]))
        row, col = row[order][::2], col[order]
        yield _disjoint(row, col[::2], col[1::2], overlapping=len(parts) > 1)


def _disjoint(
    row: np.ndarray, start: np.ndarray, stop: np.ndarray, *, overlapping: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Runs that hold a cell, without those that earlier ones of the row hold."""
    if overlapping and start.size:
        order = np.lexsort((start, row))
        row, start, stop = row[order], start[order], stop[order]
        line = np.cumsum(np.append(0, np.diff(row) != 0)) * (int(stop.max()) - int(start.min()) + 1)
        taken = np.maximum.accumulate(stop + line)  # lines follow each other
        start = np.append(start[0], np.maximum(start[1:], taken[:-1] - line[1:]))
    kept = stop > start
    return row[kept], start[kept], stop[kept]
