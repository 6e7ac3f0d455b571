"""A shard: some cases on one mountain and the water that the engine simulated for them, as one .npz file.

What lateral flow decides is stored (water table, wetted band, contact, ponding); strength enters the stability formula
exactly, so the factor of safety and the mask of a case follow from what is stored. Cases that differ in strength alone
share their water in the file.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from ..core.cases import STRENGTH, TRAIN
from ..core.errors import InputError
from ..core.grid import MASK_NODATA, Grid
from ..core.physics.assess import assess
from ..core.physics.engine import Simulation
from ..core.physics.water import WaterState
from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..text import Text
from ..variables import HYDROLOGY

_SCALE = 65535.0  # water table and front are stored as shares of the soil depth in 16 bits
_STATES = ("water_table", "wetting_front", "contact", "ponded", "takeover_hours", "takeover_table")
_OF_CASES = ("strength", "split", "names", "groups", "failed_cells")
_NEEDED = ("elevation", "soil_depth", "cell_size", "scenarios", "zones", "factors", *_STATES[:4])
LABEL = "Data set (DATASET)"


@dataclass(frozen=True)
class Shard:
    """Cases on one mountain and what the engine simulated for them; n cases.

    Attributes:
        terrain: elevation and soil depth.
        scenarios: (n, 7) float64, columns as :data:`HYDROLOGY`.
        zones: uint8 (rows, cols), the soil zone of a cell.
        factors: (n, zones), multiplies the conductivity in each zone.
        water_table, wetting_front: (n, rows, cols) uint16, share of the soil depth times 65535.
        contact: (n, rows, cols) bool, the wetted band has reached the table.
        ponded: (n, rows, cols) bool, the rain exceeds the infiltration capacity.
        takeover_hours: (n,) float64, when the network's water balance goes over to the raster's own cells [h], NaN
            where it never leaves them; takeover_table: (n, rows, cols) uint16, the engine's water table then, stored
            as the other. Both ``None`` in data sets built without torch, from which no guided network can be trained.
        strength: (n, 7) float64, columns as :data:`STRENGTH`; NaN is drawn afresh whenever it is needed.
        split: (n,) uint8, 0 train, 1 validation, 2 test.
        names, groups: (n,) str.
        failed_cells: (n,) int64, failed cells of each case; ``None`` where they were not counted.
    """

    terrain: Terrain
    scenarios: np.ndarray
    zones: np.ndarray
    factors: np.ndarray
    water_table: np.ndarray
    wetting_front: np.ndarray
    contact: np.ndarray
    ponded: np.ndarray
    takeover_hours: np.ndarray | None = None
    takeover_table: np.ndarray | None = None
    strength: np.ndarray | None = None
    split: np.ndarray | None = None
    names: np.ndarray | None = None
    groups: np.ndarray | None = None
    failed_cells: np.ndarray | None = None

    def __post_init__(self) -> None:
        count = len(self.scenarios)
        defaults = {
            "strength": lambda: np.full((count, len(STRENGTH)), np.nan),
            "split": lambda: np.full(count, TRAIN, dtype=np.uint8),
            "names": lambda: np.array([f"case_{number + 1:04d}" for number in range(count)]),
            "groups": lambda: np.full(count, ""),
        }
        for name, make in defaults.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, make())

    def __len__(self) -> int:
        return len(self.scenarios)

    def scenario(self, number: int) -> Scenario:
        """The case's scenario; strengths that are not fixed take their defaults.

        Conductivity is a raster where the zones differ.
        """
        values: dict[str, Any] = dict(zip(HYDROLOGY, (float(v) for v in self.scenarios[number])))
        values.update({k: float(v) for k, v in zip(STRENGTH, self.strength[number]) if np.isfinite(v)})
        factors = self.factors[number]
        if np.any(factors != 1.0):
            values["conductivity"] = values["conductivity"] * factors[self.zones]
        return Scenario(**values, name=str(self.names[number]))

    def state(self, number: int) -> WaterState:
        """Water of the valid cells at the end of a case; the infiltration is not stored."""
        cells = self.terrain.cells
        scale = cells.soil_depth / _SCALE
        return WaterState(
            water_table=cells.pick(self.water_table[number]) * scale,
            wetting_front=cells.pick(self.wetting_front[number]) * scale,
            infiltration=None,
            ponded=cells.pick(self.ponded[number]),
            contact=cells.pick(self.contact[number]).astype(bool),
        )

    def factor_of_safety(self, number: int, **strength: float) -> np.ndarray:
        """Factor of safety of a case, float32 (rows, cols), NaN = NoData.

        Args:
            number: of the case.
            strength: instead of the case's own, e.g. ``cohesion=5``.
        """
        cells, scenario = self.terrain.cells, self.scenario(number)
        if strength:
            scenario = scenario.with_values(**strength)
        return cells.on_map(assess(cells, self.state(number), scenario).fs)

    def mask(self, number: int) -> np.ndarray:
        """Failure mask of a case, uint8 (rows, cols): 0 stable, 1 failed (FS < 1), 255 NoData."""
        fs = self.factor_of_safety(number)
        mask = (fs < 1.0).astype(np.uint8)
        mask[np.isnan(fs)] = MASK_NODATA
        return mask

    def counted(self) -> Shard:
        """The same shard with the failed cells of its cases."""
        failed = [int((self.factor_of_safety(number) < 1.0).sum()) for number in range(len(self))]
        return replace(self, failed_cells=np.array(failed, dtype=np.int64))

    def on(self, terrain: Terrain) -> Shard:
        """The same shard with a terrain that equals its own, so that what was computed for it need not be again."""
        return replace(self, terrain=terrain)


def packed_state(run: Simulation, takeover_hours: float = np.nan, takeover_table: np.ndarray | None = None) -> tuple:
    """The water of a finished event as a shard stores it, in the order of its fields from ``water_table`` on.

    Args:
        run: the event.
        takeover_hours, takeover_table: see :class:`Shard`; the table of the event's cells [m].

    Returns:
        table, front, contact, ponded: (rows, cols) each; the hours, a number; the table then, (rows, cols).
    """
    state, cells = run.state(), run.cells
    depth = np.maximum(cells.soil_depth, 1e-6)

    def packed(values: np.ndarray) -> np.ndarray:
        return cells.on_map(np.round(np.clip(values / depth, 0.0, 1.0) * _SCALE), 0, np.uint16)

    def flags(values: np.ndarray) -> np.ndarray:
        return cells.on_map(values, False, bool)

    earlier = np.zeros_like(depth) if takeover_table is None else takeover_table
    return (packed(state.water_table), packed(state.wetting_front), flags(state.contact), flags(state.ponded),
            np.float64(takeover_hours), packed(earlier))  # fmt: skip


def unpack_share(stored: np.ndarray) -> np.ndarray:
    """Share of the soil depth, float32, from its stored form."""
    return stored.astype(np.float32) / np.float32(_SCALE)


def write_shard(path: Path, shard: Shard) -> None:
    """Write a shard whole or not at all (compressed .npz); water that cases share is written once."""
    first, state = _shared(shard)
    arrays = {
        "elevation": shard.terrain.elevation.astype(np.float32),
        "soil_depth": shard.terrain.soil_depth.astype(np.float32),
        "cell_size": shard.terrain.grid.cell_width,
        "geotransform": np.array(shard.terrain.grid.geotransform), "crs": np.array(shard.terrain.grid.crs_wkt),
        "scenarios": shard.scenarios, "zones": shard.zones, "factors": shard.factors, "state": state,
        "strength": shard.strength, "split": shard.split, "names": shard.names, "groups": shard.groups,
    }  # fmt: skip
    if shard.failed_cells is not None:
        arrays["failed_cells"] = shard.failed_cells
    for name in _STATES:
        values = getattr(shard, name)
        if values is not None:
            arrays[name] = values[first]
    partial = path.with_name(f".{path.stem}.{os.getpid()}.part.npz")
    np.savez_compressed(partial, **arrays)
    os.replace(partial, path)


def _shared(shard: Shard) -> tuple[np.ndarray, np.ndarray]:
    """First case of each different water, and each case's number among these; as zones and rain tell, not the maps."""
    keys = np.concatenate([shard.scenarios, shard.factors], axis=1)
    places: dict[bytes, int] = {}
    first, state = [], []
    for number, key in enumerate(keys):
        if key.tobytes() not in places:
            places[key.tobytes()] = len(first)
            first.append(number)
        state.append(places[key.tobytes()])
    return np.array(first), np.array(state, dtype=np.int32)


