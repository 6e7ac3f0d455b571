"""What the network reads of first guesses by cell, and maps of it."""

from __future__ import annotations

from typing import Sequence

import numpy as np
import torch

from ..core.physics.flow.first_guess import FirstGuess
from ..core.physics.water import WaterState
from ..core.scenario import Scenario
from ..core.terrain import Cells
from .channels import WaterMaps, recharge

_PARAMETERS = ("lateral_conductivity", "moisture_deficit", "water_table_ratio")


class WaterOfCells:
    """First guesses of some scenarios' water in the valid cells, in single precision.

    Args:
        cells: of the terrain; scenarios: of one kind.
        guesses, columns: with and without lateral flow, of each scenario.
        device: of the maps.
    """

    def __init__(
        self, cells: Cells, scenarios: Sequence[Scenario], guesses: Sequence[FirstGuess],
        columns: Sequence[WaterState], device: torch.device,
    ) -> None:  # fmt: skip
        self._mask, self._device, self.batch = cells.mask, device, len(scenarios)
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
            "omitted_steps": [g.omitted_steps for g in guesses],
            "coarse_share": [g.coarse_share for g in guesses],
            "steps": [g.budget.steps for g in guesses],
        }
        self._vectors = {name: [_single(x) for x in values] for name, values in vectors.items()}

    def of_rows(self, rows: slice) -> WaterMaps:
        """Maps of some rows, float32; numbers stay (batch, 1, 1)."""
        mask, cells = self._mask[rows], slice(self._before[rows.start], self._before[rows.stop])

        def on_map(values: list[np.ndarray]) -> torch.Tensor:
            found = np.zeros((len(values), *(mask.shape if np.ndim(values[0]) else (1, 1))), np.float32)
            for one, x in zip(found, values):
                if np.ndim(x):
                    one[mask] = x[cells]
                else:
                    one[:] = x
            return torch.from_numpy(found).to(self._device)

        return WaterMaps(**{name: on_map(values) for name, values in self._vectors.items()})


def _single(values: np.ndarray | float) -> np.ndarray | float:
    """Numbers and flags as they are."""
    return values.astype(np.float32) if np.ndim(values) and values.dtype != bool else values
