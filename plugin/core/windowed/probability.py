"""Probability of failure on a map in windows: the sums over draws or scenarios of the whole map, cell for cell."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from ...variables import SOIL_DEPTH_MAXIMUM_M
from ..failure_probability import Probability, known_mean, takes_long
from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..physics.assess import factors_of_strengths
from ..physics.solve import WaterModel
from ..raster import scratch
from ..result import Result
from ..scenario import Scenario
from ..strips import made_of_strips, row_strips
from ..terrain import Terrain
from ..uncertainty import WEIGHTS, Sampler
from .many import RunOf, batches_by_water, results_of
from .solve import SolvedWindow
from .study import Study


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
        terrain = self.terrain if depth_factor == 1.0 else _deepened(self.terrain, depth_factor)
        return replace(self, terrain=terrain, scenario=draw(self.sampler), draw=draw)

    def sampler_of(self, place: tuple[slice, slice]) -> Sampler:
        """The draws on a window."""
        deviations = {name: values[place] for name, values in self.deviations.items()}
        return self.sampler.within(self.mean.scenario_of(place), deviations)

    def scenario_of(self, outer: tuple[slice, slice]) -> Scenario:
        """The scenario of a window."""
        if not self.rasters:
            return self.scenario
        sampler = self.sampler_of(outer)
        return known_mean(sampler.mean, sampler.spreads) if self.draw is None else self.draw(sampler)


def monte_carlo_in_windows(study: DrawStudy, run_of: RunOf, feedback: Feedback) -> Probability:
    """:func:`..failure_probability.monte_carlo` on a map in windows.

    Args:
        study: of the means; run_of: makes the runs.
        feedback: gets the progress, asked for a cancel.

    Raises:
        Cancelled: the user asked to stop.
    """
    began, sampler = time.perf_counter(), study.sampler
    sums, draws = FailureSums(study.terrain.grid.shape), sampler.draws
    shares_water = not sampler.moves_water and sampler.mean.options.evaluate == "end"
    if shares_water:
        sums.add_batch(
            run_of(study, feedback).solve(feedback), draws, lambda window: _of_draws(window, study), feedback
        )
    else:
        factors = sampler.depth_factors
        for number in range(draws):
            part = PartialFeedback(feedback, *(100.0 * (number + n) / draws for n in (0, 1)))
            drawn = study.drawn(partial(Sampler.draw_number, number=number), factors[number])
            windows = run_of(drawn, part).solve(part)
            sums.add_batch(windows, 1, lambda window: iter([window.result.stability.fs]), feedback)
            if number == 0:
                takes_long(time.perf_counter() - began, draws, feedback)
    return Probability(
        *sums.maps,
        {"seconds": time.perf_counter() - began, "draws": draws, "events": 1 if shares_water else draws},
    )  # fmt: skip


def of_scenarios_in_windows(
    studies: Sequence[Study], model: WaterModel, run_of: RunOf, feedback: Feedback
) -> Probability:
    """:func:`..failure_probability.of_scenarios` on a map in windows; model: that ``run_of`` runs."""
    began, scenarios = time.perf_counter(), [study.scenario for study in studies]
    sums, batches = FailureSums(studies[0].terrain.grid.shape), list(batches_by_water(model, scenarios))
    for place, numbers in enumerate(batches):
        part = PartialFeedback(feedback, *(100.0 * (place + n) / len(batches) for n in (0, 1)))
        group = [studies[number] for number in numbers]
        sums.add_batch(
            run_of(group[0], part).solve(part), len(group),
            lambda window, group=group: (result.stability.fs for result in results_of(window, group)), feedback,
        )  # fmt: skip
    waters = len({scenario.hydrology for scenario in scenarios})
    return Probability(
        *sums.maps, {"seconds": time.perf_counter() - began, "points": len(scenarios), "events": waters}
    )  # fmt: skip


def _of_draws(window: SolvedWindow, study: DrawStudy) -> Iterator[np.ndarray]:
    """Yield the factor of safety of each draw on a window's core, whose water all share."""
    cells, water = window.result.cells, window.result.water
    sampler = study.sampler_of(window.tile.inner)
    draws = (sampler.draw_number(number) for number in range(sampler.draws))
    if WEIGHTS.intersection(sampler.spreads):
        yield from (Result.of(scenario, cells, water).stability.fs for scenario in draws)
    else:
        yield from factors_of_strengths(cells, water, sampler.mean, (one.strength.at(cells.mask) for one in draws))


def _deepened(terrain: Terrain, factor: float) -> Terrain:
    """:meth:`.Terrain.deepened` of a large map, without its slopes."""
    depth = terrain.soil_depth

    def of_rows(at: slice) -> np.ndarray:
        return np.minimum(depth[at].astype(np.float64) * factor, SOIL_DEPTH_MAXIMUM_M)

    return replace(terrain, soil_depth=made_of_strips(depth.shape, np.float64, of_rows))


class FailureSums:
    """Sums over scenarios, cell by cell: in how many it fails, and the factors of safety.

    Windows that come again replace what they were before within a batch: sums are made in a second set of arrays.

    Args:
        shape: (rows, cols) of the map.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape, self.scenarios = shape, 0
        self._known = scratch.full(shape, 0, bool)
        self._now, self._next = (
            (scratch.full(shape, 0, np.int32), scratch.full(shape, 0.0, np.float64)) for _ in range(2)
        )

    def add_batch(
        self, windows: Iterable[SolvedWindow], count: int,
        factors: Callable[[SolvedWindow], Iterator[np.ndarray]], feedback: Feedback,
    ) -> None:  # fmt: skip
        """Add some scenarios of one water.

        Args:
            windows: of the first one; count: of the scenarios.
            factors: gives the factor of safety (n,) of a window's cells for each.
            feedback: asked for a cancel.
        """
        for window in windows:
            if window.result is None:
                continue
            at, mask = window.tile.inner, window.result.cells.mask
            failed, total = (array[at][mask] for array in self._now)
            for fs in factors(window):
                check_cancelled(feedback)
                failed += fs < 1.0
                total += fs
            self._known[at] = mask
            for array, values in zip(self._next, (failed, total)):
                array[at][mask] = values
            scratch.release()
        self._now, self._next = self._next, self._now
        self.scenarios += count

    @property
    def maps(self) -> tuple[np.ndarray, np.ndarray]:
        """Share of the scenarios in which a cell fails, and its mean factor of safety; float32, NaN = NoData."""
        found = tuple(scratch.empty(self._shape) for _ in self._now)
        for array, values in zip(found, self._now):
            for at in row_strips(self._shape):
                array[at] = np.where(self._known[at], values[at] / self.scenarios, np.nan)
        return found
