"""``make bench``: seconds and memory of the column, the engine and the network, in one run on one machine.

    python tests/commands/bench.py [--quick]

Every measurement runs in a process of its own, so that its peak memory is its own; what is compiled is loaded before
the clock starts, and compiling is timed apart. The first call on a map also computes its slope and touches fresh memory
and stands in a column of its own; after it the least and the median of three calls are told, or that one call where it
took more than 30 s. The terrain is a procedural mountain of 436 x 489 cells of 5 m without
NoData (the paper's raster has 85,909 mountain cells among as many); larger ones are mirrored copies of it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal, osr

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]
import checkout  # noqa: F401 - registers the package
from qgis_process import QgisProcess
from slopecast.plugin.core.errors import SlopecastError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.paper_protocol import paper_cases
from slopecast.plugin.core.parallel import Processes, default_workers
from slopecast.plugin.core.physics import kernels
from slopecast.plugin.core.physics.column import Column
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.raster.write import write
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import mountain, paper_site
from slopecast.plugin.core.terrain import Terrain

PAPER_SHAPE, CELL_M, SEED = (436, 489), 5.0, 7
DEFAULT = Scenario()
STRONG = Scenario(conductivity=1e-5, lateral_anisotropy=50.0, duration=72.0)
LARGE_NEEDS_GIB = 8.0  # of free memory for 16 million cells
REPEATS, WORTH_REPEATING_S = 3, 30.0
PAPER_SAMPLE = 24  # of the 613 cases in a quick run


@dataclass(frozen=True)
class Measured:
    """One measurement, as its process reports it: seconds (least), steps of lateral flow, MiB at the peak and before.

    ``more`` may hold the median, the first call's seconds and what else belongs to it.
    """

    seconds: float
    steps: int
    peak: float
    before: float
    more: dict


# --- in the measuring process ---------------------------------------------------------------


def measure(what: str, folder: Path, shape: tuple[int, int]) -> dict:
    """Run one measurement; returns what :class:`Measured` holds."""
    terrain = load(folder, shape)
    if what == "network":
        return measure_network(terrain)
    solver = Column() if what == "column" else Engine(failure_times="times" in what)
    scenario = STRONG if what.startswith("strong") else DEFAULT
    warm = Terrain.from_arrays(np.random.default_rng(0).normal(0, 3, (12, 12)), 1.0, CELL_M)
    list(solver.solve(warm, [scenario.with_values(duration=1.0)], Feedback()))
    before, steps, seconds = peak_memory(), 0, []
    while len(seconds) <= REPEATS and (not seconds or seconds[0] <= WORTH_REPEATING_S):
        began = time.perf_counter()
        steps = next(iter(solver.solve(terrain, [scenario], Feedback()))).diagnostics.get("steps", 0)
        seconds.append(time.perf_counter() - began)
    further = seconds[1:] or seconds
    return told(min(further), before, steps, median=float(np.median(further)), first=seconds[0])


def measure_paper(folder: Path, count: int) -> dict:
    """Simulate the paper's cases, or a sample of them, in as many processes as there are cores."""
    import bench  # this file under the name by which the workers find it

    before, workers = peak_memory(), default_workers()
    numbers = np.unique(np.linspace(0, len(paper_cases()) - 1, count).round().astype(int))
    parts = [(folder, part.tolist()) for part in np.array_split(numbers, workers)]
    began = time.perf_counter()
    seconds = [x for _, answer in Processes(workers).run(bench.simulate_paper_cases, parts, Feedback()) for x in answer]
    wall = time.perf_counter() - began
    return told(float(np.mean(seconds)), before, wall=wall, cases=len(seconds), workers=workers)


def simulate_paper_cases(part: tuple[Path, list[int]], feedback: Feedback) -> list[float]:
    """Seconds of each of some cases, in a worker process."""
    folder, numbers = part
    terrain = Terrain.from_arrays(*(np.load(folder / f"paper_{n}.npy") for n in ("z", "depth")), CELL_M)
    scenarios = [paper_cases()[n].scenario for n in numbers]
    solver, seconds = Engine(failure_times=False), []
    for scenario in scenarios[:1] + scenarios:  # the first one warms up
        began = time.perf_counter()
        list(solver.solve(terrain, [scenario], feedback))
        seconds.append(time.perf_counter() - began)
    return seconds[1:]


