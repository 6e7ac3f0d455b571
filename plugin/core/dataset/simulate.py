"""Simulates the cases of a shard; drawn cases cover all shares of failed cells."""

from __future__ import annotations

from dataclasses import replace
from itertools import count as count_up
from itertools import islice
from typing import Hashable, Iterator, Sequence

import numpy as np

from ...variables import (
    BY_NAME,
    CELL_SIZE_TRAINED_M,
    HYDROLOGY,
    LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM,
    SOIL_DEPTH_TRAINED_M,
    STRENGTH,
)
from ..feedback import Feedback
from ..physics.assess import assess
from ..physics.engine import Engine
from ..physics.flow.groundwater import longest_step
from ..physics.water import WaterState
from ..result import Result
from ..scenario import Scenario
from ..synthetic import procedural_area
from ..synthetic.even_slopes import even_slope
from ..terrain import Terrain
from ..validation.metrics import bin_number
from .cases import TRAIN, Case
from .designs import LEAST_SHARE, SHARE_BINS, design_points, hydrology_at, strength_at
from .shard import Shard, single_precision, stack_water, zoned_scenario

#: Scenarios that would take more of the shortest steps than this are drawn again: they would take minutes. Small areas
#: may have more of them, so that strong flow on fine cells is seen too.
_MOST_STEPS = 4_000
_MOST_CELL_STEPS = 6e8
_ZONED_SHARE = 0.25
_EVEN_SHARE = 0.05  # of procedural study areas
_FURTHER_ANGLES = 4  # tried where the wanted share of failed cells cannot be reached with the drawn friction angle


def simulate_cases(terrain: Terrain, cases: Sequence[Case], feedback: Feedback) -> Shard:
    """Simulate cases; those that differ only in strength share one simulation.

    Raises:
        Cancelled: the user cancelled the run.
    """
    states: list[WaterState] = []
    rows: dict[Hashable, int] = {}
    scenarios = [case.scenario for case in cases]
    for result in Engine(failure_times=False).solve(terrain, scenarios, feedback):
        if rows.setdefault(result.scenario.hydrology, len(states)) == len(states):
            states.append(single_precision(result.water))
    return Shard(
        terrain,
        scenarios=np.array([case.vector(HYDROLOGY) for case in cases]),
        strength=np.array([case.vector(STRENGTH) for case in cases]),
        zones=np.zeros(terrain.grid.shape, dtype=np.uint8),
        factors=np.ones((len(cases), 1)),
        water=stack_water(states),
        water_of_case=np.array([rows[scenario.hydrology] for scenario in scenarios], dtype=np.int32),
        split=np.array([case.split for case in cases], dtype=np.uint8),
        names=np.array([case.name for case in cases]),
        groups=np.array([case.group for case in cases]),
    )


def simulate_balanced(
    terrain: Terrain, count: int, seed: Sequence[int], feedback: Feedback, *, zoned: bool = True, first: int = 0
) -> Shard:
    """Simulate cases that fill the training ranges, their strength such that all shares of failed cells occur.

    Conductivity, rain and the other hydrological parameters, friction angle and root cohesion follow a Sobol sequence
    with a shift drawn from ``seed``; cohesion is set for the wanted share of failed cells. The bins of the share
    (:data:`SHARE_BINS`) take turns; one that cannot be reached gives way to the reachable one with the fewest cases.
    All cases are on the training side of the split.

    Args:
        terrain: where.
        count: of cases.
        seed: fixes everything.
        feedback: for progress and cancellation.
        zoned: let a quarter of the cases have zones of different conductivity.
        first: number of the first case, for its name and turn.

    Raises:
        Cancelled: the user cancelled the run.
    """
    rng = np.random.default_rng(list(seed))
    zones = draw_zones(terrain.grid.shape, rng) if zoned else np.zeros(terrain.grid.shape, dtype=np.uint8)
    units, values, factors, scenarios = zip(*islice(_draw_scenarios(terrain, zones, rng, zoned=zoned), count))
    strengths, states, reached = [], [], np.zeros(len(SHARE_BINS), dtype=int)
    for number, result in enumerate(Engine(failure_times=False).solve(terrain, scenarios, feedback)):
        strength, share = balanced_strength(result, units[number], (first + number) % len(SHARE_BINS), reached)
        reached[share] += 1
        strengths.append([strength[name] for name in STRENGTH])
        states.append(single_precision(result.water))
    shard = Shard(
        terrain, np.array(values), np.array(strengths), zones, np.array(factors), stack_water(states),
        water_of_case=np.arange(count, dtype=np.int32), split=np.full(count, TRAIN, dtype=np.uint8),
        names=np.array([f"case_{first + number + 1:04d}" for number in range(count)]), groups=np.full(count, ""),
    )  # fmt: skip
    shares = shard.failed_cells / terrain.cells.count
    return replace(
        shard, groups=np.array([SHARE_BINS[bin_number(SHARE_BINS, share)].label for share in shares.tolist()])
    )


def _draw_scenarios(
    terrain: Terrain, zones: np.ndarray, rng: np.random.Generator, *, zoned: bool
) -> Iterator[tuple[np.ndarray, list[float], np.ndarray, Scenario]]:
    """Yield design point, values of :data:`HYDROLOGY`, factors of the zones and scenario, without costly ones."""
    shift = rng.random(design_points(0, 1).shape[1])
    for point in count_up():
        unit = (design_points(point, 1)[0] + shift) % 1.0
        values = hydrology_at(unit)
        factors = _zone_factors(values, int(zones.max()) + 1, rng, _ZONED_SHARE if zoned else 0.0)
        scenario = zoned_scenario(values, zones, factors)
        if not is_costly(terrain, scenario):
            yield unit, [values[name] for name in HYDROLOGY], factors, scenario


