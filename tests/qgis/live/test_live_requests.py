"""Which of the live panel's requests are solved, which are dropped, and what is shown meanwhile."""

import time
from pathlib import Path

import numpy as np
import pytest
from live_panels import SHAPE, dragged, failed_pixels, mask_of, raster, shown_mask, wait, wait_until
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRasterRange
from slopecast.plugin.gui.fields.variable_form import note_colour
from slopecast.plugin.gui.live import live_panel


def test_a_solver_that_breaks_is_reported_and_leaves_nothing(panel, solver):
    solver.broken = True
    panel.sliders["RAINFALL"].field.setText("2")
    wait_until(lambda: "the solver broke" in panel.contents.result_label.text())
    assert panel.answer.overlay.classes is None
    solver.broken = False
    panel.sliders["RAINFALL"].field.setText("3")
    wait_until(lambda: panel.is_current)


def test_an_old_mask_turns_grey_while_the_new_one_is_computed(panel, canvas):
    panel.sliders["COHESION"].field.setText("0")
    wait_until(lambda: panel.is_current)
    assert failed_pixels(canvas) > 0
    assert note_colour(panel, "good") not in panel.contents.result_label.styleSheet()
    assert note_colour(panel, "hint") not in panel.contents.result_label.styleSheet()
    panel.answer.grey()
    assert failed_pixels(canvas) == 0
    assert "of the previous values" in panel.contents.reliability_label.text()
    assert note_colour(panel, "hint") in panel.contents.result_label.styleSheet()


def test_a_very_large_study_area_is_read_on_request(solver, opened, monkeypatch):
    monkeypatch.setattr(live_panel, "_READ_AT_ONCE_CELLS", 1000)
    panel = opened()
    wait(200)
    assert panel.answer.overlay.classes is None
    assert not panel.contents.start_button.isHidden()
    panel.contents.start_button.click()
    wait_until(lambda: panel.is_current)
    assert panel.contents.start_button.isHidden()


def test_a_layer_changed_in_its_properties_is_read_again(panel, layers, tmp_path):
    """The map must not stay that of the old file, nor lie where the layer no longer is."""
    dem = layers[0]
    before = shown_mask(panel)
    higher = raster(tmp_path / "steeper.tif", 4.0 * np.indices(SHAPE)[0] * 3.0)
    dem.setDataSource(higher.source(), dem.name(), "gdal")
    wait_until(lambda: panel.is_current)
    assert (shown_mask(panel) == mask_of(panel)).all()
    assert (shown_mask(panel) != before).any()
    dem.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    assert panel.answer.overlay.classes is None
    assert "degrees" in panel.contents.dem_note.text()
    dem.setCrs(QgsCoordinateReferenceSystem("EPSG:25832"))
    wait_until(lambda: panel.is_current)
    reading = panel._area
    dem.setOpacity(0.5)
    dem.emitStyleChanged()
    dem.rendererChanged.emit()
    assert panel._area == reading, "a style is not read"


def test_missing_data_declared_as_the_error_advises_is_read_at_once(panel, layers, tmp_path):
    elevation = 4.0 * np.indices(SHAPE)[0] + 200.0
    elevation[:5] = 0.0
    dem = raster(tmp_path / "zeros.tif", elevation)
    QgsProject.instance().addMapLayer(dem)
    panel.contents.dem_combo.setLayer(dem)
    wait_until(lambda: "Additional no data value" in panel.contents.result_label.text())
    dem.dataProvider().setUserNoDataValue(1, [QgsRasterRange(0.0, 0.0)])
    dem.setRenderer(dem.renderer().clone())  # as the properties do when they are closed
    wait_until(lambda: panel.is_current)
    assert (panel.answer.overlay.classes[:5] == 255).all()
    assert (panel.answer.overlay.classes[6:] != 255).any()


def test_a_file_that_is_written_anew_is_read_again_with_the_next_value(panel, layers, tmp_path):
    before = shown_mask(panel)
    raster(Path(layers[0].source()), 12.0 * np.indices(SHAPE)[0])
    panel.sliders["RAINFALL"].field.setText("8.4")
    wait_until(lambda: panel.is_current)
    assert (shown_mask(panel) == mask_of(panel)).all()
    assert (shown_mask(panel) != before).any()


