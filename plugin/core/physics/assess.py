"""Computes the factor of safety from water and strength, for all solvers.

:func:`.stability.factor_of_safety` is the reference; where numba is installed a compiled form does the same operations
in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable, Iterator

import numpy as np

from ..map_parts.strips import pieces
from ..scenario import Scenario
from ..terrain import Cells
from .compiling import compiled, numba, read_only, threads
from .stability import (
    DRY_TABLE_M,
    FLATTEST_TAN,
    MAXIMUM_FS,
    SHALLOWEST_FRONT_M,
    THINNEST_SOIL_M,
    UNIT_WEIGHT_WATER,
    Modes,
    Strength,
    factor_of_safety,
)
from .water import WaterState

#: Width of the confidence's transition in FS where the water table is exact; chosen on validation terrain.
_LEAST_SPREAD = 1e-5
#: Cells that numpy takes at once: the formula's many intermediate arrays then stay in the cache.
_PIECE = 16_384
_CHUNK = 512  # cells whose parameters the compiled loop lays out next to each other
# Given to the kernel as arguments: numba would not see that they changed in the other file.
_GUARDS = (UNIT_WEIGHT_WATER, MAXIMUM_FS, FLATTEST_TAN, THINNEST_SOIL_M, SHALLOWEST_FRONT_M, DRY_TABLE_M)


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
        """Values of some of the cells."""
        return Stability(*(values[index] for values in vars(self).values()))

    def least(self, other: Stability) -> Stability:
        """The stability with the smaller factor of safety, cell by cell."""
        lower = other.fs < self.fs
        both = zip(vars(other).values(), vars(self).values())
        return Stability(*(np.where(lower, new, kept) for new, kept in both))


@dataclass(frozen=True)
class History:
    """Stability during an event.

    Attributes:
        shown: of the map: the minimum over the event, or the end; ``None`` if it was not evaluated.
        failure_time: (n,) [h], NaN where FS was always 1 or more; ``None`` if it was not determined.
        series: (hour, factor of safety (n,)) at the requested hours.
    """

    shown: Stability | None = None
    failure_time: np.ndarray | None = None
    series: tuple[tuple[float, np.ndarray], ...] = ()

    def at(self, index: Any) -> History:
        """Values of some of the cells."""
        shown = None if self.shown is None else self.shown.at(index)
        times = None if self.failure_time is None else self.failure_time[index]
        return History(shown, times, tuple((hour, fs[index]) for hour, fs in self.series))


def assess(cells: Cells, water: WaterState, scenario: Scenario, strength: Strength | None = None) -> Stability:
    """Stability of some cells with their water.

    Args:
        cells, water: of the same n cells.
        scenario: with the strength and the option of seepage pressure in the wetted band.
        strength: numbers or (n,); by default that of the scenario.
    """
    strength = strength or scenario.strength.at(cells.mask)
    trigonometry = cells.sin_slope, cells.cos_slope
    return Stability(*factors_of_safety(_columns(cells, water, scenario), strength, trigonometry), water.wetting_front)


def factors_of_strengths(
    cells: Cells, water: WaterState, scenario: Scenario, strengths: Iterable[Strength]
) -> Iterator[np.ndarray]:
    """Yield the factor of safety (n,) of some cells with their water for many strengths of the same weights.

    Args:
        cells, water: of the same n cells.
        scenario: with the unit weights and the option of seepage pressure in the wetted band.
        strengths: numbers, or vectors of the cells.
    """
    if compiled():  # the kernel is faster, even without reusing the weights
        yield from (assess(cells, water, scenario, strength).fs for strength in strengths)
        return
    columns, weights = _columns(cells, water, scenario), scenario.strength.at(cells.mask)
    parts = [
        (at, Modes.of(np, *(x[at] for x in columns), weights.at(at), (cells.sin_slope[at], cells.cos_slope[at])))
        for at in pieces(cells.count, _PIECE)
    ]
    for strength in strengths:
        yield np.concatenate([modes.factor_of_safety(np, strength.at(at))[0] for at, modes in parts])


def _columns(cells: Cells, water: WaterState, scenario: Scenario) -> tuple[np.ndarray, ...]:
    """Arguments of :func:`.stability.factor_of_safety` from the slope to the contact, each (n,)."""
    ponded, option = water.ponded, scenario.options.front_pressure
    if option != "ponded":
        ponded = np.full_like(ponded, option == "always")
    return cells.slope, cells.soil_depth, water.water_table, water.wetting_front, ponded, water.contact


def factors_of_safety(
    columns: tuple[np.ndarray, ...], strength: Strength, sin_cos: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """:func:`.stability.factor_of_safety` of numpy arrays (cells,), compiled or piece by piece.

    Args:
        columns: its arguments from the slope to the contact; strength: numbers or (cells,); sin_cos: of the slope.
    """
    if compiled():
        return _by_kernel(columns[1:], strength, sin_cos)
    count = columns[0].size
    if count <= _PIECE:
        return factor_of_safety(np, *columns, strength, sin_cos)
    found = [
        factor_of_safety(np, *(x[at] for x in columns), strength.at(at), (sin_cos[0][at], sin_cos[1][at]))
        for at in pieces(count, _PIECE)
    ]
    fs, front_governs = zip(*found)
    return np.concatenate(fs), np.concatenate(front_governs)


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


def _by_kernel(
    columns: tuple[np.ndarray, ...], strength: Strength, sin_cos: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    depth, table, front, ponded, contact = columns
    parameters = vars(strength).copy()
    exponential = bool(parameters.pop("exponential_roots"))
    numbers = (*sin_cos, depth, table, front, *parameters.values())
    vectors = tuple(read_only(np.ascontiguousarray(x, dtype=np.float64)) for x in numbers)
    switches = tuple(read_only(np.ascontiguousarray(x, dtype=bool)) for x in (ponded, contact))
    fs, governs = np.empty(depth.size), np.empty(depth.size, dtype=bool)
    with threads(depth.size, _compiled_factors):
        _compiled_factors(vectors, switches, exponential, _GUARDS, fs, governs)
    return fs, governs


if numba is not None:

    @numba.njit(cache=True, error_model="numpy")
    def _lay_out(work, row, values, first, last):
        """Values of a chunk's cells, which may be one number for all."""
        if values.size == 1:
            work[row, :] = values[0]
        else:
            for k in range(last - first):
                work[row, k] = values[first + k]

    @numba.njit(cache=True, error_model="numpy")
    def _roots(bound, depth, cohesion, root_depth, exponential):
        """Root cohesion at a depth; see stability._roots."""
        for k in range(depth.size):
            if exponential:
                bound[k] = cohesion[k] * np.exp(-depth[k] / max(root_depth[k], 1e-9))
            else:
                bound[k] = cohesion[k] if depth[k] <= root_depth[k] else 0.0

    @numba.njit(cache=True, error_model="numpy")
    def _chunk(sin_b, cos_b, depth, table, front, ponded, contact, work, roots_a, roots_b, guards, fs, governs):
        """The formula for a chunk of cells; the rows of ``work`` are the fields of Strength."""
        cohesion, tan, surcharge = work[0], work[1], work[4]
        moist, saturated, suction = work[5], work[6], work[7]
        water_weight, most, flattest, thinnest, shallowest, trace = guards
        for k in range(depth.size):
            d, h, z = depth[k], table[k], front[k]
            drive, normal = sin_b[k] * cos_b[k], cos_b[k] * cos_b[k]
            weight = saturated[k] * z + surcharge[k]
            stress = (weight - (water_weight * z if ponded[k] else 0.0)) * normal
            shear = weight * drive
            fs_a = (cohesion[k] + roots_a[k] + (stress if stress > 0.0 else 0.0) * tan[k]) / (
                shear if shear > 1e-9 else 1e-9
            )
            wet = z + h
            weight = saturated[k] * wet + moist[k] * (d - wet) + surcharge[k]
            stress = (weight - water_weight * (d if ponded[k] & contact[k] else h)) * normal
            shear = weight * drive
            bound = cohesion[k] + roots_b[k] + (suction[k] if (h < trace) & (z < d - trace) else 0.0)
            fs_b = (bound + (stress if stress > 0.0 else 0.0) * tan[k]) / (shear if shear > 1e-9 else 1e-9)
            front_fails = (z >= shallowest) & (fs_a < fs_b)
            least = fs_a if front_fails else fs_b
            least = 0.0 if least < 0.0 else (least if least < most else most)
            stable = (sin_b[k] < flattest * cos_b[k]) | (d < thinnest)
            fs[k] = most if stable else least
            governs[k] = front_fails & (not stable)

    @numba.njit(parallel=True, nogil=True, cache=True, error_model="numpy")
    def _compiled_factors(vectors, switches, exponential, guards, fs, governs):
        """Chunk by chunk; ``vectors`` are sin, cos, depth, table, front and the fields of Strength."""
        count = fs.size
        for chunk in numba.prange((count + _CHUNK - 1) // _CHUNK):
            first, last = chunk * _CHUNK, min(count, (chunk + 1) * _CHUNK)
            here = slice(first, last)
            work = np.empty((10, _CHUNK))
            for row in range(8):
                _lay_out(work, row, vectors[5 + row], first, last)
            depth, front = vectors[2][here], vectors[4][here]
            _roots(work[8], front, work[2], work[3], exponential)
            _roots(work[9], depth, work[2], work[3], exponential)
            _chunk(
                vectors[0][here], vectors[1][here], depth, vectors[3][here], front, switches[0][here],
                switches[1][here], work, work[8], work[9], guards, fs[here], governs[here],
            )  # fmt: skip
