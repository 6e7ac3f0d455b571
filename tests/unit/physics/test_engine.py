"""The stepped engine: analytic lateral flow, mass balance, symmetry, and the column it must equal without lateral flow.

Numbers 8 to 14 of the physics contract's closed forms. ``kernels`` runs a test both with the
compiled kernels and with plain numpy.
"""

from typing import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slopecast.plugin.core.errors import Cancelled
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics import compiling
from slopecast.plugin.core.physics import simulation as simulation_module
from slopecast.plugin.core.physics.column import RESIDUAL_AIR, SoilColumn, column_state
from slopecast.plugin.core.physics.engine import Engine, engine_for
from slopecast.plugin.core.physics.flow import groundwater
from slopecast.plugin.core.physics.flow import kernels as kernels_module
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from study_areas import CASES, equal_steps, options, plane, rough_terrain, solve

LAYERS = ("factor_of_safety", "water_table", "wetting_front")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small maps: threads would only wait for each other."""
    if compiling.numba is None:
        yield
        return
    before = compiling.numba.get_num_threads()
    compiling.numba.set_num_threads(1)
    yield
    compiling.numba.set_num_threads(before)


@pytest.fixture(params=["compiled", "plain"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test by both kernels."""
    use(request.param, monkeypatch)
    return request.param


def use(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if which == "compiled" and compiling.numba is None:
        pytest.skip("numba is not installed")
    monkeypatch.setenv("SLOPECAST_NUMBA", "1" if which == "compiled" else "0")
    assert kernels_module.compiled() is (which == "compiled")


def finished_run(terrain: Terrain, scenario: Scenario) -> simulation_module.Simulation:
    run = simulation_module.Simulation(terrain, scenario)
    for _ in run.advance_by_intervals(Feedback()):
        pass
    return run


# --- without lateral flow -------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_closed_form_8_the_result_does_not_depend_on_the_step(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terrain = rough_terrain(11, (6, 8))
    scenario = CASES[name].with_values(options=options(lateral_flow=False), duration=6.0)
    water = {}
    for seconds in (60.0, 600.0, 3600.0):
        monkeypatch.setattr(simulation_module, "LONGEST_INTERVAL_S", seconds)
        run = finished_run(terrain, scenario)
        assert run.steps == 6 * 3600 / seconds
        water[seconds] = run.water
    for seconds in (60.0, 600.0):
        for layer in ("table", "band", "infiltrated"):
            one, other = getattr(water[seconds], layer), getattr(water[3600.0], layer)
            np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-12)
        assert np.array_equal(water[seconds].contact, water[3600.0].contact)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", [12, 13])
def test_closed_form_13_without_lateral_flow_the_engine_is_the_column(name: str, seed: int, kernels: str) -> None:
    terrain = rough_terrain(seed)
    scenario = CASES[name].with_values(options=options(lateral_flow=False))
    run = finished_run(terrain, scenario)
    stepped = run.state()
    closed = column_state(run.cells, scenario)
    metres = 5.0  # the scale of depths: a front of millimetres is the difference of two of them
    np.testing.assert_allclose(stepped.water_table, closed.water_table, rtol=1e-6, atol=1e-8 * metres)
    np.testing.assert_allclose(stepped.wetting_front, closed.wetting_front, rtol=1e-6, atol=1e-8 * metres)
    assert np.array_equal(stepped.contact, closed.contact)
    unfilled = closed.water_table < run.cells.soil_depth
    assert np.array_equal(stepped.ponded[unfilled], closed.ponded[unfilled])
    engine, column = solve(terrain, scenario), solve(terrain, scenario, SoilColumn())
    for layer in (*LAYERS, "initial_factor_of_safety"):
        np.testing.assert_allclose(getattr(engine, layer), getattr(column, layer), rtol=1e-6, atol=1e-6)
    assert np.array_equal(engine.failure_mode, column.failure_mode)
    assert 0 < engine.failed_cells < engine.valid_cells


