"""Probability of failure by Monte Carlo or over scenarios: the share in which a cell fails.

Draws and scenarios are counted as they come: memory does not grow with their number.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from ...text import Text
from ..feedback import Feedback, PartialFeedback, WithoutProgress, check_cancelled
from ..map_parts.strips import known_strips, row_strips
from ..physics.assess import factors_of_strengths
from ..raster import scratch
from ..result import Result, below_one
from ..scenario import Scenario
from ..windowed.many import Runs
from ..windowed.solve import SolvedWindow
from ..windowed.study import Study
from .uncertainty import WEIGHTS, Sampler, Spread

_LONG_S = 60.0
#: Share of the progress of a water that all draws share [%].
_WATER_PERCENT = 40.0

#: Gets the diagnostics of the windows of a water state.
OnWater = Callable[[list[dict[str, Any]]], None]


@dataclass(frozen=True)
class Probability:
    """Probability of failure. Arrays are float32 (rows, cols), NaN = NoData.

    Attributes:
        probability: of FS < 1, 0 to 1 [-].
        mean_factor_of_safety: over the draws or points, each taken at 10 at most [-].
        diagnostics: what ran, for log and provenance.
    """

    probability: np.ndarray
    mean_factor_of_safety: np.ndarray
    diagnostics: dict[str, Any] = field(default_factory=dict)

    @property
    def valid_cells(self) -> int:
        """Number of cells with a probability."""
        return sum(strip.size for strip in known_strips(self.probability))

    @property
    def expected_failed_cells(self) -> float:
        """Sum of the probabilities: failed cells to expect."""
        return float(sum(np.sum(strip, dtype=np.float64) for strip in known_strips(self.probability)))


@dataclass(frozen=True, eq=False)
class DrawStudy(Study):
    """A draw of uncertain parameters on a map, or their means where all that is uncertain is known.

    Attributes:
        mean: the study of the means; sampler: draws on its sample.
        deviations: rasters of standard deviations by parameter, float32 (rows, cols).
        draw: makes the scenario of a draw with a sampler; ``None`` for the means.
    """

    mean: Study
    sampler: Sampler
    deviations: Mapping[str, np.ndarray]
    draw: Callable[[Sampler], Scenario] | None = None

    @classmethod
    def of_means(cls, mean: Study, sampler: Sampler, deviations: Mapping[str, np.ndarray]) -> DrawStudy:
        """The study of the means; arguments as the attributes."""
        needed = {**{f"{name}_sd": values for name, values in deviations.items()}, **deviations, **mean.rasters}
        return cls(mean.terrain, mean.scenario, needed, mean, sampler, deviations)

    def drawn(self, draw: Callable[[Sampler], Scenario], depth_factor: float = 1.0) -> DrawStudy:
        """The study of a draw, with the soil depth times a factor."""
        terrain = self.terrain if depth_factor == 1.0 else self.terrain.with_depth_factor(depth_factor)
        return replace(self, terrain=terrain, scenario=draw(self.sampler), draw=draw)

    def sampler_of(self, place: tuple[slice, slice]) -> Sampler:
        """The draws on a window."""
        deviations = {name: values[place] for name, values in self.deviations.items()}
        return self.sampler.within(self.mean.scenario_of(place), deviations)

    def scenario_of(self, outer: tuple[slice, slice]) -> Scenario:
        """The scenario of a window."""
        if self.draw is not None and (not self.rasters or self.sampled_whole(outer)):
            return self.scenario
        sampler = self.sampler_of(outer)
        return _mask_unknown(sampler.mean, sampler.spreads) if self.draw is None else self.draw(sampler)


def monte_carlo(study: DrawStudy, runs: Runs, feedback: Feedback, on_water: OnWater | None = None) -> Probability:
    """Share of the draws in which a cell fails.

    Where no input that moves water has a spread, all draws share one water, and a draw costs the stability formula
    alone. Soil depth moves it: groundwater flows over another bedrock and fills another storage, so that each draw of
    it runs on a terrain of its own. A share p of n draws has a standard error of sqrt(p (1 - p) / n) at most.

    Args:
        study: of the means; runs: solve the draws.
        feedback: for progress and for cancellation at each draw.
        on_water: called once for each water state.

    Raises:
        Cancelled: the user cancelled the run.
    """
    began, sampler = time.perf_counter(), study.sampler
    sums, draws = FailureSums(study.terrain.grid.shape, on_water), sampler.draws
    shares_water = not sampler.changes_water and sampler.mean.options.evaluate == "end"
    if shares_water:
        _add_draws_with_shared_water(sums, study, runs, feedback)
    else:
        _add_each_draw(sums, study, runs, feedback)
    return Probability(
        *sums.maps, {"seconds": time.perf_counter() - began, "draws": draws, "events": 1 if shares_water else draws}
    )  # fmt: skip


def failure_frequency(
    studies: Sequence[Study], runs: Runs, feedback: Feedback, on_water: OnWater | None = None
) -> Probability:  # fmt: skip
    """Share of equally likely scenarios in which a cell fails.

    Args:
        studies: scenarios on one map, whose rasters are known in the same cells; runs: solve them.
        feedback: for progress and for cancellation at each scenario.
        on_water: called once for each water state.

    Raises:
        Cancelled: the user cancelled the run.
    """
    began, scenarios = time.perf_counter(), [study.scenario for study in studies]
    sums, groups = FailureSums(studies[0].terrain.grid.shape, on_water), runs.groups(scenarios)
    for numbers, windows in zip(groups, runs.solve(studies.__getitem__, groups, feedback)):
        sums.add(len(numbers), map(_factors_of_window, windows), feedback)
    states = len({scenario.hydrology for scenario in scenarios})
    return Probability(
        *sums.maps, {"seconds": time.perf_counter() - began, "points": len(scenarios), "events": states}
    )  # fmt: skip


class FailureSums:
    """Sums over scenarios, cell by cell: in how many it fails, and the factors of safety.

    Windows that come again replace what they were before within a group: sums are made in a second set of arrays.

    Args:
        shape: (rows, cols) of the map.
        on_water: called once for each water state.
    """

    def __init__(self, shape: tuple[int, int], on_water: OnWater | None = None) -> None:
        self._shape, self._on_water, self.scenarios = shape, on_water, 0
        self._known = scratch.full(shape, 0, bool)
        self._now, self._next = (
            (scratch.full(shape, 0, np.int32), scratch.full(shape, 0.0, np.float64)) for _ in range(2)
        )

    def add(
        self, count: int, windows: Iterable[Iterable[tuple[SolvedWindow, np.ndarray]]], feedback: Feedback
    ) -> None:  # fmt: skip
        """Add a group of scenarios.

        Args:
            count: of the scenarios.
            windows: each yields for every scenario a result on it and the factor of safety (n,) of the result's cells.
            feedback: checked for a cancel.
        """
        diagnostics, attempt = {}, 0
        for window in windows:
            at, water, number = None, None, 0
            for solved, fs in window:
                check_cancelled(feedback)
                if solved.attempt != attempt:
                    diagnostics, attempt = {}, solved.attempt
                if self._on_water and solved.result.water is not water:
                    water, number = solved.result.water, number + 1
                    diagnostics.setdefault(number, {})[solved.tile.place] = solved.result.diagnostics
                if at is None:
                    at, mask = solved.tile.inner, solved.result.cells.mask
                    failed, total = (array[at][mask] for array in self._now)
                failed += below_one(fs)
                total += fs
            self._known[at] = mask
            for array, values in zip(self._next, (failed, total)):
                array[at][mask] = values
            scratch.release()
        self._now, self._next = self._next, self._now
        self.scenarios += count
        for of_windows in diagnostics.values():
            self._on_water(list(of_windows.values()))

    @property
    def maps(self) -> tuple[np.ndarray, np.ndarray]:
        """Share of the scenarios in which a cell fails, and its mean factor of safety; float32, NaN = NoData."""
        found = tuple(scratch.empty(self._shape) for _ in self._now)
        for array, values in zip(found, self._now):
            for at in row_strips(self._shape):
                array[at] = np.where(self._known[at], values[at] / self.scenarios, np.nan)
        return found


def _add_draws_with_shared_water(sums: FailureSums, study: DrawStudy, runs: Runs, feedback: Feedback) -> None:
    """Solve the means, and add all draws with their water, window by window."""
    share = _WATER_PERCENT if runs.windowed is None else 100.0
    left = WithoutProgress(feedback) if share == 100.0 else PartialFeedback(feedback, share, 100.0)
    for windows in runs.solve(lambda _: study, [[0]], PartialFeedback(feedback, 0.0, share)):
        sums.add(study.sampler.draws, (_factors_of_draws(next(window), study, left) for window in windows), feedback)


def _factors_of_draws(
    solved: SolvedWindow, study: DrawStudy, feedback: Feedback
) -> Iterator[tuple[SolvedWindow, np.ndarray]]:  # fmt: skip
    """Yield the factor of safety of each draw on a window's core, whose water all share."""
    cells, water = solved.result.cells, solved.result.water
    sampler = study.sampler_of(solved.tile.inner)
    draws = (sampler.draw_number(number) for number in range(sampler.draws))
    if WEIGHTS.intersection(sampler.spreads):
        factors = (Result.of(scenario, cells, water).stability.fs for scenario in draws)
    else:
        factors = factors_of_strengths(cells, water, sampler.mean, (one.strength.at(cells.mask) for one in draws))
    for number, fs in enumerate(factors, start=1):
        yield solved, fs
        feedback.setProgress(100.0 * number / sampler.draws)
    study.sampler.drawn = sampler.drawn


