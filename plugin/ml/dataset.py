"""Training data: simulated water in the soil of procedural mountains, one shard a mountain.

Only what lateral flow decides is simulated and stored (water table, wetted band, contact): soil
strength enters the stability formula exactly, so training draws it afresh each time.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import numpy as np

from ..core.feedback import Feedback
from ..core.physics.engine import Event
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

_SCALE = 65535.0  # water table and front are stored as shares of the soil depth in 16 bits
_MOST_CELL_STEPS = 6e8  # per scenario; finer would take minutes
_ZONED_SHARE = 0.25


@dataclass(frozen=True)
class Shard:
    """One mountain and what the engine simulated on it.

    Attributes:
        terrain: elevation and soil depth.
        scenarios: (n, 7) float64, columns as :data:`HYDROLOGY`.
        zones: uint8 (rows, cols), the soil zone of a cell.
        factors: (n, zones), multiplies the conductivity in each zone.
        water_table, wetting_front: (n, rows, cols) uint16, share of the soil depth times 65535.
        contact: (n, rows, cols) bool.
    """

    terrain: Terrain
    scenarios: np.ndarray
    zones: np.ndarray
    factors: np.ndarray
    water_table: np.ndarray
    wetting_front: np.ndarray
    contact: np.ndarray

    def scenario(self, number: int) -> Scenario:
        """The stored hydrology with default strength; conductivity is a raster where zones differ."""
        values = dict(zip(HYDROLOGY, (float(v) for v in self.scenarios[number])))
        factors = self.factors[number]
        if np.any(factors != 1.0):
            values["conductivity"] = values["conductivity"] * factors[self.zones]
        return Scenario(**values)


def draw_hydrology(rng: np.random.Generator) -> dict[str, float]:
    """Draw one scenario's water parameters over the training ranges (log-uniform where marked so)."""
    values = {}
    for name in HYDROLOGY:
        variable = BY_NAME[name]
        low, high = variable.trained or (variable.minimum, variable.maximum)
        values[name] = float(
            np.exp(rng.uniform(np.log(low), np.log(high))) if variable.log_scale else rng.uniform(low, high)
        )
    if rng.random() < 0.5:
        low = np.log(max(1.0, 1e-5 / values["conductivity"]))
        values["lateral_anisotropy"] = float(np.exp(rng.uniform(min(low, np.log(50.0)), np.log(50.0))))
    cap = LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM / values["conductivity"]
    values["lateral_anisotropy"] = float(np.clip(values["lateral_anisotropy"], 1.0, max(cap, 1.0)))
    return values


def simulate_shard(terrain: Terrain, count: int, rng: np.random.Generator, feedback: Feedback) -> Shard:
    """Simulate ``count`` drawn scenarios on a terrain.

    Raises:
        Cancelled: the user asked to stop.
    """
    zones = _draw_zones(terrain.grid.shape, rng)
    drawn, factors, states = [], [], []
    while len(drawn) < count:
        values = draw_hydrology(rng)
        factor = np.ones(int(zones.max()) + 1)
        if rng.random() < _ZONED_SHARE:
            factor = np.exp(rng.uniform(np.log(0.2), np.log(5.0), factor.size))
            low, high = BY_NAME["conductivity"].trained or (0.0, 1.0)
            cap = min(high, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM / values["lateral_anisotropy"])
            factor = np.clip(factor * values["conductivity"], low, cap) / values["conductivity"]
        shard = Shard(terrain, np.array([[values[n] for n in HYDROLOGY]]), zones, factor[None], *(np.zeros(0),) * 3)
        scenario = shard.scenario(0)
        lateral = np.broadcast_to(scenario.lateral_conductivity, terrain.grid.shape)
        steps = scenario.duration_s / longest_step(terrain, terrain.valid, lateral)
        if steps * terrain.valid.size > _MOST_CELL_STEPS:
            continue
        run = Event(terrain, scenario)
        for _ in run.advance_by_intervals(feedback):
            pass
        drawn.append([values[n] for n in HYDROLOGY])
        factors.append(factor)
        states.append(_pack(run))
    tables, fronts, contacts = (np.stack(x) for x in zip(*states))
    return Shard(terrain, np.array(drawn), zones, np.array(factors), tables, fronts, contacts)


def _pack(run: Event) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    state, cells = run.state(), run.cells
    depth = np.maximum(run.picked_depth, 1e-6)
    packed = []
    for values in (state.water_table, state.wetting_front):
        full = np.zeros(cells.shape, dtype=np.uint16)
        full[cells] = np.round(np.clip(values / depth, 0.0, 1.0) * _SCALE)
        packed.append(full)
    contact = np.zeros(cells.shape, dtype=bool)
    contact[cells] = state.contact
    return packed[0], packed[1], contact


def unpack_share(stored: np.ndarray) -> np.ndarray:
    """Share of the soil depth, float32, from its stored form."""
    return stored.astype(np.float32) / np.float32(_SCALE)


def _draw_zones(shape: tuple[int, int], rng: np.random.Generator) -> np.ndarray:
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
    """A procedural mountain at a cell size drawn from the trained range (log-uniform)."""
    rng = np.random.default_rng([seed, 7])
    low, high = CELL_SIZE_TRAINED_M
    cell_size = round(float(np.exp(rng.uniform(np.log(low), np.log(high)))), 2)
    made = mountain(seed, (size, size), cell_size, masked=bool(rng.random() < 0.3))
    depth = np.minimum(made.soil_depth, SOIL_DEPTH_TRAINED_M[1])
    return Terrain.from_arrays(made.elevation, depth, cell_size)


def write_shard(path: Path, shard: Shard) -> None:
    """Write a shard whole or not at all (uncompressed .npz)."""
    partial = path.with_name(f".{path.stem}.{os.getpid()}.part.npz")
    np.savez(
        partial,
        elevation=shard.terrain.elevation.astype(np.float32),
        soil_depth=shard.terrain.soil_depth.astype(np.float32),
        cell_size=shard.terrain.grid.cell_width,
        scenarios=shard.scenarios, zones=shard.zones, factors=shard.factors,
        water_table=shard.water_table, wetting_front=shard.wetting_front, contact=shard.contact,
    )  # fmt: skip
    os.replace(partial, path)


def read_shard(path: Path) -> Shard:
    """Read what :func:`write_shard` wrote."""
    with np.load(path) as data:
        terrain = Terrain.from_arrays(data["elevation"], data["soil_depth"], float(data["cell_size"]))
        rest = (data[k] for k in ("scenarios", "zones", "factors", "water_table", "wetting_front", "contact"))
        return Shard(terrain, *rest)


def build_procedural(folder: Path, seeds: range, scenarios: int, feedback: Feedback, size: int = 256) -> Iterator[Path]:
    """Simulate mountains into ``folder``, one shard a seed; what is there already is kept (resumable).

    Yields:
        each shard's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds):
        path = folder / f"mountain_{seed:06d}.npz"
        if not path.exists():
            terrain = procedural_terrain(seed, size)
            rng = np.random.default_rng([seed, zlib.crc32(b"scenarios")])
            write_shard(path, simulate_shard(terrain, scenarios, rng, feedback))
        feedback.setProgress(100.0 * (number + 1) / len(seeds))
        yield path
