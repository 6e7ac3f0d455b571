"""Overlapping windows of a raster, for operations with a limited neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator


@dataclass(frozen=True)
class Tile:
    """A window to compute (``outer``) and the part of it to keep (``inner``), as slices of the raster."""

    outer: tuple[slice, slice]
    inner: tuple[slice, slice]

    @classmethod
    def whole(cls, shape: tuple[int, int]) -> Tile:
        """A raster as one window."""
        every = (slice(0, shape[0]), slice(0, shape[1]))
        return cls(every, every)

    @property
    def place(self) -> tuple[int, int]:
        """First row and column of the part to keep."""
        return self.inner[0].start, self.inner[1].start

    @property
    def inner_in_outer(self) -> tuple[slice, slice]:
        """The part to keep, as slices of the computed window."""
        return tuple(  # type: ignore[return-value]
            slice(i.start - o.start, i.stop - o.start) for i, o in zip(self.inner, self.outer)
        )


def tiles(
    shape: tuple[int, int], size: int, overlap: int, multiple: int, kept: tuple[slice, slice] | None = None
) -> Iterator[Tile]:
    """Cut a raster into overlapping windows whose origins lie on multiples of ``multiple``.

    Args:
        shape: (rows, cols), themselves multiples of ``multiple``.
        size: side of a computed window; must exceed twice the overlap.
        overlap: cells computed around the part to keep.
        multiple: grid of the origins (2**levels of a U-Net).
        kept: part of the raster that is wanted, between multiples of ``multiple``; all of it by default.

    Yields:
        tiles whose inner parts cover the wanted part once.
    """
    size, overlap = -(-size // multiple) * multiple, -(-overlap // multiple) * multiple
    step = max(size - 2 * overlap, multiple)
    kept = kept or tuple(slice(0, n) for n in shape)
    for row in _spans(shape[0], size, step, overlap, kept[0]):
        for col in _spans(shape[1], size, step, overlap, kept[1]):
            yield Tile((row[0], col[0]), (row[1], col[1]))


def _spans(length: int, size: int, step: int, overlap: int, kept: slice) -> Iterator[tuple[slice, slice]]:
    whole = slice(max(kept.start - overlap, 0), min(kept.stop + overlap, length))
    if whole.stop - whole.start <= size:
        yield whole, kept
        return
    for start in range(kept.start, kept.stop, step):
        stop = min(start + step, kept.stop)
        yield slice(max(start - overlap, 0), min(stop + overlap, length)), slice(start, stop)


#: Origins of windows are multiples of it: of the U-Net's, and cores end with a file's blocks.
MULTIPLE, BLOCK = 16, 256
#: Rows and columns next to a window's outermost that its slopes and faces need.
RIM = 2


@dataclass(frozen=True)
class Margin:
    """Cells around a core that are computed with it.

    Attributes:
        steps: of lateral flow, two cells for those in which outflow is limited.
        view: cells that a network sees beyond.
    """

    steps: int
    view: int = 0

    @property
    def cells(self) -> int:
        """Width of the margin [cells], a multiple of :data:`MULTIPLE`."""
        return -(-(self.steps + self.view + RIM) // MULTIPLE) * MULTIPLE
