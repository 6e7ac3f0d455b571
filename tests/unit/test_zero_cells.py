"""Zeros in rasters of parameters: those that may mark missing data are doubted, others are not."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.zero_cells import zero_caution

ROW, COL = np.mgrid[:61, :61]
VALID = np.ones(ROW.shape, dtype=bool)
FRAME = np.maximum(abs(ROW - 30), abs(COL - 30)) > 24
HOLE = np.hypot(ROW - 30, COL - 30) < 12
STORM = np.clip(14.0 * np.exp(-(((ROW - 30) ** 2 + (COL - 30) ** 2) / 400.0)) - 2.0, 0.0, None)

#: parameter, raster, words of the caution
RASTERS = {
    "rain in a frame": ("rainfall", np.where(FRAME, 0.0, 12.0), ["(RAINFALL)", "0 in 35.5 %", "12 mm/h"]),
    "rain with a hole": ("rainfall", np.where(HOLE, 0.0, 12.0), ["(RAINFALL)", "0 in 11.7 %", "12 mm/h", "declare it"]),
    "a storm that fades away": ("rainfall", np.where(COL < 1, 0.1, STORM), None),
    "even rain": ("rainfall", np.full(ROW.shape, 12.0), None),
    "no rain": ("rainfall", np.zeros(ROW.shape), None),
    "rain that is NoData outside": ("rainfall", np.where(FRAME, np.nan, 12.0), None),
    "cohesion in a frame of zeros": ("cohesion", np.where(FRAME, 0.0, 5.0), ["(COHESION)", "along the edge"]),
    "a zone of sand": ("cohesion", np.where(HOLE, 0.0, 5.0), None),
    "a dry table around": ("water_table_ratio", np.where(FRAME, 0.0, 0.3), ["(WATER_TABLE_RATIO)", "along the edge"]),
    "a forest": ("root_cohesion", np.where(FRAME, 0.0, 5.0), None),
}  # fmt: skip


@pytest.mark.parametrize("case", RASTERS)
def test_zeros_that_may_be_missing_data_are_doubted(case: str) -> None:
    name, values, words = RASTERS[case]
    caution = zero_caution(name, values.astype(np.float32), VALID)
    assert (caution is None) == (words is None), caution
    assert all(word in caution for word in words or ())
