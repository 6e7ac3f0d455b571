"""Compares the network's mask with the physics engine's for the same scenario."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...text import Text
from ..feedback import Feedback
from ..grid import MASK_NODATA
from ..map_parts.strips import row_strips
from ..raster import scratch
from ..reliability import Reliability
from .metrics import Counts, agreement_map, iou

if TYPE_CHECKING:
    from ..windowed.solve import WindowedRun

#: Masks with a lower IoU differ notably: the result is then not called trusted.
NOTABLE_IOU = 0.95
#: Rows of a table that are compared at most, and the seed that picks them.
MOST_ROWS, _SEED = 5, 0


@dataclass(frozen=True, eq=False)
class EngineMask:
    """The physics engine's mask of a scenario, uint8 (rows, cols), and the time that it took [s]."""

    values: np.ndarray
    seconds: float

    @classmethod
    def of(cls, run: WindowedRun, shape: tuple[int, int], feedback: Feedback) -> EngineMask:
        """Run the engine on a map of the ``shape`` (rows, cols); raises :class:`Cancelled`."""
        began, values = time.perf_counter(), scratch.full(shape, MASK_NODATA, np.uint8)
        for window in run.solve(feedback):
            values[window.tile.inner] = window.result.failure_mask  # one that comes again replaces what it was before
            scratch.release()
        return cls(values, time.perf_counter() - began)

    def agreement(self, mask: np.ndarray, place: tuple[slice, slice]) -> np.ndarray:
        """:func:`.metrics.agreement_map` of a mask of some rows and columns; the engine's is the reference."""
        return agreement_map(mask, self.values[place])

    def compared(self, mask: np.ndarray) -> EngineComparison:
        """Compare a mask of the whole map, in strips of rows."""
        every = slice(0, mask.shape[1])
        counts = (Counts.of_map(self.agreement(mask[at], (at, every))) for at in row_strips(mask.shape))
        return EngineComparison(sum(counts, Counts()), self.seconds)


@dataclass(frozen=True)
class EngineComparison:
    """Agreement of a mask with the engine's, which is the reference; seconds: that the engine took [s]."""

    counts: Counts
    seconds: float

    @property
    def iou(self) -> float:
        """Intersection over union with the engine's mask; 1 where neither has a failed cell."""
        return iou(self.counts)

    @property
    def different_cells(self) -> int:
        """Cells that fail in only one of the masks."""
        return self.counts.fp + self.counts.fn

    @property
    def text(self) -> Text:
        """The comparison in words."""
        template = "the mask agrees with the physics engine's: IoU {:.3f}, {:,} of {:,} cells differ"
        if self.iou < NOTABLE_IOU:
            template = "the mask differs from the physics engine's: IoU {:.3f}, {:,} of {:,} cells differ"
        return Text(template, self.iou, self.different_cells, self.counts.valid)

    def rate(self, reliability: Reliability) -> Reliability:
        """The reliability with the comparison as a reason: a notable difference is a caution."""
        if self.iou < NOTABLE_IOU:
            return reliability.with_cautions([self.text])
        return replace(reliability, reasons=(*reliability.reasons, self.text))


def compared_rows(count: int) -> frozenset[int]:
    """Numbers of the rows of a table that are compared, from 0: drawn at random, always the same ones."""
    drawn = np.random.default_rng(_SEED).choice(count, size=min(MOST_ROWS, count), replace=False)
    return frozenset(int(number) for number in drawn)
