"""Infiltration of many scenarios at once on one grid of the pyramid, as far as storage does not limit it.

Of one soil it is a function of slope: it is advanced exactly (:mod:`.infiltration`) at some slopes and read between
them. Where soil or rain are rasters it is advanced cell by cell.
"""

from __future__ import annotations

from typing import Sequence

import numpy as np

from ...scenario import Scenario
from ...topography.slope import MAXIMUM_SLOPE_DEG
from ..infiltration import advance_infiltration
from .lateral_flow import Array, Arrays

_NODES = 257  # linear between them: relative error below 1e-5


class CoarseSupply:
    """Cumulative infiltration per horizontal area F of each scenario from the event's beginning on.

    Args:
        scenarios: their rain.
        slope: of the grid's cells [rad], (rows, cols).
        soil: K [m/s], psi_f [m], dTheta [-] and, of constant rain, I [m/s]: (batch, 1, 1), or (batch, rows, cols) where
            one of them is a raster.
        arrays: where F is needed.

    Attributes:
        even: whether all cells of a scenario take the same; constant: whether they do at one rate (batch,).
        now: time since the event began (batch,) [s].
    """

    def __init__(
        self, scenarios: Sequence[Scenario], slope: np.ndarray, soil: Sequence[np.ndarray], arrays: Arrays
    ) -> None:
        self._arrays, self._shape = arrays, slope.shape
        self._ends = [np.array([x.end for x in s.rain_intervals]) for s in scenarios]
        self._hyetograph = [
            None if s.hyetograph is None else [x.intensity for x in s.rain_intervals] for s in scenarios
        ]
        values = [x.reshape(len(scenarios), -1) for x in soil]
        self._soil, self._rain = values[:3], np.array(values[3])
        self._by_slope = all(x.shape[1] == 1 for x in values)
        constant = self._by_slope & self._never_ponds(scenarios)
        self.even = bool(constant.all())
        self.constant = constant & np.array([s.hyetograph is None for s in scenarios])
        self._make_nodes(slope)
        self.now = np.zeros(len(scenarios))

    def _never_ponds(self, scenarios: Sequence[Scenario]) -> np.ndarray:
        greatest = np.array([float(np.max(s.greatest_rainfall_m_per_s)) for s in scenarios])
        return greatest <= self._soil[0][:, 0]

    def _make_nodes(self, slope: np.ndarray) -> None:
        """Where F is advanced: at no slope where it is everywhere the same, at some of them, or at all cells."""
        steepest = np.radians(MAXIMUM_SLOPE_DEG)
        nodes = np.linspace(0.0, steepest, _NODES) if self._by_slope else slope.ravel()
        self._cos = np.ones((1, 1)) if self.even else np.cos(nodes)[None]
        self._total = np.zeros((len(self._ends), self._cos.shape[1]))
        if self._by_slope and not self.even:
            place = slope * ((_NODES - 1) / steepest)
            node = np.minimum(place.astype(np.int64), _NODES - 2)
            self._node = node if self._arrays.xp is np else self._arrays.xp.as_tensor(node)
            self._weight = self._arrays.asarray(place - node)

    def until(self, time: np.ndarray) -> Array:
        """Infiltration between :attr:`now` and ``time`` (batch,) [s], which then is now: [m], (batch, rows, cols).

        It is (batch, 1, 1) where all cells take the same.
        """
        before = self._total
        while bool((self.now < time).any()):
            stop = np.array(time)
            rain = self._rain
            for n, intensities in enumerate(self._hyetograph):
                if intensities is not None:
                    row = min(int(np.searchsorted(self._ends[n], self.now[n], side="right")), len(intensities) - 1)
                    rain[n] = intensities[row]
                    if row < len(intensities) - 1:
                        stop[n] = min(stop[n], self._ends[n][row])
            seconds = np.maximum(stop - self.now, 0.0)[:, None]
            if self.even:
                self._total = self._total + rain * seconds
            else:
                self._total = (
                    advance_infiltration(self._total * self._cos, self._cos, rain, *self._soil, seconds) / self._cos
                )
            self.now = np.maximum(self.now, stop)
        return self._read(self._total - before)

    def total(self) -> Array:
        """Infiltration until now [m], shaped as that of :meth:`until`."""
        return self._read(self._total)

    def _read(self, at_nodes: np.ndarray) -> Array:
        put, batch = self._arrays.asarray, len(at_nodes)
        if self.even:
            return put(at_nodes[:, :, None])
        if not self._by_slope:
            return put(at_nodes.reshape(batch, *self._shape))
        values, rise = put(at_nodes[:, :-1]), put(np.diff(at_nodes, axis=1))
        return values[:, self._node] + self._weight * rise[:, self._node]
