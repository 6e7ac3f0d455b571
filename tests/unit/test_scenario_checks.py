"""Implausible amounts: reported with their likely unit; no message about what is usual."""

from __future__ import annotations

import itertools
import math
import tracemalloc

import numpy as np
import pytest
from slopecast.plugin.core.presets import PRESETS
from slopecast.plugin.core.rainfall import Hyetograph, rainfall_depth
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.scenario_checks import (
    BOUNDS,
    amount_caution,
    record_rainfall,
    scenario_cautions,
    soil_depth_caution,
    spread_cautions,
    table_caution,
)
from slopecast.plugin.variables import BY_NAME, SOIL_DEPTH_TRAINED_M, VARIABLES

#: values of a scenario, what the caution names
DOUBTFUL = [
    # rain: mm/day, an amount, a duration in minutes
    ({"rainfall": 204.0}, ["RAINFALL", "4,896 mm of rain in 24 h", "1,909 mm", "in mm/day, enter 8.5 mm/h"]),
    ({"rainfall": 100.0}, ["2,400 mm", "in mm/day, enter 4.17 mm/h"]),
    ({"rainfall": 50.0}, ["1,200 mm", "in mm/day, enter 2.08 mm/h"]),
    ({"rainfall": 60.0, "duration": 72.0}, ["4,320 mm of rain in 72 h", "in mm/day, enter 2.5 mm/h"]),
    ({"rainfall": 150.0, "duration": 10.0}, ["1,500 mm", "total rainfall of the event in mm, enter 15 mm/h"]),
    ({"rainfall": 60.0, "duration": 120.0}, ["7,200 mm", "DURATION) is in minutes, enter 2 h"]),
    ({"rainfall": 300.0, "duration": 1.0}, ["300 mm of rain in 1 h", "422 mm"]),
    # rain: m/s, mm/s, m/h, m/day, in/h
    ({"rainfall": 2.4e-6}, ["RAINFALL", "2.4e-06 mm/h is less than 0.05 mm/h", "in m/s, enter 8.64 mm/h"]),
    ({"rainfall": 1e-5}, ["in m/s, enter 36 mm/h"]),
    ({"rainfall": 0.0024}, ["in mm/s, enter 8.64 mm/h", "in m/h, enter 2.4 mm/h"]),
    ({"rainfall": 0.0085}, ["in m/h, enter 8.5 mm/h"]),
    ({"rainfall": 0.045}, ["in m/day, enter 1.87 mm/h", "in inches per hour, enter 1.14 mm/h"]),
    # cohesion: psf, ksf, MPa, kgf/cm2, bar, kgf/m2
    ({"cohesion": 167.0}, ["COHESION", "167 kPa is more than 50 kPa", "in lb/ft2 (psf), enter 8 kPa"]),
    ({"cohesion": 60.0}, ["in lb/ft2 (psf), enter 2.87 kPa"]),
    ({"cohesion": 0.008}, ["0.008 kPa is less than 0.1 kPa", "in MPa, enter 8 kPa"]),
    ({"cohesion": 0.08}, ["in ksf, enter 3.83 kPa", "in kgf/cm2, enter 7.85 kPa", "in bar, enter 8 kPa"]),
    # friction angle: per cent, tangent
    ({"friction_angle": 53.0}, ["FRICTION_ANGLE", "53 deg is more than 45 deg", "per cent, enter 27.9 deg"]),
    ({"friction_angle": 48.0}, ["per cent, enter 25.6 deg"]),
    ({"friction_angle": 1.2}, ["1.2 deg is less than 5 deg", "not its tangent"]),
    ({"friction_angle": 3.0}, ["3 deg is less than 5 deg"]),
    # conductivity: cm/s, mm/s, m/h, m/day
    ({"conductivity": 3.3e-3}, ["CONDUCTIVITY", "0.0033 m/s is more than 0.001 m/s", "in cm/s, enter 3.3e-05 m/s"]),
    ({"conductivity": 0.0011}, ["in mm/s, enter 1.1e-06 m/s"]),
    ({"conductivity": 0.01}, ["in m/h, enter 2.78e-06 m/s", "in m/day, enter 1.16e-07 m/s"]),
    ({"conductivity": 5e-10}, ["5e-10 m/s is less than 1e-09 m/s", "in m/s: divide"]),
    # suction head: kPa, dm, MPa
    ({"suction_head": 2.0}, ["SUCTION_HEAD", "2 m is more than 1.57 m", "in kPa, enter 0.204 m"]),
    ({"suction_head": 3.0}, ["in kPa, enter 0.306 m", "in dm, enter 0.3 m"]),
    ({"suction_head": 0.0011}, ["0.0011 m is less than 0.009 m", "in MPa, enter 0.112 m"]),
    # moisture deficit: the porosity
    ({"moisture_deficit": 0.46}, ["MOISTURE_DEFICIT", "0.46 is more than 0.45", "cannot exceed the porosity"]),
    ({"moisture_deficit": 0.5}, ["0.5 is more than 0.45"]),
    ({"moisture_deficit": 0.6}, ["0.6 is more than 0.45"]),
    # anisotropy: per cent, the other way round
    ({"lateral_anisotropy": 1000.0}, ["LATERAL_ANISOTROPY", "in %, enter 10"]),
    ({"lateral_anisotropy": 200.0}, ["200 is more than 100", "in %, enter 2"]),
    ({"lateral_anisotropy": 0.05}, ["0.05 is less than 0.1", "K_s / K_lat, enter 20"]),
    # roots, loads
    ({"root_cohesion": 40.0}, ["ROOT_COHESION", "40 kPa is more than 25 kPa", "in lb/ft2 (psf), enter 1.92 kPa"]),
    ({"root_cohesion": 0.005}, ["in MPa, enter 5 kPa"]),
    ({"root_cohesion": 0.02}, ["in kgf/cm2, enter 1.96 kPa", "in bar, enter 2 kPa"]),
    ({"root_depth": 15.0}, ["ROOT_DEPTH", "15 m is more than 10 m", "in feet, enter 4.57 m", "in dm, enter 1.5 m"]),
    ({"root_depth": 20.0}, ["in dm, enter 2 m"]),
    ({"root_depth": 0.001}, ["0.001 m is less than 0.05 m", "in km, enter 1 m"]),
    ({"surcharge": 60.0}, ["SURCHARGE", "60 kPa is more than 50 kPa", "in lb/ft2 (psf), enter 2.87 kPa"]),
    ({"surcharge": 100.0}, ["in kgf/m2, enter 0.981 kPa"]),
    ({"surcharge": 0.002}, ["in MPa, enter 2 kPa"]),
    # unit weights: buoyant, of rock
    ({"unit_weight_moist": 10.5}, ["UNIT_WEIGHT_MOIST", "10.5 kN/m3 is less than 13", "buoyant), enter 20.3 kN/m3"]),
    ({"unit_weight_moist": 12.0}, ["12 kN/m3 is less than 13 kN/m3"]),
    ({"unit_weight_moist": 24.0, "unit_weight_saturated": 23.5 + 1.5}, ["24 kN/m3 is more than 23", "0.00981"]),
    ({"unit_weight_moist": 10.0, "unit_weight_saturated": 11.0}, ["UNIT_WEIGHT_SATURATED", "enter 20.8 kN/m3"]),
    ({"unit_weight_saturated": 26.0}, ["26 kN/m3 is more than 23.5 kN/m3", "rock"]),
]  # fmt: skip


