"""Converts connected cells of a class to polygons along cell sides, with statistics of their values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from osgeo import gdal, ogr

from .feedback import Feedback, check_cancelled
from .grid import MASK_NODATA, Grid
from .regions import connected_regions, mask_regions

#: An area of just the smallest size must not fall to rounding.
_SLACK = 1e-9


@dataclass(frozen=True)
class Areas:
    """Areas of connected cells, from the raster's first row down; all arrays are (areas,).

    Attributes:
        polygons: WKB, in the grid's coordinate system.
        classes: class of the cells.
        cells: how many there are.
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
        grid: of both.
        smallest_area: smaller areas are left out [m2].
        largest_hole: holes up to this area are filled [m2], see :func:`without_holes`; 0 keeps all.
        feedback: for progress and cancellation.
    """
    feedback = feedback or Feedback()
    if largest_hole > 0.0:
        classes = without_holes(classes, largest_hole / grid.cell_area)
    check_cancelled(feedback)
    inside = (classes != 0) & (classes != MASK_NODATA)
    same = [inside[:, 1:] & (classes[:, 1:] == classes[:, :-1]), inside[1:] & (classes[1:] == classes[:-1])]
    region, count = connected_regions(inside, *same)
    feedback.setProgress(30.0)
    cells = np.bincount(region[inside], minlength=count)
    large = cells * grid.cell_area >= smallest_area * (1.0 - _SLACK)
    number = np.append(np.where(large, np.cumsum(large) - 1, -1), -1)  # the last one is that of no area
    region = number[region].astype(np.int32)
    check_cancelled(feedback)
    kept = region >= 0
    of_area = np.zeros(int(large.sum()), dtype=np.int64)
    of_area[region[kept]] = classes[kept]
    polygons = _polygons(region, kept, grid, of_area.size, feedback)
    cells = cells[large]
    return Areas(polygons, of_area, cells, cells * grid.cell_area, *_statistics(region, values, cells.size))


def without_holes(classes: np.ndarray, largest: float) -> np.ndarray:
    """Fill holes: cells of no area (0) joined over their sides, with cells of one class at all their other sides.

    What touches NoData or the border of the raster is no hole.

    Args:
        classes: uint8 (rows, cols): 0 no area, 255 NoData; largest: cells of the largest hole that is filled.
    """
    hole, count = mask_regions(classes == 0)
    if not count:
        return classes
    least, greatest = np.full(count, MASK_NODATA, dtype=np.int64), np.zeros(count, dtype=np.int64)
    around = np.pad(classes, 1, constant_values=MASK_NODATA)
    rows, cols = classes.shape
    for row, col in ((0, 1), (2, 1), (1, 0), (1, 2)):
        neighbours = around[row : row + rows, col : col + cols]
        at = (hole >= 0) & (neighbours != 0)
        np.minimum.at(least, hole[at], neighbours[at])
        np.maximum.at(greatest, hole[at], neighbours[at])
    size = np.bincount(hole[hole >= 0], minlength=count)
    filled = (least == greatest) & (greatest != MASK_NODATA) & (size <= largest * (1.0 + _SLACK))
    into = np.append(np.where(filled, greatest, 0), 0).astype(np.uint8)  # the last one is that of no hole
    return np.where(classes == 0, into[hole], classes)


def _polygons(region: np.ndarray, kept: np.ndarray, grid: Grid, count: int, feedback: Feedback) -> list[bytes]:
    """Polygon of each of ``count`` regions as WKB; region: int32 (rows, cols), kept: where it is one."""
    rasters = gdal.GetDriverByName("MEM").Create("", region.shape[1], region.shape[0], 2, gdal.GDT_Int32)
    rasters.SetGeoTransform(grid.geotransform)
    rasters.GetRasterBand(1).WriteArray(region)
    rasters.GetRasterBand(2).WriteArray(kept.astype(np.int32))
    features = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = features.CreateLayer("areas", None, ogr.wkbPolygon)
    layer.CreateField(ogr.FieldDefn("region", ogr.OFTInteger))

    def progress(share: float, *_: object) -> int:
        feedback.setProgress(30.0 + 50.0 * share)
        return 0 if feedback.isCanceled() else 1

    gdal.Polygonize(rasters.GetRasterBand(1), rasters.GetRasterBand(2), layer, 0, [], callback=progress)
    check_cancelled(feedback)
    polygons = [b""] * count
    for feature in layer:
        geometry = feature.GetGeometryRef()
        polygons[feature.GetField(0)] = bytes((geometry).ExportToWkb())
    return polygons


def _statistics(region: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, least and greatest of the known values in each region; (count,), NaN where none is known."""
    known = (region >= 0) & np.isfinite(values)
    where, value = region[known], values[known].astype(np.float64)
    number = np.bincount(where, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(where, weights=value, minlength=count) / number
    least, greatest = np.full(count, np.nan), np.full(count, np.nan)
    np.fmin.at(least, where, value)
    np.fmax.at(greatest, where, value)
    return mean, least, greatest
