"""Water of the sets on a map of any size, which may come window by window."""

from __future__ import annotations

from typing import Callable, Iterable, Iterator, Sequence

import numpy as np

from ..feedback import Feedback, check_cancelled
from ..physics.solve import WaterModel
from ..physics.water import WaterState
from ..raster import scratch
from ..scenario import Scenario
from ..terrain import Terrain

#: Rows and columns of a part of a map, its valid cells, boolean, and their water.
Part = tuple["tuple[slice, slice]", np.ndarray, WaterState]
#: Yields the water of each scenario on its terrain, in order, part by part; one that comes again replaces the first.
WaterSolver = Callable[["Sequence[tuple[Terrain, Scenario]]", Feedback], "Iterator[Iterable[Part]]"]


def water_on_whole_map(
    model: WaterModel, work: Sequence[tuple[Terrain, Scenario]], feedback: Feedback
) -> Iterator[Iterable[Part]]:
    """Yield the water of each scenario, computed by a model on the whole map at once."""
    for (terrain, _), state in zip(work, model.water_states(work, feedback)):
        yield [((slice(None), slice(None)), terrain.valid, state)]


class WaterMap:
    """Water state on the map, reused for one set after another; in scratch files if it is large.

    Args:
        shape: (rows, cols).
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._maps = {
            "water_table": scratch.full(shape, 0.0, np.float64), "wetting_front": scratch.full(shape, 0.0, np.float64),
            "ponded": scratch.full(shape, 0, bool), "contact": scratch.full(shape, 0, bool),
        }  # fmt: skip

    def update(self, parts: Iterable[Part], feedback: Feedback) -> None:
        """Replace the water state; raises :class:`Cancelled`."""
        for place, valid, water in parts:
            check_cancelled(feedback)
            for name, values in self._maps.items():
                values[place][valid] = getattr(water, name)
            scratch.release()

    def at_cells(self, rows: np.ndarray, cols: np.ndarray) -> WaterState:
        """The water of some cells, (n,)."""
        return WaterState(infiltration=None, **{name: values[rows, cols] for name, values in self._maps.items()})

    def at_rows(self, at: slice, valid: np.ndarray) -> WaterState:
        """The water of some rows' valid cells."""
        return WaterState(infiltration=None, **{name: values[at][valid] for name, values in self._maps.items()})
