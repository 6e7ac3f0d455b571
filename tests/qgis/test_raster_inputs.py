"""What rasters say about themselves: units, bands, shear, projection, no coordinate system, through Processing."""

from __future__ import annotations

import zipfile
from math import cos, radians, sin, tan
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsHillshadeRenderer,
    QgsMultiBandColorRenderer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsRasterRange,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
)
from rasters import read_raster
from slopecast.plugin.algorithms.inputs.layers import RasterSource, scale_caution
from slopecast.plugin.algorithms.log import Log
from slopecast.plugin.gui.layer_notes import dem_note
from written_rasters import UTM10, crs_wkt, write_bands

SURVEY_FOOT = 1200.0 / 3937.0
SHAPE = (20, 24)
OUTPUTS = {"simulatefactorofsafety": "FACTOR_OF_SAFETY", "predictfailuremask": "FAILURE_MASK",
           "estimatesoildepth": "SOIL_DEPTH"}  # fmt: skip
#: Without water the factor of safety of a plane has a closed form.
DRY = {"WATER_TABLE_RATIO": 0, "ROOT_COHESION": 0, "RAINFALL": 0, "DURATION": 1, "LATERAL_FLOW": False,
       "COHESION": 2, "FRICTION_ANGLE": 30}  # fmt: skip


def dry_fs(slope: float, cohesion: float = 2.0, friction: float = 30.0, depth: float = 2.0) -> float:
    """c / (gamma D sin cos) + tan(phi) / tan(slope), for 17.6 kN/m3."""
    s = radians(slope)
    return cohesion / (17.6 * depth * sin(s) * cos(s)) + tan(radians(friction)) / tan(s)


def plane(slope: float) -> np.ndarray:
    """Heights of a plane that falls to the east, on cells of 10 m."""
    col = np.mgrid[: SHAPE[0], : SHAPE[1]][1]
    return (1000.0 - 10.0 * col * tan(radians(slope))).astype(np.float32)


def full(value: float) -> np.ndarray:
    return np.full(SHAPE, value, np.float32)


def simulate(tmp_path: Path, feedback=None, **given):
    import processing

    path = tmp_path / "fs.tif"
    results = processing.run(
        "slopecast:simulatefactorofsafety", {**DRY, "FACTOR_OF_SAFETY": str(path), **given}, feedback=feedback
    )
    fs, nodata, metadata = read_raster(path)
    return np.where(fs == nodata, np.nan, fs), metadata, results


# --- units ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crs", "unit", "metres"),
    [
        ("EPSG:32610+6360", "", SURVEY_FOOT),
        ("EPSG:32610+8228", "", 0.3048),
        ("EPSG:32610", "US survey foot", SURVEY_FOOT),
        ("EPSG:32610", "Feet", 0.3048),
        ("EPSG:32610", "cm", 0.01),
        ("EPSG:32610+5703", "", 1.0),
        ("EPSG:32610", "metres", 1.0),
    ],
)
def test_heights_in_a_declared_unit(crs, unit, metres, tmp_path, feedback):
    dem = write_bands(tmp_path / "dem.tif", plane(15.0).astype(np.float64) / metres, crs=crs, unit=unit)
    depth = write_bands(tmp_path / "depth.tif", full(2.0))
    fs, metadata, results = simulate(tmp_path, feedback, DEM=dem, SOIL_DEPTH=depth)
    np.testing.assert_allclose(fs, dry_fs(15.0), rtol=1e-3)
    assert ("heights are converted from" in metadata.get("SLOPECAST_NOTES", "")) == (metres != 1.0)
    assert any("heights are converted from" in line for line in feedback.lines) == (metres != 1.0)
    assert results["RELIABILITY"].startswith("trusted")
    written = gdal.Open(str(tmp_path / "fs.tif"))
    assert written.GetRasterBand(1).GetUnitType() == "", "the result is in none of the heights' units"


@pytest.mark.parametrize(
    ("key", "unit", "stored", "expected"),
    [
        ("SOIL_DEPTH", "ft", 2.0 / 0.3048, dry_fs(25.0)),
        ("SOIL_DEPTH", "cm", 200.0, dry_fs(25.0)),
        ("SOIL_DEPTH", "mm", 2000.0, dry_fs(25.0)),
        ("COHESION_LAYER", "Pa", 6000.0, dry_fs(25.0, cohesion=6.0)),
        ("FRICTION_ANGLE_LAYER", "radians", radians(35.0), dry_fs(25.0, friction=35.0)),
        ("COHESION_LAYER", "kN/m2", 6.0, dry_fs(25.0, cohesion=6.0)),
    ],
)
def test_layers_in_a_declared_unit(key, unit, stored, expected, tmp_path):
    given = {
        "DEM": write_bands(tmp_path / "dem.tif", plane(25.0)),
        "SOIL_DEPTH": write_bands(tmp_path / "depth.tif", full(2.0)),
        key: write_bands(tmp_path / "layer.tif", full(stored), unit=unit),
    }
    fs, _, _ = simulate(tmp_path, **given)
    np.testing.assert_allclose(fs, expected, rtol=1e-3)


