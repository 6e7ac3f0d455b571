"""The network on a card that is simulated: the processor's results, few copies, and batches that its memory holds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from messages import Messages
from simulated_gpu import SimulatedGpu
from slopecast.plugin.core.map_parts.tiles import Margin
from slopecast.plugin.core.physics.flow import lateral_flow
from slopecast.plugin.core.physics.flow.schedule import StepBudget
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.windowed.coarse_phase import with_guess_phases
from slopecast.plugin.core.windowed.solve import WindowedRun
from slopecast.plugin.core.windowed.study import Study, whole_map_of
from slopecast.plugin.ml import device, device_check, model_file, network_solver, opened_network
from slopecast.plugin.ml.network_solver import NetworkSolver
from slopecast.plugin.ml.paper import PaperArchitecture, PaperNetwork, scaling_of
from slopecast.plugin.ml.paper_solver import PaperSolver
from slopecast.plugin.ml.reliability import describe_training
from slopecast.plugin.ml.training import correction_run
from slopecast.plugin.ml.training.train import TrainingOptions, open_run
from tiny_dataset import tiny_dataset
from tiny_networks import lively, written

pytestmark = pytest.mark.slow
STRONG = Scenario(conductivity=1e-5, lateral_anisotropy=30.0, duration=30.0, cohesion=3.0, rainfall=8.0)
PONDED = replace(STRONG, rainfall=60.0, duration=6.0)
FEW = StepBudget(12)


@pytest.fixture(scope="module")
def terrain():
    made = procedural_area(3, (41, 56), 10.0)
    elevation = made.elevation.copy()
    elevation[10:14, 20:27] = np.nan
    return Terrain.from_arrays(elevation, made.soil_depth, 10.0)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return written(tmp_path_factory.mktemp("model") / "lively.safetensors", lively(), "lively")


@pytest.fixture(params=["cuda", "mps"])
def gpu(request, monkeypatch):
    monkeypatch.setattr(device, "_refused", set())
    monkeypatch.setattr(device_check, "_checked", set())
    with device.one_thread(0), SimulatedGpu(request.param).installed(monkeypatch) as made:
        yield made


def solved(terrain, scenarios, model, kind, **options):
    """Results, and what was logged."""
    feedback = Messages()
    solver = NetworkSolver(model, kind, feedback, budget=FEW, check=False)
    for name, value in options.items():
        setattr(solver, name, value)
    return list(solver.solve(terrain, scenarios, feedback)), feedback


def agree(found, expected):
    for one, other in zip(found, expected, strict=True):
        assert np.mean(one.failed != other.failed) < 2e-3
        assert np.abs(one.water.water_table - other.water.water_table).mean() < 1e-3
        np.testing.assert_allclose(one.water.table_bound, other.water.table_bound, atol=0.03)


def test_a_card_gives_what_the_processor_gives(terrain, model, gpu, monkeypatch):
    east = np.arange(terrain.grid.shape[1]) * np.ones(terrain.grid.shape)
    rasters = [replace(STRONG, conductivity=np.where(east < 30, 4e-6, k), moisture_deficit=0.1 + 0.001 * east)
               for k in (1e-5, 2e-5)]  # fmt: skip
    scenarios = [STRONG, PONDED, *rasters]
    monkeypatch.setattr(device, "half_precision", lambda _: (torch.float32, ""))
    expected, _ = solved(terrain, scenarios, model, "cpu")
    found, feedback = solved(terrain, scenarios, model, "auto")
    agree(found, expected)
    assert all(r.diagnostics["device"].startswith(gpu.kind) for r in found)
    assert not feedback.warnings


def test_the_check_accepts_a_card_that_is_right_and_no_other(gpu, monkeypatch):
    feedback = Messages()
    device_check.check_device(gpu.kind, feedback)
    assert not feedback.warnings
    device_check._checked.clear()

    def missing(_values):
        raise TypeError("Cannot convert a MPS Tensor to float64")

    monkeypatch.setattr(gpu, "take", missing)
    device_check.check_device("auto", feedback)
    assert "gives wrong results" in feedback.warnings[0]
    assert device.choose_device(gpu.kind, feedback)[0].type == "cpu"


@pytest.mark.parametrize("gpu", ["cuda"], indirect=True)
def test_copies_do_not_grow_with_steps_or_scenarios(terrain, model, gpu, monkeypatch):
    """To the card goes what a grid needs, once; back come a guess's numbers, its flags and the corrections."""
    whole, steps, cells = lateral_flow.step, [], terrain.cells.count
    monkeypatch.setattr(lateral_flow, "step", lambda *given: steps.append(1) or whole(*given))

    def copies(scenarios):
        gpu.copies.clear(), steps.clear()
        solved(terrain, scenarios, model, gpu.kind)
        large = {kind: sum(size >= cells for size in sizes) for kind, sizes in gpu.copies.items()}
        small = {kind: len(sizes) - large[kind] for kind, sizes in gpu.copies.items()}
        assert large.pop("to_host") == 3
        assert small.pop("to_host") <= len(steps) / 16, "looks at whether all scenarios are done"
        assert "waits" not in gpu.copies
        return sum(large.values()), sum(small.values()), len(steps)

    brief = replace(STRONG, rainfall=2.0)  # never ponds: its supply is one interval
    first, long = copies([brief]), copies([replace(brief, duration=120.0)])
    assert long[2] > 1.5 * first[2]
    assert first[:2] == long[:2] == copies([brief, replace(brief, cohesion=4.0, conductivity=8e-6)])[:2]
    assert first[0] <= 30
    assert first[1] <= 65
    ponded, longer = (copies([replace(PONDED, duration=hours)]) for hours in (8.0, 11.0))
    assert longer[0] == ponded[0], "infiltration is copied at some slopes alone"


