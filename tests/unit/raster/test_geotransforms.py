"""Rotation, shear, direction and offsets of cells: in comparisons of grids, and in what is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from messages import Messages
from osgeo import gdal
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.crs import horizontal, is_placeholder
from slopecast.plugin.core.raster.inputs import SOIL_DEPTH, RasterInput
from slopecast.plugin.core.raster.read import read_aligned, read_dem
from written_rasters import UTM10, crs_wkt, write_bands

WKT = crs_wkt("EPSG:32610")
DEM = Grid(60, 60, UTM10, WKT)
X0, _, _, Y0, _, _ = UTM10


def centres(transform: tuple, shape: tuple[int, int] = (60, 60)) -> tuple[np.ndarray, np.ndarray]:
    row, col = np.mgrid[: shape[0], : shape[1]] + 0.5
    x0, dx, shear_x, y0, shear_y, dy = transform
    return x0 + col * dx + row * shear_x, y0 + col * shear_y + row * dy


def depths(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A plane, which bilinear interpolation hits."""
    return (2.0 + 0.002 * (x - X0) + 0.001 * (y - Y0)).astype(np.float32)


def placed(path: Path, transform: tuple, shape: tuple[int, int] = (60, 60), crs: str = "EPSG:32610") -> RasterInput:
    values = depths(*centres(transform, shape))
    return RasterInput(write_bands(path, values, transform=transform, crs=crs), "Soil depth", SOIL_DEPTH)


#: Grids of 60 x 60 cells that are not the DEM's, though much of their geotransform is.
OTHERS = {
    "sheared rows": (X0, 10.0, 4.0, Y0, 0.0, -10.0),
    "sheared columns": (X0, 10.0, 0.0, Y0, -3.0, -10.0),
    "slightly sheared": (X0, 10.0, 0.02, Y0, 0.0, -10.0),
    "rotated": (X0, 8.0, 6.0, Y0, 6.0, -8.0),
    "rotated by a quarter": (X0, 0.0, 10.0, Y0 - 600.0, 10.0, 0.0),
    "south up": (X0, 10.0, 0.0, Y0 - 600.0, 0.0, 10.0),
    "west going": (X0 + 600.0, -10.0, 0.0, Y0, 0.0, -10.0),
    "both": (X0 + 600.0, -10.0, 0.0, Y0 - 600.0, 0.0, 10.0),
    "half a cell east": (X0 + 5.0, 10.0, 0.0, Y0, 0.0, -10.0),
    "a hundredth of a cell south": (X0, 10.0, 0.0, Y0 - 0.1, 0.0, -10.0),
    "wider by a thousandth": (X0, 10.01, 0.0, Y0, 0.0, -10.0),
}


@pytest.mark.parametrize("which", OTHERS)
def test_other_cells_are_not_the_same(which: str) -> None:
    other = Grid(60, 60, OTHERS[which], WKT)
    assert not DEM.same_as(other)
    assert not other.same_as(DEM)
    assert other.same_as(other)
    assert not DEM.coincides_with(other)


@pytest.mark.parametrize("which", OTHERS)
def test_a_plane_is_read_where_it_lies(which: str, tmp_path: Path) -> None:
    """GDAL's warp is exact to an eighth of a cell, which is 0.004 m on this plane."""
    raster = placed(tmp_path / "d.tif", OTHERS[which])
    log = Messages()
    read = read_aligned(raster, DEM, log)
    x, y = centres(UTM10)
    right = depths(x, y)
    own = np.linalg.inv([[*OTHERS[which][1:3]], [*OTHERS[which][4:6]]]) @ np.stack(
        [(x - OTHERS[which][0]).ravel(), (y - OTHERS[which][3]).ravel()]
    )
    inside = ((own > 0.6) & (own < 59.4)).all(axis=0).reshape(60, 60)
    outside = ((own < -0.6) | (own > 60.6)).any(axis=0).reshape(60, 60)
    np.testing.assert_allclose(read[inside], right[inside], atol=0.004)
    assert np.isnan(read[outside]).all()
    assert inside.sum() > 1000
    assert len(log.info) == 1


