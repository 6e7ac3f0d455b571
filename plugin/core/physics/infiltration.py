"""Green-Ampt infiltration on a slope, integrated exactly over any time.

Source: Chen & Young (2006), Water Resour. Res. 42, W07420. Amounts named ``normal`` are per
unit of slope area; divided by cos b they are per horizontal area. The suction term
A = psi_f dTheta / cos b has the unit of a length.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any

_NEWTON_STEPS = 40


def ponding_amount(cos_slope: Array, rain: Array, conductivity: Array, suction: Array, deficit: Array) -> np.ndarray:
    """Cumulative infiltration at which water begins to pond, F_p = K psi dTheta / (cos b (I - K)).

    Args:
        cos_slope: cosine of the slope; rain: I on the horizontal [m/s]; conductivity: K [m/s];
        suction: psi_f [m]; deficit: dTheta [-].

    Returns:
        F_p per unit slope area [m]; infinite where I <= K (it never ponds).
    """
    surplus = np.asarray(rain - conductivity, dtype=np.float64)
    ponds = surplus > 0
    amount = conductivity * suction * deficit / (cos_slope * np.where(ponds, surplus, 1.0))
    return np.where(ponds, amount, np.inf)


def ponded_growth(start: Array, suction_term: Array, capacity: Array) -> np.ndarray:
    """Solve F - F_0 - A ln[(A + F) / (A + F_0)] = K cos b dt for F: infiltration under ponding.

    Newton's method on a convex function: after the first step it descends to the root, so the
    iteration ends at machine precision for any step.

    Args:
        start: F_0 per unit slope area [m].
        suction_term: A = psi_f dTheta / cos b [m].
        capacity: K cos b dt [m].

    Returns:
        F at the step's end [m], at least F_0.
    """
    start, a, gain = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (start, suction_term, capacity)))
    # Two upper bounds: from F_0 = 0 growth is fastest; and the tangent at F_0, which is near where steps are short.
    tangent = gain * (1.0 + a / np.maximum(start, 1e-12))
    total = start + np.minimum(gain + np.sqrt(2.0 * a * gain), tangent)
    for _ in range(_NEWTON_STEPS):
        residual = total - start - a * np.log1p((total - start) / np.maximum(a + start, 1e-300)) - gain
        slope = total / np.maximum(a + total, 1e-300)
        change = residual / np.maximum(slope, 1e-12)
        total = np.maximum(total - change, start)
        if np.max(np.abs(change), initial=0.0) <= 1e-14 + 1e-13 * np.max(total, initial=0.0):
            break
    return np.where(gain > 0, total, start)


def advance_infiltration(
    start: Array, cos_slope: Array, rain: Array, conductivity: Array, suction: Array, deficit: Array, seconds: Array
) -> np.ndarray:
    """Cumulative infiltration after ``seconds`` more of constant rain, without any limit by storage.

    Until F_p it equals the rain (r = I cos b per slope area), afterwards it follows the capacity
    f_n = K (cos b + psi_f dTheta / F_n). Any state may be continued with another intensity.

    Args:
        start: F_n so far, per unit slope area [m]; the others as in :func:`ponding_amount`; seconds: >= 0.

    Returns:
        F_n per unit slope area [m].
    """
    ponding = ponding_amount(cos_slope, rain, conductivity, suction, deficit)
    start_and_rain = start + rain * cos_slope * seconds
    ponds = np.asarray(start_and_rain > ponding)
    if not ponds.any():
        return np.asarray(start_and_rain, dtype=np.float64)
    start, cos_slope, rain, conductivity, term, ponding, seconds = (
        np.broadcast_to(x, ponds.shape)[ponds]
        for x in (start, cos_slope, rain, conductivity, suction * deficit / cos_slope, ponding, seconds)
    )
    base = np.maximum(start, ponding)
    left = np.maximum(seconds - (base - start) / (rain * cos_slope), 0.0)
    total = np.array(np.broadcast_to(start_and_rain, ponds.shape), dtype=np.float64)
    total[ponds] = ponded_growth(base, term, conductivity * cos_slope * left)
    return total
