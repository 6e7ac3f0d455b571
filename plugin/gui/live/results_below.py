"""Lists visible results of earlier runs below the live map, and hides them on request."""

from __future__ import annotations

from html import escape
from typing import Any, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsLayerTreeLayer,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QLabel, QWidget

from ...algorithms.outputs.provenance import is_result
from ...algorithms.translation import tr
from ...core.failure_class import CLASS_LABELS, FAILS_IN_EVENT
from ..fields.variable_form import show_note

_Place = tuple[QgsRectangle, QgsCoordinateReferenceSystem]
#: Labels of classes that are red, in the styles of the failure mask and of the failure class.
_FAILED_LABELS = {"failed (FS < 1)", CLASS_LABELS[FAILS_IN_EVENT]}


class ResultsBelow(QLabel):
    """Names the results that are switched on in the layer tree, with a link that hides them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.linkActivated.connect(self.hide_them)
        self._active = False
        self._place: _Place | None = None
        self._soon = QTimer(self, singleShot=True, interval=0)  # layers get their style after they are added
        self._soon.timeout.connect(self._refresh)
        root = QgsProject.instance().layerTreeRoot()
        for changed in (root.visibilityChanged, root.addedChildren, root.removedChildren):
            changed.connect(self._on_tree_changed)
        self.hide()

    def set_active(self, active: bool, place: _Place | None) -> None:
        """List the results while they could be confused with the live mask.

        Args:
            active: whether to name them.
            place: extent and coordinate system of the live mask; ``None`` where it is not known.
        """
        self._active, self._place = active, place
        self._refresh()

    def hide_them(self, *_: Any) -> None:
        """Switch the results off in the layer tree."""
        for node in self._results():
            node.setItemVisibilityChecked(False)
        self._refresh()

    def _results(self) -> list[QgsLayerTreeLayer]:
        """Results that may overlap the live mask."""
        return [
            node for node in _visible_results() if self._place is None or _overlap(_place_of(node.layer()), self._place)
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


def hide_earlier_results(newest: Sequence[QgsRasterLayer]) -> int:
    """Switch off results that lie where those of a new run do; how many were on.

    Masks are transparent where nothing fails: the colours of another result would be taken for the newest's.
    """
    own, place = {layer.id() for layer in newest}, _place_of(newest[0])
    nodes = [
        node for node in _visible_results() if node.layerId() not in own and _overlap(_place_of(node.layer()), place)
    ]
    for node in nodes:
        node.setItemVisibilityChecked(False)
    return len(nodes)


def _place_of(layer: QgsRasterLayer) -> _Place:
    return layer.extent(), layer.crs()


def _overlap(one: _Place, other: _Place) -> bool:
    """Whether two places may have ground in common; those in different coordinate systems may."""
    return one[1] != other[1] or one[0].intersects(other[0])


def _visible_results() -> list[QgsLayerTreeLayer]:
    """Nodes of results that are shown on the map."""
    nodes = QgsProject.instance().layerTreeRoot().findLayers()
    return [node for node in nodes if node.isVisible() and _is_result(node.layer())]


def _is_result(layer: Any) -> bool:
    """Whether a layer is a raster that Slopecast has computed, or has the style of a failure mask or class."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != "gdal":
        return False
    renderer = layer.renderer()
    masked = isinstance(renderer, QgsPalettedRasterRenderer)
    return (masked and any(one.label in _FAILED_LABELS for one in renderer.classes())) or is_result(layer.source())
