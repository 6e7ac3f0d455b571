"""First guesses of the water at the end of events, by the fast scheme with few steps: what the network corrects."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Callable, Sequence

import numpy as np

from ...feedback import Feedback
from ...scenario import Scenario
from ...terrain import Terrain
from ..engine import Simulation
from ..infiltration import ponding_amount
from ..water import WaterState
from .coarse_to_fine import CoarseToFine, StepBudget, stable_steps, stages_of
from .fast_scheme import run_coarse_phase
from .lateral_flow import Array, Arrays
from .passes import resume
from .shared_steps import PassEnded

#: Steps of a guess, by the stable steps of the event up to which they are taken; ``make evaluate`` compares them.
_STEPS = ((15, 15.0), (48, 48.0), (72, 96.0), (96, np.inf))


@dataclass(frozen=True)
class FirstGuess:
    """Water of a terrain's valid cells at the end of some scenarios' events.

    Attributes:
        water: its arrays are (cells,) of one scenario, (batch, cells) of several.
        half_table: water table guessed with half the steps [m], the same one where :func:`has_second_guess` is not; as
            above.
        earlier_table: water table at the end of the coarse phase [m]; as above.
        omitted_steps: stable steps of the event over those taken at full resolution [-].
        coarse_share: of the event that was done on coarser grids [-].
        budget: of steps; of several scenarios these three are sequences.
    """

    water: WaterState
    half_table: Array
    earlier_table: Array
    omitted_steps: Any
    coarse_share: Any
    budget: Any


def guess_budget(terrain: Terrain, scenario: Scenario) -> StepBudget:
    """Steps at full resolution of a scenario's first guess: 15 where water hardly crosses a cell, up to 96."""
    return budget_for(stable_steps(terrain, scenario))


def budget_for(stable: float) -> StepBudget:
    """Steps of the first guess of an event of so many stable steps."""
    return StepBudget(next(steps for steps, most in _STEPS if stable <= most))


def first_guess(
    terrain: Terrain, scenario: Scenario, budget: StepBudget | None = None, feedback: Feedback | None = None
) -> FirstGuess:
    """Guess the water of one scenario on the processor, float64.

    Args:
        terrain: its grids are made once and kept with it.
        scenario: any, with hyetograph, rasters or closed edges.
        budget: ``None`` takes :func:`guess_budget`.
        feedback: for cancellation.

    Raises:
        Cancelled: the user cancelled the run.
    """
    feedback, budget = feedback or Feedback(), budget or guess_budget(terrain, scenario)
    budgets = [budget]
    if has_second_guess(terrain, scenario, budget):
        budgets.append(halved(budget))
    states = None if terrain.part is None else terrain.part.states
    conductances, done = None, 0
    for part, name in zip(budgets, ("", "half the steps")):
        if states is not None and states.is_done(name):
            continue
        simulation = Simulation(terrain, scenario, failure_times=False, conductances=conductances, name=name)
        if states is None or not states.last:
            conductances = simulation.conductances
        with suppress(PassEnded):  # of a window: the other one is stepped in the same pass
            run_coarse_phase(simulation, part, feedback, again=part is budget)
            if part is budget:
                earlier = simulation.water.table.copy()
            resume(simulation)
            for _ in simulation.advance_by_intervals(feedback):
                pass
            if part is budget:
                water = simulation.state()
            half_table = simulation.water.table
            done += 1
        del simulation  # frees what the other one then takes
    if done < len(budgets):
        raise PassEnded
    shares = _omitted(terrain, scenario, budget), _coarse_share(terrain, scenario, budget)
    return FirstGuess(water, half_table, earlier, *shares, budget)


def has_second_guess(terrain: Terrain, scenario: Scenario, budget: StepBudget) -> bool:
    """Whether a second guess is made, with half the steps: where the event begins on coarser grids.

    Where full resolution does it all, the time is better spent on more steps.
    """
    return len(stages_of(terrain, scenario, budget)) > 1


def halved(budget: StepBudget) -> StepBudget:
    """The budget of the second guess, which shows what the steps change."""
    return StepBudget(budget.steps // 2)


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
    cells = np.flatnonzero(terrain.valid)
    cells = xp.as_tensor(cells) if xp is not np else cells

    def course(steps: Sequence[StepBudget]) -> tuple[CoarseToFine, Array]:
        made = CoarseToFine.of(terrain, scenarios, steps, feedback, arrays)
        made.descend(0)
        earlier = made.water.table + 0.0
        made.step()
        return made, earlier

    def of_cells(values: Array) -> Array:
        return values.reshape(len(scenarios), -1)[:, cells]

    whole, earlier = course(budgets)
    half = whole.water.table
    if any(twice := [has_second_guess(terrain, s, b) for s, b in zip(scenarios, budgets)]):
        two = arrays.asarray(np.reshape(twice, (-1, 1, 1)).astype(np.float64)) > 0.0
        half = xp.where(two, course([halved(b) for b in budgets])[0].water.table, half)
    tables = of_cells(half), of_cells(earlier)
    shares = ([f(terrain, s, b) for s, b in zip(scenarios, budgets)] for f in (_omitted, _coarse_share))
    return FirstGuess(_state(whole, scenarios, arrays, of_cells), *tables, *shares, budgets)


def _omitted(terrain: Terrain, scenario: Scenario, budget: StepBudget) -> float:
    return stable_steps(terrain, scenario) / budget.steps


def _coarse_share(terrain: Terrain, scenario: Scenario, budget: StepBudget) -> float:
    return 1.0 - stages_of(terrain, scenario, budget)[0].seconds / scenario.duration_s


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
