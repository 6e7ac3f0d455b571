"""Reading, refusing, aligning, cutting and writing rasters."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from messages import Messages
from osgeo import gdal, osr
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.map_parts.tiles import tiles
from slopecast.plugin.core.raster import read
from slopecast.plugin.core.raster.inputs import SOIL_DEPTH, RasterInput
from slopecast.plugin.core.raster.opening import small_gdal_cache
from slopecast.plugin.core.raster.write import FLOAT_NODATA, WindowWriter
from written_rasters import write

KOREA, UTM52, DEGREES, FEET = 5186, 32652, 4326, 2263
X0, Y0 = 200_000.0, 550_000.0  # the middle of Seoul in EPSG:5186


def read_dem(source: str, crs_wkt: str = "", feedback: Feedback | None = None) -> tuple[np.ndarray, Grid]:
    return read.read_dem(RasterInput(source, crs_wkt=crs_wkt), feedback)


def read_aligned(source: str, grid: Grid, label: str, feedback: Feedback) -> np.ndarray:
    return read.read_aligned(RasterInput(source, label, SOIL_DEPTH), grid, feedback)


def wkt(epsg: int) -> str:
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    return crs.ExportToWkt()


def raster(
    path: Path, array: np.ndarray, transform: tuple, epsg: int | None = KOREA, nodata: float | None = None
) -> str:
    """Write an array as it is, with GDAL alone."""
    kind = {"f": gdal.GDT_Float32, "i": gdal.GDT_Int16, "u": gdal.GDT_Byte, "c": gdal.GDT_CFloat32}[array.dtype.kind]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), array.shape[1], array.shape[0], 1, kind)
    dataset.SetGeoTransform(transform)
    if epsg:
        dataset.SetProjection(wkt(epsg))
    if nodata is not None:
        dataset.GetRasterBand(1).SetNoDataValue(nodata)
    dataset.GetRasterBand(1).WriteArray(array)
    dataset = None
    return str(path)


def north_up(cell: float, x: float = X0, y: float = Y0) -> tuple:
    return (x, cell, 0.0, y, 0.0, -cell)


def centres(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates of the cells' centres."""
    x0, dx, _, y0, _, dy = grid.geotransform
    return np.meshgrid(x0 + dx * (np.arange(grid.cols) + 0.5), y0 + dy * (np.arange(grid.rows) + 0.5))


