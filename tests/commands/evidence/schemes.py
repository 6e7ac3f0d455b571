"""``make schemes``: the engine's fast scheme against its exact one: agreement of the masks, water tables and time.

    python tests/commands schemes [--areas 10] [--cases 4] [--budgets 12 24 48 96 192 384] [DEM.tif ...]

Scenarios are drawn over the training ranges on procedural study areas of 256 x 256 cells never used in training, and
on the given elevation models with an estimated soil depth; the cohesion of each is such that 0.3 to 30 % of the cells
fail in the exact scheme. IoU is that of the failure masks, 1 where none fails in both. Scenarios for which the exact
scheme would take more than a minute or so are passed over. The row *finer* is the exact scheme with four times as many
steps or more: what its own steps change.
"""

from __future__ import annotations

import argparse
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import checkout  # noqa: F401 - registers the package
import numpy as np
from slopecast.plugin.core.dataset.designs import hydrology_at, strength_at
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.assess import assess
from slopecast.plugin.core.physics.column import column_state
from slopecast.plugin.core.physics.flow.grid_pyramid import grid_pyramid
from slopecast.plugin.core.physics.flow.groundwater import longest_step
from slopecast.plugin.core.physics.flow.schedule import StepBudget
from slopecast.plugin.core.physics.simulation import Simulation
from slopecast.plugin.core.physics.water import WaterState
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.soil_depth import estimate
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.variables import BY_NAME, CELL_SIZE_TRAINED_M, SOIL_DEPTH_TRAINED_M

FIRST_SEED = 9001  # of the procedural areas: beyond those of training
MOST_CELL_STEPS = 1e9  # of the exact scheme
FOLLOWING, FINER, TIMES_FINER = "flow", "finer", 4
LATERAL = 0.9  # IoU of the column below which a case counts as one of lateral flow


@dataclass
class Case:
    """One scenario on one terrain with what the exact scheme makes of it."""

    area: str
    terrain: Terrain
    scenario: Scenario
    failed: np.ndarray
    table: np.ndarray
    seconds: float
    column: float


def main() -> int:
    """Simulate, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dem", nargs="*", type=Path, help="files of elevation models")
    parser.add_argument("--areas", type=int, default=10, help="procedural study areas")
    parser.add_argument("--cases", type=int, default=4, help="on each procedural area; half as many more on each DEM")
    parser.add_argument(
        "--budgets", type=int, nargs="*", default=[12, 24, 48, 96, 192, 384], help="time steps at full resolution"
    )
    arguments = parser.parse_args()
    cases = [case for name, terrain, count in areas(arguments) for case in draw_cases(name, terrain, count)]
    lateral = np.array([case.column < LATERAL for case in cases])
    columns = np.array([case.column for case in cases])
    print(f"{len(cases)} cases, {lateral.sum()} of them with a column's IoU below {LATERAL}")
    print("budget     mean IoU  lateral  worst  table error  mass balance: mean, most  seconds (exact)")
    print(f"column       {columns.mean():.4f}   {columns[lateral].mean():.4f}  {columns.min():.3f}")
    for budget in (*arguments.budgets, FOLLOWING, FINER):
        print_scores(str(budget), cases, lateral, budget)
    return 0


def areas(arguments: argparse.Namespace) -> Iterator[tuple[str, Terrain, int]]:
    """Yield (name, terrain, number of cases)."""
    for seed in range(FIRST_SEED, FIRST_SEED + arguments.areas):
        yield f"procedural {seed}", drawn_terrain(seed), arguments.cases
    for path in arguments.dem:
        elevation, grid = read_dem(RasterInput(str(path)))
        depth = estimate(elevation, grid.cell_width, grid.cell_height, "slope")
        yield path.stem, Terrain(grid, elevation, depth), arguments.cases * 3 // 2


def drawn_terrain(seed: int) -> Terrain:
    """A study area at a cell size of the training range, with NoData in three of ten."""
    rng = np.random.default_rng([seed, 7])
    low, high = np.log(CELL_SIZE_TRAINED_M)
    cell_size = round(float(np.exp(rng.uniform(low, high))), 2)
    made = procedural_area(seed, (256, 256), cell_size, masked=bool(rng.random() < 0.3))
    return Terrain.from_arrays(made.elevation, np.minimum(made.soil_depth, SOIL_DEPTH_TRAINED_M[1]), cell_size)


def draw_cases(name: str, terrain: Terrain, count: int) -> Iterator[Case]:
    """Draw scenarios and run the exact scheme."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    while count > 0:
        values = hydrology_at(rng.random(12))
        scenario = Scenario(**values)
        steps = scenario.duration_s / longest_step(terrain, scenario.lateral_conductivity)
        if steps * terrain.valid.size > MOST_CELL_STEPS:
            continue
        count -= 1
        state, seconds, _ = run(terrain, scenario)
        scenario = with_strength(terrain, values, state, rng)
        failed = fails(terrain, scenario, state)
        column = fails(terrain, scenario, column_state(terrain.cells, scenario))
        yield Case(name, terrain, scenario, failed, state.water_table.copy(), seconds, iou(failed, column))


