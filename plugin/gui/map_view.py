"""Shows layers in the part of the map canvas that a window does not cover."""

from __future__ import annotations

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPoint, QRect
from qgis.PyQt.QtWidgets import QMainWindow, QWidget

_MARGIN = 1.05
#: Least visible share of the map next to the window; with less, the layer is centred on the whole map.
_LEAST_FREE_SHARE = 0.18


def map_canvas() -> QgsMapCanvas | None:
    """The map of QGIS's window; none in a script."""
    from qgis.utils import iface  # set when QGIS has its window

    return iface.mapCanvas() if iface is not None else None


def move_to_right_end(window: QWidget, canvas: QgsMapCanvas) -> None:
    """Move a window to the right end of the map, so that the rest of the map is seen; within the screen."""
    shown = _on_screen(canvas)
    frame = window.frameGeometry()
    screen = canvas.window().windowHandle().screen().availableGeometry()
    left = min(shown.right(), screen.right()) - frame.width()
    top = min(shown.top(), screen.bottom() - frame.height())
    window.move(max(left, screen.left()), max(top, screen.top()))


def free_width(canvas: QgsMapCanvas, window: QWidget | None) -> int:
    """Pixels of the map at the left of a window that covers its right side; all where it does not."""
    shown = _on_screen(canvas)
    if window is None or not window.isVisible() or not window.frameGeometry().intersects(shown):
        return shown.width()
    left = window.frameGeometry().left() - shown.left()
    return left if left >= _LEAST_FREE_SHARE * shown.width() else shown.width()


def show_layer(canvas: QgsMapCanvas, layer: QgsRasterLayer, window: QWidget | None = None) -> None:
    """Move the map so that the whole layer is seen next to a window that covers a part of it."""
    extent = _extent(canvas, layer)
    if extent.isEmpty() or not canvas.width():
        return
    extent.scale(_MARGIN)
    free = free_width(canvas, window)
    scale = max(extent.width() / free, extent.height() / canvas.height())  # map units per pixel
    left = extent.center().x() - scale * free / 2.0
    half = scale * canvas.height() / 2.0
    centre = extent.center().y()
    canvas.setExtent(QgsRectangle(left, centre - half, left + scale * canvas.width(), centre + half))
    canvas.refresh()


def show_if_unseen(canvas: QgsMapCanvas, layer: QgsRasterLayer, window: QWidget | None = None) -> None:
    """Zoom to a layer that is completely outside the map extent."""
    if not canvas.extent().intersects(_extent(canvas, layer)):
        show_layer(canvas, layer, window)


def show_next_to(window: QWidget, layer_id: str) -> None:
    """:func:`show_layer` by its id, where there is a map and such a layer."""
    canvas, layer = map_canvas(), QgsProject.instance().mapLayer(layer_id)
    if canvas is not None and layer is not None:
        show_layer(canvas, layer, window)


def _extent(canvas: QgsMapCanvas, layer: QgsRasterLayer) -> QgsRectangle:
    """Extent of a layer in the map's coordinate system; empty where it has none there."""
    transform = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    try:
        return transform.transformBoundingBox(layer.extent())
    except QgsCsException:
        return QgsRectangle()


def _on_screen(canvas: QgsMapCanvas) -> QRect:
    """The map's rectangle on the screen, or the welcome page's while QGIS shows it."""
    window = canvas.window()
    in_its_place = window.centralWidget() if isinstance(window, QMainWindow) else window
    shown = canvas if canvas.isVisible() else in_its_place or window
    return QRect(shown.mapToGlobal(QPoint(0, 0)), shown.size())
