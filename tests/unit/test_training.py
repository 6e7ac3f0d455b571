"""Training of both architectures, on a tiny data set and tiny networks."""

import csv
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from slopecast.plugin.core.cases import Case
from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.plan import table_plan
from slopecast.plugin.core.dataset.simulate import procedural_terrain, simulate_cases
from slopecast.plugin.core.designs import hydrology_at
from slopecast.plugin.core.errors import Cancelled, InputError, SlopecastError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.ml import guided_training, weights
from slopecast.plugin.ml.cards import export
from slopecast.plugin.ml.features import INPUTS, terrain_features
from slopecast.plugin.ml.guided_training import MountainSource
from slopecast.plugin.ml.run import BEST, CHECKPOINT, HISTORY
from slopecast.plugin.ml.solvers import solver_for
from slopecast.plugin.ml.training import AFTER, TrainingOptions, open_run, train
from slopecast.plugin.variables import HYDROLOGY
from tiny_dataset import tiny_dataset

SHAPE = {"width": 4, "levels": 1, "bf16": False, "epochs": 2}
TINY = {
    "paper": TrainingOptions(architecture="paper", batch=3, learning_rate=1e-2, **SHAPE),
    "guided": TrainingOptions(architecture="guided", batch=2, scenarios=2, side=32, **SHAPE),
}
both = pytest.mark.parametrize("architecture", sorted(TINY))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tiny_dataset(tmp_path_factory.mktemp("data") / "tiny", 32)


def history(folder):
    with (folder / HISTORY).open() as file:
        return list(csv.DictReader(file))


class StopsAfter(Feedback):
    """Cancels at the given number of questions."""

    def __init__(self, questions):
        self.left = questions

    def isCanceled(self):
        self.left -= 1
        return self.left < 0


def test_drawn_hydrology_stays_within_the_training_ranges():
    rng = np.random.default_rng(0)
    drawn = [Scenario(**hydrology_at(rng.random(len(HYDROLOGY)))) for _ in range(300)]
    assert not any(s.outside_training() for s in drawn)
    assert max(s.lateral_conductivity for s in drawn) <= 5e-4 * (1 + 1e-9)
    assert {s.lateral_anisotropy > 20 for s in drawn} == {True, False}


