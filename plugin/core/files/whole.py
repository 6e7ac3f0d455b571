"""Writes single files completely: flushed and checked, or moved into place in one step."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import threading
import time
import unicodedata
from pathlib import Path
from typing import Any, Iterator

from ...text import Text
from ..errors import InputError

#: Errors of a disk or a quota that has no room left.
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))
#: Message of numpy for an array that was written incompletely.
_NUMPY_CUT = "requested and"
#: Waits before further tries to move a file on Windows [s].
_TRY_AGAIN_S = (0.05, 0.1, 0.2, 0.4, 0.8)


def write_text(path: Path, text: str) -> None:
    """Write a text file as UTF-8 and flush it to the disk, for a hidden folder whose files are moved later.

    Raises:
        OSError: it cannot be written to its end.
    """
    content = text.encode("utf-8")
    with path.open("wb") as file:
        file.write(content)
    flush(path, len(content))


def read_object(path: Path) -> dict[str, Any]:
    """Read the JSON object that a file of ours holds; empty where it is missing or was not written to its end."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def flush(path: Path, size: int | None = None) -> None:
    """Flush a written file to the disk.

    Args:
        path: of the file.
        size: that it must have [bytes]; ``None`` for any.

    Raises:
        OSError: the disk has no room for it.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        found = os.fstat(file.fileno()).st_size
    if size is not None and found != size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def replace_file(source: Path, target: Path) -> None:
    """Give a file another name; one that has it is replaced.

    Windows refuses that while a virus scanner or a synchronizing program has one of them open, usually for a moment.

    Raises:
        OSError: it cannot be moved.
    """
    for wait in _TRY_AGAIN_S if sys.platform == "win32" else ():
        try:
            os.replace(source, target)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    os.replace(source, target)


def identity_of(path: str | os.PathLike[str]) -> str:
    """A path as a text that all names of a file have in common, links among them, whether or not it exists.

    Windows and macOS do not tell upper from lower case, macOS does not tell composed accents from others.
    """
    real = os.path.realpath(path)
    return real if sys.platform not in ("win32", "darwin") else unicodedata.normalize("NFC", real).casefold()


def is_held_open(path: Path) -> bool:
    """Whether something has a file open, so that Windows would not replace it; other systems do."""
    if sys.platform != "win32" or not os.path.isfile(path):
        return False
    try:
        os.rename(path, path)  # needs the right to remove it, which GDAL and Python share with nobody
    except PermissionError:
        return True
    return False


@contextlib.contextmanager
def replacing(path: Path, folder: Path | None = None) -> Iterator[Path]:
    """Write a temporary file that is flushed and then replaces ``path`` in one step.

    For files that are complete one by one, such as the shards of a data set, a checkpoint or a kept row. Results that
    belong together are written in :func:`.atomic.atomic_write`.

    Args:
        path: to replace.
        folder: hidden folder of ours, on the same disk, for the unfinished file; where it is ``None`` or missing the
            file is next to ``path``.

    Raises:
        OSError: it cannot be written.
    """
    folder = folder if folder is not None and folder.is_dir() else path.parent
    partial = folder / f".{os.getpid()}.{threading.get_ident()}.{path.name}"
    try:
        yield partial
        flush(partial)
        replace_file(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


def flush_folder(folder: Path) -> None:
    """Flush the names of a folder to the disk, where the system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def nearest_existing(path: Path) -> Path:
    """The path itself if it exists, else the nearest folder above it that does."""
    return next(place for place in (path, *path.absolute().parents) if os.path.exists(place))


def unwritable(label: str, where: object, error: OSError) -> InputError:
    """The error of an output that cannot be written; earlier files of its name are as they were.

    Args:
        label: name of the output.
        where: its file or folder.
        error: of the system.
    """
    if error.errno in _FULL or _NUMPY_CUT in str(error):
        return InputError(
            label, Text("'{}' could not be written completely: the disk is full", where),
            "a folder on a disk with enough free space, within your quota",
            "Free some space or choose another folder. Earlier files of these names are unchanged.",
        )  # fmt: skip
    return InputError(
        label, Text("'{}' cannot be written ({})", where, error.strerror or error), "a folder that you can write to",
        "Choose another folder, or close files in it that are open in other programs.",
    )  # fmt: skip
