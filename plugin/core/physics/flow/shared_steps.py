"""Maps solved window by window: all windows take the time steps of the whole map, many steps in several passes.

Between the passes the state of a window's simulation is kept: its water, minimum factor of safety and failure times.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from ..simulation import Simulation

#: Attributes of a simulation's water, each (cells,).
_WATER = ("table", "band", "contact", "infiltrated")
_NOTHING = np.empty(0)


@dataclass(frozen=True)
class Progress:
    """Progress of a simulation that is computed in several passes over the windows of a map.

    Attributes:
        share: of the event that is done [-]; 1 at its end.
        steps, intervals: number of steps, and of intervals of the timeline, that are done.
        left: rest of the next interval [s], ``None`` before it begins.
        began: start of the fine phase [s].
        potential: potential infiltration so far [m], if it is the same in all cells.
        supply: infiltration offered in the present interval [m/s], if it is the same in all cells.
    """

    share: float
    steps: int
    intervals: int
    left: float | None
    began: float
    potential: float
    supply: float


class PassEnded(Exception):
    """A window has taken the steps of a pass; its state is kept."""


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
        own: its greatest rates, by step [1/s]; lengths: of the steps [s].
        known: rates of other windows that it used [1/s].
    """

    own: np.ndarray
    lengths: np.ndarray
    known: np.ndarray


class SharedSteps:
    """Rates and lengths of the steps of lateral flow that all windows of a map share.

    The greatest rate of all cells limits a step (:func:`.kernels.lateral_time`), so a window needs the rates of the
    others. It uses the greater of its own rates and those of the windows solved before. If its own are greater and
    change a step, the windows before must be solved again; if windows solved at the same time have other rates than it
    used, it must be solved again itself: :meth:`merge` returns which. When all windows have taken the same steps, these
    are the steps of the whole map (by induction over the steps).

    Args:
        rates: found before, by step [1/s].

    Attributes:
        rates: greatest rates of the windows that agree, by step [1/s]; lengths: of the steps [s].
    """

    def __init__(self, rates: np.ndarray = _NOTHING) -> None:
        self.rates, self.lengths = rates, _NOTHING
        self.begin()

    def begin(self) -> None:
        """Start recording another window."""
        self._own: list[np.ndarray] = []
        self._lengths: list[np.ndarray] = []
        self._count = 0

    def floor(self, most: int) -> np.ndarray:
        """Rates of the other windows in the next ``most`` steps, (most,) [1/s]; 0 where they are unknown."""
        return _padded(self.rates[self._count :], most)

    def add(self, rates: np.ndarray, lengths: np.ndarray) -> None:
        """Record rates of the window [1/s] and lengths [s] of the steps that it has taken."""
        self._own.append(rates)
        self._lengths.append(lengths)
        self._count += rates.size

    @property
    def of_window(self) -> WindowSteps:
        """The recorded steps of the window."""
        return WindowSteps(_joined(self._own), _joined(self._lengths), self.rates)

    def travel(self, window: WindowSteps) -> int:
        """Cells that a change may have moved in a window's steps: one a step, two where outflow was limited."""
        own, lengths, _ = window
        return own.size + int((np.maximum(own, _padded(self.rates, own.size)) * lengths > 1.0).sum())

    def merge(self, window: WindowSteps) -> Literal["same", "changed", "outdated"]:
        """Add the steps of a window.

        Returns:
            "same": it took the steps of the windows before; "changed": the windows before must be solved again;
            "outdated": the window itself must be, as other windows have changed the rates that it used.
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
    """Restore the state at the end of the last pass in a simulation that has not begun, in place."""
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
    _recompute_rainfall(simulation)
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


def _recompute_rainfall(simulation: Simulation) -> None:
    """Recompute the sum of the rain so far, for the table of slopes."""
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
    """Keep the state of a simulation; raises :class:`PassEnded`."""
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
    """Share of the event that is done [-]; 1 only at its end."""
    intervals = simulation.timeline.intervals
    if simulation.intervals_done == len(intervals):
        return 1.0
    now = 0.0 if simulation.left is None else intervals[simulation.intervals_done].seconds - simulation.left
    return min((simulation.elapsed + now) / simulation.scenario.duration_s, 1.0 - 1e-9)
