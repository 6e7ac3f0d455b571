"""Runs a task on many items in this process, in threads or in several processes."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager, suppress
from contextvars import copy_context
from functools import partial
from multiprocessing import spawn
from multiprocessing.connection import Connection, wait
from pathlib import Path
from queue import Empty, SimpleQueue
from types import ModuleType
from typing import Any, Callable, Iterator, Sequence

from ...text import Text
from ..errors import SlopecastError
from ..feedback import (
    Feedback,
    PartialFeedback,
    SentFeedback,
    WithoutProgress,
    check_cancelled,
    push_message,
)
from ..map_parts.threads import with_share

_CHECK_EVERY_S = 0.2  # for a cancel
_THREAD_LIMITS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_UNSENDABLE = (OSError, ValueError, EOFError)

Task = Callable[[Any, Feedback], Any]


def default_workers() -> int:
    """Default number of processes: one per core that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on Windows and macOS
        return max(1, os.cpu_count() or 1)


def can_use_processes() -> bool:
    """Whether further processes can be started here."""
    return python_executable() is not None and not multiprocessing.current_process().daemon


def python_executable() -> str | None:
    """Path of the interpreter of this Python installation; ``None`` if unknown.

    Inside QGIS ``sys.executable`` may be QGIS itself, which would open another window, or whatever Python is first on
    the search path, whose libraries do not fit. The standard library in use identifies the right one.
    """
    library = Path(os.__file__).resolve()
    given = Path(sys.executable or "")
    if _is_python(given) and library.is_relative_to(_prefix(given)):
        return str(given)
    if os.name == "posix" and len(library.parents) > 2:  # prefix/lib/python3.x/os.py
        found = library.parents[2] / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
        return str(found) if _is_python(found) else None
    return None


def _is_python(program: Path) -> bool:
    return program.name.lower().startswith("python") and program.is_file()


def _prefix(program: Path) -> Path:
    """Folder of an installation, with links of virtual environments resolved."""
    folder = program.resolve().parent
    return folder.parent if folder.name in ("bin", "Scripts") else folder


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
    """Runs a task on many items, several at a time; see :class:`Processes` and, for other machines, :mod:`.cluster`."""

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


class Processes(Executor):
    """Processes on this machine, by default one a core; with 1, or where processes cannot be used, this one."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or default_workers()

    def run(self, task: Task, items: Sequence[Any], feedback: Feedback) -> Iterator[tuple[int, Any]]:
        """See :meth:`Executor.run`; a thread waits for each process."""
        workers = min(self.workers, len(items))
        if workers <= 1 or not can_use_processes():
            yield from _run_here(task, items, feedback)
            return
        children = _Children(workers, feedback)
        try:
            yield from Threads(workers).run(partial(children.perform, task), items, feedback)
        finally:
            children.end()


def _run_here(task: Task, items: Sequence[Any], feedback: Feedback) -> Iterator[tuple[int, Any]]:
    """Run all items in this process."""
    for number, item in enumerate(items):
        check_cancelled(feedback)
        share = 100.0 / len(items)
        result = [task(item, PartialFeedback(feedback, share * number, share * (number + 1)))]
        feedback.setProgress(share * (number + 1))
        del item
        yield number, result.pop()  # removed, so that it takes no memory while the next one is computed


class Threads(Executor):
    """Threads of this process, for tasks that spend most of their time outside Python; each has its share of the cores.

    Args:
        workers: how many.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

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


def _put(messages: SimpleQueue, *message: Any) -> None:
    """Put the number of an item, and the kind and value of a message of its task."""
    messages.put(message)


class _Children:
    """Processes that each run one item at a time; items of a process that ends unexpectedly run in this one."""

    def __init__(self, workers: int, feedback: Feedback) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        usual = spawn.get_executable()
        context.set_executable(python_executable())
        self._processes: dict[Connection, Any] = {}
        self._idle: SimpleQueue[Connection] = SimpleQueue()
        self._here = threading.Lock()  # an item at a time in this process
        before = {name: os.environ.get(name) for name in _THREAD_LIMITS}
        os.environ.update(dict.fromkeys(_THREAD_LIMITS, "1"))  # the workers inherit them: a thread each
        try:
            for _ in range(workers):
                here, there = context.Pipe()
                process = context.Process(target=_work, args=(there,), daemon=True)
                with _without_main():
                    process.start()
                there.close()
                self._processes[here] = process
                self._idle.put(here)
        except OSError as error:  # continue with fewer processes, or none
            feedback.pushWarning(Text("A worker process could not be started ({}).", error))
        finally:
            context.set_executable(usual)
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value

    def perform(self, task: Task, item: Any, feedback: Feedback) -> Any:
        """Run a task in the next idle process, or in this one if none is left; as :data:`Task`."""
        while self._processes:
            check_cancelled(feedback)
            with suppress(Empty):
                connection = self._idle.get(timeout=_CHECK_EVERY_S)
                try:
                    result = _answer(connection, task, item, feedback)
                    self._idle.put(connection)
                    return result
                except _UNSENDABLE:
                    self._remove_worker(connection, feedback)
                    break
        with self._here:
            check_cancelled(feedback)
            return task(item, WithoutProgress(feedback))

    def _remove_worker(self, connection: Connection, feedback: Feedback) -> None:
        process = self._processes.pop(connection)
        connection.close()
        process.join(1.0)
        text = "A worker process ended unexpectedly (exit code {}); the main process does its work."
        feedback.pushWarning(Text(text, process.exitcode))

    def end(self) -> None:
        """Stop the processes; idle ones end by themselves."""
        for connection in self._processes:
            connection.close()
        until = time.monotonic() + _CHECK_EVERY_S
        for process in self._processes.values():
            process.join(max(until - time.monotonic(), 0.0))
            if process.is_alive():
                process.terminate()
                process.join(5.0)


def _answer(connection: Connection, task: Task, item: Any, feedback: Feedback) -> Any:
    """Send an item to a process and wait for the result; raises one of :data:`_UNSENDABLE` if the process ends."""
    connection.send((task, item))
    while True:
        while not connection.poll(_CHECK_EVERY_S):
            check_cancelled(feedback)
        kind, value = connection.recv()
        if kind == "done":
            return value
        if kind == "failed":
            raise SlopecastError(value)
        if kind == "progress":
            feedback.setProgress(value)
        push_message(feedback, kind, value)


@contextmanager
def _without_main() -> Iterator[None]:
    """Prevent a new process from running the user's script again, which multiprocessing does to find functions."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _work(connection: Connection) -> None:
    """Main loop of a worker process, until its connection is closed or its parent ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            task, item = connection.recv()
        except (EOFError, OSError):
            return
        try:
            try:
                answer = "done", task(item, SentFeedback(lambda *message: connection.send(message)))
            except SlopecastError as error:
                answer = "failed", error.args[0]
            connection.send(answer)
        except OSError:  # the parent no longer reads
            return


def _end_with_parent() -> None:
    """End this process at once when its parent has ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
