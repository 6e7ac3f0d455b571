"""GDAL's options, messages, and exceptions, which QGIS 3.40 and other plugins switch on."""

from __future__ import annotations

import errno
import os
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Callable, Iterator, Sequence

from osgeo import gdal

from ...text import Text
from ..errors import InputError, SlopecastError
from ..files.whole import unwritable

_setting = threading.Lock()
#: Threads that have set an option, by its name, and its value before.
_users: Counter[str] = Counter()
_before: dict[str, str | None] = {}


@contextmanager
def raising(error: Callable[[], SlopecastError]) -> Iterator[None]:
    """Raise an error where GDAL raises a RuntimeError.

    Args:
        error: makes it, which is also to be raised where GDAL returns a code instead.
    """
    gdal.ErrorReset()  # its last message is that of this block
    try:
        yield
    except RuntimeError as found:
        raise error() from found


@contextmanager
def writing(label: str, shown: object, folder: Path | None = None) -> Iterator[Callable[[], InputError]]:
    """Collect what GDAL reports while a file is written, and raise it where GDAL raises a RuntimeError.

    Args:
        label: name of the output.
        shown: its file, for the error.
        folder: hidden folder that the error does not name.

    Yields:
        a function that makes the error, to be raised where GDAL returns a code instead.
    """
    failures: list[str] = []  # the first one is the cause of the others
    gdal.PushErrorHandler(lambda kind, _, text: failures.append(text) if kind >= gdal.CE_Failure else None)
    gdal.ErrorReset()
    try:
        yield lambda: unwritten(label, shown, folder, failures)
    except RuntimeError as found:
        raise unwritten(label, shown, folder, [*failures, str(found)]) from found
    finally:
        gdal.PopErrorHandler()


def unwritten(label: str, shown: object, folder: Path | None, messages: Sequence[str]) -> InputError:
    """The error of a file that is not written, by messages about it, the first of which counts; see :func:`writing`."""
    numbers = (number for text in messages for number in errno.errorcode if os.strerror(number) in text)
    reason = next(numbers, errno.ENOSPC if any("disk is full" in text for text in messages) else None)
    if reason is not None:
        return unwritable(label, shown, OSError(reason, os.strerror(reason)))
    message = next(filter(None, messages), "").rpartition("failed: ")[2].replace(f"{folder}{os.sep}", "")
    return InputError(
        label,
        Text("'{}' could not be written completely: {}", shown,
             message or Text("it does not read back as it was written")),
        "a file that you can write to, on a disk with enough free space",
        "Is the disk full, or the file open elsewhere? Choose another file. Earlier files are unchanged.",
    )  # fmt: skip


@contextmanager
def quiet(*others: type[Exception]) -> Iterator[None]:
    """End a block where GDAL raises a RuntimeError, or one of other exceptions, and show none of its messages."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        with suppress(RuntimeError, *others):
            yield
    finally:
        gdal.PopErrorHandler()


@contextmanager
def option(name: str, value: str) -> Iterator[None]:
    """Set an option of GDAL for this thread, for a while; before GDAL 3.4, as in QGIS on macOS, for all threads."""
    if not hasattr(gdal, "SetThreadLocalConfigOption"):
        yield from _option_of_all_threads(name, value)
        return
    before = gdal.GetThreadLocalConfigOption(name)
    gdal.SetThreadLocalConfigOption(name, value)
    try:
        yield
    finally:
        gdal.SetThreadLocalConfigOption(name, before)


def _option_of_all_threads(name: str, value: str) -> Iterator[None]:
    """Set an option until the last thread that has set it is done: all set it to the same value."""
    with _setting:
        if not _users[name]:
            _before[name] = gdal.GetConfigOption(name)
            gdal.SetConfigOption(name, value)
        _users[name] += 1
    try:
        yield
    finally:
        with _setting:
            _users[name] -= 1
            if not _users[name]:
                gdal.SetConfigOption(name, _before.pop(name))


def opened(source: str, kind: int = gdal.OF_RASTER) -> gdal.Dataset | None:
    """Open a data set to read it; ``None`` where GDAL cannot.

    Args:
        source: as GDAL or QGIS writes it, which adds options to open it with: ``dem.tif|option:NUM_THREADS=2``.
        kind: of data.
    """
    name, *options = source.split("|option:")
    with quiet():
        return gdal.OpenEx(name, kind | gdal.OF_READONLY, open_options=options)
    return None
