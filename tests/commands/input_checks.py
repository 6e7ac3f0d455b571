"""What the checks of inputs cost: their share of a default run of the physics engine, part of ``make bench``.

    python tests/commands/input_checks.py [--cells 4000000] [DEM.tif ...]

The terrain is a procedural mountain of 5 m cells, or a DEM, mirrored until it has so many cells. A run here is reading
the DEM, the checks, the engine with its default scenario, and writing the mask, without QGIS.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import checkout  # noqa: F401 - registers the package
from slopecast.plugin.core.edge_catchment import edge_cautions
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.missing_heights import without_missing_heights
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.raster.write import write
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.scenario_checks import scenario_cautions, soil_depth_caution
from slopecast.plugin.core.synthetic import mountain
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.terrain_checks import terrain_cautions

DEPTH_M, REPEATS = 1.5, 3


def main() -> int:
    """Measure and print each terrain."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dem", nargs="*")
    parser.add_argument("--cells", type=int, default=4_000_000)
    arguments = parser.parse_args()
    print(f"{'terrain':24s}{'cells':>12s}{'run [s]':>10s}{'checks [s]':>12s}{'share':>8s}")
    with tempfile.TemporaryDirectory() as folder:
        for name, elevation, cell in terrains(arguments.dem):
            file = Path(folder) / "dem.tif"
            large = mirrored(elevation, arguments.cells)
            write(file, large, Grid.local(large.shape, cell))
            runs = [one_run(file) for _ in range(1 + REPEATS)][1:]  # the first one compiles
            whole, checks = (min(run[n] for run in runs) for n in (0, 1))
            print(f"{name:24s}{large.size:12,d}{whole:10.2f}{checks:12.3f}{checks / whole:8.1%}")
    return 0


def terrains(files: list[str]):
    """Yield (name, elevation, cell size [m])."""
    if not files:
        made = mountain(7, (400, 400), 5.0)
        yield "procedural, 5 m", made.elevation.astype(np.float32), 5.0
    for file in files:
        elevation, grid = read_dem(RasterInput(file))
        yield Path(file).stem, elevation, grid.cell_width


def mirrored(elevation: np.ndarray, cells: int) -> np.ndarray:
    """Mirror a map to the east and south in turn until it has so many cells."""
    while elevation.size < cells:
        axis = int(elevation.shape[0] < elevation.shape[1]) ^ 1
        elevation = np.concatenate([elevation, np.flip(elevation, axis)], axis)
    rows = int(np.sqrt(cells * elevation.shape[0] / elevation.shape[1]))
    return np.ascontiguousarray(elevation[:rows, : -(-cells // rows)], dtype=np.float32)


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
    edge_cautions(terrain, scenario)
    checks += time.perf_counter()
    result = next(iter(Engine(failure_times=False).solve(terrain, [scenario], feedback)))
    write(file.with_name("mask.tif"), result.failure_mask, grid)
    return time.perf_counter() - began, checks


if __name__ == "__main__":
    sys.exit(main())
