"""What must hold for any hillslope and any scenario: bounds, water balance, monotony, symmetry, NoData.

Random terrain (holes of NoData, bare rock, flats, cliffs) and parameters over the whole physical ranges of
``variables.py``, not only the trained ones. The examples are the same in every run; together there are over 1,000.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.flow import groundwater
from slopecast.plugin.core.physics.infiltration import advance_infiltration
from slopecast.plugin.core.physics.stability import DRY_TABLE_M, SHALLOWEST_FRONT_M
from slopecast.plugin.core.rainfall import Hyetograph
from slopecast.plugin.core.result import Result
from slopecast.plugin.core.scenario import MM_PER_H, Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.variables import RESIDUAL_AIR, VARIABLES, Variable
from study_areas import cumulative, options, solve

pytestmark = pytest.mark.slow

LAYERS = ("factor_of_safety", "water_table", "wetting_front", "initial_factor_of_safety")
MOST_STEPS = 600  # of lateral flow per example
ROUNDING = 2e-6  # of the maps' float32, over depths of metres


def examples(count: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=count, deadline=None, derandomize=True, suppress_health_check=slow)


# --- what is drawn --------------------------------------------------------------------------


@st.composite
def terrains(draw: st.DrawFn) -> Terrain:
    """8 to 14 cells a side; the numbers say how rough, how holed, how rocky and how flat it is."""
    rows, cols = draw(st.integers(8, 14)), draw(st.integers(8, 14))
    cell = draw(st.sampled_from([2.0, 5.0, 10.0, 30.0]))
    tilt, rough = draw(st.floats(0.0, 2.0)), draw(st.floats(0.0, 1.0))
    holes, rock, flat = (draw(st.sampled_from([0.0, 0.1, 0.4])) for _ in range(3))
    deepest = draw(st.floats(0.02, 6.0))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    row, col = np.mgrid[:rows, :cols]
    heading = rng.uniform(0, 2 * np.pi)
    z = 1.0 + tilt * cell * (row * np.cos(heading) + col * np.sin(heading))
    z += rough * cell * (rng.normal(0.0, 0.5, z.shape) + np.sin(0.7 * row + 0.4 * col))
    z[rng.random(z.shape) < flat] = np.median(z)
    depth = rng.uniform(0.0, deepest, z.shape)
    depth[rng.random(z.shape) < rock] = 0.0
    z[rng.random(z.shape) < holes] = np.nan
    depth[rng.random(z.shape) < holes] = np.nan
    z[0, 0], depth[0, 0] = 1.0, deepest  # at least one cell; 0 m below all others would be missing data
    return Terrain.from_arrays(z, depth, cell)


def numbers(variable: Variable) -> st.SearchStrategy[float]:
    """Values over the physical range, half of them over the trained one; events short enough to step through."""
    if variable.name == "duration":
        return st.floats(variable.minimum, 5.0)
    ranges = [(variable.minimum, variable.maximum), variable.trained or (variable.minimum, variable.maximum)]
    if variable.log_scale:
        return st.one_of(*(st.floats(math.log10(a), math.log10(b)).map(lambda x: 10.0**x) for a, b in ranges)).map(
            lambda value: min(max(value, variable.minimum), variable.maximum)
        )
    if variable.name == "rainfall":  # denormal rain would have no meaningful water balance
        return st.one_of(st.just(0.0), *(st.floats(max(a, 0.05), b) for a, b in ranges))
    return st.one_of(st.just(variable.minimum), *(st.floats(a, b) for a, b in ranges))


@st.composite
def scenarios(draw: st.DrawFn, **chosen: Any) -> Scenario:
    values = {v.name: draw(numbers(v)) for v in VARIABLES}
    weights = sorted((values["unit_weight_moist"], values["unit_weight_saturated"]))
    values["unit_weight_moist"], values["unit_weight_saturated"] = min(weights[0], 26.0), weights[1]
    drawn = {
        "edges": draw(st.sampled_from(["open", "closed"])),
        "front_pressure": draw(st.sampled_from(["ponded", "none", "always"])),
        "evaluate": draw(st.sampled_from(["end", "minimum"])),
        "front_moisture": draw(st.sampled_from(["full", "full", "rain"])),
        "roots": draw(st.sampled_from(["step", "exponential"])),
        "initial_suction": draw(st.one_of(st.just(0.0), st.floats(0.0, 5.0))),
        "effective_porosity": max(draw(st.floats(0.2, 0.8)), min(values["moisture_deficit"] + RESIDUAL_AIR, 0.8)),
    }
    return Scenario(**values, options=options(**{**drawn, **chosen}))


@st.composite
def hyetographs(draw: st.DrawFn) -> Hyetograph:
    """Up to four spells of rain, with pauses among them."""
    lengths = draw(st.lists(st.floats(0.1, 1.5), min_size=1, max_size=4))
    spell = st.one_of(st.just(0.0), st.floats(0.1, 20.0), st.floats(0.1, 300.0))
    return Hyetograph(tuple(np.cumsum(lengths)), tuple(draw(spell) for _ in lengths))


def in_few_steps(terrain: Terrain, scenario: Scenario) -> Scenario:
    """The scenario, its anisotropy lowered where the lateral flow would need too many steps."""
    step = groundwater.longest_step(terrain, scenario.lateral_conductivity)
    excess = scenario.duration_s / step / MOST_STEPS
    return scenario.with_values(lateral_anisotropy=max(scenario.lateral_anisotropy / max(excess, 1.0), 0.01))


def with_raster(terrain: Terrain, scenario: Scenario, name: str, seed: int) -> Scenario:
    """One parameter as a raster around its number, with NoData of its own."""
    rng = np.random.default_rng(seed)
    number = getattr(scenario, name)
    raster = number * rng.uniform(0.9, 1.0, terrain.grid.shape)
    variable = next(v for v in VARIABLES if v.name == name)
    raster = np.maximum(raster, variable.minimum)
    raster[rng.random(raster.shape) < 0.1] = np.nan
    raster[0, 0] = number
    return scenario.with_values(**{name: raster})


def check_bounds(terrain: Terrain, result: Result) -> None:
    """Never NaN in a valid cell, never a value in a NoData cell, and every value possible."""
    valid = terrain.valid & result.scenario.valid(terrain.grid.shape)
    for layer in LAYERS:
        assert np.array_equal(np.isfinite(getattr(result, layer)), valid), layer
    for fs in (result.factor_of_safety[valid], result.initial_factor_of_safety[valid]):
        assert fs.min() >= 0.0
        assert fs.max() <= 10.0
    depth = terrain.soil_depth[valid]
    table, front = result.water_table[valid].astype(float), result.wetting_front[valid].astype(float)
    assert table.min() >= 0.0
    assert front.min() >= 0.0
    assert (table <= depth + ROUNDING).all()
    assert (table + front <= depth + ROUNDING).all()
    assert np.array_equal(result.failure_mask == 255, ~valid)
    assert np.array_equal(result.failure_mode == 255, ~valid)
    assert np.array_equal(result.failure_mask == 1, np.isin(result.failure_mode, (1, 2)))


def far_from_a_jump(terrain: Terrain, result: Result) -> np.ndarray:
    """Cells whose factor of safety is a continuous function of the state: rounding cannot change it by much."""
    depth, front, scenario = terrain.soil_depth, result.wetting_front, result.scenario
    apart = np.abs(depth - result.water_table - front) > 1e-4
    touching = np.abs(depth - result.water_table - front) < ROUNDING
    dry = depth - DRY_TABLE_M
    edges = [np.abs(front - edge) > 1e-4 for edge in (SHALLOWEST_FRONT_M, scenario.root_depth, dry)]
    edges.append(np.abs(result.water_table - DRY_TABLE_M) > 1e-4)
    return (apart | touching) & np.all(edges, axis=0)


# --- bounds, NoData and balance -------------------------------------------------------------


@given(terrain=terrains(), scenario=scenarios())
@examples(220)
def test_the_engine_keeps_bounds_and_water(terrain: Terrain, scenario: Scenario) -> None:
    scenario = in_few_steps(terrain, scenario)
    result = solve(terrain, scenario)
    check_bounds(terrain, result)
    d = result.diagnostics
    assert d["rain_m3"] >= 0.0
    if scenario.rainfall > 0:
        out = d["runoff_m3"] + d["exfiltration_m3"] + d["drainage_m3"]
        assert abs(d["rain_m3"] - d["storage_change_m3"] - out) < 1e-6 * d["rain_m3"]
    for name in ("runoff_m3", "exfiltration_m3", "drainage_m3"):
        assert d[name] >= -1e-9 * max(d["rain_m3"], 1.0)
    if scenario.options.edges == "closed":
        assert d["drainage_m3"] == 0.0
    failed = np.isfinite(result.failure_time)
    assert not np.any(failed & ~np.isfinite(result.factor_of_safety))
    assert np.nanmax(result.failure_time, initial=0.0) <= scenario.duration + 1e-6


@given(terrain=terrains(), scenario=scenarios(lateral_flow=False, evaluate="end"))
@examples(200)
def test_the_column_keeps_bounds(terrain: Terrain, scenario: Scenario) -> None:
    result = solve(terrain, scenario, SoilColumn())
    check_bounds(terrain, result)
    if scenario.rainfall == 0:
        assert np.array_equal(result.factor_of_safety, result.initial_factor_of_safety, equal_nan=True)


@given(
    terrain=terrains(),
    scenario=scenarios(),
    name=st.sampled_from([v.name for v in VARIABLES if v.layer and not v.name.startswith("unit_weight")]),
    seed=st.integers(0, 1000),
)
@examples(60)
def test_rasters_with_nodata_keep_bounds(terrain: Terrain, scenario: Scenario, name: str, seed: int) -> None:
    scenario = with_raster(terrain, in_few_steps(terrain, scenario), name, seed)
    for solver in (Engine(), SoilColumn()):
        check_bounds(terrain, solve(terrain, scenario, solver))


# --- one solver against the other -----------------------------------------------------------


@given(terrain=terrains(), scenario=scenarios(lateral_flow=False, evaluate="end"))
@examples(100)
def test_without_lateral_flow_the_engine_is_the_column(terrain: Terrain, scenario: Scenario) -> None:
    engine, column = solve(terrain, scenario), solve(terrain, scenario, SoilColumn())
    for layer in ("water_table", "wetting_front"):
        np.testing.assert_allclose(getattr(engine, layer), getattr(column, layer), rtol=1e-6, atol=1e-5)
    smooth = far_from_a_jump(terrain, column)
    np.testing.assert_allclose(engine.factor_of_safety[smooth], column.factor_of_safety[smooth], rtol=2e-4, atol=1e-4)


@given(terrain=terrains(), scenario=scenarios(), rain=hyetographs())
@examples(60)
def test_rain_that_changes_keeps_bounds_and_water(terrain: Terrain, scenario: Scenario, rain: Hyetograph) -> None:
    scenario = in_few_steps(terrain, scenario.with_values(hyetograph=rain))
    result = solve(terrain, scenario)
    check_bounds(terrain, result)
    d = result.diagnostics
    if any(rain.intensities):
        out = d["runoff_m3"] + d["exfiltration_m3"] + d["drainage_m3"]
        assert abs(d["rain_m3"] - d["storage_change_m3"] - out) < 1e-6 * d["rain_m3"]
    check_bounds(terrain, solve(terrain, scenario, SoilColumn()))


@given(terrain=terrains(), scenario=scenarios(), hours=st.lists(st.floats(0.1, 2.0), min_size=2, max_size=4))
@examples(40)
def test_rows_of_one_intensity_are_constant_rain(terrain: Terrain, scenario: Scenario, hours: list[float]) -> None:
    ends = tuple(float(x) for x in np.cumsum(hours))
    constant = in_few_steps(terrain, scenario.with_values(duration=ends[-1]))
    rows = constant.with_values(hyetograph=Hyetograph(ends, (constant.rainfall,) * len(ends)))
    one, other = solve(terrain, constant, SoilColumn()), solve(terrain, rows, SoilColumn())
    for layer in ("water_table", "wetting_front"):
        np.testing.assert_allclose(getattr(one, layer), getattr(other, layer), rtol=1e-6, atol=1e-5)
    flat = options(lateral_flow=False)
    one, other = (solve(terrain, s.with_values(options=flat)) for s in (constant, rows))
    for layer in ("water_table", "wetting_front"):
        np.testing.assert_allclose(getattr(one, layer), getattr(other, layer), rtol=1e-6, atol=1e-5)


# --- monotony -------------------------------------------------------------------------------


@given(
    terrain=terrains(),
    scenario=scenarios(lateral_flow=False, evaluate="end"),
    what=st.sampled_from(["cohesion", "friction_angle", "root_cohesion", "water_table_ratio"]),
    share=st.floats(0.01, 1.0),
)
@examples(200)
def test_strength_raises_and_wetness_lowers_the_factor(
    terrain: Terrain, scenario: Scenario, what: str, share: float
) -> None:
    variable = next(v for v in VARIABLES if v.name == what)
    value = getattr(scenario, what)
    more = scenario.with_values(**{what: value + share * (variable.maximum - value)})
    one, other = (solve(terrain, s, SoilColumn()).factor_of_safety[terrain.valid] for s in (scenario, more))
    rise = other - one if what != "water_table_ratio" else one - other
    assert rise.min() >= -1e-5


@given(terrain=terrains(), scenario=scenarios(lateral_flow=False, evaluate="minimum"))
@examples(40)
def test_the_minimum_over_the_event_is_no_higher_than_its_ends(terrain: Terrain, scenario: Scenario) -> None:
    least = solve(terrain, scenario)
    end = solve(terrain, scenario.with_values(options=replace(scenario.options, evaluate="end")))
    ok = terrain.valid
    assert (least.factor_of_safety[ok] <= end.factor_of_safety[ok] + 1e-6).all()
    assert (least.factor_of_safety[ok] <= end.initial_factor_of_safety[ok] + 1e-6).all()


# --- symmetry and place ---------------------------------------------------------------------

TURNS = {
    "quarter": np.rot90,
    "half": lambda a: np.rot90(a, 2),
    "left-right": np.fliplr,
    "up-down": np.flipud,
    "diagonal": np.transpose,
}


@given(terrain=terrains(), scenario=scenarios(), turn=st.sampled_from(sorted(TURNS)))
@examples(60)
def test_turning_or_mirroring_the_maps_turns_the_result(terrain: Terrain, scenario: Scenario, turn: str) -> None:
    scenario, move = in_few_steps(terrain, scenario), TURNS[turn]
    rotated = Terrain.from_arrays(move(terrain.elevation), move(terrain.soil_depth), terrain.grid.cell_width)
    result, other = solve(terrain, scenario), solve(rotated, scenario)
    for layer in ("water_table", "wetting_front"):
        np.testing.assert_allclose(getattr(other, layer), move(getattr(result, layer)), rtol=1e-5, atol=1e-5)
    smooth = far_from_a_jump(terrain, result)
    expected, found = move(result.factor_of_safety)[move(smooth)], other.factor_of_safety[move(smooth)]
    if scenario.options.evaluate == "end":  # the minimum remembers jumps that the final state does not show
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@given(
    terrain=terrains(),
    scenario=scenarios(),
    x=st.floats(-1e7, 1e7),
    y=st.floats(-1e7, 1e7),
)
@examples(40)
def test_the_place_on_earth_changes_nothing(terrain: Terrain, scenario: Scenario, x: float, y: float) -> None:
    scenario = in_few_steps(terrain, scenario)
    cell = terrain.grid.cell_width
    elsewhere = Terrain(
        Grid(*terrain.grid.shape, (x, cell, 0.0, y, 0.0, -cell), ""), terrain.elevation, terrain.soil_depth
    )
    result, other = solve(terrain, scenario), solve(elsewhere, scenario)
    for layer in LAYERS:
        assert np.array_equal(getattr(result, layer), getattr(other, layer), equal_nan=True)


@given(terrain=terrains(), scenario=scenarios(), lift=st.floats(-400.0, 8000.0))
@examples(40)
def test_the_height_above_the_sea_changes_nothing(terrain: Terrain, scenario: Scenario, lift: float) -> None:
    scenario = in_few_steps(terrain, scenario)
    lifted = Terrain(terrain.grid, terrain.elevation + lift, terrain.soil_depth)
    result, other = solve(terrain, scenario), solve(lifted, scenario)
    for layer in ("water_table", "wetting_front"):
        np.testing.assert_allclose(getattr(other, layer), getattr(result, layer), rtol=1e-4, atol=1e-4)


# --- infiltration ---------------------------------------------------------------------------


@given(
    slope=st.floats(0.0, 70.0),
    rain=st.floats(0.0, 300.0),
    log_k=st.floats(-10.0, -2.0),
    suction=st.floats(0.0, 3.0),
    deficit=st.floats(0.005, 0.6),
    first=st.floats(0.0, 360.0),
    second=st.floats(0.0, 360.0),
)
@examples(250)
def test_two_spells_infiltrate_what_one_does(
    slope: float, rain: float, log_k: float, suction: float, deficit: float, first: float, second: float
) -> None:
    cos_b, soil = math.cos(math.radians(slope)), (rain * MM_PER_H, 10.0**log_k, suction, deficit)
    hour = 3600.0
    whole = float(cumulative(cos_b, *soil, (first + second) * hour))
    begun = float(cumulative(cos_b, *soil, first * hour))
    ended = float(advance_infiltration(begun, cos_b, *soil, second * hour))
    assert math.isclose(ended, whole, rel_tol=1e-8, abs_tol=1e-12)
    supplied = soil[0] * cos_b * (first + second) * hour
    assert 0.0 <= begun <= whole * (1 + 1e-12) <= supplied * (1 + 1e-9) + 1e-300
