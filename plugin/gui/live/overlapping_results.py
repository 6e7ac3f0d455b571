"""Lists visible results of earlier runs below the live map, and hides them on request."""

from __future__ import annotations

from html import escape
from typing import Any, Iterable

from qgis.core import QgsLayerTreeLayer, QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QLabel, QWidget

from ...algorithms.outputs.layer_tree import Place, overlap, place_of, visible_results
from ...algorithms.translation import tr
from ..fields.variable_form import show_note


class OverlappingResults(QLabel):
    """Names the results that are switched on in the layer tree, with a link that hides them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.linkActivated.connect(self.hide_them)
        self._active = False
        self._place: Place | None = None
        self._equal: set[str] = set()  # ids of layers that show the same as the live map
        self._soon = QTimer(self, singleShot=True, interval=0)  # layers get their style after they are added
        self._soon.timeout.connect(self._refresh)
        root = QgsProject.instance().layerTreeRoot()
        for changed in (root.visibilityChanged, root.addedChildren, root.removedChildren):
            changed.connect(self._on_tree_changed)
        self.hide()

    def set_active(self, active: bool, place: Place | None) -> None:
        """List the results while they could be confused with the live mask; ``None`` where its place is not known."""
        self._active, self._place = active, place
        self._refresh()

    def set_equal(self, layer_ids: Iterable[str]) -> None:
        """Set the layers that show the same as the live map; they are not listed."""
        self._equal = set(layer_ids)
        self._refresh()

    def hide_equal(self) -> None:
        """Switch off the layers that showed the same as the live map, which is about to change."""
        for node in visible_results(QgsProject.instance()):
            if self._active and node.layerId() in self._equal:
                node.setItemVisibilityChecked(False)
        self._equal = set()

    def hide_them(self, *_: Any) -> None:
        """Switch the results off in the layer tree."""
        for node in self._results():
            node.setItemVisibilityChecked(False)
        self._refresh()

    def _results(self) -> list[QgsLayerTreeLayer]:
        """Results that may overlap the live mask and may differ from it."""
        return [
            node
            for node in visible_results(QgsProject.instance())
            if node.layerId() not in self._equal
            and (self._place is None or overlap(place_of(node.layer()), self._place))
        ]

    def _on_tree_changed(self, *_: Any) -> None:
        self._soon.start()

    def _refresh(self) -> None:
        names = [node.name() for node in self._results()] if self._active else []
        if len(names) == 1:
            text = tr("The layer '{}' is an earlier result that will not update. <a href='hide'>Hide it</a>")
            show_note(self, text.format(escape(names[0])), "caution")
        elif names:
            text = tr("{} layers are earlier results that will not update. <a href='hide'>Hide them</a>")
            show_note(self, text.format(len(names)), "caution")
        else:
            show_note(self, "")
