"""A map with a hillside, and a live panel on it whose solver is watched."""

import numpy as np
import pytest
from live_panels import SHAPE, StandIn, raster, wait_until
from qgis.core import QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from slopecast.plugin.algorithms.runs.solver_choice import ChosenSolver
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.flow.first_guess import first_guess
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.gui.live import live_worker
from slopecast.plugin.gui.live.live_panel import LivePanel
from study_areas import rough_terrain, solve


@pytest.fixture(scope="session")
def kernels():
    """The solvers' compiled code: in a fresh checkout it takes minutes on a busy machine, no part of a panel's wait."""
    scenario = Scenario(lateral_anisotropy=40.0)
    solve(rough_terrain(), scenario, Engine(failure_times=False))
    first_guess(rough_terrain(), scenario)


@pytest.fixture
def solver(monkeypatch):
    """The panel is solved by the stand-in."""
    made = type("Watched", (StandIn,), {})
    chosen = ChosenSolver(made(), "stand-in", is_network=True)
    monkeypatch.setattr(live_worker, "chosen_solver", lambda *_, **__: chosen)
    return made


@pytest.fixture
def layers(tmp_path):
    """A hillside with a hole, and its soil depth, in the project."""
    row, col = np.indices(SHAPE)
    elevation = 4.0 * row + 30.0 * np.sin(col / 6.0) + 200.0
    elevation[10:15, 20:30] = np.nan
    made = raster(tmp_path / "dem.tif", elevation), raster(tmp_path / "soil depth.tif", np.full(SHAPE, 2.0))
    QgsProject.instance().addMapLayers(made)
    return made


@pytest.fixture
def canvas(layers):
    """A map that shows the hillside alone."""
    made = QgsMapCanvas()
    made.resize(300, 260)
    made.setDestinationCrs(layers[0].crs())
    made.setExtent(layers[0].extent())
    made.show()
    yield made
    made.deleteLater()  # left to Python, it would go after the application and crash
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def opened(canvas, kernels):
    """Open panels; they are closed after the test."""
    panels = []

    def open_panel():
        panels.append(LivePanel(canvas))
        panels[-1].show()
        return panels[-1]

    yield open_panel
    for panel in panels:
        panel.shut_down()
    QgsProject.instance().clear()


@pytest.fixture
def panel(solver, opened):
    """A panel that has shown its first mask."""
    made = opened()
    wait_until(lambda: made.is_current)
    return made
