"""What fills a shard: the engine on cases that are given, or drawn so that all shares of failed cells occur."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Sequence

import numpy as np

from ..core.cases import STRENGTH, Case
from ..core.designs import (
    LEAST_SHARE,
    SHARE_BINS,
    design_points,
    hydrology_at,
    share_bin,
    strength_at,
)
from ..core.feedback import Feedback, check_cancelled
from ..core.physics.assess import assess
from ..core.physics.engine import Simulation
from ..core.physics.groundwater import longest_step
from ..core.scenario import Scenario
from ..core.synthetic import mountain
from ..core.terrain import Terrain
from ..variables import (
    BY_NAME,
    CELL_SIZE_TRAINED_M,
    HYDROLOGY,
    LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM,
    SOIL_DEPTH_TRAINED_M,
)
from .device import torch_status
from .shard import Shard, packed_state

if TYPE_CHECKING:  # torch is imported where it is needed: data sets can be built without it
    from .water_grids import WaterGrid

#: Scenarios that would take more of the shortest steps than this are drawn again: they would take minutes. Small
#: mountains may have more of them, so that strong flow on fine cells is seen too.
_MOST_STEPS = 4_000
_MOST_CELL_STEPS = 6e8
_ZONED_SHARE = 0.25
_MOST_TRIES_A_CASE = 200  # for scenarios in which water comes from far
_PROBED = 256  # scenarios that tell in how many water comes from far
_OTHER_ANGLES = 4  # tried where the wanted share of failed cells cannot be had with the drawn friction angle


@dataclass(frozen=True)
class Simulated:
    """A finished event, and the water table when the network's water balance would go over to the raster's own cells.

    Attributes:
        run: finished.
        takeover_hours: that moment [h]; NaN where the raster's own cells do it all.
        takeover_table: (cells,) [m]; ``None`` where there is no such moment.
        known: whether the moment could be told.
    """

    run: Simulation
    takeover_hours: float = np.nan
    takeover_table: np.ndarray | None = None
    known: bool = True

    def packed(self) -> tuple:
        """As a shard stores it; without the last two where the moment is not known."""
        whole = packed_state(self.run, self.takeover_hours, self.takeover_table)
        return whole if self.known else whole[:4]


def grids_of(terrain: Terrain) -> tuple[WaterGrid, ...] | None:
    """The grids of the network's water balance; ``None`` without torch."""
    if not torch_status().installed:
        return None
    from .water_grids import water_grids

    return water_grids(terrain, "cpu")


def takeover_hours(grids: tuple[WaterGrid, ...] | None, scenario: Scenario) -> float | None:
    """When the network's water balance goes over to the raster's own cells [h]; ``None`` if it never leaves them."""
    if grids is None:
        return None
    from .coarse import takeover_time

    valid = grids[0].share.cpu().numpy() > 0  # what a soil map has where there is no terrain counts for nothing
    conductivity = np.broadcast_to(scenario.lateral_conductivity, valid.shape)[valid]
    seconds = takeover_time(grids, float(conductivity.max()), scenario.duration_s)
    return None if seconds is None else seconds / 3600.0


def far_share(terrain: Terrain, scenarios: Sequence[Scenario] | None = None) -> float | None:
    """Share of scenarios, 0 to 1, in which water comes from so far that the guided network is asked; none is simulated.

    Args:
        terrain: where.
        scenarios: which; ``None`` takes some over all training ranges, less those that would be drawn again.

    Returns:
        the share; ``None`` without torch, or where every scenario would be drawn again.
    """
    grids = grids_of(terrain)
    if scenarios is None:
        drawn = (Scenario(**hydrology_at(unit)) for unit in design_points(0, _PROBED))
        scenarios = [scenario for scenario in drawn if not is_costly(terrain, scenario)]
    if grids is None or not scenarios:
        return None
    return float(np.mean([takeover_hours(grids, scenario) is not None for scenario in scenarios]))


def simulate(
    terrain: Terrain, scenario: Scenario, feedback: Feedback, grids: tuple[WaterGrid, ...] | None
) -> Simulated:
    """Run the engine to the end of a scenario; stability is looked at there alone.

    Args:
        terrain, scenario: what to simulate; feedback: asked for cancellation.
        grids: of the terrain, see :func:`grids_of`.

    Raises:
        Cancelled: the user asked to stop.
    """
    hours = takeover_hours(grids, scenario)
    run = Simulation(terrain, scenario, failure_times=False, hours=() if hours is None else (hours,))
    table = None
    for _ in run.advance_by_intervals(feedback):
        if table is None and run.series:  # the hour that was asked for is reached
            table = run.water.table.copy()
    return Simulated(run, known=grids is not None) if hours is None else Simulated(run, hours, table)