def _add_each_draw(sums: FailureSums, study: DrawStudy, runs: Runs, feedback: Feedback) -> None:
    """Solve and add each draw with its own hydrology and soil depth."""
    began, draws, factors = time.perf_counter(), study.sampler.draws, study.sampler.depth_factors
    groups = [[number] for number in range(draws)]
    first = 1 if runs.model.at_once == 1 else 2 * runs.model.at_once  # from whose time that of all is estimated
    if runs.windowed is None:
        groups = [part for part in (list(range(draws))[:first], list(range(first, draws))) if part]
        _ = study.terrain.slope  # that of all draws

    def study_of(number: int) -> DrawStudy:
        return study.drawn(partial(Sampler.draw_number, number=number), factors[number])

    found = runs.solve(study_of, groups, feedback, own_terrains=study.sampler.depth_sd > 0.0)
    for numbers, windows in zip(groups, found):
        sums.add(len(numbers), map(_factors_of_window, windows), feedback)
        seconds = time.perf_counter() - began
        whole = seconds / len(numbers) * draws
        if numbers[0] == 0 and whole > _LONG_S:
            text = "{} of {} draws took {:.1f} s; all will take about {:.0f} min."
            feedback.pushInfo(Text(text, len(numbers), draws, seconds, whole / 60.0))


def _factors_of_window(window: Iterable[SolvedWindow]) -> Iterator[tuple[SolvedWindow, np.ndarray]]:
    return ((solved, solved.result.stability.fs) for solved in window)


def _mask_unknown(mean: Scenario, spreads: Mapping[str, Spread]) -> Scenario:
    """Make cells without a spread's value NoData in the mean too, as they are in every draw."""
    changes = {}
    for name, spread in spreads.items():
        sd = spread.standard_deviation
        if isinstance(sd, np.ndarray) and not np.isfinite(sd).all():
            changes[name] = np.where(np.isfinite(sd), getattr(mean, name), np.nan)
    return mean.with_values(**changes) if changes else mean
