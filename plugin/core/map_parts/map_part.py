"""Properties of the whole map that a window needs, so that its solution equals that of the whole map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Mapping

import numpy as np

if TYPE_CHECKING:
    from ..grid import Grid
    from ..physics.flow.shared_steps import SharedSteps
    from ..scenario import Scenario
    from ..windowed.coarse_phase import CoarsePhase
    from ..windowed.pass_states import WindowStates


@dataclass(frozen=True)
class WholeMap:
    """Properties of a whole map and a scenario on it, of the cells where all inputs are known.

    Attributes:
        cells: how many there are.
        shortest_step: see :func:`.groundwater.longest_step` [s].
        tables: whether infiltration is read from tables, see :meth:`.SlopeTable.of`.
        least_conductivity: [m/s]; greatest_rain: of a raster of rain [m/s].
        greatest_lateral: greatest lateral conductivity [m/s].
        deepest, steepest: see :class:`.grid_pyramid.PyramidGrid`, of full resolution [m], [-].
        lowest_bedrock: [m].
        coarse_phases: of the fast scheme, by its budget's steps.
    """

    cells: int
    shortest_step: float = np.inf
    tables: bool = False
    least_conductivity: float = np.inf
    greatest_rain: float = 0.0
    greatest_lateral: float = 0.0
    deepest: float = 0.0
    steepest: float = 0.0
    lowest_bedrock: float = 0.0
    coarse_phases: Mapping[int, CoarsePhase] = field(default_factory=dict)

    def stable_steps(self, grid: Grid, scenario: Scenario) -> float:
        """Number of longest monotone steps in an event at full resolution."""
        from ..physics.flow.grid_pyramid import GridExtremes

        extremes = GridExtremes(float(np.sqrt(grid.cell_area)), self.deepest, self.steepest)
        return scenario.duration_s / extremes.stable_step(self.greatest_lateral)


@dataclass(frozen=True)
class MapPart:
    """A window of a map.

    Attributes:
        whole: the map.
        core: rows and columns of the window that are wanted; those around them are there for their influence.
        most_steps: of lateral flow, in which no influence from outside the window reaches the core.
        shared: steps of lateral flow by the name of the simulation; filled by those who need them.
        states: of simulations that are stepped in several passes over the windows; else ``None``.
        from_first_row, to_last_row: whether the window begins or ends with the map.
    """

    whole: WholeMap
    core: tuple[slice, slice]
    most_steps: int
    shared: dict[str, SharedSteps] = field(default_factory=dict)
    states: WindowStates | None = None
    from_first_row: bool = False
    to_last_row: bool = False

    def counted(self, cells: np.ndarray) -> np.ndarray:
        """Which cells of a mask (rows, cols) belong to the part; boolean (cells,)."""
        wanted = np.zeros(cells.shape, dtype=bool)
        wanted[self.core] = True
        return wanted[cells]

    def shared_steps(self, name: str) -> SharedSteps:
        """Steps of a simulation."""
        from ..physics.flow.shared_steps import SharedSteps

        return self.shared.setdefault(name, SharedSteps())
