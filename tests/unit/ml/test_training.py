"""Training of all architectures, on a tiny data set and tiny networks."""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import checkout
import numpy as np
import pytest
import torch
from messages import Messages
from slopecast.plugin.core.dataset.build import build
from slopecast.plugin.core.dataset.cases import TEST, TRAIN, Case
from slopecast.plugin.core.dataset.plan import table_plan
from slopecast.plugin.core.dataset.simulate import procedural_terrain, simulate_cases
from slopecast.plugin.core.errors import Cancelled, InputError, SlopecastError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.reports.training import training_curves
from slopecast.plugin.core.workers.parallel import Threads
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.network_solver import network_solver_for
from slopecast.plugin.ml.training import correction_run, mask_run
from slopecast.plugin.ml.training.checkpoint import read_state, write_state
from slopecast.plugin.ml.training.evaluate_weights import AFTER, BEFORE
from slopecast.plugin.ml.training.export import export, learned_ranges
from slopecast.plugin.ml.training.loop import BEST, CHECKPOINT, HISTORY, RunSettings
from slopecast.plugin.ml.training.train import TrainingOptions, open_run, train
from tiny_dataset import tiny_dataset
from tiny_networks import lively, written

SHORT = {"width": 4, "bf16": False, "epochs": 2}
TINY = {
    "paper": TrainingOptions(architecture="paper", levels=1, batch=3, learning_rate=1e-2, **SHORT),
    "network": TrainingOptions(architecture="network", batch=2, **SHORT),
    "pointwise": TrainingOptions(architecture="pointwise", batch=2, **SHORT),
}
both = pytest.mark.parametrize("architecture", ["paper", "network"])
each = pytest.mark.parametrize("architecture", TINY)
FAR = {"lateral_anisotropy": 50.0, "duration": 72.0}


@pytest.fixture(autouse=True)
def short_epochs(monkeypatch):
    monkeypatch.setattr(correction_run, "STEPS_AN_EPOCH", 3)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tiny_dataset(tmp_path_factory.mktemp("data") / "tiny", 32)


def history(folder):
    with (folder / HISTORY).open() as file:
        return list(csv.DictReader(file))


class StopsAt(Feedback):
    """Cancels once the progress has come to a share [%]."""

    def __init__(self, percent):
        self.percent, self.done = percent, 0.0

    def setProgress(self, percent):
        self.done = percent

    def isCanceled(self):
        return self.done >= self.percent


