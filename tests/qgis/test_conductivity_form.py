"""Conductivity in Processing's forms: read and typed with its digits, in the unit that one has."""

from __future__ import annotations

from importlib import import_module

import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingModelAlgorithm
from qgis.gui import QgsProcessingModelerParameterWidget
from qgis.PyQt.QtWidgets import QDialog
from slopecast.plugin.gui.number_field import NumberField
from slopecast.plugin.gui.unit_choice import UnitChoice

pytestmark = pytest.mark.usefixtures("qgis_application")


class AlgorithmDialog(QDialog):
    """Processing knows its windows by these names."""


class BatchAlgorithmDialog(QDialog):
    """The table of a batch."""


class ModelerParametersDialog(QDialog):
    """Has what belongs to the model."""

    def __init__(self):
        super().__init__()
        self.model, self.childId, self.context = QgsProcessingModelAlgorithm(), "", QgsProcessingContext()


@pytest.fixture
def made():
    """Make the widget of a conductivity as Processing does; keep what Processing would."""
    kept = []

    def make(name, key, window):
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}")
        parameter = algorithm.parameterDefinition(key)
        settings = parameter.metadata()["widget_wrapper"]
        module, _, made_by = settings.pop("class").rpartition(".")
        dialog = window()
        wrapper = getattr(import_module(module), made_by)(parameter, dialog, 0, 0, **settings)
        kept.extend((algorithm, dialog, wrapper))
        return wrapper

    return make


@pytest.mark.parametrize(
    ("name", "key", "shown"),
    [
        ("simulatefactorofsafety", "CONDUCTIVITY", "3e-6"),
        ("failureprobability", "CONDUCTIVITY_SD", "0"),
        ("calibratetoinventory", "CONDUCTIVITY_MIN", "1e-7"),
        ("calibratetoinventory", "CONDUCTIVITY_MAX", "5e-5"),
    ],
)
@pytest.mark.parametrize("window", [AlgorithmDialog, BatchAlgorithmDialog])
def test_every_digit_is_shown(name, key, shown, window, made):
    """As in the dialog; what is no number is kept, for the algorithm to refuse."""
    wrapper = made(name, key, window)
    widget = wrapper.createWrappedWidget(QgsProcessingContext())
    line = widget.findChild(NumberField)
    assert line.text() == shown
    for given, text in ((1.3e-6, "1.3e-6"), ("2.5e-05", "2.5e-5"), (4.25e-9, "4.25e-9")):
        wrapper.setParameterValue(given, QgsProcessingContext())
        assert (line.text(), wrapper.parameterValue()) == (text, float(given))
    line.setText("fast")
    assert wrapper.parameterValue() == "fast"


def test_other_units_can_be_typed(made, monkeypatch):
    """3.6 mm/h are 1e-6 m/s; the table of a batch has metres per second alone."""
    monkeypatch.setattr("slopecast.plugin.gui.unit_choice.QgsSettings.setValue", lambda *_: None)
    wrapper = made("simulatefactorofsafety", "CONDUCTIVITY", AlgorithmDialog)
    widget = wrapper.createWrappedWidget(QgsProcessingContext())
    unit = widget.findChild(UnitChoice)
    unit.setCurrentText("mm/h")
    assert unit.typed.text() == "10.8"
    unit.typed.setText("3.6")
    unit.typed.textEdited.emit("3.6")
    assert wrapper.parameterValue() == pytest.approx(1e-6, rel=1e-9)
    unit.setCurrentText("m/s")
    assert widget.findChild(NumberField).text() == "1e-6"
    batch = made("simulatefactorofsafety", "CONDUCTIVITY", BatchAlgorithmDialog)
    assert batch.createWrappedWidget(QgsProcessingContext()).findChild(UnitChoice) is None


def test_the_modeler_keeps_its_choice_of_sources(made):
    widget = made("simulatefactorofsafety", "CONDUCTIVITY", ModelerParametersDialog)
    assert isinstance(widget, QgsProcessingModelerParameterWidget)