def test_rounding_in_the_rotation_terms_is_none(tmp_path: Path) -> None:
    transform = (X0, 10.0, 1e-6, Y0, -1e-12, -10.0)
    log = Messages()
    read = read_aligned(placed(tmp_path / "d.tif", transform), DEM, log)
    np.testing.assert_allclose(read, depths(*centres(UTM10)), atol=1e-5)
    assert log.info == []
    _, grid = read_dem(RasterInput(str(tmp_path / "d.tif"), kind=SOIL_DEPTH), log)
    assert grid.geotransform == UTM10


@pytest.mark.parametrize("which", ["sheared rows", "sheared columns", "rotated", "rotated by a quarter"])
def test_a_rotated_or_sheared_dem_is_refused_with_a_way_out(which: str, tmp_path: Path) -> None:
    placed(tmp_path / "dem.tif", OTHERS[which])
    with pytest.raises(InputError, match=r"rotated or sheared.*Warp"):
        read_dem(RasterInput(str(tmp_path / "dem.tif")))


def test_a_dem_whose_columns_run_west_is_mirrored(tmp_path: Path) -> None:
    placed(tmp_path / "dem.tif", OTHERS["west going"])
    values, grid = read_dem(RasterInput(str(tmp_path / "dem.tif")))
    assert grid.geotransform == UTM10
    np.testing.assert_array_equal(values, depths(*centres(UTM10)))


@pytest.mark.parametrize("which", ["south up", "both"])
def test_a_dem_whose_rows_run_north_is_mirrored(which: str, tmp_path: Path) -> None:
    placed(tmp_path / "dem.tif", OTHERS[which])
    values, grid = read_dem(RasterInput(str(tmp_path / "dem.tif")))
    assert grid.geotransform == UTM10
    np.testing.assert_array_equal(values, depths(*centres(UTM10)))


@pytest.mark.parametrize("which", ["rotated", "sheared rows"])
def test_sizes_of_a_rotated_grid(which: str) -> None:
    grid = Grid(60, 60, OTHERS[which], WKT)
    x, y = centres(OTHERS[which])
    x_min, y_min, x_max, y_max = grid.bounds
    assert x_min < x.min() < x.max() < x_max
    assert y_min < y.min() < y.max() < y_max
    assert (grid.cell_area, grid.cell_width) == pytest.approx((100.0, 10.0))


def test_points_and_areas_lie_alike(tmp_path: Path) -> None:
    """A file whose coordinates are those of the cells' centres is read half a cell further."""
    values = depths(*centres(UTM10))
    path = write_bands(tmp_path / "area.tif", values)
    point = str(tmp_path / "point.tif")
    gdal.Translate(point, path, metadataOptions=["AREA_OR_POINT=Point"])
    log = Messages()
    read = read_aligned(RasterInput(point, "Soil depth", SOIL_DEPTH), DEM, log)
    np.testing.assert_array_equal(read, values)
    assert log.info == []


def test_control_points_place_a_layer_but_no_dem(tmp_path: Path) -> None:
    values = depths(*centres(UTM10))
    path = write_bands(tmp_path / "gcp.tif", values, transform=None, crs="")
    dataset = gdal.Open(path, gdal.GA_Update)
    corners = [(0, 0), (60, 0), (0, 60), (60, 60)]
    points = [gdal.GCP(X0 + 10.0 * col, Y0 - 10.0 * row, 0.0, col, row) for col, row in corners]
    dataset.SetGCPs(points, WKT)
    dataset = None
    raster = RasterInput(path, "Soil depth", SOIL_DEPTH)
    np.testing.assert_allclose(read_aligned(raster, DEM, Messages()), values, atol=1e-3)
    with pytest.raises(InputError, match=r"no georeference, but 4 control points.*Warp"):
        read_dem(RasterInput(path))


