"""Probability of failure under uncertain parameters by Monte Carlo: the share of the draws in which a cell fails."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Iterator, Mapping, Sequence

import numpy as np

from ..text import Text
from .feedback import Feedback, PartialFeedback, check_cancelled
from .physics.assess import factors_of_strengths
from .physics.engine import engine_for
from .physics.solve import WaterModel, known_part, order_by_water, solve
from .result import Result
from .scenario import Scenario
from .strips import known_strips
from .terrain import Terrain
from .uncertainty import WEIGHTS, Sampler, Spread

_LONG_S = 60.0
_WATER_PERCENT = 40.0


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


def monte_carlo(terrain: Terrain, sampler: Sampler, feedback: Feedback, model: WaterModel | None = None) -> Probability:
    """Share of the draws in which a cell fails, counted as they come: memory does not grow with their number.

    Where no input that moves water has a spread, all draws share one water, and a draw costs the stability formula
    alone. Soil depth moves it: groundwater flows over another bedrock and fills another storage, so that each draw of
    it runs on a terrain of its own. A share p of n draws has a standard error of sqrt(p (1 - p) / n) at most.

    Args:
        terrain: study area.
        sampler: gives the draws; all of them are taken.
        feedback: for progress and for cancellation at each draw.
        model: a network; by default the physics engine, or the column where that is exact.

    Raises:
        Cancelled: the user cancelled the run.
    """
    began, draws = time.perf_counter(), sampler.draws
    shares_water = not sampler.moves_water and sampler.mean.options.evaluate == "end"
    terrain = known_part(terrain, known_mean(sampler.mean, sampler.spreads))
    failed, total = np.zeros(terrain.cells.count, dtype=np.int32), np.zeros(terrain.cells.count)
    factors = _of_one_water if shares_water and not WEIGHTS.intersection(sampler.spreads) else _of_each_draw
    for number, fs in enumerate(factors(model or engine_for(sampler.mean), terrain, sampler, feedback)):
        failed += fs < 1.0
        total += fs
        if number == 0 and not shares_water:
            takes_long(time.perf_counter() - began, draws, feedback)
    return Probability(
        terrain.cells.on_map(failed / draws), terrain.cells.on_map(total / draws),
        {"seconds": time.perf_counter() - began, "draws": draws, "events": 1 if shares_water else draws},
    )  # fmt: skip


def takes_long(seconds: float, draws: int, feedback: Feedback) -> None:
    """Write into the log how long all draws take by the seconds of the first one, where that is long."""
    if seconds * draws > _LONG_S:
        minutes = seconds * draws / 60.0
        feedback.pushInfo(
            Text("The first draw took {:.1f} s; all {} will take about {:.0f} min.", seconds, draws, minutes)
        )


def of_scenarios(terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback, model: WaterModel) -> Probability:
    """Share of equally likely scenarios in which a cell fails.

    Args:
        terrain: study area.
        scenarios: their rasters are known in the same cells.
        feedback: for progress and for cancellation at each scenario.
        model: computes the water.

    Raises:
        Cancelled: the user cancelled the run.
    """
    began = time.perf_counter()
    terrain = known_part(terrain, scenarios[0])
    failed, total = np.zeros(terrain.cells.count, dtype=np.int32), np.zeros(terrain.cells.count)
    for result in solve(model, terrain, [scenarios[k] for k in order_by_water(model, scenarios)], feedback):
        failed += result.failed
        total += result.stability.fs
    count = len(scenarios)
    return Probability(
        terrain.cells.on_map(failed / count), terrain.cells.on_map(total / count),
        {"seconds": time.perf_counter() - began, "points": count, "events": len({s.hydrology for s in scenarios})},
    )  # fmt: skip


def _of_one_water(model: WaterModel, terrain: Terrain, sampler: Sampler, feedback: Feedback) -> Iterator[np.ndarray]:
    """Yield the factor of safety of each draw where all share water and weights."""
    cells = terrain.cells
    water = next(solve(model, terrain, [sampler.mean], PartialFeedback(feedback, 0.0, _WATER_PERCENT))).water
    strengths = (scenario.strength.at(cells.mask) for scenario in sampler)
    for number, fs in enumerate(factors_of_strengths(cells, water, sampler.mean, strengths)):
        check_cancelled(feedback)
        feedback.setProgress(_WATER_PERCENT + (100.0 - _WATER_PERCENT) * (number + 1) / sampler.draws)
        yield fs


def _of_each_draw(model: WaterModel, terrain: Terrain, sampler: Sampler, feedback: Feedback) -> Iterator[np.ndarray]:
    """Yield the factor of safety of each draw, with the water of its own hydrology and soil depth."""
    if not sampler.depth_sd:
        waters = None if sampler.moves_water or sampler.mean.options.evaluate != "end" else 1
        for result in solve(model, terrain, sampler, feedback, waters):
            yield result.stability.fs
        return
    share, done = 100.0 / sampler.draws, 0
    draws = zip(sampler, sampler.depth_factors)
    while batch := list(islice(draws, model.terrains_at_once)):
        check_cancelled(feedback)
        work = [(terrain.deepened(factor), scenario) for scenario, factor in batch]
        model.check(terrain, [scenario for _, scenario in work])
        part = PartialFeedback(feedback, share * done, share * (done + len(work)))
        for (deeper, scenario), water in zip(work, model.waters(work, part)):
            yield Result.of(scenario, deeper.cells, water).stability.fs
        done += len(work)


def known_mean(mean: Scenario, spreads: Mapping[str, Spread]) -> Scenario:
    """Make cells without a spread's value NoData in the mean too, as they are in every draw."""
    changes = {}
    for name, spread in spreads.items():
        sd = spread.standard_deviation
        if isinstance(sd, np.ndarray) and not np.isfinite(sd).all():
            changes[name] = np.where(np.isfinite(sd), getattr(mean, name), np.nan)
    return mean.with_values(**changes) if changes else mean
