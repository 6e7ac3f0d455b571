"""Sums over the map and its picture, for the log, the numbers and the report of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..grid import MASK_NODATA
from ..raster import scratch

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..terrain import Terrain
    from ..windowed.solve import SolvedWindow

#: Bins of the factor of safety; the first and the last take what lies beyond them.
FS_EDGES = np.round(np.arange(0.5, 3.01, 0.1), 1)
#: Bins of the live panel's histogram [-].
HISTOGRAM_EDGES = np.linspace(0.0, 3.0, 31)


@dataclass(frozen=True)
class RunSummary:
    """Sums over a map; without factor of safety there are no class_cells, and no fs_counts in :data:`FS_EDGES`.

    shown holds the failure classes, or the mask, of the terrain, uint8 (rows, cols); where a map is not requested
    both are ``None``, and fs_counts are not made.
    """

    scenario: Scenario
    failed_cells: int
    valid_cells: int
    class_cells: tuple[int, int, int, int] | None
    fs_counts: np.ndarray | None
    terrain: Terrain | None
    shown: np.ndarray | None

    @property
    def failed_share(self) -> float:
        """Failed cells over valid cells, 0 to 1."""
        return self.failed_cells / self.valid_cells if self.valid_cells else 0.0


class WindowSums:
    """Sums a result over windows, and keeps its map; a window that is added again replaces the earlier one.

    Args:
        scenario: that is solved; terrain: of the whole map, for a report.
    """

    def __init__(self, scenario: Scenario, terrain: Terrain | None = None) -> None:
        self._scenario, self._terrain = scenario, terrain
        self._shown = None if terrain is None else scratch.full(terrain.grid.shape, MASK_NODATA, np.uint8)
        self._sums: dict[tuple[int, int], tuple] = {}
        self._more: dict[tuple[int, int], Any] = {}
        self._attempt = 0

    def add(self, window: SolvedWindow, more: Any = None) -> None:
        """Add a solved window; more: further data to collect."""
        if window.attempt != self._attempt:
            self._sums, self._more, self._attempt = {}, {}, window.attempt
        result, counts = window.result, None
        if self._shown is not None:
            classes = result.failure_mask if result.failure_class is None else result.failure_class
            self._shown[window.tile.inner] = classes
            counts = None if result.stability is None else count_by_fs(result.stability.fs, FS_EDGES)
        self._sums[window.tile.place] = result.failed_cells, result.valid_cells, result.class_cells, counts
        self._more[window.tile.place] = more

    @property
    def more(self) -> list[Any]:
        """Further data collected from each window, in the order of their places."""
        return [more for _, more in sorted(self._more.items(), key=lambda item: item[0])]

    def summary(self) -> RunSummary:
        """The sums of all windows."""
        failed, valid, classes, counts = zip(*self._sums.values())
        of_classes = None if classes[0] is None else tuple(int(n) for n in np.sum(classes, axis=0))
        of_fs = None if counts[0] is None else np.sum(counts, axis=0)
        return RunSummary(self._scenario, sum(failed), sum(valid), of_classes, of_fs, self._terrain, self._shown)


def count_by_fs(fs: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Count factors of safety by bin; the first and last bins include all values beyond.

    Args:
        fs: (n,) [-], all known; rounded to the precision of the maps, in which failure is judged.
        edges: (bins + 1,) in equal steps [-].

    Returns:
        counts (bins,).
    """
    low, high = float(edges[0]), float(edges[-1])
    return np.histogram(np.clip(fs.astype(np.float32), low, high), len(edges) - 1, (low, high))[0]
