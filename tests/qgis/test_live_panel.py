"""The live panel: it reads the mountain once, answers sliders on the canvas, and shows no mask that is not theirs."""

import time

import numpy as np
import pytest
from osgeo import osr
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from qgis.PyQt.QtGui import QWheelEvent
from slopecast.plugin.algorithms.locations import STYLES
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.physics.column import Column
from slopecast.plugin.core.presets import PRESETS
from slopecast.plugin.core.raster.write import write
from slopecast.plugin.core.reliability import Reliability
from slopecast.plugin.core.result import Result
from slopecast.plugin.gui import live_worker
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.live_overlay import LiveOverlay
from slopecast.plugin.gui.live_panel import LivePanel
from slopecast.plugin.gui.shared_scenario import SharedScenario
from slopecast.plugin.gui.variable_form import note_colour
from slopecast.plugin.gui.variable_slider import VariableSlider
from slopecast.plugin.ml.device import TorchMissing
from slopecast.plugin.variables import BY_NAME, VARIABLES

WAIT_S = 60
SHAPE = (60, 70)


class Slow:
    """Stands in for the network: the column, with a name and a pace of its own."""

    card, device_name = {"id": "stand-in"}, "cpu"
    seconds = 0.0
    broken = False

    def solve(self, terrain, scenarios, feedback):
        for result in Column().solve(terrain, scenarios, feedback):
            if self.broken:
                raise RuntimeError("the solver broke")
            result.diagnostics["seconds"] = self.seconds * terrain.valid.sum() / (SHAPE[0] * SHAPE[1])
            yield result

    def reliability(self, terrain, scenario, result: Result):
        return Reliability("trusted")


_REAL_SOLVER = live_worker.LiveWorker._solver


@pytest.fixture(autouse=True)
def solver(monkeypatch):
    """Every panel of these tests is solved by the stand-in."""
    made = type("Solver", (Slow,), {})
    monkeypatch.setattr(live_worker.LiveWorker, "_solver", lambda self, mountain, log: (made(), ""))
    monkeypatch.setattr(live_worker, "_FEWEST_CELLS", 100)
    return made


def raster(path, array, epsg=25832, origin=(6.5e5, 5.2e6)):
    """Write a raster and open it."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    write(
        path, array.astype(np.float32), Grid(*array.shape, (origin[0], 10.0, 0, origin[1], 0, -10.0), crs.ExportToWkt())
    )
    return QgsRasterLayer(str(path), path.stem)


@pytest.fixture
def layers(tmp_path):
    """A hillside with a hole, and its soil depth, in the project."""
    row, col = np.indices(SHAPE)
    elevation = 4.0 * row + 30.0 * np.sin(col / 6.0) + 200.0
    elevation[10:15, 20:30] = np.nan
    made = raster(tmp_path / "dem.tif", elevation), raster(tmp_path / "soil depth.tif", np.full(SHAPE, 2.0))
    QgsProject.instance().addMapLayers(made)
    return made


@pytest.fixture
def canvas(layers):
    """A map that shows the mountain alone."""
    made = QgsMapCanvas()
    made.resize(300, 260)
    made.setDestinationCrs(layers[0].crs())
    made.setExtent(layers[0].extent())
    made.show()
    yield made
    made.deleteLater()  # left to Python, it would go after the application and crash
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def panel(canvas):
    """A panel that has shown its first mask."""
    made = LivePanel(canvas)
    made.show()
    wait_until(lambda: made.is_current and made.last.whole)
    yield made
    made.shut_down()
    QgsProject.instance().clear()


def wait(milliseconds=50):
    """Let Qt work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(ready):
    """Let Qt work until something has happened."""
    end = time.monotonic() + WAIT_S
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        wait(20)


def is_violet(colour):
    """Whether a pixel has the colour of failed cells, which is no red."""
    return colour.blue() > 150 and colour.red() < 170 and colour.green() < 90


def violet_pixels(canvas):
    """Count the canvas's pixels in the colour of failed cells."""
    wait(100)
    image = canvas.grab().toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(is_violet(colour) for colour in colours)


