"""The live panel's numbers: sliders, presets, the dialog next to it, and what it keeps as a layer."""

import numpy as np
import pytest
from live_panels import SHAPE, keep, raster, wait, wait_until
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QPoint, QPointF, Qt
from qgis.PyQt.QtGui import QWheelEvent
from shown_layers import name_of_kind
from slopecast.plugin.core.failure_class import CLASS_LABELS
from slopecast.plugin.core.presets import PRESETS
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.live.live_panel import LivePanel
from slopecast.plugin.gui.live.variable_slider import VariableSlider
from slopecast.plugin.gui.shared_scenario import SharedScenario
from slopecast.plugin.variables import VARIABLES


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
    assert panel.last.request.values["CONDUCTIVITY"] == value


def test_the_title_of_the_folded_sliders_states_how_many_were_changed(panel):
    box = panel.contents.more_box
    assert box.title() == "More"
    panel.sliders["WATER_TABLE_RATIO"].field.setText("0.5")  # not among them
    panel.sliders["ROOT_COHESION"].field.setText("3")
    assert (box.title(), box.toolTip()) == ("More (1 changed)", "Not at their defaults: Root cohesion")
    panel.scenario.set_texts({})
    assert (box.title(), box.toolTip()) == ("More", "")


def test_presets_move_the_sliders(panel):
    case = PRESETS[0]
    panel.scenario.use_preset(case)
    wait_until(lambda: panel.is_current)
    assert case.values.items() <= panel.last.request.values.items()
    assert case.source in panel.contents.source_note.text()
    panel.sliders["CONDUCTIVITY"].slider.setValue(200)
    assert panel.contents.source_note.text() == ""


def test_the_wheel_moves_only_a_slider_that_was_clicked(panel):
    row, depth = panel.sliders["COHESION"], panel.picker.depth
    before = row.field.value
    for widget in (row.slider, row.field, panel.contents.depth_combo):
        centre = QPointF(widget.rect().center())
        wheel_event = QWheelEvent(
            centre, QPointF(widget.mapToGlobal(centre.toPoint())), QPoint(0, -120), QPoint(0, -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        widget.clearFocus()
        QCoreApplication.sendEvent(widget, wheel_event)
        assert (row.field.value, panel.picker.depth) == (before, depth)
        assert widget.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_the_panel_starts_with_what_the_dialog_remembered(canvas):
    QgsProject.instance().writeEntry("slopecast", "CONDUCTIVITY", "4.4e-6")
    panel = LivePanel(canvas)
    assert panel.values["CONDUCTIVITY"] == 4.4e-6
    panel.shut_down()


def test_keeping_runs_the_algorithm_with_the_panel_s_numbers(panel, layers):
    panel.sliders["CONDUCTIVITY"].field.setText("4.4e-6")
    panel.sliders["SURCHARGE"].field.setText("2")
    parameters = panel.parameters()
    assert (parameters["DEM"], parameters["SOIL_DEPTH"]) == tuple(layer.id() for layer in layers)
    assert (parameters["CONDUCTIVITY"], parameters["SURCHARGE"]) == (4.4e-6, 2.0)


def test_what_is_kept_are_the_classes_in_their_style_above_the_mask(panel):
    panel.sliders["COHESION"].field.setText("1")
    wait_until(lambda: panel.is_current)
    shown, mask = panel.answer.overlay.classes, keep(panel)
    nodes = {name_of_kind(node): node for node in QgsProject.instance().layerTreeRoot().findLayers()}
    layer = nodes["Failure class"].layer()
    assert [one.label for one in layer.renderer().classes()] == list(CLASS_LABELS)
    assert (nodes["Failure class"].isVisible(), nodes["Failure mask"].isVisible()) == (True, False)
    block = layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height())
    kept = np.array([[block.value(row, col) for col in range(block.width())] for row in range(block.height())])
    assert (kept == shown).mean() > 0.95  # of the network; the panel's solver here is a stand-in
    assert (np.isin(kept, (1, 2)) == (mask == 1)).all()


def test_what_was_kept_before_is_switched_off(panel):
    """Two results that shine through each other match no legend."""
    titles = []
    for cohesion in ("1", "2"):
        panel.sliders["COHESION"].field.setText(cohesion)
        wait_until(lambda: panel.is_current)
        keep(panel)
        shown = [n for n in QgsProject.instance().layerTreeRoot().findLayers() if n.isVisible()]
        (node,) = (n for n in shown if name_of_kind(n) in ("Failure class", "Failure mask"))
        titles.append(node.parent().name())
    assert ("1 kPa" in titles[0], "2 kPa" in titles[1]) == (True, True)


def test_a_kept_layer_is_switched_off_when_the_live_map_changes(panel):
    wait_until(lambda: panel.is_current)
    keep(panel)
    root, note = QgsProject.instance().layerTreeRoot(), panel.answer.overlapping_results
    wait(50)
    assert any(node.isVisible() and name_of_kind(node) == "Failure class" for node in root.findLayers())
    assert note.isHidden()  # it shows the same as the live map
    panel.close()
    panel.show()
    wait_until(lambda: panel.last is not None)
    wait(50)
    assert not note.isHidden()  # it may show another map than before
    keep(panel)
    panel.sliders["COHESION"].field.setText("3")
    wait_until(lambda: panel.is_current)
    assert not any(node.isVisible() and name_of_kind(node) == "Failure class" for node in root.findLayers())


def test_what_is_being_kept_stays_out_of_another_project(panel):
    panel.contents.keep_button.click()
    run, ended = panel.keeping, []
    panel.kept.connect(ended.append)
    QgsProject.instance().clear()
    assert run.feedback.isCanceled()
    assert (ended, panel.keeping) == ([False], None)
    wait_until(lambda: run.task is None)
    wait(100)
    assert not QgsProject.instance().mapLayers()


@pytest.fixture
def pair(panel, canvas):
    """The panel, and a dialog that is open next to it."""
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
    dialog.scenario_form.use_preset(PRESETS[0])
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


def test_the_layers_are_shared_too_and_another_project_ends_it(pair, tmp_path):
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


def test_layers_that_are_selected_together_are_signalled_together(tmp_path):
    """Between the two signals the live panel would read the elevation with an estimated soil depth."""
    project, dialog, seen = QgsProject.instance(), FailureMaskDialog(), []
    project.clear()
    dem, depth = (raster(tmp_path / f"{name}.tif", np.ones(SHAPE)) for name in ("dem", "soil_depth"))
    project.addMapLayers([dem, depth])
    stored = dialog.picker.texts
    assert stored == {"DEM": dem.id(), "SOIL_DEPTH": depth.id()}
    dialog.picker.forget_layers([dem.id(), depth.id()])
    dialog.picker.changed.connect(lambda: seen.append(dialog.picker.texts))
    dialog.picker.set_texts(stored)
    assert seen == [stored]
    dialog.shut_down()
