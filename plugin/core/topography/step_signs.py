"""Signs of the steps of elevation or soil depth from line to line: an offset common to a whole line is detected."""

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
#: Share of the excesses that are not large, and about how many lines of so many cells it is found in.
_USUAL, _SAMPLE_LINES, _SAMPLE_CELLS = 0.8, 40, 500


class StepSigns(NamedTuple):
    """Steps from line to line, in blocks of cells along the lines.

    The excess of a step is its height minus the mean of the steps before and after it.

    Attributes:
        signs: sums of the signs of the excess over the cells of a block; known: numbers of known ones; large: numbers
            of those that are larger than four of five on the map; all int8 (blocks, steps), of which the first is that
            from the second line to the third.
    """

    signs: np.ndarray
    known: np.ndarray
    large: np.ndarray

    def sums(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Sums of all over the blocks before each, int32 (blocks + 1, steps)."""
        signs, known, large = (np.pad(np.cumsum(x, axis=0, dtype=np.int32), ((1, 0), (0, 0))) for x in self)
        return signs, known, large


def step_signs(values: np.ndarray, scales: tuple[float, float]) -> tuple[StepSigns, StepSigns]:
    """Steps from column to column, then from row to row; the same for any size of the strips.

    Args:
        values: elevation or soil depth (rows, cols) [m], NaN where unknown.
        scales: of steps from column to column, and from row to row [m]: a hundredth is no step.
    """
    rows, cols = values.shape
    height = max(1, _STRIP_CELLS // (cols * BLOCK)) * BLOCK
    even = _EVEN * scales[0], _EVEN * scales[1]
    usual = _usual(values), _usual(values.T)

    def of_rows(at: slice) -> tuple[StepSigns, StepSigns]:
        across = _block_sums(values[at], even[0], usual[0])
        down = _block_sums(np.ascontiguousarray(values[at.start : at.stop + 3].T), even[1], usual[1])
        return across, down

    found = [of for _, of in in_threads(of_rows, scratch.releasing(pieces(rows, height)))]
    across, down = zip(*found)
    return _joined(across, 0), _joined(down, 1)


def _joined(parts: tuple[StepSigns, ...], axis: int) -> StepSigns:
    """Signs of a map from those of its strips."""
    return StepSigns(*(np.concatenate(values, axis=axis) for values in zip(*parts)))


def _block_sums(heights: np.ndarray, even: float, usual: float) -> StepSigns:
    """Steps along the second axis of heights (cells along the lines, lines); usual: excess that is not large [m]."""
    if heights.shape[1] < 4:
        return StepSigns(*np.zeros((3, -(-len(heights) // BLOCK), 0), dtype=np.int8))
    excess = _excess(heights)
    with np.errstate(invalid="ignore"):
        sign = (excess > even).view(np.int8) - (excess < -even).view(np.int8)
        large = (np.abs(excess) > usual).view(np.int8)
    firsts = np.arange(0, len(heights), BLOCK)
    known = np.isfinite(excess).view(np.int8)
    return StepSigns(*(np.add.reduceat(values, firsts, axis=0, dtype=np.int8) for values in (sign, known, large)))


def _excess(heights: np.ndarray) -> np.ndarray:
    """Steps along the second axis minus the means of those before and after them [m], (cells, lines - 3)."""
    step = np.diff(heights, axis=1)
    excess = step[:, :-2] + step[:, 2:]
    excess *= -0.5
    excess += step[:, 1:-1]
    return excess


def _usual(heights: np.ndarray) -> float:
    """The excess that four of five steps along the second axis do not reach, from a sample [m]."""
    rows = heights[:: max(1, heights.shape[0] // _SAMPLE_LINES)]
    excess = np.abs(_excess(rows)[:, :: max(1, heights.shape[1] // _SAMPLE_CELLS)])
    known = excess[np.isfinite(excess)]
    return float(np.quantile(known, _USUAL)) if known.size else 0.0


def known_medians(values: np.ndarray) -> np.ndarray:
    """Medians of the known values of each column (rows, columns); NaN where none is known."""
    found = np.full(values.shape[1], np.nan)
    some = np.isfinite(values).any(axis=0)
    found[some] = np.nanmedian(values[:, some], axis=0)
    return found
