"""Training loop of one run: epochs, checkpoints, history and early stopping.

A run made again in the same folder goes on where it stopped, with the same numbers as if it had not: what a step
draws depends on the seed, the epoch and the step alone, and torch's generator is kept with the weights.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import math
import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Mapping, Sequence

import torch
from torch import nn

from ...core.errors import InputError, SlopecastError
from ...core.feedback import Feedback, check_cancelled
from ...core.files.whole import replacing, write_text
from ...core.validation.metrics import known_mean
from ...text import Text
from ..device import half_precision
from .checkpoint import damaged, load_optimizer, optimizer_tensors, read_state, write_state
from .distributed import mean_over_processes, rank_and_world, share_batch_norm

CHECKPOINT, BEST, HISTORY = "checkpoint.safetensors", "best.safetensors", "history.csv"
_COMMON_COLUMNS = ("epoch", "step", "seconds", "learning_rate")
_WARM_STEPS = 200
#: The run has diverged if 1 - Dice of the validation exceeds the best one by this factor plus this noise.
_LOST, _NOISE = 1.3, 0.01
#: Settings that may change when a run is resumed: length, averaging (derived from it), patience and device.
_CHANGEABLE = ("epochs", "steps", "seconds", "patience", "device", "average")
#: Values in a checkpoint in addition to tensors, settings and the sums of the current epoch.
_COUNTERS = ("epoch", "position", "step", "seconds", "best", "best_epoch", "lr_scale")
_SAVED_EVERY_S = 300.0  # interval of checkpoints: the most that an interrupted run loses


@dataclass(frozen=True)
class RunSettings:
    """Length and learning rate of a training.

    Attributes:
        epochs: passes over the training data; steps, seconds: end the run earlier, where given.
        batch: cases of a step, over all processes; learning_rate: greatest; weight_decay: of AdamW, 0 is Adam.
        schedule: the rate stays ``constant``, or rises for a tenth of the run and falls as a ``cosine``.
        clip: greatest norm of the gradient; average: share that the averaged weights keep at a step, 0 for none.
        patience: epochs without a better validation Dice after which the run ends; 0 never.
        augment: flips and quarter turns; bf16: mixed precision; seed: of everything drawn; device: cpu, cuda or mps.
    """

    epochs: int = 75
    steps: int | None = None
    seconds: float | None = None
    batch: int = 8
    learning_rate: float = 1e-4
    weight_decay: float = 0.0
    schedule: Literal["constant", "cosine"] = "constant"
    clip: float = 1.0
    average: float = 0.0
    patience: int = 0
    augment: bool = True
    bf16: bool = True
    seed: int = 0
    device: str = "cpu"

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("Epochs (EPOCHS)", self.epochs, "1 or more"),
            ("Batch size (BATCH_SIZE)", self.batch, "1 or more"),
            ("Learning rate (LEARNING_RATE)", self.learning_rate, "above 0"),
        ):
            if not value > 0:
                raise InputError(name, Text("{:g} is out of range", value), allowed)


class TrainingDiverged(SlopecastError):
    """The loss or its gradient is not finite; the weights are those before the step."""

    def __init__(self, step: int) -> None:
        super().__init__(
            Text(
                "The training stopped at step {}: the loss or its gradient is not finite. No weights were written. "
                "Train again in another folder with a lower learning rate (LEARNING_RATE) or without mixed precision, "
                "and look for extreme values in the data set.",
                step + 1,
            )
        )


class Run(ABC):
    """A training run: ``checkpoint`` and ``best`` (of the greatest validation Dice) and ``history.csv``.

    Subclasses define what a kind of network needs: the batches, the loss, the validation and what its card states.

    Args:
        folder: of the run; what a run left there is taken up.
        network: to train, in place; has an architecture.
        settings: how; resume_config: what else must be the same when the run is taken up (data, initial weights, ...).
    """

    #: Columns of the history in addition to the common ones.
    COLUMNS: tuple[str, ...] = ()

    def __init__(
        self, folder: Path, network: nn.Module, settings: RunSettings, resume_config: Mapping[str, Any]
    ) -> None:
        self.folder, self.settings, self.architecture = Path(folder), settings, network.architecture
        fixed = {k: v for k, v in asdict(settings).items() if k not in _CHANGEABLE}
        whole = {"architecture": asdict(self.architecture), **resume_config, **fixed}
        self.resume_config = json.loads(json.dumps(whole))  # as it is read from a checkpoint
        self.rank, self.world = rank_and_world()
        self.device = torch.device(settings.device)
        self.network = network.to(self.device, memory_format=torch.channels_last)
        if self.world > 1:
            share_batch_norm(self.network)
        self.average = copy.deepcopy(self.network).eval() if settings.average else self.network
        self.optimizer = _optimizer(self.network, settings)
        self._step_module = self._make_step_module()
        self.epoch = self.position = self.step = 0
        self.seconds, self.best, self.best_epoch = 0.0, -math.inf, 0
        self.lr_scale = 1.0  # factor on the learning rate, reduced after each divergence
        self._sums: dict[str, list[float]] = {}
        self._tensorboard = True
        torch.manual_seed(settings.seed + 1000 * self.rank)
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.folder / CHECKPOINT).exists():
            self._resume()

    @abstractmethod
    def batches(self, epoch: int) -> Sequence[Any]:
        """Batches of an epoch, equal on all processes and drawn only from (seed, epoch)."""

    @abstractmethod
    def loss_of(self, network: nn.Module, batch: Any) -> tuple[torch.Tensor, dict[str, float]]:
        """Loss of this process's part of a batch, and the values for the history."""

    @abstractmethod
    def validate(self, feedback: Feedback) -> dict[str, float]:
        """Score :attr:`average` on the validation cases; the greatest ``validation_dice`` is of the best epoch."""

    @abstractmethod
    def card_entries(self) -> dict[str, Any]:
        """Entries of the model card that only this kind of network has."""

    def temperature(self) -> float | None:
        """Divisor of the logits that calibrates their probabilities; ``None`` for a network without logits."""
        return None

    @property
    def finished(self) -> bool:
        """Whether the training is complete."""
        s = self.settings
        if s.patience and self.epoch - self.best_epoch >= s.patience and self.best > -math.inf:
            return True
        return self.epoch >= s.epochs or self._reached_limit()

    @property
    def progress(self) -> float:
        """Share of the run that is done, 0 to 1."""
        s = self.settings
        shares = [(self.epoch + self.position / max(1, len(self._current_batches()))) / s.epochs]
        shares += [done / whole for done, whole in ((self.step, s.steps), (self.seconds, s.seconds)) if whole]
        return min(1.0, max(shares))

    def train(self, feedback: Feedback, until_step: float = math.inf) -> None:
        """Train to the end, or up to a step (and resume later).

        Raises:
            InputError: no batch can be made of the training cases.
            TrainingDiverged: the loss is not finite; the checkpoint stays the last one before.
            Cancelled: the user cancelled the run; the checkpoint holds what was done.
        """
        began, base = time.monotonic(), self.seconds
        self._saved = began
        self.network.train()
        if not self._current_batches():
            raise InputError(
                "Batch size (BATCH_SIZE)",
                Text("{} processes cannot divide so few training cases evenly", self.world),
                "a smaller batch, fewer processes or more cases",
            )  # fmt: skip
        sound = True
        try:
            while not self.finished and self.step < until_step:
                plan = self._current_batches()
                while self.position < len(plan) and self.step < until_step and not self._reached_limit():
                    check_cancelled(feedback)
                    for key, value in self._train_step(plan[self.position]).items():
                        self._sums.setdefault(key, []).append(value)
                    self.position, self.step = self.position + 1, self.step + 1
                    self.seconds = base + time.monotonic() - began
                    if time.monotonic() - self._saved > _SAVED_EVERY_S:
                        self.save()
                    feedback.setProgress(100.0 * self.progress)
                if self.position == len(plan) or self._reached_limit():
                    self._end_epoch(feedback)
                    self.seconds = base + time.monotonic() - began
        except TrainingDiverged:
            sound = False  # the statistics of batch normalisation may be spoilt
            raise
        finally:
            if sound:
                self.save()

    def _reached_limit(self) -> bool:
        s = self.settings
        return (s.steps is not None and self.step >= s.steps) or (s.seconds is not None and self.seconds >= s.seconds)

    def _current_batches(self) -> Sequence[Any]:
        """The current epoch's batches, made once."""
        if getattr(self, "_planned", None) != self.epoch:
            self._planned, self._batches = self.epoch, self.batches(self.epoch)
        return self._batches

    def _train_step(self, batch: Any) -> dict[str, float]:
        rate = self._rate()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        loss, parts = self._step_module(batch)
        parts = mean_over_processes(parts)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.clip)
        if not bool(torch.isfinite(loss.detach() + norm)):
            raise TrainingDiverged(self.step)
        self.optimizer.step()
        self._update_average()
        return parts

    def _rate(self) -> float:
        s = self.settings
        if s.schedule == "constant":
            return self.lr_scale * s.learning_rate
        whole = s.steps or s.epochs * max(1, len(self._current_batches()))
        warm = min(1.0, (self.step + 1) / max(1, min(_WARM_STEPS, whole // 10)))
        return self.lr_scale * s.learning_rate * warm * max(0.5 * (1.0 + math.cos(math.pi * self.progress)), 0.002)

    def mixed(self) -> AbstractContextManager:
        """Mixed precision if requested and supported by the device."""
        kind = self.device.type
        has = kind == "cpu" or (kind == "cuda" and half_precision(self.device)[0] == torch.bfloat16)
        return torch.autocast(kind, torch.bfloat16) if self.settings.bf16 and has else nullcontext()

    @torch.no_grad()
    def _update_average(self) -> None:
        if self.average is self.network:
            return
        keep = min(self.settings.average, (2 + self.step) / (11 + self.step))
        for mine, its in zip(self.average.state_dict().values(), self.network.state_dict().values()):
            if mine.dtype.is_floating_point:
                mine.lerp_(its, 1.0 - keep)
            else:
                mine.copy_(its)

    def _end_epoch(self, feedback: Feedback) -> None:
        row = {k: known_mean(v) for k, v in self._sums.items()}
        self.average.eval()
        with torch.no_grad():
            row.update(self.validate(feedback))
        self.network.train()
        self.epoch, self.position, self._sums = self.epoch + 1, 0, {}  # after a stop in between it is validated again
        score = row.get("validation_dice", math.nan)
        if score > self.best:
            self.best, self.best_epoch = score, self.epoch
            self._write(BEST, {"network": self.average.state_dict()}, {"epoch": self.epoch, "dice": score})
        row = {"epoch": self.epoch, "step": self.step, "seconds": round(self.seconds, 1),
               "learning_rate": self.optimizer.param_groups[0]["lr"], **row}  # fmt: skip
        self._report(row, feedback)
        if self.settings.average and 1.0 - score > _LOST * (1.0 - self.best) + _NOISE:
            self._restore_best(feedback)
        self.save()

    def _restore_best(self, feedback: Feedback) -> None:
        """Return to the weights of the best epoch, with a lower learning rate."""
        best = read_state(self.folder / BEST)[0]["network"]
        for network in (self.network, self.average):
            network.load_state_dict(best)
        self.optimizer = _optimizer(self.network, self.settings)  # its moments are of the diverged weights
        self.lr_scale *= 0.5
        feedback.pushWarning(
            Text(
                "The training diverged: it continues from epoch {} with {:g} times the learning rate.",
                self.best_epoch, self.lr_scale,
            )
        )  # fmt: skip

    def _report(self, row: dict[str, Any], feedback: Feedback) -> None:
        feedback.pushInfo(", ".join(f"{k} {v:.4g}" for k, v in row.items()))
        if self.rank:
            return
        add_to_history(self.folder / HISTORY, (*_COMMON_COLUMNS, *self.COLUMNS), row)
        if self._tensorboard:
            try:
                to_tensorboard(self.folder, row)
            except Exception as error:  # a broken installation may raise anything, and must not end the training
                self._tensorboard = False
                feedback.pushWarning(Text("TensorBoard's log is not written ({}: {}).", type(error).__name__, error))

    def _make_step_module(self) -> nn.Module:
        module = _Step(self)
        if self.world == 1:
            return module
        return nn.parallel.DistributedDataParallel(module, broadcast_buffers=False)

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        self._saved = time.monotonic()
        optimizer, groups = optimizer_tensors(self.optimizer)
        tensors = {
            "network": self.network.state_dict(), "average": self.average.state_dict(), "optimizer": optimizer,
            "random": {"torch": torch.get_rng_state()},
        }  # fmt: skip
        if self.device.type != "cpu":
            tensors["random"][self.device.type] = getattr(torch, self.device.type).get_rng_state()
        values = {
            **{name: getattr(self, name) for name in _COUNTERS}, "sums": self._sums, "groups": groups,
            "resume_config": self.resume_config,
        }  # fmt: skip
        self._write(CHECKPOINT, tensors, values)

    def _write(self, name: str, tensors: Mapping[str, Mapping[str, torch.Tensor]], values: Mapping[str, Any]) -> None:
        if self.rank:
            return
        with replacing(self.folder / name) as partial:
            partial.write_bytes(write_state(tensors, values))

    def _resume(self) -> None:
        path = self.folder / CHECKPOINT
        tensors, saved = read_state(path)
        other = _differences(saved.get("resume_config") or {}, self.resume_config)
        if other:
            raise InputError(
                "Folder of the run", Text("'{}' contains a run with a different {}", self.folder, ', '.join(other)),
                "a run with the same settings, or an empty folder", "Choose another folder, or remove that run.",
            )  # fmt: skip
        try:
            self._restore(tensors, saved)
        except (KeyError, ValueError, TypeError, RuntimeError, AttributeError) as error:
            raise damaged(path, error) from error

    def _restore(self, tensors: Mapping[str, Mapping[str, torch.Tensor]], saved: Mapping[str, Any]) -> None:
        """Restore a saved state; raises torch's errors if it does not match."""
        self.network.load_state_dict(tensors["network"])
        self.average.load_state_dict(tensors["average"])
        load_optimizer(self.optimizer, tensors.get("optimizer", {}), saved["groups"])
        for name in _COUNTERS:
            setattr(self, name, type(getattr(self, name))(saved[name]))
        self._sums = {str(key): [float(value) for value in values] for key, values in saved["sums"].items()}
        random = tensors["random"]
        if self.world == 1:  # with more processes each has its own draws of dropout, which go on from the seed
            torch.set_rng_state(random["torch"])
            if self.device.type in random:
                getattr(torch, self.device.type).set_rng_state(random[self.device.type])


class _Step(nn.Module):
    """Network and loss as one module, as DistributedDataParallel needs it."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.network = run.network
        self._loss_of = run.loss_of

    def forward(self, batch: Any) -> tuple[torch.Tensor, dict[str, float]]:
        return self._loss_of(self.network, batch)


def _optimizer(network: nn.Module, settings: RunSettings) -> torch.optim.Optimizer:
    if settings.weight_decay:
        return torch.optim.AdamW(network.parameters(), settings.learning_rate, weight_decay=settings.weight_decay)
    return torch.optim.Adam(network.parameters(), settings.learning_rate)


def _differences(saved: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Settings that prevent a saved run from being resumed; missing checksums are not compared."""
    known = [k for k in {**saved, **now} if k not in _CHANGEABLE and not (k.endswith("_crc32") and k not in saved)]
    return [k for k in known if saved.get(k) != now.get(k)]


def add_to_history(path: Path, columns: Sequence[str], row: Mapping[str, Any]) -> None:
    """Add an epoch to a history, whole or not at all; rows of it and of later ones are of a run that was ended.

    Raises:
        OSError: it cannot be written.
    """
    rows = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            rows = [old for old in csv.DictReader(file) if (old["epoch"] or "").isdigit()]
    rows = [old for old in rows if int(old["epoch"]) < row["epoch"]]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, {k: f"{x:.6g}" if isinstance(x, float) else x for k, x in row.items()}])
    with replacing(path) as partial:
        write_text(partial, text.getvalue())


def to_tensorboard(folder: Path, row: Mapping[str, Any]) -> None:
    """Add an epoch to TensorBoard's log, where TensorBoard is installed."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return
    with SummaryWriter(str(folder / "tensorboard")) as writer:
        for key, value in row.items():
            writer.add_scalar(key, value, row["step"])
