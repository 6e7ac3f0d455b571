"""What the tests of the live panel share: rasters, a solver to watch, Qt's event loop, and the colours of the map."""

import time

import numpy as np
from osgeo import osr
from qgis.core import QgsRasterLayer
from qgis.PyQt.QtCore import QEventLoop, QTimer
from shown_layers import layers_named
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback, check_cancelled
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from written_rasters import write

WAIT_S = 60
SHAPE = (60, 70)


class StandIn(SoilColumn):
    """The column under another name, which takes as long as a test sets."""

    name = "stand-in"
    seconds = 0.0
    broken = False
    solved = stops = 0

    def water(self, terrain, scenarios, feedback):
        type(self).solved += 1
        if self.broken:
            raise RuntimeError("the solver broke")
        end = time.monotonic() + self.seconds
        try:
            while time.monotonic() < end:
                feedback.setProgress(50.0)
                check_cancelled(feedback)
                time.sleep(0.01)
        except Cancelled:
            type(self).stops += 1
            raise
        yield from super().water(terrain, scenarios, feedback)


def raster(path, array, epsg=25832, origin=(6.5e5, 5.2e6)):
    """Write a raster and open it."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(epsg)
    write(
        path, array.astype(np.float32), Grid(*array.shape, (origin[0], 10.0, 0, origin[1], 0, -10.0), crs.ExportToWkt())
    )
    return QgsRasterLayer(str(path), path.stem)


def wait(milliseconds=50):
    """Let Qt work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(ready):
    """Let Qt work until something has happened."""
    end = time.monotonic() + WAIT_S
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        wait(20)


def dragged(panel, key, *steps):
    """Drag a slider to some places and hold it."""
    slider = panel.sliders[key].slider
    slider.setSliderDown(True)
    for step in steps:
        slider.setValue(step)


def keep(panel):
    """Press "Keep as layer" and return the mask's values."""
    ended = []
    panel.kept.connect(ended.append)
    panel.contents.keep_button.click()
    wait_until(lambda: ended)
    assert ended == [True], panel.contents.reliability_label.text()
    assert panel.contents.keep_button.text() == "Saved as a layer: see the Layers panel"
    layer = layers_named("Failure mask")[0]
    block = layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height())
    return np.array([[block.value(row, col) for col in range(block.width())] for row in range(block.height())])


def is_failed(colour):
    """Whether a pixel has the red of class 1 or the violet of class 2."""
    red, green, blue = colour.red(), colour.green(), colour.blue()
    return green < 90 and ((red > 190 and blue < 100) or blue > 110 > red)


def shown_mask(panel):
    """The failure mask of the classes on the map."""
    classes = panel.answer.overlay.classes
    return np.where(classes == 255, 255, np.isin(classes, (1, 2)))


def failed_pixels(canvas):
    """Count the canvas's pixels in the colours of failed cells."""
    wait(100)
    image = canvas.grab().toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(is_failed(colour) for colour in colours)


def terrain_of(panel):
    """The terrain that the panel has read."""
    elevation, cells = read_dem(RasterInput(panel.picker.dem.source()))
    return Terrain(cells, elevation, np.full(SHAPE, 2.0, np.float32))


def result_of(panel, solver=None):
    """What a solver, the column if omitted, gives for the panel's numbers."""
    scenario = Scenario.from_mapping(panel.values)
    return next((solver or SoilColumn()).solve(terrain_of(panel), [scenario], Feedback()))


def mask_of(panel, solver=None):
    """The mask of that."""
    return result_of(panel, solver).failure_mask
