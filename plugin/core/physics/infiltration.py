"""Green-Ampt infiltration on a slope, integrated exactly over any time; of many cells by a table of slopes.

Source: Chen & Young (2006), Water Resour. Res. 42, W07420. Amounts named ``normal`` are per
unit of slope area; divided by cos b they are per horizontal area. The suction term
A = psi_f dTheta / cos b has the unit of a length.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Sequence

import numpy as np

from ..map_parts.map_part import WholeMap
from ..scenario import Scenario, Value
from ..terrain import Cells
from ..topography.slope import MAXIMUM_SLOPE_DEG
from .compiling import compiled, numba

Array = Any

_NEWTON_STEPS = 40
#: Of a table of slopes: its nodes, the most kinds of soil and rain, and cells sampled to find rasters of many values.
_NODES, _MOST_KINDS, _PROBED = 8192, 64, 1024
#: Rounding of sums of infiltration: in double precision [m], in single precision as a share of the sum.
_ROUNDING_M, _SINGLE_ROUNDING = 1e-12, 1e-5


def ponding_amount(cos_slope: Array, rain: Array, conductivity: Array, suction: Array, deficit: Array) -> np.ndarray:
    """Cumulative infiltration at which water begins to pond, F_p = K psi dTheta / (cos b (I - K)).

    Args:
        cos_slope: cosine of the slope; rain: I on the horizontal [m/s]; conductivity: K [m/s];
        suction: psi_f [m]; deficit: dTheta [-].

    Returns:
        F_p per unit slope area [m]; infinite where I <= K (it never ponds).
    """
    surplus = np.asarray(rain - conductivity, dtype=np.float64)
    ponds = surplus > 0
    amount = conductivity * suction * deficit / (cos_slope * np.where(ponds, surplus, 1.0))
    return np.where(ponds, amount, np.inf)


def ponded_growth(start: Array, suction_term: Array, capacity: Array) -> np.ndarray:
    """Solve F - F_0 - A ln[(A + F) / (A + F_0)] = K cos b dt for F: infiltration under ponding.

    Newton's method on a convex function: after the first step it descends to the root, so the
    iteration ends at machine precision for any step.

    Args:
        start: F_0 per unit slope area [m].
        suction_term: A = psi_f dTheta / cos b [m].
        capacity: K cos b dt [m].

    Returns:
        F at the step's end [m], at least F_0.
    """
    start, a, gain = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (start, suction_term, capacity)))
    # Two upper bounds: from F_0 = 0 growth is fastest; and the tangent at F_0, which is near where steps are short.
    tangent = gain * (1.0 + a / np.maximum(start, 1e-12))
    total = start + np.minimum(gain + np.sqrt(2.0 * a * gain), tangent)
    for _ in range(_NEWTON_STEPS):
        residual = total - start - a * np.log1p((total - start) / np.maximum(a + start, 1e-300)) - gain
        slope = total / np.maximum(a + total, 1e-300)
        change = residual / np.maximum(slope, 1e-12)
        total = np.maximum(total - change, start)
        if np.max(np.abs(change), initial=0.0) <= 1e-14 + 1e-13 * np.max(total, initial=0.0):
            break
    return np.where(gain > 0, total, start)


def advance_infiltration(
    start: Array, cos_slope: Array, rain: Array, conductivity: Array, suction: Array, deficit: Array, seconds: Array
) -> np.ndarray:
    """Cumulative infiltration after ``seconds`` more of constant rain, without any limit by storage.

    Until F_p it equals the rain (r = I cos b per slope area), afterwards it follows the capacity
    f_n = K (cos b + psi_f dTheta / F_n). Any state may be continued with another intensity.

    Args:
        start: F_n so far, per unit slope area [m]; the others as in :func:`ponding_amount`; seconds: >= 0.

    Returns:
        F_n per unit slope area [m].
    """
    ponding = ponding_amount(cos_slope, rain, conductivity, suction, deficit)
    start_and_rain = start + rain * cos_slope * seconds
    ponds = np.asarray(start_and_rain > ponding)
    if not ponds.any():
        return np.asarray(start_and_rain, dtype=np.float64)
    start, cos_slope, rain, conductivity, term, ponding, seconds = (
        np.broadcast_to(x, ponds.shape)[ponds]
        for x in (start, cos_slope, rain, conductivity, suction * deficit / cos_slope, ponding, seconds)
    )
    base = np.maximum(start, ponding)
    left = np.maximum(seconds - (base - start) / (rain * cos_slope), 0.0)
    total = np.array(np.broadcast_to(start_and_rain, ponds.shape), dtype=np.float64)
    total[ponds] = ponded_growth(base, term, conductivity * cos_slope * left)
    return total


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
        self._of_rain: tuple[float, Value] = np.nan, np.inf  # an even rain and its threshold
        self.total: Value = 0.0
        self.threshold: Value = np.inf

    def offer(self, seconds: float, rain: Value, infiltrated: np.ndarray) -> Value:
        """Infiltration offered in the next ``seconds`` of rain ``rain`` [m/s]: [m], (cells,) or one number for all."""
        before = self.total
        if self.table is not None:
            gain = self.table.advance(rain, seconds)
        else:
            gain = self.cumulative_after(before, seconds, rain, slice(None)) - before
        self.total = before + gain
        self.threshold = self._threshold_of(rain)
        if not self.may_pond(rain):
            return gain
        rounding = _SINGLE_ROUNDING * before if infiltrated.dtype == np.float32 else _ROUNDING_M
        limited = np.flatnonzero(infiltrated < before - rounding)
        if limited.size:
            start = infiltrated[limited]
            gain[limited] = self.cumulative_after(start, seconds, rain, limited) - start
        return np.maximum(gain, 0.0, out=gain)

    def reset_nodes(self) -> None:
        """Forget the rain that has fallen on the table of slopes."""
        if self.table is not None:
            self.table.total = np.zeros_like(self.table.total)

    def advance_nodes(self, seconds: float, rain: Value) -> None:
        """Advance only the table of slopes by an interval, as :meth:`offer` does, without the total."""
        if self.table is not None:
            self.table.advance_nodes(rain, seconds)
        self.threshold = self._threshold_of(rain)

    def _threshold_of(self, rain: Value) -> Value:
        """Cumulative infiltration per slope area at which rain begins to pond [m]; that of an even rain is kept."""
        if np.ndim(rain) == 0 and rain == self._of_rain[0]:
            return self._of_rain[1]
        found = ponding_amount(self.cos_slope, rain, *self.soil) if self.may_pond(rain) else np.inf
        if np.ndim(rain) == 0:
            self._of_rain = rain, found
        return found

    def may_pond(self, rain: Value) -> bool:
        """Whether rain [m/s] exceeds the conductivity anywhere on the map; else the surface takes all of it."""
        if self._whole is None:
            return bool(np.max(rain, initial=0.0) > np.min(self.soil[0], initial=np.inf))
        greatest = self._whole.greatest_rain if isinstance(rain, np.ndarray) else rain
        return greatest > self._whole.least_conductivity

    def cumulative_after(self, start: Value, seconds: float, rain: Value, at: Any) -> np.ndarray:
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


class SlopeTable:
    """Cumulative infiltration per horizontal area F where storage does not limit it: of one soil a function of slope.

    Linear between the nodes: relative error below 1e-7.

    Attributes:
        total: F at the nodes [m], (kinds, nodes), since the start.
    """

    def __init__(
        self, slope: np.ndarray, kinds: Sequence[Value], kind: np.ndarray | int, least_conductivity: float
    ) -> None:
        """Use :meth:`of`; ``kinds`` are rain, K, psi_f and dTheta, each a number or (kinds, 1)."""
        self.rain, *self.soil = kinds
        self._least_conductivity = least_conductivity
        self.cos_nodes = np.cos(np.linspace(0.0, np.radians(MAXIMUM_SLOPE_DEG), _NODES))
        self.total = np.zeros((max(np.size(x) for x in kinds), _NODES))
        self._slope, self._kind = slope, kind

    @classmethod
    def of(
        cls, slope: np.ndarray, rain: Value, soil: Sequence[Value], whole: WholeMap | None = None
    ) -> SlopeTable | None:
        """Make the table, or none where the formula itself is quicker: few cells, or many kinds.

        Args:
            slope: (cells,) [rad].
            rain: [m/s]; soil: K [m/s], psi_f [m], dTheta [-]; numbers or (cells,).
            whole: of a window's cells, the map: its table is made where that of the whole map would be.
        """
        most = most_combinations(slope.size) if whole is None else _MOST_KINDS if whole.tables else 0
        found = _kinds((rain, *soil), most)
        least = float(np.min(soil[0], initial=np.inf)) if whole is None else whole.least_conductivity
        return None if found is None else cls(slope, *found, least)

    def advance(self, rain: Value, seconds: float) -> Value:
        """Advance the infiltration.

        Args:
            rain: intensity [m/s], a number or the cells that the table was made of; seconds: of it.

        Returns:
            What infiltrates meanwhile [m], (cells,), or one number where all of an even rain does.
        """
        intensity = self.rain if isinstance(rain, np.ndarray) else rain
        before = self.total
        self.advance_nodes(rain, seconds)
        if np.ndim(intensity) == 0 and intensity <= self._least_conductivity:
            return intensity * seconds
        return self.read(self.total - before)

    def advance_nodes(self, rain: Value, seconds: float) -> None:
        """Advance only the nodes."""
        intensity = self.rain if isinstance(rain, np.ndarray) else rain
        cos = self.cos_nodes
        self.total = advance_infiltration(self.total * cos, cos, intensity, *self.soil, seconds) / cos

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """The node below each cell, and how far the cell is on the way to the next one; made where they are needed."""
        place = self._slope * ((_NODES - 1) / np.radians(MAXIMUM_SLOPE_DEG))
        node = np.minimum(place.astype(np.intp), _NODES - 2)
        return node + self._kind * _NODES, place - node

    def read(self, at_nodes: np.ndarray) -> np.ndarray:
        """Values of the cells from those at the nodes."""
        values, (node, weight) = at_nodes.ravel(), self._places
        if compiled():
            return _compiled_read(values, node, weight)
        rise = np.diff(values, append=0.0)  # the last of a kind is never used
        return values[node] + weight * rise[node]


if numba is not None:

    @numba.njit(cache=True, error_model="numpy")
    def _compiled_read(values, node, weight):
        """Values between a node and the next one, at a share of the way."""
        found = np.empty(node.size)
        for k in range(node.size):
            n = node[k]
            found[k] = values[n] + weight[k] * (values[n + 1] - values[n])
        return found


def most_combinations(cells: int) -> int:
    """Greatest number of combinations of soil and rain for which tables are used on so many cells."""
    return min(_MOST_KINDS, cells // _NODES)


def distinct_combinations(values: Sequence[np.ndarray], known: np.ndarray | None = None) -> np.ndarray | None:
    """Distinct combinations of some rasters' values in a part of a map, and in those known before.

    Args:
        values: each (cells,); known: (rasters, kinds) of other parts.

    Returns:
        (rasters, kinds), or ``None`` for more than are ever read from tables.
    """
    if any(_levels(x, _MOST_KINDS) is None for x in values):
        return None
    found = np.unique(np.stack(values), axis=1)
    if known is not None:
        found = np.unique(np.concatenate([known, found], axis=1), axis=1)
    return None if found.shape[1] > _MOST_KINDS else found


def _kinds(values: Sequence[Value], most: int) -> tuple[list[Value], np.ndarray | int] | None:
    """Distinct combinations of the values: each value per kind, and the kind of each cell; ``None`` beyond ``most``."""
    levels = [_levels(x, most) if isinstance(x, np.ndarray) else None for x in values]
    rasters = [(n, levels[n], x) for n, x in enumerate(values) if isinstance(x, np.ndarray)]
    if most < 1 or any(known is None for _, known, _ in rasters):
        return None
    if not rasters:
        return list(values), 0
    shape = [len(known) for _, known, _ in rasters]
    combined = np.ravel_multi_index([np.searchsorted(known, x) for _, known, x in rasters], shape)
    present, kind = np.unique(combined, return_inverse=True)
    if present.size > most:
        return None
    kinds = list(values)
    for (n, known, _), place in zip(rasters, np.unravel_index(present, shape)):
        kinds[n] = known[place][:, None]
    return kinds, kind.reshape(combined.shape)


def _levels(values: np.ndarray, most: int) -> np.ndarray | None:
    """The distinct values, sorted; ``None`` where there are more than ``most``."""
    if np.unique(values.ravel()[:: max(1, values.size // _PROBED)]).size > most:
        return None
    levels = np.unique(values)
    return None if levels.size > most else levels
