"""The network as a solver: one answer for any tiling, batch and device; what it refuses; where memory runs out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from messages import Messages
from slopecast.plugin.core.errors import Cancelled, InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.physics.flow import grid_pyramid, groundwater
from slopecast.plugin.core.physics.flow.first_guess import first_guess
from slopecast.plugin.core.physics.flow.schedule import Schedule, StepBudget
from slopecast.plugin.core.rainfall import Hyetograph
from slopecast.plugin.core.result import Result
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.metrics import Counts, iou
from slopecast.plugin.ml import device, model_file, network_solver, opened_network
from slopecast.plugin.ml.channels import TerrainMaps
from slopecast.plugin.ml.network_solver import NetworkSolver, network_solver_for
from study_areas import solve
from tiny_networks import lively, written

STRONG = Scenario(conductivity=1e-5, lateral_anisotropy=50.0, duration=48.0, cohesion=3.0)
WEAK = Scenario(conductivity=1e-6, rainfall=12.0, duration=30.0, cohesion=3.0)


@pytest.fixture(scope="module")
def terrain():
    made = procedural_area(3, (90, 121), 10.0)
    elevation = made.elevation.copy()
    elevation[20:24, 30:37] = np.nan
    elevation[:, :5] = np.nan
    return Terrain.from_arrays(elevation, made.soil_depth, 10.0)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return written(tmp_path_factory.mktemp("model") / "lively.safetensors", lively(), "lively")


@pytest.fixture
def single_precision(monkeypatch):
    """Convolutions in float32 also where the processor is faster in half precision."""
    monkeypatch.setattr(opened_network, "half_precision", lambda device: (torch.float32, ""))


def predict(terrain, scenario, model, **options):
    return solve(terrain, scenario, NetworkSolver(model, device="cpu", **options))


def agree(one, other, atol=1e-4):
    np.testing.assert_allclose(one.water_table, other.water_table, atol=atol)
    np.testing.assert_allclose(one.factor_of_safety, other.factor_of_safety, atol=10 * atol)
    assert np.mean(one.failure_mask != other.failure_mask) < 1e-3


def near(one, other, error=1e-3):
    """For guesses by other steps: equal in the mean [m] and in next to all cells of the mask."""
    assert np.nanmean(np.abs(one.water_table - other.water_table)) < error
    np.testing.assert_array_equal(np.isnan(one.water_table), np.isnan(other.water_table))
    assert np.mean(one.failure_mask != other.failure_mask) < 5e-3


def parameter_rasters(terrain):
    east = np.arange(terrain.grid.shape[1]) * np.ones(terrain.grid.shape)
    return {"conductivity": np.where(east < 60, 4e-6, 1e-5), "moisture_deficit": 0.05 + 0.001 * east}


@pytest.mark.parametrize("scenario", [STRONG, WEAK], ids=["strong", "weak"])
def test_a_fresh_network_gives_the_first_guess(terrain, tmp_path, scenario):
    result = predict(terrain, scenario, written(tmp_path / "fresh.safetensors"))
    guess = first_guess(terrain, scenario)
    np.testing.assert_allclose(result.water.water_table, guess.water.water_table, atol=1e-12)
    assert result.diagnostics["guess_steps"] == guess.schedule.budget.steps
    assert result.diagnostics["corrected_cells"] == 0


def test_the_answer_is_the_guess_and_the_correction_within_its_bound(terrain, model):
    result, guess = predict(terrain, STRONG, model), first_guess(terrain, STRONG).water.water_table
    change, water = result.water.water_table - guess, result.water
    assert (np.abs(change) <= water.table_bound * (1.0 + 1e-5) + 1e-9).all()
    assert (water.table_error >= 0.0).all()
    assert (water.water_table >= 0.0).all()
    assert (water.water_table <= terrain.cells.soil_depth).all()
    assert result.diagnostics["corrected_cells"] > 1000
    assert (np.abs(change) > 1e-3).sum() <= result.diagnostics["corrected_cells"]  # counted before tables are clipped


@pytest.mark.parametrize("tile", [1, 64, 100])
def test_tiles_equal_the_whole(terrain, model, single_precision, tile):
    """Down to the smallest that the receptive field allows."""
    whole = predict(terrain, STRONG, model)
    tiled = predict(terrain, STRONG, model, tile=tile)
    assert whole.diagnostics["tiles"] == 1 < tiled.diagnostics["tiles"]
    agree(tiled, whole, 1e-5)
    np.testing.assert_allclose(tiled.confidence, whole.confidence, atol=1e-3)
    assert 0 < whole.failed_cells < whole.valid_cells


def test_strips_give_what_one_strip_gives(terrain, model, single_precision, monkeypatch):
    """Seven rows at a time; which of a strip's values have another last bit depends on its size."""
    whole = predict(terrain, STRONG, model)
    monkeypatch.setattr(network_solver, "_STRIP_CELLS", 900)
    strips = predict(terrain, STRONG, model)
    for name, values in whole.water.arrays.items():
        np.testing.assert_allclose(strips.water.arrays[name], values, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("scenario", [STRONG, WEAK], ids=["strong", "weak"])
@pytest.mark.parametrize("rasters", [False, True])
def test_a_large_map_gives_what_a_small_one_gives(terrain, model, monkeypatch, scenario, rasters):
    """Grids and coefficients are made again."""
    if rasters:
        scenario = scenario.with_values(**parameter_rasters(terrain))
    small = [predict(replace(terrain), s, model) for s in (scenario, scenario.with_values(rainfall=7.0))]
    for module in (device, grid_pyramid, groundwater):
        monkeypatch.setattr(module, "LARGE_MAP", 100)

    solver, same = NetworkSolver(model, device="cpu"), replace(terrain)
    for rain, expected in zip((scenario.rainfall, 7.0), small):
        large = solve(same, scenario.with_values(rainfall=rain), solver)
        assert "_grid_pyramid" not in vars(same)
        for name, values in expected.water.arrays.items():
            np.testing.assert_array_equal(large.water.arrays[name], values, err_msg=name)
        np.testing.assert_array_equal(large.factor_of_safety, expected.factor_of_safety)


def test_tiles_equal_the_whole_in_the_processors_own_precision(terrain, model):
    """Bfloat16 resolves a 256th of a change, which these weights make up to decimetres."""
    tiled, whole = predict(terrain, STRONG, model, tile=1), predict(terrain, STRONG, model)
    agree(tiled, whole, 0.02)
    assert np.nanmean(np.abs(tiled.water_table - whole.water_table)) < 1e-3
    assert np.mean(tiled.failure_mask != whole.failure_mask) < 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("numba", ["1", "0"])
def test_a_batch_equals_its_scenarios_one_by_one(terrain, model, single_precision, monkeypatch, numba):
    """Numbers and rasters in turn, of several lengths, strengths and budgets; in the order given."""
    monkeypatch.setenv("SLOPECAST_NUMBA", numba)
    rasters = parameter_rasters(terrain)
    zoned = {"conductivity": rasters["conductivity"]}
    scenarios = [
        STRONG, WEAK, replace(STRONG, cohesion=6.0), replace(STRONG, duration=6.0), STRONG.with_values(**zoned),
        WEAK.with_values(**zoned), STRONG.with_values(cohesion=rasters["moisture_deficit"] * 40.0),
        WEAK.with_values(moisture_deficit=rasters["moisture_deficit"]), replace(STRONG, rainfall=2.0),
    ]  # fmt: skip
    solver, sizes = NetworkSolver(model, device="cpu"), []
    monkeypatch.setattr(NetworkSolver, "_steps_on_processor", lambda self, terrain: False)
    monkeypatch.setattr(solver, "batch_size", lambda terrain: 6)
    whole = solver._batch
    monkeypatch.setattr(solver, "_batch", lambda *given: sizes.append(len(given[1])) or whole(*given))
    together = list(solver.solve(terrain, scenarios, Feedback()))
    assert sum(sizes) == 7, "strength alone shares its water"
    assert max(sizes) >= 3
    assert [r.scenario for r in together] == scenarios
    for scenario, result in zip(scenarios, together):
        agree(result, predict(terrain, scenario, model), 1e-4)


@pytest.mark.skipif(
    tuple(map(int, torch.__version__.split(".")[:2])) < (2, 6), reason="its convolutions round by the number of threads"
)
def test_threads_with_a_scenario_each_give_what_all_of_them_give_together(terrain, model):
    """On any number of threads each value is rounded alike."""
    scenarios = [STRONG.with_values(rainfall=rain) for rain in (9.0, 12.0, 7.0, 15.0, 9.0, 11.0)]
    solver = NetworkSolver(model, device="cpu")
    solver.at_once = 3
    found = list(solver.solve(terrain, scenarios, Feedback()))
    assert [result.scenario for result in found] == scenarios
    for scenario, result in zip(scenarios, found):
        alone = predict(terrain, scenario, model)
        for name, values in alone.water.arrays.items():
            np.testing.assert_array_equal(result.water.arrays[name], values, err_msg=name)
        np.testing.assert_array_equal(result.factor_of_safety, alone.factor_of_safety)


@pytest.mark.parametrize("scenario", [STRONG, WEAK], ids=["strong", "weak"])
def test_dense_steps_guess_the_same(terrain, model, single_precision, monkeypatch, scenario):
    """Those of torch, which a GPU takes, in place of numba's."""
    expected = predict(terrain, scenario, model)
    monkeypatch.setattr(NetworkSolver, "_steps_on_processor", lambda self, terrain: False)
    near(predict(terrain, scenario, model), expected)
    moved = np.abs(expected.water_table - solve(terrain, scenario, SoilColumn()).water_table)
    found = predict(terrain, scenario, model).water_table
    assert np.nanmean(np.abs(found - expected.water_table)) < 0.01 * max(np.nanmean(moved), 1e-3)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (7, 9), (33, 17), (64, 64)])