@given(
    seed=st.integers(0, 50),
    log_k=st.floats(-7.0, -4.3),
    rain=st.floats(1.0, 17.0),
    hours=st.floats(1.0, 40.0),
    ratio=st.floats(0.0, 1.0),
    deficit=st.floats(0.05, 0.25),
)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_closed_form_13_for_any_scenario(
    seed: int, log_k: float, rain: float, hours: float, ratio: float, deficit: float
) -> None:
    scenario = Scenario(
        conductivity=10.0**log_k, rainfall=rain, duration=hours, water_table_ratio=ratio, moisture_deficit=deficit,
        options=options(lateral_flow=False),
    )  # fmt: skip
    terrain = rough_terrain(seed, (10, 12))
    engine, column = solve(terrain, scenario), solve(terrain, scenario, SoilColumn())
    for layer in LAYERS:
        np.testing.assert_allclose(getattr(engine, layer), getattr(column, layer), rtol=1e-6, atol=1e-6)


def test_closed_form_7_rain_below_the_conductivity_runs_off_nowhere() -> None:
    terrain = rough_terrain(14, holes=0.0)
    deep = Terrain.from_arrays(terrain.elevation, 5.0, 5.0)
    scenario = Scenario(rainfall=4.7, conductivity=4.4e-6, water_table_ratio=0.0, options=options(lateral_flow=False))
    run = finished_run(deep, scenario)
    np.testing.assert_allclose(run.water.infiltrated, 0.1128, rtol=1e-12)
    assert abs(run.result().diagnostics["runoff_m3"]) < 1e-9 * run.result().diagnostics["rain_m3"]


# --- analytic lateral flow ------------------------------------------------------------------


def water_in_contact(table: np.ndarray, depth: float, deficit: float) -> kernels_module.Water:
    """All columns wetted down to the table, so that recharge and drainage move h with the storage n_min."""
    zeros = np.zeros_like(table)
    return kernels_module.Water(table, deficit * (depth - table), np.ones(table.shape, dtype=bool), zeros)


def test_closed_forms_9_and_10_recharge_on_a_plane(kernels: str) -> None:
    slope, k, recharge, depth, deficit, dx = 30.0, 1e-4, 2e-8, 4.0, 0.1, 5.0
    strip = plane(slope, (3, 200), dx, depth)
    strip.__dict__["slope"] = np.full(strip.grid.shape, np.radians(slope))  # the stencil's corners are not exact
    c = groundwater.conductances(strip, k, "open")
    c = groundwater.Conductances(c.bedrock, c.east, np.zeros_like(c.south), c.border)
    seconds = groundwater.longest_step(strip, k)
    speed = k * np.sin(np.radians(slope)) * np.cos(np.radians(slope)) / RESIDUAL_AIR
    x = (np.arange(200) + 0.5) * dx
    water = water_in_contact(np.zeros(strip.grid.shape), depth, deficit)
    full, deficits = np.full(strip.grid.shape, depth), np.full(strip.grid.shape, deficit)
    offered = np.full(strip.grid.shape, recharge * seconds)
    elapsed = 0.0
    for share in (0.25, 0.5, 0.75):  # of the time in which the wave runs down the strip
        steps = round((share * 1000.0 / speed - elapsed) / seconds)
        equal_steps(water, offered, c, full, deficits, steps, seconds)
        elapsed += steps * seconds
        exact = recharge / RESIDUAL_AIR * np.minimum(elapsed, x / speed)
        error = np.abs(water.table[1] - exact).sum() / exact.sum()
        assert error < 0.03
    equal_steps(water, offered, c, full, deficits, round(1000.0 / speed / seconds), seconds)
    steady = recharge * x / (k * np.sin(np.radians(slope)) * np.cos(np.radians(slope)))
    inner = slice(60, 190)
    for row in range(3):
        np.testing.assert_allclose(water.table[row, inner], steady[inner], rtol=0.01)
    assert water.exfiltrated == water.runoff == 0.0


def flows_at(h: float, c: groundwater.Conductances) -> kernels_module.Flows:
    """The flow at an even table."""
    flows = kernels_module.Flows(c, np.inf)
    even = np.ones(c.east.size)
    flows.update(h * even, even / RESIDUAL_AIR)
    return flows