def balanced_strength(
    result: Result, unit: np.ndarray, wanted: int, reached: np.ndarray
) -> tuple[dict[str, float], int]:
    """Strength with which a simulated scenario fails a share of its cells that lies in a bin.

    Args:
        result: the simulated scenario, with any strength.
        unit: (dimensions,) point of the design, each in 0 to 1.
        wanted: number of the bin, of :data:`SHARE_BINS`.
        reached: (bins,) cases so far, to choose another bin where the wanted one cannot be reached.

    Returns:
        (strength by name, number of the bin it falls into).
    """
    for attempt in range(1 + _FURTHER_ANGLES):
        strength = strength_at(unit, turn=attempt / (1 + _FURTHER_ANGLES))
        cohesion = _cohesion_for(result, strength, wanted, unit[-1])
        if cohesion is not None:
            return {**strength, "cohesion": cohesion}, wanted
    strength = strength_at(unit)
    for other in sorted(range(len(SHARE_BINS)), key=lambda b: (reached[b], abs(b - wanted))):
        cohesion = _cohesion_for(result, strength, other, unit[-1])
        if cohesion is not None:
            return {**strength, "cohesion": cohesion}, other
    strength["cohesion"] = float(np.mean(BY_NAME["cohesion"].trained))
    return strength, bin_number(SHARE_BINS, _failed_share(result, strength))


def _cohesion_for(result: Result, strength: dict[str, float], wanted: int, position: float) -> float | None:
    """Cohesion in the trained range for a failed share within a bin; ``None`` if there is none.

    ``position``, 0 to 1, is the place in the bin: the logarithm of the share runs from its least to its greatest.
    """
    least, most = BY_NAME["cohesion"].trained
    cells = result.cells.count
    low, high = SHARE_BINS[wanted].low, SHARE_BINS[wanted].high
    if high == 0.0:
        start = _least_cohesion(result, strength, 0.0, least, most)
        cohesion = start + position * (most - start)
        return cohesion if _failed_share(result, {**strength, "cohesion": cohesion}) == 0.0 else None
    low = max(low, LEAST_SHARE, 1.0 / cells)
    share = float(np.exp(np.log(low) + position * (np.log(high) - np.log(low))))
    cohesion = _least_cohesion(result, strength, share, least, most)
    return (
        cohesion
        if bin_number(SHARE_BINS, _failed_share(result, {**strength, "cohesion": cohesion})) == wanted
        else None
    )


def _least_cohesion(result: Result, strength: dict[str, float], share: float, low: float, high: float) -> float:
    """Least cohesion with at most ``share`` failed cells, by bisection."""
    for _ in range(16):
        middle = 0.5 * (low + high)
        fails = _failed_share(result, {**strength, "cohesion": middle})
        low, high = (middle, high) if fails > share else (low, middle)
    return high


def _failed_share(result: Result, strength: dict[str, float]) -> float:
    """Share of the cells, 0 to 1, that fail with some strength in a simulated event."""
    tried = result.scenario.with_values(**strength)
    return float((assess(result.cells, result.water, tried).fs < 1.0).mean())


def is_costly(terrain: Terrain, scenario: Scenario) -> bool:
    """Whether a scenario would need too many time steps."""
    lateral = np.broadcast_to(scenario.lateral_conductivity, terrain.grid.shape)
    steps = scenario.duration_s / longest_step(terrain, lateral)
    return steps > max(_MOST_STEPS, _MOST_CELL_STEPS / terrain.valid.size)


def _zone_factors(values: dict[str, float], zones: int, rng: np.random.Generator, share: float) -> np.ndarray:
    """Conductivity factors of the zones, (zones,); different from one in a ``share`` of the calls."""
    if rng.random() >= share:
        return np.ones(zones)
    factor = np.exp(rng.uniform(np.log(0.2), np.log(5.0), zones))
    low, high = BY_NAME["conductivity"].trained
    cap = min(high, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM / values["lateral_anisotropy"])
    return np.clip(factor * values["conductivity"], low, cap) / values["conductivity"]


def draw_zones(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
    """Voronoi polygons with warped borders, as soil maps have them; uint8."""
    rows, cols = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)

    def wave() -> np.ndarray:
        turn = rows * rng.uniform(0.02, 0.1) + cols * rng.uniform(-0.1, 0.1) + rng.uniform(0, 6)
        return rng.uniform(2, 6) * np.sin(turn)

    waves = [wave() + wave() + wave() for _ in range(2)]
    seeds = rng.uniform(0, 1, (int(rng.integers(2, 8)), 2)) * shape
    distance = [(rows + waves[0] - r) ** 2 + (cols + waves[1] - c) ** 2 for r, c in seeds]
    return np.argmin(distance, axis=0).astype(np.uint8)


def procedural_terrain(seed: int, size: int = 256) -> Terrain:
    """Draw a procedural study area of ``size`` cells a side, its cell size log-uniform over the trained range.

    One in twenty is an even slope.
    """
    rng = np.random.default_rng([seed, 7])
    cell_size = round(float(np.exp(rng.uniform(*np.log(CELL_SIZE_TRAINED_M)))), 2)
    masked = bool(rng.random() < 0.3)
    if rng.random() < _EVEN_SHARE:
        return Terrain.from_arrays(*even_slope(rng, (size, size), cell_size), cell_size)
    made = procedural_area(seed, (size, size), cell_size, masked=masked)
    depth = np.minimum(made.soil_depth, SOIL_DEPTH_TRAINED_M[1])
    return Terrain.from_arrays(made.elevation, depth, cell_size)
