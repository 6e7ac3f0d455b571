"""Seoul's intensity-duration-frequency curve: published values, the jump, refusals."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.rainfall import (
    SEOUL,
    SEOUL_24H_50YR,
    Branch,
    Hyetograph,
    IdfCurve,
    idf_intensity,
    intensity_cautions,
    near_branch_jump,
    rainfall_depth,
)


def test_the_normaliser_of_the_rain_channel() -> None:
    assert pytest.approx(16.192129, rel=1e-7) == SEOUL_24H_50YR
    assert rainfall_depth(1440, 50) == pytest.approx(388.6, abs=0.05)


@pytest.mark.parametrize(("years", "expected"), [(10, 74.9), (50, 98.8), (200, 119.3)])
def test_an_hour(years: float, expected: float) -> None:
    assert idf_intensity(60, years) == pytest.approx(expected, abs=0.05)
    assert rainfall_depth(60, years) == pytest.approx(idf_intensity(60, years))


def test_the_branches_jump_at_360_minutes() -> None:
    before, after = idf_intensity(360, 50), idf_intensity(360.1, 50)
    assert before == pytest.approx(43.58, abs=0.006)
    assert after == pytest.approx(36.17, abs=0.006)
    for years in (1, 2, 5, 10, 30, 50, 100, 200):
        factor = idf_intensity(360.1, years) / idf_intensity(360, years)
        assert 0.815 < factor < 0.855


@pytest.mark.parametrize(
    ("minutes", "near"),
    [(299.9, False), (300, True), (360, True), (420, True), (420.1, False), (60, False), (1440, False)],
)
def test_near_the_jump(minutes: float, near: bool) -> None:
    assert near_branch_jump(minutes) is near


def test_intensity_falls_with_duration_on_each_branch_and_rises_with_the_return_period() -> None:
    for durations in ((5, 10, 30, 60, 120, 360), (361, 720, 1440, 2880, 4320)):
        intensities = [idf_intensity(t, 50) for t in durations]
        assert intensities == sorted(intensities, reverse=True)
    for minutes in (60, 1440):
        intensities = [idf_intensity(minutes, years) for years in (1, 2, 10, 50, 100, 500)]
        assert intensities == sorted(intensities)


def test_own_coefficients() -> None:
    sherman = Branch(a=100.0, b=0.0, c=0.0, d=0.0, e=0.0)  # I = 100 / sqrt(t)
    curve = IdfCurve(short=sherman, long=SEOUL.long, split_min=100.0)
    assert idf_intensity(100, 7, curve) == pytest.approx(10.0)
    assert idf_intensity(1440, 50, curve) == SEOUL_24H_50YR


@pytest.mark.parametrize("years", [1.0, 2.0, 50.0, 10_000.0])
def test_seoul_s_curve_is_not_doubted(years: float) -> None:
    for minutes in np.geomspace(1.0, 43_200.0, 200):
        if not near_branch_jump(minutes):
            doubts = [text for text in intensity_cautions(10.0, minutes, years, SEOUL) if "in minutes?" not in text]
            assert not doubts


@pytest.mark.parametrize(
    ("branch", "words"),
    [
        (replace(SEOUL.long, b=-2.0), "rarer"),  # a sign
        (replace(SEOUL.long, a=300.0), ""),
        (replace(SEOUL.long, e=5.0), "depth decreases"),
    ],
)
def test_coefficients_that_are_no_rainfall_s_are_doubted(branch: Branch, words: str) -> None:
    cautions = " ".join(intensity_cautions(10.0, 1440.0, 50.0, IdfCurve(branch, branch)))
    assert words in cautions if words else not cautions


@pytest.mark.parametrize(("minutes", "doubted"), [(60.0, False), (1440.0, True)])
def test_coefficients_of_seoul_beside_those_of_another_region_are_doubted(minutes: float, doubted: bool) -> None:
    other = IdfCurve(replace(SEOUL.short, a=300.0), SEOUL.long)
    assert any("both branches" in text for text in intensity_cautions(10.0, minutes, 50.0, other)) == doubted
    assert not intensity_cautions(10.0, 1440.0, 50.0, IdfCurve(SEOUL.short, SEOUL.long, 300.0))


@pytest.mark.parametrize("minutes", [0, -60, math.nan, math.inf, 0.5, 1e6])
def test_bad_durations_are_refused(minutes: float) -> None:
    with pytest.raises(InputError, match="DURATION"):
        idf_intensity(minutes, 50)


@pytest.mark.parametrize("years", [0, -1, 0.5, math.nan, math.inf])
def test_bad_return_periods_are_refused(years: float) -> None:
    with pytest.raises(InputError, match="RETURN_PERIOD"):
        idf_intensity(60, years)


@pytest.mark.parametrize("branch", [Branch(-500, 0, 0, 1, 0), Branch(100, 0, 0, -50, 0), Branch(math.nan, 0, 0, 1, 0)])
def test_coefficients_without_a_positive_intensity_are_refused(branch: Branch) -> None:
    with pytest.raises(InputError, match=r"[Cc]oefficients"):
        idf_intensity(60, 50, IdfCurve(branch, branch))


@pytest.mark.parametrize("split", [0, -360, math.nan, math.inf])
def test_a_split_that_is_no_duration_is_refused(split: float) -> None:
    with pytest.raises(InputError, match="SPLIT"):
        IdfCurve(SEOUL.short, SEOUL.long, split)


@pytest.mark.parametrize("power", [1e9, -1e9])
def test_a_power_beyond_all_numbers_is_refused(power: float) -> None:
    branch = Branch(100, 1, power, 1, 0)
    with pytest.raises(InputError, match=r"[Cc]oefficients"):
        idf_intensity(60, 50, IdfCurve(branch, branch))


@pytest.mark.parametrize(
    ("intensities", "cumulative"),
    [
        ((10, 30, 60, 90), True),
        ((0, 10, 10, 30, 31), True),
        ((10, 20, 30), False),
        ((5, 5, 5, 5, 5), False),
        ((5, 10, 20, 40, 10), False),
        ((5, 10, 8, 20, 40, 60), False),
        ((12,), False),
    ],
)
def test_amounts_that_never_fall_may_be_sums(intensities: tuple[float, ...], cumulative: bool) -> None:
    hours = tuple(float(hour) for hour in range(1, len(intensities) + 1))
    assert Hyetograph(hours, tuple(map(float, intensities))).may_be_cumulative is cumulative


@pytest.mark.parametrize(
    ("intensities", "resets"),
    [
        ((0, 5, 12, 12, 20, 31, 0, 0, 4, 9, 9, 15, 28, 1, 3, 3, 8), 2),  # amounts since midnight
        ((0, 5, 12, 20, 31, 40, 60, 0), 0),  # a storm that ends
        ((0, 5, 12, 20, 31, 12, 20, 31, 40), 0),
        ((0, 5, 12, 0, 6, 14, 0, 5, 9, 1), 0),  # short storms
        ((2, 4, 9, 6, 3, 1, 0, 0, 3, 8, 4), 0),
        ((0, 5, 12, 20, 31, 40), 0),  # see may_be_cumulative
        ((7, 7, 7), 0),
    ],
)
def test_amounts_that_fall_to_nothing_may_be_sums_of_days(intensities: tuple[float, ...], resets: int) -> None:
    hours = tuple(float(hour) for hour in range(1, len(intensities) + 1))
    assert Hyetograph(hours, tuple(map(float, intensities))).resets == resets


@pytest.mark.parametrize(
    ("hours", "rain", "found"),
    [
        ((14.0, 15.0, 16.0), (5.0, 9.0, 3.0), (0.0, 14.0, 1.0)),  # hours of the day
        ((14.0, 15.0, 16.0), (0.0, 9.0, 3.0), None),
        ((1.0, 2.0, 3.0, 20.0), (5.0, 6.0, 0.5, 4.0), (3.0, 20.0, 1.0)),  # dry hours are left out
        ((1.0, 2.0, 3.0, 20.0), (5.0, 6.0, 0.5, 0.0), None),
        ((1 / 6, 1 / 3, 0.5, 2 / 3, 5.0), (1.0, 1.0, 1.0, 1.0, 1.0), (2 / 3, 5.0, 1 / 6)),
        ((6.0, 12.0, 24.0), (10.0, 20.0, 5.0), None),
        ((3.0, 5.0, 9.0, 20.0), (6.0, 1.0, 25.0, 2.0), None),
        ((24.0,), (10.0,), None),
    ],
)
def test_an_interval_much_longer_than_the_others_may_lack_rows(
    hours: tuple[float, ...], rain: tuple[float, ...], found: tuple[float, ...] | None
) -> None:
    lacking = Hyetograph(hours, rain).interval_without_rows
    assert lacking == (pytest.approx(found, abs=1e-5) if found else None)


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        (range(10, 70, 10), True),
        (range(5, 65, 5), True),
        ((10, 20, 30, 40, 50, 90), True),
        (range(10, 50, 10), False),  # too few
        (range(6, 72, 6), False),
        (range(1, 73), False),
        ([n / 6 for n in range(1, 100)], False),
    ],
)
def test_intervals_of_rain_gauges_in_minutes_are_noticed(hours: list[float], minutes: bool) -> None:
    hours = tuple(map(float, hours))
    assert Hyetograph(hours, (4.0,) * len(hours)).may_be_minutes is minutes


@pytest.mark.parametrize(
    ("hours", "doubted"), [(360.0, True), (60.0, True), (72.0, False), (24.0, False), (6.0, False)]
)
def test_durations_of_design_storms_in_minutes_are_noticed(hours: float, doubted: bool) -> None:
    cautions = intensity_cautions(5.0, 60.0 * hours, 50.0)
    assert [f"enter {hours / 60.0:g} h" in text for text in cautions if "in minutes" in text] == [True] * doubted
