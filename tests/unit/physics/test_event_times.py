"""Times of an event: rows that are cut or rounded anyhow, asked hours, the last moment, times of failure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics import compiling
from slopecast.plugin.core.physics import simulation as simulation_module
from slopecast.plugin.core.physics.column import RESIDUAL_AIR, SoilColumn
from slopecast.plugin.core.physics.critical_values import critical_rainfall
from slopecast.plugin.core.physics.engine import Engine, engine_for
from slopecast.plugin.core.physics.flow.schedule import Timeline
from slopecast.plugin.core.physics.stability import UNIT_WEIGHT_WATER
from slopecast.plugin.core.probability.uncertainty import Sampler
from slopecast.plugin.core.quantities.hours import SAME_MOMENT_S, parse_hours
from slopecast.plugin.core.rainfall import SEOUL, Hyetograph, idf_intensity
from slopecast.plugin.core.scenario import MM_PER_H, Scenario
from slopecast.plugin.core.tables.parameter_table import hyetograph_from_table
from slopecast.plugin.core.terrain import Terrain
from study_areas import CASES, first_order_probability, options, plane, rough_terrain, solve


@pytest.fixture(params=["compiled", "plain"])
def both_kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test by the compiled kernels and by plain numpy."""
    if request.param == "compiled" and compiling.numba is None:
        pytest.skip("numba is not installed")
    monkeypatch.setenv("SLOPECAST_NUMBA", "1" if request.param == "compiled" else "0")
    return request.param


def every_minutes(minutes: float, last: float, decimals: int) -> tuple[float, ...]:
    """Ends of rows of so many minutes up to an hour, rounded; the last is that hour, rounded too."""
    count = int(60.0 * last / minutes + 1e-6)
    ends = [round(minutes * number / 60.0, decimals) for number in range(1, count + 1)]
    return tuple(ends if last - ends[-1] < 0.01 else [*ends, round(last, decimals)])


def summed(step: float, count: int) -> tuple[float, ...]:
    """Ends as a spreadsheet adds them up."""
    ends, end = [], 0.0
    for _ in range(count):
        end += step
        ends.append(end)
    return tuple(ends)


ROWS = {
    "two of 5 minutes": (0.0833, 0.1667),
    "5 minutes, 4 decimals": every_minutes(5, 24.0, 4),
    "5 minutes, 3 decimals": every_minutes(5, 6.0, 3),
    "10 minutes, 3 decimals": every_minutes(10, 12.0, 3),
    "a minute, 4 decimals": every_minutes(1, 2.0, 4),
    "7 minutes": every_minutes(7, 5.0, 3),
    "tenths that are added up": summed(0.1, 37),
    "twelfths that are added up": summed(1.0 / 12.0, 50),
    "thirds that are rounded": (0.3333, 0.6667, 1.0, 1.3333),
    "a late first row": (5.0, 5.0833, 5.1667),
    "a row of next to no time": (1.0, 1.0 + 1e-12, 2.0),
    "a first row of next to no time": (1e-9, 3.0),
    "a month less a little": (100.0, 719.99),
    "an odd end": (12.0, 24.0001),
}


# --- rain in rows ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("lateral", [False, True])
@pytest.mark.parametrize("evaluate", ["end", "minimum"])
def test_constant_rain_in_rows_is_constant_rain(name: str, lateral: bool, evaluate: str) -> None:
    """Whatever the rows' lengths: the map of the event's last moment, that of one number of rain."""
    terrain, ends = rough_terrain(61, (9, 11)), ROWS[name]
    constant = CASES["wet"].with_values(
        rainfall=9.0, duration=ends[-1], options=options(lateral_flow=lateral, evaluate=evaluate)
    )
    rows = constant.with_values(hyetograph=hyetograph_from_table(("hour", "rainfall"), [(end, 9.0) for end in ends]))
    assert rows.duration == ends[-1]
    one, other = (solve(terrain, s, engine_for(s)) for s in (constant, rows))
    np.testing.assert_allclose(other.factor_of_safety, one.factor_of_safety, rtol=1e-6)
    assert other.failed_cells == one.failed_cells > 0


