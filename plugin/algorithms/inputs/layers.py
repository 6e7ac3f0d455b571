"""QGIS raster layers as the core reads them: GDAL source, coordinate system, band and NoData."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProject,
    QgsRasterLayer,
)

from ...core.errors import InputError
from ...core.files.whole import identity_of
from ...core.raster.inputs import ELEVATION, RasterInput, RasterKind
from ...text import Text, joined
from ..outputs.provenance import stored_provenance
from ..parameter_values import ParameterValues

if TYPE_CHECKING:
    import numpy as np

    from ...core.grid import Grid
    from ..log import Log


_COLOURS = 3  # red, green and blue
_SUBDATASETS_LISTED = 10


@dataclass(frozen=True)
class RasterSource(RasterInput):
    """A raster layer, identified in the main thread and read in the worker thread; caution: about its properties."""

    caution: Text | None = None

    @property
    def path(self) -> Path:
        """The file path, without QGIS's additions such as ``|layername=``."""
        return Path(self.source.split("|", maxsplit=1)[0])

    @property
    def file_name(self) -> str:
        """Name of the file without its folders, which may reveal more than a user wants to pass on."""
        from ...core.quantities.foreign_text import foreign_text

        return foreign_text(self.path.name)

    def read_dem(self, log: Log) -> tuple[np.ndarray, Grid]:
        """Read on its own grid; see :func:`slopecast.plugin.core.raster.read.read_dem`."""
        from ...core.raster.read import read_dem

        self._push_cautions(log)
        return read_dem(self, log)

    def read_elevation(self, log: Log) -> tuple[np.ndarray, Grid]:
        """Read as elevation; heights that are missing data in disguise become NaN, with a caution."""
        from ...core.topography.missing_heights import without_missing_heights

        elevation, grid = self.read_dem(log)
        return without_missing_heights(elevation, grid, log), grid

    def read_aligned(self, grid: Grid, log: Log) -> np.ndarray:
        """Read onto a grid; see :func:`slopecast.plugin.core.raster.read.read_aligned`."""
        from ...core.raster.read import read_aligned

        self._push_cautions(log)
        return read_aligned(self, grid, log)

    def _push_cautions(self, log: Log) -> None:
        """Push the caution about the layer's properties, and those stored in a raster written by Slopecast."""
        log.pushCautions(self.caution)
        cautions = stored_provenance(self.source).get("cautions")
        if cautions:
            log.pushCaution(Text("{}: '{}' was made from doubtful inputs: {}", self.label, self.file_name, cautions))

    def same_values_as(self, other: RasterSource) -> bool:
        """Return whether both are the same band of one file, however its path is spelled."""
        mine, its = (identity_of(one.source) for one in (self, other))
        return (mine, self.band) == (its, other.band)


def raster_source(parameters: ParameterValues, key: str, kind: RasterKind | None) -> RasterSource | None:
    """Read a raster parameter; ``None`` if it is optional and omitted.

    Args:
        kind: what the raster is to hold; ``None`` for a layer that is only shown.

    Raises:
        InputError: required and left out, not loadable, no layer of files (web services and the like), or of several
            bands of which none is named as what is wanted.
    """
    label = parameters.label(key)
    given = parameters.get(key)
    if isinstance(given, str) and not given.strip():
        given = None  # of a dialog in which nothing was chosen
    if isinstance(given, str):
        from ...core.raster.opening import check_sidecar

        check_sidecar(given, label)
    parameters.check_one_layer(key, QgsRasterLayer)
    layer = None if given is None else parameters.raster_layer(key) or open_subdataset(given)
    if layer is None or not layer.isValid():
        if given is None and parameters.is_optional(key):
            return None
        parts = _subdataset_names(given)
        if parts:
            raise InputError(
                label, Text("'{}' contains several rasters", given), Text("one of them: {}", joined(", ", parts))
            )
        unloadable = Text("'{}' cannot be loaded as a raster layer", parameters.shown(key))
        problem = "is missing" if given is None else unloadable
        raise InputError(label, problem, "a raster layer or file", "Check that the file exists and opens in QGIS.")
    return source_of_layer(layer, label, kind)