def simulate_cases(terrain: Terrain, cases: Sequence[Case], feedback: Feedback) -> Shard:
    """Simulate given cases; those that differ in strength alone share one run.

    Raises:
        Cancelled: the user asked to stop.
    """
    known: dict[bytes, tuple] = {}
    drawn, states, grids = [], [], grids_of(terrain)
    for number, case in enumerate(cases):
        check_cancelled(feedback)
        hydrology = case.vector(HYDROLOGY)
        key = hydrology.tobytes()
        if key not in known:
            known[key] = simulate(terrain, case.scenario, feedback, grids).packed()
        drawn.append(hydrology)
        states.append(known[key])
        feedback.setProgress(100.0 * (number + 1) / len(cases))
    zones = np.zeros(terrain.grid.shape, dtype=np.uint8)
    return Shard(
        terrain, np.array(drawn), zones, np.ones((len(cases), 1)), *(np.stack(x) for x in zip(*states)),
        strength=np.array([case.vector(STRENGTH) for case in cases]),
        split=np.array([case.split for case in cases], dtype=np.uint8),
        names=np.array([case.name for case in cases]),
        groups=np.array([case.group for case in cases]),
    )  # fmt: skip


def simulate_balanced(
    terrain: Terrain, count: int, seed: Sequence[int], feedback: Feedback, *, zoned: bool = True, first: int = 0,
    far_only: bool = False,
) -> Shard:  # fmt: skip
    """Simulate cases that fill the training ranges, their strength such that all shares of failed cells occur.

    Conductivity, rain and the rest of what moves water, friction angle and root cohesion follow a Sobol sequence with
    a shift drawn from ``seed``; cohesion is set for the wanted share of failed cells. The bins of the share
    (:data:`SHARE_BINS`) take turns; one that cannot be had gives way to that of the possible ones which has fewest.

    Args:
        terrain: where.
        count: of cases.
        seed: fixes everything.
        feedback: asked for cancellation, told the progress.
        zoned: let a quarter of the cases have zones of different conductivity.
        first: number of the first case, for its name and turn.
        far_only: only scenarios in which the network has something to say: water comes from so far that its balance
            begins on wider cells. A terrain that gives too few of them takes others as well.

    Raises:
        Cancelled: the user asked to stop.
    """
    rng = np.random.default_rng(list(seed))
    zones = draw_zones(terrain.grid.shape, rng) if zoned else np.zeros(terrain.grid.shape, dtype=np.uint8)
    shift = rng.random(design_points(0, 1).shape[1])
    rows, states, had, point = [], [], np.zeros(len(SHARE_BINS), dtype=int), 0
    grids = grids_of(terrain)
    while len(rows) < count:
        unit = (design_points(point, 1)[0] + shift) % 1.0
        point += 1
        values = hydrology_at(unit)
        factor = _zone_factors(values, int(zones.max()) + 1, rng, _ZONED_SHARE if zoned else 0.0)
        shard = Shard(terrain, _row(values), zones, factor[None], *(np.zeros(0),) * 4)
        if is_costly(terrain, shard.scenario(0)):
            continue
        if far_only and point < count * _MOST_TRIES_A_CASE and takeover_hours(grids, shard.scenario(0)) is None:
            continue
        simulated = simulate(terrain, shard.scenario(0), feedback, grids)
        strength, share = balanced_strength(simulated.run, unit, (first + len(rows)) % len(SHARE_BINS), had)
        had[share] += 1
        rows.append((_row(values)[0], factor, strength))
        states.append(simulated.packed())
        feedback.setProgress(100.0 * len(rows) / count)
    scenarios, factors, strengths = zip(*rows)
    shard = Shard(
        terrain, np.array(scenarios), zones, np.array(factors), *(np.stack(x) for x in zip(*states)),
        strength=np.array([[s[name] for name in STRENGTH] for s in strengths]),
        names=np.array([f"case_{first + number + 1:04d}" for number in range(count)]),
    ).counted()  # fmt: skip
    cells = int(terrain.valid.sum())
    groups = [SHARE_BINS[share_bin(failed / cells)].label for failed in shard.failed_cells.tolist()]
    return replace(shard, groups=np.array(groups))


