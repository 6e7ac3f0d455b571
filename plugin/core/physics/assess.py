"""Computes the factor of safety from water and strength, for all solvers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable, Iterator

import numpy as np

from ..scenario import Scenario
from ..terrain import Cells
from .compiling import compiled
from .stability import Modes, Strength
from .stability_kernel import PIECE, factors_of_safety
from .water import WaterState

#: Width of the confidence's transition in FS where the water table is exact; chosen on validation terrain.
_LEAST_SPREAD = 1e-5


@dataclass(frozen=True)
class Stability:
    """Stability of some cells at a moment; (n,) arrays.

    Attributes:
        fs: factor of safety [-], 0 to 10.
        front_governs: boolean, the wetting front's mode is the smaller one; else the bedrock's.
        wetting_front: its depth then [m].
    """

    fs: np.ndarray
    front_governs: np.ndarray
    wetting_front: np.ndarray

    def at(self, index: Any) -> Stability:
        """That of some of the cells."""
        return Stability(*(values[index] for values in vars(self).values()))

    def least(self, other: Stability) -> Stability:
        """That of the smaller factor of safety, cell by cell."""
        lower = other.fs < self.fs
        both = zip(vars(other).values(), vars(self).values())
        return Stability(*(np.where(lower, new, kept) for new, kept in both))


@dataclass(frozen=True)
class History:
    """Stability on the way through an event.

    Attributes:
        shown: what the map shows: the least over the event, or that of its end; ``None`` where it was not looked at.
        failure_time: (n,) [h], NaN where FS stayed at 1 or above; ``None`` where it was not looked for.
        series: (hour, factor of safety (n,)) at the requested hours.
    """

    shown: Stability | None = None
    failure_time: np.ndarray | None = None
    series: tuple[tuple[float, np.ndarray], ...] = ()

    def at(self, index: Any) -> History:
        """That of some of the cells."""
        shown = None if self.shown is None else self.shown.at(index)
        times = None if self.failure_time is None else self.failure_time[index]
        return History(shown, times, tuple((hour, fs[index]) for hour, fs in self.series))


def assess(cells: Cells, water: WaterState, scenario: Scenario, strength: Strength | None = None) -> Stability:
    """Stability of some cells with their water.

    Args:
        cells, water: of the same n cells.
        scenario: gives the strength, and where the wetted band carries seepage pressure.
        strength: another one, or the scenario's for those who ask often; numbers, or vectors of the cells.
    """
    strength = strength or scenario.strength.at(cells.mask)
    ponded = apply_front_pressure(water.ponded, scenario.options.front_pressure)
    now = water.water_table, water.wetting_front, ponded, water.contact
    trigonometry = cells.sin_slope, cells.cos_slope
    fs, front_governs = factors_of_safety(cells.slope, cells.soil_depth, *now, strength, trigonometry)
    return Stability(fs, front_governs, water.wetting_front)


def factors_of_strengths(
    cells: Cells, water: WaterState, scenario: Scenario, strengths: Iterable[Strength]
) -> Iterator[np.ndarray]:
    """Yield the factor of safety (n,) of some cells with their water for many strengths of the same weights.

    Args:
        cells, water: of the same n cells.
        scenario: gives the weights, and where the wetted band carries seepage pressure.
        strengths: numbers, or vectors of the cells.
    """
    if compiled():  # the kernel is faster than numpy with the weights known
        yield from (assess(cells, water, scenario, strength).fs for strength in strengths)
        return
    ponded = apply_front_pressure(water.ponded, scenario.options.front_pressure)
    now = cells.slope, cells.soil_depth, water.water_table, water.wetting_front, ponded, water.contact
    trigonometry, weights = (cells.sin_slope, cells.cos_slope), scenario.strength.at(cells.mask)
    pieces = []
    for first in range(0, cells.count, PIECE):
        at = slice(first, first + PIECE)
        sin_cos = trigonometry[0][at], trigonometry[1][at]
        pieces.append((at, Modes.of(np, *(values[at] for values in now), weights.at(at), sin_cos)))
    for strength in strengths:
        yield np.concatenate([modes.factor_of_safety(np, strength.at(at))[0] for at, modes in pieces])


def apply_front_pressure(ponded: np.ndarray, option: str) -> np.ndarray:
    """Where the wetted band carries seepage pressure under the option ponded, none or always; boolean."""
    return ponded if option == "ponded" else np.full_like(ponded, option == "always")


def confidence(cells: Cells, water: WaterState, scenario: Scenario, fs: np.ndarray) -> np.ndarray:
    """Probability that the factor of safety is below 1, from the expected error of the water table; (n,).

    Args:
        cells, water, scenario: what ``fs`` [-] was made from; ``water.table_error`` is known.
    """
    strength, depth = scenario.strength.at(cells.mask), cells.soil_depth
    tables = water.water_table - water.table_error, water.water_table + water.table_error
    lower, upper = (assess(cells, water.with_table(t, depth), scenario, strength).fs for t in tables)
    score = (1.0 - fs) / (_LEAST_SPREAD + 0.5 * np.abs(lower - upper))
    return 1.0 / (1.0 + np.exp(-np.clip(score, -700.0, 700.0)))