def of_rains(count):
    return [replace(STRONG, rainfall=2.0 + 0.1 * number) for number in range(count)]


def batches(results):
    return [r.diagnostics["batch"] for r in results]


@pytest.mark.parametrize("gpu", ["cuda"], indirect=True)
def test_batches_follow_free_memory(terrain, model, gpu, monkeypatch):
    """What torch keeps of freed memory is free; the results of many scenarios must fit into the processor's."""
    gpu.capacity = 2.5 * network_solver._BYTES_A_CELL * terrain.valid.size / 0.5
    found, feedback = solved(terrain, of_rains(5), model, "cuda")
    assert batches(found) == [2, 2, 2, 2, 1]
    assert not feedback.warnings
    gpu.capacity = 1e12
    monkeypatch.setattr(network_solver, "_MOST_RESULT_BYTES", 3.5 * 110.0 * terrain.valid.size)
    assert NetworkSolver(model, "cuda", check=False).batch_size(terrain) == 3


def test_batches_on_apple_gpus_follow_the_memory_of_the_system(terrain, model, gpu, monkeypatch):
    monkeypatch.setattr(device, "free_memory", lambda: 7 * 1200.0 * terrain.valid.size)
    monkeypatch.setattr(gpu, "capacity", 7 * 1200.0 * terrain.valid.size + gpu.most_used)
    assert NetworkSolver(model, gpu.kind, check=False).batch_size(terrain) in (6, 7)  # less the weights


@pytest.mark.parametrize("gpu", ["mps"], indirect=True)
def test_fewer_scenarios_are_tried_where_memory_runs_out(terrain, model, gpu):
    expected, _ = solved(terrain, of_rains(2), model, gpu.kind)
    gpu.capacity, gpu.most_used = 1.2 * gpu.most_used, 0
    found, feedback = solved(terrain, of_rains(5), model, gpu.kind, batch_size=lambda _: 4)
    assert batches(found) == [2, 2, 2, 2, 1]
    assert feedback.warnings == ["The GPU ran out of memory: 2 scenarios at once are tried."]
    agree(found[:2], expected)
    assert gpu.most_used > gpu.capacity / 2


def test_the_processor_goes_on_with_weights_in_single_precision(terrain, model, monkeypatch):
    """Also where the card took them in half precision."""
    monkeypatch.setattr(opened_network, "half_precision", lambda device: (torch.float32, ""))
    expected, _ = solved(terrain, of_rains(2), model, "cpu")
    half = {"cuda": torch.bfloat16, "cpu": torch.float32}
    monkeypatch.setattr(opened_network, "half_precision", lambda device: (half[device.type], ""))
    with SimulatedGpu("cuda", 150_000.0).installed(monkeypatch):
        found, feedback = solved(terrain, of_rains(2), model, "cuda", batch_size=lambda _: 2)
    assert [r.diagnostics["device"] for r in found] == ["cpu, the GPU ran out of memory"] * 2
    assert len(feedback.warnings) == 2
    for one, other in zip(found, expected):
        np.testing.assert_array_equal(one.water.water_table, other.water.water_table)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tiny_dataset(tmp_path_factory.mktemp("data") / "tiny", 32)


