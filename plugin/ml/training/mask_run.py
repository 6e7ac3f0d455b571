"""Training of the paper's network on simulated cases of one or a few study areas."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ...core.dataset.cases import TRAIN, VALIDATION
from ...core.dataset.dataset import Dataset
from ...core.errors import InputError
from ...core.feedback import Feedback, check_cancelled
from ...core.scenario import Scenario
from ...core.terrain import Terrain
from ...core.validation.metrics import Counts, summarise
from ..device import to_device
from ..paper import SCALING, PaperNetwork, frame, read_channels
from ..reliability import describe_training
from .loop import Run, RunSettings
from .losses import mask_loss
from .sampling import rotate_flip

#: Validation cases, and the share of their cells (one in so many), used to fit the temperature.
_MOST_FOR_TEMPERATURE, _EVERY = 40, 7


@dataclass(frozen=True, eq=False)
class MaskCase:
    """A scenario of a study area with the engine's mask.

    Attributes:
        terrain, scenario: what was solved.
        failed: (n,) bool, FS < 1 in the terrain's valid cells.
        split, group: side of the split, and what the case belongs to within the design.
    """

    terrain: Terrain
    scenario: Scenario
    failed: np.ndarray
    split: int
    group: str


Entry = tuple[MaskCase, int]  # a case and its turn, see :func:`.sampling.rotate_flip`


def read_mask_cases(dataset: Dataset, feedback: Feedback) -> list[MaskCase]:
    """Read the training and validation cases of a data set; raises :class:`Cancelled`."""
    references = [r for r in dataset.cases() if r.split in (TRAIN, VALIDATION)]
    cases = []
    for number, (reference, shard) in enumerate(dataset.read(references)):
        check_cancelled(feedback)
        failed = shard.mask(reference.number)[shard.terrain.valid] == 1
        scenario = shard.scenario(reference.number)
        cases.append(MaskCase(shard.terrain, scenario, failed, reference.split, reference.group))
        feedback.setProgress(100.0 * (number + 1) / len(references))
    return cases


def with_augmentation(cases: Sequence[MaskCase], rng: np.random.Generator) -> list[Entry]:
    """Every case twice: unchanged, and randomly flipped or rotated by quarter turns."""
    return [(case, 0) for case in cases] + [(case, int(rng.integers(1, 8))) for case in cases]


class MaskRun(Run):
    """A training run of the paper's network.

    Args:
        folder, network, settings, resume_config: see :class:`.loop.Run`.
        cases: to learn from and to validate on; scaling: of the channels.
    """

    COLUMNS = (
        "loss", "bce", "dice_loss", "validation_loss", "validation_dice", "validation_iou", "validation_pooled_iou",
    )  # fmt: skip

    def __init__(
        self, folder: Path, network: PaperNetwork, settings: RunSettings, cases: Sequence[MaskCase],
        scaling: Mapping[str, Any], resume_config: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self.training = [c for c in cases if c.split == TRAIN]
        if not self.training:
            raise InputError("Data set (DATASET)", "has no case to train on", "at least one")
        self.validation = [c for c in cases if c.split == VALIDATION]
        self.scaling, self.terrains = scaling, terrains_of(cases)
        super().__init__(folder, network, settings, {"cases": len(self.training), **resume_config})

    def batches(self, epoch: int) -> list[list[Entry]]:
        """The cases of each batch, of one size; frames that are no squares have two orientations."""
        rng = np.random.default_rng([self.settings.seed, epoch])
        entries = with_augmentation(self.training, rng) if self.settings.augment else [(c, 0) for c in self.training]
        plan = [
            part
            for group in self._by_size(entries)
            for part in self._parts([group[i] for i in rng.permutation(len(group))])
            if len(part) >= self.world
        ]
        return [plan[i] for i in rng.permutation(len(plan))]

    def loss_of(self, network: nn.Module, batch: list[Entry]) -> tuple[torch.Tensor, dict[str, float]]:
        """Loss of this process's cases of a batch."""
        images, failed, valid = self._stack(batch[self.rank :: self.world])
        with self.mixed():
            logits = network(to_device(images, self.device))
        return mask_loss(logits.float(), to_device(failed, self.device), to_device(valid, self.device))

    def validate(self, feedback: Feedback) -> dict[str, float]:
        """Loss, mean Dice and IoU over the cases with failures, and pooled IoU."""
        losses, counts = [], []
        for group in self._by_size([(case, 0) for case in self.validation]):
            for part in self._parts(group):
                check_cancelled(feedback)
                images, failed, valid = self._stack(part)
                with self.mixed():
                    logits = self.average(to_device(images, self.device)).float().cpu()
                losses.append(mask_loss(logits, failed, valid, shared=False)[1]["loss"])
                for predicted, real, inside in zip(logits > 0.0, failed > 0.0, valid):
                    counts.append(Counts.of(predicted[inside].byte().numpy(), real[inside].byte().numpy()))
        if not counts:
            return {}
        scores = {"validation_loss": float(np.mean(losses))}
        if any(one.reference_failed for one in counts):
            summary = summarise(counts)
            names = {"dice": "mean_dice", "iou": "mean_iou", "pooled_iou": "pooled_iou"}
            scores |= {f"validation_{name}": summary[key] for name, key in names.items()}
        return scores

    def card_entries(self) -> dict[str, Any]:
        """Entries on the training data and the preparation of the inputs."""
        a = self.architecture
        side = "the study area's bounding box, padded with zeros" if a.frame == "box" else "zero-padded square, then"
        return {
            "scaling": self.scaling,
            **describe_training(self.terrains, [case.scenario for case in self.training]),
            "preprocessing": {
                **{name: SCALING[name] for name in a.channels},
                "frame": f"{side} to a multiple of {a.multiple} cells",
                "masks": "FS < 1 by the physics engine; the loss and all metrics cover the cells of the study area "
                "alone",
            },
        }

    @torch.no_grad()
    def temperature(self) -> float:
        """Divisor of the logits that calibrates their probabilities on the validation cases."""
        self.average.eval()
        logits, failed = [], []
        for case in self.validation[:: -(-len(self.validation) // _MOST_FOR_TEMPERATURE) or 1]:
            images, real, valid = self._stack([(case, 0)])
            logits.append(self.average(to_device(images, self.device)).float().cpu()[valid][::_EVERY])
            failed.append(real[valid][::_EVERY])
        if not logits:
            return 1.0
        x, y = torch.cat(logits), torch.cat(failed)
        tried = np.geomspace(0.3, 10.0, 60)
        losses = [float(functional.binary_cross_entropy_with_logits(x / float(t), y)) for t in tried]
        return round(float(tried[int(np.argmin(losses))]), 3)

    def _by_size(self, entries: Sequence[Entry]) -> list[list[Entry]]:
        """Cases whose turned frames have one size."""
        sizes = {id(t): frame(t.valid, self.architecture)[1] for t in self.terrains}
        groups: dict[tuple[int, ...], list[Entry]] = {}
        for case, turn in entries:
            groups.setdefault(sizes[id(case.terrain)][:: -1 if turn % 2 else 1], []).append((case, turn))
        return list(groups.values())

    def _parts(self, entries: list[Entry]) -> Iterator[list[Entry]]:
        size = self.settings.batch
        return (entries[i : i + size] for i in range(0, len(entries), size))

    def _stack(self, entries: Sequence[Entry]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Merge cases into a batch.

        Returns:
            (n, channels, rows, cols) in the layout of channels_last; failed, valid: (n, rows, cols) float and bool.
        """
        made = []
        for case, turn in entries:
            channels, valid = read_channels(case.terrain, case.scenario, self.scaling, self.architecture)
            failed = np.zeros(valid.shape, dtype=np.float32)
            failed[valid] = case.failed
            made.append([rotate_flip(torch.from_numpy(x), turn) for x in (channels, failed, valid)])
        images, failed, valid = (torch.stack(parts) for parts in zip(*made))
        return images.contiguous(memory_format=torch.channels_last), failed, valid


def terrains_of(cases: Sequence[MaskCase]) -> list[Terrain]:
    """The study areas of some cases, each once."""
    return list({id(case.terrain): case.terrain for case in cases}.values())
