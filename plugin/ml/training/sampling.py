"""Training samples: first guesses with the engine's water, prepared once, and windows drawn from them.

An area is one shard's terrain with its cases. What the network reads is made from a few maps that are stored in the
run's folder and mapped into memory, so that a step costs no more than its windows.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Callable, Sequence

import numpy as np
import torch

from ...core.dataset.shard import Shard
from ...core.feedback import Feedback
from ...core.files.whole import replacing
from ...core.physics.column import column_state
from ...core.physics.flow.first_guess import first_guess
from ...core.physics.flow.schedule import Schedule, StepBudget
from ...core.physics.water import WaterState
from ..channels import DOWNHILL, MARGIN, Inputs, TerrainMaps, inexactness, inputs
from ..water_maps import SCALARS, WaterMaps, recharge
from .checkpoint import damaged

#: Steps at full resolution of a case's two guesses: the fewest, and as many as a run takes, or in some cases others.
FEWEST_STEPS, OTHER_STEPS, _OTHER_SHARE = 12, (18, 24, 36), 0.25
_SHARE = 65535.0  # shares of the soil depth are stored in 16 bits
_NUMBERS = ("moisture_deficit", "water_table_ratio", *SCALARS)
_LATERAL_UNIT = 1e-6  # [m/s] of conductivities in half precision
_MOST_FRONT_M, _MOST_RECHARGE_M = 60.0, 100.0  # bounds of what is stored in half precision
_WINDOWS_TRIED = 4  # at random, before one around a cell of the terrain
_NOT_PONDED = -9.0  # a water table that none is near
#: Error of a guess [share of the soil depth] at which its case is drawn half as often as the worst; the least share.
_ERROR_SCALE, _LEAST_WEIGHT = 0.003, 0.03


@dataclass(frozen=True)
class Area:
    """Prepared cases of one terrain; each guess counts as a case.

    Attributes:
        terrain: (13, rows, cols) float32: the maps of :class:`..channels.TerrainMaps`.
        tables: (cases, 5, rows, cols) uint16: guess, guess with half the steps, column, earlier and engine's.
        more: (cases, 5, rows, cols) float16: wetting front, recharge [m], K_lat [1e-6 m/s], the engine's factor of
            safety at the case's own strength, ``meeting`` of :class:`Example`.
        flags: (cases, 2, rows, cols) bool: contact, ponded.
        numbers: (cases, 6) float32, see ``_NUMBERS``; cell_size: [m].
    """

    terrain: np.ndarray
    tables: np.ndarray
    more: np.ndarray
    flags: np.ndarray
    numbers: np.ndarray
    cell_size: float

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.terrain.shape[1:]

    @cached_property
    def sampling_weights(self) -> np.ndarray:
        """Sampling weights of the cases, (cases,): lower if the first guess is accurate, 0 if it is exact."""
        valid = np.asarray(self.terrain[0]) > 0
        error = [np.abs(t[0][valid].astype(np.int32) - t[4][valid]).mean() / _SHARE for t in self.tables]
        steps, coarse = (torch.from_numpy(self.numbers[:, _NUMBERS.index(n)].copy()) for n in ("steps", "coarse_share"))
        corrected = (inexactness(steps, coarse) > 0.0).numpy()
        return np.array([e / (e + _ERROR_SCALE) + _LEAST_WEIGHT for e in error]) * corrected


@dataclass(frozen=True)
class Example:
    """Windows of some cases; (batch, ...) tensors.

    Attributes:
        inputs: of the network.
        guess, engine: water tables [share of the soil depth]; fs: the engine's factor of safety; valid: 1 or 0.
        meeting: water table at which the wetting front meets it where rain ponds, else far below 0 [share of the
            depth].
    """

    inputs: Inputs
    guess: torch.Tensor
    engine: torch.Tensor
    fs: torch.Tensor
    meeting: torch.Tensor
    valid: torch.Tensor

    @property
    def maps(self) -> tuple[torch.Tensor, ...]:
        """All that the network does not read."""
        return self.guess, self.engine, self.fs, self.meeting, self.valid

    def each(self, function: Callable[[torch.Tensor], torch.Tensor]) -> Example:
        """Batch with a function applied to each tensor."""
        return Example(self.inputs.each(function), *map(function, self.maps))


def prepare(shard: Shard, numbers: Sequence[int], folder: Path, name: str, seed: int, feedback: Feedback) -> Area:
    """Compute the first guesses of a shard's cases and store the training data, or read the stored data.

    Args:
        shard: the engine's water; numbers: of its cases that take part.
        folder, name: where to keep the maps; seed: of the drawn budgets.
        feedback: for cancellation.

    Raises:
        InputError: what was stored is damaged.
        Cancelled: the user cancelled the run.
    """
    name = f"{name}_{_checksum(shard, numbers, seed):08x}"
    files = {key: folder / f"{name}_{key}.npy" for key in ("terrain", "tables", "more", "flags", "numbers")}
    if not files["numbers"].exists():
        folder.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng([seed, *name.encode()])
        rows = [
            _case(shard, number, budget, feedback)
            for number in numbers
            for budget in (StepBudget(FEWEST_STEPS), _second_budget(shard, number, rng))
        ]
        made = dict(zip(("tables", "more", "flags", "numbers"), (np.stack(x) for x in zip(*rows))))
        maps = TerrainMaps.of(shard.terrain)
        terrain = torch.cat([maps.channels, maps.depth[None], maps.faces]).numpy()
        for key, values in {"terrain": terrain, **made}.items():  # the numbers last
            with replacing(files[key]) as partial:
                np.save(partial, values)
    try:
        found = {key: np.load(path, mmap_mode="r", allow_pickle=False) for key, path in files.items()}
    except (OSError, ValueError, EOFError) as error:
        raise damaged(folder, error) from error
    return Area(**found, cell_size=float(np.sqrt(shard.terrain.grid.cell_area)))


def _checksum(shard: Shard, numbers: Sequence[int], seed: int) -> int:
    """Fingerprint of the data of prepared areas that share a folder."""
    water = shard.water.water_table, shard.water_of_case, shard.terrain.elevation, shard.terrain.soil_depth
    parts = (*water, shard.scenarios, shard.strength, shard.factors, np.array([seed, *numbers]))
    return zlib.crc32(b"".join(np.ascontiguousarray(x).tobytes() for x in parts))


def _second_budget(shard: Shard, number: int, rng: np.random.Generator) -> StepBudget:
    others = StepBudget(int(rng.choice(OTHER_STEPS)))
    own = Schedule.of(shard.terrain, shard.scenario(number), StepBudget.for_guess).budget
    return others if rng.random() < _OTHER_SHARE else own


def _case(shard: Shard, number: int, budget: StepBudget, feedback: Feedback) -> tuple[np.ndarray, ...]:
    """Stored data of a case: tables, maps, flags and numbers."""
    scenario, cells = shard.scenario(number), shard.terrain.cells
    guess = first_guess(shard.terrain, scenario, budget, feedback)
    column, engine, depth = column_state(cells, scenario), shard.state(number), np.maximum(cells.soil_depth, 1e-6)
    tables = [guess.water.water_table, guess.half_table, column.water_table, guess.earlier_table, engine.water_table]
    shares = [cells.on_map(np.round(np.clip(t / depth, 0.0, 1.0) * _SHARE), 0, np.uint16) for t in tables]
    fs = np.nan_to_num(shard.factor_of_safety(number), nan=10.0)
    meeting = np.where(column.ponded, np.maximum(1.0 - column.free_front / depth, _NOT_PONDED), _NOT_PONDED)
    more = [
        cells.on_map(np.minimum(guess.water.wetting_front, _MOST_FRONT_M), 0.0),
        cells.on_map(np.minimum(recharge(column, cells, scenario), _MOST_RECHARGE_M), 0.0),
        cells.on_map(np.broadcast_to(cells.pick(scenario.lateral_conductivity), depth.shape) / _LATERAL_UNIT, 0.0),
        fs,
        cells.on_map(meeting, _NOT_PONDED),
    ]
    flags = [cells.on_map(x, False, bool) for x in (guess.water.contact, guess.water.ponded)]
    numbers = [
        np.mean(scenario.moisture_deficit), np.mean(scenario.water_table_ratio), scenario.duration_s,
        guess.schedule.omitted_steps, guess.schedule.coarse_share, budget.steps,
    ]  # fmt: skip
    return np.stack(shares), np.stack(more).astype(np.float16), np.stack(flags), np.array(numbers, dtype=np.float32)


def draw(areas: Sequence[Area], side: int, turn: bool, rngs: Sequence[np.random.Generator]) -> Example:
    """Windows of cases, drawn with the cases' weights.

    Args:
        areas: to draw from; side: of a window [cells].
        turn: rotate and flip them by chance; rngs: one for each window, draws all of it.
    """
    weights = np.concatenate([area.sampling_weights for area in areas])
    first = np.cumsum([0, *(len(area) for area in areas)])
    windows = []
    for rng in rngs:
        case = int(rng.choice(len(weights), p=weights / weights.sum()))
        at = int(np.searchsorted(first, case, side="right")) - 1
        area = areas[at]
        example = read(area, case - int(first[at]), _window(area, side, rng))
        windows.append(_pad_to_square(_rotate_flip(example, rng) if turn else example, side))
    return _stack(windows)


def read(area: Area, case: int, window: tuple[slice, slice]) -> Example:
    """One case in a window; its channels see the cells around."""
    wide = tuple(slice(max(s.start - MARGIN, 0), min(s.stop + MARGIN, n)) for s, n in zip(window, area.shape))
    part = (..., *(slice(s.start - w.start, s.stop - w.start) for s, w in zip(window, wide)))
    terrain = torch.from_numpy(np.array(area.terrain[(..., *wide)]))
    maps = TerrainMaps(terrain[:7], terrain[7], terrain[8:], area.cell_size)
    tables = torch.from_numpy(area.tables[(case, ..., *wide)].astype(np.float32) / _SHARE)
    more = torch.from_numpy(area.more[(case, ..., *wide)].astype(np.float32))
    flags = torch.from_numpy(area.flags[(case, ..., *wide)].astype(np.float32))
    numbers = dict(zip(_NUMBERS, (torch.tensor(float(x)).reshape(1, 1, 1) for x in area.numbers[case])))
    depth = maps.depth
    water = WaterMaps(
        *(t[None] * depth for t in tables[:4]), wetting_front=more[:1], contact=flags[:1], ponded=flags[1:],
        recharge=more[1:2], lateral_conductivity=more[2:3] * _LATERAL_UNIT,
        **numbers,
    )  # fmt: skip
    made = inputs(maps, water)
    return Example(
        made.each(lambda x: x[part]),
        tables[:1][part],
        tables[4:][part],
        more[3:4][part],
        more[4:][part],
        maps.valid[None][part],
    )


def _window(area: Area, side: int, rng: np.random.Generator) -> tuple[slice, slice]:
    """A window with some terrain in it; around a cell of it where terrain is rare."""
    greatest = [max(n - side, 0) for n in area.shape]
    for _ in range(_WINDOWS_TRIED):
        window = _window_at([int(rng.integers(0, n + 1)) for n in greatest], side, area.shape)
        if area.terrain[(0, *window)].mean() > 0.3:
            return window
    cells = np.flatnonzero(area.terrain[0])
    cell = divmod(int(cells[rng.integers(len(cells))]), area.shape[1])
    return _window_at([min(max(at - side // 2, 0), n) for at, n in zip(cell, greatest)], side, area.shape)


def _window_at(starts: Sequence[int], side: int, shape: tuple[int, int]) -> tuple[slice, slice]:
    return tuple(slice(s, min(s + side, n)) for s, n in zip(starts, shape))  # type: ignore[return-value]


def rotate_flip(x: torch.Tensor, turn: int) -> torch.Tensor:
    """Turn (..., rows, cols) anticlockwise by a quarter ``turn % 4`` times, mirrored first where it is 4 or more."""
    return torch.rot90(x.flip(-1) if turn >= 4 else x, turn % 4, (-2, -1))


def _rotate_flip(example: Example, rng: np.random.Generator) -> Example:
    """Rotated by quarters and flipped by chance, with the channels that point down the slope."""
    quarters, flip = int(rng.integers(4)), bool(rng.random() < 0.5)
    channels = example.inputs.channels.clone()
    east, south = (channels[:, at].clone() for at in DOWNHILL)
    for _ in range(quarters):  # anticlockwise: what fell to the south falls to the east
        east, south = south, -east
    channels[:, DOWNHILL[0]], channels[:, DOWNHILL[1]] = -east if flip else east, south
    turn = 4 + -quarters % 4 if flip else quarters  # mirrored after the rotation: before it the other way round
    return replace(example, inputs=replace(example.inputs, channels=channels)).each(lambda x: rotate_flip(x, turn))


def _pad_to_square(example: Example, side: int) -> Example:
    """Pad with zeros below and to the right to a square."""
    missing = (0, side - example.valid.shape[-1], 0, side - example.valid.shape[-2])
    return example.each(lambda x: torch.nn.functional.pad(x, missing)) if any(missing) else example


def _stack(parts: Sequence[Example]) -> Example:
    made = Inputs(*(torch.cat(x) for x in zip(*(vars(p.inputs).values() for p in parts))))
    return Example(made.channels_last(), *(torch.cat(x) for x in zip(*(p.maps for p in parts))))


def guess_water(
    area: Area, case: int, table: np.ndarray, cells: np.ndarray, free_front: np.ndarray | None = None
) -> WaterState:
    """A stored guess with another water table at some cells, for the stability formula.

    Args:
        table: [share of the soil depth] at the cells, (n,); cells: (rows, cols) bool, which.
        free_front: see :class:`WaterState`; without it the wetting front meets the table where it does in the guess.
    """
    depth = np.asarray(area.terrain[7])[cells].astype(np.float64)
    front = np.asarray(area.more[case, 0])[cells].astype(np.float64)
    contact, ponded = (np.asarray(area.flags[case, n])[cells] for n in (0, 1))
    guess = np.asarray(area.tables[case, 0])[cells] / _SHARE * depth
    free = np.where(contact, np.inf, front) if free_front is None else free_front
    water = WaterState(guess, front, None, ponded, contact, free_front=free)
    return water.with_table(table.astype(np.float64) * depth, depth)
