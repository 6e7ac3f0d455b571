"""Checks for implausible amounts, with the unit that was probably meant.

What is physically impossible is refused where a scenario is made. Values reported here are accepted with a caution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Callable, Mapping, Sequence

import numpy as np

from ..text import Text, joined, measure
from ..variables import BY_NAME, ENGINE_VARIABLES
from .map_parts.strips import known_sample
from .scenario import Scenario, Value

#: Cells of a raster that are checked: another unit changes all of them.
_SAMPLE = 100_000
_LOW_PERCENTILE, _HIGH_PERCENTILE = 5.0, 95.0
_LB_PER_FT2, _KGF_PER_CM2, _BAR, _KPA_OF_WATER = 0.04788, 98.07, 100.0, 0.102  # [kPa], [kPa], [kPa], [m]
_FOOT, _INCH = 0.3048, 0.0254  # [m]
_WATER = 9.81  # unit weight [kN/m3]


_BY_NAME = {**BY_NAME, **{variable.name: variable for variable in ENGINE_VARIABLES}}


@dataclass(frozen=True)
class Unit:
    """Unit in which an amount may have been entered, and its value in our unit."""

    name: Text
    convert: Callable[[float], float]


def _unit(name: str, factor: float) -> Unit:
    return Unit(Text("in {}", name), partial(float.__mul__, float(factor)))


@dataclass(frozen=True)
class Bound:
    """Limits beyond which an amount is doubtful.

    Attributes:
        low, high: values (above 0) below or above which it is doubtful; ``None`` for no such bound.
        usual: range of what is usually given: a unit that leads into it is a likely one.
        units: those that are mistaken for ours.
    """

    name: str
    low: float | None
    high: float | None
    usual: tuple[float, float]
    reason_low: Text
    reason_high: Text
    units: tuple[Unit, ...]

    def advice(self, amount: float) -> Text:
        """Advice for a doubtful amount."""
        variable = _BY_NAME[self.name]
        return _likely(amount, self.units, self.usual, variable.unit) or Text(variable.advice)


_PRESSURES = (
    _unit("lb/ft2 (psf)", _LB_PER_FT2),
    _unit("ksf", 1000.0 * _LB_PER_FT2),
    _unit("MPa", 1000.0),
    _unit("kgf/cm2", _KGF_PER_CM2),
    _unit("bar", _BAR),
    _unit("kgf/m2", 0.00981),
)
_LENGTHS = (_unit("feet", _FOOT), _unit("dm", 0.1), _unit("inches", _INCH), _unit("km", 1000.0))

BOUNDS: tuple[Bound, ...] = (
    # High: SN 670 010b gives effective cohesions of soil classes to about 25 kPa with a spread of 10.
    # Low: 0 is a soil without cohesion; what lies between is below what a test resolves.
    Bound(
        "cohesion", 0.1, 50.0, (1.0, 40.0),
        Text("soils have either no cohesion (0) or more than this"), Text("soils have less; rock has more"), _PRESSURES,
    ),
    # High: SN 670 010b, well-graded gravel 40 +- 5 deg. Low: residual strength of sodium montmorillonite, about 5 deg
    # (Lupini, Skinner & Vaughan 1981, Geotechnique 31, 181-213).
    Bound(
        "friction_angle", 5.0, 45.0, (15.0, 42.0),
        Text("even the residual friction angle of the weakest clays is about 5 deg"),
        Text("dense gravel has about 45 deg"),
        (Unit(Text("the slope tan phi in per cent"), lambda value: math.degrees(math.atan(value / 100.0))),),
    ),
    # Freeze & Cherry (1979), Groundwater, table 2.2 [m/s]: silty sand 1e-7 to 1e-3, gravel 1e-3 to 1, silt 1e-9 to
    # 1e-5, unweathered marine clay below 1e-9.
    Bound(
        "conductivity", 1e-9, 1e-3, (1e-8, 1e-4),
        Text("only unweathered clay has such a low conductivity"),
        Text("only clean gravel has such a high conductivity"),
        (
            _unit("cm/s", 1e-2), _unit("mm/s", 1e-3), _unit("m/h", 1 / 3600.0), _unit("m/day", 1 / 86_400.0),
            _unit("mm/h", 1e-3 / 3600.0),
        ),
    ),
    # Rawls, Brakensiek & Miller (1983), J. Hydraul. Eng. 109, 62-70: mean effective porosity 0.31 to 0.49.
    Bound(
        "moisture_deficit", None, 0.45, (0.02, 0.4),
        Text(""), Text("nearly all pores of the soil would be dry; the moisture deficit is not the porosity"), (),
    ),
    # The same: sand 0.0097 m at least, clay 1.565 m at most.
    Bound(
        "suction_head", 0.009, 1.57, (0.03, 0.7),
        Text("coarse sand has 0.01 m"), Text("clay has 1.6 m at most"),
        (_unit("kPa", _KPA_OF_WATER), _unit("MPa", 102.0), _unit("bar", 10.2), _unit("cm", 0.01), *_LENGTHS),
    ),
    # Brooks, Boll & McDaniel (2004), Water Resour. Res. 40, W02501: a hillslope conducts up to some 100 times as well
    # as cores of its soil; macropores and pipes commonly 10 to 50 times.
    Bound(
        "lateral_anisotropy", 0.1, 100.0, (0.5, 60.0),
        Text("downward flow is rarely easier than flow along the slope"),
        Text("hillslopes conduct up to some 100 times as well as cores of their soil"),
        (Unit(Text("the ratio K_s / K_lat"), lambda value: 1.0 / value), _unit("%", 0.01)),
    ),
    # Schmidt et al. (2001), Can. Geotech. J. 38, 995-1024: planted forests to 23 kPa, old natural ones more.
    Bound(
        "root_cohesion", 0.05, 25.0, (0.5, 20.0),
        Text("roots add either no cohesion (0) or more than this"), Text(
            "only old natural forests have that much"
        ), _PRESSURES,
    ),
    # Canadell et al. (1996), Oecologia 108, 583-595: trees 7 m on average at their deepest.
    Bound(
        "root_depth", 0.05, 10.0, (0.2, 6.0),
        Text("grass roots deeper"), Text("trees root to about 7 m"), _LENGTHS,
    ),
    # A fill of 2.5 m; a dense forest weighs 1 to 3 kPa.
    Bound(
        "surcharge", 0.01, 50.0, (0.3, 10.0),
        Text("grass weighs more"), Text("a fill of 2.5 m weighs as much"), _PRESSURES,
    ),
    # Terzaghi, Peck & Mesri (1996), Soil Mechanics in Engineering Practice, table 6.3: loose dry sand 14 kN/m3,
    # saturated very organic clay 14, saturated glacial till 23.
    Bound(
        "unit_weight_moist", 13.0, 23.0, (15.0, 21.0),
        Text("loose dry sand weighs more"), Text("even glacial till weighs less; only rock weighs more"),
        (Unit(Text("the unit weight under water (buoyant)"), lambda value: value + _WATER),),
    ),
    Bound(
        "unit_weight_saturated", 14.0, 23.5, (16.0, 22.5),
        Text("even very organic clay weighs that much"), Text("even glacial till weighs less; only rock weighs more"),
        (Unit(Text("the unit weight under water (buoyant)"), lambda value: value + _WATER),),
    ),
)  # fmt: skip

#: The same of the engine's own numbers.
ENGINE_BOUNDS: tuple[Bound, ...] = (
    # Tensiometers measure to some 90 kPa of suction: water in them boils beyond.
    Bound(
        "initial_suction", None, 9.0, (0.1, 6.0),
        Text(""), Text("tensiometers cannot measure more"), (_unit("kPa", _KPA_OF_WATER), _unit("cm", 0.01)),
    ),
    # Carsel & Parrish (1988), Water Resour. Res. 24, 755-769: n is 1.09 (clay) to 2.68 (sand), and the index is n - 1.
    Bound(
        "pore_size_index", None, 1.75, (0.05, 1.7),
        Text(""), Text("even sand has less"), (Unit(Text("n of van Genuchten"), lambda value: value - 1.0),),
    ),
    # The wettest inhabited places have about 12 m of rain a year, most of it in five months.
    Bound(
        "antecedent_recharge", None, 50.0, (0.1, 30.0),
        Text(""), Text("very few places on earth have such a mean, even in their wettest months"),
        (_unit("mm/month", 1.0 / 30.0), _unit("mm/year", 1.0 / 365.0)),
    ),
)  # fmt: skip
#: Standard deviations over the mean below and above which they are doubtful. Phoon & Kulhawy (1999), Can. Geotech. J.
#: 36, 612-624: strength from tests varies by 10 to 55 %, friction angles by 5 to 15 %, unit weights by less than 10 %.
#: Duncan (2000), J. Geotech. Geoenviron. Eng. 126, 307-316, table 1: permeability by up to 240 %.
#: Soils and storms vary by more than the lower ones; the standard deviation of soil depth is a share of it.
_USUAL_SPREADS = {
    "cohesion": (0.06, 1.0), "friction_angle": (0.02, 0.4), "rainfall": (0.03, 1.5), "duration": (0.03, 1.5),
    "unit_weight_moist": (0.005, 0.25), "unit_weight_saturated": (0.005, 0.25), "conductivity": (0.0, 5.0),
}  # fmt: skip

#: SN 670 010b: fat clay has 22 +- 4 deg. Less is residual strength, which has little cohesion.
_LOW_FRICTION_DEG, _HIGH_COHESION_KPA = 15.0, 15.0
#: Rain that no gauge resolves [mm/h], and units in which rain is given.
_LEAST_RAIN = 0.05
_USUAL_RAIN = (0.3, 100.0)
_SMALL_RAIN_UNITS = (
    _unit("m/s", 3.6e6), _unit("mm/s", 3600.0), _unit("m/h", 1000.0), _unit("m/day", 1000.0 / 24.0),
    _unit("inches per hour", 1000.0 * _INCH),
)  # fmt: skip

#: Greatest rainfalls measured anywhere: R = a D^b, R in mm, D in h. Paulhus (1965), Mon. Weather Rev. 93, 331-335, in
#: inches 16.6 D^0.475; WMO-No. 332, Manual for estimation of probable maximum precipitation (1986). The records of the
#: WMO's archive of extremes: 1825 mm in 24 h (1909), 2493 mm in 48 h (2653); at La Reunion 3930 mm in 72 h
#: (3218) and 4936 mm in 96 h (3689), in one cyclone of 2007.
_RECORD = (422.0, 0.475)
_SHORTEST_H = 1.0 / 60.0
#: Share of the greatest rainfalls from which rain is doubtful. Design storms of 1,000 years stay below it; 50 mm/day
#: given as 50 mm/h for a day do not.
_DOUBTFUL_SHARE = 0.5
_WINDOWS = 60

#: Shallow landslides take soils of some metres (training range 0.3 to 6 m). Deeper: valley fills, or another unit.
_DEEP_SOIL_M, _THIN_SOIL_M = 15.0, 0.05
_USUAL_DEPTH_M = (0.2, 10.0)
_SOIL_DEPTH = "Soil depth (SOIL_DEPTH)"


def scenario_cautions(scenario: Scenario) -> tuple[Text, ...]:
    """Doubts about the amounts of a scenario, as sentences; empty where there are none.

    A raster is judged by its 5th percentile, without the cells that are 0, and by its 95th.
    """
    found = [_rain(scenario), *(_caution(bound, getattr(scenario, bound.name)) for bound in BOUNDS)]
    options = scenario.options
    found += [_swapped_strength(scenario), amount_caution("initial_suction", options.initial_suction)]
    found += [amount_caution("pore_size_index", options.pore_size_index)] if options.front_moisture == "rain" else []
    return tuple(text for text in found if text)


def table_caution(scenarios: Sequence[Scenario]) -> Text | None:
    """The doubts about the first doubtful row of a table, and the number of such rows."""
    doubted = [(one.name, found) for one in scenarios if (found := scenario_cautions(one))]
    if not doubted:
        return None
    text = "{} of {} rows have unlikely values. '{}': {}"
    return Text(text, len(doubted), len(scenarios), doubted[0][0], joined(" ", doubted[0][1]))


def _swapped_strength(scenario: Scenario) -> Text | None:
    """A low friction angle with a high cohesion: swapped, or of an undrained test."""
    angle, cohesion = _extremes(scenario.friction_angle)[1], _extremes(scenario.cohesion)[0]
    if not (angle < _LOW_FRICTION_DEG and cohesion > _HIGH_COHESION_KPA):
        return None
    return Text(
        "{}: {} with a cohesion of {}: are the two swapped, or from an undrained test? Effective values are required; "
        "soils with so low an effective friction angle have little effective cohesion.",
        BY_NAME["friction_angle"].named, _shown(scenario.friction_angle, angle, "deg", _HIGH_PERCENTILE),
        _shown(scenario.cohesion, cohesion, "kPa", _LOW_PERCENTILE),
    )  # fmt: skip


def record_rainfall(hours: float) -> float:
    """Greatest rainfall measured anywhere in so many hours, by the line that envelops the records [mm]."""
    return _RECORD[0] * max(hours, _SHORTEST_H) ** _RECORD[1]


def amount_caution(name: str, value: Value) -> Text | None:
    """Caution about a parameter with bounds, by its lower-case name; about rain see :func:`scenario_cautions`."""
    return next((_caution(bound, value) for bound in (*BOUNDS, *ENGINE_BOUNDS) if bound.name == name), None)


def spread_cautions(scenario: Scenario, deviations: Mapping[str, Value]) -> tuple[Text, ...]:
    """Doubts about standard deviations, by lower-case name of the parameter and in its unit."""
    found = []
    for name in filter(deviations.__contains__, _USUAL_SPREADS):
        variable, (least, most) = _BY_NAME[name], _USUAL_SPREADS[name]
        mean, deviation = _extremes(getattr(scenario, name))[1], _extremes(deviations[name])[1]
        amounts = measure(deviation, variable.unit), measure(mean, variable.unit)
        if deviation > most * mean > 0.0:
            found.append(
                Text(
                    "{}: the standard deviation of {} is more than {:.0%} of the mean of {}. Is it the variance, "
                    "or in another unit?",
                    variable.named, amounts[0], most, amounts[1],
                )
            )  # fmt: skip
        elif 0.0 < deviation < least * mean:
            found.append(
                Text(
                    "{}: the standard deviation of {} is less than {:.0%} of the mean of {}. Is it a share of the "
                    "mean? It must be in {}: a share of {:.3g} is {}.",
                    variable.named, amounts[0], least, amounts[1], variable.unit, deviation,
                    measure(float(f"{deviation * mean:.4g}"), variable.unit),
                )
            )  # fmt: skip
    return tuple(found)


def _caution(bound: Bound, value: Value) -> Text | None:
    """Caution about a variable's value."""
    least, greatest = _extremes(value)
    variable = _BY_NAME[bound.name]
    unit = variable.unit
    if bound.low is not None and least < bound.low:
        return Text(
            "{}: {} is less than {}: {}. {}", variable.named, _shown(value, least, unit, _LOW_PERCENTILE),
            measure(bound.low, unit), bound.reason_low, bound.advice(least),
        )  # fmt: skip
    if bound.high is not None and greatest > bound.high:
        return Text(
            "{}: {} is more than {}: {}. {}", variable.named, _shown(value, greatest, unit, _HIGH_PERCENTILE),
            measure(bound.high, unit), bound.reason_high, bound.advice(greatest),
        )  # fmt: skip
    return None


