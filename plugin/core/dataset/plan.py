"""Plan of a data set: its design, study areas and shards."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Iterator, Sequence

import numpy as np

from ...variables import BY_NAME, HYDROLOGY
from ..synthetic import paper_site
from ..terrain import Terrain
from .cases import TRAIN, Case, assigned_splits
from .designs import LEAST_SHARE, SHARE_BINS
from .paper_protocol import description as paper_description
from .paper_protocol import paper_cases
from .simulate import procedural_terrain

_CELLS_PER_SHARD = 8_000_000  # times cases: what a worker holds in memory, some 100 MB
_MOST_CASES_PER_SHARD = 32
CASES_PER_AREA = 24
SIZES = (192, 256, 320)  # [cells] a side of procedural areas
#: Larger terrains are simulated by windows, where there are enough of them: whole they would take hours.
_CELLS_WORTH_WINDOWS = 500_000
_FEWEST_WINDOWS = 3
_WANTED_WINDOWS = 10  # so that a tenth of them is one
_FEWEST_HYDROLOGIES = 3  # one for each side of the split
_LEAST_VALID_SHARE, _LEAST_STEEP_SHARE, _STEEP_DEG = 0.25, 0.05, 15.0  # of a window
HELD_SHARE = 0.1  # of the study areas (or cases) each for validation and test


@dataclass(frozen=True)
class StudyArea:
    """Study area of a shard: generated from a seed when needed, or given.

    Attributes:
        name: unlike that of every other area of the data set.
        kind: procedural, paper or given.
        seed, size: of a procedural one.
        terrain: of a given one.
        origin: of a given one, e.g. its file's name.
    """

    name: str
    kind: str
    seed: int = 0
    size: int = 256
    terrain: Terrain | None = None
    origin: str = ""

    def make(self) -> Terrain:
        """The terrain, its numbers rounded as they are stored."""
        if self.terrain is None:
            return _generate(self.kind, self.seed, self.size)
        rounded = {k: getattr(self.terrain, k).astype(np.float32).astype(float) for k in ("elevation", "soil_depth")}
        return replace(self.terrain, **rounded)

    def describe(self) -> dict[str, Any]:
        """Description for the plan."""
        if self.terrain is None:
            return {"name": self.name, "kind": self.kind, "seed": self.seed, "size": self.size}
        prints = [zlib.crc32(np.ascontiguousarray(x, dtype=np.float32).tobytes())
                  for x in (self.terrain.elevation, self.terrain.soil_depth)]  # fmt: skip
        grid = self.terrain.grid
        return {"name": self.name, "kind": self.kind, "origin": self.origin, "rows": grid.rows, "cols": grid.cols,
                "geotransform": list(grid.geotransform), "crc32": prints}  # fmt: skip


@lru_cache(maxsize=1)
def _generate(kind: str, seed: int, size: int) -> Terrain:
    if kind == "paper":
        made = paper_site(seed)
        return Terrain.from_arrays(made.elevation, made.soil_depth, made.cell_size)
    return procedural_terrain(seed, size)


@dataclass(frozen=True)
class CaseBlock:
    """One shard to build: given cases, or ``count`` random ones.

    Attributes:
        file: its name.
        area: where.
        cases: given ones; empty where they are drawn.
        count, first, seed: number of drawn cases, number of the first in its area, what fixes them.
        split: of drawn cases; ``None`` splits them by case.
    """

    file: str
    area: StudyArea
    cases: tuple[Case, ...] = ()
    count: int = 0
    first: int = 0
    seed: tuple[int, ...] = ()
    split: int | None = TRAIN

    def __len__(self) -> int:
        return len(self.cases) or self.count

    def describe(self) -> dict[str, Any]:
        """Description for the plan."""
        content = repr([(c.name, sorted(c.values.items()), c.split, c.group) for c in self.cases])
        return {"file": self.file, "mountain": self.area.name, "cases": len(self), "first": self.first,
                "seed": list(self.seed), "split": self.split, "crc32": zlib.crc32(content.encode())}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """A data set to be built: description of its design, and its blocks; ``warning``: for who builds it."""

    design: dict[str, Any]
    blocks: tuple[CaseBlock, ...]
    warning: str = ""

    @property
    def areas(self) -> list[StudyArea]:
        """The study areas, each once."""
        return list({block.area.name: block.area for block in self.blocks}.values())

    def __len__(self) -> int:
        return sum(len(block) for block in self.blocks)

    def describe(self) -> dict[str, Any]:
        """Description that a resumed build must match."""
        return {"design": self.design, "mountains": [s.describe() for s in self.areas],
                "shards": [b.describe() for b in self.blocks]}  # fmt: skip

    @property
    def checksum(self) -> int:
        """CRC-32 of the description."""
        return zlib.crc32(json.dumps(self.describe(), sort_keys=True).encode())


def paper_plan() -> Plan:
    """The paper's two stages on the synthetic hill in place of its study area."""
    return Plan(paper_description(), tuple(_given_blocks(StudyArea("paper_site", "paper"), paper_cases())))


