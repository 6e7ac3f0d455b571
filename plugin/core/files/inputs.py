"""Input files that must stay as they are while a run reads them."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from pathlib import Path
from typing import Iterable, Iterator

from ...text import Text
from ..errors import InputError

_STATES: ContextVar[dict[Path, list[int] | None] | None] = ContextVar("slopecast_inputs", default=None)


class InputChanged(InputError):
    """A file was changed while it was read: the result may mix both versions."""


def state_of(file: Path) -> list[int] | None:
    """Size and time of change of a file, by which a change of it is known; ``None`` where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def states_of(files: Iterable[Path]) -> dict[Path, list[int] | None]:
    """The state of each file, for :func:`unchanged`."""
    return {file: state_of(file) for file in files}


@contextlib.contextmanager
def unchanged(states: dict[Path, list[int] | None]) -> Iterator[dict[Path, list[int] | None]]:
    """While it lasts, results of this thread are moved to their places only if some files are as they were.

    Yields the states that still hold: none once something was moved.

    Args:
        states: of the files before the first of them was read.

    Raises:
        InputChanged: at the end of a run that has moved nothing, one of the files has changed.
    """
    left = dict(states)
    before = _STATES.set(left)
    try:
        yield left
        check_unchanged()
    finally:
        _STATES.reset(before)


def check_unchanged(*, once: bool = False) -> None:
    """Compare the files of :func:`unchanged` with their states; with ``once`` they may change from now on.

    Raises:
        InputChanged: one was removed, cut, written to or replaced.
    """
    states = _STATES.get() or {}
    for file, state in states.items():
        if state_of(file) != state:
            raise InputChanged(
                "Input files", Text("'{}' was changed or removed during the run", file),
                "files that stay as they are until the run has ended",
                "Nothing was written: run again when the file is complete.",
            )  # fmt: skip
    if once:
        states.clear()
