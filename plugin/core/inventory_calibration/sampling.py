"""Samples the parameter sets that a calibration tries."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Mapping, Sequence

import numpy as np

from ...text import Text, measure, span
from ...variables import BY_NAME, HYDROLOGY
from ..dataset.designs import design_points
from ..feedback import Feedback
from ..scenario import Scenario
from ..soil_depth import estimate
from ..terrain import Terrain

#: Ratios of cohesion and tan(friction angle) that are tried. With a common factor on both, which changes no ranks,
#: they are all strengths that there are.
RATIOS = 14
#: Soils that are tried where no depth is given, the tools' own estimate first.
DEPTHS = (
    ("slope", 0.5, 4.0), ("slope", 0.5, 2.0), ("slope", 1.0, 4.0), ("slope_curvature", 0.5, 4.0),
    ("slope_curvature", 0.5, 2.0), ("slope_curvature", 1.0, 4.0), ("constant", 1.0, 1.0), ("constant", 2.0, 2.0),
    ("exponential", 0.5, 4.0), ("exponential", 1.0, 4.0),
)  # fmt: skip

#: Share of the best sets whose strength may leave the range that was searched.
_MOST_OUTSIDE = 0.5
#: Share by which the scaling may move a strength that is fixed.
_MOST_MOVED = 0.01

Ranges = Mapping[str, "tuple[float, float]"]


@dataclass(frozen=True)
class Depth:
    """A soil depth that is tried: by a method of :mod:`..soil_depth` with its bounds [m], or as given."""

    base: Terrain
    method: str = ""
    low: float = math.nan
    high: float = math.nan

    def soil(self, feedback: Feedback | None = None) -> np.ndarray:
        """Soil depth [m], (rows, cols), NaN where the terrain is unknown; an estimate is made anew each time."""
        if not self.method:
            return self.base.soil_depth
        grid = self.base.grid
        cell = grid.cell_width, grid.cell_height
        return estimate(self.base.elevation, *cell, self.method, self.low, self.high, feedback)

    @cached_property
    def terrain(self) -> Terrain:
        """The terrain with that soil."""
        return replace(self.base, soil_depth=self.soil()) if self.method else self.base

    @property
    def described(self) -> Text:
        """Description for reports."""
        if not self.method:
            return Text("as given")
        return Text("estimated: {}, {:g} to {:g} m", self.method, self.low, self.high)


def depths_to_try(terrain: Terrain, *, given: bool) -> list[Depth]:
    """The soil depths of a search: the input raster, or several estimates."""
    if given:
        return [Depth(terrain)]
    return [Depth(terrain, *choice) for choice in DEPTHS]


def water_sets(base: Scenario, ranges: Ranges, count: int, seed: int) -> list[Scenario]:
    """Scenarios that differ in hydrological parameters, spread evenly over the ranges; one if all are fixed.

    Args:
        ranges: least and greatest value by lower-case name.

    Source: Sobol points with a random shift (Cranley & Patterson 1976, SIAM J. Numer. Anal. 13, 904-914).
    """
    names = [name for name in HYDROLOGY if name in ranges]
    spread = [name for name in names if ranges[name][0] < ranges[name][1]]
    fixed = {name: ranges[name][0] for name in names if name not in spread}
    if not spread:
        return [base.with_values(**fixed)]
    shift = np.random.default_rng(seed).random(len(spread))
    points = (design_points(0, count)[:, : len(spread)] + shift) % 1.0
    return [
        base.with_values(**fixed, **{name: _between(name, *ranges[name], u) for name, u in zip(spread, row)})
        for row in points.tolist()
    ]


def strengths(base: Scenario, ranges: Ranges) -> list[dict[str, float]]:
    """Cohesion and friction angle for each ratio of the two, in the middle of the ranges."""
    c_low, c_high = ranges.get("cohesion", (base.cohesion,) * 2)
    t_low, t_high = (math.tan(math.radians(x)) for x in ranges.get("friction_angle", (base.friction_angle,) * 2))
    least = max(c_low, _LEAST_COHESION if c_high > 0.0 else 0.0)
    if c_high == 0.0:
        ratios = [0.0]
    else:
        ratios = np.unique(np.geomspace(least / t_high, c_high / t_low, RATIOS).round(12)).tolist()
    found = []
    for ratio in ratios:
        low, high = (max(t_low, least / ratio), min(t_high, c_high / ratio)) if ratio else (t_low, t_high)
        tangent = math.sqrt(low * high)
        found.append({"cohesion": ratio * tangent, "friction_angle": math.degrees(math.atan(tangent))})
    return found


#: Where a range of cohesion begins at 0, its ratios begin here [kPa].
_LEAST_COHESION = 0.1


def scaled(values: Mapping[str, float], factor: float) -> tuple[dict[str, float], float]:
    """Multiply cohesion, root cohesion and tan(friction angle) by a factor, within the physical ranges.

    Returns:
        the values, and the factor that was possible for all of them.
    """
    tangent = math.tan(math.radians(values["friction_angle"]))
    least = math.tan(math.radians(BY_NAME["friction_angle"].minimum)) / tangent
    most = [math.tan(math.radians(BY_NAME["friction_angle"].maximum)) / tangent]
    most += [BY_NAME[name].maximum / values[name] for name in ("cohesion", "root_cohesion") if values[name] > 0.0]
    factor = min(max(factor, least), *most)
    return {
        "cohesion": values["cohesion"] * factor,
        "root_cohesion": values["root_cohesion"] * factor,
        "friction_angle": math.degrees(math.atan(tangent * factor)),
    }, factor


def outside_ranges(scenarios: Sequence[Scenario], ranges: Ranges, base: Scenario) -> list[Text]:
    """Warnings of strengths that leave their range, or root cohesion that leaves its value, in most of the sets.

    Args:
        scenarios: the sets; ranges: that were searched; base: its root cohesion counts unless it is the default.
    """
    found = []
    if base.root_cohesion != BY_NAME["root_cohesion"].default:
        ranges = {**ranges, "root_cohesion": (base.root_cohesion,) * 2}
    for name in ("cohesion", "friction_angle", "root_cohesion"):
        values = np.array([getattr(scenario, name) for scenario in scenarios])
        low, high = ranges.get(name, (-math.inf, math.inf))
        slack = _MOST_MOVED * low if low == high else 0.0
        if np.mean((values < low - slack) | (values > high + slack)) <= _MOST_OUTSIDE:
            continue
        variable = BY_NAME[name]
        text = (
            "{}: the best sets have {}, though it is fixed at {}, because the strength is scaled until FS = 1 best "
            "separates the landslides. The sets describe the fit of the map, not the soil."
            if low == high
            else "{}: the best sets have {}, mostly outside the searched range of {}, because the strength is scaled "
            "until FS = 1 best separates the landslides. The sets describe the fit of the map, not the soil."
        )
        limits = measure(low, variable.unit) if low == high else span(low, high, variable.unit)
        sets = span(float(f"{values.min():.3g}"), float(f"{values.max():.3g}"), variable.unit)
        found.append(Text(text, variable.named, sets, limits))
    return found


def _between(name: str, low: float, high: float, share: float) -> float:
    if BY_NAME[name].log_scale and low > 0.0:
        return float(low * (high / low) ** share)
    return float(low + (high - low) * share)