def table_plan(cases: Sequence[Case], terrain: Terrain, name: str, origin: str = "") -> Plan:
    """Plan for given scenarios on a given terrain; scenarios of the same hydrology are in one subset of the split.

    With fewer than three hydrologies they are split by case, in the order of a checksum of their names, with a warning.
    """
    keys = [case.vector(HYDROLOGY).tobytes() for case in cases]
    groups = {key: case.name for key, case in zip(reversed(keys), reversed(cases))}  # named by their first case
    by_hydrology = len(groups) >= _FEWEST_HYDROLOGIES
    names = [groups[key] for key in keys] if by_hydrology else [case.name for case in cases]
    sides = assigned_splits(list(dict.fromkeys(names)), *held_cases(len(set(names))), seed=0)
    side_of = dict(zip(dict.fromkeys(names), sides))
    cases = [replace(case, split=side_of[its_name]) for case, its_name in zip(cases, names)]
    rule = _SPLIT_BY_HYDROLOGY if by_hydrology else _SPLIT_BY_CASE
    design = {"name": "table", "title": "Scenarios of a table", "split": rule, "strength": "given"}
    warning = "" if by_hydrology or len(groups) == len(cases) else _SHARED_HYDROLOGY
    area = StudyArea(name, "given", terrain=terrain, origin=origin)
    return Plan(design, tuple(_given_blocks(area, cases)), warning)


_SPLIT_BY_CASE = f"by case: {HELD_SHARE:.0%} test, {HELD_SHARE:.0%} validation, in the order of a CRC-32 of the names"
_SPLIT_BY_HYDROLOGY = (
    f"by hydrology (all parameters but strength): {HELD_SHARE:.0%} test, {HELD_SHARE:.0%} validation, in the order of "
    "a CRC-32 of the names"
)
_SHARED_HYDROLOGY = (
    "Scenarios that differ only in strength share one simulation. With fewer than three different hydrologies the "
    "split is by scenario: validation and test cases then share water tables with training cases, and their scores are "
    "too high."
)
_SPLIT_BY_WINDOW = (
    f"by window of the DEM: {HELD_SHARE:.0%} test, {HELD_SHARE:.0%} validation, in the order of a CRC-32 of names"
)
_SPLIT_BY_AREA = (
    f"by study area: {HELD_SHARE:.0%} test, {HELD_SHARE:.0%} validation, in the order of a CRC-32 of their names"
)


def space_filling_plan(
    cases: int, seed: int, terrain: Terrain | None = None, name: str = "", origin: str = "", *,
    cases_per_area: int = CASES_PER_AREA,
) -> Plan:  # fmt: skip
    """Cases over all training ranges, balanced by share of failed cells.

    Args:
        cases: how many.
        seed: fixes everything.
        terrain: the study area; a large one is divided into windows, each simulated alone. ``None`` draws a procedural
            area for every ``cases_per_area`` cases.
        name, origin: of the terrain.
        cases_per_area: cases of each procedural area.
    """
    design = {
        "name": "space-filling", "title": "Sobol points over the training ranges, balanced by share of failed cells",
        "seed": seed, "cases": cases, "strength": "drawn", "shares_of_failed_cells": [b.label for b in SHARE_BINS],
        "least_share_of_failed_cells": LEAST_SHARE,
        "ranges": {v.name: list(v.trained) for v in BY_NAME.values() if v.trained},
        "split": _SPLIT_BY_AREA if terrain is None else _SPLIT_BY_CASE,
    }  # fmt: skip
    if terrain is not None:
        parts = _windows(terrain, SIZES[-1]) if terrain.valid.size > _CELLS_WORTH_WINDOWS else {}
        if len(parts) < _FEWEST_WINDOWS:
            area = StudyArea(name, "given", terrain=terrain, origin=origin)
            return Plan(design, tuple(_random_blocks(area, cases, seed)))
        areas = [StudyArea(f"{name}_{at}", "given", terrain=part, origin=origin) for at, part in parts.items()]
        blocks_of_windows = tuple(_blocks_of_windows(areas, cases, seed))
        return Plan({**design, "split": _SPLIT_BY_WINDOW}, blocks_of_windows)
    blocks: list[CaseBlock] = []
    pieces = list(_pieces(cases, cases_per_area))
    names = [f"area_{seed}_{number:05d}" for number, _, _ in pieces]
    sides = assigned_splits(names, *held_cases(len(names)), seed=seed)
    for (number, first, count), its_name, side in zip(pieces, names, sides):
        # The seed is the upper part of the area's own, so that areas of different seeds never are the same.
        area = StudyArea(its_name, "procedural", seed * 1_000_000 + number, SIZES[number % len(SIZES)])
        blocks.append(CaseBlock(f"{its_name}.npz", area, (), count, first, (seed, number), side))
    return Plan(design, tuple(blocks))


