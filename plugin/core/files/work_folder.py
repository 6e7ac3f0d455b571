"""Hidden work folders next to results: marked, locked while in use, and recognized afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator

from ...text import Text
from ..errors import InputError
from .lock import FileLock
from .whole import read_object

_PREFIX, _OWNER, _PROGRAM = ".slopecast.", "owner.json", "Slopecast"
#: Name of the work folder of runs that fill a whole folder: one at a time.
RUN = "run"
HIDDEN = f"{_PREFIX}{RUN}"
_TRIES, _TRY_AGAIN_S = 20, 0.02


@dataclass
class WorkFolder:
    """A hidden folder next to results, locked as long as this process works in it.

    Results are written into :attr:`results` and moved by :func:`.atomic.atomic_write`; whatever a later run may take
    over is kept in other folders within :attr:`path`.

    Attributes:
        target: the folder that the results are for.
        path: the hidden folder.
        lock: of this run.
        keep: leave the folder for a later run, see :func:`.atomic.one_run_in`.
    """

    target: Path
    path: Path
    lock: FileLock
    keep: bool = False

    @classmethod
    def make(cls, target: Path, name: str = "", label: str = "Output folder") -> WorkFolder:
        """Make a hidden folder, or reuse the one of this name from an earlier run.

        Args:
            target: folder of the results; it exists.
            name: fixed name, which one run at a time can have; empty for a folder of its own.
            label: of the output, for the error.

        Raises:
            InputError: another run works under this name, or the name belongs to something that is not ours.
            OSError: the folder cannot be made.
        """
        for _ in range(_TRIES):
            path = target / f"{_PREFIX}{name or os.urandom(6).hex() + '.part'}"
            if path.is_symlink() or (path.exists() and not _is_ours(path)):
                raise _foreign_error(path, label)
            path.mkdir(exist_ok=bool(name))
            try:
                lock = FileLock(path / _OWNER)
            except FileNotFoundError:  # another run took the empty folder for a leftover
                continue
            except BlockingIOError:  # for a moment while another run looks for leftovers
                time.sleep(_TRY_AGAIN_S)
                continue
            if lock.is_current:
                work = cls(target, path, lock)
                try:
                    return work._prepare()
                except OSError:
                    work.remove()
                    raise
            lock.release()
        raise _in_use_error(target, path, label)

    def _prepare(self) -> WorkFolder:
        """Mark the folder, and drop results that an earlier run has not finished."""
        started = datetime.now(timezone.utc).isoformat(timespec="seconds")
        mark = {"program": _PROGRAM, "process": os.getpid(), "host": platform.node(), "started": started}
        self.lock.write(json.dumps(mark).encode("utf-8"))
        shutil.rmtree(self.results, ignore_errors=True)
        self.results.mkdir()
        return self

    @property
    def results(self) -> Path:
        """Folder of the files to move to the target."""
        return self.path / "results"

    def release(self) -> None:
        """Keep the folder and its files for a later run."""
        self.lock.release()

    def remove(self) -> None:
        """Remove the folder; the mark goes last, so that whatever a kill leaves is recognized."""
        remove_work_folder(self.path, self.lock)


def remove_work_folder(path: Path, lock: FileLock) -> None:
    """Remove a work folder whose lock is held; what cannot be removed is left to the next run."""
    with contextlib.suppress(OSError):  # the run's results or its own error count, not this one
        if lock.is_current:  # else somebody has removed it, and what has its name may be another run's
            _remove_contents(path, lock)
    lock.release()


def _remove_contents(path: Path, lock: FileLock) -> None:
    """Remove the folders first, so that a journal is the last to be read, and then the mark with the folder."""
    for inner in sorted(path.iterdir(), key=lambda inner: inner.is_file()):
        if inner.is_dir() and not inner.is_symlink():
            shutil.rmtree(inner, ignore_errors=True)
        elif inner.name != _OWNER:
            with contextlib.suppress(OSError):
                inner.unlink()
    if [inner.name for inner in path.iterdir()] == [_OWNER]:
        if os.name == "nt":  # an open file cannot be deleted there
            lock.release()
        (path / _OWNER).unlink()
        path.rmdir()


def left_folders(target: Path) -> Iterator[tuple[Path, FileLock]]:
    """Yield the work folders in a target whose processes have ended, each locked; the caller releases the lock.

    Folders that are not marked as ours, that a live process works in or that were made on another computer are passed
    over.
    """
    for path in sorted(target.glob(f"{_PREFIX}*")):
        if path.is_symlink() or not path.is_dir() or not _is_ours(path):
            continue
        try:
            lock = FileLock(path / _OWNER)
        except OSError:  # in use, or not ours to write
            continue
        here = platform.node()
        if lock.supported and lock.is_current and read_object(path / _OWNER).get("host", here) == here:
            yield path, lock
        else:
            lock.release()


def is_kept(path: Path) -> bool:
    """Whether a work folder holds something for a later run: its name is a fixed one."""
    return not path.name.endswith(".part")


def _is_ours(path: Path) -> bool:
    """Whether a folder is marked, or a kill has left it before it was: nothing is in it but a mark that is cut."""
    if not path.is_dir():
        return False
    if read_object(path / _OWNER).get("program") == _PROGRAM:
        return True
    return all(inner.name == _OWNER and _is_cut_mark(inner) for inner in path.iterdir())


def _is_cut_mark(file: Path) -> bool:
    begin = json.dumps({"program": _PROGRAM})[:-1].encode("utf-8")
    with contextlib.suppress(OSError):
        found = file.read_bytes()
        return begin.startswith(found) or found.startswith(begin)
    return False


def _in_use_error(target: Path, path: Path, label: str) -> InputError:
    mark = read_object(path / _OWNER)
    who = Text("process {} on {}, since {} UTC", *(mark.get(key, "?") for key in ("process", "host", "started")))
    return InputError(
        label, Text("another run of Slopecast is writing to '{}' ({})", target, who), "one run at a time",
        "Wait until it has ended, or choose another output.",
    )  # fmt: skip


def _foreign_error(path: Path, label: str) -> InputError:
    return InputError(
        label, Text("'{}' was not made by Slopecast, which uses this name for temporary files", path),
        "a folder that does not contain it", "Rename it, or choose another output.",
    )  # fmt: skip
