"""Training of the guided network on simulated mountains."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable, Sequence

import numpy as np
import torch
from torch import nn

from ..core.errors import InputError
from ..core.feedback import Feedback, check_cancelled
from ..core.physics.column import column_state
from ..core.physics.stability import Strength, factor_of_safety
from ..core.scenario import Scenario
from ..text import Text
from ..variables import BY_NAME, HYDROLOGY
from .coarse import CoarseWater, past_of
from .distributed import rank_and_world
from .features import ScenarioCells, TerrainFeatures, input_window, terrain_features
from .losses import Target, critical_cohesion, guided_loss, state_of
from .run import Run, RunSettings, mean_of_known
from .shard import Shard, unpack_share
from .unet import Architecture, GuidedNetwork, Prediction

_VALIDATION_DRAWS = 12345
_CHANCE_OF_EASY = 0.15  # of a case that the guess has nearly exact, over that of another
_MOST_IN_HALF = 6e4  # half precision ends at 65,504
_MARGIN = 16  # cells beside a cut of the raster that the loss leaves out


@dataclass(frozen=True)
class Prepared:
    """A shard ready for training: its features in half precision, kept in memory.

    Attributes:
        numbers: the cases that are drawn from; chances: of each of them.
        coarse: the first guess by case, filled when first drawn.
    """

    shard: Shard
    numbers: np.ndarray
    chances: np.ndarray
    features: TerrainFeatures
    coarse: dict[int, CoarseWater]

    @classmethod
    def of(cls, shard: Shard, numbers: np.ndarray, features: TerrainFeatures | None = None) -> Prepared:
        """Compute the features, unless those of the same terrain are known."""
        features = features or halved(terrain_features(shard.terrain))
        chances = np.where([_is_hard(shard, features, int(n)) for n in numbers], 1.0, _CHANCE_OF_EASY)
        return cls(shard, numbers, chances / chances.sum(), features, {})


def _is_hard(shard: Shard, features: TerrainFeatures, number: int) -> bool:
    """Whether there is something to learn: the guess steps a part of the rain on wider cells."""
    values = dict(zip(HYDROLOGY, shard.scenarios[number]))
    greatest = values["conductivity"] * values["lateral_anisotropy"] * float(np.max(shard.factors[number]))
    return past_of(features.grids, greatest, values["duration"] * 3600.0) > 0.0


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
    """How much is drawn of a mountain: scenarios, the side of the window that the network sees, cells in the loss."""

    scenarios: int = 2
    side: int = 256
    cells: int = 8192


def draw_window(
    prepared: Prepared, sampling: Sampling, multiple: int, rng: np.random.Generator
) -> tuple[torch.Tensor, list[dict[str, torch.Tensor]], torch.Tensor]:
    """Inputs over a window of one mountain for a few of its scenarios, and targets at random cells of it.

    Returns:
        inputs (scenarios, len(INPUTS), side, side); targets per scenario; positions in the window (sampling.cells,).
    """
    f, shard = prepared.features, prepared.shard
    side = -(-sampling.side // multiple) * multiple
    shape = shard.terrain.grid.shape
    around = np.unravel_index(int(f.cells[int(rng.integers(len(f.cells)))]), shape)  # so that it holds a valid cell
    rows, cols = (_stretch(n, side, int(at), rng) for n, at in zip(shape, around))
    chosen = rng.choice(
        prepared.numbers, sampling.scenarios, replace=sampling.scenarios > len(prepared.numbers), p=prepared.chances
    )
    inputs, targets, place = [], [], torch.zeros(0)
    for number in chosen:
        whole = scenario_cells(prepared, int(number))
        window, index = input_window(f, whole, rows, cols, (side, side))
        inputs.append(window)
        if not targets:
            inner = _inner(f.cells[index], shard.terrain.grid.shape, rows, cols)
            index = index[inner] if bool(inner.any()) else index
            pick = index[torch.from_numpy(rng.choice(len(index), sampling.cells, replace=sampling.cells > len(index)))]
            flat = f.cells[pick]
            width = shard.terrain.grid.cols
            place = (flat // width - rows.start) * side + flat % width - cols.start
        targets.append(_targets(prepared, int(number), whole.at(pick), pick))
    return torch.stack(inputs), targets, place


def _stretch(length: int, side: int, at: int, rng: np.random.Generator) -> slice:
    """A stretch of ``side`` cells, or of all there are, that holds the cell ``at``."""
    start = int(rng.integers(max(at - side + 1, 0), max(min(at, length - side), 0) + 1))
    return slice(start, min(start + side, length))


def _inner(flat: torch.Tensor, shape: tuple[int, int], rows: slice, cols: slice) -> torch.Tensor:
    """Cells that see enough around them: not next to where the window cuts the raster."""
    row, col = flat // shape[1], flat % shape[1]
    inner = torch.ones_like(flat, dtype=torch.bool)
    for at, cut, length in ((row, rows, shape[0]), (col, cols, shape[1])):
        if cut.start > 0:
            inner &= at >= cut.start + _MARGIN
        if cut.stop < length:
            inner &= at < cut.stop - _MARGIN
    return inner


def _targets(prepared: Prepared, number: int, cells: ScenarioCells, pick: torch.Tensor) -> dict[str, torch.Tensor]:
    f, shard = prepared.features, prepared.shard
    flat = f.cells[pick].numpy()
    slope, depth = f.slope[pick], f.soil_depth[pick]
    table = torch.from_numpy(unpack_share(shard.water_table[number].ravel()[flat]))
    front = torch.from_numpy(unpack_share(shard.wetting_front[number].ravel()[flat]))
    return {
        "share": table, "table": table * depth, "front": front * depth,
        "contact": torch.from_numpy(shard.contact[number].ravel()[flat]),
        "slope": slope, "depth": depth, "infiltration": cells.infiltration, "ponded": cells.ponded,
        "deficit": cells.moisture_deficit.expand(len(pick)),
        "column": cells.water_table, "column_contact": cells.contact,
        "guess": cells.coarse.water_table, "guess_contact": cells.coarse.contact,
    }  # fmt: skip


def scenario_cells(prepared: Prepared, number: int) -> ScenarioCells:
    """A case at all valid cells; its first guess is kept in half precision, and used as it is kept."""
    f = prepared.features
    scenario, values = _hydrology(prepared.shard, number, f.cells.numpy())
    whole = f.slope.double().numpy(), f.soil_depth.double().numpy()
    state = column_state(*whole, scenario, np.ones(whole[0].shape, dtype=bool))
    if number not in prepared.coarse:
        responses = {k: getattr(f, k).float() for k in ("table_response", "supply_response")}
        prepared.coarse[number] = ScenarioCells.of(replace(f, **responses), state, values).coarse.to(torch.float16)
    return ScenarioCells.of(f, state, values, prepared.coarse[number])


def _hydrology(shard: Shard, number: int, flat: np.ndarray) -> tuple[Scenario, dict[str, np.ndarray | float]]:
    values: dict[str, np.ndarray | float] = dict(zip(HYDROLOGY, (float(v) for v in shard.scenarios[number])))
    factors = shard.factors[number]
    if np.any(factors != 1.0):
        values["conductivity"] = values["conductivity"] * factors[shard.zones.ravel()[flat]]
    return Scenario(**values), values


def draw_strength(targets: dict[str, torch.Tensor], rng: np.random.Generator) -> Strength:
    """Strengths for some scenarios, the cohesion such that a drawn share of the cells fails."""
    count = targets["depth"].shape[0]

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
    target = Target(targets["table"], targets["front"], targets["contact"], targets["depth"])
    cohesion = critical_cohesion(
        share, targets["slope"], targets["depth"], target, targets["ponded"], strength, low, high
    )
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
        "loss", "water", "bce", "dice_loss", "contact", "iou", "validation_loss", "validation_water",
        "validation_dice", "validation_iou", "guess_iou", "column_iou",
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
        self._prepared: dict[int, Prepared] = {}
        self._held: list[Prepared] = []
        self._features: OrderedDict[int, tuple[Any, TerrainFeatures]] = OrderedDict()
        self.learned_before: dict[str, Any] | None = None  # ranges in the card of the network to go on from
        if network is None:
            torch.manual_seed(settings.seed)
            network = GuidedNetwork(architecture)
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
            rows.append(self._loss(self.average, [held], batch, [0])[1])
        if not rows:
            return {}
        mean = {k: mean_of_known([r[k] for r in rows]) for k in rows[0]}
        return {
            "validation_loss": mean["loss"], "validation_water": mean["water"], "validation_iou": mean["iou"],
            "validation_dice": 1.0 - mean["dice_loss"], "column_iou": mean["column_iou"],
            "guess_iou": mean["guess_iou"],
        }  # fmt: skip

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
        self, network: nn.Module, whole: list[Prepared], batch: MountainBatch, mine: Sequence[int]
    ) -> tuple[torch.Tensor, dict[str, float]]:
        """Loss of the mountains ``mine`` of a batch."""
        multiple = self.network.architecture.multiple
        inputs, places, targets, strengths = [], [], [], []
        for i in mine:
            rng = np.random.default_rng([*batch.seed, i])
            window, some, place = draw_window(whole[i], self.sampling, multiple, rng)
            together = {k: torch.stack([t[k] for t in some]) for k in some[0]}
            strengths.append(draw_strength(together, rng))
            inputs.append(window)
            places += [place] * len(some)
            targets.append(together)
        prediction = self._predict(network, torch.cat(inputs), batch.turn)
        at = torch.stack(places).to(self.device)
        prediction = prediction.map(lambda x: x.flatten(1).gather(1, at))
        together = {k: torch.cat([t[k] for t in targets]).to(self.device) for k in targets[0]}
        strength = _joined(strengths, self.device)
        return _loss_of_prediction(prediction, together, strength)

    def _predict(self, network: nn.Module, inputs: torch.Tensor, turn: tuple[int, bool]) -> Prediction:
        """The network's view of inputs that are turned on the way."""
        quarter, flip = turn
        turned = torch.rot90(inputs, quarter, (2, 3))
        turned = (turned.flip(3) if flip else turned).contiguous(memory_format=torch.channels_last)
        with self.mixed():
            prediction = network(turned.to(self.device))
        return prediction.map(lambda x: torch.rot90(x.flip(2) if flip else x, -quarter, (1, 2)))


