"""Infiltration that the surface of a simulation's cells would take, as far as storage does not limit it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..scenario import Scenario, Value
from ..terrain import Cells
from .infiltration import advance_infiltration, ponding_amount
from .infiltration_table import SlopeTable


class PotentialInfiltration:
    """Infiltration that the surface would take: exact, by a table of slopes where kinds of soil and rain are few.

    A cell whose storage was full took in less than the table gives; for those the same equation is
    continued from their own cumulative infiltration.
    """

    def __init__(self, scenario: Scenario, cells: Cells) -> None:
        self.cos_slope = cells.cos_slope
        names = ("conductivity", "suction_head", "moisture_deficit")
        self.soil = tuple(cells.pick(getattr(scenario, name)) for name in names)
        rain = cells.pick(scenario.rain_intervals[0].intensity)
        self.table = SlopeTable.of(cells.slope, rain, self.soil, cells.whole)
        self._whole = cells.whole
        self.total: Value = 0.0
        self.threshold: Value = np.inf

    def offer(self, seconds: float, rain: Value, infiltrated: np.ndarray) -> Value:
        """Infiltration offered in the next ``seconds`` of rain ``rain`` [m/s]: [m], (cells,) or one number for all."""
        before = self.total
        gain = self._gain(seconds, rain, before)
        self.total = before + gain
        if not self._may_pond(rain):
            self.threshold = np.inf
            return gain
        self.threshold = ponding_amount(self.cos_slope, rain, *self.soil)
        offered = np.array(np.broadcast_to(gain, infiltrated.shape))
        limited = np.flatnonzero(infiltrated < before - 1e-12)
        if limited.size:
            start = infiltrated[limited]
            offered[limited] = self.continued(start, seconds, rain, limited) - start
        return np.maximum(offered, 0.0, out=offered)

    def begin_again(self) -> None:
        """Forget the rain that has fallen on the table of slopes."""
        if self.table is not None:
            self.table.total = np.zeros_like(self.table.total)

    def pass_over(self, seconds: float, rain: Value) -> None:
        """Let it rain on the table of slopes alone, as :meth:`offer` does, whose total is set apart."""
        if self.table is not None:
            self.table.rain_on(rain, seconds)
        self.threshold = ponding_amount(self.cos_slope, rain, *self.soil) if self._may_pond(rain) else np.inf

    def _may_pond(self, rain: Value) -> bool:
        """Whether rain exceeds the conductivity anywhere on the map."""
        if self._whole is None:
            return bool(np.max(rain, initial=0.0) > np.min(self.soil[0], initial=np.inf))
        greatest = self._whole.greatest_rain if isinstance(rain, np.ndarray) else rain
        return greatest > self._whole.least_conductivity

    def _gain(self, seconds: float, rain: Value, before: Value) -> Value:
        """What the surface takes in the interval where storage does not limit it [m]."""
        if self.table is not None:
            return self.table.advance(rain, seconds)
        return self.continued(before, seconds, rain, slice(None)) - before

    def continued(self, start: Value, seconds: float, rain: Value, at: Any) -> np.ndarray:
        """Cumulative infiltration per horizontal area of the chosen cells after ``seconds`` more."""
        cos_slope = self.cos_slope[at]
        soil = [x[at] if isinstance(x, np.ndarray) else x for x in (rain, *self.soil)]
        return advance_infiltration(start * cos_slope, cos_slope, *soil, seconds) / cos_slope

    def ponded(self, infiltrated: np.ndarray, at: Any) -> np.ndarray:
        """Chosen cells whose rain exceeds the infiltration capacity now; their cumulative infiltration is given."""
        if np.ndim(self.threshold) == 0 and np.isinf(self.threshold):
            return np.zeros(infiltrated.shape, dtype=bool)
        threshold = self.threshold[at] if isinstance(self.threshold, np.ndarray) else self.threshold
        return infiltrated * self.cos_slope[at] >= threshold * (1.0 - 1e-9)
