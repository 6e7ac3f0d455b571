"""``make robustness``: the shipped network on terrain as users have it, against the engine.

One study area is judged as it is and changed in one way at a time: another model of the soil depth, other cell sizes,
NoData holes, a sea, flat land. Each change gets scenarios over the training ranges, balanced by share of failed cells.
IoU here is fidelity to the engine, not truth.

    python tests/commands robustness [--cases 18] [--seed 5] [--side 200] [--model FILE] [DEM.tif]

Without a DEM it takes the example study area.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Iterator

import checkout  # noqa: F401 - registers the package
import numpy as np
from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.plan import space_filling_plan
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.soil_depth import METHODS, estimate
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.evaluation import COLUMN, Evaluation, evaluate
from slopecast.plugin.core.validation.metrics import iou
from slopecast.plugin.core.workers.parallel import Threads
from slopecast.plugin.ml.network_solver import network_solver_for

NETWORK = "network"
CELL_SIZES_M = (2.0, 5.0, 12.0, 30.0)
HOLES, HOLE_RADII = 12, (2.0, 12.0)  # [cells]
LOW_SHARE = 0.35  # of the cells, below the sea or flat


def main() -> int:
    """Change, simulate, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dem", nargs="?", type=Path, help="file of an elevation model")
    parser.add_argument("--cases", type=int, default=18, help="a change")
    parser.add_argument("--seed", type=int, default=5, help="of the scenarios")
    parser.add_argument("--side", type=int, default=200, help="of the middle part that is taken [cells]")
    parser.add_argument("--model", default=None, help="file of weights; default: the shipped network")
    parser.add_argument("--workers", type=int, default=None, help="processes; default: one per core")
    arguments = parser.parse_args()
    solvers = {NETWORK: network_solver_for(arguments.model, "auto"), COLUMN: SoilColumn()}
    print(f"network {solvers[NETWORK].card.get('id')} on {solvers[NETWORK].device_name}")
    elevation, cell = middle(arguments.dem, arguments.side)
    print(f"{'change':30s}   mean  pooled  worst  column  trusted (mean)  outside")
    whole = Evaluation(scores={name: [] for name in solvers})
    for name, terrain in changes(elevation, cell, np.random.default_rng(arguments.seed)):
        plan = space_filling_plan(arguments.cases, arguments.seed, terrain, name)
        with tempfile.TemporaryDirectory() as folder:
            dataset = build(plan, Path(folder) / "set", Feedback(), executor=Threads(arguments.workers))
            found = evaluate(dataset.reference_cases(dataset.references), arguments.cases, solvers, Feedback())
        print_scores(name, found)
        whole.cases += found.cases
        for solver, scores in found.scores.items():
            whole.scores[solver] += scores
    print_scores("all together", whole)
    return 0


def middle(path: Path | None, side: int) -> tuple[np.ndarray, float]:
    """Elevation [m] of the middle of a study area, and its cell size [m]."""
    if path is None:
        return procedural_area(7, (side, side), 5.0).elevation, 5.0
    elevation, grid = read_dem(RasterInput(str(path)))
    rows, cols = (slice(max(0, (n - side) // 2), (n + side) // 2) for n in elevation.shape)
    return elevation[rows, cols].astype(float), float(np.sqrt(grid.cell_area))


def changes(elevation: np.ndarray, cell: float, rng: np.random.Generator) -> Iterator[tuple[str, Terrain]]:
    """Yield (name, terrain) of each change."""

    def terrain(z: np.ndarray, size: float = cell, method: str = "slope") -> Terrain:
        return Terrain(Grid.local(z.shape, size), z, estimate(z, size, size, method))

    low = float(np.nanquantile(elevation, LOW_SHARE))
    yield "as it is", terrain(elevation)
    for method in METHODS:
        if method != "slope":
            yield f"soil depth by {method}", terrain(elevation, method=method)
    for size in CELL_SIZES_M:  # the same slopes
        yield f"cells of {size:g} m", terrain((elevation - np.nanmin(elevation)) * size / cell, size)
    yield "NoData holes", terrain(with_holes(elevation, rng))
    yield "sea as NoData", terrain(np.where(elevation < low, np.nan, elevation))
    yield "sea as a height", terrain(np.maximum(elevation, low) - low)
    yield "flat land", terrain(np.maximum(elevation, low) + rng.normal(0.0, 0.02, elevation.shape))


def with_holes(elevation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The elevation without what lies in some circles."""
    rows, cols = np.indices(elevation.shape)
    holed = elevation.copy()
    for _ in range(HOLES):
        row, col = rng.uniform(0, elevation.shape[0]), rng.uniform(0, elevation.shape[1])
        holed[np.hypot(rows - row, cols - col) < rng.uniform(*HOLE_RADII)] = np.nan
    return holed


def print_scores(name: str, found: Evaluation) -> None:
    """Print a row."""
    network, column = (found.summary(solver) for solver in (NETWORK, COLUMN))
    worst = min((iou(s.counts) for s, c in zip(found.scores[NETWORK], found.cases) if c.failed_cells), default=np.nan)
    levels = {group: chosen for by, group, chosen in found.groups(NETWORK) if by == "reliability"}
    trusted, outside = levels.get("trusted", []), levels.get("outside", [])
    mean = f"{found.summary(NETWORK, trusted)['mean_iou']:.3f}" if trusted else "-"
    print(
        f"{name:30s} {network['mean_iou']:6.3f} {network['pooled_iou']:7.3f} {worst:6.3f} {column['mean_iou']:7.3f}"
        f"   {len(trusted) / len(found.cases):5.0%} ({mean})  {len(outside) / len(found.cases):7.0%}",
        flush=True,
    )
