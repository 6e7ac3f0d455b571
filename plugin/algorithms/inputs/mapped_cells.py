"""Cells covered by each mapped feature: cell centres in polygons, and the cells of points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...text import Text
from ..translation import tr
from .vectors import VectorSource, is_polygon, wkb

if TYPE_CHECKING:
    import numpy as np
    from qgis.core import QgsGeometry

    from ...core.grid import Grid
    from ..log import Log

#: With fewer features, an inventory may have been merged into one or a few multi-part features.
_FEW = 10


def cells_by_feature(source: VectorSource, grid: Grid, log: Log, *, divide: bool = False) -> list[np.ndarray]:
    """Flat indices of the cells of each feature on the grid, without features that have none.

    A polygon that holds no centre has the cell in which a point of it lies. A feature of many points has their cells.

    Args:
        source: the features; grid: of the cells.
        log: for the number of features and for cancellation.
        divide: few features are taken as collections, each part of which counts as a feature.
    """
    import numpy as np

    from ...core.polygons.polygon_cells import positions, runs_of_cells

    geometries = _geometries(source, grid, log)
    if divide and len(geometries) < _FEW:
        parts = [part for geometry in geometries for part in geometry.asGeometryCollection()]
        if len(parts) > len(geometries):
            log.pushNote(Text("{}: each of the {} parts of its features counts as one.", source.label, len(parts)))
            geometries = parts
    found: list[list[np.ndarray]] = [[] for _ in geometries]
    places = [number for number, geometry in enumerate(geometries) if is_polygon(geometry)]
    polygons = [wkb(geometries[number]) for number in places]
    for runs in runs_of_cells(polygons, grid, log, at_least_one=True):
        inside = runs.within(grid.shape)
        for polygon, row, start, stop in zip(
            *(x.tolist() for x in (inside.polygon, inside.row, inside.start, inside.stop))
        ):
            found[places[polygon]].append(row * grid.cols + np.arange(start, stop))
    for number, geometry in enumerate(geometries):
        if not is_polygon(geometry):
            xy = np.array([(vertex.x(), vertex.y()) for vertex in geometry.vertices()]).reshape(-1, 2)
            cols, rows = (np.floor(values).astype(np.int64) for values in positions(xy[:, 0], xy[:, 1], grid))
            inside = (rows >= 0) & (rows < grid.rows) & (cols >= 0) & (cols < grid.cols)
            found[number].append(rows[inside] * grid.cols + cols[inside])
    cells = [np.unique(np.concatenate(parts)) for parts in found if parts]
    return [one for one in cells if one.size]


def area_of_polygons(source: VectorSource, grid: Grid, log: Log) -> np.ndarray:
    """Cells of any of the polygons, as :func:`cells_by_feature` has them; boolean (rows, cols)."""
    import numpy as np

    from ...core.polygons.polygon_cells import runs_of_cells
    from ...core.raster import scratch

    area = scratch.full(grid.shape, value=False, dtype=np.bool_)
    polygons = [wkb(geometry) for geometry in _geometries(source, grid, log)]
    for runs in runs_of_cells(polygons, grid, log, at_least_one=True):
        inside = runs.within(grid.shape)
        for row, start, stop in zip(*(x.tolist() for x in (inside.row, inside.start, inside.stop))):
            area[row, start:stop] = True
        scratch.release()
    return area


def _geometries(source: VectorSource, grid: Grid, log: Log) -> list[QgsGeometry]:
    """Geometries of the features within the map."""
    found = [shape.geometry for shape in source.shapes(grid, log)]
    log.pushInfo(
        tr("{}: {} of {} features within the map.").format(source.label, len(found), source.features.featureCount())
    )
    return found
