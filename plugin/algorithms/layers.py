"""Raster layers of QGIS as the core reads them: a GDAL source, a coordinate system, the layer's own NoData."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingAlgorithm, QgsRasterLayer

from ..core.errors import InputError
from ..text import Text

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from .log import Log


@dataclass(frozen=True)
class RasterSource:
    """A raster layer, taken over in the main thread and read in the worker's.

    Attributes:
        label: name of the input in messages.
        source: GDAL data source.
        crs_wkt: the layer's coordinate system, which users may have set by hand; empty if it has none.
        nodata: ranges (least, greatest) that the layer's properties declare as NoData beside the file's own.
        bands: number of bands; the first is read.
    """

    label: str
    source: str
    crs_wkt: str
    nodata: tuple[tuple[float, float], ...] = ()
    bands: int = 1

    @property
    def path(self) -> Path:
        """The file, without what QGIS adds to its name."""
        return Path(self.source.split("|", maxsplit=1)[0])

    @property
    def file_name(self) -> str:
        """Name of the file without its folders, which may tell more than a user wants to pass on."""
        return self.path.name

    def read_dem(self, log: Log) -> tuple[np.ndarray, Grid]:
        """Read as elevation; see :func:`slopecast.plugin.core.raster.read.read_dem`."""
        from ..core.raster.read import read_dem

        with _Readable(self, log) as source:
            return read_dem(source, self.crs_wkt, self.label, log)

    def read_aligned(self, grid: Grid, log: Log) -> np.ndarray:
        """Read onto a grid; see :func:`slopecast.plugin.core.raster.align.read_aligned`."""
        from ..core.raster.align import read_aligned

        with _Readable(self, log) as source:
            return read_aligned(source, grid, self.label, log, self.crs_wkt)


def raster_source(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], key: str, context: Any
) -> RasterSource | None:
    """Take over a raster parameter; ``None`` where an optional one is left out.

    Raises:
        InputError: required and left out, not loadable, or no layer of files (web services and the like).
    """
    definition = algorithm.parameterDefinition(key)
    label = f"{definition.description()} ({key})"
    given = parameters.get(key)
    layer = algorithm.parameterAsRasterLayer(parameters, key, context)
    if layer is None or not layer.isValid():
        optional = definition.flags() & definition.Flag.FlagOptional
        if optional and (given is None or given == ""):
            return None
        problem = "is missing" if given in (None, "") else Text("'{}' cannot be loaded as a raster layer", given)
        raise InputError(label, problem, "a raster layer or file", "Check that the file exists and opens in QGIS.")
    return source_of_layer(layer, label)


def source_of_layer(layer: QgsRasterLayer, label: str) -> RasterSource:
    """Take over a layer (main thread); raises :class:`InputError` for one that is no file."""
    provider = layer.dataProvider()
    if provider.name() != "gdal":
        raise InputError(
            label, Text("'{}' comes from the provider '{}', not from a file", layer.name(), provider.name()),
            "a raster file (GeoTIFF, ASCII grid, ...)", "Export the layer to GeoTIFF with Export > Save As.",
        )  # fmt: skip
    crs = layer.crs()
    wkt = crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED_GDAL) if crs.isValid() else ""
    ranges = tuple((r.min(), r.max()) for r in provider.userNoDataValues(1))
    return RasterSource(label, layer.source(), wkt, ranges, provider.bandCount())


class _Readable:
    """Gives the source that GDAL is to open: the file, or a copy in memory where the layer declares NoData of its own.

    The copy is needed because such values must be gone before a raster is warped onto another grid.
    """

    def __init__(self, raster: RasterSource, log: Log) -> None:
        self._raster, self._log = raster, log
        self._copy = ""

    def __enter__(self) -> str:
        if self._raster.bands > 1:
            self._log.pushWarning(Text("{} has {} bands; the first is used.", self._raster.label, self._raster.bands))
        if self._raster.nodata:
            self._copy = f"/vsimem/slopecast_{id(self)}.tif"
            _copy_without(self._raster.source, self._raster.nodata, self._copy)
        return self._copy or self._raster.source

    def __exit__(self, *_: object) -> None:
        if self._copy:
            from osgeo import gdal

            gdal.Unlink(self._copy)


def _copy_without(source: str, ranges: tuple[tuple[float, float], ...], copy: str) -> None:
    """Copy the first band of a raster as Float32 with the values of ``ranges`` as NaN = NoData."""
    import numpy as np
    from osgeo import gdal

    try:
        dataset = gdal.Translate(copy, source, bandList=[1], outputType=gdal.GDT_Float32, unscale=True)
    except RuntimeError:  # another plugin may have switched GDAL's exceptions on
        dataset = None
    if dataset is None:
        return  # the reader tells that the source is unreadable
    band = dataset.GetRasterBand(1)
    array = band.ReadAsArray()
    unknown = band.GetMaskBand().ReadAsArray() == 0
    for least, greatest in ranges:
        unknown |= (array >= least) & (array <= greatest)
    array[unknown] = np.nan
    band.SetNoDataValue(float("nan"))
    band.WriteArray(array)
    band = dataset = None
