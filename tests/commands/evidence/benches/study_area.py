"""The study area and the scenarios of the measurements, in memory and as files, and QGIS to run algorithms on them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import checkout  # noqa: F401 - registers the package
import numpy as np
from osgeo import osr
from slopecast.plugin.core.errors import SlopecastError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.solve import WaterModel
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.ml.device import choose_device, half_precision, require_torch
from written_rasters import write

from . import CELL_M, PAPER_SHAPE, SEED

SCENARIOS = {
    "default": Scenario(),
    "strong": Scenario(conductivity=1e-5, lateral_anisotropy=50.0, duration=72.0),
}
#: What tables call them.
LABELS = {"default": "default, 24 h", "strong": "strong lateral flow, 72 h"}
EPSG, ORIGIN = 5186, (200_000.0, 560_000.0)
_NAMES = ("elevation", "soil_depth")


def prepare(folder: Path) -> dict[str, Any]:
    """Draw the study area into the run's folder, compile all kernels, and name what the network would run on."""
    drawn = procedural_area(SEED, PAPER_SHAPE, CELL_M)
    for name in _NAMES:
        np.save(folder / f"{name}.npy", getattr(drawn, name))
    _solve_once(folder, Engine())
    try:
        require_torch()
        device, text = choose_device("auto", Feedback())
    except SlopecastError:
        return {"network": "none, torch is not installed"}
    from slopecast.plugin.ml.network_solver import NetworkSolver

    _solve_once(folder, NetworkSolver())
    return {"network": f"{text}, {str(half_precision(device)[0]).removeprefix('torch.')}"}


def _solve_once(folder: Path, model: WaterModel) -> None:
    """Solve both scenarios, which compiles the kernels that they use."""
    for scenario in SCENARIOS.values():
        list(model.solve(terrain(folder), [scenario], Feedback()))


def arrays(folder: Path, shape: tuple[int, int] = PAPER_SHAPE) -> list[np.ndarray]:
    """Elevation and soil depth [m], mirrored to the east and south until they fill the shape."""
    margins = [(0, max(side - have, 0)) for side, have in zip(shape, PAPER_SHAPE)]
    whole = [np.pad(np.load(folder / f"{name}.npy"), margins, mode="symmetric") for name in _NAMES]
    return [np.ascontiguousarray(values[: shape[0], : shape[1]]) for values in whole]


def terrain(folder: Path, shape: tuple[int, int] = PAPER_SHAPE) -> Terrain:
    """The study area in memory."""
    return Terrain(Grid.local(shape, CELL_M), *arrays(folder, shape))


def rasters(folder: Path, shape: tuple[int, int] = PAPER_SHAPE) -> tuple[Path, Path]:
    """Files of elevation and soil depth, written where they are missing."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(EPSG)
    grid = Grid(*shape, (ORIGIN[0], CELL_M, 0.0, ORIGIN[1], 0.0, -CELL_M), crs.ExportToWkt())
    files = tuple(folder / f"{name}_{shape[0]}x{shape[1]}.tif" for name in _NAMES)
    if not all(file.exists() for file in files):
        for file, values in zip(files, arrays(folder, shape)):
            write(file, values, grid)
    return files


def warm_up(solver: WaterModel) -> None:
    """Load what is compiled: solve an hour on a small plot."""
    plot = Terrain.from_arrays(np.random.default_rng(0).normal(0.0, 3.0, (64, 64)), 1.0, CELL_M)
    list(solver.solve(plot, [Scenario(duration=1.0)], Feedback()))


def different_rains(scenario: Scenario, count: int) -> list[Scenario]:
    """Scenarios that share no water."""
    return [scenario.with_values(rainfall=float(rain)) for rain in np.linspace(6.0, 12.0, count)]


def start_qgis() -> Any:
    """QGIS without a screen, with Processing and the provider; returns the application, which has to be kept."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from qgis.core import QgsApplication

    application = QgsApplication.instance() or QgsApplication([], True)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing
    from slopecast.plugin.provider import SlopecastProvider

    Processing.initialize()
    application.provider = SlopecastProvider()
    QgsApplication.processingRegistry().addProvider(application.provider)
    return application