@pytest.mark.slow
@both
def test_training_resumes_with_the_same_numbers(data, tmp_path, architecture):
    options = replace(TINY[architecture], dropout=0.2 if architecture == "paper" else None)
    whole = open_run(tmp_path / "whole", data, options, Feedback())
    whole.train(Feedback())
    open_run(tmp_path / "half", data, options, Feedback()).train(Feedback(), until_step=whole.step // 2 + 1)
    resumed = open_run(tmp_path / "half", data, options, Feedback())
    assert 0 < resumed.step < whole.step
    assert resumed.position > 0, "the stop is to lie within an epoch"
    resumed.train(Feedback())
    for name in ("network", "average"):
        one, other = (getattr(run, name).state_dict() for run in (whole, resumed))
        assert all(torch.equal(one[k], other[k]) for k in one)
    rows = zip(history(tmp_path / "whole"), history(tmp_path / "half"))
    for a, b in rows:
        a.pop("seconds"), b.pop("seconds")
        assert a == b
    assert len(history(tmp_path / "half")) == 2


@pytest.mark.slow
@both
def test_a_stop_during_validation_loses_nothing(data, tmp_path, architecture):
    options = replace(TINY[architecture], epochs=1)
    whole = open_run(tmp_path / "whole", data, options, Feedback())
    whole.train(Feedback())
    stopped = open_run(tmp_path / "stopped", data, options, Feedback())
    with pytest.raises(Cancelled):
        stopped.train(StopsAt(100.0))  # all steps are done; the validation is not
    assert (stopped.epoch, stopped.step) == (0, whole.step)
    open_run(tmp_path / "stopped", data, options, Feedback()).train(Feedback())
    (one,), (two,) = history(tmp_path / "whole"), history(tmp_path / "stopped")
    assert one["validation_dice"] == two["validation_dice"]


@pytest.mark.slow
@each
def test_loss_falls_on_what_is_trained(data, tmp_path, architecture, monkeypatch):
    monkeypatch.setattr(correction_run, "STEPS_AN_EPOCH", 10)
    run = open_run(tmp_path, data, replace(TINY[architecture], epochs=6, learning_rate=3e-3), Feedback())
    batches = run.batches(0)[:8]

    def loss():
        with torch.no_grad():
            return np.mean([float(run.loss_of(run.network, batch)[0]) for batch in batches])

    before = loss()
    run.train(Feedback())
    assert loss() < 0.97 * before


@pytest.mark.slow
@each
def test_a_cancelled_training_writes_no_weights_and_goes_on_later(data, tmp_path, architecture):
    folder, target = tmp_path / "run", tmp_path / "model.safetensors"
    with pytest.raises(Cancelled):
        train(folder, data, TINY[architecture], target, StopsAt(50.0))
    assert not target.exists()
    assert not list(folder.glob(".*part*"))
    stopped = open_run(folder, data, TINY[architecture], Feedback())
    assert stopped.step > 0
    trained = train(folder, data, TINY[architecture], target, Feedback())
    assert trained.run.finished
    card = model_file.read_card(target)
    assert card["training"]["epochs"] == "2 of 2"
    assert card["metrics"]["mean_iou"] == pytest.approx(trained.evaluation.summary(AFTER)["mean_iou"], abs=1e-4)
    kept = {BEST, CHECKPOINT, HISTORY} | ({"areas"} if architecture != "paper" else set())
    assert {p.name for p in folder.iterdir()} == kept
    page = target.with_suffix(".md").read_text(encoding="utf-8")
    assert "## Limits" in page
    assert card["id"] in page
    reference, shard = next(data.read(data.cases(TEST)))
    result = next(
        network_solver_for(target, "cpu").solve(shard.terrain, [shard.scenario(reference.number)], Feedback())
    )
    assert result.valid_cells == shard.terrain.valid.sum()


@both
def test_a_training_stopped_while_it_prepares_leaves_no_checkpoint(data, tmp_path, architecture):
    with pytest.raises(Cancelled):
        train(tmp_path / "run", data, TINY[architecture], tmp_path / "m.safetensors", StopsAt(0.0))
    assert not (tmp_path / "run" / CHECKPOINT).exists()


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["paper", "network"])
def test_fine_tuning_starts_from_the_initial_weights(data, tmp_path, architecture):
    first, target = tmp_path / "first.safetensors", tmp_path / "tuned.safetensors"
    train(tmp_path / "first", data, TINY[architecture], first, Feedback())
    options = replace(TINY[architecture], initial=first, learning_rate=None)
    tuned = open_run(tmp_path / "tuned", data, options, Feedback())
    network, card = model_file.load(first, folded=False)
    for a, b in zip(network.state_dict().values(), tuned.network.state_dict().values()):
        assert torch.equal(a, b)
    assert tuned.settings.learning_rate < replace(options, initial=None).settings().learning_rate
    done = train(tmp_path / "tuned", data, options, target, Feedback())
    assert set(done.evaluation.scores) == {BEFORE, AFTER, "column"}
    assert card["id"] in done.card["training"]["initial"]
    other = next(name for name in ("paper", "network") if name != architecture)
    with pytest.raises(InputError, match=r"INITIAL_MODEL\): .*first.safetensors' (contains|does not contain)"):
        open_run(tmp_path / "other", data, replace(TINY[other], initial=first), Feedback())