@pytest.mark.parametrize(
    ("key", "unit", "crs"),
    [
        ("DEM", "degree", "EPSG:32610"),
        ("DEM", "ft", "EPSG:32610+5703"),
        ("SOIL_DEPTH", "kPa", "EPSG:32610"),
        ("SOIL_DEPTH", "", "EPSG:32610+6360"),
        ("COHESION_LAYER", "m", "EPSG:32610"),
    ],
)
def test_units_that_cannot_be_are_refused(key, unit, crs, tmp_path):
    given = {
        "DEM": write_bands(tmp_path / "dem.tif", plane(25.0)),
        "SOIL_DEPTH": write_bands(tmp_path / "depth.tif", full(2.0)),
        key: write_bands(tmp_path / "layer.tif", plane(25.0) / 100.0, unit=unit, crs=crs),
    }
    with pytest.raises(QgsProcessingException, match=rf"\({key}\).*Allowed"):
        simulate(tmp_path, **given)
    assert not (tmp_path / "fs.tif").exists()


@pytest.mark.parametrize(
    ("name", "metres"), [("Elevation (feet)", 0.3048), ("DEM [US survey feet]", SURVEY_FOOT), ("elev_ft", 0.3048),
                         ("height in feet", 0.3048), ("Elevation [m]", 1.0), ("dem_in", 1.0)],
)  # fmt: skip
def test_heights_in_a_unit_of_the_bands_name(name, metres, tmp_path, feedback):
    dem = write_bands(tmp_path / "dem.tif", plane(15.0).astype(np.float64) / metres, names=[name])
    depth = write_bands(tmp_path / "depth.tif", full(2.0), names=["Soil depth [m]"])
    fs, metadata, results = simulate(tmp_path, feedback, DEM=dem, SOIL_DEPTH=depth)
    np.testing.assert_allclose(fs, dry_fs(15.0), rtol=1e-3)
    assert ("heights are converted from" in metadata.get("SLOPECAST_NOTES", "")) == (metres != 1.0)
    assert results["RELIABILITY"].startswith("trusted")


@pytest.mark.parametrize(
    ("key", "name", "stored", "expected"),
    [
        ("SOIL_DEPTH", "soil depth [ft]", 2.0 / 0.3048, dry_fs(25.0)),
        ("SOIL_DEPTH", "soil_depth_dm", 20.0, dry_fs(25.0)),
        ("COHESION_LAYER", "Cohesion [Pa]", 6000.0, dry_fs(25.0, cohesion=6.0)),
        ("COHESION_LAYER", "c (psf)", 6.0 / 0.04788025898, dry_fs(25.0, cohesion=6.0)),
        ("FRICTION_ANGLE_LAYER", "Friction angle [gon]", 35.0 / 0.9, dry_fs(25.0, friction=35.0)),
        ("COHESION_LAYER", "Cohesion [kPa]", 6.0, dry_fs(25.0, cohesion=6.0)),
    ],
)
def test_layers_in_a_unit_of_the_bands_name(key, name, stored, expected, tmp_path):
    given = {
        "DEM": write_bands(tmp_path / "dem.tif", plane(25.0)),
        "SOIL_DEPTH": write_bands(tmp_path / "depth.tif", full(2.0)),
        key: write_bands(tmp_path / "layer.tif", full(stored), names=[name]),
    }
    fs, _, _ = simulate(tmp_path, **given)
    np.testing.assert_allclose(fs, expected, rtol=1e-3)


@pytest.mark.parametrize(
    ("key", "unit", "name"),
    [("DEM", "m", "elev (ft)"), ("DEM", "", "Elevation [kPa]"), ("SOIL_DEPTH", "ft", "Soil depth [m]"),
     ("COHESION_LAYER", "Pa", "Cohesion [kPa]"), ("RAINFALL_LAYER", "", "rainfall (mm)")],
)  # fmt: skip
def test_names_that_contradict_units_are_refused(key, unit, name, tmp_path):
    given = {
        "DEM": write_bands(tmp_path / "dem.tif", plane(25.0)),
        "SOIL_DEPTH": write_bands(tmp_path / "depth.tif", full(2.0)),
        key: write_bands(tmp_path / "layer.tif", plane(25.0) / 100.0, unit=unit, names=[name]),
    }
    with pytest.raises(QgsProcessingException, match=rf"\({key}\).*Allowed"):
        simulate(tmp_path, **given)


# --- bands ----------------------------------------------------------------------------------


