"""Training of either architecture on a data set: one entry for the algorithm, the commands and ``torchrun``.

From a terminal, on several processes or GPUs, with the folder that holds the plugin's on PYTHONPATH::

    torchrun --nproc-per-node 2 -m slopecast.plugin.ml.training DATASET MODEL --architecture paper --epochs 75
"""

from __future__ import annotations

import argparse
import math
import sys
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Literal, Sequence

import numpy as np
import torch

from ..core.cases import TRAIN, VALIDATION
from ..core.dataset.dataset import Dataset, read_dataset
from ..core.errors import InputError
from ..core.evaluation import COLUMN, Evaluation, evaluate
from ..core.feedback import Feedback, PartialFeedback, PrintingFeedback, check_cancelled
from ..core.physics.column import Column
from ..core.result import Solver
from ..core.scenario import Scenario
from ..core.terrain import Terrain
from ..text import Text
from . import weights
from .cards import export, gone_on_from, paper_card_parts
from .distributed import process_group, rank_and_world
from .guided_training import GuidedRun, MountainSource, Sampling
from .paper import PaperArchitecture, PaperNetwork, Scaling
from .paper_training import PaperRun, Site
from .run import Run, RunSettings
from .solvers import solver_for
from .unet import Architecture, GuidedNetwork

ARCHITECTURES = ("guided", "paper")
BEFORE, AFTER = "initial", "trained"
MOST_JUDGED = 60
_FEW_MOUNTAINS = 16
_DATASET = "Data set (DATASET)"
_INITIAL = "Initial model (INITIAL_MODEL)"
#: What each architecture is trained with unless something else is asked for; the paper's are the published ones.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "paper": {"epochs": 75, "batch": 8, "learning_rate": 1e-4},
    "guided": {
        "epochs": 24, "batch": 2, "learning_rate": 2e-3, "weight_decay": 1e-4, "schedule": "cosine", "average": 0.999,
    },
}  # fmt: skip
#: Learning rate to go on from trained weights, as a share of that from nothing.
_FINE_TUNING = 0.15
#: The same for a U-Net beside a trained head. At the whole rate one lost what it had learned within two epochs; over
#: 550 steps on 40 mountains half of it left less of the guess's error (0.54 of it, against 0.57).
_BESIDE_A_HEAD = 0.5
#: The average follows a short run closely enough if it forgets within this share of its steps.
_AVERAGED_SHARE = 0.1


@dataclass(frozen=True)
class TrainingOptions:
    """What to train and how; ``None`` takes the architecture's own value.

    Attributes:
        architecture: guided or paper; encoder: of a guided network, unet or pointwise.
        width, levels, dropout: of the network; frame, channels: of the paper's; groups: of the training cases that the
            paper's network learns from, all where ``None``.
        epochs, steps, seconds: length; batch, learning_rate, patience, augment, seed: see :class:`.run.RunSettings`.
        device: cpu, cuda or mps; bf16: mixed precision.
        initial: weights to go on from; their shape then counts.
        head: weights of a pointwise network, beside which a fresh U-Net is trained on: it learns faster so than with a
            head that knows nothing yet.
        scenarios, side: drawn of a mountain at a step of a guided network, see :class:`.Sampling`.
    """

    architecture: Literal["guided", "paper"] = "guided"
    encoder: Literal["unet", "pointwise"] = "unet"
    width: int = 16
    levels: int | None = None
    dropout: float | None = None
    frame: Literal["box", "square"] = "box"
    channels: Sequence[str] | None = None
    groups: Sequence[str] | None = None
    epochs: int | None = None
    steps: int | None = None
    seconds: float | None = None
    batch: int | None = None
    learning_rate: float | None = None
    patience: int = 0
    augment: bool = True
    seed: int = 0
    device: str = "cpu"
    bf16: bool = True
    initial: str | Path | None = None
    head: str | Path | None = None
    scenarios: int | None = None
    side: int | None = None

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise InputError(
                "Architecture (ARCHITECTURE)", Text("'{}' is unknown", self.architecture), "guided or paper"
            )
        if self.dropout is not None and not 0.0 <= self.dropout < 1.0:
            raise InputError("Dropout (DROPOUT)", Text("{:g} is out of range", self.dropout), "0 to below 1")

    def settings(self) -> RunSettings:
        """The run's settings."""
        values = dict(_DEFAULTS[self.architecture])
        if self.initial:
            values["learning_rate"] *= _FINE_TUNING
        elif self.head:
            values["learning_rate"] *= _BESIDE_A_HEAD
        for name in ("epochs", "batch", "learning_rate"):
            if getattr(self, name) is not None:
                values[name] = getattr(self, name)
        same = {n: getattr(self, n) for n in ("steps", "seconds", "patience", "augment", "seed", "device", "bf16")}
        return RunSettings(**values, **same)


