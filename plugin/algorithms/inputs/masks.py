"""Failure masks as inputs, also derived from probabilities, factors of safety or classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, NamedTuple

from ...core.errors import InputError
from ...text import Text
from ..parameters.definitions import choice_input, number_input
from ..translation import tr
from .stability_maps import (
    CLASSES,
    FAILURE_CLASS,
    FIRST_FAILURE,
    KINDS,
    STABILITY_CLASS,
    caution_without_stable_cells,
    check_stability_map,
    class_map,
    summarized_map_kind,
    warn_of_threshold,
)

if TYPE_CHECKING:
    import numpy as np

    from ...core.grid import Grid
    from ..log import Log
    from .layers import RasterSource

#: Threshold of each kind of map: its default, what is allowed, and how it is read.
_THRESHOLDS = {
    "factor of safety": (1.0, 0.0, 10.0, "factor of safety below {:g}"),
    "probability": (0.5, 0.0, 1.0, "probability of {:g} or more"),
    CLASSES: (1.0, 0.0, 254.0, "class {:g} or higher"),
}
_FIRST_FAILED_STABILITY_CLASS = 2.0  # failed; 3 is unconditionally unstable, 1 is stable at present
#: Kind of a map, and the threshold of failure.
FAILED_MAP_INPUTS = (
    choice_input(
        "KIND", "Kind of map",
        "Detected from the band name that Slopecast writes, otherwise from the values: only 0 and 1 is a mask, values "
        "between them a probability. For other maps choose the kind here. A probability whose band declares % is "
        "divided by 100.", choices={**KINDS, CLASSES: "Classes, whole numbers; 0 means no class"},
    ),
    number_input(
        "THRESHOLD", "Threshold",
        "A cell counts as failed at or above this probability or class, or below this factor of safety. If omitted: "
        "probability 0.5, class 1, factor of safety 1; for failure classes, classes 1 and 2, which are unstable at "
        "the end of the event; for stability classes, 2 and 3. Not needed for a mask.", decimals=6,
    ),
)  # fmt: skip
_MASK_ADVICE = "Make a mask first, e.g. with the raster calculator: factor of safety < 1."


class FailedMap(NamedTuple):
    """A map, float32 (rows, cols), NaN for NoData, with the criterion of failure, and its rule in words."""

    kind: str
    values: np.ndarray
    grid: Grid
    fails: Callable[[np.ndarray], np.ndarray]
    rule: str

    @property
    def classes(self) -> np.ndarray:
        """Class of each cell, uint8: the map's class, or 1 for failed in other maps; 0 none, 255 NoData."""
        import numpy as np

        from ...core.grid import MASK_NODATA
        from ...core.map_parts.strips import made_of_strips

        def of_rows(at: slice) -> np.ndarray:
            values = self.values[at]
            of_cell = np.where(self.fails(values), values if self.kind == CLASSES else 1.0, 0.0)
            return np.where(np.isfinite(values), of_cell, MASK_NODATA)

        return made_of_strips(self.grid.shape, np.uint8, of_rows)


def read_mask(source: RasterSource, log: Log) -> tuple[np.ndarray, Grid]:
    """Read a mask: uint8 (rows, cols), 255 = NoData; raises :class:`InputError` for any other map."""
    import numpy as np

    from ...core.grid import MASK_NODATA
    from ...core.map_parts.strips import known_range, known_strips, made_of_strips

    values, grid = source.read_dem(log)
    if not all(np.isin(known, (0.0, 1.0)).all() for known in known_strips(values)):
        raise InputError(
            source.label, Text("contains values from {:g} to {:g}", *known_range(values)),
            "0 (stable) and 1 (failed), and NoData", _MASK_ADVICE,
        )  # fmt: skip
    check_stability_map(source)  # other maps of 0 and 1, such as the edge influence
    caution_without_stable_cells(source, values, log)
    return made_of_strips(
        grid.shape, np.uint8, lambda at: np.where(np.isfinite(values[at]), values[at], MASK_NODATA)
    ), grid


def read_failed_map(source: RasterSource, kind: str, threshold: float | None, log: Log) -> FailedMap:
    """Read a mask, a probability, a factor of safety or classes, and find out which cells fail.

    Args:
        kind: as the user has chosen it; ``auto`` leaves it to the band's name, else to the values.
        threshold: see :data:`FAILED_MAP_INPUTS`; ``None`` for the kind's default.

    Raises:
        InputError: values that cannot be of that kind, or a threshold out of range.
    """
    values, grid = source.read_dem(log)
    kind = summarized_map_kind(source, kind, values, log)
    if kind == "mask":
        return FailedMap(kind, values, grid, lambda some: some == 1.0, tr("1 in the mask"))
    default, least, greatest, rule = _THRESHOLDS[kind]
    classes = class_map(source) if kind == CLASSES else ""
    if classes == STABILITY_CLASS:
        default = _FIRST_FAILED_STABILITY_CLASS
    limit = default if threshold is None else threshold
    if not least < limit <= greatest:  # NaN too
        raise InputError(
            "Threshold (THRESHOLD)", Text("{:g} is out of range for the kind of map: {}", limit, kind),
            Text("above {:g}, up to {:g}", least, greatest),
        )  # fmt: skip
    if classes == FAILURE_CLASS and threshold is None:
        found = FailedMap(kind, values, grid, lambda some: (some == 1.0) | (some == 2.0), tr("failure class 1 or 2"))
    elif kind == "factor of safety":
        found = FailedMap(kind, values, grid, lambda some: some < limit, tr(rule).format(limit))
    else:
        found = FailedMap(kind, values, grid, lambda some: some >= limit, tr(rule).format(limit))
    log.pushInfo(tr("Cells that count as failed: {}.").format(found.rule))
    if kind == "probability" and threshold is None:
        warn_of_threshold(source, limit, log)
    # Of first failing scenarios the lowest fail first; of failure classes 1 fails in the event, and 3 is stable again.
    if threshold is not None and (classes == FAILURE_CLASS or (classes == FIRST_FAILURE and threshold > 1.0)):
        text = (
            "{}: its classes do not rise with the danger: '{}' leaves out cells that fail, or counts cells that are "
            "stable at the end. See the legend; for the cells that fail use the failure mask."
        )
        log.pushCaution(Text(text, source.label, found.rule))
    return found
