"""The physics engine, a solver that simulates the water of each scenario step by step."""

from __future__ import annotations

from typing import Hashable, Iterator, Literal, Sequence

from ..feedback import Feedback
from ..scenario import Scenario
from ..terrain import Terrain
from .column import SoilColumn
from .flow import kernels
from .flow.schedule import StepBudget
from .simulation import Simulation
from .solve import WaterModel
from .water import WaterState

Scheme = Literal["exact", "fast"]


class Engine(WaterModel):
    """Solver with lateral flow: explicit finite volumes, infiltration integrated exactly.

    The model is two-dimensional and depth-averaged; the state of a cell is the water in the wetted band V and the water
    table h. The equations are in the other modules of this folder.

    Args:
        failure_times: find when each cell first fails, see :mod:`.failure_time`.
        hours: times at which the factor of safety is also returned [h].
        scheme: ``exact``, at full resolution throughout, or ``fast``, with the early hours on coarser grids if only the
            end of the event is requested, see :mod:`.coarse_to_fine`.
        budget: of the fast scheme; by default it depends on the strength of lateral flow.
    """

    name = "physics engine"

    def __init__(
        self, *, failure_times: bool = True, hours: Sequence[float] = (), scheme: Scheme = "exact",
        budget: StepBudget | None = None,
    ) -> None:  # fmt: skip
        self.failure_times, self.hours = failure_times, tuple(hours)
        self.scheme, self.budget = scheme, budget

    @property
    def device_name(self) -> str:
        """The CPU, and whether the kernels are compiled."""
        return "cpu (compiled)" if kernels.compiled() else "cpu"

    def water_key(self, scenario: Scenario) -> Hashable:
        """The hydrology; unique if stability is evaluated during the event, which needs a simulation per scenario."""
        return scenario.hydrology if self.evaluates_end_only(scenario) else object()

    def takes_fast_scheme(self, scenario: Scenario) -> bool:
        """Whether the fast scheme is used: only the end of the event is requested."""
        return self.scheme == "fast" and scenario.options.lateral_flow and self.evaluates_end_only(scenario)

    def evaluates_end_only(self, scenario: Scenario) -> bool:
        """Whether stability is evaluated only at the end of the event."""
        return scenario.options.evaluate == "end" and not self.failure_times and not self.hours

    def water(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[WaterState]:
        """Yield the water at the end of each scenario; see :class:`.solve.WaterModel`.

        Raises:
            InputError: a requested hour is after the end of a scenario.
        """
        kernels.announce_substeps(feedback)

        def of_one(scenario: Scenario, feedback: Feedback) -> WaterState:
            run = Simulation(terrain, scenario, failure_times=self.failure_times, hours=self.hours)
            if self.scheme == "fast" and scenario.options.lateral_flow:
                run.use_fast_scheme(self.budget, feedback)
            for done in run.advance_by_intervals(feedback):
                feedback.setProgress(100.0 * done)
            return run.final_state()

        yield from self.each_water(of_one, scenarios, feedback)


def engine_for(
    scenario: Scenario, *, failure_times: bool = False, hours: Sequence[float] = (), scheme: Scheme = "exact"
) -> Engine | SoilColumn:
    """The fastest exact solver: the column for the end of an event without lateral flow, else the engine.

    Args:
        scenario: its options select lateral flow and the evaluation time.
        failure_times, hours, scheme: as :class:`Engine` takes them.
    """
    engine = Engine(failure_times=failure_times, hours=hours, scheme=scheme)
    return engine if scenario.options.lateral_flow or not engine.evaluates_end_only(scenario) else SoilColumn()
