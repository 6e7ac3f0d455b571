"""The dialog: what it accepts, what it hands to the algorithm, what it remembers, how it runs."""

import re
import shutil
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingProvider,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QEventLoop, QPoint, QTimer
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QDialogButtonBox, QLabel, QWidget
from shown_layers import layers_named, name_of_kind
from slopecast.plugin.algorithms.parameter_values import ParameterValues
from slopecast.plugin.algorithms.parameters.definitions import chosen
from slopecast.plugin.algorithms.parameters.scenario import scenario_title
from slopecast.plugin.algorithms.runs.solver_choice import SOLVERS
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.input_summary import scenario_summary
from slopecast.plugin.core.presets import PRESETS
from slopecast.plugin.core.rainfall import idf_intensity
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.gui.algorithm_run import stop_runs
from slopecast.plugin.gui.design_rain_dialog import DesignRainDialog
from slopecast.plugin.gui.failure_mask_dialog import FailureMaskDialog
from slopecast.plugin.gui.fields.number_field import NumberField, number_text
from slopecast.plugin.gui.fields.variable_form import note_colour
from slopecast.plugin.gui.layer_notes import dem_note, depth_note
from slopecast.plugin.gui.plain_words import plain_words
from slopecast.plugin.gui.scenario_run import (
    DEVICES,
    comparison_parameters,
    failed_text,
    reliability_kind,
    result_text,
    run_parameters,
    values_title,
)
from slopecast.plugin.variables import BY_NAME, VARIABLES
from written_rasters import write

FAKE = "slopecastfake:predict"
WAIT_MS = 60_000


def wkt(epsg):
    """Coordinate system as text."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    return crs.ExportToWkt()


def raster(path, epsg=25832, cell=10.0, *, shape=(12, 14), value=1.0, slope=0.0, origin=(10.0, 46.0)):
    """Write a small tilted raster and open it."""
    array = (value + np.add.outer(np.arange(shape[0]), np.arange(shape[1])) * cell * slope).astype(np.float32)
    write(path, array, Grid(*shape, (origin[0], cell, 0.0, origin[1], 0.0, -cell), wkt(epsg)))
    return QgsRasterLayer(str(path), path.stem)


class FakePrediction(QgsProcessingAlgorithm):
    """Copies the study area's grid into a mask; COHESION selects how it ends."""

    FAILS, REFUSED, SLOW = 111.0, 112.0, 113.0

    def name(self):
        return "predict"

    def displayName(self):
        return "Fake"

    def createInstance(self):
        return FakePrediction()

    def initAlgorithm(self, configuration=None):
        self.addParameter(QgsProcessingParameterRasterLayer("DEM", "DEM"))
        self.addParameter(QgsProcessingParameterNumber("COHESION", "c", QgsProcessingParameterNumber.Type.Double))
        self.addParameter(QgsProcessingParameterRasterDestination("FAILURE_MASK", "mask"))
        self.addOutput(QgsProcessingOutputNumber("FAILED_CELLS", "failed"))
        self.addOutput(QgsProcessingOutputString("RELIABILITY", "reliability"))

    def prepareAlgorithm(self, parameters, context, feedback):
        self.cohesion = self.parameterAsDouble(parameters, "COHESION", context)
        self.output = self.parameterAsOutputLayer(parameters, "FAILURE_MASK", context)
        if self.cohesion == self.REFUSED:
            feedback.reportError("Refused while preparing.")
            return False
        return True

    def processAlgorithm(self, parameters, context, feedback):
        feedback.pushInfo("Device: cpu, as asked for.")
        feedback.pushWarning("Take care.")
        if self.cohesion == self.FAILS:
            raise QgsProcessingException("Soil depth (SOIL_DEPTH): contains the value -3 m. Allowed: 0 or more.")
        while self.cohesion == self.SLOW and not feedback.isCanceled():
            time.sleep(0.01)
        if feedback.isCanceled():
            return {}
        grid = Grid(12, 14, (10.0, 10.0, 0.0, 46.0, 0.0, -10.0), wkt(25832))
        write(self.output, np.zeros((12, 14), dtype=np.uint8), grid)
        return {
            "FAILURE_MASK": self.output, "FAILED_CELLS": 1234, "VALID_CELLS": 20000, "FAILED_SHARE": 0.0617,
            "RELIABILITY": "caution: rain beyond the training",
        }  # fmt: skip


class FakeProvider(QgsProcessingProvider):
    """Offers the fake."""

    def id(self):
        return "slopecastfake"

    def name(self):
        return "fake"

    def loadAlgorithms(self):
        self.addAlgorithm(FakePrediction())


@pytest.fixture
def fake_provider():
    provider = FakeProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    yield
    QgsApplication.processingRegistry().removeProvider(provider)


@pytest.fixture
def dialog():
    """A dialog on an empty project."""
    QgsProject.instance().clear()
    made = FailureMaskDialog(algorithm_id=FAKE)
    yield made
    made.shut_down()
    QgsProject.instance().clear()


@pytest.fixture
def layers(dialog, tmp_path):
    """A DEM and a soil depth, chosen in the dialog."""
    dem, depth = raster(tmp_path / "dem ä.tif", value=500.0, slope=0.5), raster(tmp_path / "depth.tif")
    QgsProject.instance().addMapLayers([dem, depth])
    dialog.dem_combo.setLayer(dem)
    dialog.depth_combo.setLayer(depth)
    return dem, depth


def run_to_the_end(dialog, then=None, button=None):
    """Press Run, or another button, and wait for the end; returns success and results."""
    ended, loop = [], QEventLoop()

    def end(*outcome):
        ended.append(outcome)
        loop.quit()

    dialog.ran.connect(end)
    (button or dialog.run_button).click()
    if then:
        QTimer.singleShot(200, then)
    if not ended:
        QTimer.singleShot(WAIT_MS, loop.quit)
        loop.exec()
    assert ended, "the run did not end"
    return ended[0]


# -- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1.3e-6, 4.4e-6, 3e-6, 1e-10, 1e-2, 1.23456789e-7])
def test_conductivity_keeps_every_digit(dialog, layers, value):
    field = dialog.main_form.fields["CONDUCTIVITY"]
    field.set_value(value)
    assert dialog.parameters()["CONDUCTIVITY"] == value
    field.setText(repr(value))
    assert dialog.parameters()["CONDUCTIVITY"] == value


def test_conductivity_is_shown_as_people_write_it(dialog):
    field = dialog.main_form.fields["CONDUCTIVITY"]
    assert field.text() == "3e-6"
    field.set_value(1.3e-6)
    assert field.text() == "1.3e-6"


@pytest.mark.parametrize(("value", "text"), [(28.0, "28"), (0.1, "0.1"), (17.6, "17.6"), (0.0, "0"), (200.0, "200")])
def test_plain_numbers(value, text):
    assert number_text(value) == text


def test_every_variable_has_a_field_with_its_default_and_limits(dialog):
    fields = {**dialog.main_form.fields, **dialog.scenario_form.advanced.fields}
    assert list(fields) == [variable.key for variable in VARIABLES]
    for variable in VARIABLES:
        assert fields[variable.key].value == variable.default
        for limit in (variable.minimum, variable.maximum):
            fields[variable.key].set_value(limit)
            assert fields[variable.key].error is None
        assert variable.unit.strip("-") in fields[variable.key].accessibleName()


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.key)
def test_values_beyond_the_limits_are_named(variable):
    field = NumberField(variable)
    field.set_value(variable.maximum * 1.01)
    assert field.value is None
    assert variable.allowed in str(field.error)
    assert field.styleSheet()


@pytest.mark.parametrize("text", ["", "abc", "8,5", "nan", "inf", "-1", "1e9"])
def test_a_bad_number_disables_run_and_shows_what_is_allowed(dialog, layers, text):
    assert dialog.run_button.isEnabled()
    dialog.main_form.fields["COHESION"].setText(text)
    assert not dialog.run_button.isEnabled()
    assert "0 to 200 kPa" in dialog.status_label.text()
    assert dialog.main_form.notes["COHESION"].text() == "must be 0 to 200"
    dialog.main_form.fields["COHESION"].setText(" 12 ")
    assert dialog.run_button.isEnabled()
    assert dialog.parameters()["COHESION"] == 12.0


