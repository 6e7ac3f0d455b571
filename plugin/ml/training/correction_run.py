"""Training of the network that corrects first guesses, and of its pointwise baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping, Sequence

import numpy as np
import torch
from torch import nn

from ...core.errors import InputError
from ...core.feedback import Feedback, check_cancelled
from ...core.physics.assess import assess
from ...core.physics.column import column_state
from ...core.physics.water import WaterState
from ...core.scenario import Scenario
from ...core.terrain import Cells
from ...core.validation.metrics import Counts, dice, iou, known_mean
from ...text import Text
from ..channels import Inputs
from ..device import to_device
from ..network import Correction, Network
from .distributed import rank_and_world
from .loop import Run, RunSettings
from .losses import correction_loss
from .sampling import Area, draw, guess_water, read

STEPS_AN_EPOCH = 500  # at most
_WINDOWS_A_CASE = 8  # that an epoch draws of a small data set
SIDE = 160  # of the windows [cells]
_MOST_VALIDATED = 48
_FEWEST_FAILED = 20  # cells of a case whose Dice counts: a single cell moves that of fewer by much


def steps_an_epoch(areas: Sequence[Area], batch: int) -> int:
    """Steps between two validations: few where there are few cases."""
    return min(STEPS_AN_EPOCH, -(-_WINDOWS_A_CASE * sum(len(area) for area in areas) // batch))


class ValidationCase:
    """A prepared validation case with the engine's mask.

    Args:
        area, case: where; scenario: its strength gives the masks.
        cells: of the terrain; engine: the engine's water.
    """

    def __init__(self, area: Area, case: int, scenario: Scenario, cells: Cells, engine: WaterState) -> None:
        self.area, self.case, self.scenario, self.cells = area, case, scenario, cells
        self.failed = assess(cells, engine, scenario).fs < 1.0
        self.table = engine.water_table / np.maximum(cells.soil_depth, 1e-6)
        self.free_front = column_state(cells, scenario).free_front

    def scores(self, table: np.ndarray, free_front: np.ndarray | None = None) -> tuple[float, Counts]:
        """Mean error of a water table [share of the soil depth] and how its mask agrees.

        Args:
            table: (cells,); free_front: of a corrected one, see :func:`guess_water`.
        """
        water = guess_water(self.area, self.case, table, self.cells.mask, free_front)
        failed = assess(self.cells, water, self.scenario).fs < 1.0
        return float(np.abs(np.clip(table, 0.0, 1.0) - self.table).mean()), Counts.of(
            failed.astype(np.uint8), self.failed.astype(np.uint8)
        )


class CorrectionRun(Run):
    """A training run of the network.

    An epoch is eight windows a case, yet at most a fixed number of steps. A step draws windows of cases, more often
    where the guess is far off.

    Args:
        folder, network, settings, resume_config: see :class:`.loop.Run`.
        training: prepared areas; validation: held cases; ranges: of the parameters that are learned.
    """

    COLUMNS = (
        "loss", "error", "guess_error", "validation_error", "validation_guess_error", "validation_iou",
        "validation_guess_iou", "validation_dice",
    )  # fmt: skip

    def __init__(
        self, folder: Path, network: Network, settings: RunSettings, training: Sequence[Area],
        validation: Sequence[ValidationCase], ranges: Mapping[str, Any], resume_config: Mapping[str, Any],
    ) -> None:  # fmt: skip
        world = rank_and_world()[1]
        if settings.batch % world:
            raise InputError(
                "Batch size (BATCH_SIZE)",
                Text("{} cannot be divided evenly among {} processes", settings.batch, world),
                Text("a multiple of {}", world),
            )  # fmt: skip
        self.training, self.validation, self.ranges = list(training), list(validation), ranges
        widest, multiple = min(SIDE, max(max(area.shape) for area in training)), network.architecture.multiple
        self.side = -(-widest // multiple) * multiple
        cases = sum(len(area) for area in training)
        super().__init__(folder, network, settings, {"cases": cases, **resume_config})

    def batches(self, epoch: int) -> list[tuple[int, int, int]]:
        """Seeds of the draws of each step."""
        return [(self.settings.seed, epoch, step) for step in range(steps_an_epoch(self.training, self.settings.batch))]

    def loss_of(self, network: nn.Module, batch: tuple[int, int, int]) -> tuple[torch.Tensor, dict[str, float]]:
        """Loss of this process's windows; their draws do not depend on the process."""
        count = self.settings.batch // self.world
        rngs = [np.random.default_rng([*batch, self.rank * count + n]) for n in range(count)]
        example = draw(self.training, self.side, self.settings.augment, rngs)
        inputs = example.inputs.each(lambda x: to_device(x, self.device))
        return correction_loss(self._correct(network, inputs), example, rngs)

    def validate(self, feedback: Feedback) -> dict[str, float]:
        """Errors and masks of the validation cases on whole maps, and those of the first guesses.

        Dice is the mean over the cases of twenty failed cells and more, where there are any.
        """
        rows, found, multiple = [], [], self.architecture.multiple
        for held in self.validation[:_MOST_VALIDATED]:
            check_cancelled(feedback)
            whole = read(held.area, held.case, (slice(0, held.area.shape[0]), slice(0, held.area.shape[1])))
            rows_, cols = held.area.shape
            inputs = whole.inputs.padded(tuple(-(-n // multiple) * multiple for n in held.area.shape))
            inputs = inputs.each(lambda x: to_device(x, self.device))
            change = self._correct(self.average, inputs).without_small_changes(inputs)
            guess = whole.guess[0].numpy()[held.cells.mask]
            table = guess + change[0, :rows_, :cols].cpu().numpy()[held.cells.mask]
            (error, counts), (guess_error, guess_counts) = held.scores(table, held.free_front), held.scores(guess)
            rows.append((error, guess_error, iou(counts), iou(guess_counts)))
            found.append((held.failed.sum() >= _FEWEST_FAILED, dice(counts)))
        if not rows:
            return {}
        scores = {name: known_mean(values) for name, values in zip(self.COLUMNS[3:], zip(*rows))}
        return {**scores, "validation_dice": known_mean([x for large, x in found if large] or [x for _, x in found])}

    def card_entries(self) -> dict[str, Any]:
        """The ranges of the parameters in training."""
        return {"ranges": self.ranges}

    def _correct(self, network: nn.Module, inputs: Inputs) -> Correction:
        with self.mixed():
            return network(inputs)