def mask_of(panel):
    """What the algorithm would write for the panel's numbers."""
    from slopecast.plugin.core.raster.inputs import RasterInput
    from slopecast.plugin.core.raster.read import read_dem
    from slopecast.plugin.core.scenario import Scenario
    from slopecast.plugin.core.terrain import Terrain

    elevation, cells = read_dem(RasterInput(panel.picker.dem.source()))
    terrain = Terrain(cells, elevation, np.full(SHAPE, 2.0, np.float32))
    return next(Column().solve(terrain, [Scenario.from_mapping(panel.values)], Quiet())).failure_mask


class Quiet:
    """A feedback that says nothing."""

    def isCanceled(self):
        return False

    def setProgress(self, percent):
        pass


# -- what is painted -----------------------------------------------------------------------------


def test_the_first_mask_is_the_solver_s_with_counts_and_reliability(panel, canvas):
    expected = mask_of(panel)
    assert (panel.answer.overlay.mask == expected).all()
    assert f"{(expected == 1).sum():,} of {(expected < 2).sum():,} cells fail" in panel.contents.result_label.text()
    assert "trusted" in panel.contents.reliability_label.text()
    assert sum(panel.answer.histogram.counts) == (expected < 2).sum()
    assert "stand-in" in panel.contents.solver_label.text()


def test_a_slider_changes_the_canvas(panel, canvas):
    before = violet_pixels(canvas)
    panel.sliders["COHESION"].slider.setValue(40)
    wait_until(lambda: panel.is_current)
    assert violet_pixels(canvas) > before
    assert (panel.answer.overlay.mask == mask_of(panel)).all()
    panel.sliders["COHESION"].slider.setValue(1000)
    wait_until(lambda: panel.is_current)
    assert violet_pixels(canvas) == 0


def test_failed_cells_stand_where_they_are_and_gaps_are_clear(panel, canvas):
    panel.sliders["COHESION"].field.setText("0")
    panel.sliders["FRICTION_ANGLE"].field.setText("5")
    wait_until(lambda: panel.is_current)
    assert (panel.answer.overlay.mask[10:15, 20:30] == 255).all()
    wait(100)
    image = canvas.grab().toImage()
    for row, col in ((30, 30), (5, 60), (12, 25)):
        place = canvas.getCoordinateTransform().transform(QgsPointXY(6.5e5 + 10 * col + 5, 5.2e6 - 10 * row - 5))
        colour = image.pixelColor(int(place.x()), int(place.y()))
        failed = panel.answer.overlay.mask[row, col] == 1
        assert failed == (row != 12)
        assert is_violet(colour) == failed


def test_another_coordinate_system_of_the_map_bends_the_mask(panel, canvas, layers):
    panel.sliders["FRICTION_ANGLE"].field.setText("5")
    wait_until(lambda: panel.is_current)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    canvas.setDestinationCrs(degrees)
    from qgis.core import QgsCoordinateTransform

    transform = QgsCoordinateTransform(layers[0].crs(), degrees, QgsProject.instance())
    canvas.setExtent(transform.transformBoundingBox(layers[0].extent()))
    assert violet_pixels(canvas) > 1000
    for row, col in ((30, 30), (50, 10), (12, 25)):
        there = transform.transform(QgsPointXY(6.5e5 + 10 * col + 5, 5.2e6 - 10 * row - 5))
        place = canvas.getCoordinateTransform().transform(there)
        colour = canvas.grab().toImage().pixelColor(int(place.x()), int(place.y()))
        assert is_violet(colour) == (panel.answer.overlay.mask[row, col] == 1)


def test_the_mask_can_be_hidden_and_leaves_with_the_panel(panel, canvas):
    panel.sliders["COHESION"].field.setText("0")
    wait_until(lambda: panel.is_current)
    assert violet_pixels(canvas) > 0
    panel.contents.show_box.setChecked(False)
    assert violet_pixels(canvas) == 0
    panel.contents.show_box.setChecked(True)
    assert violet_pixels(canvas) > 0
    panel.close()
    assert violet_pixels(canvas) == 0
    panel.show()
    wait_until(lambda: panel.is_current)
    assert violet_pixels(canvas) > 0


