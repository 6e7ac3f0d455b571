"""Units that rasters declare, in every way in which a file can: converted, refused, or left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from messages import Messages
from osgeo import gdal
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.crs import vertical_axis
from slopecast.plugin.core.raster.gdal_errors import option
from slopecast.plugin.core.raster.inputs import (
    ELEVATION,
    MASK,
    SOIL_DEPTH,
    RasterInput,
    RasterKind,
    deviation_kind,
    parameter_kind,
)
from slopecast.plugin.core.raster.read import read_aligned, read_dem
from slopecast.plugin.variables import BY_NAME
from written_rasters import UTM10, crs_wkt, write_bands

SURVEY_FOOT = 1200.0 / 3937.0
VALUES = np.linspace(1000.0, 1400.0, 48, dtype=np.float32).reshape(6, 8)
#: A spelling of each kind and its length [m].
SPELLINGS = {
    "m": 1.0, "Metre": 1.0, "metres": 1.0, "METERS": 1.0, "meter(s)": 1.0, "m a.s.l.": 1.0,
    "metres above sea level": 1.0, "m+NHN": 1.0, "m (NAVD88)": 1.0, "unknown": 1.0, "n/a": 1.0,
    "ft": 0.3048, "Foot": 0.3048, "FEET": 0.3048, "international foot": 0.3048, "feet NAVD88": 0.3048,
    "US survey foot": SURVEY_FOOT, "ftUS": SURVEY_FOOT, "us-ft": SURVEY_FOOT, "US_survey_feet": SURVEY_FOOT,
    "foot_us": SURVEY_FOOT, "U.S. survey feet": SURVEY_FOOT,
    "cm": 0.01, "centimetre": 0.01, "dm": 0.1, "mm": 0.001, "km": 1000.0, "yd": 0.9144,
}  # fmt: skip


def elevation(source: str, **more) -> tuple[np.ndarray, Messages]:
    log = Messages()
    return read_dem(RasterInput(source, **more), log)[0], log


def aligned(source: str, kind: RasterKind, grid: Grid | None = None, **more) -> tuple[np.ndarray, Messages]:
    log = Messages()
    grid = grid or Grid(*VALUES.shape, UTM10, crs_wkt("EPSG:32610"))
    return read_aligned(RasterInput(source, "Layer", kind, **more), grid, log), log


# --- elevations -----------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_bands_unit_is_read_in_every_spelling(spelling: str, tmp_path: Path) -> None:
    metres = SPELLINGS[spelling]
    read, log = elevation(write_bands(tmp_path / "dem.tif", VALUES / np.float32(metres), unit=spelling))
    np.testing.assert_allclose(read, VALUES, rtol=1e-6)
    assert len(log.notes) == (metres != 1.0)
    assert log.cautions == []


def test_the_note_names_unit_and_factor(tmp_path: Path) -> None:
    _, log = elevation(write_bands(tmp_path / "dem.tif", VALUES, unit="US survey foot"))
    assert log.notes == [
        "Digital elevation model (DEM): heights are converted from US survey feet to metres (x 0.3048006)."
    ]


@pytest.mark.parametrize(
    ("crs", "options", "metres"),
    [
        ("EPSG:32610+6360", [], SURVEY_FOOT),
        pytest.param(
            "EPSG:32610+6360",
            ["GEOTIFF_VERSION=1.0"],
            SURVEY_FOOT,
            marks=pytest.mark.skipif(int(gdal.VersionInfo()) < 3060000, reason="GDAL reads its own file in feet"),
        ),
        ("EPSG:32610+8228", [], 0.3048),
        ("EPSG:32610+5703", [], 1.0),
        ("EPSG:32610", [], 1.0),
    ],
)
def test_the_vertical_coordinate_system_is_read(crs: str, options: list, metres: float, tmp_path: Path) -> None:
    source = write_bands(tmp_path / "dem.tif", VALUES / np.float32(metres), crs=crs, options=options)
    read, log = elevation(source)
    np.testing.assert_allclose(read, VALUES, rtol=1e-6)
    assert len(log.notes) == (metres != 1.0)
    _, grid = read_dem(RasterInput(source), log)
    assert vertical_axis(None) is None
    assert "VERT" not in grid.crs_wkt, "a result holds no heights of that system"


def test_a_gdal_without_options_of_a_thread_reads_the_vertical_system_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GDAL 3.3, as in QGIS 3.28 to 3.40 on macOS: an option holds until the last one that wants it is done."""
    for name in ("GetThreadLocalConfigOption", "SetThreadLocalConfigOption"):
        monkeypatch.delattr(gdal, name)
    wanted = "GTIFF_REPORT_COMPD_CS"
    before = gdal.GetConfigOption(wanted)
    source = write_bands(tmp_path / "dem.tif", VALUES / np.float32(SURVEY_FOOT), crs="EPSG:32610+6360")
    with option(wanted, "YES"):
        np.testing.assert_allclose(elevation(source)[0], VALUES, rtol=1e-6)
        assert gdal.GetConfigOption(wanted) == "YES"
    assert gdal.GetConfigOption(wanted) == before


