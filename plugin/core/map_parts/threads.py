"""Work on parts of large maps in a few threads: numpy lets others run while it computes."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from itertools import islice
from typing import Any, Callable, Iterable, Iterator, TypeVar

Item, Found = TypeVar("Item"), TypeVar("Found")
#: Most threads: more would wait for Python's global interpreter lock between numpy calls.
_MOST = 4
_limit = {"threads": 0}  # 0: as many as there are
#: How many tasks share the cores with this one, itself included.
_TASKS: ContextVar[int] = ContextVar("tasks", default=1)


def limit_threads(most: int) -> None:
    """Limit the number of threads of this process."""
    _limit["threads"] = most


def thread_limit(cores: int) -> int:
    """Threads that may run where so many cores are there: of several tasks at once each has its share."""
    return max(min(cores, _limit["threads"] or cores) // _TASKS.get(), 1)


def with_share(tasks: int, function: Callable[..., Found], *arguments: Any) -> Found:
    """Call a function as one of so many tasks that run at once; in a context of its own."""
    _TASKS.set(tasks * _TASKS.get())
    return function(*arguments)


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
                    waiting.append((item, pool.submit(copy_context().run, with_share, threads, function, item)))
                    if len(waiting) > threads + 1:  # one waits for a thread while the caller works on a result
                        done, found = waiting.popleft()
                        yield done, found.result()
            while waiting:
                done, found = waiting.popleft()
                yield done, found.result()
        finally:
            for _, left in waiting:
                left.cancel()


def _threads() -> int:
    given = os.environ.get("NUMBA_NUM_THREADS", "")
    cores = int(given) if given.isdigit() else os.cpu_count() or 1
    return max(1, min(thread_limit(cores), _MOST))
