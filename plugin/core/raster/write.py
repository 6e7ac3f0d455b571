"""Writes rasters whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Mapping, Sequence

import numpy as np
from osgeo import gdal

from ...text import Text
from ..errors import InputError, SlopecastError
from ..grid import MASK_NODATA, Grid

FLOAT_NODATA = -9999.0
#: Extensions that :func:`write` knows: GeoTIFF, and the ASCII grid of ESRI.
GEOTIFF, ASCII_GRID = (".tif", ".tiff"), (".asc",)


def write(
    path: str | Path,
    array: np.ndarray,
    grid: Grid,
    metadata: Mapping[str, str] | None = None,
    description: str | Sequence[str] = "",
) -> None:
    """Write an array as tiled, DEFLATE-compressed GeoTIFF, or as ASCII grid (``.asc``): whole, or not at all.

    ``uint8`` arrays get NoData 255; floats are written as Float32 with NaN as NoData -9999. The file is made beside its
    target and moved into place when whole. An ASCII grid has its coordinate system in a ``.prj`` beside it and the
    metadata in a ``.aux.xml``.

    Args:
        path: file to write.
        array: (rows, cols), or (bands, rows, cols), which only a GeoTIFF takes.
        grid: of the cells.
        metadata: of the file.
        description: of the band, or one for each.

    Raises:
        InputError: the folder cannot be written or the name is neither a GeoTIFF's nor an ASCII grid's.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in GEOTIFF + ASCII_GRID or (array.ndim > 2 and suffix in ASCII_GRID):
        raise InputError(
            "Output",
            Text("'{}' is no GeoTIFF name", path.name),
            "a file name that ends in .tif, or in .asc for a single band",
        )
    if suffix in ASCII_GRID and abs(grid.cell_width - grid.cell_height) > 1e-6 * grid.cell_width:
        raise InputError(
            "Output", Text("'{}' cannot hold {:g} x {:g} m", path.name, grid.cell_width, grid.cell_height),
            "square cells",
            "Write a GeoTIFF (.tif), or resample the DEM to square cells.",
        )  # fmt: skip
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.stem[:40]}.", suffix=".part", dir=path.parent) as folder:
            partial = Path(folder) / path.name
            _write_raster(partial, array, grid, metadata or {}, description)
            _move_into_place(partial, path)
    except OSError as error:
        raise InputError(
            "Output", Text("'{}' cannot be written ({})", path, error.strerror or error),
            "a folder that you may write to",
            "Choose another output file; is it open elsewhere?",
        ) from error  # fmt: skip


def _move_into_place(partial: Path, path: Path) -> None:
    """Move a whole file, after what lies beside it, to its target."""
    stale = Path(f"{path}.aux.xml")  # statistics of the file that is replaced
    if stale.exists():
        stale.unlink()
    for part in sorted(partial.parent.iterdir(), key=lambda p: p == partial):
        os.chmod(part, 0o666 & ~_umask())
        os.replace(part, path.parent / part.name)


def _write_raster(
    path: Path, array: np.ndarray, grid: Grid, metadata: Mapping[str, str], description: str | Sequence[str]
) -> None:
    if path.suffix.lower() in GEOTIFF:
        _write_geotiff(str(path), array, grid, metadata, description)
        return
    whole = path.with_suffix(".tif")  # an ASCII grid can only be copied
    _write_geotiff(str(whole), array, grid, metadata, description)
    source = gdal.Open(str(whole))
    options = [] if array.dtype == np.uint8 else ["SIGNIFICANT_DIGITS=9"]  # all that a Float32 has
    copy = gdal.GetDriverByName("AAIGrid").CreateCopy(str(path), source, options=options)
    made = copy is not None
    source = copy = None
    whole.unlink()
    if not made or not _is_whole(str(path)):
        raise SlopecastError(Text("'{}' could not be written to its end: is the disk full?", path))


def _write_geotiff(
    path: str, array: np.ndarray, grid: Grid, metadata: Mapping[str, str], description: str | Sequence[str]
) -> None:
    is_mask = array.dtype == np.uint8
    if not is_mask:
        array = np.where(np.isfinite(array), array, FLOAT_NODATA).astype(np.float32)
    bands = array if array.ndim > 2 else array[None]
    texts = [description] if isinstance(description, str) else list(description)
    options = ["TILED=YES", "COMPRESS=DEFLATE", "BIGTIFF=IF_SAFER", f"PREDICTOR={2 if is_mask else 3}"]
    dataset = gdal.GetDriverByName("GTiff").Create(
        path, grid.cols, grid.rows, len(bands), gdal.GDT_Byte if is_mask else gdal.GDT_Float32, options
    )
    if dataset is None:
        raise InputError("Output", Text("'{}' cannot be created", path), "a folder that you may write to")
    dataset.SetGeoTransform(grid.geotransform)
    dataset.SetProjection(grid.crs_wkt)
    dataset.SetMetadata({key: str(value) for key, value in metadata.items()})
    failed = False
    for number, values in enumerate(bands):
        band = dataset.GetRasterBand(number + 1)
        band.SetNoDataValue(MASK_NODATA if is_mask else FLOAT_NODATA)
        if number < len(texts) and texts[number]:
            band.SetDescription(texts[number])
        failed |= band.WriteArray(values) != 0
    dataset.FlushCache()
    band = dataset = None
    if failed or not _is_whole(path):
        raise SlopecastError(Text("'{}' could not be written to its end: is the disk full?", path))


def _is_whole(path: str) -> bool:
    dataset = gdal.Open(path)
    return dataset is not None and dataset.GetRasterBand(1).Checksum() >= 0


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
