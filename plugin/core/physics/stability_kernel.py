"""Factor of safety of many cells: compiled (numba) if installed, otherwise numpy.

:func:`.stability.factor_of_safety` is the reference; the compiled form does the same operations in the same order.
"""

from __future__ import annotations

import numpy as np

from .compiling import compiled, numba, read_only, threads
from .stability import (
    FLATTEST_TAN,
    MAXIMUM_FS,
    SHALLOWEST_FRONT_M,
    THINNEST_SOIL_M,
    UNIT_WEIGHT_WATER,
    Strength,
    factor_of_safety,
)

#: Cells that numpy takes at once: the formula's many intermediate arrays then stay in the cache.
PIECE = 16_384
_CHUNK = 512  # cells whose parameters the compiled loop lays out next to each other
# Given to the kernel as arguments: numba would not see that they changed in the other file.
_GUARDS = (UNIT_WEIGHT_WATER, MAXIMUM_FS, FLATTEST_TAN, THINNEST_SOIL_M, SHALLOWEST_FRONT_M)


def factors_of_safety(
    slope: np.ndarray,
    soil_depth: np.ndarray,
    water_table: np.ndarray,
    wetting_front: np.ndarray,
    ponded: np.ndarray,
    contact: np.ndarray,
    strength: Strength,
    sin_cos: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """:func:`.stability.factor_of_safety` of numpy arrays (cells,); the strength holds numbers or (cells,).

    Arrays of more axes, the last of which is that of the cells, take the formula as it is.
    """
    columns = slope, soil_depth, water_table, wetting_front, ponded, contact
    flat = slope.ndim == water_table.ndim == 1
    if compiled() and flat:
        trigonometry = (np.sin(slope), np.cos(slope)) if sin_cos is None else sin_cos
        return _by_kernel(columns[1:], strength, trigonometry)
    if not flat or slope.size <= PIECE:
        return factor_of_safety(np, *columns, strength, sin_cos)
    pieces = []
    for first in range(0, slope.size, PIECE):
        at = slice(first, first + PIECE)
        trigonometry = None if sin_cos is None else (sin_cos[0][at], sin_cos[1][at])
        pieces.append(factor_of_safety(np, *(x[at] for x in columns), strength.at(at), trigonometry))
    fs, front_governs = zip(*pieces)
    return np.concatenate(fs), np.concatenate(front_governs)


def _by_kernel(
    columns: tuple[np.ndarray, ...], strength: Strength, sin_cos: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    depth, table, front, ponded, contact = columns
    parameters = vars(strength).copy()
    exponential = bool(parameters.pop("exponential_roots"))
    numbers = (*sin_cos, depth, table, front, *parameters.values())
    vectors = (read_only(np.ascontiguousarray(x, dtype=np.float64)) for x in numbers)
    switches = (read_only(np.ascontiguousarray(x, dtype=bool)) for x in (ponded, contact))
    fs, governs = np.empty(depth.size), np.empty(depth.size, dtype=bool)
    vectors, switches = tuple(vectors), tuple(switches)
    with threads(depth.size, _compiled_factors):
        _compiled_factors(vectors, switches, exponential, _GUARDS, fs, governs)
    return fs, governs


if numba is not None:

    @numba.njit(cache=True, error_model="numpy")
    def _lay_out(work, row, values, first, last):
        """Values of a chunk's cells, which may be one number for all."""
        if values.size == 1:
            work[row, :] = values[0]
        else:
            for k in range(last - first):
                work[row, k] = values[first + k]

    @numba.njit(cache=True, error_model="numpy")
    def _roots(bound, depth, cohesion, root_depth, exponential):
        """Root cohesion at a depth; see stability._roots."""
        for k in range(depth.size):
            if exponential:
                bound[k] = cohesion[k] * np.exp(-depth[k] / max(root_depth[k], 1e-9))
            else:
                bound[k] = cohesion[k] if depth[k] <= root_depth[k] else 0.0

    @numba.njit(cache=True, error_model="numpy")
    def _chunk(sin_b, cos_b, depth, table, front, ponded, contact, work, roots_a, roots_b, guards, fs, governs):
        """The formula for a chunk of cells; the rows of ``work`` are the fields of Strength."""
        cohesion, tan, surcharge = work[0], work[1], work[4]
        moist, saturated, suction = work[5], work[6], work[7]
        water_weight, most, flattest, thinnest, shallowest = guards
        for k in range(depth.size):
            d, h, z = depth[k], table[k], front[k]
            drive, normal = sin_b[k] * cos_b[k], cos_b[k] * cos_b[k]
            weight = saturated[k] * z + surcharge[k]
            stress = (weight - (water_weight * z if ponded[k] else 0.0)) * normal
            shear = weight * drive
            fs_a = (cohesion[k] + roots_a[k] + (stress if stress > 0.0 else 0.0) * tan[k]) / (
                shear if shear > 1e-9 else 1e-9
            )
            wet = z + h
            weight = saturated[k] * wet + moist[k] * (d - wet) + surcharge[k]
            stress = (weight - water_weight * (d if ponded[k] & contact[k] else h)) * normal
            shear = weight * drive
            bound = cohesion[k] + roots_b[k] + (suction[k] if (h <= 0.0) & (z < d) else 0.0)
            fs_b = (bound + (stress if stress > 0.0 else 0.0) * tan[k]) / (shear if shear > 1e-9 else 1e-9)
            front_fails = (z >= shallowest) & (fs_a < fs_b)
            least = fs_a if front_fails else fs_b
            least = 0.0 if least < 0.0 else (least if least < most else most)
            stable = (sin_b[k] < flattest * cos_b[k]) | (d < thinnest)
            fs[k] = most if stable else least
            governs[k] = front_fails & (not stable)

    @numba.njit(parallel=True, nogil=True, cache=True, error_model="numpy")
    def _compiled_factors(vectors, switches, exponential, guards, fs, governs):
        """Chunk by chunk; ``vectors`` are sin, cos, depth, table, front and the fields of Strength."""
        count = fs.size
        for chunk in numba.prange((count + _CHUNK - 1) // _CHUNK):
            first, last = chunk * _CHUNK, min(count, (chunk + 1) * _CHUNK)
            here = slice(first, last)
            work = np.empty((10, _CHUNK))
            for row in range(8):
                _lay_out(work, row, vectors[5 + row], first, last)
            depth, front = vectors[2][here], vectors[4][here]
            _roots(work[8], front, work[2], work[3], exponential)
            _roots(work[9], depth, work[2], work[3], exponential)
            _chunk(
                vectors[0][here], vectors[1][here], depth, vectors[3][here], front, switches[0][here],
                switches[1][here], work, work[8], work[9], guards, fs[here], governs[here],
            )  # fmt: skip
