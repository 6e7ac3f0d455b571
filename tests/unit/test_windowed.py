"""Maps solved window by window have the answer of the whole map, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.engine import engine_for
from slopecast.plugin.core.rainfall import Hyetograph
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.windowed.solve import Margin, WindowedRun
from slopecast.plugin.core.windowed.study import Study, look_over
from study_areas import rough_terrain

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
        if window.result is None:
            continue
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
    run = WindowedRun(study, look_over(study, Feedback()), engine_for(whole, failure_times=times), 48, Margin(49))
    found, windows = put_together(run, terrain.grid.shape)
    assert len(windows) >= 16
    for map_name in MAPS:
        values = getattr(expected, map_name)
        if values is not None:
            assert np.array_equal(found[map_name], values, equal_nan=values.dtype != np.uint8), map_name
    results = [w.result for w in windows.values() if w.result is not None]
    assert sum(r.failed_cells for r in results) == expected.failed_cells > 0
    for key in ("rain_m3", "runoff_m3", "exfiltration_m3", "drainage_m3", "storage_change_m3", "stored_before_m3"):
        if key in expected.diagnostics:
            total = sum(r.diagnostics[key] for r in results)
            assert total == pytest.approx(expected.diagnostics[key], rel=1e-9, abs=1e-6), key
    if "steps" in expected.diagnostics:
        assert {r.diagnostics["steps"] for r in results} == {expected.diagnostics["steps"]}
