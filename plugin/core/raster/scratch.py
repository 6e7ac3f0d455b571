"""Arrays of large rasters in files without a name, so that only the part in use takes memory; strips of their rows.

The files are next to the output. The system deletes them when the last array on them is gone, however the run ends.
"""

from __future__ import annotations

import contextlib
import errno
import math
import mmap
import os
import tempfile
import threading
import weakref
from contextvars import ContextVar
from pathlib import Path
from typing import Iterator

import numpy as np

from ..feedback import Feedback, check_cancelled

#: Smaller arrays are in memory [bytes].
_LEAST_BYTES = 8 * 1024**2
_PIECE = 4 * 1024**2
#: Strips of rows after which the memory of large arrays is released.
_STRIPS_HELD = 16

_FOLDER: ContextVar[str | None] = ContextVar("scratch_folder", default=None)
_FEEDBACK: ContextVar[Feedback | None] = ContextVar("feedback_of_strips", default=None)
_MAPPED: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()
_mapping = threading.Lock()  # QGIS runs algorithms in several threads at once


@contextlib.contextmanager
def scratch_in(folder: Path, feedback: Feedback) -> Iterator[None]:
    """Make the files of this thread's arrays in a folder, or in the nearest one above it that exists.

    ``feedback`` is checked for a cancel wherever this thread goes through strips.
    """
    there = next((place for place in (folder, *folder.absolute().parents) if os.path.isdir(place)), None)
    before = _FOLDER.set(None if there is None else str(there)), _FEEDBACK.set(feedback)
    try:
        yield
    finally:
        _FOLDER.reset(before[0])
        _FEEDBACK.reset(before[1])


def folder() -> str:
    """Folder of this thread's files."""
    return _FOLDER.get() or tempfile.gettempdir()


def empty(shape: tuple[int, ...], dtype: type = np.float32) -> np.ndarray:
    """An array of unknown contents, in a file where it is large and the disk has room for it."""
    made = _zeros_in_file(shape, dtype)
    return np.empty(shape, dtype) if made is None else made  # what fits into memory needs no disk


def copied(values: np.ndarray, dtype: type) -> np.ndarray:
    """A copy of values, as :func:`empty`; after a large one the memory of large arrays is released."""
    made = empty(values.shape, dtype)
    made[...] = values
    if made.nbytes >= _LEAST_BYTES:
        release()
    return made


def full(shape: tuple[int, ...], value: float, dtype: type = np.float32) -> np.ndarray:
    """An array of one value, as :func:`empty`."""
    made = _zeros_in_file(shape, dtype)
    if made is None:
        return np.full(shape, value, dtype)
    if value != 0:
        for at in releasing(range(0, shape[0], 256)):
            made[at : at + 256] = value
    return made


def _zeros_in_file(shape: tuple[int, ...], dtype: type) -> np.ndarray | None:
    """A large array of zeros, in a file; ``None`` if it is small, or does not fit on the disk."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size < _LEAST_BYTES:
        return None
    try:
        with tempfile.TemporaryFile(dir=_FOLDER.get()) as file:
            _reserve(file.fileno(), size)
            mapped = mmap.mmap(file.fileno(), size)
    except OSError:
        return None
    with _mapping:
        _MAPPED.add(mapped)
    return np.frombuffer(mapped, dtype).reshape(shape)


def releasing(strips: Iterator, every: int = 0) -> Iterator:
    """Yield strips of rows, releasing the memory of large arrays after every few. Raises :class:`Cancelled`."""
    feedback = _FEEDBACK.get()
    for number, strip in enumerate(strips, start=1):
        yield strip
        if number % (every or _STRIPS_HELD) == 0:
            release()
            if feedback is not None:
                check_cancelled(feedback)
    release()


def release() -> None:
    """Release the memory of all large arrays; their contents stay in the files."""
    if hasattr(mmap, "MADV_DONTNEED"):
        with _mapping:
            present = list(_MAPPED)
        for mapped in present:
            with contextlib.suppress(ValueError, OSError):
                mapped.madvise(mmap.MADV_DONTNEED)


def _reserve(descriptor: int, size: int) -> None:
    """Allocate a file's disk space: writing a mapped page to a full disk would kill the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    piece = bytes(_PIECE)
    for start in range(0, size, _PIECE):
        left = min(_PIECE, size - start)
        if os.write(descriptor, piece[:left]) != left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
