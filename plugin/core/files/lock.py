"""File locks that end with their process, on all systems."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]
    import msvcrt

#: On Windows a locked byte cannot be read by others: one far behind the content is locked.
_LOCKED_BYTE = 1 << 30
_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class FileLock:
    """A lock on a file, which is made where it is missing, held until it is released or the process ends.

    It excludes other threads and processes alike. Child processes do not inherit it.

    Attributes:
        supported: False where the file system has no locks (some network folders): nothing is excluded then.

    Raises:
        BlockingIOError: another run holds the lock.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] = path.open("a+b")
        self.supported = True
        try:
            _lock(self._file)
        except BlockingIOError:
            self._file.close()
            raise
        except OSError:
            self.supported = False

    @property
    def is_current(self) -> bool:
        """Whether the locked file is still the one of this name: its last owner may have removed it meanwhile."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self.path.stat())
        except OSError:
            return False

    def write(self, content: bytes) -> None:
        """Replace the content of the file."""
        self._file.truncate(0)
        self._file.write(content)
        self._file.flush()

    def release(self) -> None:
        """Release the lock."""
        self._file.close()


def has_locks(folder: Path) -> bool:
    """Whether files in a folder can be locked; raises :class:`OSError` where none can be made."""
    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            _lock(file)
        except OSError:
            return False
    return True


def _lock(file: IO[bytes]) -> None:
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # unlike lockf it excludes threads of one process too
        return
    file.seek(_LOCKED_BYTE)
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError as error:
        if error.errno in _BUSY:
            raise BlockingIOError(error.errno, error.strerror) from error
        raise
    finally:
        file.seek(0)
