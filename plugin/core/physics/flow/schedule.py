"""Schedule of an event: which grid computes which hours, in how many steps, and the intervals of constant rain.

Details of the early flow matter less for the result than those of the late flow. The fast scheme therefore computes the
last hours at full resolution, the hours before on cells twice as wide, those before on cells four times as wide, and so
on: each coarser grid allows two to four times the step and has a quarter of the cells.

Source: the division of an event among grids was developed for Slopecast.
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

#: Longest interval of constant infiltration, at whose end stability is evaluated where every moment counts; a longer
#: step is one interval [s].
LONGEST_INTERVAL_S = 3600.0
#: Fewest steps of lateral flow in an event, so that a step moves a small part of the water even where the flow is so
#: weak, or the rain so short, that two steps would be stable.
FEWEST_STEPS = 48
#: Greatest step over the monotone limit for large budgets and for first guesses, and the least one. ``make schemes``
#: compares the error of longer steps with the gain of more hours at full resolution.
_GREATEST_SHARE, _GREATEST_SHARE_OF_GUESSES, _LEAST_SHARE = 2.0, 3.0, 0.5
_GUESSES = 144  # smaller budgets are those of first guesses
#: Greatest step over the monotone limit at full resolution, where it computes the whole event, which is not corrected,
#: and where it computes a part: with longer steps the water tables of even slopes oscillate by most of the soil depth.
_GREATEST_SHARE_ALONE, _GREATEST_SHARE_AT_FULL = 1.0, 1.5
#: Budgets of the engine, of which the strength of the flow decides; twice the last one if the exact scheme would take
#: more than ``_STRONG_FLOW_STEPS``.
_BUDGETS, _STRONG_FLOW_STEPS = (24, 48, 96, 192), 1000.0
#: Greatest number of steps on a coarser grid over that at full resolution; on the next grid a step costs a quarter.
_MORE_STEPS = 4
_LEAST_STAGE_S = 720.0  # a shorter stage is not worth a coarser grid
_LONGEST_STEP_S = 7200.0  # the rain of one step must not saturate the soil
#: Share of the event in the first half of the steps, where full resolution computes all of it in fewer steps than the
#: exact scheme and as far as they stay monotone: early errors decay until the end. ``make schemes`` and
#: ``make evaluate`` measure it.
_SHARE_OF_FIRST_HALF = 0.7
#: Pairs of steps of a first guess and the number of stable steps of an event up to which they are used. With 12 steps
#: instead of 24 the least IoU of a trusted mask falls from 0.98 to 0.95 on 30 m cells; ``make evaluate`` prints it.
_STEPS_OF_GUESSES = ((24, 15.0), (48, 48.0), (72, np.inf))


@dataclass(frozen=True)
class StepBudget:
    """Number of steps of the fast scheme at full resolution, which determines its accuracy and cost.

    Attributes:
        steps: some 12 (a first guess) to 384 (next to exact); coarser grids take up to four times as many.
    """

    steps: int

    @classmethod
    def for_stable(cls, steps: float) -> StepBudget:
        """Budget of the engine for an event of ``steps`` stable steps: more where water crosses more cells.

        Where the exact scheme takes some 400 steps or fewer, full resolution computes the whole event in half as many.
        ``make schemes`` measures the accuracy.
        """
        whole = next((n for n in _BUDGETS if steps <= _GREATEST_SHARE * n), None)
        return cls(whole or (_BUDGETS[-1] if steps <= _STRONG_FLOW_STEPS else 2 * _BUDGETS[-1]))

    @classmethod
    def for_guess(cls, steps: float) -> StepBudget:
        """Budget of a first guess for an event of ``steps`` stable steps: 24 if water hardly crosses a cell."""
        return cls(next(taken for taken, most in _STEPS_OF_GUESSES if steps <= most))

    @property
    def halved(self) -> StepBudget:
        """Budget of a second guess, whose difference from the first one shows the effect of the steps."""
        return StepBudget(self.steps // 2)

    def on(self, level: int) -> int:
        """Steps on a grid of the pyramid, 0 being full resolution."""
        return self.steps * min(2**level, _MORE_STEPS)

    @property
    def greatest_share(self) -> float:
        """Longest step over the monotone limit [-]: above 1 tables may oscillate, but fewer hours are coarse."""
        return _GREATEST_SHARE_OF_GUESSES if self.steps < _GUESSES else _GREATEST_SHARE

    def covers_whole_event(self, stable: float, seconds: float) -> bool:
        """Whether full resolution computes a whole event of ``stable`` steps and ``seconds``, without coarser grids."""
        return seconds - self.steps * self.greatest_share * seconds / stable < _LEAST_STAGE_S

    def longest_step(self, seconds: float) -> float:
        """Greatest length of any step of an event that lasts so long [s]."""
        return min(seconds / min(self.steps, FEWEST_STEPS), _LONGEST_STEP_S)


@dataclass(frozen=True)
class Stage:
    """Time of an event on one grid [s] and the bounds of its steps [s].

    Attributes:
        of_first: share of the time in the first half of the steps, 0.5 if all steps are equal [-].
    """

    seconds: float
    shortest: float
    longest: float
    of_first: float = 0.5

    @property
    def halves(self) -> tuple[Stage, Stage]:
        """The first and the second half of the steps as stages; the first has no time if all steps are equal."""
        if self.of_first <= 0.5:
            return replace(self, seconds=0.0), self
        first = self.of_first * self.seconds
        times = (first, self.of_first), (self.seconds - first, 1.0 - self.of_first)
        return tuple(Stage(time, 2.0 * share * self.shortest, 2.0 * share * self.longest) for time, share in times)


def plan(
    grids: Sequence[PyramidGrid | GridExtremes], conductivity: float, seconds: float, budget: StepBudget
) -> list[Stage]:
    """Divide an event among grids; full resolution gets the last hours.

    At full resolution more steps than the budget's are taken where water tables would oscillate with longer ones.

    Args:
        grids: of the pyramid; conductivity: greatest K_lat [m/s]; seconds: duration of the event.

    Returns:
        stages in the order of the grids: the last hours first.
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
        return [replace(stages[0], of_first=max(min(_SHARE_OF_FIRST_HALF, most), 0.5))]
    return stages


