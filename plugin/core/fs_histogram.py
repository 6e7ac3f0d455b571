"""Counts cells by factor of safety."""

from __future__ import annotations

import numpy as np

#: Bins of the live panel's histogram [-].
HISTOGRAM_EDGES = np.linspace(0.0, 3.0, 31)


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
