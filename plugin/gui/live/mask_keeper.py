"""Saves the live map as layers; the button shows the progress."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractButton

from ...algorithms.outputs.layer_tree import hide_earlier_results
from ...algorithms.translation import tr
from ..algorithm_run import AlgorithmRun
from ..scenario_run import add_layers

_ALGORITHM = "slopecast:predictfailuremask"
_KEPT_SHOWN_MS = 4000


class MaskKeeper(QObject):
    """Runs the algorithm that writes the live map, one run at a time, and names the button that asks for it."""

    #: Success, and the reason of a failure ("" after a cancel).
    ended = pyqtSignal(bool, str)

    def __init__(self, button: QAbstractButton, parent: QObject) -> None:
        super().__init__(parent)
        self.run: AlgorithmRun | None = None
        self._button, self._titles = button, ("", "")
        self._kept_shown = QTimer(self, singleShot=True, interval=_KEPT_SHOWN_MS)
        self._kept_shown.timeout.connect(self._name_button)

    def keep(self, parameters: dict[str, Any], scenario: str, study_area: str) -> None:
        """Run ``slopecast:predictfailuremask`` and add its layers, named after scenario and study area."""
        self.run, self._titles = AlgorithmRun(_ALGORITHM, parameters, parent=self), (scenario, study_area)
        self.run.finished.connect(self._on_finished)
        self._name_button()
        self.run.start()

    def cancel(self) -> None:
        """Cancel the run when another project is opened."""
        if self.run is not None:
            self.run.finished.disconnect()
            self.run.cancel()
            self._on_finished(False, {}, "")

    def stop(self) -> None:
        """Stop a running algorithm before the panel is deleted."""
        if self.run is not None:
            self.run.stop()

    def _on_finished(self, successful: bool, results: dict[str, Any], reason: str) -> None:
        self.run = None
        self._name_button()
        if successful:
            project = QgsProject.instance()
            layers = add_layers(project, results, *self._titles)
            if layers:
                hide_earlier_results(project, layers[0], {layer.source() for layer in layers})
            self._button.setText(tr("Saved as a layer: see the Layers panel"))  # for a moment
            self._kept_shown.start()
        self.ended.emit(successful, reason)

    def _name_button(self) -> None:
        self._kept_shown.stop()
        self._button.setText(tr("Writing...") if self.run is not None else tr("Keep as layer"))
