"""Lengths on the map over lengths on the ground, against what the projections' own formulas give."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from messages import Messages
from osgeo import osr
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.raster.coordinates import distortion
from slopecast.plugin.core.raster.crs import metric_system, metric_system_at
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from written_rasters import crs_wkt, write_bands

#: Projections of grids on which slopes are computed, with places (lon, lat) of theirs.
KEPT = {
    "EPSG:32632": [(9, 0.1), (9, 47), (12, 47), (15, 47), (6, 70)],  # its zone is 6 to 12 deg
    "EPSG:32719": [(-70.6, -33.4)],
    "EPSG:31287": [(10, 47), (17, 48)],
    "EPSG:27700": [(-3, 56)],
    "EPSG:2056": [(8, 46.5)],
    "EPSG:5179": [(127, 37)],
    "EPSG:5186": [(127, 37)],
    "EPSG:2154": [(2, 43), (8, 42)],
    "EPSG:27572": [(3, 45)],  # degrees are grads there, from Paris
    "EPSG:3035": [(10, 52), (-9, 38.5), (-22, 64), (24, 35), (33, 35), (28, 70)],
    "EPSG:5070": [(-96, 25), (-96, 37.5), (-122, 47)],
    "EPSG:3413": [(-45, 70), (-45, 61)],
    "EPSG:2193": [(175, -40)],
    "EPSG:5514": [(15, 50)],
    "EPSG:2053": [(29, -28)],  # axes run west and south
    "EPSG:6933": [(10, 30)],  # its true parallel
    "ESRI:54008": [(0.1, 40)],  # sinusoidal: true along its central meridian
    "EPSG:4087": [(10, 0.5)],
}
#: Projections of grids that stretch, with the zone that the advice names.
STRETCHED = {
    "EPSG:6933": [(102, 4, "UTM zone 48N (EPSG:32648)"), (10, 47, "UTM zone 32N (EPSG:32632)")],
    "EPSG:3410": [(10, 10, "UTM zone 32N (EPSG:32632)")],
    "EPSG:8857": [(10, 0.1, "UTM zone 32N (EPSG:32632)"), (-70, -33, "UTM zone 19S (EPSG:32719)")],
    "ESRI:54008": [(30, 45, "UTM zone 36N (EPSG:32636)"), (-70, -33, "UTM zone 19S (EPSG:32719)")],
    "+proj=sinu +R=6371007.181": [(127, 37, "UTM zone 52N (EPSG:32652)")],  # of MODIS
    "EPSG:4087": [(10, 47, "UTM zone 32N (EPSG:32632)")],
    "EPSG:32662": [(10, 47, "UTM zone 32N (EPSG:32632)")],
    "ESRI:54009": [(100, 40, "UTM zone 47N (EPSG:32647)")],
    "ESRI:54030": [(10, 10, "UTM zone 32N (EPSG:32632)")],
    "EPSG:3857": [(11, 47, "UTM zone 32N (EPSG:32632)")],
    "EPSG:3035": [(100, 30, "UTM zone 47N (EPSG:32647)")],
    "EPSG:3413": [(-45, 45, "UTM zone 23N (EPSG:32623)")],
}


def place_in(crs: str, lon: float, lat: float) -> tuple[float, float]:
    world, own = osr.SpatialReference(), osr.SpatialReference()
    world.ImportFromEPSG(4326)
    own.SetFromUserInput(crs)
    for system in (world, own):
        system.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return osr.CoordinateTransformation(world, own).TransformPoint(lon, lat)[:2]


def dem_at(path: Path, crs: str, lon: float, lat: float) -> RasterInput:
    x, y = place_in(crs, lon, lat)
    z = np.add.outer(np.arange(20.0), np.arange(20.0)).astype(np.float32) + 100.0
    return RasterInput(write_bands(path, z, transform=(x - 100.0, 10.0, 0.0, y + 100.0, 0.0, -10.0), crs=crs))


@pytest.mark.parametrize(
    ("crs", "place", "least", "greatest", "slack"),
    [
        ("EPSG:25832", (500_000.0, 5_200_000.0), 0.9996, 0.9996, 1e-6),  # UTM on its central meridian
        ("EPSG:5186", (200_000.0, 600_000.0), 1.0, 1.0, 1e-6),  # Korea's central belt
        ("EPSG:31287", (400_000.0, 400_000.0), 1.0, 1.0, 1e-3),  # Austria's Lambert
        ("EPSG:3035", (4_321_000.0, 3_210_000.0), 1.0, 1.0, 1e-6),  # Europe's equal area, at its centre
        ("EPSG:3857", (1_200_000.0, 0.0), 1.0, 1.0 / 0.99330562, 1e-6),  # M / a is 1 - e2 at the equator
        ("+proj=eqc +R=6371000", (1e5, 6371000 * math.radians(60.0)), 1.0, 2.0, 1e-6),  # 1 / cos 60
        ("+proj=cea +lat_ts=30 +R=6371000", (1e5, 0.0), math.cos(math.pi / 6), 1.0 / math.cos(math.pi / 6), 1e-6),
        # azimuthal equal-area at the angle c: cos(c / 2) along the radius, 1 / cos(c / 2) across it
        ("+proj=laea +lat_0=90 +R=6371000", (0.0, -2 * 6371000 * math.sin(math.radians(15))),
         math.cos(math.radians(15)), 1 / math.cos(math.radians(15)), 1e-6),
    ],
)  # fmt: skip
def test_scales_of_known_projections(crs: str, place: tuple, least: float, greatest: float, slack: float) -> None:
    found = distortion(crs_wkt(crs), [place])
    assert (found.least, found.greatest) == pytest.approx((least, greatest), rel=slack)
    assert found.anisotropy == pytest.approx(greatest / least, rel=2 * slack)


def test_the_angle_between_the_axes_counts() -> None:
    """Sinusoidal at (lon, lat): the axes keep their lengths, but meet at an angle whose tangent is lon * sin(lat)."""
    lon, lat = math.radians(60.0), math.radians(45.0)
    x, y = 6371000 * lon * math.cos(lat), 6371000 * lat
    found = distortion(crs_wkt("+proj=sinu +R=6371000"), [(x, y)])
    shear = lon * math.sin(lat)
    scales = np.linalg.svd([[1.0, -shear], [0.0, 1.0]], compute_uv=False)
    assert (found.greatest, found.least) == pytest.approx(tuple(scales), rel=1e-5)


def test_the_worst_of_several_places_counts_and_those_off_the_map_do_not() -> None:
    places = [(0.0, 0.0), (0.0, 6371000 * math.radians(60.0)), (0.0, 3e7), (math.inf, 0.0)]
    found = distortion(crs_wkt("+proj=eqc +R=6371000"), places)
    assert (found.least, found.greatest, found.anisotropy) == pytest.approx((1.0, 2.0, 2.0), rel=1e-6)


@pytest.mark.parametrize("text", ["", "nonsense", crs_wkt("EPSG:4326")])
def test_the_scale_is_unknown_where_it_cannot_be_computed(text: str) -> None:
    assert distortion(text, [(0.0, 0.0)]) is None
    assert distortion(crs_wkt("EPSG:32632"), [(math.inf, 0.0)]) is None


@pytest.mark.parametrize(("crs", "lon", "lat"), [(crs, *place) for crs, places in KEPT.items() for place in places])
def test_grids_that_keep_lengths_pass(crs: str, lon: float, lat: float, tmp_path: Path) -> None:
    log = Messages()
    values, _ = read_dem(dem_at(tmp_path / "dem.tif", crs, lon, lat), log)
    assert np.isfinite(values).all()
    assert log.cautions == []


@pytest.mark.parametrize(
    ("crs", "lon", "lat", "zone"), [(crs, *place) for crs, places in STRETCHED.items() for place in places]
)
def test_grids_that_stretch_are_refused_with_the_zone(
    crs: str, lon: float, lat: float, zone: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        read_dem(dem_at(tmp_path / "dem.tif", crs, lon, lat))
    assert "projection" in str(error.value)
    assert f"into WGS 84 / {zone}." in str(error.value)


def test_only_the_part_with_data_is_judged(tmp_path: Path) -> None:
    """Plate carree from the equator to 45 deg north, of which the south alone has heights."""
    z = np.full((500, 3), np.nan, np.float32)
    z[-20:] = 100.0
    transform = (0.0, 10_000.0, 0.0, 5_000_000.0, 0.0, -10_000.0)
    source = write_bands(tmp_path / "dem.tif", z, transform=transform, crs="EPSG:4087", nodata=float("nan"))
    assert np.isfinite(read_dem(RasterInput(source))[0]).sum() == 60
    z[:] = 100.0
    with pytest.raises(InputError, match="projection"):
        read_dem(RasterInput(write_bands(tmp_path / "all.tif", z, transform=transform, crs="EPSG:4087")))


@pytest.mark.parametrize(
    ("crs", "words"),
    [("EPSG:4326", "degrees.*UTM zone 32N .EPSG:32632."), ("EPSG:2225", "US survey foot.*UTM zone 1.N")],
)
def test_degrees_and_feet_are_refused_with_the_zone(crs: str, words: str, tmp_path: Path) -> None:
    lon, lat = (11.0, 47.0) if crs == "EPSG:4326" else (-122.0, 40.0)
    x, y = place_in(crs, lon, lat)
    step = 1e-4 if crs == "EPSG:4326" else 10.0
    z = np.full((5, 5), 100.0, np.float32)
    source = write_bands(tmp_path / "dem.tif", z, transform=(x, step, 0, y, 0, -step), crs=crs)
    with pytest.raises(InputError, match=words):
        read_dem(RasterInput(source))


def test_a_local_system_is_accepted(tmp_path: Path) -> None:
    local = 'LOCAL_CS["quarry",UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]'
    source = write_bands(tmp_path / "dem.tif", np.full((5, 5), 100.0, np.float32), crs="")
    log = Messages()
    assert (read_dem(RasterInput(source, crs_wkt=local), log)[0] == 100.0).all()
    assert log.cautions == []


@pytest.mark.parametrize(
    ("lon", "lat", "name"),
    [
        (11.4, 47.3, "WGS 84 / UTM zone 32N (EPSG:32632)"),
        (-70.6, -33.4, "WGS 84 / UTM zone 19S (EPSG:32719)"),
        (5.3, 60.4, "WGS 84 / UTM zone 32N (EPSG:32632)"),  # Bergen
        (15.6, 78.2, "WGS 84 / UTM zone 33N (EPSG:32633)"),  # Longyearbyen
        (179.99, 10.0, "WGS 84 / UTM zone 60N (EPSG:32660)"),
        (180.0, 10.0, "WGS 84 / UTM zone 1N (EPSG:32601)"),
        (0.0, 85.0, "WGS 84 / UPS North (E,N) (EPSG:5041)"),
        (0.0, -85.0, "WGS 84 / UPS South (E,N) (EPSG:5042)"),
        (math.nan, 0.0, ""),
    ],
)
def test_the_system_of_a_place(lon: float, lat: float, name: str) -> None:
    assert metric_system_at(lon, lat) == name
    if name:
        code = int(name.rstrip(")").rsplit(":", maxsplit=1)[1])
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(code)
        assert name.startswith(crs.GetName())
        assert metric_system(crs_wkt("EPSG:4326"), lon, lat) == name


@pytest.mark.parametrize(
    "crs",
    [
        'LOCAL_CS["mine",UNIT["US survey foot",0.304800609601219]]',
        'LOCAL_CS["mine",UNIT["metre",1]]',
        "+proj=longlat +R=1737400",
        "+proj=eqc +R=3396190",
        "+proj=merc +a=3396190 +b=3376200",
    ],
)
def test_a_system_without_a_way_to_the_earth_has_no_metric_system(crs: str) -> None:
    assert metric_system(crs_wkt(crs), 10.0, 20.0) == ""


@pytest.mark.parametrize(
    ("crs", "problem"),
    [
        ('LOCAL_CS["mine",UNIT["US survey foot",0.304800609601219]]', "in US survey foot, not in metres"),
        ("+proj=longlat +R=1737400", "not in a projected coordinate system"),
        ("+proj=eqc +R=3396190", "in a projection in which one metre"),
    ],
)
def test_such_systems_are_refused_with_general_advice(crs: str, problem: str, tmp_path: Path) -> None:
    dem = write_bands(tmp_path / "dem.tif", np.ones((6, 8), np.float32), crs=crs,
                      transform=(10.0, 1.0, 0.0, 3_000_000.0 if "eqc" in crs else 50.0, 0.0, -1.0))  # fmt: skip
    with pytest.raises(InputError, match=f"(?s){problem}.*the UTM zone of the area"):
        read_dem(RasterInput(dem), Feedback())
