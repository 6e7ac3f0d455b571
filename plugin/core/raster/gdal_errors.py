"""GDAL's options, messages, and exceptions, which QGIS 3.40 and other plugins switch on."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager, suppress
from typing import Callable, Iterator

from osgeo import gdal

from ..errors import SlopecastError

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