def test_any_size(model, shape):
    made = procedural_area(5, (64, 64), 5.0)
    small = Terrain.from_arrays(made.elevation[: shape[0], : shape[1]], made.soil_depth[: shape[0], : shape[1]], 5.0)
    result = predict(small, STRONG, model)
    assert result.failure_mask.shape == shape
    assert result.valid_cells == shape[0] * shape[1]
    assert np.isfinite(result.factor_of_safety).all()


@pytest.mark.parametrize("name", ["cohesion", "conductivity", "moisture_deficit"])
def test_nodata_stays_nodata(terrain, model, name):
    values = np.full(terrain.grid.shape, float(getattr(STRONG, name)))
    values[60:70, 60:70] = np.nan
    result = predict(terrain, STRONG.with_values(**{name: values}), model)
    missing = ~terrain.valid | np.isnan(values)
    for raster in (result.factor_of_safety, result.water_table, result.confidence):
        np.testing.assert_array_equal(np.isnan(raster), missing)
    np.testing.assert_array_equal(result.failure_mask == 255, missing)


@pytest.mark.parametrize(
    "names", [("cohesion",), ("conductivity",), ("moisture_deficit", "water_table_ratio"), ("rainfall", "suction_head")]
)
def test_rasters_of_one_value_equal_the_number(terrain, model, single_precision, names):
    scenario = STRONG.with_values(lateral_anisotropy=10.0)
    rasters = {name: np.full(terrain.grid.shape, float(getattr(scenario, name))) for name in names}
    near(predict(terrain, scenario.with_values(**rasters), model), predict(terrain, scenario, model))