def _rain(scenario: Scenario) -> Text | None:
    """Caution about the rain: its intensity where it is next to nothing, its amount over any time of the event."""
    variable = BY_NAME["rainfall"]
    storm = scenario.hyetograph
    label = Text("Hyetograph (HYETOGRAPH)") if storm else variable.named
    _, greatest = _extremes(max(storm.intensities) if storm else scenario.rainfall)
    if 0.0 < greatest < _LEAST_RAIN:
        return Text(
            "{}: {} is less than {}: no rain gauge measures so little. {}", label,
            _shown(scenario.rainfall, greatest, variable.unit, _HIGH_PERCENTILE), measure(_LEAST_RAIN, variable.unit),
            _likely(greatest, _SMALL_RAIN_UNITS, _USUAL_RAIN, variable.unit) or Text(variable.advice),
        )  # fmt: skip
    if not greatest > 0.0:  # it does not rain, or no cell is known
        dry = storm and len(storm.hours) > 1
        return Text("{}: all rows have a rainfall of 0: the map is that without rain.", label) if dry else None
    hours, intensities = (storm.hours, storm.intensities) if storm else ((scenario.duration,), (greatest,))
    depth, window = _greatest_window(tuple(hours), tuple(intensities))
    if depth <= _DOUBTFUL_SHARE * record_rainfall(window):
        return None
    if storm:
        advice = Text("Enter the intensity of each row in mm/h, not in mm/day and not the cumulative amount.")
    else:
        advice = _likely_rain(greatest, scenario.duration)
    return Text(
        "{}: {} mm of rain in {:.3g} h; the highest rainfalls measured anywhere are about {} mm in that time (WMO). {}",
        label, f"{depth:,.0f}", window, f"{record_rainfall(window):,.0f}", advice,
    )  # fmt: skip


