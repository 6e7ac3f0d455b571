"""Maps solved window by window: all windows take the steps of the whole map, many steps in several passes.

Between the passes a window's simulation keeps its water, and what it has found on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from ..engine import Simulation

#: Vectors of the cells that make up a simulation's water.
_WATER = ("table", "band", "contact", "infiltrated")
_NOTHING = np.empty(0)


@dataclass(frozen=True)
class Progress:
    """How far a simulation of a map is that is stepped in several passes over its windows.

    Attributes:
        share: of the event that is done [-]; 1 at its end.
        steps: done; intervals: of the timeline that are done; left: of the next one [s], ``None`` before it begins.
        began: when the fine phase began [s].
        potential: infiltration that the surface would have taken [m], where it is one number.
        supply: infiltration that is offered in the next interval [m/s], where that has begun and it is one number.
    """

    share: float
    steps: int
    intervals: int
    left: float | None
    began: float
    potential: float
    supply: float


class PassEnded(Exception):
    """A window has taken the steps of a pass; what it has reached is kept."""


class TooManySteps(Exception):
    """A window's steps would bring influences from outside it into its core.

    Args:
        share: of the event that was done [-].
    """

    def __init__(self, share: float) -> None:
        super().__init__(share)
        self.share = share


class WindowSteps(NamedTuple):
    """A window's steps.

    Attributes:
        own: its greatest rates [1/s]; lengths: of the steps [s]; known: rates of other windows that it knew [1/s].
    """

    own: np.ndarray
    lengths: np.ndarray
    known: np.ndarray


class SharedSteps:
    """Rates and lengths of the steps of lateral flow, from window to window.

    The greatest rate of all cells limits a step (:func:`.kernels.lateral_time`), so a window must know the rates of the
    others. A window takes the greater of its own rates and those of the windows before it. Where its own are greater
    and change a step, the windows before it are to be solved again; where windows that were solved meanwhile have
    other rates than it knew, it is itself: :meth:`merge` shows both. Once all windows have taken the same steps, the
    steps are those of the whole map, by induction over the steps.

    Args:
        rates: that are known already [1/s].

    Attributes:
        rates: greatest rates of the windows that agree, by step [1/s]; lengths: of the steps [s].
    """

    def __init__(self, rates: np.ndarray = _NOTHING) -> None:
        self.rates, self.lengths = rates, _NOTHING
        self.begin()

    def begin(self) -> None:
        """Begin another window."""
        self._own: list[np.ndarray] = []
        self._lengths: list[np.ndarray] = []
        self._count = 0

    def floor(self, most: int) -> np.ndarray:
        """Rates of the other windows in the next ``most`` steps [1/s], 0 where they are not known."""
        return _padded(self.rates[self._count :], most)

    def add(self, rates: np.ndarray, lengths: np.ndarray) -> None:
        """Take the window's own rates [1/s] in the steps that it has done, and their lengths [s]."""
        self._own.append(rates)
        self._lengths.append(lengths)
        self._count += rates.size

    @property
    def of_window(self) -> WindowSteps:
        """What the window has done."""
        return WindowSteps(_joined(self._own), _joined(self._lengths), self.rates)

    def travel(self, window: WindowSteps) -> int:
        """Cells that a change may have moved in a window's steps: one a step, two where outflow was limited."""
        own, lengths, _ = window
        return own.size + int((np.maximum(own, _padded(self.rates, own.size)) * lengths > 1.0).sum())

    def merge(self, window: WindowSteps) -> Literal["same", "changed", "outdated"]:
        """Take a window in.

        Returns:
            "same" steps as the windows before it; "changed": those before it are not valid any more; "outdated": the
            window itself is not, as the rates that it knew are not those that are known now.
        """
        own, lengths, known = window
        taken, rates = (np.maximum(own, _padded(x, own.size)) for x in (known, self.rates))
        if np.array_equal(lengths, self.lengths):
            if (taken > rates).any():
                return "outdated"
            self.rates = rates
            return "same"
        same = min(lengths.size, self.lengths.size)
        differs = np.flatnonzero(lengths[:same] != self.lengths[:same])
        upto = int(differs[0]) + 1 if differs.size else same  # of which the rates are valid
        if differs.size and taken[upto - 1] != rates[upto - 1]:
            self.rates = np.append(rates[:upto], self.rates[upto:])
            return "outdated"
        changed = self.lengths.size > 0
        self.rates, self.lengths = np.append(rates[:upto], own[upto:]), lengths
        return "changed" if changed else "same"


def _padded(rates: np.ndarray, count: int) -> np.ndarray:
    """The first rates, with 0 where there are none."""
    return np.append(rates[:count], np.zeros(max(count - rates.size, 0)))


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else _NOTHING


def resume(simulation: Simulation) -> None:
    """Go on where the last pass over the windows has ended; of a simulation that has not begun, changed in place."""
    found = simulation.states.read(simulation.name, simulation.cells.mask)
    if found is None:
        return
    progress, vectors, (exfiltrated, drained) = found
    simulation.intervals_done, simulation.left, simulation.began = progress.intervals, progress.left, progress.began
    simulation.steps = simulation.steps_before = progress.steps
    water = {name: vectors[name] for name in _WATER}
    simulation.water = replace(simulation.water, **water, exfiltrated=exfiltrated, drained=drained)
    simulation.even_supply = progress.supply
    simulation.supply = vectors.get("supply", simulation.supply)
    if np.isfinite(progress.supply):
        simulation.supply[:] = progress.supply
    _replay_rain(simulation)
    simulation.potential.total = vectors.get("potential", progress.potential)
    if simulation.failure_times is not None:
        simulation.failure_times.restore(vectors)
    if simulation.least is not None:
        least = {name: vectors[f"least {name}"] for name in vars(simulation.least)}
        simulation.least = replace(simulation.least, **least)
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
    """Keep what a simulation has reached; raises :class:`PassEnded`."""
    water, total = simulation.water, simulation.potential.total
    vectors = {name: getattr(water, name) for name in _WATER}
    if np.ndim(total):
        vectors["potential"] = total
    if simulation.left is not None and np.isnan(simulation.even_supply):
        vectors["supply"] = simulation.supply
    if simulation.failure_times is not None:
        vectors.update(simulation.failure_times.vectors())
    if simulation.least is not None:
        vectors.update({f"least {name}": values for name, values in vars(simulation.least).items()})
    vectors.update({f"series {n}": fs for n, (_, fs) in enumerate(simulation.series)})
    potential = 0.0 if np.ndim(total) else float(total)
    done = _share(simulation), simulation.steps, simulation.intervals_done, simulation.left, simulation.began, potential
    done += (np.nan if simulation.left is None else simulation.even_supply,)
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
