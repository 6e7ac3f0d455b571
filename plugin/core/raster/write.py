"""Writes rasters completely or not at all."""

from __future__ import annotations

import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Callable, Iterator, Mapping, Sequence

import numpy as np
from osgeo import gdal

from ...text import Text
from ..errors import InputError
from ..grid import MASK_NODATA, Grid
from ..map_parts.strips import pieces
from . import scratch
from .gdal_errors import option, writing

#: Writes that may wait: each holds a raster in memory.
_MOST_WAITING = 4
FLOAT_NODATA = -9999.0
#: Extension of ESRI's ASCII grid; all others are written as GeoTIFF.
_ASCII_GRID = ".asc"
#: Ends of names that ask for a Cloud Optimized GeoTIFF.
_CLOUD_OPTIMIZED = (".cog.tif", ".cog.tiff")
#: Larger rasters get overviews, so that QGIS draws them without reading all of it.
_OVERVIEWS_FROM, _LEAST_OVERVIEW = 4096, 256
_RESAMPLING = {True: "NEAREST", False: "AVERAGE"}  # of masks, and of other rasters
_ROWS_AT_ONCE = 256
#: Effort of DEFLATE: from 6, GDAL's own, it takes a third less time for files that are 1 to 6 % larger.
_EFFORT = "4"
#: GDAL's option for threads, with its value for all cores.
_ALL_CORES = "GDAL_NUM_THREADS", "ALL_CPUS"


def write_directly(
    path: Path, array: np.ndarray, grid: Grid, metadata: Mapping[str, str] | None = None,
    description: str | Sequence[str] = "",
) -> None:  # fmt: skip
    """Write an array as tiled, DEFLATE-compressed GeoTIFF, or as ASCII grid (``.asc``), into a hidden folder.

    ``uint8`` arrays get NoData 255; floats are written as Float32 with NaN as NoData -9999. The file is read back and
    compared. An ASCII grid has its coordinate system in a ``.prj`` next to it and the metadata in a ``.aux.xml``. Large
    GeoTIFFs have overviews; a name that ends in ``.cog.tif`` makes a Cloud Optimized GeoTIFF.

    Args:
        path: file to write, in a folder of :func:`..files.atomic.atomic_write`.
        array: (rows, cols), or (bands, rows, cols), which only a GeoTIFF takes.
        grid: of the cells.
        metadata: of the file.
        description: of the band, or one for each.

    Raises:
        InputError: the file cannot be written completely, or an ASCII grid cannot hold the cells.
    """
    bands = array if array.ndim > 2 else array[None]
    texts = [description] if isinstance(description, str) else list(description)
    texts += [""] * (len(bands) - len(texts))
    writer = WindowWriter(path, grid, texts[: len(bands)], is_mask=array.dtype == np.uint8)
    try:
        writer.write((slice(0, grid.rows), slice(0, grid.cols)), bands)
        writer.finish(metadata or {})
    finally:
        writer.close()


class WindowWriter:
    """A raster in a hidden folder that is written window by window, as :func:`write_directly` writes it.

    Windows that are never written are NoData. The file is read and compared when it is finished: a block that found no
    room on the disk would read as NoData.

    Args:
        path: file to write; grid: of the whole raster.
        descriptions: of the bands; is_mask: whether it holds uint8 with NoData 255, else float32.
        options: of GDAL, for the GeoTIFF.

    Raises:
        InputError: the file cannot be created, or the format does not take the raster.
    """

    def __init__(
        self, path: Path, grid: Grid, descriptions: Sequence[str], *, is_mask: bool, options: Sequence[str] = ()
    ) -> None:
        _check_format(path, grid)
        self._path, self._grid, self._is_mask = path, grid, is_mask
        self._whole = _intermediate_path(path)
        self._sums: dict[tuple[int, int, int, int], int] = {}
        self._dataset: gdal.Dataset | None = None
        with self._writing() as error:
            self._dataset = _create_geotiff(self._whole, grid, descriptions, is_mask, options)
            if self._dataset is None:
                raise error()

    def write(self, place: tuple[slice, slice], values: np.ndarray) -> None:
        """Write a window: (rows, cols) or (bands, rows, cols); raises :class:`InputError`.

        One that overlaps earlier ones replaces them whole.
        """
        (top, bottom), (left, right) = ((at.start, at.stop) for at in place)
        others = {one: found for one, found in self._sums.items()
                  if one[0] >= bottom or one[1] <= top or one[2] >= right or one[3] <= left}  # fmt: skip
        checksum = 0
        with self._writing() as error:
            for at in _strips(bottom - top):
                for number, part in enumerate(_stored_bands(values[..., at, :]), start=1):
                    if self._dataset.GetRasterBand(number).WriteArray(part, left, top + at.start) != 0:
                        raise error()
                    checksum = _update_checksum(part, checksum)
        self._sums = {**others, (top, bottom, left, right): checksum}

    def close(self) -> None:
        """Close the unfinished file."""
        self._dataset = None

    def finish(self, metadata: Mapping[str, str]) -> None:
        """Write the metadata and overviews, and check the file; raises :class:`InputError`."""
        with self._writing() as error:
            self._dataset.SetMetadata({key: str(value) for key, value in metadata.items()})
            self._dataset.FlushCache()
            # what is copied gets its own overviews, or has none
            whole = self._whole != self._path or _build_overviews(self._dataset, self._grid, is_mask=self._is_mask)
            self._dataset = None
            whole = whole and self._reads_back(self._whole)
            if whole and self._whole != self._path:
                whole = _convert(self._whole, self._path) and self._reads_back(self._path)
            if not whole:
                raise error()

    def _writing(self) -> AbstractContextManager[Callable[[], InputError]]:
        return writing("Output", self._path.name, self._path.parent)

    def _reads_back(self, path: Path) -> bool:
        """Whether a file reads back as it was written."""
        kind = np.uint8 if self._is_mask else np.float32  # an ASCII grid may be double
        with option(*_ALL_CORES):
            dataset = gdal.Open(str(path))
        if dataset is None:
            return False
        for (top, bottom, left, right), expected in self._sums.items():
            checksum = 0
            for at in _strips(bottom - top):
                for number in range(1, dataset.RasterCount + 1):
                    place = left, top + at.start, right - left, at.stop - at.start
                    read = dataset.GetRasterBand(number).ReadAsArray(*place)
                    if read is None:
                        return False
                    checksum = _update_checksum(read.astype(kind), checksum)
            if checksum != expected:
                return False
        return True


