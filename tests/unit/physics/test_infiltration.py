"""Green-Ampt on a slope against closed forms; the numbers are those of the physics contract's tests 5 to 7."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slopecast.plugin.core.map_parts.map_part import WholeMap
from slopecast.plugin.core.physics import infiltration
from slopecast.plugin.core.physics.column import potential_infiltration
from slopecast.plugin.core.physics.infiltration import (
    PotentialInfiltration,
    SlopeTable,
    advance_infiltration,
    distinct_combinations,
    most_combinations,
    ponded_growth,
    ponding_amount,
)
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Cells
from study_areas import cumulative

MM_PER_H = 1e-3 / 3600.0
CELLS = 40_000


def by_bisection(start: float, a: float, gain: float) -> float:
    """F of F - F_0 - a ln((a + F) / (a + F_0)) = gain, independently of the code under test."""
    low, high = start, start + gain + 10.0 * math.sqrt(2 * a * gain) + 1e-12
    for _ in range(200):
        middle = 0.5 * (low + high)
        too_much = middle - start - a * math.log1p((middle - start) / (a + start)) > gain
        low, high = (low, middle) if too_much else (middle, high)
    return 0.5 * (low + high)


@pytest.mark.parametrize(
    ("rain", "conductivity", "deficit", "suction", "hours", "slope", "time_h", "normal_mm", "digits"),
    [  # mm/h, m/s, -, m, h, deg, t_p [h], F_n [mm], half a unit of the last printed digit
        (20.0, 10.0 * MM_PER_H, 0.3, 0.11, 3.0, 0.0, 1.65, 56.5812, 5e-5),
        (8.5, 1.3e-6, 0.2, 0.3, 24.0, 0.0, 8.6480, 180.725, 5e-4),
        (8.5, 1.3e-6, 0.2, 0.3, 24.0, 30.0, 11.5306, 164.167, 5e-4),
        (8.5, 1.3e-6, 0.2, 0.3, 24.0, 45.0, 17.2960, 141.548, 5e-4),
    ],
)
def test_closed_forms_5_and_6(
    rain: float, conductivity: float, deficit: float, suction: float, hours: float,
    slope: float, time_h: float, normal_mm: float, digits: float,
) -> None:  # fmt: skip
    intensity, cos_b = rain * MM_PER_H, math.cos(math.radians(slope))
    amount = float(ponding_amount(cos_b, intensity, conductivity, suction, deficit))
    ponding_s = conductivity * suction * deficit / (cos_b**2 * intensity * (intensity - conductivity))
    assert amount / (intensity * cos_b) == pytest.approx(ponding_s, rel=1e-12)
    assert ponding_s / 3600.0 == pytest.approx(time_h, abs=5e-5)

    total = float(cumulative(cos_b, intensity, conductivity, suction, deficit, hours * 3600.0))
    gain = conductivity * cos_b * (hours * 3600.0 - ponding_s)
    assert total == pytest.approx(by_bisection(amount, suction * deficit / cos_b, gain), rel=1e-11)
    assert total * 1e3 == pytest.approx(normal_mm, abs=digits)


def test_closed_form_6_per_horizontal_area_and_front() -> None:
    cos_b = np.cos(np.radians([0.0, 30.0, 45.0]))
    horizontal = cumulative(cos_b, 8.5 * MM_PER_H, 1.3e-6, 0.3, 0.2, 86400.0) / cos_b
    np.testing.assert_allclose(horizontal, [0.180725, 0.189564, 0.200180], atol=5e-7)
    np.testing.assert_allclose(horizontal / 0.2, [0.9036, 0.9478, 1.0009], atol=5e-5)


def test_closed_form_7_rain_below_the_conductivity_all_infiltrates() -> None:
    cos_b = np.cos(np.radians([0.0, 20.0, 45.0, 70.0]))
    total = cumulative(cos_b, 4.7 * MM_PER_H, 4.4e-6, 0.3, 0.2, 86400.0) / cos_b
    np.testing.assert_allclose(total, 0.1128, rtol=1e-13)
    assert np.isinf(ponding_amount(cos_b, 4.7 * MM_PER_H, 4.4e-6, 0.3, 0.2)).all()


def test_rain_equal_to_the_conductivity_never_ponds() -> None:
    assert np.isinf(ponding_amount(1.0, 3e-6, 3e-6, 0.1, 0.1))
    assert cumulative(1.0, 3e-6, 3e-6, 0.1, 0.1, 86400.0) == pytest.approx(3e-6 * 86400.0, rel=1e-14)


@pytest.mark.filterwarnings("error")
def test_rain_equal_to_the_conductivity_never_ponds_without_suction_either() -> None:
    assert np.isinf(ponding_amount(1.0, np.array([3e-6, 2e-6]), 3e-6, 0.0, 0.1)).all()


def test_newton_s_method_begins_near_the_root_and_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two upper bounds the lower one: five steps at most, two and a half on average, whatever the step of time."""
    log1p, steps = np.log1p, []
    monkeypatch.setattr(infiltration.np, "log1p", lambda x: steps.append(1) or log1p(x))
    counts = []
    for a in (0.0, 1e-3, 0.02, 0.1, 1.0):
        for start in (0.0, 1e-9, 1e-3, 0.05, 0.5, 3.0):
            for gain in (1e-12, 1e-8, 1e-5, 1e-3, 0.05, 1.0):
                steps.clear()
                total = float(ponded_growth(start, a, gain))
                counts.append(len(steps))
                left = total - start - a * math.log1p((total - start) / max(a + start, 1e-300)) - gain
                assert abs(left) <= 1e-15 + 1e-13 * gain, (a, start, gain)
    assert max(counts) <= 5
    assert sum(counts) <= 2.5 * len(counts)


