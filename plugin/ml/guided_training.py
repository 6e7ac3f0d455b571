"""Training of the guided network on simulated mountains."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable, Sequence

import numpy as np
import torch
from torch import nn

from ..core.dataset.shard import Shard
from ..core.errors import InputError
from ..core.feedback import Feedback, check_cancelled
from ..core.physics.column import column_state
from ..core.physics.stability import Strength
from ..core.scenario import Scenario
from ..core.terrain import Cells
from ..text import Text
from ..variables import BY_NAME, HYDROLOGY
from .coarse import CoarseWater
from .distributed import rank_and_world
from .features import (
    COARSE_AT,
    COLUMN_AT,
    VALID_AT,
    ScenarioCells,
    TerrainFeatures,
    input_window,
    local_inputs,
    terrain_features,
    turned,
    water_balance,
)
from .losses import Soil, critical_cohesion, guided_loss, mask_scores
from .run import CHECKPOINT, Run, RunSettings, mean_of_known
from .unet import Architecture, Correction, GuidedNetwork

_VALIDATION_DRAWS = 12345
_SAME_HOURS = 0.01  # the data were simulated in double precision
_FITTED_MOUNTAINS, _FITTED_CELLS = 48, 1500  # mountains, and cells of each, that tell how the inputs are spread
_MOST_IN_HALF = 6e4  # half precision ends at 65,504
_MARGIN = 16  # cells beside a cut of the raster that the loss leaves out


@dataclass(frozen=True)
class Prepared:
    """A shard ready for training: its features in half precision, kept in memory.

    Attributes:
        numbers: the cases that are drawn from.
        takeovers: state of the water balance when the network is asked, by case, filled when first drawn.
    """

    shard: Shard
    numbers: np.ndarray
    features: TerrainFeatures
    takeovers: dict[int, CoarseWater]

    @classmethod
    def of(cls, shard: Shard, numbers: np.ndarray, features: TerrainFeatures | None = None) -> Prepared:
        """Compute the features, unless those of the same terrain are known."""
        return cls(shard, numbers, features or halved(terrain_features(shard.terrain)), {})


def halved(features: TerrainFeatures) -> TerrainFeatures:
    """Features with their large tensors in half precision; in closed depressions responses have no bound."""
    halves = {
        k: getattr(features, k).clamp(max=_MOST_IN_HALF).half()
        for k in ("channels", "table_response", "supply_response")
    }
    return replace(features, **halves)


@dataclass(frozen=True)
class MountainSource:
    """A shard that is read when it is first needed, and its cases on one side of the split.

    Attributes:
        name: for the log; read: gives the shard; numbers: of the cases.
    """

    name: str
    read: Callable[[], Shard]
    numbers: np.ndarray


@dataclass(frozen=True)
class Sampling:
    """How much is drawn of a mountain at a step: scenarios, and the side of the window that the network sees."""

    scenarios: int = 2
    side: int = 192


def draw_window(
    prepared: Prepared, sampling: Sampling, multiple: int, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A window of one mountain for a few of its scenarios.

    Returns:
        inputs (scenarios, len(INPUTS), side, side); the engine's water table over the soil depth (scenarios, side,
        side); which cells count (scenarios, side, side) bool: valid ones, not next to where the window cuts the raster.
    """
    f, shard = prepared.features, prepared.shard
    side = -(-sampling.side // multiple) * multiple
    shape = shard.terrain.grid.shape
    around = np.unravel_index(int(f.cells[int(rng.integers(len(f.cells)))]), shape)  # so that it holds a valid cell
    rows, cols = (_stretch(n, side, int(at), rng) for n, at in zip(shape, around))
    chosen = rng.choice(prepared.numbers, sampling.scenarios, replace=sampling.scenarios > len(prepared.numbers))
    inputs, real = [], torch.zeros((len(chosen), side, side))
    for row, number in enumerate(chosen):
        inputs.append(input_window(f, takeover_cells(prepared, int(number)), rows, cols, (side, side))[0])
        part = shard.takeover_table[number][rows, cols]
        real[row, : part.shape[0], : part.shape[1]] = torch.from_numpy(part)
    valid = inputs[0][VALID_AT] > 0
    inner = valid & _inside(shape, rows, cols, side)
    counts = inner if bool(inner.any()) else valid
    return torch.stack(inputs), real, counts.expand(len(chosen), -1, -1)


def _stretch(length: int, side: int, at: int, rng: np.random.Generator) -> slice:
    """A stretch of ``side`` cells, or of all there are, that holds the cell ``at``."""
    start = int(rng.integers(max(at - side + 1, 0), max(min(at, length - side), 0) + 1))
    return slice(start, min(start + side, length))


def _inside(shape: tuple[int, int], rows: slice, cols: slice, side: int) -> torch.Tensor:
    """Places of a window that see enough around them, (side, side) bool: not next to where it cuts the raster."""
    inside = torch.ones((side, side), dtype=torch.bool)
    for cut, length, along in ((rows, shape[0], inside), (cols, shape[1], inside.T)):
        if cut.start > 0:
            along[:_MARGIN] = False
        if cut.stop < length:
            along[cut.stop - cut.start - _MARGIN :] = False
    return inside


def takeover_cells(prepared: Prepared, number: int) -> ScenarioCells:
    """A case at all valid cells when the raster's own cells take over; kept, and used, in half precision.

    Raises:
        InputError: the case was simulated for another water balance than this one.
    """
    f, hours = prepared.features, float(prepared.shard.takeover_hours[number])
    scenario, values = _hydrology(prepared.shard, number, f.cells.numpy())
    cells = Cells.of(f.slope.double().numpy(), f.soil_depth.double().numpy())
    if number not in prepared.takeovers:
        responses = {k: getattr(f, k).float() for k in ("table_response", "supply_response")}
        state = column_state(cells, scenario)
        balance = water_balance(replace(f, **responses), state, values)
        takeover = balance.takeover()
        if takeover is None or abs(balance.now / 3600.0 - hours) > _SAME_HOURS:
            raise InputError(
                "Data set (DATASET)", "was built for another version's water balance", "a data set of this version",
                "Build it again.",
            )  # fmt: skip
        prepared.takeovers[number] = takeover.to(torch.float16)
    then = column_state(cells, scenario.with_values(duration=hours))
    return ScenarioCells.of(f, then, {**values, "duration": hours}, prepared.takeovers[number])


def _hydrology(shard: Shard, number: int, flat: np.ndarray) -> tuple[Scenario, dict[str, np.ndarray | float]]:
    values: dict[str, np.ndarray | float] = dict(zip(HYDROLOGY, (float(v) for v in shard.scenarios[number])))
    factors = shard.factors[number]
    if np.any(factors != 1.0):
        values["conductivity"] = values["conductivity"] * factors[shard.zones.ravel()[flat]]
    return Scenario(**values), values


def draw_strength(soil: Soil, real: torch.Tensor, rng: np.random.Generator) -> Strength:
    """Strengths for some scenarios, the cohesion such that a drawn share of the cells fails.

    Args:
        soil, real: cells and the engine's water table over their depth, (scenarios, cells).
    """
    count = len(real)

    def column(values: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(values.astype(np.float32)).unsqueeze(1)

    moist = rng.uniform(15.5, 20.0, count)
    strength = Strength(
        cohesion=torch.zeros(count, 1),
        tan_friction=column(np.tan(np.radians(rng.uniform(*BY_NAME["friction_angle"].trained, count)))),
        root_cohesion=column(np.where(rng.random(count) < 0.5, 0.0, rng.uniform(0, 5, count))),
        root_depth=column(rng.uniform(0.3, 3.0, count)),
        surcharge=column(np.where(rng.random(count) < 0.7, 0.0, rng.uniform(0, 3, count))),
        moist=column(moist),
        saturated=column(moist + rng.uniform(0.5, 2.5, count)),
    )
    share = column(np.exp(rng.uniform(np.log(1e-3), np.log(0.5), count)))
    low, high = BY_NAME["cohesion"].trained
    cohesion = critical_cohesion(share, soil, real, strength, low, high)
    return replace(strength, cohesion=cohesion)


@dataclass(frozen=True)
class MountainBatch:
    """Mountains of a step: their numbers, and what seeds their draws; (quarter turns, flip) of all of them."""

    mountains: tuple[int, ...]
    seed: tuple[int, ...]
    turn: tuple[int, bool] = (0, False)


class GuidedRun(Run):
    """A training run of the guided network, or of its pointwise baseline.

    An epoch is one pass over the mountains; scenarios, cells and strengths are drawn afresh each time.

    Args:
        folder: of the run.
        architecture, settings, sampling: of the network, the run and the draws.
        training, validation: mountains with the cases of their side of the split.
        network: to go on from; fresh where ``None``.
        about: what else must be the same when the run is taken up.
    """

    COLUMNS = (
        "loss", "water", "doubt", "validation_loss", "validation_water", "guess_water", "validation_dice",
        "validation_iou", "guess_iou", "column_iou",
    )  # fmt: skip

    def __init__(
        self, folder: Path, architecture: Architecture, settings: RunSettings, training: Sequence[MountainSource],
        validation: Sequence[MountainSource], sampling: Sampling | None = None, network: GuidedNetwork | None = None,
        about: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        if not any(len(m.numbers) for m in training):
            raise InputError("Data set (DATASET)", "holds no case to train on", "at least one")
        world = rank_and_world()[1]
        if settings.batch % world:
            raise InputError(
                "Batch size (BATCH_SIZE)", Text("{} cannot be shared evenly by {} processes", settings.batch, world),
                Text("a multiple of {}", world),
            )  # fmt: skip
        self.training = [m for m in training if len(m.numbers)]
        self.validation = [m for m in validation if len(m.numbers)]
        self.sampling = sampling or Sampling()
        self.seed = settings.seed
        self._prepared: dict[int, Prepared] = {}
        self._held: list[Prepared] = []
        self._features: OrderedDict[int, tuple[Any, TerrainFeatures]] = OrderedDict()
        self.learned_before: dict[str, Any] | None = None  # ranges in the card of the network to go on from
        if network is None:
            torch.manual_seed(settings.seed)
            network = GuidedNetwork(architecture)
            if not (Path(folder) / CHECKPOINT).exists():  # what is taken up knows them
                network.fit_inputs(self._some_inputs())
        meaning = {
            "architecture": architecture.describe(), "sampling": vars(self.sampling),
            "mountains": [m.name for m in self.training],
        }  # fmt: skip
        super().__init__(folder, network, settings, {**meaning, **(about or {})})

    def batches(self, epoch: int) -> list[MountainBatch]:
        """Mountains in a drawn order; a last, smaller batch is left out where processes could not share it evenly."""
        rng = np.random.default_rng([self.settings.seed, epoch])
        order = rng.permutation(len(self.training))
        size, plan = self.settings.batch, []
        for start in range(0, len(order), size):
            group = order[start : start + size]
            if self.world > 1 and len(group) % self.world:
                continue
            turn = (int(rng.integers(4)), bool(rng.random() < 0.5)) if self.settings.augment else (0, False)
            plan.append(MountainBatch(tuple(int(i) for i in group), (self.settings.seed, epoch, start), turn))
        return plan

    def loss_of(self, network: nn.Module, batch: MountainBatch) -> tuple[torch.Tensor, dict[str, float]]:
        """Loss of this process's mountains of a batch, with freshly drawn scenarios and strengths."""
        whole = [self._mountain(i) for i in batch.mountains]
        return self._loss(network, whole, batch, range(self.rank, len(whole), self.world))

    def validate(self, feedback: Feedback) -> dict[str, float]:
        """The held mountains, with the same draws every time; the column's IoU on the same cells beside."""
        if not self._held:
            self._held = [self._prepare(m) for m in self.validation]
        rows = []
        for number, held in enumerate(self._held):
            check_cancelled(feedback)
            batch = MountainBatch((number,), (_VALIDATION_DRAWS, number))
            rows.append(self._loss(self.average, [held], batch, [0], judged=True)[1])
        if not rows:
            return {}
        mean = {k: mean_of_known([r[k] for r in rows]) for k in rows[0]}
        return {
            "validation_loss": mean["loss"], "validation_water": mean["water"], "guess_water": mean["guess_water"],
            "validation_iou": mean["iou"], "validation_dice": mean["dice"], "column_iou": mean["column_iou"],
            "guess_iou": mean["guess_iou"],
        }  # fmt: skip

    def _some_inputs(self) -> torch.Tensor:
        """Inputs at some cells of some of the mountains, (len(INPUTS), cells)."""
        rng, found = np.random.default_rng(self.seed), []
        for number in np.unique(np.linspace(0, len(self.training) - 1, _FITTED_MOUNTAINS).round().astype(int)):
            prepared = self._mountain(int(number))
            f, cells = prepared.features, takeover_cells(prepared, int(rng.choice(prepared.numbers)))
            index = torch.from_numpy(rng.integers(len(f.cells), size=_FITTED_CELLS))
            terrain = f.channels.flatten(1)[:, f.cells[index]].float()
            found.append(torch.cat([terrain, local_inputs(f.at(index), cells.at(index))]))
        return torch.cat(found, dim=1)

    def _mountain(self, number: int) -> Prepared:
        if number not in self._prepared:
            self._prepared[number] = self._prepare(self.training[number])
        return self._prepared[number]

    def _prepare(self, source: MountainSource) -> Prepared:
        """Read a shard and compute its features; shards of one terrain share them."""
        shard = source.read()
        known = next((f for t, f in self._features.values() if t is shard.terrain), None)
        prepared = Prepared.of(shard, np.asarray(source.numbers), known)
        if known is None:
            self._features[id(shard.terrain)] = shard.terrain, prepared.features
            while len(self._features) > 2:  # they matter where many shards in a row have one mountain
                self._features.popitem(last=False)
        return prepared

    def _loss(
        self, network: nn.Module, whole: list[Prepared], batch: MountainBatch, mine: Sequence[int], *,
        judged: bool = False,
    ) -> tuple[torch.Tensor, dict[str, float]]:  # fmt: skip
        """Loss of the mountains ``mine`` of a batch; where ``judged``, also how masks agree at drawn strengths."""
        multiple = self.network.architecture.multiple
        drawn, strengths = [], []
        for i in mine:
            rng = np.random.default_rng([*batch.seed, i])
            inputs, real, counts = draw_window(whole[i], self.sampling, multiple, rng)
            drawn.append((inputs, real, counts))
            if judged:
                strengths.append(draw_strength(Soil.of(inputs, counts[0]), real[:, counts[0]], rng))
        inputs, real, counts = (torch.cat(x).to(self.device) for x in zip(*drawn))
        correction = self._predict(network, inputs, batch.turn)
        loss, parts = guided_loss(correction, inputs, real, counts)
        if judged:  # one mountain at a time
            soil, cells = Soil.of(inputs, counts[0]), counts[0]
            tables = {
                "iou": correction.water_table,
                "guess_iou": inputs[:, COARSE_AT],
                "column_iou": inputs[:, COLUMN_AT],
            }
            fails = {k: soil.fails(v[:, cells], strengths[0]) for k, v in tables.items()}
            real_fails = soil.fails(real[:, cells], strengths[0])
            parts |= {k: mask_scores(v, real_fails)[0] for k, v in fails.items()}
            parts["dice"] = mask_scores(fails["iou"], real_fails)[1]
        return loss, parts

    def _predict(self, network: nn.Module, inputs: torch.Tensor, turn: tuple[int, bool]) -> Correction:
        """The network's view of inputs that are turned on the way."""
        quarter, flip = turn
        with self.mixed():
            correction = network(turned(inputs, quarter, flip).to(self.device))
        return correction.map(lambda x: torch.rot90(x.flip(2) if flip else x, -quarter, (1, 2)))
