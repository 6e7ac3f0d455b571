"""Signs of the steps of elevation or soil depth from line to line: what a whole line has in common stands out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..map_parts.strips import pieces
from ..map_parts.threads import in_threads
from ..raster import scratch

#: Cells along a line that are counted together, and of the strips in which maps are read.
BLOCK, _STRIP_CELLS = 16, 65_536
#: Least excess of a step over its neighbours that counts, over the cell size, or the typical soil depth.
_EVEN = 0.01


class StepSigns(NamedTuple):
    """Steps from line to line, in blocks of cells along the lines.

    The excess of a step is its height minus the mean of the steps before and after it.

    Attributes:
        signs: sums of the signs of the excess over the cells of a block; known: numbers of known ones; both int8
            (blocks, steps), of which the first is that from the second line to the third.
    """

    signs: np.ndarray
    known: np.ndarray

    def sums(self) -> tuple[np.ndarray, np.ndarray]:
        """Sums of both over the blocks before each, int32 (blocks + 1, steps)."""
        signs, known = (np.pad(np.cumsum(x, axis=0, dtype=np.int32), ((1, 0), (0, 0))) for x in self)
        return signs, known


def step_signs(values: np.ndarray, scales: tuple[float, float]) -> tuple[StepSigns, StepSigns]:
    """Steps from column to column, then from row to row; the same for any size of the strips.

    Args:
        values: elevation or soil depth (rows, cols) [m], NaN where unknown.
        scales: of steps from column to column, and from row to row [m]: a hundredth is no step.
    """
    rows, cols = values.shape
    height = max(1, _STRIP_CELLS // (cols * BLOCK)) * BLOCK
    even = _EVEN * scales[0], _EVEN * scales[1]

    def of_rows(at: slice) -> tuple[StepSigns, StepSigns]:
        across = _block_sums(values[at], even[0])
        down = _block_sums(np.ascontiguousarray(values[at.start : at.stop + 3].T), even[1])
        return across, down

    found = [of for _, of in in_threads(of_rows, scratch.releasing(pieces(rows, height)))]
    across, down = zip(*found)
    return _joined(across, 0), _joined(down, 1)


def _joined(parts: tuple[StepSigns, ...], axis: int) -> StepSigns:
    """Those of a map by those of its strips."""
    return StepSigns(*(np.concatenate(values, axis=axis) for values in zip(*parts)))


def _block_sums(heights: np.ndarray, even: float) -> StepSigns:
    """Steps along the second axis of heights (cells along the lines, lines)."""
    if heights.shape[1] < 4:
        return StepSigns(*np.zeros((2, -(-len(heights) // BLOCK), 0), dtype=np.int8))
    step = np.diff(heights, axis=1)
    excess = step[:, :-2] + step[:, 2:]
    excess *= -0.5
    excess += step[:, 1:-1]
    with np.errstate(invalid="ignore"):
        sign = (excess > even).view(np.int8) - (excess < -even).view(np.int8)
    firsts = np.arange(0, len(heights), BLOCK)
    known = np.isfinite(excess).view(np.int8)
    return StepSigns(*(np.add.reduceat(values, firsts, axis=0, dtype=np.int8) for values in (sign, known)))


def known_medians(values: np.ndarray) -> np.ndarray:
    """Medians of the known values of each column (rows, columns); NaN where none is known."""
    found = np.full(values.shape[1], np.nan)
    some = np.isfinite(values).any(axis=0)
    found[some] = np.nanmedian(values[:, some], axis=0)
    return found
