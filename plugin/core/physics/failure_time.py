"""When cells first fail: between two looks at stability, found from the water that the cells took meanwhile."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Iterator

import numpy as np

from ..hours import SAME_MOMENT_S
from .column import ColumnState, front_and_contact, stability_of
from .groundwater import balance_cells
from .kernels import Water
from .timeline import Interval

if TYPE_CHECKING:
    from .engine import Event

#: Times of failure are found to this or better [s].
RESOLUTION_S = 900.0
#: Least share of an interval in which a cell's store is taken to fill.
_LEAST_SHARE = 1e-3


class FailureTimes:
    """First time at which each cell's factor of safety is below 1.

    Every interval's end is looked at. Where a cell has failed since the look before, its water is followed once more
    through the interval, alone: infiltration by its formula, lateral flow at the interval's mean rate. Stability is
    computed of it every quarter of an hour, and the time between the two of these that enclose the failure is
    interpolated. A cell that fails within an interval and holds again at its end is not seen.

    Attributes:
        hours: (cells,) [h]; 0 where FS < 1 before the rain, NaN where it never is.
    """

    def __init__(self, event: Event) -> None:
        self._event = event
        self.hours = np.where(event.initial_fs < 1.0, 0.0, np.nan)
        self._fs = event.initial_fs  # at the look before
        self._start = Water(*(np.empty_like(getattr(event.water, name)) for name in _STATE))

    def begin(self, water: Water) -> None:
        """Keep the water (cells,) with which an interval begins."""
        for name in _STATE:
            np.copyto(getattr(self._start, name), getattr(water, name))

    def end(self, interval: Interval, fs: np.ndarray) -> None:
        """Find the times of the cells that fail for the first time in an interval; fs: (cells,) at its end."""
        failed = np.flatnonzero((fs < 1.0) & np.isnan(self.hours))
        if failed.size:
            parts = max(1, math.ceil((interval.seconds - SAME_MOMENT_S) / RESOLUTION_S))
            between = self._between(failed, interval, parts)
            share = _first_below_one([self._fs[failed], *between, fs[failed]])
            self.hours[failed] = (interval.start + share * interval.seconds) / 3600.0
        self._fs = fs

    def _between(self, at: np.ndarray, interval: Interval, parts: int) -> Iterator[np.ndarray]:
        """Factors of safety of the chosen cells at the ends of an interval's parts but the last."""
        event = self._event
        table, band, contact, infiltrated = (getattr(self._start, name)[at] for name in _STATE)
        depth, deficit, air = (x[at] for x in (event.picked_depth, event.deficit, event.air))
        slope, sin_cos = event.picked_slope[at], tuple(x[at] for x in event.sin_cos)
        strength, rain = event.strength.at(at), event.picked(interval.rain)
        flow = self._lateral_rate(at, interval) * (interval.seconds / parts)
        first, before = infiltrated, infiltrated
        for part in range(1, parts):
            after = event.potential.continued(first, interval.seconds * part / parts, rain, at)
            table, band, contact, rejected, _ = balance_cells(
                table, band, contact, np.maximum(after - before, 0.0), flow, depth, deficit, air
            )
            infiltrated, before = infiltrated + np.maximum(after - before, 0.0) - rejected, after
            front, touches = front_and_contact(band, table, contact, depth, deficit)
            state = ColumnState(front, table, infiltrated, event.potential.ponded(infiltrated, at), touches)
            yield stability_of(slope, depth, state, event.scenario, event.cells, sin_cos, strength)[0]

    def _lateral_rate(self, at: np.ndarray, interval: Interval) -> np.ndarray:
        """Mean rate at which lateral flow changed the chosen cells' water in an interval [m/s].

        A cell that filled up meanwhile took only a share of the rain that infiltrates, and of the flow that reaches
        it the same: its flow is that of the time until then.
        """
        event, was, now = self._event, self._start, self._event.water
        taken = now.infiltrated[at] - was.infiltrated[at]
        stored = now.band[at] - was.band[at] + (event.deficit[at] + event.air[at]) * (now.table[at] - was.table[at])
        flow, offered = stored - taken, event.supply[at] * interval.seconds
        share = np.where((flow > 0.0) & (taken < offered), taken / np.maximum(offered, 1e-300), 1.0)
        return flow / (np.maximum(share, _LEAST_SHARE) * interval.seconds)


#: What of the water is needed to follow a cell, in the order of the engine's.
_STATE = ("table", "band", "contact", "infiltrated")


def _first_below_one(looks: list[np.ndarray]) -> np.ndarray:
    """Share of an interval, above 0 to 1, after which FS falls below 1; looks: FS (cells,), evenly spread over it."""
    fs = np.stack(looks)
    below = fs < 1.0
    below[0] = False
    number = np.argmax(below, axis=0)
    cells = np.arange(fs.shape[1])
    before, after = fs[number - 1, cells], fs[number, cells]
    way = np.clip((before - 1.0) / np.maximum(before - after, 1e-12), 1e-6, 1.0)  # 0 h would be before the rain
    return (number - 1 + way) / (len(looks) - 1)
