"""Training of the guided network on simulated mountains; checkpoints resume where they stopped."""

from __future__ import annotations

import copy
import csv
import math
import os
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from ..core.errors import InputError
from ..core.feedback import Feedback, check_cancelled
from ..core.physics.column import column_state
from ..core.physics.stability import Strength, factor_of_safety
from ..core.scenario import Scenario
from ..variables import BY_NAME, HYDROLOGY
from .coarse import CoarseWater
from .dataset import Shard, read_shard, unpack_share
from .features import ScenarioCells, TerrainFeatures, local_inputs, terrain_features
from .losses import Target, critical_cohesion, guided_loss, state_of
from .unet import Architecture, GuidedNetwork

HISTORY_COLUMNS = ("step", "seconds", "mountains", "loss", "water", "bce", "dice_loss", "contact", "iou",
                   "validation_loss", "validation_water", "validation_iou", "column_iou")  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        steps: optimiser steps; batch: mountains a step; scenarios, cells: drawn from each mountain.
        learning_rate: peak of the one-cycle schedule; bf16: mixed precision in the encoder.
        seconds: length of the schedule in training time instead of steps, for machines of unknown speed.
        every: steps between validations and checkpoints.
    """

    steps: int = 12000
    seconds: float | None = None
    batch: int = 2
    scenarios: int = 4
    cells: int = 4096
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    average: float = 0.999
    bf16: bool = True
    every: int = 250
    seed: int = 0


@dataclass(frozen=True)
class Prepared:
    """A shard ready for training: its features in half precision, kept in memory."""

    shard: Shard
    features: TerrainFeatures
    coarse: dict[int, CoarseWater]  # by scenario, filled when first drawn

    @classmethod
    def of(cls, shard: Shard) -> Prepared:
        """Compute the features."""
        f = terrain_features(shard.terrain)
        halves = {k: getattr(f, k).half() for k in ("channels", "table_response", "supply_response")}
        return cls(shard, replace(f, **halves), {})


class Sampler:
    """Draws mountains, scenarios, cells and strengths."""

    def __init__(self, settings: Settings, rng: np.random.Generator) -> None:
        self.settings, self.rng = settings, rng

    def cells(self, prepared: Prepared) -> tuple[list[torch.Tensor], list[dict[str, torch.Tensor]], torch.Tensor]:
        """Inputs and targets at random cells of one mountain, for a few of its scenarios.

        Returns:
            local inputs per scenario, targets per scenario, positions among the raster's cells.
        """
        f, shard, rng = prepared.features, prepared.shard, self.rng
        count = min(self.settings.cells, f.cells.numel())
        pick = torch.from_numpy(rng.choice(f.cells.numel(), count, replace=count > f.cells.numel()))
        flat = f.cells[pick]
        slope, depth = f.slope[pick], f.soil_depth[pick]
        whole = f.slope.double().numpy(), f.soil_depth.double().numpy()
        responses = f.table_response[:, pick].float(), f.supply_response[:, pick].float()
        locals_, targets = [], []
        chosen = rng.choice(len(shard.scenarios), min(self.settings.scenarios, len(shard.scenarios)), replace=False)
        for number in chosen:
            scenario, values = self._scenario(shard, int(number), f.cells.numpy())
            state = column_state(*whole, scenario, np.ones(whole[0].shape, dtype=bool))
            whole_cells = ScenarioCells.of(f, state, values, prepared.coarse.get(int(number)))
            if int(number) not in prepared.coarse:
                prepared.coarse[int(number)] = (
                    whole_cells.coarse()
                )  # and used as it is kept, so that a resumed run agrees
                whole_cells = ScenarioCells.of(f, state, values, prepared.coarse[int(number)])
            cells = whole_cells.at(pick)
            locals_.append(local_inputs(slope, depth, *responses, f.cell_size, cells))
            table = torch.from_numpy(unpack_share(shard.water_table[number].ravel()[flat.numpy()]))
            front = torch.from_numpy(unpack_share(shard.wetting_front[number].ravel()[flat.numpy()]))
            targets.append({
                "share": table, "table": table * depth, "front": front * depth,
                "contact": torch.from_numpy(shard.contact[number].ravel()[flat.numpy()]),
                "slope": slope, "depth": depth, "infiltration": cells.infiltration, "ponded": cells.ponded,
                "deficit": cells.moisture_deficit.expand(count),
                "column": cells.water_table, "column_contact": cells.contact,
            })  # fmt: skip
        return locals_, targets, flat

    @staticmethod
    def _scenario(shard: Shard, number: int, flat: np.ndarray) -> tuple[Scenario, dict[str, np.ndarray | float]]:
        values: dict[str, np.ndarray | float] = dict(zip(HYDROLOGY, (float(v) for v in shard.scenarios[number])))
        factors = shard.factors[number]
        if np.any(factors != 1.0):
            values["conductivity"] = values["conductivity"] * factors[shard.zones.ravel()[flat]]
        return Scenario(**values), values

    def strength(self, targets: dict[str, torch.Tensor]) -> Strength:
        """Strengths for a batch of scenarios, the cohesion such that a drawn share of the cells fails."""
        rng, count = self.rng, targets["depth"].shape[0]

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

    def turn(self) -> tuple[int, bool]:
        """A random quarter turn and flip."""
        return int(self.rng.integers(4)), bool(self.rng.random() < 0.5)


def batch_loss(
    network: GuidedNetwork, batch: list[Prepared], sampler: Sampler, settings: Settings
) -> tuple[torch.Tensor, dict[str, float]]:
    """Loss of a few mountains, each turned at random, with freshly drawn scenarios and strengths."""
    quarter, flip = sampler.turn()
    size = (
        _padded(max(p.shard.terrain.grid.rows for p in batch), network),
        _padded(max(p.shard.terrain.grid.cols for p in batch), network),
    )
    stack = torch.zeros(len(batch), batch[0].features.channels.shape[0], *size)
    for number, prepared in enumerate(batch):
        c = prepared.features.channels
        stack[number, :, : c.shape[1], : c.shape[2]] = c.float()
    turned = torch.rot90(stack, quarter, (2, 3))
    turned = (turned.flip(3) if flip else turned).contiguous(memory_format=torch.channels_last)
    mixed = torch.autocast("cpu", dtype=torch.bfloat16) if settings.bf16 else nullcontext()
    with mixed:
        features = network.encode(turned)
    features = features.float()
    features = torch.rot90(features.flip(3) if flip else features, -quarter, (2, 3))

    picked, locals_, targets = [], [], []
    for number, prepared in enumerate(batch):
        some_locals, some_targets, flat = sampler.cells(prepared)
        cols = prepared.shard.terrain.grid.cols
        at = features[number, :, flat // cols, flat % cols].transpose(0, 1)
        for local, target in zip(some_locals, some_targets):
            short = settings.cells - local.shape[0]  # masked mountains have fewer cells: repeat some
            index = torch.arange(settings.cells) % local.shape[0] if short > 0 else slice(None)
            picked.append(at[index])
            locals_.append(local[index])
            targets.append({k: v[index] for k, v in target.items()})
    together = {k: torch.stack([t[k] for t in targets]) for k in targets[0]}
    strength = sampler.strength(together)
    prediction = network.head(torch.stack(picked), torch.stack(locals_))
    return _loss(prediction, together, strength)


def _loss(prediction, t, strength):
    real, _ = factor_of_safety(
        torch, t["slope"], t["depth"], t["table"], t["front"], t["ponded"], t["contact"], strength
    )
    table, front, contact = state_of(prediction, t["depth"], t["infiltration"], t["deficit"])
    factor, _ = factor_of_safety(torch, t["slope"], t["depth"], table, front, t["ponded"], contact, strength)
    loss, parts = guided_loss(prediction, factor, t["share"], Target(t["table"], t["front"], t["contact"], real))
    front = torch.minimum(t["infiltration"] / t["deficit"], (t["depth"] - t["column"]).clamp_min(0.0))
    plain, _ = factor_of_safety(
        torch, t["slope"], t["depth"], t["column"], front, t["ponded"], t["column_contact"], strength
    )
    a, b = plain < 1.0, real < 1.0
    some = b.any(dim=1)
    iou = (a & b).sum(1).float() / (a | b).sum(1).clamp_min(1).float()
    parts["column_iou"] = float(iou[some].mean()) if bool(some.any()) else float("nan")
    return loss, parts


def _padded(length: int, network: GuidedNetwork) -> int:
    multiple = network.architecture.multiple
    return -(-length // multiple) * multiple


def _mean(values: list[float]) -> float:
    """Mean of the numbers that are known; NaN where none is."""
    known = [v for v in values if not math.isnan(v)]
    return sum(known) / len(known) if known else math.nan


class Trainer:
    """One training run in a folder: ``checkpoint.pt``, ``history.csv``; made again, it resumes."""

    def __init__(
        self, folder: Path, data: Path, architecture: Architecture, settings: Settings, validation: int = 24
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.data, self.settings = folder, data, settings
        torch.manual_seed(settings.seed)
        self.network = GuidedNetwork(architecture).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network).eval()
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        self.step, self.seconds = 0, 0.0
        self.rng = np.random.default_rng(settings.seed)
        self.sampler = Sampler(settings, self.rng)
        self.prepared: dict[str, Prepared] = {}
        self.held: dict[str, Prepared] = {}
        self.validation = validation
        if (folder / "checkpoint.pt").exists():
            self._resume()

    def run(self, feedback: Feedback, seconds: float = math.inf, until_step: float = math.inf) -> None:
        """Train to the end of the schedule, or for ``seconds``, or up to a step (then resume later).

        Raises:
            Cancelled: the user asked to stop; the checkpoint is kept.
        """
        began, base = time.monotonic(), self.seconds
        sums: dict[str, list[float]] = {}
        while len(self.prepared) < 4 * self.settings.batch and self._take_new_shard():
            check_cancelled(feedback)
        if len(self.prepared) < self.settings.batch:
            raise InputError(
                "Data set (DATASET)", f"'{self.data}' holds {len(self.prepared) + len(self.held)} mountains",
                f"at least {self.settings.batch + self.validation}", "Build more with slopecast:builddataset.",
            )  # fmt: skip
        while self.progress < 1.0 and self.step < until_step and time.monotonic() - began < seconds:
            check_cancelled(feedback)
            if self.step % 2 == 0:  # mountains that are simulated meanwhile join in
                self._take_new_shard()
            for key, value in self._one_step().items():
                sums.setdefault(key, []).append(value)
            self.seconds = base + time.monotonic() - began
            if self.step % self.settings.every == 0 or self.progress >= 1.0:
                self._report({k: _mean(v) for k, v in sums.items()}, feedback)
                sums = {}
            feedback.setProgress(100.0 * self.progress)
        self._save()

    @property
    def progress(self) -> float:
        """Share of the schedule that is done, 0 to 1."""
        if self.settings.seconds is not None:
            return self.seconds / self.settings.seconds
        return self.step / self.settings.steps

    def _take_new_shard(self) -> bool:
        for path in sorted(self.data.glob("*.npz")):
            if path.name in self.prepared or path.name in self.held:
                continue
            target = self.held if len(self.held) < self.validation else self.prepared
            target[path.name] = Prepared.of(read_shard(path))
            return True
        return False

    def _one_step(self) -> dict[str, float]:
        progress = min(self.progress, 1.0)
        warm = min(1.0, (self.step + 1) / min(200, max(self.settings.steps // 10, 1)))
        rate = self.settings.learning_rate * warm * max(0.5 * (1 + math.cos(math.pi * progress)), 0.002)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.network.train()
        names = sorted(self.prepared)
        batch = [self.prepared[names[i]] for i in self.rng.choice(len(names), self.settings.batch, replace=False)]
        loss, parts = batch_loss(self.network, batch, self.sampler, self.settings)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self._update_average()
        return parts

    @torch.no_grad()
    def _update_average(self) -> None:
        keep = min(self.settings.average, (1 + self.step) / (10 + self.step))
        for mine, its in zip(self.average.state_dict().values(), self.network.state_dict().values()):
            if mine.dtype.is_floating_point:
                mine.lerp_(its, 1.0 - keep)
            else:
                mine.copy_(its)

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        """The averaged network on held mountains, with the same draws every time."""
        sampler = Sampler(self.settings, np.random.default_rng(12345))
        self.average.eval()
        rows = [batch_loss(self.average, [p], sampler, self.settings)[1] for _, p in sorted(self.held.items())]
        return {k: _mean([r[k] for r in rows]) for k in rows[0]} if rows else {}

    def _report(self, parts: dict[str, float], feedback: Feedback) -> None:
        v = self.validate()
        row = {"step": self.step, "seconds": round(self.seconds), "mountains": len(self.prepared), **parts,
               "validation_loss": v.get("loss"), "validation_water": v.get("water"),
               "validation_iou": v.get("iou"), "column_iou": v.get("column_iou")}  # fmt: skip
        path = self.folder / "history.csv"
        fresh = not path.exists()
        with path.open("a", newline="") as file:
            writer = csv.DictWriter(file, HISTORY_COLUMNS, extrasaction="ignore")
            if fresh:
                writer.writeheader()
            writer.writerow({k: f"{x:.5g}" if isinstance(x, float) else x for k, x in row.items()})
        feedback.pushInfo(
            f"step {self.step} ({100 * self.progress:.0f} %), {self.seconds:.0f} s, {len(self.prepared)} mountains: "
            + ", ".join(f"{k} {x:.4f}" for k, x in parts.items())
            + f" | held out: loss {v.get('loss', math.nan):.4f}, IoU {v.get('iou', math.nan):.4f}"
            f" (column {v.get('column_iou', math.nan):.4f})"
        )
        self._save()

    def _save(self) -> None:
        partial = self.folder / "checkpoint.part"
        torch.save(
            {
                "network": self.network.state_dict(), "average": self.average.state_dict(),
                "optimizer": self.optimizer.state_dict(), "step": self.step, "seconds": self.seconds,
                "held": list(self.held), "prepared": list(self.prepared), "torch_rng": torch.get_rng_state(),
                "numpy_rng": repr(self.rng.bit_generator.state),
            },
            partial,
        )  # fmt: skip
        os.replace(partial, self.folder / "checkpoint.pt")

    def _resume(self) -> None:
        import ast

        saved = torch.load(self.folder / "checkpoint.pt", weights_only=True)
        self.network.load_state_dict(saved["network"])
        self.average.load_state_dict(saved["average"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.step, self.seconds = saved["step"], saved["seconds"]
        torch.set_rng_state(saved["torch_rng"])
        self.rng.bit_generator.state = ast.literal_eval(saved["numpy_rng"])
        for group in ("held", "prepared"):
            getattr(self, group).update({name: Prepared.of(read_shard(self.data / name)) for name in saved[group]})


__all__ = ["Prepared", "Settings", "Trainer"]