def test_an_earlier_mask_below_is_said_and_hidden_only_on_request(panel, tmp_path):
    """Two reds that say different things would contradict the panel's number."""
    note, root = panel.answer.masks_below, QgsProject.instance().layerTreeRoot()
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
    assert "failed now" in panel.contents.legend_label.text()
    assert root.findLayer(old).isVisible()
    panel.contents.show_box.setChecked(False)
    assert note.isHidden()
    assert panel.contents.legend_label.isHidden()
    panel.contents.show_box.setChecked(True)
    panel.sliders["COHESION"].field.setText("x")
    assert panel.answer.overlay.mask is None
    assert "The red on the map is the layer 'old'" in note.text()
    panel.sliders["COHESION"].field.setText("5")
    wait_until(lambda: panel.is_current)
    assert "below it is red" in note.text()
    note.linkActivated.emit("hide")
    assert note.isHidden()
    assert not root.findLayer(old).isVisible()


def test_failing_before_the_rain_is_said_beside_the_number(panel):
    panel.sliders["COHESION"].field.setText("0")
    panel.sliders["FRICTION_ANGLE"].field.setText("15")
    wait_until(lambda: panel.is_current and panel.last.whole)
    assert panel.last.failed_before > 0.1 * panel.last.picture.failed_cells
    assert (
        f"{panel.last.failed_before:,} of them with FS &lt; 1 under initial conditions"
        in panel.contents.result_label.text()
    )
    assert panel.contents.result_label.styleSheet() == f"color: {note_colour(panel.contents, 'caution')};"


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


