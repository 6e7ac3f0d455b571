"""What the failure masks of many scenarios say together: how often a cell fails, and in which scenario first."""

from __future__ import annotations

import numpy as np

from .grid import MASK_NODATA

#: More scenarios than a Byte raster can number.
_MOST_IN_A_BYTE = MASK_NODATA - 1


class FailureTally:
    """Counts masks one by one, so that only sums stay in memory.

    Args:
        shape: (rows, cols) of the masks.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.scenarios = 0
        self._failed = np.zeros(shape, dtype=np.uint32)
        self._first = np.zeros(shape, dtype=np.uint32)
        self._valid = np.ones(shape, dtype=bool)

    def add(self, mask: np.ndarray) -> None:
        """Take the next mask, uint8 (rows, cols): 0 stable, 1 failed, 255 NoData, which stays NoData for all."""
        self.scenarios += 1
        failed = mask == 1
        self._valid &= mask != MASK_NODATA
        self._first[failed & (self._first == 0)] = self.scenarios
        self._failed += failed

    @property
    def same_everywhere(self) -> bool:
        """Whether cells fail, and the same ones in every scenario of several."""
        failed = self._failed[self._valid]
        return self.scenarios > 1 and bool(failed.any()) and bool(np.isin(failed, (0, self.scenarios)).all())

    @property
    def frequency(self) -> np.ndarray:
        """Share of the scenarios in which a cell fails [-], float32 (rows, cols), NaN = NoData."""
        share = self._failed / max(self.scenarios, 1)
        return np.where(self._valid, share, np.nan).astype(np.float32)

    @property
    def first(self) -> np.ndarray:
        """Number of the first scenario, from 1, in which a cell fails; 0 where none does.

        uint8 (rows, cols) with NoData 255 for up to 254 scenarios, else float32 with NaN.
        """
        if self.scenarios > _MOST_IN_A_BYTE:
            return np.where(self._valid, self._first, np.nan).astype(np.float32)
        return np.where(self._valid, self._first, MASK_NODATA).astype(np.uint8)
