"""Water state: what every water model computes and the stability formula uses."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scenario import Scenario
from ..terrain import Cells

if TYPE_CHECKING:
    from .assess import History

CONTACT_SLACK_M = 1e-9  # rounding of depths that meet


@dataclass(frozen=True)
class WaterState:
    """Water in the soil. The last axis of every array is that of the cells; depths are vertical, float64.

    Attributes:
        water_table: h above bedrock [m].
        wetting_front: z_w below the surface [m].
        infiltration: F per horizontal area since the rain began [m]; of the column before the limit by storage;
            ``None`` where it is not known.
        ponded: boolean, the rain exceeds the infiltration capacity.
        contact: boolean, the wetted band has reached the water table.
        runoff: rain that did not infiltrate [mm]; ``None`` where it is not known.
        free_front: depth that the wetting front would reach without a water table [m]; of the column and networks.
        table_error: expected error of the water table [m]; ``None`` where it is exact.
        table_bound: what a network may have changed of the water table at most [m]; ``None`` of physics.
        history: stability on the way here, if requested; it belongs to one scenario alone.
        diagnostics: of the water model: steps, mass balance and the like.
    """

    water_table: np.ndarray
    wetting_front: np.ndarray
    infiltration: np.ndarray | None
    ponded: np.ndarray
    contact: np.ndarray
    runoff: np.ndarray | None = None
    free_front: np.ndarray | None = None
    table_error: np.ndarray | None = None
    table_bound: np.ndarray | None = None
    history: History | None = None
    diagnostics: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def before_rain(cls, cells: Cells, scenario: Scenario) -> WaterState:
        """The initial water table, without a wetted band."""
        nothing, off = np.zeros(cells.soil_depth.shape), np.zeros(cells.soil_depth.shape, dtype=bool)
        return cls(cells.pick(scenario.water_table_ratio) * cells.soil_depth, nothing, nothing, off, off)

    @property
    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays that are known, by name."""
        return {name: values for name, values in vars(self).items() if isinstance(values, np.ndarray)}

    def at(self, index: Any) -> WaterState:
        """Water of some of the cells, without history."""
        return replace(self, **{k: v[..., index] for k, v in self.arrays.items()}, history=None)

    def with_table(self, table: np.ndarray, soil_depth: np.ndarray) -> WaterState:
        """State with another water table [m], from 0 to the soil depth; the wetting front ends at it.

        That the front has met the table follows from both to within 0.04 % of the cells of procedural study areas, and
        decides on the pressure at the bedrock: it is never kept from the table before.
        """
        table = np.minimum(np.maximum(table, 0.0), soil_depth)
        above_table = soil_depth - table
        front = np.minimum(self.free_front, above_table)
        return replace(self, water_table=table, wetting_front=front, contact=front >= above_table - CONTACT_SLACK_M)
