"""Maps solved window by window have the answer of the whole map, cell by cell."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.map_parts.tiles import Margin, Tile
from slopecast.plugin.core.physics.engine import Engine, engine_for
from slopecast.plugin.core.physics.flow.schedule import StepBudget
from slopecast.plugin.core.rainfall import Hyetograph
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.windowed import memory
from slopecast.plugin.core.windowed.coarse_phase import coarse_phases
from slopecast.plugin.core.windowed.pass_states import PassStates
from slopecast.plugin.core.windowed.solve import WindowedRun
from slopecast.plugin.core.windowed.study import Study, whole_map_of
from slopecast.plugin.core.workers.parallel import Executor
from slopecast.plugin.core.workers.remote_water import RemoteWater
from study_areas import rough_terrain, solve

MAPS = (
    "failure_mask", "failure_class", "factor_of_safety", "water_table", "wetting_front", "runoff", "failure_mode",
    "failure_depth", "initial_factor_of_safety", "failure_time",
)  # fmt: skip


def whole_map(shape=(190, 180), seed=4, holes=True) -> Terrain:
    terrain = rough_terrain(seed, shape)
    z = terrain.elevation.astype(np.float32)
    rng = np.random.default_rng(seed)
    depth = rng.uniform(0.3, 3.0, shape).astype(np.float32)
    if holes:
        z[20:31, 60:90] = np.nan
        depth[100:, :15] = np.nan
    return Terrain(terrain.grid, z, depth)


def put_together(run: WindowedRun, shape, names=MAPS):
    found, solved = {}, {}
    for window in run.solve(Feedback()):
        solved[window.tile.inner[0].start, window.tile.inner[1].start] = window
        for name in names:
            values = getattr(window.result, name)
            if values is not None:
                whole = found.setdefault(
                    name, np.full(shape, 255 if values.dtype == np.uint8 else np.nan, values.dtype)
                )
                whole[window.tile.inner] = values
    return found, solved


SCENARIOS = {
    "default": Scenario(cohesion=3.0, friction_angle=25.0),
    "steps that follow the flow": Scenario(cohesion=3.0, conductivity=3e-5, duration=6.0, rainfall=20.0),
    "closed edges, minimum": Scenario(
        cohesion=3.0, duration=8.0, options=EngineOptions(edges="closed", evaluate="minimum")
    ),
    "hyetograph": Scenario(cohesion=3.0, hyetograph=Hyetograph((1.0, 2.0, 4.0), (20.0, 0.0, 35.0))),
    "no lateral flow": Scenario(cohesion=3.0, options=EngineOptions(lateral_flow=False)),
}


@pytest.mark.slow
@pytest.mark.parametrize("rasters", [False, True], ids=["numbers", "rasters"])
@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "numpy"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_windows_have_the_answer_of_the_whole_map(name, compiled, rasters, monkeypatch):
    monkeypatch.setenv("SLOPECAST_NUMBA", str(int(compiled)))
    terrain, scenario = whole_map(), SCENARIOS[name]
    layers = {}
    if rasters:
        rng = np.random.default_rng(2)
        layers["cohesion"] = rng.uniform(1.0, 6.0, terrain.grid.shape).astype(np.float32)
        layers["conductivity"] = (scenario.conductivity * rng.choice([0.3, 1.0, 1.7], terrain.grid.shape)).astype("f4")
        layers["conductivity"][60:70, 100:] = np.nan
    whole = scenario.with_values(**layers)
    times = name != "no lateral flow"
    solver = engine_for(whole, failure_times=times)
    expected = next(iter(solver.solve(terrain, [whole], Feedback())))
    study = Study.of(terrain, scenario, layers)
    run = WindowedRun(study, whole_map_of(study, Feedback()), engine_for(whole, failure_times=times), 48, Margin(49))
    found, windows = put_together(run, terrain.grid.shape)
    assert len(windows) >= 16
    for map_name in MAPS:
        values = getattr(expected, map_name)
        if values is not None:
            assert np.array_equal(found[map_name], values, equal_nan=values.dtype != np.uint8), map_name
    results = [w.result for w in windows.values()]
    assert sum(r.failed_cells for r in results) == expected.failed_cells > 0
    for key in ("rain_m3", "runoff_m3", "exfiltration_m3", "drainage_m3", "storage_change_m3", "stored_before_m3"):
        if key in expected.diagnostics:
            total = sum(r.diagnostics[key] for r in results)
            assert total == pytest.approx(expected.diagnostics[key], rel=1e-9, abs=1e-6), key
    if "steps" in expected.diagnostics:
        assert {r.diagnostics["steps"] for r in results} == {expected.diagnostics["steps"]}


_FLOW = {"cohesion": 3.0, "conductivity": 1e-5, "lateral_anisotropy": 60.0}
STRONG = {
    "rain below the conductivity": Scenario(**_FLOW, duration=12.0, rainfall=20.0),
    "ponding": Scenario(cohesion=3.0, conductivity=5e-6, lateral_anisotropy=100.0, duration=8.0, rainfall=40.0),
    "closed edges, minimum": Scenario(
        **_FLOW, duration=8.0, options=EngineOptions(edges="closed", evaluate="minimum")
    ),
    "hyetograph": Scenario(**_FLOW, hyetograph=Hyetograph((1.0, 2.0, 8.0), (20.0, 80.0, 25.0))),
    "wet before": Scenario(
        cohesion=3.0, conductivity=1e-4, lateral_anisotropy=20.0, duration=4.0, rainfall=20.0, water_table_ratio=0.8
    ),
    "saturated before": Scenario(
        cohesion=3.0, conductivity=2e-6, lateral_anisotropy=100.0, duration=12.0, rainfall=12.0, water_table_ratio=1.0
    ),
}  # fmt: skip
HOURS = (0.0, 1.5, 3.0)


def layers_of(scenario, shape):
    rng = np.random.default_rng(2)
    layers = {
        "cohesion": rng.uniform(1.0, 6.0, shape).astype(np.float32),
        "conductivity": (scenario.conductivity * rng.choice([0.3, 1.0, 1.2], shape)).astype("f4"),
    }
    layers["conductivity"][60:70, 100:] = np.nan
    return layers


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "compiled", "rasters"),
    [*((name, True, rasters) for name in STRONG for rasters in (False, True)), ("ponding", False, True)],
)
def test_passes_have_the_answer_of_the_whole_map(name, compiled, rasters, monkeypatch):
    monkeypatch.setenv("SLOPECAST_NUMBA", str(int(compiled)))
    terrain, scenario = whole_map(), STRONG[name]
    layers = layers_of(scenario, terrain.grid.shape) if rasters else {}
    whole = scenario.with_values(**layers)
    engine = Engine(hours=HOURS)
    expected = next(iter(engine.solve(terrain, [whole], Feedback())))
    study = Study.of(terrain, scenario, layers)
    run = WindowedRun(study, whole_map_of(study, Feedback()), Engine(hours=HOURS), 64, Margin(14))
    found, windows = put_together(run, terrain.grid.shape)
    assert expected.diagnostics["steps"] > 150
    for map_name in MAPS:
        values = getattr(expected, map_name)
        if values is not None:
            assert np.array_equal(found[map_name], values, equal_nan=values.dtype != np.uint8), map_name
    results = [w.result for w in windows.values()]
    for number, (hour, values) in enumerate(expected.series):
        series = np.full(terrain.grid.shape, np.nan, np.float32)
        for window in windows.values():
            assert window.result.series[number][0] == hour
            series[window.tile.inner] = window.result.series[number][1]
        assert np.array_equal(series, values, equal_nan=True)
    check_sums(results, expected)


def test_a_margin_that_the_map_cuts_off_is_computed_to_the_last_row():
    """The last core is lower than the margin of the one before, which then ends with the map."""
    pytest.importorskip("numba")
    terrain = whole_map((150, 170), holes=False)
    scenario = Scenario(conductivity=6e-6, lateral_anisotropy=12.0, duration=11.0, water_table_ratio=0.4)
    expected = solve(terrain, scenario, Engine(failure_times=False))
    study = Study.of(terrain, scenario, {})
    run = WindowedRun(study, whole_map_of(study, Feedback()), Engine(failure_times=False), 48, Margin(14))
    found, windows = put_together(run, terrain.grid.shape)
    assert len(windows) > 1
    assert np.array_equal(found["water_table"], expected.water_table, equal_nan=True)
    check_sums([w.result for w in windows.values()], expected)


def check_sums(results, expected):
    for key in ("rain_m3", "runoff_m3", "exfiltration_m3", "drainage_m3", "storage_change_m3", "stored_before_m3"):
        total = sum(r.diagnostics[key] for r in results)
        assert total == pytest.approx(expected.diagnostics[key], rel=1e-9, abs=1e-6), key
    assert {r.diagnostics["steps"] for r in results} == {expected.diagnostics["steps"]}


@pytest.mark.parametrize("at_once", [1, 2])
@pytest.mark.parametrize("rasters", [False, True], ids=["numbers", "rasters"])
@pytest.mark.parametrize(
    "name", ["rain below the conductivity", "ponding", "hyetograph", "wet before", "saturated before"]
)
def test_coarse_phase_is_that_of_the_whole_map(name, rasters, at_once):
    pytest.importorskip("numba")
    terrain, scenario, budget = whole_map(), STRONG[name], StepBudget(24)
    layers = layers_of(scenario, terrain.grid.shape) if rasters else {}
    whole = scenario.with_values(**layers)
    engine = Engine(failure_times=False, scheme="fast", budget=budget)
    expected = next(iter(engine.solve(terrain, [whole], Feedback())))
    study = Study.of(terrain, scenario, layers)
    seen = whole_map_of(study, Feedback(), pyramid=True)
    phases = coarse_phases(study, seen, [budget], Feedback())
    run = WindowedRun(study, replace(seen, coarse_phases=phases), engine, 64, Margin(14), at_once=at_once)
    found, windows = put_together(run, terrain.grid.shape)
    assert phases[24].steps > 0
    assert len(windows) > 4
    for map_name in MAPS:
        values = getattr(expected, map_name)
        if values is not None:
            assert np.array_equal(found[map_name], values, equal_nan=values.dtype != np.uint8), map_name
    check_sums([w.result for w in windows.values()], expected)


class Ahead(Executor):
    """Does several items at a time, as workers do, which know nothing of each other; gives them in any order."""

    workers = 5

    def __init__(self, seed):
        self.rng, self.most = np.random.default_rng(seed), 0

    def run(self, task, items, feedback):
        done, following = [], 0
        while done or following < len(items):
            while len(done) < self.workers and following < len(items):
                item = pickle.loads(pickle.dumps(items[following]))
                self.most = max(self.most, len(pickle.dumps(item)))
                done.append((following, pickle.loads(pickle.dumps(task(item, feedback)))))
                following += 1
            yield done.pop(self.rng.integers(len(done)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "side", "margin"),
    [("steps that follow the flow", 48, 49), ("hyetograph", 48, 49), ("ponding", 64, 14)],
)
def test_windows_of_workers_have_the_answer_of_the_whole_map(name, side, margin, tmp_path):
    """In one pass and in several; workers do not know the steps of windows that are solved meanwhile."""
    terrain, scenario = whole_map((112, 128)), {**SCENARIOS, **STRONG}[name]
    layers = layers_of(scenario, terrain.grid.shape)
    whole = scenario.with_values(**layers)
    expected = next(iter(Engine(hours=HOURS).solve(terrain, [whole], Feedback())))
    study, executor = Study.of(terrain, scenario, layers), Ahead(1)
    model = RemoteWater(Engine(hours=HOURS), executor, tmp_path)
    run = WindowedRun(study, whole_map_of(study, Feedback()), model, side, Margin(margin))
    found, windows = put_together(run, terrain.grid.shape)
    for map_name in MAPS:
        values = getattr(expected, map_name)
        assert np.array_equal(found[map_name], values, equal_nan=values.dtype != np.uint8), map_name
    check_sums([w.result for w in windows.values()], expected)
    assert 0 < executor.most < terrain.valid.size  # an array of the map has many times as many bytes
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "margin"),
    [("default", 49), ("steps that follow the flow", 49), ("default", 8), ("ponding", 14), ("wet before", 14)],
)
def test_windows_that_are_solved_at_once_have_the_answer_of_the_whole_map(name, margin):
    """Also where the margin is too narrow and others are solved one by one, and in passes."""
    terrain, scenario = whole_map((112, 128)), {**SCENARIOS, **STRONG}[name]
    layers = layers_of(scenario, terrain.grid.shape)
    whole = scenario.with_values(**layers)
    expected = next(iter(Engine(hours=HOURS).solve(terrain, [whole], Feedback())))
    study = Study.of(terrain, scenario, layers)
    run = WindowedRun(study, whole_map_of(study, Feedback()), Engine(hours=HOURS), 32, Margin(margin), at_once=3)
    found, windows = put_together(run, terrain.grid.shape)
    for map_name in MAPS:
        values = getattr(expected, map_name)
        assert np.array_equal(found[map_name], values, equal_nan=values.dtype != np.uint8), map_name
    check_sums([w.result for w in windows.values()], expected)


def free_disk(monkeypatch, bytes_left):
    usage = memory.shutil.disk_usage(".")
    monkeypatch.setattr(memory.shutil, "disk_usage", lambda _: usage._replace(free=bytes_left))


@pytest.mark.parametrize("workers", [False, True], ids=["here", "workers"])
def test_passes_without_room_on_the_disk_are_refused_before_they_begin(workers, tmp_path, monkeypatch):
    """Workers get a copy of the states before a pass, in files of a folder on the same disk."""
    terrain, scenario = whole_map((112, 128)), STRONG["ponding"]
    cells, executor = terrain.valid.size, Ahead(1)
    study = Study.of(terrain, scenario, {})
    whole = replace(whole_map_of(study, Feedback()), deepest=3.0)
    states = 2 * 41 * cells  # before and after a pass
    model = RemoteWater(Engine(failure_times=False), executor, tmp_path) if workers else Engine(failure_times=False)
    run = WindowedRun(study, whole, model, 64, Margin(14))
    monkeypatch.setattr(WindowedRun, "_pass", lambda *_: pytest.fail("a pass has begun"))
    free_disk(monkeypatch, states + (1.2 * 41 * cells if workers else -1))
    with pytest.raises(InputError, match=r"of intermediate results in .*, where \d MB are free"):
        list(run.solve(Feedback()))


@pytest.mark.parametrize(
    ("scenario", "engine"),
    [("ponding", Engine(hours=HOURS)), ("closed edges, minimum", Engine(failure_times=False, hours=HOURS))],
)
def test_the_room_of_passes_holds_all_that_simulations_keep(scenario, engine, monkeypatch):
    kept = []

    def end_pass(states):
        kept.append(sum(v.nbytes for one in states._after.values() for v in one.maps.values()))
        states.last = True
        return 1.0

    monkeypatch.setattr(PassStates, "end_pass", end_pass)
    terrain = whole_map((112, 128))
    study = Study.of(terrain, STRONG[scenario], layers_of(STRONG[scenario], terrain.grid.shape))
    run = WindowedRun(study, whole_map_of(study, Feedback()), engine, 64, Margin(14))
    run._step_in_passes(64, PassStates(terrain.grid.shape), Feedback())
    expected, _ = run._disk_space(64, 4)
    assert 0.6 * expected <= 2 * kept[0] <= expected


def test_windows_take_the_slope_of_the_map():
    """It is that which each window finds itself, but for its outermost cells."""
    terrain, scenario = whole_map(), SCENARIOS["default"]
    study = Study.of(terrain, scenario, {})
    inner, outer = (slice(40, 90), slice(30, 80)), (slice(38, 92), slice(28, 82))
    own, _ = study.window(Tile(outer, inner), None)
    expected = own.slope[2:-2, 2:-2].copy()
    whole_map_of(study, Feedback())
    found, _ = study.window(Tile(outer, inner), None)
    assert "slope" in vars(found)
    assert np.array_equal(found.slope[2:-2, 2:-2], expected, equal_nan=True)
    assert np.array_equal(found.slope, terrain.slope[outer], equal_nan=True)