def balanced_strength(run: Simulation, unit: np.ndarray, wanted: int, had: np.ndarray) -> tuple[dict[str, float], int]:
    """Strength with which a simulated scenario fails a share of its cells that lies in a bin.

    Args:
        run: a finished event.
        unit: (dimensions,) point of the design, each in 0 to 1.
        wanted: number of the bin, of :data:`SHARE_BINS`.
        had: (bins,) cases so far, to choose another bin where the wanted one cannot be had.

    Returns:
        (strength by name, number of the bin it falls into).
    """
    for attempt in range(1 + _OTHER_ANGLES):
        strength = strength_at(unit, turn=attempt / (1 + _OTHER_ANGLES))
        cohesion = _cohesion_for(run, strength, wanted, unit[-1])
        if cohesion is not None:
            return {**strength, "cohesion": cohesion}, wanted
    strength = strength_at(unit)
    for other in sorted(range(len(SHARE_BINS)), key=lambda b: (had[b], abs(b - wanted))):
        cohesion = _cohesion_for(run, strength, other, unit[-1])
        if cohesion is not None:
            return {**strength, "cohesion": cohesion}, other
    strength["cohesion"] = float(np.mean(BY_NAME["cohesion"].trained))
    return strength, share_bin(_failed_share(run, strength))


def _cohesion_for(run: Simulation, strength: dict[str, float], wanted: int, position: float) -> float | None:
    """Cohesion within the trained range for a share of failed cells in a bin; ``None`` where there is none.

    ``position``, 0 to 1, tells where in the bin: its logarithm runs from the least to the greatest share.
    """
    least, most = BY_NAME["cohesion"].trained
    cells = run.cells.count
    low, high = SHARE_BINS[wanted].low, SHARE_BINS[wanted].high
    if high == 0.0:
        start = _least_cohesion(run, strength, 0.0, least, most)
        cohesion = start + position * (most - start)
        return cohesion if _failed_share(run, {**strength, "cohesion": cohesion}) == 0.0 else None
    low = max(low, LEAST_SHARE, 1.0 / cells)
    share = float(np.exp(np.log(low) + position * (np.log(high) - np.log(low))))
    cohesion = _least_cohesion(run, strength, share, least, most)
    return cohesion if share_bin(_failed_share(run, {**strength, "cohesion": cohesion})) == wanted else None


def _least_cohesion(run: Simulation, strength: dict[str, float], share: float, low: float, high: float) -> float:
    """Least cohesion with at most ``share`` failed cells, by bisection."""
    for _ in range(16):
        middle = 0.5 * (low + high)
        fails = _failed_share(run, {**strength, "cohesion": middle})
        low, high = (middle, high) if fails > share else (low, middle)
    return high


def _failed_share(run: Simulation, strength: dict[str, float]) -> float:
    """Share of the cells, 0 to 1, that fail with some strength in a simulated event."""
    tried = run.scenario.with_values(**strength)
    return float((assess(run.cells, run.state(), tried).fs < 1.0).mean())


def is_costly(terrain: Terrain, scenario: Scenario) -> bool:
    """Whether a scenario would take more steps than worth while."""
    lateral = np.broadcast_to(scenario.lateral_conductivity, terrain.grid.shape)
    steps = scenario.duration_s / longest_step(terrain, terrain.valid, lateral)
    return steps > max(_MOST_STEPS, _MOST_CELL_STEPS / terrain.valid.size)


def _row(values: dict[str, float]) -> np.ndarray:
    return np.array([[values[name] for name in HYDROLOGY]])


def _zone_factors(values: dict[str, float], zones: int, rng: np.random.Generator, share: float) -> np.ndarray:
    """What multiplies the conductivity in each zone, (zones,); ones in all but a ``share`` of the calls."""
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


def procedural_terrain(seed: int, size: int = 256, widest: float = CELL_SIZE_TRAINED_M[1]) -> Terrain:
    """A procedural mountain at a cell size drawn from the trained range (log-uniform) up to ``widest`` [m]."""
    rng = np.random.default_rng([seed, 7])
    cell_size = round(float(np.exp(rng.uniform(np.log(CELL_SIZE_TRAINED_M[0]), np.log(widest)))), 2)
    made = mountain(seed, (size, size), cell_size, masked=bool(rng.random() < 0.3))
    depth = np.minimum(made.soil_depth, SOIL_DEPTH_TRAINED_M[1])
    return Terrain.from_arrays(made.elevation, depth, cell_size)
