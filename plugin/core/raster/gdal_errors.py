"""GDAL's exceptions as errors of ours."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Callable, Iterator

from ..errors import SlopecastError


@contextmanager
def raising(error: Callable[[], SlopecastError]) -> Iterator[None]:
    """Raise an error where GDAL raises a RuntimeError: QGIS 3.40, and other plugins, switch its exceptions on.

    Args:
        error: makes it, which is also to be raised where GDAL returns a code instead.
    """
    try:
        yield
    except RuntimeError as found:
        raise error() from found