@pytest.mark.parametrize("name", ROWS)
def test_changing_rain_ends_in_the_closed_form(name: str, both_kernels: str) -> None:
    """Rain that changes from row to row: without lateral flow the stepped engine ends where the column does."""
    terrain, ends = rough_terrain(62, (8, 9)), ROWS[name]
    rain = np.random.default_rng(5).uniform(0.0, 30.0, len(ends))
    rain[::3] = 0.0
    rain[-1] = 40.0  # an end that is missed would be seen
    scenario = CASES["soaking"].with_values(
        hyetograph=Hyetograph(ends, tuple(rain)), options=options(lateral_flow=False)
    )
    asked = Engine(failure_times=True, hours=(ends[-1] / 3.0, ends[-1]))
    engine, column = solve(terrain, scenario, asked), solve(terrain, scenario, SoilColumn())
    for layer in ("factor_of_safety", "water_table", "wetting_front"):
        np.testing.assert_allclose(getattr(engine, layer), getattr(column, layer), rtol=1e-5, atol=2e-5)
    assert engine.diagnostics["mass_balance_error"] < 1e-9
    assert len(engine.series) == 2
    np.testing.assert_array_equal(engine.series[-1][1], engine.factor_of_safety)


@pytest.mark.parametrize("minutes", [5, 6, 10, 20])
def test_a_storm_is_the_same_by_the_hour_and_by_shorter_rows(minutes: int) -> None:
    terrain, rain = rough_terrain(63, (12, 13)), (4.0, 20.0, 0.0, 11.0)
    hourly = CASES["ponding"].with_values(hyetograph=Hyetograph((1.0, 2.0, 3.0, 4.0), rain), lateral_anisotropy=10.0)
    ends = every_minutes(minutes, 4.0, 4)
    fine = Hyetograph(ends, tuple(rain[int(end - 1e-3)] for end in ends))
    one, other = (solve(terrain, s) for s in (hourly, hourly.with_values(hyetograph=fine)))
    np.testing.assert_allclose(other.factor_of_safety, one.factor_of_safety, rtol=1e-6)


@pytest.mark.parametrize("end", [720.0 + 1e-9, 720.0001])
def test_an_end_beyond_the_longest_event_by_rounding_is_its_end(end: float) -> None:
    storm = Hyetograph((700.0, end), (1.0, 2.0))
    assert storm.duration == Scenario(hyetograph=storm).duration == 720.0
    assert hyetograph_from_table(("hour", "rainfall"), [(700.0, 1.0), (end, 2.0)]) == storm


def test_an_event_that_is_too_short_is_refused_by_its_row() -> None:
    with pytest.raises(
        InputError, match=r"(?s)HYETOGRAPH.*row 2, column 'hour': the event ends at 0.05 h.*0.1 to 720 h"
    ):
        hyetograph_from_table(("hour", "rainfall"), [(0.02, 1.0), (0.05, 2.0)])


@pytest.mark.parametrize("hours", [0.1 - 1e-12, 720.0 + 1e-9, 0.3 - 0.2])
def test_durations_that_miss_a_bound_by_rounding_are_that_bound(hours: float) -> None:
    assert Scenario(duration=hours).duration in (0.1, 720.0)


@pytest.mark.parametrize("hours", [0.0999, 720.01, float("nan")])
def test_other_durations_beyond_the_bounds_are_refused(hours: float) -> None:
    with pytest.raises(InputError, match="DURATION"):
        Scenario(duration=hours)


@pytest.mark.parametrize("hours", [0.1, 0.3333, 24.0001, 719.99])
@pytest.mark.parametrize("lateral", [False, True])
def test_any_duration_runs_to_its_end(hours: float, lateral: bool) -> None:
    terrain = rough_terrain(64, (6, 7))
    scenario = CASES["wet"].with_values(duration=hours, options=options(lateral_flow=lateral))
    result = solve(terrain, scenario, Engine(hours=(hours,)))
    np.testing.assert_array_equal(result.series[-1][1], result.factor_of_safety)
    rain = 1e-3 * scenario.rainfall * hours * 25.0 * terrain.valid.sum()
    assert result.diagnostics["rain_m3"] == pytest.approx(rain, rel=1e-9)


# --- intervals ------------------------------------------------------------------------------

