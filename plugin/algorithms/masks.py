"""Failure masks as inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import InputError
from ..text import Text

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from .layers import RasterSource
    from .log import Log


def read_mask(source: RasterSource, log: Log) -> tuple[np.ndarray, Grid]:
    """Read a mask: uint8 (rows, cols), 255 = NoData; raises :class:`InputError` where it holds anything but 0 and 1."""
    import numpy as np

    from ..core.grid import MASK_NODATA

    values, grid = source.read_dem(log)
    valid = np.isfinite(values)
    if not np.isin(values[valid], (0.0, 1.0)).all():
        raise InputError(
            source.label, Text("holds {:g} to {:g}", values[valid].min(), values[valid].max()),
            "0 (stable) and 1 (failed), and NoData",
            "Make a mask first, e.g. with the raster calculator: factor of safety < 1.",
        )  # fmt: skip
    return np.where(valid, values, MASK_NODATA).astype(np.uint8), grid
