"""Compiled kernels (numba) are an optional fast path behind numpy functions, which stay the reference."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import Any, Iterator

import numpy as np

try:
    import numba
except Exception:  # a numba that does not fit numpy fails with more than ImportError; numpy's path then does the work
    numba = None

#: Smaller maps run on one thread: a step takes a millisecond or two, and waiting for a second thread whose core is busy
#: costs far more than a free one saves.
CELLS_WORTH_THREADS = 100_000
#: Share of its time that a thread must have a core for itself.
_LEAST_SHARE = 0.75
#: Time on one thread after a slow call, over the time of that call: waiting in vain then costs little in all.
_TRY_AGAIN_AFTER = 30.0
_alone = {"until": 0.0}  # [s] of the clock


def compiled() -> bool:
    """Tell whether the compiled kernels will be used."""
    return numba is not None and os.environ.get("SLOPECAST_NUMBA", "1") != "0"


@contextmanager
def threads(cells: int, kernel: Any) -> Iterator[None]:
    """Let a kernel run on as many threads as pay; what it computes does not depend on it.

    Threads wait for each other in every step. Where other programs hold the cores that waiting takes ten times as long
    as the work, which shows in the processor time that the threads got: one thread then goes on alone for a while.
    """
    wanted = numba.config.NUMBA_NUM_THREADS if cells >= CELLS_WORTH_THREADS else 1
    if time.perf_counter() < _alone["until"]:
        wanted = 1
    numba.set_num_threads(wanted)
    ready = bool(kernel.signatures)  # else this call also loads or compiles it, on one thread
    began, used = time.perf_counter(), time.process_time()
    yield
    took, used = time.perf_counter() - began, time.process_time() - used
    if ready and wanted > 1 and used < _LEAST_SHARE * wanted * took:
        _alone["until"] = began + took * (1.0 + _TRY_AGAIN_AFTER)


def read_only(values: np.ndarray) -> np.ndarray:
    """Flattened view that is always read-only: numba compiles anew, for seconds, where some are and some are not."""
    view = values.reshape(-1).view()
    view.flags.writeable = False
    return view
