"""Polygons and their attributes as rasters: which zone a cell's centre lies in, and that zone's value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Sequence

import numpy as np
from osgeo import gdal, ogr, osr

from ..text import Text, measure, span
from .errors import InputError, SlopecastError
from .grid import Grid
from .numbers import NotANumber, parse_number, shown
from .units import Conversion

NO_ZONE = -1


@dataclass(frozen=True)
class Quantity:
    """What a field holds: its label and key in messages, and what is allowed.

    Attributes:
        label: as the user knows it, e.g. ``"Cohesion"``.
        unit: e.g. ``"kPa"``.
        minimum, maximum: physical range.
        advice: what to do about a value out of it.
    """

    label: str
    unit: str
    minimum: float
    maximum: float
    advice: str = ""


def zones_of_cells(polygons: Sequence[bytes], grid: Grid) -> tuple[np.ndarray, int]:
    """Tell which polygon each cell's centre lies in.

    Args:
        polygons: as WKB, in the grid's coordinate system.
        grid: cells.

    Returns:
        (int32 (rows, cols): position in ``polygons`` or -1 outside all, number of cells in more than one polygon:
        they take the last one).
    """
    index = _burned(polygons, grid, gdal.GDT_Int32, add=False).astype(np.int32) - 1
    covers = _burned(polygons, grid, gdal.GDT_Float32, add=True)
    return index, int((covers > 1).sum())


def values_of_cells(zones: np.ndarray, values: Sequence[float]) -> np.ndarray:
    """Give every cell its zone's value: float32 (rows, cols), NaN outside all zones."""
    table = np.append(np.asarray(values, dtype=np.float32), np.float32(np.nan))  # the last one is NO_ZONE's
    return table[zones]


def field_values(
    values: Sequence[Any],
    names: Sequence[str],
    field: str,
    quantity: Quantity,
    converted: Conversion | None = None,
) -> list[float]:
    """Turn a field's values into numbers within the quantity's range; numbers given as text are taken.

    Args:
        values: one per feature; ``None`` is NULL.
        names: of the features, for messages.
        field: the field's name.
        quantity: what it holds.
        converted: from the field's unit into the quantity's; ``None`` where they are the same.

    Raises:
        InputError: names the feature, the field and the value that is no number or out of range.
    """
    allowed = span(quantity.minimum, quantity.maximum, quantity.unit)
    numbers = []
    for value, name in zip(values, names):
        label = Text("{}: field '{}' of {}", Text(quantity.label), field, name)
        if value is None:
            raise InputError(
                label, "is NULL", allowed, "Give the zone a value; without the zone its cells would be NoData."
            )
        try:
            number = parse_number(value)
        except NotANumber as error:
            raise InputError(label, error.problem, allowed, quantity.advice) from None
        shown_value = measure(number, quantity.unit)
        if converted is not None and converted.changes:
            number = converted(number)
            shown_value = Text("{} {} = {}", shown(value), converted.source, measure(number, quantity.unit))
        if not quantity.minimum <= number <= quantity.maximum:
            raise InputError(label, Text("{} is out of range", shown_value), allowed, quantity.advice)
        numbers.append(number)
    return numbers


def _burned(polygons: Sequence[bytes], grid: Grid, kind: int, *, add: bool) -> np.ndarray:
    """Burn 1, 2, 3, ... or, adding up, the number of polygons at each cell's centre; (rows, cols)."""
    crs = osr.SpatialReference(grid.crs_wkt) if grid.crs_wkt else None
    driver = ogr.GetDriverByName("Memory") or ogr.GetDriverByName("MEM")  # GDAL 3.11 has only the latter
    vectors = driver.CreateDataSource("zones")
    layer = vectors.CreateLayer("zones", crs)
    layer.CreateField(ogr.FieldDefn("burn", ogr.OFTInteger))
    for number, polygon in enumerate(polygons):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(polygon))
        feature.SetField("burn", 1 if add else number + 1)
        layer.CreateFeature(feature)
    target = gdal.GetDriverByName("MEM").Create("", grid.cols, grid.rows, 1, kind)
    target.SetGeoTransform(grid.geotransform)
    target.SetProjection(grid.crs_wkt)
    options = ["ATTRIBUTE=burn", *(["MERGE_ALG=ADD"] if add else [])]
    if gdal.RasterizeLayer(target, [1], layer, options=options) != 0:
        raise SlopecastError("The polygons could not be turned into cells: check their geometry (Fix geometries).")
    burned = target.GetRasterBand(1).ReadAsArray()
    layer = None  # before its data set
    vectors = None
    return burned