def _windows(terrain: Terrain, side: int) -> dict[str, Terrain]:
    """Cut a terrain into representative windows that do not overlap.

    Args:
        terrain: to be cut.
        side: greatest length of a window [cells]; they are of nearly equal lengths.

    Returns:
        by name (its first row and column), those of which a quarter at least is valid and a twentieth of that steeper
        than 15 degrees.
    """
    found = {}
    for rows in _spans(terrain.grid.rows, side):
        for cols in _spans(terrain.grid.cols, side):
            valid = terrain.valid[rows, cols]
            if valid.mean() < _LEAST_VALID_SHARE:
                continue
            if (terrain.slope[rows, cols][valid] > np.radians(_STEEP_DEG)).mean() < _LEAST_STEEP_SHARE:
                continue
            found[f"r{rows.start}_c{cols.start}"] = terrain.window(rows, cols)
    return found


def _spans(length: int, side: int) -> list[slice]:
    edges = np.linspace(0, length, -(-length // side) + 1).round().astype(int).tolist()
    return [slice(a, b) for a, b in zip(edges[:-1], edges[1:])]


def _random_blocks(area: StudyArea, cases: int, seed: int) -> Iterator[CaseBlock]:
    """Blocks of drawn cases of one study area, split by case."""
    for number, first, count in _pieces(cases, _block_size(area.make().valid.size)):
        yield CaseBlock(f"{area.name}_{number:04d}.npz", area, (), count, first, (seed, number), None)


def _blocks_of_windows(areas: Sequence[StudyArea], cases: int, seed: int) -> Iterator[CaseBlock]:
    """Blocks of random cases that alternate between the windows of a large terrain, split by window."""
    order = sorted(areas, key=lambda area: zlib.crc32(f"{seed}:{area.name}".encode()))
    size = int(np.clip(cases // min(_WANTED_WINDOWS, len(order)), 1, CASES_PER_AREA))
    pieces = list(_pieces(cases, size))
    used = order[: len(pieces)]
    sides = assigned_splits([area.name for area in used], *held_cases(len(used)), seed=seed)
    for number, first, count in pieces:
        area, side = used[number % len(used)], sides[number % len(used)]
        yield CaseBlock(f"{area.name}_{number:04d}.npz", area, (), count, first, (seed, number), side)


def _given_blocks(area: StudyArea, cases: Sequence[Case]) -> Iterator[CaseBlock]:
    """Blocks of cases, grouped by hydrology, so that each is simulated once."""
    together: dict[bytes, list[Case]] = {}
    for case in cases:
        together.setdefault(case.vector(HYDROLOGY).tobytes(), []).append(case)
    ordered = [case for group in together.values() for case in group]
    for number, first, count in _pieces(len(ordered), _block_size(area.make().valid.size)):
        yield CaseBlock(f"{area.name}_{number:04d}.npz", area, tuple(ordered[first : first + count]))


def _pieces(cases: int, size: int) -> Iterator[tuple[int, int, int]]:
    """(number, first case, cases) of each piece."""
    for number, first in enumerate(range(0, cases, size)):
        yield number, first, min(size, cases - first)


def _block_size(cells: int) -> int:
    return int(np.clip(_CELLS_PER_SHARD // cells, 1, _MOST_CASES_PER_SHARD))


def held_cases(count: int) -> tuple[int, int]:
    """Numbers for validation and test: a tenth each, at least one of each from three on."""
    held = max(round(HELD_SHARE * count), 1) if count >= 3 else 0
    return held, held
