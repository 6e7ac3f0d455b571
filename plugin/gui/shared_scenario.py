"""The numbers and the mountain that the dialog and the live panel hold together."""

from __future__ import annotations

from typing import Mapping

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QWidget


class SharedScenario(QObject):
    """What one window shows is what the other shows: what is typed here moves the sliders there.

    Held as the texts of the fields, so that 1.3e-6 stays 1.3e-6. Only windows that are seen give and take; one that
    comes up takes what was given while it was hidden. Another project begins with what that holds.

    Args:
        parent: whose end is this one's.
    """

    #: The window that changed something, and the new texts by key.
    changed = pyqtSignal(QWidget, dict)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.texts: dict[str, str] = {}
        project = QgsProject.instance()
        project.readProject.connect(self._forget)  # before the windows that are made next
        project.cleared.connect(self._forget)

    def give(self, window: QWidget, texts: Mapping[str, str]) -> None:
        """Tell the others what has changed in a window.

        Args:
            texts: all of its own; those that are known already change nothing.
        """
        news = {key: text for key, text in texts.items() if self.texts.get(key) != text}
        if news:
            self.texts.update(news)
            self.changed.emit(window, news)

    def _forget(self, *_: object) -> None:
        self.texts.clear()
