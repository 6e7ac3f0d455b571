"""A simulation of a window of a larger map that is stepped in several passes: what it keeps between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..assess import Stability
from . import kernels
from .shared_steps import PassEnded, Progress

if TYPE_CHECKING:
    from ..engine import Simulation

#: Vectors of the cells that make up a simulation's water.
_WATER = ("table", "band", "contact", "infiltrated")


def resume(simulation: Simulation) -> None:
    """Go on where the last pass has ended; of a simulation that has not begun, and changed in place."""
    found = None if simulation.states is None else simulation.states.read(simulation.name, simulation.cells.mask)
    if found is None:
        return
    progress, vectors, (exfiltrated, drained) = found
    simulation.intervals_done, simulation.left, simulation.began = progress.intervals, progress.left, progress.began
    simulation.steps = simulation.steps_before = progress.steps
    water = (vectors[name] for name in _WATER)
    simulation.water = kernels.Water(*water, exfiltrated=exfiltrated, drained=drained)
    simulation.supply = vectors.get("supply", simulation.supply)
    _replay_rain(simulation)
    simulation.potential.total = vectors.get("potential", progress.potential)
    if simulation.failure_times is not None:
        simulation.failure_times.restore(vectors)
    if simulation.least is not None:
        simulation.least = Stability(*(vectors[f"least {name}"] for name in vars(simulation.least)))
    timeline = simulation.timeline
    hours = [hour for x in timeline.intervals[: simulation.intervals_done] for hour in x.hours]
    hours = [*timeline.hours_at_start, *hours]
    simulation.series = [(hour, vectors[f"series {n}"]) for n, hour in enumerate(hours)]


def _replay_rain(simulation: Simulation) -> None:
    """Let the rain that has fallen fall again, on the table of slopes alone, and sum it up."""
    intervals = simulation.timeline.intervals[: simulation.intervals_done]
    simulation.rained = 0.0
    simulation.potential.reset_nodes()
    fallen = [*simulation.scenario.rain_until(simulation.began), *((x.seconds, x.intensity) for x in intervals)]
    for seconds, rain in fallen:
        intensity = simulation.cells.pick(rain)
        simulation.potential.advance_nodes(seconds, intensity)
        simulation.rained = simulation.rained + intensity * seconds
    simulation.elapsed = intervals[-1].end if intervals else simulation.began
    if simulation.left is not None:
        now = simulation.timeline.intervals[simulation.intervals_done]
        simulation.potential.advance_nodes(now.seconds, simulation.cells.pick(now.intensity))


def end_pass(simulation: Simulation) -> None:
    """Keep what a simulation has reached; raises :class:`.shared_steps.PassEnded`."""
    water, total = simulation.water, simulation.potential.total
    vectors = {name: getattr(water, name) for name in _WATER}
    if np.ndim(total):
        vectors["potential"] = total
    if simulation.left is not None:
        vectors["supply"] = simulation.supply
    if simulation.failure_times is not None:
        vectors.update(simulation.failure_times.vectors())
    if simulation.least is not None:
        vectors.update({f"least {name}": values for name, values in vars(simulation.least).items()})
    vectors.update({f"series {n}": fs for n, (_, fs) in enumerate(simulation.series)})
    potential = 0.0 if np.ndim(total) else float(total)
    done = _share(simulation), simulation.steps, simulation.intervals_done, simulation.left, simulation.began, potential
    sums = np.array([water.exfiltrated, water.drained])
    simulation.states.write(simulation.name, simulation.cells.mask, Progress(*done), vectors, sums)
    raise PassEnded


def _share(simulation: Simulation) -> float:
    """Of the event that is done; 1 at its end alone."""
    intervals = simulation.timeline.intervals
    if simulation.intervals_done == len(intervals):
        return 1.0
    now = 0.0 if simulation.left is None else intervals[simulation.intervals_done].seconds - simulation.left
    return min((simulation.elapsed + now) / simulation.scenario.duration_s, 1.0 - 1e-9)
