"""Intervals of constant rain in an event, cut at output times and at every hour."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import Sequence

from ...quantities.hours import SAME_MOMENT_S
from ...rainfall import RainInterval
from ...scenario import Scenario


@dataclass(frozen=True)
class Timeline:
    """An event in intervals.

    Attributes:
        hours_at_start: those of the series that are the event's begin [h].
        intervals: one after the other, up to the end of the event.
    """

    hours_at_start: tuple[float, ...]
    intervals: tuple[RainInterval, ...]

    @property
    def has_hours(self) -> bool:
        """Whether a series is requested."""
        return bool(self.hours_at_start) or any(x.hours for x in self.intervals)

    @classmethod
    def of(cls, scenario: Scenario, hours: Sequence[float], longest: float) -> Timeline:
        """Cut an event.

        The moments are taken from the scenario as they are, never added up. An hour of the series that is one moment
        with a change of the rain, or with the begin or the end, is that moment.

        Args:
            scenario: its rain.
            hours: of the series, rising and within the event [h].
            longest: greatest length of an interval [s].
        """
        rains = scenario.rain_intervals
        cuts: dict[float, tuple[float, ...]] = {0.0: (), **{rain.end: () for rain in rains}}
        known = list(cuts)
        for hour in hours:
            moment = nearest(known, hour * 3600.0)
            cuts[moment] = (*cuts.get(moment, ()), hour)
        made: list[RainInterval] = []
        start, number = 0.0, 0
        for moment in sorted(cuts)[1:]:
            made += evenly_cut(RainInterval(start, moment, rains[number].intensity, cuts[moment]), longest)
            start = moment
            number += moment == rains[number].end
        return cls(cuts[0.0], tuple(made))


def evenly_cut(interval: RainInterval, longest: float) -> list[RainInterval]:
    """Cut an interval into equal parts that are not longer than ``longest`` [s]; its hours are the last one's."""
    start, end, *_ = interval
    count = max(1, math.ceil((end - start - SAME_MOMENT_S) / longest))
    moments = [start, *(start + (end - start) * part / count for part in range(1, count)), end]
    parts = [interval._replace(start=x, end=y, hours=()) for x, y in zip(moments, moments[1:])]
    return [*parts[:-1], parts[-1]._replace(hours=interval.hours)]


def nearest(known: Sequence[float], moment: float) -> float:
    """The known moment [s] that this one is, or itself; ``known`` rises."""
    place = bisect_left(known, moment)
    nearest = min(known[max(place - 1, 0) : place + 1], key=lambda other: abs(other - moment))
    return nearest if abs(nearest - moment) <= SAME_MOMENT_S else moment