def with_strength(terrain: Terrain, values: dict, state: WaterState, rng: np.random.Generator) -> Scenario:
    """A strength with which 0.3 to 30 % of the cells fail, as far as the cohesion's training range allows."""
    strength, share = strength_at(rng.random(12)), np.exp(rng.uniform(np.log(0.003), np.log(0.3)))
    low, high = BY_NAME["cohesion"].trained
    for _ in range(12):
        middle = 0.5 * (low + high)
        more = fails(terrain, Scenario(**values, **strength, cohesion=middle), state).mean() > share
        low, high = (middle, high) if more else (low, middle)
    return Scenario(**values, **strength, cohesion=high)


def run(terrain: Terrain, scenario: Scenario, budget: object = None) -> tuple[WaterState, float, Simulation]:
    """State at the end, seconds and what else there is, of the exact scheme, or of another one: a budget or a name."""
    began = time.perf_counter()
    simulation = Simulation(terrain, scenario, failure_times=False)
    if budget == FINER:
        step = min(simulation.shortest_step, simulation.longest_step) / TIMES_FINER
        simulation.shortest_step = simulation.longest_step = step
    elif budget is not None:
        simulation.use_fast_scheme(None if budget == FOLLOWING else StepBudget(budget), Feedback())
    for _ in simulation.advance_by_intervals(Feedback()):
        pass
    return simulation.state(), time.perf_counter() - began, simulation


def fails(terrain: Terrain, scenario: Scenario, state: WaterState) -> np.ndarray:
    """Which of the valid cells have FS < 1."""
    return assess(terrain.cells, state, scenario).fs < 1.0


def iou(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union; 1 of two empty masks."""
    union = (one | other).sum()
    return float((one & other).sum() / union) if union else 1.0


def print_scores(label: str, cases: list[Case], lateral: np.ndarray, budget: object) -> None:
    """Run the fast scheme on all cases and print a line."""
    rows = []
    for case in cases:
        grid_pyramid(case.terrain)
        state, seconds, simulation = run(case.terrain, case.scenario, budget)
        depth = case.terrain.soil_depth[case.terrain.valid].mean()
        error = np.abs(state.water_table - case.table).mean() / depth
        balance = simulation.result().diagnostics["mass_balance_error"]
        rows.append((iou(fails(case.terrain, case.scenario, state), case.failed), error, balance, seconds))
    agree, error, balance, seconds = np.array(rows).T
    exact = np.mean([case.seconds for case in cases])
    print(
        f"{label:10s}   {agree.mean():.4f}   {agree[lateral].mean():.4f}  {agree.min():.3f}   {error.mean():.5f}      "
        f"{balance.mean():.1e}, {balance.max():.1e}          {seconds.mean():.3f} ({exact:.3f})", flush=True,
    )  # fmt: skip