ASKED = ("every 0.1", "every 0.1667", "every 0.0833", "0.1667, 0.3333", "0", "every 1", "0.5 0.50001 0.4999")


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("text", ASKED)
def test_intervals_cover_the_event_and_hold_every_hour(rows: str, text: str) -> None:
    ends = ROWS[rows]
    storm = Hyetograph(ends, tuple(float(number % 4) for number in range(len(ends))))
    asked = (hour for hour in parse_hours("every 1", ends[-1])) if ends[-1] > 100.0 else None
    hours = tuple(asked) if asked else _within(text, ends[-1])
    scenario = Scenario(hyetograph=storm)
    timeline = Timeline.of(scenario, hours, 3600.0)
    assert timeline.hours_at_start + sum((x.hours for x in timeline.intervals), ()) == hours
    starts, stops = [x.start for x in timeline.intervals], [x.end for x in timeline.intervals]
    assert [0.0, *stops[:-1]] == starts
    assert stops[-1] == scenario.duration_s
    assert all(1e-3 <= x.seconds <= 3600.0 + SAME_MOMENT_S for x in timeline.intervals)
    for x in timeline.intervals:
        assert all(abs(x.end - 3600.0 * hour) <= SAME_MOMENT_S for hour in x.hours)
    rained = sum(x.seconds * x.intensity for x in timeline.intervals)
    assert rained == pytest.approx(1e-3 * storm.depth, rel=1e-9, abs=1e-12)


def _within(text: str, end: float) -> tuple[float, ...]:
    """The hours of the text that lie within an event."""
    if "every" in text:
        return parse_hours(text, end)
    return parse_hours(" ".join(word for word in text.replace(",", "").split() if float(word) <= end) or "0", end)


@pytest.mark.parametrize("off", [1e-6, -1e-6, 2e-3 / 3600.0, -0.4 / 3600.0])
def test_an_hour_next_to_a_change_of_rain_is_that_moment(off: float) -> None:
    scenario = Scenario(hyetograph=Hyetograph((1.0, 2.0), (5.0, 1.0)))
    timeline = Timeline.of(scenario, (1.0 + off,), 3600.0)
    assert [(x.end, x.hours) for x in timeline.intervals] == [(3600.0, (1.0 + off,)), (7200.0, ())]


# --- the series -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["every 0.1", "every 0.1667", "every 0.0833", "0.1667, 0.3333, 0.5, 0.50001, 1", "0.7"]
)
def test_every_band_is_the_map_of_a_shorter_event(text: str, both_kernels: str) -> None:
    terrain = rough_terrain(65, (7, 8))
    scenario = CASES["dry"].with_values(duration=1.0, rainfall=60.0, options=options(lateral_flow=False))
    hours = parse_hours(text, 1.0)
    series = solve(terrain, scenario, Engine(failure_times=False, hours=hours)).series
    assert tuple(hour for hour, _ in series) == hours
    for hour, fs in series:
        if hour >= 0.1:
            alone = solve(terrain, scenario.with_values(duration=hour), SoilColumn()).factor_of_safety
            np.testing.assert_allclose(fs, alone, rtol=1e-5, atol=1e-5)


def test_bands_under_a_hyetograph_are_those_of_its_first_part() -> None:
    terrain, rain = rough_terrain(66, (7, 8)), (30.0, 0.0, 12.0, 45.0, 3.0, 20.0)
    ends = (0.1667, 0.3333, 0.5, 0.6667, 0.8333, 1.0)
    scenario = CASES["dry"].with_values(hyetograph=Hyetograph(ends, rain), options=options(lateral_flow=False))
    hours = parse_hours("every 0.16666", 1.0)
    assert len(hours) == 6
    series = solve(terrain, scenario, Engine(hours=hours)).series
    assert [hour for hour, _ in series] == list(hours)
    for number, (_, fs) in enumerate(series, start=1):
        first = scenario.with_values(hyetograph=Hyetograph(ends[:number], rain[:number]))
        alone = solve(terrain, first, SoilColumn()).factor_of_safety
        np.testing.assert_allclose(fs, alone, rtol=1e-3, atol=1e-3)


# --- times of failure -----------------------------------------------------------------------

QUARTER = 0.25
SOIL = Scenario(
    cohesion=2.0, friction_angle=32.0, conductivity=5e-5, water_table_ratio=0.2, moisture_deficit=0.05,
    root_cohesion=0.0, unit_weight_moist=19.0, unit_weight_saturated=19.0, options=options(lateral_flow=False),
)  # fmt: skip


def hour_of_failure(terrain: Terrain, rain: np.ndarray) -> np.ndarray:
    """Closed form of SOIL, whose rain infiltrates all and whose weight is that of moist soil everywhere [h].

    The wetted band takes V = (D - h0) dTheta, all else raises the table: h = h0 + (I t - V) / n_min. The bedrock fails
    at h* where c + (gamma D cos^2 b - gamma_w h* cos^2 b) tan phi = gamma D sin b cos b.
    """
    b, depth, gamma = terrain.slope, terrain.soil_depth.astype(float), 19.0
    tan, start = np.tan(np.radians(SOIL.friction_angle)), SOIL.water_table_ratio * depth
    head = (SOIL.cohesion / tan + gamma * depth * (np.cos(b) ** 2 - np.sin(b) * np.cos(b) / tan)) / (
        UNIT_WEIGHT_WATER * np.cos(b) ** 2
    )
    water = (depth - start) * SOIL.moisture_deficit + (head - start) * RESIDUAL_AIR
    return np.where(head < depth, water / (rain * 1e-3), np.nan)