def test_without_suction_the_capacity_is_the_conductivity() -> None:
    cos_b = math.cos(math.radians(30.0))
    assert ponding_amount(cos_b, 1e-5, 2e-6, 0.0, 0.2) == 0.0
    assert float(cumulative(cos_b, 1e-5, 2e-6, 0.0, 0.2, 7200.0)) == pytest.approx(2e-6 * cos_b * 7200.0, rel=1e-12)


def test_no_rain_and_no_time_bring_nothing() -> None:
    assert cumulative(0.9, 0.0, 1e-6, 0.1, 0.1, 86400.0) == 0.0
    assert cumulative(0.9, 1e-5, 1e-6, 0.1, 0.1, 0.0) == 0.0
    assert advance_infiltration(0.02, 0.9, 0.0, 1e-6, 0.1, 0.1, 3600.0) == 0.02
    assert float(advance_infiltration(0.5, 0.9, 1e-5, 1e-6, 0.1, 0.1, 0.0)) == pytest.approx(0.5, rel=1e-14)


def test_the_rate_under_ponding_is_the_capacity() -> None:
    cos_b, k, psi, deficit = math.cos(math.radians(35.0)), 2e-6, 0.15, 0.12
    start, seconds = 0.08, 1.0
    grown = float(ponded_growth(start, psi * deficit / cos_b, k * cos_b * seconds))
    assert (grown - start) / seconds == pytest.approx(k * (cos_b + psi * deficit / start), rel=1e-5)


