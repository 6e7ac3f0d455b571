"""Training on a data set: one entry for the algorithm, the commands and ``torchrun``.

From a terminal, on several processes or GPUs, with the folder that holds the plugin's on PYTHONPATH::

    torchrun --nproc-per-node 2 -m slopecast.plugin.ml.training.train DATASET MODEL --architecture paper --epochs 75
"""

from __future__ import annotations

import argparse
import os
import sys
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Iterator, Literal, Sequence, TypeVar

import torch

from ...core.dataset.cases import TRAIN, VALIDATION
from ...core.dataset.dataset import Dataset, read_dataset
from ...core.errors import InputError
from ...core.feedback import Feedback, PartialFeedback, PrintingFeedback, check_cancelled
from ...core.validation.evaluation import Evaluation
from ...text import Text
from .. import model_file
from ..network import Architecture, Network
from ..paper import TERRAIN_CHANNELS, PaperArchitecture, PaperNetwork, scaling_of
from .correction_run import CorrectionRun, ValidationCase, steps_an_epoch
from .distributed import process_group, rank_and_world
from .evaluate_weights import evaluate_weights, metrics_of
from .export import export, initial_weights_provenance, learned_ranges
from .loop import Run, RunSettings
from .mask_run import MaskCase, MaskRun, read_mask_cases, terrains_of
from .sampling import Area, prepare

ARCHITECTURES = ("network", "pointwise", "paper")
_DATASET = "Data set (DATASET)"
_INITIAL = "Initial network (INITIAL_MODEL)"
Kind = TypeVar("Kind", Network, PaperNetwork)
_CORRECTION = {
    "epochs": 40, "batch": 4, "learning_rate": 8e-4, "weight_decay": 1e-2, "schedule": "cosine", "average": 0.998,
}  # fmt: skip
#: Default training settings of each architecture; the paper's are the published ones.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "network": _CORRECTION,
    "pointwise": {**_CORRECTION, "epochs": 20},
    "paper": {"epochs": 75, "batch": 8, "learning_rate": 1e-4},
}
#: Learning rate and epochs for fine-tuning, as shares of those for training from random weights.
_FINE_TUNING, _FINE_TUNING_EPOCHS = 0.15, 0.2
#: Time constant of the averaged weights, as a share of a run's steps.
_AVERAGING_SHARE = 0.1


@dataclass(frozen=True)
class TrainingOptions:
    """Training options; ``None`` means the default of the architecture.

    Attributes:
        architecture: network, pointwise (its baseline, which sees no neighbour) or paper.
        width: channels of the first level.
        levels, dropout, frame, channels: of the paper's network; groups: of the training cases that it learns from,
            all where ``None``.
        epochs, steps, seconds: length; batch, learning_rate, patience, augment, seed: see :class:`.loop.RunSettings`.
        device: cpu, cuda or mps; bf16: mixed precision.
        initial: weights to go on from; their shape then counts.
    """

    architecture: Literal["network", "pointwise", "paper"] = "network"
    width: int | None = None
    levels: int | None = None
    dropout: float | None = None
    frame: Literal["box", "square"] | None = None
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

    def __post_init__(self) -> None:
        if self.architecture not in ARCHITECTURES:
            raise InputError(
                "Architecture (ARCHITECTURE)", Text("'{}' is unknown", self.architecture), ", ".join(ARCHITECTURES)
            )
        if self.dropout is not None and not 0.0 <= self.dropout < 1.0:
            raise InputError("Dropout (DROPOUT)", Text("{:g} is out of range", self.dropout), "0 to below 1")
        if self.dropout and self.architecture != "paper":
            raise InputError(
                "Dropout (DROPOUT)", "is an option of the paper's network only", "empty, or 0 for this architecture"
            )

    def settings(self) -> RunSettings:
        """The run's settings."""
        values = dict(_DEFAULTS[self.architecture])
        if self.initial:
            values["learning_rate"] *= _FINE_TUNING
            if self.architecture != "paper":
                values["epochs"] = round(values["epochs"] * _FINE_TUNING_EPOCHS)
        for name in ("epochs", "batch", "learning_rate"):
            if getattr(self, name) is not None:
                values[name] = getattr(self, name)
        same = {n: getattr(self, n) for n in ("steps", "seconds", "patience", "augment", "seed", "device", "bf16")}
        return RunSettings(**values, **same)