def _joined(strengths: list[Strength], device: torch.device) -> Strength:
    """Strengths of several mountains' scenarios as one; plain numbers are the same for all."""
    first = vars(strengths[0])
    together = {
        k: torch.cat([getattr(s, k) for s in strengths]) for k, v in first.items() if isinstance(v, torch.Tensor)
    }
    return Strength(**{**first, **{k: v.to(device) for k, v in together.items()}})


def _loss_of_prediction(
    prediction: Any, t: dict[str, torch.Tensor], strength: Strength
) -> tuple[torch.Tensor, dict[str, float]]:
    real, _ = factor_of_safety(
        torch, t["slope"], t["depth"], t["table"], t["front"], t["ponded"], t["contact"], strength
    )
    table, front, contact = state_of(prediction, t["depth"], t["infiltration"], t["deficit"])
    factor, _ = factor_of_safety(torch, t["slope"], t["depth"], table, front, t["ponded"], contact, strength)
    loss, parts = guided_loss(prediction, factor, t["share"], Target(t["table"], t["front"], t["contact"], real))
    for name in ("column", "guess"):
        parts[f"{name}_iou"] = _iou_of_table(t[name], t[f"{name}_contact"], t, strength, real < 1.0)
    return loss, parts


def _iou_of_table(
    table: torch.Tensor, contact: torch.Tensor, t: dict[str, torch.Tensor], strength: Strength, failed: torch.Tensor
) -> float:
    """Mean IoU of the mask that another estimate of the water table gives, over the cases with failed cells."""
    room = (t["depth"] - table).clamp_min(0.0)
    front = torch.minimum(t["infiltration"] / t["deficit"], room)
    contact = contact | (front >= room - 1e-4)
    front = torch.where(contact, room, front)
    factor, _ = factor_of_safety(torch, t["slope"], t["depth"], table, front, t["ponded"], contact, strength)
    predicted, some = factor < 1.0, failed.any(dim=1)
    iou = (predicted & failed).sum(1).float() / (predicted | failed).sum(1).clamp_min(1).float()
    return float(iou[some].mean()) if bool(some.any()) else float("nan")