def test_the_plane_drains_as_by_darcy() -> None:
    """Open edge: K h sin b cos b leaves through the lower face of a plane with an even table."""
    slope, k, h, dx = 25.0, 3e-5, 1.2, 4.0
    strip = plane(slope, (5, 8), dx, 3.0)
    c = groundwater.conductances(strip, k, "open")
    border = flows_at(h, c).border.reshape(5, 8)
    expected = k * h * np.sin(np.radians(slope)) * np.cos(np.radians(slope)) / dx
    np.testing.assert_allclose(border[1:-1, -1], expected, rtol=1e-12)
    assert (border[1:-1, :-1] == 0.0).all()
    closed = groundwater.conductances(strip, k, "closed")
    assert (closed.border == 0.0).all()
    east, south = (x.reshape(5, 8) for x in (flows_at(h, closed).east, flows_at(h, closed).south))
    np.testing.assert_allclose(east[1:-1, 1:-2], expected, rtol=1e-12)
    np.testing.assert_allclose(south[1:-2, 1:-1], 0.0, atol=1e-20)


def test_conductivity_and_cosine_on_a_face_are_means_and_nothing_crosses_nodata() -> None:
    terrain = rough_terrain(15, (8, 9), holes=0.15)
    k = np.random.default_rng(1).uniform(1e-6, 1e-4, terrain.grid.shape)
    c = groundwater.conductances(terrain, k, "open")
    cos2 = np.cos(terrain.slope) ** 2
    expected = 0.5 * (k[:, :-1] + k[:, 1:]) * 0.5 * (cos2[:, :-1] + cos2[:, 1:]) / 25.0
    both = terrain.valid[:, :-1] & terrain.valid[:, 1:]
    np.testing.assert_allclose(c.east[:, :-1], np.where(both, expected, 0.0), rtol=1e-12)
    assert (c.south[~terrain.valid] == 0).all()
    assert np.isfinite(c.bedrock).all()


@pytest.mark.parametrize("recharge", [0.0, 4e-9])
def test_closed_form_11_dupuit_between_fixed_heads(recharge: float, kernels: str) -> None:
    k, left, right, dx, cells, depth = 1e-4, 2.0, 1.6, 5.0, 31, 2.1
    strip = plane(0.0, (1, cells), dx, depth)
    c = groundwater.conductances(strip, k, "closed")
    seconds = 2.0 * groundwater.longest_step(strip, k)  # a step twice as long is stable here
    full, deficits = np.full((1, cells), depth), np.full((1, cells), 0.1)
    water = water_in_contact(np.full((1, cells), right), depth, 0.1)
    offered = np.full((1, cells), recharge * seconds)
    for _ in range(4000):
        water.table[0, 0], water.table[0, -1] = left, right
        equal_steps(water, offered, c, full, deficits, 1, seconds)
    water.table[0, 0], water.table[0, -1] = left, right
    length = (cells - 1) * dx
    x = np.arange(cells) * dx
    exact = left**2 + (right**2 - left**2) * x / length + recharge / k * x * (length - x)
    np.testing.assert_allclose(water.table[0] ** 2, exact, rtol=1e-3)
    if recharge:  # and the parabola is not the straight line
        assert np.max(exact / (left**2 + (right**2 - left**2) * x / length)) > 1.05


def test_outflow_is_scaled_so_that_no_table_falls_below_the_bedrock(kernels: str) -> None:
    terrain = rough_terrain(16)
    c = groundwater.conductances(terrain, 1e-3, "open")
    depth = np.where(terrain.valid, terrain.soil_depth, 0.0)
    deficit, zeros = np.full(depth.shape, 0.1), np.zeros(depth.shape)
    water = kernels_module.Water(0.5 * depth, zeros.copy(), np.zeros(depth.shape, dtype=bool), zeros.copy())
    before = (water.band + 0.15 * water.table).sum()
    equal_steps(water, zeros, c, depth, deficit, 3, 50 * groundwater.longest_step(terrain, 1e-3))
    assert (water.table >= 0).all()
    assert (water.table <= depth).all()
    after = (water.band + 0.15 * water.table).sum() + water.exfiltrated + water.drained
    assert after == pytest.approx(before, rel=1e-12)
    assert water.drained > 0