def open_run(folder: Path, dataset: Dataset, options: TrainingOptions, feedback: Feedback) -> Run:
    """Make a run, or take up the one in ``folder``.

    Raises:
        InputError: a data set without training cases, an initial model of another architecture, or a folder with
            another run.
        Cancelled: the user asked to stop.
    """
    about: dict[str, Any] = {"dataset": dataset.name}
    if "plan_crc32" in dataset.description:
        about["dataset_crc32"] = dataset.description["plan_crc32"]
    for name, file in (("initial", options.initial), ("head", options.head)):
        if file:
            about[name] = Path(file).name
            if Path(file).is_file():  # what is missing is refused in words when it is read
                about[f"{name}_crc32"] = zlib.crc32(Path(file).read_bytes())
    if options.architecture == "paper":
        return open_paper_run(Path(folder), read_paper_cases(dataset, feedback), options, about)
    return _open_guided(Path(folder), dataset, options, about, feedback)


@dataclass(frozen=True)
class Trained:
    """A finished training.

    Attributes:
        run: with its history in its folder.
        evaluation: of the validation cases on whole maps, solvers :data:`BEFORE` (the initial weights, where there were
            any), :data:`AFTER` and the closed-form column; ``None`` without validation cases.
        card: of the written weights; empty on all but the first of several processes.
    """

    run: Run
    evaluation: Evaluation | None
    card: dict[str, Any]


def train(
    folder: Path, dataset: Dataset, options: TrainingOptions, target: Path, feedback: Feedback,
    about: dict[str, Any] | None = None,
) -> Trained:  # fmt: skip
    """Train to the end, judge the weights on the validation cases and write them with their card.

    Args:
        folder: of the run, for checkpoints and history; taken up where it stopped.
        dataset: to learn from.
        options: what and how.
        target: file of weights.
        feedback: progress and cancel.
        about: for the card, e.g. ``commit``.

    Raises:
        InputError: see :func:`open_run`.
        Cancelled: the user asked to stop; the folder holds the checkpoint, no weights are written.
    """
    with process_group(options.device):
        run = open_run(folder, dataset, options, PartialFeedback(feedback, 0.0, 10.0))
        run.train(PartialFeedback(feedback, 10.0, 90.0))
        if rank_and_world()[0]:
            return Trained(run, None, {})
        told = {"dataset": dataset_told(dataset), **(about or {})}
        if options.initial:
            told["training"] = gone_on_from(options.initial)
        draft = run.folder / "draft.safetensors"
        told["temperature"] = export(run, draft, told, best=bool(options.patience)).get("temperature")
        evaluation = judge(dataset, options, draft, PartialFeedback(feedback, 90.0, 100.0))
        if evaluation is not None:
            told["metrics"] = metrics_told(evaluation)
        told = {k: v for k, v in told.items() if v is not None}
        card = export(run, target, told, best=bool(options.patience))
        draft.unlink(), draft.with_suffix(".md").unlink()
    return Trained(run, evaluation, card)


def judge(
    dataset: Dataset, options: TrainingOptions, weights_file: Path, feedback: Feedback, most: int = MOST_JUDGED,
    split: int = VALIDATION,
) -> Evaluation | None:  # fmt: skip
    """Run trained weights, the initial ones and the column on held cases, at most ``most`` spread over all of them.

    Returns:
        the scores; ``None`` where there is no such case.
    """
    held = dataset.cases(split)
    if not held:
        return None
    picked = [held[i] for i in np.unique(np.linspace(0, len(held) - 1, min(most, len(held))).round().astype(int))]
    solvers: dict[str, Solver] = {BEFORE: solver_for(options.initial, options.device)} if options.initial else {}
    solvers |= {AFTER: solver_for(weights_file, options.device), COLUMN: Column()}
    return evaluate(dataset.reference_cases(picked), len(picked), solvers, feedback)


def metrics_told(evaluation: Evaluation, solver: str = AFTER) -> dict[str, Any]:
    """What a card tells of an evaluation: the main numbers, and the mean IoU by failed cells."""
    summary = evaluation.summary(solver)
    names = ("cases", "mean_iou", "pooled_iou", "mean_dice", "mean_accuracy", "mean_precision", "mean_recall",
             "empty_reference_mean_false_cells", "calibration_error")  # fmt: skip
    told = {n: round(float(summary[n]), 4) for n in names if not math.isnan(summary[n])}
    told["cases"] = int(summary["cases"])
    bins = [b for b in summary["bins"] if b["cases"] and not math.isnan(b["mean_iou"])]
    told["mean_iou_by_failed_cells"] = {b["failed_cells"]: round(float(b["mean_iou"]), 4) for b in bins}
    if COLUMN in evaluation.scores and solver != COLUMN:
        told["column_mean_iou"] = round(float(evaluation.summary(COLUMN)["mean_iou"]), 4)
    return {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in told.items()}