def test_the_wheel_moves_no_slider_that_nobody_has_clicked(panel):
    row, depth = panel.sliders["COHESION"], panel.picker.depth
    before = row.field.value
    for widget in (row.slider, row.field, panel.contents.depth_combo):
        centre = QPointF(widget.rect().center())
        turned = QWheelEvent(
            centre, QPointF(widget.mapToGlobal(centre.toPoint())), QPoint(0, -120), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        widget.clearFocus()
        QCoreApplication.sendEvent(widget, turned)
        assert (row.field.value, panel.picker.depth) == (before, depth)
        assert widget.focusPolicy() == Qt.FocusPolicy.StrongFocus


# -- one scenario in two windows -----------------------------------------------------------------


@pytest.fixture
def pair(panel, canvas):
    """The panel, and a dialog that is open beside it."""
    shared = SharedScenario(canvas)
    first, second = LivePanel(canvas, shared=shared), FailureMaskDialog(shared=shared)
    panel.close()
    first.show()
    second.show()
    yield first, second
    first.shut_down()
    second.shut_down()


def test_the_dialog_s_numbers_move_the_sliders_and_the_other_way(pair):
    live, dialog = pair
    dialog.main_form.fields["CONDUCTIVITY"].setText("1.3e-6")
    assert live.sliders["CONDUCTIVITY"].field.text() == "1.3e-6"
    assert live.sliders["CONDUCTIVITY"].slider.value() == live.sliders["CONDUCTIVITY"].step_of(1.3e-6)
    live.sliders["COHESION"].field.setText("4.25")
    assert dialog.main_form.fields["COHESION"].text() == "4.25"
    for one, other in ((live.sliders, dialog.main_form.fields), (dialog.main_form.fields, live.sliders)):
        fields = [getattr(side["COHESION"], "field", side["COHESION"]) for side in (one, other)]
        fields[0].setText("")  # on the way to another number: nothing comes back
        assert [field.text() for field in fields] == ["", ""]
        fields[0].setText("4.25")
        assert fields[1].text() == "4.25"
    live.sliders["RAINFALL"].field.setText("400")  # refused by both
    assert not dialog.run_button.isEnabled()
    dialog.use_preset(PRESETS[0])
    assert PRESETS[0].values.items() <= live.values.items()
    dialog.reset_numbers()
    assert live.values == {v.key: v.default for v in VARIABLES}


def test_a_window_that_comes_up_takes_what_was_changed_meanwhile(pair):
    live, dialog = pair
    live.sliders["COHESION"].field.setText("4.25")
    dialog.close()
    live.sliders["COHESION"].field.setText("6")
    assert dialog.main_form.fields["COHESION"].text() == "4.25"
    dialog.show()
    assert dialog.main_form.fields["COHESION"].text() == "6"
    live.close()
    dialog.main_form.fields["COHESION"].setText("7.5")
    live.show()
    assert live.sliders["COHESION"].field.text() == "7.5"


def test_the_mountain_is_shared_too_and_another_project_ends_it(pair, tmp_path):
    live, dialog = pair
    dialog.main_form.fields["COHESION"].setText("7.5")
    steep = raster(tmp_path / "steep.tif", np.indices(SHAPE)[0] * 20.0)
    QgsProject.instance().addMapLayer(steep)
    assert live.picker.dem.name() == dialog.picker.dem.name() == "dem"
    live.picker._form.dem_combo.setLayer(steep)
    live.picker._form.dem_combo.activated.emit(live.picker._form.dem_combo.currentIndex())
    assert dialog.picker.dem.name() == "steep"
    dialog.close()
    QgsProject.instance().clear()
    assert live.values == {v.key: v.default for v in VARIABLES}
    dialog.show()
    assert dialog.values == live.values


# -- no mask that is not the answer --------------------------------------------------------------


@pytest.mark.parametrize(("key", "text"), [("RAINFALL", "400"), ("COHESION", "x"), ("UNIT_WEIGHT_SATURATED", "12")])
def test_wrong_numbers_show_no_mask(panel, canvas, key, text):
    panel.sliders["COHESION"].field.setText("1")
    wait_until(lambda: panel.is_current)
    panel.sliders[key].field.setText(text)
    wait(300)
    assert panel.answer.overlay.mask is None
    assert violet_pixels(canvas) == 0
    assert "Allowed" in panel.contents.result_label.text()
    assert not panel.contents.keep_button.isEnabled()
    panel.sliders[key].field.set_value(BY_NAME[key.lower()].default)
    wait_until(lambda: panel.is_current)
    assert panel.answer.overlay.mask is not None


def test_another_mountain_clears_the_last_one_s_mask(panel, canvas, tmp_path):
    steep = raster(tmp_path / "steep.tif", np.indices(SHAPE)[0] * 20.0)
    QgsProject.instance().addMapLayer(steep)
    panel.picker._form.dem_combo.setLayer(steep)
    assert panel.answer.overlay.mask is None
    wait_until(lambda: panel.is_current)
    assert panel.picker.dem.name() == "steep"
    assert (panel.answer.overlay.mask == 1).mean() > 0.9


@pytest.mark.parametrize("others", [0, 1, 3])
def test_a_removed_mountain_leaves_nothing(panel, canvas, layers, tmp_path, others):
    """However many rasters are left: QGIS's combo box tells of a change only where it was the last but one."""
    QgsProject.instance().addMapLayers([raster(tmp_path / f"kept {n}.tif", np.eye(8)) for n in range(others)])
    QgsProject.instance().removeMapLayer(layers[0].id())
    assert panel.answer.overlay.mask is None
    assert "Choose" in panel.contents.dem_note.text()
    wait(100)
    assert violet_pixels(canvas) == 0
    panel.sliders["COHESION"].field.setText("3")
    wait(300)
    assert panel.last is None
    assert not panel.contents.keep_button.isEnabled()


def test_a_solver_that_breaks_is_told_and_leaves_nothing(panel, solver):
    solver.broken = True
    panel.sliders["COHESION"].field.setText("2")
    wait_until(lambda: "the solver broke" in panel.contents.result_label.text())
    assert panel.answer.overlay.mask is None
    solver.broken = False
    panel.sliders["COHESION"].field.setText("3")
    wait_until(lambda: panel.is_current)


def test_an_old_mask_turns_grey_while_the_new_one_is_worked_out(panel, canvas):
    panel.sliders["COHESION"].field.setText("0")
    wait_until(lambda: panel.is_current)
    assert violet_pixels(canvas) > 0
    panel.answer.grey()
    assert violet_pixels(canvas) == 0
    assert "of earlier sliders" in panel.contents.reliability_label.text()
    assert note_colour(panel, "good") not in panel.contents.result_label.styleSheet()


def test_a_slow_mountain_is_previewed_while_the_slider_moves(panel, solver):
    solver.seconds = 5.0  # as told; nobody waits for it
    cohesion = panel.sliders["RAINFALL"].slider
    for step in (500, 510):  # the first ones are measured
        cohesion.setValue(step)
        wait_until(lambda: panel.is_current and panel.last.whole)
    cohesion.setSliderDown(True)
    cohesion.setValue(600)
    wait_until(lambda: panel.is_current)
    assert not panel.last.whole
    assert panel.last.water_cell_size > 10.0
    form = panel.contents
    assert "Preview" in form.reliability_label.text()
    share = 100 * panel.last.picture.failed_share
    assert form.result_label.text().startswith(f"<b>Preview: about {share:.2g} % of the cells fail")
    assert f"{panel.last.picture.valid_cells:,}" not in form.result_label.text()  # no count that looks like a result
    assert "preview" in form.legend_label.text()
    assert panel.answer.histogram.preview
    assert (panel.answer.overlay.mask == mask_of(panel)).all()  # no water crosses cells in this solver
    cohesion.setSliderDown(False)
    wait_until(lambda: panel.is_current and panel.last.whole)
    assert "trusted" in form.reliability_label.text()
    assert f"{panel.last.picture.failed_cells:,} of " in form.result_label.text()
    assert "preview" not in form.legend_label.text()
    assert not panel.answer.histogram.preview


def test_a_slider_held_still_gets_the_whole(panel, solver):
    solver.seconds = 5.0
    slider = panel.sliders["DURATION"].slider
    for step in (500, 510):
        slider.setValue(step)
        wait_until(lambda: panel.is_current and panel.last.whole)
    slider.setSliderDown(True)
    slider.setValue(600)
    wait_until(lambda: panel.is_current and panel.last.whole)


def test_a_large_mountain_is_previewed_on_coarser_cells_first(canvas, monkeypatch):
    monkeypatch.setattr(live_worker, "_CELLS_OF_PREVIEW", 500)
    panel, seen = LivePanel(canvas), []
    panel.drawn.connect(
        lambda whole: seen.append((whole, panel.last.cell_size, panel.contents.reliability_label.text()))
    )
    panel.show()
    wait_until(lambda: panel.is_current and panel.last.whole)
    (first, size, told), (last, *_) = seen[0], seen[-1]
    assert (first, size, last) == (False, 30.0, True)
    assert "on 30 m instead of 10 m" in told
    assert (panel.answer.overlay.mask == mask_of(panel)).all()
    panel.shut_down()
    QgsProject.instance().clear()


def test_a_very_large_mountain_is_read_when_it_is_asked_for(canvas, monkeypatch):
    from slopecast.plugin.gui import live_panel

    monkeypatch.setattr(live_panel, "_READ_AT_ONCE_CELLS", 1000)
    panel = live_panel.LivePanel(canvas)
    panel.show()
    wait(200)
    assert panel.answer.overlay.mask is None
    assert not panel.contents.start_button.isHidden()
    panel.contents.start_button.click()
    wait_until(lambda: panel.is_current)
    assert panel.contents.start_button.isHidden()
    panel.shut_down()
    QgsProject.instance().clear()


def test_reading_can_be_stopped_and_started_again(panel):
    panel.contents.stop_button.click()
    assert panel.answer.overlay.mask is None
    panel.contents.start_button.click()
    wait_until(lambda: panel.is_current)
    assert (panel.answer.overlay.mask == mask_of(panel)).all()


# -- numbers, presets, fallback, layers ----------------------------------------------------------


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.key)
def test_a_slider_covers_its_range_and_typed_values_stay_exact(variable):
    row = VariableSlider(variable)
    low, high = row.range
    assert row.field.value == variable.default
    for step, value in ((0, low), (1000, high)):
        row.slider.setValue(500)
        row.slider.setValue(step)
        assert row.field.value == value
    for step in (1, 250, 333, 999):
        row.slider.setValue(step)
        assert row.field.error is None
        assert abs(row.step_of(row.field.value) - step) <= 5


