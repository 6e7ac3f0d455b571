"""How often the checks of inputs report defects of elevation models, in models with and without them.

    python tests/commands dem_defects [--seeds 36] [DEM ...]

On procedural areas of 256 x 256 cells of 1 to 30 m and on elevation models given as files: each as it is, in whole
metres and with a lake, which must raise no doubt of these checks, and with each defect. Heights of the defects are in
cell sizes. A line gives a defect and how many of the models with it are in doubt. It exits with 1 where one without a
defect is.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Callable, Iterator

import checkout  # noqa: F401 - registers the package
import numpy as np
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.raster.inputs import RasterInput
from slopecast.plugin.core.raster.read import read_dem
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.topography.terrain_checks import terrain_cautions

SIDE, CELLS_M = 256, (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
VOID = 24  # cells a side
NAMED = ("between tiles", "filled with a constant", "stripes make", "spikes and pits")
Change = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


def offset(height: float, part: float = 1.0) -> Change:
    """Raise the right half of the map, or the upper part of that."""

    def change(heights: np.ndarray, cell: float, _: np.random.Generator) -> np.ndarray:
        made = heights.copy()
        made[: round(part * len(made)), made.shape[1] // 2 :] += height * cell
        return made

    return change


def void(value: Callable[[np.ndarray], float]) -> Change:
    """Fill a square with a constant computed from its elevations: the steepest of eight squares."""

    def change(heights: np.ndarray, _: float, rng: np.random.Generator) -> np.ndarray:
        made = heights.copy()
        places = [tuple(int(rng.integers(8, side - VOID - 8)) for side in made.shape) for _ in range(8)]
        squares = [made[row : row + VOID, col : col + VOID] for row, col in places]
        square = max(squares, key=lambda square: float(np.nan_to_num(np.ptp(square), nan=-1.0)))
        square[...] = value(square)
        return made

    return change


def striped(heights: np.ndarray, cell: float, rng: np.random.Generator) -> np.ndarray:
    """Offset all rows at random, with a standard deviation of a twentieth of a cell."""
    return heights + 0.05 * cell * rng.normal(size=(len(heights), 1))


def spiky(height: float, share: float) -> Change:
    """Raise or lower a share of the cells."""

    def change(heights: np.ndarray, cell: float, rng: np.random.Generator) -> np.ndarray:
        sign = rng.choice((-1.0, 1.0), heights.shape) * (rng.random(heights.shape) < share)
        return heights + sign * height * cell

    return change


def shifted(heights: np.ndarray, _: float, __: np.random.Generator) -> np.ndarray:
    """Shift the right half of the map by a row."""
    made, middle = heights[1:].copy(), heights.shape[1] // 2
    made[:, middle:] = heights[:-1, middle:]
    return made


DEFECTS: dict[str, Change] = {
    **{f"offset of {height} cells": offset(height) for height in (0.05, 0.1, 0.2, 0.3, 0.6)},
    **{f"offset of {height} cells, half the line": offset(height, 0.5) for height in (0.1, 0.2, 0.3, 0.6)},
    "void at its mean": void(np.mean),
    "void at its greatest": void(np.max),
    "void at its least": void(np.min),
    "stripes of 0.05 cells": striped,
    "0.5 % spikes of 1.5 cells": spiky(1.5, 0.005),
    "0.05 % spikes of 3 cells": spiky(3.0, 0.0005),
    "half shifted by a cell": shifted,
}


def models(seeds: int, files: list[str]) -> Iterator[tuple[str, np.ndarray, float]]:
    """Yield name, elevation and cell size of each model."""
    for seed in range(seeds):
        cell = CELLS_M[seed % len(CELLS_M)]
        yield f"seed {seed}, {cell:g} m", procedural_area(seed, (SIDE, SIDE), cell).elevation.astype(np.float64), cell
    for file in files:
        elevation, grid = read_dem(RasterInput(file), Feedback())
        yield Path(file).stem, elevation.astype(np.float64), grid.cell_width


def is_named(heights: np.ndarray, cell: float) -> bool:
    """Whether a doubt of these checks is raised."""
    heights = heights.astype(np.float32)
    terrain = Terrain.from_arrays(heights, np.where(np.isfinite(heights), 1.5, np.nan), cell)
    text = " ".join(str(caution) for caution in terrain_cautions(terrain))
    return any(words in text for words in NAMED)


def main() -> int:
    """Count, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=36, help="procedural areas; default 36")
    parser.add_argument("dem", nargs="*", help="files of elevation models")
    given = parser.parse_args()
    counts, sound, false, number = dict.fromkeys(DEFECTS, 0), 0, [], 0
    for name, heights, cell in models(given.seeds, given.dem):
        number += 1
        for made in (heights, np.round(heights), np.fmax(heights, np.nanquantile(heights, 0.3)) + 0.0 * heights):
            sound += 1
            false += [name] * is_named(made, cell)
        rng = np.random.default_rng(number)
        for defect, change in DEFECTS.items():
            counts[defect] += is_named(change(heights, cell, rng), cell)
    print(f"{'without a defect':<36}{len(false):>4} of {sound} {', '.join(false)}")
    for defect, count in counts.items():
        print(f"{defect:<36}{count:>4} of {number}")
    return int(bool(false))


if __name__ == "__main__":
    raise SystemExit(main())