@pytest.mark.parametrize("rows", [None, (0.0833, 0.75, 2.0, 8.0), summed(0.1, 80)])
def test_times_of_failure_are_those_of_the_closed_form(rows: tuple | None, both_kernels: str) -> None:
    terrain = plane(31.0, (40, 12), 10.0, 1.6)
    rain = np.linspace(8.0, 60.0, 40)[:, None] + np.zeros((40, 12))
    found, exact = [], []
    if rows is None:
        result = solve(terrain, SOIL.with_values(rainfall=rain, duration=8.0))
        found, exact = [result.failure_time.ravel()], [hour_of_failure(terrain, rain).ravel()]
    else:
        for intensity in (9.0, 16.0, 37.0):
            storm = Hyetograph(rows, (intensity,) * (len(rows) - 1) + (np.nextafter(intensity, 99.0),))
            found.append(solve(terrain, SOIL.with_values(hyetograph=storm)).failure_time.ravel())
            exact.append(hour_of_failure(terrain, np.full((40, 12), intensity)).ravel())
    found, exact = np.concatenate(found), np.concatenate(exact)
    fails = exact <= 8.0
    assert fails.sum() > 200
    np.testing.assert_array_equal(np.isfinite(found), fails)
    off = found[fails] - exact[fails]
    assert np.abs(off).max() <= QUARTER
    assert np.ptp(exact[fails]) > 3.0 * QUARTER