def test_a_tile_of_a_virtual_raster_that_is_written_anew_is_read_again(panel, tmp_path):
    tile = raster(tmp_path / "tile.tif", 4.0 * np.indices(SHAPE)[0])
    gdal.BuildVRT(str(tmp_path / "inner.vrt"), [tile.source()]).FlushCache()
    gdal.BuildVRT(str(tmp_path / "outer.vrt"), [str(tmp_path / "inner.vrt")]).FlushCache()
    dem = QgsRasterLayer(str(tmp_path / "outer.vrt"), "tiles")
    QgsProject.instance().addMapLayer(dem)
    panel.contents.dem_combo.setLayer(dem)
    wait_until(lambda: panel.is_current)
    before, reading = shown_mask(panel), panel._area
    panel.sliders["RAINFALL"].field.setText("8.4")
    wait_until(lambda: panel.is_current)
    assert panel._area == reading
    raster(tmp_path / "tile.tif", 12.0 * np.indices(SHAPE)[0])
    panel.sliders["RAINFALL"].field.setText("8.5")
    wait_until(lambda: panel.is_current)
    assert panel._area != reading
    assert (shown_mask(panel) == mask_of(panel)).all()
    assert (shown_mask(panel) != before).any()


def test_reading_can_be_stopped_and_started_again(panel):
    panel.contents.stop_button.click()
    assert panel.answer.overlay.classes is None
    panel.contents.start_button.click()
    wait_until(lambda: panel.is_current)
    assert (shown_mask(panel) == mask_of(panel)).all()


@pytest.fixture
def shown(panel, monkeypatch):
    """Rainfall of the masks that are shown from here on."""
    found, show = [], panel.answer.show

    def show_and_note(solution, *place):
        found.append(solution.request.values["RAINFALL"])
        show(solution, *place)

    monkeypatch.setattr(panel.answer, "show", show_and_note)
    return found


def test_a_running_solution_is_shown_and_of_those_that_wait_only_the_newest(panel, solver, shown):
    """So the map keeps changing while a slider moves, and never lags more than one solution behind."""
    solver.seconds = 0.3
    dragged(panel, "RAINFALL", 300)
    first = panel.values["RAINFALL"]
    wait_until(lambda: solver.solved == 2)  # it runs
    dragged(panel, "RAINFALL", 400, 500, 600)
    wait_until(lambda: panel.is_current)
    assert shown == [first, panel.values["RAINFALL"]]
    assert (solver.solved, solver.stops) == (3, 0)
    assert (shown_mask(panel) == mask_of(panel)).all()


def test_a_long_solution_stops_where_a_newer_request_waits(panel, solver, shown):
    solver.seconds = 30.0
    dragged(panel, "RAINFALL", 300)
    wait_until(lambda: solver.solved == 2)
    wait(700)
    assert solver.stops == 0, "as long as nothing newer waits it goes on"
    solver.seconds, began = 0.0, time.monotonic()
    dragged(panel, "RAINFALL", 600)
    wait_until(lambda: panel.is_current)
    assert time.monotonic() - began < 10.0
    assert (solver.stops, shown) == (1, [panel.values["RAINFALL"]])


def test_a_long_solution_shows_its_progress(panel, solver):
    form, solver.seconds = panel.contents, 1.5
    dragged(panel, "RAINFALL", 300)
    wait_until(lambda: form.progress_label.text() == "Computing")
    assert (form.progress_bar.isHidden(), form.progress_bar.value()) == (False, 50)
    assert "of the previous values" in form.reliability_label.text()
    wait_until(lambda: panel.is_current and form.progress_bar.isHidden())
    assert "trusted" in form.reliability_label.text()


@pytest.mark.parametrize("leave", ["close", "close_area", "another DEM"])
def test_what_runs_for_a_study_area_that_is_left_stops(panel, solver, shown, leave):
    solver.seconds = 30.0
    dragged(panel, "RAINFALL", 300)
    wait_until(lambda: solver.solved == 2)
    solver.seconds = 0.0
    if leave == "another DEM":
        panel.picker._form.dem_combo.setLayer(panel.picker.depth)
    else:
        getattr(panel, leave)()
    wait_until(lambda: solver.stops == 1)
    assert not shown
    assert panel.answer.overlay.classes is None


def test_a_slider_of_the_strength_needs_no_new_water(panel, solver):
    for key, waters in (("COHESION", 1), ("FRICTION_ANGLE", 1), ("CONDUCTIVITY", 2), ("SURCHARGE", 2)):
        dragged(panel, key, 300)
        wait_until(lambda: panel.is_current)
        assert solver.solved == waters
        assert (shown_mask(panel) == mask_of(panel)).all()
