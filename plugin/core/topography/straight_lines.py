"""Straight lines of cells between which a map does not fit together, as the edges of tiles."""

from __future__ import annotations

from typing import Iterator, NamedTuple

import numpy as np

from ..grid import Grid

#: Least length of a line that is evaluated, in blocks of cells.
LEAST_BLOCKS = 4
#: Walls and banks that happen to follow the cells are shorter, or end on open ground, not at the edge of the known
#: elevations or at another line, within so many cells.
_LONG_M, _END_CELLS = 200.0, 24


class Line(NamedTuple):
    """A straight step: its place, cells along it from ``first`` to ``last``, its strength and height [m]."""

    along_rows: bool
    index: int  # of the row or column after it
    first: int
    last: int
    surplus: float
    offset: float = 0.0

    @property
    def cells(self) -> int:
        """Length of the line."""
        return self.last - self.first


def end_coordinates(line: Line, grid: Grid) -> tuple[str, str]:
    """Both ends of a line as text."""
    x, dx, _, y, _, dy = grid.geotransform
    places = ((line.index, at) if line.along_rows else (at, line.index) for at in (line.first, line.last))
    one, other = (f"x = {x + col * dx:.0f}, y = {y + row * dy:.0f}" for row, col in places)
    return one, other


def edges_of_tiles(lines: list[Line], values: np.ndarray, grid: Grid) -> list[Line]:
    """Lines that are long or bound a tile; values: the map (rows, cols)."""
    return [line for line in lines if _is_long(line, grid) or _is_closed(line, lines, values)]


def _is_long(line: Line, grid: Grid) -> bool:
    """Whether a line is longer than walls and banks that happen to follow the cells."""
    return line.cells * (grid.cell_width if line.along_rows else grid.cell_height) >= _LONG_M


def _is_closed(line: Line, lines: list[Line], elevation: np.ndarray) -> bool:
    """Whether a line bounds a tile: it ends at the edge of the known elevations, or at another line."""
    heights = elevation.T if line.along_rows else elevation
    return all(_ends_at_edge(line, at, lines, heights) for at in (line.first, line.last))


def _ends_at_edge(line: Line, end: int, lines: list[Line], heights: np.ndarray) -> bool:
    """Whether one end of a line, at a cell along it, is at such an edge; heights: (cells along, cells across)."""
    around = slice(max(end - _END_CELLS, 0), end + _END_CELLS)
    if around.start == 0 or around.stop >= len(heights) or np.isnan(heights[around, line.index]).any():
        return True
    return any(
        other.along_rows != line.along_rows
        and abs(other.index - end) <= _END_CELLS
        and other.first - _END_CELLS <= line.index <= other.last + _END_CELLS
        for other in lines
    )


def runs(blocks: int, least: int = LEAST_BLOCKS) -> Iterator[tuple[int, int]]:
    """Yield first and last block of runs of 4, 8, 16, ... and of all blocks, which overlap by three quarters.

    Args:
        blocks: their number; least: shorter runs are left out, but for that of all.
    """
    length = LEAST_BLOCKS
    while length < blocks:
        if length >= least:
            for first in range(0, blocks - length + 1, length // 4):
                yield first, first + length
        length *= 2
    yield 0, blocks
