"""The network's first guess: the engine's water balance on telescoping grids, in torch.

How water ran hours ago matters less in detail than how it runs now. So the last hours are stepped on the
raster's own cells, those before on cells twice as wide, those before them twice as wide again: a coarser
grid takes two to four times the step and has a quarter of the cells, and some hundred steps a grid reach back
days where the raster alone would need thousands. The finite volumes, the limiter and the regimes are those of
:mod:`slopecast.plugin.core.physics.groundwater`; wider cells mix the upstream table at a face with the downstream
one, so that they spread the water no more than the raster's own do.

From grid to grid goes what lateral flow has brought to a cell, as an amount of water; the finer cells then
take their own depth and their own infiltration into account. Within a wide cell the water is distributed
as the hillslope's kinematic response has it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable

import numpy as np
import torch
from torch.nn import functional

from ..core.feedback import Feedback
from ..core.physics import kernels
from ..core.physics.water import WaterState
from ..variables import RESIDUAL_AIR
from .compiled_steps import CompiledSteps
from .supply import Supply
from .torch_steps import Effort, Soil, Stage, Water, advance
from .water_grids import TINY, WaterGrid

_LONGEST = 2.0  # a step over the monotone one, where there are not enough steps for shorter ones
_SHORTEST = 0.5  # the same, where there are enough: the engine's own
_PATTERN = 0.3  # weight of the kinematic pattern within a coarse cell, chosen on validation terrain
_AROUND = 4  # cells over which the head sees the guess around a cell
_LEAST_STAGE_S = 720.0  # less is not worth a wider grid
#: For a mask that is kept; the fewest steps are the engine's.
FULL = Effort(most=(384, 384, 384), usual=(96, 192, 384), fewest=48, longest=1800.0)
#: For previews, while a number is dragged.
DRAFT = Effort(most=(24, 48, 96), usual=(24, 48, 96), fewest=12, longest=7200.0)


@dataclass(frozen=True)
class CoarseWater:
    """The guess at the valid cells, (cells,) tensors, and where it comes from.

    Attributes:
        water_table: [m]; contact: bool.
        before: water table when the raster's own cells took over [m]; the final one where they took it all.
        refinement: what the water table gained when those hours were stepped on cells half as wide [m]: where that is
            much, there is more to gain on still finer ones; 0 where the raster's own cells took it all.
        around: mean over 4 x 4 cells of the water table over the soil depth [-]; contact_around: of the contact.
        reach: cells that water crosses while it is stepped on the raster's own cells [-].
        past, far_past: share of the rain that is stepped on wider cells, and on cells at least four times as wide.
    """

    water_table: torch.Tensor
    contact: torch.Tensor
    before: torch.Tensor
    refinement: torch.Tensor
    around: torch.Tensor
    contact_around: torch.Tensor
    reach: torch.Tensor
    past: float
    far_past: float

    def to(self, dtype: torch.dtype) -> CoarseWater:
        """The same with its numbers in another precision, to keep it or to use it."""
        numbers = {
            k: v.to(dtype) for k, v in vars(self).items() if isinstance(v, torch.Tensor) and v.is_floating_point()
        }
        return replace(self, **numbers)


class WaterBalance:
    """The water of a scenario on its way through the rain: on wider cells first, then on the raster's own.

    Args:
        grids: of the terrain; cells: flat index of the valid cells; slope: (cells,) [rad].
        state: the column's at the end of the rain, for the infiltration.
        values: ``conductivity``, ``lateral_anisotropy``, ``rainfall`` [mm/h], ``water_table_ratio``,
            ``moisture_deficit``, ``suction_head``: tensors, of one element or (cells,).
        seconds: duration.
        pattern: the kinematic water table (cells,) [m] of the infiltration so far (cells,) [m] and the time [s].
        effort: how many steps may be taken.
        feedback: asked for a cancel at every step, which then raises :class:`Cancelled`.
        compiled: steps on the raster's own cells by the engine's kernel; ``None`` does them in torch.
    """

    def __init__(
        self, grids: tuple[WaterGrid, ...], cells: torch.Tensor, slope: torch.Tensor, state: WaterState,
        values: dict[str, torch.Tensor], seconds: float, pattern: Callable[[torch.Tensor, float], torch.Tensor],
        effort: Effort = FULL, feedback: Feedback | None = None, compiled: CompiledSteps | None = None,
    ) -> None:  # fmt: skip
        self._feedback, self._compiled = feedback or Feedback(), compiled
        self._cells, self._slope, self._values = cells, slope, values
        self._seconds, self._pattern, self._effort = seconds, pattern, effort
        self._lateral = (values["conductivity"] * values["lateral_anisotropy"]).float().expand(slope.shape)
        self._all_grids, self._most_conductive = grids, float(self._lateral.max())
        self.plan = _plan(grids, self._most_conductive, seconds, effort)
        self._grids = grids[:1]
        supply = self._supply = Supply.of(state, slope, values, seconds)
        self._soils = [Soil(self._on_map(self._lateral), self._on_map(values["moisture_deficit"]).clamp_min(1e-3),
                             self._on_map(values["water_table_ratio"]), supply.mapped(self._on_map))]  # fmt: skip
        self._begin()

    def _begin(self) -> None:
        """Take the state before the rain on the widest cells of the plan."""
        self._grids = self._all_grids[: len(self.plan)]
        for finer, grid in list(zip(self._grids, self._grids[1:]))[len(self._soils) - 1 :]:
            self._soils.append(self._soils[-1].restricted(grid, finer))
        soil, grid = self._soils[len(self.plan) - 1], self._grids[-1]
        table = soil.ratio * grid.depth
        self._water = Water(table, torch.zeros_like(table), torch.zeros_like(table, dtype=torch.bool))
        self.now = 0.0  # [s] since the rain began

    def takeover(self, *, refined: bool = True) -> CoarseWater | None:
        """Step the hours on wider cells; the state when the raster's own cells take over, ``None`` if they do it all.

        In that state ``before`` is the table as the wider cells have it, and :attr:`CoarseWater.reach` and shares are
        of the time until then.

        Args:
            refined: step them on cells twice as wide before, for :attr:`CoarseWater.refinement`.
        """
        if len(self.plan) == 1:
            return None
        wider = None
        if refined and len(self.plan) < len(self._all_grids):
            plan, self.plan = self.plan, _widened(self.plan, self._all_grids, self._most_conductive, self._effort)
            self._begin()
            self._descend()
            wider, self.plan = self._water.table, plan
            self._begin()
        wide = self._descend()
        refinement = torch.zeros_like(wide) if wider is None else self._water.table - wider
        return self._told(self.plan[1:], wide, refinement)

    def _descend(self) -> torch.Tensor:
        """Step the hours on wider cells; the water table as the last of them have it [m], on the raster's own."""
        wide = self._water.table
        for number in reversed(range(1, len(self._grids))):
            self._step(number)
            finer, soil = self._grids[number - 1], self._soils[number - 1]
            expected = self._on_map(self._pattern(self._supply.until(self.now), self.now))
            for fine, coarse in zip(self._grids, self._grids[1:number]):
                expected = coarse.restrict(expected, fine.share)
            wide = self._grids[number].spread(self._water.table, finer.share.shape)
            self._water = _refined(
                self._water, self._grids[number], self._soils[number], finer, soil, expected, self.now
            )
        return wide

    def finish(self, table: torch.Tensor | None = None) -> CoarseWater:
        """Step what is left of the rain on the raster's own cells, after :meth:`takeover`.

        Args:
            table: water table to go on with (cells,) [m], instead of the one that :meth:`takeover` told.
        """
        if table is not None:
            self._water = _with_table(self._on_map(table), self._grids[0], self._soils[0], self.now)
        before = self._water.table if len(self.plan) > 1 else None
        self._step(0)
        before = self._water.table if before is None else before
        return self._told(self.plan, before, torch.zeros_like(before))

    def _step(self, number: int) -> None:
        stage = self.plan[number]
        if number == 0 and self._compiled is not None:
            self._step_compiled(stage, self._compiled)
        else:
            self._water = advance(
                self._water, self._grids[number], self._soils[number], self.now, stage, self._seconds, self._effort,
                self._feedback,
            )  # fmt: skip
        self.now += stage.seconds

    def _step_compiled(self, stage: Stage, compiled: CompiledSteps) -> None:
        """The raster's own cells' part of the rain."""

        def numbers(x: torch.Tensor) -> np.ndarray:
            return x.reshape(-1)[self._cells].double().numpy()

        w = self._water
        contact = w.contact.reshape(-1)[self._cells].numpy()
        water = kernels.Water(numbers(w.table), numbers(w.band), contact, np.zeros(contact.shape))
        longest = min(self._seconds / self._effort.fewest, self._effort.longest)
        compiled.advance(
            water, self._lateral.double().numpy(), numbers(self._soils[0].deficit),
            lambda time: self._supply.until(time).double().expand(self._slope.shape).numpy(),
            (self.now, self.now + stage.seconds), (min(stage.longest, longest), longest), self._feedback,
        )  # fmt: skip
        table, band = (self._on_map(torch.from_numpy(x)) for x in (water.table, water.band))
        self._water = Water(table, band, self._on_map(torch.from_numpy(water.contact)) > 0.5)

    def _on_map(self, x: torch.Tensor) -> torch.Tensor:
        full = torch.zeros(self._grids[0].share.shape, dtype=torch.float32, device=self._slope.device)
        full.view(-1)[self._cells] = x.float().expand(self._slope.shape)
        return full

    def _told(self, plan: list[Stage], before: torch.Tensor, refinement: torch.Tensor) -> CoarseWater:
        """The state on the raster's own cells after the stages of ``plan``."""
        return _at_cells(
            self._water, (before, refinement), self._grids[0], self._cells, plan, self._lateral, self._slope,
            self._values,
        )  # fmt: skip


