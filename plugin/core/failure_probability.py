"""Probability of failure under uncertain parameters: Monte Carlo, and the first-order second-moment method."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from typing import Any, Mapping

import numpy as np

from ..text import Text
from ..variables import BY_NAME
from .errors import InputError
from .feedback import Feedback, PartialFeedback
from .physics.assess import assess
from .physics.engine import solver_for
from .physics.solve import KeptWater, WaterModel, known_part, solve
from .physics.stability import MAXIMUM_FS
from .physics.water import WaterState
from .scenario import Scenario, Value
from .terrain import Cells, Terrain
from .uncertainty import STRENGTH, Sampler, Spread, checked, checked_correlation

_ANALYTIC = ("cohesion", "friction_angle", "root_cohesion")
_SCALE = 1e-4  # of the strength: no soil of 5 cm or more on 1 deg or more then reaches FS = 10
_STEP = 1e-4  # of c and c_r [kPa] and tan phi
_LONG_S = 60.0


@dataclass(frozen=True)
class Probability:
    """How probable failure is. Arrays are float32 (rows, cols), NaN = NoData.

    Attributes:
        probability: of FS < 1, 0 to 1 [-].
        mean_factor_of_safety: mean over the draws, or FS at the means (first order) [-].
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

    Where no parameter that moves water has a spread, all draws share one water, and a draw costs the stability formula
    alone. A share p of n draws has a standard error of sqrt(p (1 - p) / n) at most.

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
    cells = known_part(terrain, _known(sampler.mean, sampler.spreads)).cells
    failed, total = np.zeros(cells.count, dtype=np.int32), np.zeros(cells.count)
    model = model or solver_for(sampler.mean)
    for number, result in enumerate(solve(model, terrain, sampler, feedback, 1 if shares_water else None)):
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


def first_order(
    terrain: Terrain,
    mean: Scenario,
    spreads: Mapping[str, Spread],
    correlation: float,
    feedback: Feedback,
) -> Probability:
    """Probability of failure from mean and variance of FS: P = Phi((1 - FS_mean) / sigma_FS).

    FS_mean is FS at the means; sigma_FS^2 = sum (dFS/dx sigma_x)^2 + 2 rho dFS/dc sigma_c dFS/dtan(phi) sigma_tan.
    In the governing mode FS = (c + c_r + N' tan phi) / T is linear in c, c_r and tan phi, and its derivatives 1/T and
    N'/T are exact; sigma_tan = sigma_phi / cos^2 phi. Other parameters are moved by one standard deviation either
    way, within their range. Distributions are not used beyond mean and standard deviation.

    Args:
        terrain: mountainside.
        mean: scenario of the means, at the end of its event.
        spreads: by lower-case name.
        correlation: rho, of cohesion and tan phi [-].
        feedback: told of the progress.

    Raises:
        InputError: a bad spread or correlation, or the minimum over the event asked for.
        Cancelled: the user asked to stop.

    Source: Medina et al. (2021), Catena 201, 105213 (FSLAM: c, c_r and tan phi); Duncan (2000), J. Geotech.
    Geoenviron. Eng. 126, 307-316 (one standard deviation either way).
    """
    if mean.options.evaluate != "end":
        raise InputError(
            "EVALUATE", Text("'{}' is not what the first-order method looks at", mean.options.evaluate), "end",
            "Choose the method 'engine' for the minimum over the event.",
        )  # fmt: skip
    began = time.perf_counter()
    spreads = {name: spread for name, spread in checked(mean, spreads).items() if not spread.is_zero}
    correlation = checked_correlation(correlation)
    mean = _known(mean, spreads)
    cells, model = known_part(terrain, mean).cells, solver_for(mean)
    model.kept = KeptWater()
    moved = [name for name in spreads if name not in _ANALYTIC]
    share = 100.0 / (1 + 2 * sum(name not in STRENGTH for name in moved))
    water = next(solve(model, terrain, [mean], PartialFeedback(feedback, 0.0, share))).water
    fs, by_cohesion, by_roots, by_tan = _linear_terms(cells, water, mean)
    sigma = {name: cells.pick(spread.standard_deviation) for name, spread in spreads.items()}
    c_part = by_cohesion * sigma.get("cohesion", 0.0)
    cos_phi = np.cos(np.radians(cells.pick(mean.friction_angle)))
    tan_part = by_tan * np.radians(sigma.get("friction_angle", 0.0)) / cos_phi**2
    root_part = by_roots * sigma.get("root_cohesion", 0.0)
    variance = c_part**2 + tan_part**2 + root_part**2 + 2.0 * correlation * c_part * tan_part
    done = share
    for name in moved:
        part = PartialFeedback(feedback, done, done + (0.0 if name in STRENGTH else 2.0 * share))
        variance += _moved_part(model, terrain, cells, mean, name, spreads[name].standard_deviation, part) ** 2
        done += 0.0 if name in STRENGTH else 2.0 * share
    feedback.setProgress(100.0)
    probability = _below_one(fs, np.sqrt(np.maximum(variance, 0.0)))
    return Probability(
        cells.on_map(probability), cells.on_map(np.clip(fs, 0.0, MAXIMUM_FS)),
        {"seconds": time.perf_counter() - began, "draws": 0, "events": 1 + 2 * sum(n not in STRENGTH for n in moved)},
    )  # fmt: skip


