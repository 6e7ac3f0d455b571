"""Times at which cells first fail, interpolated within the intervals of an event."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..quantities.hours import SAME_MOMENT_S
from ..rainfall import RainInterval
from ..result import below_one
from .assess import assess
from .column import front_and_contact
from .flow.step_formulas import balance_cells
from .water import WaterState

if TYPE_CHECKING:
    from .simulation import Simulation

#: Accuracy of the times of failure [s].
RESOLUTION_S = 900.0
#: Times are rounded up to a multiple of this [s], as interpolation is not more accurate.
_ROUNDED_S = 300.0
#: Least share of an interval in which a cell becomes saturated.
_LEAST_SHARE = 1e-3
_OWN = ("hours", "_stable", "_fs", "_table", "_infiltrated")
_OF_THE_STATE = ("wetting_front", "ponded", "contact")


class FailureTimes:
    """First time at which each cell's factor of safety is below 1.

    Stability is evaluated at the end of each interval. If a cell failed within it, the cell's water is computed again
    without its neighbours: infiltration by its formula, lateral flow at the mean rate of the interval. The interval is
    bisected until it is a quarter of an hour or less, and the time of failure is interpolated in it. A cell that fails
    within an interval and is stable again at its end is missed.

    Attributes:
        hours: (cells,) [h]; 0 where FS < 1 before the rain, NaN where it never is.
    """

    def __init__(self, event: Simulation) -> None:
        self._event = event
        self._stable = ~below_one(event.initial.fs)  # until now
        self.hours = np.where(self._stable, np.nan, 0.0)
        self._fs = event.initial.fs  # at the last evaluation, as is the state
        self._state = event.state()
        self._table, self._infiltrated = self._state.water_table.copy(), self._state.infiltration.copy()

    def record(self, interval: RainInterval, fs: np.ndarray, state: WaterState) -> None:
        """Find the times of the cells that fail for the first time in an interval.

        Args:
            interval: that has just been stepped; fs: (cells,) at its end [-]; state: of the cells then.
        """
        failed = np.flatnonzero(below_one(fs) & self._stable)
        if failed.size:
            self._stable[failed] = False
            found = interval.start + self._seconds(failed, interval, fs[failed], state)
            rounded = np.ceil(found / _ROUNDED_S - 1e-9) * _ROUNDED_S
            self.hours[failed] = np.minimum(rounded, interval.end) / 3600.0
        self._fs, self._state = fs, state
        np.copyto(self._table, state.water_table)  # copies, as later steps change these two arrays
        np.copyto(self._infiltrated, state.infiltration)

    def vectors(self) -> dict[str, np.ndarray]:
        """All arrays (cells,) by name, for :meth:`restore`."""
        found = {name: getattr(self, name) for name in _OWN}
        return {**found, **{f"look {name}": getattr(self._state, name) for name in _OF_THE_STATE}}

    def restore(self, vectors: dict[str, np.ndarray]) -> None:
        """Continue from the :meth:`vectors` of an interrupted event."""
        for name in _OWN:
            setattr(self, name, vectors[name])
        front, ponded, contact = (vectors[f"look {name}"] for name in _OF_THE_STATE)
        self._state = WaterState(self._table, front, self._infiltrated, ponded, contact)

    def _seconds(self, at: np.ndarray, interval: RainInterval, fs: np.ndarray, state: WaterState) -> np.ndarray:
        """Times from the start of an interval until the chosen cells fail [s], (chosen,), above 0."""
        followed = _CellsInInterval(self._event, at, interval, self._before(at), state)
        early, late = np.zeros(at.size), np.full(at.size, interval.seconds)
        stable, fails = self._fs[at], fs
        for _ in range(math.ceil(math.log2(max((interval.seconds - SAME_MOMENT_S) / RESOLUTION_S, 1.0)))):
            middle = 0.5 * (early + late)
            between = followed.factor_of_safety(middle)
            below = between < 1.0
            early, late = np.where(below, early, middle), np.where(below, middle, late)
            stable, fails = np.where(below, stable, between), np.where(below, between, fails)
        way = np.clip((stable - 1.0) / np.maximum(stable - fails, 1e-12), 1e-6, 1.0)  # 0 h would be before the rain
        return early + way * (late - early)

    def _before(self, at: np.ndarray) -> WaterState:
        """State of the chosen cells at the last evaluation."""
        return replace(self._state, water_table=self._table, infiltration=self._infiltrated).at(at)


class _CellsInInterval:
    """Chosen cells, each computed without its neighbours from the state at the start of an interval.

    Args:
        event: whose cells they are; at: which; interval: the one that has just been stepped.
        before: state of the chosen cells at its start; after: of all cells at its end.
    """

    def __init__(
        self, event: Simulation, at: np.ndarray, interval: RainInterval, before: WaterState, after: WaterState
    ):
        self._event, self._at, self._before = event, at, before
        self._cells, self._deficit, self._air = event.cells.at(at), event.deficit[at], event.air[at]
        self._strength, self._rain = event.strength.at(at), event.cells.pick(interval.intensity)
        self._band = self._deficit * before.wetting_front  # water in the wetted band [m]
        self._flow = self._lateral_rate(interval, after.at(at))

    def _lateral_rate(self, interval: RainInterval, after: WaterState) -> np.ndarray:
        """Mean rate at which lateral flow changed the cells' water in the interval [m/s].

        A cell that filled up meanwhile took only a share of the rain that infiltrates, and of the flow that reaches
        it the same: its flow is that of the time until then.
        """
        before = self._before
        taken = after.infiltration - before.infiltration
        rise = after.water_table - before.water_table
        flow = self._deficit * after.wetting_front - self._band + (self._deficit + self._air) * rise - taken
        offered = self._event.supply[self._at] * interval.seconds
        share = np.where((flow > 0.0) & (taken < offered), taken / np.maximum(offered, 1e-300), 1.0)
        return flow / (np.maximum(share, _LEAST_SHARE) * interval.seconds)

    def factor_of_safety(self, seconds: np.ndarray) -> np.ndarray:
        """Factor of safety (cells,) at times since the interval's start (cells,) [s]."""
        event, before, depth = self._event, self._before, self._cells.soil_depth
        total = event.potential.cumulative_after(before.infiltration, seconds, self._rain, self._at)
        offered = np.maximum(total - before.infiltration, 0.0)
        table, band, contact, rejected, _ = balance_cells(
            before.water_table, self._band, before.contact, offered, self._flow * seconds, depth,
            self._deficit, self._air,
        )  # fmt: skip
        front, contact = front_and_contact(band, table, contact, depth, self._deficit)
        infiltrated = before.infiltration + offered - rejected
        state = WaterState(table, front, infiltrated, event.potential.ponded(infiltrated, self._at), contact)
        return assess(self._cells, state, event.scenario, self._strength).fs
