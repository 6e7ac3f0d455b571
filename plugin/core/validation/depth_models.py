"""Compares soil depth models: the trend of the factor of safety with slope, and the fit to landslides.

Both look at the soil column with the default parameters, the depth alone being in question.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable

import numpy as np

from ...text import Text
from ..feedback import Feedback, PartialFeedback, check_cancelled
from ..map_parts.strips import numbered_cells
from ..physics.assess import assess
from ..physics.column import column_state
from ..scenario import Scenario
from ..soil_depth import METHODS, estimate
from ..terrain import Cells, Terrain
from .auc import auc

#: Cells flatter than this hardly fail, and their factor of safety may be cut at its upper end.
_GENTLE_DEG = 10.0
#: Rank correlation of factor of safety and slope from which steep soil counts as too thin. The default estimate has
#: -0.95 to -0.59 on real terrain, the exponential one -0.74 to 0.38; landslides are missed from about -0.3 on.
_LEAST_FALL = -0.3
_FEWEST_CELLS, _SAMPLE = 100, 200_000
_TENTHS = 10


@dataclass(frozen=True)
class SlopeTrend:
    """Trend of the factor of safety with slope on cells of 10 deg and more.

    Attributes:
        correlation: rank correlation (Spearman's rho) of factor of safety and slope; NaN for too few or even cells.
        steepest: median factor of safety of the steepest tenth of the cells.
        least: the least median of all tenths; least_deg: median slope of that tenth [deg].
    """

    correlation: float
    steepest: float
    least: float
    least_deg: float

    @classmethod
    def of(cls, fs: np.ndarray, slope: np.ndarray) -> SlopeTrend:
        """Trend of cells: factor of safety (n,) [-] and slope (n,) [rad]."""
        every = max(1, fs.size // _SAMPLE)
        fs, degrees = fs[::every], np.degrees(slope[::every])
        fs, degrees = fs[degrees >= _GENTLE_DEG].astype(np.float64), degrees[degrees >= _GENTLE_DEG]
        if fs.size < _FEWEST_CELLS or np.ptp(fs) == 0.0 or np.ptp(degrees) == 0.0:
            return cls(math.nan, math.nan, math.nan, math.nan)
        tenths = np.array_split(np.argsort(degrees, kind="stable"), _TENTHS)
        medians = [float(np.median(fs[tenth])) for tenth in tenths]
        lowest = int(np.argmin(medians))
        correlation = float(np.corrcoef(_ranks(fs), _ranks(degrees))[0, 1])
        return cls(correlation, medians[-1], medians[lowest], float(np.median(degrees[tenths[lowest]])))

    @classmethod
    def of_map(
        cls, fs: np.ndarray, area: np.ndarray, slope_at: Callable[[np.ndarray, np.ndarray], np.ndarray]
    ) -> SlopeTrend:
        """Trend of (a sample of) the cells of an area, boolean as the map of the factor of safety (rows, cols).

        ``slope_at`` gives the slope [rad] at some rows and columns, (n,).
        """
        count = int(np.count_nonzero(area))
        cells = numbered_cells(area, np.arange(0, count, max(1, count // _SAMPLE)))
        rows, cols = np.divmod(cells, area.shape[1])
        return cls.of(fs[rows, cols], slope_at(rows, cols))

    @property
    def warning(self) -> Text | None:
        """Caution if the factor of safety increases with slope, otherwise ``None``."""
        if not self.correlation > 0.0:  # NaN too
            return None
        return Text(
            "The factor of safety increases with slope: its median is {:.2f} in the steepest 10 % of the cells and "
            "{:.2f} at about {:.0f} deg (rank correlation {:.2f} above 10 deg). Is the soil too thin on steep slopes? "
            "Compare depth models, or use a measured soil depth.",
            self.steepest, self.least, self.least_deg, self.correlation,
        )  # fmt: skip


def depth_caution(terrain: Terrain) -> Text | None:
    """Caution if a soil depth makes steep slopes more stable than gentle ones, otherwise ``None``."""
    cells = terrain.sample(_SAMPLE)
    trend = SlopeTrend.of(_column_fs(cells), cells.slope)
    if not trend.correlation > _LEAST_FALL:  # NaN too
        return None
    return Text(
        "With this soil depth the factor of safety does not decrease with slope: with the default parameters its "
        "median is {:.2f} in the steepest 10 % of the cells and {:.2f} at about {:.0f} deg (rank correlation with "
        "slope {:.2f}). Landslides on steep slopes would be missed. Choose another method or a larger minimum depth.",
        trend.steepest, trend.least, trend.least_deg, trend.correlation,
    )  # fmt: skip


def auc_by_depth_model(
    elevation: np.ndarray, cell_size: tuple[float, float], slope: np.ndarray, landslide: np.ndarray, stable: np.ndarray,
    feedback: Feedback | None = None,
) -> dict[str, float]:  # fmt: skip
    """Area under the ROC curve of the column's factor of safety with each depth model and its default bounds.

    Args:
        elevation: (rows, cols) [m], NaN where unknown.
        cell_size: width and height of a cell [m].
        slope: (rows, cols) [rad].
        landslide, stable: boolean (rows, cols), cells to compare; elevation is known in them.

    Returns:
        AUC by method of :data:`.soil_depth.METHODS`.
    """
    feedback, found = feedback or Feedback(), {}
    compared = landslide | stable
    is_landslide = landslide[compared]
    slope = slope[compared]
    for number, method in enumerate(METHODS):
        check_cancelled(feedback)
        part = PartialFeedback.of_piece(feedback, number, len(METHODS))
        depth = estimate(elevation, *cell_size, method, feedback=part)[compared]
        fs = _column_fs(Cells.of(slope, depth))
        found[method] = auc(-fs[is_landslide], -fs[~is_landslide])
        part.setProgress(100.0)
    return found


def _column_fs(cells: Cells) -> np.ndarray:
    """Factor of safety of the soil column with the default parameters; (n,)."""
    scenario = Scenario()
    return assess(cells, column_state(cells, scenario), scenario).fs


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks (n,) from 0; ties get their mean rank."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - 0.5 * (count + 1))[place]