def test_the_layers_own_vertical_system_overrules_the_files(tmp_path: Path) -> None:
    source = write_bands(tmp_path / "dem.tif", VALUES / np.float32(SURVEY_FOOT), crs="EPSG:32610")
    read, _ = elevation(source, crs_wkt=crs_wkt("EPSG:32610+6360"))
    np.testing.assert_allclose(read, VALUES, rtol=1e-6)


def test_heights_in_three_dimensions_are_metres(tmp_path: Path) -> None:
    from osgeo import osr

    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32610)
    crs.PromoteTo3D(None)
    read, log = elevation(write_bands(tmp_path / "dem.tif", VALUES), crs_wkt=crs.ExportToWkt(["FORMAT=WKT2_2018"]))
    np.testing.assert_array_equal(read, VALUES)
    assert log.notes == []


def test_scale_and_offset_come_before_the_unit(tmp_path: Path) -> None:
    """1000 ft stored as (1000 - 500) / 0.5; NoData is compared with what is stored."""
    stored = np.full((5, 5), 1000, np.int16)
    stored[2, 2] = 500
    source = write_bands(tmp_path / "dem.tif", stored, scale=0.5, offset=500.0, unit="ft", nodata=500)
    read, _ = elevation(source)
    assert np.isnan(read[2, 2])
    np.testing.assert_allclose(np.delete(read.ravel(), 12), 304.8, rtol=1e-6)


def test_millimetres_in_whole_numbers_keep_their_digits(tmp_path: Path) -> None:
    stored = np.full((4, 4), 3_456_789, np.int32)
    read, _ = elevation(write_bands(tmp_path / "dem.tif", stored, unit="mm"))
    assert read[0, 0] == np.float32(3456.789)


@pytest.mark.parametrize(("zunits", "metres"), [("FEET", 0.3048), ("METERS", 1.0), ("NO", 1.0), ("100", 0.01)])
def test_the_old_projection_file_of_an_ascii_grid(zunits: str, metres: float, tmp_path: Path) -> None:
    rows = "\n".join(" ".join(f"{v / metres:.5f}" for v in row) for row in VALUES)
    header = "ncols 8\nnrows 6\nxllcorner 500000\nyllcorner 4500000\ncellsize 10\n"
    (tmp_path / "dem.asc").write_text(f"{header}{rows}\n")
    (tmp_path / "dem.prj").write_text(
        f"Projection    UTM\nZone          10\nDatum         WGS84\nZunits        {zunits}\nUnits         METERS\n"
        "Spheroid      WGS84\nXshift 0.0\nYshift 0.0\nParameters\n"
    )
    read, _ = elevation(str(tmp_path / "dem.asc"))
    np.testing.assert_allclose(read, VALUES, rtol=1e-6)


def test_metadata_of_the_band(tmp_path: Path) -> None:
    source = write_bands(tmp_path / "dem.tif", VALUES)
    dataset = gdal.Open(source, gdal.GA_Update)
    dataset.GetRasterBand(1).SetMetadataItem("units", "feet")
    dataset = None
    np.testing.assert_allclose(elevation(source)[0], VALUES * 0.3048, rtol=1e-6)


def test_a_netcdf_variable(tmp_path: Path) -> None:
    if gdal.GetDriverByName("netCDF") is None:
        pytest.skip("GDAL has no netCDF driver")
    source = write_bands(tmp_path / "dem.tif", VALUES)
    dataset = gdal.Open(source, gdal.GA_Update)
    dataset.GetRasterBand(1).SetMetadataItem("units", "feet")
    dataset = None
    gdal.Translate(str(tmp_path / "dem.nc"), source, format="netCDF")
    np.testing.assert_allclose(elevation(f"NETCDF:{tmp_path / 'dem.nc'}:Band1")[0], VALUES * 0.3048, rtol=1e-6)


