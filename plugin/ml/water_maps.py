"""First guesses of the water as maps that the network's channels are made of, on the processor or another device."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Sequence

import numpy as np
import torch

from ..core.physics.flow.first_guess import FirstGuess
from ..core.physics.water import WaterState
from ..core.scenario import Scenario
from ..core.terrain import Cells
from .device import to_device

_PARAMETERS = ("lateral_conductivity", "moisture_deficit", "water_table_ratio")
SCALARS = ("seconds", "omitted_steps", "coarse_share", "steps")


@dataclass(frozen=True)
class WaterMaps:
    """First guesses of some scenarios' water on a device; (batch, rows, cols), or (batch, 1, 1) of numbers.

    Attributes:
        water_table: at the end of the event; half_table: guessed with half the steps; column_table: without lateral
            flow; earlier_table: at the end of the coarse phase [m].
        wetting_front: [m]; contact, ponded: 0 or 1.
        recharge: what the column's band let pass to the water table [m of water].
        lateral_conductivity: [m/s]; moisture_deficit, water_table_ratio: [-].
        seconds: duration of the event; omitted_steps, coarse_share, steps: of the guess, see
            :class:`.schedule.Schedule`; (batch, 1, 1).
    """

    water_table: torch.Tensor
    half_table: torch.Tensor
    column_table: torch.Tensor
    earlier_table: torch.Tensor
    wetting_front: torch.Tensor
    contact: torch.Tensor
    ponded: torch.Tensor
    recharge: torch.Tensor
    lateral_conductivity: torch.Tensor
    moisture_deficit: torch.Tensor
    water_table_ratio: torch.Tensor
    seconds: torch.Tensor
    omitted_steps: torch.Tensor
    coarse_share: torch.Tensor
    steps: torch.Tensor

    def window(self, rows: slice, cols: slice) -> WaterMaps:
        """Part of the maps."""
        return WaterMaps(*(x if x.shape[-2:] == (1, 1) else x[..., rows, cols] for x in vars(self).values()))


def recharge(column: WaterState, cells: Cells, scenario: Scenario) -> np.ndarray:
    """Infiltration beyond the moisture deficit above the initial water table [m], (cells,).

    Args:
        column: state of the cells without lateral flow; scenario: with deficit and initial table.
    """
    depth = (1.0 - cells.pick(scenario.water_table_ratio)) * cells.soil_depth
    free_storage = depth * cells.pick(scenario.moisture_deficit)
    return np.maximum(column.infiltration - free_storage, 0.0)


class WaterOfCells:
    """First guesses of some scenarios' water in the valid cells, in single precision.

    Args:
        cells: of the terrain; scenarios: with the same parameters as rasters.
        guesses, columns: with and without lateral flow, of each scenario; guesses on the device are one for all.
        device: of the maps.
    """

    def __init__(
        self, cells: Cells, scenarios: Sequence[Scenario], guesses: Sequence[FirstGuess] | FirstGuess,
        columns: Sequence[WaterState], device: torch.device,
    ) -> None:  # fmt: skip
        self._mask, self._device, self.batch = cells.mask, device, len(scenarios)
        together = isinstance(guesses, FirstGuess)
        self._by_strips = device.type == "cpu" and not together
        schedules, guesses = (guesses.schedule, [guesses]) if together else ([g.schedule for g in guesses], guesses)
        self._before = np.append(0, np.cumsum(np.count_nonzero(cells.mask, axis=1)))  # cells before each row
        vectors = {
            "water_table": [g.water.water_table for g in guesses],
            "half_table": [g.half_table for g in guesses],
            "column_table": [c.water_table for c in columns],
            "earlier_table": [g.earlier_table for g in guesses],
            "wetting_front": [g.water.wetting_front for g in guesses],
            "contact": [g.water.contact for g in guesses],
            "ponded": [g.water.ponded for g in guesses],
            "recharge": [recharge(c, cells, s) for c, s in zip(columns, scenarios)],
            **{name: [cells.pick(getattr(s, name)) for s in scenarios] for name in _PARAMETERS},
            "seconds": [s.duration_s for s in scenarios],
            "omitted_steps": [x.omitted_steps for x in schedules],
            "coarse_share": [x.coarse_share for x in schedules],
            "steps": [x.budget.steps for x in schedules],
        }
        self._vectors = {name: [_single(x) for x in values] for name, values in vectors.items()}

    def of_rows(self, rows: slice) -> WaterMaps:
        """Maps of some rows, float32; numbers stay (batch, 1, 1)."""
        if not self._by_strips:
            return self._on_device.window(rows, slice(None))
        mask, cells = self._mask[rows], slice(self._before[rows.start], self._before[rows.stop])

        def on_map(values: list[np.ndarray]) -> torch.Tensor:
            found = np.zeros((len(values), *(mask.shape if np.ndim(values[0]) else (1, 1))), np.float32)
            for one, x in zip(found, values):
                if np.ndim(x):
                    one[mask] = x[cells]
                else:
                    one[:] = x
            return torch.from_numpy(found)

        return WaterMaps(**{name: on_map(values) for name, values in self._vectors.items()})

    @cached_property
    def _on_device(self) -> WaterMaps:
        """Maps of all rows: each value is copied once."""
        put = lambda x: to_device(torch.from_numpy(np.asarray(x)), self._device)  # noqa: E731
        shape, at = (self.batch, *self._mask.shape), put(np.flatnonzero(self._mask))
        names = [name for name, values in self._vectors.items() if not np.ndim(values[0])]
        numbers = put(np.array([self._vectors[name] for name in names], np.float32)[..., None, None])
        found = dict(zip(names, numbers))
        for name in self._vectors.keys() - found.keys():
            values = self._vectors[name]
            own = values[0] if isinstance(values[0], torch.Tensor) else put(np.stack(values))
            found[name] = torch.zeros(shape, device=self._device)
            found[name].view(self.batch, -1)[:, at] = own.float()
        self._vectors = {}
        return WaterMaps(**found)


def _single(values: np.ndarray | float) -> np.ndarray | float:
    """Numbers, flags and what is on a device as they are."""
    return values.astype(np.float32) if isinstance(values, np.ndarray) and values.dtype != bool else values