def measure_network(terrain: Terrain) -> dict:
    """Load, encode the terrain with a first scenario, then further scenarios."""
    from slopecast.plugin.ml.network_solver import NetworkSolver

    before, began = peak_memory(), time.perf_counter()
    solver = NetworkSolver()
    loading = time.perf_counter() - began
    scenarios = [DEFAULT.with_values(rainfall=r) for r in np.linspace(6.0, 12.0, 1 + REPEATS)]
    results = list(solver.solve(terrain, scenarios, Feedback()))
    further = [r.diagnostics["seconds"] for r in results[1:]]
    encoding = results[0].diagnostics["terrain_seconds"]
    return told(
        min(further), before, median=float(np.median(further)), encoding=encoding, loading=loading,
        model=solver.card.get("id", ""), device=solver.device_name,
    )  # fmt: skip


def measure_compiling() -> dict:
    """First call of the kernels with an empty cache, less a second call."""
    warm = Terrain.from_arrays(np.random.default_rng(0).normal(0, 3, (12, 12)), 1.0, CELL_M)
    seconds = []
    before = peak_memory()
    for _ in range(2):
        began = time.perf_counter()
        list(Engine().solve(warm, [DEFAULT.with_values(duration=1.0)], Feedback()))
        seconds.append(time.perf_counter() - began)
    return told(seconds[0] - seconds[1], before)


def told(seconds: float, before: float, steps: int = 0, **more: object) -> dict:
    """A measurement as JSON takes it."""
    return {"seconds": seconds, "steps": steps, "peak": peak_memory(), "before": before, "more": more}


