"""Correlated random fields and the smoothing and resampling that go with them, in plain numpy."""

from __future__ import annotations

import numpy as np

from ..polygons.regions import shifted


def correlated_field(rng: np.random.Generator, shape: tuple[int, int], length: float) -> np.ndarray:
    """Draw a smooth Gaussian field of zero mean and unit standard deviation.

    Args:
        shape: (rows, cols).
        length: correlation length in cells (standard deviation of the Gaussian kernel); any positive number.

    Returns:
        (rows, cols) float64.
    """
    coarse = max(1.0, length / 2.0)
    size = tuple(int(np.ceil(n / coarse)) + 8 for n in shape)
    field = gaussian_smooth(rng.standard_normal(size), length / coarse)
    if coarse > 1.0:
        row = 3.5 + np.arange(shape[0])[:, None] / coarse
        col = 3.5 + np.arange(shape[1])[None, :] / coarse
        field = sample_cubic(field, np.broadcast_to(row, shape), np.broadcast_to(col, shape))
    field = field[: shape[0], : shape[1]]
    spread = field.std()
    return (field - field.mean()) / spread if spread > 0 else field


def fractal_field(rng: np.random.Generator, shape: tuple[int, int], roughness: float, longest: float) -> np.ndarray:
    """Draw a self-affine field with power spectrum k^-(2 roughness + 2) up to a longest wavelength.

    Args:
        shape: (rows, cols).
        roughness: Hurst exponent, 0 (rough) to 1 (smooth).
        longest: wavelength in cells beyond which the spectrum is flat.

    Returns:
        (rows, cols) float64 of zero mean and unit standard deviation.
    """
    size = tuple(n + int(min(longest, n)) for n in shape)  # the transform is periodic: draw more, and cut its echo off
    ky = np.fft.fftfreq(size[0])[:, None]
    kx = np.fft.rfftfreq(size[1])[None, :]
    k = np.sqrt(ky**2 + kx**2 + 1.0 / longest**2)
    spectrum = np.fft.rfft2(rng.standard_normal(size)) * k ** -(roughness + 1.0)
    field = np.fft.irfft2(spectrum, s=size)[: shape[0], : shape[1]]
    return (field - field.mean()) / field.std()


def gaussian_smooth(values: np.ndarray, sigma: float) -> np.ndarray:
    """Smooth (rows, cols) without NaN by a Gaussian of `sigma` cells; borders repeat their last value."""
    if sigma < 0.2:
        return values
    radius = int(np.ceil(3.0 * sigma))
    offset = np.arange(-radius, radius + 1)
    kernel = np.exp(-0.5 * (offset / sigma) ** 2)
    kernel /= kernel.sum()
    for axis in (0, 1):
        width = [(0, 0), (0, 0)]
        width[axis] = (radius, radius)
        padded = np.pad(values, width, mode="edge")
        count = values.shape[axis]
        values = kernel[radius] * values
        for shift in range(radius):
            low = padded[shift : shift + count] if axis == 0 else padded[:, shift : shift + count]
            end = 2 * radius - shift
            high = padded[end : end + count] if axis == 0 else padded[:, end : end + count]
            values = values + kernel[shift] * (low + high)
    return values


def sample_cubic(values: np.ndarray, row: np.ndarray, col: np.ndarray) -> np.ndarray:
    """Sample (rows, cols) at fractional positions by the uniform cubic B-spline.

    It is twice differentiable, smooths a little and never overshoots.
    """
    row0, col0 = np.floor(row).astype(np.int64), np.floor(col).astype(np.int64)
    row_weights, col_weights = _spline_weights(row - row0), _spline_weights(col - col0)
    rows, cols = values.shape
    flat = values.ravel()
    columns = [np.clip(col0 + step - 1, 0, cols - 1) for step in range(4)]
    result = np.zeros(row.shape)
    for i in range(4):
        base = np.clip(row0 + i - 1, 0, rows - 1) * cols
        line = sum(col_weights[j] * flat[base + columns[j]] for j in range(4))
        result += row_weights[i] * line
    return result


def _spline_weights(t: np.ndarray) -> tuple[np.ndarray, ...]:
    """Weights of the four cubic B-spline knots around a position t in [0, 1) past the second."""
    u = 1.0 - t
    return u**3 / 6, (4 - 6 * t**2 + 3 * t**3) / 6, (4 - 6 * u**2 + 3 * u**3) / 6, t**3 / 6


def nearest_feature(feature: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the nearest marked cell by jump flooding (Rong & Tan 2006), near exact.

    Args:
        feature: (rows, cols) bool with at least one True.

    Returns:
        (rows, cols) flat index of the nearest marked cell, and (rows, cols) distance to it in cells.
    """
    rows, cols = feature.shape
    row, col = np.mgrid[:rows, :cols]
    near = np.where(feature, row * cols + col, -1)
    distance = np.where(feature, 0.0, np.inf)
    step = 1 << int(np.ceil(np.log2(max(rows, cols)))) - 1
    while step:
        for down in (-step, 0, step):
            for right in (-step, 0, step):
                if abs(down) >= rows or abs(right) >= cols:
                    continue
                into, outof = shifted(feature.shape, down, right)
                offered = near[outof]
                length = np.hypot(row[into] - offered // cols, col[into] - offered % cols)
                better = (offered >= 0) & (length < distance[into])
                distance[into] = np.where(better, length, distance[into])
                near[into] = np.where(better, offered, near[into])
        step //= 2
    return near, distance
