"""The engine's optional processes against closed forms and conservation."""

import math

import numpy as np
import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics import simulation as simulation_module
from slopecast.plugin.core.physics.assess import assess
from slopecast.plugin.core.physics.column import LEAST_UPTAKE, RESIDUAL_AIR, SoilColumn, band_storage, column_state
from slopecast.plugin.core.physics.critical_values import critical_rainfall
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.flow.groundwater import Conductances
from slopecast.plugin.core.physics.flow.kernels import Water
from slopecast.plugin.core.physics.infiltration import advance_infiltration
from slopecast.plugin.core.physics.stability import Strength, factor_of_safety
from slopecast.plugin.core.physics.water import WaterState
from slopecast.plugin.core.rainfall import Hyetograph
from slopecast.plugin.core.scenario import MM_PER_H, Scenario
from slopecast.plugin.core.tables.parameter_table import hyetograph_from_table
from slopecast.plugin.core.terrain import Cells, Terrain
from study_areas import CASES, equal_steps, options, plane, rough_terrain, solve

STORM = Hyetograph((3.0, 5.0, 9.0, 20.0), (6.0, 0.0, 25.0, 0.0))
LAYERS = ("factor_of_safety", "water_table", "wetting_front", "runoff")


def finished(terrain: Terrain, scenario: Scenario, **asked: object) -> simulation_module.Simulation:
    run = simulation_module.Simulation(terrain, scenario, **asked)
    for _ in run.advance_by_intervals(Feedback()):
        pass
    return run


# --- rain that varies -----------------------------------------------------------------------


def test_a_hyetograph_of_one_intensity_is_constant_rain() -> None:
    terrain = rough_terrain(41, (14, 16))
    for solver in (Engine(), SoilColumn()):
        for name in CASES:
            constant = CASES[name].with_values(lateral_anisotropy=5.0)
            if isinstance(solver, SoilColumn):
                constant = constant.with_values(options=options(lateral_flow=False))
            hours = constant.duration
            cut = constant.with_values(
                hyetograph=Hyetograph((hours / 3, hours / 2, hours), (constant.rainfall,) * 3), rainfall=1.0
            )
            assert cut.rainfall == pytest.approx(constant.rainfall)
            one, other = solve(terrain, constant, solver), solve(terrain, cut, solver)
            for layer in LAYERS:
                np.testing.assert_allclose(getattr(one, layer), getattr(other, layer), rtol=2e-4, atol=2e-4)


def test_without_lateral_flow_the_engine_is_the_column_under_any_rain() -> None:
    terrain = rough_terrain(42)
    for name in CASES:
        scenario = CASES[name].with_values(hyetograph=STORM, options=options(lateral_flow=False))
        engine, column = solve(terrain, scenario), solve(terrain, scenario, SoilColumn())
        for layer in LAYERS:
            np.testing.assert_allclose(getattr(engine, layer), getattr(column, layer), rtol=1e-5, atol=2e-5)
        assert engine.diagnostics["mass_balance_error"] < 1e-9


def test_infiltration_of_a_storm_by_hand() -> None:
    """One deep column: the same equation continued through the rows; pauses add nothing."""
    k, psi, deficit, b = 2e-6, 0.12, 0.1, math.radians(30.0)
    scenario = Scenario(
        conductivity=k, suction_head=psi, moisture_deficit=deficit, water_table_ratio=0.0, hyetograph=STORM,
        options=options(lateral_flow=False),
    )  # fmt: skip
    state = column_state(Cells.of(np.array([b]), np.array([20.0])), scenario)
    amount = 6.0 * MM_PER_H * math.cos(b) * 3 * 3600.0  # below K: all of it
    assert k > 6.0 * MM_PER_H
    amount = float(advance_infiltration(amount, math.cos(b), 25.0 * MM_PER_H, k, psi, deficit, 4 * 3600.0))
    assert state.infiltration[0] == pytest.approx(amount / math.cos(b), rel=1e-12)
    assert state.infiltration[0] < 0.118
    assert not state.ponded[0]  # the rain has ended