def peak_memory() -> float:
    """Peak resident memory of this process so far [MiB]."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count the parent's memory at the start of this process
        lines = [line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")]
        return float(lines[0].split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def load(folder: Path, shape: tuple[int, int]) -> Terrain:
    """The mountain, mirrored on until it fills the shape."""
    rows, cols = (max(n - m, 0) for n, m in zip(shape, PAPER_SHAPE))
    arrays = [np.pad(np.load(folder / f"{n}.npy"), ((0, rows), (0, cols)), mode="symmetric") for n in ("z", "depth")]
    return Terrain(Grid.local(shape, CELL_M), *(a[: shape[0], : shape[1]] for a in arrays))


# --- in the main process --------------------------------------------------------------------


class Bench:
    """Starts the measuring processes and keeps what they say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        made = mountain(SEED, PAPER_SHAPE, CELL_M)
        np.save(folder / "z.npy", made.elevation)
        np.save(folder / "depth.npy", made.soil_depth)
        self.made = made

    def run(
        self, what: str, shape: tuple[int, int] = PAPER_SHAPE, cases: int = PAPER_SAMPLE, **environment: str
    ) -> Measured | None:
        """Measure in a new process; ``None`` (and a printed reason) where that fails."""
        command = [sys.executable, __file__, "--measure", what, "--folder", self.folder, "--shape", *map(str, shape)]
        command += ["--cases", str(cases)]
        done = subprocess.run(
            [str(c) for c in command], env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            print(f"  {what}: failed ({(done.stderr.strip().splitlines() or ['no message'])[-1]})")
            return None
        return Measured(**json.loads(done.stdout.splitlines()[-1]))


def main() -> int:
    """Print the benchmark, or one measurement as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="without 16 million cells, and a sample of the 613 cases")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--shape", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--cases", type=int, default=PAPER_SAMPLE, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure == "compiling":
        print(json.dumps(measure_compiling()))
        return 0
    if arguments.measure == "paper":
        print(json.dumps(measure_paper(arguments.folder, arguments.cases)))
        return 0
    if arguments.measure:
        print(json.dumps(measure(arguments.measure, arguments.folder, tuple(arguments.shape))))
        return 0
    print("\n".join(machine()))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="slopecast-bench-") as folder:
        bench = Bench(Path(folder))
        print(f"Mountain of {PAPER_SHAPE[0]} x {PAPER_SHAPE[1]} cells, all valid, {CELL_M:g} m (seed {SEED}): "
              f"{time.monotonic() - began:.0f} s to draw\n")  # fmt: skip
        paper_size(bench)
        all_paper_cases(bench, whole=not arguments.quick)
        scaling(bench, large=not arguments.quick)
    print(f"All of it took {time.monotonic() - began:.0f} s.")
    return 0


def machine() -> list[str]:
    """Cores, processor and versions."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x.partition(":")[2].strip() for x in info.read_text().splitlines() if x.startswith("model name")]
        cpu = names[0] if names else cpu
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    busy = f"note: {load:.1f} processes were running already: these times are too long" if load > 0.5 else ""
    numba = kernels.numba.__version__ if kernels.numba is not None else "none"
    try:
        import torch

        torch_version = torch.__version__
    except ImportError:
        torch_version = "none"
    return [
        f"{cpu}, {cores} cores",
        f"Python {platform.python_version()}, numpy {np.__version__}, numba {numba}, torch {torch_version}, "
        f"GDAL {gdal.VersionInfo('RELEASE_NAME')}",
        *([busy] if busy else []),
    ]  # fmt: skip


def paper_size(bench: Bench) -> None:
    """The solvers, the network and a whole run of QGIS on the paper's raster size."""
    cells = PAPER_SHAPE[0] * PAPER_SHAPE[1]
    rows = {what: bench.run(what) for what in ("column", "default", "default-times", "strong", "network")}
    rows["strong-one"] = bench.run("strong", NUMBA_NUM_THREADS="1")
    rows["default-plain"] = bench.run("default", SLOPECAST_NUMBA="0")
    rows["strong-plain"] = bench.run("strong", SLOPECAST_NUMBA="0")
    labels = {
        "column": "column in closed form, 24 h",
        "default": "engine, default, 24 h, compiled",
        "default-times": "the same with times of first failure",
        "default-plain": "engine, default, 24 h, plain numpy",
        "strong": "engine, K_lat 5e-4 m/s, 72 h, compiled",
        "strong-one": "the same on one thread",
        "strong-plain": "the same, plain numpy",
        "network": "network, per further scenario",
    }
    print(
        f"{'a scenario on 436 x 489 cells':52s} seconds  median   first  Mcells/s    steps  Mcell-steps/s  "
        "peak MiB (before)"
    )
    for what, label in labels.items():
        m = rows[what]
        if m is not None:
            stepped = f"{m.steps:8d} {cells * m.steps / m.seconds / 1e6:14.1f}" if m.steps else f"{'-':>8s} {'-':>14s}"
            median, first = (f"{m.more[k]:7.3f}" if k in m.more else f"{'-':>7s}" for k in ("median", "first"))
            print(
                f"{label:52s} {m.seconds:7.3f} {median} {first} {cells / m.seconds / 1e6:9.3f} {stepped} "
                f"{m.peak:9.0f} ({m.before:.0f})"
            )
    compiling(bench)
    if rows["network"] is not None:
        more = rows["network"].more
        print(
            f"network {more['model']} on {more['device']}: loading {more['loading']:.2f} s, "
            f"encoding the terrain {more['encoding']:.2f} s"
        )
    ratios(rows)
    whole_run(bench)


def all_paper_cases(bench: Bench, *, whole: bool) -> None:
    """The 613 cases of the paper's two stages on the hill that stands in for its mountain."""
    site, count = paper_site(), len(paper_cases())
    np.save(bench.folder / "paper_z.npy", site.elevation)
    np.save(bench.folder / "paper_depth.npy", site.soil_depth)
    m = bench.run("paper", cases=count if whole else PAPER_SAMPLE)
    if m is None:
        return
    done, workers = m.more["cases"], m.more["workers"]
    valid = int(np.isfinite(site.elevation).sum())
    each_took = f"{m.seconds:.3f} s each, {valid:,d} valid cells, {workers} processes of one thread"
    told = f"{m.more['wall']:.0f} s in all" if done == count else f"{m.seconds * count / workers:.0f} s (extrapolated)"
    print(f"the {count} cases of the paper: {told}; {done} took {each_took}")


def compiling(bench: Bench) -> None:
    """Seconds to compile the kernels, once per installation."""
    if kernels.numba is None:
        print("numba is not installed: nothing is compiled")
        return
    with tempfile.TemporaryDirectory(prefix="slopecast-numba-") as cache:
        m = bench.run("compiling", NUMBA_CACHE_DIR=cache)
    if m is not None:
        print(f"compiling the kernels, at the first call after an installation only: {m.seconds:.1f} s")


def ratios(rows: dict) -> None:
    """Who is how many times faster than whom, of this very run."""
    pairs = [
        ("default-plain", "default", "compiled engine against plain numpy, default"),
        ("strong-plain", "strong", "compiled engine against plain numpy, strong lateral flow"),
        ("strong-one", "strong", "all threads against one, strong lateral flow"),
        ("default", "column", "column against the engine, default"),
        ("default", "network", "network (further scenario) against the compiled engine, default"),
        ("strong", "network", "network (further scenario) against the compiled engine, strong lateral flow"),
    ]
    for slow, fast, label in pairs:
        if rows[slow] is not None and rows[fast] is not None:
            print(f"  {label}: {rows[slow].seconds / rows[fast].seconds:.2f} times as fast")
    if rows["network"] is not None and rows["strong"] is not None:
        once = rows["network"].seconds + rows["network"].more["encoding"]
        print(
            f"  network with its terrain's encoding against the same: {rows['strong'].seconds / once:.2f} times as fast"
        )


def whole_run(bench: Bench) -> None:
    """Wall time of the main job as a user's script starts it."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32652)
    grid = Grid(*PAPER_SHAPE, (300000.0, CELL_M, 0.0, 4150000.0, 0.0, -CELL_M), crs.ExportToWkt())
    dem, depth = bench.folder / "dem.tif", bench.folder / "depth.tif"
    write(dem, bench.made.elevation, grid)
    write(depth, bench.made.soil_depth, grid)
    try:
        qgis = QgisProcess()
        seconds = []
        for _ in range(2):  # the first run also compiles Python files
            began = time.monotonic()
            qgis.run("slopecast:predictfailuremask", DEM=dem, SOIL_DEPTH=depth, FAILURE_MASK=bench.folder / "mask.tif")
            seconds.append(time.monotonic() - began)
        began = time.monotonic()
        qgis.call("plugins")
        start = time.monotonic() - began
    except (SystemExit, RuntimeError) as error:
        print(f"qgis_process: skipped ({str(error).splitlines()[0]})")
        return
    print(f"qgis_process run slopecast:predictfailuremask, 436 x 489 cells: {min(seconds):.1f} s in all, of which "
          f"QGIS's own start {start:.1f} s")  # fmt: skip


def scaling(bench: Bench, *, large: bool) -> None:
    """The same scenario on larger maps, with the peak memory of each."""
    shapes = [PAPER_SHAPE, (1000, 1000), (2000, 2000)]
    print(f"\n{'scaling, default scenario':28s}  cells     seconds   first   Mcells/s   peak MiB   bytes a cell")
    for what in ("column", "default", "network"):
        label = {"column": "column", "default": "engine (compiled)", "network": "network with encoding"}[what]
        whole = large and what != "network" and free_memory() >= LARGE_NEEDS_GIB
        for shape in shapes + [(4000, 4000)] * whole:
            m = bench.run(what, shape)
            if m is None:
                break
            cells = shape[0] * shape[1]
            seconds = m.seconds + m.more.get("encoding", 0.0)
            extra = (m.peak - m.before) * 1024**2 / cells
            print(
                f"{label:28s} {cells:10,d} {seconds:8.2f} {m.more.get('first', seconds):7.2f} "
                f"{cells / seconds / 1e6:10.3f} {m.peak:10.0f} {extra:14.0f}",
                flush=True,
            )
    if large and free_memory() < LARGE_NEEDS_GIB:
        print(f"16 million cells were left out: less than {LARGE_NEEDS_GIB:g} GiB of memory are free")


def free_memory() -> float:
    """Memory that a process may still have [GiB]; infinite where the system does not tell."""
    told = Path("/proc/meminfo")
    lines = told.read_text(encoding="ascii").splitlines() if told.exists() else []
    return next((float(x.split()[1]) / 1024**2 for x in lines if x.startswith("MemAvailable")), float("inf"))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SlopecastError as error:
        sys.exit(str(error))
