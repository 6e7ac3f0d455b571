"""Forms of the GeoTIFFs that are written: overviews of large ones, and Cloud Optimized ones on request."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.write import FLOAT_NODATA, WindowWriter, write_directly
from written_rasters import write

WKT = 'LOCAL_CS["plan",UNIT["metre",1]]'
KINDS = ("mask", "float")


def grid_of(shape: tuple[int, int]) -> Grid:
    return Grid(*shape, (1000.0, 5.0, 0.0, 2000.0, 0.0, -5.0), WKT)


def values_of(kind: str, shape: tuple[int, int]) -> np.ndarray:
    rng = np.random.default_rng(3)
    if kind == "mask":
        return rng.choice(np.array([0, 1, 255], dtype=np.uint8), shape)
    return np.where(rng.random(shape) < 0.2, np.nan, rng.normal(1.0, 0.3, shape)).astype(np.float32)


def read(path: Path) -> np.ndarray:
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    values = band.ReadAsArray()
    if values.dtype == np.uint8:
        return values
    # QGIS, once started in this process, has GDAL read an ASCII grid as Float64
    return np.where(values == band.GetNoDataValue(), np.nan, values).astype(np.float32)


def layout(path: Path) -> str | None:
    dataset = gdal.Open(str(path))
    return dataset.GetMetadataItem("LAYOUT", "IMAGE_STRUCTURE")


@pytest.mark.parametrize("name", ["mask.cog.tif", "mask.COG.TIFF"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_name_that_asks_for_it_makes_a_cloud_optimized_geotiff(kind: str, name: str, tmp_path: Path) -> None:
    values = values_of(kind, (300, 1100))
    write(tmp_path / name, values, grid_of(values.shape), {"slopecast": "yes"}, "Band of a name")
    dataset = gdal.Open(str(tmp_path / name))
    assert layout(tmp_path / name) == "COG"
    assert dataset.GetRasterBand(1).GetOverviewCount() > 0
    assert (dataset.GetMetadataItem("slopecast"), dataset.GetRasterBand(1).GetDescription()) == (
        "yes",
        "Band of a name",
    )
    np.testing.assert_array_equal(read(tmp_path / name), values)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("kind", KINDS)
def test_windows_make_one_too(kind: str, tmp_path: Path) -> None:
    values, path = values_of(kind, (600, 700)), tmp_path / "mask.cog.tif"
    writer = WindowWriter(path, grid_of(values.shape), ["Band"], is_mask=kind == "mask")
    for rows in (slice(0, 256), slice(256, 600)):
        writer.write((rows, slice(0, 700)), values[rows])
    writer.finish({})
    assert layout(path) == "COG"
    np.testing.assert_array_equal(read(path), values)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(("longest", "overviews"), [(4095, 0), (4096, 4)])
@pytest.mark.parametrize("kind", KINDS)
def test_large_rasters_have_overviews(kind: str, longest: int, overviews: int, tmp_path: Path) -> None:
    values, path = values_of(kind, (64, longest)), tmp_path / "large.tif"
    write_directly(path, values, grid_of(values.shape))
    assert layout(path) is None
    dataset = gdal.Open(str(path))
    assert dataset.GetRasterBand(1).GetOverviewCount() == overviews
    np.testing.assert_array_equal(read(path), values)


@pytest.mark.parametrize("name", ["whole.tif", "whole.cog.tif", "whole.asc"])
@pytest.mark.parametrize("kind", KINDS)
def test_windows_that_come_again_in_other_sizes_replace_the_earlier_ones(kind: str, name: str, tmp_path: Path) -> None:
    values, path, left = values_of(kind, (600, 700)), tmp_path / name, slice(0, 300)
    writer = WindowWriter(path, grid_of(values.shape), ["Band"], is_mask=kind == "mask")
    for rows in (slice(0, 256), slice(256, 512)):
        writer.write((rows, left), values[rows, left][::-1])
    for rows in (slice(0, 200), slice(200, 400), slice(400, 600)):
        for cols in (left, slice(300, 700)):
            writer.write((rows, cols), values[rows, cols])
    writer.finish({})
    found = read(path)
    np.testing.assert_array_equal(np.nan_to_num(found, nan=255) if kind == "mask" else found, values)


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_that_was_lost_is_noticed(kind: str, tmp_path: Path) -> None:
    """A block that the disk did not take reads as NoData, without an error of GDAL's."""
    values, path = values_of(kind, (600, 700)), tmp_path / "lost.tif"
    writer = WindowWriter(path, grid_of(values.shape), ["Band"], is_mask=kind == "mask")
    for rows in (slice(0, 256), slice(256, 512), slice(512, 600)):
        writer.write((rows, slice(0, 700)), values[rows])
    nothing = np.full((10, 700), 255 if kind == "mask" else FLOAT_NODATA, values.dtype)
    writer._dataset.GetRasterBand(1).WriteArray(nothing, 0, 300)
    with pytest.raises(InputError, match="could not be written completely"):
        writer.finish({})


@pytest.mark.parametrize("exceptions", [False, True])
@pytest.mark.parametrize(
    ("name", "reason"), [("missing/map.tif", "No such file or directory"), ("m" * 300 + ".tif", "File name too long")]
)
def test_a_file_that_cannot_be_created_is_not_a_full_disk(
    name: str, reason: str, exceptions: bool, tmp_path: Path
) -> None:
    used = gdal.GetUseExceptions()
    (gdal.UseExceptions if exceptions else gdal.DontUseExceptions)()
    try:
        with pytest.raises(InputError, match=rf"cannot be written \({reason}\).*Choose another folder"):
            write_directly(tmp_path / name, np.ones((4, 4), dtype=np.float32), grid_of((4, 4)))
    finally:
        (gdal.UseExceptions if used else gdal.DontUseExceptions)()


def test_an_earlier_error_of_gdal_is_not_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    gdal.Error(gdal.CE_Failure, gdal.CPLE_FileIO, "No such file or directory")
    gdal.PopErrorHandler()
    monkeypatch.setattr(WindowWriter, "_reads_back", lambda *_: False)
    with pytest.raises(InputError, match="does not read back as it was written"):
        write_directly(tmp_path / "map.tif", np.ones((4, 4), dtype=np.float32), grid_of((4, 4)))


def test_a_reason_that_only_gdal_knows_is_given(tmp_path: Path) -> None:
    (tmp_path / "map.asc").mkdir()
    with pytest.raises(InputError, match=r"'map.asc' could not be written completely: map.asc: Unable to create file"):
        write_directly(tmp_path / "map.asc", np.ones((4, 4), dtype=np.float32), grid_of((4, 4)))