def stack(tmp_path: Path, names=("slope", "aspect", "elev", "soil depth"), **more) -> str:
    bands = np.stack([full(25.0), full(90.0), plane(25.0), full(2.0)])
    return write_bands(tmp_path / "stack.tif", bands, names=names, **more)


def test_one_file_may_hold_elevation_and_depth(tmp_path, feedback):
    path = stack(tmp_path)
    fs, metadata, _ = simulate(tmp_path, feedback, DEM=path, SOIL_DEPTH=path)
    np.testing.assert_allclose(fs, dry_fs(25.0), rtol=1e-3)
    for text in ("band 3 'elev' of 4 is used", "band 4 'soil depth' of 4 is used"):
        assert text in metadata["SLOPECAST_NOTES"]


@pytest.mark.parametrize(
    "renderer",
    [
        lambda provider: QgsSingleBandGrayRenderer(provider, 3),
        lambda provider: QgsSingleBandPseudoColorRenderer(provider, 3),
        lambda provider: QgsHillshadeRenderer(provider, 3, 315.0, 45.0),
    ],
    ids=["gray", "pseudocolor", "hillshade"],
)
def test_the_band_that_the_layer_shows_is_read(renderer, tmp_path):
    layer = QgsRasterLayer(stack(tmp_path, names=("", "dem", "", "")), "stack")
    layer.setRenderer(renderer(layer.dataProvider()))
    assert dem_note(layer)[1] == "hint"
    fs, metadata, _ = simulate(tmp_path, DEM=layer, SOIL_DEPTH=write_bands(tmp_path / "depth.tif", full(2.0)))
    np.testing.assert_allclose(fs, dry_fs(25.0), rtol=1e-3)
    assert "band 3 of 4 is used" in metadata["SLOPECAST_NOTES"]


def test_a_band_that_a_layer_shows_in_all_colours_is_chosen(tmp_path):
    layer = QgsRasterLayer(stack(tmp_path, names=("", "", "", "")), "stack")
    layer.setRenderer(QgsMultiBandColorRenderer(layer.dataProvider(), 3, 3, 3))
    fs, metadata, _ = simulate(tmp_path, DEM=layer, SOIL_DEPTH=write_bands(tmp_path / "depth.tif", full(2.0)))
    np.testing.assert_allclose(fs, dry_fs(25.0), rtol=1e-3)
    assert "band 3 of 4 is used" in metadata["SLOPECAST_NOTES"]


@pytest.mark.parametrize("tool", ["simulatefactorofsafety", "predictfailuremask", "estimatesoildepth"])
def test_bands_without_names_are_listed(tool, tmp_path):
    import processing

    layer = QgsRasterLayer(stack(tmp_path, names=()), "stack")
    text, kind = dem_note(layer)
    assert kind == "error"
    assert "4 bands" in text
    given = {"DEM": layer, OUTPUTS[tool]: str(tmp_path / "out.tif")}
    with pytest.raises(QgsProcessingException, match=r"(?s)\(DEM\): has 4 bands.*1, 2, 3, 4.*gdal_translate -b"):
        processing.run(f"slopecast:{tool}", given)


def test_degrees_that_a_layer_calls_metres(tmp_path):
    """The coordinate system was set instead of reprojecting."""
    path = write_bands(tmp_path / "dem.tif", plane(25.0), transform=(-122.0, 1e-4, 0, 45.0, 0, -1e-4), crs="EPSG:4326")
    layer = QgsRasterLayer(path, "dem")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32610"))
    text, kind = dem_note(layer)
    assert kind == "error"
    assert "has coordinates that look like degrees" in text
    with pytest.raises(QgsProcessingException, match=r"\(DEM\): has coordinates that look like degrees"):
        simulate(tmp_path, DEM=layer)


@pytest.mark.parametrize("form", ["vrt://{}?bands=3", "GTIFF_DIR:1:{}", 'NETCDF:"{}":Band1', "/vsizip/{}/dém.tif"])
def test_sources_that_name_a_part_of_a_file(form, tmp_path):
    path = stack(tmp_path, names=())
    if "vrt" not in form:
        path = write_bands(tmp_path / "dem.tif", plane(25.0))
    if "NETCDF" in form:
        if gdal.GetDriverByName("netCDF") is None:
            pytest.skip("GDAL has no netCDF driver")
        gdal.Translate(str(tmp_path / "dem.nc"), path, format="netCDF")
        path = str(tmp_path / "dem.nc")
    if "vsizip" in form:
        with zipfile.ZipFile(tmp_path / "dem.zip", "w") as archive:
            archive.write(path, "dém.tif")
        path = str(tmp_path / "dem.zip")
    depth = write_bands(tmp_path / "depth.tif", full(2.0))
    fs, _, _ = simulate(tmp_path, DEM=form.format(path), SOIL_DEPTH=depth)
    np.testing.assert_allclose(fs, dry_fs(25.0), rtol=1e-3)