def test_gaps_in_a_raster_are_the_outside_as_for_the_engine(terrain, model, single_precision):
    """A cell without conductivity drains its neighbours, whatever solver runs: the terrain ends there."""
    whole = np.full(terrain.grid.shape, 1e-5)
    gaps = whole.copy()
    gaps[40:60, 40:60] = np.nan
    depth = np.where(np.isfinite(gaps), terrain.soil_depth, np.nan)
    cut = Terrain(terrain.grid, terrain.elevation, depth)
    found, expected = (
        predict(t, STRONG.with_values(conductivity=k), model) for t, k in ((terrain, gaps), (cut, whole))
    )
    agree(found, expected, 1e-5)
    near(found, predict(cut, STRONG, model), 5e-3)


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(conductivity=1e-9, lateral_anisotropy=1.0, cohesion=3.0),
        Scenario(conductivity=1e-9, rainfall=100.0, duration=24.0, cohesion=3.0),
        Scenario(conductivity=1e-9, cohesion=3.0, water_table_ratio=0.9),
    ],
)
def test_where_lateral_flow_moves_nothing_the_mask_is_the_engines(terrain, model, scenario):
    result, engine = predict(terrain, scenario, model), solve(terrain, scenario)
    np.testing.assert_array_equal(result.failure_mask, engine.failure_mask)
    assert result.diagnostics["corrected_cells"] == 0


def test_confidence_and_mask_agree(terrain, model):
    result = predict(terrain, STRONG, model)
    known = np.isfinite(result.confidence)
    np.testing.assert_array_equal(result.confidence[known] > 0.5, result.factor_of_safety[known] < 1.0)
    doubtful = (result.confidence[known] > 0.01) & (result.confidence[known] < 0.99)
    assert doubtful.any()


