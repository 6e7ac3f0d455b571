"""Units in the names, metadata and headers of rasters: converted, compared with each other, or refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from messages import Messages
from osgeo import gdal
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.inputs import (
    ELEVATION,
    SOIL_DEPTH,
    RasterInput,
    RasterKind,
    deviation_kind,
    parameter_kind,
)
from slopecast.plugin.core.raster.read import read_aligned, read_dem
from slopecast.plugin.core.raster.unit_texts import unit_factor
from slopecast.plugin.variables import BY_NAME
from written_rasters import UTM10, crs_wkt, write_bands

FOOT, SURVEY_FOOT = 0.3048, 1200.0 / 3937.0
VALUES = np.linspace(1000.0, 1400.0, 48, dtype=np.float32).reshape(6, 8)


def stored(folder: Path, metres: float = 1.0, band: dict | None = None, file: dict | None = None, **more) -> str:
    """Elevations written in another unit, with metadata."""
    source = write_bands(folder / "dem.tif", (VALUES / np.float64(metres)).astype(np.float32), **more)
    dataset = gdal.Open(source, gdal.GA_Update)
    for key, text in (band or {}).items():
        dataset.GetRasterBand(1).SetMetadataItem(key, text)
    for key, text in (file or {}).items():
        dataset.SetMetadataItem(key, text)
    dataset = None
    return source


def check_elevations(source: str, metres: float) -> None:
    log = Messages()
    np.testing.assert_allclose(read_dem(RasterInput(source), log)[0], VALUES, rtol=1e-6)
    assert len(log.notes) == (metres != 1.0)
    assert log.cautions == []


def layer(source: str | tuple[str, str], kind: RasterKind) -> tuple[np.ndarray, Messages]:
    """Read a file, or (file, name of its layer)."""
    log = Messages()
    file, name = (source, "") if isinstance(source, str) else source
    grid = Grid(*VALUES.shape, UTM10, crs_wkt("EPSG:32610"))
    return read_aligned(RasterInput(file, "Layer", kind, layer_name=name), grid, log), log


# --- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "metres"),
    [
        ("Elevation (feet)", FOOT),
        ("elev_ft", FOOT),
        ("DEM [US survey feet]", SURVEY_FOOT),
        ("dem_us_survey_feet", SURVEY_FOOT),
        ("elev usft", SURVEY_FOOT),
        ("height in feet", FOOT),
        ("Elevation in feet NAVD88", FOOT),
        ("elev_ft_navd88", FOOT),
        ("Elevation [ft, NAVD88]", FOOT),
        ("Height (in cm)", 0.01),
        ("dem_dm", 0.1),
        ("elevation, mm", 0.001),
        ("ft", FOOT),
        ("ElevFeet", FOOT),
        ("elev (survey ft)", SURVEY_FOOT),
        ("dem_3m_ft", FOOT),
        # metres, or no unit at all
        ("Elevation [m]", 1.0),
        ("dem_m", 1.0),
        ("DEM (m a.s.l.)", 1.0),
        ("elev_min", 1.0),
        ("dem_in", 1.0),
        ("dem_PA", 1.0),
        ("DEM (PA)", 1.0),
        ("DEM 50 cm", 1.0),
        ("dtm_50cm", 1.0),
        ("DTM 1 ft", 1.0),
        ("DEM (10 m)", 1.0),
        ("NED 1/3 arc second", 1.0),
        ("SRTM 1 arc-second", 1.0),
        ("Elevation (z)", 1.0),
        ("DEM (Ft. Collins)", 1.0),
        ("Elevation in Miles City", 1.0),
        ("GDAL Band Number 1", 1.0),
        ("terrain_d", 1.0),
        ("Höhe über dem Meer", 1.0),
    ],
)
def test_the_unit_in_the_name_of_an_elevation(name: str, metres: float, tmp_path: Path) -> None:
    check_elevations(stored(tmp_path, metres, names=[name]), metres)


@pytest.mark.parametrize(("key", "text"), [("long_name", "elevation in feet"), ("long_name", "Elevation (ft)"),
                                           ("Long_Name", "elev_ft"), ("Band_Name", "elev [feet]")])  # fmt: skip
def test_the_name_in_a_bands_metadata(key: str, text: str, tmp_path: Path) -> None:
    check_elevations(stored(tmp_path, FOOT, band={key: text}), FOOT)


@pytest.mark.parametrize(
    ("kind", "name", "value", "wanted"),
    [
        (SOIL_DEPTH, "soil depth [ft]", 2.0 / FOOT, 2.0),
        (SOIL_DEPTH, "soil_depth_dm", 20.0, 2.0),
        (SOIL_DEPTH, "depth (cm)", 200.0, 2.0),
        (SOIL_DEPTH, "Absolute depth to bedrock (in cm)", 200.0, 2.0),
        (SOIL_DEPTH, "Soil depth [m]", 2.0, 2.0),
        (SOIL_DEPTH, "soil depth (D)", 2.0, 2.0),
        (SOIL_DEPTH, "depth, 0-100 cm", 2.0, 2.0),
        ("cohesion", "Cohesion [Pa]", 8000.0, 8.0),
        ("cohesion", "c (psf)", 8.0 / 0.04788025898, 8.0),
        ("cohesion", "Cohesion [kPa]", 8.0, 8.0),
        ("cohesion", "Cohesion (c)", 8.0, 8.0),
        ("cohesion", "cohesion_kPa", 8.0, 8.0),
        ("rainfall", "rainfall (mm/day)", 48.0, 2.0),
        ("rainfall", "rain_mm_h", 2.0, 2.0),
        ("rainfall", "mm/day", 48.0, 2.0),
        ("rainfall", "rain_h1", 2.0, 2.0),
        ("rainfall", "rain_24h", 2.0, 2.0),
        ("cohesion", "cohesion_s2", 8.0, 8.0),
        ("cohesion", "c_kN_m2", 8.0, 8.0),
        ("cohesion", "cohesion_N_m2", 8000.0, 8.0),
        ("cohesion", "cohesion 5 %", 8.0, 8.0),
        ("conductivity", "ksat_h2", 1e-6, 1e-6),
        ("conductivity", "ksat_mean_cm_d", 8.64, 1e-6),
        ("unit_weight_moist", "gamma moist [kg/m3]", 1800.0, 17.658),
        ("conductivity", "Ksat (cm/s)", 1e-4, 1e-6),
        ("conductivity", "ksat_30cm", 1e-6, 1e-6),
        ("conductivity", "conductivity at 10 cm", 1e-6, 1e-6),
        ("friction_angle", "Friction angle [gon]", 30.0 / 0.9, 30.0),
        ("friction_angle", "phi_rad", 0.5, np.degrees(0.5)),
        ("moisture_deficit", "Moisture deficit (%)", 20.0, 0.2),
        ("water_table_ratio", "Initial water table ratio [-]", 0.3, 0.3),
        ("root_depth", "root depth [ft]", 2.0, 0.6096),
    ],
)
def test_the_unit_in_the_name_of_a_layer(
    kind: RasterKind | str, name: str, value: float, wanted: float, tmp_path: Path
) -> None:
    kinds = [parameter_kind(BY_NAME[kind]), deviation_kind(BY_NAME[kind])] if isinstance(kind, str) else [kind]
    source = write_bands(tmp_path / "p.tif", np.full((6, 8), value, np.float32), names=[name])
    for one in kinds:
        read, log = layer(source, one)
        np.testing.assert_allclose(read, wanted, rtol=1e-6)
        assert len(log.notes) == (abs(value / wanted - 1.0) > 1e-5)


@pytest.mark.parametrize("variable", BY_NAME)
def test_the_plugins_own_names_change_nothing(variable: str, tmp_path: Path) -> None:
    source = write_bands(tmp_path / "p.tif", np.full((6, 8), 0.5, np.float32), names=[BY_NAME[variable].title])
    read, log = layer(source, parameter_kind(BY_NAME[variable]))
    assert (read == 0.5).all()
    assert log.notes == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ELEVATION, "Elevation [kPa]"),
        (ELEVATION, "slope (deg)"),
        (ELEVATION, "elevation (ft/10)"),
        (ELEVATION, "Elevation [m] x 100"),
        (SOIL_DEPTH, "depth (m*10)"),
        ("rainfall", "mm"),
        ("conductivity", "Ks 10-6 m/s"),
        (ELEVATION, "slope_percent"),
        (SOIL_DEPTH, "depth [%]"),
        ("cohesion", "Cohesion [m]"),
        ("rainfall", "rain_24h_mm"),
        ("rainfall", "rainfall (mm)"),
        ("conductivity", "log10 Ksat (cm/s)"),
        ("conductivity", "Ksat [10^-6 m/s]"),
        ("conductivity", "Ks (x 1e-6 m/s)"),
        ("friction_angle", "tan phi"),
        ("friction_angle", "phi [kPa]"),
    ],
)
def test_a_unit_of_something_else_in_the_name_is_refused(kind: RasterKind | str, name: str, tmp_path: Path) -> None:
    kind = parameter_kind(BY_NAME[kind]) if isinstance(kind, str) else kind
    source = write_bands(tmp_path / "p.tif", np.full((6, 8), 5.0, np.float32), names=[name])
    with pytest.raises(InputError, match=r"whose unit cannot be converted.*rename the band"):
        layer(source, kind)


@pytest.mark.parametrize(
    ("kind", "name", "unit"),
    [
        (ELEVATION, "dem_ft", "ft"),
        (ELEVATION, "Elev Feet", "feet"),
        (SOIL_DEPTH, "depth_dm", "dm"),
        (SOIL_DEPTH, "soil thickness [cm]", "cm"),
        ("cohesion", "c_psf", "psf"),
        ("conductivity", "ksat_mm_h", "mm/h"),
        ("rainfall", "rain mm per day", "mm/day"),
        ("water_table_ratio", "ratio_percent", "percent"),
        ("friction_angle", "phi_rad", "rad"),
    ],
)
def test_another_unit_in_the_name_of_a_file_or_layer(
    kind: RasterKind | str, name: str, unit: str, tmp_path: Path
) -> None:
    """It is refused unless the raster declares its unit, or another name has the right one."""
    kind = parameter_kind(BY_NAME[kind]) if isinstance(kind, str) else kind
    values = np.full((6, 8), 0.5, np.float32)
    named = write_bands(tmp_path / f"{name}.tif", values)
    plain, right = write_bands(tmp_path / "p.tif", values), f"layer [{kind.unit}]"
    gdal.Translate(str(tmp_path / "v.vrt"), named)
    for refused in (named, str(tmp_path / "v.vrt"), (plain, name)):
        with pytest.raises(InputError, match=r"declares no unit.*Raster Calculator.*rename the layer") as error:
            layer(refused, kind)
        assert f"its name '{name}' contains the unit {unit}. Allowed: values in {kind.unit}." in str(error.value)
    declared = write_bands(tmp_path / f"of_{name}.tif", values, names=[f"Values [{kind.unit}]"])
    for source in (declared, (declared, name), (named, right) if kind.unit != "-" else declared):
        read, log = layer(source, kind)
        assert (read == 0.5).all()
        assert log.notes == log.cautions == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [(SOIL_DEPTH, "slope_deg"), ("rainfall", "rain_24h_mm"), ("conductivity", "log10_ksat"), ("cohesion", "c [m]")],
)
def test_a_unit_of_something_else_in_the_name_of_a_file_is_a_caution(
    kind: RasterKind | str, name: str, tmp_path: Path
) -> None:
    kind = parameter_kind(BY_NAME[kind]) if isinstance(kind, str) else kind
    read, log = layer(write_bands(tmp_path / f"{name}.tif", np.full((6, 8), 0.5, np.float32)), kind)
    assert (read == 0.5).all()
    assert sum(f"its name '{name}' has a unit other than {kind.unit}" in text for text in log.cautions) == 1


@pytest.mark.parametrize(
    "name",
    ["dem", "dem_10m", "tirol_alr_5m", "dem_50cm", "USGS_13_n38w123", "n37_w120_1arc_v3", "srtm_1deg", "dem_min",
     "clip in", "centimetres", "Digitales Gel\u00e4ndemodell (1 m)", "fort_worth", "dem.v2", "DEM 0.5 m", "elev_m",
     "Elevation [m]", "dtm_2019-06", "dem_utm_32n", "dem_c", "dem_a1", "OUTPUT"],
)  # fmt: skip
def test_names_of_files_without_a_unit(name: str, tmp_path: Path) -> None:
    for kind in (ELEVATION, SOIL_DEPTH):
        _, log = layer(write_bands(tmp_path / f"{name}.tif", np.full((6, 8), 0.5, np.float32)), kind)
        assert not [text for text in log.cautions if "unit" in text]


# --- several statements ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {"unit": "m", "band": {"units": "ft"}},
        {"unit": "m", "names": ["elev (ft)"]},
        {"unit": "ft", "names": ["Elevation [m]"]},
        {"unit": "m", "file": {"UNITS": "feet"}},
        {"names": ["elev_ft"], "crs": "EPSG:32610+5703"},
        {"names": ["elev_m"], "crs": "EPSG:32610+6360"},
        {"file": {"Z_UNITS": "m"}, "crs": "EPSG:32610+6360"},
        {"band": {"units": "m"}, "file": {"TIFFTAG_IMAGEDESCRIPTION": "Elevation in feet"}},
        {"band": {"long_name": "elevation in feet", "units": "m"}},
    ],
)
def test_statements_that_contradict_each_other_are_refused(given: dict, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"declares two units: its .*Raster Calculator"):
        read_dem(RasterInput(stored(tmp_path, **given)), Feedback())


def test_a_layers_name_contradicts_its_unit(tmp_path: Path) -> None:
    source = write_bands(tmp_path / "c.tif", np.full((6, 8), 5.0, np.float32), names=["Cohesion [kPa]"], unit="Pa")
    with pytest.raises(InputError, match="declares two units"):
        layer(source, parameter_kind(BY_NAME["cohesion"]))


def test_statements_that_agree(tmp_path: Path) -> None:
    source = stored(tmp_path, FOOT, unit="ft", names=["Elevation (feet)"], band={"units": "foot"},
                    file={"UNITS": "Feet", "TIFFTAG_IMAGEDESCRIPTION": "heights in feet"})  # fmt: skip
    check_elevations(source, FOOT)


@pytest.mark.parametrize(
    ("scale", "unit"), [(0.3048, "ft"), (0.30480061, "US survey foot"), (0.01, "cm"), (0.1, "dm"), (0.3048, "US ft")]
)
def test_a_scale_that_converts_the_unit_already_is_ambiguous(scale: float, unit: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has the scale .* and the unit .*already"):
        read_dem(RasterInput(stored(tmp_path, unit=unit, scale=scale)), Feedback())


@pytest.mark.parametrize(("scale", "unit", "metres"), [(0.1, "ft", FOOT), (0.3048, "m", 1.0), (0.01, "", 1.0)])
def test_other_scales_are_applied(scale: float, unit: str, metres: float, tmp_path: Path) -> None:
    read, _ = read_dem(RasterInput(stored(tmp_path, unit=unit, scale=scale)), Feedback())
    np.testing.assert_allclose(read, VALUES * scale * metres, rtol=1e-6)


# --- places ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["units", "UNITS", "Units", "Vertical_Units", "elevation_units", "Z_UNITS", "UNITTYPE", "unit_type",
     "VerticalUnits", "vertical units", "z-units", "ElevUnit", "height_unit", "vert_units",
     "Vertical Unit Of Measure", "data_units"],
)  # fmt: skip
@pytest.mark.parametrize("of", ["file", "band"])
def test_metadata_in_any_spelling(key: str, of: str, tmp_path: Path) -> None:
    check_elevations(stored(tmp_path, FOOT, **{of: {key: "feet"}}), FOOT)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("Elevation in feet, NAVD88", FOOT),
        ("elevation in US survey feet", SURVEY_FOOT),
        ("Bare earth. Units: feet.", FOOT),
        ("vertical units = ft; horizontal datum NAD83", FOOT),
        ("Heights are given in centimetres", 0.01),
        ("Elevation in Tirol", 1.0),
        ("Cells of 3 feet, flown at 1000 ft", 1.0),
        ("Elevation in metres above sea level", 1.0),
    ],
)
def test_the_description_of_an_image(text: str, metres: float, tmp_path: Path) -> None:
    check_elevations(stored(tmp_path, metres, file={"TIFFTAG_IMAGEDESCRIPTION": text}), metres)


def test_the_unit_of_a_file_of_several_bands_is_a_lengths_alone(tmp_path: Path) -> None:
    bands = np.stack([VALUES / np.float32(FOOT), np.full((6, 8), 8.0, np.float32)])
    source = write_bands(tmp_path / "two.tif", bands, names=["dem", "cohesion"])
    for unit, metres, number in (("feet", FOOT, 1), ("degree", 1.0, 1)):
        dataset = gdal.Open(source, gdal.GA_Update)
        dataset.SetMetadataItem("units", unit)
        dataset = None
        read, _ = read_dem(RasterInput(source, band=number), Feedback())
        np.testing.assert_allclose(read, VALUES / FOOT * metres, rtol=1e-6)
        assert (layer(source, parameter_kind(BY_NAME["cohesion"]))[0] == 8.0).all()


@pytest.mark.parametrize(("driver", "ending"), [("EHdr", ".bil"), ("EHdr", ".flt"), ("AAIGrid", ".asc")])
@pytest.mark.parametrize(("zunits", "metres"), [("FEET", FOOT), ("METERS", 1.0), ("100", 0.01), ("3.28084", FOOT)])
@pytest.mark.parametrize("virtual", [False, True])
def test_the_old_projection_file(
    driver: str, ending: str, zunits: str, metres: float, virtual: bool, tmp_path: Path
) -> None:
    source = str(tmp_path / f"dem{ending}")
    gdal.Translate(source, stored(tmp_path, metres), format=driver)
    for left in (*tmp_path.glob("*.xml"), *tmp_path.glob("*.prj")):
        left.unlink()
    (tmp_path / "dem.prj").write_text(
        f"Projection    UTM\nZone          10\nDatum         WGS84\nZunits        {zunits}\nUnits         METERS\n"
        "Spheroid      WGS84\nXshift 0.0\nYshift 0.0\nParameters\n"
    )
    if virtual:
        gdal.Translate(str(tmp_path / "dem.vrt"), source, format="VRT")
        source = str(tmp_path / "dem.vrt")
    log = Messages()
    np.testing.assert_allclose(read_dem(RasterInput(source), log)[0], VALUES, rtol=1e-5)
    assert len(log.notes) == (metres != 1.0)


@pytest.mark.parametrize("given", [{"unit": "ft"}, {"names": ["elev_ft"]}, {"file": {"UNITS": "ft"}}])
def test_a_virtual_raster_has_the_units_of_its_files(given: dict, tmp_path: Path) -> None:
    """GDAL's mosaics carry neither units nor names over."""
    gdal.BuildVRT(str(tmp_path / "dem.vrt"), [stored(tmp_path, FOOT, **given)]).FlushCache()
    check_elevations(str(tmp_path / "dem.vrt"), FOOT)


