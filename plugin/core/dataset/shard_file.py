"""Reads the arrays of a shard and checks their names, types, shapes, sizes and values."""

from __future__ import annotations

import math
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import IO, Mapping, Sequence

import numpy as np
from numpy.lib import format as npy

from ...text import Text
from ...variables import HYDROLOGY, STRENGTH
from ..errors import InputError
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
    """Look at the headers of arrays; raises ``ValueError`` for types and sizes that no shard has."""
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