# --- the whole engine -----------------------------------------------------------------------

LATERAL = {
    "matrix": CASES["soaking"].with_values(duration=24.0),
    "pipes": CASES["wet"].with_values(lateral_anisotropy=30.0, duration=10.0),
    "closed": CASES["ponding"].with_values(lateral_anisotropy=10.0, options=options(edges="closed")),
    "dry": CASES["dry"].with_values(lateral_anisotropy=20.0),
    "saturated": CASES["ponding"].with_values(water_table_ratio=1.0, lateral_anisotropy=5.0),
}


@pytest.mark.parametrize("name", LATERAL)
@pytest.mark.parametrize("seed", [21, 22])
def test_closed_form_12_water_is_kept(name: str, seed: int, kernels: str) -> None:
    terrain, scenario = rough_terrain(seed), LATERAL[name]
    result = solve(terrain, scenario)
    d = result.diagnostics
    assert ("compiled" in d["device"]) is (kernels == "compiled")
    out = d["runoff_m3"] + d["exfiltration_m3"] + d["drainage_m3"]
    assert abs(d["rain_m3"] - d["storage_change_m3"] - out) / d["rain_m3"] < 1e-6
    assert d["mass_balance_error"] < 1e-6
    assert {type(value) for value in d.values()} <= {float, int, str}, "QGIS shows no others"
    assert d["rain_m3"] == pytest.approx(scenario.rainfall / 1000 * scenario.duration * terrain.valid.sum() * 25.0)
    assert min(d["runoff_m3"], d["exfiltration_m3"], d["drainage_m3"]) >= -1e-9 * d["rain_m3"]
    assert (d["drainage_m3"] > 0) == (scenario.options.edges == "open")

    # The same from the maps (float32): S = dTheta z_w + (dTheta + n_min) h
    depth, theta = terrain.soil_depth, scenario.moisture_deficit
    stored = theta * result.wetting_front + (theta + RESIDUAL_AIR) * result.water_table
    change = np.nansum(stored.astype(float) - (theta + RESIDUAL_AIR) * scenario.water_table_ratio * depth) * 25.0
    assert change == pytest.approx(d["storage_change_m3"], abs=1e-5 * d["rain_m3"])


@pytest.mark.parametrize("name", LATERAL)
def test_compiled_and_plain_kernels_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terrain = rough_terrain(23)
    use("plain", monkeypatch)
    plain = finished_run(terrain, LATERAL[name])
    use("compiled", monkeypatch)
    fast = finished_run(terrain, LATERAL[name])
    for layer in ("table", "band", "infiltrated"):
        np.testing.assert_allclose(getattr(fast.water, layer), getattr(plain.water, layer), rtol=1e-12, atol=1e-12)
    assert np.array_equal(fast.water.contact, plain.water.contact)
    for total in ("runoff", "exfiltrated", "drained"):
        assert getattr(fast.water, total) == pytest.approx(getattr(plain.water, total), rel=1e-10, abs=1e-12)


TURNS = {
    "quarter": np.rot90,
    "half": lambda a: np.rot90(a, 2),
    "left-right": np.fliplr,
    "up-down": np.flipud,
    "diagonal": np.transpose,
}