def tilted(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A plane over EPSG:5186, which bilinear interpolation must hit."""
    return 100.0 + 0.02 * (x - X0) - 0.03 * (y - Y0)


DEM = Grid(40, 50, north_up(5.0), wkt(KOREA))


# --- reading a DEM --------------------------------------------------------------------------


def test_a_dem_comes_with_its_grid_and_nan_for_nodata(tmp_path: Path) -> None:
    z = np.arange(20, dtype=np.float32).reshape(4, 5)
    z[1, 2] = -9999.0
    elevation, grid = read_dem(raster(tmp_path / "dem.tif", z, north_up(5.0), nodata=-9999.0))
    assert elevation.dtype == np.float32
    assert np.isnan(elevation[1, 2])
    assert np.isfinite(elevation).sum() == 19
    assert elevation[3, 4] == 19.0
    assert grid.shape == (4, 5)
    assert (grid.cell_width, grid.cell_height, grid.cell_area) == (5.0, 5.0, 25.0)
    assert grid.bounds == (X0, Y0 - 20.0, X0 + 25.0, Y0)


@pytest.mark.parametrize("nodata", [-32768, 0])
def test_integers_and_their_nodata(tmp_path: Path, nodata: int) -> None:
    z = np.arange(1, 17, dtype=np.int16).reshape(4, 4)
    z[2, 2] = nodata
    elevation, _ = read_dem(raster(tmp_path / "dem.tif", z, north_up(5.0), nodata=nodata))
    assert np.array_equal(np.isnan(elevation), z == nodata)


def test_scale_and_offset_are_applied(tmp_path: Path) -> None:
    source = raster(tmp_path / "dem.tif", np.arange(16, dtype=np.int16).reshape(4, 4), north_up(5.0))
    dataset = gdal.Open(source, gdal.GA_Update)
    dataset.GetRasterBand(1).SetScale(0.5)
    dataset.GetRasterBand(1).SetOffset(100.0)
    dataset = None
    elevation, _ = read_dem(source)
    assert elevation[3, 3] == 107.5


def test_names_with_spaces_and_other_scripts(tmp_path: Path) -> None:
    folder = tmp_path / "내 문서 und Übung"
    folder.mkdir()
    source = raster(folder / "안산 수치 표고.tif", np.ones((4, 4), np.float32), north_up(5.0))
    elevation, grid = read_dem(source)
    target = folder / "산사태 지도, première.tif"
    write(target, elevation, grid)
    assert target.exists()
    assert np.array_equal(read_aligned(str(target), grid, "Map", Messages()), elevation)


def test_an_ascii_grid_with_the_layers_crs(tmp_path: Path) -> None:
    path = tmp_path / "dem.asc"
    header = f"ncols 3\nnrows 3\nxllcorner {X0}\nyllcorner {Y0}\ncellsize 5\nNODATA_value -9999\n"
    path.write_text(header + "1 2 3\n4 -9999 6\n7 8 9\n")
    log = Messages()
    elevation, grid = read_dem(str(path), feedback=log)  # a format that cannot hold one
    assert grid.crs_wkt == ""
    assert grid.cell_width == 5.0
    assert "no coordinate system" in log.warnings[0]
    assert "metres" in log.warnings[0]
    assert np.array_equal(read_aligned(str(path), grid, "Depth", log), elevation, equal_nan=True)
    assert len([text for text in log.warnings if "coordinate system" in text]) == 1
    elevation, grid = read_dem(str(path), crs_wkt=wkt(KOREA))
    assert elevation[0, 2] == 3.0
    assert np.isnan(elevation[1, 1])
    assert grid.crs_wkt == wkt(KOREA)


def test_an_ascii_grid_in_degrees_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dem.asc"
    path.write_text("ncols 3\nnrows 3\nxllcorner 127\nyllcorner 37\ncellsize 0.0003\n1 2 3\n4 5 6\n7 8 9\n")
    with pytest.raises(InputError, match="no coordinate system"):
        read_dem(str(path))


def test_layers_lie_in_the_coordinates_of_a_dem_without_system(tmp_path: Path) -> None:
    """Whether they have one themselves or not, on the DEM's cells or on others."""
    grid = Grid(4, 4, north_up(5.0), "")
    array = np.arange(16, dtype=np.float32).reshape(4, 4)
    for epsg, warnings in ((KOREA, 1), (None, 0)):
        log = Messages()
        same = raster(tmp_path / f"same{epsg}.tif", array, north_up(5.0), epsg)
        assert np.array_equal(read_aligned(same, grid, "Depth", log), array)
        assert len(log.warnings) == warnings
        finer = raster(tmp_path / f"finer{epsg}.tif", np.repeat(np.repeat(array, 5, 0), 5, 1), north_up(1.0), epsg)
        np.testing.assert_allclose(read_aligned(finer, grid, "Depth", log), array, atol=1e-5)


FLAT = np.ones((4, 4), np.float32)
REFUSED = {
    "degrees": (FLAT, (127.0, 1e-4, 0, 37.0, 0, -1e-4), DEGREES, None, "degrees.*Reproject"),
    "feet": (FLAT, north_up(5.0), FEET, None, "foot.*not in metres.*Reproject"),
    "no CRS, degrees": (FLAT, (127.0, 1e-4, 0, 37.0, 0, -1e-4), None, None, "look like degrees.*Assign Projection"),
    "rotated": (FLAT, (X0, 4.0, 3.0, Y0, 3.0, -4.0), KOREA, None, "rotated"),
    "oblong cells": (FLAT, (X0, 5.0, 0, Y0, 0, -6.0), KOREA, None, "not square"),
    "too small": (FLAT[:2], north_up(5.0), KOREA, None, "at least 3 x 3"),
    "all NoData": (FLAT, north_up(5.0), KOREA, 1.0, "no valid cell"),
    "complex": (FLAT.astype(np.complex64), north_up(5.0), KOREA, None, "complex"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_dems_that_are_refused_with_a_way_out(tmp_path: Path, why: str) -> None:
    array, transform, epsg, nodata, words = REFUSED[why]
    with pytest.raises(InputError, match=f"(?s)Digital elevation model.*{words}"):
        read_dem(raster(tmp_path / "dem.tif", array, transform, epsg, nodata))


def test_what_is_no_raster_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.tif"
    text.write_text("no raster")
    for source in (str(text), str(tmp_path / "missing.tif"), ""):
        with pytest.raises(InputError, match="cannot be read as a raster"):
            read_dem(source)


def test_runs_at_once_give_gdal_its_cache_back() -> None:
    before = gdal.GetCacheMax()
    gdal.SetCacheMax(1 << 30)
    try:
        first, second = small_gdal_cache(), small_gdal_cache()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert gdal.GetCacheMax() < 1 << 30
        second.__exit__(None, None, None)
        assert gdal.GetCacheMax() == 1 << 30
    finally:
        gdal.SetCacheMax(before)


@pytest.mark.parametrize("exceptions", [False, True])
@pytest.mark.parametrize("damage", ["removed", "cut"])
@pytest.mark.parametrize("cell", [0.0, 5.0, 7.0])  # of the DEM onto which it is read; 0 for the DEM itself
def test_the_damaged_part_of_a_virtual_raster_is_named(
    tmp_path: Path, cell: float, damage: str, *, exceptions: bool
) -> None:
    """Also where it is warped: it is not said to lie elsewhere."""
    values = np.random.default_rng(0).uniform(0, 4, (60, 60)).astype(np.float32)
    tiles = [raster(tmp_path / f"{n}.tif", values, north_up(5.0, X0 + 300.0 * n)) for n in range(2)]
    source = str(tmp_path / "mosaic.vrt")
    gdal.BuildVRT(source, tiles).FlushCache()
    content = Path(tiles[1]).read_bytes()
    Path(tiles[1]).unlink()
    if damage == "cut":
        Path(tiles[1]).write_bytes(content[: len(content) // 2])
    grid = Grid(20, 100, north_up(cell), wkt(KOREA)) if cell else None
    before = gdal.GetUseExceptions()
    (gdal.UseExceptions if exceptions else gdal.DontUseExceptions)()
    try:
        named = exceptions or int(gdal.VersionInfo()) >= 3060000  # without exceptions GDAL 3.4 gives no reason
        reason = r" \(.*1\.tif" if named else r"\."
        with pytest.raises(InputError, match=rf"cannot be read completely{reason}.* Copy or export again"):
            read_dem(source) if grid is None else read_aligned(source, grid, "Soil depth", Messages())
    finally:
        (gdal.UseExceptions if before else gdal.DontUseExceptions)()


def test_a_failure_to_read_without_a_reason_has_no_empty_brackets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of GDAL 3.4, with QGIS 3.22 on Ubuntu 22.04."""
    values = np.random.default_rng(0).uniform(0, 4, (60, 60)).astype(np.float32)
    source = raster(tmp_path / "dem.tif", values, north_up(5.0))
    content = Path(source).read_bytes()
    Path(source).write_bytes(content[: len(content) // 2])
    monkeypatch.setattr(gdal, "GetLastErrorMsg", str)
    with pytest.raises(InputError, match=r"cannot be read completely\. Allowed"):
        read_dem(source)


def test_gdal_exceptions_of_other_plugins_do_not_matter(tmp_path: Path) -> None:
    before = gdal.GetUseExceptions()
    gdal.UseExceptions()
    try:
        with pytest.raises(InputError, match="cannot be read"):
            read_dem(str(tmp_path / "missing.tif"))
        with pytest.raises(InputError, match="Output"):
            write(Path(__file__) / "x.tif", FLAT, Grid.local((4, 4), 5.0))
    finally:
        if not before:
            gdal.DontUseExceptions()


# --- aligning -------------------------------------------------------------------------------


def test_a_raster_on_the_grid_is_taken_as_it_is(tmp_path: Path) -> None:
    depth = np.random.default_rng(0).uniform(0, 4, DEM.shape).astype(np.float32)
    depth[3, 4] = np.nan
    log = Messages()
    read = read_aligned(
        raster(tmp_path / "d.tif", depth, DEM.geotransform, nodata=float("nan")), DEM, "Soil depth", log
    )
    np.testing.assert_array_equal(read, depth)
    assert log.info == log.warnings == []


def test_another_extent_is_moved_into_place(tmp_path: Path) -> None:
    own = Grid(60, 60, north_up(5.0, X0 - 25.0, Y0 + 50.0), wkt(KOREA))
    log = Messages()
    source = raster(tmp_path / "d.tif", tilted(*centres(own)).astype(np.float32), own.geotransform)
    read = read_aligned(source, DEM, "Soil depth", log)
    np.testing.assert_allclose(read, tilted(*centres(DEM)), atol=1e-4)
    assert "Soil depth" in log.info[0]
    assert "on the grid of the DEM" in log.info[0]


def test_what_lies_outside_a_smaller_raster_is_nodata(tmp_path: Path) -> None:
    source = raster(tmp_path / "d.tif", np.ones((20, 50), np.float32), north_up(5.0))
    read = read_aligned(source, DEM, "Soil depth", Messages())
    assert (read[:20] == 1.0).all()
    assert np.isnan(read[20:]).all()


@pytest.mark.parametrize("cell", [2.5, 7.0, 30.0])
def test_another_cell_size_keeps_a_plane(tmp_path: Path, cell: float) -> None:
    size = int(600 / cell)
    own = Grid(size, size, north_up(cell, X0 - 150.0, Y0 + 150.0), wkt(KOREA))
    source = raster(tmp_path / "d.tif", tilted(*centres(own)).astype(np.float32), own.geotransform)
    np.testing.assert_allclose(read_aligned(source, DEM, "Depth", Messages()), tilted(*centres(DEM)), atol=2e-3)


def test_a_finer_raster_is_averaged(tmp_path: Path) -> None:
    fine = np.random.default_rng(1).uniform(0, 4, (200, 250)).astype(np.float32)
    read = read_aligned(raster(tmp_path / "d.tif", fine, north_up(1.0)), DEM, "Depth", Messages())
    means = fine.reshape(40, 5, 50, 5).mean(axis=(1, 3))
    np.testing.assert_allclose(read, means, rtol=1e-5)


@pytest.mark.parametrize("overviews", ["in the file", "of an earlier file"])
def test_overviews_do_not_replace_the_cells(tmp_path: Path, overviews: str) -> None:
    """Those of single cells are no means, and those of a file that was copied over its predecessor are of that one."""
    fine = np.random.default_rng(1).uniform(0, 4, (200, 250)).astype(np.float32)
    old = np.full_like(fine, 9.0)
    source = raster(tmp_path / "d.tif", fine if overviews == "in the file" else old, north_up(1.0))
    mode = gdal.OF_UPDATE if overviews == "in the file" else gdal.OF_READONLY
    gdal.OpenEx(source, mode).BuildOverviews("NEAREST", [2, 4])
    if overviews == "of an earlier file":
        os.replace(raster(tmp_path / "new.tif", fine, north_up(1.0)), source)
        assert (tmp_path / "d.tif.ovr").exists()
    assert gdal.Open(source).GetRasterBand(1).GetOverviewCount() == 2
    read = read_aligned(source, DEM, "Depth", Messages())
    np.testing.assert_allclose(read, fine.reshape(40, 5, 50, 5).mean(axis=(1, 3)), rtol=1e-5)


def test_nodata_does_not_affect_averages(tmp_path: Path) -> None:
    fine = np.full((200, 250), 2.0, np.float32)
    fine[::2] = -9999.0
    fine[:5, :5] = -9999.0
    read = read_aligned(raster(tmp_path / "d.tif", fine, north_up(1.0), nodata=-9999.0), DEM, "Depth", Messages())
    assert np.isnan(read[0, 0])
    assert (read.ravel()[1:] == 2.0).all()


def test_another_coordinate_system(tmp_path: Path) -> None:
    there, here = osr.SpatialReference(), osr.SpatialReference()
    there.ImportFromEPSG(UTM52)
    here.ImportFromEPSG(KOREA)
    for crs in (there, here):
        crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    x, y, _ = osr.CoordinateTransformation(here, there).TransformPoint(X0 + 125.0, Y0 - 100.0)
    own = Grid(80, 80, north_up(6.0, x - 240.0, y + 240.0), wkt(UTM52))
    points = np.column_stack([c.ravel() for c in centres(own)])
    back = np.array(osr.CoordinateTransformation(there, here).TransformPoints(points.tolist()))
    z = tilted(back[:, 0], back[:, 1]).reshape(own.shape).astype(np.float32)
    log = Messages()
    read = read_aligned(raster(tmp_path / "d.tif", z, own.geotransform, UTM52), DEM, "Depth", log)
    np.testing.assert_allclose(read, tilted(*centres(DEM)), atol=0.03)  # GDAL's warp is exact to 1/8 cell
    assert "another coordinate system" in log.info[0]


def test_south_up_rasters(tmp_path: Path) -> None:
    south = (X0, 5.0, 0.0, Y0 - 200.0, 0.0, 5.0)
    own = Grid(40, 50, south, wkt(KOREA))
    source = raster(tmp_path / "d.tif", tilted(*centres(own)).astype(np.float32), south)
    np.testing.assert_allclose(read_aligned(source, DEM, "Depth", Messages()), tilted(*centres(DEM)), atol=1e-4)
    north = raster(tmp_path / "n.tif", tilted(*centres(DEM)).astype(np.float32), DEM.geotransform)
    np.testing.assert_allclose(read_aligned(north, own, "Depth", Messages()), tilted(*centres(own)), atol=1e-4)


def test_a_layer_without_crs_takes_the_dems_with_a_warning(tmp_path: Path) -> None:
    source = raster(tmp_path / "d.tif", np.ones(DEM.shape, np.float32), DEM.geotransform, epsg=None)
    log = Messages()
    assert (read_aligned(source, DEM, "Soil depth", log) == 1.0).all()
    assert "Soil depth has no coordinate system" in log.warnings[0]


def test_rasters_elsewhere_are_refused(tmp_path: Path) -> None:
    source = raster(tmp_path / "d.tif", np.ones((10, 10), np.float32), north_up(5.0, X0 + 1e5))
    with pytest.raises(InputError, match=r"Soil depth.*no valid cell within the DEM"):
        read_aligned(source, DEM, "Soil depth", Messages())


def test_same_as_forgives_rounding_only() -> None:
    x0, dx, _, y0, _, dy = DEM.geotransform
    assert DEM.same_as(Grid(40, 50, (x0 + 0.004, dx, 0, y0, 0, dy), ""))
    assert not DEM.same_as(Grid(40, 50, (x0 + 0.5, dx, 0, y0, 0, dy), ""))
    assert not DEM.same_as(Grid(41, 50, DEM.geotransform, ""))
    assert not DEM.same_as(Grid(40, 50, (x0, dx, 0, y0 - 200.0, 0, -dy), ""))


# --- writing --------------------------------------------------------------------------------


def test_floats_are_written_with_nodata_metadata_and_layout(tmp_path: Path) -> None:
    fs = np.random.default_rng(2).uniform(0, 10, DEM.shape)
    fs[0, 0] = np.nan
    path = tmp_path / "new" / "fs.tif"
    write(path, fs, DEM, {"slopecast_version": "1.0", "cohesion [kPa]": "8"}, "Factor of safety")
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    assert band.DataType == gdal.GDT_Float32
    assert band.GetNoDataValue() == FLOAT_NODATA == -9999.0
    assert band.GetDescription() == "Factor of safety"
    assert band.GetBlockSize() != [50, 1]  # tiled
    assert dataset.GetMetadata("IMAGE_STRUCTURE")["COMPRESSION"] == "DEFLATE"
    assert dataset.GetMetadataItem("cohesion [kPa]") == "8"
    assert dataset.GetGeoTransform() == DEM.geotransform
    assert osr.SpatialReference(wkt=dataset.GetProjection()).IsSame(osr.SpatialReference(wkt=DEM.crs_wkt))
    array = band.ReadAsArray()
    assert array[0, 0] == -9999.0
    np.testing.assert_array_equal(array.ravel()[1:], fs.ravel()[1:].astype(np.float32))


def test_masks_are_bytes_with_nodata_255(tmp_path: Path) -> None:
    mask = np.array([[0, 1, 255], [1, 1, 0]], np.uint8)
    write(tmp_path / "mask.tif", mask, Grid.local((2, 3), 5.0, wkt(KOREA)))
    dataset = gdal.Open(str(tmp_path / "mask.tif"))
    band = dataset.GetRasterBand(1)
    assert band.DataType == gdal.GDT_Byte
    assert band.GetNoDataValue() == 255
    np.testing.assert_array_equal(band.ReadAsArray(), mask)


@pytest.mark.parametrize("error", [OSError("disk"), RuntimeError("stop"), KeyboardInterrupt()])
def test_a_failed_write_leaves_the_old_file_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = tmp_path / "fs.tif"
    write(path, np.ones(DEM.shape), DEM)
    before = path.read_bytes()

    def half(writer: WindowWriter, *_: object) -> None:
        assert len(list(tmp_path.iterdir())) == 2  # the old file, and the folder with the new one
        raise error

    monkeypatch.setattr(WindowWriter, "finish", half)
    with pytest.raises((InputError, RuntimeError, KeyboardInterrupt)):
        write(path, np.zeros(DEM.shape), DEM)
    assert [p.name for p in tmp_path.iterdir()] == ["fs.tif"]
    assert path.read_bytes() == before


def test_a_new_file_replaces_the_old_one_and_its_statistics(tmp_path: Path) -> None:
    path, statistics = tmp_path / "fs.tif", tmp_path / "fs.tif.aux.xml"
    write(path, np.ones(DEM.shape), DEM)
    statistics.write_text("<PAMDataset/>")
    write(path, np.full(DEM.shape, 2.0), DEM)
    assert [p.name for p in tmp_path.iterdir()] == ["fs.tif"]
    assert (gdal.Open(str(path)).ReadAsArray() == 2.0).all()
    umask = os.umask(0)
    os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~umask  # not the private mode of a temporary file


@pytest.mark.parametrize("name", ["fs.tif", "fs.asc", "fs.cog.tif"])
@pytest.mark.parametrize("gone", [False, True])
def test_pyramids_masks_and_scales_of_an_earlier_raster_go(name: str, gone: bool, tmp_path: Path) -> None:
    """They would show the earlier values at small scales, hide cells or change values, even if that raster is gone."""
    path, (rows, cols) = tmp_path / name, DEM.shape
    write(path, np.ones(DEM.shape), DEM)
    files = {p.name for p in tmp_path.iterdir()}
    dataset = gdal.Open(str(path))
    dataset.BuildOverviews("NEAREST", [2])
    mask = gdal.GetDriverByName("GTiff").Create(f"{path}.msk", cols, rows, 1)
    mask.SetMetadataItem("INTERNAL_MASK_FLAGS_1", "2")
    dataset = mask = None
    scaled = '<PAMDataset><PAMRasterBand band="1"><Scale>5</Scale></PAMRasterBand></PAMDataset>'
    Path(f"{path}.aux.xml").write_text(scaled)
    assert {f"{name}.ovr", f"{name}.msk"} < {p.name for p in tmp_path.iterdir()}
    if gone:
        path.unlink()
    write(path, np.full(DEM.shape, 2.0), DEM)
    assert {p.name for p in tmp_path.iterdir()} == files
    dataset = gdal.Open(str(path))
    band = dataset.GetRasterBand(1)
    assert (band.ReadAsArray() == 2.0).all()
    assert band.GetMaskBand().ReadAsArray().all()
    assert (band.GetOverviewCount(), band.GetScale() or 1.0) == (0, 1.0)


def test_folders_that_cannot_be_written_are_refused(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file, no folder")
    with pytest.raises(InputError, match=r"Output.*cannot be written"):
        write(blocked / "fs.tif", np.ones(DEM.shape), DEM)
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    if not os.access(locked, os.W_OK):  # root may write everywhere
        with pytest.raises(InputError, match=r"Output.*cannot be written"):
            write(locked / "fs.tif", np.ones(DEM.shape), DEM)
    locked.chmod(0o755)
    assert list(locked.iterdir()) == []


# --- tiles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(16, 16), (64, 48), (512, 64), (208, 336), (16, 1024)])
@pytest.mark.parametrize(("size", "overlap", "multiple"), [(64, 16, 16), (100, 20, 16), (256, 32, 8), (48, 0, 16)])
@pytest.mark.parametrize("part", [False, True])
def test_tiles_cover_once_with_their_overlap(
    shape: tuple, size: int, overlap: int, multiple: int, *, part: bool
) -> None:
    covered = np.zeros(shape, int)
    kept = tuple(slice(n // 3 // multiple * multiple, n - n // 4 // multiple * multiple) for n in shape)
    for tile in tiles(shape, size, overlap, multiple, kept if part else None):
        covered[tile.inner] += 1
        window = np.arange(shape[0] * shape[1]).reshape(shape)
        np.testing.assert_array_equal(window[tile.outer][tile.inner_in_outer], window[tile.inner])
        for axis in (0, 1):
            outer, inner = tile.outer[axis], tile.inner[axis]
            assert outer.start % multiple == 0
            assert (outer.stop - outer.start) % multiple == 0
            assert outer.stop - outer.start <= -(-size // multiple) * multiple
            assert outer.start == 0 or inner.start - outer.start >= overlap
            assert outer.stop == shape[axis] or outer.stop - inner.stop >= overlap
    assert (covered[kept] == 1).all()
    assert covered.sum() == covered[kept if part else ...].size


# --- ASCII grids and bands ------------------------------------------------------------------


def test_an_ascii_grid_keeps_every_digit_and_has_its_crs_next_to_it(tmp_path: Path) -> None:
    values = np.random.default_rng(2).uniform(0, 10, (5, 7)).astype(np.float32)
    values[1, 2] = np.nan
    mask = np.array([[0, 1, 255]] * 3, dtype=np.uint8)
    wkt = osr.SpatialReference()
    wkt.ImportFromEPSG(5186)
    for name, array in (("fs", values), ("mask", mask)):
        place = Grid(*array.shape, (200_000.0, 5.0, 0.0, 560_000.0, 0.0, -5.0), wkt.ExportToWkt())
        write(tmp_path / f"{name}.asc", array, place, {"SLOPECAST_VERSION": "x"}, "title")
        dataset = gdal.Open(str(tmp_path / f"{name}.asc"))
        stored = dataset.GetRasterBand(1).ReadAsArray().astype(array.dtype)  # inside QGIS the driver reads 64 bits
        if array.dtype == np.uint8:
            np.testing.assert_array_equal(stored, array)
        else:
            np.testing.assert_array_equal(np.where(stored == -9999, np.nan, stored), array)
        assert dataset.GetGeoTransform() == place.geotransform
        assert "Central_Belt" in (tmp_path / f"{name}.prj").read_text().replace(" ", "_")
        assert dataset.GetMetadata()["SLOPECAST_VERSION"] == "x"
    assert {p.suffix for p in tmp_path.iterdir()} == {".asc", ".prj", ".xml"}


def test_what_an_ascii_grid_cannot_hold_is_refused(tmp_path: Path) -> None:
    oblong = Grid(3, 3, (0.0, 5.0, 0.0, 15.0, 0.0, -5.2), "")
    with pytest.raises(InputError, match=r"5 x 5\.2 m.*square cells"):
        write(tmp_path / "a.asc", np.zeros((3, 3)), oblong)
    assert list(tmp_path.iterdir()) == []


def test_bands_keep_their_order_and_names(tmp_path: Path) -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    write(tmp_path / "a.tif", array, Grid.local((3, 4), 5.0), {}, ["first", "second"])
    dataset = gdal.Open(str(tmp_path / "a.tif"))
    np.testing.assert_array_equal(dataset.ReadAsArray(), array)
    assert [dataset.GetRasterBand(n).GetDescription() for n in (1, 2)] == ["first", "second"]
    assert dataset.GetRasterBand(2).GetNoDataValue() == -9999
