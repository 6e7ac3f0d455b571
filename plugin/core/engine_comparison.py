"""Compares the network's mask with the physics engine's for the same scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..text import Text
from .feedback import Feedback
from .metrics import Counts, agreement_map, iou
from .physics.engine import engine_for
from .reliability import Reliability
from .result import Result
from .terrain import Terrain

#: Masks with a lower IoU differ notably: the result is then not called trusted.
NOTABLE_IOU = 0.95
#: Rows of a table that are compared at most, and the seed that picks them.
MOST_ROWS, _SEED = 5, 0


@dataclass(frozen=True, eq=False)
class EngineComparison:
    """Agreement of a mask with the engine's.

    Attributes:
        agreement: uint8 (rows, cols): 0 TN, 1 TP, 2 FP, 3 FN, 255 NoData; the engine's mask is the reference.
        counts: cells of each.
        seconds: that the engine took [s].
    """

    agreement: np.ndarray
    counts: Counts
    seconds: float

    @classmethod
    def of(cls, terrain: Terrain, result: Result, feedback: Feedback) -> EngineComparison:
        """Run the engine on a result's scenario.

        Args:
            terrain: of the result; feedback: for progress, 0 to 100.

        Raises:
            Cancelled: the user cancelled the run.
        """
        engine = engine_for(result.scenario)
        reference = next(engine.solve(terrain, [result.scenario], feedback))
        masks = result.failure_mask, reference.failure_mask
        return cls(agreement_map(*masks), Counts.of(*masks), reference.diagnostics["seconds"])

    @property
    def iou(self) -> float:
        """Intersection over union with the engine's mask; 1 where neither has a failed cell."""
        return iou(self.counts)

    @property
    def different_cells(self) -> int:
        """Cells that fail in one of the masks alone."""
        return self.counts.fp + self.counts.fn

    @property
    def text(self) -> Text:
        """The comparison in words."""
        template = "the mask agrees with the physics engine's: IoU {:.3f}, {} of {} cells differ"
        if self.iou < NOTABLE_IOU:
            template = "the mask differs from the physics engine's: IoU {:.3f}, {} of {} cells differ"
        return Text(template, self.iou, self.different_cells, self.counts.valid)

    def judged(self, reliability: Reliability) -> Reliability:
        """The reliability of the mask with the comparison among its reasons: a notable difference is a caution."""
        if self.iou < NOTABLE_IOU:
            return reliability.with_cautions([self.text])
        return replace(reliability, reasons=(*reliability.reasons, self.text))


def compared_rows(count: int) -> frozenset[int]:
    """Numbers of the rows of a table that are compared, from 0: drawn at random, always the same ones."""
    drawn = np.random.default_rng(_SEED).choice(count, size=min(MOST_ROWS, count), replace=False)
    return frozenset(int(number) for number in drawn)
