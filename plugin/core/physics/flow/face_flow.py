"""Flow through the face between two cells, and how far a step may even out their water tables.

q = C h (drop of the bedrock + difference of the tables). The second part evens tables out like diffusion: a step that
is too long for it overshoots, and the tables of deep, flat valleys swing from one step to the next. Beyond what one of
four faces may even out in a step, the difference does not count; the first part is left to the limit of outflow.

Source: the limit is our own; an explicit step of diffusion on square cells is monotone up to D dt / dx^2 = 1/4 (Morton
& Mayers 2005, Numerical Solution of Partial Differential Equations, section 3.1).
"""

from __future__ import annotations

from typing import Any

from ....variables import RESIDUAL_AIR
from ..compiling import numba

Array = Any
_SHARE = 0.25  # of the tables' difference that a face may even out in a step


def greatest_levelling(shortest: float | Array) -> float | Array:
    """Greatest C h that a difference of tables counts with [1/s], where the least storage takes it up.

    The exact scheme's steps never reach it.

    Args:
        shortest: bound of a step from below [s]; longer ones are taken only where they are monotone.
    """
    return _SHARE * RESIDUAL_AIR / shortest


def levelled_flow(xp: Any, upstream: Array, drop: Array, rise: Array, greatest: Array) -> Array:
    """Flow between two cells from the first to the second.

    It is never against the drop and never more than without the limit, so that a limit of outflow holds for it too.

    Args:
        xp: numpy or torch.
        upstream: C h; drop: of the water's surface [m], of which ``rise`` is the difference of the tables.
        greatest: see :func:`greatest_levelling`.
    """
    flow = upstream * drop
    levelled = flow - xp.clip(upstream - greatest, 0.0, None) * rise
    return xp.minimum(xp.maximum(levelled, xp.clip(flow, None, 0.0)), xp.clip(flow, 0.0, None))


if numba is not None:

    @numba.njit(cache=True, error_model="numpy", fastmath={"nnan", "nsz", "contract"}, inline="always")
    def compiled_levelled_flow(upstream, drop, rise, greatest):
        """The same of one face; comparisons that the compiler does for several faces at a time."""
        flow, beyond = upstream * drop, upstream - greatest
        levelled = flow - (beyond if beyond > 0.0 else 0.0) * rise
        least, most = (flow if flow < 0.0 else 0.0), (flow if flow > 0.0 else 0.0)
        levelled = levelled if levelled > least else least
        return levelled if levelled < most else most