def test_strength_alone_reuses_the_water_and_changes_nothing(terrain, model, monkeypatch):
    solver = NetworkSolver(model, device="cpu")
    first = solve(terrain, STRONG, solver)
    weaker = STRONG.with_values(cohesion=1.0, friction_angle=20.0)
    alone = predict(terrain, weaker, model)

    def no_more(*_arguments):
        raise RuntimeError("the water was computed again")

    monkeypatch.setattr(solver, "_states", no_more)
    again = solve(terrain, weaker, solver)
    np.testing.assert_array_equal(again.factor_of_safety, alone.factor_of_safety)
    np.testing.assert_array_equal(again.water_table, first.water_table)
    with pytest.raises(RuntimeError, match="again"):
        solve(terrain, weaker.with_values(rainfall=5.0), solver)


def test_the_terrain_is_read_once(terrain, model, monkeypatch):
    made, calls = TerrainMaps.of.__func__, []

    def counted(cls, *given):
        calls.append(1)
        return made(cls, *given)

    solver = NetworkSolver(model, device="cpu")  # may check the device on a terrain of its own
    monkeypatch.setattr(TerrainMaps, "of", classmethod(counted))
    scenarios = [STRONG, WEAK, STRONG.with_values(rainfall=3.0)]
    results = list(solver.solve(terrain, scenarios, Feedback()))
    assert len(calls) == 1
    seconds = [r.diagnostics["terrain_seconds"] for r in results]
    assert seconds[0] > max(seconds[1:])


def test_a_guess_that_may_not_be_corrected_needs_no_pass(terrain, model, monkeypatch):
    """And a pass would change nothing: neither water, mask nor what the network says of its error."""
    budget = StepBudget(60)
    assert not Schedule.of(terrain, WEAK, budget).has_coarse_phase
    found = solve(terrain, WEAK, NetworkSolver(model, device="cpu", budget=budget))
    assert found.diagnostics["tiles"] == found.diagnostics["corrected_cells"] == 0
    monkeypatch.setattr(network_solver, "_is_final", lambda *_: False)
    other = solve(terrain, WEAK, NetworkSolver(model, device="cpu", budget=budget))
    assert other.diagnostics["tiles"] > 0
    np.testing.assert_array_equal(found.factor_of_safety, other.factor_of_safety)
    for name in ("water_table", "contact", "table_error", "table_bound"):
        np.testing.assert_array_equal(getattr(found.water, name), getattr(other.water, name), err_msg=name)


@pytest.mark.parametrize("questions", [0, 2, 5])
def test_cancel_stops_the_solver(terrain, model, questions):
    class Stopped(Feedback):
        left = questions

        def isCanceled(self):
            self.left -= 1
            return self.left < 0

    with pytest.raises(Cancelled):
        list(NetworkSolver(model).solve(terrain, [STRONG] * 3 + [WEAK] * 3, Stopped()))


@pytest.mark.parametrize(
    "changes",
    [
        {"options": EngineOptions(lateral_flow=False)},
        {"options": EngineOptions(edges="closed")},
        {"options": EngineOptions(evaluate="minimum")},
        {"options": EngineOptions(front_moisture="rain")},
        {"hyetograph": Hyetograph((6.0, 12.0), (2.0, 20.0))},
    ],
)
def test_what_was_not_learned_is_refused_before_anything_is_computed(terrain, model, monkeypatch, changes):
    solver = NetworkSolver(model, device="cpu")
    monkeypatch.setattr(solver, "_states", None)
    with pytest.raises(InputError, match="Simulate factor of safety"):
        next(solver.solve(terrain, [STRONG, replace(STRONG, **changes)], Feedback()))


#: As CUDA and as Apple's GPUs report it.
no_memory = pytest.mark.parametrize(
    "error",
    [torch.cuda.OutOfMemoryError("CUDA out of memory."), RuntimeError("MPS backend out of memory (allocated: 8 GB)")],
    ids=["cuda", "mps"],
)


class Card(str):
    """Names the processor as torch takes it, but passes for a graphics card."""

    type = "card"


