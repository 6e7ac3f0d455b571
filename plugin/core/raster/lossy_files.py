"""Finds elevation models whose file was compressed with loss, which distorts slopes."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress

from osgeo import gdal

from ...text import Text
from .gdal_errors import opened
from .inputs import ELEVATION, RasterInput

#: Formats and compressions that are made for pictures and lose digits wherever GDAL does not report otherwise.
_LOSSY_FORMATS, _LOSSY_COMPRESSIONS = ("JPEG", "ECW", "MrSID", "JPEGLS"), ("JPEG", "YCbCr JPEG", "12-bit JPEG")
#: Height errors up to this share of a cell change slopes by half a degree or so.
_HARMLESS_SHARE = 0.03
#: Errors of whole numbers up to this are none.
_WHOLE_NUMBER_ERROR = 0.5
#: Header of a block of LERC 2: magic word, version, checksum (from version 3), and seven numbers, among them (from 4)
#: the values of a cell, (6) flags; then the error bound. Esri, https://github.com/Esri/lerc, Lerc2.h.
_MAGIC, _LEAST_VERSION, _HEADER_BYTES = b"Lerc2 ", 3, 100


def lossy_caution(dataset: gdal.Dataset, number: int, raster: RasterInput) -> Text | None:
    """Caution if the file of an elevation model, or one of those that a virtual raster is made of, is lossy.

    Args:
        dataset: open raster; number: of its band; raster: what is to be read.
    """
    if raster.kind != ELEVATION:
        return None
    files = [dataset]
    if dataset.GetDriver().ShortName == "VRT":
        files += [one for one in map(opened, (dataset.GetFileList() or [])[1:3]) if one is not None]
    for file in files:
        band = file.GetRasterBand(min(number, file.RasterCount))
        structure = {**file.GetMetadata("IMAGE_STRUCTURE"), **band.GetMetadata("IMAGE_STRUCTURE")}
        name = structure.get("COMPRESSION") or file.GetDriver().ShortName
        if _is_lossy(file.GetDriver().ShortName, structure):
            return Text(
                "{}: its file is compressed with loss ({}), as pictures are: elevations may differ from the original "
                "ones, and slopes with them. Use a file that is compressed without loss, such as a GeoTIFF with "
                "DEFLATE or LZW.",
                raster.label, name,
            )  # fmt: skip
        error, cell = _error_bound(file, band, structure), abs(file.GetGeoTransform()[1])
        if error > _HARMLESS_SHARE * cell:
            return Text(
                "{}: its file is compressed with loss ({}): elevations may differ from the original ones by up to "
                "{:g}, with cells of {:g}, which distorts slopes. Use a file that is compressed without loss, such as "
                "a GeoTIFF with DEFLATE or LZW.",
                raster.label, name, error, cell,
            )  # fmt: skip
    return None


def _is_lossy(driver: str, structure: dict[str, str]) -> bool:
    """Whether a file is of a kind that loses digits by an unknown amount."""
    reversible = structure.get("COMPRESSION_REVERSIBILITY", "")
    if reversible:
        return reversible.startswith("LOSSY")
    return driver in _LOSSY_FORMATS or structure.get("COMPRESSION") in _LOSSY_COMPRESSIONS


def _error_bound(file: gdal.Dataset, band: gdal.Band, structure: dict[str, str]) -> float:
    """The largest error of heights that LERC was allowed; 0 without loss, or where it is not known."""
    if not structure.get("COMPRESSION", "").startswith("LERC"):
        return 0.0
    error = 0.0
    with suppress(ValueError):
        error = float(structure.get("MAX_Z_ERROR") or structure.get("LERC_PREC") or _stored_error_bound(file, band))
    is_whole = band.DataType not in (gdal.GDT_Float32, gdal.GDT_Float64)
    return 0.0 if is_whole and error <= _WHOLE_NUMBER_ERROR else error * abs(band.GetScale() or 1.0)


def _stored_error_bound(file: gdal.Dataset, band: gdal.Band) -> float:
    """The error bound in the header of the first block of a GeoTIFF that has one; 0 if it cannot be read."""
    width, height = band.GetBlockSize()
    places = ((x, y) for y in range(-(-band.YSize // height)) for x in range(-(-band.XSize // width)))
    offsets = (band.GetMetadataItem(f"BLOCK_OFFSET_{x}_{y}", "TIFF") for x, y in places)
    offset = next((int(one) for one in offsets if one), None)
    stream = gdal.VSIFOpenL(file.GetDescription(), "rb") if offset else None
    if stream is None:
        return 0.0
    try:
        gdal.VSIFSeekL(stream, offset, 0)
        start = bytes(gdal.VSIFReadL(1, 4 * _HEADER_BYTES, stream) or b"")
    finally:
        gdal.VSIFCloseL(stream)
    if not start.startswith(_MAGIC):
        try:
            start = zlib.decompressobj().decompress(start, _HEADER_BYTES)
        except zlib.error:  # another compression on top of it
            return 0.0
    return _header_error_bound(start)


def _header_error_bound(header: bytes) -> float:
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES - 1:
        return 0.0
    version = struct.unpack_from("<i", header, len(_MAGIC))[0]
    if version < _LEAST_VERSION:
        return 0.0
    numbers = 6 + (version >= 4) + 2 * (version >= 6)
    return struct.unpack_from("<d", header, len(_MAGIC) + 8 + 4 * numbers)[0]
