"""What the live panel paints on the map and reports."""

from html import escape

import numpy as np
import pytest
from live_panels import SHAPE, failed_pixels, is_failed, mask_of, raster, result_of, shown_mask, wait, wait_until
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject, QgsRasterLayer
from slopecast.plugin.algorithms.locations import STYLES
from slopecast.plugin.core.failure_class import CLASS_COLOURS, CLASS_LABELS
from slopecast.plugin.gui.fields.variable_form import note_colour
from slopecast.plugin.gui.live.live_overlay import LiveOverlay
from slopecast.plugin.variables import BY_NAME


def test_the_first_mask_is_the_solver_s_with_counts_histogram_and_reliability(panel, canvas):
    expected = mask_of(panel)
    assert (shown_mask(panel) == expected).all()
    assert f"{(expected == 1).sum():,} of {(expected < 2).sum():,} cells fail" in panel.contents.result_label.text()
    assert "trusted" in panel.contents.reliability_label.text()
    counts = panel.answer.histogram.counts
    assert (sum(counts), sum(counts[:10])) == ((expected < 2).sum(), (expected == 1).sum())  # ten bins below FS = 1
    notes = panel.contents.solver_label.text()
    assert notes.startswith("Solver: network stand-in on cpu.\nRain: ")
    assert "mm in total" in notes
    assert "Rawls et al." in notes


def test_a_slider_changes_the_canvas(panel, canvas):
    before = failed_pixels(canvas)
    panel.sliders["COHESION"].slider.setValue(40)
    wait_until(lambda: panel.is_current)
    assert failed_pixels(canvas) > before
    assert (shown_mask(panel) == mask_of(panel)).all()
    panel.sliders["COHESION"].slider.setValue(1000)
    wait_until(lambda: panel.is_current)
    assert failed_pixels(canvas) == 0


def test_failed_cells_are_at_their_cells_and_gaps_are_clear(panel, canvas):
    panel.sliders["COHESION"].field.setText("0")
    panel.sliders["FRICTION_ANGLE"].field.setText("5")
    wait_until(lambda: panel.is_current)
    assert (shown_mask(panel)[10:15, 20:30] == 255).all()
    wait(100)
    image = canvas.grab().toImage()
    for row, col in ((30, 30), (5, 60), (12, 25)):
        place = canvas.getCoordinateTransform().transform(QgsPointXY(6.5e5 + 10 * col + 5, 5.2e6 - 10 * row - 5))
        colour = image.pixelColor(int(place.x()), int(place.y()))
        failed = shown_mask(panel)[row, col] == 1
        assert failed == (row != 12)
        assert is_failed(colour) == failed


def test_another_coordinate_system_of_the_map_bends_the_mask(panel, canvas, layers):
    panel.sliders["FRICTION_ANGLE"].field.setText("5")
    wait_until(lambda: panel.is_current)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    canvas.setDestinationCrs(degrees)
    transform = QgsCoordinateTransform(layers[0].crs(), degrees, QgsProject.instance())
    canvas.setExtent(transform.transformBoundingBox(layers[0].extent()))
    assert failed_pixels(canvas) > 1000
    for row, col in ((30, 30), (50, 10), (12, 25)):
        there = transform.transform(QgsPointXY(6.5e5 + 10 * col + 5, 5.2e6 - 10 * row - 5))
        place = canvas.getCoordinateTransform().transform(there)
        colour = canvas.grab().toImage().pixelColor(int(place.x()), int(place.y()))
        assert is_failed(colour) == (shown_mask(panel)[row, col] == 1)


def test_the_mask_can_be_hidden_and_leaves_with_the_panel(panel, canvas):
    panel.sliders["COHESION"].field.setText("0")
    wait_until(lambda: panel.is_current)
    assert failed_pixels(canvas) > 0
    panel.contents.show_box.setChecked(False)
    assert failed_pixels(canvas) == 0
    panel.contents.show_box.setChecked(True)
    assert failed_pixels(canvas) > 0
    panel.close()
    assert failed_pixels(canvas) == 0
    panel.show()
    wait_until(lambda: panel.is_current)
    assert failed_pixels(canvas) > 0