def test_values_that_do_not_go_together_disable_run(dialog, layers):
    dialog.scenario_form.advanced.fields["UNIT_WEIGHT_SATURATED"].setText("15")
    assert not dialog.run_button.isEnabled()
    assert "moist unit weight" in dialog.status_label.text()


@pytest.mark.parametrize("unit", ["m/s", "mm/h", "m/day"])
def test_only_velocities_in_metres_per_second_have_a_choice_of_units(dialog, layers, unit):
    """The rain's mm/h stay what they are, whatever unit the conductivity is typed in."""
    forms = dialog.main_form, dialog.scenario_form.advanced
    assert [key for form in forms for key in form.units] == ["CONDUCTIVITY"]
    choice = dialog.main_form.units["CONDUCTIVITY"]
    choice.setCurrentText(unit)
    try:
        dialog.main_form.fields["RAINFALL"].setText("12.5")
        assert dialog.parameters()["RAINFALL"] == 12.5
        choice.typed.setText("7.2")
        choice.typed.textEdited.emit("7.2")
        per_second = {"m/s": 1.0, "mm/h": 1 / 3.6e6, "m/day": 1 / 86400}[unit]
        if unit != "m/s":
            assert dialog.main_form.values["CONDUCTIVITY"] == pytest.approx(7.2 * per_second)
    finally:
        choice.setCurrentText("m/s")


def test_the_form_shows_what_rain_and_conductivity_amount_to(dialog, layers):
    """A number in another unit is plausible: inches as 0.33, or cm/s; the lines of the log are shown before the run."""
    note, fields = dialog.summary_note, dialog.main_form.fields
    fields["RAINFALL"].setText("0.33")
    fields["CONDUCTIVITY"].setText("3e-4")
    rain, conductivity = note.text().splitlines()
    assert rain.startswith("Rain: 0.33 mm/h for 24 h, 7.92 mm in total. Shallow-landslide thresholds")
    assert "0.0003 m/s (1080 mm/h), 9.2 x that of 'Sand'" in conductivity
    assert list(scenario_summary(Scenario(rainfall=0.33, conductivity=3e-4))) == [rain, conductivity]
    for text in ("", "x", "-1"):
        fields["RAINFALL"].setText(text)
        assert note.isHidden(), "no line about a number that is not there"
    fields["RAINFALL"].setText("8.4")
    fields["COHESION"].setText("x")
    assert not note.isHidden(), "it is about other numbers"
    assert "202 mm in total" in note.text()


def test_nothing_moves_while_a_number_is_typed(dialog, layers):
    dialog.show()
    wait(100)
    place = dialog.output_box.pos()
    dialog.main_form.fields["RAINFALL"].setText("")
    wait(100)
    assert dialog.output_box.pos() == place


def test_outside_the_training_is_a_note_and_runs(dialog, layers):
    dialog.main_form.fields["RAINFALL"].setText("40")
    assert dialog.run_button.isEnabled()
    assert dialog.main_form.trained_notes["RAINFALL"].text() == "outside 1 to 17"
    assert "Rainfall intensity" in dialog.status_label.text()


@pytest.mark.parametrize(
    ("key", "value", "likely"),
    [("RAINFALL", 120, "enter 5 mm/h"), ("CONDUCTIVITY", 5e-3, "m/s"), ("COHESION", 150, "rock")],
)
def test_amounts_that_can_hardly_be_meant_are_a_caution_before_the_run(dialog, layers, key, value, likely):
    dialog.main_form.fields[key].setText(str(value))
    assert likely in dialog.status_label.text()
    assert f"({key})" not in dialog.status_label.text()
    assert dialog.run_button.isEnabled()


def test_two_numbers_may_lie_outside_the_training_together(dialog, layers):
    dialog.main_form.fields["CONDUCTIVITY"].setText("2e-5")
    dialog.scenario_form.advanced.fields["LATERAL_ANISOTROPY"].setText("25")
    assert dialog.status_label.isHidden()
    dialog.scenario_form.advanced.fields["LATERAL_ANISOTROPY"].setText("40")
    assert "conductivity times lateral anisotropy above 5e-4 m/s" in dialog.status_label.text()
    assert dialog.run_button.isEnabled()


# -- layers --------------------------------------------------------------------------------------


def test_without_a_study_area_there_is_no_run(dialog):
    assert not dialog.run_button.isEnabled()
    assert "elevation raster" in dialog.dem_note.text()


def test_a_note_on_degrees_is_shown_below_the_picker(dialog, tmp_path):
    layer = raster(tmp_path / "degrees.tif", epsg=4326, cell=0.001)
    QgsProject.instance().addMapLayer(layer)
    dialog.dem_combo.setLayer(layer)
    assert "cells are in degrees" in dialog.dem_note.text()
    assert not dialog.run_button.isEnabled()


@pytest.mark.parametrize(
    ("epsg", "cell", "kind"),
    [(25832, 10.0, "hint"), (25832, 90.0, "caution"), (2263, 10.0, "error"), (4326, 0.1, "error")],
)
def test_notes_on_elevation(tmp_path, epsg, cell, kind):
    assert dem_note(raster(tmp_path / "dem.tif", epsg, cell))[1] == kind


def test_a_dem_may_lack_a_coordinate_system_unless_it_looks_like_degrees(tmp_path):
    def without_system(cell):
        path = tmp_path / f"dem of {cell}.asc"
        path.write_text(f"ncols 3\nnrows 3\nxllcorner 0\nyllcorner 0\ncellsize {cell}\n1 2 3\n4 5 6\n7 8 9\n")
        layer = QgsRasterLayer(str(path), "dem")
        layer.setCrs(QgsCoordinateReferenceSystem())
        return layer

    assert dem_note(without_system(10))[1] == "caution"
    assert dem_note(without_system(0.0003))[1] == "error"


def test_a_dem_whose_layer_lost_its_coordinate_system_has_that_of_its_file_as_in_a_run(tmp_path):
    layer = raster(tmp_path / "dem.tif", 25832)
    layer.setCrs(QgsCoordinateReferenceSystem())
    assert dem_note(layer) == ("14 x 12 cells of 10 m, EPSG:25832", "hint")


def test_notes_on_soil_depth(tmp_path):
    dem, same = raster(tmp_path / "dem.tif"), raster(tmp_path / "depth.tif")
    other = raster(tmp_path / "other.tif", shape=(6, 7), cell=20.0)
    degrees = raster(tmp_path / "degrees.tif", epsg=4326, cell=0.1, origin=(4.0, 0.5))
    elsewhere = raster(tmp_path / "elsewhere.tif", epsg=5186)
    assert [depth_note(layer, dem)[1] for layer in (None, same, other, degrees, dem, elsewhere)] == [
        "caution", "hint", "hint", "caution", "error", "error",
    ]  # fmt: skip
    assert "Does not overlap" in depth_note(elsewhere, dem)[0]


def test_a_file_becomes_a_layer_and_is_chosen(dialog, tmp_path):
    raster(tmp_path / "from file.tif")
    dialog.picker.take_file(dialog.dem_combo, str(tmp_path / "from file.tif"))
    assert dialog.dem_combo.currentLayer().name() == "from file"
    (tmp_path / "no raster.tif").write_text("text")
    dialog.picker.take_file(dialog.dem_combo, str(tmp_path / "no raster.tif"))
    assert "cannot be read" in dialog.result_label.text()


def test_likely_layers_are_picked(tmp_path):

    names = {"a picture": 7.0, "Altavista DEM 5m": 500.0, "soil_depth": 1.5, "failure depth": 1.0}
    layers = [raster(tmp_path / f"{name}.tif", value=value) for name, value in names.items()]
    QgsProject.instance().addMapLayers(layers)
    dialog = FailureMaskDialog(algorithm_id=FAKE)  # made when the layers are there already
    assert dialog.dem_combo.currentLayer().name() == "Altavista DEM 5m"
    assert dialog.depth_combo.currentLayer().name() == "soil_depth"
    assert "Selected by its name" in dialog.depth_note.text()
    assert dialog.run_button.isEnabled()
    dialog.shut_down()


