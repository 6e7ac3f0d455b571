"""Opens the required band of a raster and converts its values to the required unit."""

from __future__ import annotations

import contextlib
import math
import threading
from pathlib import Path
from typing import Iterator

import numpy as np
from osgeo import gdal

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from ..grid import Grid
from ..map_parts.strips import pieces
from ..quantities.foreign_text import foreign_text
from . import scratch
from .bands import band_caution, band_note, chosen_band, classes_caution
from .coordinates import file_crs_caution
from .crs import horizontal
from .declared_units import conversion_note, declared_unit, map_unit_caution, name_caution
from .gdal_errors import opened, option, raising
from .inputs import ELEVATION, STABILITY_MAP, RasterInput
from .lossy_files import lossy_caution

#: GDAL's own cache of blocks, 5 % of the memory by default, would take more than a window does [bytes].
_GDAL_CACHE = 64 * 1024**2
_caching, _sizes_found = threading.Lock(), []  # sizes of the cache at the start of the runs under way
_STRIP_CELLS = 1 << 20
_LARGEST_AUX_XML = 4_000_000  # bytes
#: Formats with a letter and a blank a cell at least, and formats whose values lie in other files.
_TEXT_GRIDS = ("AAIGrid", "GRASSASCIIGrid", "ISG")
_VALUES_IN_OTHER_FILES = ("VRT", "WMS", "WMTS", "WCS", "GTI", "SAGA", "EHdr", "ENVI", "HFA", "AIG")
#: Cells that a file of any size may have, and how many a byte can hold beyond, compressed.
_ANY_CELLS, _MOST_CELLS_A_BYTE = 25_000_000, 5000
_LONGEST_REASON = 300  # characters of a message of GDAL
_STRAIGHT = 1e-3  # cells by which rotation and shear may move a corner: rounding of what is none
_SINGLE = 1e-7  # relative; by which a value in single precision may differ from the same one in double precision


@contextlib.contextmanager
def small_gdal_cache() -> Iterator[None]:
    """Limit GDAL's cache of a large raster to what the memory plan of a run includes; of runs at once until the last.

    The cache is that of QGIS too, and would stay small where each run put back what it has found.
    """
    with _caching:
        _sizes_found.append(gdal.GetCacheMax())
        gdal.SetCacheMax(min(_sizes_found[0], _GDAL_CACHE))
    try:
        yield
    finally:
        with _caching:
            first = _sizes_found[0]
            _sizes_found.pop()
            if not _sizes_found:
                gdal.SetCacheMax(first)


def open_raster(source: str, label: str) -> gdal.Dataset:
    """Open a raster; raises :class:`InputError` where GDAL cannot."""
    check_sidecar(source, label)
    # else a GeoTIFF of version 1.0 keeps the vertical part of its coordinate system to itself
    with option("GTIFF_REPORT_COMPD_CS", "YES"):
        dataset = opened(str(source)) if source else None
        if dataset is not None:
            dataset.GetProjection()  # read now, as it is kept
    if dataset is None or dataset.RasterCount < 1:
        raise InputError(
            label, Text("'{}' cannot be read as a raster", source),
            "a raster file that GDAL reads (GeoTIFF, ASCII grid, ...)",
            "Check the file; export layers of web services to GeoTIFF first.",
        )  # fmt: skip
    _check_size(dataset, label)
    return dataset


def check_sidecar(source: str, label: str) -> None:
    """Raise :class:`InputError` for metadata next to a raster that are too large: GDAL may read them for minutes."""
    sidecar = Path(f"{source}.aux.xml")
    try:
        size = sidecar.stat().st_size
    except (OSError, ValueError):
        return
    if size > _LARGEST_AUX_XML:
        raise InputError(
            label, Text("its metadata file '{}' has a size of {:,.1f} MB", sidecar.name, size / 1e6),
            Text("at most {:g} MB", _LARGEST_AUX_XML / 1e6),
            "Delete that file: QGIS creates it again when needed.",
        )  # fmt: skip


