"""Files that are written whole: all of a run or none of them."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import Iterable, Iterator, Sequence

from ..core.errors import InputError


@contextlib.contextmanager
def all_or_none(folder: Path, label: str) -> Iterator[Path]:
    """Give a hidden folder to write into; its files are moved into ``folder`` at the end, if nothing went wrong.

    On an error or a cancel nothing stays, not even a folder that was made for it.

    Raises:
        InputError: the folder cannot be made or a file in it cannot be replaced.
    """
    with all_or_none_in([folder], label) as partials:
        yield partials[folder]


@contextlib.contextmanager
def all_or_none_in(folders: Sequence[Path], label: str) -> Iterator[dict[Path, Path]]:
    """Do likewise for several folders: gives the hidden folder for each; their files are moved all or none."""
    missing = [place for folder in folders for place in _missing(folder)]
    try:
        with contextlib.ExitStack() as stack:
            partials: dict[Path, Path] = {}
            for folder in dict.fromkeys(folders):
                folder.mkdir(parents=True, exist_ok=True)
                made = tempfile.TemporaryDirectory(prefix=".slopecast.", suffix=".part", dir=folder)
                partials[folder] = Path(stack.enter_context(made))
            yield partials
            _move([(f, folder / f.name) for folder, partial in partials.items() for f in sorted(partial.iterdir())])
    except BaseException as error:
        _remove_empty(missing)
        if isinstance(error, OSError):
            told = ", ".join(str(folder) for folder in dict.fromkeys(folders))
            raise InputError(
                label, f"'{told}' cannot be written ({error.strerror or error})", "a folder that you may write to",
                "Choose another one; is one of its files open elsewhere?",
            ) from error  # fmt: skip
        raise


@contextlib.contextmanager
def removed_on_error(path: Path | None) -> Iterator[None]:
    """Remove a file on an error or a cancel, unless it was there before."""
    fresh = path is not None and not path.exists()
    try:
        yield
    except BaseException:
        if fresh:
            with contextlib.suppress(OSError):  # held open: the error is the one to tell
                path.unlink(missing_ok=True)
        raise


def _move(moves: Sequence[tuple[Path, Path]]) -> None:
    """Put files into their places, without the statistics of those that they replace; if one fails all is as it was."""
    done: list[tuple[Path, Path]] = []
    try:
        for made, place in moves:
            for old in (place, Path(f"{place}.aux.xml")):
                if old.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(old))
                if old.exists():
                    kept = made.with_name(f"{old.name}.old")
                    os.replace(old, kept)
                    done.append((old, kept))
            os.replace(made, place)
            done.append((made, place))
    except OSError:
        for before, after in reversed(done):
            with contextlib.suppress(OSError):  # the first error is the one to tell
                os.replace(after, before)
        raise


def _missing(folder: Path) -> list[Path]:
    """Folders that are made with ``folder``, the innermost first."""
    return [place for place in (folder.absolute(), *folder.absolute().parents) if not place.exists()]


def _remove_empty(folders: Iterable[Path]) -> None:
    for place in folders:
        with contextlib.suppress(OSError):  # not made, or not empty
            place.rmdir()
