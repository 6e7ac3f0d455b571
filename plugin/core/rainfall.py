"""Design rainfall (intensity, duration, frequency) and hyetographs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import mode
from typing import Any, NamedTuple, Sequence

from ..text import Text, measure, span
from ..variables import BY_NAME, SEOUL_BRANCHES, SEOUL_SPLIT_MIN
from .errors import InputError
from .quantities.hours import SAME_MOMENT_H, SAME_MOMENT_S
from .tables.cell_errors import CellError, TableError

#: What the formula is requested: a minute to 30 days [h].
_DURATION_RANGE_H = (1.0 / 60.0, 720.0)
#: Return periods [yr].
_RETURN_PERIOD_RANGE_YR = (1.0, 10_000.0)
#: Durations that differ by no more are the same [min].
_SAME_MIN = SAME_MOMENT_S / 60.0
#: Durations at which the choice of the branch matters [min].
NEAR_JUMP_MIN = (300.0, 420.0)

#: Factor on duration or return period by which a curve's trend is judged.
_STEP = 1.05
#: Intensities that rise so often and never fall are rare: the heaviest rain of most storms is not their last.
_FEWEST_RISES = 3
#: Sums that begin anew each day fall to at most this share of the value before, and rise so often for each fall.
_RESET_SHARE, _FEWEST_RISES_A_RESET = 0.1, 4
#: Share of the intervals that have the usual length, and how much longer one is that may lack rows before it.
_USUAL_SHARE, _MUCH_LONGER = 0.6, 2.5
_DECIMALS_H = 6
#: Durations in hours that are multiples of it may be in minutes.
_MINUTES_OF_HOUR = 60.0
#: Usual intervals of rain gauges [min], and the fewest rows with them.
_GAUGE_MINUTES, _FEWEST_OF_GAUGE = {5.0, 10.0, 15.0, 20.0, 30.0, 60.0}, 5

_JUMP_WARNING = (
    "The intensity-duration curve has two branches with a jump at 360 minutes: the intensity drops there by about a "
    "sixth. For durations of 300 to 420 minutes compare the results on both sides of the jump."
)


@dataclass(frozen=True)
class Branch:
    """One branch: I = (a + b ln(T / t^c)) / (d + e ln(sqrt(T) / t) + sqrt(t)), t in min, T in years, I in mm/h."""

    a: float
    b: float
    c: float
    d: float
    e: float

    def intensity(self, duration_min: float, return_period_yr: float) -> float:
        """I [mm/h] at t [min] and T [yr]; NaN where the formula gives no positive number."""
        try:
            upper = self.a + self.b * math.log(return_period_yr / duration_min**self.c)
            lower = self.d + self.e * math.log(math.sqrt(return_period_yr) / duration_min) + math.sqrt(duration_min)
            return upper / lower if upper > 0.0 and lower > 0.0 else math.nan
        except (ArithmeticError, ValueError):  # a power beyond what floats hold, or the logarithm of its 0
            return math.nan


@dataclass(frozen=True)
class IdfCurve:
    """Intensity-duration-frequency curve with two branches; coefficients depend on the region.

    Attributes:
        split_min: where the branches change [min].

    Raises:
        InputError: a split that is not above 0.
    """

    short: Branch
    long: Branch
    split_min: float = SEOUL_SPLIT_MIN

    def __post_init__(self) -> None:
        if not 0.0 < self.split_min < math.inf:  # NaN fails too
            raise InputError(
                "Split between the branches (SPLIT)", Text("{:g} min is out of range", self.split_min), "above 0 min"
            )

    def branch(self, duration_min: float) -> Branch:
        """The branch for a duration [min]."""
        return self.short if duration_min <= self.split_min + _SAME_MIN else self.long


SEOUL = IdfCurve(*(Branch(**coefficients) for coefficients in SEOUL_BRANCHES.values()), SEOUL_SPLIT_MIN)


def idf_intensity(duration_min: float, return_period_yr: float, curve: IdfCurve = SEOUL) -> float:
    """Mean rainfall intensity of a design storm.

    Seoul's two branches jump where they change: 43.585 mm/h at 360 min, 36.175 mm/h just after it, for
    50 years (factor 0.83; 0.82 to 0.85 for return periods of 1 to 200 years). It is in the published
    coefficients and is kept; see :func:`near_branch_jump`.

    Args:
        duration_min: t [min].
        return_period_yr: T [yr].
        curve: coefficients; Seoul's by default.

    Returns:
        I [mm/h].

    Raises:
        InputError: a value out of range, or coefficients that give no positive intensity.
    """
    hours, (least, most) = duration_min / 60.0, _DURATION_RANGE_H
    if not least - SAME_MOMENT_H <= hours <= most + SAME_MOMENT_H:  # NaN fails too
        raise InputError(
            "Duration (DURATION)", Text("{:g} h is out of range", hours),
            Text("{:.3g} (a minute) to {:g} h", least, most), "Enter the duration in hours.",
        )  # fmt: skip
    if not _RETURN_PERIOD_RANGE_YR[0] <= return_period_yr <= _RETURN_PERIOD_RANGE_YR[1]:
        raise InputError(
            "Return period (RETURN_PERIOD)", Text("{} is out of range", measure(return_period_yr, "yr")),
            span(*_RETURN_PERIOD_RANGE_YR, "yr"),
        )  # fmt: skip
    intensity = curve.branch(duration_min).intensity(duration_min, return_period_yr)
    if not math.isfinite(intensity):
        raise InputError(
            "Coefficients of the rainfall curve",
            Text("give no positive intensity for {:g} min and {:g} yr", duration_min, return_period_yr),
            "coefficients with a positive numerator and denominator",
            "Check their signs and units: t in minutes, T in years, I in mm/h.",
        )
    return intensity


def rainfall_depth(duration_min: float, return_period_yr: float, curve: IdfCurve = SEOUL) -> float:
    """Rain that a design storm brings in all [mm]; arguments and errors as in :func:`idf_intensity`."""
    return idf_intensity(duration_min, return_period_yr, curve) * duration_min / 60.0


def near_branch_jump(duration_min: float) -> bool:
    """Return whether a duration lies so near the jump at 360 min (300 to 420 min) that the user should know."""
    return NEAR_JUMP_MIN[0] - _SAME_MIN <= duration_min <= NEAR_JUMP_MIN[1] + _SAME_MIN


def intensity_cautions(
    intensity: float, duration_min: float, return_period_yr: float, curve: IdfCurve = SEOUL
) -> list[Text]:
    """Cautions on the intensity [mm/h] of a duration [min] and return period [yr].

    They are about coefficients that are not those of one region's curve, a jump of the curve near by, a duration that
    may be in minutes, and rain that the networks have not learned.
    """
    found = _coefficient_cautions(duration_min, return_period_yr, curve)
    if near_branch_jump(duration_min * SEOUL_SPLIT_MIN / curve.split_min):
        own = Text("Your curve changes branches at {:g} min: compare the results on both sides.", curve.split_min)
        found.append(Text(_JUMP_WARNING) if curve == SEOUL else own)
    hours = duration_min / 60.0
    if hours >= _MINUTES_OF_HOUR and hours % _MINUTES_OF_HOUR == 0.0:
        text = "{:g} h are {:g} days. Is the duration in minutes? Then enter {:g} h."
        found.append(Text(text, hours, hours / 24.0, hours / 60.0))
    greatest = BY_NAME["rainfall"].trained[1]
    if intensity > greatest:
        text = (
            "{:.3g} mm/h is more than the {:g} mm/h that the networks are trained on. Where lateral flow can change "
            "the mask, choose the physics engine (SOLVER); elsewhere the mask is the engine's."
        )
        found.append(Text(text, intensity, greatest))
    return found


def _coefficient_cautions(duration_min: float, return_period_yr: float, curve: IdfCurve) -> list[Text]:
    """Cautions on coefficients: those of the other branch alone were replaced, or the curve is none of rainfall."""
    found, used = [], curve.branch(duration_min)
    if used in (SEOUL.short, SEOUL.long) and curve != IdfCurve(SEOUL.short, SEOUL.long, curve.split_min):
        found.append(
            Text(
                "The coefficients for {:g} min are those of Seoul, and those of the other branch are not: enter the "
                "coefficients of your region for both branches.", duration_min,
            )
        )  # fmt: skip
    here = used.intensity(duration_min, return_period_yr)
    longer = used.intensity(_STEP * duration_min, return_period_yr)
    if longer > here or _STEP * longer < here or used.intensity(duration_min, _STEP * return_period_yr) < here:
        found.append(
            Text(
                "With these coefficients the intensity increases with duration, the depth decreases with it, or rarer "
                "rainfall is lighter, which no rainfall does. Check their signs and units: t in minutes, T in years, "
                "natural logarithms, I in mm/h."
            )
        )
    return found


_HYETOGRAPH = "Hyetograph (HYETOGRAPH)"
_ENDS_ADVICE = (
    "ends of the intervals, the first of which begins at 0 h; if the hours are starts, enter the end of each interval; "
    "delete a first row that only marks the start"
)
#: Rows shorter than this bring no rain that counts, and are joined to the row before [s].
_SHORTEST_ROW_S = 0.001


class RainInterval(NamedTuple):
    """An interval of constant rain.

    Attributes:
        start, end: [s since the event began].
        intensity: I on the horizontal, of a hyetograph [mm/h], of a scenario or a timeline [m/s]; a number or
            (rows, cols).
        hours: those of the series that are its end [h]; of a timeline.
    """

    start: float
    end: float
    intensity: Any
    hours: tuple[float, ...] = ()

    @property
    def seconds(self) -> float:
        """Length [s], above 0."""
        return self.end - self.start


@dataclass(frozen=True)
class Hyetograph:
    """Rain that changes with time, in steps: the first begins at hour 0, each ends at its ``hours``.

    Attributes:
        hours: ends of the intervals [h], rising.
        intensities: of the intervals [mm/h]; 0 is a pause.

    Raises:
        InputError: no row.
        TableError: hours that do not rise, values out of range; by row and column.
    """

    hours: tuple[float, ...]
    intensities: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.hours or len(self.hours) != len(self.intensities):
            raise InputError(_HYETOGRAPH, "has no rows", "one row or more, with the columns hour and rainfall")
        object.__setattr__(self, "hours", tuple(_within_longest(hour) for hour in self.hours))
        errors = storm_errors(self.hours, self.intensities)
        if errors:
            raise TableError(errors, _HYETOGRAPH)

    @property
    def duration(self) -> float:
        """End of the last interval [h]."""
        return self.hours[-1]

    @property
    def lengths(self) -> tuple[float, ...]:
        """Length of each interval [h]."""
        return tuple(end - start for start, end in zip((0.0, *self.hours), self.hours))

    @property
    def intervals(self) -> tuple[RainInterval, ...]:
        """The rain as intervals of constant intensity; rows of one intensity that follow each other are one.

        Their ends are the rows' hours, never sums of lengths: the last one is the event's end.
        """
        made: list[RainInterval] = []
        start = 0.0
        for end, intensity in zip((hour * 3600.0 for hour in self.hours), self.intensities):
            if made and (intensity == made[-1].intensity or end - start < _SHORTEST_ROW_S):
                made[-1] = made[-1]._replace(end=end)
            elif end - start >= _SHORTEST_ROW_S:
                made.append(RainInterval(start, end, intensity))
            else:
                continue  # the first row: the next one begins with the event
            start = end
        return tuple(made)

    @property
    def depth(self) -> float:
        """Rain in all [mm]."""
        return sum(length * intensity for length, intensity in zip(self.lengths, self.intensities))

    @property
    def mean(self) -> float:
        """Mean intensity, pauses included [mm/h]."""
        return self.depth / self.duration

    @property
    def may_be_cumulative(self) -> bool:
        """Whether the intensities never fall and rise to the end, as sums since the start of the rain do."""
        rises = sum(after > before for before, after in zip(self.intensities, self.intensities[1:]))
        never_fall = all(after >= before for before, after in zip(self.intensities, self.intensities[1:]))
        return never_fall and rises >= _FEWEST_RISES

    @property
    def resets(self) -> int:
        """Number of times that values fall to nearly 0 and rise again, as daily sums do; 0 for other falls."""
        steps = list(zip(self.intensities, self.intensities[1:]))
        falls = [place for place, (before, after) in enumerate(steps) if after < before]
        rises = [place for place, (before, after) in enumerate(steps) if after > before]
        are_resets = all(steps[place][1] <= _RESET_SHARE * steps[place][0] for place in falls)
        enough = len(rises) >= max(_FEWEST_RISES_A_RESET * len(falls), 2 * _FEWEST_RISES)
        return len(falls) if falls and are_resets and enough and rises[-1] > falls[-1] else 0

    @property
    def interval_without_rows(self) -> tuple[float, float, float] | None:
        """Start and end of the longest interval with rain [h] and the usual length [h], if it is much longer.

        So it is where rows without rain are left out, or hours are those of the day.
        """
        lengths = [round(length, _DECIMALS_H) for length in self.lengths]
        usual = mode(lengths)
        wet = [(length, end) for length, end, rain in zip(lengths, self.hours, self.intensities) if rain > 0.0]
        longest, end = max(wet, default=(0.0, 0.0))
        if lengths.count(usual) < max(_USUAL_SHARE * len(lengths), 2) or longest < _MUCH_LONGER * usual:
            return None
        return end - longest, end, usual

    @property
    def may_be_minutes(self) -> bool:
        """Whether most of several intervals have a length that gauges have in minutes, and hardly any in hours."""
        usual = sum(round(length, _DECIMALS_H) in _GAUGE_MINUTES for length in self.lengths)
        return usual >= max(_USUAL_SHARE * len(self.lengths), _FEWEST_OF_GAUGE)

    def __str__(self) -> str:
        return "; ".join(f"{i:g} mm/h to {h:g} h" for h, i in zip(self.hours, self.intensities))


def _within_longest(hour: float) -> float:
    """The hour, limited to the longest event if it exceeds it only by rounding."""
    most = BY_NAME["duration"].maximum
    return most if most < hour <= most + SAME_MOMENT_H else hour


def storm_errors(
    hours: Sequence[float], intensities: Sequence[float], titles: Sequence[str] = ("hour", "rainfall")
) -> list[CellError]:
    """Problems of a hyetograph's numbers, by row and column; NaN are no such."""
    errors, most, least = [], BY_NAME["duration"].maximum, 0.0
    for row, (hour, intensity) in enumerate(zip(map(_within_longest, hours), intensities), start=1):
        if not (math.isnan(hour) or least < hour <= most):
            after = Text("{:g} h is not later than {:g} h", hour, least)
            problem = after if hour <= least else Text("{:g} h is later than {:g} h, the longest event", hour, most)
            allowed = "hours that increase from row to row (ends of the intervals)"
            if row == 1 and hour == 0.0:
                problem = Text("0 h is the start of the rain, not the end of an interval")
                allowed = Text(_ENDS_ADVICE)
            errors.append(CellError(row, titles[0], problem, allowed))
        elif not math.isnan(hour):
            least = hour
        if not (math.isnan(intensity) or 0.0 <= intensity <= BY_NAME["rainfall"].maximum):
            problem = Text("{:g} mm/h is out of range", intensity)
            allowed = Text("{}, the intensity within the interval, not the total", BY_NAME["rainfall"].allowed)
            errors.append(CellError(row, titles[1], problem, allowed))
    shortest = BY_NAME["duration"].minimum
    if not errors and hours and hours[-1] < shortest:
        problem = Text("the event ends at {:g} h", hours[-1])
        errors.append(CellError(len(hours), titles[0], problem, Text("an end of {:g} to {:g} h", shortest, most)))
    return errors


#: Seoul's intensity of 24 hours in 50 years [mm/h], 16.192: the measure of rain in the networks' inputs.
SEOUL_24H_50YR = idf_intensity(24.0 * 60.0, 50.0)