def source_of_layer(layer: QgsRasterLayer, label: str, kind: RasterKind | None) -> RasterSource:
    """Identify a layer (main thread); raises :class:`InputError` if it is not a file or has no such band."""
    provider = layer.dataProvider()
    if provider.name() != "gdal":
        raise InputError(
            label, Text("'{}' comes from the provider '{}', not from a file", layer.name(), provider.name()),
            "a raster file (GeoTIFF, ASCII grid, ...)", "Export the layer to GeoTIFF with Export > Save As.",
        )  # fmt: skip
    wkt = wkt_of(layer.crs())
    ranges, kept = missing_data(layer)
    source = RasterSource(
        layer.source(), label, kind or ELEVATION, wkt, shown_band(layer), ranges, layer.name(), kept,
        scale_caution(layer, label) if kind == ELEVATION else None,
    )  # fmt: skip
    if kind is None or provider.bandCount() == 1:
        return source
    from ...core.raster.bands import chosen_band
    from ...core.raster.opening import open_raster

    band, _ = chosen_band(open_raster(source.source, label), source)
    return replace(source, band=band.number)


def wkt_of(crs: QgsCoordinateReferenceSystem) -> str:
    """A coordinate system as WKT; empty if it is invalid or a placeholder of the file format."""
    from ...core.raster.crs import is_placeholder

    wkt = crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED_GDAL) if crs.isValid() else ""
    return "" if is_placeholder(wkt) else wkt


def may_overlap(one: QgsRasterLayer, other: QgsRasterLayer, project: QgsProject) -> bool:
    """Whether two layers may have ground in common; true if unknown."""
    if not (wkt_of(one.crs()) and wkt_of(other.crs())):
        return True
    transform = QgsCoordinateTransform(one.crs(), other.crs(), project)
    try:
        return transform.transformBoundingBox(one.extent()).intersects(other.extent())
    except QgsCsException:
        return True


def open_subdataset(given: Any) -> QgsRasterLayer | None:
    """Open a raster that Processing does not accept by its name: within another file, or at a virtual path of GDAL.

    Such are ``NETCDF:"a.nc":z``, ``vrt://a.tif?bands=2`` and ``/vsizip/a.zip/dem.tif``. ``None`` for all other values
    of a parameter.
    """
    if not isinstance(given, str) or not re.match(r"[A-Za-z][A-Za-z0-9_]+:|/vsi", given) or os.path.exists(given):
        return None
    layer = QgsRasterLayer(given, Path(given).name, "gdal")
    return layer if layer.isValid() else None


def _subdataset_names(given: Any) -> list[str]:
    """Names by which GDAL opens the rasters within a file, as of a GeoPackage or NetCDF; empty for other files."""
    from ...core.quantities.foreign_text import foreign_text
    from ...core.raster.gdal_errors import opened

    dataset = opened(given) if isinstance(given, str) and os.path.isfile(given) else None
    return [] if dataset is None else [foreign_text(name) for name, _ in dataset.GetSubDatasets()[:_SUBDATASETS_LISTED]]


def missing_data(layer: QgsRasterLayer) -> tuple[tuple[tuple[int, float, float], ...], tuple[int, ...]]:
    """Values and ranges that the layer's properties define as missing data.

    Returns:
        band, least and greatest value of additional NoData values, and the bands whose file's NoData value is not used.
    """
    provider = layer.dataProvider()
    bands = range(1, provider.bandCount() + 1) if provider is not None else ()
    ranges = tuple(
        (band, -math.inf if math.isnan(r.min()) else r.min(), math.inf if math.isnan(r.max()) else r.max())
        for band in bands
        for r in provider.userNoDataValues(band)
    )  # an open end is NaN
    known = (band for band in bands if provider.sourceHasNoDataValue(band))
    return ranges, tuple(band for band in known if not provider.useSourceNoDataValue(band))


def scale_caution(layer: QgsRasterLayer, label: str) -> Text | None:
    """A caution if the layer's properties scale its heights, as users do where these are not in metres."""
    properties = layer.elevationProperties()  # of rasters since QGIS 3.26
    scaled = hasattr(properties, "zScale") and properties.isEnabled() and properties.zScale() != 1.0
    if not scaled:
        return None
    return Text(
        "{}: the layer's properties multiply its heights by {:g} (Elevation > Scale), and they are read without it. If "
        "the values of its file are not in metres, convert them with Raster > Raster Calculator.",
        label, properties.zScale(),
    )  # fmt: skip


def shown_band(layer: QgsRasterLayer) -> int:
    """Number of the one band that a layer's symbology shows, which its user has chosen; 0 where it shows several."""
    renderer = layer.renderer()
    if layer.bandCount() < 2 or renderer is None:
        return 0
    shown = renderer.usesBands()
    if renderer.type() == "multibandcolor" and len(shown) < _COLOURS:  # QGIS begins with such
        return 0
    return shown[0] if len(set(shown)) == 1 else 0
