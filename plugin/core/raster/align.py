"""Reads rasters onto the cells of another."""

from __future__ import annotations

import numpy as np
from osgeo import gdal

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from .crs import same_crs, unit_name
from .read import open_raster, read_band

_METHODS = {"average": "mean of the cells within each", "bilinear": "bilinear interpolation"}


def read_aligned(source: str, grid: Grid, label: str, feedback: Feedback, crs_wkt: str = "") -> np.ndarray:
    """Read a raster onto ``grid``; warp it (and say so in the log) where it lies otherwise.

    Finer rasters are averaged, those whose cells coincide cut, others interpolated bilinearly.

    Returns:
        float32 (rows, cols), NaN for NoData.

    Raises:
        InputError: unreadable, or no valid cell within the grid.
    """
    dataset = open_raster(source, label)
    wkt = crs_wkt or dataset.GetProjection()
    if not grid.crs_wkt and wkt:
        feedback.pushWarning(Text("The DEM has no coordinate system; {} is taken to lie in the same one.", label))
    elif grid.crs_wkt and not wkt:
        feedback.pushWarning(Text("{} has no coordinate system; the DEM's is assumed.", label))
    wkt = wkt if grid.crs_wkt and wkt else grid.crs_wkt
    own = Grid(dataset.RasterYSize, dataset.RasterXSize, tuple(dataset.GetGeoTransform()), wkt)
    one_crs = same_crs(wkt, grid.crs_wkt)
    if one_crs and own.same_as(grid):
        array = read_band(dataset, label)
    else:
        method = "bilinear"
        if one_crs and own.coincides_with(grid):
            method = "near"
        elif one_crs and own.cell_width < 0.6 * grid.cell_width:
            method = "average"
        array = _warp(dataset, wkt, grid, label, method)
        feedback.pushInfo(_alignment(label, own, grid, method, one_crs=one_crs))
    if not np.isfinite(array).any():
        raise InputError(
            label, "has no valid cell within the DEM", "a raster that overlaps the DEM",
            "Check both layers' extents and coordinate systems: do they lie on each other on the map?",
        )  # fmt: skip
    return array


def _alignment(label: str, own: Grid, grid: Grid, method: str, *, one_crs: bool) -> str:
    """What was done to a raster that lies otherwise than the grid."""
    unit, where = ("m", "") if one_crs else (f"{unit_name(own.crs_wkt)}", " in another coordinate system")
    cells = f"{label}: {own.cols} x {own.rows} cells of {own.cell_width:g} {unit}{where}"
    whole = f"{grid.cols} x {grid.rows} cells of {grid.cell_width:g} m"
    if method == "near":
        return f"{cells} coincide with some of the DEM's {whole}, to which they are cut and padded."
    text = f"{cells} aligned to the DEM's {whole} by {_METHODS[method]}"
    if one_crs:
        # of cells of equal size the shift is at most half of one: beyond, another cell is nearer
        east, north = own.bounds[0] - grid.bounds[0], own.bounds[3] - grid.bounds[3]
        what = "upper left corner lies"
        if abs(own.cell_width - grid.cell_width) < 1e-3 * grid.cell_width:
            east -= round(east / grid.cell_width) * grid.cell_width
            north -= round(north / grid.cell_height) * grid.cell_height
            what = "cells lie"
        text += f"; its {what} {_offset(east, 'east', 'west')} and {_offset(north, 'north', 'south')} of the DEM's"
    return text + "."


def _offset(metres: float, ahead: str, behind: str) -> str:
    return f"{abs(round(metres, 3)):g} m {ahead if metres >= 0.0 else behind}"


def _warp(dataset: gdal.Dataset, wkt: str, grid: Grid, label: str, method: str) -> np.ndarray:
    x_min, y_min, x_max, y_max = grid.bounds
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        warped = gdal.Warp(
            "", dataset, format="MEM", srcSRS=wkt or None, dstSRS=grid.crs_wkt or None,
            outputBounds=(x_min, y_min, x_max, y_max), width=grid.cols, height=grid.rows,
            outputType=gdal.GDT_Float32, dstNodata=float("nan"),
            resampleAlg=method,
        )  # fmt: skip
    except RuntimeError:
        warped = None
    finally:
        gdal.PopErrorHandler()
    if warped is None:
        raise InputError(
            label, "cannot be aligned to the DEM", "a raster that overlaps the DEM",
            "Check both layers' extents and coordinate systems.",
        )  # fmt: skip
    array = read_band(warped, label)
    return array[::-1].copy() if grid.geotransform[5] > 0 else array