def _linear_terms(
    cells: Cells, water: WaterState, scenario: Scenario
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """FS, not clipped, and its derivatives by c, c_r [1/kPa] and tan phi [-].

    FS is proportional to the strength as a whole, which is scaled down to keep FS below the limit of 10; and it is
    linear in each part of it, so that differences are the derivatives. Cells that are stable whatever their strength
    (flat, or hardly any soil) have FS = 10 and no derivative.
    """
    s = scenario.strength.at(cells.mask)

    def fs(cohesion: float = 0.0, roots: float = 0.0, tan: float = 0.0) -> np.ndarray:
        tan_friction = s.tan_friction + tan
        scaled = replace(
            s, cohesion=(s.cohesion + cohesion) * _SCALE, root_cohesion=(s.root_cohesion + roots) * _SCALE,
            tan_friction=tan_friction * _SCALE, suction=s.suction * (tan_friction / s.tan_friction) * _SCALE,
        )  # fmt: skip
        return assess(cells, water, scenario, scaled).fs

    mean = fs()
    stable = mean >= MAXIMUM_FS
    steps = ({"cohesion": _STEP}, {"roots": _STEP}, {"tan": _STEP})
    derivatives = (np.where(stable, 0.0, (fs(**step) - mean) / (_STEP * _SCALE)) for step in steps)
    return (np.where(stable, MAXIMUM_FS, mean / _SCALE), *derivatives)


def _moved_part(
    model: WaterModel, terrain: Terrain, cells: Cells, mean: Scenario, name: str, sd: Value, feedback: Feedback
) -> np.ndarray:
    """Contribution dFS/dx sigma_x of a parameter to sigma_FS, by moving it by its standard deviation either way."""
    least, most = _limits(mean, name)
    centre = getattr(mean, name)
    ends = [np.clip(centre - sd, least, most), np.clip(centre + sd, least, most)]
    _tell_clipped(name, (ends[0] > centre - sd) | (ends[1] < centre + sd), cells.mask, feedback)
    scenarios = [mean.with_values(**{name: end if np.ndim(end) else float(end)}) for end in ends]
    low, high = (result.stability.fs for result in solve(model, terrain, scenarios, feedback))
    width = cells.pick(ends[1] - ends[0])
    return np.where(width > 0.0, (high - low) / np.where(width > 0.0, width, 1.0) * cells.pick(sd), 0.0)


def _tell_clipped(name: str, clipped: Value, cells: np.ndarray, feedback: Feedback) -> None:
    count = int(np.broadcast_to(clipped, cells.shape)[cells].sum())
    if count:
        variable = BY_NAME[name]
        feedback.pushWarning(
            Text(
                "{}: one standard deviation either way leaves the range of {}, or what other parameters leave of it, "
                "in {} of {} cells; it was moved to the range's end there.",
                variable.named,
                variable.allowed,
                count,
                int(cells.sum()),
            )
        )


def _limits(mean: Scenario, name: str) -> tuple[Value, Value]:
    """Range within which a parameter may be moved: its own, and saturated soil is no lighter than moist soil."""
    least, most = BY_NAME[name].minimum, mean.most(name)
    if name == "unit_weight_saturated":
        return np.maximum(least, mean.unit_weight_moist), most
    if name == "unit_weight_moist":
        return least, np.minimum(most, mean.unit_weight_saturated)
    return least, most


def _known(mean: Scenario, spreads: Mapping[str, Spread]) -> Scenario:
    """Make cells without a spread's value NoData in the mean too, as they are in every draw."""
    changes = {}
    for name, spread in spreads.items():
        sd = spread.standard_deviation
        if isinstance(sd, np.ndarray) and not np.isfinite(sd).all():
            changes[name] = np.where(np.isfinite(sd), getattr(mean, name), np.nan)
    return mean.with_values(**changes) if changes else mean


def _below_one(mean: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Phi((1 - mean) / sigma); without any spread 1 below FS = 1 and 0 from there up."""
    certain = np.where(mean < 1.0, 1.0, 0.0)
    score = (1.0 - mean) / np.where(sigma > 0.0, sigma, 1.0)
    return np.where(sigma > 0.0, normal_distribution(score), certain)


def normal_distribution(score: np.ndarray) -> np.ndarray:
    """Distribution function Phi of the standard normal, exact in both tails."""
    erfc = np.frompyfunc(math.erfc, 1, 1)  # numpy has none of its own, and scipy is no dependency
    return 0.5 * np.asarray(erfc(-np.asarray(score) / math.sqrt(2.0)), dtype=np.float64)
