"""Canvas item with the live failure classes, above the layers and outside the project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Iterator

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsCsException, QgsPointXY, QgsProject
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QPointF, QRectF
from qgis.PyQt.QtGui import QColor, QImage, QPainter, QTransform, qRgba

from ...core.failure_class import CLASS_COLOURS

if TYPE_CHECKING:
    import numpy as np

    from ...core.grid import Grid

_COLOURS = [
    qRgba(colour.red(), colour.green(), colour.blue(), alpha)
    for colour, alpha in ((QColor(name), alpha) for name, alpha in CLASS_COLOURS)
]
_TRANSPARENT = qRgba(0, 0, 0, 0)
_OUTDATED = [_TRANSPARENT, *[qRgba(110, 110, 110, 150)] * 3]
_VALUES = 256
#: Number of parts per side in which the map is drawn if it must be reprojected.
_PARTS = 24
_Z_ABOVE_LAYERS = 5.0


class LiveOverlay(QgsMapCanvasItem):
    """Paints the failure classes in the colours of their style; of outdated ones all but stable cells are grey."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        #: Called after each painting; a graphics item has no signals.
        self.on_painted: Callable[[], None] | None = None
        self._classes: np.ndarray | None = None  # holds the picture's memory
        self._image: QImage | None = None
        self._grid: Grid | None = None
        self._crs = QgsCoordinateReferenceSystem()
        self._quads: list[tuple[QRectF, tuple[QgsPointXY, ...]]] = []
        self.setZValue(_Z_ABOVE_LAYERS)
        canvas.destinationCrsChanged.connect(self._place)

    @property
    def classes(self) -> np.ndarray | None:
        """Failure classes shown; uint8 (rows, cols)."""
        return self._classes

    def show_classes(self, classes: np.ndarray, grid: Grid, crs: QgsCoordinateReferenceSystem) -> None:
        """Paint a map, uint8 (rows, cols): 0 to 3; all else is transparent."""
        moved = grid is not self._grid or crs != self._crs
        rows, cols = classes.shape
        self._classes = classes
        self._image = QImage(classes.data, cols, rows, cols, QImage.Format.Format_Indexed8)
        if moved:
            self._grid, self._crs = grid, QgsCoordinateReferenceSystem(crs)
            self._place()
        self.set_outdated(outdated=False)

    def set_outdated(self, *, outdated: bool) -> None:
        """Paint in grey while the map does not match the current values."""
        if self._image is not None:
            colours = [_TRANSPARENT] * _VALUES
            colours[: len(_COLOURS)] = _OUTDATED if outdated else _COLOURS
            self._image.setColorTable(colours)
            self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._classes = self._image = self._grid = None
        self._quads = []
        self.update()

    def remove(self) -> None:
        """Leave the canvas for good."""
        self._canvas.destinationCrsChanged.disconnect(self._place)
        self._canvas.scene().removeItem(self)

    # -- what the canvas calls ---------------------------------------------------------------

    def boundingRect(self) -> QRectF:
        """The whole canvas, and the area that may be panned into it."""
        width, height = self._canvas.width(), self._canvas.height()
        return QRectF(-width, -height, 3.0 * width, 3.0 * height)

    def updatePosition(self) -> None:
        """Follow the canvas: the place is looked up when it is painted."""
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, option: object = None, widget: object = None) -> None:
        """Paint the map where the canvas shows its cells."""
        if self._image is None:
            return
        painter.save()
        item = painter.transform()
        for source, corners in self._quads:
            transform = self._to_canvas(source, corners)
            smaller = abs(transform.determinant()) < 1.0  # several cells in a pixel: none may vanish
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
            painter.setTransform(transform * item)
            painter.drawImage(source, self._image, source)
        painter.restore()
        if self.on_painted is not None:
            self.on_painted()

    # -- position ----------------------------------------------------------------------------

    def _to_canvas(self, source: QRectF, corners: tuple[QgsPointXY, ...]) -> QTransform:
        """From columns and rows to the canvas: by three corners, for cells of any direction and a turned map."""
        origin, right, down = (self.toCanvasCoordinates(point) for point in corners)
        across, along = (right - origin) / source.width(), (down - origin) / source.height()
        start = origin - across * source.x() - along * source.y()
        return QTransform(across.x(), across.y(), along.x(), along.y(), start.x(), start.y())

    def _place(self) -> None:
        """Transform the corners of the map, or of its parts, to the canvas's coordinate system."""
        self._quads = []
        if self._grid is None:
            return
        canvas_crs = self._canvas.mapSettings().destinationCrs()
        same = not canvas_crs.isValid() or not self._crs.isValid() or canvas_crs == self._crs
        transform = QgsCoordinateTransform(self._crs, canvas_crs, QgsProject.instance().transformContext())
        x, dx, _, y, _, dy = self._grid.geotransform
        for part in _parts(self._grid, 1 if same else _PARTS):
            pixels = (part.topLeft(), part.topRight(), part.bottomLeft())
            points = [QgsPointXY(x + dx * p.x(), y + dy * p.y()) for p in pixels]
            try:
                corners = tuple(points if same else (transform.transform(point) for point in points))
            except QgsCsException:
                continue  # beyond what this coordinate system can show
            self._quads.append((part, corners))
        self.update()


def _parts(grid: Grid, count: int) -> Iterator[QRectF]:
    """Cut the cells into count x count rectangles of whole cells."""
    across, along = ([n * i // count for i in range(count + 1)] for n in (grid.cols, grid.rows))
    for left, right in zip(across, across[1:]):
        for top, bottom in zip(along, along[1:]):
            if right > left and bottom > top:
                yield QRectF(QPointF(left, top), QPointF(right, bottom))