def test_initial_weights_that_cannot_be_read_are_named_as_such(data, tmp_path):
    """MODEL is what a training writes."""
    initial = tmp_path / "m.safetensors"
    initial.write_bytes(b"no weights")
    with pytest.raises(InputError, match=r"^Initial network \(INITIAL_MODEL\): .*cannot be read") as refused:
        open_run(tmp_path / "run", data, replace(TINY["network"], initial=initial), Feedback())
    assert "shipped network" not in str(refused.value)


def test_the_shape_of_the_initial_weights_counts(data, tmp_path):
    initial = written(tmp_path / "m.safetensors", lively())
    run = open_run(tmp_path / "run", data, replace(TINY["network"], initial=initial, width=8), Feedback())
    assert run.architecture.widths == (4, 4)


def test_a_network_that_cannot_improve_leaves_the_guess_as_it_is(data, tmp_path):
    """Fresh weights change nothing: their scores are the first guess's."""
    run = open_run(tmp_path, data, TINY["network"], Feedback())
    with torch.no_grad():
        found = run.validate(Feedback())
    assert found["validation_error"] == pytest.approx(found["validation_guess_error"], abs=1e-9)
    assert found["validation_iou"] == found["validation_guess_iou"]
    assert 0.0 < found["validation_guess_error"] < 0.05
    assert found["validation_guess_iou"] > 0.8


def test_training_ends_early_without_a_gain_and_keeps_the_best(data, tmp_path):
    options = replace(TINY["paper"], epochs=40, patience=2, learning_rate=0.05)
    run = open_run(tmp_path, data, options, Feedback())
    run.train(Feedback())
    scores = [float(row["validation_dice"]) for row in history(tmp_path)]
    assert len(scores) < 40
    assert len(scores) == 1 + int(np.argmax(scores)) + 2
    card = export(run, tmp_path / "best.safetensors", {}, best=True)
    assert card["training"]["weights_of_epoch"] == 1 + int(np.argmax(scores))
    assert (tmp_path / BEST).exists()


@pytest.mark.parametrize("end", [{"steps": 4}, {"seconds": 1e-9}])
def test_a_run_ends_within_an_epoch_and_is_validated_then(data, tmp_path, end):
    run = open_run(tmp_path, data, replace(TINY["network"], epochs=9, **end), Feedback())
    run.train(Feedback())
    assert run.finished
    assert run.step == end.get("steps", 1)
    assert history(tmp_path)[-1]["validation_dice"]


@pytest.mark.parametrize(
    "change", [{"learning_rate": 1e-3}, {"batch": 1}, {"seed": 5}, {"augment": False}, {"width": 6}]
)
def test_a_run_is_not_taken_up_with_other_settings(data, tmp_path, change):
    open_run(tmp_path, data, TINY["paper"], Feedback()).save()
    assert (tmp_path / CHECKPOINT).exists()
    with pytest.raises(InputError, match="architecture" if "width" in change else next(iter(change))):
        open_run(tmp_path, data, replace(TINY["paper"], **change), Feedback())
    open_run(tmp_path, data, replace(TINY["paper"], epochs=9), Feedback())


def test_a_longer_run_goes_on_from_a_shorter_one(data, tmp_path):
    """The average's share follows from the length, and does not keep it from being taken up."""
    open_run(tmp_path, data, TINY["network"], Feedback()).save()
    longer = open_run(tmp_path, data, replace(TINY["network"], epochs=200), Feedback())
    assert longer.settings.average > 0.9


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
        started = [
            subprocess.Popen([sys.executable, *command], env={**environment, "RANK": rank, "LOCAL_RANK": rank})
            for rank in "01"
        ]
        assert [one.wait(timeout=300) for one in started] == [0, 0]
    else:
        assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.slow
