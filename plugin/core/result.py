"""What every solver returns for a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterator, Protocol, Sequence

import numpy as np

from .feedback import Feedback
from .grid import MASK_NODATA
from .scenario import Scenario
from .terrain import Terrain

MODE_NONE, MODE_WETTING_FRONT, MODE_BEDROCK = 0, 1, 2


@dataclass(frozen=True)
class Result:
    """The state of a mountainside at the end of a scenario. Arrays are (rows, cols), NaN = NoData.

    Attributes:
        scenario: what was solved.
        factor_of_safety: [-], 0 to 10.
        water_table: height of the water table above bedrock, vertical [m].
        wetting_front: depth of the wetting front, vertical [m].
        failure_mode: 0 none, 1 wetting front, 2 bedrock, 255 NoData; ``None`` where a solver does not tell.
        initial_factor_of_safety: [-] before the rain.
        failure_time: hours until FS < 1 first held, NaN where it never did or NoData; engine only.
        failure_depth: vertical depth of the surface on which the cell fails [m], NaN where it does not; engine only.
        runoff: rain that did not infiltrate, since the start [mm]; engine only.
        series: (hour, factor of safety) at the hours asked for; engine only.
        confidence: calibrated probability that the engine would say FS < 1 [-]; network only.
        mask: uint8 (rows, cols), 0 stable, 1 failed, 255 NoData, of a solver that tells no factor of safety; the
            arrays above it are then NaN.
        diagnostics: seconds, steps, device, mass balance and the like, for log and provenance.
    """

    scenario: Scenario
    factor_of_safety: np.ndarray
    water_table: np.ndarray
    wetting_front: np.ndarray
    failure_mode: np.ndarray | None = None
    initial_factor_of_safety: np.ndarray | None = None
    failure_time: np.ndarray | None = None
    failure_depth: np.ndarray | None = None
    runoff: np.ndarray | None = None
    series: tuple[tuple[float, np.ndarray], ...] = ()
    confidence: np.ndarray | None = None
    mask: np.ndarray | None = None
    diagnostics: dict[str, Any] = field(default_factory=dict)

    @property
    def failure_mask(self) -> np.ndarray:
        """uint8 (rows, cols): 0 stable (FS >= 1), 1 failed (FS < 1), 255 NoData."""
        if self.mask is not None:
            return self.mask
        mask = (self.factor_of_safety < 1.0).astype(np.uint8)
        mask[np.isnan(self.factor_of_safety)] = MASK_NODATA
        return mask

    @property
    def valid_cells(self) -> int:
        """Number of cells that are not NoData."""
        if self.mask is not None:
            return int((self.mask != MASK_NODATA).sum())
        return int(np.isfinite(self.factor_of_safety).sum())

    @property
    def failed_cells(self) -> int:
        """Number of cells with FS < 1."""
        if self.mask is not None:
            return int((self.mask == 1).sum())
        return int((self.factor_of_safety < 1.0).sum())

    @property
    def failed_before_cells(self) -> int | None:
        """How many of the failed cells have FS < 1 before the rain already; ``None`` where a solver does not tell."""
        if self.initial_factor_of_safety is None:
            return None
        return int(((self.initial_factor_of_safety < 1.0) & (self.factor_of_safety < 1.0)).sum())

    @property
    def stable_again_cells(self) -> int | None:
        """How many cells have FS < 1 before the rain but not at its end, water having drained from them.

        ``None`` where a solver does not tell; 0 where the factor of safety is the least over the event.
        """
        if self.initial_factor_of_safety is None:
            return None
        return int(((self.initial_factor_of_safety < 1.0) & (self.factor_of_safety >= 1.0)).sum())

    @property
    def failed_share(self) -> float:
        """Failed cells over valid cells, 0 to 1."""
        return self.failed_cells / self.valid_cells if self.valid_cells else 0.0


class Solver(Protocol):
    """The one signature of the physics engine, the closed-form column and the networks."""

    def solve(self, terrain: Terrain, scenarios: Sequence[Scenario], feedback: Feedback) -> Iterator[Result]:
        """Yield one result per scenario, in order.

        Raises:
            Cancelled: the user asked to stop.
        """
        ...
