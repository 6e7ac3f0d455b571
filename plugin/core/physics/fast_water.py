"""Water at the end of events by the fast scheme: what a first guess is made of."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from ..feedback import Feedback
from ..scenario import Scenario
from ..terrain import Terrain
from .coarse_to_fine import CoarseToFine, StepBudget
from .engine import Simulation
from .fast_scheme import take_early_hours
from .infiltration import ponding_amount
from .lateral_flow import Arrays
from .water import WaterState


def fast_water(
    terrain: Terrain, scenario: Scenario, budget: StepBudget | None = None, feedback: Feedback | None = None
) -> WaterState:
    """Water of a scenario's cells at the end of its event, on the processor: (cells,) float64 and bool.

    Args:
        terrain: its grids are made once and kept with it.
        scenario: any, with hyetograph, rasters or closed edges.
        budget: ``None`` follows the flow.
        feedback: asked for cancellation.

    Raises:
        Cancelled: the user asked to stop.
    """
    feedback = feedback or Feedback()
    simulation = Simulation(terrain, scenario, failure_times=False)
    take_early_hours(simulation, budget, feedback)
    for _ in simulation.advance_by_intervals(feedback):
        pass
    return simulation.final_state()


def fast_water_batch(
    terrain: Terrain, scenarios: Sequence[Scenario], budgets: Sequence[StepBudget], arrays: Arrays,
    feedback: Feedback | None = None,
) -> WaterState:  # fmt: skip
    """The same for many scenarios at once, wholly in dense steps of an array namespace: (batch, cells) arrays.

    Args:
        terrain: where all parameter rasters have values.
        scenarios: of one kind: the same options, and a parameter is a number in all of them or a raster in all.
        budgets: one for each.
        arrays: where to compute; the result stays there.
        feedback: asked for cancellation.
    """
    course = CoarseToFine(terrain, scenarios, budgets, feedback or Feedback(), arrays)
    course.descend(0)
    course.step()
    return _state(course, terrain, scenarios, arrays)


def _state(course: CoarseToFine, terrain: Terrain, scenarios: Sequence[Scenario], arrays: Arrays) -> WaterState:
    xp, water, soil = arrays.xp, course.water, course.soil
    front = xp.minimum(water.band / soil.deficit, soil.depth - water.table)
    contact = water.contact | (front + water.table >= soil.depth - _CONTACT_SLACK_M)
    limits = np.stack([np.atleast_2d(_ponding_per_cos2(s)) for s in scenarios])
    cos2 = arrays.asarray(np.cos(course.grids[0].slope) ** 2)
    ponded = water.infiltrated * cos2 >= arrays.asarray(limits) * (1.0 - 1e-6)
    cells = arrays.xp.as_tensor(np.flatnonzero(terrain.valid)) if arrays.xp is not np else np.flatnonzero(terrain.valid)
    found = (water.table, front, water.infiltrated, ponded, contact)
    return WaterState(*(x.reshape(len(scenarios), -1)[:, cells] for x in found))


#: The engine's: a gap between band and table that is none; single precision resolves no less.
_CONTACT_SLACK_M = 1e-6


def _ponding_per_cos2(scenario: Scenario) -> np.ndarray:
    """F cos^2 b at which the event's last rain begins to pond [m], F per horizontal area."""
    rain = scenario.rain_intervals[-1].intensity
    soil = scenario.conductivity, scenario.suction_head, scenario.moisture_deficit
    return np.minimum(ponding_amount(1.0, rain, *soil), 1e6)