def all_of(cautions: tuple) -> str:
    return "\n".join(cautions)


@pytest.mark.parametrize(("values", "words"), DOUBTFUL, ids=[str(values) for values, _ in DOUBTFUL])
def test_a_doubtful_amount_is_reported_with_its_likely_unit(values: dict, words: list[str]) -> None:
    caution = all_of(scenario_cautions(Scenario(**values)))
    for word in words:
        assert word in caution
    lines = sum(name in ("unit_weight_moist", "unit_weight_saturated") for name in values)
    assert len(caution.splitlines()) == lines or 1


@pytest.mark.parametrize("values", [values for values, _ in DOUBTFUL if len(values) == 1], ids=str)
def test_a_raster_of_a_doubtful_amount_is_reported_alike(values: dict) -> None:
    """A few cells of other values and NoData change nothing."""
    ((name, value),) = values.items()
    raster = np.full((40, 50), value)
    raster[0, :10], raster[1:3] = BY_NAME[name].default, np.nan
    (caution,) = scenario_cautions(Scenario(**{name: raster}))
    assert BY_NAME[name].key in caution
    (number,) = scenario_cautions(Scenario(**values))
    assert caution.split("%")[-1].split(". ")[-1] == number.split("%")[-1].split(". ")[-1]  # the same advice
    # As few cells of the doubtful value in a usual raster are no reason for a doubt.
    usual = np.full((40, 50), max(BY_NAME[name].default, 1e-6 if name == "conductivity" else 0.1))
    usual[0, :10] = value
    assert scenario_cautions(Scenario(**{name: usual})) == ()


@pytest.mark.parametrize(
    ("depth", "words"),
    [
        (49.0, ["SOIL_DEPTH", "49 m (95th percentile of the raster) is more than 15 m", "in dm, enter 4.9 m"]),
        (30.0, ["in feet, enter 9.14 m", "in cm, enter 0.3 m", "in inches, enter 0.762 m"]),
        (20.0, ["in feet, enter 6.1 m", "in dm, enter 2 m"]),
        (0.002, ["the maximum soil depth is 0.002 m, less than 0.05 m", "in km, enter 2 m"]),
        (0.0, ["the maximum soil depth is 0 m", "no cell can fail", "in metres"]),
        (0.03, ["the maximum soil depth is 0.03 m"]),
    ],
)
def test_a_doubtful_soil_depth(depth: float, words: list[str]) -> None:
    raster = np.full((30, 30), depth)
    raster[:, 0] = np.nan
    caution = soil_depth_caution(raster)
    for word in words:
        assert word in caution


