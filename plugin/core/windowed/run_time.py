"""Estimates the time of a run before its inputs are read, within a factor of 2 or 3."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Iterable, Mapping, Sequence

from ...variables import BY_NAME
from ..physics.flow.grid_pyramid import GridExtremes
from ..scenario import Scenario

#: Greatest soil depth [m] and gradient [-] in the middle of those of usual maps, whose own are not known yet.
_DEEPEST_M, _STEEPEST = 4.0, 4.0
#: Smaller cells are those of a map in degrees, which is refused when it is read [m].
_LEAST_CELL_M = 0.1


@dataclass(frozen=True)
class SimulationTime:
    """Time of a solver's simulations for each cell, from file to file. Measured by tests/commands bench.

    Attributes:
        once: of all of them together [s].
        each: of one without its steps of lateral flow [s]; step: of one of these [s].
        fewest, most: steps of a simulation; the strength of the flow decides between them.
    """

    once: float
    each: float
    step: float = 0.0
    fewest: float = 0.0
    most: float = float("inf")

    def of(self, stable_steps: float) -> float:
        """Time of one simulation whose flow takes so many stable steps [s]."""
        return self.each + self.step * min(max(stable_steps, self.fewest), self.most)


#: Of the engine's schemes, the column and the network on two processor cores. The most steps of the fast scheme count
#: those on coarser grids too.
ENGINE_TIME = SimulationTime(2e-7, 2e-7, 6e-9, fewest=48)
FAST_TIME = SimulationTime(2e-7, 1e-7, 8e-9, fewest=24, most=640)
NETWORK_TIME = SimulationTime(4e-7, 1.5e-7, 1.6e-8, fewest=15, most=72)
COLUMN_TIME = SimulationTime(3e-7, 4e-8)
#: Time of the stability of a scenario whose water is known, for each cell: of a draw or a row that is counted, and of a
#: row whose mask is written [s].
DRAW_S, ROW_S, MASK_S = 1e-8, 4e-8, 1e-7


@dataclass(frozen=True)
class RunTime:
    """Time of a run, see :attr:`seconds_a_cell`.

    Attributes:
        parts: solvers, and how many simulations of each strength of flow they do, see :func:`flow_of`.
        others: time of everything else for each cell [s].
    """

    parts: Sequence[tuple[SimulationTime, Mapping[float, float]]]
    others: float = 0.0

    def seconds_a_cell(self, cell_size: float) -> float:
        """Time for each cell of a map [s]; cell_size: [m]."""
        step = GridExtremes(max(cell_size, _LEAST_CELL_M), _DEEPEST_M, _STEEPEST).stable_step(1.0)
        return self.others + sum(
            solver.once + sum(count * solver.of(flow / step) for flow, count in flows.items())
            for solver, flows in self.parts
            if flows
        )


def flow_of(numbers: Mapping[str, float]) -> float:
    """Strength of lateral flow K_lat T of some numbers [m]; defaults stand for rasters, which are not read yet."""
    conductivity, anisotropy, hours = (
        numbers.get(name, BY_NAME[name].default) for name in ("conductivity", "lateral_anisotropy", "duration")
    )
    return conductivity * anisotropy * 3600.0 * hours


def flows_of(scenarios: Iterable[Scenario], *, shared: bool = True) -> Counter[float]:
    """Number of simulations by strength of flow for some scenarios, see :func:`flow_of`.

    Args:
        scenarios: without rasters; shared: those of one hydrology share a simulation.
    """
    simulated = {one.hydrology: one for one in scenarios}.values() if shared else scenarios
    return Counter(one.lateral_conductivity * one.duration_s for one in simulated)
