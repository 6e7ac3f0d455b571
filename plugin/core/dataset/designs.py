"""Designs of data sets: choice of scenarios that covers the training ranges."""

from __future__ import annotations

import numpy as np

from ...variables import BY_NAME, HYDROLOGY, LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM
from ..validation.metrics import Bin

_STRONG_FLOW_SHARE = 0.5
_STRONG_LATERAL_CONDUCTIVITY = 1e-5  # [m/s]: from here on water crosses cells within a day
_ROOTED_SHARE = 0.5


#: Shares of the valid cells that fail.
SHARE_BINS: tuple[Bin, ...] = (
    Bin("0 %", 0.0, 0.0),
    Bin("< 0.5 %", 0.0, 0.005),
    Bin("0.5-3 %", 0.005, 0.03),
    Bin("3-10 %", 0.03, 0.1),
    Bin("10-30 %", 0.1, 0.3),
    Bin("> 30 %", 0.3, 1.0),
)


#: Least share of failed cells that is aimed at: below it, single cells decide.
LEAST_SHARE = 1e-4


def hydrology_at(unit: np.ndarray) -> dict[str, float]:
    """Water parameters at a point of the unit cube, whose first seven coordinates count.

    Each runs evenly over its training range, or its logarithm does. Half of the anisotropies are drawn from those that
    let water cross cells; none exceeds the trained lateral conductivity.
    """
    values = {}
    for name, u in zip(HYDROLOGY, unit):
        low, high = BY_NAME[name].trained
        if name == "lateral_anisotropy":
            continue
        values[name] = float(low * (high / low) ** u) if BY_NAME[name].log_scale else float(low + u * (high - low))
    low, high = BY_NAME["lateral_anisotropy"].trained
    u = float(unit[HYDROLOGY.index("lateral_anisotropy")]) / _STRONG_FLOW_SHARE
    if u < 1.0:
        low = min(max(low, _STRONG_LATERAL_CONDUCTIVITY / values["conductivity"]), high)
    else:
        u = (u - 1.0) * _STRONG_FLOW_SHARE / (1.0 - _STRONG_FLOW_SHARE)
    cap = max(LATERAL_CONDUCTIVITY_TRAINED_MAXIMUM / values["conductivity"], 1.0)
    values["lateral_anisotropy"] = float(np.clip(low * (high / low) ** u, 1.0, cap))
    return values


def strength_at(unit: np.ndarray, turn: float = 0.0) -> dict[str, float]:
    """Strength but for cohesion at a point of the unit cube, by its eighth to eleventh coordinate.

    ``turn``, 0 to 1, moves the friction angle along its range (and around its end).
    """
    at = len(HYDROLOGY)
    low, high = BY_NAME["friction_angle"].trained
    roots = max(0.0, (float(unit[at + 1]) - (1.0 - _ROOTED_SHARE)) / _ROOTED_SHARE)
    moist = 15.5 + 4.5 * float(unit[at + 3])
    return {
        "friction_angle": low + ((float(unit[at]) + turn) % 1.0) * (high - low),
        "root_cohesion": 5.0 * roots,
        "root_depth": 0.3 + 2.7 * float(unit[at + 2]),
        "surcharge": 0.0,
        "unit_weight_moist": moist,
        "unit_weight_saturated": moist + 1.5,
    }


#: Coordinates of a point of the design: seven for the water, four for the strength, one for the share of failed cells.
DIMENSIONS = len(HYDROLOGY) + 5

#: Primitive polynomials and first direction numbers of the Sobol sequence, from the second dimension on: degree,
#: coefficients, m. Source: Joe & Kuo (2008), SIAM J. Sci. Comput. 30, 2635-2654.
_SOBOL = (
    (1, 0, (1,)), (2, 1, (1, 3)), (3, 1, (1, 3, 1)), (3, 2, (1, 1, 1)), (4, 1, (1, 1, 3, 3)), (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)), (5, 4, (1, 1, 5, 5, 5)), (5, 7, (1, 1, 7, 11, 19)), (5, 11, (1, 1, 5, 1, 1)),
    (5, 13, (1, 1, 1, 3, 11)),
)  # fmt: skip
_BITS = 32


def design_points(first: int, count: int) -> np.ndarray:
    """Points ``first`` to ``first + count - 1`` of the Sobol sequence, (count, DIMENSIONS), each in [0, 1)."""
    directions = _directions()
    points = np.zeros((count, DIMENSIONS), dtype=np.uint64)
    for row in range(count):
        number = first + row
        gray = number ^ (number >> 1)
        for bit in range(gray.bit_length()):
            if gray >> bit & 1:
                points[row] ^= directions[:, bit]
    return points / 2.0**_BITS


def _directions() -> np.ndarray:
    """Direction numbers as integers of 32 bits, (DIMENSIONS, 32) uint64."""
    table = np.zeros((DIMENSIONS, _BITS), dtype=np.uint64)
    table[0] = [1 << (_BITS - 1 - bit) for bit in range(_BITS)]
    for dimension, (degree, coefficients, start) in enumerate(_SOBOL, start=1):
        v = [m << (_BITS - 1 - bit) for bit, m in enumerate(start)]
        for bit in range(degree, _BITS):
            new = v[bit - degree] ^ (v[bit - degree] >> degree)
            for k in range(1, degree):
                if coefficients >> (degree - 1 - k) & 1:
                    new ^= v[bit - k]
            v.append(new)
        table[dimension] = v
    return table
