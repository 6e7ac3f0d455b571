"""States of simulations between two passes over the windows of a map, in scratch files."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..map_parts.tiles import Tile
from ..physics.flow.shared_steps import Progress
from ..raster import scratch


@dataclass(frozen=True, eq=False)
class SimulationState:
    """State of a simulation between two passes.

    Attributes:
        progress: how far it is; maps: by name, (rows, cols) of the whole map or of a window's core.
        sums: of the map or the window, see :func:`.shared_steps.end_pass`.
    """

    progress: Progress
    maps: dict[str, np.ndarray]
    sums: np.ndarray


@dataclass(frozen=True, eq=False)
class WindowStates:
    """The states of a window's simulations before and after a pass.

    Attributes:
        tile: the window; before: of the whole map, by simulation.
        last: whether simulations are done and results are requested.
        first: whether this window counts what belongs to the whole map.
        after: of the core, to be filled.
    """

    tile: Tile
    before: dict[str, SimulationState]
    last: bool
    first: bool
    after: dict[str, SimulationState] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether a simulation has begun."""
        return name in self.before

    def is_done(self, name: str) -> bool:
        """Whether a simulation needs no further pass, yet another one does."""
        return not self.last and name in self.before and self.before[name].progress.share >= 1.0

    def read(self, name: str, cells: np.ndarray) -> tuple[Progress, dict[str, np.ndarray], np.ndarray] | None:
        """Progress, vectors of the window's cells (rows, cols) and sums of a simulation; ``None`` at its beginning.

        The sums are those until now, of one window at the end, else 0.
        """
        if name not in self.before:
            return None
        kept = self.before[name]
        vectors = {key: values[self.tile.outer][cells] for key, values in kept.maps.items()}
        scratch.release()
        return kept.progress, vectors, kept.sums if self.last and self.first else np.zeros(2)

    def write(
        self, name: str, cells: np.ndarray, progress: Progress, vectors: dict[str, np.ndarray], sums: np.ndarray
    ) -> None:
        """Write a simulation's vectors for the core of the window."""
        maps = {}
        for key, values in vectors.items():
            whole = np.zeros(cells.shape, values.dtype)
            whole[cells] = values
            maps[key] = whole[self.tile.inner_in_outer].copy()
        self.after[name] = SimulationState(progress, maps, sums)


class PassStates:
    """States of a map's simulations: those before a pass are read, those after it are written.

    Args:
        shape: (rows, cols) of the map.

    Attributes:
        last: whether simulations are done and results are requested.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._before: dict[str, SimulationState] = {}
        self._after: dict[str, SimulationState] = {}
        self._sums: dict[str, dict[tuple[int, int], np.ndarray]] = {}  # of a pass, by window
        self._free: dict[np.dtype, list[np.ndarray]] = {}  # maps of an earlier pass: new files take longer to write
        self.last, self._first = False, (0, 0)

    @property
    def cells(self) -> int:
        """Number of cells of the map."""
        return self._shape[0] * self._shape[1]

    def set_counting_window(self, tile: Tile) -> None:
        """Choose the window that counts what belongs to the whole map."""
        self._first = tile.place

    def of(self, tile: Tile) -> WindowStates:
        """States of a window."""
        return WindowStates(tile, self._before, self.last, tile.place == self._first)

    def add_window(self, tile: Tile, after: dict[str, SimulationState]) -> None:
        """Add the states of a window's simulations after a pass."""
        for name, core in after.items():
            sums = self._sums.setdefault(name, {})
            sums[tile.place] = core.sums
            maps = self._after[name].maps if name in self._after else {}
            for key, values in core.maps.items():
                if key not in maps:
                    free = self._free.get(values.dtype)
                    maps[key] = free.pop() if free else scratch.empty(self._shape, values.dtype)
                maps[key][tile.inner] = values
            self._after[name] = SimulationState(core.progress, maps, np.zeros(2))
        scratch.release()

    def end_pass(self) -> float:
        """Make the states after the pass those before the next; returns the share of the event that is done."""
        before = self._before
        self._before = {name: kept for name, kept in before.items() if kept.progress.share >= 1.0}
        for name, kept in self._after.items():
            earlier = before[name].sums if name in before else np.zeros(2)
            sums = [values for _, values in sorted(self._sums[name].items())]  # in whatever order they came
            self._before[name] = SimulationState(kept.progress, kept.maps, earlier + sum(sums))
        for name in self._after.keys() & before.keys():
            for values in before[name].maps.values():
                self._free.setdefault(values.dtype, []).append(values)
        self._after, self._sums = {}, {}
        shares = [kept.progress.share for kept in self._before.values()] or [1.0]  # a model without steps keeps none
        self.last = min(shares) >= 1.0
        if self.last:
            self._free = {}
        return sum(shares) / len(shares)