@pytest.mark.parametrize(
    ("names", "picked"), [(("depth", "kot"), "kot"), (("aspect", "kot"), None), (("depth",), None)]
)
def test_an_elevation_of_any_name_is_picked_where_it_is_the_only_candidate(tmp_path, names, picked):
    """QGIS would take the first of the alphabet, any depth."""
    QgsProject.instance().addMapLayers([raster(tmp_path / f"{name}.tif") for name in names])
    dialog = FailureMaskDialog(algorithm_id=FAKE)
    layer = dialog.dem_combo.currentLayer()
    assert (layer and layer.name()) == picked
    assert dialog.run_button.isEnabled() == (picked is not None)
    dialog.shut_down()


@pytest.mark.parametrize(
    "name", ["predictfailuremask", "predictfromtable", "estimatesoildepth", "parametersfromzones", "model_failed_areas"]
)
def test_a_tool_s_own_dialog_opens_with_the_likely_layers(tmp_path, name):
    """QGIS would take the first raster for the elevation; a script still has to name it."""
    for stem, value in {"a failure mask": 1.0, "relief DEM": 500.0, "soil_depth": 1.5}.items():
        QgsProject.instance().addMapLayer(raster(tmp_path / f"{stem}.tif", value=value))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}")
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    dialog = AlgorithmDialog(algorithm)
    shown = {key.upper(): wrapper for key, wrapper in dialog.mainWidget().wrappers.items()}
    assert QgsProject.instance().mapLayer(shown["DEM"].parameterValue()).name() == "relief DEM"
    depth = algorithm.parameterDefinition("SOIL_DEPTH")
    if depth is not None and depth.type() == "raster":
        assert QgsProject.instance().mapLayer(shown["SOIL_DEPTH"].parameterValue()).name() == "soil_depth"
    assert algorithm.parameterDefinition("DEM").defaultValue() is None
    dialog.deleteLater()
    QgsProject.instance().clear()


@pytest.mark.parametrize("name", ["calibratetoinventory", "validateinventory"])
@pytest.mark.parametrize(
    ("layers", "offered"),
    [
        ({"basins": "Polygon", "Landslides 2011": "Polygon"}, "Landslides 2011"),
        ({"a_points": "Point", "slide_inventory": "Point"}, "slide_inventory"),
        ({"landslide roads": "LineString", "\uc0b0\uc0ac\ud0dc 2011": "Point"}, "\uc0b0\uc0ac\ud0dc 2011"),
        ({"landslides A": "Point", "landslides B": "Polygon"}, None),
        ({"basins": "Polygon", "landslide table": "None"}, None),
    ],
)
def test_the_only_layer_of_landslides_is_preselected(name, layers, offered):
    for title, kind in layers.items():
        QgsProject.instance().addMapLayer(QgsVectorLayer(kind, title, "memory"))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}")
    layer = QgsProject.instance().mapLayer(algorithm.parameterDefinition("LANDSLIDES").guiDefaultValueOverride())
    assert (None if layer is None else layer.name()) == offered
    assert algorithm.parameterDefinition("LANDSLIDES").defaultValue() is None
    QgsProject.instance().clear()


@pytest.mark.parametrize("layers", [("a failure mask", "soil_depth"), ("soil depth",), ("sheet 1", "sheet 2")])
def test_a_tool_s_own_dialog_opens_without_an_elevation_where_none_is_likely(tmp_path, layers):
    for stem in layers:
        QgsProject.instance().addMapLayer(raster(tmp_path / f"{stem}.tif", value=1.0))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("slopecast:predictfailuremask")
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    dialog = AlgorithmDialog(algorithm)
    shown = dialog.mainWidget().wrappers["DEM"].parameterValue()
    assert not shown.strip()
    good, reason = algorithm.checkParameterValues(
        {"DEM": shown, "FAILURE_MASK": "TEMPORARY_OUTPUT"}, QgsProcessingContext()
    )
    assert not good
    assert "(DEM): is missing" in reason
    dialog.deleteLater()
    QgsProject.instance().clear()


def test_the_table_tool_opens_with_the_project_s_scenarios(tmp_path):
    """No summary of an earlier run, which has such columns too, and no other table."""
    tables = {
        "owners": "name,age", "summary": "name,failed_cells,cohesion,rainfall", "Scenarios": "name,cohesion,rainfall",
    }  # fmt: skip
    for name, header in tables.items():
        (tmp_path / f"{name}.csv").write_text(f"{header}\na,1,2,3\n")
        QgsProject.instance().addMapLayer(QgsVectorLayer(str(tmp_path / f"{name}.csv"), name, "ogr"))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("slopecast:predictfromtable")
    from processing.gui.AlgorithmDialog import AlgorithmDialog

    dialog = AlgorithmDialog(algorithm)
    assert QgsProject.instance().mapLayer(dialog.mainWidget().wrappers["TABLE"].parameterValue()).name() == "Scenarios"
    dialog.deleteLater()
    QgsProject.instance().clear()


@pytest.mark.parametrize(("name", "value"), [("soil depth", 300.0), ("water depth", 1.0), ("soil depth", -5.0)])
def test_unlikely_depths_are_not_picked(dialog, tmp_path, name, value):
    QgsProject.instance().addMapLayer(raster(tmp_path / f"{name}.tif", value=value))
    assert dialog.depth_combo.currentText() == "Estimate from the DEM"
    assert "SOIL_DEPTH" not in dialog.parameters()


def test_layers_that_come_later_are_picked_until_the_user_chooses(dialog, tmp_path):
    QgsProject.instance().addMapLayer(raster(tmp_path / "soil depth.tif"))
    assert dialog.depth_combo.currentLayer().name() == "soil depth"
    dialog.depth_combo.setCurrentIndex(0)
    dialog.depth_combo.activated.emit(0)  # the user wants an estimate
    QgsProject.instance().addMapLayer(raster(tmp_path / "soil thickness.tif"))
    assert dialog.depth_combo.currentText() == "Estimate from the DEM"


def test_the_wish_to_estimate_is_remembered(dialog, layers):
    dialog.depth_combo.setCurrentIndex(0)
    dialog.depth_combo.activated.emit(0)
    dialog.remember()
    dialog.depth_combo.setLayer(layers[1])
    dialog.recall()
    assert dialog.depth_combo.currentText() == "Estimate from the DEM"


def test_a_removed_depth_layer_means_estimate(dialog, layers):
    QgsProject.instance().removeMapLayer(layers[1].id())
    assert dialog.depth_combo.currentText() == "Estimate from the DEM"
    assert "SOIL_DEPTH" not in dialog.parameters()


def test_a_removed_study_area_is_not_replaced_by_another_raster(dialog, layers, tmp_path):
    QgsProject.instance().addMapLayers([raster(tmp_path / f"kept {n}.tif") for n in range(3)])
    QgsProject.instance().removeMapLayer(layers[0].id())
    assert "Choose" in dialog.dem_note.text()
    assert dialog.dem_combo.currentLayer() is None
    assert not dialog.run_button.isEnabled()


def test_a_message_is_shown_where_processing_is_switched_off(dialog, layers, monkeypatch):
    monkeypatch.setitem(sys.modules, "processing", None)
    dialog.processing_button.click()
    assert "Enable Processing" in dialog.result_label.text()


def test_a_depth_to_estimate_is_none_in_other_dialogs_too(dialog, layers, monkeypatch):
    """They would preselect the layer that looks like a soil depth."""
    opened = []
    monkeypatch.setattr("processing.execAlgorithmDialog", lambda name, parameters: opened.append(parameters))
    for depth in (None, layers[1]):
        dialog.depth_combo.setCurrentIndex(0)
        if depth is not None:
            dialog.depth_combo.setLayer(depth)
        dialog.processing_button.click()
        dialog.open_tool("slopecast:simulatefactorofsafety")
    assert [parameters["SOIL_DEPTH"] for parameters in opened] == [None, None, *[layers[1].id()] * 2]


