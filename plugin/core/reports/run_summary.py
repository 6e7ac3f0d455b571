"""Sums over the map and its picture, for the log, the numbers and the report of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..windowed.solve import SolvedWindow
    from .map_picture import MapPicture

#: Bins of the factor of safety; the first and the last take what lies beyond them.
FS_EDGES = np.round(np.arange(0.5, 3.01, 0.1), 1)
#: Bins of the live panel's histogram [-].
HISTOGRAM_EDGES = np.linspace(0.0, 3.0, 31)


@dataclass(frozen=True)
class RunSummary:
    """Sums over a map; without factor of safety there are no class_cells, and no fs_counts in :data:`FS_EDGES`.

    The picture is of the failure classes, or of the mask; without one fs_counts are not made.
    """

    scenario: Scenario
    failed_cells: int
    valid_cells: int
    class_cells: tuple[int, int, int, int] | None
    fs_counts: np.ndarray | None
    picture: MapPicture | None

    @property
    def failed_share(self) -> float:
        """Failed cells over valid cells, 0 to 1."""
        return self.failed_cells / self.valid_cells if self.valid_cells else 0.0


class WindowSums:
    """Sums a result over windows, and fills a picture in; a window that is added again replaces the earlier one."""

    def __init__(self, scenario: Scenario, picture: MapPicture | None = None) -> None:
        self._scenario, self._picture = scenario, picture
        self._sums: dict[tuple[int, int], tuple] = {}
        self._more: dict[tuple[int, int], Any] = {}
        self._attempt = 0

    def add(self, window: SolvedWindow, more: Any = None) -> None:
        """Add a solved window; more: further data to collect."""
        if window.attempt != self._attempt:
            self._sums, self._more, self._attempt = {}, {}, window.attempt
        result, counts = window.result, None
        if self._picture is not None:
            shown = result.failure_mask if result.failure_class is None else result.failure_class
            self._picture.add(window.terrain.gradient, window.tile.inner, shown, window.tile.inner_in_outer)
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
        return RunSummary(self._scenario, sum(failed), sum(valid), of_classes, of_fs, self._picture)


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