def test_a_soil_depth_that_is_usual_but_for_a_valley() -> None:
    depth = np.full((100, 100), 2.0)
    depth[:4] = 40.0  # alluvium
    depth[4:50] = 0.0  # bare rock
    assert soil_depth_caution(depth) is None
    assert soil_depth_caution(np.full((3, 3), np.nan)) is None


@pytest.mark.parametrize(
    ("hours", "intensities", "depth"),
    [
        ((24.0, 48.0), (204.0, 0.0), "4,896 mm of rain in 24 h"),  # a day of it in two: the window counts
        ((100.0, 101.0, 300.0), (0.1, 250.0, 0.1), "250 mm of rain in 1 h"),  # a burst within a long event
        (tuple(np.arange(1, 289) / 12.0), (60.0,) * 288, "1,440 mm of rain in 24 h"),  # 5-minute rows
    ],
)
def test_the_wettest_part_of_a_hyetograph_counts(hours: tuple, intensities: tuple, depth: str) -> None:
    (caution,) = scenario_cautions(Scenario(hyetograph=Hyetograph(hours, intensities)))
    assert caution.startswith("Hyetograph (HYETOGRAPH)")
    assert depth in caution
    assert "not in mm/day" in caution


def test_a_hyetograph_in_m_per_s() -> None:
    (caution,) = scenario_cautions(Scenario(hyetograph=Hyetograph((1.0, 2.0, 3.0), (0.0, 2.4e-6, 1e-6))))
    assert "in m/s, enter 8.64 mm/h" in caution


def test_a_hyetograph_without_rain_is_doubted() -> None:
    (caution,) = scenario_cautions(Scenario(hyetograph=Hyetograph((1.0, 2.0), (0.0, 0.0))))
    assert "all rows have a rainfall of 0" in caution
    assert scenario_cautions(Scenario(rainfall=0.0)) == ()


def test_usual_hyetographs_pass() -> None:
    for hours, intensities in (((3.0, 5.0, 9.0, 20.0), (6.0, 0.0, 25.0, 0.0)), ((1 / 60, 1.0), (180.0, 20.0)),
                               ((10.0,), (0.0,)), ((1.0, 2.0, 24.0), (90.0, 70.0, 8.0))):  # fmt: skip
        assert scenario_cautions(Scenario(hyetograph=Hyetograph(hours, intensities))) == ()


def test_no_doubt_about_defaults_and_presets() -> None:
    assert scenario_cautions(Scenario()) == ()
    assert scenario_cautions(Scenario(rainfall=0.0, cohesion=0.0, root_cohesion=0.0, root_depth=0.0)) == ()
    for preset in PRESETS:
        values = {key.lower(): value for key, value in preset.values.items()}
        assert scenario_cautions(Scenario(**values)) == (), preset.label


def test_no_doubt_in_any_corner_of_the_training_ranges() -> None:
    ranges = {v.name: v.trained for v in VARIABLES if v.trained}
    for corner in itertools.product(*ranges.values()):
        scenario = Scenario(**dict(zip(ranges, corner)))
        assert scenario_cautions(scenario) == (), corner
    for depth in SOIL_DEPTH_TRAINED_M:
        assert soil_depth_caution(np.full((3, 3), depth)) is None


@pytest.mark.parametrize("years", [2, 50, 200, 1000])
@pytest.mark.parametrize("hours", [0.1, 0.5, 1, 3, 6, 12, 24, 48, 72, 240, 720])
def test_no_doubt_about_design_storms(years: float, hours: float) -> None:
    intensity = min(rainfall_depth(60.0 * hours, years) / hours, BY_NAME["rainfall"].maximum)
    assert scenario_cautions(Scenario(rainfall=intensity, duration=hours)) == ()


@pytest.mark.parametrize(
    ("hours", "depth"), [(1 / 60, 38.0), (0.7, 305.0), (12, 1144.0), (24, 1825.0), (48, 2493.0)]
)  # fmt: skip
def test_the_line_envelops_the_records(hours: float, depth: float) -> None:
    """Barot, Holt, Foc-Foc twice, Cherrapunji."""
    assert depth < record_rainfall(hours) < 1.7 * depth