def test_a_stop_in_the_rain_keeps_the_water_ends_ponding_and_goes_on(kernels_off: None) -> None:
    terrain = rough_terrain(43)
    scenario = CASES["ponding"].with_values(hyetograph=Hyetograph((6.0, 12.0), (20.0, 0.0)))
    run = simulation_module.Simulation(terrain, scenario, hours=(6.0, 12.0))
    ponded = {}
    for _ in run.advance_by_intervals(Feedback()):
        ponded[round(run.elapsed / 3600.0)] = run.state().ponded
    assert ponded[6].any()
    assert not ponded[7].any()
    diagnostics = run.result().diagnostics
    assert diagnostics["rain_m3"] == pytest.approx(0.12 * run.cells.count * 25.0)
    assert diagnostics["mass_balance_error"] < 1e-9
    (_, during), (_, after) = run.result().series
    assert np.nanmax(np.abs(during - after)) > 0.01  # groundwater and the end of ponding
    still = finished(terrain, scenario.with_values(options=options(lateral_flow=False)))
    alone = finished(terrain, scenario.with_values(
        hyetograph=Hyetograph((6.0,), (20.0,)), options=options(lateral_flow=False)))  # fmt: skip
    np.testing.assert_allclose(still.water.table, alone.water.table, rtol=1e-12)
    np.testing.assert_allclose(still.water.band, alone.water.band, rtol=1e-12)


@pytest.fixture
def kernels_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOPECAST_NUMBA", "0")


def test_a_raster_of_rain_acts_cell_by_cell() -> None:
    terrain = rough_terrain(44, (10, 12), holes=0.0)
    rain = np.where(np.arange(12) < 6, 3.0, 14.0) + np.zeros((10, 12))
    scenario = CASES["ponding"].with_values(options=options(lateral_flow=False))
    mixed = solve(terrain, scenario.with_values(rainfall=rain))
    for value in (3.0, 14.0):
        one = solve(terrain, scenario.with_values(rainfall=value))
        for layer in LAYERS:
            here = rain == value
            np.testing.assert_allclose(getattr(mixed, layer)[here], getattr(one, layer)[here], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "no rows"),
        ([(1, 2), (1, 3)], "row 2, column 'hour': 1 h"),
        ([(2, 2), (1, 3)], "row 2, column 'hour': 1 h"),
        ([(0, 2)], "row 1, column 'hour': 0 h"),
        ([(-1, 2)], "row 1, column 'hour'"),
        ([(1, 2), (800, 3)], "row 2, column 'hour': 800 h"),
        ([(1, 2), (2, -3)], "row 2, column 'rainfall': -3 mm/h"),
        ([(1, 301)], "row 1, column 'rainfall': 301 mm/h"),
        ([(1, "much")], "row 1, column 'rainfall': 'much' is not a number"),
        ([("1,5", 2)], "row 1, column 'hour': '1,5' is not a number"),
        ([(1, None)], "row 1, column 'rainfall': is empty"),
        ([(1, 2), ("", 2)], "row 2, column 'hour': is empty"),
        ([(1, math.nan)], "row 1, column 'rainfall'"),
    ],
)
def test_bad_hyetographs_are_refused_by_row_and_column(rows: list, words: str) -> None:
    with pytest.raises(InputError) as caught:
        hyetograph_from_table(("hour", "rainfall"), rows)
    assert words in str(caught.value)
    assert "HYETOGRAPH" in str(caught.value)


def test_a_hyetograph_states_its_total_and_duration() -> None:
    storm = hyetograph_from_table(("hour", "rainfall"), [("3", "6"), (5, 0), (9, 25), (20, 0)])
    assert storm == STORM
    assert storm.depth == pytest.approx(118.0)
    assert storm.mean == pytest.approx(5.9)
    assert storm.lengths == (3.0, 2.0, 4.0, 11.0)
    scenario = Scenario(hyetograph=storm)
    assert scenario.duration == 20.0
    assert scenario.greatest_rainfall_m_per_s == pytest.approx(25.0 * MM_PER_H)
    assert [(x.start, x.end) for x in scenario.rain_intervals] == [
        (0.0, 10_800.0), (10_800.0, 18_000.0), (18_000.0, 32_400.0), (32_400.0, 72_000.0)
    ]  # fmt: skip


# --- the series over time -------------------------------------------------------------------