def dataset_told(dataset: Dataset) -> str:
    """A data set in words, for the card."""
    return str(dataset.description.get("design", {}).get("title", dataset.name))


@dataclass(frozen=True)
class PaperCases:
    """Training and validation cases of one mountain, read once.

    Attributes:
        terrain, scenarios: what they are; failed: (cases, rows, cols) bool, the engine's FS < 1.
        sides: (cases,) of the split; groups: what each belongs to within the design.
    """

    terrain: Terrain
    scenarios: list[Scenario]
    failed: np.ndarray
    sides: np.ndarray
    groups: np.ndarray


def read_paper_cases(dataset: Dataset, feedback: Feedback) -> list[PaperCases]:
    """Read the training and validation cases of a data set, by mountain.

    Raises:
        InputError: no training case.
        Cancelled: the user asked to stop.
    """
    found: dict[str, tuple[Terrain, list[Any]]] = {}
    references = [r for r in dataset.cases() if r.split in (TRAIN, VALIDATION)]
    for number, reference in enumerate(references):
        check_cancelled(feedback)
        shard = dataset.shard(reference.shard)
        _, rows = found.setdefault(reference.mountain, (shard.terrain, []))
        mask = shard.mask(reference.number) == 1
        rows.append((shard.scenario(reference.number), mask, reference.split, reference.group))
        feedback.setProgress(100.0 * (number + 1) / len(references))
    if not any(r.split == TRAIN for r in references):
        raise _no_training_case(dataset)
    cases = []
    for terrain, rows in found.values():
        scenarios, masks, sides, groups = zip(*rows)
        cases.append(PaperCases(terrain, list(scenarios), np.stack(masks), np.array(sides), np.array(groups)))
    return cases


def open_paper_run(
    folder: Path, cases: Sequence[PaperCases], options: TrainingOptions, about: dict[str, Any]
) -> PaperRun:
    """Make or take up a run of the paper's network; see :func:`open_run`."""
    network, scaling = None, Scaling.of([c.terrain for c in cases])
    architecture = PaperArchitecture(**_given(options, "width", "levels", "dropout", "frame", "channels"))
    if options.initial:
        network, card = weights.load_any(options.initial, folded=False)
        if not isinstance(network, PaperNetwork):
            raise InputError(_INITIAL, "is a guided network", "weights of the paper's network")
        architecture = _with_dropout(network.architecture, options.dropout)
        network = _reshaped(network, PaperNetwork(architecture))
        extremes = {"elevation": scaling.elevation, "soil_depth": scaling.soil_depth}  # the new mountain's
        scaling = replace(Scaling.from_card(card["scaling"]), **extremes)
    sites, learned = [], []
    for c in cases:
        site = Site.of(c.terrain, c.scenarios, c.failed, scaling, architecture)
        chosen = (c.sides == TRAIN) & (np.isin(c.groups, options.groups) if options.groups else True)
        sites.append((site.select(np.flatnonzero(chosen)), site.select(np.flatnonzero(c.sides == VALIDATION))))
        learned += [c.scenarios[i] for i in np.flatnonzero(chosen)]
    run = PaperRun(folder, architecture, options.settings(), *zip(*sites), network, about)
    run.card_parts = paper_card_parts([c.terrain for c in cases], learned, scaling)
    return run


