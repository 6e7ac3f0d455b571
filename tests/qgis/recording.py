"""A feedback that records what a run reports."""

from __future__ import annotations

from qgis.core import QgsProcessingFeedback


class Feedback(QgsProcessingFeedback):
    """Keeps the messages."""

    def __init__(self):
        super().__init__(False)
        self.lines, self.warnings, self.errors = [], [], []

    def pushInfo(self, text):
        self.lines.append(text)

    def pushWarning(self, text):
        self.warnings.append(text)

    def reportError(self, text, fatalError=False):  # noqa: N803
        self.errors.append(text)
