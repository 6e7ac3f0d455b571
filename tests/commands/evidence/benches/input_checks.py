"""What the checks of inputs cost: their share of a run of the physics engine from file to file, without QGIS."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Mapping

import numpy as np
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.scenario_checks import scenario_cautions, soil_depth_caution
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.missing_heights import without_missing_heights
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions
from slopecast.plugin.core.windowed.edges import edge_cautions, edge_influence
from slopecast.plugin.core.windowed.study import Study
from written_rasters import write

from .measuring import Measurement
from .report import Ratio, Table
from .study_area import rasters

TITLE = "Checks of inputs"
DEPTH_M, REPEATS = 1.5, 3


def measurements(quick: bool) -> list[Measurement]:
    """One process: a run and its checks."""
    side = 1000 if quick else 2000
    return [Measurement("checks", "checks", {"shape": (side, side)})]


def checks(folder: Path, shape: list[int]) -> dict[str, Any]:
    """Least seconds of a run and of its checks; a first one compiles."""
    file, _ = rasters(folder, tuple(shape))
    runs = [one_run(file) for _ in range(1 + REPEATS)][1:]
    whole, part = (min(run[n] for run in runs) for n in (0, 1))
    return {"run": whole, "checks": part, "cells": shape[0] * shape[1]}


def one_run(file: Path) -> tuple[float, float]:
    """Seconds of a run and of its checks alone."""
    feedback, scenario = Feedback(), Scenario()
    began = time.perf_counter()
    elevation, grid = read_dem(RasterInput(str(file)), feedback)
    depth = np.full(elevation.shape, DEPTH_M, dtype=np.float32)
    checks = -time.perf_counter()
    elevation = without_missing_heights(elevation, grid, feedback)
    checks += time.perf_counter()
    terrain = Terrain(grid, elevation, depth)
    _ = terrain.slope  # which every run needs
    checks -= time.perf_counter()
    terrain_cautions(terrain)
    soil_depth_caution(depth)
    scenario_cautions(scenario)
    edge_cautions(terrain, scenario, edge_influence(Study(terrain, scenario, {}), feedback))
    checks += time.perf_counter()
    result = next(iter(Engine(failure_times=False).solve(terrain, [scenario], feedback)))
    write(file.with_name("mask.tif"), result.failure_mask, grid)
    return time.perf_counter() - began, checks


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """The share of the checks."""
    m = found.get("checks")
    if m is None:
        return []
    share = m["checks"] / m["run"]
    row = (f"{m['cells']:,d} cells, default", m["run"], m["checks"], 100.0 * share)
    columns = ("engine, read to written", "run [s]", "checks [s]", "share [%]")
    return [Table("", columns, [row], (), {"checks of inputs / run of the engine": Ratio(share)})]