def test_the_rasters_of_a_file_are_listed(tmp_path):
    """One without the name of a part, such as a GeoPackage of two rasters."""
    several, plain = str(tmp_path / "several.gpkg"), write_bands(tmp_path / "plain.tif", plane(30.0))
    for number, (name, values) in enumerate((("dem", plane(30.0)), ("depth", full(2.0)))):
        source = write_bands(tmp_path / f"{name}.tif", values)
        options = [f"RASTER_TABLE={name}", f"APPEND_SUBDATASET={'YES' if number else 'NO'}"]
        gdal.Translate(several, source, format="GPKG", creationOptions=options)
    parts = [f"GPKG:{several}:{name}" for name in ("dem", "depth")]
    for given in ({"DEM": several, "SOIL_DEPTH": plain}, {"DEM": plain, "SOIL_DEPTH": several}):
        with pytest.raises(QgsProcessingException, match="contains several rasters") as error:
            simulate(tmp_path, **given)
        assert f"Allowed: one of them: {', '.join(parts)}." in str(error.value)
    fs, *_ = simulate(tmp_path, DEM=plain, SOIL_DEPTH=parts[1])
    assert fs[10, 12] == pytest.approx(dry_fs(30.0), rel=1e-5)


def test_nodata_of_the_layer_is_that_of_the_band(tmp_path):
    path = write_bands(tmp_path / "stack.tif", np.stack([full(7.0), full(2.0)]), names=["wetness", "soil depth"])
    layer = QgsRasterLayer(path, "stack")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(1.0, 3.0)])
    dem = write_bands(tmp_path / "dem.tif", plane(25.0))
    fs, _, _ = simulate(tmp_path, DEM=dem, SOIL_DEPTH=layer)
    np.testing.assert_allclose(fs, dry_fs(25.0), rtol=1e-3)
    layer.dataProvider().setUserNoDataValue(2, [QgsRasterRange(1.0, 3.0)])
    with pytest.raises(QgsProcessingException, match="no valid cell"):
        simulate(tmp_path, DEM=dem, SOIL_DEPTH=layer)


@pytest.mark.parametrize(
    ("scale", "enabled", "doubted"), [(0.3048, True, True), (0.3048, False, False), (1, True, False)]
)
def test_a_scale_of_the_layers_heights_is_doubted(scale, enabled, doubted, tmp_path):
    """Rasters have it since QGIS 3.26."""
    properties = SimpleNamespace(isEnabled=lambda: enabled, zScale=lambda: scale)
    doubt = scale_caution(SimpleNamespace(elevationProperties=lambda: properties), "DEM")
    assert (doubt is not None) == doubted
    assert not doubted or "DEM: the layer's properties multiply its heights by 0.3048" in doubt
    assert scale_caution(SimpleNamespace(elevationProperties=lambda: None), "DEM") is None
    raster = RasterSource(write_bands(tmp_path / "dem.tif", plane(30.0)), "DEM", caution=doubt)
    log = Log(None)
    raster.read_elevation(log)
    assert log.cautions == ([doubt] if doubted else [])


def test_another_time_than_the_last_of_a_series_is_doubted(tmp_path, feedback):
    """QGIS shows the first band of a series at first."""
    import processing

    dem, depth = write_bands(tmp_path / "dem.tif", plane(25.0)), write_bands(tmp_path / "depth.tif", full(2.0))
    series = str(tmp_path / "series.tif")
    simulate(tmp_path, DEM=dem, SOIL_DEPTH=depth, DURATION=4, SERIES_HOURS="1, 4", FACTOR_OF_SAFETY_SERIES=series)
    layer = QgsRasterLayer(series, "series")
    for band, doubts in ((1, 1), (2, 0)):
        layer.renderer().setBand(band)
        before = len(feedback.warnings)
        given = {"MAP": layer, "VALUES": layer, "POLYGONS": "memory:"}
        processing.run("slopecast:maskstopolygons", given, feedback=feedback)
        found = [text for text in feedback.warnings[before:] if "has 2 times, and that of band 1 is used" in text]
        assert len(found) == 2 * doubts
        assert all("2000-01-01T01:00:00 = 1 h" in text for text in found)