def open_run(folder: Path, dataset: Dataset, options: TrainingOptions, feedback: Feedback) -> Run:
    """Start a run, or resume the one in ``folder``.

    Raises:
        InputError: a data set without training cases, an initial model of another architecture, or a folder with
            another run.
        Cancelled: the user cancelled the run.
    """
    about: dict[str, Any] = {"dataset": dataset.name}
    if "plan_crc32" in dataset.description:
        about["dataset_crc32"] = dataset.description["plan_crc32"]
    if options.initial:
        about["initial"] = Path(options.initial).name
        if os.path.isfile(options.initial):  # a missing one is refused when it is read
            about["initial_crc32"] = zlib.crc32(Path(options.initial).read_bytes())
    if not dataset.cases(TRAIN):
        raise InputError(
            _DATASET,
            Text("'{}' has no cases in the 'train' subset of its split", dataset.folder), "a data set to train on",
            "Build one with 'Build a training set'; a few dozen cases are enough for fine-tuning.",
        )  # fmt: skip
    if options.architecture == "paper":
        return open_mask_run(Path(folder), read_mask_cases(dataset, feedback), options, about)
    return _open_correction_run(Path(folder), dataset, options, about, feedback)


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
        Cancelled: the user cancelled the run; the folder holds the checkpoint, no weights are written.
    """
    with process_group(options.device):
        run = open_run(folder, dataset, options, PartialFeedback(feedback, 0.0, 10.0))
        run.train(PartialFeedback(feedback, 10.0, 90.0))
        if rank_and_world()[0]:
            return Trained(run, None, {})
        card_parts = {"dataset": dataset_title(dataset), **(about or {})}
        if options.initial:
            card_parts["training"] = initial_weights_provenance(options.initial)
        draft = run.folder / "draft.safetensors"
        card_parts["temperature"] = export(run, draft, card_parts, best=bool(options.patience)).get("temperature")
        evaluation = evaluate_weights(dataset, options, draft, PartialFeedback(feedback, 90.0, 100.0))
        if evaluation is not None:
            card_parts["metrics"] = metrics_of(evaluation)
        card = export(run, target, card_parts, best=bool(options.patience))
        with suppress(OSError):  # Windows refuses while something reads them; they are in a hidden folder
            draft.unlink(), draft.with_suffix(".md").unlink()
    return Trained(run, evaluation, card)


def dataset_title(dataset: Dataset) -> str:
    """A data set in words, for the card."""
    return str(dataset.description.get("design", {}).get("title", dataset.name))


def open_mask_run(folder: Path, cases: Sequence[MaskCase], options: TrainingOptions, about: dict[str, Any]) -> MaskRun:
    """Start or resume a run of the paper's network; see :func:`open_run`."""
    cases = [c for c in cases if not options.groups or c.split != TRAIN or c.group in options.groups]
    scaling = scaling_of(terrains_of(cases))
    if options.initial:
        initial, card = _initial(options, PaperNetwork)
        network = PaperNetwork(replace(initial.architecture, **_given_options(options, "dropout")))
        network.load_state_dict(initial.state_dict())
        scaling = {**card["scaling"], **{name: scaling[name] for name in TERRAIN_CHANNELS}}  # the new study area's
    else:
        given = _given_options(options, "width", "levels", "dropout", "frame", "channels")
        network = _fresh(PaperNetwork, PaperArchitecture(**given), options.seed)
    return MaskRun(folder, network, options.settings(), cases, scaling, about)


