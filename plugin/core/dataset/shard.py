"""A shard: cases of one study area and their water as computed by the engine, in one .npz file.

What is stored is the water at the end of the event, in single precision: water table, wetting front, contact, ponding.
Factor of safety and mask follow from it and the strength in closed form, so cases that differ in strength alone share
their water.
"""

from __future__ import annotations

import math
import tokenize
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Mapping, Sequence

import numpy as np
from numpy.lib import format as npy

from ...text import Text
from ...variables import HYDROLOGY, STRENGTH
from ..errors import InputError
from ..files.whole import replacing
from ..grid import Grid
from ..physics.water import WaterState
from ..result import Result
from ..scenario import Scenario
from ..terrain import Terrain
from .cases import SPLITS

LABEL = "Data set (DATASET)"
TERRAIN = ("elevation", "soil_depth", "geotransform", "crs")
WATER = ("water_table", "wetting_front", "ponded", "contact")
CASES = ("scenarios", "strength", "split", "names", "groups", "failed_cells")
ARRAYS = (*TERRAIN, "zones", "factors", *WATER, "water_of_case", *CASES)
#: Kinds of numpy's types, and number of axes.
_FORMS = {
    "elevation": ("f", 2), "soil_depth": ("f", 2), "geotransform": ("f", 1), "crs": ("U", 0), "zones": ("u", 2),
    "factors": ("f", 2), "water_table": ("f", 2), "wetting_front": ("f", 2), "ponded": ("b", 2), "contact": ("b", 2),
    "water_of_case": ("iu", 1), "scenarios": ("f", 2), "strength": ("f", 2), "split": ("iu", 1), "names": ("U", 1),
    "groups": ("U", 1), "failed_cells": ("iu", 1),
}  # fmt: skip
#: Bytes that a shard may unpack to, whatever its size, and how many times its size.
_ANY_SHARD, _MOST_TIMES = 256_000_000, 50
_LONGEST_TEXT = {"crs": 100_000, "names": 1000, "groups": 1000}  # characters
_FILE = "a shard (.npz) written by Slopecast"
_ADVICE = "Delete the file and build the data set again: finished shards are kept."
_UNREADABLE = (
    OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, TypeError,
    SyntaxError, KeyError, OverflowError, tokenize.TokenError,
)  # fmt: skip


def read_arrays(path: Path, names: Sequence[str] = ARRAYS) -> dict[str, np.ndarray]:
    """Read arrays of a shard by name.

    Raises:
        InputError: not a shard, a damaged one, or one whose numbers cannot be meant; names what is wrong.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            missing = [name for name in names if f"{name}.npy" not in archive.namelist()]
            if missing:
                raise InputError(LABEL, Text("'{}' has no {}", path, ", ".join(missing)), _FILE)
            _check_sizes(archive, path, names)
            arrays = {}
            for name in names:
                with archive.open(f"{name}.npy") as stream:
                    arrays[name] = npy.read_array(stream, allow_pickle=False)
    except _UNREADABLE as error:
        raise InputError(LABEL, Text("'{}' cannot be read ({})", path, error), _FILE, _ADVICE) from error
    for problem in (_wrong_shape(arrays), _wrong_value(arrays)):
        if problem:
            raise InputError(LABEL, Text("'{}' is damaged ({})", path, problem), _FILE, _ADVICE)
    return arrays


def _check_sizes(archive: zipfile.ZipFile, path: Path, names: Sequence[str]) -> None:
    """Check the headers of arrays; raises ``ValueError`` for types and sizes that a shard cannot have."""
    total = 0
    for name in names:
        with archive.open(f"{name}.npy") as stream:
            shape, kind = _header(stream)
        kinds, axes = _FORMS[name]
        if kind.kind not in kinds or len(shape) != axes:
            raise ValueError(f"{name} is of the type {kind} with {len(shape)} axes")
        if kind.kind == "U" and kind.itemsize > 4 * _LONGEST_TEXT[name]:
            raise ValueError(f"{name} contains texts longer than {_LONGEST_TEXT[name]} characters")
        total += math.prod(shape) * max(kind.itemsize, 1)
    most = max(_ANY_SHARD, _MOST_TIMES * path.stat().st_size)
    if total > most:
        raise ValueError(f"it unpacks to {total / 1e6:,.0f} MB, more than {most / 1e6:,.0f} MB")


def _header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type of an array; raises ``ValueError``."""
    version = npy.read_magic(stream)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"version {version} of numpy's format")
    shape, _, kind = (npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0)(stream)
    return shape, kind


