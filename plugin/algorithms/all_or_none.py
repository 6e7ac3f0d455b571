"""Files that are written whole: all of a run or none of them."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
import tempfile
from pathlib import Path
from typing import Iterable, Iterator, Mapping, Sequence

from ..core.errors import InputError
from ..text import Text


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
            raise _unwritable(label, ", ".join(str(folder) for folder in dict.fromkeys(folders)), error) from error
        raise


def write_texts(texts: Mapping[Path, str], label: str) -> None:
    """Write text files, all or none; raises :class:`InputError`."""
    with all_or_none_in([path.parent for path in texts], label) as partials:
        for path, text in texts.items():
            (partials[path.parent] / path.name).write_text(text, encoding="utf-8")


@contextlib.contextmanager
def as_before_on_error(path: Path | None, label: str) -> Iterator[None]:
    """Let a table be written in its place, which QGIS does itself; on an error or a cancel all is as it was.

    A table may be several files of one name (a shapefile's); those that were there come back, others go, and so do
    folders that were made for it.

    Raises:
        InputError: the folder cannot be made or what is in it cannot be kept.
    """
    if path is None:
        yield
        return
    missing = _missing(path.parent)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".slopecast.", suffix=".old", dir=path.parent) as aside:
            kept = [(place, Path(aside) / place.name) for place in _files_of(path)]
            for place, copy in kept:
                shutil.copy2(place, copy)
            try:
                yield
            except BaseException:
                with contextlib.suppress(OSError):  # held open: the error is the one to tell
                    for place in set(_files_of(path)) - {place for place, _ in kept}:
                        place.unlink()
                    for place, copy in kept:
                        os.replace(copy, place)
                raise
    except BaseException as error:
        _remove_empty(missing)
        if isinstance(error, OSError):
            raise _unwritable(label, path.parent, error) from error
        raise


def _files_of(table: Path) -> list[Path]:
    """The files that a table consists of: a shapefile's, with the names that QGIS gives them, a database's journals."""
    places = [table, table.with_suffix(".qmd"), *(Path(f"{table}{end}") for end in ("-wal", "-shm", "-journal"))]
    if table.suffix.lower() in (".shp", ".dbf"):
        places += [table.with_suffix(suffix) for suffix in (".dbf", ".shp", ".shx", ".cpg", ".prj")]
        places += table.parent.glob(f"{glob.escape(table.name)}.*")  # to x.dbf QGIS adds another .dbf
    return [place for place in dict.fromkeys(places) if place.is_file()]


def _unwritable(label: str, folders: object, error: OSError) -> InputError:
    return InputError(
        label, Text("'{}' cannot be written ({})", folders, error.strerror or error), "a folder that you may write to",
        "Choose another one; is one of its files open elsewhere?",
    )  # fmt: skip


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