def _plan(grids: tuple[WaterGrid, ...], conductivity: float, seconds: float, effort: Effort) -> list[Stage]:
    """Share the rain out among the grids, the last hours to the first."""
    stages, left = [], seconds
    for number, grid in enumerate(grids):
        most, usual = (_at(number, steps) for steps in (effort.most, effort.usual))
        stable = grid.stable_step(conductivity)
        mine = min(left, most * _LONGEST * stable)
        if number == len(grids) - 1 or left - mine < _LEAST_STAGE_S:
            mine = left
        stages.append(_stage(mine, stable, usual))
        left -= mine
        if left <= TINY * seconds:
            break
    return stages


def _at(number: int, steps: tuple[int, ...]) -> int:
    """Steps on a grid; number: 0 is the raster's own."""
    return steps[min(number, len(steps) - 1)]


def _stage(seconds: float, stable: float, steps: int) -> Stage:
    """A time in so many steps, or more where they would be too long; stable: the longest monotone one [s]."""
    return Stage(seconds, stable * min(max(seconds / (steps * stable), _SHORTEST), _LONGEST))


def _widened(plan: list[Stage], grids: tuple[WaterGrid, ...], conductivity: float, effort: Effort) -> list[Stage]:
    """The plan with every wider grid's time on the next wider one: an estimate of what the cells' width costs."""
    times = [plan[0].seconds, 0.0, *(stage.seconds for stage in plan[1:])]
    stable = [grid.stable_step(conductivity) for grid in grids]
    wider = (_stage(times[n], stable[n], _at(n - 1, effort.usual)) for n in range(2, len(times)))
    return [plan[0], Stage(0.0, 1.0), *wider]