def test_weak_or_short_flow_takes_enough_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two stable steps would do for this rain; the water table must be that of many more all the same."""
    terrain = rough_terrain(5)
    scenario = Scenario(rainfall=3.0, duration=1.5, conductivity=2e-5, lateral_anisotropy=2.0, water_table_ratio=0.5)
    table = solve(terrain, scenario, Engine(failure_times=False)).water_table
    monkeypatch.setattr(simulation_module, "FEWEST_STEPS", 2000)
    exact = solve(terrain, scenario, Engine(failure_times=False)).water_table
    moved = np.nanmax(np.abs(exact - 0.5 * terrain.soil_depth))
    assert moved > 0.05
    assert np.nanmax(np.abs(table - exact)) < 0.02 * moved


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("lateral", [False, True])
def test_closed_form_14_turning_the_maps_turns_the_result(turn: str, lateral: bool) -> None:
    terrain = rough_terrain(24)
    cohesion = np.random.default_rng(3).uniform(2.0, 9.0, terrain.grid.shape)
    scenario = LATERAL["pipes"].with_values(options=options(lateral_flow=lateral), cohesion=cohesion)
    move = TURNS[turn]
    rotated = Terrain.from_arrays(move(terrain.elevation), move(terrain.soil_depth), 5.0)
    result, other = solve(terrain, scenario), solve(rotated, scenario.with_values(cohesion=move(cohesion)))
    for layer in LAYERS:
        np.testing.assert_allclose(getattr(other, layer), move(getattr(result, layer)), rtol=1e-6, atol=1e-6)


def test_lateral_flow_carries_water_downhill() -> None:
    strip = plane(30.0, (5, 40), 5.0, 3.0)
    scenario = CASES["soaking"].with_values(
        rainfall=1.0, lateral_anisotropy=50.0, duration=24.0, options=options(edges="closed")
    )
    table = solve(strip, scenario).water_table[2]
    alone = solve(strip, scenario, SoilColumn()).water_table[2]
    assert table[2] < 0.5 * alone[2]
    assert table[-1] > 2.0 * alone[-1]
    assert (np.diff(table) >= 0).all()


def test_open_edges_drain_and_closed_ones_hold() -> None:
    terrain = rough_terrain(25)
    opened, closed = (
        solve(terrain, LATERAL["pipes"].with_values(options=options(edges=e))) for e in ("open", "closed")
    )
    assert np.nansum(opened.water_table) < np.nansum(closed.water_table)
    assert closed.diagnostics["drainage_m3"] == 0.0


def test_a_hole_of_nodata_drains_where_edges_are_open() -> None:
    z = -3.0 * np.arange(20.0) + np.zeros((9, 20))
    z[4, 10] = np.nan
    for edges, drains in (("open", True), ("closed", False)):
        terrain = Terrain.from_arrays(z, 3.0, 5.0)
        border = groundwater.conductances(terrain, 1e-4, edges).border
        assert (border[4, 9] > 0) == drains  # the uphill neighbour
        assert border[4, 11] == 0  # the downhill one
        assert np.isnan(solve(terrain, Scenario(options=options(edges=edges))).factor_of_safety[4, 10])


def test_the_minimum_over_the_event_and_the_time_of_failure() -> None:
    terrain = rough_terrain(26)
    scenario = CASES["ponding"].with_values(lateral_anisotropy=20.0, duration=20.0)
    end = solve(terrain, scenario)
    least = solve(terrain, scenario.with_values(options=options(evaluate="minimum")))
    ok = np.isfinite(end.factor_of_safety)
    assert (least.factor_of_safety[ok] <= np.minimum(end.factor_of_safety, end.initial_factor_of_safety)[ok]).all()
    assert np.array_equal(np.isfinite(end.failure_time), least.factor_of_safety < 1.0)
    times = end.failure_time[np.isfinite(end.failure_time)]
    assert (times[end.initial_factor_of_safety[np.isfinite(end.failure_time)] < 1.0] == 0.0).all()
    assert times.max() <= 20.0
    assert ((times > 0) & (times < 20.0)).any()
    shorter = solve(terrain, scenario.with_values(duration=10.0))
    np.testing.assert_array_equal(np.isfinite(shorter.failure_time), end.failure_time <= 10.0)


def test_solver_for_takes_the_cheaper_exact_solver() -> None:
    assert isinstance(engine_for(Scenario()), Engine)
    assert isinstance(engine_for(Scenario(options=options(lateral_flow=False))), SoilColumn)
    assert isinstance(engine_for(Scenario(options=options(lateral_flow=False, evaluate="minimum"))), Engine)


def test_several_scenarios_come_in_order_with_rising_progress() -> None:
    seen: list[float] = []

    class Recording(Feedback):
        def setProgress(self, percent: float) -> None:
            seen.append(percent)

    scenarios = [CASES["dry"].with_values(name=n, cohesion=c) for n, c in (("a", 1.0), ("b", 9.0))]
    results = list(Engine().solve(rough_terrain(27, (8, 8)), scenarios, Recording()))
    assert [r.scenario.name for r in results] == ["a", "b"]
    assert results[0].failed_cells > results[1].failed_cells
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(100.0)


def test_cancelling_stops_within_the_event() -> None:
    class Later(Feedback):
        asked = 0

        def isCanceled(self) -> bool:
            self.asked += 1
            return self.asked > 3

    feedback = Later()
    with pytest.raises(Cancelled):
        next(Engine().solve(rough_terrain(28, (8, 8)), [CASES["soaking"]], feedback))
    assert feedback.asked == 4


def test_the_number_of_threads_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six blocks of cells on one thread and on all: the same bits, sums included."""
    use("compiled", monkeypatch)
    terrain, scenario = rough_terrain(29, (150, 160)), LATERAL["dry"].with_values(duration=2.0)
    runs = []
    for worth in (10**9, 0):
        monkeypatch.setattr(compiling, "CELLS_WORTH_THREADS", worth)
        runs.append(finished_run(terrain, scenario).water)
    one, all_of_them = runs
    for layer in ("table", "band", "contact", "infiltrated"):
        np.testing.assert_array_equal(getattr(one, layer), getattr(all_of_them, layer))
    assert (one.runoff, one.exfiltrated, one.drained) == (
        all_of_them.runoff, all_of_them.exfiltrated, all_of_them.drained,
    )  # fmt: skip


