"""``make fidelity``: the shipped network's masks against the engine's, beside the closed-form column's.

Scenarios are drawn over the training ranges; the cohesion of each is set so that a drawn share
(0.1 to 40 %) of the cells fails in the engine. IoU here is fidelity to the engine, not truth.

    python tests/commands/fidelity.py [--cases 20] [--seed 1] [--model FILE] [DEM.tif ...]

Without a DEM it takes the one that ``make demo`` has fetched, else the example mountain.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import checkout
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid, read_dem
from slopecast.plugin.core.metrics import Counts, iou, summarise
from slopecast.plugin.core.physics.column import Column, stability_of
from slopecast.plugin.core.physics.engine import Event
from slopecast.plugin.core.physics.groundwater import longest_step
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.soil_depth import estimate
from slopecast.plugin.core.synthetic import mountain
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.ml.dataset import draw_hydrology
from slopecast.plugin.ml.solver import NetworkSolver, expected_iou
from slopecast.plugin.variables import BY_NAME

MOST_CELL_STEPS = 3e9  # per scenario; finer ones are drawn again


def main() -> int:
    """Print a line per case and a summary per mountain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dem", nargs="*", type=Path)
    parser.add_argument("--cases", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", default=None)
    parser.add_argument("--depth", default="slope", help="soil depth method (see slopecast:estimatesoildepth)")
    parser.add_argument("--quiet", action="store_true", help="only the summaries")
    arguments = parser.parse_args()
    solver = NetworkSolver(arguments.model)
    print(
        f"model {solver.card.get('id')}; {arguments.cases} scenarios a mountain, seed {arguments.seed}; "
        f"soil depth: {arguments.depth}"
    )
    for name, terrain in terrains(arguments.dem, arguments.depth):
        compare(name, terrain, solver, arguments)
    return 0


def terrains(paths: list, method: str):
    """Yield (name, terrain) of each DEM, with an estimated soil depth."""
    default = checkout.ROOT / "demo" / "dem.tif"
    if not paths and not default.exists():
        made = mountain(7, (400, 400), 5.0)
        yield (
            "example mountain (no demo/dem.tif: run 'make demo' first)",
            Terrain(Grid.local(made.elevation.shape, 5.0), made.elevation, made.soil_depth),
        )
        return
    for path in paths or [default]:
        elevation, grid = read_dem(str(path))
        yield path.stem, Terrain(grid, elevation, estimate(elevation, grid.cell_width, grid.cell_height, method))


def compare(name: str, terrain: Terrain, solver: NetworkSolver, arguments) -> None:
    """Print one mountain's cases."""
    rng = np.random.default_rng(arguments.seed)
    network, column, trusted, seconds = [], [], [], [0.0, 0.0]
    if not arguments.quiet:
        print(
            "    c    phi      K_s    rain  hours  h0/D  deficit  K_lat/K_s   failed  share   U-Net  column  expected"
        )
    for scenario, reference, engine_s in draw_cases(terrain, arguments.cases, rng):
        began = time.perf_counter()
        result = next(solver.solve(terrain, [scenario], Feedback()))
        seconds[0] += time.perf_counter() - began
        seconds[1] += engine_s
        plain = next(Column().solve(terrain, [scenario], Feedback()))
        network.append(Counts.of(result.failure_mask, reference))
        column.append(Counts.of(plain.failure_mask, reference))
        if solver.reliability(terrain, scenario, result).level == "trusted":
            trusted.append(iou(network[-1]))
        failed = int((reference == 1).sum())
        if not arguments.quiet:
            print(
                f"{scenario.cohesion:6.2f} {scenario.friction_angle:5.1f} {scenario.conductivity:9.2e} "
                f"{scenario.rainfall:6.2f} "
                f"{scenario.duration:6.1f} {scenario.water_table_ratio:5.2f} {scenario.moisture_deficit:8.3f} "
                f"{scenario.lateral_anisotropy:10.1f} {failed:8d} {failed / (reference != 255).sum():7.4f} "
                f"{iou(network[-1]):6.3f} {iou(column[-1]):7.3f} {expected_iou(result):9.3f}",
                flush=True,
            )
    for label, counts in (("U-Net ", network), ("column", column)):
        s = summarise(counts)
        print(f"{name}: {label} mean IoU {s['mean_iou']:.4f}, pooled IoU {s['pooled_iou']:.4f}")
    moved = [i for i, c in enumerate(column) if iou(c) < 0.9]
    if moved:
        means = [np.mean([iou(x[i]) for i in moved]) for x in (network, column)]
        print(
            f"{name}: where water crosses cells (column IoU < 0.9, {len(moved)} cases): U-Net {means[0]:.4f}, "
            f"column {means[1]:.4f}"
        )
    small = [i for i, c in enumerate(column) if c.tp + c.fn < 3000]
    if small:
        means = [np.mean([iou(x[i]) for i in small]) for x in (network, column)]
        print(f"{name}: below 3,000 failed cells ({len(small)} cases): U-Net {means[0]:.4f}, column {means[1]:.4f}")
    if trusted:
        print(f"{name}: called trusted: {len(trusted)} cases, mean IoU {np.mean(trusted):.4f}")
    print(
        f"{name}: {terrain.grid.rows} x {terrain.grid.cols} cells; seconds a scenario: "
        f"U-Net {seconds[0] / len(network):.2f}, engine {seconds[1] / len(network):.2f}",
        flush=True,
    )


def draw_cases(terrain: Terrain, count: int, rng: np.random.Generator):
    """Yield (scenario, the engine's mask, its seconds) with 0.1 to 40 % failed cells."""
    made = 0
    while made < count:
        values = draw_hydrology(rng)
        scenario = Scenario(
            **values,
            friction_angle=float(rng.uniform(*BY_NAME["friction_angle"].trained)),
            root_cohesion=float(rng.choice([0.0, 1.0, 3.0])),
        )
        share = float(np.exp(rng.uniform(np.log(1e-3), np.log(0.4))))
        steps = scenario.duration_s / longest_step(terrain, terrain.valid, scenario.lateral_conductivity)
        if steps * terrain.valid.size > MOST_CELL_STEPS:
            continue
        began = time.perf_counter()
        event = Event(terrain, scenario)
        for _ in event.advance_by_intervals(Feedback()):
            pass
        elapsed = time.perf_counter() - began
        chosen = _with_share(event, scenario, share)
        if chosen is None:
            continue
        made += 1
        yield *chosen, elapsed


def _with_share(event: Event, scenario: Scenario, share: float):
    """Set the cohesion (within the trained range) so that the engine fails ``share`` of the cells."""
    low, high = BY_NAME["cohesion"].trained
    state = event.state()

    def failed(cohesion: float) -> np.ndarray:
        tried = scenario.with_values(cohesion=cohesion)
        fs, _ = stability_of(event.picked_slope, event.picked_depth, state, tried, event.cells)
        return fs < 1.0

    for _ in range(14):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if failed(middle).mean() > share else (low, middle)
    cells = failed(high)
    if not 1e-3 <= cells.mean() <= 0.4:
        return None
    mask = np.full(event.cells.shape, 255, dtype=np.uint8)
    mask[event.cells] = cells
    return scenario.with_values(cohesion=high), mask


if __name__ == "__main__":
    sys.exit(main())