@pytest.mark.parametrize(("result", "doubts"), [(False, 1), (True, 0)])
def test_zeros_around_an_initial_water_table_are_doubted(result, doubts, tmp_path, feedback):
    """They would be dry soil, and stable; in a result of another run they are."""
    table = full(0.0)
    table[3:-3, 3:-3] = 1.0
    path = write_bands(tmp_path / "h0.tif", table)
    if result:
        dataset = gdal.Open(path, gdal.GA_Update)
        dataset.SetMetadataItem("SLOPECAST_ALGORITHM", "slopecast:simulatefactorofsafety")
        dataset = None
    dem, depth = write_bands(tmp_path / "dem.tif", plane(25.0)), write_bands(tmp_path / "depth.tif", full(2.0))
    simulate(tmp_path, feedback, DEM=dem, SOIL_DEPTH=depth, INITIAL_WATER_TABLE=path)
    found = [text for text in feedback.warnings if "is 0 in 100 % of the cells along the edge of the DEM" in text]
    assert sum(text.startswith("Initial water table") for text in found) == doubts


@pytest.mark.parametrize("is_depth", [True, False])
def test_the_depth_to_the_water_table_is_doubted(is_depth, tmp_path, feedback):
    row, col = np.mgrid[:60, :60]
    hollows = np.cos(col / 4.0)
    dem = write_bands(tmp_path / "dem.tif", 500.0 - 4.0 * row - 8.0 * hollows)
    depth = write_bands(tmp_path / "depth.tif", np.full(row.shape, 2.0))
    table = write_bands(tmp_path / "h0.tif", 1.0 - (0.5 if is_depth else -0.5) * hollows)
    simulate(tmp_path, feedback, DEM=dem, SOIL_DEPTH=depth, INITIAL_WATER_TABLE=table)
    assert sum("its depth below the surface?" in text for text in feedback.warnings) == is_depth


def test_an_open_range_of_missing_data_has_no_end(tmp_path):
    depth = full(2.0)
    depth[:5] = 9.0
    layer = QgsRasterLayer(write_bands(tmp_path / "depth.tif", depth), "depth")
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(8.0, float("nan"))])
    fs, _, _ = simulate(tmp_path, DEM=write_bands(tmp_path / "dem.tif", plane(25.0)), SOIL_DEPTH=layer)
    assert np.isnan(fs[:5]).all()
    assert np.isfinite(fs[5:]).all()


def test_zeros_of_a_mask_count_once_their_nodata_is_switched_off(tmp_path, feedback):
    """As the caution on a mask without stable cells advises."""
    import processing

    mask = np.zeros(SHAPE, np.uint8)
    mask[:5] = 1
    layer = QgsRasterLayer(write_bands(tmp_path / "mask.tif", mask, nodata=0), "mask")
    given = {"PREDICTED": layer, "REFERENCE": write_bands(tmp_path / "reference.tif", mask)}
    for used, stable in ((True, 0), (False, int((mask == 0).sum()))):
        layer.dataProvider().setUseSourceNoDataValue(1, used)
        given["AGREEMENT"] = str(tmp_path / f"{used}.tif")
        assert processing.run("slopecast:comparemasks", given, feedback=feedback)["TN"] == stable
    assert sum("all 1 (failed)" in text for text in feedback.warnings) == 1
    assert sum("does not use the NoData value of its file (0)" in text for text in feedback.warnings) == 1


@pytest.mark.parametrize("key", ["COHESION_LAYER", "FRICTION_ANGLE_LAYER"])
def test_parameters_of_one_file(key, tmp_path):
    names = ("Friction angle [deg]", "Cohesion [kPa]")
    path = write_bands(tmp_path / "soil.tif", np.stack([full(35.0), full(6.0)]), names=names)
    dem, depth = write_bands(tmp_path / "dem.tif", plane(25.0)), write_bands(tmp_path / "depth.tif", full(2.0))
    fs, _, _ = simulate(tmp_path, DEM=dem, SOIL_DEPTH=depth, **{key: path})
    expected = dry_fs(25.0, cohesion=6.0) if key == "COHESION_LAYER" else dry_fs(25.0, friction=35.0)
    np.testing.assert_allclose(fs, expected, rtol=1e-3)


@pytest.mark.parametrize("name", ["Influence of the map's edge", "Stability class", "First failing scenario"])
def test_other_maps_of_0_and_1_are_no_masks(name, tmp_path):
    import processing

    mask = np.zeros(SHAPE, np.uint8)
    mask[:5] = 1
    given = {"PREDICTED": write_bands(tmp_path / "a.tif", mask, names=[name]),
             "REFERENCE": write_bands(tmp_path / "b.tif", mask), "AGREEMENT": str(tmp_path / "o.tif")}  # fmt: skip
    with pytest.raises(QgsProcessingException, match=f"PREDICTED.*{name}"):
        processing.run("slopecast:comparemasks", given)


def test_masks_of_one_file(tmp_path):
    import processing

    one, other = np.zeros(SHAPE, np.uint8), np.zeros(SHAPE, np.uint8)
    one[:5], other[:10] = 1, 1
    path = write_bands(tmp_path / "masks.tif", np.stack([one, other]), names=["Factor of safety", "Failure mask"])
    alone = write_bands(tmp_path / "mask.tif", one)
    given = {"PREDICTED": path, "REFERENCE": alone, "AGREEMENT": str(tmp_path / "a.tif")}
    assert processing.run("slopecast:comparemasks", given)["IOU"] == 0.5


