"""Calibration of predicted probabilities: predicted against observed shares of failed cells."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

BINS = 15
#: Cells with a failure probability between these are uncertain; nearly all others are certain and right, and would
#: hide the error of these.
_UNCERTAIN = (0.02, 0.98)


@dataclass(frozen=True)
class ConfidenceCalibration:
    """Sums over cells by bins of equal width of their probability.

    Attributes:
        sums: float64 (2, 3, BINS); of all cells, and of the uncertain ones: how many, their probabilities, and how
            many of them fail in the reference.
    """

    sums: np.ndarray = field(default_factory=lambda: np.zeros((2, 3, BINS)))

    @classmethod
    def of(cls, probability: np.ndarray, failed: np.ndarray) -> ConfidenceCalibration:
        """Count cells.

        Args:
            probability: (cells,) in 0 to 1.
            failed: (cells,) bool, of the reference.
        """
        p = probability.astype(np.float64)
        uncertain = (p > _UNCERTAIN[0]) & (p < _UNCERTAIN[1])
        return cls(np.stack([_sums(p, failed), _sums(p[uncertain], failed[uncertain])]))

    def __add__(self, other: ConfidenceCalibration) -> ConfidenceCalibration:
        """Sum the cells of two maps."""
        return ConfidenceCalibration(self.sums + other.sums)

    @property
    def errors(self) -> tuple[float, float]:
        """Expected calibration error, mean over the cells of |predicted - failed| of their bin: all, uncertain."""
        return _expected_error(*self.sums[0]), _expected_error(*self.sums[1])

    @property
    def cells(self) -> tuple[int, int]:
        """How many cells there are, and how many of them are uncertain."""
        return int(self.sums[0, 0].sum()), int(self.sums[1, 0].sum())

    @property
    def diagram(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean predicted probability and failed share, of the bins that hold cells; (bins,) each."""
        cells, predicted, failed = self.sums[0][:, self.sums[0, 0] > 0]
        return predicted / cells, failed / cells


def _sums(probability: np.ndarray, failed: np.ndarray) -> np.ndarray:
    """Cells, their probabilities and their failures by bin, (3, BINS)."""
    place = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    weights = (None, probability, failed.astype(np.float64))
    return np.stack([np.bincount(place, weights=w, minlength=BINS).astype(np.float64) for w in weights])


def _expected_error(cells: np.ndarray, predicted: np.ndarray, failed: np.ndarray) -> float:
    """NaN without cells."""
    whole = float(cells.sum())
    return float(np.abs(predicted - failed).sum()) / whole if whole else math.nan
