"""Form for a run: progress, log and result, outdated once inputs change, and buttons that continue from it."""

from __future__ import annotations

from html import escape
from typing import Any, Callable, Iterable

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtGui import QTextCharFormat, QTextCursor
from qgis.PyQt.QtWidgets import QDialog, QLabel

from ..algorithms.outputs.layer_tree import hide_earlier_results
from ..algorithms.translation import tr
from .algorithm_run import AlgorithmRun
from .fields.variable_form import note_colour, show_note
from .map_view import map_canvas, show_if_unseen
from .plain_words import plain_words
from .scenario_run import (
    AGREEMENT,
    ALSO,
    CLASS,
    INITIAL_CONDITIONS_TIP,
    MASK,
    RELIABILITY_TIP,
    add_layers,
    comparison_parameters,
    needs_calibration,
    reliability_kind,
    result_text,
    used_engine,
)

_LOG_PREFIX = {"info": "", "warning": "Warning: ", "error": "Error: "}
#: Kind of note with whose colour a line is written.
_LOG_COLOUR = {"warning": "caution", "error": "error"}


class DatedNote:
    """Marks a result or an error as outdated once the inputs next to it, by key, have changed."""

    def __init__(self, label: QLabel, given: Callable[[], dict[str, Any]]) -> None:
        self._label, self._current_inputs = label, given
        self._note: tuple[str, str] | None = None  # text and kind
        self._inputs: dict[str, Any] = {}

    def show(self, text: str, kind: str, inputs: dict[str, Any], *, whatever: Iterable[str] = ()) -> None:
        """Write a note; outdated at once if inputs have changed meanwhile, ``whatever`` the ones of these keys."""
        self._note = text, kind
        self._inputs = {key: value for key, value in inputs.items() if key not in set(whatever)}
        self.refresh()

    def forget(self) -> None:
        """Forget the note; later texts of the label are never outdated."""
        self._note = None

    @property
    def is_current(self) -> bool:
        """Whether there is a note, and the inputs are still those that it belongs to."""
        given = self._current_inputs()
        return self._note is not None and all(given.get(key) == value for key, value in self._inputs.items())

    def refresh(self) -> bool:
        """Compare the inputs with those of the note; returns whether its text changed."""
        if self._note is None:
            return False
        text, kind = self._note
        if not self.is_current:
            text, kind = tr("Before the last changes: {}").format(text), "hint"
        changed = text != self._label.text()
        show_note(self._label, text, kind)
        return changed


