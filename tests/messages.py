"""A feedback that keeps its messages."""

from __future__ import annotations

from slopecast.plugin.core.feedback import Feedback


class Messages(Feedback):
    """Keeps messages by kind, notes among the infos and cautions among the warnings too, and the progress."""

    def __init__(self) -> None:
        self.info: list[str] = []
        self.notes: list[str] = []
        self.cautions: list[str] = []
        self.warnings: list[str] = []
        self.progress: list[float] = []

    def pushInfo(self, text: str) -> None:
        self.info.append(text)

    def pushNote(self, text: str) -> None:
        self.notes.append(text)
        super().pushNote(text)

    def pushCaution(self, text: str) -> None:
        self.cautions.append(text)
        super().pushCaution(text)

    def pushWarning(self, text: str) -> None:
        self.warnings.append(text)

    def setProgress(self, percent: float) -> None:
        self.progress.append(percent)
