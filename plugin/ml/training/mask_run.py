"""Training of the paper's network on simulated cases of one or a few study areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ...core.errors import InputError
from ...core.feedback import Feedback, check_cancelled
from ...core.grid import MASK_NODATA
from ...core.scenario import Scenario
from ...core.terrain import Terrain
from ...core.validation.metrics import Counts, summarise
from ..paper import Frame, PaperArchitecture, PaperNetwork, Scaling, scenario_values, stack_channels, terrain_channels
from .distributed import sum_over_processes
from .loop import Run, RunSettings

_SMALL = 1.0  # cells, keeps the Dice of near-empty masks finite
#: Validation cases, and the share of their cells (one in so many), used to fit the temperature.
_MOST_FOR_TEMPERATURE, _EVERY = 40, 7


@dataclass(frozen=True)
class Site:
    """One study area and its cases, framed and scaled, ready to be stacked into batches.

    Attributes:
        terrain: (2, rows, cols) float32; valid: (rows, cols) bool.
        values: a dict of scaled parameters per case.
        failed: (cases, rows, cols) bool, FS < 1 by the engine.
    """

    terrain: np.ndarray
    valid: np.ndarray
    values: list[dict[str, Any]]
    failed: np.ndarray

    @classmethod
    def of(
        cls, terrain: Terrain, scenarios: Sequence[Scenario], failed: np.ndarray, scaling: Scaling,
        architecture: PaperArchitecture,
    ) -> Site:  # fmt: skip
        """Prepare the cases of a study area; ``failed`` is (cases, rows, cols) bool."""
        frame = Frame.of(terrain.valid, architecture)
        values = [
            {k: frame.put(v) if isinstance(v, np.ndarray) else v for k, v in scenario_values(s, scaling).items()}
            for s in scenarios
        ]
        return cls(
            frame.put(terrain_channels(terrain, scaling)), frame.put(terrain.valid), values, frame.put(failed)
        )  # fmt: skip

    def select(self, cases: Sequence[int]) -> Site:
        """The same study area with some of its cases."""
        return Site(self.terrain, self.valid, [self.values[i] for i in cases], self.failed[list(cases)])

    def stack(
        self, cases: Sequence[tuple[int, int]], channels: Sequence[str]
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Merge cases into a batch.

        Args:
            cases: (number, turn) each; see :func:`rotate_flip`. channels: which.

        Returns:
            (n, channels, rows, cols) in the layout of channels_last; failed, valid: (n, rows, cols) float and bool.
        """
        inputs = np.stack([
            rotate_flip(stack_channels(self.terrain, self.valid, self.values[i], channels), turn) for i, turn in cases
        ])  # fmt: skip
        failed = np.stack([rotate_flip(self.failed[i], turn) for i, turn in cases])
        valid = np.stack([rotate_flip(self.valid, turn) for _, turn in cases])
        images = torch.from_numpy(inputs).contiguous(memory_format=torch.channels_last)
        return images, torch.from_numpy(failed).float(), torch.from_numpy(valid)


def rotate_flip(array: np.ndarray, turn: int) -> np.ndarray:
    """Turn (..., rows, cols) by a quarter ``turn % 4`` times, mirrored first where ``turn`` is 4 or more."""
    if turn >= 4:
        array = array[..., ::-1]
    return np.rot90(array, turn % 4, (-2, -1))


def with_augmentation(cases: Sequence[int], rng: np.random.Generator) -> list[tuple[int, int]]:
    """Every case twice: unchanged, and randomly flipped or rotated by quarter turns."""
    return [(i, 0) for i in cases] + [(i, int(rng.integers(1, 8))) for i in cases]


def mask_loss(logits: torch.Tensor, failed: torch.Tensor, valid: torch.Tensor) -> tuple[torch.Tensor, dict[str, float]]:
    """Binary cross-entropy and Dice loss over the valid cells of the whole batch, all processes' parts of it.

    Args:
        logits, failed, valid: (n, rows, cols).

    Returns:
        loss (a scalar tensor), and its parts as numbers.
    """
    loss, cross, dice = _loss_parts(sum_over_processes(_loss_sums(logits, failed, valid)))
    return loss, {"loss": float(loss.detach()), "bce": float(cross.detach()), "dice_loss": float(dice.detach())}