def _check_format(path: Path, grid: Grid) -> None:
    if path.suffix.lower() == _ASCII_GRID and abs(grid.cell_width - grid.cell_height) > 1e-6 * grid.cell_width:
        raise InputError(
            "Output", Text("'{}' cannot store cells of {:g} x {:g} m", path.name, grid.cell_width, grid.cell_height),
            "square cells",
            "Write a GeoTIFF (.tif), or resample the DEM to square cells.",
        )  # fmt: skip


def _update_checksum(part: np.ndarray, before: int) -> int:
    """Update a checksum by values; the sign of zeros, which an ASCII grid may lose, is ignored."""
    return zlib.crc32(np.ascontiguousarray(part + part.dtype.type(0)), before)


def _intermediate_path(path: Path) -> Path:
    """The GeoTIFF that is written first where the format of a name can only be copied, else the file itself."""
    if path.suffix.lower() == _ASCII_GRID:
        return path.with_suffix(".tif")
    if path.name.lower().endswith(_CLOUD_OPTIMIZED):
        return path.with_name(f"{path.name}.first.tif")
    return path


def _stored_bands(array: np.ndarray) -> np.ndarray:
    """(bands, rows, cols) as they are written: uint8, or float32 with a number for NoData."""
    is_mask = array.dtype == np.uint8
    stored = array if is_mask else np.where(np.isfinite(array), array, FLOAT_NODATA).astype(np.float32)
    return stored if stored.ndim > 2 else stored[None]


def _convert(whole: Path, path: Path) -> bool:
    """Convert a GeoTIFF to the format of a file name: ASCII grid or Cloud Optimized GeoTIFF; returns whether it is."""
    source = gdal.Open(str(whole))
    is_mask = source.GetRasterBand(1).DataType == gdal.GDT_Byte
    if path.suffix.lower() == _ASCII_GRID:
        driver, options = "AAIGrid", [] if is_mask else ["SIGNIFICANT_DIGITS=9"]  # all that a Float32 has
    else:
        driver, options = "COG", ["COMPRESS=DEFLATE", "PREDICTOR=YES", "BIGTIFF=IF_SAFER", "NUM_THREADS=ALL_CPUS"]
        options.append(f"OVERVIEW_RESAMPLING={_RESAMPLING[is_mask]}")
    copy = gdal.GetDriverByName(driver).CreateCopy(str(path), source, options=options)
    made = copy is not None
    source = copy = None
    whole.unlink()
    return made


def _build_overviews(dataset: gdal.Dataset, grid: Grid, *, is_mask: bool) -> bool:
    """Add overviews to a large GeoTIFF; returns whether none are missing."""
    longest = max(grid.shape)
    if longest < _OVERVIEWS_FROM:
        return True
    factors = [2**level for level in range(1, longest.bit_length()) if longest >> level >= _LEAST_OVERVIEW]
    with option(*_ALL_CORES), option("ZLEVEL_OVERVIEW", _EFFORT):
        return dataset.BuildOverviews(_RESAMPLING[is_mask], factors) == 0


def _create_geotiff(
    path: Path, grid: Grid, descriptions: Sequence[str], is_mask: bool, more: Sequence[str]
) -> gdal.Dataset | None:
    """Create a tiled, compressed GeoTIFF with a band for each description; ``None`` where GDAL cannot."""
    options = ["TILED=YES", "COMPRESS=DEFLATE", f"ZLEVEL={_EFFORT}", f"PREDICTOR={2 if is_mask else 3}"]
    options += ["BIGTIFF=IF_SAFER", *more]
    kind = gdal.GDT_Byte if is_mask else gdal.GDT_Float32
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), grid.cols, grid.rows, len(descriptions), kind, options)
    if dataset is None:
        return None
    dataset.SetGeoTransform(grid.geotransform)
    dataset.SetProjection(grid.crs_wkt)
    for number, text in enumerate(descriptions, start=1):
        dataset.GetRasterBand(number).SetNoDataValue(MASK_NODATA if is_mask else FLOAT_NODATA)
        if text:
            dataset.GetRasterBand(number).SetDescription(text)
    return dataset


def _strips(rows: int) -> Iterator[slice]:
    """Rows that are written and checked at once: whole blocks of the file."""
    return scratch.releasing(pieces(rows, _ROWS_AT_ONCE), every=1)


class WriteBehind:
    """Does calls one after another in a thread, where GDAL's compression leaves Python free for other work.

    On leaving its context all is done; an error of a call is raised by a later one, or then.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: deque[Future[Any]] = deque()

    def __enter__(self) -> WriteBehind:
        return self

    def add(self, write: Callable[..., Any], *arguments: Any) -> None:
        """Queue a call; blocks while too many are waiting."""
        self._waiting.append(self._thread.submit(write, *arguments))
        while self._waiting[0].done() or len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft().result()
            if not self._waiting:
                return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait for all calls; after an error only for the running one."""
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            for future in self._waiting:
                future.result()
