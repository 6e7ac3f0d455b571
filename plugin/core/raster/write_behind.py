"""Writes files in a thread while the next ones are computed."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Callable

#: Writes that may wait: each holds a raster in memory.
_MOST_WAITING = 4


class WriteBehind:
    """Does calls one after another in a thread, where GDAL's compression leaves Python free for other work.

    On leaving its context all is done; an error of a call is raised by a later one, or then.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._waiting: deque[Future[Any]] = deque()

    def __enter__(self) -> WriteBehind:
        return self

    def add(self, write: Callable[..., Any], *arguments: Any) -> None:
        """Queue a call; blocks while too many are waiting."""
        self._waiting.append(self._thread.submit(write, *arguments))
        while self._waiting[0].done() or len(self._waiting) > _MOST_WAITING:
            self._waiting.popleft().result()
            if not self._waiting:
                return

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait for all calls; after an error only for the running one."""
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            for future in self._waiting:
                future.result()
