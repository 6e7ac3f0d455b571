"""Detects rasters whose values are codes of classes where amounts are required."""

from __future__ import annotations

import numpy as np

from ..text import Text
from .map_parts.strips import known_sample

#: Parameters that are no whole numbers from 0 or 1 on, one after the other; amounts of rain, roots and loads may be.
_AMOUNTS = ("soil_depth", "cohesion")
_MOST_CODES = 12
#: Least share of whole numbers: between classes, interpolation makes others.
_WHOLE_SHARE = 0.8
_SAMPLE = 100_000


def class_codes_caution(name: str, values: np.ndarray, label: str, required: str) -> Text | None:
    """Caution about a raster of the whole numbers 0 or 1 to at most 12, such as a mask or numbers of soils.

    Args:
        name: of the parameter, in lower case; label: of the raster; required: what it is to contain.
        values: (rows, cols), NaN where unknown.
    """
    known = known_sample(values, _SAMPLE) if name in _AMOUNTS else np.zeros(0)
    whole = known[known == np.round(known)]
    if not known.size or whole.size < _WHOLE_SHARE * known.size:
        return None
    codes = np.unique(whole)
    if codes[0] not in (0.0, 1.0) or not 1 < codes.size <= _MOST_CODES or np.ptp(codes) != codes.size - 1:
        return None
    return Text(
        "{}: its values are the whole numbers from {:g} to {:g}, as in a mask or a map of classes. Does it contain the "
        "required values: {}?",
        label, codes[0], codes[-1], required,
    )  # fmt: skip