def test_a_raster_without_any_place_is_refused(tmp_path: Path) -> None:
    path = write_bands(tmp_path / "nowhere.tif", np.ones((60, 60), np.float32), transform=None)
    for read in (lambda: read_dem(RasterInput(path)), lambda: read_aligned(RasterInput(path), DEM, Messages())):
        with pytest.raises(InputError, match="no georeference"):
            read()


def test_a_virtual_raster_of_a_rotated_one(tmp_path: Path) -> None:
    placed(tmp_path / "d.tif", OTHERS["rotated"])
    gdal.Translate(str(tmp_path / "d.vrt"), str(tmp_path / "d.tif"), format="VRT")
    log = Messages()
    vrt, tif = (read_aligned(RasterInput(str(tmp_path / f"d.{e}"), "D", SOIL_DEPTH), DEM, log) for e in ("vrt", "tif"))
    np.testing.assert_array_equal(vrt, tif)
    assert "rotated or sheared" in log.info[0]


# --- without a coordinate system ------------------------------------------------------------


@pytest.mark.parametrize(
    "transform",
    [
        UTM10,
        (0.0, 5.0, 0.0, 300.0, 0.0, -5.0),  # local
        (-30.0, 0.5, 0.0, 20.0, 0.0, -0.5),  # a plot of 30 m
        (500_000.0, 0.01, 0.0, 4_500_000.0, 0.0, -0.01),
    ],
)
def test_coordinates_that_can_be_metres_are_taken_with_a_caution(transform: tuple, tmp_path: Path) -> None:
    z = (100.0 + 0.2 * centres(transform)[0]).astype(np.float32)
    log = Messages()
    values, grid = read_dem(RasterInput(write_bands(tmp_path / "dem.tif", z, transform=transform, crs="")), log)
    np.testing.assert_array_equal(values, z)
    assert grid.crs_wkt == ""
    assert len(log.cautions) == 1
    assert "assumed to be in metres" in log.cautions[0]


@pytest.mark.parametrize(
    ("transform", "steps"),
    [
        ((127.0, 1 / 3600, 0.0, 37.0, 0.0, -1 / 3600), 1.0),
        ((-70.0, 0.0083333, 0.0, -33.0, 0.0, -0.0083333), 5.0),
        ((350.0, 0.01, 0.0, 10.0, 0.0, -0.01), 5.0),
        ((-180.0, 0.25, 0.0, 90.0, 0.0, -0.25), 30.0),  # seen by its heights
        ((0.0, 1.0, 0.0, 60.0, 0.0, -1.0), 80.0),
    ],
)
def test_coordinates_that_look_like_degrees_are_refused(transform: tuple, steps: float, tmp_path: Path) -> None:
    z = (steps * np.mgrid[:60, :60].sum(axis=0)).astype(np.float32)
    source = write_bands(tmp_path / "dem.tif", z, transform=transform, crs="")
    with pytest.raises(InputError, match=r"no coordinate system.*degrees.*Set"):
        read_dem(RasterInput(source))


def test_a_layer_in_degrees_is_refused_where_the_dem_has_no_system(tmp_path: Path) -> None:
    raster = placed(tmp_path / "d.tif", (-123.0, 1e-4, 0.0, 40.6, 0.0, -1e-4), crs="EPSG:4326")
    with pytest.raises(InputError, match="coordinates in deg, and the DEM has no coordinate system"):
        read_aligned(raster, Grid(60, 60, UTM10, ""), Messages())


def test_a_missing_system_is_assumed_with_a_caution(tmp_path: Path) -> None:
    for crs, grid in (("", DEM), ("EPSG:32610", Grid(60, 60, UTM10, ""))):
        log = Messages()
        read = read_aligned(placed(tmp_path / "d.tif", UTM10, crs=crs), grid, log)
        np.testing.assert_array_equal(read, depths(*centres(UTM10)))
        assert len(log.cautions) == 1


