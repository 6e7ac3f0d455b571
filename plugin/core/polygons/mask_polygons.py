"""Converts connected cells of a class to polygons along cell sides, with statistics of their values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr

from ..feedback import Feedback, check_cancelled
from ..grid import MASK_NODATA, Grid
from ..map_parts.strips import row_strips
from ..raster import scratch
from ..raster.gdal_errors import option
from .regions import equal_regions

#: An area of just the smallest size must not fall to rounding.
_SLACK = 1e-9
_STRIP_CELLS = 1 << 20
#: Version of GDAL from which on the outline of a hole that touches the outer one is a ring of its own.
_VALID_POLYGONS_FROM = 3040000


@dataclass(frozen=True)
class Areas:
    """Areas of connected cells, from the raster's first row down; all arrays are (areas,).

    Attributes:
        polygons: WKB, in the grid's coordinate system.
        area: of the cells [m2].
        mean, minimum, maximum: of the values of the cells; NaN where none is known.
    """

    polygons: list[bytes]
    classes: np.ndarray
    cells: np.ndarray
    area: np.ndarray
    mean: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray


def areas_of_classes(
    classes: np.ndarray, values: np.ndarray, grid: Grid, smallest_area: float = 0.0, largest_hole: float = 0.0,
    feedback: Feedback | None = None,
) -> Areas:  # fmt: skip
    """Make an area of all cells of a class that are joined over their sides.

    Args:
        classes: uint8 (rows, cols): 0 is no area, 255 NoData.
        values: (rows, cols) to be summarized, NaN where unknown.
        smallest_area: smaller areas are left out [m2].
        largest_hole: holes up to this area are filled [m2], see :func:`without_holes`; 0 keeps all.
    """
    feedback = feedback or Feedback()
    if largest_hole > 0.0:
        classes = without_holes(classes, largest_hole / grid.cell_area)
    check_cancelled(feedback)
    region, count = equal_regions(classes, lambda some: (some != 0) & (some != MASK_NODATA))
    feedback.setProgress(30.0)
    cells, of_area = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for at in row_strips(region.shape, _STRIP_CELLS):
        check_cancelled(feedback)
        kept = region[at] >= 0
        cells += np.bincount(region[at][kept], minlength=count)
        of_area[region[at][kept]] = classes[at][kept]
    large = cells * grid.cell_area >= smallest_area * (1.0 - _SLACK)
    number = np.append(np.where(large, np.cumsum(large), 0), 0).astype(np.int32)  # the last one is that of no area
    for at in row_strips(region.shape, _STRIP_CELLS):
        region[at] = number[region[at]]
    cells, of_area = cells[large], of_area[large]
    polygons = _polygons(region, grid, cells.size, feedback)
    return Areas(
        polygons, of_area, cells, cells * grid.cell_area, *_statistics(region, values, cells.size, feedback)
    )  # fmt: skip


def without_holes(classes: np.ndarray, largest: float) -> np.ndarray:
    """Fill holes: cells of no area (0) joined over their sides, with cells of one class at all their other sides.

    What touches NoData or the border of the raster is no hole, nor is what has more cells than ``largest``. Classes are
    uint8 (rows, cols), 0 no area, 255 NoData.
    """
    hole, count = equal_regions(classes, lambda some: some == 0)
    if not count:
        return classes
    least, greatest = np.full(count, MASK_NODATA, dtype=np.int64), np.zeros(count, dtype=np.int64)
    size = np.zeros(count, dtype=np.int64)
    rows, cols = classes.shape
    for strip in row_strips(classes.shape, _STRIP_CELLS):
        here = hole[strip]
        around = np.full((len(here) + 2, cols + 2), MASK_NODATA, dtype=np.uint8)
        first, last = max(strip.start - 1, 0), min(strip.stop + 1, rows)
        around[1 + first - strip.start : 1 + last - strip.start, 1:-1] = classes[first:last]
        for row, col in ((0, 1), (2, 1), (1, 0), (1, 2)):
            neighbours = around[row : row + len(here), col : col + cols]
            at = (here >= 0) & (neighbours != 0)
            np.minimum.at(least, here[at], neighbours[at])
            np.maximum.at(greatest, here[at], neighbours[at])
        size += np.bincount(here[here >= 0], minlength=count)
    filled = (least == greatest) & (greatest != MASK_NODATA) & (size <= largest * (1.0 + _SLACK))
    into = np.append(np.where(filled, greatest, 0), 0).astype(np.uint8)  # the last one is that of no hole
    made = scratch.empty(classes.shape, np.uint8)
    for strip in row_strips(classes.shape, _STRIP_CELLS):
        made[strip] = np.where(classes[strip] == 0, into[hole[strip]], classes[strip])
    return made


def _polygons(region: np.ndarray, grid: Grid, count: int, feedback: Feedback) -> list[bytes]:
    """Polygon of each of ``count`` regions as WKB; region: int32 (rows, cols), their numbers from 1, 0 elsewhere."""
    raster = _in_memory_raster(region)
    raster.SetGeoTransform(grid.geotransform)
    features = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = features.CreateLayer("areas", None, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("region", ogr.OFTInteger))

    def progress(share: float, *_: object) -> int:
        feedback.setProgress(30.0 + 50.0 * share)
        scratch.release()
        return 0 if feedback.isCanceled() else 1

    gdal.Polygonize(raster.GetRasterBand(1), raster.GetRasterBand(1), layer, 0, [], callback=progress)
    check_cancelled(feedback)
    polygons = [b""] * count
    for feature in layer:
        outline = feature.GetGeometryRef()
        if int(gdal.VersionInfo()) < _VALID_POLYGONS_FROM:
            outline = outline.MakeValid()
        polygons[feature.GetField(0) - 1] = bytes(outline.ExportToWkb())
    return polygons


def _in_memory_raster(values: np.ndarray) -> gdal.Dataset:
    """A raster on the memory of an int32 array (rows, cols), which must live as long."""
    rows, cols = values.shape
    name = f"MEM:::DATAPOINTER={values.ctypes.data},PIXELS={cols},LINES={rows},DATATYPE=Int32"
    with option("GDAL_MEM_ENABLE_OPEN", "YES"):  # required since GDAL 3.10
        return gdal.Open(name)


def _statistics(
    region: np.ndarray, values: np.ndarray, count: int, feedback: Feedback
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, least and greatest of the known values in each region; (count,), NaN where none is known."""
    number, total = np.zeros(count, dtype=np.int64), np.zeros(count)
    least, greatest = np.full(count, np.nan), np.full(count, np.nan)
    every = np.arange(count)
    for at in row_strips(region.shape, _STRIP_CELLS):
        check_cancelled(feedback)
        known = (region[at] > 0) & np.isfinite(values[at])
        where, value = region[at][known] - 1, values[at][known].astype(np.float64)
        number += np.bincount(where, minlength=count)
        # in the order of the cells, whatever the strips
        total = np.bincount(np.append(every, where), np.append(total, value), count)
        np.fmin.at(least, where, value)
        np.fmax.at(greatest, where, value)
    with np.errstate(invalid="ignore", divide="ignore"):
        return total / number, least, greatest