def _open_guided(
    folder: Path, dataset: Dataset, options: TrainingOptions, about: dict[str, Any], feedback: Feedback
) -> GuidedRun:
    network = learned = None
    architecture = Architecture(**_given(options, "encoder", "width", "levels", "dropout"))
    if options.initial:
        network, card = weights.load_any(options.initial, folded=False)
        learned = card["ranges"]
        if not isinstance(network, GuidedNetwork):
            raise InputError(_INITIAL, "is the paper's network", "weights of a guided network")
        architecture = _with_dropout(network.architecture, options.dropout)
        network = _reshaped(network, GuidedNetwork(architecture))
    elif options.head:
        head = weights.load(options.head)[0]
        if head.architecture.encoder != "pointwise" or head.architecture.width != architecture.width:
            raise InputError(
                "Head", Text("'{}' has the architecture {}", options.head, head.architecture.describe()),
                Text("a pointwise network of width {}", architecture.width),
            )  # fmt: skip
        torch.manual_seed(options.seed)
        network = GuidedNetwork.beside(head, architecture)
    sampling = Sampling(**{"side": _side(dataset), **_given(options, "scenarios", "side")})
    training, validation = (_mountains(dataset, side, sampling.scenarios) for side in (TRAIN, VALIDATION))
    if not training and dataset.cases(TRAIN):
        raise InputError(
            _DATASET,
            Text("'{}' holds no training case in which water comes from far; in the others the network is not asked",
                 dataset.folder),
            "some cases with strong lateral flow, long rain or small cells",
            "Where an area has none, there is nothing to learn: the shipped model gives the engine's water balance.",
        )  # fmt: skip
    if not training:
        raise _no_training_case(dataset)
    feedback.setProgress(100.0)
    settings = options.settings()
    steps = settings.steps or settings.epochs * -(-len(training) // settings.batch)
    forgets = 1.0 - 1.0 / max(2.0, _AVERAGED_SHARE * steps)
    settings = replace(settings, average=min(settings.average, forgets))
    run = GuidedRun(folder, architecture, settings, training, validation, sampling, network, about)
    run.learned_before = learned
    return run


def _given(options: TrainingOptions, *names: str) -> dict[str, Any]:
    """The options that are given; the others keep the defaults of what they are options of."""
    return {n: getattr(options, n) for n in names if getattr(options, n) is not None}


def _side(dataset: Dataset) -> int:
    """Side of the training windows: no wider than the widest mountain."""
    widest = max(max(int(m["rows"]), int(m["cols"])) for m in dataset.description["mountains"])
    return min(Sampling().side, widest)


def _mountains(dataset: Dataset, side: int, scenarios: int) -> list[MountainSource]:
    """The shards that have cases for the network on a side of the split, cut into pieces where the mountains are few.

    Those are the cases in which water comes from so far that its balance begins on wider cells. Cut so, an epoch is a
    pass over many mountains, or over the cases of a few.
    """
    numbers: dict[int, list[int]] = {}
    hours = lru_cache(maxsize=None)(dataset.takeover_hours)
    for reference in dataset.cases(side):
        if not math.isnan(hours(reference.shard)[reference.number]):
            numbers.setdefault(reference.shard, []).append(reference.number)
    read = lru_cache(maxsize=None)(dataset.shard)  # the run keeps them all; pieces of one share it
    few = side == TRAIN and len({dataset.shards[at].mountain for at in numbers}) < _FEW_MOUNTAINS
    sources = []
    for at, found in sorted(numbers.items()):
        pieces = -(-len(found) // scenarios) if few else 1
        sources += [
            MountainSource(f"{dataset.shards[at].file} {piece}", partial(read, at), np.array(found[piece::pieces]))
            for piece in range(pieces)
        ]
    return sources


def _with_dropout(architecture: Any, dropout: float | None) -> Any:
    """The shape of trained weights with another dropout, which holds no weights."""
    return architecture if dropout is None else replace(architecture, dropout=dropout)


def _reshaped(network: Any, fresh: Any) -> Any:
    """Trained weights in a network of the same shape whose layers may differ in dropout."""
    fresh.load_state_dict(network.state_dict())
    return fresh


def _no_training_case(dataset: Dataset) -> InputError:
    return InputError(
        _DATASET, Text("'{}' holds no case on the side 'train' of its split", dataset.folder), "a data set to train on",
        "Build one with slopecast:builddataset; a few dozen cases are enough for fine-tuning.",
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from a terminal, alone or as one of the processes of ``torchrun``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path, help="folder of a data set")
    parser.add_argument("model", type=Path, help="file of weights to write (.safetensors)")
    parser.add_argument("--run", type=Path, help="folder of checkpoints and history (default: beside the weights)")
    parser.add_argument("--architecture", choices=ARCHITECTURES, default="guided")
    parser.add_argument("--encoder", choices=("unet", "pointwise"), default="unet")
    for name, kind in (("width", int), ("levels", int), ("dropout", float), ("epochs", int), ("steps", int),
                       ("batch", int), ("learning-rate", float), ("patience", int), ("seed", int),
                       ("scenarios", int), ("side", int), ("device", str),
                       ("initial", Path)):  # fmt: skip
        parser.add_argument(f"--{name}", type=kind)
    parser.add_argument("--no-augment", dest="augment", action="store_false")
    parser.add_argument("--no-bf16", dest="bf16", action="store_false")
    told = parser.parse_args(arguments)
    values = {k: v for k, v in vars(told).items() if v is not None and k not in ("dataset", "model", "run")}
    folder = told.run or told.model.with_suffix(".run")
    feedback = PrintingFeedback() if _is_first_process() else Feedback()
    train(folder, read_dataset(told.dataset), TrainingOptions(**values), told.model, feedback)
    return 0


def _is_first_process() -> bool:
    import os

    return os.environ.get("RANK", "0") == "0"


if __name__ == "__main__":
    sys.exit(main())
