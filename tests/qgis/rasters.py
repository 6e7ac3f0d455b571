"""Rasters for tests: written and read with GDAL alone."""

from __future__ import annotations

import numpy as np
from osgeo import gdal, osr

EPSG, ORIGIN, CELL = 5186, (200_000.0, 560_000.0), 10.0  # those of the example data


def write_raster(path, array, *, epsg=EPSG, origin=ORIGIN, cell=CELL, nodata=-9999.0):
    """Write (rows, cols) as Float32 GeoTIFF; NaN becomes NoData. Returns the path."""
    rows, cols = array.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((origin[0], cell, 0.0, origin[1], 0.0, -cell))
    if epsg:
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(epsg)
        dataset.SetProjection(crs.ExportToWkt())
    band = dataset.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    band.WriteArray(np.where(np.isnan(array), nodata if nodata is not None else 0.0, array))
    return path


def read_raster(path):
    """Read a raster: (array as stored, NoData value, metadata)."""
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    return band.ReadAsArray(), band.GetNoDataValue(), dataset.GetMetadata()


def grid_of(path):
    """Return the shape, the geotransform and the EPSG code of a raster."""
    dataset = gdal.Open(str(path))
    crs = osr.SpatialReference(dataset.GetProjection())
    return (dataset.RasterYSize, dataset.RasterXSize), dataset.GetGeoTransform(), crs.GetAuthorityCode(None)