def looked_at_every_minute(terrain: Terrain, scenario: Scenario) -> np.ndarray:
    """Time of failure of the engine looked at every minute [h]."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation_module, "LONGEST_INTERVAL_S", 60.0)
        return solve(terrain, scenario).failure_time


STORMS = {
    "infiltration": CASES["soaking"].with_values(rainfall=14.0, conductivity=6e-6, duration=12.0, cohesion=5.0),
    "ponding": CASES["ponding"].with_values(cohesion=4.0, rainfall=40.0),
    "a third of an hour": CASES["dry"].with_values(
        rainfall=200.0, conductivity=4e-5, moisture_deficit=0.03, duration=0.3333
    ),
    "rows": CASES["ponding"].with_values(
        cohesion=4.0,
        conductivity=4e-6,
        hyetograph=Hyetograph(every_minutes(20, 8.0, 4), tuple(60.0 * (n % 5 > 1) for n in range(24))),
    ),
    "moist front": CASES["soaking"].with_values(conductivity=2e-5, options=options(front_moisture="rain")),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", STORMS)
@pytest.mark.parametrize("lateral", [False, True])
def test_times_of_failure_are_those_of_a_look_every_minute(name: str, lateral: bool) -> None:
    """Lateral flow is taken as even within the hour: a few cells of a hundred may then be off by more."""
    row, col = np.mgrid[:40, :44]
    heights = 6.0 * row + 25.0 * np.sin(col / 7.0) * np.cos(row / 9.0)
    terrain = Terrain.from_arrays(heights, 1.0 + 0.8 * np.sin(col / 5.0) ** 2 + 0.4 * np.cos(row / 6.0) ** 2, 10.0)
    scenario = STORMS[name]
    scenario = scenario.with_values(options=replace(scenario.options, lateral_flow=lateral), lateral_anisotropy=5.0)
    found, minutes = solve(terrain, scenario).failure_time, looked_at_every_minute(terrain, scenario)
    fails = (minutes > 0.0) & (found > 0.0)
    assert fails.sum() > 20
    off = np.abs(found - minutes)[fails]
    assert (np.isfinite(found) != np.isfinite(minutes)).sum() <= 0.02 * fails.sum() * lateral
    assert (off > QUARTER + 5.0 / 60.0).sum() <= 0.02 * fails.sum() * lateral
    assert (found == 0.0).sum() == (minutes == 0.0).sum()


def test_times_of_failure_are_rounded_up_to_five_minutes_within_the_event() -> None:
    terrain = rough_terrain(67)
    scenario = CASES["ponding"].with_values(rainfall=60.0, duration=7.3333)
    result = solve(terrain, scenario)
    times = result.failure_time[result.failure_time > 0.0].astype(float)
    looks = 7.3333 * np.arange(1, 9) / 8.0  # what is rounded up beyond a look is that look
    at_look = np.isclose(times[:, None], looks, atol=1e-6).any(axis=1)
    np.testing.assert_allclose(12.0 * times[~at_look], np.round(12.0 * times[~at_look]), atol=1e-5)
    assert at_look.sum() < 0.3 * times.size
    assert len(np.unique(times)) > 15
    ends = solve(terrain, scenario, Engine(failure_times=False))
    np.testing.assert_array_equal(ends.factor_of_safety, result.factor_of_safety)


def test_a_cell_on_the_brink_before_the_rain_fails_in_it() -> None:
    """0 h is for cells that have FS < 1 before the rain; one with FS of almost 1 takes its first step."""
    terrain = plane(30.0, (3, 6), 10.0, 2.0)
    dry = SOIL.with_values(water_table_ratio=0.0, rainfall=0.0, duration=1.0)
    dry = dry.with_values(friction_angle=25.0)
    fs = solve(terrain, dry.with_values(cohesion=0.0)).initial_factor_of_safety[1, 2]
    whole = solve(terrain, dry.with_values(cohesion=10.0)).initial_factor_of_safety[1, 2]
    brink = 10.0 * (1.0 - fs) / (whole - fs) + 1e-5
    rained = solve(terrain, dry.with_values(cohesion=brink, rainfall=100.0, unit_weight_saturated=21.0))
    assert rained.initial_factor_of_safety[1, 2] >= 1.0
    assert rained.failure_time[1, 2] == pytest.approx(1.0 / 12.0)


def test_a_cell_just_below_one_is_stable_on_all_maps() -> None:
    """FS = 1 - 1e-9 is 1 in float32, as the factor of safety is written: no map calls such a cell failed."""
    terrain = plane(30.0, (5, 6), 10.0, 2.0)
    dry = SOIL.with_values(water_table_ratio=0.0, rainfall=0.0, duration=1.0, friction_angle=25.0)
    fs = [solve(terrain, dry.with_values(cohesion=c)).stability.fs for c in (0.0, 10.0)]
    dry = dry.with_values(cohesion=10.0 * float((1.0 - 1e-9 - fs[0][8]) / (fs[1][8] - fs[0][8])))
    result = solve(terrain, dry)
    assert -1e-8 < result.stability.fs[8] - 1.0 < 0.0
    assert (result.failure_mask == 0).all()
    assert np.isnan(result.failure_time).all()
    assert (result.stability_class == 1).all()
    assert not (critical_rainfall(terrain, dry, Feedback()) == 0.0).any()
    assert (first_order_probability(terrain, Sampler(dry, {}, 1)).probability == 0.0).all()


def test_compiled_and_plain_give_the_same_times(monkeypatch: pytest.MonkeyPatch) -> None:
    if compiling.numba is None:
        pytest.skip("numba is not installed")
    scenario, times = CASES["ponding"].with_values(lateral_anisotropy=20.0, rainfall=30.0), []
    for switch in ("0", "1"):
        monkeypatch.setenv("SLOPECAST_NUMBA", switch)
        times.append(solve(rough_terrain(68), scenario).failure_time)
    assert (times[0] > 0.0).sum() > 50
    np.testing.assert_allclose(times[0], times[1], atol=1e-6)


# --- design rain ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "split"), [(0.1667, 10.0), (0.333, 20.0), (0.3333, 20.0), (0.083, 5.0), (6.0001, 360.0)]
)
def test_a_duration_at_the_split_up_to_rounding_is_on_the_short_branch(hours: float, split: float) -> None:
    curve = replace(SEOUL, split_min=split)
    short = replace(curve, long=curve.short)
    assert idf_intensity(hours * 60.0, 50.0, curve) == idf_intensity(hours * 60.0, 50.0, short)
    beyond = (hours + 0.01) * 60.0
    assert idf_intensity(beyond, 50.0, curve) != idf_intensity(beyond, 50.0, short)


def test_rain_intervals_join_rows_of_one_intensity() -> None:
    storm = Hyetograph((0.0833, 0.1667, 0.25, 1.0), (3.0, 3.0, 0.0, 3.0))
    intervals = Scenario(hyetograph=storm).rain_intervals
    assert [x.end for x in intervals] == [0.1667 * 3600.0, 900.0, 3600.0]
    assert [x.intensity for x in intervals] == [3.0 * MM_PER_H, 0.0, 3.0 * MM_PER_H]
