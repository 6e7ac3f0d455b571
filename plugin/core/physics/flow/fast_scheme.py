"""The engine's fast scheme: a coarse phase on coarser grids, then a fine phase as the exact scheme has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...feedback import Feedback
from . import kernels
from .coarse_to_fine import LONGEST_INTERVAL_S, CoarseToFine, FineStart, Stage, StepBudget, stages_of, starts_saturated
from .timeline import Timeline, evenly_cut, nearest

if TYPE_CHECKING:
    from ..engine import Simulation


def run_coarse_phase(
    simulation: Simulation, budget: StepBudget | None, feedback: Feedback, *, again: bool = False
) -> None:
    """Step the coarse phase of a simulation that has not begun, and set the steps of the fine phase.

    Args:
        simulation: changed in place.
        budget: ``None`` chooses it by the flow, :meth:`.StepBudget.following`.
        feedback: for cancellation.
        again: of a window that is stepped already: its water is to be that at the end of the coarse phase.
    """
    terrain, scenario = simulation.terrain, simulation.scenario
    budget = budget or StepBudget.following(terrain, scenario)
    stage, *coarse = stages_of(terrain, scenario, budget)
    if coarse and terrain.part is not None:
        _start_fine_phase_of_window(simulation, budget, feedback, again=again)
    elif coarse:
        course = CoarseToFine.of(terrain, [scenario], [budget], feedback)
        course.descend(0)
        _start_fine_phase(simulation, course.fine_start(0))
    simulation.scheme = f"fast, {budget.steps} steps"
    simulation.shortest_step, simulation.longest_step = stage.shortest, stage.longest
    _cut_fine_phase(simulation, stage)


def _cut_fine_phase(simulation: Simulation, stage: Stage) -> None:
    """Set the intervals of constant infiltration of the fine phase, and the bounds of the steps in each."""
    scenario = simulation.scenario
    rains = scenario.rain_intervals
    constant = simulation.potential.takes_all(simulation.cells.pick(x.intensity) for x in rains)
    moments = [simulation.elapsed, simulation.elapsed + stage.halves[0].seconds, rains[-1].end]
    moments[1] = nearest([moments[0], *(x.end for x in rains if x.end > moments[0])], moments[1])
    intervals, bounds = [], []
    for half, start, end in zip(stage.halves, moments, moments[1:]):
        longest = np.inf if constant else max(LONGEST_INTERVAL_S, half.longest)
        within = [x._replace(start=max(x.start, start), end=min(x.end, end)) for x in rains]
        intervals += [part for x in within if x.end > x.start for part in evenly_cut(x, longest)]
        bounds += [(half.shortest, half.longest)] * (len(intervals) - len(bounds))
    if simulation.elapsed == 0.0 and intervals[0].seconds > LONGEST_INTERVAL_S and starts_saturated(scenario):
        hour = intervals[0].start + LONGEST_INTERVAL_S
        intervals[:1] = intervals[0]._replace(end=hour), intervals[0]._replace(start=hour)
        bounds.insert(0, bounds[0])
    simulation.timeline, simulation.step_bounds = Timeline((), tuple(intervals)), tuple(bounds)


def _start_fine_phase_of_window(simulation: Simulation, budget: StepBudget, feedback: Feedback, *, again: bool) -> None:
    """The same for a window of a larger map, whose coarse phase is known; not where the fine one has begun."""
    terrain, states = simulation.terrain, simulation.states
    phase = terrain.part.whole.coarse_phases[budget.steps]
    simulation.elapsed = simulation.began = phase.seconds
    if (states.last and again) or not states.has(simulation.name):
        _start_fine_phase(simulation, phase.fine_start(terrain, simulation.scenario, states, feedback))


def _start_fine_phase(simulation: Simulation, start: FineStart) -> None:
    """Put a simulation at the beginning of its fine phase."""
    potential = np.zeros(simulation.cells.soil_depth.shape)
    for seconds, rain in simulation.scenario.rain_until(start.seconds):
        intensity = simulation.cells.pick(rain)
        potential += simulation.potential.offer(seconds, intensity, potential)
        simulation.rained = simulation.rained + intensity * seconds
    infiltrated = np.maximum(potential - start.missed, 0.0)
    band = np.where(start.contact, start.band, infiltrated)
    simulation.water = kernels.Water(
        start.table, band, start.contact, infiltrated, exfiltrated=start.exfiltrated, drained=start.drained
    )
    simulation.elapsed = simulation.began = start.seconds
    simulation.steps = simulation.steps_before = start.steps
