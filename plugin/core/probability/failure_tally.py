"""Statistics over the failure masks of many scenarios: frequency, first failing scenario, similarity."""

from __future__ import annotations

from typing import Callable, Sequence

import numpy as np

from ...text import Text
from ...variables import VARIABLES
from ..grid import MASK_NODATA
from ..map_parts.strips import made_of_strips, row_strips
from ..raster import scratch
from ..scenario import Scenario

#: More scenarios than a Byte raster can number.
_MOST_IN_A_BYTE = MASK_NODATA - 1
#: Share of the cells that fail in some scenario of a series and not in all of them, up to which the masks are alike.
_SIMILAR_SHARE = 0.01
_MM_PER_H = 3.6e6  # in a metre per second


class FailureTally:
    """Counts masks one by one; only sums are kept in memory.

    Args:
        shape: (rows, cols) of the masks.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.scenarios = 0
        self._failed, self._first = (scratch.full(shape, 0, np.uint32) for _ in range(2))
        self._valid = scratch.full(shape, 1, bool)

    def add(self, mask: np.ndarray, number: int = 0) -> None:
        """Add a mask, in any order.

        Args:
            mask: uint8 (rows, cols): 0 stable, 1 failed, 255 NoData, which stays NoData for all.
            number: of the scenario, from 1; 0 means the next one.
        """
        self.scenarios += 1
        number = number or self.scenarios
        for at in row_strips(mask.shape):
            failed, first = mask[at] == 1, self._first[at]
            self._valid[at] &= mask[at] != MASK_NODATA
            first[failed & ((first == 0) | (first > number))] = number
            self._failed[at] += failed

    @property
    def masks_are_similar(self) -> bool:
        """Whether cells fail, and all but 1 % of them in every scenario of several."""
        ever = differing = 0
        for at in row_strips(self._failed.shape):
            failed = self._failed[at][self._valid[at]]
            ever += int((failed > 0).sum())
            differing += int(((failed > 0) & (failed < self.scenarios)).sum())
        return self.scenarios > 1 and ever > 0 and differing <= _SIMILAR_SHARE * ever

    @property
    def frequency(self) -> np.ndarray:
        """Share of the scenarios in which a cell fails [-], float32 (rows, cols), NaN = NoData."""
        return self._map(lambda at: self._failed[at] / max(self.scenarios, 1), np.float32, np.nan)

    @property
    def first(self) -> np.ndarray:
        """Number of the first scenario, from 1, in which a cell fails; 0 where none does.

        uint8 (rows, cols) with NoData 255 for up to 254 scenarios, else float32 with NaN.
        """
        kind = (np.float32, np.nan) if self.scenarios > _MOST_IN_A_BYTE else (np.uint8, MASK_NODATA)
        return self._map(lambda at: self._first[at], *kind)

    def _map(self, of_rows: Callable[[slice], np.ndarray], dtype: type, nodata: float) -> np.ndarray:
        valid = self._valid
        return made_of_strips(valid.shape, dtype, lambda at: np.where(valid[at], of_rows(at), nodata))


def order_warning(scenarios: Sequence[Scenario]) -> Text | None:
    """Warning of a row that follows one with as much rain or more and is its equal else: it is never the first to fail.

    The number of the first failing scenario is then not that of the smallest storm.
    """
    others = [v.name for v in VARIABLES if v.name not in ("rainfall", "duration")]
    for before, after in zip(scenarios, scenarios[1:]):
        less = np.all(after.rainfall <= before.rainfall) and after.duration <= before.duration
        equal = np.all(after.rainfall == before.rainfall) and after.duration == before.duration
        if less and not equal and all(np.array_equal(getattr(before, n), getattr(after, n)) for n in others):
            return Text(
                "The rows are not in the order of their rain: '{}' follows '{}', which has more. The map of the first "
                "failing scenario (FIRST_FAILURE) shows the first row of the table that fails, not the smallest storm. "
                "Sort the rows from the smallest storm to the largest.",
                after.name, before.name,
            )  # fmt: skip
    return None


def explain_similar_masks(scenarios: Sequence[Scenario]) -> Text:
    """Why scenarios have the same masks, or nearly so.

    Rain above the saturated conductivity runs off once the wetting front is deep (Green & Ampt 1911).
    """
    first, rain = scenarios[0], [one.rainfall for one in scenarios]
    others = [v.name for v in VARIABLES if v.name != "rainfall"]
    if any(np.any(getattr(one, name) != getattr(first, name)) for one in scenarios for name in others):
        return Text(
            "The same cells fail in all scenarios, or nearly so: the parameters that differ between them have little "
            "effect."
        )
    if all(np.all(one == rain[0]) for one in rain):
        return Text("The same cells fail in all scenarios: all of them have the same parameters.")
    numbers = not any(isinstance(value, np.ndarray) for value in (first.conductivity, *rain))
    if numbers and min(rain) > first.conductivity * _MM_PER_H:
        return Text(
            "The same cells fail in all scenarios, or nearly so: conductivity limits infiltration. The rain of all "
            "scenarios ({:.3g} to {:.3g} mm/h) exceeds the saturated conductivity ({:.3g} m/s, {:.3g} mm/h), and the "
            "excess runs off.", min(rain), max(rain), first.conductivity, first.conductivity * _MM_PER_H,
        )  # fmt: skip
    return Text(
        "The same cells fail in all scenarios, or nearly so: they fail without the rain, their soil is saturated to "
        "the surface in all scenarios, or rain beyond its conductivity (1e-6 m/s is 3.6 mm/h) runs off."
    )
