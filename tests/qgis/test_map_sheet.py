"""The print layout: the template is whole, and a result on it is drawn with legend, scale bar, title and source."""

from __future__ import annotations

import os
from types import SimpleNamespace

import numpy as np
import pytest
from cases import ENGINE, OUT, filled
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLegendRenderer,
    QgsPrintLayout,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsReadWriteContext,
)
from qgis.PyQt.QtCore import QRectF
from qgis.PyQt.QtGui import QFontMetricsF, QImage
from qgis.PyQt.QtXml import QDomDocument
from rasters import write_raster
from slopecast.plugin.algorithms.locations import MAP_SHEET
from slopecast.plugin.algorithms.outputs.provenance import provenance_text
from slopecast.plugin.algorithms.outputs.sheet_page import PAGES
from slopecast.plugin.core.soil_depth import ESTIMATE_WARNING


@pytest.fixture
def mask(files, tmp_path):
    import processing

    given = filled({**ENGINE, "FACTOR_OF_SAFETY": OUT, "FAILURE_MASK": OUT}, files, tmp_path)
    return processing.run("slopecast:simulatefactorofsafety", given)["FAILURE_MASK"]


def run(parameters, feedback):
    import processing

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    context.setFeedback(feedback)
    from qgis.core import QgsApplication

    algorithm = QgsApplication.processingRegistry().createAlgorithmById("slopecast:mapsheet")
    return processing.run(algorithm, parameters, context=context, feedback=feedback)


def test_template_is_whole():
    """QGIS reads it; every item is there under its name, and no path of the machine that made it."""
    document = QDomDocument()
    text = MAP_SHEET.read_text(encoding="utf-8")
    assert document.setContent(text)[0]
    layout = QgsPrintLayout(QgsProject.instance())
    _, good = layout.loadFromTemplate(document, QgsReadWriteContext())
    assert good
    assert all(layout.itemById(name) for name in ("map", "title", "legend", "north", "scale", "provenance"))
    assert "/home" not in text
    assert "/root" not in text


def test_sheet_of_a_result(mask, files, tmp_path, feedback, capfd):
    """In the project as a print layout, and as an image that shows failed cells, hillshade, legend and text."""
    layer = QgsRasterLayer(mask, "Failure mask (12 mm/h)")
    QgsProject.instance().addMapLayer(layer)
    path = tmp_path / "sheet ä.png"
    done = run({"LAYER": layer.id(), "BACKGROUND": files["dem"], "SHEET": str(path)}, feedback)
    assert done["LAYOUT"] == "Failure mask, 12 mm/h for 24 h"
    layout = QgsProject.instance().layoutManager().layoutByName(done["LAYOUT"])
    assert layout.itemById("title").text() == "Failure mask, 12 mm/h for 24 h"
    limits, _, source = layout.itemById("provenance").text().partition("\n")
    assert limits.startswith("Screening result of a model: it is neither a forecast nor a warning.")
    assert source.startswith("Slopecast ")
    assert ", Simulate factor of safety (physics engine), " in source
    assert "Cohesion 2 kPa" in source
    assert "diagnostics" not in source
    assert layout.itemById("map").extent().contains(layer.extent())
    assert layout.itemById("legend").model().rootGroup().findLayerIds() == [layer.id()]
    assert "ERROR" not in capfd.readouterr().err  # GDAL cannot write the position into a PNG
    image = QImage(str(path))
    assert not image.isNull()
    pixels = colours(image)
    red = (pixels[..., 0] > 180) & (pixels[..., 1] < 110) & (pixels[..., 2] < 110)
    assert red.mean() > 0.01
    right = pixels[:, int(0.75 * pixels.shape[1]) :]
    assert ((right[..., 0] > 180) & (right[..., 1] < 110)).any()  # the legend's swatch
    assert (pixels[int(0.88 * pixels.shape[0]) :].sum(axis=2) < 300).any()  # the source's text
    again = run({"LAYER": layer.id(), "BACKGROUND": files["dem"], "TITLE": ""}, feedback)
    assert again["LAYOUT"] == "Failure mask, 12 mm/h for 24 h (2)"
    assert len(QgsProject.instance().mapLayersByName("Hillshade")) == 1