REFUSED = {
    "another quantity": ({"unit": "degree"}, "declares the unit 'degree'.*elevation in m"),
    "no unit": ({"unit": "furlong"}, "declares the unit 'furlong'"),
    "a velocity": ({"unit": "m/s"}, "declares the unit 'm/s'"),
    "two units": ({"unit": "ft", "crs": "EPSG:32610+5703"}, "declares two units.*vertical.*metre.*band ft"),
    "the other way round": ({"unit": "m", "crs": "EPSG:32610+6360"}, "two units.*US survey foot.*band m"),
    "depths": ({"crs": "EPSG:32610+5715"}, "grow downwards"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_contradictions_and_other_quantities_are_refused(why: str, tmp_path: Path) -> None:
    given, words = REFUSED[why]
    with pytest.raises(InputError, match=f"(?s){words}.*Raster Calculator"):
        elevation(write_bands(tmp_path / "dem.tif", VALUES, **given))


def test_the_same_unit_twice_is_no_contradiction(tmp_path: Path) -> None:
    read, _ = elevation(write_bands(tmp_path / "dem.tif", VALUES, unit="ft", crs="EPSG:32610+6360"))
    np.testing.assert_allclose(read, VALUES * SURVEY_FOOT, rtol=1e-5)


# --- soil depths ----------------------------------------------------------------------------


@pytest.mark.parametrize(("unit", "metres"), [("cm", 0.01), ("ft", 0.3048), ("US survey foot", SURVEY_FOOT), ("m", 1)])
@pytest.mark.parametrize("shift", [0.0, 3.0])
def test_depths_are_converted_aligned_or_not(unit: str, metres: float, shift: float, tmp_path: Path) -> None:
    """The warped path has no cell on the last column's edge; there the plane is cut."""
    col = np.arange(8.0) + shift / 10.0
    depth = np.broadcast_to((1.0 + 0.1 * col) / metres, (6, 8)).astype(np.float32)
    source = write_bands(tmp_path / "d.tif", depth, unit=unit, transform=(500_000.0 + shift, *UTM10[1:]))
    read, log = aligned(source, SOIL_DEPTH)
    inside = np.s_[:, 1:-1]
    np.testing.assert_allclose(read[inside], np.broadcast_to(1.0 + 0.1 * np.arange(8.0), (6, 8))[inside], rtol=1e-3)
    assert len(log.notes) == (metres != 1)


@pytest.mark.parametrize("shift", [0.0, 3.0, 10.0])
def test_scale_offset_and_unit_of_a_warped_layer(shift: float, tmp_path: Path) -> None:
    stored = np.full((6, 8), 100, np.int16)
    stored[0, 0] = -1
    source = write_bands(
        tmp_path / "d.tif", stored, unit="ft", scale=0.05, offset=2.0, nodata=-1,
        transform=(500_000.0 - shift, *UTM10[1:]),
    )  # fmt: skip
    read, _ = aligned(source, SOIL_DEPTH)
    np.testing.assert_allclose(read[2:, :6], 7.0 * 0.3048, rtol=1e-6)


@pytest.mark.parametrize("shift", [0.0, 4.0])
def test_the_layers_own_nodata_is_of_scaled_values(shift: float, tmp_path: Path) -> None:
    """QGIS compares its own NoData with what it shows: scaled, but in the file's unit."""
    stored = np.full((6, 8), 100, np.int16)
    stored[:, 4:] = 20
    transform = (500_000.0 - shift, *UTM10[1:])
    source = write_bands(tmp_path / "d.tif", stored, unit="ft", scale=0.05, offset=2.0, transform=transform)
    read, _ = aligned(source, SOIL_DEPTH, nodata=((1, 2.9, 3.1), (2, 0.0, 99.0)))
    assert np.isnan(read[:, 5:7]).all()
    np.testing.assert_allclose(read[:, :3], 7.0 * 0.3048, rtol=1e-6)


@pytest.mark.parametrize(("scale", "offset"), [(0.01, 0.0), (0.001, 0.0), (0.1, -273.15), (1.0, 0.0)])
@pytest.mark.parametrize("unit", ["m", "ft"])
@pytest.mark.parametrize("missing", [-9999, -999, 255, 65534])
def test_the_layers_own_nodata_is_found_however_values_are_scaled(
    missing: int, unit: str, scale: float, offset: float, tmp_path: Path
) -> None:
    """A value in single precision differs from the one that QGIS shows, and that its user has entered."""
    stored = np.full((6, 8), 300, np.int32)
    stored[2:4, 2:4] = missing
    source = write_bands(tmp_path / "d.tif", stored, unit=unit, scale=scale, offset=offset, transform=UTM10)
    value = missing * scale + offset
    read, _ = aligned(source, SOIL_DEPTH, nodata=((1, value, value),))
    assert np.isnan(read[2:4, 2:4]).all()
    assert np.isfinite(read).sum() == read.size - 4


def test_a_depth_in_a_system_of_heights_in_feet_is_refused(tmp_path: Path) -> None:
    source = write_bands(tmp_path / "d.tif", np.full((6, 8), 2.0, np.float32), crs="EPSG:32610+6360")
    with pytest.raises(InputError, match=r"heights in US survey foot.*no unit of their own"):
        aligned(source, SOIL_DEPTH)


def test_a_depth_in_a_system_of_heights_in_metres_is_metres(tmp_path: Path) -> None:
    source = write_bands(tmp_path / "d.tif", np.full((6, 8), 2.0, np.float32), crs="EPSG:32610+5703")
    assert (aligned(source, SOIL_DEPTH)[0] == 2.0).all()


@pytest.mark.parametrize(("unit", "doubted"), [("", True), ("m", False), ("ft", False)])
def test_a_depth_without_unit_on_a_map_in_feet_is_doubted(unit: str, doubted: bool, tmp_path: Path) -> None:
    feet = tuple(part / SURVEY_FOOT for part in UTM10)
    crs = "+proj=utm +zone=10 +datum=WGS84 +units=us-ft"
    depth = np.full((6, 8), 2.0, np.float32)
    source = write_bands(tmp_path / "d.tif", depth, crs=crs, transform=feet, unit=unit)
    log = aligned(source, SOIL_DEPTH)[1]
    assert [("convert them" in str(caution)) for caution in log.cautions] == [True] * doubted
    if not unit:  # of no length
        assert aligned(source, parameter_kind(BY_NAME["cohesion"]))[1].cautions == []


def test_vertical_systems_do_not_shift_values_in_a_warp(tmp_path: Path) -> None:
    """Between heights in feet and in metres PROJ would multiply them, and between ellipsoid and geoid add."""
    source = write_bands(tmp_path / "d.tif", np.full((20, 20), 2.0, np.float32), crs="EPSG:32611+5703",
                         transform=(3_000.0, 10.0, 0.0, 4_520_000.0, 0.0, -10.0))  # fmt: skip
    grid = Grid(6, 8, (3_050.0, 12.0, 0.0, 4_519_950.0, 0.0, -12.0), crs_wkt("EPSG:32611+6360"))
    np.testing.assert_allclose(aligned(source, SOIL_DEPTH, grid)[0], 2.0, rtol=1e-6)


# --- parameters -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "unit", "stored", "wanted"),
    [
        ("cohesion", "Pa", 8000.0, 8.0),
        ("cohesion", "kN/m2", 8.0, 8.0),
        ("cohesion", "kPa", 8.0, 8.0),
        ("friction_angle", "rad", 0.5, np.degrees(0.5)),
        ("friction_angle", "degrees", 30.0, 30.0),
        ("conductivity", "cm/s", 1e-4, 1e-6),
        ("conductivity", "mm/h", 3.6, 1e-6),
        ("conductivity", "m s-1", 1e-6, 1e-6),
        ("rainfall", "mm/day", 48.0, 2.0),
        ("moisture_deficit", "%", 10.0, 0.1),
        ("water_table_ratio", "1", 0.3, 0.3),
        ("root_depth", "ft", 2.0, 0.6096),
        ("unit_weight_moist", "kg/m3", 1800.0, 17.658),
    ],
)
def test_parameters_are_brought_to_their_unit(
    name: str, unit: str, stored: float, wanted: float, tmp_path: Path
) -> None:
    for kind in (parameter_kind(BY_NAME[name]), deviation_kind(BY_NAME[name])):
        source = write_bands(tmp_path / "p.tif", np.full((6, 8), stored, np.float32), unit=unit)
        read, log = aligned(source, kind)
        np.testing.assert_allclose(read, wanted, rtol=1e-6)
        assert len(log.notes) == (abs(stored / wanted - 1.0) > 1e-5)


@pytest.mark.parametrize(
    ("name", "unit"), [("cohesion", "m"), ("conductivity", "ft"), ("rainfall", "mm"), ("friction_angle", "kPa")]
)
def test_parameters_in_a_unit_of_something_else_are_refused(name: str, unit: str, tmp_path: Path) -> None:
    source = write_bands(tmp_path / "p.tif", np.full((6, 8), 5.0, np.float32), unit=unit)
    with pytest.raises(InputError, match=f"declares the unit '{unit}'"):
        aligned(source, parameter_kind(BY_NAME[name]))


def test_the_unit_of_the_vertical_system_is_that_of_elevations_only(tmp_path: Path) -> None:
    source = write_bands(tmp_path / "p.tif", np.full((6, 8), 5.0, np.float32), crs="EPSG:32610+6360")
    read, log = aligned(source, parameter_kind(BY_NAME["cohesion"]))
    assert (read == 5.0).all()
    assert log.notes == []
    mask = write_bands(tmp_path / "m.tif", np.ones((6, 8), np.uint8), crs="EPSG:32610+6360", unit="m")
    assert (elevation(mask, kind=MASK)[0] == 1.0).all()
    assert ELEVATION.unit == "m"
