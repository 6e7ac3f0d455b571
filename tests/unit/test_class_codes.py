"""Rasters of codes: masks and numbers of classes, where amounts are required."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.class_codes import class_codes_caution

ROW, COL = np.mgrid[:60, :60]
CLASSES = 1.0 + (ROW // 15 + COL // 20) % 4
BETWEEN = np.where(COL % 20 == 19, 0.5, 0.0)  # a sixth of the cells lie between two classes

#: parameter, raster, words of the caution
RASTERS = {
    "numbers of soils": ("cohesion", CLASSES, "from 1 to 4"),
    "numbers of soils as depths": ("soil_depth", CLASSES + BETWEEN, "from 1 to 4"),
    "a mask": ("soil_depth", (CLASSES > 2.0) * 1.0, "from 0 to 1"),
    "one depth": ("soil_depth", np.ones(ROW.shape), None),
    "cohesions by zone": ("cohesion", 2.0 + 3.0 * CLASSES, None),
    "depths in decimetres": ("soil_depth", 0.1 * np.round(10.0 * CLASSES + COL), None),
    "whole millimetres of rain": ("rainfall", CLASSES, None),
    "no value": ("cohesion", np.full(ROW.shape, np.nan), None),
}


@pytest.mark.parametrize("case", RASTERS)
def test_codes_are_doubted_where_amounts_are_required(case: str) -> None:
    name, values, words = RASTERS[case]
    values = np.where(ROW < 2, np.nan, values).astype(np.float32)
    caution = class_codes_caution(name, values, "Raster (KEY)", "amounts")
    assert (caution is None) == (words is None), caution
    assert words is None or words in caution