def _wrong_shape(arrays: Mapping[str, np.ndarray]) -> str:
    """Error in the shapes; empty without one."""
    expected: dict[str, tuple[int, ...]] = {"geotransform": (6,)}
    if "elevation" in arrays:
        expected.update(dict.fromkeys(("soil_depth", "zones"), arrays["elevation"].shape))
    if "scenarios" in arrays:
        count = len(arrays["scenarios"])
        expected.update(scenarios=(count, len(HYDROLOGY)), strength=(count, len(STRENGTH)))
        expected.update(dict.fromkeys(("split", "names", "groups", "failed_cells", "water_of_case"), (count,)))
        if "factors" in arrays:
            expected["factors"] = (count, max(arrays["factors"].shape[1], 1))
    if "water_table" in arrays and arrays["soil_depth"].shape == arrays["elevation"].shape:
        unknown = np.isnan(arrays["elevation"]) | np.isnan(arrays["soil_depth"])
        states = (len(arrays["water_table"]), int((~unknown).sum()))
        expected.update(dict.fromkeys(WATER, states))
    wrong = [n for n, shape in expected.items() if n in arrays and arrays[n].shape != shape]
    return f"{wrong[0]} has the shape {arrays[wrong[0]].shape} instead of {expected[wrong[0]]}" if wrong else ""


def _wrong_value(arrays: Mapping[str, np.ndarray]) -> str:
    """Error in the values; empty without one."""
    for name, values in arrays.items():
        if name in ("elevation", "soil_depth"):
            if np.isinf(values).any():
                return f"{name} contains infinite values"
        elif values.dtype.kind == "f" and not np.isfinite(values).all():
            return f"{name} contains values that are not finite"
    limits = {"split": len(SPLITS), "failed_cells": np.inf}
    if "water_table" in arrays:
        limits.update(water_of_case=len(arrays["water_table"]), zones=arrays["factors"].shape[1])
    for name, limit in limits.items():
        values = arrays.get(name)
        if values is not None and values.size and not (values.min() >= 0 and values.max() < limit):
            return f"{name} contains {values.min()} to {values.max()}; allowed are 0 to below {limit:g}"
    return ""


