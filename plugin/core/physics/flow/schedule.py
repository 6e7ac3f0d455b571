"""Schedule of an event: which grid steps which hours, in how many steps, and the intervals of constant rain.

How water ran hours ago matters less in detail than how it runs now. With the fast scheme the last hours are stepped at
full resolution, those before on cells twice as wide, those before them twice as wide again: a coarser grid takes two
to four times the step and has a quarter of the cells.

Source: time-telescoping is our own.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Callable, Sequence

import numpy as np

from ...quantities.hours import SAME_MOMENT_S
from ...rainfall import RainInterval
from ...scenario import Scenario
from ...terrain import Terrain
from .grid_pyramid import GridExtremes, PyramidGrid, finest_cells, grid_pyramid

#: Infiltration is offered, and stability looked at where every moment counts, at least this often, or once a step [s].
LONGEST_INTERVAL_S = 3600.0
#: Lateral flow takes at least so many steps over an event: what a step moves at once stays a small part of the whole
#: even where the flow is so weak, or the rain so short, that two stable steps would do.
FEWEST_STEPS = 48
#: Bounds of a step over the monotone one, where few and where many steps are at hand. ``make schemes`` measures what
#: longer steps cost, and what the hours gained at full resolution bring.
_GREATEST_SHARE, _GREATEST_SHARE_OF_GUESSES, _LEAST_SHARE = 2.0, 3.0, 0.5
_GUESSES = 144  # budgets below are first guesses
#: The same of the steps at full resolution, whatever hours are shared out, where it does the whole event, which nothing
#: corrects, and where it does a part: longer ones let the tables of even slopes swing by most of the soil depth.
_GREATEST_SHARE_ALONE, _GREATEST_SHARE_AT_FULL = 1.0, 1.5
#: Budgets that follow the flow; twice the last where the exact scheme would take more steps than this.
_BUDGETS, _STRONG_FLOW_STEPS = (24, 48, 96, 192), 1000.0
#: Steps on a coarser grid over those at full resolution, at most: a coarser grid's cost a quarter.
_MORE_STEPS = 4
_LEAST_STAGE_S = 720.0  # less is not worth a coarser grid
_LONGEST_STEP_S = 7200.0  # what rain adds meanwhile must not fill the soil at once
#: Where full resolution does a whole event in fewer steps than the exact scheme, the first half of them does this share
#: of it, as far as they stay monotone: what they do wrong has time to even out. ``make schemes`` and ``make evaluate``
#: measure it.
_OF_FIRST_STEPS = 0.7
#: Steps of a first guess, by the stable steps of the event up to which they are taken; ``make evaluate`` compares them.
_OF_GUESSES = ((12, 15.0), (48, 48.0), (72, np.inf))


@dataclass(frozen=True)
class StepBudget:
    """How many steps the fast scheme takes at full resolution: its one measure of accuracy and cost.

    Attributes:
        steps: some 12 (a first guess) to 384 (next to exact); coarser grids take up to four times as many.
    """

    steps: int

    @classmethod
    def for_stable(cls, steps: float) -> StepBudget:
        """The engine's for an event of so many stable steps: more where water crosses more cells during the event.

        Full resolution then does the whole event where the exact scheme takes some 400 steps or fewer, in half as many.
        ``make schemes`` measures the accuracy.
        """
        whole = next((n for n in _BUDGETS if steps <= _GREATEST_SHARE * n), None)
        return cls(whole or (_BUDGETS[-1] if steps <= _STRONG_FLOW_STEPS else 2 * _BUDGETS[-1]))

    @classmethod
    def for_guess(cls, steps: float) -> StepBudget:
        """That of a network's first guess: 12 where water hardly crosses a cell, up to 72."""
        return cls(next(taken for taken, most in _OF_GUESSES if steps <= most))

    @property
    def halved(self) -> StepBudget:
        """That of a second guess, which shows what the steps change."""
        return StepBudget(self.steps // 2)

    def on(self, level: int) -> int:
        """Steps on a grid of the pyramid, 0 being full resolution."""
        return self.steps * min(2**level, _MORE_STEPS)

    @property
    def greatest_share(self) -> float:
        """Longest step over the monotone one [-]: beyond 1 tables may swing, yet fewer hours are coarse."""
        return _GREATEST_SHARE_OF_GUESSES if self.steps < _GUESSES else _GREATEST_SHARE

    def suffices(self, stable: float, seconds: float) -> bool:
        """Whether full resolution does a whole event of so many stable steps, so that no coarser grid is needed."""
        return seconds - self.steps * self.greatest_share * seconds / stable < _LEAST_STAGE_S

    def longest_step(self, seconds: float) -> float:
        """Greatest length of any step of an event that lasts so long [s]."""
        return min(seconds / min(self.steps, FEWEST_STEPS), _LONGEST_STEP_S)


@dataclass(frozen=True)
class Stage:
    """Time of an event on one grid [s] and the bounds of its steps [s].

    Attributes:
        of_first: share of the time that the first half of the steps takes, 0.5 where all are alike [-].
    """

    seconds: float
    shortest: float
    longest: float
    of_first: float = 0.5

    @property
    def halves(self) -> tuple[Stage, Stage]:
        """The time of the first and of the second half of the steps; the first is nothing where all are alike."""
        if self.of_first <= 0.5:
            return replace(self, seconds=0.0), self
        first = self.of_first * self.seconds
        times = (first, self.of_first), (self.seconds - first, 1.0 - self.of_first)
        return tuple(Stage(time, 2.0 * share * self.shortest, 2.0 * share * self.longest) for time, share in times)


def plan(
    grids: Sequence[PyramidGrid | GridExtremes], conductivity: float, seconds: float, budget: StepBudget
) -> list[Stage]:
    """Share an event out among the grids, its last hours to full resolution, which comes first.

    At full resolution more steps than the budget's are taken where these would let tables swing.

    Args:
        grids: of the pyramid; conductivity: greatest K_lat [m/s]; seconds: duration of the event.
    """
    stages, left, longest = [], seconds, budget.longest_step(seconds)
    for level, grid in enumerate(grids):
        steps, stable = budget.on(level), grid.stable_step(conductivity)
        mine = min(left, steps * budget.greatest_share * stable)
        if level == len(grids) - 1 or left - mine < _LEAST_STAGE_S:
            mine = left
        at_full = _GREATEST_SHARE_ALONE if mine == left else _GREATEST_SHARE_AT_FULL
        greatest = budget.greatest_share if level else at_full
        shortest = stable * min(max(mine / (steps * stable), _LEAST_SHARE), greatest)
        stages.append(Stage(mine, min(shortest, longest), longest))
        left -= mine
        if left <= 0.0:
            break
    if len(stages) == 1 and budget.steps < FEWEST_STEPS:
        most = 0.5 * grids[0].stable_step(conductivity) / stages[0].shortest
        return [replace(stages[0], of_first=max(min(_OF_FIRST_STEPS, most), 0.5))]
    return stages


@dataclass(frozen=True)
class Schedule:
    """When each grid steps an event by the fast scheme, and how; of a window as of the whole map.

    Attributes:
        budget: of steps.
        stages: of the grids; full resolution comes first and has the last hours.
        stable_steps: how many of the longest monotone steps the event has at full resolution.
        coarse_share: of the event that is done on coarser grids [-].
    """

    budget: StepBudget
    stages: list[Stage]
    stable_steps: float
    coarse_share: float

    @classmethod
    def of(
        cls, terrain: Terrain, scenario: Scenario, budget: StepBudget | Callable[[float], StepBudget]
    ) -> Schedule:  # fmt: skip
        """Plan an event on a terrain.

        Args:
            terrain: its grids are made once and kept with it; scenario: the event.
            budget: of steps, or what gives it for a number of stable steps.
        """
        finest, seconds = finest_cells(terrain), scenario.duration_s
        whole = None if terrain.part is None else terrain.part.whole
        lateral = float(np.nanmax(scenario.lateral_conductivity)) if whole is None else whole.greatest_lateral
        stable = seconds / finest.stable_step(lateral)
        budget = budget if isinstance(budget, StepBudget) else budget(stable)
        phase = None if whole is None else whole.coarse_phases.get(budget.steps)
        if phase is None:
            grids = [finest] if budget.suffices(stable, seconds) else grid_pyramid(terrain)
            stages = plan(grids, lateral, seconds, budget)
        else:
            stages = phase.stages
        return cls(budget, stages, stable, 1.0 - stages[0].seconds / seconds)

    @property
    def omitted_steps(self) -> float:
        """Stable steps of the event over those taken at full resolution [-]."""
        return self.stable_steps / self.budget.steps

    @property
    def has_coarse_phase(self) -> bool:
        """Whether the event begins on coarser grids; a first guess is then made twice, see :mod:`.first_guess`."""
        return len(self.stages) > 1


@dataclass(frozen=True)
class Timeline:
    """An event in intervals.

    Attributes:
        hours_at_start: those of the series that are the event's begin [h].
        intervals: one after the other, up to the end of the event.
        step_bounds: shortest and longest step of lateral flow in each interval [s]; empty where all are alike.
    """

    hours_at_start: tuple[float, ...]
    intervals: tuple[RainInterval, ...]
    step_bounds: tuple[tuple[float, float], ...] = ()

    @property
    def has_hours(self) -> bool:
        """Whether a series is requested."""
        return bool(self.hours_at_start) or any(x.hours for x in self.intervals)

    @classmethod
    def of(cls, scenario: Scenario, hours: Sequence[float], longest: float) -> Timeline:
        """Cut an event.

        The moments are taken from the scenario as they are, never added up. An hour of the series that is one moment
        with a change of the rain, or with the begin or the end, is that moment.

        Args:
            scenario: its rain.
            hours: of the series, rising and within the event [h].
            longest: greatest length of an interval [s].
        """
        rains = scenario.rain_intervals
        cuts: dict[float, tuple[float, ...]] = {0.0: (), **{rain.end: () for rain in rains}}
        known = list(cuts)
        for hour in hours:
            moment = _nearest(known, hour * 3600.0)
            cuts[moment] = (*cuts.get(moment, ()), hour)
        made: list[RainInterval] = []
        start, number = 0.0, 0
        for moment in sorted(cuts)[1:]:
            made += _evenly_cut(RainInterval(start, moment, rains[number].intensity, cuts[moment]), longest)
            start = moment
            number += moment == rains[number].end
        return cls(cuts[0.0], tuple(made))

    @classmethod
    def of_fine_phase(cls, scenario: Scenario, stage: Stage, began: float, *, even_supply: bool) -> Timeline:
        """Cut what the fast scheme steps at full resolution, without a series.

        Args:
            scenario: its rain; stage: of full resolution; began: when it begins [s].
            even_supply: whether the surface takes all rain, so that infiltration is constant while the rain is.
        """
        rains = scenario.rain_intervals
        moments = [began, began + stage.halves[0].seconds, rains[-1].end]
        moments[1] = _nearest([began, *(x.end for x in rains if x.end > began)], moments[1])
        intervals, bounds = [], []
        for half, start, end in zip(stage.halves, moments, moments[1:]):
            longest = np.inf if even_supply else max(LONGEST_INTERVAL_S, half.longest)
            within = [x._replace(start=max(x.start, start), end=min(x.end, end)) for x in rains]
            intervals += [part for x in within if x.end > x.start for part in _evenly_cut(x, longest)]
            bounds += [(half.shortest, half.longest)] * (len(intervals) - len(bounds))
        if began == 0.0 and intervals[0].seconds > LONGEST_INTERVAL_S and starts_saturated(scenario):
            hour = intervals[0].start + LONGEST_INTERVAL_S
            intervals[:1] = intervals[0]._replace(end=hour), intervals[0]._replace(start=hour)
            bounds.insert(0, bounds[0])
        return cls((), tuple(intervals), tuple(bounds))


def _evenly_cut(interval: RainInterval, longest: float) -> list[RainInterval]:
    """Cut an interval into equal parts that are not longer than ``longest`` [s]; its hours are the last one's."""
    start, end, *_ = interval
    count = max(1, math.ceil((end - start - SAME_MOMENT_S) / longest))
    moments = [start, *(start + (end - start) * part / count for part in range(1, count)), end]
    parts = [interval._replace(start=x, end=y, hours=()) for x, y in zip(moments, moments[1:])]
    return [*parts[:-1], parts[-1]._replace(hours=interval.hours)]


def _nearest(known: Sequence[float], moment: float) -> float:
    """The known moment [s] that this one is, or itself; ``known`` rises."""
    place = bisect_left(known, moment)
    nearest = min(known[max(place - 1, 0) : place + 1], key=lambda other: abs(other - moment))
    return nearest if abs(nearest - moment) <= SAME_MOMENT_S else moment


def starts_saturated(scenario: Scenario) -> bool:
    """Whether the water table may be at the surface before the rain, of a window as of the whole map.

    What infiltrates in the first hour decides whether such cells are in contact from the beginning.
    """
    ratio = scenario.water_table_ratio
    return np.ndim(ratio) > 0 or ratio >= 1.0