@pytest.mark.parametrize("which", ["dem", "depth"])
def test_a_layer_that_is_mended_in_its_properties_can_be_run_at_once(dialog, layers, tmp_path, which):
    """As the notes advise: another coordinate system, file or band; also away from what can be run."""
    layer = layers[which == "depth"]
    note = getattr(dialog, f"{which}_note")
    usual, text = layer.crs(), note.text()
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4326" if which == "dem" else "EPSG:5186"))
    assert note.text() != text
    assert not dialog.run_button.isEnabled()
    layer.setCrs(usual)
    assert note.text() == text
    assert dialog.run_button.isEnabled()
    source = layer.source()
    layer.setDataSource(str(tmp_path / "gone.tif"), layer.name(), "gdal")
    assert not dialog.run_button.isEnabled()
    layer.setDataSource(source, layer.name(), "gdal")
    assert dialog.run_button.isEnabled()


def test_layers_are_not_opened_while_numbers_are_typed(dialog, layers, monkeypatch, tmp_path):
    """A text of coordinates and heights takes GDAL seconds to open; a file that is written anew is."""
    opened = []

    def note(layer):
        opened.append(layer.id())
        return dem_note(layer)

    monkeypatch.setattr("slopecast.plugin.gui.fields.study_area_picker.dem_note", note)
    for text in ("9", "9.", "9.5", "x", "10"):
        dialog.main_form.fields["RAINFALL"].setText(text)
    assert not opened
    Path(layers[0].source()).write_bytes(b"no raster")
    dialog.main_form.fields["RAINFALL"].setText("11")
    assert opened == [layers[0].id()]
    assert not dialog.run_button.isEnabled()


@pytest.mark.usefixtures("fake_provider")
def test_a_result_is_not_that_of_a_layer_changed_since(dialog, layers, tmp_path):
    run_to_the_end(dialog)
    shown = dialog.result_label.text()
    usual, source = layers[0].crs(), layers[0].source()
    layers[0].setCrs(QgsCoordinateReferenceSystem("EPSG:25833"))
    assert dialog.result_label.text() == f"Before the last changes: {shown}"
    layers[0].setCrs(usual)
    assert dialog.result_label.text() == shown
    other = raster(tmp_path / "other.tif", value=700.0, slope=0.7)
    layers[0].setDataSource(other.source(), layers[0].name(), "gdal")
    assert dialog.result_label.text() == f"Before the last changes: {shown}"
    layers[0].setDataSource(source, layers[0].name(), "gdal")
    assert dialog.result_label.text() == shown


# -- parameters ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mask.tif", "results/mask", "~/mask.tif"])
def test_an_output_without_a_folder_is_refused(dialog, layers, name):
    """It would go wherever QGIS was started."""
    dialog.output_file.setFilePath(name)
    assert not dialog.run_button.isEnabled()
    assert f"'{name}' names no folder" in dialog.status_label.text()
    dialog.output_file.setFilePath("")
    assert dialog.run_button.isEnabled()


def test_maps_named_after_the_mask_replace_no_file_of_the_user(dialog, layers, tmp_path):
    """Only the mask's name was typed; a measured water table may have the other one."""
    dialog.algorithm_id = "slopecast:predictfailuremask"
    dialog.solver_combo.setCurrentIndex(1)
    measured = raster(tmp_path / "site_water_table.tif", value=0.5)
    dialog.output_file.setFilePath(str(tmp_path / "site.tif"))
    dialog.also_boxes["WATER_TABLE"].setChecked(True)
    before = Path(measured.source()).read_bytes()
    dialog.run_button.click()
    assert dialog.run is None
    assert "site_water_table.tif' exists and was not made by this algorithm" in dialog.result_label.text()
    assert Path(measured.source()).read_bytes() == before
    dialog.also_boxes["WATER_TABLE"].setChecked(False)
    for _ in range(2):  # its own maps it replaces
        assert run_to_the_end(dialog)[0], dialog.result_label.text()
    assert (tmp_path / "site_failure_class.tif").exists()
    assert Path(measured.source()).read_bytes() == before


def test_parameters_without_a_dialog():
    parameters = run_parameters(
        dem="d", soil_depth="s", values={"COHESION": 5.0}, device="cuda", output="/tmp/a b/mask", also=["WATER_TABLE"]
    )
    assert parameters == {
        "DEM": "d", "SOIL_DEPTH": "s", "COHESION": 5.0, "DEVICE": 2, "FAILURE_MASK": "/tmp/a b/mask.tif",
        "WATER_TABLE": "/tmp/a b/mask_water_table.tif",
    }  # fmt: skip


def test_parameters_by_default(dialog, layers):
    parameters = dialog.parameters()
    assert [parameters["DEM"], parameters["SOIL_DEPTH"]] == [layer.id() for layer in layers]
    assert parameters["FAILURE_MASK"] == "TEMPORARY_OUTPUT"
    assert parameters["DEVICE"] == 0
    assert "FACTOR_OF_SAFETY" not in parameters
    assert {variable.key: variable.default for variable in VARIABLES}.items() <= parameters.items()


def test_the_keys_are_the_algorithm_s(dialog, layers):
    registry = QgsApplication.processingRegistry()
    algorithm = registry.createAlgorithmById("slopecast:predictfailuremask")
    for box in dialog.also_boxes.values():
        box.setChecked(True)
    assert set(dialog.parameters()) <= {definition.name() for definition in algorithm.parameterDefinitions()}
    dialog.solver_combo.setCurrentIndex(1)
    further = {**dialog.parameters(), **comparison_parameters(dialog.parameters())}
    assert set(further) <= {definition.name() for definition in algorithm.parameterDefinitions()}
    for key, names in (("DEVICE", DEVICES), ("SOLVER", SOLVERS)):
        for number, name in enumerate(names):
            assert chosen(ParameterValues(algorithm, {key: number}, QgsProcessingContext()), key) == name


def test_a_scenario_s_title():
    values = {variable.key: variable.default for variable in VARIABLES} | {"CONDUCTIVITY": 1.3e-6}
    assert values_title(values) == "8.5 mm/h, 24 h, 8 kPa, 28 deg, 1.3e-6 m/s"
    values["LATERAL_ANISOTROPY"] = 30.0
    assert values_title(values) == "8.5 mm/h, 24 h, 8 kPa, 28 deg, 1.3e-6 m/s, Lateral anisotropy K_lat / K_s 30"
    values |= {"ROOT_COHESION": 3.0, "SURCHARGE": 2.0}
    assert values_title(values).endswith("1.3e-6 m/s, 3 further inputs not at their defaults")


def test_a_scenario_s_title_in_processing():
    """Rasters and other inputs that are not the defaults distinguish layers of equal rain and strength."""
    assert scenario_title(Scenario()) == "8.5 mm/h, 24 h, c 8 kPa, phi 28 deg"
    assert scenario_title(Scenario(), intensity=False) == "24 h, c 8 kPa, phi 28 deg"
    changed = Scenario(conductivity=1e-5, root_cohesion=np.full((2, 2), 3.0))
    expected = "c 8 kPa, phi 28 deg, Saturated hydraulic conductivity 1e-05 m/s, Root cohesion raster"
    assert scenario_title(changed).endswith(expected)


def test_texts_of_results():
    results = {"FAILED_CELLS": 1234, "VALID_CELLS": 20000, "FAILED_SHARE": 0.0617, "RELIABILITY": "outside: <5 m cells"}
    text = result_text(results, 100.0)
    assert text.startswith("<b>1,234 of 20,000 cells fail (6.17 %, 12.3 ha).</b><br>Reliability: <b>outside</b> (")
    assert text.endswith(" &lt;5 m cells")
    assert reliability_kind(results) == "error"
    assert reliability_kind({"RELIABILITY": "trusted"}) == "text"
    assert reliability_kind({}) == "text"


def test_initially_unstable_cells_are_given_with_the_number():
    """Most of them unstable initially means that soil or depth are wrong."""
    results = {"FAILED_CELLS": 53786, "VALID_CELLS": 160000, "FAILED_BEFORE_CELLS": 29851, "RELIABILITY": "trusted"}
    assert result_text(results, 100.0).startswith(
        "<b>53,786 of 160,000 cells fail (33.6 %, 538 ha), 29,851 of them with FS &lt; 1 under initial "
        "conditions.</b><br>Calibrate the strength first"
    )
    assert reliability_kind(results) == "caution"
    assert reliability_kind({**results, "FAILED_BEFORE_CELLS": 5000}) == "text"
    assert reliability_kind({**results, "RELIABILITY": "outside"}) == "error"