def test_an_earlier_mask_below_is_named_and_hidden_only_on_request(panel, tmp_path):
    """A second mask on the map would contradict the panel's number."""
    note, root = panel.answer.overlapping_results, QgsProject.instance().layerTreeRoot()
    assert note.isHidden()
    elsewhere = raster(tmp_path / "of another valley.tif", np.ones(SHAPE), origin=(7.5e5, 5.2e6))
    elsewhere.loadNamedStyle(str(STYLES / "failure_mask.qml"))
    QgsProject.instance().addMapLayer(elsewhere)
    wait(50)
    assert note.isHidden()
    old = raster(tmp_path / "old.tif", np.ones(SHAPE))
    old.loadNamedStyle(str(STYLES / "failure_mask.qml"))
    QgsProject.instance().addMapLayer(old)
    wait(50)
    assert "old" in note.text()
    assert not note.isHidden()
    assert CLASS_LABELS[0] in panel.contents.legend_label.text()
    assert root.findLayer(old).isVisible()
    panel.contents.show_box.setChecked(False)
    assert note.isHidden()
    assert panel.contents.legend_label.isHidden()
    panel.contents.show_box.setChecked(True)
    panel.sliders["COHESION"].field.setText("x")
    assert panel.answer.overlay.classes is None
    assert "The layer 'old' is an earlier result that will not update" in note.text()
    panel.sliders["COHESION"].field.setText("5")
    wait_until(lambda: panel.is_current)
    assert "earlier result" in note.text()
    note.linkActivated.emit("hide")
    assert note.isHidden()
    assert not root.findLayer(old).isVisible()


@pytest.mark.parametrize(
    ("style", "algorithm", "named"),
    [
        ("failure_probability", "failureprobability", True),
        ("factor_of_safety", "simulatefactorofsafety", True),
        ("susceptibility", "predictfailuremask", True),
        ("soil_depth", "estimatesoildepth", False),
        ("relief", "", False),
    ],
)
def test_every_result_below_is_named(panel, tmp_path, style: str, algorithm: str, named: bool):
    """The live map is transparent where cells are stable: a probability below would give it other colours."""
    note, root = panel.answer.overlapping_results, QgsProject.instance().layerTreeRoot()
    raster(tmp_path / "old.tif", np.ones(SHAPE))
    if algorithm:
        gdal.Open(str(tmp_path / "old.tif"), gdal.GA_Update).SetMetadataItem(
            "SLOPECAST_ALGORITHM", f"slopecast:{algorithm}"
        )
    old = QgsRasterLayer(str(tmp_path / "old.tif"), "old")
    old.loadNamedStyle(str(STYLES / f"{style}.qml"))
    QgsProject.instance().addMapLayer(old)
    wait(50)
    assert ("'old'" in note.text()) is named
    if named:
        note.linkActivated.emit("hide")
    assert root.findLayer(old).isVisible() is not named
    assert note.isHidden()


def test_cells_unstable_initially_are_counted_next_to_the_number(panel):
    panel.sliders["COHESION"].field.setText("0")
    panel.sliders["FRICTION_ANGLE"].field.setText("15")
    wait_until(lambda: panel.is_current)
    expected = result_of(panel)
    initial, failed = expected.initial_factor_of_safety < 1.0, expected.failure_mask == 1
    before = panel.last.class_cells[2]
    assert before == (initial & failed).sum() > 0.1 * panel.last.failed_cells
    assert panel.last.class_cells[3] == (initial & (expected.failure_mask == 0)).sum()
    assert f"{before:,} of them with FS &lt; 1 under initial conditions" in panel.contents.result_label.text()
    assert "unstable before the rain" in panel.contents.result_label.toolTip()
    assert "does not rate whether" in panel.contents.reliability_label.toolTip()
    assert panel.contents.result_label.styleSheet() == f"color: {note_colour(panel.contents, 'caution')};"


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        ({"COHESION": "2", "FRICTION_ANGLE": "25"}, {1, 2}), ({"COHESION": "6", "RAINFALL": "20"}, {0, 1}),
        ({"COHESION": "200"}, {0}),
    ],
)  # fmt: skip
def test_the_legend_has_the_failure_classes_that_occur(panel, values, classes):
    for key, text in values.items():
        panel.sliders[key].field.setText(text)
    wait_until(lambda: panel.is_current)
    expected = result_of(panel).failure_class
    assert (panel.answer.overlay.classes == expected).all()
    assert panel.last.class_cells == tuple((expected == number).sum() for number in range(4))
    assert set(np.unique(expected).tolist()) - {255} == classes
    legend = panel.contents.legend_label.text()
    on_white = "#d3e4f3", "#db4435", "#55228d", "#fee597"  # as drawn, with their opacity
    for number, (label, colour) in enumerate(zip(CLASS_LABELS, on_white)):
        assert (f"color:{colour}'>&nbsp;&#9632;&nbsp;</span> {escape(label)}" in legend) == (number in classes)