def read_shard(path: Path) -> Shard:
    """Read what :func:`write_shard` wrote.

    Raises:
        InputError: no shard, or a damaged one.
    """
    arrays = _arrays(path)
    missing = [name for name in _NEEDED if name not in arrays]
    if missing:
        raise InputError(LABEL, Text("'{}' has no {}", path, ", ".join(missing)), "a shard (.npz) made by Slopecast")
    states = {name: arrays[name] for name in _STATES if name in arrays}
    if "state" in arrays:
        states = {name: _of_cases(values, arrays["state"]) for name, values in states.items()}
    others = {k: arrays[k] for k in ("scenarios", "zones", "factors", *_OF_CASES) if k in arrays}
    return Shard(_terrain(arrays), **others, **states)


def read_cases(path: Path) -> dict[str, np.ndarray]:
    """What a shard tells of its cases, without its maps: ``scenarios``, ``strength``, ``takeover_hours`` and so on.

    Raises:
        InputError: no shard, or a damaged one.
    """
    told = _arrays(path, ("scenarios", "state", "takeover_hours", *_OF_CASES))
    if "takeover_hours" in told:
        told["takeover_hours"] = _of_cases(told["takeover_hours"], told.pop("state"))
    return told


def read_terrain(path: Path) -> Terrain:
    """The terrain of a shard, without its cases; raises :class:`InputError`."""
    return _terrain(_arrays(path, ("elevation", "soil_depth", "cell_size", "geotransform", "crs")))


def _arrays(path: Path, names: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """Arrays of a shard by name: some, where it has them, or all; raises :class:`InputError`."""
    try:
        with np.load(path, allow_pickle=False) as data:
            return {name: data[name] for name in data.files if name in names or not names}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            LABEL, Text("'{}' cannot be read ({})", path, error), "a shard (.npz) made by Slopecast",
            "Delete the file and build the data set again: what is there already is kept.",
        ) from error  # fmt: skip


def _terrain(arrays: dict[str, np.ndarray]) -> Terrain:
    if "geotransform" not in arrays:
        return Terrain.from_arrays(arrays["elevation"], arrays["soil_depth"], float(arrays["cell_size"]))
    place = tuple(float(v) for v in arrays["geotransform"])
    grid = Grid(*arrays["elevation"].shape, place, str(arrays["crs"]))
    return Terrain(grid, arrays["elevation"].astype(np.float64), arrays["soil_depth"].astype(np.float64))


def _of_cases(values: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Water by case; a read-only view where nothing has to be copied."""
    if len(values) == len(state):
        return values
    if len(values) == 1:
        return np.broadcast_to(values[0], (len(state), *values.shape[1:]))
    return values[state]