def _open_correction_run(
    folder: Path, dataset: Dataset, options: TrainingOptions, about: dict[str, Any], feedback: Feedback
) -> CorrectionRun:
    """Prepare the cases and start or resume a run of the network; see :func:`open_run`."""
    before = None
    if options.initial:
        network, card = _initial(options, Network)
        before = card["ranges"]
    else:
        network = _fresh(Network, _architecture(options), options.seed)
    training, validation = [], []
    for area, shard, numbers, side in _prepare_areas(dataset, folder / "areas", options.seed, feedback):
        if side == TRAIN:
            training.append(area)
            continue
        # Each case has two guesses, the first one with the fewest steps.
        for place, number in enumerate(numbers):
            state, cells = shard.state(number), shard.terrain.cells
            validation.append(ValidationCase(area, 2 * place, shard.scenario(number), cells, state))
    if not any(area.sampling_weights.any() for area in training):
        raise InputError(
            _DATASET, Text("'{}' contains no training case with enough lateral flow for a correction", dataset.folder),
            "some cases with strong lateral flow, long rainfall or small cells",
            "In this study area the first guess is exact: the shipped network needs no training.",
        )  # fmt: skip
    settings, ranges = _with_average(options.settings(), training), learned_ranges(dataset, before)
    return CorrectionRun(folder, network, settings, training, validation, ranges, about)


def _initial(options: TrainingOptions, kind: type[Kind]) -> tuple[Kind, dict[str, Any]]:
    """The weights to go on from, and their card; raises :class:`InputError`."""
    try:
        return model_file.load(options.initial, kind, folded=False)
    except InputError as error:
        raise error.at(_INITIAL) from error


def _fresh(kind: type[Kind], architecture: Architecture | PaperArchitecture, seed: int) -> Kind:
    torch.manual_seed(seed)
    return kind(architecture)


def _prepare_areas(dataset: Dataset, folder: Path, seed: int, feedback: Feedback) -> Iterator[tuple]:
    """Yield (area, shard, case numbers, side of the split) of the shards' training and validation cases."""
    sides: dict[tuple[int, int], list[int]] = {}
    for reference in dataset.cases():
        if reference.split in (TRAIN, VALIDATION):
            sides.setdefault((reference.shard, reference.split), []).append(reference.number)
    for done, ((at, side), numbers) in enumerate(sorted(sides.items())):
        check_cancelled(feedback)
        shard = dataset.shard(at)
        name = f"{Path(dataset.shards[at].file).stem}_{side}"
        yield prepare(shard, numbers, folder, name, seed, feedback), shard, numbers, side
        feedback.setProgress(100.0 * (done + 1) / len(sides))


def _architecture(options: TrainingOptions) -> Architecture:
    """The shape of a fresh network; deeper levels are wider."""
    kind = "pointwise" if options.architecture == "pointwise" else "unet"
    if options.width is None:
        return Architecture(kind)
    return Architecture(kind, tuple(max(1, round(options.width * share)) for share in (1.0, 1.5, 2.0)))


def _with_average(settings: RunSettings, areas: Sequence[Area]) -> RunSettings:
    """Settings whose averaged weights follow a short run closely enough."""
    steps = settings.steps or settings.epochs * steps_an_epoch(areas, settings.batch)
    return replace(settings, average=min(settings.average, 1.0 - 1.0 / max(2.0, _AVERAGING_SHARE * steps)))


def _given_options(options: TrainingOptions, *names: str) -> dict[str, Any]:
    """The options that are not ``None``, as keyword arguments."""
    return {n: getattr(options, n) for n in names if getattr(options, n) is not None}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train from a terminal, alone or as one of the processes of ``torchrun``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path, help="folder of a data set")
    parser.add_argument("model", type=Path, help="file of weights to write (.safetensors)")
    parser.add_argument("--run", type=Path, help="folder of checkpoints and history (default: next to the weights)")
    parser.add_argument("--architecture", choices=ARCHITECTURES, default="network")
    for name, kind in (("width", int), ("levels", int), ("dropout", float), ("epochs", int), ("steps", int),
                       ("batch", int), ("learning-rate", float), ("patience", int), ("seed", int), ("device", str),
                       ("initial", Path)):  # fmt: skip
        parser.add_argument(f"--{name}", type=kind)
    parser.add_argument("--no-augment", dest="augment", action="store_false")
    parser.add_argument("--no-bf16", dest="bf16", action="store_false")
    given = parser.parse_args(arguments)
    values = {k: v for k, v in vars(given).items() if v is not None and k not in ("dataset", "model", "run")}
    folder = given.run or given.model.with_suffix(".run")
    feedback = PrintingFeedback() if os.environ.get("RANK", "0") == "0" else Feedback()
    train(folder, read_dataset(given.dataset), TrainingOptions(**values), given.model, feedback)
    return 0


if __name__ == "__main__":
    sys.exit(main())