@pytest.mark.parametrize("value", [1.3e-6, 4.4e-6, 1.23456789e-7])
def test_a_typed_conductivity_is_what_is_solved(panel, value):
    panel.sliders["CONDUCTIVITY"].field.setText(repr(value))
    wait_until(lambda: panel.is_current)
    assert panel.last.values["CONDUCTIVITY"] == value


def test_presets_move_the_sliders(panel):
    case = PRESETS[0]
    panel.use_preset(case)
    wait_until(lambda: panel.is_current)
    assert case.values.items() <= panel.last.values.items()
    assert case.source in panel.contents.source_note.text()
    panel.sliders["CONDUCTIVITY"].slider.setValue(200)
    assert panel.contents.source_note.text() == ""


def test_without_torch_the_column_solves_and_says_so(canvas, monkeypatch):
    from slopecast.plugin.gui.live_panel import COLUMN, LivePanel

    def missing(self, mountain, log):
        return Column(), str(TorchMissing("The network needs PyTorch. torch is not installed."))

    monkeypatch.setattr(live_worker.LiveWorker, "_solver", missing)
    panel = LivePanel(canvas)
    panel.show()
    wait_until(lambda: panel.is_current)
    assert "torch is not installed" in panel.contents.solver_label.text()
    assert "no water from its neighbours" in panel.contents.solver_label.text()
    assert "closed-form column" in panel.contents.reliability_label.text()
    algorithm, parameters = panel._keeping()
    assert (algorithm, parameters["LATERAL_FLOW"]) == (COLUMN, False)
    kept = keep(panel)
    block = kept.dataProvider().block(1, kept.extent(), kept.width(), kept.height())
    values = [[block.value(row, col) for col in range(block.width())] for row in range(block.height())]
    assert (np.array(values) == panel.answer.overlay.mask).all()
    panel.shut_down()
    QgsProject.instance().clear()