@pytest.mark.parametrize("raster", [False, True])
def test_a_cell_that_could_not_take_its_water_goes_on_from_its_own_amount(raster: bool) -> None:
    terrain, scenario = rough_terrain(30, (8, 8)), CASES["ponding"].with_values(rainfall=40.0)
    if raster:
        scenario = scenario.with_values(rainfall=np.full(terrain.grid.shape, 40.0))
    run = simulation_module.Simulation(terrain, scenario)
    rain = run.cells.pick(scenario.rainfall_m_per_s)
    nothing = np.zeros(run.cells.count)
    first = run.potential.offer(7200.0, rain, nothing)
    np.testing.assert_allclose(run.potential.offer(7200.0, rain, nothing), first, rtol=1e-6)
    later = run.potential.offer(7200.0, rain, run.potential.total.copy())
    assert (later < 0.7 * first).all()  # who took everything goes on at a falling capacity


# --- before and after the rain --------------------------------------------------------------


def test_cells_that_drain_until_they_hold_are_counted_apart():
    """A wet upper slope without rain: what drains from it is no failed cell at the end, but it was one before."""
    terrain = plane(30.0, (3, 40), 10.0, 2.0)
    scenario = Scenario(
        cohesion=2.0, friction_angle=32.0, rainfall=0.0, duration=48.0, water_table_ratio=0.7, conductivity=1e-4,
        lateral_anisotropy=20.0,
    )  # fmt: skip
    result = solve(terrain, scenario)
    before, after = result.initial_factor_of_safety < 1.0, result.factor_of_safety < 1.0
    assert before.mean() > 0.9
    assert 0 < result.class_cells[3] == int((before & ~after).sum())
    assert sum(result.class_cells[2:]) == before.sum()
    least = solve(terrain, scenario.with_values(options=options(evaluate="minimum")))
    assert least.class_cells[3] == 0
    assert least.failed_cells == before.sum()


def test_drainage_does_not_depend_on_an_earlier_scenario_without_lateral_flow():
    """What a terrain keeps for all conductivities must not come from a conductivity of 0."""
    terrain = rough_terrain(31, (30, 36), holes=0.0)
    flowing = Scenario(conductivity=1e-5, lateral_anisotropy=30.0)
    drained = []
    for first in (flowing, flowing.with_values(options=options(lateral_flow=False))):
        vars(terrain).pop("_conductances", None)
        finished_run(terrain, first)
        drained.append(finished_run(terrain, flowing).result().diagnostics["drainage_m3"])
    assert drained[0] > 0.0
    assert drained[1] == drained[0]