def test_two_processes_train_like_one(data, tmp_path):
    """Started by torchrun: windows, batch statistics and losses are those of the whole batch."""
    batches = {"paper": 4, "network": 4}
    alone = {name: replace(TINY[name], batch=batch, steps=3, epochs=1) for name, batch in batches.items()}
    alone["paper"] = replace(alone["paper"], dropout=0.0)
    script = tmp_path / "both.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nsys.path.insert(0, sys.argv[1])\nimport checkout\n"
        "from slopecast.plugin.core.feedback import Feedback\n"
        "from slopecast.plugin.core.dataset.dataset import read_dataset\n"
        "from slopecast.plugin.ml.training.distributed import process_group\n"
        "from slopecast.plugin.ml.training.train import TrainingOptions, train\n"
        "data, folder = read_dataset(sys.argv[2]), Path(sys.argv[3])\n"
        "with process_group():\n"
        + "".join(
            f"    train(folder / '{name}.two', data, {options!r}, folder / '{name}.safetensors', Feedback())\n"
            for name, options in alone.items()
        )
    )
    started_by_two(str(script), str(checkout.ROOT / "tests"), str(data.folder), str(tmp_path))
    columns = {"paper": ("loss", "validation_loss"), "network": ("loss", "error", "guess_error", "validation_error")}
    for name, options in alone.items():
        train(tmp_path / f"{name}.one", data, options, tmp_path / "one.safetensors", Feedback())
        (one,), (two,) = history(tmp_path / f"{name}.one"), history(tmp_path / f"{name}.two")
        for column in columns[name]:
            assert float(two[column]) == pytest.approx(float(one[column]), rel=2e-4), (name, column)


def test_a_batch_that_processes_cannot_share_is_refused(data, tmp_path, monkeypatch):
    monkeypatch.setattr(correction_run, "rank_and_world", lambda: (0, 3))
    with pytest.raises(InputError, match="BATCH_SIZE"):
        open_run(tmp_path, data, TINY["network"], Feedback())


@both
def test_a_loss_that_is_no_number_ends_the_training_and_spoils_nothing(data, tmp_path, monkeypatch, architecture):
    run = open_run(tmp_path, data, TINY[architecture], Feedback())
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


def test_a_diverging_training_returns_to_the_best_state_with_a_lower_rate(data, tmp_path, monkeypatch):
    options, feedback = replace(TINY["network"], epochs=4), Messages()
    run = open_run(tmp_path, data, options, Feedback())
    dice = iter([0.90, 0.91, 0.70, 0.90])
    monkeypatch.setattr(run, "validate", lambda _: {"validation_dice": next(dice)})
    run.train(feedback, until_step=3 * len(run.batches(0)))
    assert (run.best_epoch, run.lr_scale) == (2, 0.5)
    best = read_state(tmp_path / BEST)[0]["network"]
    for network in (run.network, run.average):
        assert all(torch.equal(best[k], v) for k, v in network.state_dict().items())
    assert not run.optimizer.state, "moments of what went astray"
    assert len(feedback.warnings) == 1
    assert "epoch 2" in feedback.warnings[0]
    resumed = open_run(tmp_path, data, options, Feedback())
    assert resumed.lr_scale == 0.5
    slow, resumed.lr_scale = resumed._rate(), 1.0
    assert slow == pytest.approx(0.5 * resumed._rate())
    resumed.lr_scale = 0.5
    monkeypatch.setattr(resumed, "validate", lambda _: {"validation_dice": next(dice)})
    resumed.train(feedback)
    assert (resumed.epoch, resumed.lr_scale, len(feedback.warnings)) == (4, 0.5, 1)


def test_the_rate_warms_up_and_falls_as_a_cosine(data, tmp_path):
    """A tenth of the run up to the greatest, half of that halfway, next to nothing at the end."""
    run = open_run(tmp_path, data, replace(TINY["network"], epochs=1000, learning_rate=1e-2), Feedback())
    rates = []
    for epoch in (0, 40, 500, 999):
        run.epoch, run.step = epoch, 3 * epoch
        rates.append(run._rate())
    assert rates[0] == pytest.approx(1e-2 / 200)
    assert rates[1] == pytest.approx(1e-2 * 121 / 200 * 0.5 * (1 + np.cos(np.pi * 0.04)), rel=1e-6)
    assert rates[2] == pytest.approx(0.5e-2)
    assert rates[3] == pytest.approx(2e-5)


