"""Even slopes with soil of the same depth, or nearly: planes, ridges, valleys and cones.

Natural ground has nothing as even, yet first trials and laboratory slopes are. Whole rows of cells then come near
failure at once, so a small error of the water table moves many of them.
"""

from __future__ import annotations

import numpy as np

_LEAST_GRADIENT, _GREATEST_GRADIENT = 0.2, 1.1
_DEPTHS_M = (0.5, 3.0)


def even_slope(rng: np.random.Generator, shape: tuple[int, int], cell_size: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw an even slope.

    Args:
        rng: fixes everything; shape: (rows, cols); cell_size: [m].

    Returns:
        Elevation and vertical soil depth, both float32 (rows, cols) [m].
    """
    row, col = np.mgrid[: shape[0], : shape[1]].astype(np.float64)
    row, col = (
        (row - rng.uniform(0.2, 0.8) * shape[0]) * cell_size,
        (col - rng.uniform(0.2, 0.8) * shape[1]) * cell_size,
    )
    turn = rng.integers(0, 8) * np.pi / 4.0 if rng.random() < 0.5 else rng.uniform(0.0, 2.0 * np.pi)
    along, across = row * np.cos(turn) + col * np.sin(turn), col * np.cos(turn) - row * np.sin(turn)
    gradient, sign = rng.uniform(_LEAST_GRADIENT, _GREATEST_GRADIENT), rng.choice((-1.0, 1.0))
    form = rng.integers(0, 4)
    if form == 0:  # a plane
        height = along
    elif form == 1:  # a ridge or a valley that falls along its line
        height = sign * np.abs(along) + rng.uniform(0.0, 0.4) * across
    elif form == 2:  # a hill or a hollow
        height = sign * np.hypot(along, rng.uniform(0.6, 1.0) * across)
    else:  # slope and foot
        height = np.where(along > 0.0, along, rng.uniform(0.05, 0.5) * along)
    if rng.random() < 0.5:
        wavelength = rng.uniform(20.0, 80.0) * cell_size
        height = height + rng.uniform(0.0, 0.02) * wavelength * np.sin(2.0 * np.pi * across / wavelength)
    depth = np.full(shape, rng.uniform(*_DEPTHS_M))
    if rng.random() < 0.3:
        depth *= 1.0 + rng.uniform(-0.4, 0.4) * along / np.abs(along).max()
    elevation = gradient * height
    return (elevation - elevation.min()).astype(np.float32), depth.astype(np.float32)