def _loss_sums(logits: torch.Tensor, failed: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Sums over the valid cells that make the loss, (5,)."""
    weight = valid.float()
    cross = functional.binary_cross_entropy_with_logits(logits, failed, weight, reduction="sum")
    probability = torch.sigmoid(logits) * weight
    return torch.stack([cross, weight.sum(), (probability * failed).sum(), probability.sum(), failed.sum()])


def _loss_parts(sums: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Loss, cross-entropy and Dice loss, scalars, from the :func:`_loss_sums`."""
    cross, cells, overlap, predicted, real = sums.unbind()
    cross = cross / cells.clamp_min(1.0)
    dice = 1.0 - (2.0 * overlap + _SMALL) / (predicted + real + _SMALL)
    return cross + dice, cross, dice


class PaperRun(Run):
    """A training run of the paper's network.

    Args:
        folder: of the run.
        architecture, settings: of the network and the run.
        training, validation: cases by study area, framed alike.
        network: to go on from; fresh where ``None``.
        about: what else must be the same when the run is taken up.
    """

    COLUMNS = (
        "loss", "bce", "dice_loss", "validation_loss", "validation_dice", "validation_iou", "validation_pooled_iou",
    )  # fmt: skip

    def __init__(
        self, folder: Path, architecture: PaperArchitecture, settings: RunSettings, training: Sequence[Site],
        validation: Sequence[Site], network: PaperNetwork | None = None, about: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        if not any(len(site.values) for site in training):
            raise InputError("Data set (DATASET)", "has no case to train on", "at least one")
        self.card_parts: dict[str, Any] = {}
        self.architecture, self.training, self.validation = architecture, list(training), list(validation)
        if network is None:
            torch.manual_seed(settings.seed)
            network = PaperNetwork(architecture)
        kind_of_run = {"architecture": architecture.describe(), "cases": sum(len(s.values) for s in training)}
        super().__init__(folder, network, settings, {**kind_of_run, **(about or {})})

    def batches(self, epoch: int) -> list[tuple[int, list[tuple[int, int]]]]:
        """(site, [(case, turn)]) per batch: one study area, and one orientation where its frame is no square."""
        rng = np.random.default_rng([self.settings.seed, epoch])
        plan = []
        for number, site in enumerate(self.training):
            cases = range(len(site.values))
            entries = with_augmentation(cases, rng) if self.settings.augment else [(i, 0) for i in cases]
            square = site.valid.shape[0] == site.valid.shape[1]
            groups = [entries] if square else [[e for e in entries if e[1] % 2 == odd] for odd in (0, 1)]
            for group in groups:
                order = [group[i] for i in rng.permutation(len(group))]
                parts = [order[i : i + self.settings.batch] for i in range(0, len(order), self.settings.batch)]
                plan += [(number, part) for part in parts if len(part) >= self.world]
        return [plan[i] for i in rng.permutation(len(plan))]

    def loss_of(self, network: nn.Module, batch: Any) -> tuple[torch.Tensor, dict[str, float]]:
        """Loss of this process's cases of a batch."""
        number, cases = batch
        images, failed, valid = self.training[number].stack(cases[self.rank :: self.world], self.architecture.channels)
        with self.mixed():
            logits = network(images.to(self.device))
        return mask_loss(logits.float(), failed.to(self.device), valid.to(self.device))

    @torch.no_grad()
    def temperature(self) -> float:
        """Temperature: divisor of the logits that calibrates their probabilities on the validation cases."""
        self.average.eval()
        logits, failed = [], []
        for site in self.validation:
            for number in range(0, len(site.values), -(-len(site.values) // _MOST_FOR_TEMPERATURE) or 1):
                images, real, valid = site.stack([(number, 0)], self.architecture.channels)
                logits.append(self.average(images.to(self.device)).float().cpu()[valid][::_EVERY])
                failed.append(real[valid][::_EVERY])
        if not logits:
            return 1.0
        x, y = torch.cat(logits), torch.cat(failed)
        tried = np.geomspace(0.3, 10.0, 60)
        losses = [float(functional.binary_cross_entropy_with_logits(x / float(t), y)) for t in tried]
        return round(float(tried[int(np.argmin(losses))]), 3)

    def validate(self, feedback: Feedback) -> dict[str, float]:
        """Loss, mean Dice and IoU over the cases with failures, and pooled IoU."""
        losses, counts = [], []
        for site in self.validation:
            for start in range(0, len(site.values), self.settings.batch):
                check_cancelled(feedback)
                cases = [(i, 0) for i in range(start, min(start + self.settings.batch, len(site.values)))]
                images, failed, valid = site.stack(cases, self.architecture.channels)
                with self.mixed():
                    logits = self.average(images.to(self.device)).float().cpu()
                losses.append(float(_loss_parts(_loss_sums(logits, failed, valid))[0]))
                masks = (np.where(valid, mask, MASK_NODATA) for mask in (logits > 0.0, failed > 0.0))
                counts += [Counts.of(predicted, reference) for predicted, reference in zip(*masks)]
        if not counts:
            return {}
        scores = {"validation_loss": float(np.mean(losses))}
        if any(one.reference_failed for one in counts):
            summary = summarise(counts)
            names = {"dice": "mean_dice", "iou": "mean_iou", "pooled_iou": "pooled_iou"}
            scores |= {f"validation_{name}": summary[key] for name, key in names.items()}
        return scores