def test_a_run_identifies_data_and_initial_model_by_their_contents(data, tmp_path):
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


def test_a_broken_tensorboard_ends_no_training(data, tmp_path, monkeypatch):
    def broken(*_):
        raise AttributeError("module 'distutils' has no attribute 'version'")

    feedback = Messages()
    monkeypatch.setattr("slopecast.plugin.ml.training.loop.to_tensorboard", broken)
    open_run(tmp_path, data, TINY["paper"], Feedback()).train(feedback)
    assert len(history(tmp_path)) == 2
    assert len(feedback.warnings) == 1


def test_a_new_network_stores_its_training_ranges(tmp_path):
    """Trained on one rain alone, it calls another one outside; the history is separate from the metrics."""
    terrain = procedural_terrain(5, 32)
    cases = [
        Case(f"c{n}", {**FAR, "rainfall": 12.0, "conductivity": k}) for n, k in enumerate((4e-6, 6e-6, 8e-6, 1e-5))
    ]
    narrow = build(table_plan(cases, terrain, "mine"), tmp_path / "set", Feedback(), executor=Threads(1))
    target = tmp_path / "narrow.safetensors"
    card = train(tmp_path / "run", narrow, TINY["network"], target, Feedback()).card
    assert card["ranges"]["rainfall"] == [12.0, 12.0]
    assert not any(key.startswith("validation") for key in card["metrics"])
    assert all(np.isfinite(list(card["validation"].values())))
    general = written(tmp_path / "general.safetensors")
    tuned = open_run(tmp_path / "tuned", narrow, replace(TINY["network"], initial=general), Feedback())
    assert (
        export(tuned, tmp_path / "tuned.safetensors", {}, best=False)["ranges"].items()
        >= {n: r for n, r in model_file.trained_ranges().items() if n not in ("cohesion", "friction_angle")}.items()
    )
    solver = network_solver_for(target, "cpu")
    for rain, outside in ((12.0, False), (9.0, True)):
        scenario = cases[1].scenario.with_values(rainfall=rain, cohesion=3.0, root_cohesion=0.0)
        result = next(solver.solve(terrain, [scenario], Feedback()))
        assert ("RAINFALL" in str(solver.reliability(terrain, scenario, result))) is outside


@pytest.mark.parametrize(("strong", "most"), [(0, 5e-4), (7, 5e-4), (8, 1e-3), (10, 1e-3)])
def test_a_range_grows_by_what_several_cases_teach(strong, most):
    """Eight cases beyond the general range count, seven do not."""
    cases = [
        Case(f"c{n}", {"lateral_anisotropy": 50.0, "duration": 1.0, "conductivity": 2e-5 if n < strong else 1e-6})
        for n in range(10)
    ]
    shard = simulate_cases(procedural_terrain(1, 32), cases, Feedback())
    pairs = [(SimpleNamespace(number=n), shard) for n in range(10)]
    dataset = SimpleNamespace(cases=lambda _: [], read=lambda _: pairs)
    ranges = learned_ranges(dataset, model_file.trained_ranges())
    assert ranges[model_file.MOST_LATERAL] == pytest.approx(most)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"architecture": "guided"}, "ARCHITECTURE"),
        ({"architecture": "paper", "dropout": 1.0}, "DROPOUT"),
        ({"architecture": "network", "dropout": 0.2}, "DROPOUT"),
        ({"epochs": 0}, "EPOCHS"),
        ({"batch": -1}, "BATCH_SIZE"),
        ({"learning_rate": 0.0}, "LEARNING_RATE"),
    ],
)
def test_options_out_of_range_are_refused(values, named):
    with pytest.raises(InputError, match=named):
        TrainingOptions(**values).settings()