def test_the_series_holds_the_states_at_its_hours() -> None:
    terrain = rough_terrain(45, (16, 18))
    scenario = CASES["ponding"].with_values(lateral_anisotropy=5.0)
    result = solve(terrain, scenario, Engine(failure_times=False, hours=(0.0, 2.5, 7.0, 12.0)))
    assert [hour for hour, _ in result.series] == [0.0, 2.5, 7.0, 12.0]
    np.testing.assert_array_equal(result.series[0][1], result.initial_factor_of_safety)
    np.testing.assert_array_equal(result.series[-1][1], result.factor_of_safety)
    shorter = solve(terrain, scenario.with_values(duration=2.5))
    np.testing.assert_allclose(result.series[1][1], shorter.factor_of_safety, rtol=1e-3, atol=1e-3)
    assert result.failure_time is None
    with pytest.raises(InputError, match=r"SERIES_HOURS.*12.5 h.*0 to 12 h.*hyetograph"):
        solve(terrain, scenario, Engine(hours=(12.5,)))


# --- moisture behind the front --------------------------------------------------------------

MOIST = options(front_moisture="rain", effective_porosity=0.4, pore_size_index=0.5, lateral_flow=False)


def test_the_moist_front_carries_the_rain_and_goes_deeper() -> None:
    """I/K = 0.1: theta_w = theta_r + 0.4 * 0.1^(1/7); all of 86.4 mm is in the band, which reaches the deeper."""
    scenario = Scenario(rainfall=3.6, conductivity=1e-5, moisture_deficit=0.2, water_table_ratio=0.0, options=MOIST)
    uptake, air = band_storage(scenario)
    assert uptake == pytest.approx(0.25 - 0.4 * (1.0 - 0.1 ** (1.0 / 7.0)), rel=1e-12)
    assert uptake + air == pytest.approx(0.2 + RESIDUAL_AIR, rel=1e-12)
    state = column_state(Cells.of(np.radians([25.0]), np.array([5.0])), scenario)
    assert state.wetting_front[0] == pytest.approx(0.0864 / uptake, rel=1e-12)


def test_the_moist_front_is_full_where_rain_reaches_the_conductivity_and_never_nothing() -> None:
    full = Scenario(rainfall=3.6, conductivity=1e-6, moisture_deficit=0.1, options=MOIST)
    assert band_storage(full)[0] == pytest.approx(0.1)
    near = Scenario(rainfall=3.6, conductivity=1.001e-6, moisture_deficit=0.1, options=MOIST)
    assert band_storage(near)[0] == pytest.approx(0.1)  # capped: the air stays
    weak = Scenario(rainfall=0.01, conductivity=1e-3, moisture_deficit=0.1, options=MOIST)
    uptake, air = band_storage(weak)
    assert uptake == LEAST_UPTAKE
    assert uptake + air == pytest.approx(0.15)
    storm = Scenario(hyetograph=STORM, conductivity=1e-5, moisture_deficit=0.1, options=MOIST)
    greatest = Scenario(rainfall=25.0, conductivity=1e-5, moisture_deficit=0.1, options=MOIST)
    assert band_storage(storm) == band_storage(greatest)


@pytest.mark.parametrize("lateral", [False, True])
def test_water_is_kept_with_a_moist_front(lateral: bool) -> None:
    terrain = rough_terrain(46)
    chosen = options(front_moisture="rain", lateral_flow=lateral)
    scenario = Scenario(rainfall=5.0, conductivity=1e-5, moisture_deficit=0.12, duration=48.0, options=chosen)
    result = solve(terrain, scenario)
    assert result.diagnostics["mass_balance_error"] < 1e-9
    if not lateral:
        column = solve(terrain, scenario, SoilColumn())
        for layer in LAYERS:
            np.testing.assert_allclose(getattr(result, layer), getattr(column, layer), rtol=1e-5, atol=1e-5)


def test_porosity_that_cannot_hold_the_deficit_is_refused() -> None:
    for process in ({"front_moisture": "rain"}, {"initial_suction": 1.0}):
        chosen = options(**process, effective_porosity=0.12)
        with pytest.raises(InputError, match=r"EFFECTIVE_POROSITY.*0.12.*moisture deficit"):
            Scenario(moisture_deficit=0.1, options=chosen)
    Scenario(moisture_deficit=0.1, options=options(effective_porosity=0.12))  # nobody asks for it
    for bad in ({"front_moisture": "wet"}, {"roots": "deep"}, {"edges": "ajar"}, {"initial_suction": -1.0}):
        with pytest.raises(InputError):
            options(**bad)


# --- strength -------------------------------------------------------------------------------