@pytest.mark.parametrize(("entry", "count"), [("CALIBRATED", 1), ("TABLE", 0)])
def test_calibrated_masks_are_no_test_of_landslides(entry, count, tmp_path, feedback):
    """Unless they are compared with another result."""
    import processing

    mask = np.zeros(SHAPE, np.uint8)
    mask[:5] = 1
    paths = {key: write_bands(tmp_path / f"{key}.tif", mask) for key in ("PREDICTED", "REFERENCE")}
    gdal.Open(paths["PREDICTED"], gdal.GA_Update).SetMetadata({f"SLOPECAST_{entry}": "given"})
    processing.run("slopecast:comparemasks", {**paths, "AGREEMENT": str(tmp_path / "a.tif")}, feedback=feedback)
    assert sum("from its parameter sets" in text for text in feedback.warnings) == count
    feedback.warnings.clear()
    gdal.Open(paths["REFERENCE"], gdal.GA_Update).SetMetadata({"SLOPECAST_ALGORITHM": "slopecast:predictfailuremask"})
    processing.run("slopecast:comparemasks", {**paths, "AGREEMENT": str(tmp_path / "a.tif")}, feedback=feedback)
    assert not any("from its parameter sets" in text for text in feedback.warnings)


@pytest.mark.parametrize(("ratio", "count"), [(0.9, 1), (0.3, 0)])
def test_a_ratio_that_a_recharge_replaces_is_reported(ratio, count, tmp_path, feedback):
    given = {
        "DEM": write_bands(tmp_path / "dem.tif", plane(25.0)),
        "SOIL_DEPTH": write_bands(tmp_path / "d.tif", full(2)),
    }
    simulate(tmp_path, feedback, **given, ANTECEDENT_RECHARGE=1, WATER_TABLE_RATIO=ratio)
    assert sum("WATER_TABLE_RATIO is ignored" in text for text in feedback.warnings) == count


def test_a_name_of_another_quantity_lowers_the_reliability(tmp_path):
    dem = write_bands(tmp_path / "dem.tif", plane(25.0), names=["slope"])
    depth = write_bands(tmp_path / "depth.tif", full(2.0))
    _, metadata, results = simulate(tmp_path, DEM=dem, SOIL_DEPTH=depth)
    assert results["RELIABILITY"].startswith("caution")
    assert "named 'slope'" in metadata["SLOPECAST_RELIABILITY"]


def test_one_raster_for_two_inputs_is_doubted(tmp_path, feedback):
    """Both unit weights may be one raster."""
    dem = write_bands(tmp_path / "dem.tif", plane(25.0))
    one = write_bands(tmp_path / "one.tif", full(20.0))
    layers = {f"{key}_LAYER": one for key in ("COHESION", "UNIT_WEIGHT_MOIST", "UNIT_WEIGHT_SATURATED")}
    simulate(tmp_path, feedback, DEM=dem, **layers, FRICTION_ANGLE_LAYER=write_bands(tmp_path / "o.tif", full(20.0)))
    found = [text for text in feedback.warnings if "are the same raster" in text and "Reliability" not in text]
    assert len(found) == 2
    assert all("COHESION_LAYER" in text and "UNIT_WEIGHT" in text for text in found)


# --- places ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "transform",
    [(500_000.0, 10.0, 3.0, 4_500_000.0, 0.0, -10.0), (499_950.0, 9.0, 4.0, 4_500_020.0, 4.0, -9.0)],
    ids=["sheared", "rotated"],
)
def test_a_sheared_layer_is_warped(transform, tmp_path):
    """Cohesion along x, a plane in the ground's coordinates."""
    row, col = np.mgrid[: SHAPE[0], : SHAPE[1]] + 0.5
    x = transform[0] + col * transform[1] + row * transform[2]
    layer = write_bands(tmp_path / "c.tif", ((x - 500_000.0) / 20.0 + 5.0).astype(np.float32), transform=transform)
    dem, depth = write_bands(tmp_path / "dem.tif", plane(25.0)), write_bands(tmp_path / "depth.tif", full(2.0))
    fs, _, results = simulate(tmp_path, DEM=dem, SOIL_DEPTH=depth, COHESION_LAYER=layer)
    right = dry_fs(25.0, cohesion=1.0) - dry_fs(25.0, cohesion=0.0)
    cohesion = (fs - dry_fs(25.0, cohesion=0.0)) / right
    expected = np.broadcast_to((10.0 * np.arange(SHAPE[1]) + 5.0) / 20.0 + 5.0, SHAPE)
    known = np.isfinite(fs)
    inner = known & np.pad(known[1:-1, 1:-1], 1)
    assert 200 < results["VALID_CELLS"] < fs.size
    np.testing.assert_allclose(cohesion[inner], expected[inner], atol=0.35)  # the rim's cells are extrapolated
    assert np.median(np.abs(cohesion[known] - expected[known])) < 0.05