@lru_cache(maxsize=64)  # the rows of a table share their rain
def _greatest_window(hours: tuple[float, ...], intensities: tuple[float, ...]) -> tuple[float, float]:
    """Rain [mm] and length [h] of the part of an event that comes nearest to the records."""
    edges = np.append(0.0, hours)
    sums = np.append(0.0, np.cumsum(np.diff(edges) * np.array(intensities)))
    whole = float(edges[-1])
    best = (float(sums[-1]), whole)
    shortest = min(max(float(np.diff(edges).min()), _SHORTEST_H), whole)
    for length in np.geomspace(shortest, whole, _WINDOWS):
        starts = np.clip(np.concatenate([edges, edges - length]), 0.0, max(whole - length, 0.0))
        depth = float((np.interp(starts + length, edges, sums) - np.interp(starts, edges, sums)).max())
        if depth / record_rainfall(length) > best[0] / record_rainfall(best[1]):
            best = (depth, float(length))
    return best


def _likely_rain(intensity: float, duration: float) -> Text:
    """Likely unit of a rainfall that is too large."""
    units = [_unit("mm/day", 1.0 / 24.0)]
    if duration != 24.0:
        units.append(Unit(Text("the total rainfall of the event in mm"), lambda amount: amount / duration))
    texts = [_likely(intensity, tuple(units), _USUAL_RAIN, "mm/h") or Text(BY_NAME["rainfall"].advice)]
    minutes = duration / 60.0  # as hours
    if minutes >= 1.0 and intensity * minutes <= _DOUBTFUL_SHARE * record_rainfall(minutes):
        texts.append(Text("If {} is in minutes, enter {:.4g} h.", BY_NAME["duration"].named, minutes))
    return joined(" ", texts)


