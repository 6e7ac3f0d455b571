"""Log of a run: Processing's feedback that also keeps warnings, notes and cautions for the provenance."""

from __future__ import annotations

import math
from typing import Mapping

from qgis.core import QgsProcessingFeedback

from ..core.feedback import Feedback
from ..core.quantities.foreign_text import LONGEST_MESSAGE, foreign_text
from ..text import Text, translated
from .translation import tr


class Log(Feedback):
    """Forwards messages to Processing's feedback and keeps warnings, notes and cautions for the results.

    Attributes:
        warnings: in the user's language, in order; cautions are among them.
        notes: conversions and assumptions, in the user's language.
        cautions: on inputs, untranslated.
    """

    def __init__(self, feedback: QgsProcessingFeedback | None) -> None:
        self._feedback = feedback or QgsProcessingFeedback()
        self.warnings: list[str] = []
        self.notes: list[str] = []
        self.cautions: list[str] = []

    def isCanceled(self) -> bool:
        """Return whether the user wants the run to stop."""
        return self._feedback.isCanceled()

    def setProgress(self, percent: float) -> None:
        """Show the share of the work done, 0 to 100."""
        self._feedback.setProgress(percent)

    def pushInfo(self, text: str) -> None:
        """Write a line into the log."""
        self._feedback.pushInfo(_shown(text))

    def pushNumbers(self, titles: Mapping[str, str], numbers: Mapping[str, float | None]) -> None:
        """Write a line for each number, by key, except ``None``: counts in full, others with six significant digits."""
        for key, number in numbers.items():
            if number is not None and math.isnan(number):
                self.pushInfo(Text("{}: not defined", tr(titles[key])))
            elif number is not None:
                self.pushInfo(Text("{}: {:,}" if isinstance(number, int) else "{}: {:.6g}", tr(titles[key]), number))

    def pushWarning(self, text: str) -> None:
        """Write a warning into the log; each is shown once."""
        text = _shown(text)
        if text not in self.warnings:
            self.warnings.append(text)
            self._feedback.pushWarning(text)

    def pushNote(self, text: str) -> None:
        """Write a line into the log and keep it for the provenance; each is shown once."""
        text = _shown(text)
        if text not in self.notes:
            self.notes.append(text)
            self._feedback.pushInfo(text)

    def pushCaution(self, text: str) -> None:
        """Log a warning and keep it for the reliability, unless an earlier caution contains it."""
        if not any(text in known for known in self.cautions):
            self.cautions.append(text)
            self.pushWarning(text)


def _shown(text: str) -> str:
    """A message in the user's language; names and values in it may come from files."""
    return foreign_text(translated(text, tr), LONGEST_MESSAGE, lines=True)