def test_cells_that_drain_to_stability_are_given_with_the_number():
    """Where water drains fast, cells are unstable initially and stable at the end, which alone the mask shows."""
    results = {"FAILED_CELLS": 100, "VALID_CELLS": 20_000, "STABLE_AGAIN_CELLS": 6796, "RELIABILITY": "trusted"}
    assert result_text(results).startswith(
        "<b>100 of 20,000 cells fail (0.5 %).</b> 6,796 further cells were unstable initially but drained to FS >= 1: "
        "stable in the mask."
    )
    assert "1 further cell was unstable initially but drained to" in failed_text(100, 20_000, again=1)
    assert reliability_kind(results) == "caution"
    assert reliability_kind({**results, "STABLE_AGAIN_CELLS": 10}) == "text"
    assert reliability_kind({**results, "FAILED_CELLS": 0}) == "caution"


def test_large_areas_have_no_exponent():
    assert "(77.3 %, 1,240 ha)" in failed_text(123_728, 160_000, 100.0)
    assert "(0.00125 %, 0.02 ha)" in failed_text(2, 160_000, 100.0)


@pytest.mark.parametrize(("window", "least"), [(239, 4.5), (50, 4.5), (114, 3.0)])
@pytest.mark.parametrize("kind", ["error", "caution", "good", "hint", "text"])
def test_notes_are_read_on_light_dark_and_grey_windows(window, least, kind):
    """QGIS's themes default, Night Mapping and Blend of Gray, on which not even white has 5 to 1; WCAG's contrast."""

    def luminance(colour):
        parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3])
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts))

    widget = QWidget()
    palette = widget.palette()
    palette.setColor(QPalette.ColorRole.Window, QColor(window, window, window))
    widget.setPalette(palette)
    lights = sorted(luminance(colour) for colour in (QColor(note_colour(widget, kind)), QColor(window, window, window)))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) > least


def test_an_empty_project_is_offered_the_example_study_area(dialog, tmp_path):
    assert not dialog.example_button.isHidden()
    layer = raster(tmp_path / "dem.tif", slope=0.3)
    QgsProject.instance().addMapLayer(layer)
    assert dialog.example_button.isHidden()
    QgsProject.instance().removeMapLayer(layer.id())
    assert not dialog.example_button.isHidden()


def test_example_data_stay_out_of_another_project(dialog):
    dialog.example_button.click()
    assert dialog.example is not None
    QgsProject.instance().clear()
    assert dialog.example is None
    wait(3000)
    assert not QgsProject.instance().mapLayers()


def test_one_click_loads_the_example_study_area_and_leaves_nothing_but_run(dialog, monkeypatch):
    """On the map as a relief, picked, with a soil depth that does not cover it; the map shows all of it."""
    canvas = QgsMapCanvas()
    canvas.resize(600, 400)
    monkeypatch.setattr("slopecast.plugin.gui.map_view.map_canvas", lambda: canvas)
    monkeypatch.setattr("slopecast.plugin.gui.failure_mask_dialog.FailureMaskDialog.place", lambda self: None)
    loop = QEventLoop()
    QTimer.singleShot(WAIT_MS, loop.quit)
    assert not dialog.run_button.isEnabled()
    dialog.example_button.click()
    dialog.example.finished.connect(lambda *_: QTimer.singleShot(0, loop.quit))
    assert not dialog.example_button.isEnabled()
    assert dialog.status_label.text() == ""
    loop.exec()
    wait(300)
    project = QgsProject.instance()
    assert (dialog.picker.dem.name(), dialog.picker.depth.name()) == ("Elevation (synthetic)", "Soil depth (synthetic)")
    assert dialog.picker.dem.renderer().type() == "hillshade"
    assert dialog.run_button.isEnabled()
    assert "press Run" in dialog.result_label.text()
    dialog.main_form.fields["COHESION"].setText("")
    assert "press Run" not in dialog.result_label.text()  # it cannot
    dialog.reset_numbers()
    assert dialog.example_button.isHidden()
    root = project.layerTreeRoot()
    shown = {node.name(): node.isVisible() for node in root.findLayers()}
    assert shown == {
        "Soil depth (synthetic)": False, "Elevation (synthetic)": True, "Landslides (synthetic)": False,
        "Scenarios": True,
    }  # fmt: skip
    assert {node.parent().name() for node in root.findLayers()} == {"Example data (synthetic)"}
    assert project.crs().authid() == "EPSG:5186"
    assert canvas.extent().contains(dialog.picker.dem.extent())


def test_without_a_browser_help_shows_where_the_guide_is(dialog, monkeypatch):
    from slopecast.plugin.algorithms.locations import GUIDE

    monkeypatch.setattr("slopecast.plugin.gui.documents.QDesktopServices.openUrl", lambda url: False)
    dialog.show_help()
    shown = str(GUIDE) if GUIDE.exists() else "https://"
    assert shown in dialog.result_label.text()


@pytest.mark.usefixtures("fake_provider", "layers")
def test_the_dialog_fits_a_low_screen_while_it_computes(dialog):
    dialog.main_form.fields["COHESION"].set_value(FakePrediction.SLOW)
    dialog.show()
    QgsApplication.processEvents()
    dialog.run_button.click()
    for _ in range(5):
        QgsApplication.processEvents()
    assert dialog.log_box.isVisible()
    assert dialog.height() <= 730
    stop_runs()


def test_the_network_s_confidence_is_explained_where_it_is_chosen(dialog):
    assert dialog.also_note.isHidden()
    dialog.also_boxes["MODEL_CONFIDENCE"].setChecked(True)
    assert not dialog.also_note.isHidden()
    assert "not the probability that the slope fails" in dialog.also_note.text()


# -- presets, rain and model ---------------------------------------------------------------------


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.label)
def test_a_preset_fills_its_fields_and_names_its_source(dialog, layers, preset):
    dialog.main_form.fields["DURATION"].setText("36")
    dialog.scenario_form.use_preset(preset)
    assert preset.values.items() <= dialog.parameters().items()
    assert dialog.parameters()["DURATION"] == 36.0
    assert preset.source in dialog.source_note.text()


def test_messages_of_windows_have_no_keys_of_scripts(dialog, layers):
    """Titles without keys, tools by the names that the toolbox has for them; the rest of a text is left alone."""
    dialog.main_form.fields["RAINFALL"].setText("-3")
    assert "Rainfall" in dialog.status_label.text()
    assert "(RAINFALL)" not in dialog.status_label.text()
    shown = result_text(
        {"RELIABILITY": "outside: cells of 90 m (2 to 30 m); run 'Simulate factor of safety (physics engine)'"}
    )
    tool = "<a href='slopecast:simulatefactorofsafety'>'Simulate factor of safety (physics engine)'</a>"
    assert shown.endswith(f"cells of 90 m (2 to 30 m); run {tool}")
    assert plain_words("CUDA (NVIDIA GPU): Rainfall (RAINFALL)") == "CUDA (NVIDIA GPU): Rainfall"


def test_fields_keep_their_place_whatever_notes_are_shown(dialog, layers):
    """Also when a preset's source goes, for its values are changed: a click must not land in another field."""
    dialog.show()

    def places():
        for _ in range(3):
            QgsApplication.processEvents()
        return [field.mapTo(dialog, QPoint(0, 0)) for field in dialog.main_form.fields.values()]

    at_first = places()
    dialog.scenario_form.use_preset(PRESETS[0])
    assert not dialog.source_note.isHidden()
    assert places() == at_first
    for text in ("9", "-3", "100"):
        dialog.main_form.fields["COHESION"].setText(text)
        assert places() == at_first
    assert dialog.source_note.isHidden()


def test_a_result_s_advice_opens_the_tool_with_the_dialog_s_scenario(dialog, layers, monkeypatch):
    opened = []
    monkeypatch.setattr(
        "slopecast.plugin.gui.failure_mask_dialog.open_algorithm", lambda *given: opened.append(given) or ""
    )
    dialog.main_form.fields["RAINFALL"].setText("25")
    dialog.result_label.linkActivated.emit("slopecast:simulatefactorofsafety")
    ((tool, given),) = opened
    engine = QgsApplication.processingRegistry().algorithmById(tool)
    assert given["DEM"] == layers[0].id()
    assert given["RAINFALL"] == 25.0
    assert given.keys() <= {p.name() for p in engine.parameterDefinitions()}