def _check_size(dataset: gdal.Dataset, label: str) -> None:
    """Raise :class:`InputError` if a file is too small for the number of cells in its header."""
    cells = dataset.RasterXSize * dataset.RasterYSize
    try:
        path = Path(dataset.GetDescription())
        size = math.inf if path.is_dir() else path.stat().st_size
    except (OSError, ValueError):  # in memory, or within an archive
        return
    driver = dataset.GetDriver().ShortName
    least = 2 * cells - 1 if driver in _TEXT_GRIDS else cells / _MOST_CELLS_A_BYTE if cells > _ANY_CELLS else 0
    if size < least and driver not in _VALUES_IN_OTHER_FILES:
        raise InputError(
            label, Text("declares {:,} x {:,} cells, but has only {:,} bytes", dataset.RasterYSize, dataset.RasterXSize,
                        size),
            "a complete file", "The file may be damaged: copy it again.",
        )  # fmt: skip


class OpenBand:
    """The wanted band of an open raster.

    A value is ``(stored * scale + offset) * factor``: scale and offset are the band's, the factor brings its declared
    unit to the wanted one. NoData is compared with what is stored, the layer's own NoData with what is scaled.

    Args:
        raster: what is to be read.
        feedback: gets notes on the band and the conversion, and doubts about the band.

    Raises:
        InputError: unreadable, no band or several that may be meant, an unknown unit, complex numbers.
    """

    def __init__(self, raster: RasterInput, feedback: Feedback) -> None:
        self._raster = raster
        self.dataset = open_raster(raster.source, raster.label)
        band, bands = chosen_band(self.dataset, raster)
        self._number, self._several = band.number, self.dataset.RasterCount > 1
        if gdal.DataTypeIsComplex(self._band.DataType):
            raise InputError(raster.label, "contains complex numbers", "real numbers")
        declared = declared_unit(self.dataset, band.number, raster)
        self._factor = declared.factor
        note = band_note(band, bands, raster)
        if note:
            feedback.pushNote(note)
        if self._keeps_nodata:
            feedback.pushWarning(
                Text(
                    "{}: the layer does not use the NoData value of its file ({:g}): cells with it count as values. If "
                    "they are missing data, tick it in Layer Properties > Transparency.",
                    raster.label, self._band.GetNoDataValue(),
                )
            )  # fmt: skip
        cautions = (
            band_caution(band, raster), classes_caution(self._band, raster),
            name_caution(declared, self.dataset, band.number, raster),
            map_unit_caution(declared, self.dataset, raster), self._grey_caution(), self._crs_caution(),
            lossy_caution(self.dataset, band.number, raster),
        )  # fmt: skip
        for caution in cautions:
            if caution:
                feedback.pushCaution(caution)
        note = conversion_note(declared, raster)
        if note:
            feedback.pushNote(note)

    @property
    def _band(self) -> gdal.Band:
        return self.dataset.GetRasterBand(self._number)

    @property
    def _alpha(self) -> gdal.Band | None:
        """The band of transparency, 0 where there are no data; ``None`` without one."""
        bands = (self.dataset.GetRasterBand(number) for number in range(1, self.dataset.RasterCount + 1))
        return next((band for band in bands if band.GetColorInterpretation() == gdal.GCI_AlphaBand), None)

    @property
    def _masked_by_alpha(self) -> bool:
        """Whether GDAL's mask is made of that band: not if it is of floats, or if the data declare a NoData value."""
        return bool(self._band.GetMaskFlags() & gdal.GMF_ALPHA)

    @property
    def _has_mask_and_nodata(self) -> bool:
        """Whether the file has both a mask and a NoData value: GDAL then reads by the mask alone."""
        has_both = self._band.GetMaskFlags() == gdal.GMF_PER_DATASET and self._band.GetNoDataValue() is not None
        return has_both and not self._keeps_nodata

    @property
    def _keeps_nodata(self) -> bool:
        """Whether the layer takes the NoData value of its file as a value."""
        nodata = self._band.GetNoDataValue()
        return nodata is not None and math.isfinite(nodata) and self._number in self._raster.kept_nodata

    def _grey_caution(self) -> Text | None:
        """Caution if heights are stored as in a grey picture: 8 bits, without a scale."""
        if self._raster.kind != ELEVATION or self._band.DataType != gdal.GDT_Byte or self._scaling() != (1.0, 0.0):
            return None
        return Text("{}: its values are whole numbers from 0 to 255, as in a grey picture. Are they heights in metres? "
                    "Steps of 1 m distort the slopes of small cells.", self._raster.label)  # fmt: skip

    def _crs_caution(self) -> Text | None:
        """Caution if the layer's coordinate system is not the file's."""
        layer, file = horizontal(self._raster.crs_wkt), horizontal(self.dataset.GetProjection())
        if not layer or layer == file or self.dataset.GetGeoTransform(can_return_null=True) is None:
            return None
        grid = self.grid(layer)
        half = min(grid.cell_width, grid.cell_height) / 2.0
        return file_crs_caution(self._raster.label, layer, file, grid.centre, half)

    @property
    def crs_wkt(self) -> str:
        """The horizontal coordinate system: the layer's, else the file's; empty if neither has one."""
        return horizontal(self._raster.crs_wkt) or horizontal(self.dataset.GetProjection())

    def grid(self, crs_wkt: str) -> Grid:
        """The cells; raises :class:`InputError` where the raster lies nowhere."""
        transform = self.dataset.GetGeoTransform(can_return_null=True)
        if transform is None:
            raise InputError(
                self._raster.label, Text("has no georeference{}", self._other_georeference()), "a georeferenced raster",
                "Georeference it first, e.g. with Raster > Projections > Warp (Reproject) if it has control points.",
            )  # fmt: skip
        rows, cols = self.dataset.RasterYSize, self.dataset.RasterXSize
        if not np.isfinite(transform).all() or transform[1] * transform[5] == transform[2] * transform[4]:
            raise InputError(
                self._raster.label, Text("has cells of {:g} x {:g}", transform[1], -transform[5]),
                "cells with a size above 0", "The file may be damaged: copy or export it again.",
            )  # fmt: skip
        x0, dx, shear_x, y0, shear_y, dy = transform
        if max(abs(shear_x) * rows / abs(dx), abs(shear_y) * cols / abs(dy)) <= _STRAIGHT if dx and dy else False:
            transform = (x0, dx, 0.0, y0, 0.0, dy)
        return Grid(rows, cols, tuple(transform), crs_wkt)

    @property
    def has_control_points(self) -> bool:
        """Whether the raster is georeferenced by ground control points instead of a geotransform."""
        return self.dataset.GetGeoTransform(can_return_null=True) is None and self.dataset.GetGCPCount() > 0

    def _other_georeference(self) -> Text:
        if self.dataset.GetGCPCount():
            return Text(", but {} control points", self.dataset.GetGCPCount())
        return Text(", but a camera model (RPC)") if self.dataset.GetMetadata("RPC") else Text("")

    def values(self) -> np.ndarray:
        """Read the whole band: float32 (rows, cols) in the wanted unit, NaN for NoData."""
        scale, offset = self._scaling()
        values = scratch.empty((self.dataset.RasterYSize, self.dataset.RasterXSize))
        for at in self.strips(self._band):
            values[at] = converted(self._stored(at), scale, offset)
        return values

    @staticmethod
    def strips(band: gdal.Band) -> Iterator[slice]:
        """Rows of a band to read at once: whole blocks of its file."""
        block = band.GetBlockSize()[1]
        height = max(1, _STRIP_CELLS // (band.XSize * block)) * block
        return scratch.releasing(pieces(band.YSize, height), every=1)

    def warpable(self) -> tuple[gdal.Dataset, float, float]:
        """The band alone as a data set, and the scale and offset that bring its values to the wanted unit.

        Scaled after the warp, as all resampling is linear. Values that the layer declares as NoData go before it.
        """
        scale, offset = self._scaling()
        has_own_alpha = self._alpha is not None and not self._masked_by_alpha
        if self._own_nodata() or has_own_alpha or self._has_mask_and_nodata or self._keeps_nodata:
            return self._in_memory(self.values()), 1.0, 0.0
        if not self._several:
            return self.dataset, scale, offset
        masks = f"mask,{self._number}" if self._masked_by_alpha else "auto"
        alone = gdal.Translate("", self.dataset, format="VRT", bandList=[self._number], maskBand=masks)
        return alone, scale, offset

    def _scaling(self) -> tuple[float, float]:
        scale, offset = self._band.GetScale(), self._band.GetOffset()
        return (1.0 if scale is None else scale) * self._factor, (offset or 0.0) * self._factor

    def _own_nodata(self) -> list[tuple[float, float]]:
        return [(least, greatest) for band, least, greatest in self._raster.nodata if band == self._number]

    def _stored(self, at: slice) -> np.ndarray:
        """Rows of values as stored, float32, with NaN for all NoData."""
        place = 0, at.start, self._band.XSize, at.stop - at.start
        with raising(self.incomplete):
            array, mask = self._band.ReadAsArray(*place), self._band.GetMaskBand().ReadAsArray(*place)
        if array is None or mask is None:
            raise self.incomplete()
        missing = mask == 0
        if self._keeps_nodata and self._band.GetMaskFlags() & gdal.GMF_NODATA:
            missing[:] = False
        if self._has_mask_and_nodata:
            missing |= array == self._band.GetNoDataValue()
        if self._raster.kind.names == STABILITY_MAP.names and np.isposinf(array[~missing]).any():
            raise InputError(
                self._raster.label, "contains infinite values", "numbers, and NoData where nothing is known",
                "Replace those of cells that cannot fail by a number, such as a factor of safety of 10, with the "
                "raster calculator.",
            )  # fmt: skip
        array = array.astype(np.float32)
        array[missing | ~np.isfinite(array)] = np.nan
        if self._alpha is not None and not self._masked_by_alpha:
            with raising(self.incomplete):
                opaque = self._alpha.ReadAsArray(*place)
            if opaque is None:
                raise self.incomplete()
            array[(opaque == 0) | np.isnan(opaque)] = np.nan
        own = self._own_nodata()
        if own:  # compared in double precision, as QGIS does
            scale, offset = self._band.GetScale(), self._band.GetOffset() or 0.0
            scaled = array.astype(np.float64) * (1.0 if scale is None else scale) + offset
        for least, greatest in own:
            slack = _SINGLE * max(abs(one) for one in (least, greatest, offset) if math.isfinite(one))
            array[(scaled >= least - slack) & (scaled <= greatest + slack)] = np.nan
        return array

    def incomplete(self) -> InputError:
        """The error where GDAL has just failed to read; its message names the file, if there is one."""
        reason = foreign_text(gdal.GetLastErrorMsg(), _LONGEST_REASON)
        return InputError(
            self._raster.label,
            Text("cannot be read completely ({})", reason) if reason else "cannot be read completely",
            "a complete file, with all files that it refers to", "Copy or export again what is missing or damaged.",
        )  # fmt: skip

    def _in_memory(self, values: np.ndarray) -> gdal.Dataset:
        """A copy of the band's values with the raster's place."""
        rows, cols = values.shape
        copy = gdal.GetDriverByName("MEM").Create("", cols, rows, 1, gdal.GDT_Float32)
        if self.has_control_points:
            copy.SetGCPs(self.dataset.GetGCPs(), self.dataset.GetGCPProjection())
        else:
            copy.SetGeoTransform(self.dataset.GetGeoTransform())
        copy.SetProjection(self.crs_wkt)
        copy.GetRasterBand(1).SetNoDataValue(float("nan"))
        copy.GetRasterBand(1).WriteArray(values)
        return copy


def converted(stored: np.ndarray, scale: float, offset: float) -> np.ndarray:
    """Scale float32 values: in float64, as millimetres or feet lose digits otherwise."""
    return stored if (scale, offset) == (1.0, 0.0) else (stored.astype(np.float64) * scale + offset).astype(np.float32)
