"""Detects straight lines across which elevations do not fit together, as between tiles shifted by a part of a cell."""

from __future__ import annotations

import numpy as np

from ...text import Text
from ..grid import Grid
from .step_signs import BLOCK, StepSigns
from .straight_lines import Line, edges_of_tiles, end_coordinates, runs

#: Least length of a line that is evaluated, in blocks of cells; in cells where it crosses a smaller map.
_LEAST_BLOCKS, _LEAST_CELLS = 12, 64
#: Share of such steps along half of all lines: ground has 0.2, planes and water none.
_LEAST_USUAL = 0.05
#: The share of steps along a line that exceed their neighbours more than four of five do, minus that of any other line
#: at most so many cells from it, times the square root of the cells: below 3.7 on real and synthetic hillslopes with
#: cells of 1 to 30 m, below 5 after interpolation to smaller cells, and above 6 in nine of ten DEMs with shifted tiles.
_SURPLUS, _BESIDE = 5.5, (3, 4, 5, 6, 7, 8)


def shifted_tile_caution(elevation: np.ndarray, grid: Grid, steps: tuple[StepSigns, StepSigns]) -> Text | None:
    """Caution about straight lines of uneven steps in a DEM; ``None`` where there are none.

    Args:
        elevation: (rows, cols) [m], NaN where unknown; steps: of it, by :func:`.step_signs.step_signs`.
    """
    if min(elevation.shape) < _LEAST_CELLS:
        return None
    found = [line for of, along_rows in zip(steps, (False, True)) for line in _lines(of, along_rows=along_rows)]
    found = edges_of_tiles(found, elevation, grid)
    if not found:
        return None
    return Text(
        "Elevations on both sides of a straight line from {} to {} do not fit together, as between tiles with "
        "different positions, heights or units (such lines in all: {}). Slopes and failed cells along it are false. "
        "Adjust the tiles to one another before they are merged, or use a DEM from one source.",
        *end_coordinates(max(found, key=lambda line: line.surplus), grid), len(found),
    )  # fmt: skip


def _lines(steps: StepSigns, *, along_rows: bool) -> list[Line]:
    """The strongest part of each line."""
    best: dict[int, Line] = {}
    _, counts, larges = steps.sums()
    fewest = min(_LEAST_BLOCKS * BLOCK, (len(steps.known) - 1) * BLOCK)  # the last block may not be full
    for first, last in runs(len(steps.known), _LEAST_BLOCKS):
        cells = counts[last] - counts[first]
        share = (larges[last] - larges[first]) / np.maximum(cells, 1)
        root, usual = np.sqrt(cells), float(np.median(share))
        if usual < _LEAST_USUAL:
            continue
        likely = (share - usual) * root >= _SURPLUS
        likely[: _BESIDE[-1]] = likely[share.size - _BESIDE[-1] :] = False
        likely = np.flatnonzero(likely & (cells >= fewest))
        other = np.max([share[likely + away] for by in _BESIDE for away in (-by, by)], axis=0)
        surplus = (share[likely] - other) * root[likely]
        for at, value in zip(likely.tolist(), surplus.tolist()):
            index = at + 2
            if value >= max(_SURPLUS, best[index].surplus if index in best else 0.0):
                best[index] = Line(along_rows, index, first * BLOCK, last * BLOCK, value)
    weaker = {line.index + by for line in best.values() for by in (-2, -1, 1, 2) if _is_weaker(best, line, by)}
    return [line for line in best.values() if line.index not in weaker]


def _is_weaker(best: dict[int, Line], line: Line, by: int) -> bool:
    """Whether the line so many cells from another one is weaker than that."""
    other = best.get(line.index + by)
    return other is not None and other.surplus < line.surplus
