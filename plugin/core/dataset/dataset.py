"""Reads a data set: a folder of shards and the file that describes them."""

from __future__ import annotations

import json
import os
import re
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Iterable, Iterator

import numpy as np

from ...text import Text
from ...variables import BY_NAME, HYDROLOGY, STRENGTH
from ..errors import InputError
from ..files.whole import replacing, write_text
from ..files.work_folder import HIDDEN
from ..terrain import Terrain
from ..validation.evaluation import ReferenceCase
from .cases import SPLITS
from .shard import LABEL, Shard, read_shard

FORMAT = "slopecast-dataset-2"
FILE, PLAN_FILE = "dataset.json", "build.json"
_SHARDS_KEPT = 4
_SHARD_FILE = re.compile(r"[^./\\:\x00-\x1f][^/\\:\x00-\x1f]{0,250}\.npz")
_LARGEST_JSON = 50_000_000  # bytes
_BUILD = "Build it with 'Build a training set'."


@dataclass(frozen=True)
class CaseReference:
    """Position of a case (shard number, number within the shard) and its known properties."""

    shard: int
    number: int
    name: str
    group: str
    split: int
    study_area: str
    failed_cells: int


@dataclass(frozen=True)
class ShardEntry:
    """A shard's file and the name of its study area."""

    file: str
    study_area: str


@dataclass
class Dataset:
    """A complete data set; shards are read when they are needed, the last few are kept.

    Attributes:
        folder: where it is.
        description: content of ``dataset.json``: format, design, seed, rule of the split, variables with units,
            version of the plugin, study areas ("mountains") with their side of the split.
        shards: the files.
        references: all cases, in the order of the shards.
    """

    folder: Path
    description: dict[str, Any]
    shards: tuple[ShardEntry, ...]
    references: tuple[CaseReference, ...]
    _kept: OrderedDict[int, Shard] = field(default_factory=OrderedDict, repr=False)
    _terrains: dict[str, Terrain] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.references)

    @property
    def name(self) -> str:
        """Name of the design."""
        return str(self.description.get("design", {}).get("name", self.folder.name))

    def shard(self, number: int) -> Shard:
        """Read a shard; shards of one study area share its terrain.

        Raises:
            InputError: the file is damaged.
        """
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        entry = self.shards[number]
        shard = read_shard(self.folder / entry.file)
        self._check_listed(number, shard)
        if sum(other.study_area == entry.study_area for other in self.shards) > 1:
            known = self._terrains.setdefault(entry.study_area, shard.terrain)
            if known is not shard.terrain and _same_terrain(known, shard.terrain):
                shard = replace(shard, terrain=known)  # whose derived maps may already be computed
        self._kept[number] = shard
        while len(self._kept) > _SHARDS_KEPT:
            self._kept.popitem(last=False)
        return shard

    def _check_listed(self, number: int, shard: Shard) -> None:
        """Raise :class:`InputError` where a shard does not hold the cases that are listed."""
        listed = [(r.name, r.split) for r in self.references if r.shard == number]
        if listed != list(zip(shard.names.tolist(), shard.split.tolist())):
            raise InputError(
                LABEL,
                Text("'{}' does not contain the cases that '{}' lists", self.folder / self.shards[number].file, FILE),
                "an undamaged data set", _BUILD,
            )  # fmt: skip

    def cases(self, split: int | None = None) -> list[CaseReference]:
        """The cases of one side of the split, or all."""
        return [r for r in self.references if split in (None, r.split)]

    def read(self, cases: Iterable[CaseReference]) -> Iterator[tuple[CaseReference, Shard]]:
        """Yield some cases with their shards; each file is read once."""
        return ((case, self.shard(case.shard)) for case in cases)

    def reference_cases(self, cases: Iterable[CaseReference]) -> Iterator[ReferenceCase]:
        """Yield some cases with the engine's factor of safety as reference."""
        for reference, shard in self.read(cases):
            number = reference.number
            yield ReferenceCase(
                reference.name, reference.group, reference.study_area, shard.terrain, shard.scenario(number),
                shard.factor_of_safety(number),
            )  # fmt: skip