def test_every_preset_is_in_the_menu(dialog):
    picked = []
    dialog.scenario_form.preset_menu.picked.connect(picked.append)
    for group in dialog.scenario_form.preset_menu.actions():
        for action in group.menu().actions():
            action.trigger()
    assert picked == list(PRESETS)


@pytest.fixture
def rain():
    """The rain's dialog."""
    dialog = DesignRainDialog(24.0)
    yield dialog
    dialog.deleteLater()


def test_rain_of_a_return_period(rain):
    assert rain.values["RAINFALL"] == pytest.approx(idf_intensity(1440.0, 50.0), rel=1e-4)
    rain.years.setText("20")
    assert rain.values["RAINFALL"] == pytest.approx(idf_intensity(1440.0, 20.0), rel=1e-4)
    assert rain.note_label.isHidden()
    rain.years.setText("100")  # 17.7 mm/h, beyond the networks' training
    assert "17 mm/h" in rain.note_label.text()
    assert "(SOLVER)" not in rain.note_label.text()  # the key for scripts
    rain.hours.setText("6.5")
    assert "two branches with a jump" in rain.note_label.text()


@pytest.mark.parametrize(("field", "text", "words"), [
    ("years", "0.5", "1 to 10000 yr"), ("hours", "a day", "not a number"), ("hours", "1000", "0.1 to 720 h"),
])  # fmt: skip
def test_a_bad_return_period_cannot_be_used(rain, field, text, words):
    getattr(rain, field).setText(text)
    assert not rain.values
    assert words in rain.note_label.text()
    assert not rain.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_own_coefficients_stay_with_the_project(rain):
    rain.curve_combo.setCurrentIndex(1)
    assert not rain.coefficient_box.isHidden()
    rain.coefficients["long_a"].setText("300")
    own = rain.values["RAINFALL"]
    assert own > idf_intensity(1440.0, 50.0)
    rain.accept()
    again = DesignRainDialog(24.0)
    assert again.values["RAINFALL"] == own
    again.coefficients["long_d"].setText("x")
    assert not again.values
    again.hours.setText("-1")
    assert again.note_label.text().startswith("Duration: ")  # without the key for scripts
    again.deleteLater()


def test_the_rain_is_taken_over(dialog, layers, monkeypatch):
    monkeypatch.setattr(DesignRainDialog, "exec", lambda self: True)
    dialog.main_form.fields["DURATION"].setText("12")
    dialog.rain_button.click()
    assert dialog.parameters()["RAINFALL"] == pytest.approx(idf_intensity(720.0, 50.0), rel=1e-4)
    assert "return period of 50 years" in dialog.source_note.text()
    dialog.main_form.fields["RAINFALL"].setText("9")
    assert dialog.source_note.text() == ""  # that is no longer where the rain comes from


def test_another_network(dialog, layers, tmp_path):
    dialog.model_file.setFilePath(str(tmp_path / "missing.safetensors"))
    assert not dialog.run_button.isEnabled()
    assert "is not a .safetensors file" in dialog.status_label.text()
    file = tmp_path / "my network.safetensors"
    file.write_bytes(b"")
    dialog.model_file.setFilePath(str(file))
    assert dialog.parameters()["MODEL"] == str(file)
    dialog.remember()
    dialog.model_file.setFilePath("")
    assert "MODEL" not in dialog.parameters()
    dialog.recall()
    assert dialog.parameters()["MODEL"] == str(file)


def test_a_folded_group_shows_nothing_but_how_many_of_its_numbers_were_changed(dialog, layers):
    dialog.show()
    dialog.advanced_box.setCollapsed(True)
    wait(100)
    assert dialog.advanced_box.title() == "Advanced"
    fields = dialog.scenario_form.advanced.fields
    fields["MOISTURE_DEFICIT"].setText("0.07")
    fields["WATER_TABLE_RATIO"].setText("0.9")  # outside the training: its note changes
    assert dialog.advanced_box.title() == "Advanced (2 changed)"
    assert "Moisture deficit" in dialog.advanced_box.toolTip()
    assert not any(label.isVisible() for label in dialog.advanced_box.findChildren(QLabel))
    dialog.reset_numbers()
    assert (dialog.advanced_box.title(), dialog.advanced_box.toolTip()) == ("Advanced", "")


def test_the_dialog_shrinks_when_a_group_is_folded(dialog, layers, monkeypatch):
    monkeypatch.setattr("slopecast.plugin.gui.failure_mask_dialog._SHARE_OF_SCREEN", 4.0)
    dialog.show()
    dialog.advanced_box.setCollapsed(True)
    wait(300)
    before = dialog.height()
    dialog.advanced_box.setCollapsed(False)
    wait(300)
    assert dialog.height() > before
    dialog.advanced_box.setCollapsed(True)
    wait(300)
    assert dialog.height() == before


def test_the_dialog_grows_for_a_note_below_the_form(dialog, layers, monkeypatch):
    """Neither the note on the confidence nor that on the values pushes the form's end out of sight."""
    monkeypatch.setattr("slopecast.plugin.gui.failure_mask_dialog._SHARE_OF_SCREEN", 4.0)
    dialog.show()
    wait(300)
    dialog.also_boxes["MODEL_CONFIDENCE"].setChecked(True)
    dialog.main_form.fields["RAINFALL"].setText("40")
    wait(300)
    assert dialog.status_label.isVisible()
    assert not dialog.scroll.verticalScrollBar().isVisible()


