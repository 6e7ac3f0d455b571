"""Length of an explicit step of lateral flow, by the state of the cells."""

from __future__ import annotations

from ..compiling import numba

#: Share of the monotone limit that a step takes: at 0.5 the error is about that of the shortest step,
#: 0.1 % of the water.
STEP_SHARE = 0.5
#: A last step may be longer than its limit by this factor: what is to be stepped is often a whole number of steps, and
#: rounding would decide whether one is left or two.
LAST_STEP = 1.001


def step_length(fastest: float, step: tuple[float, float], left: float) -> float:
    """Length of the next [s]: STEP_SHARE of the monotone limit, within the shortest and longest, no short rest.

    Args:
        fastest: rate [1/s]; step: shortest and longest [s]; left: of the interval [s].
    """
    limit = min(max(STEP_SHARE / fastest if fastest > 0.0 else left, step[0]), step[1])
    if left <= LAST_STEP * limit:
        return left
    return 0.5 * left if left < 2.0 * limit else limit


if numba is not None:
    compiled_step_length = numba.njit(cache=True, error_model="numpy")(step_length)
