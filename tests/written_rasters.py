"""Rasters for tests: as the product writes them, and with GDAL alone, with all that a file can say about its values."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Sequence

import numpy as np
from osgeo import gdal, osr
from slopecast.plugin.core.files.atomic import atomic_write
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.write import write_directly

UTM10 = (500_000.0, 10.0, 0.0, 4_500_000.0, 0.0, -10.0)
_TYPES = {"float32": gdal.GDT_Float32, "float64": gdal.GDT_Float64, "int16": gdal.GDT_Int16, "int32": gdal.GDT_Int32,
          "uint16": gdal.GDT_UInt16, "uint8": gdal.GDT_Byte}  # fmt: skip


def crs_wkt(text: str) -> str:
    """WKT2 of an EPSG code, a compound one such as ``EPSG:32610+6360``, or whatever else GDAL knows."""
    crs = osr.SpatialReference()
    if crs.SetFromUserInput(text) != 0:
        raise ValueError(text)
    return crs.ExportToWkt(["FORMAT=WKT2_2018"])


def write_bands(
    path: Path,
    array: np.ndarray,
    *,
    transform: Sequence[float] | None = UTM10,
    crs: str = "EPSG:32610",
    names: Sequence[str] = (),
    unit: str = "",
    nodata: float | None = None,
    scale: float | None = None,
    offset: float | None = None,
    colours: Sequence[int] = (),
    options: Sequence[str] = (),
) -> str:
    """Write (rows, cols) or (bands, rows, cols) as GeoTIFF; the unit, scale and NoData are those of all bands."""
    bands = array if array.ndim > 2 else array[None]
    count, rows, cols = bands.shape
    kind = _TYPES[str(array.dtype)]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, count, kind, list(options))
    if transform is not None:
        dataset.SetGeoTransform(tuple(transform))
    if crs:
        dataset.SetProjection(crs_wkt(crs))
    for number, values in enumerate(bands):
        band = dataset.GetRasterBand(number + 1)
        band.WriteArray(values)
        if names:
            band.SetDescription(names[number])
        if unit:
            band.SetUnitType(unit)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if scale is not None:
            band.SetScale(scale)
        if offset is not None:
            band.SetOffset(offset)
        if colours:
            band.SetColorInterpretation(colours[number])
    band = dataset = None
    return str(path)


def write(
    path: str | Path, array: np.ndarray, grid: Grid, metadata: Mapping[str, str] | None = None,
    description: str | Sequence[str] = "",
) -> None:  # fmt: skip
    """Write a raster as the product does, whole or not at all."""
    path = Path(path)
    with atomic_write([path.parent], "Output") as partials:
        write_directly(partials.path(path), array, grid, metadata, description)
