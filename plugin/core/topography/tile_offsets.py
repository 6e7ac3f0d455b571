"""Detects straight steps along rows and columns, as between tiles of a mosaic with different vertical offsets."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...text import Text, measure
from ..grid import Grid
from ..map_parts.strips import known_sample
from .step_signs import BLOCK, StepSigns, known_medians, step_signs
from .straight_lines import LEAST_BLOCKS, Line, edges_of_tiles, end_coordinates, runs

#: Least number of known cells of a line that is evaluated.
_LEAST_CELLS = 48
#: Least offset that is reported, over the cell size: slopes change by 1 deg at it.
_LEAST_OFFSET = 0.04
#: An offset d adds d to the step from cell to cell across the line, and to the excess of the steps over the means of
#: their neighbours -d/2, d and -d/2. On ground, excesses of both signs are as frequent. The surplus of these signs
#: times the square root of the cells, where it is so many times that of other lines, is below 3.3 on real and synthetic
#: hillslopes with cells of 1 to 30 m, and above 7 at offsets of 0.3 cells. Short lines are more in number. Heights that
#: were measured in profiles have many such lines, each little stronger than others.
_SURPLUS, _SURPLUS_OF_SHORT, _TIMES_OTHERS, _OTHERS = 4.2, 5.0, 2.5, 0.975
_MOST_LINES, _MOST_PARTS = 50, 16  # of lines that are evaluated, and of parts of each
#: The excess of the steps on both sides of an offset over its own; walls of one cell have -1 on a side.
_SIDES = -0.75, -0.25
#: Greatest spread of an offset along its line, over that of the ground nearby and over the offset: cuts, banks and
#: walls vary more. Distance of that ground from the line [cells].
_SPREAD, _SPREAD_OF_OFFSET, _GROUND_CELLS = 1.3, 0.05, 6
#: Interpolation from wider cells leaves such steps at every second or third line. Its lines differ so much from one
#: another, and offsets over them are so many times their spread.
_UNEVEN, _OVER_UNEVEN = 0.5, 4.0
#: Least offset of the soil depth over its median, and the share of it by which it may vary: other units multiply.
_LEAST_DEPTH_OFFSET, _SPREAD_OF_DEPTH_OFFSET = 0.15, 0.5
_DEPTH_SAMPLE = 20_000


class _Limits(NamedTuple):
    """Limits by which a step counts as an offset.

    Attributes:
        across, down: least one along columns, and along rows [m]; spread: share by which it may vary along a line.
        uneven: whether values must change from cell to cell, not from zone to zone.
    """

    across: float
    down: float
    spread: float
    uneven: bool


def tile_offset_caution(elevation: np.ndarray, grid: Grid, steps: tuple[StepSigns, StepSigns]) -> Text | None:
    """Caution about straight steps in a DEM; ``None`` where there are none.

    Args:
        elevation: (rows, cols) [m], NaN where unknown; steps: of it, by :func:`.step_signs.step_signs`.
    """
    least = _LEAST_OFFSET * grid.cell_width, _LEAST_OFFSET * grid.cell_height
    found = _found(elevation, grid, steps, _Limits(*least, _SPREAD_OF_OFFSET, uneven=False))
    if not found:
        return None
    return Text(
        "The elevations of the DEM change by {} along a straight line from {} to {}, as between tiles with different "
        "vertical offsets (such lines in all: {}). Slopes and failed cells along it are false. Adjust the tiles to one "
        "another before they are merged, or use a DEM from one source.",
        *_described(found, grid),
    )  # fmt: skip


def depth_offset_caution(soil_depth: np.ndarray, grid: Grid) -> Text | None:
    """Caution about straight steps in a soil depth that changes from cell to cell, not from zone to zone.

    Args:
        soil_depth: (rows, cols) [m], NaN where unknown.
    """
    sample = known_sample(soil_depth, _DEPTH_SAMPLE)
    typical = float(np.median(sample)) if sample.size else 0.0
    if typical <= 0.0 or np.ptp(sample) == 0.0:
        return None
    steps = step_signs(soil_depth, (typical, typical))
    least = _LEAST_DEPTH_OFFSET * typical
    found = _found(soil_depth, grid, steps, _Limits(least, least, _SPREAD_OF_DEPTH_OFFSET, uneven=True))
    if not found:
        return None
    return Text(
        "The soil depth changes by {} along a straight line from {} to {}, as between tiles from different sources or "
        "in different units (such lines in all: {}). Failed cells may follow the tiles. Adjust them to one another, or "
        "use a soil depth from one source.",
        *_described(found, grid),
    )  # fmt: skip


def _described(lines: list[Line], grid: Grid) -> tuple[Any, ...]:
    """Offset and ends of the worst line, and the number of lines."""
    worst = max(lines, key=lambda line: abs(line.offset) * line.cells)
    return measure(float(f"{abs(worst.offset):.2g}"), "m"), *end_coordinates(worst, grid), len(lines)


def _found(values: np.ndarray, grid: Grid, steps: tuple[StepSigns, StepSigns], limits: _Limits) -> list[Line]:
    """All lines of a map (rows, cols) of elevation or soil depth."""
    if min(values.shape) < _LEAST_CELLS:
        return []
    found = [*_lines(steps[0], values, limits, along_rows=False), *_lines(steps[1], values.T, limits, along_rows=True)]
    return edges_of_tiles(found, values, grid)


def _lines(steps: StepSigns, heights: np.ndarray, limits: _Limits, *, along_rows: bool) -> list[Line]:
    """Find the lines along the first axis of the heights, the strongest part of each.

    Args:
        heights: elevation or depth (cells along, cells across) [m]; steps: across the lines.
    """
    parts: dict[int, list[Line]] = {}  # of each line, by the index of the cells after it
    sums, counts, _ = steps.sums()
    for first, last in runs(len(steps.signs)):
        cells = counts[last] - counts[first]
        shape = _shape((sums[last] - sums[first]) / np.maximum(cells, 1))
        surplus = shape * np.sqrt(cells[1:-1])
        surplus[cells[1:-1] < _LEAST_CELLS] = 0.0
        strong = np.flatnonzero(surplus >= (_SURPLUS if last - first > LEAST_BLOCKS else _SURPLUS_OF_SHORT))
        if not strong.size:
            continue
        others = _TIMES_OTHERS * np.quantile(shape, _OTHERS)
        for at in strong[shape[strong] >= others]:
            line = Line(along_rows, int(at) + 3, first * BLOCK, last * BLOCK, float(surplus[at]))
            parts.setdefault(line.index, []).append(line)
    for of_line in parts.values():
        of_line.sort(key=lambda line: -line.surplus)
    strongest = sorted(parts.values(), key=lambda of_line: -of_line[0].surplus)[:_MOST_LINES]
    measured = (
        next(filter(None, (_measured(line, steps.signs, heights, limits) for line in of_line[:_MOST_PARTS])), None)
        for of_line in strongest
    )
    least = limits.down if along_rows else limits.across
    return [line for line in measured if line is not None and abs(line.offset) >= least]


def _shape(share: np.ndarray) -> np.ndarray:
    """How far the mean signs (steps,) are those of an offset at each but the first and last: 0 to 1, (steps - 2,)."""
    before, here, after = share[:-2], share[1:-1], share[2:]
    up = np.minimum(here, -np.maximum(before, after))
    down = np.minimum(-here, np.minimum(before, after))
    return np.maximum(np.maximum(up, down), 0.0)


def _measured(line: Line, signs: np.ndarray, heights: np.ndarray, limits: _Limits) -> Line | None:
    """Line with height and ends, to a block of cells; ``None`` if it is a wall or a cut."""
    first = max(line.index - _GROUND_CELLS - 2, 0)
    near = heights[line.first : line.last, first : line.index + _GROUND_CELLS + 2].astype(np.float64)
    step = np.diff(near, axis=1)
    excess = step[:, 1:-1] - 0.5 * (step[:, :-2] + step[:, 2:])
    middle = known_medians(excess)
    here = line.index - 2 - first
    before, offset, after = middle[here - 1 : here + 2].tolist()
    spread = known_medians(np.abs(excess - middle))
    others = np.delete(spread, slice(here - 1, here + 2))
    others = others[np.isfinite(others)]
    least, most = _SIDES
    if not others.size or (limits.uneven and not others.any()):
        return None
    if not offset or not all(least <= side / offset <= most for side in (before, after)):
        return None
    if spread[here] > _SPREAD * others.mean() + limits.spread * abs(offset):
        return None
    if others.min() < _UNEVEN * others.max() and abs(offset) < _OVER_UNEVEN * others.max():
        return None
    at = line.index - 2  # of the step among all
    clear = np.sign(offset) * (2.0 * signs[:, at] - signs[:, at - 1] - signs[:, at + 1]) / (4.0 * BLOCK)
    inside = clear[line.first // BLOCK : -(-line.last // BLOCK)]
    gain = np.append(0.0, np.cumsum(clear - 0.5 * inside.mean()))
    end = int(np.argmax(gain - np.minimum.accumulate(gain)))
    begin = int(np.argmin(gain[: end + 1]))
    return line._replace(first=begin * BLOCK, last=min(end * BLOCK, len(heights)), offset=offset)