def soil_depth_caution(soil_depth: np.ndarray) -> Text | None:
    """Caution about a soil depth (rows, cols) [m], NaN where unknown: deep on many cells, or thin on all of them."""
    depths = known_sample(soil_depth, _SAMPLE)
    if not depths.size:
        return None
    deepest, deep = float(depths.max()), float(np.percentile(depths, _HIGH_PERCENTILE))
    units = (*_LENGTHS, _unit("cm", 0.01))
    check = Text("Check its unit: it must be in metres.")
    if deep > _DEEP_SOIL_M:
        return Text(
            "{}: {} is more than {}: shallow landslides occur in soils a few metres thick. {}", Text(_SOIL_DEPTH),
            _shown(depths, deep, "m", _HIGH_PERCENTILE), measure(_DEEP_SOIL_M, "m"),
            _likely(deep, units, _USUAL_DEPTH_M, "m") or check,
        )  # fmt: skip
    if deepest < _THIN_SOIL_M:
        likely = _likely(deepest, units, _USUAL_DEPTH_M, "m") if deepest > 0.0 else None
        return Text(
            "{}: the maximum soil depth is {}, less than {}: no cell can fail. {}", Text(_SOIL_DEPTH),
            measure(deepest, "m"), measure(_THIN_SOIL_M, "m"), likely or check,
        )  # fmt: skip
    return None


