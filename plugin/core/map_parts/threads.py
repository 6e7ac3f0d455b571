"""Work on parts of large maps in a few threads: numpy lets others run while it computes."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from itertools import islice
from typing import Callable, Iterable, Iterator, TypeVar

Item, Found = TypeVar("Item"), TypeVar("Found")
#: Most threads: more would wait for Python's global interpreter lock between numpy calls.
_MOST = 4
_limit = {"threads": 0}  # 0: as many as there are
#: Whether the work at hand has one thread, because others are at the same kind of work beside it.
_alone: ContextVar[bool] = ContextVar("one thread", default=False)


def limit_threads(most: int) -> None:
    """Limit the number of threads of this process."""
    _limit["threads"] = most


def thread_limit(cores: int) -> int:
    """Threads that may run where so many cores are there."""
    return 1 if _alone.get() else min(cores, _limit["threads"] or cores)


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Let what is done inside take no other threads, since these have work of their own."""
    token = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(token)


def in_threads(
    function: Callable[[Item], Found], items: Iterable[Item], threads: int = 0
) -> Iterator[tuple[Item, Found]]:  # fmt: skip
    """Yield (item, ``function(item)``) in the order of the items, of which a few are worked on at once.

    Args:
        function: for several threads, with what belongs to the caller's context.
        items: read when a thread can take one.
        threads: how many; 0 takes as many as suit numpy.
    """
    items = iter(items)
    first = list(islice(items, 2))
    threads = (threads or _threads()) if len(first) > 1 else 1
    if threads == 1:
        yield from ((item, function(item)) for part in (first, items) for item in part)
        return
    waiting: deque = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for part in (first, items):
                for item in part:
                    waiting.append((item, pool.submit(copy_context().run, function, item)))
                    if len(waiting) > threads:
                        done, found = waiting.popleft()
                        yield done, found.result()
            while waiting:
                done, found = waiting.popleft()
                yield done, found.result()
        finally:
            for _, left in waiting:
                left.cancel()


def _threads() -> int:
    given = os.environ.get("NUMBA_NUM_THREADS", "")  # 1 in a worker process
    cores = int(given) if given.isdigit() else os.cpu_count() or 1
    return max(1, min(thread_limit(cores), _MOST))
