"""Numbers, layers and solver shared by the dialog and the live panel, and remembered with the project."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Iterable, Mapping

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QWidget

from ..core.errors import InputError
from ..core.scenario import check_value
from ..variables import VARIABLES
from .fields.study_area_picker import ESTIMATED, StudyAreaPicker

if TYPE_CHECKING:
    from .fields.solver_combo import SolverCombo
    from .scenario_form import ScenarioFields

SCOPE = "slopecast"


def remember(project: QgsProject, texts: Mapping[str, str]) -> None:
    """Write the values into the project; texts, so that 1.3e-6 stays 1.3e-6."""
    for key, text in texts.items():
        project.writeEntry(SCOPE, key, text)


def remembered(project: QgsProject, keys: Iterable[str]) -> dict[str, str]:
    """Read the values that the project holds."""
    found = {}
    for key in keys:
        text, there = project.readEntry(SCOPE, key)
        if there:
            found[key] = text
    return found


class SharedScenario(QObject):
    """Synchronizes the values of the dialog and the live panel.

    Held as the texts of the fields, so that 1.3e-6 stays 1.3e-6. Only visible windows send and receive values; a
    window that is shown receives the values sent while it was hidden. Another project begins with its own values.
    """

    #: The window that changed something, and the new texts by key.
    changed = pyqtSignal(QWidget, dict)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.texts: dict[str, str] = {}
        project = QgsProject.instance()
        project.readProject.connect(self._forget)  # before the windows that are made next
        project.cleared.connect(self._forget)

    def send(self, window: QWidget | None, texts: Mapping[str, str]) -> None:
        """Send changed values of a window (``None``: from elsewhere) to the others; known ones change nothing."""
        news = {key: text for key, text in texts.items() if self.texts.get(key) != text}
        if news:
            self.texts.update(news)
            self.changed.emit(window, news)

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters for other algorithms: the values of the windows, or those that the project holds."""
        keys = [*(variable.key for variable in VARIABLES), "DEM", "SOIL_DEPTH"]
        return parameters_of_texts({**remembered(QgsProject.instance(), keys), **self.texts})

    def _forget(self, *_: object) -> None:
        self.texts.clear()


def parameters_of_texts(texts: Mapping[str, str]) -> dict[str, Any]:
    """Parameters of an algorithm for the fields' texts: what is not allowed or not in the project is left out."""
    parameters: dict[str, Any] = {}
    for variable in VARIABLES:
        with contextlib.suppress(InputError):
            if variable.key in texts:
                parameters[variable.key] = check_value(variable, texts[variable.key])
    for key in ("DEM", "SOIL_DEPTH"):
        if QgsProject.instance().mapLayer(texts.get(key, "")) is not None:
            parameters[key] = texts[key]
    if texts.get("SOIL_DEPTH") == ESTIMATED:
        parameters["SOIL_DEPTH"] = None
    return parameters


class Sharing(QObject):
    """A window's part in a shared scenario: its numbers, its solver and its layers."""

    def __init__(
        self, window: QWidget, shared: SharedScenario, numbers: ScenarioFields, solver: SolverCombo,
        picker: StudyAreaPicker,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._shared = window, shared
        self._numbers, self._solver, self._picker = numbers, solver, picker
        self._receiving = False
        shared.changed.connect(self._receive)

    def send(self) -> None:
        """Send the window's current values to the others."""
        if self._window.isVisible() and not self._receiving:
            texts = {**self._numbers.texts, **self._picker.chosen_texts, "SOLVER": self._solver.value}
            self._shared.send(self._window, texts)

    def show_latest(self) -> None:
        """Show the values that were sent while the window was hidden."""
        self._receive(None, self._shared.texts)

    def _receive(self, sender: QWidget | None, texts: Mapping[str, str]) -> None:
        if sender is self._window or not self._window.isVisible():
            return
        self._receiving = True
        self._numbers.show_texts(texts)
        self._solver.value = texts.get("SOLVER", self._solver.value)
        self._picker.set_texts(texts)
        self._receiving = False
        self.send()