class RunForm(QObject):
    """Serves the run of a dialog: one at a time, in the background, and its result.

    Args:
        form: has ``run_button``, ``cancel_button``, ``progress_bar``, ``log_box``, ``result_label``,
            ``compare_button`` and ``cohesion_button``.
        files: identifies what the layers and files among them are now, by key.
    """

    #: A run has started or ended: buttons and height of the form have changed.
    changed = pyqtSignal()
    #: A run has ended: success and the algorithm's results.
    ran = pyqtSignal(bool, dict)

    def __init__(
        self, form: Any, dialog: QDialog, parameters: Callable[[], dict[str, Any]],
        files: Callable[[], dict[str, Any]],
    ) -> None:  # fmt: skip
        super().__init__(dialog)
        self.run: AlgorithmRun | None = None
        self._form, self._dialog, self._parameters, self._files = form, dialog, parameters, files
        self._algorithm_id, self._titles, self._cell_area = "", ("", ""), 0.0
        self._last_parameters: dict[str, Any] = {}
        self._given: dict[str, Any] = {}  # inputs of the run under way: the form may change meanwhile
        self._warned_at: int | None = None  # first line of the log that is a warning or an error
        self._outcome = DatedNote(form.result_label, self._current_inputs)
        form.result_label.setToolTip(tr(INITIAL_CONDITIONS_TIP) + tr(RELIABILITY_TIP))
        until_run = form.log_box, form.progress_bar, form.cancel_button
        for widget in (form.result_label, form.compare_button, form.cohesion_button, *until_run):
            widget.hide()
        form.compare_button.clicked.connect(self.compare)
        form.cancel_button.clicked.connect(self.cancel)

    def start(self, algorithm_id: str, scenario: str, study_area: str, cell_area: float) -> None:
        """Run an algorithm with the current values; layers are named after scenario and study area.

        ``cell_area`` of the study area [m2]; 0 where it is not known.
        """
        self._algorithm_id, self._titles, self._cell_area = algorithm_id, (scenario, study_area), cell_area
        self._last_parameters = self._parameters()
        self._start(self._last_parameters)

    def compare(self) -> None:
        """Run the physics engine, in addition to the network, on the inputs of the last run."""
        if self.run is None and self._last_parameters:
            self._start(comparison_parameters(self._last_parameters))

    def cancel(self) -> None:
        """Ask a run to stop."""
        if self.run is not None:
            self.run.cancel()
            self._form.cancel_button.setEnabled(False)
            show_note(self._form.result_label, tr("Stopping..."))

    def refresh(self, *, runnable: bool) -> bool:
        """Bring buttons and result up to the current values; whether the result has changed its text."""
        idle = self.run is None
        changed = idle and self._outcome.refresh()
        self._form.run_button.setEnabled(runnable and idle)
        self._form.compare_button.setEnabled(idle and self._outcome.is_current)
        self._form.cohesion_button.setEnabled(runnable and idle)
        return changed

    def forget(self) -> None:
        """Remove the result of the last run."""
        self._form.log_box.clear()
        self._form.log_box.setCurrentCharFormat(QTextCharFormat())  # else the last warning's colour remains
        self._warned_at = None
        self._outcome.forget()
        show_note(self._form.result_label, "")
        self._form.compare_button.hide()
        self._form.cohesion_button.hide()

    def refuse(self, reason: str) -> None:
        """Show why nothing was run."""
        self.forget()
        self._outcome.show(reason, "error", self._current_inputs())

    def note(self, text: str) -> None:
        """Show a text in the place of the result."""
        self._outcome.forget()
        show_note(self._form.result_label, text)

    def _start(self, parameters: dict[str, Any]) -> None:
        self.forget()
        self._given = self._current_inputs()
        run = AlgorithmRun(self._algorithm_id, parameters)
        run.progress.connect(lambda percent: self._form.progress_bar.setValue(int(percent)))
        run.line.connect(self._log)
        run.finished.connect(self._on_finished)
        self.run = run
        self._form.log_box.show()
        self._form.log_box.setFocus()  # Run, which is switched off, would pass it on into the first number
        self._show_running(running=True)
        run.start()

    def _show_running(self, *, running: bool) -> None:
        self._form.progress_bar.setValue(0)
        self._form.progress_bar.setVisible(running)
        self._form.cancel_button.setVisible(running)
        self._form.cancel_button.setEnabled(running)
        self._form.log_box.show()
        show_note(self._form.result_label, tr("Computing...") if running else "")
        self.changed.emit()

    def _log(self, kind: str, text: str) -> None:
        log, line = self._form.log_box, tr(_LOG_PREFIX[kind]) + text.strip()
        if kind not in _LOG_COLOUR:
            log.appendPlainText(line)
            return
        colour = note_colour(self._dialog, _LOG_COLOUR[kind])
        log.appendHtml(f"<span style='color: {colour};'>{escape(line)}</span>".replace("\n", "<br>"))
        if self._warned_at is None:
            self._warned_at = log.blockCount() - 1

    def _show_start_of_log(self) -> None:
        """Scroll to the first warning, else to the description of the inputs: the end is in the result already."""
        log = self._form.log_box
        log.moveCursor(QTextCursor.MoveOperation.End)
        log.setTextCursor(QTextCursor(log.document().findBlockByNumber(self._warned_at or 0)))

    def _on_finished(self, successful: bool, results: dict[str, Any], reason: str) -> None:
        abandoned, self.run = self.run.is_abandoned, None
        self._show_running(running=False)
        self._show_start_of_log()
        if self._dialog.focusWidget() is self._form.log_box:
            self._form.run_button.setFocus()
        if abandoned:  # another project is open
            self.forget()
        elif successful:
            self._show_results(results)
        elif reason:
            self._outcome.show(plain_words(reason), "error", self._given)
        else:
            show_note(self._form.result_label, tr("Cancelled; nothing was written."))
        self.ran.emit(successful, results)

    def _show_results(self, results: dict[str, Any]) -> None:
        compared = AGREEMENT in results  # of the mask that is shown already
        shown = {AGREEMENT: results[AGREEMENT]} if compared else results
        layers = add_layers(QgsProject.instance(), shown, *self._titles)
        if not layers:
            text = tr("The mask was written but cannot be opened: {}").format(results.get(MASK))
            show_note(self._form.result_label, text, "error")
            return
        canvas = map_canvas()
        if canvas is not None:
            show_if_unseen(canvas, layers[0], self._dialog)
        text = result_text(results, self._cell_area)
        own = {layer.source() for layer in layers}
        hidden = hide_earlier_results(QgsProject.instance(), layers[0], own)
        if compared:
            text += "<br>" + tr("The map shows where network and engine agree; other results are switched off.")
        elif hidden:
            text += "<br>" + tr("Earlier results are switched off in the Layers panel: {}.").format(hidden)
        self._outcome.show(text, reliability_kind(results), self._given, whatever=(MASK, CLASS, "DEVICE", *ALSO))
        self._form.cohesion_button.setVisible(needs_calibration(results))
        solver = str(results.get("SOLVER_USED") or "")
        self._form.compare_button.setVisible(bool(solver) and not compared and not used_engine(solver))
        self._form.compare_button.setEnabled(self._outcome.is_current)

    def _current_inputs(self) -> dict[str, Any]:
        """Inputs to which a result or an error belongs."""
        return {"SOLVER": 0, **dict.fromkeys((CLASS, *ALSO), ""), **self._parameters(), **self._files()}
