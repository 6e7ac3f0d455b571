"""Which band of a raster is read, and what names say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from messages import Messages
from osgeo import gdal, ogr
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.raster.inputs import (
    ELEVATION,
    MASK,
    SOIL_DEPTH,
    STABILITY_MAP,
    WATER_TABLE_HEIGHT,
    RasterInput,
    RasterKind,
    deviation_kind,
    parameter_kind,
)
from slopecast.plugin.core.raster.names import names_another, quantities_named
from slopecast.plugin.core.raster.opening import OpenBand
from slopecast.plugin.core.raster.read import read_aligned, read_dem
from slopecast.plugin.variables import BY_NAME
from written_rasters import UTM10, crs_wkt, write_bands

COHESION = parameter_kind(BY_NAME["cohesion"])


def stack(count: int, kind: type = np.float32) -> np.ndarray:
    """Band n holds n."""
    return np.broadcast_to(np.arange(1, count + 1)[:, None, None], (count, 6, 8)).astype(kind)


def band_read(source: str, kind: RasterKind, log: Feedback | None = None, **more) -> int:
    values, _ = read_dem(RasterInput(source, "Layer", kind, **more), log or Messages())
    assert values.min() == values.max()
    return int(values[0, 0])


@pytest.mark.parametrize(
    ("kind", "names", "number"),
    [
        (ELEVATION, ["slope", "cplan", "cprof", "elev", "log10_carea"], 4),
        (ELEVATION, ["hillshade", "Elevation [m]"], 2),
        (ELEVATION, ["canopy height", "intensity", "DTM 2019"], 3),
        (ELEVATION, ["dsm", "dem", "ndsm"], 2),
        (ELEVATION, ["x", "y", "z"], 3),
        (ELEVATION, ["soil depth", "표고"], 2),
        (SOIL_DEPTH, ["elevation", "soil_depth"], 2),
        (SOIL_DEPTH, ["water depth", "snow depth", "Regolith thickness (m)"], 3),
        (COHESION, ["friction angle", "cohesion", "root cohesion"], 2),
        (COHESION, ["phi", "c"], 2),
        (parameter_kind(BY_NAME["root_cohesion"]), ["Cohesion [kPa]", "Root cohesion [kPa]"], 2),
        (parameter_kind(BY_NAME["conductivity"]), ["porosity", "Ksat"], 2),
        (deviation_kind(BY_NAME["cohesion"]), ["Cohesion [kPa]", "Cohesion: standard deviation [kPa]"], 2),
        (MASK, ["Factor of safety", "Failure mask"], 2),
        (STABILITY_MAP, ["Slope", "Failure probability"], 2),
        (SOIL_DEPTH, ["rooting depth", "Bodenmächtigkeit"], 2),
        (SOIL_DEPTH, ["depth_to_groundwater", "profondeur du sol"], 2),
        (SOIL_DEPTH, ["frost depth", "profondità del suolo [m]"], 2),
        (SOIL_DEPTH, ["depth_sd", "depth_mean"], 2),
        (SOIL_DEPTH, ["optical depth", "mean soil depth of the band (m)"], 2),
        (ELEVATION, ["傾斜", "標高"], 2),
        (ELEVATION, ["elevation_class", "elevation_m"], 2),
        (ELEVATION, ["vegetation height", "bare earth terrain height"], 2),
        (ELEVATION, ["dem difference", "Höhe ü. NN"], 2),
        (MASK, ["cloud mask", "Landslide mask"], 2),
    ],
)
def test_the_band_that_is_named_is_read(kind: RasterKind, names: list, number: int, tmp_path: Path) -> None:
    log = Messages()
    assert band_read(write_bands(tmp_path / "s.tif", stack(len(names)), names=names), kind, log) == number
    assert log.notes == [f"Layer: band {number} '{names[number - 1]}' of {len(names)} is used."]
    assert log.cautions == []


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (ELEVATION, []),
        (ELEVATION, ["", "", ""]),
        (ELEVATION, ["slope", "aspect", "curvature"]),
        (ELEVATION, ["dtm 2010", "dtm 2020", "slope"]),
        (ELEVATION, ["dem slope", "dem error", "elevation std"]),
        (SOIL_DEPTH, ["water depth", "elevation", "slope"]),
        (COHESION, ["root cohesion", "cohesion sd", "phi"]),
        (MASK, ["6 h", "12 h", "24 h"]),
        (SOIL_DEPTH, ["frost depth", "lake depth", "depth class"]),
        (SOIL_DEPTH, ["thickness of snow", "x", "depth of sensor"]),
        (SOIL_DEPTH, ["rooting depth", "depth_p05", "ice thickness"]),
        (ELEVATION, ["elevation_class", "x", "dem difference"]),
        (ELEVATION, ["height of trees", "canopy height", "relief shading"]),
        (ELEVATION, ["elevation uncertainty", "lake surface elevation", "dH elevation"]),
        (COHESION, ["undrained cohesion", "cohesion class", "phi"]),
        (COHESION, ["cohesion cv", "cohesion variance", "phi"]),
    ],
)
def test_bands_of_which_none_or_several_are_named_are_listed(kind: RasterKind, names: list, tmp_path: Path) -> None:
    source = write_bands(tmp_path / "s.tif", stack(3), names=names)
    with pytest.raises(InputError, match=r"(?s)Layer: has 3 bands.*Symbology.*gdal_translate -b") as error:
        band_read(source, kind)
    for number, name in enumerate(names, 1):
        assert (f"{number} '{name}'" if name else str(number)) in str(error.value)


@pytest.mark.parametrize("chosen", [1, 2, 5])
def test_the_chosen_band_comes_first(chosen: int, tmp_path: Path) -> None:
    names = ["elev", "", "", "", "slope"]
    log = Messages()
    assert band_read(write_bands(tmp_path / "s.tif", stack(5), names=names), ELEVATION, log, band=chosen) == chosen
    assert len(log.cautions) == (chosen == 5), "its name states another quantity"


def test_a_band_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no band 7"):
        band_read(write_bands(tmp_path / "s.tif", stack(3)), ELEVATION, band=7)


def test_a_band_of_transparency_is_no_band(tmp_path: Path) -> None:
    array = stack(2, np.uint16)
    array[0], array[1] = 300, 65535
    array[0, 2, 2], array[1, 2, 2] = 9, 0
    source = write_bands(tmp_path / "s.tif", array, colours=(gdal.GCI_GrayIndex, gdal.GCI_AlphaBand))
    log = Messages()
    values, _ = read_dem(RasterInput(source), log)
    assert np.isnan(values[2, 2])
    assert np.nansum(values) == 300 * 47
    assert log.notes == []
    grid = Grid(5, 7, (500_005.0, *UTM10[1:3], 4_499_995.0, *UTM10[4:]), crs_wkt("EPSG:32610"))
    warped = read_aligned(RasterInput(source), grid, log)
    assert np.nanmax(np.abs(warped - 300.0)) < 1e-3, "what is transparent has no part in the neighbours' values"


@pytest.mark.parametrize(
    ("kind", "dtype", "scale", "doubts"),
    [(ELEVATION, np.uint8, None, 1), (ELEVATION, np.uint8, 0.5, 0), (ELEVATION, np.int16, None, 0),
     (SOIL_DEPTH, np.uint8, None, 0)],
)  # fmt: skip
def test_heights_of_8_bits_are_in_doubt(
    kind: RasterKind, dtype: type, scale: float | None, doubts: int, tmp_path: Path
) -> None:
    """They may be a grey picture of the elevation model."""
    log = Messages()
    source = write_bands(tmp_path / "grey.tif", (20 * np.eye(8)).astype(dtype), scale=scale)
    OpenBand(RasterInput(source, "Layer", kind), log)
    assert sum("as in a grey picture" in text for text in log.cautions) == len(log.cautions) == doubts


@pytest.mark.parametrize(("kind", "doubts"), [(COHESION, 1), (SOIL_DEPTH, 1), (MASK, 0), (STABILITY_MAP, 0)])
@pytest.mark.parametrize("how", ["colour table", "names of classes", "attribute table"])
def test_codes_of_classes_are_no_quantity(how: str, kind: RasterKind, doubts: int, tmp_path: Path) -> None:
    source = write_bands(tmp_path / "layer.tif", np.eye(8, dtype=np.uint8))
    dataset = gdal.Open(source, gdal.GA_Update)
    if how == "colour table":
        table = gdal.ColorTable()
        table.SetColorEntry(1, (200, 0, 0, 255))
        dataset = gdal.GetDriverByName("GTiff").Create(source, 8, 8, 1, gdal.GDT_Byte)
        dataset.GetRasterBand(1).SetColorTable(table)
    elif how == "attribute table":
        attributes = gdal.RasterAttributeTable()
        attributes.CreateColumn("Value", gdal.GFT_Integer, gdal.GFU_MinMax)
        attributes.CreateColumn("Soil", gdal.GFT_String, gdal.GFU_Generic)
        attributes.SetValueAsString(0, 1, "sand")
        dataset.GetRasterBand(1).SetDefaultRAT(attributes)
    else:
        dataset.GetRasterBand(1).SetCategoryNames(["rock", "sand"])
    dataset = None
    log = Messages()
    OpenBand(RasterInput(source, "Layer", kind), log)
    assert sum("as codes of classes have" in text for text in log.cautions) == len(log.cautions) == doubts


@pytest.mark.parametrize(("column", "doubted"), [(ogr.OFTString, True), (ogr.OFTInteger, False)])
def test_texts_in_a_table_of_arcgis_are_doubted(column: int, doubted: bool, tmp_path: Path) -> None:
    """GDAL itself reads the .vat.dbf file next to a GeoTIFF from 3.11 on."""
    source = write_bands(tmp_path / "soil.tif", stack(1, np.uint8))
    table = ogr.GetDriverByName("ESRI Shapefile").CreateDataSource(str(tmp_path / "table.dbf"))
    layer = table.CreateLayer("table", geom_type=ogr.wkbNone)
    layer.CreateField(ogr.FieldDefn("VALUE", ogr.OFTInteger))
    layer.CreateField(ogr.FieldDefn("COUNT", column))
    layer = table = None
    (tmp_path / "table.dbf").rename(f"{source}.vat.dbf")
    log = Messages()
    OpenBand(RasterInput(source, "Layer", COHESION), log)
    assert any("as codes of classes have" in text for text in log.cautions) == doubted


@pytest.mark.parametrize("name", ["soil_class", "SoilType_10m", "geology", "landuse_2020", "토양도"])
def test_a_name_of_classes_is_doubted(name: str, tmp_path: Path) -> None:
    log = Messages()
    OpenBand(RasterInput(write_bands(tmp_path / f"{name}.tif", stack(1)), "Layer", COHESION), log)
    assert [name in text for text in log.cautions] == [True]


@pytest.mark.parametrize(
    ("name", "doubted"),
    [("water_table", False), ("water_table_above_bedrock", False), ("h0", False), ("water_table_depth", True),
     ("GroundwaterLevel", True), ("depth_to_water", True), ("wetting_front", True), ("soil_depth", True)],
)  # fmt: skip
def test_a_name_of_water_that_is_not_above_bedrock_is_doubted(name: str, doubted: bool, tmp_path: Path) -> None:
    log = Messages()
    source = write_bands(tmp_path / f"{name}.tif", stack(1))
    OpenBand(RasterInput(source, "Layer", WATER_TABLE_HEIGHT), log)
    assert [name in text for text in log.cautions] == [True] * doubted


@pytest.mark.parametrize(
    ("name", "wanted", "doubted"),
    [("soil_moisture", "moisture_deficit", True), ("porosity_30m", "moisture_deficit", True),
     ("moisture_deficit", "moisture_deficit", False), ("undrained_cohesion", "cohesion", True),
     ("cohesion", "cohesion", False), ("root_cohesion", "cohesion", True), ("critical_rainfall", "rainfall", True),
     ("daily_rainfall_2020", "rainfall", True), ("rainfall_intensity", "rainfall", False)],
)  # fmt: skip
def test_a_name_of_a_kindred_quantity_is_doubted(name: str, wanted: str, doubted: bool, tmp_path: Path) -> None:
    log = Messages()
    source = write_bands(tmp_path / f"{name}.tif", stack(1))
    OpenBand(RasterInput(source, "Layer", parameter_kind(BY_NAME[wanted])), log)
    assert [name in text for text in log.cautions] == [True] * doubted


@pytest.mark.parametrize("shift", [0.0, 4.0], ids=["the same cells", "other cells"])
def test_a_mask_and_a_nodata_value_both_count(shift: float, tmp_path: Path) -> None:
    """GDAL heeds only the mask when it reads, and only the value when it warps."""
    values, mask = np.full((20, 20), 2.0, dtype=np.float32), np.full((20, 20), 255, dtype=np.uint8)
    values[:5], mask[:, :5] = 0.0, 0  # 0 m of soil is a depth too
    x0, dx, _, y0, _, dy = UTM10
    source = write_bands(tmp_path / "depth.tif", values, transform=(x0 + shift, dx, 0, y0, 0, dy), nodata=0.0)
    dataset = gdal.Open(source, gdal.GA_Update)
    dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
    dataset.GetRasterBand(1).GetMaskBand().WriteArray(mask)
    dataset = None
    found = read_aligned(RasterInput(source, "L", SOIL_DEPTH), Grid(20, 20, UTM10, crs_wkt("EPSG:32610")), Messages())
    assert np.isnan(found[:5]).all()
    assert np.isnan(found[:, :5]).all()
    np.testing.assert_array_equal(found[6:, 6:-1], 2.0)


def test_options_of_a_layer_s_source_are_heeded(tmp_path: Path) -> None:
    """QGIS adds them to the name of the file: here, where the place is read from."""
    source = write_bands(tmp_path / "layer.tif", stack(1))
    (tmp_path / "layer.tfw").write_text("5\n0\n0\n-5\n1000\n2000\n")
    for option, cell in (("GEOREF_SOURCES=INTERNAL", 10.0), ("GEOREF_SOURCES=WORLDFILE", 5.0)):
        _, grid = read_dem(RasterInput(f"{source}|option:NUM_THREADS=2|option:{option}", "Layer", COHESION), Messages())
        assert grid.cell_width == cell


def test_a_picture_is_no_elevation(tmp_path: Path) -> None:
    colours = (gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)
    source = write_bands(tmp_path / "s.tif", stack(3, np.uint8), colours=colours)
    for chosen in (0, 1):
        with pytest.raises(InputError, match="colour picture"):
            band_read(source, ELEVATION, band=chosen)


@pytest.mark.parametrize(
    "name",
    [
        "slope", "Aspect", "hillshade", "Soil depth [m]", "elevation_class", "height of trees", "dem difference",
        "canopy height", "relief shading", "elevation uncertainty", "terrain aspect", "slope_from_dem",
        "temperature", "population density", "land cover",
    ],
)  # fmt: skip
def test_a_single_band_of_another_name_is_in_doubt(name: str, tmp_path: Path) -> None:
    log = Messages()
    assert band_read(write_bands(tmp_path / "s.tif", stack(1), names=[name]), ELEVATION, log) == 1
    assert len(log.cautions) == 1
    assert name in log.cautions[0]


@pytest.mark.parametrize(
    ("name", "doubts"),
    [("precipitation amount", 1), ("cumulative rainfall", 1), ("accumulated rain", 1), ("rainfall intensity", 0)],
)
def test_an_amount_of_rain_is_no_intensity(name: str, doubts: int, tmp_path: Path) -> None:
    log = Messages()
    band_read(write_bands(tmp_path / "s.tif", stack(1), names=[name]), parameter_kind(BY_NAME["rainfall"]), log)
    assert len(log.cautions) == doubts


@pytest.mark.parametrize(
    "name",
    ["", "Band 1", "elevation", "DEM of the valley", "Layer_1", "SRTM n46_e011", "Salt Lake DEM", "Height", "標高"],
)
def test_other_single_bands_are_not(name: str, tmp_path: Path) -> None:
    log = Messages()
    band_read(write_bands(tmp_path / "s.tif", stack(1), names=[name] if name else ()), ELEVATION, log)
    assert log.cautions == log.notes == []


@pytest.mark.parametrize(
    "name", ["rooting depth", "frost depth", "depth class", "thickness of snow", "depth of sensor", "soil depth class"]
)
def test_a_single_band_of_another_depth_is_in_doubt(name: str, tmp_path: Path) -> None:
    log = Messages()
    assert band_read(write_bands(tmp_path / "s.tif", stack(1), names=[name]), SOIL_DEPTH, log) == 1
    assert len(log.cautions) == 1


@pytest.mark.parametrize("name", ["depth", "Soil depth Seoul", "profondeur du sol", "Bodenmächtigkeit", "depth_cm"])
def test_a_single_band_of_a_soil_depth_is_not(name: str, tmp_path: Path) -> None:
    log = Messages()
    band_read(write_bands(tmp_path / "s.tif", stack(1), names=[name]), SOIL_DEPTH, log)
    assert log.cautions == []


@pytest.mark.parametrize("kind", [SOIL_DEPTH, COHESION, MASK], ids=lambda kind: kind.title)
@pytest.mark.parametrize("virtual", [False, True], ids=["itself", "virtual raster"])
def test_the_default_band_name_of_geopackages_is_ignored(kind: RasterKind, virtual: bool, tmp_path: Path) -> None:
    tif = write_bands(tmp_path / "s.tif", stack(1))
    path = str(tmp_path / "s.gpkg")
    assert gdal.Translate(path, tif, format="GPKG") is not None
    if virtual:
        assert gdal.Translate(str(tmp_path / "s.vrt"), path, format="VRT") is not None
        path = str(tmp_path / "s.vrt")
    assert gdal.Open(path).GetRasterBand(1).GetDescription() == "Height"
    log = Messages()
    assert band_read(path, kind, log) == 1
    assert log.cautions == []


@pytest.mark.parametrize("kind", [np.float32, np.int16, np.uint8], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("nodata", [None, 7.0], ids=["alone", "beside NoData"])
@pytest.mark.parametrize("wanted", [ELEVATION, SOIL_DEPTH], ids=["heights", "depths"])
def test_transparency_of_any_type_is_nodata(kind: type, nodata: float, wanted: RasterKind, tmp_path: Path) -> None:
    array = stack(2, kind)
    array[0], array[1] = 30, 1
    array[0, 2, 2], array[1, 2, 2] = 9, 0
    if nodata is not None:
        array[0, 4, 4] = nodata
    source = write_bands(
        tmp_path / "s.tif",
        array,
        colours=(gdal.GCI_GrayIndex, gdal.GCI_AlphaBand),
        nodata=nodata,
        options=["ALPHA=YES"],
    )
    hidden = np.zeros((6, 8), bool)
    hidden[2, 2], hidden[4, 4] = True, nodata is not None
    values, _ = read_dem(RasterInput(source, kind=wanted), Messages())
    np.testing.assert_array_equal(np.isnan(values), hidden)
    assert (values[~hidden] == 30).all()
    grid = Grid(5, 7, (500_005.0, *UTM10[1:3], 4_499_995.0, *UTM10[4:]), crs_wkt("EPSG:32610"))
    warped = read_aligned(RasterInput(source, kind=wanted), grid, Messages())
    assert np.nanmax(np.abs(warped - 30.0)) < 1e-3, "what is transparent has no part in the neighbours' values"


def test_scale_unit_and_nodata_are_those_of_the_band(tmp_path: Path) -> None:
    source = write_bands(tmp_path / "s.tif", np.full((2, 6, 8), 100.0, np.float32), names=["slope", "dem"])
    dataset = gdal.Open(source, gdal.GA_Update)
    dataset.GetRasterBand(1).SetUnitType("degree")
    band = dataset.GetRasterBand(2)
    band.SetUnitType("ft")
    band.SetScale(2.0)
    band.SetOffset(5.0)
    band = dataset = None
    values, _ = read_dem(RasterInput(source, nodata=((1, 0.0, 1e4),)), Messages())
    np.testing.assert_allclose(values, 205.0 * 0.3048, rtol=1e-6)
    aligned = read_aligned(
        RasterInput(source),
        Grid(3, 3, (500_003.0, 10.0, 0.0, 4_499_990.0, 0.0, -10.0), crs_wkt("EPSG:32610")),
        Messages(),
    )
    np.testing.assert_allclose(aligned, 205.0 * 0.3048, rtol=1e-6)


@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_the_files_nodata_counts_where_the_layer_does_not_use_it(shift: float, tmp_path: Path) -> None:
    """Read as it is, and warped: QGIS lets users switch the value off, by band."""
    values = np.full((2, 6, 8), 4.0, np.float32)
    values[:, 2, 3] = 0.0
    source = write_bands(tmp_path / "s.tif", values, nodata=0.0)
    grid = Grid(6, 8, (UTM10[0] + shift, *UTM10[1:]), crs_wkt("EPSG:32610"))
    for kept, missing in (((1,), False), ((2,), True), ((), True)):
        log = Messages()
        raster = RasterInput(source, "Layer", COHESION, band=1, kept_nodata=kept)
        read = read_dem(raster, log)[0] if not shift else read_aligned(raster, grid, log)
        hole = read[2, 2:4]
        assert np.isnan(hole).any() == missing if not shift else (np.nanmin(hole) < 4.0) != missing
        assert any("does not use the NoData value of its file (0)" in text for text in log.warnings) != missing


@pytest.mark.parametrize("form", ["vrt://{}?bands=2", "GTIFF_DIR:1:{}"])
def test_sources_that_name_a_band(form: str, tmp_path: Path) -> None:
    array = stack(2) if "vrt" in form else stack(1) * 2
    source = form.format(write_bands(tmp_path / "s.tif", array))
    assert band_read(source, ELEVATION) == 2


@pytest.mark.parametrize(
    ("name", "quantities"),
    [
        ("DEM", {"elevation"}), ("elev_m", {"elevation"}), ("SoilDepth", {"soil_depth"}), ("Band 1", set()),
        ("Canopy height", {"land_cover"}), ("DEM slope", {"elevation", "slope"}), ("k", {"conductivity"}),
        ("Initial water table / soil depth [-]", {"water_table_ratio"}), ("", set()),
    ],
)  # fmt: skip
def test_quantities_of_names(name: str, quantities: set) -> None:
    assert quantities_named(name) == quantities


@pytest.mark.parametrize(
    ("name", "is_another"),
    [("dtw_m", True), ("WTD", True), ("gw_depth", True), ("DepthToWT", True), ("Flurabstand 2019", True),
     ("Grundwasser-Flurabstand", True), ("profondeur_de_la_nappe", True), ("soggiacenza", True),
     ("piezometric_level", True), ("watertable", False), ("water_table_m", False), ("h0", False)],
)  # fmt: skip
def test_depths_and_levels_of_groundwater_are_no_heights_above_bedrock(name: str, is_another: bool) -> None:
    assert names_another(name, ("water",)) == is_another


@pytest.mark.parametrize("variable", BY_NAME.values(), ids=str)
def test_every_parameter_is_known_by_its_name_and_its_title(variable) -> None:
    for text in (variable.name, variable.label, variable.title, variable.key):
        assert quantities_named(text) == {variable.name}
    assert quantities_named(f"{variable.label}: standard deviation [{variable.unit}]") == {f"{variable.name}_sd"}


@pytest.mark.parametrize(
    ("name", "kind", "doubtful"),
    [
        ("slope", ELEVATION, True), ("Hillshade_30m", ELEVATION, True), ("soil_depth", ELEVATION, True),
        ("dem", SOIL_DEPTH, True), ("friction_angle", COHESION, True), ("root_cohesion", COHESION, True),
        ("dem", ELEVATION, False), ("slope of site 3", ELEVATION, False), ("OUTPUT", ELEVATION, False),
        ("depth", SOIL_DEPTH, False), ("cohesion", COHESION, False), ("slope_dem", ELEVATION, False),
    ],
)  # fmt: skip
def test_a_file_named_as_another_quantity_is_doubtful(tmp_path: Path, name: str, kind: RasterKind, doubtful) -> None:
    log = Messages()
    source = write_bands(tmp_path / f"{name}.tif", stack(1))
    band_read(str(source), kind, log)
    assert bool(log.cautions) == doubtful
    if doubtful:
        assert f"named '{name}'" in log.cautions[0]
        band_read(str(source), kind, log := Messages(), layer_name=f"my {kind.title}")
        assert not log.cautions  # the layer has been named by its user


@pytest.mark.parametrize(
    ("name", "doubted"),
    [("daily_rain", True), ("Precipitation_total_2011", True), ("rain", False), ("rainfall intensity", False)],
)
def test_amounts_of_rain_are_doubted(name: str, doubted: bool, tmp_path: Path) -> None:
    """30 mm in a day are no 30 mm/h, and both are usual rain."""
    source, log = write_bands(tmp_path / f"{name}.tif", np.full((4, 4), 30.0, np.float32)), Messages()
    OpenBand(RasterInput(source, "Rainfall", parameter_kind(BY_NAME["rainfall"])), log)
    assert any(f"it is named '{name}'. Does it contain" in text for text in log.cautions) == doubted
