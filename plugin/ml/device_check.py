"""Checks a device by predicting a stored scenario and comparing the result."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from ..core.errors import SlopecastError
from ..core.feedback import Feedback
from ..core.physics.flow.lateral_flow_numba import announce_batched_steps
from ..core.physics.flow.schedule import StepBudget
from ..core.result import Result
from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..text import Text
from .device import choose_device, half_precision, one_thread, refuse
from .model_file import DEFAULT, FOLDER

#: Water table [m] that the shipped network gives for the scenario, in single precision on a processor.
ANSWER = FOLDER / "device_check.npy"
_SIDE, _CELL_M = 64, 5.0
#: A first guess of few steps leaves much to correct.
_ROUGH = StepBudget(12)
#: Accepted differences in bfloat16: share of mask cells, and mean and greatest change of the water table [m].
_MOST_CELLS, _MOST_MEAN_M, _MOST_M = 0.005, 0.005, 0.1
_checked: set[str] = set()


@dataclass(frozen=True)
class Comparison:
    """Result of a device compared with the stored one.

    Attributes:
        cells: of the map; other_cells: whose mask is another one.
        mean, most: difference of the water table [m].
    """

    cells: int
    other_cells: int
    mean: float
    most: float

    @property
    def agrees(self) -> bool:
        """Whether the differences are within rounding; NaN is not."""
        return self.other_cells <= _MOST_CELLS * self.cells and self.mean <= _MOST_MEAN_M and self.most <= _MOST_M

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> Text:
        """The differences in words."""
        return Text(
            "{} of {} cells of the mask differ, the water table by {:.1f} mm on average and {:.1f} mm at most",
            self.other_cells, self.cells, 1000.0 * self.mean, 1000.0 * self.most,
        )  # fmt: skip


def check_device(wanted: str, feedback: Feedback) -> None:
    """Refuse a device whose result differs from the stored one, for the whole process.

    A processor in single precision is the reference; the first use of any other costs a second.

    Args:
        wanted: auto, cpu, cuda or mps; feedback: gets the reason, and a note where code is compiled first.
    """
    device = choose_device(wanted, Feedback())[0]
    exact = device.type == "cpu" and half_precision(device)[0] == torch.float32
    if exact or device.type in _checked or not ANSWER.is_file():
        return
    _checked.add(device.type)
    if device.type == "cpu":
        announce_batched_steps(feedback)  # the test scenario itself logs nothing
    try:
        found = compare(device.type)
        problem = None if found.agrees else found.text
    except (RuntimeError, ValueError, TypeError, SlopecastError) as error:  # it does not work, or gives no number
        problem = Text("{}", error)
    if problem is not None:
        refuse(device.type)
        feedback.pushWarning(
            Text(
                "The device '{}' gives wrong results for a stored test scenario ({}). It is not used: the CPU "
                "computes in single precision instead.",
                device.type, problem,
            )
        )  # fmt: skip


def compare(device: str) -> Comparison:
    """Predict the stored scenario on a device and compare the results; raises torch's errors."""
    found, expected = predict(device), np.load(ANSWER, allow_pickle=False).astype(np.float64)
    table = found.water.water_table
    stored = Result.of(found.scenario, found.cells, found.water.with_table(expected, found.cells.soil_depth))
    away = np.abs(table - expected)
    return Comparison(table.size, int((found.failed != stored.failed).sum()), float(away.mean()), float(away.max()))


def predict(device: str) -> Result:
    """The stored scenario by the shipped network, unchecked."""
    from .network_solver import NetworkSolver

    with one_thread(_SIDE**2):
        solver = NetworkSolver(DEFAULT, device, budget=_ROUGH, check=False)
        return next(iter(solver.solve(stored_terrain(), [stored_scenario()], Feedback())))


def stored_scenario() -> Scenario:
    """A scenario in which lateral flow moves the water table of most cells."""
    return Scenario(
        cohesion=3.0, friction_angle=28.0, conductivity=1e-5, lateral_anisotropy=50.0, rainfall=5.0, duration=72.0,
        moisture_deficit=0.2,
    )  # fmt: skip


def stored_terrain() -> Terrain:
    """Valleys and ridges of 25 to 35 degrees by a formula, the same on every machine."""
    row, col = np.mgrid[:_SIDE, :_SIDE].astype(np.float64)
    valleys = 18.0 * np.sin(col / 6.0) * np.cos(row / 11.0) + 9.0 * np.sin((row + 2.0 * col) / 9.0)
    elevation = 600.0 - 0.45 * _CELL_M * row + valleys
    return Terrain.from_arrays(elevation, 1.6 + 0.8 * np.sin(row / 7.0) * np.cos(col / 5.0), _CELL_M)
