"""Probability of failure under uncertain parameters by Monte Carlo: the share of the draws in which a cell fails."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping

import numpy as np

from ..text import Text
from .feedback import Feedback, PartialFeedback
from .physics.engine import solver_for
from .physics.solve import WaterModel, known_part, solve
from .result import Result
from .scenario import Scenario
from .terrain import Terrain
from .uncertainty import Sampler, Spread

_LONG_S = 60.0


@dataclass(frozen=True)
class Probability:
    """How probable failure is. Arrays are float32 (rows, cols), NaN = NoData.

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
        return int(np.isfinite(self.probability).sum())

    @property
    def expected_failed_cells(self) -> float:
        """Sum of the probabilities: failed cells to expect."""
        return float(np.nansum(self.probability, dtype=np.float64))


def monte_carlo(terrain: Terrain, sampler: Sampler, feedback: Feedback, model: WaterModel | None = None) -> Probability:
    """Share of the draws in which a cell fails, counted as they come: memory does not grow with their number.

    Where no input that moves water has a spread, all draws share one water, and a draw costs the stability formula
    alone. Soil depth moves it: groundwater flows over another bedrock and fills another storage, so that each draw of
    it runs on a terrain of its own. A share p of n draws has a standard error of sqrt(p (1 - p) / n) at most.

    Args:
        terrain: study area.
        sampler: gives the draws; all of them are taken.
        feedback: told of the progress, asked for a cancel at each draw.
        model: a network; by default the physics engine, or the column where that is exact.

    Raises:
        Cancelled: the user asked to stop.
    """
    began, draws = time.perf_counter(), sampler.draws
    shares_water = not sampler.moves_water and sampler.mean.options.evaluate == "end"
    cells = known_part(terrain, known_mean(sampler.mean, sampler.spreads)).cells
    failed, total = np.zeros(cells.count, dtype=np.int32), np.zeros(cells.count)
    model = model or solver_for(sampler.mean)
    for number, result in enumerate(_results(model, terrain, sampler, feedback, shares_water)):
        failed += result.stability.fs < 1.0
        total += result.stability.fs
        seconds = time.perf_counter() - began
        if number == 0 and not shares_water and seconds * draws > _LONG_S:
            minutes = seconds * draws / 60.0
            feedback.pushInfo(
                Text("The first draw took {:.1f} s; all {} take some {:.0f} min.", seconds, draws, minutes)
            )
    return Probability(
        cells.on_map(failed / draws), cells.on_map(total / draws),
        {"seconds": time.perf_counter() - began, "draws": draws, "events": 1 if shares_water else draws},
    )  # fmt: skip


def _results(
    model: WaterModel, terrain: Terrain, sampler: Sampler, feedback: Feedback, shares_water: bool
) -> Iterator[Result]:
    """Yield the result of each draw."""
    if not sampler.depth_sd:
        yield from solve(model, terrain, sampler, feedback, 1 if shares_water else None)
        return
    share = 100.0 / sampler.draws
    for number, (scenario, factor) in enumerate(zip(sampler, sampler.depth_factors)):
        part = PartialFeedback(feedback, share * number, share * (number + 1))
        yield from solve(model, terrain.deepened(factor), [scenario], part)


def known_mean(mean: Scenario, spreads: Mapping[str, Spread]) -> Scenario:
    """Make cells without a spread's value NoData in the mean too, as they are in every draw."""
    changes = {}
    for name, spread in spreads.items():
        sd = spread.standard_deviation
        if isinstance(sd, np.ndarray) and not np.isfinite(sd).all():
            changes[name] = np.where(np.isfinite(sd), getattr(mean, name), np.nan)
    return mean.with_values(**changes) if changes else mean