def wait(milliseconds):
    """Let Qt work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


# -- memory --------------------------------------------------------------------------------------


def test_values_are_remembered_with_the_project(dialog, layers, tmp_path):
    dialog.main_form.fields["CONDUCTIVITY"].setText("4.4e-6")
    dialog.scenario_form.advanced.fields["SURCHARGE"].setText("2.5")
    dialog.device_combo.setCurrentIndex(1)
    dialog.solver_combo.setCurrentIndex(1)
    dialog.also_boxes["WATER_TABLE"].setChecked(True)
    dialog.remember()
    project, file = QgsProject.instance(), str(tmp_path / "project.qgz")
    assert project.write(file)
    project.clear()
    assert dialog.main_form.texts["CONDUCTIVITY"] == "3e-6"
    assert not dialog.also_boxes["WATER_TABLE"].isChecked()
    assert dialog.solver_combo.currentData() == "network"
    assert project.read(file)
    parameters = dialog.parameters()
    assert parameters["SOLVER"] == 1
    assert (parameters["CONDUCTIVITY"], parameters["SURCHARGE"], parameters["DEVICE"]) == (4.4e-6, 2.5, 1)
    assert (dialog.dem_combo.currentLayer().name(), dialog.depth_combo.currentLayer().name()) == ("dem ä", "depth")
    assert "WATER_TABLE" in parameters


def test_the_tab_key_follows_the_form(dialog):
    form, order = dialog.main_form.fields, [dialog]
    while order[-1].nextInFocusChain() is not dialog:
        order.append(order[-1].nextInFocusChain())
    along = [
        dialog.dem_combo, dialog.depth_combo, dialog.preset_button, form["COHESION"], form["DURATION"],
        dialog.scenario_form.advanced.fields["WATER_TABLE_RATIO"], dialog.output_file.lineEdit(),
        dialog.also_boxes["WATER_TABLE"], dialog.solver_combo, dialog.device_combo, dialog.help_button,
        dialog.run_button,
    ]  # fmt: skip
    places = [order.index(widget) for widget in along]
    assert places == sorted(places)


def test_defaults_come_back(dialog):
    dialog.main_form.fields["RAINFALL"].setText("nonsense")
    dialog.reset_numbers()
    assert dialog.main_form.values["RAINFALL"] == BY_NAME["rainfall"].default


# -- runs ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fake_provider", "layers")
def test_a_run_shows_its_mask_and_its_numbers(dialog):
    successful, results = run_to_the_end(dialog)
    assert successful
    assert results["FAILED_CELLS"] == 1234
    layer = layers_named("Failure mask")[0]
    group = QgsProject.instance().layerTreeRoot().findLayer(layer).parent()
    assert group.name() == "8.5 mm/h, 24 h, 8 kPa, 28 deg, 3e-6 m/s: dem ä"
    assert layer.name() == "Failure mask (8.5 mm/h, 24 h, 8 kPa, 28 deg, 3e-6 m/s)"  # lists show no groups
    assert "1,234 of 20,000" in dialog.result_label.text()
    assert "caution" in dialog.result_label.text()
    assert dialog.log_box.toPlainText().splitlines() == ["Device: cpu, as asked for.", "Warning: Take care."]
    assert dialog.run is None
    assert dialog.run_button.isEnabled()


@pytest.mark.usefixtures("fake_provider", "layers")
def test_the_log_of_a_run_is_left_at_its_first_warning(dialog, monkeypatch):
    """Its end is in the result already; what it warns about stands out."""
    lines = [("info", f"line {number}") for number in range(20)] + [("warning", "a < b\nnext")]
    run_to_the_end(dialog)  # it ends with a warning
    lines += [("info", f"later {number}") for number in range(20)] + [("warning", "again")]

    def push(self, parameters, context, feedback):
        for kind, text in lines:
            (feedback.pushWarning if kind == "warning" else feedback.pushInfo)(text)
        raise QgsProcessingException("Too bad.")

    monkeypatch.setattr(FakePrediction, "processAlgorithm", push)
    dialog.show()
    run_to_the_end(dialog)
    wait(100)
    log = dialog.log_box
    assert log.firstVisibleBlock().text() == "Warning: a < b\u2028next"
    written = {block.text(): block for block in map(log.document().findBlockByNumber, range(log.blockCount()))}
    colours = {
        text: {part.format.foreground().color().name() for part in block.textFormats() if part.length}
        for text, block in written.items()
    }
    assert colours["Warning: again"] == {note_colour(dialog, "caution")}
    assert colours["Error: Too bad."] == {note_colour(dialog, "error")}
    assert colours["later 3"] == colours["line 3"]
    assert not colours["line 3"] & {note_colour(dialog, kind) for kind in ("caution", "error")}


@pytest.mark.usefixtures("fake_provider", "layers")
def test_the_log_of_a_run_without_warnings_is_left_at_its_start(dialog, monkeypatch):
    """There the terrain is described."""

    def push(self, parameters, context, feedback):
        for number in range(20):
            feedback.pushInfo(f"line {number}")
        return {}

    monkeypatch.setattr(FakePrediction, "processAlgorithm", push)
    dialog.show()
    run_to_the_end(dialog)
    wait(100)
    assert dialog.log_box.firstVisibleBlock().text() == "line 0"


@pytest.fixture
def slow(monkeypatch):
    """The fake takes half a second, and hears of no cancel."""
    do = FakePrediction.processAlgorithm

    def slowly(self, parameters, context, feedback):
        time.sleep(0.5)
        monkeypatch.setattr(feedback, "isCanceled", lambda: False, raising=False)
        return do(self, parameters, context, feedback)

    monkeypatch.setattr(FakePrediction, "processAlgorithm", slowly)


@pytest.mark.usefixtures("fake_provider", "layers", "slow")
def test_a_run_that_ends_in_another_project_leaves_nothing_there(dialog):
    """It is cancelled with its project, but may have moved its files already."""
    run_to_the_end(dialog, then=QgsProject.instance().clear)
    assert not QgsProject.instance().mapLayers()
    assert dialog.result_label.text() == ""
    assert dialog.log_box.toPlainText() == ""


@pytest.mark.usefixtures("fake_provider", "slow")
def test_a_result_is_not_that_of_inputs_changed_during_the_run(dialog, layers):
    """Else the numbers would stand next to a study area or a rain that they are not of."""
    rain = dialog.main_form.fields["RAINFALL"]
    assert run_to_the_end(dialog, then=lambda: rain.setText("3"))[0]
    assert dialog.result_label.text().startswith("Before the last changes: <b>1,234")
    assert dialog.result_label.styleSheet() == f"color: {note_colour(dialog, 'hint')};"
    rain.setText("8.5")
    assert dialog.result_label.text().startswith("<b>1,234")
    assert dialog.result_label.styleSheet() == f"color: {note_colour(dialog, 'caution')};"
    dialog.main_form.fields["COHESION"].set_value(FakePrediction.FAILS)
    assert not run_to_the_end(dialog, then=lambda: rain.setText("3"))[0]
    assert dialog.result_label.text().startswith("Before the last changes: ")


@pytest.mark.usefixtures("fake_provider", "layers")
def test_a_run_leaves_no_number_selected(dialog):
    """Else the next key would overwrite the cohesion."""
    dialog.show()
    dialog.run_button.setFocus()
    run_to_the_end(dialog)
    assert dialog.focusWidget() is dialog.run_button


@pytest.mark.usefixtures("fake_provider", "layers")
def test_an_overwritten_file_is_shown_once(dialog, tmp_path):
    dialog.output_file.setFilePath(str(tmp_path / "mask.tif"))
    run_to_the_end(dialog)
    dialog.main_form.fields["RAINFALL"].setText("9")
    run_to_the_end(dialog)
    assert len(layers_named("Failure mask")) == 1


@pytest.mark.usefixtures("fake_provider", "layers")
@pytest.mark.parametrize(
    ("cohesion", "words"),
    [(FakePrediction.FAILS, "contains the value -3 m"), (FakePrediction.REFUSED, "Refused while preparing")],
)
def test_an_error_is_shown_in_the_dialog(dialog, cohesion, words):
    dialog.main_form.fields["COHESION"].set_value(cohesion)
    successful, _ = run_to_the_end(dialog)
    assert not successful
    assert words in dialog.result_label.text()
    assert "Traceback" not in dialog.result_label.text() + dialog.log_box.toPlainText()
    assert dialog.run_button.isEnabled()


@pytest.mark.usefixtures("fake_provider", "layers")
def test_a_run_can_be_cancelled_and_the_next_one_started(dialog):
    field = dialog.main_form.fields["COHESION"]
    field.set_value(FakePrediction.SLOW)
    successful, _ = run_to_the_end(dialog, then=dialog.cancel_button.click)
    assert not successful
    assert "Cancelled" in dialog.result_label.text()
    field.set_value(8.0)
    assert run_to_the_end(dialog)[0]


@pytest.mark.usefixtures("fake_provider", "layers")
def test_the_dialog_may_go_away_during_a_run(dialog):
    dialog.main_form.fields["COHESION"].set_value(FakePrediction.SLOW)
    dialog.run_button.click()
    began = time.monotonic()
    dialog.shut_down()
    QgsApplication.processEvents()
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("layers")
def test_a_missing_algorithm_is_reported(dialog):
    dialog.algorithm_id = "slopecast:nosuchthing"
    assert not run_to_the_end(dialog)[0]
    assert "is not available" in dialog.result_label.text()


def test_the_engine_runs(dialog, layers):
    dialog.algorithm_id = "slopecast:simulatefactorofsafety"
    dialog.also_boxes["FACTOR_OF_SAFETY"].setChecked(True)  # the engine asks for it
    dialog.main_form.fields["CONDUCTIVITY"].setText("1.3e-6")
    successful, results = run_to_the_end(dialog)
    assert successful, dialog.result_label.text()
    check_result(dialog, results)


def test_only_the_newest_mask_is_shown_and_its_numbers_are_those_of_its_values(dialog, layers, tmp_path):
    """The red of a wetter run must not shine through, nor an old reliability be shown with new values."""
    dialog.algorithm_id = "slopecast:simulatefactorofsafety"
    dialog.also_boxes["FACTOR_OF_SAFETY"].setChecked(True)  # the engine asks for it
    root, shown = QgsProject.instance().layerTreeRoot(), []
    for rain in ("12", "3"):
        dialog.main_form.fields["RAINFALL"].setText(rain)
        assert run_to_the_end(dialog)[0], dialog.result_label.text()
        masks = layers_named("Failure class")
        shown.append(sum(root.findLayer(mask).isVisible() for mask in masks))
    assert len(masks) == 2
    assert shown == [1, 1]
    newest = dialog.result_label.text()
    assert "switched off" in newest
    dialog.main_form.fields["RAINFALL"].setText("5")
    assert dialog.result_label.text() == f"Before the last changes: {newest}"
    dialog.main_form.fields["RAINFALL"].setText("nonsense")
    assert dialog.result_label.text().startswith("Before")
    dialog.main_form.fields["RAINFALL"].setText("3")
    assert dialog.result_label.text() == newest
    depth = dialog.depth_combo.currentIndex()
    dialog.depth_combo.setCurrentIndex(0)
    dialog.refresh()
    assert dialog.result_label.text() == f"Before the last changes: {newest}"
    dialog.depth_combo.setCurrentIndex(depth)
    dialog.refresh()
    assert dialog.result_label.text() == newest
    # a mask of another study area is in nobody's way
    file, far = Path(masks[0].source()), tmp_path / "elsewhere.tif"
    gdal.Translate(str(far), str(file), outputBounds=[9e5, 9.1e5, 9.1e5, 9e5])
    shutil.copy(file.with_suffix(".qml"), far.with_suffix(".qml"))
    elsewhere = QgsProject.instance().addMapLayer(QgsRasterLayer(str(far), "elsewhere"))
    assert run_to_the_end(dialog)[0], dialog.result_label.text()
    assert root.findLayer(elsewhere).isVisible()
    visible = [m for m in layers_named("Failure class") if root.findLayer(m).isVisible()]
    assert len(visible) == 1


def test_an_error_turns_grey_once_what_it_is_about_has_changed(dialog, layers, tmp_path):
    """A red text next to inputs that it no longer concerns would keep users from running again."""
    dialog.algorithm_id = "slopecast:simulatefactorofsafety"
    dialog.also_boxes["FACTOR_OF_SAFETY"].setChecked(True)
    (tmp_path / "file").write_text("no folder")
    dialog.output_file.setFilePath(str(tmp_path / "file" / "mask.tif"))
    assert not run_to_the_end(dialog)[0]
    error = dialog.result_label.text()
    assert "cannot be written" in error
    assert dialog.result_label.styleSheet() == f"color: {note_colour(dialog, 'error')};"
    dialog.output_file.setFilePath("")
    assert dialog.result_label.text() == f"Before the last changes: {error}"
    assert dialog.result_label.styleSheet() == f"color: {note_colour(dialog, 'hint')};"


def test_the_network_runs(dialog, layers, weights_file, monkeypatch):
    from slopecast.plugin.ml import model_file

    if not model_file.DEFAULT.exists():
        monkeypatch.setattr(model_file, "DEFAULT", weights_file)
    dialog.algorithm_id = "slopecast:predictfailuremask"
    dialog.main_form.fields["CONDUCTIVITY"].setText("1.3e-6")
    for box in dialog.also_boxes.values():
        box.setChecked(True)
    successful, results = run_to_the_end(dialog)
    assert successful, dialog.result_label.text()
    check_result(dialog, results)
    assert results["RELIABILITY"].split(":")[0] in ("trusted", "caution", "outside")
    names = [name_of_kind(node) for node in QgsProject.instance().layerTreeRoot().findLayers()]
    assert names[:5] == [
        "Failure class", "Failure mask", "Factor of safety", "Water table", "Model confidence",
    ]  # fmt: skip


def check_result(dialog, results):
    """The mask is in the project, styled, and the dialog shows its numbers."""
    layer = layers_named("Failure mask")[0]
    assert layer.renderer().type() == "paletted"
    assert f"{int(results['FAILED_CELLS']):,} of " in dialog.result_label.text()


@pytest.fixture
def no_torch(monkeypatch):
    for name in [n for n in sys.modules if n.split(".")[0] in ("torch", "safetensors")] + ["torch"]:
        monkeypatch.setitem(sys.modules, name, None)


def test_without_torch_the_dialog_runs_the_physics_engine_and_shows_it(no_torch, dialog, layers):
    assert "Torch is not installed: the physics engine is used" in dialog.result_label.text()
    assert not dialog.also_boxes["MODEL_CONFIDENCE"].isEnabled()
    dialog.algorithm_id = "slopecast:predictfailuremask"
    successful, results = run_to_the_end(dialog)
    assert successful, dialog.result_label.text()
    assert results["SOLVER_USED"].startswith("physics engine on cpu")
    assert "computed by the physics engine" in dialog.result_label.text()
    assert "trained" not in dialog.result_label.text()
    assert layers_named("Failure mask")


def test_without_torch_the_note_opens_the_installation_page(no_torch, dialog, monkeypatch):
    pages = []
    opener = SimpleNamespace(openUrl=lambda url: pages.append(url) or True)
    monkeypatch.setattr("slopecast.plugin.gui.documents.QDesktopServices", opener)
    link = re.search(r"href='(.*?)'", dialog.result_label.text()).group(1)
    dialog.result_label.linkActivated.emit(link)
    assert [Path(url.toLocalFile()).name for url in pages] == ["install.html"]
    assert Path(pages[0].toLocalFile()).exists()


def test_the_physics_engine_can_be_chosen(dialog, layers):
    """What the network alone uses is then switched off, and its training ranges are no matter."""
    dialog.algorithm_id = "slopecast:predictfailuremask"
    dialog.also_boxes["MODEL_CONFIDENCE"].setChecked(True)
    dialog.main_form.fields["RAINFALL"].setText("45")
    dialog.main_form.fields["DURATION"].setText("1")
    assert "Outside the training" in dialog.status_label.text()
    assert "elsewhere the mask is the engine's" in dialog.status_label.text()  # as the reliability will say
    dialog.solver_combo.setCurrentIndex(1)
    assert "Outside the training" not in dialog.status_label.text()
    assert not any(w.isEnabled() for w in (dialog.also_boxes["MODEL_CONFIDENCE"], dialog.model_file,
                                           dialog.device_combo))  # fmt: skip
    successful, results = run_to_the_end(dialog)
    assert successful, dialog.result_label.text()
    assert results["SOLVER_USED"].startswith("physics engine on cpu")
    assert dialog.compare_button.isHidden()


def test_a_network_s_mask_is_compared_with_the_engine_by_a_button(dialog, layers, weights_file):
    """The same inputs again: the words have the numbers, and the map shows the agreement alone."""
    dialog.algorithm_id = "slopecast:predictfailuremask"
    dialog.model_file.setFilePath(str(weights_file))
    dialog.main_form.fields["COHESION"].setText("2")
    assert dialog.compare_button.isHidden()
    successful, results = run_to_the_end(dialog)
    assert successful, dialog.result_label.text()
    assert not dialog.compare_button.isHidden()
    dialog.main_form.fields["COHESION"].setText("3")
    assert not dialog.compare_button.isEnabled(), "the inputs are no longer those of the mask"
    dialog.main_form.fields["COHESION"].setText("2")
    assert dialog.compare_button.isEnabled()
    successful, compared = run_to_the_end(dialog, button=dialog.compare_button)
    assert successful, dialog.result_label.text()
    assert compared["FAILED_CELLS"] == results["FAILED_CELLS"]
    assert f"IoU {compared['ENGINE_IOU']:.3f}" in dialog.result_label.text()
    assert dialog.compare_button.isHidden()
    project = QgsProject.instance()
    assert len(layers_named("Failure mask")) == 1
    agreement = layers_named("Agreement with the physics engine")[0]
    assert agreement.renderer().type() == "paletted"
    names = [name_of_kind(node) for node in project.layerTreeRoot().findLayers()]
    assert names[:3] == ["Agreement with the physics engine", "Failure class", "Failure mask"]
    shown = [node.layer() for node in project.layerTreeRoot().findLayers() if node.isVisible()]
    assert [layer for layer in shown if layer not in layers] == [agreement]
    assert "The map shows where network and engine agree; other results are" in dialog.result_label.text()
    assert "failed by the network only" in [one.label for one in agreement.renderer().classes()]


def test_a_new_project_shows_no_result_of_the_last_one(dialog, layers):
    run_to_the_end(dialog)
    assert dialog.result_label.text()
    QgsProject.instance().clear()
    assert dialog.result_label.text() == ""
    assert dialog.log_box.toPlainText() == ""
    assert dialog.compare_button.isHidden()
    dialog.refresh()
    assert dialog.result_label.text() == ""
