"""The closed-form column against numbers worked out by hand and its properties: tests 15 and 16 of the contract."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.assess import assess
from slopecast.plugin.core.physics.column import (
    RESIDUAL_AIR,
    SoilColumn,
    column_state,
    potential_infiltration,
)
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.water import WaterState
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Cells, Terrain
from slopecast.plugin.variables import VARIABLES
from study_areas import CASES, options, rough_terrain, solve


def state_of(slope_deg: float, depth: float, **values: float) -> Any:
    return column_state(Cells.of(np.radians([slope_deg]), np.array([depth])), Scenario(**values))


def fs_of(slope_deg: float, depth: float, scenario: Scenario) -> float:
    cells = Cells.of(np.radians([slope_deg]), np.array([depth]))
    return float(assess(cells, column_state(cells, scenario), scenario).fs[0])


# 3.6 mm/h on K = 1e-5 m/s all infiltrates: 1e-6 m/s, 0.0864 m a day.
GENTLE = {"conductivity": 1e-5, "rainfall": 3.6, "duration": 24.0, "moisture_deficit": 0.1}


def test_apart_the_front_goes_down_and_the_table_stays() -> None:
    state = state_of(30.0, 3.0, **GENTLE, water_table_ratio=0.2)
    assert state.infiltration[0] == pytest.approx(0.0864, rel=1e-12)
    assert state.wetting_front[0] == pytest.approx(0.864, rel=1e-12)
    assert state.water_table[0] == pytest.approx(0.6, rel=1e-12)
    assert not state.contact[0]
    assert not state.ponded[0]


def test_in_contact_the_rest_lifts_the_table() -> None:
    state = state_of(30.0, 1.0, **GENTLE, water_table_ratio=0.3)  # the band takes 0.07 m, 0.0164 m lift h by 0.328 m
    assert state.water_table[0] == pytest.approx(0.3 + 0.0164 / RESIDUAL_AIR, rel=1e-12)
    assert state.wetting_front[0] == pytest.approx(1.0 - 0.628, rel=1e-12)
    assert state.contact[0]


def test_a_full_column_holds_no_more() -> None:
    state = state_of(30.0, 0.5, **GENTLE, water_table_ratio=0.3)
    assert state.water_table[0] == 0.5
    assert state.wetting_front[0] == 0.0
    assert state.contact[0]


def test_bare_rock_stores_nothing() -> None:
    state = state_of(30.0, 0.0, **GENTLE)
    assert state.water_table[0] == state.wetting_front[0] == 0.0


def test_the_papers_rain_ponds_on_the_slope() -> None:
    soil = {
        "rainfall": 8.5,
        "conductivity": 1.3e-6,
        "moisture_deficit": 0.2,
        "suction_head": 0.3,
        "water_table_ratio": 0.0,
    }
    before, after = (state_of(30.0, 4.0, **soil, duration=hours) for hours in (11.53, 11.54))  # t_p = 11.5306 h
    assert not before.ponded[0]
    assert after.ponded[0]
    day = state_of(30.0, 4.0, **soil, duration=24.0)
    assert day.wetting_front[0] == pytest.approx(0.9478, abs=5e-5)


@pytest.mark.parametrize("name", CASES)
def test_storage_equals_what_came_in(name: str) -> None:
    scenario, terrain = CASES[name], rough_terrain()
    cells = terrain.valid
    depth = terrain.soil_depth[cells]
    state = column_state(terrain.cells, scenario)
    deficit, start = scenario.moisture_deficit, scenario.water_table_ratio * depth
    band = np.where(state.contact, deficit * (depth - state.water_table), deficit * state.wetting_front)
    gained = band + (deficit + RESIDUAL_AIR) * (state.water_table - start)
    full = state.water_table >= depth
    np.testing.assert_allclose(gained[~full], state.infiltration[~full], rtol=1e-9)
    assert (gained[full] <= state.infiltration[full] + 1e-12).all()
    assert (state.wetting_front + state.water_table <= depth + 1e-12).all()
    assert state.ponded.any() == (name != "soaking")  # the cases cover both


def test_the_table_of_slopes_is_as_good_as_the_formula() -> None:
    slope = np.radians(np.random.default_rng(3).uniform(0, 70, 9000))
    for scenario in CASES.values():
        cells = Cells.of(slope, np.ones(slope.shape))
        by_table, ponded = potential_infiltration(cells, scenario, scenario.duration_s)
        parts = cells.at(slice(4500)), cells.at(slice(4500, None))
        halves = [potential_infiltration(part, scenario, scenario.duration_s) for part in parts]
        np.testing.assert_allclose(by_table, np.concatenate([h[0] for h in halves]), rtol=1e-7)
        assert np.array_equal(ponded, np.concatenate([h[1] for h in halves]))


def test_rasters_of_one_value_equal_the_number() -> None:
    terrain = rough_terrain(2)
    scenario = CASES["ponding"]
    names = [v.name for v in VARIABLES if v.layer]
    rasters = scenario.with_values(**{n: np.full(terrain.grid.shape, getattr(scenario, n)) for n in names})
    for solver in (SoilColumn(), Engine()):
        one, other = solve(terrain, scenario, solver), solve(terrain, rasters, solver)
        np.testing.assert_allclose(one.factor_of_safety, other.factor_of_safety, rtol=1e-6)
        np.testing.assert_allclose(one.water_table, other.water_table, rtol=1e-6, atol=1e-7)


def test_a_raster_acts_cell_by_cell() -> None:
    terrain = Terrain.from_arrays(2.0 * np.arange(6.0)[:, None] + np.zeros((6, 6)), 2.0, 5.0)
    cohesion = np.where(np.arange(6) < 3, 2.0, 12.0) + np.zeros((6, 6))
    mixed = solve(terrain, Scenario(cohesion=cohesion), SoilColumn()).factor_of_safety
    weak, strong = (solve(terrain, Scenario(cohesion=c), SoilColumn()).factor_of_safety for c in (2.0, 12.0))
    np.testing.assert_array_equal(mixed, np.where(np.arange(6) < 3, weak, strong))
    assert (strong > weak).all()


@given(
    slope=st.floats(2.0, 65.0),
    depth=st.floats(0.06, 6.0),
    log_k=st.floats(-7.0, -4.3),
    rain=st.floats(1.0, 17.0),
    hours=st.floats(1.0, 72.0),
    ratio=st.floats(0.0, 0.9),
    deficit=st.floats(0.05, 0.25),
    what=st.sampled_from(["cohesion", "friction_angle", "root_cohesion", "water_table_ratio"]),
    more=st.floats(0.01, 1.0),
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_closed_form_15_monotony(
    slope: float,
    depth: float,
    log_k: float,
    rain: float,
    hours: float,
    ratio: float,
    deficit: float,
    what: str,
    more: float,
) -> None:
    base = Scenario(
        conductivity=10.0**log_k, rainfall=rain, duration=hours, water_table_ratio=ratio, moisture_deficit=deficit
    )
    step = {"cohesion": 5.0, "friction_angle": 8.0, "root_cohesion": 4.0, "water_table_ratio": 0.99 - ratio}[what]
    changed = base.with_values(**{what: getattr(base, what) + step * more})
    before, after = fs_of(slope, depth, base), fs_of(slope, depth, changed)
    if what == "water_table_ratio":
        assert after <= before + 1e-9
    else:
        assert after >= before - 1e-12


def with_slope(z: np.ndarray, depth: np.ndarray, slope: np.ndarray) -> Terrain:
    """A terrain whose slope is given instead of computed."""
    terrain = Terrain.from_arrays(z, depth, 5.0)
    terrain.__dict__["slope"] = np.where(np.isfinite(z), slope, np.nan)
    return terrain


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("solver", [SoilColumn(), Engine()])
def test_closed_form_16_nodata_changes_no_other_cell(name: str, solver: Any) -> None:
    whole = rough_terrain(4, holes=0.0)
    holes = np.random.default_rng(9).random(whole.grid.shape) < 0.3
    cut = with_slope(np.where(holes, np.nan, whole.elevation), whole.soil_depth, whole.slope)
    scenario = CASES[name].with_values(options=options(lateral_flow=False))
    one, other = solve(whole, scenario, solver), solve(cut, scenario, solver)
    for layer in ("factor_of_safety", "water_table", "wetting_front"):
        before, after = getattr(one, layer), getattr(other, layer)
        assert np.isnan(after[holes]).all()
        np.testing.assert_array_equal(before[~holes], after[~holes])
    assert (other.failure_mask[holes] == 255).all()
    assert (other.failure_mode[holes] == 255).all()


def test_nodata_of_every_input_is_joined() -> None:
    terrain = rough_terrain(5)
    cohesion = np.full(terrain.grid.shape, 5.0)
    cohesion[3, :] = np.nan
    suction = np.full(terrain.grid.shape, 0.1)
    suction[:, 7] = np.nan
    result = solve(terrain, Scenario(cohesion=cohesion, suction_head=suction), SoilColumn())
    valid = terrain.valid.copy()
    valid[3, :] = valid[:, 7] = False
    for layer in (result.factor_of_safety, result.water_table, result.wetting_front, result.initial_factor_of_safety):
        assert np.array_equal(np.isfinite(layer), valid)
    assert np.array_equal(result.failure_mask != 255, valid)
    assert result.valid_cells == valid.sum()


def test_the_initial_factor_of_safety_does_not_depend_on_rain() -> None:
    terrain = rough_terrain(6)
    wet, drizzle = (Scenario(rainfall=r, duration=72.0) for r in (17.0, 0.0))
    before_rain, without_rain = solve(terrain, wet, SoilColumn()), solve(terrain, drizzle, SoilColumn())
    np.testing.assert_array_equal(before_rain.initial_factor_of_safety, without_rain.factor_of_safety)
    cells = terrain.valid
    fs = assess(terrain.cells, WaterState.before_rain(terrain.cells, wet), wet).fs
    b, depth = terrain.slope[cells][0], terrain.soil_depth[cells][0]
    h, tan_phi = 0.3 * depth, math.tan(math.radians(28.0))
    weight = 17.6 * 0.7 * depth + 19.0 * h
    roots = 1.0 if depth <= 1.0 else 0.0
    expected = (8.0 + roots + (weight - 9.81 * h) * math.cos(b) ** 2 * tan_phi) / (weight * math.sin(b) * math.cos(b))
    assert fs[0] == pytest.approx(min(expected, 10.0), rel=1e-9)


def test_options_of_the_front_pressure() -> None:
    terrain = rough_terrain(7)
    fs = {
        o: solve(
            terrain, CASES["ponding"].with_values(options=options(front_pressure=o)), SoilColumn()
        ).factor_of_safety
        for o in ("always", "ponded", "none")
    }
    ok = np.isfinite(fs["none"])
    assert (fs["always"][ok] <= fs["ponded"][ok]).all()
    assert (fs["ponded"][ok] <= fs["none"][ok]).all()
    assert (fs["ponded"][ok] < fs["none"][ok]).any()


def test_cancelling_stops_before_a_scenario() -> None:
    class Stopping(Feedback):
        def isCanceled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        next(SoilColumn().solve(rough_terrain(), [Scenario()], Stopping()))