@given(
    slope=st.floats(0.0, 70.0),
    rain=st.floats(0.0, 60.0),
    log_k=st.floats(-7.5, -4.0),
    suction=st.floats(0.0, 1.0),
    deficit=st.floats(0.02, 0.4),
    hours=st.floats(0.1, 72.0),
    share=st.floats(0.0, 1.0),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_two_steps_make_one_and_bounds_hold(
    slope: float, rain: float, log_k: float, suction: float, deficit: float, hours: float, share: float
) -> None:
    cos_b, soil = math.cos(math.radians(slope)), (rain * MM_PER_H, 10.0**log_k, suction, deficit)
    seconds = hours * 3600.0
    whole = float(cumulative(cos_b, *soil, seconds))
    first = cumulative(cos_b, *soil, share * seconds)
    assert float(advance_infiltration(first, cos_b, *soil, (1.0 - share) * seconds)) == pytest.approx(
        whole, rel=1e-9, abs=1e-13
    )
    supplied = rain * MM_PER_H * cos_b * seconds
    assert whole <= supplied * (1 + 1e-12)
    assert whole >= min(supplied, 10.0**log_k * cos_b * seconds) * (1 - 1e-9)  # the capacity never falls below K cos b


def test_a_change_of_intensity_continues_from_the_amount() -> None:
    cos_b, k, psi, deficit = 0.85, 1.5e-6, 0.2, 0.15
    ponded = advance_infiltration(0.0, cos_b, 1e-5, k, psi, deficit, 6 * 3600.0)
    gentle = advance_infiltration(ponded, cos_b, 1e-6, k, psi, deficit, 3600.0)  # below K: all of it infiltrates again
    assert float(gentle - ponded) == pytest.approx(1e-6 * cos_b * 3600.0, rel=1e-12)


def test_arrays_are_the_same_as_numbers() -> None:
    cos_b = np.cos(np.radians(np.linspace(0.0, 60.0, 7)))
    rain = np.linspace(0.0, 3e-5, 7)
    together = cumulative(cos_b, rain, 2e-6, 0.1, 0.1, 36000.0)
    alone = [float(cumulative(c, r, 2e-6, 0.1, 0.1, 36000.0)) for c, r in zip(cos_b, rain)]
    np.testing.assert_allclose(together, alone, rtol=1e-13)


def test_few_kinds_of_soil_are_read_from_tables_and_many_are_not():
    """Zones of conductivity and of rain: a table for each combination has the values of the formula."""
    rng = np.random.default_rng(4)
    slope = rng.uniform(0.0, 1.2, CELLS)
    conductivity = np.array([1e-6, 3e-6])[rng.integers(0, 2, CELLS)]
    rain = np.array([2e-6, 5e-6])[(slope > 0.5).astype(int)]
    table = SlopeTable.of(slope, rain, (conductivity, 0.11, 0.1))
    assert table is not None
    assert table.total.shape[0] == 4
    found = table.advance(rain, 3600.0) + table.advance(rain, 40_000.0)
    cos_slope = np.cos(slope)
    expected = cumulative(cos_slope, rain, conductivity, 0.11, 0.1, 43_600.0) / cos_slope
    np.testing.assert_allclose(found, expected, rtol=2e-7)
    assert (expected < 0.99 * rain * 43_600.0).any()  # some ponded
    assert SlopeTable.of(slope, 5e-6, (np.linspace(1e-6, 2e-6, CELLS), 0.11, 0.1)) is None
    assert SlopeTable.of(slope[:9000], 5e-6, (1e-6, 0.11, 0.1)) is not None
    assert SlopeTable.of(slope[:100], 5e-6, (1e-6, 0.11, 0.1)) is None  # the formula is as quick


def test_zones_infiltrate_as_each_of_them_alone():
    rng = np.random.default_rng(5)
    slope = rng.uniform(0.0, 1.2, CELLS)
    cells, zone = Cells.of(slope, np.ones(CELLS)), rng.integers(0, 2, CELLS)
    conductivities = np.array([1.3e-6, 2.2e-6])
    scenario = Scenario(conductivity=conductivities[zone], rainfall=12.0)
    together, ponded = potential_infiltration(cells, scenario, scenario.duration_s)
    for number, k in enumerate(conductivities):
        alone = potential_infiltration(cells, scenario.with_values(conductivity=float(k)), scenario.duration_s)
        np.testing.assert_allclose(together[zone == number], alone[0][zone == number], rtol=1e-12)
        assert np.array_equal(ponded[zone == number], alone[1][zone == number])


def test_combinations_of_two_parts_of_a_map_are_those_of_the_map():
    rng = np.random.default_rng(6)
    k, rain = rng.choice([1e-6, 2e-6, 5e-6], 300), rng.choice([3e-6, 4e-6], 300)
    k[:100], rain[:100] = 1e-6, 3e-6
    first = distinct_combinations([k[:100], rain[:100]])
    np.testing.assert_array_equal(first, [[1e-6], [3e-6]])
    both = distinct_combinations([k[100:], rain[100:]], first)
    assert {tuple(x) for x in both.T} == {(a, b) for a in (1e-6, 2e-6, 5e-6) for b in (3e-6, 4e-6)}
    assert both.shape == (2, 6)


def test_more_combinations_than_tables_are_not_listed():
    """64 are the most."""
    steps = np.arange(64.0)
    assert distinct_combinations([steps]).shape == (1, 64)
    assert distinct_combinations([np.arange(65.0)]) is None
    assert distinct_combinations([steps[:9], np.arange(9.0)]).shape == (2, 9)
    assert distinct_combinations([steps], np.array([[64.0]])) is None
    assert distinct_combinations([steps[:32], steps[:32]], np.array([steps[:33], steps[:33] + 1.0])) is None


def test_tables_need_many_cells_for_each_combination():
    assert most_combinations(8191) == 0
    assert most_combinations(3 * 8192) == 3
    assert most_combinations(10**9) == 64


#: Rain on two kinds of soil: all infiltrates; it ponds; it falls on ponded soil, which takes all of it again.
RAINS = ((7200.0, 1e-6), (30_000.0, 6e-6), (9000.0, 5e-7), (20_000.0, 4e-6))
CONDUCTIVITIES = np.array([1.5e-6, 3e-6])


def potential(cells: int, *, many_kinds: bool = False, whole: WholeMap | None = None) -> PotentialInfiltration:
    """Infiltration on random slopes of two kinds of soil; of as many kinds as cells it is not read from a table."""
    rng = np.random.default_rng(8)
    conductivity = CONDUCTIVITIES[rng.integers(0, 2, cells)]
    if many_kinds:
        conductivity = conductivity * rng.uniform(0.9, 1.1, cells)
    scenario = Scenario(conductivity=conductivity, suction_head=0.1, moisture_deficit=0.15)
    return PotentialInfiltration(scenario, Cells.of(rng.uniform(0.0, 1.2, cells), np.ones(cells), whole=whole))


@pytest.mark.parametrize("many_kinds", [False, True])
def test_infiltration_offered_in_changing_rain_is_that_of_the_formula(many_kinds):
    made = potential(CELLS, many_kinds=many_kinds)
    assert (made.table is None) == many_kinds
    normal, infiltrated = np.zeros(CELLS), np.zeros(CELLS)
    for seconds, rain in RAINS:
        infiltrated += made.offer(seconds, rain, infiltrated)
        normal = advance_infiltration(normal, made.cos_slope, rain, *made.soil, seconds)
        np.testing.assert_allclose(infiltrated, normal / made.cos_slope, rtol=3e-7)
        np.testing.assert_allclose(made.total, infiltrated, rtol=1e-12)
        capacity = made.soil[0] * (made.cos_slope + 0.015 / normal)
        clear = np.abs(capacity / (rain * made.cos_slope) - 1.0) > 1e-6
        ponded = made.ponded(infiltrated, slice(None))
        np.testing.assert_array_equal(ponded[clear], (capacity < rain * made.cos_slope)[clear])
        assert ponded.any() == (rain > 2e-6)
        np.testing.assert_array_equal(made.ponded(infiltrated[::7], np.s_[::7]), ponded[::7])


@pytest.mark.parametrize("many_kinds", [False, True])
def test_cells_that_took_in_less_go_on_from_their_own_amount(many_kinds):
    made = potential(CELLS, many_kinds=many_kinds)
    infiltrated = np.array(made.offer(30_000.0, 6e-6, np.zeros(CELLS)))
    made.ponded(infiltrated, slice(None))
    full = np.arange(CELLS) % 3 == 0
    infiltrated[full] *= 0.8
    offered = made.offer(10_000.0, 6e-6, infiltrated)
    normal = advance_infiltration(infiltrated * made.cos_slope, made.cos_slope, 6e-6, *made.soil, 10_000.0)
    expected = normal / made.cos_slope - infiltrated
    np.testing.assert_allclose(offered, expected, rtol=3e-5)
    np.testing.assert_allclose(offered[full], expected[full], rtol=1e-9)
    assert offered[full].mean() > 1.02 * offered[~full].mean()  # drier soil takes in more
    infiltrated += offered
    dry = made.offer(3600.0, 0.0, infiltrated)
    assert not np.any(dry)


@pytest.mark.parametrize("many_kinds", [False, True])
def test_sums_rounded_to_single_precision_are_not_taken_for_less(many_kinds, monkeypatch):
    """The formula, which is slow, is left to cells whose storage was full."""
    made = potential(CELLS, many_kinds=many_kinds)
    infiltrated = np.array(made.offer(30_000.0, 6e-6, np.zeros(CELLS)))
    rounded = infiltrated.astype(np.float32)
    assert (rounded < infiltrated).mean() > 0.4
    rounded[5] *= 0.9999
    asked, formula = [], made.cumulative_after
    monkeypatch.setattr(
        made, "cumulative_after", lambda start, *rest: asked.append(np.size(start)) or formula(start, *rest)
    )
    offered = made.offer(10_000.0, 6e-6, rounded)
    assert asked == ([CELLS, 1] if many_kinds else [1])
    normal = advance_infiltration(infiltrated * made.cos_slope, made.cos_slope, 6e-6, *made.soil, 10_000.0)
    others = np.arange(CELLS) != 5
    np.testing.assert_allclose(offered[others], (normal / made.cos_slope - infiltrated)[others], rtol=3e-5)


def test_even_rain_that_never_ponds_is_one_number():
    made = potential(CELLS)
    offered = made.offer(3600.0, 1.5e-6, np.zeros(CELLS))  # at the lesser conductivity
    assert np.ndim(offered) == 0
    assert offered == pytest.approx(0.0054, rel=1e-12)
    assert not made.ponded(np.full(CELLS, 0.0054), slice(None)).any()
    assert made.offer(3600.0, 1.6e-6, np.full(CELLS, 0.0054)).shape == (CELLS,)


def test_rain_may_pond_where_it_exceeds_the_conductivity_of_a_cell():
    made = potential(CELLS)
    assert not made.may_pond(1.5e-6)
    assert made.may_pond(1.6e-6)
    rain = np.full(CELLS, 1e-6)
    assert not made.may_pond(rain)
    rain[7] = 2e-6
    assert made.may_pond(rain)
    nothing = PotentialInfiltration(Scenario(), Cells.of(np.zeros(0), np.zeros(0)))
    assert not nothing.may_pond(np.zeros(0))


def test_a_window_decides_as_the_whole_map_does():
    """Elsewhere the map may have less permeable soil or more rain; there must be no seam."""
    whole = WholeMap(10**6, tables=True, least_conductivity=1e-7, greatest_rain=5e-6)
    window = potential(100, whole=whole)
    assert window.table is not None  # though so few cells alone would have none
    assert window.may_pond(1.1e-7)
    assert not window.may_pond(1e-7)
    assert window.may_pond(np.full(100, 1e-8))
    assert potential(CELLS, whole=WholeMap(10**6, least_conductivity=1e-7)).table is None
    alone = Cells.of(np.zeros(CELLS), np.ones(CELLS), whole=WholeMap(10**6))
    assert PotentialInfiltration(Scenario(), alone).table is None
    rain = window.offer(3600.0, 2e-7, np.zeros(100))
    np.testing.assert_allclose(rain, 7.2e-4, rtol=1e-9)
    assert rain.shape == (100,)  # on the map it ponds somewhere


def test_the_table_of_slopes_is_computed_again_from_the_rain():
    made, again = potential(CELLS), potential(CELLS)
    for seconds, rain in RAINS:
        made.offer(seconds, rain, made.total + np.zeros(CELLS))
    again.offer(50_000.0, 5e-6, np.zeros(CELLS))
    again.reset_nodes()
    for seconds, rain in RAINS:
        again.advance_nodes(seconds, rain)
    np.testing.assert_array_equal(again.table.total, made.table.total)
    np.testing.assert_array_equal(again.threshold, made.threshold)
    many = potential(50, many_kinds=True)
    many.reset_nodes()
    many.advance_nodes(3600.0, 6e-6)
    np.testing.assert_allclose(many.threshold, ponding_amount(many.cos_slope, 6e-6, *many.soil), rtol=1e-14)


def test_the_threshold_of_ponding_follows_the_rain():
    made = potential(CELLS)
    for rain in (6e-6, 6e-6, 1e-6, 4e-6, np.full(CELLS, 4e-6), 4e-6):
        made.advance_nodes(60.0, rain)
        expected = ponding_amount(made.cos_slope, rain, *made.soil)
        np.testing.assert_array_equal(np.broadcast_to(made.threshold, expected.shape), expected)


def test_a_cell_has_ponded_once_its_infiltration_has_reached_the_threshold():
    made = potential(CELLS)
    made.advance_nodes(3600.0, 6e-6)
    at = made.threshold / made.cos_slope
    assert made.ponded(at * (1.0 - 1e-10), slice(None)).all()  # but for rounding
    assert not made.ponded(at * (1.0 - 1e-8), slice(None)).any()


def test_newton_s_method_ends_when_the_last_cell_has_its_root():
    start, a, gain = np.meshgrid((0.0, 1e-3, 0.5), (0.0, 0.02, 1.0), (1e-12, 1e-5, 1.0))
    alone = [float(ponded_growth(*one)) for one in zip(start.ravel(), a.ravel(), gain.ravel())]
    np.testing.assert_allclose(ponded_growth(start, a, gain).ravel(), alone, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("compiles", [True, False])
def test_values_between_nodes_are_linear(compiles, monkeypatch):
    monkeypatch.setattr(infiltration, "compiled", lambda: compiles and infiltration.numba is not None)
    steepest = math.radians(infiltration.MAXIMUM_SLOPE_DEG)
    slope = np.linspace(0.0, steepest, CELLS)
    table = SlopeTable.of(slope, 5e-6, (np.where(slope > 0.7, 1e-6, 2e-6), 0.11, 0.1))
    nodes = np.linspace(0.0, steepest, table.total.shape[1])
    found = table.read(np.stack([3.0 * nodes, 1.0 - nodes]))
    np.testing.assert_allclose(found, np.where(slope > 0.7, 3.0 * slope, 1.0 - slope), rtol=1e-12, atol=1e-12)


def test_kinds_that_do_not_occur_take_no_place():
    """Three rasters of 63 values each: 250,047 combinations, of which 63 occur."""
    values = np.linspace(1.0, 2.0, 63)[np.arange(600_000) % 63]
    table = SlopeTable.of(np.zeros(600_000), values * 1e-6, (values * 1e-6, values * 0.1, 0.1))
    assert table.total.shape[0] == 63
    table = SlopeTable.of(np.zeros(600_000), values * 1e-6, (values[::-1].copy() * 1e-6, 0.1, 0.1))
    assert table is None or table.total.shape[0] <= 64
