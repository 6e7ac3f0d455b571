"""Compilation of the optional numba kernels, for which the numpy functions are the reference."""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, Iterator

import numpy as np

from ...text import Text
from ..feedback import Feedback
from ..imports import without_garbage_collection
from ..map_parts.threads import thread_limit

try:
    with without_garbage_collection():
        import numba
except Exception:  # a numba that does not fit numpy fails with more than ImportError; numpy's path then does the work
    numba = None

#: Whether a formula gives the same bits in all kernels: compilers before numba 0.57 round it by what is around it.
SAME_BITS = numba is not None and tuple(map(int, numba.__version__.split(".")[:2])) >= (0, 57)
#: Smaller maps run on one thread: a step takes a millisecond or two, and waiting for a second thread whose core is busy
#: costs far more than a free one saves.
CELLS_WORTH_THREADS = 100_000
#: Cells that each thread takes where it has a scenario of its own, so that threads do not wait for Python's global
#: interpreter lock between the kernels.
_CELLS_FOR_EACH_THREAD = 20_000
#: Share of its time that a thread must have a core for itself.
_LEAST_SHARE = 0.75
#: Calls are measured together up to this time [s]: the system counts processor time only every few milliseconds, so
#: that the count of a shorter call may be that of one core where it had all.
_MEASURED_S = 0.3
#: Time on one thread after slow calls, over the time of these: at first, and at most, after doubling each time that
#: calls are slow again. This limits the cost of further trials, and that of a short disturbance.
_ALONE_AT_FIRST, _ALONE_AT_MOST = 4.0, 32.0
_FRESH = {"started": False, "until": 0.0, "times": _ALONE_AT_FIRST, "took": 0.0, "used": 0.0}
#: Whether the threads run; the clock [s] until which one works alone; wall and processor time of calls measured so far.
_record = _FRESH.copy()
#: Held by the one task that runs a kernel.
_turn = threading.Lock()


def compiled() -> bool:
    """Return whether the compiled kernels will be used."""
    return _is_wanted() and not _problem()


def _is_wanted() -> bool:
    return numba is not None and os.environ.get("SLOPECAST_NUMBA", "1") != "0"


@cache
def _problem() -> str:
    """Why numba cannot start its threads, as with an unknown or missing NUMBA_THREADING_LAYER; empty where it can."""
    try:
        numba.get_num_threads()
    except (ValueError, RuntimeError, ImportError, OSError) as error:
        return str(error).partition("\n")[0].rstrip(".")
    return ""


def warn_where_slow(feedback: Feedback) -> None:
    """Warn where numba is installed and cannot be used."""
    if _is_wanted() and _problem():
        text = (
            "The compiled code (numba) cannot be used, so the run is slower: {}. Correct or delete the environment "
            "variable NUMBA_THREADING_LAYER."
        )
        feedback.pushWarning(Text(text, _problem()))


def announce_compiling(kernel: Any, feedback: Feedback) -> None:
    """Report a wait of up to a minute where a kernel is about to be compiled for the first time on this machine.

    Args:
        kernel: compiled when it is called, unless the machine holds it from an earlier run.
        feedback: takes the message.
    """
    if not compiled() or getattr(kernel, "overloads", True):  # NUMBA_DISABLE_JIT leaves a plain function
        return
    kept = Path(kernel.stats.cache_path or os.devnull)
    if not any(kept.glob(f"*{kernel.py_func.__name__}-*.nbi")):
        feedback.pushInfo("Compiling the numerical code. This takes up to a minute and is done once.")


@contextmanager
def threads(cells: int, kernel: Any) -> Iterator[None]:
    """Set the number of threads on which a kernel is fastest; its results do not depend on it.

    Threads wait for each other in every step. Where other programs hold the cores that waiting takes ten times as long
    as the work, which shows in the processor time that the threads got: one thread then goes on alone for a while.
    Under numba's threading layer "workqueue", which ends the process where two tasks run kernels at once, they take
    turns.
    """
    with nullcontext() if _is_thread_safe() else _turn:
        yield from _counted_threads(cells, kernel)


def _is_thread_safe() -> bool:
    """Whether kernels may run from several threads at once; what is not known before the first call counts as no."""
    try:
        return numba.threading_layer() != "workqueue"
    except ValueError:
        return False


def scenarios_at_once(cells: int, most_cells: int) -> int:
    """Scenarios of a map that the processor best computes at once, each on a thread of its own.

    Args:
        cells: of the map; most_cells: of one up to which that is faster than sharing each scenario among the threads.
    """
    if cells > most_cells or (compiled() and not _is_thread_safe()):
        return 1
    threads = thread_limit(numba.config.NUMBA_NUM_THREADS if numba else os.cpu_count() or 1)
    return max(min(threads, cells // _CELLS_FOR_EACH_THREAD), 1)


def threads_for(cells: int) -> int:
    """Threads that pay for a kernel on so many cells."""
    alone = cells < CELLS_WORTH_THREADS or time.perf_counter() < _record["until"]
    return 1 if alone else thread_limit(numba.config.NUMBA_NUM_THREADS)


def _counted_threads(cells: int, kernel: Any) -> Iterator[None]:
    wanted = threads_for(cells)
    numba.set_num_threads(wanted)
    # Else this call also loads or compiles it, on one thread.
    ready = bool(getattr(kernel, "overloads", ()))
    if not ready or wanted == 1:
        yield
        return
    began, used = time.perf_counter(), time.process_time()  # the latter may take as long as a small map's step
    yield
    took, used = time.perf_counter() - began, time.process_time() - used
    if _record["started"]:
        _choose_threads(took, used, wanted)
    _record["started"] = True  # starting them takes a while, on one core


def _choose_threads(took: float, used: float, wanted: int) -> None:
    """Add a call's wall and processor time [s] to those before; where the cores were busy elsewhere, go on alone."""
    took, used = took + _record["took"], used + _record["used"]
    if took < _MEASURED_S:
        _record.update(took=took, used=used)
        return
    _record.update(took=0.0, used=0.0)
    if used >= _LEAST_SHARE * wanted * took:
        _record["times"] = _ALONE_AT_FIRST
        return
    _record["until"] = time.perf_counter() + took * _record["times"]
    _record["times"] = min(2.0 * _record["times"], _ALONE_AT_MOST)


def read_only(values: np.ndarray) -> np.ndarray:
    """Flattened view that is always read-only: numba compiles anew, for seconds, where some are and some are not."""
    view = values.reshape(-1).view()
    view.flags.writeable = False
    return view


if numba is not None and not numba.config.DISABLE_JIT:
    from numba.extending import intrinsic

    @intrinsic
    def uncounted(typing_context, array):
        """The array without reference counting, which takes longer than a short loop.

        Something else must keep the array as long as this one is used, as the caller of a function its arguments.
        """

        def generate(context, builder, signature, arguments):
            made = context.make_array(array)(context, builder, value=arguments[0])
            made.meminfo, made.parent = made.meminfo.type(None), made.parent.type(None)
            return made._getvalue()

        return array(array), generate

else:

    def uncounted(array: np.ndarray) -> np.ndarray:
        """The same array."""
        return array
