"""Writes a raster window by window."""

from __future__ import annotations

from pathlib import Path
from typing import Mapping, Sequence

import numpy as np
from osgeo import gdal

from ..grid import Grid
from .gdal_errors import raising
from .write import build_overviews, copy_as_named, create_geotiff, cut_short, stored_bands, written_first

_BLOCKS_READ = 1024  # rows at a time, when a file is checked


class WindowWriter:
    """A GeoTIFF in a hidden folder, or what is copied from one, that is written window by window.

    Windows that are never written are NoData. The file is read to its end when it is finished, so that a full disk is
    noticed.

    Args:
        path: file to write; grid: of the whole raster.
        descriptions: of the bands; is_mask: whether it holds uint8 with NoData 255, else float32.
    """

    def __init__(self, path: Path, grid: Grid, descriptions: Sequence[str], *, is_mask: bool) -> None:
        self._path, self._grid, self._is_mask = path, grid, is_mask
        self._whole = written_first(path)
        more = ("NUM_THREADS=ALL_CPUS",)
        with raising(lambda: cut_short(path)):
            self._dataset: gdal.Dataset | None = create_geotiff(
                self._whole, grid, descriptions, is_mask=is_mask, more=more
            )

    def write(self, place: tuple[slice, slice], values: np.ndarray) -> None:
        """Write a window: (rows, cols) or (bands, rows, cols); raises :class:`InputError` on a full disk."""
        with raising(lambda: cut_short(self._path)):
            for number, part in enumerate(stored_bands(values)):
                if self._dataset.GetRasterBand(number + 1).WriteArray(part, place[1].start, place[0].start) != 0:
                    raise cut_short(self._path)

    def close(self) -> None:
        """Close the unfinished file."""
        self._dataset = None

    def finish(self, metadata: Mapping[str, str]) -> None:
        """Write the metadata and overviews, and check that the file reads to its end; raises :class:`InputError`."""
        with raising(lambda: cut_short(self._path)):
            self._dataset.SetMetadata({key: str(value) for key, value in metadata.items()})
            self._dataset.FlushCache()
            build_overviews(self._dataset, self._grid, self._path, is_mask=self._is_mask)
            self._dataset = None
            if not self._reads_to_its_end():
                raise cut_short(self._path)
            if self._whole != self._path:
                copy_as_named(self._whole, self._path)

    def _reads_to_its_end(self) -> bool:
        dataset = gdal.Open(str(self._whole))
        if dataset is None:
            return False
        gdal.PushErrorHandler("CPLQuietErrorHandler")
        try:
            for number in range(1, dataset.RasterCount + 1):
                for row in range(0, self._grid.rows, _BLOCKS_READ):
                    rows = min(_BLOCKS_READ, self._grid.rows - row)
                    if dataset.GetRasterBand(number).ReadAsArray(0, row, self._grid.cols, rows) is None:
                        return False
        finally:
            gdal.PopErrorHandler()
        return True