@both
def test_training_resumes_with_the_same_numbers(data, tmp_path, architecture):
    options = replace(TINY[architecture], dropout=0.2)
    whole = open_run(tmp_path / "whole", data, options, Feedback())
    whole.train(Feedback())
    open_run(tmp_path / "half", data, options, Feedback()).train(Feedback(), until_step=whole.step // 2 + 1)
    resumed = open_run(tmp_path / "half", data, options, Feedback())
    assert 0 < resumed.step < whole.step
    assert resumed.position > 0, "the stop is to lie within an epoch"
    resumed.train(Feedback())
    for a, b in zip(whole.network.state_dict().values(), resumed.network.state_dict().values()):
        assert torch.equal(a, b)
    for a, b in zip(history(tmp_path / "whole"), history(tmp_path / "half")):
        a.pop("seconds"), b.pop("seconds")
        assert a == b


def test_a_stop_during_validation_loses_nothing(data, tmp_path):
    options = replace(TINY["paper"], epochs=1)
    whole = open_run(tmp_path / "whole", data, options, Feedback())
    whole.train(Feedback())
    stopped = open_run(tmp_path / "stopped", data, options, Feedback())
    with pytest.raises(Cancelled):
        stopped.train(StopsAfter(len(stopped.batches(0))))  # asked once a step, then in the validation
    assert (stopped.epoch, stopped.step) == (0, whole.step)
    resumed = open_run(tmp_path / "stopped", data, options, Feedback())
    resumed.train(Feedback())
    (one,), (two,) = history(tmp_path / "whole"), history(tmp_path / "stopped")
    assert one["validation_loss"] == two["validation_loss"]


@both
def test_loss_falls_on_what_is_trained(data, tmp_path, architecture):
    options = replace(TINY[architecture], epochs=8, learning_rate=1e-2)
    run = open_run(tmp_path, data, options, Feedback())
    run.validation = run.training
    run.average = run.network
    run.network.eval()
    with torch.no_grad():
        before = run.validate(Feedback())
    run.train(Feedback())
    run.network.eval()
    with torch.no_grad():
        after = run.validate(Feedback())
    assert after["validation_loss"] < before["validation_loss"]


@both
def test_a_cancelled_training_writes_no_weights_and_goes_on_later(data, tmp_path, architecture):
    folder, target = tmp_path / "run", tmp_path / "model.safetensors"
    with pytest.raises(Cancelled):
        train(folder, data, TINY[architecture], target, StopsAfter({"paper": 12, "guided": 2}[architecture]))
    assert not target.exists()
    assert not list(folder.glob(".*part*"))
    trained = train(folder, data, TINY[architecture], target, Feedback())
    assert trained.run.finished
    card = weights.read_card(target)
    assert card["training"]["epochs"] == "2 of 2"
    judged = trained.evaluation.summary(AFTER)["mean_iou"]
    assert card["metrics"]["mean_iou"] == pytest.approx(judged, abs=1e-4)
    assert sorted(p.name for p in folder.iterdir()) == ["best.pt", "checkpoint.pt", "history.csv"]
    assert "## Limits" in target.with_suffix(".md").read_text(encoding="utf-8")
    reference, shard = next(data.read("test"))
    scenario = shard.scenario(reference.number)
    result = next(solver_for(target, "cpu").solve(shard.terrain, [scenario], Feedback()))
    assert result.valid_cells == shard.terrain.valid.sum()


@both
def test_fine_tuning_starts_from_the_initial_weights(data, tmp_path, architecture):
    first = tmp_path / "first.safetensors"
    train(tmp_path / "first", data, replace(TINY[architecture], epochs=4), first, Feedback())
    tuned = open_run(tmp_path / "tuned", data, replace(TINY[architecture], initial=first), Feedback())
    network, _ = weights.load_any(first, folded=False)
    for a, b in zip(network.state_dict().values(), tuned.network.state_dict().values()):
        assert torch.equal(a, b)
    other = next(name for name in TINY if name != architecture)
    with pytest.raises(InputError, match="INITIAL_MODEL"):
        open_run(tmp_path / "other", data, replace(TINY[other], initial=first), Feedback())


def test_a_u_net_beside_a_trained_head_begins_as_that_head(data, tmp_path):
    head = tmp_path / "head.safetensors"
    train(tmp_path / "head", data, replace(TINY["guided"], encoder="pointwise", epochs=4), head, Feedback())
    run = open_run(tmp_path / "beside", data, replace(TINY["guided"], head=head), Feedback())
    assert run.network.architecture.encoder == "unet"
    assert run.settings.learning_rate < TINY["guided"].settings().learning_rate
    pointwise = weights.load(head)[0]
    inputs = torch.randn(1, len(INPUTS), 32, 32)
    with torch.no_grad():
        torch.testing.assert_close(run.network.eval().said(inputs), pointwise.said(inputs))
    before = [p.clone() for p in run.network.context.parameters()]
    run.train(Feedback())
    assert not all(torch.equal(a, b) for a, b in zip(before, run.network.context.parameters()))
    resumed = open_run(tmp_path / "beside", data, replace(TINY["guided"], head=head), Feedback())
    assert resumed.step == run.step
    wide = replace(TINY["guided"], head=head, width=2 * resumed.network.architecture.width)
    with pytest.raises(InputError, match="pointwise network of width"):
        open_run(tmp_path / "wide", data, wide, Feedback())


def test_an_epoch_of_one_mountain_is_a_pass_over_its_cases(tmp_path):
    """Fine-tuning to a user's mountain: few shards, each step another few of the cases."""
    terrain = procedural_terrain(1, 32)
    far = {"conductivity": 2e-5, "lateral_anisotropy": 25.0, "duration": 72.0}
    cases = [Case(f"c{n}", {**far, "rainfall": 1.0 + n}) for n in range(12)] + [Case("near")]
    one = build(table_plan(cases, terrain, "mine"), tmp_path / "one", Feedback(), workers=1)
    run = open_run(tmp_path / "run", one, TINY["guided"], Feedback())
    drawn = [n for m in run.training for n in m.numbers]
    assert sorted(drawn) == sorted(r.number for r in one.cases("train") if r.name != "near")
    assert all(len(m.numbers) <= 2 for m in run.training)
    assert len(run.batches(0)) == -(-len(run.training) // 2)


def test_training_ends_early_without_a_gain_and_keeps_the_best(data, tmp_path):
    options = replace(TINY["paper"], epochs=40, patience=2, learning_rate=0.05)
    run = open_run(tmp_path, data, options, Feedback())
    run.train(Feedback())
    told = [float(row["validation_dice"]) for row in history(tmp_path)]
    assert len(told) < 40
    assert len(told) == 1 + int(np.argmax(told)) + 2
    card = export(run, tmp_path / "best.safetensors", {}, best=True)
    assert card["training"]["weights_of_epoch"] == 1 + int(np.argmax(told))
    assert (tmp_path / BEST).exists()


def test_a_run_is_not_taken_up_with_other_settings(data, tmp_path):
    open_run(tmp_path, data, TINY["paper"], Feedback()).save()
    assert (tmp_path / CHECKPOINT).exists()
    with pytest.raises(InputError, match="learning_rate"):
        open_run(tmp_path, data, replace(TINY["paper"], learning_rate=1e-3), Feedback())
    open_run(tmp_path, data, replace(TINY["paper"], epochs=9), Feedback())


def started_by_two(*command):
    """Run a script in two processes by torchrun, or with what it sets where it cannot run: Debian's lacks libuv."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", *command]
    done = subprocess.run(torchrun, capture_output=True, text=True, env=environment, check=False, timeout=300)
    if "without libuv support" in done.stderr:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        environment.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=port, WORLD_SIZE="2", USE_LIBUV="0")
        both = [
            subprocess.Popen([sys.executable, *command], env={**environment, "RANK": rank, "LOCAL_RANK": rank})
            for rank in "01"
        ]
        assert [one.wait(timeout=300) for one in both] == [0, 0]
    else:
        assert done.returncode == 0, done.stderr[-2000:]


def test_two_processes_train_like_one(data, tmp_path):
    """Started by torchrun: batch statistics and losses are those of the whole batch."""
    batches = {"paper": 4, "guided": 2}
    alone = {name: replace(TINY[name], batch=batch, dropout=0.0) for name, batch in batches.items()}
    script = tmp_path / "both.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nsys.path.insert(0, sys.argv[1])\nimport checkout\n"
        "from slopecast.plugin.core.feedback import Feedback\n"
        "from slopecast.plugin.core.dataset.dataset import read_dataset\n"
        "from slopecast.plugin.ml.distributed import process_group\n"
        "from slopecast.plugin.ml.training import TrainingOptions, train\n"
        "data, folder = read_dataset(sys.argv[2]), Path(sys.argv[3])\n"
        "with process_group():\n"
        + "".join(
            f"    train(folder / '{name}.two', data, {options!r}, folder / '{name}.safetensors', Feedback())\n"
            for name, options in alone.items()
        )
    )
    started_by_two(str(script), str(Path(__file__).parents[1]), str(data.folder), str(tmp_path))
    columns = ("loss", "validation_loss")
    for name, options in alone.items():
        train(tmp_path / f"{name}.one", data, options, tmp_path / "one.safetensors", Feedback())
        one, two = history(tmp_path / f"{name}.one"), history(tmp_path / f"{name}.two")
        assert len(one) == len(two) == 2
        for row, other in zip(one, two):
            assert [float(other[c]) for c in columns] == pytest.approx([float(row[c]) for c in columns], rel=2e-4)


def test_windows_hold_valid_cells_wherever_those_are(data):
    """A small mountain in a wide raster of NoData is found by every draw."""
    elevation = np.full((150, 150), np.nan)
    elevation[3:9, 140:146] = np.add.outer(np.arange(6.0), np.arange(6.0))
    terrain = Terrain.from_arrays(elevation, 2.0, 5.0)
    far = {"conductivity": 1e-5, "lateral_anisotropy": 50.0, "duration": 72.0}
    shard = simulate_cases(terrain, [Case("one", far)], Feedback())
    prepared = guided_training.Prepared.of(shard, np.array([0]))
    sampling = guided_training.Sampling(scenarios=1, side=32)
    for seed in range(12):
        inputs, real, counts = guided_training.draw_window(prepared, sampling, 2, np.random.default_rng(seed))
        assert inputs.shape[-2:] == real.shape[-2:] == counts.shape[-2:] == (32, 32)
        assert int((inputs[0, 0] > 0).sum()) > 0
        assert bool(counts.any())


def test_half_precision_holds_no_infinity(data):
    features = terrain_features(data.shard(0).terrain)
    features.table_response[:] = 1e6
    assert torch.isfinite(guided_training.halved(features).table_response).all()


def test_a_loss_that_is_no_number_ends_the_training_and_spoils_nothing(data, tmp_path, monkeypatch):
    run = open_run(tmp_path, data, TINY["paper"], Feedback())
    run.train(Feedback(), until_step=1)
    before = {k: v.clone() for k, v in run.network.named_parameters()}
    kept = (tmp_path / CHECKPOINT).read_bytes()
    whole = run._step_module._loss_of

    def spoilt(*given):
        loss, parts = whole(*given)
        return loss * float("nan"), parts

    monkeypatch.setattr(run._step_module, "_loss_of", spoilt)
    with pytest.raises(SlopecastError, match="not finite"):
        run.train(Feedback())
    assert all(torch.equal(before[k], v) for k, v in run.network.named_parameters())
    assert (tmp_path / CHECKPOINT).read_bytes() == kept


def test_a_training_that_loses_what_it_learned_goes_back_and_on_more_slowly(data, tmp_path, monkeypatch):
    options, said = replace(TINY["guided"], epochs=4), []
    feedback = Feedback()
    feedback.pushWarning = said.append
    run = open_run(tmp_path, data, options, Feedback())
    dice = iter([0.90, 0.91, 0.70, 0.90])
    monkeypatch.setattr(run, "validate", lambda _: {"validation_dice": next(dice)})
    run.train(feedback, until_step=3 * len(run.batches(0)))
    assert (run.best_epoch, run.pace) == (2, 0.5)
    best = torch.load(tmp_path / BEST, weights_only=True)["network"]
    for network in (run.network, run.average):
        assert all(torch.equal(best[k], v) for k, v in network.state_dict().items())
    assert not run.optimizer.state, "moments of what went astray"
    assert len(said) == 1
    assert "epoch 2" in str(said[0])
    resumed = open_run(tmp_path, data, options, Feedback())
    assert resumed.pace == 0.5
    slow, resumed.pace = resumed._rate(), 1.0
    assert slow == pytest.approx(0.5 * resumed._rate())
    resumed.pace = 0.5
    monkeypatch.setattr(resumed, "validate", lambda _: {"validation_dice": next(dice)})
    resumed.train(feedback)
    assert (resumed.epoch, resumed.pace, len(said)) == (4, 0.5, 1)


def test_a_run_knows_its_data_and_its_initial_model_by_more_than_their_names(data, tmp_path):
    first, options = tmp_path / "first.safetensors", TINY["paper"]
    train(tmp_path / "first", data, options, first, Feedback())
    tuning = replace(options, initial=first)
    open_run(tmp_path / "run", data, tuning, Feedback()).save()
    open_run(tmp_path / "run", data, tuning, Feedback())
    other = replace(data, description={**data.description, "plan_crc32": 1})
    with pytest.raises(InputError, match="dataset_crc32"):
        open_run(tmp_path / "run", other, tuning, Feedback())
    train(tmp_path / "again", data, replace(options, seed=5), first, Feedback())
    with pytest.raises(InputError, match="initial_crc32"):
        open_run(tmp_path / "run", data, tuning, Feedback())


def test_a_longer_run_goes_on_from_a_shorter_one(data, tmp_path):
    """The average's share follows from the length, and does not keep it from being taken up."""
    open_run(tmp_path, data, TINY["guided"], Feedback()).save()
    longer = open_run(tmp_path, data, replace(TINY["guided"], epochs=200), Feedback())
    assert longer.settings.average > 0.5


def test_a_batch_that_processes_cannot_share_is_refused(data, tmp_path, monkeypatch):
    monkeypatch.setattr(guided_training, "rank_and_world", lambda: (0, 3))
    with pytest.raises(InputError, match="BATCH_SIZE"):
        open_run(tmp_path, data, TINY["guided"], Feedback())


def test_a_broken_tensorboard_ends_no_training(data, tmp_path, monkeypatch):
    def broken(*_):
        raise AttributeError("module 'distutils' has no attribute 'version'")

    warned = []
    feedback = Feedback()
    feedback.pushWarning = warned.append
    monkeypatch.setattr("slopecast.plugin.ml.run._to_tensorboard", broken)
    open_run(tmp_path, data, TINY["paper"], Feedback()).train(feedback)
    assert len(history(tmp_path)) == 2
    assert len(warned) == 1


def test_a_guided_network_from_nothing_knows_what_it_was_trained_on(tmp_path):
    """Trained on one rain alone, it calls another one outside; the history stands apart from the metrics."""
    terrain = procedural_terrain(1, 32)
    far = {"lateral_anisotropy": 50.0, "duration": 72.0, "rainfall": 12.0}
    cases = [Case(f"c{n}", {**far, "conductivity": k}) for n, k in enumerate((4e-6, 6e-6, 8e-6, 1e-5))]
    narrow = build(table_plan(cases, terrain, "mine"), tmp_path / "set", Feedback(), workers=1)
    target = tmp_path / "narrow.safetensors"
    card = train(tmp_path / "run", narrow, TINY["guided"], target, Feedback()).card
    assert card["ranges"]["rainfall"] == [12.0, 12.0]
    general = replace(TINY["guided"], initial=weights.DEFAULT, epochs=1, width=16, levels=None)
    tuned = open_run(tmp_path / "tuned", narrow, general, Feedback())
    assert export(tuned, tmp_path / "tuned.safetensors", {}, best=False)["ranges"] == weights.trained_ranges()
    assert not any(key.startswith("validation") for key in card["metrics"])
    assert all(np.isfinite(list(card["validation"].values())))
    solver = solver_for(target, "cpu")
    for rain, level in ((12.0, False), (9.0, True)):
        scenario = Scenario(rainfall=rain, duration=72.0, conductivity=6e-6, lateral_anisotropy=50.0)
        result = next(solver.solve(terrain, [scenario], Feedback()))
        assert ("RAINFALL" in str(solver.reliability(terrain, scenario, result))) is level


@pytest.mark.parametrize(("strong", "most"), [(7, 5e-4), (8, 1e-3)])
def test_a_range_grows_by_what_several_cases_teach(tmp_path, strong, most):
    """Eight cases beyond the general range count, seven do not; a solver goes by what the card tells."""
    terrain = procedural_terrain(1, 32)
    cases = [
        Case(f"c{n}", {"lateral_anisotropy": 50.0, "duration": 1.0, "conductivity": 2e-5 if n < strong else 1e-6})
        for n in range(10)
    ]
    shard = simulate_cases(terrain, cases, Feedback())
    run = open_run(tmp_path / "run", tiny_dataset(tmp_path / "set"), TINY["guided"], Feedback())
    run.training, run.learned_before = [MountainSource("mine", lambda: shard, np.arange(10))], weights.trained_ranges()
    assert export(run, tmp_path / "w.safetensors", {}, best=False)["ranges"][weights.MOST_LATERAL] == pytest.approx(
        most
    )
    solver, scenario = solver_for(tmp_path / "w.safetensors", "cpu"), cases[0].scenario
    result = next(solver.solve(terrain, [scenario], Feedback()))
    assert ("lateral conductivity" in str(solver.reliability(terrain, scenario, result))) is (strong == 7)


def test_mixed_precision_runs_only_where_the_device_has_it(data, tmp_path, monkeypatch):
    run = open_run(tmp_path, data, replace(TINY["paper"], bf16=True), Feedback())
    assert isinstance(run.mixed(), torch.autocast)
    run.device = torch.device("mps")
    assert not isinstance(run.mixed(), torch.autocast)
    run.device = torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: False)
    assert not isinstance(run.mixed(), torch.autocast)