@dataclass(frozen=True)
class Shard:
    """n cases of one study area and the w water states that the engine computed for them.

    Attributes:
        terrain: elevation and soil depth.
        scenarios: (n, 7) float64, columns as :data:`HYDROLOGY`.
        strength: (n, 7) float64, columns as :data:`STRENGTH`.
        zones: uint8 (rows, cols), the soil zone of a cell.
        factors: (n, zones), multiplies the conductivity in each zone.
        water: at the end of the event, (w, valid cells) each, depths float32 [m]; see :func:`stack_water`.
        water_of_case: (n,) int32, the row of ``water`` that belongs to a case.
        split: (n,) uint8, 0 train, 1 validation, 2 test.
        names, groups: (n,) str.
        failed_cells: (n,) int64; counted where it is not given.
    """

    terrain: Terrain
    scenarios: np.ndarray
    strength: np.ndarray
    zones: np.ndarray
    factors: np.ndarray
    water: WaterState
    water_of_case: np.ndarray
    split: np.ndarray
    names: np.ndarray
    groups: np.ndarray
    failed_cells: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.failed_cells is None:
            failed = [self._result(number).failed_cells for number in range(len(self))]
            object.__setattr__(self, "failed_cells", np.array(failed, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.scenarios)

    def scenario(self, number: int) -> Scenario:
        """The case's scenario."""
        values = dict(zip((*HYDROLOGY, *STRENGTH), (*self.scenarios[number].tolist(), *self.strength[number].tolist())))
        return zoned_scenario(values, self.zones, self.factors[number], str(self.names[number]))

    def state(self, number: int) -> WaterState:
        """Water of the valid cells at the end of a case; infiltration and runoff are not stored."""
        row, water = self.water_of_case[number], self.water
        depths = (x[row].astype(np.float64) for x in (water.water_table, water.wetting_front))
        return WaterState(*depths, None, water.ponded[row], water.contact[row])

    def factor_of_safety(self, number: int) -> np.ndarray:
        """Factor of safety of a case, float32 (rows, cols), NaN = NoData."""
        return self._result(number).factor_of_safety

    def mask(self, number: int) -> np.ndarray:
        """Failure mask of a case, uint8 (rows, cols): 0 stable, 1 failed (FS < 1), 255 NoData."""
        return self._result(number).failure_mask

    def _result(self, number: int) -> Result:
        return Result.of(self.scenario(number), self.terrain.cells, self.state(number))


def zoned_scenario(values: Mapping[str, float], zones: np.ndarray, factors: np.ndarray, name: str = "") -> Scenario:
    """Make a scenario whose conductivity is a raster where the factors of the zones differ from 1.

    Args:
        values: by parameter name.
        zones: uint8 (rows, cols); factors: (zones,), multiplies the conductivity in each zone.
        name: of the scenario.
    """
    given: dict[str, Any] = dict(values)
    if np.any(factors != 1.0):
        given["conductivity"] = given["conductivity"] * factors[zones]
    return Scenario(**given, name=name)


def single_precision(water: WaterState) -> WaterState:
    """Water of a terrain's cells as stored in a shard: depths as float32 [m]."""
    table, front = water.water_table.astype(np.float32), water.wetting_front.astype(np.float32)
    return WaterState(table, front, None, water.ponded, water.contact)


def stack_water(states: Sequence[WaterState]) -> WaterState:
    """Stack water states of the same cells, see :func:`single_precision`, to arrays (states, cells)."""
    return _water_state({name: np.stack([getattr(water, name) for water in states]) for name in WATER})


def _water_state(arrays: Mapping[str, np.ndarray]) -> WaterState:
    return WaterState(infiltration=None, **{name: arrays[name] for name in WATER})


def write_shard(path: Path, shard: Shard, hidden: Path | None = None) -> None:
    """Write a shard (compressed .npz) whole or not at all.

    Args:
        path, shard: what to write where.
        hidden: folder of ours for the unfinished file; ``None`` writes it next to the result.

    Raises:
        OSError: it cannot be written.
    """
    terrain = shard.terrain
    arrays = {
        "elevation": terrain.elevation.astype(np.float32), "soil_depth": terrain.soil_depth.astype(np.float32),
        "geotransform": np.array(terrain.grid.geotransform), "crs": np.array(terrain.grid.crs_wkt),
        **{name: getattr(shard.water, name) for name in WATER},
        **{name: getattr(shard, name) for name in ("zones", "factors", "water_of_case", *CASES)},
    }  # fmt: skip
    # numpy's own savez leaves the file open on a full disk, which keeps its room, and the file itself on Windows
    with (
        replacing(path, hidden) as partial,
        partial.open("wb") as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, values in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                npy.write_array(entry, np.asanyarray(values), allow_pickle=False)


def read_shard(path: Path) -> Shard:
    """Read a file of :func:`write_shard`.

    Raises:
        InputError: not a shard, or a damaged one.
    """
    arrays = read_arrays(path)
    others = {name: arrays[name] for name in ("zones", "factors", "water_of_case", *CASES)}
    return Shard(_terrain(arrays), water=_water_state(arrays), **others)


def read_cases(path: Path) -> dict[str, np.ndarray]:
    """Columns of a shard's cases, without its maps: ``scenarios``, ``strength``, ``split``, ``names`` and so on.

    Raises:
        InputError: not a shard, or a damaged one.
    """
    return read_arrays(path, CASES)


def read_terrain(path: Path) -> Terrain:
    """The terrain of a shard, without its cases; raises :class:`InputError`."""
    return _terrain(read_arrays(path, TERRAIN))


def _terrain(arrays: Mapping[str, np.ndarray]) -> Terrain:
    place = tuple(float(v) for v in arrays["geotransform"])
    grid = Grid(*arrays["elevation"].shape, place, str(arrays["crs"]))
    return Terrain(grid, arrays["elevation"].astype(np.float64), arrays["soil_depth"].astype(np.float64))
