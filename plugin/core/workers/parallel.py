"""Runs a task on many items, in one thread of this process or in several."""

from __future__ import annotations

import os
import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from typing import Any, Callable, Iterator, Sequence

from ..feedback import Feedback, PartialFeedback, SentFeedback, check_cancelled, push_message
from ..map_parts.threads import with_share

_CHECK_EVERY_S = 0.2  # for a cancel

Task = Callable[[Any, Feedback], Any]


def default_workers() -> int:
    """Default number of threads: one per core that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on Windows and macOS
        return max(1, os.cpu_count() or 1)


class Lazy:
    """Items that are made by number when they are needed; not a sequence, as iterating would make all of them."""

    def __init__(self, count: int, make: Callable[[int], Any]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        """Number of items."""
        return self._count

    def __getitem__(self, number: int) -> Any:
        """Make an item."""
        if not 0 <= number < self._count:
            raise IndexError(number)
        return self._make(number)


class Executor:
    """Runs a task on many items, several at a time; see :class:`Threads` and, for other machines, :mod:`.cluster`."""

    workers = 1

    @property
    def items_at_once(self) -> int:
        """Number of items that are processed, or wait at the workers."""
        return self.workers

    def run(self, task: Task, items: Sequence[Any], feedback: Feedback) -> Iterator[tuple[int, Any]]:
        """Yield (number, ``task(item, feedback)``) of every item, as they finish.

        Args:
            task: a function at the top of a module; it and the items are sent to the workers.
            items: the tasks' arguments, each read when a worker can take it: a :class:`Lazy` one is created then.
            feedback: checked for cancellation, gets the progress and the tasks' messages.

        Raises:
            Cancelled: the user cancelled the run; workers have been stopped.
            SlopecastError: of a task.
        """
        raise NotImplementedError


class Threads(Executor):
    """Threads of this process, for tasks that spend most of their time outside Python; each has its share of the cores.

    Args:
        workers: how many, by default one a core; 1 takes the caller's thread, with all cores.
    """

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or default_workers()

    def run(self, task: Task, items: Sequence[Any], feedback: Feedback) -> Iterator[tuple[int, Any]]:
        """See :meth:`Executor.run`; the next item is made when the last result has been worked on."""
        workers = min(self.workers, len(items))
        if workers <= 1:
            yield from _run_here(task, items, feedback)
            return
        messages: SimpleQueue = SimpleQueue()
        running: dict[Future, int] = {}
        shares, begun, ended = [0.0] * len(items), 0, threading.Event()
        with ThreadPoolExecutor(workers) as pool:
            try:
                while begun < len(items) or running:
                    check_cancelled(feedback)
                    while begun < len(items) and len(running) < workers:
                        part = SentFeedback(partial(_put, messages, begun), ended.is_set)
                        call = copy_context().run, with_share, workers, task, items[begun], part
                        running[pool.submit(*call)] = begun
                        begun += 1
                        del call  # the task alone holds its item
                    wait_for(running, _CHECK_EVERY_S, FIRST_COMPLETED)
                    done = next((one for one in running if one.done()), None)
                    while not messages.empty():  # also of tasks that are done
                        number, kind, value = messages.get()
                        push_message(feedback, kind, value)
                        shares[number] = max(shares[number], value) if kind == "progress" else shares[number]
                    if done is not None:
                        number, result = running.pop(done), [done.result()]
                        shares[number] = 100.0
                    feedback.setProgress(sum(shares) / len(items))
                    if done is not None:
                        done = None
                        yield number, result.pop()  # removed, so that it takes no memory while the next one is computed
            finally:
                ended.set()  # running tasks end at their next check for a cancel


def _run_here(task: Task, items: Sequence[Any], feedback: Feedback) -> Iterator[tuple[int, Any]]:
    """Run all items in the caller's thread."""
    for number, item in enumerate(items):
        check_cancelled(feedback)
        share = 100.0 / len(items)
        result = [task(item, PartialFeedback(feedback, share * number, share * (number + 1)))]
        feedback.setProgress(share * (number + 1))
        del item
        yield number, result.pop()  # removed, so that it takes no memory while the next one is computed


def _put(messages: SimpleQueue, *message: Any) -> None:
    """Put the number of an item, and the kind and value of a message of its task."""
    messages.put(message)