@pytest.mark.parametrize(
    ("crs", "place", "zone"),
    [
        ("EPSG:6933", (9_842_000.0, 510_000.0), "UTM zone 48N"),
        ("EPSG:3857", (1_200_000.0, 5_900_000.0), "UTM zone 32N"),
        ("EPSG:4087", (1_113_000.0, 5_200_000.0), "UTM zone 32N"),
        ("ESRI:54008", (2_000_000.0, 5_000_000.0), "UTM zone 35N"),
    ],
)
@pytest.mark.parametrize("tool", ["simulatefactorofsafety", "estimatesoildepth"])
def test_projections_that_stretch_are_refused(crs, place, zone, tool, tmp_path):
    import processing

    dem = write_bands(tmp_path / "dem.tif", plane(25.0), crs=crs, transform=(place[0], 10, 0, place[1], 0, -10))
    given = {"DEM": dem, OUTPUTS[tool]: str(tmp_path / "out.tif")}
    with pytest.raises(QgsProcessingException, match=f"projection.*WGS 84 / {zone}"):
        processing.run(f"slopecast:{tool}", given)
    text, kind = dem_note(QgsRasterLayer(dem, "dem"))
    assert kind == "error"
    assert zone in text


# --- no coordinate system -------------------------------------------------------------------

BARE = {"tif": "GTiff", "asc": "AAIGrid", "img": "HFA", "sdat": "SAGA", "nc": "netCDF", "gpkg": "GPKG",
        "dat": "ENVI", "rst": "RST"}  # fmt: skip


@pytest.fixture(params=BARE)
def bare(request, files, tmp_path):
    """The example without a coordinate system, in several formats: elevation, depth, mask and factor of safety."""
    import processing

    if gdal.GetDriverByName(BARE[request.param]) is None:
        pytest.skip("GDAL lacks this format")
    folder = tmp_path / "bare"
    folder.mkdir()
    made = {}
    for name in ("dem", "depth"):
        source = gdal.Translate("", files[name], format="MEM")
        source.SetProjection("")
        made[name] = str(folder / f"{name}.{request.param}")
        gdal.Translate(made[name], source, format=BARE[request.param])
    for path in [*folder.glob("*.prj"), *folder.glob("*.aux.xml")]:
        path.unlink()
    made["mask"], made["fs"] = str(folder / "mask.tif"), str(folder / "fs.tif")
    given = {"DEM": made["dem"], "SOIL_DEPTH": made["depth"], "COHESION": 2, "FRICTION_ANGLE": 22, "RAINFALL": 12}
    results = processing.run(
        "slopecast:simulatefactorofsafety",
        {**given, "LATERAL_FLOW": False, "FAILURE_MASK": made["mask"], "FACTOR_OF_SAFETY": made["fs"]},
    )
    assert results["FAILED_CELLS"] > 0
    assert results["RELIABILITY"].startswith("caution")
    assert gdal.Open(made["mask"]).GetProjection() == ""
    return made


def test_every_tool_takes_what_another_wrote_without_a_coordinate_system(bare, files, tmp_path, feedback):
    import processing

    def run(tool, **given):
        return processing.run(f"slopecast:{tool}", given, feedback=feedback)

    failed = int((read_raster(bare["mask"])[0] == 1).sum())
    same = run("comparemasks", PREDICTED=bare["mask"], REFERENCE=bare["mask"], AGREEMENT=str(tmp_path / "a.tif"))
    assert (same["IOU"], same["TP"]) == (1.0, failed)
    mixed = str(tmp_path / "mixed.tif")
    gdal.Translate(mixed, bare["mask"], outputSRS="EPSG:5186")
    assert run("comparemasks", PREDICTED=mixed, REFERENCE=bare["mask"], AGREEMENT=str(tmp_path / "b.tif"))["IOU"] == 1.0
    judged = run("validateinventory", MAP=bare["fs"], DEM=bare["dem"], LANDSLIDES=files["scars"],
                 REPORT=str(tmp_path / "r.html"))  # fmt: skip
    assert judged["LANDSLIDE_CELLS"] > 0
    zones = run("parametersfromzones", ZONES=files["zones"], DEM=bare["dem"], COHESION_FIELD="c",
                COHESION=str(tmp_path / "c.tif"))  # fmt: skip
    depth = run("estimatesoildepth", DEM=bare["dem"], SOIL_DEPTH=str(tmp_path / "d.tif"))["SOIL_DEPTH"]
    table = tmp_path / "t.csv"
    table.write_text("name,cohesion\nweak,2\nstrong,20\n")
    given = {"DEM": bare["dem"], "SOIL_DEPTH": depth, "COHESION_LAYER": zones["COHESION"]}
    assert run("predictfailuremask", **given, SOLVER=1, FAILURE_MASK=str(tmp_path / "m.tif"))["VALID_CELLS"] > 0
    run("predictfromtable", DEM=bare["dem"], SOIL_DEPTH=depth, TABLE=str(table), OUTPUT_FOLDER=str(tmp_path / "masks"),
        MODEL=files["weights"], DEVICE="cpu", SUMMARY=str(tmp_path / "s.csv"))  # fmt: skip
    run("failureprobability", **given, METHOD="engine", DRAWS=4, COHESION_SD=0.5, LATERAL_FLOW=False,
        FAILURE_PROBABILITY=str(tmp_path / "p.tif"))  # fmt: skip
    assert any(
        "no coordinate system: its coordinates are assumed to be in metres" in text for text in feedback.warnings
    )


