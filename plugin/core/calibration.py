"""Calibration of predicted probabilities: predicted against observed shares of failed cells."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

BINS = 15
#: Cells with a failure probability between these are uncertain; nearly all others are certain and right, and would
#: hide the error of these.
_UNCERTAIN = (0.02, 0.98)


def _zeros() -> np.ndarray:
    return np.zeros(BINS)


@dataclass(frozen=True)
class ConfidenceCalibration:
    """Sums over cells by bins of equal width of their probability; (BINS,) float64 each.

    Attributes:
        cells: how many.
        predicted: sum of their probabilities.
        failed: how many of them fail in the reference.
        of_uncertain: the same three of the uncertain cells, (3, BINS).
    """

    cells: np.ndarray = field(default_factory=_zeros)
    predicted: np.ndarray = field(default_factory=_zeros)
    failed: np.ndarray = field(default_factory=_zeros)
    of_uncertain: np.ndarray = field(default_factory=lambda: np.zeros((3, BINS)))

    @classmethod
    def of(cls, probability: np.ndarray, failed: np.ndarray) -> ConfidenceCalibration:
        """Count cells.

        Args:
            probability: (cells,) in 0 to 1.
            failed: (cells,) bool, of the reference.
        """
        p = probability.astype(np.float64)
        sums = _sums(p, failed)
        uncertain = (p > _UNCERTAIN[0]) & (p < _UNCERTAIN[1])
        return cls(*sums, of_uncertain=_sums(p[uncertain], failed[uncertain]))

    def __add__(self, other: ConfidenceCalibration) -> ConfidenceCalibration:
        """Sum the cells of two maps."""
        if not isinstance(other, ConfidenceCalibration):
            return NotImplemented
        return ConfidenceCalibration(
            self.cells + other.cells,
            self.predicted + other.predicted,
            self.failed + other.failed,
            self.of_uncertain + other.of_uncertain,
        )

    @property
    def error(self) -> float:
        """Expected calibration error: mean over the cells of |predicted - failed| of their bin; NaN without cells."""
        return _expected_error(self.cells, self.predicted, self.failed)

    @property
    def error_of_uncertain_cells(self) -> float:
        """Expected calibration error over the uncertain cells [-]."""
        return _expected_error(*self.of_uncertain)

    @property
    def diagram(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean predicted probability and failed share, of the bins that hold cells; (bins,) each."""
        some = self.cells > 0
        return self.predicted[some] / self.cells[some], self.failed[some] / self.cells[some]


def _sums(probability: np.ndarray, failed: np.ndarray) -> np.ndarray:
    """Cells, their probabilities and their failures by bin, (3, BINS)."""
    place = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    weights = (None, probability, failed.astype(np.float64))
    return np.stack([np.bincount(place, weights=w, minlength=BINS).astype(np.float64) for w in weights])


def _expected_error(cells: np.ndarray, predicted: np.ndarray, failed: np.ndarray) -> float:
    whole = float(cells.sum())
    return float(np.abs(predicted - failed).sum()) / whole if whole else math.nan