def keep(panel):
    """Press "Keep as layer" and return the mask's layer."""
    ended = []
    panel.kept.connect(ended.append)
    panel.contents.keep_button.click()
    wait_until(lambda: ended)
    assert ended == [True], panel.contents.reliability_label.text()
    assert panel.contents.keep_button.text() == "Kept: see the Layers panel"
    return QgsProject.instance().mapLayersByName("Failure mask")[0]


def test_keeping_runs_the_main_job_with_the_panel_s_numbers(panel, layers):
    panel.sliders["CONDUCTIVITY"].field.setText("4.4e-6")
    panel.sliders["SURCHARGE"].field.setText("2")
    algorithm, parameters = panel._keeping()
    assert algorithm == "slopecast:predictfailuremask"
    assert (parameters["DEM"], parameters["SOIL_DEPTH"]) == tuple(layer.id() for layer in layers)
    assert (parameters["CONDUCTIVITY"], parameters["SURCHARGE"]) == (4.4e-6, 2.0)


def test_what_is_being_kept_stays_out_of_another_project(panel):
    panel.contents.keep_button.click()
    run, ended = panel.keeper.run, []
    panel.kept.connect(ended.append)
    QgsProject.instance().clear()
    assert run.feedback.isCanceled()
    assert (ended, panel.keeper.run) == ([False], None)
    wait_until(lambda: run.task is None)
    wait(100)
    assert not QgsProject.instance().mapLayers()


def test_the_shipped_network_serves_where_the_project_names_the_paper_s(canvas, monkeypatch):
    """It is said, in the colour of a caution, and what is kept is what is shown."""
    pytest.importorskip("torch")
    monkeypatch.setattr(live_worker.LiveWorker, "_solver", _REAL_SOLVER)
    QgsProject.instance().writeEntry("slopecast", "MODEL", str(STYLES.parents[1] / "model_weights/paper.safetensors"))
    panel = LivePanel(canvas)
    panel.show()
    wait_until(lambda: panel.is_current)
    note = panel.contents.solver_label
    assert "the paper's network" in note.text()
    assert note.styleSheet() == f"color: {note_colour(note.parentWidget(), 'caution')};"
    assert not panel._keeping()[1].get("MODEL")
    panel.shut_down()
    QgsProject.instance().clear()


def test_the_toolbar_s_button_takes_the_mask_off_the_map(panel, canvas):
    """Switched off, the panel leaves nothing on the map."""
    from slopecast.plugin.main import SlopecastPlugin

    plugin = SlopecastPlugin.__new__(SlopecastPlugin)
    plugin.panel = panel
    assert panel.answer.overlay.mask is not None
    plugin.show_panel(False)
    assert not panel.isVisible()
    assert panel.answer.overlay.mask is None


def test_the_panel_starts_with_what_the_dialog_remembered(canvas):
    QgsProject.instance().writeEntry("slopecast", "CONDUCTIVITY", "4.4e-6")
    panel = LivePanel(canvas)
    assert panel.values["CONDUCTIVITY"] == 4.4e-6
    panel.shut_down()


def test_the_overlay_leaves_the_canvas(canvas):
    overlay = LiveOverlay(canvas)
    assert overlay in canvas.scene().items()
    overlay.remove()
    assert overlay not in canvas.scene().items()
