"""Conductivity in Processing's forms: shown and typed with all its digits."""

from __future__ import annotations

from importlib import import_module

import pytest
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingModelAlgorithm
from qgis.gui import QgsProcessingModelerParameterWidget
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtWidgets import QDialog, QLineEdit, QVBoxLayout

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
        return wrapper, parameter, dialog

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
def test_every_digit_is_shown_and_taken(name, key, shown, window, made):
    """What is no number is refused by the parameter itself, as from a script."""
    wrapper, parameter, _dialog = made(name, key, window)
    line = wrapper.createWrappedWidget(QgsProcessingContext())
    assert isinstance(line, QLineEdit)
    assert line.text() == shown
    for given in ("1.3e-6", "2.5e-05", "0.0000000042"):
        line.setText(given)
        assert parameter.checkValueIsAcceptable(wrapper.parameterValue())
        assert float(wrapper.parameterValue()) == float(given)
    line.setText("fast")
    assert not parameter.checkValueIsAcceptable(wrapper.parameterValue())
    wrapper.setParameterValue(1.3e-6, QgsProcessingContext())
    assert float(wrapper.parameterValue()) == 1.3e-6


@pytest.mark.parametrize("window", [AlgorithmDialog, BatchAlgorithmDialog])
def test_forms_can_be_closed_while_their_python_objects_last_or_not(window, made):
    for _ in range(30):
        wrapper, _, dialog = made("simulatefactorofsafety", "CONDUCTIVITY", window)
        QVBoxLayout(dialog).addWidget(wrapper.createWrappedWidget(QgsProcessingContext()))
        dialog.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_modeler_keeps_its_choice_of_sources(made):
    widget, *_ = made("simulatefactorofsafety", "CONDUCTIVITY", ModelerParametersDialog)
    assert isinstance(widget, QgsProcessingModelerParameterWidget)
