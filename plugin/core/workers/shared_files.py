"""Arrays of jobs in files of a folder shared by all workers; only their names pass through the scheduler."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
import uuid
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple, Sequence

import numpy as np

from ...text import Text
from ..errors import InputError
from ..feedback import Feedback
from .parallel import Executor, Lazy, Task

#: Smaller arrays are sent themselves [bytes].
_LEAST_BYTES = 1024
#: A file that another machine has written may take a while to be seen on a network disk.
_SEEN_AFTER_S = 30.0


class File(NamedTuple):
    """Name of a file that holds an array; folder and name apart, as all files of a job are in one folder."""

    folder: str
    name: str

    @property
    def path(self) -> Path:
        """Path of the file."""
        return Path(self.folder, self.name)


class SharingFiles(Executor):
    """Another executor, whose items and results have their arrays in files.

    Tasks get items with files in place of arrays, see :func:`opened`; :func:`taken` reads the results.

    Args:
        folder: that this process and the workers see under the same path.
    """

    def __init__(self, executor: Executor, folder: Path) -> None:
        self._executor, self.folder = executor, folder

    @property
    def workers(self) -> int:
        """Number of workers of the wrapped executor."""
        return self._executor.workers

    @property
    def items_at_once(self) -> int:
        """Number of items at a time of the wrapped executor."""
        return self._executor.items_at_once

    def run(self, task: Task, items: Sequence[Any], feedback: Feedback) -> Iterator[tuple[int, Any]]:
        """See :meth:`Executor.run`."""
        with contextlib.ExitStack() as stack:
            folder = tempfile.mkdtemp(dir=self.folder)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)  # files that nobody has requested
            inputs = _Inputs(folder)
            sent = Lazy(len(items), lambda number: (task, inputs.of(number, items[number]), folder))
            answers = self._executor.run(_perform, sent, feedback)
            stack.enter_context(contextlib.closing(answers))
            for number, found in answers:
                inputs.forget(number)
                yield number, found


class _Inputs:
    """Files of the items that are worked on; items that have an array in common share its file."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._files: dict[int, tuple[np.ndarray, File, set[int]]] = {}  # by id: the array is held, so no other gets it

    def of(self, number: int, item: Any) -> Any:
        """An item with files in place of arrays."""

        def stored(array: np.ndarray) -> File:
            if id(array) not in self._files:
                self._files[id(array)] = array, _saved(array, self._folder), set()
            self._files[id(array)][2].add(number)
            return self._files[id(array)][1]

        return _replaced(item, stored)

    def forget(self, number: int) -> None:
        """Remove the files that no other item has."""
        for key, (_, file, numbers) in list(self._files.items()):
            numbers.discard(number)
            if not numbers:
                _remove(file)
                del self._files[key]


def bytes_in_files(value: Any) -> int:
    """Bytes of the arrays of a value that are sent in files."""
    sizes: dict[int, int] = {}

    def count(array: np.ndarray) -> np.ndarray:
        sizes[id(array)] = array.nbytes
        return array

    _replaced(value, count)
    return sum(sizes.values())


def opened(value: Any) -> Any:
    """A value with the arrays of its files, mapped into memory; changes stay in this process."""
    return _replaced(value, lambda file: np.load(file.path, mmap_mode="c") if isinstance(file, File) else file)


def taken(value: Any) -> Any:
    """A result with the arrays of its files, which are removed; raises :class:`InputError` for one that is not seen."""

    def read(file: File | np.ndarray) -> np.ndarray:
        if not isinstance(file, File):
            return file
        _wait_for(file.path)
        values = np.load(file.path)
        _remove(file)
        return values

    return _replaced(value, read)


def _perform(item: tuple[Task, Any, str], feedback: Feedback) -> Any:
    """Run a task, and write the arrays of its result into files."""
    task, given, folder = item
    return _replaced(task(given, feedback), lambda array: _saved(array, folder))


def _saved(array: np.ndarray, folder: str) -> File:
    file = File(folder, f"{uuid.uuid4().hex}.npy")
    np.save(file.path, array)
    return file


def _remove(file: File) -> None:
    with contextlib.suppress(OSError):  # one that a process has mapped cannot be removed on Windows: its folder will be
        file.path.unlink()


def _replaced(value: Any, replace: Callable[[Any], Any], known: dict[int, tuple[Any, Any]] | None = None) -> Any:
    """A value with its arrays, or their files, replaced in dataclasses, mappings, lists and tuples.

    What holds none of them stays the same object; a dataclass that does is made anew without what it has derived.
    """
    known = {} if known is None else known
    if isinstance(value, (np.ndarray, File)):
        small = not isinstance(value, File) and value.nbytes < _LEAST_BYTES
        return value if small else replace(value)
    if id(value) in known:
        return known[id(value)][1]
    made = value
    if is_dataclass(value) and not isinstance(value, type):
        before = {field.name: getattr(value, field.name) for field in fields(value)}
        after = _replaced(before, replace, known)
        if after is not before:
            made = object.__new__(type(value))
            made.__dict__.update(after)
    elif isinstance(value, dict):
        after = {key: _replaced(one, replace, known) for key, one in value.items()}
        made = after if any(after[key] is not one for key, one in value.items()) else value
    elif isinstance(value, (list, tuple)):
        after = [_replaced(one, replace, known) for one in value]
        if any(new is not old for new, old in zip(after, value)):
            made = type(value)(*after) if hasattr(value, "_fields") else type(value)(after)
    known[id(value)] = value, made  # both are held, so that no other object gets the id
    return made


def _wait_for(file: Path) -> None:
    """Wait until a file is seen here; raises :class:`InputError` where it is not."""
    until = time.monotonic() + _SEEN_AFTER_S
    while not file.exists():
        if time.monotonic() > until:
            raise InputError(
                "Scheduler (SCHEDULER)", Text("the result '{}' of a worker is not accessible from this computer", file),
                "an output in a folder that all workers share with this computer", "Choose another output folder.",
            )  # fmt: skip
        time.sleep(0.1)