def test_a_mosaic_of_several_units_is_refused(tmp_path: Path) -> None:
    feet = stored(tmp_path, FOOT, unit="ft")
    metres = write_bands(tmp_path / "b.tif", VALUES, unit="m", transform=(500_080.0, *UTM10[1:]))
    gdal.BuildVRT(str(tmp_path / "dem.vrt"), [feet, metres]).FlushCache()
    with pytest.raises(InputError, match="declares two units"):
        read_dem(RasterInput(str(tmp_path / "dem.vrt")), Feedback())


def test_the_header_of_saga(tmp_path: Path) -> None:
    source = str(tmp_path / "dem.sdat")
    gdal.Translate(source, stored(tmp_path, FOOT), format="SAGA")
    header = tmp_path / "dem.sgrd"
    text = header.read_text()
    header.write_text(text.replace("UNIT\t=", "UNIT\t= ft"))
    check_elevations(source, FOOT)
    header.write_text(text.replace("Z_FACTOR\t= 1.000000", "Z_FACTOR\t= 0.304800"))
    with pytest.raises(InputError, match=r"Z_FACTOR 0.304800.*Raster Calculator"):
        read_dem(RasterInput(source), Feedback())


@pytest.mark.parametrize(("unit", "metres"), [("feet", FOOT), ("Meters", 1.0), ("{cm}", 0.01)])
def test_the_header_of_envi(unit: str, metres: float, tmp_path: Path) -> None:
    source = str(tmp_path / "dem.dat")
    gdal.Translate(source, stored(tmp_path, metres), format="ENVI")
    for left in tmp_path.glob("*.aux.xml"):
        left.unlink()
    with (tmp_path / "dem.hdr").open("a") as header:
        header.write(f"data units = {unit}\n")
    check_elevations(source, metres)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("masl", 1.0), ("m a.s.l.", 1.0), ("mètres", 1.0), ("Fuß", FOOT), ("pies", FOOT), ("intl ft", FOOT),
        ("EGM96 m", 1.0), ("NAVD88 feet", FOOT), ("NAVD88 (US survey feet)", SURVEY_FOOT), ("gpm", 1.0),
        ("elevation in feet", FOOT), ("m+NAP", 1.0),
    ],
)  # fmt: skip
def test_further_spellings(text: str, metres: float) -> None:
    assert unit_factor(text, "m") == metres


@pytest.mark.parametrize(("text", "wanted"), [("lbf/in2", "kPa"), ("lbf/in 2", "kPa")])
def test_inches_are_no_preposition(text: str, wanted: str) -> None:
    factor = unit_factor(text, wanted)
    assert factor is None or factor == pytest.approx(6.894757, rel=1e-6)