def test_the_bounds_fit_the_table_of_inputs() -> None:
    """They lie within what is possible, around the default and what networks are trained on."""
    for bound in BOUNDS:
        variable = BY_NAME[bound.name]
        low, high = bound.low or 0.0, bound.high or math.inf
        assert variable.minimum <= low or variable.minimum == 0.0 or bound.low is None
        assert high < variable.maximum
        assert low <= (variable.default or low) <= high
        assert bound.usual[0] >= low
        assert bound.usual[1] <= high
        if variable.trained:
            assert low <= variable.trained[0] or variable.trained[0] == 0.0
            assert variable.trained[1] <= high


def test_large_rasters_cost_little() -> None:
    raster = np.random.default_rng(0).uniform(1.0, 5.0, (2000, 2000))
    scenario = Scenario(cohesion=raster, rainfall=raster, conductivity=raster * 1e-6)
    tracemalloc.start()
    try:
        assert scenario_cautions(scenario) == ()
        assert soil_depth_caution(raster) is None
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 0.25 * raster.nbytes  # a sample is looked at


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("initial_suction", 15.0, "in kPa, enter 1.53 m"),
        ("initial_suction", 12.0, "in cm, enter 0.12 m"),
        ("antecedent_recharge", 100.0, "in mm/month, enter 3.33 mm/day"),
        ("pore_size_index", 1.89, "is n of van Genuchten, enter 0.89."),
        ("pore_size_index", 1.68, ""),
        ("initial_suction", 5.0, ""),
        ("initial_suction", 0.0, ""),
        ("antecedent_recharge", 8.0, ""),
    ],
)
def test_amounts_of_the_engine(name: str, value: float, words: str) -> None:
    caution = amount_caution(name, value)
    assert (words in caution) if words else caution is None


def test_suction_strength_is_judged_with_the_scenario() -> None:
    (caution,) = scenario_cautions(Scenario(options=EngineOptions(initial_suction=15.0)))
    assert "INITIAL_SUCTION" in caution


@pytest.mark.parametrize(("front", "count"), [("rain", 1), ("full", 0)])
def test_the_pore_size_index_is_judged_where_it_acts(front: str, count: int) -> None:
    options = EngineOptions(front_moisture=front, pore_size_index=2.28)
    assert sum("PORE_SIZE_INDEX" in caution for caution in scenario_cautions(Scenario(options=options))) == count


@pytest.mark.parametrize(
    ("name", "deviation", "doubtful"),
    [("cohesion", 50.0, True), ("cohesion", 4.0, False), ("friction_angle", 25.0, True), ("friction_angle", 4.0, False),
     ("unit_weight_moist", 9.0, True), ("conductivity", 1e-5, False), ("conductivity", 1e-9, False),
     ("conductivity", 1e-4, True), ("rainfall", 1.0, False), ("duration", 6.0, False),
     ("unit_weight_moist", 0.1, False)],
)  # fmt: skip
def test_spreads_beyond_what_soils_have(name: str, deviation: float, doubtful: bool) -> None:
    cautions = spread_cautions(Scenario(), {name: deviation})
    assert bool(cautions) == doubtful
    assert all("standard deviation" in caution for caution in cautions)


@pytest.mark.parametrize(
    ("name", "share", "words"),
    [
        ("cohesion", 0.3, "a share of 0.3 is 2.4 kPa"),
        ("friction_angle", 0.1, "a share of 0.1 is 2.8 deg"),
        ("rainfall", 0.2, "a share of 0.2 is 1.7 mm/h"),
        ("unit_weight_moist", 0.05, "a share of 0.05 is 0.88 kN/m3"),
    ],
)
@pytest.mark.parametrize("number", [float, lambda value: np.full((9, 9), value)], ids=["number", "raster"])
def test_a_spread_that_may_be_a_share_of_the_mean(name: str, share: float, words: str, number: type) -> None:
    """As that of the soil depth is."""
    (caution,) = spread_cautions(Scenario(), {name: number(share)})
    assert words in caution


@pytest.mark.parametrize(
    ("cohesion", "angle", "doubtful"), [(28.0, 8.0, True), (20.0, 14.0, True), (2.0, 10.0, False), (8.0, 28.0, False)]
)
def test_a_low_friction_angle_beside_a_high_cohesion(cohesion: float, angle: float, doubtful: bool) -> None:
    """London clay has a residual friction angle of 10 deg and no cohesion."""
    for number in (float, lambda value: np.full((9, 9), value)):
        values = {"cohesion": number(cohesion), "friction_angle": number(angle)}
        assert ("swapped" in all_of(scenario_cautions(Scenario(**values)))) == doubtful


def test_the_doubtful_rows_of_a_table_are_counted():
    usual, pascals = Scenario(name="a"), Scenario(name="b", cohesion=80.0)
    assert table_caution([usual, usual]) is None
    assert table_caution([usual, pascals]).startswith("1 of 2 rows have unlikely values. 'b': ")
