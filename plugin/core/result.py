"""Result of a solver for a scenario."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Collection, Iterator, Protocol

import numpy as np

from .failure_class import failure_classes
from .feedback import Feedback
from .grid import MASK_NODATA
from .physics.assess import Stability, assess, confidence
from .physics.stability import dry_and_saturated
from .physics.water import WaterState
from .scenario import Scenario
from .terrain import Cells, Terrain

MODE_NONE, MODE_WETTING_FRONT, MODE_BEDROCK = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Result:
    """The state of a study area at the end of a scenario.

    It holds vectors of the valid cells. The maps, (rows, cols) with NaN = NoData, are made when they are first read;
    a map is ``None`` where the solver does not give it.

    Attributes:
        scenario: what was solved.
        cells: the n cells that have a result.
        stability: factor of safety and mode (n,); ``None`` of a solver that gives the mask alone.
        water: of the cells; ``None`` as before.
        mask: boolean (n,), which cells fail, of such a solver.
        probability: (n,) that the engine would find FS < 1, of such a solver [-].
        diagnostics: seconds, steps, device, mass balance and the like, for log and provenance.
    """

    scenario: Scenario
    cells: Cells
    stability: Stability | None = None
    water: WaterState | None = None
    mask: np.ndarray | None = None
    probability: np.ndarray | None = None
    diagnostics: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario, cells: Cells, water: WaterState) -> Result:
        """Assess a scenario's strength with the water of its cells."""
        stability = water.history.shown if water.history is not None else None
        if stability is None:
            stability = assess(cells, water, scenario)
        return cls(scenario, cells, stability, water, diagnostics=dict(water.diagnostics))

    @cached_property
    def failed(self) -> np.ndarray:
        """Cells with FS < 1; boolean (n,)."""
        return self.mask if self.stability is None else below_one(self.stability.fs)

    @cached_property
    def failure_mask(self) -> np.ndarray:
        """uint8 (rows, cols): 0 stable (FS >= 1), 1 failed (FS < 1), 255 NoData."""
        return self.cells.on_map(self.failed, MASK_NODATA, np.uint8)

    @cached_property
    def failure_class(self) -> np.ndarray | None:
        """uint8 (rows, cols): 0 stable, 1 fails in the event, 2 unstable before it, 3 so and stable at its end, 255.

        Unstable before the event: FS < 1 under initial conditions.
        """
        return None if self.stability is None else self.cells.on_map(self._classes, MASK_NODATA, np.uint8)

    @cached_property
    def class_cells(self) -> tuple[int, int, int, int] | None:
        """Number of cells of each failure class; ``None`` without factor of safety."""
        if self.stability is None:
            return None
        zero, one, two, three = np.bincount(self._classes, minlength=4).tolist()
        return zero, one, two, three

    @cached_property
    def factor_of_safety(self) -> np.ndarray | None:
        """[-], 0 to 10."""
        return None if self.stability is None else self.cells.on_map(self.stability.fs)

    @cached_property
    def water_table(self) -> np.ndarray | None:
        """Height of the water table above bedrock, vertical [m]."""
        return self._of_water("water_table")

    @cached_property
    def wetting_front(self) -> np.ndarray | None:
        """Depth of the wetting front, vertical [m]."""
        return self._of_water("wetting_front")

    @cached_property
    def runoff(self) -> np.ndarray | None:
        """Rain that did not infiltrate, since the start [mm]."""
        return self._of_water("runoff")

    @cached_property
    def failure_mode(self) -> np.ndarray | None:
        """uint8: 0 none, 1 wetting front, 2 bedrock, 255 NoData."""
        if self.stability is None:
            return None
        mode = np.where(self.stability.front_governs, np.uint8(MODE_WETTING_FRONT), np.uint8(MODE_BEDROCK))
        mode[~self.failed] = MODE_NONE
        return self.cells.on_map(mode, MASK_NODATA, np.uint8)

    @cached_property
    def failure_depth(self) -> np.ndarray | None:
        """Vertical depth of the surface on which a cell fails [m]: the wetting front's or the bedrock's; else NaN."""
        s = self.stability
        if s is None:
            return None
        depth = np.where(s.front_governs, s.wetting_front, self.cells.soil_depth)
        return self.cells.on_map(np.where(self.failed, depth, np.nan))

    @cached_property
    def stability_class(self) -> np.ndarray:
        """uint8 (rows, cols): 0 stable even if saturated, 1 stable now, 2 failed, 3 unstable even if dry, 255 NoData.

        A failed cell is never class 0, even where only the pressure in the wetted band, which the saturated column does
        not know, makes it fail.

        Source: the unconditional classes of SHALSTAB (Montgomery & Dietrich 1994, Water Resour. Res. 30, 1153-1171).
        """
        strength = self.scenario.strength.at(self.cells.mask)
        dry, saturated = dry_and_saturated(self.cells.slope, self.cells.soil_depth, strength)
        classes = np.select([below_one(dry), self.failed, ~below_one(saturated)], [3, 2, 0], 1)
        return self.cells.on_map(classes, MASK_NODATA, np.uint8)

    @cached_property
    def initial_factor_of_safety(self) -> np.ndarray | None:
        """[-] under initial conditions."""
        return None if self.stability is None else self.cells.on_map(self._initial_fs)

    @cached_property
    def failure_time(self) -> np.ndarray | None:
        """Hours until FS < 1 first held, NaN where it never did; of the engine if requested."""
        history = None if self.water is None else self.water.history
        unknown = history is None or history.failure_time is None
        return None if unknown else self.cells.on_map(history.failure_time)

    @cached_property
    def series(self) -> tuple[tuple[float, np.ndarray], ...]:
        """(hour, factor of safety) at the requested hours; of the engine."""
        history = None if self.water is None else self.water.history
        return () if history is None else tuple((hour, self.cells.on_map(fs)) for hour, fs in history.series)

    @cached_property
    def confidence(self) -> np.ndarray | None:
        """Calibrated probability that the engine would find FS < 1 [-]; of the networks."""
        if self.probability is not None:
            return self.cells.on_map(self.probability)
        if self.water is None or self.water.table_error is None:
            return None
        return self.cells.on_map(confidence(self.cells, self.water, self.scenario, self.stability.fs))

    @property
    def valid_cells(self) -> int:
        """Number of cells that are not NoData."""
        return self.cells.count

    @property
    def failed_cells(self) -> int:
        """Number of cells with FS < 1."""
        return int(self.failed.sum())

    @cached_property
    def _classes(self) -> np.ndarray:
        return failure_classes(self.failed, below_one(self._initial_fs))

    @cached_property
    def _initial_fs(self) -> np.ndarray:
        return assess(self.cells, WaterState.before_rain(self.cells, self.scenario), self.scenario).fs

    def _of_water(self, name: str) -> np.ndarray | None:
        values = None if self.water is None else getattr(self.water, name)
        return None if values is None else self.cells.on_map(values)


def below_one(fs: np.ndarray) -> np.ndarray:
    """FS < 1, boolean (n,), compared in float32 as in the maps, so that mask and factor of safety agree."""
    return fs.astype(np.float32) < 1.0


class Solver(Protocol):
    """The one signature of the physics engine, the closed-form column and the networks."""

    def solve(self, terrain: Terrain, scenarios: Collection[Scenario], feedback: Feedback) -> Iterator[Result]:
        """Yield one result per scenario, in order.

        Raises:
            Cancelled: the user cancelled the run.
        """
        ...
