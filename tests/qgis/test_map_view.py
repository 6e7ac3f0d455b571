"""QGIS's map next to a window that covers a part of it."""

import numpy as np
from qgis.core import QgsApplication, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtWidgets import QMainWindow, QWidget
from rasters import write_raster
from slopecast.plugin.gui.map_view import free_width, move_to_right_end, show_if_unseen, show_layer


def test_a_layer_is_shown_next_to_the_window_that_covers_the_map(tmp_path):
    window = QMainWindow()
    canvas = QgsMapCanvas(window)
    window.setCentralWidget(canvas)
    window.resize(700, 400)
    window.show()
    over = QWidget(window, Qt.WindowType.Window)
    over.resize(300, 300)
    over.show()
    move_to_right_end(over, canvas)
    QgsApplication.processEvents()
    layer = QgsRasterLayer(str(write_raster(tmp_path / "dem.tif", np.ones((12, 14)))), "dem")
    canvas.setDestinationCrs(layer.crs())
    show_layer(canvas, layer, over)
    free = free_width(canvas, over)
    assert free == over.frameGeometry().left() - canvas.mapToGlobal(QPoint(0, 0)).x() < canvas.width()
    to_pixels = canvas.getCoordinateTransform()
    right = to_pixels.transform(layer.extent().xMaximum(), layer.extent().yMinimum())
    left = to_pixels.transform(layer.extent().xMinimum(), layer.extent().yMaximum())
    assert 0 <= left.x() < right.x() <= free
    assert 0 <= left.y() < right.y() <= canvas.height()
    before = canvas.extent()
    show_if_unseen(canvas, layer, over)
    assert canvas.extent() == before
    canvas.setExtent(QgsRectangle(5000, 5000, 5100, 5100))
    show_if_unseen(canvas, layer, over)
    assert canvas.extent().contains(layer.extent())
    window.close()
