"""Describes the main inputs of a run in a line each, so that an amount in a wrong unit is noticed.

An amount in another unit may be plausible: 3e-4 cm/s entered as 3e-4 m/s is a conductivity that soils have. What it
means for the soil and the storm is easier to judge than the number.
"""

from __future__ import annotations

import math
from typing import Sequence

import numpy as np

from ..text import Text, joined, measure
from ..variables import BY_NAME
from .map_parts.strips import known_range, known_sample
from .presets import PRESETS
from .scenario import MM_PER_H, Scenario, Value
from .terrain import Terrain

_LOW_PERCENTILE, _HIGH_PERCENTILE = 5.0, 95.0
#: Factor and exponent of I = a D^b, I in mm/h and D in hours, the lower limit of storms that triggered shallow
#: landslides and debris flows: Guzzetti, Peruccacci, Rossi & Stark (2008), Landslides 5, 3-17, for 0.1 to 1000 h;
#: Caine (1980), Geogr. Ann. A 62, 23-27, for 10 minutes to 10 days.
_GUZZETTI, _CAINE = (2.20, -0.44), (14.82, -0.39)
_CAINE_HOURS = 1.0 / 6.0, 240.0
#: Beyond the means of sand and clay by more than this factor the distance is given; sand and loamy sand are 4 apart.
_CLASS_WIDTH = 3.0
_SAMPLE = 300_000


def scenario_summary(scenario: Scenario) -> tuple[Text, Text]:
    """Compare the rain with landslide thresholds and the hydraulic conductivity with that of soil textures."""
    rain = joined(" ", [_rain(scenario), _thresholds(scenario.duration)])
    return rain, _conductivity(scenario.conductivity)


def table_summary(scenarios: Sequence[Scenario]) -> Text:
    """Ranges of the total rain, the duration and the conductivity of many scenarios; of rasters their medians."""
    medians = {id(v): _median(v) for s in scenarios for v in (s.rainfall, s.conductivity)}  # rows share their rasters
    totals = [medians[id(s.rainfall)] * s.duration for s in scenarios]
    hours = [s.duration for s in scenarios]
    rates = [medians[id(s.conductivity)] for s in scenarios]
    soils = [_texture(rate) for rate in (min(rates), max(rates))]
    soil = soils[0] if soils[0] == soils[1] else Text("least: {}; greatest: {}", *soils)
    return Text(
        "Range of the scenarios: {} of rain in {}; saturated hydraulic conductivity {} ({}), {}.",
        _span(totals, "mm"), _span(hours, "h"), _span(rates, "m/s"), _span([r / MM_PER_H for r in rates], "mm/h"), soil,
    )  # fmt: skip


def terrain_summary(terrain: Terrain) -> Text:
    """Elevation, slope and soil depth of a terrain, and where there is no soil."""
    ends = known_range(terrain.elevation)
    cells = terrain.sample(_SAMPLE)
    depths = np.percentile(cells.soil_depth, (_LOW_PERCENTILE, 50.0, _HIGH_PERCENTILE))
    line = Text(
        "Terrain: elevation {:.0f} to {:.0f} m, median slope {:.0f} deg, median soil depth {:.2g} m (5th to 95th "
        "percentile {:.2g} to {:.2g} m).",
        *ends, math.degrees(float(np.median(cells.slope))), float(depths[1]), float(depths[0]), float(depths[2]),
    )  # fmt: skip
    bare = 100.0 * float((cells.soil_depth == 0.0).mean())
    zeros = [Text("The soil depth is 0 m (bare rock) in {:.2g} % of the cells.", bare)] if bare else []
    return joined(" ", [line, *zeros])


def _rain(scenario: Scenario) -> Text:
    """Intensity, duration and total."""
    storm, rain, hours = scenario.hyetograph, scenario.rainfall, measure(scenario.duration, "h")
    if storm is not None:
        total = _rounded(storm.mean * storm.duration)
        return Text("Rain: {:g} mm in {}, at most {:g} mm/h.", total, hours, _rounded(max(storm.intensities)))
    total = _rounded(_median(rain) * scenario.duration)
    if not isinstance(rain, np.ndarray):
        return Text("Rain: {:g} mm/h for {}, {:g} mm in total.", _rounded(rain), hours, total)
    known = known_sample(rain, _SAMPLE)
    ends = (_rounded(float(value)) for value in np.percentile(known, (_LOW_PERCENTILE, _HIGH_PERCENTILE)))
    return Text(
        "Rain: {:g} to {:g} mm/h (5th to 95th percentile of the raster) for {}, {:g} mm in total at the median.",
        *ends, hours, total,
    )  # fmt: skip


def _thresholds(hours: float) -> Text:
    """Amounts of rain from which on landslides are known."""
    least = _threshold(_GUZZETTI, hours)
    if not _CAINE_HOURS[0] <= hours <= _CAINE_HOURS[1]:
        return Text("Shallow-landslide threshold for this duration: {:g} mm (Guzzetti et al. 2008).", least)
    return Text(
        "Shallow-landslide thresholds for this duration: {:g} mm (Guzzetti et al. 2008) and {:g} mm (Caine 1980).",
        least, _threshold(_CAINE, hours),
    )  # fmt: skip


def _threshold(law: tuple[float, float], hours: float) -> float:
    """Total rain of a threshold I = a D^b [mm]."""
    factor, exponent = law
    return _rounded(factor * hours ** (1.0 + exponent), 2)


def _conductivity(value: Value) -> Text:
    """Conductivity and the soil that has it."""
    rate = _median(value)
    template = "{}: {:g} m/s ({:g} mm/h), {}."
    if isinstance(value, np.ndarray):
        template = "{}: {:g} m/s ({:g} mm/h) at the median of the raster, {}."
    label = Text(BY_NAME["conductivity"].label)
    return Text(template, label, _rounded(rate), _rounded(rate / MM_PER_H), _texture(rate))


def _texture(rate: float) -> Text:
    """The soil texture with the nearest mean conductivity, or how far a rate [m/s] is from all of them."""
    means = {p.label: p.values["CONDUCTIVITY"] for p in PRESETS if p.group == "texture"}
    label, mean = min(means.items(), key=lambda item: abs(math.log(rate / item[1])))
    if mean / _CLASS_WIDTH <= rate <= mean * _CLASS_WIDTH:
        return Text("as '{}' (mean {:g} m/s, Rawls et al. 1983)", Text(label), mean)
    return Text("{:g} x that of '{}' (mean {:g} m/s, Rawls et al. 1983)", _rounded(rate / mean, 2), Text(label), mean)


def _median(value: Value) -> float:
    """Median of a raster's valid cells; a number is returned unchanged."""
    return float(np.median(known_sample(value, _SAMPLE))) if isinstance(value, np.ndarray) else float(value)


def _span(values: Sequence[float], unit: str) -> Text:
    """Least and greatest of some values."""
    least, greatest = _rounded(min(values)), _rounded(max(values))
    return measure(least, unit) if least == greatest else Text("{:g} to {}", least, measure(greatest, unit))


def _rounded(value: float, digits: int = 3) -> float:
    return float(f"{value:.{digits}g}")