@pytest.mark.parametrize("kind", ["pdf", "png", "svg"])
def test_a_layer_that_cannot_be_read_to_its_end_makes_no_sheet(kind, tmp_path, feedback):
    """QGIS leaves the missing cells empty and reports success."""
    path = write_raster(tmp_path / "cut.tif", np.random.default_rng(0).random((300, 300)))
    os.truncate(path, os.path.getsize(path) // 2)
    sheet = tmp_path / f"sheet.{kind}"
    with pytest.raises(QgsProcessingException, match=r"LAYER.*cannot be drawn completely: .*cut.tif"):
        run({"LAYER": str(path), "SHEET": str(sheet)}, feedback)
    assert not sheet.exists()


@pytest.mark.parametrize(
    ("name", "storm", "title"),
    [
        ("Failure mask (12.23 mm/h, 24 h, c 8 kPa, phi 28 deg)", "12.2345 mm/h", "Failure mask, 12.2 mm/h for 24 h"),
        ("Upper valley (second estimate)", "8.5 mm/h", "Upper valley (second estimate), 8.5 mm/h for 24 h"),
        ("storm_50yr", "150 mm/h", "storm_50yr, 150 mm/h for 24 h"),
        ("Critical rainfall (20 mm/h, 24 h, c 8 kPa, phi 28 deg)", "20 mm/h", "Critical rainfall, 24 h"),
        ("Failure mask (raster, 24 h, c 8 kPa, phi 28 deg)", "raster 3..9 mm/h (rain.tif)",
         "Failure mask, rainfall raster, 24 h"),
        ("Factor of safety (hyetograph, 24 h, c 8 kPa, phi 28 deg)", "hyetograph",
         "Factor of safety, hyetograph of 24 h"),
        ("Failure frequency (5 rows)", "", "Failure frequency (5 rows)"),
    ],
)  # fmt: skip
def test_the_title_states_the_rainfall(name, storm, title, tmp_path, feedback):
    """From the raster's metadata; results of many events, and those of other programs, have the layer's name."""
    metadata = {"SLOPECAST_ALGORITHM": "slopecast:predictfailuremask", "SLOPECAST_DURATION": "24 h"}
    metadata["SLOPECAST_OUTPUT"] = name.partition(" (")[0]
    if storm == "hyetograph":
        metadata["SLOPECAST_HYETOGRAPH"], storm = "12 mm/h to 6 h; 4 mm/h to 24 h", "6 mm/h"
    if storm:
        metadata["SLOPECAST_RAINFALL"] = storm
    path = write_raster(tmp_path / "mask.tif", np.eye(9))
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadata(metadata)
    dataset = None
    layer = QgsRasterLayer(str(path), name)
    QgsProject.instance().addMapLayer(layer)
    assert run({"LAYER": layer.id()}, feedback)["LAYOUT"] == title


@pytest.mark.parametrize(
    ("numbers", "outdated"),
    [
        ("12 mm/h, 24 h, c 2 kPa, phi 22 deg", False),  # as Processing names it
        ("12 mm/h, 24 h, 2 kPa, 22 deg, 3e-6 m/s", False),  # as the dialog does
        ("12 mm/h", False),
        ("8.5 mm/h, 24 h, c 2 kPa, phi 22 deg", True),
        ("12 mm/h, 48 h, c 2 kPa, phi 22 deg", True),
        ("12 mm/h, 24 h, 5 kPa, 22 deg, 3e-6 m/s", True),
    ],
)
def test_a_name_of_another_scenario_is_not_on_the_sheet(numbers, outdated, mask, feedback):
    """As of a layer whose file was written anew by a run that did not load its results."""
    layer = QgsRasterLayer(mask, f"Failure mask ({numbers})")
    QgsProject.instance().addMapLayer(layer)
    done = run({"LAYER": layer.id()}, feedback)
    node = QgsProject.instance().layoutManager().layoutByName(done["LAYOUT"]).itemById("legend").model().rootGroup()
    title = node.findLayers()[0].customProperty("legend/title-label").replace("\n", " ")
    assert title == ("Failure mask" if outdated else layer.name())
    assert any("states other numbers" in text for text in feedback.warnings) == outdated


def test_a_warning_is_on_the_sheet_once(tmp_path, feedback):
    """It is a reason of the reliability, a warning, and with the soil depth."""
    path, other = write_raster(tmp_path / "mask.tif", np.eye(9)), "5 cells are NoData."
    dataset = gdal.Open(str(path), gdal.GA_Update)
    dataset.SetMetadata({
        "SLOPECAST_ALGORITHM": "slopecast:predictfailuremask",
        "SLOPECAST_RELIABILITY": f"caution: {ESTIMATE_WARNING.rstrip('.')}",
        "SLOPECAST_SOIL_DEPTH": f"depth.tif: {ESTIMATE_WARNING} Estimate: method constant.",
        "SLOPECAST_WARNINGS": f"{ESTIMATE_WARNING} | {other}",
    })  # fmt: skip
    dataset = None
    text = provenance_text(str(path))
    assert text.count(ESTIMATE_WARNING.rstrip(".")) == 1
    assert "Soil depth: depth.tif: Estimate: method constant." in text
    assert text.endswith(f"\n{other}")


def test_options_and_cells_without_colour_are_on_the_sheet(tmp_path, feedback):
    """What the numbers do not show: the time, the edges, and that a map is empty where nothing fails."""
    path = write_raster(tmp_path / "time.tif", np.eye(9))
    entries = {"ALGORITHM": "slopecast:simulatefactorofsafety", "RELIABILITY": "trusted"}
    texts = []
    for options in (
        {"EVALUATE": "end", "LATERAL_FLOW": "yes", "EDGES": "open", "OUTPUT": "Factor of safety"},
        {"EVALUATE": "minimum", "LATERAL_FLOW": "no", "EDGES": "closed", "OUTPUT": "Failure time"},
    ):
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.SetMetadata({f"SLOPECAST_{key}": text for key, text in {**entries, **options}.items()})
        dataset = None
        texts.append(provenance_text(str(path)))
    reliability = "Reliability (agreement with the physics engine, plausible inputs): trusted."
    assert texts[0].endswith(f". {reliability}")
    assert texts[1].endswith(
        f"{reliability} Minimum over the event. Without lateral groundwater flow. Closed map edges: no groundwater "
        "outflow. Cells without colour do not fail or have no data."
    )


@pytest.mark.parametrize("tool", ["estimatesoildepth", "exampledata", ""])
def test_an_input_is_not_called_a_screening_result(tool, tmp_path, feedback):
    path = write_raster(tmp_path / "depth.tif", np.eye(9))
    if tool:
        dataset = gdal.Open(str(path), gdal.GA_Update)
        dataset.SetMetadata({"SLOPECAST_ALGORITHM": f"slopecast:{tool}"})
        dataset = None
    name = run({"LAYER": str(path)}, feedback)["LAYOUT"]
    text = QgsProject.instance().layoutManager().layoutByName(name).itemById("provenance").text()
    assert "Screening result of a model" not in text


def test_sheet_of_a_file(mask, tmp_path, feedback):
    """A file that is not in the project; PDF."""
    path = tmp_path / "sheet.pdf"
    done = run({"LAYER": mask, "TITLE": "My title", "SHEET": str(path)}, feedback)
    assert done["LAYOUT"] == "My title"
    assert path.read_bytes().startswith(b"%PDF")
    assert len(QgsProject.instance().mapLayers()) == 1


def test_sheet_under_another_name_is_refused(mask, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match=r"ends in \.pdf, \.png, \.svg"):
        run({"LAYER": mask, "SHEET": str(tmp_path / "sheet.doc")}, feedback)


def test_sheet_over_its_background_is_refused(mask, files, tmp_path, feedback):
    picture = tmp_path / "elevation.png"
    gdal.Translate(str(picture), files["dem"], format="PNG", outputType=gdal.GDT_Byte)
    before = picture.read_bytes()
    with pytest.raises(QgsProcessingException, match=r"SHEET.*is an input"):
        run({"LAYER": mask, "BACKGROUND": str(picture), "SHEET": str(picture)}, feedback)
    assert picture.read_bytes() == before


def test_coordinate_system_set_by_hand_is_kept(mask, tmp_path, feedback):
    """The hillshade lies where the user has put the elevation."""
    path = write_raster(tmp_path / "bare.tif", np.add.outer(np.arange(30.0), np.arange(30.0)), epsg=None)
    bare = QgsRasterLayer(str(path), "bare")
    bare.setCrs(QgsCoordinateReferenceSystem("EPSG:5187"))
    QgsProject.instance().addMapLayer(bare)
    run({"LAYER": mask, "BACKGROUND": bare.id()}, feedback)
    assert QgsProject.instance().mapLayersByName("Hillshade")[0].crs().authid() == "EPSG:5187"


def colours(image):
    """RGB as (rows, cols, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    data = image.constBits().asstring(image.sizeInBytes())
    lines = np.frombuffer(data, dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(int)


NAMES = ("Mask", "Failure class (8.5 mm/h, 24 h, c 8 kPa, phi 28 deg) of the upper catchment, second estimate of depth")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", NAMES)
def test_everything_is_inside_the_page(mask, files, feedback, page, name):
    """No item beyond the page's edge, none over another; the page has its size; the map is most of it."""
    layer = QgsRasterLayer(mask, name)
    QgsProject.instance().addMapLayer(layer)
    done = run({"LAYER": layer.id(), "BACKGROUND": files["dem"], "PAGE": page}, feedback)
    layout = QgsProject.instance().layoutManager().layoutByName(done["LAYOUT"])
    size = layout.pageCollection().page(0).pageSize()
    assert (size.width(), size.height()) == PAGES[page]
    sheet = QRectF(0, 0, *PAGES[page])
    items = ("map", "title", "legend", "north", "scale", "provenance")
    boxes = {item: QRectF(layout.itemById(item).pos(), layout.itemById(item).rect().size()) for item in items}
    for item, box in boxes.items():
        assert sheet.contains(box), item
        covered = [other for other in items if other != item and boxes[other].intersects(box)]
        assert not covered, item
    assert boxes["map"].width() * boxes["map"].height() > 0.4 * sheet.width() * sheet.height()
    legend = layout.itemById("legend")
    drawn = QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize()
    assert sheet.contains(QRectF(boxes["legend"].topLeft(), drawn))
    title = layout.itemById("title")
    needed = title.sizeForText()
    assert needed.width() * needed.height() <= 1.6 * title.rect().width() * title.rect().height()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("cell", [1.0, 7.0, 83.0, 900.0])
def test_the_scale_bar_is_drawn_in_its_place(tmp_path, feedback, page, cell):
    """As wide as its segments and labels take, the bar is inside the page and over no other item."""
    path = write_raster(tmp_path / "map.tif", np.eye(50), cell=cell)
    done = run({"LAYER": str(path), "PAGE": page}, feedback)
    layout = QgsProject.instance().layoutManager().layoutByName(done["LAYOUT"])
    bar = layout.itemById("scale")
    bar.resizeToMinimumWidth()
    box = QRectF(bar.pos(), bar.rect().size())
    width, height = PAGES[page]
    assert QRectF(0, 0, width, height).contains(box)
    others = (layout.itemById(name) for name in ("map", "title", "legend", "north", "provenance"))
    assert not any(QRectF(other.pos(), other.rect().size()).intersects(box) for other in others)


@pytest.mark.parametrize("cells", [300, 420, 600, 610, 640, 700, 800, 1000, 1400])
def test_the_labels_of_the_scale_bar_do_not_overlap(tmp_path, feedback, cells):
    path = write_raster(tmp_path / "map.tif", np.eye(20), cell=30.0 * cells / 20)
    done = run({"LAYER": str(path)}, feedback)
    layout = QgsProject.instance().layoutManager().layoutByName(done["LAYOUT"])
    bar, sheet = layout.itemById("scale"), layout.itemById("map")
    segment = bar.unitsPerSegment() / sheet.extent().width() * sheet.rect().width()  # [mm]
    number = bar.unitsPerSegment() * bar.numberOfSegments() / bar.mapUnitsPerScaleBarUnit()
    font = bar.textFormat().font()
    font.setPixelSize(100)
    em = bar.textFormat().size() * 25.4 / 72.0
    width = QFontMetricsF(font).horizontalAdvance(f"{number:,.10g}") / 100.0 * em
    assert width < segment


def test_the_elevation_of_a_result_is_the_hillshade_by_default(mask, files, feedback):
    """That of the result's own elevation, and none where the project has no elevation."""
    layer = QgsRasterLayer(mask, "mask")
    QgsProject.instance().addMapLayer(layer)
    run({"LAYER": layer.id()}, feedback)
    assert not QgsProject.instance().mapLayersByName("Hillshade")
    dem = QgsRasterLayer(files["dem"], "any name")
    QgsProject.instance().addMapLayer(dem)
    run({"LAYER": layer.id()}, feedback)
    assert [one.source() for one in QgsProject.instance().mapLayersByName("Hillshade")] == [dem.source()]


def test_the_sheet_is_opened_in_the_desktop(mask, feedback, monkeypatch):
    opened = []
    window = SimpleNamespace(openLayoutDesigner=lambda layout: opened.append(layout.name()))
    monkeypatch.setattr("qgis.utils.iface", window)
    run({"LAYER": mask, "TITLE": "Open me"}, feedback)
    assert opened == ["Open me"]


def test_the_dialog_offers_the_topmost_visible_result(mask, files):
    from qgis.core import QgsApplication

    project, registry = QgsProject.instance(), QgsApplication.processingRegistry()
    layers = [QgsRasterLayer(source, name) for source, name in [(files["dem"], "A dem"), (mask, "B"), (mask, "C")]]
    for layer in layers:
        project.addMapLayer(layer)

    def offered(name="mapsheet", key="LAYER"):
        algorithm = registry.createAlgorithmById(f"slopecast:{name}")
        return algorithm.parameterDefinition(key).guiDefaultValueOverride()

    assert offered() == layers[2].id()
    others = {"validateinventory": "MAP", "countfailedcells": "FAILURE_MASK", "comparemasks": "PREDICTED"}
    assert {offered(name, key) for name, key in others.items()} == {layers[2].id()}
    assert not offered("comparemasks", "REFERENCE").strip()  # another mask, which the user chooses
    project.layerTreeRoot().findLayer(layers[2]).setItemVisibilityChecked(False)
    assert offered() == layers[1].id()
    project.removeMapLayers([layers[1].id(), layers[2].id()])
    assert not offered().strip()


def test_an_elevation_of_another_place_is_reported(mask, files, feedback):
    layer = QgsRasterLayer(mask, "Failure mask")
    QgsProject.instance().addMapLayer(layer)
    run({"LAYER": layer.id(), "BACKGROUND": files["dem"]}, feedback)
    assert "does not overlap" not in " ".join(feedback.warnings)
    run({"LAYER": layer.id(), "BACKGROUND": files["elsewhere"]}, feedback)
    assert "does not overlap the result: the sheet shows no hillshade" in " ".join(feedback.warnings)