def read_dataset(folder: str | Path) -> Dataset:
    """Open a data set.

    Args:
        folder: it, or its ``dataset.json``.

    Raises:
        InputError: no data set, one of another version, an unfinished or an incomplete one.
    """
    folder = Path(folder)
    folder = folder.parent if folder.name == FILE else folder
    try:
        present = set(os.listdir(folder))
    except OSError as error:
        problem = Text("'{}' cannot be read ({})", folder, error.strerror)
        raise InputError(LABEL, problem, "the folder of a data set", _BUILD) from error
    if FILE not in present:
        if PLAN_FILE in present:
            raise InputError(
                LABEL, Text("'{}' is an unfinished build", folder), "a complete data set",
                "Build again with the same inputs and folder: finished shards are kept.",
            )  # fmt: skip
        raise InputError(LABEL, Text("'{}' contains no {}", folder, FILE), "the folder of a data set", _BUILD)
    description = read_json(folder / FILE)
    if description.get("format") != FORMAT:
        raise InputError(
            LABEL, Text("'{}' has the format '{}'", folder / FILE, description.get('format')), FORMAT,
            "Build the data set again with this version.",
        )  # fmt: skip
    try:
        shards = tuple(ShardEntry(_file_name(s["file"]), str(s["mountain"])) for s in description["shards"])
        references = tuple(
            CaseReference(at, number, str(name), str(group), int(split), entry.study_area, int(failed))
            for at, (entry, listed) in enumerate(zip(shards, description["shards"]))
            for number, (name, group, split, failed) in enumerate(listed["cases"])
        )
        if any(r.split not in range(len(SPLITS)) or r.failed_cells < 0 for r in references):
            raise ValueError("a split or a number of failed cells that is none")
        if not isinstance(description.get("design", {}), dict):
            raise ValueError("a design that is none")
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InputError(
            LABEL, Text("'{}' is damaged ({!r})", folder / FILE, error), "an undamaged file", _BUILD
        ) from error
    missing = [s.file for s in shards if s.file not in present]
    if missing:
        raise InputError(
            LABEL, Text("'{}' lacks {} of {} files, e.g. {}", folder, len(missing), len(shards), missing[0]),
            "a complete data set",
            "Build again with the same inputs and folder: finished shards are kept.",
        )  # fmt: skip
    return Dataset(folder, description, shards, references)


def _file_name(file: str) -> str:
    """A shard's file, which lies in the data set's folder; raises ``ValueError`` for any other place."""
    if not _SHARD_FILE.fullmatch(file):
        raise ValueError(f"'{file[:100]}' is not the name of a shard in the folder")
    return file


def write_description(folder: Path, description: dict[str, Any]) -> None:
    """Write ``dataset.json`` atomically: the last file of a build."""
    write_json(folder / FILE, {"format": FORMAT, "variables": variables(), **description})


def variables() -> list[dict[str, str]]:
    """Variables that a shard stores for a case, with units."""
    stored = [
        {"name": "water_table", "unit": "m", "kind": "map"},
        {"name": "wetting_front", "unit": "m", "kind": "map"},
        {"name": "contact", "unit": "0, 1", "kind": "map"},
        {"name": "ponded", "unit": "0, 1", "kind": "map"},
    ]
    numbers = [{"name": n, "unit": BY_NAME[n].unit, "kind": "number"} for n in (*HYDROLOGY, *STRENGTH)]
    return numbers + stored


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write JSON whole or not at all; raises :class:`OSError`."""
    with replacing(path, path.parent / HIDDEN) as partial:
        write_text(partial, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; raises :class:`InputError`."""
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise ValueError(f"more than {_LARGEST_JSON / 1e6:g} MB")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(LABEL, Text("'{}' cannot be read ({})", path, error), "an undamaged file", _BUILD) from error
    if not isinstance(content, dict):
        raise InputError(LABEL, Text("'{}' does not describe a data set", path), "an undamaged file", _BUILD)
    return content


def _same_terrain(one: Terrain, other: Terrain) -> bool:
    return one.grid.same_as(other.grid) and all(
        np.array_equal(a, b, equal_nan=True)
        for a, b in ((one.elevation, other.elevation), (one.soil_depth, other.soil_depth))
    )