def takeover_time(grids: tuple[WaterGrid, ...], conductivity: float, seconds: float) -> float | None:
    """When the raster's own cells take over [s], ``None`` where they do it all; conductivity: greatest K_lat [m/s]."""
    plan = _plan(grids, conductivity, seconds, FULL)
    return sum(stage.seconds for stage in plan[1:]) if len(plan) > 1 else None


def _refined(
    water: Water,
    coarse: WaterGrid,
    coarse_soil: Soil,
    fine: WaterGrid,
    soil: Soil,
    expected: torch.Tensor,
    now: float,
) -> Water:
    """The state on the next finer grid: the lateral gain is kept, the rest is each cell's own.

    Args:
        expected: kinematic water table on the finer grid [m]; now: time since the rain began [s].
    """
    shape, depth = fine.share.shape, fine.depth
    start = coarse_soil.ratio * coarse.depth
    gain = water.band + (coarse_soil.deficit + RESIDUAL_AIR) * (water.table - start) - coarse_soil.supply.until(now)
    full_yield = soil.deficit + RESIDUAL_AIR
    within = expected - coarse.spread(coarse.restrict(expected, fine.share), shape)
    gain = coarse.spread(gain, shape) + _PATTERN * full_yield * within
    infiltrated = soil.supply.until(now)
    start = soil.ratio * depth
    table = (start + gain / full_yield).clamp_min(0.0)
    contact = infiltrated / soil.deficit + table >= depth
    joined = (full_yield * start + infiltrated + gain - soil.deficit * depth) / RESIDUAL_AIR
    table = torch.minimum(torch.where(contact, joined, table).clamp_min(0.0), depth)
    return Water(table, torch.where(contact, soil.deficit * (depth - table), infiltrated), contact)


