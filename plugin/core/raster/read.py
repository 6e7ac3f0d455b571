"""Reads rasters as arrays and checks that slopes can be computed from them."""

from __future__ import annotations

import numpy as np
from osgeo import gdal

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from ..map_scale import map_scale
from .crs import crs_of

#: Lengths on the map that differ by more from those on the ground are refused; UTM far beside its zone has 1 %.
LARGEST_STRETCH = 0.05
_SMALLEST_CELL_M = 0.05  # narrower ones without a coordinate system are in degrees


def read_dem(
    source: str,
    crs_wkt: str = "",
    label: str = "Digital elevation model (DEM)",
    feedback: Feedback | None = None,
) -> tuple[np.ndarray, Grid]:
    """Read an elevation raster and check that slopes can be computed from it.

    A plain ASCII grid, which can hold no coordinate system, is taken to be in metres, with a warning.

    Args:
        source: GDAL data source.
        crs_wkt: coordinate system that overrules the file's (QGIS lets users set it per layer).
        label: name of the input in errors.
        feedback: told the warning.

    Returns:
        elevation, float32 (rows, cols) [m] with NaN for NoData, and its grid.

    Raises:
        InputError: unreadable, without CRS, not in metres, rotated, too small or without a valid cell.
    """
    dataset = open_raster(source, label)
    grid = _grid_of(dataset, crs_wkt, label)
    if not grid.crs_wkt and metric_by_nature(source):
        (feedback or Feedback()).pushWarning(
            Text(
                "{} has no coordinate system, which a plain ASCII grid cannot hold: its coordinates are taken to be "
                "metres, and the results have no coordinate system either.",
                label,
            )
        )
    else:
        _check_metric(grid, label)
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
    elevation = read_band(dataset, label)
    if not np.isfinite(elevation).any():
        raise InputError(label, "has no valid cell", "at least one cell with data", "Check its NoData value.")
    return elevation, grid


def metric_by_nature(source: str) -> bool:
    """Tell whether a raster's format holds no coordinate system (ESRI's ASCII grid), and its cells are no degrees."""
    dataset = open_raster(source, "Raster")
    plain = dataset.GetDriver().ShortName == "AAIGrid"
    return plain and min(abs(dataset.GetGeoTransform()[n]) for n in (1, 5)) >= _SMALLEST_CELL_M


def open_raster(source: str, label: str) -> gdal.Dataset:
    """Open a raster; raises :class:`InputError` where GDAL cannot."""
    dataset = None
    if source:
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        try:
            dataset = gdal.Open(str(source), gdal.GA_ReadOnly)
        except RuntimeError:  # another plugin may have switched GDAL's exceptions on
            dataset = None
        finally:
            gdal.PopErrorHandler()
    if dataset is None or dataset.RasterCount < 1:
        raise InputError(
            label, Text("'{}' cannot be read as a raster", source),
            "a raster file that GDAL reads (GeoTIFF, ASCII grid, ...)",
            "Check the file; export layers of web services to GeoTIFF first.",
        )  # fmt: skip
    return dataset


def _grid_of(dataset: gdal.Dataset, crs_wkt: str, label: str) -> Grid:
    transform = dataset.GetGeoTransform(can_return_null=True)
    if transform is None:
        raise InputError(label, "has no georeference", "a georeferenced raster", "Georeference it first.")
    if transform[2] != 0 or transform[4] != 0:
        raise InputError(
            label, "is rotated", "rows that run east-west",
            "Make it north-up with Raster > Projections > Warp (Reproject).",
        )  # fmt: skip
    return Grid(dataset.RasterYSize, dataset.RasterXSize, tuple(transform), crs_wkt or dataset.GetProjection())


def _check_metric(grid: Grid, label: str) -> None:
    way_out = "Reproject it with Raster > Projections > Warp (Reproject), e.g. into the UTM zone of the place."
    allowed = "a projected coordinate system in metres"
    if not grid.crs_wkt:
        raise InputError(
            label, "has no coordinate system", allowed,
            "Set it with Layer > Set CRS of Layer(s) or Assign Projection; a plain ASCII grid has none of its own, but "
            "may have a .prj file beside it.",
        )  # fmt: skip
    crs = crs_of(grid.crs_wkt)
    if crs is None or not (crs.IsProjected() or crs.IsLocal()):
        raise InputError(label, "is not in a projected coordinate system (its cells are in degrees)", allowed, way_out)
    if abs(crs.GetLinearUnits() - 1.0) > 1e-6:
        raise InputError(label, Text("is in {}, not in metres", crs.GetLinearUnitsName()), allowed, way_out)
    x_min, y_min, x_max, y_max = grid.bounds
    scale = map_scale(grid.crs_wkt, 0.5 * (x_min + x_max), 0.5 * (y_min + y_max))
    if abs(scale - 1.0) > LARGEST_STRETCH:  # not where it is unknown, NaN
        raise InputError(
            label,
            Text("is in a projection that draws every metre here as {:.3g} m: slopes and areas would be wrong", scale),
            "a projection that keeps lengths here, such as the place's UTM zone or national grid", way_out,
        )  # fmt: skip


def read_band(dataset: gdal.Dataset, label: str) -> np.ndarray:
    """Read the first band as float32, NaN for NoData."""
    band = dataset.GetRasterBand(1)
    array = band.ReadAsArray()
    mask = band.GetMaskBand().ReadAsArray()
    if array is None or mask is None:
        raise InputError(label, "cannot be read to its end", "a whole file", "The file may be damaged: copy it again.")
    if np.iscomplexobj(array):
        raise InputError(label, "holds complex numbers", "real numbers")
    array = array.astype(np.float32)
    scale, offset = band.GetScale(), band.GetOffset()
    if scale not in (None, 1.0) or offset not in (None, 0.0):
        array = array * np.float32(scale if scale is not None else 1.0) + np.float32(offset or 0.0)
    array[(mask == 0) | ~np.isfinite(array)] = np.nan
    return array