def fs_at_bedrock(h: float, z: float, depth: float, strength: Strength) -> float:
    values = [np.array([x]) for x in (math.radians(35.0), depth, h, z)]
    off = np.array([False])
    return float(factor_of_safety(np, *values, off, off, strength)[0][0])


def test_suction_strengthens_dry_bedrock_only() -> None:
    """S_e = 1 - (0.1 + 0.05) / 0.4 = 0.625; s_B = 0.625 * 2 m * 9.81 * tan 30."""
    dry = Scenario(cohesion=4.0, friction_angle=30.0, root_cohesion=0.0)
    with_suction = dry.with_values(options=options(initial_suction=2.0, effective_porosity=0.4))
    strength = Strength.of(with_suction)
    assert strength.suction == pytest.approx(0.625 * 2.0 * 9.81 * math.tan(math.radians(30.0)), rel=1e-12)
    b = math.radians(35.0)
    gain = fs_at_bedrock(0.0, 0.0, 2.0, strength) - fs_at_bedrock(0.0, 0.0, 2.0, Strength.of(dry))
    assert gain == pytest.approx(strength.suction / (17.6 * 2.0 * math.sin(b) * math.cos(b)), rel=1e-9)
    for h, z in ((0.3, 0.0), (0.0, 2.0), (1e-4, 2.0 - 1e-4)):  # a table, or the band down at the bedrock
        assert fs_at_bedrock(h, z, 2.0, strength) == fs_at_bedrock(h, z, 2.0, Strength.of(dry))


