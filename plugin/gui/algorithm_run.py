"""Runs one Processing algorithm in the background and reports to the dialog by signals."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ..algorithms.translation import tr

#: Active runs: referenced here because a run's thread uses its context after the window is closed.
_RUNNING: set[AlgorithmRun] = set()
_STOP_WITHIN_MS = 10_000


class RunFeedback(QgsProcessingFeedback):
    """Passes the log on as a signal: from the algorithm's thread to the dialog's."""

    line = pyqtSignal(str, str)  # kind (info, warning, error) and text

    def __init__(self) -> None:
        super().__init__(False)  # QGIS's own log is not filled as well

    def pushInfo(self, info: str) -> None:
        """Pass a line on."""
        self.line.emit("info", info)

    def pushWarning(self, warning: str) -> None:
        """Pass a warning on."""
        self.line.emit("warning", warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:  # noqa: N803
        """Pass an error on."""
        self.line.emit("error", error)


class AlgorithmRun(QObject):
    """Starts an algorithm as a background task and keeps the objects that it needs alive.

    QGIS keeps no reference to the Python objects behind a task: context, feedback and task are
    attributes here, and a run under way is kept in this module. A run of a project that is closed is cancelled, and
    ends at once for those who wait for it.
    """

    progress = pyqtSignal(float)
    line = pyqtSignal(str, str)
    finished = pyqtSignal(bool, dict, str)  # success, results, reason of the failure ("" after a cancel)

    def __init__(self, algorithm_id: str, parameters: dict[str, Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.algorithm_id, self.parameters = algorithm_id, parameters
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        self.feedback = RunFeedback()
        self.context.setFeedback(self.feedback)
        self.feedback.progressChanged.connect(self.progress)
        self.feedback.line.connect(self._on_line)
        self.algorithm = None
        self.task: QgsProcessingAlgRunnerTask | None = None
        self._reason = ""
        self.is_abandoned = False  # its results are wanted no more
        QgsProject.instance().cleared.connect(self._abandon)

    def start(self) -> None:
        """Check the parameters and start; on a problem :attr:`finished` is emitted at once."""
        problem = self._started()
        if problem:
            self.finished.emit(False, {}, problem)

    def _started(self) -> str:
        """Start; returns why it is not possible, empty where it is."""
        self.algorithm = QgsApplication.processingRegistry().createAlgorithmById(self.algorithm_id)
        if self.algorithm is None:
            return tr(
                "The algorithm {} is not available. Is the Slopecast provider switched on in the Processing options?"
            ).format(self.algorithm_id)
        runnable, reason = self.algorithm.canExecute()
        if runnable:
            runnable, reason = self.algorithm.checkParameterValues(self.parameters, self.context)
        if not runnable:
            return reason
        task = QgsProcessingAlgRunnerTask(self.algorithm, self.parameters, self.context, self.feedback)
        if task.isCanceled():  # refused while preparing: such a task never reports its end
            return self._reason or tr("The algorithm does not accept these inputs and gives no reason; see the log.")
        task.executed.connect(self._on_executed)
        self.task = task
        _RUNNING.add(self)
        QgsApplication.taskManager().addTask(task)
        return ""

    def cancel(self) -> None:
        """Ask the algorithm to stop; :attr:`finished` is emitted when it has stopped."""
        self.feedback.cancel()

    def _abandon(self) -> None:
        if self.task is not None and not self.is_abandoned:
            self.is_abandoned = True
            self.cancel()
            self.finished.emit(False, {}, "")

    def _on_line(self, kind: str, text: str) -> None:
        if kind == "error":
            self._reason = text.strip()
        self.line.emit(kind, text)

    def _on_executed(self, successful: bool, results: dict[str, Any]) -> None:
        self.task = None  # QGIS deletes it
        _RUNNING.discard(self)
        if self.is_abandoned:
            return
        cancelled = self.feedback.isCanceled() and not successful
        reason = "" if cancelled else self._reason or tr("The algorithm failed without a message; see the log.")
        self.finished.emit(successful, dict(results), "" if successful else reason)


def stop_runs() -> None:
    """Stop all runs and wait for them, before the plugin is unloaded; for each once."""
    for run in [run for run in _RUNNING if not run.is_abandoned]:
        run.is_abandoned = True
        run.cancel()
        if run.task is not None:
            run.task.waitForFinished(_STOP_WITHIN_MS)
