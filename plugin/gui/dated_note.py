"""A note on a result that turns grey when its inputs have changed."""

from __future__ import annotations

from typing import Any, Callable, Iterable

from qgis.PyQt.QtWidgets import QLabel

from ..algorithms.translation import tr
from .fields.variable_form import show_note


class DatedNote:
    """Marks a result or an error as outdated once the values next to it have changed.

    Args:
        label: that shows it.
        given: the inputs as they are, by key.
    """

    def __init__(self, label: QLabel, given: Callable[[], dict[str, Any]]) -> None:
        self._label, self._current_inputs = label, given
        self._note: tuple[str, str] | None = None  # text and kind
        self._inputs: dict[str, Any] = {}

    def show(self, text: str, kind: str, inputs: dict[str, Any], *, whatever: Iterable[str] = ()) -> None:
        """Write a note; it is outdated at once if the inputs have changed meanwhile.

        Args:
            text, kind: of the note.
            inputs: that it belongs to, by key.
            whatever: keys of inputs that it does not depend on.
        """
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