def test_the_classes_have_the_colours_of_their_style(panel, canvas):
    classes = np.repeat(np.array([0, 1, 2, 3, 255], dtype=np.uint8), 14) + np.zeros((SHAPE[0], 1), dtype=np.uint8)
    layer = panel.picker.dem
    panel.answer.overlay.show_classes(classes, panel.last.grid, layer.crs())
    wait(100)
    image, shown = canvas.grab().toImage(), QgsRasterLayer(layer.source(), "style")
    shown.loadNamedStyle(str(STYLES / "failure_class.qml"))
    entries = [(one.label, one.color.name(), one.color.alpha()) for one in shown.renderer().classes()]
    assert entries == [(label, *colour) for label, colour in zip(CLASS_LABELS, CLASS_COLOURS)]
    for number, (colour, alpha) in enumerate((*CLASS_COLOURS, ("#ffffff", 0))):
        place = canvas.getCoordinateTransform().transform(QgsPointXY(6.5e5 + 140 * number + 70, 5.2e6 - 305))
        pixel = image.pixelColor(int(place.x()), int(place.y()))
        wanted = [255 + alpha / 255 * (int(colour[k : k + 2], 16) - 255) for k in (1, 3, 5)]
        assert (pixel.red(), pixel.green(), pixel.blue()) == pytest.approx(wanted, abs=2)


@pytest.mark.parametrize(("key", "text"), [("RAINFALL", "400"), ("COHESION", "x"), ("UNIT_WEIGHT_SATURATED", "12")])
def test_wrong_numbers_show_no_mask(panel, canvas, key, text):
    panel.sliders["COHESION"].field.setText("1")
    wait_until(lambda: panel.is_current)
    panel.sliders[key].field.setText(text)
    wait(300)
    assert panel.answer.overlay.classes is None
    assert failed_pixels(canvas) == 0
    assert "Allowed" in panel.contents.result_label.text()
    assert not panel.contents.keep_button.isEnabled()
    panel.sliders[key].field.set_value(BY_NAME[key.lower()].default)
    wait_until(lambda: panel.is_current)
    assert panel.answer.overlay.classes is not None


def test_another_dem_clears_the_last_one_s_mask(panel, canvas, tmp_path):
    steep = raster(tmp_path / "steep.tif", np.indices(SHAPE)[0] * 20.0)
    QgsProject.instance().addMapLayer(steep)
    panel.picker._form.dem_combo.setLayer(steep)
    assert panel.answer.overlay.classes is None
    wait_until(lambda: panel.is_current)
    assert panel.picker.dem.name() == "steep"
    assert (shown_mask(panel) == 1).mean() > 0.9


@pytest.mark.parametrize("others", [0, 1, 3])
def test_a_removed_dem_leaves_nothing(panel, canvas, layers, tmp_path, others):
    """However many rasters are left: QGIS's combo box signals a change only where it was the last but one."""
    QgsProject.instance().addMapLayers([raster(tmp_path / f"kept {n}.tif", np.eye(8)) for n in range(others)])
    QgsProject.instance().removeMapLayer(layers[0].id())
    assert panel.answer.overlay.classes is None
    assert "Choose" in panel.contents.dem_note.text()
    wait(100)
    assert failed_pixels(canvas) == 0
    panel.sliders["COHESION"].field.setText("3")
    wait(300)
    assert panel.last is None
    assert not panel.contents.keep_button.isEnabled()


def test_the_toolbar_s_button_takes_the_mask_off_the_map(panel, canvas):
    """Switched off, the panel leaves nothing on the map."""
    from slopecast.plugin.main import SlopecastPlugin

    plugin = SlopecastPlugin.__new__(SlopecastPlugin)
    plugin.panel = panel
    assert panel.answer.overlay.classes is not None
    plugin.show_panel(False)
    assert not panel.isVisible()
    assert panel.answer.overlay.classes is None


def test_the_overlay_leaves_the_canvas(canvas):
    overlay = LiveOverlay(canvas)
    assert overlay in canvas.scene().items()
    overlay.remove()
    assert overlay not in canvas.scene().items()


def test_in_a_low_panel_the_histogram_makes_room_for_the_numbers(panel):
    panel.resize(320, 300)
    wait(100)
    assert panel.contents.scroll.height() >= 120
    assert panel.answer.histogram.height() < panel.answer.histogram.sizeHint().height()


def test_however_low_the_panel_its_texts_do_not_lie_on_each_other(panel):
    form = panel.contents
    form.reliability_label.setText("Reliability: outside, and a reason that takes several lines of the panel. " * 4)
    form.reliability_label.show()
    for width in (260, 520):
        panel.resize(width, 100)
        wait(150)
        parts = [form.scroll, form.result_label, form.legend_label, panel.answer.histogram, form.reliability_label]
        parts = [part.geometry() for part in (*parts, form.keep_button) if not part.isHidden()]
        for above, below in zip(parts, parts[1:]):
            assert above.bottom() < below.top()
        label = form.reliability_label
        assert label.height() >= label.heightForWidth(label.width())