def test_a_data_set_without_a_training_case_is_refused(data, tmp_path):
    empty = replace(data, references=tuple(r for r in data.references if r.split != TRAIN))
    for architecture in ("paper", "network"):
        with pytest.raises(InputError, match="DATASET"):
            open_run(tmp_path / architecture, empty, TINY[architecture], Feedback())


def test_mixed_precision_runs_only_where_the_device_has_it(data, tmp_path, monkeypatch):
    run = open_run(tmp_path, data, replace(TINY["paper"], bf16=True), Feedback())
    assert isinstance(run.mixed(), torch.autocast)
    run.device = torch.device("mps")
    assert not isinstance(run.mixed(), torch.autocast)
    run.device = torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (7, 5))
    assert not isinstance(run.mixed(), torch.autocast)


def test_mixed_precision_trains_all_the_same(data, tmp_path):
    run = open_run(tmp_path, data, replace(TINY["network"], bf16=True, epochs=1), Feedback())
    run.train(Feedback())
    assert all(torch.isfinite(v).all() for v in run.network.state_dict().values())
    assert float(history(tmp_path)[0]["loss"]) > 0.0


def test_settings_hold_what_they_are_given():
    assert TINY["network"].settings() == RunSettings(
        epochs=2, batch=2, learning_rate=8e-4, weight_decay=1e-2, schedule="cosine", average=0.998, bf16=False
    )
    assert TrainingOptions(architecture="paper").settings().epochs == 75


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 no checkpoint", b"\x80\x02}q\x00.", bytes(8) + b"{}", (10**12).to_bytes(8, "little") + b"{}"],
    ids=["empty", "an archive", "a pickle", "no metadata", "endless header"],
)
def test_a_damaged_checkpoint_is_refused_with_a_message(data, tmp_path, content):
    open_run(tmp_path, data, TINY["network"], Feedback()).train(Feedback(), until_step=1)
    whole = (tmp_path / CHECKPOINT).read_bytes()
    for damaged in (content, whole[:-100], whole[: len(whole) // 2]):
        (tmp_path / CHECKPOINT).write_bytes(damaged)
        with pytest.raises(InputError, match=r"Folder of the run.*is damaged"):
            open_run(tmp_path, data, TINY["network"], Feedback())


def test_a_checkpoint_whose_values_do_not_fit_is_refused_with_a_message(data, tmp_path):
    run = open_run(tmp_path, data, TINY["network"], Feedback())
    run.train(Feedback(), until_step=1)
    tensors, values = read_state(tmp_path / CHECKPOINT)
    fewer = {**tensors, "network": dict(list(tensors["network"].items())[1:])}
    for others, changes in (
        (tensors, {"epoch": "two"}), (tensors, {"sums": 5}), (tensors, {"groups": []}), (tensors, {"step": None}),
        (fewer, {}), ({**tensors, "optimizer": {"x.y": torch.zeros(3)}}, {}), ({"network": tensors["network"]}, {}),
    ):  # fmt: skip
        (tmp_path / CHECKPOINT).write_bytes(write_state(others, {**values, **changes}))
        with pytest.raises(InputError, match=r"Folder of the run.*is damaged"):
            open_run(tmp_path, data, TINY["network"], Feedback())


@pytest.mark.parametrize(
    ("columns", "shown"),
    [
        (correction_run.CorrectionRun.COLUMNS, ("training", "IoU", "Dice", "IoU, first guess")),
        (mask_run.MaskRun.COLUMNS, ("training", "validation", "IoU", "IoU, pooled", "Dice")),
    ],
)
def test_curves_of_a_history_include_those_of_the_first_guess(columns, shown):
    rows = [{"epoch": epoch, **dict.fromkeys(columns, 0.5)} for epoch in (1.0, 2.0)]
    figures = "".join(training_curves(rows))
    assert all(f">{label}<" in figures for label in shown)
    assert ("stroke-dasharray" in figures) == ("IoU, first guess" in shown)