@pytest.mark.parametrize("numba", ["0", "1"])
def test_traces_of_water_leave_the_suction(numba: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flow between cells empties a cell to 0 or to next to nothing, depending on its steps: FS must not jump by it."""
    monkeypatch.setenv("SLOPECAST_NUMBA", numba)
    cells = Cells.of(np.full(3, math.radians(35.0)), np.full(3, 2.0))
    scenario = Scenario(options=options(initial_suction=2.0))
    off = np.zeros(3, dtype=bool)
    water = WaterState(np.array([0.0, 1e-80, 9e-4]), np.zeros(3), None, off, off)
    fs = assess(cells, water, scenario).fs
    assert fs == pytest.approx(fs[0], rel=1e-3)
    assert fs[0] > assess(cells, water, Scenario()).fs[0] + 0.1


def test_exponential_roots() -> None:
    """c_r(D) = 6 exp(-2 / 0.8) at the bedrock; none where the root depth is 0."""
    bare = Scenario(cohesion=4.0, friction_angle=30.0, root_cohesion=0.0)
    rooted = bare.with_values(root_cohesion=6.0, root_depth=0.8, options=options(roots="exponential"))
    b = math.radians(35.0)
    gain = fs_at_bedrock(0.0, 0.0, 2.0, Strength.of(rooted)) - fs_at_bedrock(0.0, 0.0, 2.0, Strength.of(bare))
    assert gain == pytest.approx(6.0 * math.exp(-2.5) / (17.6 * 2.0 * math.sin(b) * math.cos(b)), rel=1e-9)
    none = Strength.of(rooted.with_values(root_depth=0.0))
    assert fs_at_bedrock(0.0, 0.0, 2.0, none) == fs_at_bedrock(0.0, 0.0, 2.0, Strength.of(bare))
    assert fs_at_bedrock(0.0, 0.0, 2.0, Strength.of(rooted.with_values(options=options()))) == fs_at_bedrock(
        0.0, 0.0, 2.0, Strength.of(bare)
    )  # the step ends above the bedrock


# --- further outputs ------------------------------------------------------------------------


def test_the_critical_rainfall_is_where_the_column_begins_to_fail() -> None:
    terrain = rough_terrain(47, (12, 14))
    scenario = CASES["soaking"].with_values(cohesion=6.0)
    critical = critical_rainfall(terrain, scenario, Feedback())
    valid = terrain.valid
    dry = solve(terrain, scenario.with_values(rainfall=0.0), SoilColumn()).factor_of_safety
    np.testing.assert_array_equal(critical[valid] == 0.0, dry[valid] < 1.0)
    between = np.isfinite(critical) & (critical > 0.0)
    assert between.sum() > 10
    for factor, fails in ((1.001, True), (0.999, False)):
        rain = np.where(between, critical * factor, 1.0)
        fs = solve(terrain, scenario.with_values(rainfall=np.minimum(rain, 300.0)), SoilColumn()).factor_of_safety
        assert ((fs < 1.0) == fails)[between].all()
    never = valid & np.isnan(critical)
    most = solve(terrain, scenario.with_values(rainfall=300.0), SoilColumn()).factor_of_safety
    assert (most[never] >= 1.0).all()
    np.testing.assert_array_equal(np.isfinite(critical) & ~valid, np.zeros(valid.shape, dtype=bool))
    storm = critical_rainfall(terrain, scenario.with_values(hyetograph=Hyetograph((24.0,), (3.0,))), Feedback())
    np.testing.assert_array_equal(storm, critical_rainfall(terrain, scenario.with_values(duration=24.0), Feedback()))


def test_runoff_and_failure_depth() -> None:
    terrain = rough_terrain(48)
    for scenario in (CASES["ponding"], CASES["soaking"].with_values(lateral_anisotropy=20.0)):
        result = solve(terrain, scenario)
        diagnostics, area = result.diagnostics, 25.0
        assert np.nansum(result.runoff.astype(float)) / 1e3 * area == pytest.approx(diagnostics["runoff_m3"], rel=1e-5)
        assert np.nanmin(result.runoff) >= 0.0
        rock = terrain.valid & (terrain.soil_depth == 0.0)
        np.testing.assert_allclose(result.runoff[rock], scenario.rainfall * scenario.duration, rtol=1e-6)
        failed = result.factor_of_safety < 1.0
        np.testing.assert_array_equal(np.isfinite(result.failure_depth), failed)
        at_front, at_bed = failed & (result.failure_mode == 1), failed & (result.failure_mode == 2)
        np.testing.assert_array_equal(result.failure_depth[at_front], result.wetting_front[at_front])
        np.testing.assert_allclose(result.failure_depth[at_bed], terrain.soil_depth[at_bed], rtol=1e-6)


def test_the_balance_is_relative_to_the_rain() -> None:
    terrain = rough_terrain(49)
    scenario = CASES["wet"].with_values(rainfall=0.5, duration=2.0, lateral_anisotropy=20.0)
    assert solve(terrain, scenario).diagnostics["mass_balance_error"] < 1e-6
    dry_day = solve(terrain, scenario.with_values(rainfall=0.0))
    assert dry_day.diagnostics["rain_m3"] == 0.0
    assert dry_day.diagnostics["mass_balance_error"] < 1e-9


def in_short_steps(
    water: Water, supply: np.ndarray, c: Conductances, depth: np.ndarray, deficit: np.ndarray, air: np.ndarray,
    seconds: float, step: tuple[float, float], most: int, *_: object,
) -> tuple[int, float]:  # fmt: skip
    """Replaces kernels.lateral_time: steps of a fifth of the contract's."""
    count = math.ceil(seconds / (0.2 * step[0]))
    equal_steps(water, supply * (seconds / count), c, depth, deficit, count, seconds / count, air)
    return count, seconds


def test_long_steps_give_the_answer_of_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps as long as the state allows against steps of a fifth of the contract's limit: IoU of the masks 0.999."""
    terrain = rough_terrain(50, (60, 70), holes=0.01)
    scenario = CASES["soaking"].with_values(lateral_anisotropy=50.0, cohesion=4.0, duration=24.0)
    long = finished(terrain, scenario)
    monkeypatch.setattr(simulation_module.kernels, "lateral_time", in_short_steps)
    short = finished(terrain, scenario)
    assert short.steps > 4 * long.steps
    one, other = (event.result().failure_mask == 1 for event in (long, short))
    assert other.sum() > 1000
    assert (one & other).sum() / (one | other).sum() >= 0.999
    assert abs(long.water.table - short.water.table).mean() < 0.01


def test_steps_without_lateral_flow_are_the_intervals() -> None:
    run = finished(plane(20.0, (4, 5), 5.0, 2.0), Scenario(duration=6.0, options=options(lateral_flow=False)))
    assert run.steps == 6


def test_the_networks_refuse_what_they_have_not_learned() -> None:
    pytest.importorskip("torch")
    from slopecast.plugin.ml.network_solver import _check_options

    for scenario in (Scenario(hyetograph=STORM), Scenario(options=options(front_moisture="rain"))):
        with pytest.raises(InputError, match="Simulate factor of safety"):
            _check_options(scenario)
    _check_options(Scenario(options=options(roots="exponential", initial_suction=1.0)))  # strength is a closed form
