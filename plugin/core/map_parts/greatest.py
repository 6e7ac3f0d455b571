"""Upper percentiles of values that arrive in parts, without keeping all values."""

from __future__ import annotations

import math

import numpy as np

_BUFFER = 1 << 16  # values beyond those that are kept, before they are thinned


class Greatest:
    """Collects the greatest of many values.

    Args:
        count: how many are kept.

    Attributes:
        total: how many have come.
    """

    def __init__(self, count: int) -> None:
        self._count, self.total = max(count, 1), 0
        self._kept, self._least = np.empty(0), -math.inf

    @classmethod
    def for_percentile(cls, total: int, percent: float) -> Greatest:
        """Collector of as many values as a percentile of ``total`` values needs."""
        return cls(total - math.floor((total - 1) * (percent / 100.0)))

    def add(self, values: np.ndarray) -> None:
        """Add a part of the values, float64, without NaN."""
        self.total += values.size
        self._kept = np.concatenate([self._kept, values[values >= self._least]])
        if self._kept.size > 2 * self._count + _BUFFER:
            self._thin()

    def percentile(self, percent: float) -> float:
        """Percentile of all values, linear between two of them as :func:`numpy.percentile` has it."""
        at = (self.total - 1) * (percent / 100.0)
        lower, upper = self.at(math.floor(at)), self.at(min(math.floor(at) + 1, self.total - 1))
        share, rise = at - math.floor(at), upper - lower
        return upper - rise * (1.0 - share) if share >= 0.5 else lower + rise * share

    def at(self, place: int) -> float:
        """The value at a place of all in rising order, from 0; it must be one of those that are kept."""
        self._thin()
        return float(np.sort(self._kept)[place - self.total])

    def _thin(self) -> None:
        if self._kept.size > self._count:
            self._kept = np.partition(self._kept, self._kept.size - self._count)[-self._count :]
            self._least = float(self._kept.min())