@pytest.mark.parametrize(("gpu", "architecture"), [("mps", "paper"), ("cuda", "network")], indirect=["gpu"])
def test_a_training_goes_on_from_device_to_device(data, tmp_path, gpu, monkeypatch, architecture):
    """What a step copies does not depend on the network: its inputs, and two rows of numbers back."""
    monkeypatch.setattr(correction_run, "STEPS_AN_EPOCH", 3)
    options = TrainingOptions(architecture, width=4, levels=1 if architecture == "paper" else None, epochs=1, batch=2,
                              bf16=False)  # fmt: skip
    runs = {name: partial(open_run, tmp_path / name, data, feedback=Messages()) for name in ("cpu", "both")}
    alone, kinds = runs["cpu"](options=options), ["cpu", gpu.kind, gpu.kind, "cpu"]
    alone.train(Messages())
    for step, kind in enumerate(kinds):
        run = runs["both"](options=replace(options, device=kind))
        steps = {values.device.type for state in run.optimizer.state.values() for values in [state["step"]]}
        assert steps <= {"cpu"}
        gpu.copies.clear()
        run.train(Messages(), until_step=min(step + 1, 3) if step < 3 else np.inf)
        if step == 1:
            weights = sum(len(x) for x in (run.network.state_dict(), run.optimizer.state)) * 3
            assert len(gpu.copies["to_host"]) <= weights + 2
            assert sum(size > 4000 for size in gpu.copies["to_device"]) <= 8
            assert "waits" not in gpu.copies
    for name, values in alone.network.state_dict().items():
        np.testing.assert_allclose(run.network.state_dict()[name].numpy(), values.numpy(), atol=1e-5, err_msg=name)


@pytest.mark.parametrize(("gpu", "capacity"), [("cuda", 1e12), ("mps", 1e5)], indirect=["gpu"])
def test_a_card_corrects_windows_whose_steps_the_processor_does(model, gpu, monkeypatch, capacity):
    """Also where its memory ends: then the processor does both."""
    monkeypatch.setattr(opened_network, "half_precision", lambda _: (torch.float32, ""))
    made, feedback = procedural_area(3, (60, 200), 10.0), Messages()
    scenario = replace(STRONG, lateral_anisotropy=50.0, duration=48.0)
    study = Study.of(Terrain.from_arrays(made.elevation, made.soil_depth, 10.0), scenario, {})
    whole, steps = with_guess_phases(study, whole_map_of(study, feedback, pyramid=True), feedback)

    def windows(kind):
        solver = NetworkSolver(model, kind, feedback, check=False)
        run = WindowedRun(study, whole, solver, 32, Margin(2 * steps + 6, solver.view))
        return [window.result for window in run.solve(feedback)]

    expected, gpu.capacity = windows("cpu"), capacity
    found = windows(gpu.kind)
    assert len(found) > 1
    assert any(r.diagnostics["corrected_cells"] for r in found)
    kind = gpu.kind if capacity > 1e6 else "cpu"
    assert all(r.diagnostics["device"].startswith(kind) for r in found)
    assert bool(feedback.warnings) == (capacity < 1e6)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.water.water_table, other.water.water_table, atol=1e-5)


@pytest.mark.parametrize("gpu", ["cuda"], indirect=True)
def test_tiles_read_maps_that_are_copied_once(terrain, model, gpu):
    found, copied = {}, {}
    for tile in (1024, 52):
        gpu.copies.clear()
        (found[tile],), _ = solved(terrain, [STRONG], model, gpu.kind, tile=tile)
        copied[tile] = {kind: (len(sizes), sum(sizes)) for kind, sizes in gpu.copies.items()}
    assert found[1024].diagnostics["tiles"] == 1 < found[52].diagnostics["tiles"]
    assert copied[1024] == copied[52]
    np.testing.assert_allclose(found[52].water.water_table, found[1024].water.water_table, atol=1e-5)


def test_the_papers_network_on_a_card(terrain, gpu, tmp_path):
    """One copy there and one back, of each tile."""
    torch.manual_seed(1)
    network = PaperNetwork(PaperArchitecture(width=4, levels=1))
    ranges = describe_training([terrain], [STRONG])
    model_file.save(tmp_path / "m.safetensors", network, {"id": "tiny", "scaling": scaling_of([terrain]), **ranges})
    results = []
    for kind in ("cpu", gpu.kind):
        solver = PaperSolver(tmp_path / "m.safetensors", kind)
        gpu.copies.clear()
        results.append(next(solver.solve(terrain, [STRONG], Messages())))
    assert [len(gpu.copies[kind]) for kind in ("to_host", "waits")] == [1, 0]
    assert len(gpu.copies["queued"] + gpu.copies["to_device"]) == 1
    np.testing.assert_allclose(results[1].confidence, results[0].confidence, atol=1e-5)