def _with_table(table: torch.Tensor, grid: WaterGrid, soil: Soil, now: float) -> Water:
    """The state with another water table [m]; now: time since the rain began [s]."""
    infiltrated = soil.supply.until(now)
    table = torch.minimum(table.clamp_min(0.0), grid.depth)
    contact = infiltrated / soil.deficit + table >= grid.depth
    return Water(table, torch.where(contact, soil.deficit * (grid.depth - table), infiltrated), contact)


def _at_cells(
    water: Water, compared: tuple[torch.Tensor, torch.Tensor], grid: WaterGrid, cells: torch.Tensor,
    plan: list[Stage], lateral: torch.Tensor, slope: torch.Tensor, values: dict[str, torch.Tensor],
) -> CoarseWater:  # fmt: skip
    def pick(x: torch.Tensor) -> torch.Tensor:
        return x.reshape(-1)[cells]

    def around(x: torch.Tensor) -> torch.Tensor:
        both = torch.stack([x * grid.share, grid.share])[:, None]
        rows, cols = x.shape
        both = functional.pad(both, (0, -cols % _AROUND, 0, -rows % _AROUND))
        both = functional.avg_pool2d(both, _AROUND)
        both = functional.interpolate(both, scale_factor=float(_AROUND), mode="bilinear", align_corners=False)[:, 0]
        return pick((both[0] / both[1].clamp_min(TINY))[:rows, :cols])

    contact = pick(water.contact)
    storage = values["moisture_deficit"].float() + RESIDUAL_AIR
    storage = torch.where(contact, torch.full_like(slope, RESIDUAL_AIR), storage)
    seconds = sum(stage.seconds for stage in plan)
    reach = lateral * plan[0].seconds * torch.sin(slope) * torch.cos(slope) / (storage * grid.cell_size)
    return CoarseWater(
        water_table=pick(water.table),
        contact=contact,
        before=pick(compared[0]),
        refinement=pick(compared[1]),
        around=around(water.table / grid.depth.clamp_min(0.05)),
        contact_around=around(water.contact.float()),
        reach=reach,
        past=sum(stage.seconds for stage in plan[1:]) / seconds if seconds > 0 else 0.0,
        far_past=sum(stage.seconds for stage in plan[2:]) / seconds if seconds > 0 else 0.0,
    )
