"""Interface for messages, progress and cancellation: the part of ``QgsFeedback`` that the core needs."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Callable

from .errors import Cancelled

#: Methods of :class:`Feedback` that receive a message, by its kind.
MESSAGES = {"info": "pushInfo", "warning": "pushWarning", "note": "pushNote", "caution": "pushCaution"}
_PROGRESS_EVERY_S = 0.2


class Feedback:
    """Silent replacement of ``QgsProcessingFeedback``; subclasses print or record.

    The method names are QGIS's, so that a Processing feedback can be passed as it is.
    """

    def isCanceled(self) -> bool:
        """Return whether the user wants the run to stop."""
        return False

    def setProgress(self, percent: float) -> None:
        """Receive the share of the work done, 0 to 100."""

    def pushInfo(self, text: str) -> None:
        """Receive a line for the log."""

    def pushWarning(self, text: str) -> None:
        """Receive a warning for the log."""

    def pushNote(self, text: str) -> None:
        """Receive a line for log and provenance: a conversion or an assumption."""
        self.pushInfo(text)

    def pushCaution(self, text: str) -> None:
        """Receive a warning about a doubtful input; results from it are not rated trusted."""
        self.pushWarning(text)

    def pushCautions(self, *texts: str | None) -> None:
        """:meth:`pushCaution` of those that are not empty."""
        for text in filter(None, texts):
            self.pushCaution(text)


class PrintingFeedback(Feedback):
    """Feedback for the command line: information and warnings go to standard output."""

    def pushInfo(self, text: str) -> None:
        """Print a line."""
        print(text, flush=True)

    def pushWarning(self, text: str) -> None:
        """Print a warning."""
        print(f"warning: {text}", flush=True)


class PartialFeedback(Feedback):
    """A slice of a longer run: progress 0-100 here is ``start`` to ``end`` there."""

    def __init__(self, whole: Feedback, start: float, end: float) -> None:
        self._whole, self._start, self._end = whole, start, end
        for name in MESSAGES.values():  # messages are forwarded unchanged
            setattr(self, name, getattr(whole, name))

    @classmethod
    def of_piece(cls, whole: Feedback, number: int, count: int, size: int = 1) -> PartialFeedback:
        """The slice of so many of ``count`` equal pieces, from one of them on, which are numbered from 0."""
        return cls(whole, 100.0 * number / count, 100.0 * (number + size) / count)

    def isCanceled(self) -> bool:
        """Ask the whole run."""
        return self._whole.isCanceled()

    def setProgress(self, percent: float) -> None:
        """Scale the slice's progress into the whole run's."""
        self._whole.setProgress(self._start + (self._end - self._start) * percent / 100.0)


class WithoutProgress(PartialFeedback):
    """Feedback without progress, for work inside a run that reports its own."""

    def __init__(self, whole: Feedback) -> None:
        super().__init__(whole, 0.0, 0.0)

    def setProgress(self, percent: float) -> None:
        """Show nothing."""


class SentFeedback(Feedback):
    """Feedback of a task in another thread, process or machine: it sends what it gets as (kind, value).

    Args:
        send: takes the messages, by their kind, and ``progress``, the share of the task, at most a few times a second.
        is_cancelled: whether nobody waits for the task.
    """

    def __init__(self, send: Callable[[str, Any], None], is_cancelled: Callable[[], bool] = bool) -> None:
        self._send, self._last, self.isCanceled = send, 0.0, is_cancelled
        for kind, name in MESSAGES.items():
            setattr(self, name, partial(send, kind))

    def setProgress(self, percent: float) -> None:
        """Send the share of the task, 0 to 100."""
        if time.monotonic() - self._last > _PROGRESS_EVERY_S:
            self._last = time.monotonic()
            self._send("progress", percent)


def push_message(feedback: Feedback, kind: str, value: Any) -> None:
    """Forward a message of :class:`SentFeedback`, except progress."""
    if kind in MESSAGES:
        getattr(feedback, MESSAGES[kind])(value)


def check_cancelled(feedback: Feedback) -> None:
    """Raise :class:`Cancelled` if the user has cancelled."""
    if feedback.isCanceled():
        raise Cancelled
