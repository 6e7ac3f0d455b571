"""What simulations have reached between two passes over the windows of a map, in scratch files."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..physics.shared_steps import Progress
from ..raster import scratch
from ..tiles import Tile


@dataclass
class _Kept:
    """Of one simulation: how far it is, its maps by name, and its sums by window."""

    progress: Progress
    maps: dict[str, np.ndarray] = field(default_factory=dict)
    sums: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)


class PassStates:
    """States of a map's simulations: those before a pass are read, those after it are written.

    Args:
        shape: (rows, cols) of the map.

    Attributes:
        last: whether simulations are done and results are asked for.
        first: row and column of the window that counts what belongs to the whole map.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._before: dict[str, _Kept] = {}
        self._after: dict[str, _Kept] = {}
        self._sums: dict[str, np.ndarray] = {}
        self.last, self.first = False, (0, 0)

    @property
    def cells(self) -> int:
        """Of the map."""
        return self._shape[0] * self._shape[1]

    def of(self, tile: Tile) -> WindowStates:
        """Those of a window."""
        return WindowStates(self, tile)

    def end_pass(self) -> float:
        """Take the states after the pass as those before the next; returns the share of the event that is done."""
        for name, kept in self._after.items():
            self._sums[name] = self._sums.get(name, 0.0) + sum(kept.sums.values())
        done = {name: kept for name, kept in self._before.items() if kept.progress.share >= 1.0}
        self._before, self._after = {**done, **self._after}, {}
        shares = [kept.progress.share for kept in self._before.values()] or [1.0]  # a model without steps keeps none
        self.last = min(shares) >= 1.0
        return sum(shares) / len(shares)

    def has(self, name: str) -> bool:
        """Whether a simulation has begun."""
        return name in self._before

    def share(self, name: str) -> float:
        """Of the event that a simulation has done [-]."""
        return self._before[name].progress.share if name in self._before else 0.0

    def read(self, name: str, tile: Tile) -> tuple[Progress, dict[str, np.ndarray], np.ndarray] | None:
        """Progress, maps of the window and sums until now; the sums go to one window alone."""
        if name not in self._before:
            return None
        kept = self._before[name]
        first = self.last and name in self._sums
        sums = self._sums.pop(name) if first else np.zeros(2)
        found = {key: values[tile.outer].copy() for key, values in kept.maps.items()}
        scratch.release()
        return kept.progress, found, sums

    def write(self, name: str, tile: Tile, progress: Progress, maps: dict[str, np.ndarray], sums: np.ndarray) -> None:
        """Keep a window's core."""
        kept = self._after.setdefault(name, _Kept(progress))
        kept.progress = progress
        kept.sums[tile.inner[0].start, tile.inner[1].start] = sums
        for key, values in maps.items():
            if key not in kept.maps:
                kept.maps[key] = scratch.empty(self._shape, values.dtype)
            kept.maps[key][tile.inner] = values[tile.inner_in_outer]
        scratch.release()


@dataclass(frozen=True)
class WindowStates:
    """The states of one window; see :class:`PassStates`."""

    states: PassStates
    tile: Tile

    @property
    def last(self) -> bool:
        """Whether results are asked for."""
        return self.states.last

    @property
    def first(self) -> bool:
        """Whether this window counts what belongs to the whole map."""
        return self.states.first == (self.tile.inner[0].start, self.tile.inner[1].start)

    def has(self, name: str) -> bool:
        """Whether a simulation has begun."""
        return self.states.has(name)

    def is_done(self, name: str) -> bool:
        """Whether a simulation needs no further pass, yet another one does."""
        return not self.last and self.states.share(name) >= 1.0

    def read(self, name: str, cells: np.ndarray) -> tuple[Progress, dict[str, np.ndarray], np.ndarray] | None:
        """Progress, vectors of the window's cells (rows, cols) and sums of a simulation; ``None`` at its beginning."""
        found = self.states.read(name, self.tile)
        if found is None:
            return None
        progress, maps, sums = found
        return progress, {key: values[cells] for key, values in maps.items()}, sums

    def write(
        self, name: str, cells: np.ndarray, progress: Progress, vectors: dict[str, np.ndarray], sums: np.ndarray
    ) -> None:
        """Keep a simulation's vectors of the window's cells."""
        maps = {}
        for key, values in vectors.items():
            maps[key] = np.zeros(cells.shape, values.dtype)
            maps[key][cells] = values
        self.states.write(name, self.tile, progress, maps, sums)