@no_memory
def test_tiles_are_halved_where_memory_runs_out(terrain, model, monkeypatch, single_precision, error):
    ample = NetworkSolver(model, device="cpu")
    ample.device = Card("cpu")
    expected = solve(terrain, STRONG, ample)
    near(expected, predict(terrain, STRONG, model), 5e-3)  # a card's guess is in single precision
    solver, feedback, sizes = NetworkSolver(model, device="cpu", tile=700), Messages(), []
    solver.device = Card("cpu")
    whole = solver._run_tile

    def scarce(*given):
        sizes.append(solver.tile)
        if solver.tile > 400:
            raise error
        return whole(*given)

    monkeypatch.setattr(solver, "_run_tile", scarce)
    result = next(solver.solve(terrain, [STRONG], feedback))
    assert sizes == [700, 350]
    assert solver.device.type == "card"
    assert len(feedback.warnings) == 1
    assert "350" in feedback.warnings[0]
    agree(result, expected, 1e-6)


@no_memory
@pytest.mark.parametrize("where", ["_terrain_maps", "_guesses", "_run_tile"])
def test_the_processor_goes_on_where_a_card_has_no_room(terrain, model, monkeypatch, single_precision, where, error):
    expected = predict(terrain, STRONG, model)
    solver, feedback = NetworkSolver(model, device="cpu"), Messages()
    solver.device = Card("cpu")
    whole = getattr(solver, where)

    def scarce(*given):
        if solver.device.type == "card":
            raise error
        return whole(*given)

    monkeypatch.setattr(solver, where, scarce)
    result = next(solver.solve(terrain, [STRONG], feedback))
    assert solver.device.type == "cpu"
    assert "memory" in result.diagnostics["device"]
    assert "CPU" in feedback.warnings[-1]
    agree(result, expected, 1e-6)
    feedback.warnings.clear()
    next(solver.solve(terrain, [WEAK], feedback))
    assert not feedback.warnings


@no_memory
def test_on_the_processor_no_memory_is_no_memory(terrain, model, monkeypatch, error):
    solver = NetworkSolver(model, device="cpu")

    def scarce(*_given):
        raise error

    monkeypatch.setattr(solver, "_run_tile", scarce)
    with pytest.raises(RuntimeError, match="out of memory"):
        solve(terrain, STRONG, solver)


def test_the_model_card_names_the_solver(model, tmp_path):
    assert isinstance(network_solver_for(model, "cpu"), NetworkSolver)
    with pytest.raises(InputError, match="DEVICE"):
        NetworkSolver(model, device="tpu")
    with pytest.raises(InputError, match="MODEL"):
        network_solver_for(tmp_path / "none.safetensors")


#: Procedural areas that no training has seen, with strong flow on fine cells; seed, cell size and cohesion.
FLOW = Scenario(conductivity=8e-6, lateral_anisotropy=40.0, duration=60.0, rainfall=6.0, root_cohesion=0.0)
FIXED = {"3 m": (90_001, 3.0, 6.0), "5 m": (90_002, 5.0, 2.9)}


@pytest.mark.slow
@pytest.mark.skipif(not model_file.DEFAULT.is_file(), reason="the weights are made by 'make weights'")
@pytest.mark.parametrize("name", FIXED)
def test_the_shipped_network_agrees_with_the_engine(name):
    """A floor for the mask, also of what it adds to the first guess with the fewest steps.

    With the steps that runs take, the guess's own mask may be as good already; the table is what is corrected then.
    """
    seed, cell, cohesion = FIXED[name]
    made, scenario = procedural_area(seed, (160, 160), cell), FLOW.with_values(cohesion=cohesion)
    terrain = Terrain.from_arrays(made.elevation, made.soil_depth, cell)
    engine = solve(terrain, scenario, Engine(failure_times=False))
    assert engine.failed_cells / engine.valid_cells == pytest.approx(0.1, abs=0.01)

    def score(result):
        error = np.abs(result.water.water_table - engine.water.water_table).mean()
        return iou(Counts.of(result.failure_mask, engine.failure_mask)), error

    assert score(solve(terrain, scenario, SoilColumn()))[0] < 0.3, "lateral flow decides on the mask"
    for budget, floor, better, share in ((None, 0.97, 0.0, 0.9), (StepBudget(12), 0.88, 0.015, 0.8)):
        guess = first_guess(terrain, scenario, budget).water
        alone = score(Result.of(scenario, terrain.cells, guess))
        result = solve(terrain, scenario, NetworkSolver(device="cpu", budget=budget))
        found = score(result)
        assert found[0] >= max(floor, alone[0] + better)
        assert found[1] < share * alone[1]
        wrong = [(water.contact != engine.water.contact).sum() for water in (result.water, guess)]
        assert wrong[0] < 0.75 * wrong[1], "where the front meets the table is corrected with it"
