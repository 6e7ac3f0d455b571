"""Builds a data set in parallel and resumably: shards first, then ``dataset.json``."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np

from ...text import Text
from ..errors import Cancelled, InputError, SlopecastError
from ..feedback import Feedback, PartialFeedback
from ..files.atomic import one_run_in
from ..files.whole import unwritable
from ..files.work_folder import HIDDEN
from ..windowed.memory import time_text
from ..workers.parallel import Executor, Threads
from .cases import SPLITS, assigned_splits
from .dataset import FILE, PLAN_FILE, Dataset, read_dataset, read_json, write_description, write_json
from .plan import CaseBlock, Plan, held_cases
from .shard import read_cases, read_terrain, write_shard
from .simulate import simulate_balanced, simulate_cases


class BuildStopped(Cancelled):
    """The user stopped the build; finished shards are kept."""

    def __init__(self) -> None:
        SlopecastError.__init__(
            self,
            "Stopped by the user. Finished shards are kept: build again with the same inputs and folder to continue.",
        )


def _make_block(work: tuple[Path, CaseBlock], feedback: Feedback) -> None:
    """Simulate a block and write its shard."""
    folder, block = work
    terrain = block.area.make()
    if block.cases:
        shard = simulate_cases(terrain, block.cases, feedback)
    else:
        shard = simulate_balanced(
            terrain, block.count, block.seed, feedback, first=block.first, zoned=block.area.kind == "procedural"
        )
        if block.split is None:
            sides = assigned_splits([str(n) for n in shard.names], *held_cases(len(shard)), seed=block.seed[0])
        else:
            sides = [block.split] * len(shard)
        shard = replace(shard, split=np.array(sides, dtype=np.uint8))
    try:
        write_shard(folder / block.file, shard, folder / HIDDEN)
    except OSError as error:
        raise _unwritable(folder, error) from error


def build(
    plan: Plan, folder: Path, feedback: Feedback, *, executor: Executor | None = None, version: str = "unknown"
) -> Dataset:
    """Build a data set, or its missing shards.

    Args:
        plan: what to build.
        folder: made where it is missing.
        feedback: receives progress and remaining time; a cancel leaves finished shards, which the next call keeps.
        executor: its workers see the folder; ``None`` takes a thread a core.
        version: of the plugin, for the record.

    Raises:
        InputError: the folder holds something else, cannot be written, or another run writes into it.
        BuildStopped: the user cancelled the build.
    """
    with one_run_in(folder, "Output folder (OUTPUT_FOLDER)"):
        return _build_shards(plan, folder, feedback, executor or Threads(), version)


def _build_shards(plan: Plan, folder: Path, feedback: Feedback, executor: Executor, version: str) -> Dataset:
    """See :func:`build`; the folder is this run's alone."""
    _start(plan, folder, version)
    missing = [block for block in plan.blocks if not (folder / block.file).is_file()]
    if len(missing) < len(plan.blocks):
        feedback.pushInfo(Text("{} of {} shards exist already.", len(plan.blocks) - len(missing), len(plan.blocks)))
    items = [(folder.absolute(), block) for block in missing]
    done, count, began = 0, sum(map(len, missing)), time.monotonic()
    rest = PartialFeedback(feedback, 100.0 * (1.0 - count / len(plan)), 100.0)
    try:
        for number, _ in executor.run(_make_block, items, rest):
            done += len(missing[number])
            seconds = (time.monotonic() - began) * (count - done) / done
            left = f", about {time_text(seconds)} left" if seconds >= 1.0 else ""
            feedback.pushInfo(Text("Cases simulated: {}.", f"{done} of {count}{left}"))
    except Cancelled:
        raise BuildStopped from None
    try:
        _finish(plan, folder, version)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return read_dataset(folder)


def _start(plan: Plan, folder: Path, version: str) -> None:
    """Write the plan into the folder, or check that it is the one that is there, and of this version."""
    try:
        begun = next((folder / name for name in (PLAN_FILE, FILE) if (folder / name).is_file()), None)
        if begun is None and any(folder.glob("*.npz")):
            raise InputError(
                "Output folder (OUTPUT_FOLDER)", Text("'{}' contains other data", folder), "an empty or new folder",
                "Choose another folder.",
            )  # fmt: skip
        if begun is not None:
            known = read_json(begun)
            if known.get("plan_crc32") != plan.checksum:
                raise InputError(
                    "Output folder (OUTPUT_FOLDER)", Text("'{}' contains another data set", folder),
                    "an empty or new folder, or the inputs that this build was started with", "Choose another folder.",
                )  # fmt: skip
            made_by = known.get("plugin_version", "unknown")
            if made_by != version and any(folder.glob("*.npz")):
                raise InputError(
                    "Output folder (OUTPUT_FOLDER)",
                    Text("'{}' contains shards of Slopecast {}; this is {}", folder, made_by, version),
                    "one version for all cases", "Choose an empty or new folder.",
                )  # fmt: skip
        else:
            write_json(folder / PLAN_FILE, {"plugin_version": version, "plan_crc32": plan.checksum, **plan.describe()})
    except OSError as error:
        raise _unwritable(folder, error) from error


def _unwritable(folder: Path, error: OSError) -> InputError:
    return unwritable("Output folder (OUTPUT_FOLDER)", folder, error)


def _finish(plan: Plan, folder: Path, version: str) -> None:
    """Write ``dataset.json`` from the shards, and delete the plan."""
    shards: list[dict[str, Any]] = []
    sides: dict[str, set[str]] = {area.name: set() for area in plan.areas}
    counts = dict.fromkeys(SPLITS, 0)
    for block in plan.blocks:
        cases = read_cases(folder / block.file)
        split = cases["split"].tolist()
        columns = (cases["names"].tolist(), cases["groups"].tolist(), split, cases["failed_cells"].tolist())
        shards.append({"file": block.file, "mountain": block.area.name, "cases": [list(row) for row in zip(*columns)]})
        sides[block.area.name].update(SPLITS[side] for side in split)
        for side in split:
            counts[SPLITS[side]] += 1
    sizes = _sizes(plan, folder)
    study_areas = [
        {**area.describe(), **sizes[area.name], "split": sorted(sides[area.name], key=SPLITS.index)}
        for area in plan.areas
    ]
    write_description(folder, {
        "design": plan.design, "cases": len(plan), "split": {"rule": plan.design.get("split", ""), **counts},
        "plugin_version": version, "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "mountains": study_areas, "plan_crc32": plan.checksum, "shards": shards,
    })  # fmt: skip
    (folder / PLAN_FILE).unlink(missing_ok=True)


def _sizes(plan: Plan, folder: Path) -> dict[str, dict[str, Any]]:
    """Rows, columns, cell size and valid cells of each study area."""
    first = {block.area.name: block.file for block in reversed(plan.blocks)}
    sizes = {}
    for name, file in first.items():
        terrain = read_terrain(folder / file)
        grid = terrain.grid
        sizes[name] = {
            "rows": grid.rows, "cols": grid.cols, "cell_width_m": grid.cell_width, "cell_height_m": grid.cell_height,
            "valid_cells": int(terrain.valid.sum()),
        }  # fmt: skip
    return sizes