def test_models_and_sheets_take_them(bare, files, tmp_path, feedback):
    import processing
    from qgis.core import QgsApplication

    areas = processing.run(
        "slopecast:model_failed_areas",
        {"DEM": bare["dem"], "MODEL": files["weights"], "COHESION": 4, "FRICTION_ANGLE": 18, "DEVICE": "cpu",
         "FAILED_AREAS": str(tmp_path / "areas.gpkg"), "PREDICTED_MASK": str(tmp_path / "mask.tif"),
         "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif"), "ESTIMATED_SOIL_DEPTH": str(tmp_path / "depth.tif")},
    )  # fmt: skip
    assert Path(areas["FAILED_AREAS"]).exists()
    given = {"FAILURE_MASK": bare["mask"], "FEATURES": files["area"]}
    for tool, key in (("countfailedcells", "EXPOSURE"), ("model_exposure", "EXPOSURE")):
        counts = processing.run(f"slopecast:{tool}", {**given, key: str(tmp_path / f"{tool}.gpkg")}, feedback=feedback)
        assert Path(counts[key]).exists()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    sheet = QgsApplication.processingRegistry().createAlgorithmById("slopecast:mapsheet")
    given = {"LAYER": bare["mask"], "BACKGROUND": bare["dem"], "SHEET": str(tmp_path / "s.png")}
    assert processing.run(sheet, given, context=context, feedback=feedback)["LAYOUT"]
    assert (tmp_path / "s.png").stat().st_size > 0


def test_contradicting_systems_stay_refused(files, tmp_path):
    import processing

    mask = write_bands(tmp_path / "a.tif", np.ones(SHAPE, np.uint8))
    other = write_bands(tmp_path / "b.tif", np.ones(SHAPE, np.uint8), crs="EPSG:32611")
    with pytest.raises(QgsProcessingException, match="another coordinate system"):
        processing.run(
            "slopecast:comparemasks",
            {"PREDICTED": mask, "REFERENCE": other, "AGREEMENT": str(tmp_path / "c.tif")},
        )
    sheared = write_bands(tmp_path / "s.tif", np.ones(SHAPE, np.uint8), transform=(*UTM10[:2], 1.0, *UTM10[3:]))
    with pytest.raises(QgsProcessingException, match="rotated or sheared"):
        processing.run(
            "slopecast:comparemasks",
            {"PREDICTED": mask, "REFERENCE": sheared, "AGREEMENT": str(tmp_path / "c.tif")},
        )
    assert QgsCoordinateReferenceSystem.fromWkt(crs_wkt("EPSG:32610")).isValid()


def test_a_raster_given_again_as_deviation_or_water_table_is_doubted(tmp_path, feedback):
    import processing

    heights = {"DEM": plane(25.0), "SOIL_DEPTH": full(2.0), "COHESION_LAYER": full(6.0)}
    given = {key: write_bands(tmp_path / f"{place}.tif", heights[key]) for place, key in enumerate(heights)}
    (tmp_path / "linked.tif").symlink_to(given["SOIL_DEPTH"])
    simulate(tmp_path, feedback, **given, INITIAL_WATER_TABLE=str(tmp_path / "linked.tif"))
    probability = {**given, "COHESION_SD_LAYER": given["COHESION_LAYER"], "METHOD": 2}
    output = {"FAILURE_PROBABILITY": str(tmp_path / "p.tif")}
    processing.run("slopecast:failureprobability", {**probability, **output}, feedback=feedback)
    found = [text for text in feedback.warnings if "are the same raster" in text and "Reliability" not in text]
    assert len(found) == 2
    assert all(key in found[0] for key in ("SOIL_DEPTH", "INITIAL_WATER_TABLE"))
    assert all(key in found[1] for key in ("COHESION_LAYER", "COHESION_SD_LAYER"))
