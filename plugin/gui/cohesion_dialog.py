"""Dialog that back-calculates the cohesion at which a share of the cells is stable initially."""

from __future__ import annotations

from typing import TYPE_CHECKING, Mapping

from qgis.core import QgsApplication, QgsMessageLog, QgsProcessingFeedback, QgsTask
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QDialog, QDialogButtonBox, QDoubleSpinBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from ..algorithms.inputs.scenario_inputs import ScenarioInputs
from ..algorithms.log import Log
from ..algorithms.translation import tr
from ..core.errors import Cancelled, SlopecastError
from ..variables import BY_NAME
from .fields.variable_form import show_note
from .plain_words import plain_words

if TYPE_CHECKING:
    from ..algorithms.inputs.layers import RasterSource
    from ..core.physics.critical_values import CohesionCounts


class CriticalCohesion(QgsTask):
    """Computes in the background with which cohesion how many cells are stable, for a scenario's numbers by key."""

    #: The :class:`CohesionCounts` of all cells, or ``None``, and why there are none.
    computed = pyqtSignal(object, str)

    def __init__(self, dem: RasterSource, soil_depth: RasterSource | None, values: Mapping[str, float]) -> None:
        super().__init__(tr("Back-calculate cohesion"))
        self._inputs, self._values = ScenarioInputs(dem, soil_depth), dict(values)
        self._found: CohesionCounts | None = None
        self._problem = ""
        self._feedback = QgsProcessingFeedback()

    def cancel(self) -> None:
        """Stop computing."""
        self._feedback.cancel()
        super().cancel()

    def run(self) -> bool:
        """Compute (in the task's thread)."""
        from ..core.physics.critical_values import CohesionCounts
        from ..core.scenario import Scenario

        try:
            counts = CohesionCounts()
            counts.add(self._inputs.terrain(Log(self._feedback)).cells, Scenario.from_mapping(self._values))
            self._found = counts
        except Cancelled:
            return False
        except SlopecastError as error:
            self._problem = plain_words(error.localized(tr))
        except Exception as error:  # QGIS would end the task without a word
            QgsMessageLog.logMessage(f"{type(error).__name__}: {error}", "Slopecast")
            self._problem = tr("The cohesion could not be computed ({}: {}).").format(type(error).__name__, error)
        return self._found is not None

    def finished(self, successful: bool) -> None:
        """Pass the result on (in the main thread)."""
        self.computed.emit(self._found, self._problem)


class CohesionDialog(QDialog):
    """Shows the cohesion [kPa] for a share of stable cells; accepted, :attr:`values` is to be used."""

    def __init__(self, task: CriticalCohesion, present: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Back-calculate cohesion"))
        self.values: dict[str, float] = {}  # the cohesion by its key, empty where there is none to use
        self._task: CriticalCohesion | None = task
        self._present = present
        self._critical: CohesionCounts | None = None
        self.share_box = QDoubleSpinBox(self)
        self.share_box.setRange(50.0, 100.0)
        self.share_box.setDecimals(1)
        self.share_box.setSingleStep(0.5)
        self.share_box.setSuffix(" %")
        self.result_label, self.note_label = QLabel(self), QLabel(self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.use_button = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.use_button.setText(tr("Use this cohesion"))
        self._lay_out()
        self.share_box.valueChanged.connect(self.refresh)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.refresh()
        task.computed.connect(self._on_computed)
        QgsApplication.taskManager().addTask(task)

    def _lay_out(self) -> None:
        purpose = QLabel(
            tr(
                "The lowest cohesion at which this share of the cells has FS >= 1 under initial conditions, with all "
                "other inputs as in the form. It is valid only if the slopes are stable in nature before the event."
            ),
            self,
        )
        form = QFormLayout()
        form.addRow(tr("Cells required to be stable"), self.share_box)
        outer = QVBoxLayout(self)
        for label in (purpose, self.result_label, self.note_label):
            label.setWordWrap(True)
        outer.addWidget(purpose)
        outer.addLayout(form)
        outer.addWidget(self.result_label)
        outer.addWidget(self.note_label)
        outer.addStretch()
        outer.addWidget(self.buttons)

    @property
    def source_text(self) -> str:
        """Source of the cohesion, as text."""
        return tr(
            "Cohesion of {:g} kPa: back-calculated so that {:g} % of the cells have FS >= 1 under initial conditions."
        ).format(self.values["COHESION"], self.share_box.value())

    def refresh(self, *_: object) -> None:
        """Show the cohesion for the share."""
        self.values = {}
        if self._critical is None:
            show_note(self.result_label, tr("Computing...") if self._task is not None else "")
        else:
            self._show_cohesion()
        self.use_button.setEnabled(bool(self.values))

    def _show_cohesion(self) -> None:
        needed = self._critical.for_share(self.share_box.value() / 100.0)
        most = BY_NAME["cohesion"].maximum
        text = tr("<b>Cohesion: {:g} kPa</b> (now {:g} kPa: {:.1f} % of the cells are stable)").format(
            needed, self._present, 100.0 * self._critical.stable_share
        )
        show_note(self.result_label, text, "text")
        note = ""
        if needed > most:
            note = tr("Above the largest cohesion allowed, {:g} kPa: check the soil depth and the water table.")
            note = note.format(most)
        elif needed < self._present:
            note = tr("Lower than the present cohesion: more cells would fail.")
        show_note(self.note_label, note, "error" if needed > most else "caution")
        self.values = {} if needed > most else {"COHESION": needed}

    def _on_computed(self, critical: CohesionCounts | None, problem: str) -> None:
        from ..core.physics.critical_values import wanted_share

        self._task, self._critical = None, critical
        if critical is not None:
            self.share_box.setValue(100.0 * wanted_share(critical.stable_share))
        self.refresh()
        if problem:
            show_note(self.note_label, problem, "error")

    def done(self, result: int) -> None:
        """Cancel a running computation."""
        if self._task is not None:
            self._task.computed.disconnect(self._on_computed)
            self._task.cancel()
            self._task = None
        super().done(result)
