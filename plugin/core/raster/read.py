"""Reads rasters, on their own grid or onto another one, and checks that slopes can be computed."""

from __future__ import annotations

import numpy as np
from osgeo import gdal

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from ..map_parts.strips import made_of_strips, row_strips
from . import scratch
from .coordinates import check_metric, check_projection, datum_caution
from .crs import crs_of, horizontal, is_local, is_metric, same_crs, unit_name
from .gdal_errors import quiet, raising
from .inputs import ELEVATION, RasterInput
from .opening import OpenBand, converted

_STEEPEST_IN_METRES = 4.0  # median gradient; heights in metres over degrees give thousands
_METHODS = {"average": Text("averaging"), "bilinear": Text("bilinear interpolation")}


def read_dem(raster: RasterInput, feedback: Feedback | None = None) -> tuple[np.ndarray, Grid]:
    """Read a raster whose own cells are computed on, and check that slopes can be.

    A raster without coordinate system is taken to be in metres, with a caution, unless it looks like degrees.

    Args:
        raster: what is to be read, an elevation or a map made of one.
        feedback: gets notes, cautions and warnings.

    Returns:
        values, float32 (rows, cols) in the kind's unit with NaN for NoData, and the grid.

    Raises:
        InputError: unreadable, not in metres, stretched by the projection, another unit, rotated, too small or without
            a valid cell.
    """
    feedback = feedback or Feedback()
    band = OpenBand(raster, feedback)
    grid = dem_grid(band, raster.label, feedback)
    values = band.values()
    if not any(np.isfinite(values[at]).any() for at in row_strips(values.shape)):
        raise InputError(raster.label, "has no valid cell", "at least one cell with data", "Check its NoData value.")
    if grid.geotransform[1] < 0.0 or grid.geotransform[5] > 0.0:
        values, grid = _north_up(values, grid)
    if grid.crs_wkt:
        check_projection(_valid_part(grid, values), raster.label, feedback)
    elif raster.kind == ELEVATION:
        _check_relief(values, grid, raster.label)
    return values, grid


def dem_grid(band: OpenBand, label: str, feedback: Feedback) -> Grid:
    """The cells of an open raster, if slopes can be computed on them, whatever its values.

    Raises:
        InputError: not in metres, or rotated, oblong or few cells.
    """
    grid = band.grid(band.crs_wkt)
    check_metric(grid, label, feedback)
    if not grid.is_straight:
        raise InputError(
            label, "is rotated or sheared", "rows that run east-west and columns that run north-south",
            "Make it north-up with Raster > Projections > Warp (Reproject).",
        )  # fmt: skip
    if min(grid.shape) < 3:
        raise InputError(label, Text("has {} x {} cells", grid.rows, grid.cols), "at least 3 x 3 cells")
    ratio = grid.cell_width / grid.cell_height
    if not 1 / 1.1 <= ratio <= 1.1:
        raise InputError(
            label,
            Text("cells of {:g} x {:g} m are not square", grid.cell_width, grid.cell_height),
            "sides that differ by at most 10 %",
            "Resample it with Raster > Projections > Warp (Reproject), giving one output resolution.",
        )
    return grid


def _check_relief(elevation: np.ndarray, grid: Grid, label: str) -> None:
    """Raise :class:`InputError` where heights over coordinates of unknown unit make walls: they are no metres."""
    steps = np.abs(np.diff(elevation, axis=1))
    steps = steps[np.isfinite(steps)]
    if steps.size and float(np.median(steps)) / grid.cell_width > _STEEPEST_IN_METRES:
        raise InputError(
            label,
            Text("has no coordinate system, and its heights differ by {:g} m over cells of {:g}: are these degrees?",
                 float(np.median(steps)), grid.cell_width),
            "coordinates in metres",
            "Set its coordinate system with Layer > Set CRS of Layer(s), then reproject it into one in metres.",
        )  # fmt: skip


def _north_up(values: np.ndarray, grid: Grid) -> tuple[np.ndarray, Grid]:
    """Mirror a raster whose columns run west or whose rows run north."""
    x0, dx, _, y0, _, dy = grid.geotransform
    if dx < 0.0:
        values, x0, dx = values[:, ::-1], x0 + dx * grid.cols, -dx
    if dy > 0.0:
        values, y0, dy = values[::-1], y0 + dy * grid.rows, -dy
    mirrored = made_of_strips(values.shape, np.float32, values.__getitem__)
    return mirrored, Grid(grid.rows, grid.cols, (x0, dx, 0.0, y0, 0.0, dy), grid.crs_wkt)


def _valid_part(grid: Grid, values: np.ndarray) -> Grid:
    """The grid of the rows and columns that hold data."""
    in_rows, in_cols = np.zeros(grid.rows, dtype=bool), np.zeros(grid.cols, dtype=bool)
    for at in row_strips(grid.shape):
        known = np.isfinite(values[at])
        in_rows[at] = known.any(axis=1)
        in_cols |= known.any(axis=0)
    rows, cols = np.flatnonzero(in_rows), np.flatnonzero(in_cols)
    x0, dx, _, y0, _, dy = grid.geotransform
    place = (x0 + dx * int(cols[0]), dx, 0.0, y0 + dy * int(rows[0]), 0.0, dy)
    return Grid(int(rows[-1] - rows[0]) + 1, int(cols[-1] - cols[0]) + 1, place, grid.crs_wkt)


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
    """Warp in the plane alone: between vertical coordinate systems PROJ would change the values.

    Overviews are not read: most are single cells, no means, and those of a raster that was replaced may be old.
    """
    source, scale, offset = band.warpable()
    x_min, y_min, x_max, y_max = grid.bounds
    warped = None
    with quiet():
        warped = gdal.Warp(
            "", source, format="VRT", srcSRS=wkt or None, dstSRS=horizontal(grid.crs_wkt) or None,
            outputBounds=(x_min, y_min, x_max, y_max), width=grid.cols, height=grid.rows,
            outputType=gdal.GDT_Float32, dstNodata=float("nan"),
            resampleAlg=method, overviewLevel="NONE",
        )  # fmt: skip
    array = scratch.empty(grid.shape)
    upwards = array[::-1] if grid.geotransform[5] > 0 else array
    if warped is None:
        raise _misplaced(label)
    for at in band.strips(warped.GetRasterBand(1)):
        with raising(band.incomplete):
            strip = warped.GetRasterBand(1).ReadAsArray(0, at.start, grid.cols, at.stop - at.start)
        if strip is None:
            raise band.incomplete()
        strip[~np.isfinite(strip)] = np.nan
        upwards[at] = converted(strip, scale, offset)
    return array


def _misplaced(label: str) -> InputError:
    """The error for a raster that has no place on the DEM."""
    return InputError(
        label, "cannot be aligned to the DEM", "a raster that overlaps the DEM",
        "Check both layers' extents and coordinate systems.",
    )  # fmt: skip