@dataclass(frozen=True)
class Schedule:
    """Which grid computes which hours of an event by the fast scheme; the same for a window and the whole map.

    Attributes:
        budget: of steps.
        stages: of the grids; full resolution is the first and has the last hours.
        stable_steps: number of longest monotone steps in the event at full resolution.
        coarse_share: share of the event on coarser grids [-].
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
            budget: of steps, or a function of the number of stable steps that returns it.
        """
        finest, seconds = finest_cells(terrain), scenario.duration_s
        whole = None if terrain.part is None else terrain.part.whole
        lateral = float(np.nanmax(scenario.lateral_conductivity)) if whole is None else whole.greatest_lateral
        stable = seconds / finest.stable_step(lateral)
        budget = budget if isinstance(budget, StepBudget) else budget(stable)
        phase = None if whole is None else whole.coarse_phases.get(budget.steps)
        if phase is None:
            grids = [finest] if budget.covers_whole_event(stable, seconds) else grid_pyramid(terrain)
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
        hours_at_start: hours of the series at the start of the event [h].
        intervals: in order, up to the end of the event.
        step_bounds: shortest and longest step of lateral flow in each interval [s]; empty if all are equal.
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
        """Divide an event into intervals of constant rain, with a cut at each hour of the series.

        Times are those of the scenario, not sums of lengths. An hour of the series within ``SAME_MOMENT_S`` of a change
        of the rain, of the start or of the end is moved there.

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
        """Divide the hours that the fast scheme computes at full resolution, without a series.

        Args:
            scenario: its rain; stage: of full resolution; began: its start [s].
            even_supply: whether all rain infiltrates, so that infiltration is constant while the rain is.
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
    """The entry of ``known``, ascending [s], within SAME_MOMENT_S of a moment [s]; else the moment itself."""
    place = bisect_left(known, moment)
    nearest = min(known[max(place - 1, 0) : place + 1], key=lambda other: abs(other - moment))
    return nearest if abs(nearest - moment) <= SAME_MOMENT_S else moment


def starts_saturated(scenario: Scenario) -> bool:
    """Whether the water table may be at the surface before the rain; the same for a window and the whole map.

    The infiltration of the first hour decides whether such cells are in contact from the start.
    """
    ratio = scenario.water_table_ratio
    return np.ndim(ratio) > 0 or ratio >= 1.0
