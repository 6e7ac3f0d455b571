"""Aligns rasters to the grid of the elevation model."""

from __future__ import annotations

import numpy as np
from osgeo import gdal

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from ..strips import row_strips
from . import scratch
from .coordinates import datum_caution
from .crs import crs_of, horizontal, is_local, is_metric, same_crs, unit_name
from .gdal_errors import quiet, raising
from .inputs import RasterInput
from .opening import OpenBand, converted

_METHODS = {"average": Text("averaging"), "bilinear": Text("bilinear interpolation")}


def read_aligned(raster: RasterInput, grid: Grid, feedback: Feedback) -> np.ndarray:
    """Read a raster onto ``grid``; warp it, with a log line, if its grid differs.

    Finer rasters are averaged, those whose cells coincide cut, others, rotated or sheared ones among them,
    interpolated bilinearly.

    Returns:
        float32 (rows, cols) in the kind's unit, NaN for NoData.

    Raises:
        InputError: unreadable, another unit, or no valid cell within the grid.
    """
    band = OpenBand(raster, feedback)
    wkt = _effective_crs(band, raster, grid, feedback)
    displaced = datum_caution(raster.label, wkt, grid)
    if displaced:
        feedback.pushCaution(displaced)
    if band.has_control_points:
        array = _warp(band, wkt, grid, raster.label, "bilinear")
        feedback.pushInfo(Text("{}: warped onto the DEM's cells by its control points.", raster.label))
    else:
        array = _align(band, band.grid(wkt), grid, raster.label, feedback)
    if not any(np.isfinite(array[at]).any() for at in row_strips(array.shape)):
        raise InputError(
            raster.label, "has no valid cell within the DEM", "a raster that overlaps the DEM",
            "Check both layers' extents and coordinate systems: do they overlap on the map?",
        )  # fmt: skip
    return array


def _effective_crs(band: OpenBand, raster: RasterInput, grid: Grid, feedback: Feedback) -> str:
    """The coordinate system in which a raster lies; the grid's where it has none, or where the grid has none."""
    wkt = band.crs_wkt
    if wkt and not grid.crs_wkt:
        crs = crs_of(wkt)
        if crs is None or not is_metric(crs):
            raise InputError(
                raster.label, Text("has coordinates in {}, and the DEM has no coordinate system", unit_name(wkt)),
                "both in one coordinate system in metres",
                "Set the DEM's with Layer > Set CRS of Layer(s) or Assign Projection.",
            )  # fmt: skip
        feedback.pushCaution(Text("The DEM has no coordinate system; {} is assumed to use the same one.", raster.label))
    elif grid.crs_wkt and not wkt:
        feedback.pushCaution(Text("{} has no coordinate system; the DEM's is assumed.", raster.label))
    return wkt if grid.crs_wkt and wkt else grid.crs_wkt


def _align(band: OpenBand, own: Grid, grid: Grid, label: str, feedback: Feedback) -> np.ndarray:
    one_crs = same_crs(own.crs_wkt, grid.crs_wkt)
    if not one_crs and (is_local(own.crs_wkt) or is_local(grid.crs_wkt)):
        raise _misplaced(label)  # GDAL would take one local system for any other
    if one_crs and own.same_as(grid):
        return band.values()
    method = "bilinear"
    if one_crs and own.coincides_with(grid):
        method = "near"
    elif one_crs and own.cell_width < 0.6 * grid.cell_width:
        method = "average"
    array = _warp(band, own.crs_wkt, grid, label, method)
    feedback.pushInfo(_alignment_note(label, own, grid, method, one_crs=one_crs))
    return array


def _alignment_note(label: str, own: Grid, grid: Grid, method: str, *, one_crs: bool) -> str:
    """Log line on the alignment of a raster."""
    unit = "m" if one_crs else unit_name(own.crs_wkt)
    cells = Text("{} x {} cells of {:g} {}", own.cols, own.rows, own.cell_width, unit)
    whole = Text("{} x {} cells of {:g} {}", grid.cols, grid.rows, grid.cell_width, "m")
    if not one_crs:
        cells = Text("{} in another coordinate system", cells)
    if method == "near":
        return Text("{}: {}, on the grid of the DEM's {}; clipped and padded to the DEM.", label, cells, whole)
    how = Text("{}: {} are aligned to the DEM's {} by {}", label, cells, whole, _METHODS[method])
    if not own.is_straight:
        return Text("{}; its rows are rotated or sheared.", how)
    if one_crs:
        # of cells of equal size the shift is at most half of one: beyond, another cell is nearer
        east, north = own.bounds[0] - grid.bounds[0], own.bounds[3] - grid.bounds[3]
        template = "{}; its upper left corner is shifted {} and {} from that of the DEM."
        if abs(own.cell_width - grid.cell_width) < 1e-3 * grid.cell_width:
            east -= round(east / grid.cell_width) * grid.cell_width
            north -= round(north / grid.cell_height) * grid.cell_height
            template = "{}; its cells are shifted {} and {} from those of the DEM."
        east, north = round(east, 3), round(north, 3)
        along = Text("{:g} m east", east) if east >= 0.0 else Text("{:g} m west", -east)
        across = Text("{:g} m north", north) if north >= 0.0 else Text("{:g} m south", -north)
        return Text(template, how, along, across)
    return Text("{}.", how)


def _warp(band: OpenBand, wkt: str, grid: Grid, label: str, method: str) -> np.ndarray:
    """Warp in the plane alone: between vertical coordinate systems PROJ would change the values."""
    source, scale, offset = band.warpable()
    x_min, y_min, x_max, y_max = grid.bounds
    warped = None
    with quiet():
        warped = gdal.Warp(
            "", source, format="VRT", srcSRS=wkt or None, dstSRS=horizontal(grid.crs_wkt) or None,
            outputBounds=(x_min, y_min, x_max, y_max), width=grid.cols, height=grid.rows,
            outputType=gdal.GDT_Float32, dstNodata=float("nan"),
            resampleAlg=method,
        )  # fmt: skip
    array = scratch.empty(grid.shape)
    upwards = array[::-1] if grid.geotransform[5] > 0 else array
    if warped is None:
        raise _misplaced(label)
    for at in band.strips(warped.GetRasterBand(1)):
        with raising(lambda: _misplaced(label)):
            strip = warped.GetRasterBand(1).ReadAsArray(0, at.start, grid.cols, at.stop - at.start)
        if strip is None:
            raise _misplaced(label)
        strip[~np.isfinite(strip)] = np.nan
        upwards[at] = converted(strip, scale, offset)
    return array


def _misplaced(label: str) -> InputError:
    """The error for a raster that has no place on the DEM."""
    return InputError(
        label, "cannot be aligned to the DEM", "a raster that overlaps the DEM",
        "Check both layers' extents and coordinate systems.",
    )  # fmt: skip