def _likely(value: float, units: tuple[Unit, ...], usual: tuple[float, float], unit: str) -> Text | None:
    """The units in which the value would be a usual one, as advice; ``None`` where there is no such unit."""
    texts = []
    for other in units:
        converted = other.convert(float(value))
        if usual[0] <= converted <= usual[1]:
            texts.append(Text("If it is {}, enter {}.", other.name, measure(float(f"{converted:.3g}"), unit)))
    return joined(" ", texts) if texts else None


def _extremes(value: Value) -> tuple[float, float]:
    """Least value above 0 and greatest value, of a raster without the outermost cells; NaN where there is none."""
    if not isinstance(value, np.ndarray):
        return float(value) if value > 0.0 else math.nan, float(value)
    known = known_sample(value, _SAMPLE)
    positive = known[known > 0.0]
    low = float(np.percentile(positive, _LOW_PERCENTILE)) if positive.size else math.nan
    return low, float(np.percentile(known, _HIGH_PERCENTILE)) if known.size else math.nan


def _shown(value: Value, amount: float, unit: str, percentile: float) -> Text:
    """An amount with its unit; of a raster, which percentile it is."""
    text = measure(float(f"{amount:.4g}"), unit)
    return Text("{} ({:g}th percentile of the raster)", text, percentile) if isinstance(value, np.ndarray) else text
