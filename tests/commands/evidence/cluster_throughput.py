"""Speed of one and two workers of a dask scheduler, and of as many processes without one, each with one thread.

    python tests/commands cluster_throughput [--jobs 24] [--shape 436 489]
    python tests/commands cluster_throughput --windows 512 --jobs 1 --shape 2000 2000

The scenario has strong lateral flow, so that the engine has most of the work. Processes without a scheduler write
nothing: they show what the machine allows. What is compiled is compiled before the clock starts. The disk is that of
the temporary folder. With ``--windows`` the map is solved in windows, of cores of so many cells a side, and the
scenario is the default one.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Callable

os.environ["NUMBA_NUM_THREADS"] = "1"
import checkout  # noqa: F401 - registers the package
from clusters import processes
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.map_parts.tiles import Margin
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.solve import WaterModel
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.windowed.solve import WindowedRun, fewest_steps
from slopecast.plugin.core.windowed.study import Study, whole_map_of
from slopecast.plugin.core.workers.cluster import cluster
from slopecast.plugin.core.workers.remote_water import RemoteWater

from .benches import CELL_M, PAPER_SHAPE, SEED
from .benches.machine import machine

ALONE = "this process, one thread"
ROUNDS = 4
STRONG = Scenario(conductivity=1e-5, lateral_anisotropy=20.0, duration=24.0)


def main() -> int:
    """Print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=24, help="water states to compute")
    parser.add_argument("--shape", type=int, nargs=2, default=PAPER_SHAPE, help="rows and columns of the map")
    parser.add_argument("--windows", type=int, help="cells per side; default: the whole map at once")
    arguments = parser.parse_args()
    print("\n".join(machine()))
    made = procedural_area(SEED, tuple(arguments.shape), CELL_M)
    terrain = Terrain.from_arrays(made.elevation, made.soil_depth, CELL_M)
    scenarios = [
        (Scenario() if arguments.windows else STRONG).with_values(rainfall=5.0 + 0.2 * number)
        for number in range(arguments.jobs)
    ]
    seconds = timed(terrain, scenarios, arguments.windows)
    cells = arguments.shape[0] * arguments.shape[1]
    for name, took in seconds.items():
        rate = arguments.jobs * cells / took / 1e6
        print(f"{name:26s} {took:7.1f} s for {arguments.jobs} waters of {cells:,d} cells: {rate:.2f} Mcells/s")
    one, two = seconds["1 worker(s)"], seconds["2 worker(s)"]
    print(f"one worker: {seconds[ALONE] / one:.2f} times the speed of this process")
    print(f"two workers: {one / two:.2f} times the speed of one worker")
    if not arguments.windows:
        print(
            f"two processes: {seconds['1 process(es)'] / seconds['2 process(es)']:.2f} times the speed of one process"
        )
    return 0


def timed(terrain: Terrain, scenarios: list[Scenario], side: int | None) -> dict[str, float]:
    """Seconds by who computes; they take turns, so that a machine that becomes slower does for all."""
    rounds = [scenarios[number::ROUNDS] for number in range(min(ROUNDS, len(scenarios)))]
    seconds: dict[str, float] = {}
    with contextlib.ExitStack() as stack:
        ways = ways_to_solve(stack, terrain, side)
        for some in [warm_up(), *rounds]:
            for name, solve in ways.items():
                began = time.perf_counter()
                solve(some)
                seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - began
            if some not in rounds:
                seconds.clear()
    return seconds


def ways_to_solve(
    stack: contextlib.ExitStack, terrain: Terrain, side: int | None
) -> dict[str, Callable[[list[Scenario]], None]]:
    """This process, processes and workers of a scheduler, as functions that compute scenarios' water.

    Args:
        stack: ends what is started; side: of the cores of windows [cells]; ``None`` solves the whole map.
    """
    engine = Engine(failure_times=False)
    ways = {ALONE: partial(solve_all, engine, terrain, side)}
    for number in (1, 2):
        if side is None:
            pool = stack.enter_context(ProcessPoolExecutor(number, get_context("spawn")))
            ways[f"{number} process(es)"] = partial(solve_in_processes, pool, number, terrain)
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slopecast-cluster-")))
        address = stack.enter_context(processes(place, number))
        found = stack.enter_context(cluster(address, place / "out", Feedback()))
        ways[f"{number} worker(s)"] = partial(solve_all, RemoteWater(engine, found, found.folder), terrain, side)
    return ways


def solve_in_processes(pool: ProcessPoolExecutor, number: int, terrain: Terrain, scenarios: list[Scenario]) -> None:
    """Compute an equal part of the scenarios in each process."""
    parts = [scenarios[first::number] for first in range(number)]
    list(pool.map(solve_all, [Engine(failure_times=False)] * number, [terrain] * number, [None] * number, parts))


def solve_all(model: WaterModel, terrain: Terrain, side: int | None, scenarios: list[Scenario]) -> None:
    """Compute the water of scenarios, in windows of cores of a side, if any."""
    if side is None:
        for _ in model.solve(terrain, scenarios, Feedback()):
            pass
    for scenario in scenarios if side else ():
        study = Study.of(terrain, scenario, {})
        run = WindowedRun(study, whole_map_of(study, Feedback()), model, side, Margin(fewest_steps(scenario)))
        for _ in run.solve(Feedback()):
            pass


def warm_up() -> list[Scenario]:
    """Short scenarios, by which is compiled what they and others need; two for each worker."""
    return [STRONG.with_values(rainfall=20.0 + number, duration=0.5) for number in range(4)]