#: What formats write where no coordinate system is known.
PLACEHOLDERS = {
    "GeoPackage": 'LOCAL_CS["Undefined Cartesian SRS",UNIT["Meter",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]',
    "GeoPackage 99999": 'LOCAL_CS["Undefined SRS",LOCAL_DATUM["unknown",32767],UNIT["Meter",1]]',
    "GeoPackage in degrees": 'GEOGCS["Undefined geographic SRS",DATUM["unknown",SPHEROID["unknown",6378137,298.25]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]',
    "ENVI": 'LOCAL_CS["Arbitrary",UNIT["metre",1]]',
    "Idrisi": 'LOCAL_CS["Plane",UNIT["Meter",1]]',
    "GeoTIFF": 'LOCAL_CS["unnamed",UNIT["metre",1]]',
    "BT": 'LOCAL_CS["Unknown",UNIT["Meter",1]]',
    "PROJ": 'ENGCRS["unknown",EDATUM["Unknown engineering datum"],CS[Cartesian,2],AXIS["(E)",east,ORDER[1],'
    'LENGTHUNIT["metre",1]],AXIS["(N)",north,ORDER[2],LENGTHUNIT["metre",1]]]',
    "datum's name": 'LOCAL_CS["Unknown engineering datum",UNIT["metre",1]]',
}
OWN_NAMES = {
    "local": 'LOCAL_CS["Mine grid of Sondrio",LOCAL_DATUM["Pithead",32767],UNIT["metre",1]]',
    "projected": WKT,
    "unnamed projected": crs_wkt("+proj=tmerc +lon_0=9 +ellps=bessel +units=m"),
    "geographic": crs_wkt("EPSG:4326"),
    "feet": 'LOCAL_CS["unnamed",UNIT["foot",0.3048]]',
}


@pytest.mark.parametrize("which", PLACEHOLDERS)
def test_a_placeholder_is_no_coordinate_system(which: str, tmp_path: Path) -> None:
    wkt = PLACEHOLDERS[which]
    assert is_placeholder(wkt)
    assert horizontal(wkt) == ""
    placed(tmp_path / "raster.tif", UTM10, crs="")
    for raster in (RasterInput(str(tmp_path / "raster.tif"), crs_wkt=wkt), _virtual(tmp_path, wkt)):
        log = Messages()
        values, grid = read_dem(raster, log)
        assert grid.crs_wkt == ""
        assert np.isfinite(values).all()
        assert ["no coordinate system" in text for text in log.cautions] == [True]
        log = Messages()
        aligned = read_aligned(RasterInput(raster.source, "Soil depth", SOIL_DEPTH, wkt), DEM, log)
        np.testing.assert_array_equal(aligned, values)
        assert ["the DEM's is assumed" in text for text in log.cautions] == [True]


@pytest.mark.parametrize("which", PLACEHOLDERS)
def test_degrees_in_a_placeholder_are_refused(which: str, tmp_path: Path) -> None:
    degrees = (9.0, 0.001, 0.0, 46.0, 0.0, -0.001)
    placed(tmp_path / "raster.tif", degrees, crs="")
    with pytest.raises(InputError, match="look like degrees"):
        read_dem(RasterInput(str(tmp_path / "raster.tif"), crs_wkt=PLACEHOLDERS[which]))


@pytest.mark.parametrize("which", OWN_NAMES)
def test_a_system_with_a_name_or_a_unit_of_its_own_is_none(which: str) -> None:
    assert not is_placeholder(OWN_NAMES[which])
    assert horizontal(OWN_NAMES[which]) == OWN_NAMES[which]


def test_a_local_system_is_kept(tmp_path: Path) -> None:
    placed(tmp_path / "raster.tif", UTM10, crs="")
    log = Messages()
    _, grid = read_dem(RasterInput(str(tmp_path / "raster.tif"), crs_wkt=OWN_NAMES["local"]), log)
    assert grid.crs_wkt == OWN_NAMES["local"]
    assert log.cautions == []


def _virtual(folder: Path, wkt: str) -> RasterInput:
    """A file that has a placeholder itself."""
    dataset = gdal.Translate(str(folder / "v.vrt"), str(folder / "raster.tif"), format="VRT")
    dataset.SetProjection(wkt)
    dataset = None
    return RasterInput(str(folder / "v.vrt"))
