"""First guesses of the water at the end of events, by the fast scheme with few steps: what the network corrects.

Where an event begins on coarser grids a second guess is made with half the steps, which shows what they change. Where
full resolution does it all, the time is better spent on more steps.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Callable, Sequence

import numpy as np

from ...feedback import Feedback
from ...scenario import Scenario
from ...terrain import Terrain
from ..infiltration import ponding_amount
from ..simulation import Simulation
from ..water import WaterState
from .coarse_to_fine import CoarseToFine
from .lateral_flow import Array, Arrays, GridSoil
from .schedule import Schedule, StepBudget
from .shared_steps import PassEnded


@dataclass(frozen=True)
class FirstGuess:
    """Water of a terrain's valid cells at the end of some scenarios' events.

    Attributes:
        water: its arrays are (cells,) of one scenario, (batch, cells) of several.
        half_table: water table guessed with half the steps [m], the same one where no second guess is made; as above.
        earlier_table: water table at the end of the coarse phase [m]; as above.
        schedule: of the event; of several scenarios their list.
    """

    water: WaterState
    half_table: Array
    earlier_table: Array
    schedule: Schedule | list[Schedule]


def first_guess(
    terrain: Terrain, scenario: Scenario, budget: StepBudget | None = None, feedback: Feedback | None = None
) -> FirstGuess:
    """Guess the water of one scenario on the processor, in single precision.

    Args:
        terrain: its grids are made once and kept with it.
        scenario: any, with hyetograph, rasters or closed edges.
        budget: of steps; ``None`` takes :meth:`.StepBudget.for_guess`.
        feedback: for cancellation.

    Raises:
        Cancelled: the user cancelled the run.
    """
    feedback = feedback or Feedback()
    whole = Schedule.of(terrain, scenario, budget or StepBudget.for_guess)
    schedules = [whole]
    if whole.has_coarse_phase:
        schedules.append(Schedule.of(terrain, scenario, whole.budget.halved))
    states = None if terrain.part is None else terrain.part.states
    conductances, done = None, 0
    for schedule, name in zip(schedules, ("", "half the steps")):
        if states is not None and states.is_done(name):
            continue
        simulation = Simulation(
            terrain, scenario, failure_times=False, conductances=conductances, name=name, single=True
        )  # fmt: skip
        if states is None or not states.last:
            conductances = simulation.conductances
        with suppress(PassEnded):  # of a window: the other one is stepped in the same pass
            simulation.run_coarse_phase(schedule, feedback, again=schedule is whole)
            if schedule is whole:
                earlier = simulation.water.table.copy()
            for _ in simulation.advance_by_intervals(feedback):
                pass
            if schedule is whole:
                water = simulation.state()
            half_table = simulation.water.table
            done += 1
        del simulation  # frees what the other one then takes
    if done < len(schedules):
        raise PassEnded
    return FirstGuess(water, half_table, earlier, whole)


def first_guesses(
    terrain: Terrain, scenarios: Sequence[Scenario], budgets: Sequence[StepBudget], arrays: Arrays,
    feedback: Feedback | None = None,
) -> FirstGuess:  # fmt: skip
    """Guess the water of many scenarios at once, wholly in dense steps of an array namespace.

    Args:
        terrain: where all parameter rasters have values.
        scenarios: of one kind: the same options, and a parameter is a number in all of them or a raster in all.
        budgets: one for each.
        arrays: where to compute; the result stays there.
        feedback: for cancellation.

    Raises:
        Cancelled: the user cancelled the run.
    """
    feedback, xp = feedback or Feedback(), arrays.xp
    soils: dict[int, GridSoil] = {}

    def course(budgets: Sequence[StepBudget]) -> tuple[CoarseToFine, Array, list[Schedule]]:
        schedules = [Schedule.of(terrain, s, b) for s, b in zip(scenarios, budgets)]
        made = CoarseToFine.of(terrain, scenarios, [x.stages for x in schedules], feedback, arrays, soils)
        made.descend(0)
        earlier = made.water.table + 0.0
        made.step()
        return made, earlier, schedules

    def of_cells(values: Array) -> Array:
        return values.reshape(len(scenarios), -1)[:, cells]

    whole, earlier, schedules = course(budgets)
    half = whole.water.table
    cells = arrays.index(np.flatnonzero(terrain.valid), half)
    if any(twice := [x.has_coarse_phase for x in schedules]):
        two = arrays.asarray(np.reshape(twice, (-1, 1, 1)).astype(np.float64)) > 0.0
        half = xp.where(two, course([b.halved for b in budgets])[0].water.table, half)
    return FirstGuess(_state(whole, scenarios, arrays, of_cells), of_cells(half), of_cells(earlier), schedules)


def _state(
    course: CoarseToFine, scenarios: Sequence[Scenario], arrays: Arrays, of_cells: Callable[[Array], Array]
) -> WaterState:
    xp, water, soil = arrays.xp, course.water, course.soil
    front = xp.minimum(water.band / soil.deficit, soil.depth - water.table)
    contact = water.contact | (front + water.table >= soil.depth - _CONTACT_SLACK_M)
    limits = np.stack([np.atleast_2d(_ponding_per_cos2(s)) for s in scenarios])
    cos2 = arrays.asarray(np.cos(course.grids[0].slope) ** 2)
    ponded = water.infiltrated * cos2 >= arrays.asarray(limits) * (1.0 - 1e-6)
    found = (water.table, front, water.infiltrated, ponded, contact)
    return WaterState(*(of_cells(x) for x in found))


#: The engine's: a gap between band and table that is none; single precision resolves no less.
_CONTACT_SLACK_M = 1e-6


def _ponding_per_cos2(scenario: Scenario) -> np.ndarray:
    """F cos^2 b at which the event's last rain begins to pond [m], F per horizontal area."""
    rain = scenario.rain_intervals[-1].intensity
    soil = scenario.conductivity, scenario.suction_head, scenario.moisture_deficit
    return np.minimum(ponding_amount(1.0, rain, *soil), 1e6)
