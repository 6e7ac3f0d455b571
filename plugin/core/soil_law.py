"""Saulnier's linear law of soil depth."""

from __future__ import annotations

import numpy as np


def share_between(values: np.ndarray, bottom: float, top: float, even: float = 1e-9) -> np.ndarray:
    """Place of some of a map's values between its least value (0) and ``top`` (1), cut to that range.

    Args:
        values: NaN where unknown.
        bottom, top: values that count as 0 and 1.
        even: a range up to this is none; then all places are 0.
    """
    if top - bottom <= even:
        return np.zeros_like(values)
    return np.clip((values - bottom) / (top - bottom), 0.0, 1.0)


def linear_depth(share: np.ndarray, thin: float, deep: float) -> np.ndarray:
    """Depth [m] that falls evenly from ``deep`` at a share of 0 to ``thin`` at 1.

    With the share of slope it is the s-model, with that of elevation the z-model.

    Source: Saulnier, Beven & Obled (1997), J. Hydrol. 202, 158-172.
    """
    return deep - share * (deep - thin)
