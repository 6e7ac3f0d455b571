"""Speed of one and two workers of a dask scheduler, and of as many processes without one, each with one thread.

    python tests/commands cluster_throughput [--jobs 16] [--shape 436 489]
    python tests/commands cluster_throughput --windows 512 --jobs 1 --shape 2000 2000

The scenario has strong lateral flow, so that the engine has most of the work. Processes without a scheduler write
nothing: they show what the machine allows. What is compiled is compiled before the clock starts. The disk is that of
the temporary folder. With ``--windows`` the map is solved in windows, of cores of so many cells a side, and the
scenario is the default one.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

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
STRONG = Scenario(conductivity=1e-5, lateral_anisotropy=20.0, duration=24.0)


def main() -> int:
    """Print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=16, help="water states to compute")
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
    seconds = {ALONE: timed(Engine(failure_times=False), terrain, scenarios, arguments.windows)}
    for workers in (1, 2):
        if not arguments.windows:
            seconds[f"{workers} process(es)"] = timed_alone(terrain, scenarios, workers)
        with tempfile.TemporaryDirectory(prefix="slopecast-cluster-") as folder:
            place = Path(folder)
            with processes(place, workers) as address, cluster(address, place / "out", Feedback()) as found:
                model = RemoteWater(Engine(failure_times=False), found, found.folder)
                seconds[f"{workers} worker(s)"] = timed(model, terrain, scenarios, arguments.windows)
    alone, one, two = (seconds[name] for name in (ALONE, "1 worker(s)", "2 worker(s)"))
    cells = arguments.shape[0] * arguments.shape[1]
    for name, took in seconds.items():
        rate = arguments.jobs * cells / took / 1e6
        print(f"{name:26s} {took:7.1f} s for {arguments.jobs} waters of {cells:,d} cells: {rate:.2f} Mcells/s")
    print(f"one worker: {alone / one:.2f} times the speed of this process")
    print(f"two workers: {one / two:.2f} times the speed of one worker")
    if not arguments.windows:
        print(f"two processes: {seconds['1 process(es)'] / seconds['2 process(es)']:.2f} times the speed of one")
    return 0


def timed_alone(terrain: Terrain, scenarios: list[Scenario], processes: int) -> float:
    """Seconds that processes take, each for an equal part of the scenarios."""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(solve_all, [(terrain, warm_up())] * processes))
        began = time.perf_counter()
        list(pool.map(solve_all, [(terrain, scenarios[first::processes]) for first in range(processes)]))
        return time.perf_counter() - began


def solve_all(work: tuple[Terrain, list[Scenario]]) -> None:
    """Compute the water of some scenarios."""
    for _ in Engine(failure_times=False).solve(*work, Feedback()):
        pass


def warm_up() -> list[Scenario]:
    """Short scenarios, by which is compiled what they and others need."""
    return [STRONG.with_values(rainfall=20.0 + number, duration=0.5) for number in range(4)]


def timed(model: WaterModel, terrain: Terrain, scenarios: list[Scenario], side: int | None) -> float:
    """Seconds that a model takes, in windows of cores of a side, if any; two scenarios for each worker go before."""
    for _ in model.solve(terrain, warm_up(), Feedback()):
        pass
    began = time.perf_counter()
    if side is None:
        for _ in model.solve(terrain, scenarios, Feedback()):
            pass
    for scenario in scenarios if side else ():
        study = Study.of(terrain, scenario, {})
        run = WindowedRun(study, whole_map_of(study, Feedback()), model, side, Margin(fewest_steps(scenario)))
        for _ in run.solve(Feedback()):
            pass
    return time.perf_counter() - began
