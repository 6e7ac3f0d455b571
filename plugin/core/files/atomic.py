"""Moves the results of a run to their places as one set, also after an interruption.

The files are written into hidden folders next to their destinations. When all are complete, a journal in each hidden
folder lists the files to move; the set counts as written once the journal of the first folder is complete. After an
interruption the next run of any algorithm that writes into one of the folders completes the moves, see :func:`recover`.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from pathlib import Path, PurePosixPath
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence

from .inputs import check_unchanged, state_of
from .lock import FileLock
from .whole import flush, flush_folder, replace_file, unwritable, write_text
from .work_folder import RUN, WorkFolder, is_kept, left_folders, remove_work_folder

#: Greatest number of files that are flushed to the disk one by one; more would take minutes.
_MOST_FLUSHED = 200
_JOURNAL, _OLD = "journal.json", "old"
#: Statistics, pyramids, masks and names of classes of a raster, and journals of a database that would be played back
#: into another one.
_SIDECARS = (".aux.xml", ".ovr", ".msk", ".msk.ovr", ".vat.dbf", ".vat.cpg", "-wal", "-shm", "-journal")
#: Spatial indexes and the like, and the types of a table's columns, by the suffix of the file that they belong to.
_NAMED_LIKE = {".shp": (".qix", ".sbn", ".sbx", ".qpj", ".idm", ".ind"), ".csv": (".csvt",)}
#: Coordinate systems and encodings, by the suffixes of the files that may share them.
_SHARED = {".prj": (".shp", ".asc", ".bil", ".flt"), ".cpg": (".shp", ".dbf")}


class PartialFolders(dict[Path, Path]):
    """Hidden folder by output folder."""

    def path(self, file: Path) -> Path:
        """Path at which an output file is written before it is moved."""
        return self[file.parent] / file.name


@contextlib.contextmanager
def atomic_write(
    folders: Iterable[Path | None], label: str, works: Mapping[Path, WorkFolder] | None = None
) -> Iterator[PartialFolders]:
    """Write files into hidden folders next to their output folders; at the end all or none are moved.

    Missing subfolders are made within the hidden folders. After an error or a cancel, new files and folders are removed
    and earlier files are unchanged.

    Args:
        folders: output folders, created if they do not exist; ``None`` is skipped.
        label: name of the output, for errors.
        works: hidden folders that the caller has made for some of ``folders`` already, and removes or keeps.

    Yields:
        the folders to write into.

    Raises:
        InputError: a folder cannot be made, the disk is full, or a file cannot be replaced.
    """
    folders, works = [one for one in dict.fromkeys(folders) if one is not None], dict(works or {})
    try:
        with contextlib.ExitStack() as stack:  # the first folder is removed last: it holds the journal that counts
            for folder in folders:
                if folder not in works:
                    works[folder] = stack.enter_context(one_run_in(folder, label, name=""))
            yield PartialFolders({folder: works[folder].results for folder in folders})
            _commit([works[folder] for folder in folders])
    except OSError as error:
        raise unwritable(label, ", ".join(map(str, folders)), error) from error


@contextlib.contextmanager
def one_run_in(target: Path, label: str, name: str = RUN) -> Iterator[WorkFolder]:
    """Lock a hidden folder for one run at a time in a target folder, after completing an interrupted run.

    At the end it is removed, unless ``keep`` is set: then the next run finds its contents, except the results.

    Args:
        target: folder of the results; made if it is missing, and then removed if it is empty at the end.
        label: of the output, for errors.
        name: fixed name of the hidden folder; empty for one of its own, which other runs do not wait for.

    Raises:
        InputError: another run works in it, or it cannot be written, also while the caller works in the fixed one.
    """
    missing = [place for place in (target.absolute(), *target.absolute().parents) if not os.path.exists(place)]
    work = None
    try:
        target.mkdir(parents=True, exist_ok=True)
        recover(target)
        work = WorkFolder.make(target, name, label)
        yield work
    except OSError as error:
        if work is not None and not name:  # an error of the run, whose output may be another folder
            raise
        raise unwritable(label, target, error) from error
    finally:
        if work is not None and work.keep:
            _remove_journal(work.path)
            shutil.rmtree(work.results, ignore_errors=True)
            work.release()
        elif work is not None:
            work.remove()
        for place in missing:  # the innermost first
            with contextlib.suppress(OSError):  # not made, or not empty
                place.rmdir()


def write_texts(texts: Mapping[Path, str], label: str) -> None:
    """Write text files, all or none; raises :class:`InputError`."""
    with atomic_write([path.parent for path in texts], label) as partials:
        for path, text in texts.items():
            write_text(partials.path(path), text)


def recover(folder: Path) -> int:
    """Complete the moves of interrupted processes in a folder, and remove their hidden folders.

    Hidden folders with a fixed name that are kept for a later run, and folders without Slopecast's mark, stay.

    Returns:
        number of files that were moved to their places, in all folders of their sets.
    """
    moved = 0
    for path, lock in left_folders(folder):
        try:
            content = _read_journal(path)
            if content is not None:
                moved += _complete(content, path, lock)
            elif is_kept(path):
                lock.release()
            else:
                remove_work_folder(path, lock)
        finally:
            lock.release()
    return moved


class _Move(NamedTuple):
    """Move of a result to its final place.

    Attributes:
        name: relative, with slashes.
        before: size and time of change of the file that it replaces; ``None`` where there is none.
        obsolete: the same of files next to that one which belong to its old content, by name.
    """

    name: str
    before: list[int] | None
    obsolete: dict[str, list[int]]


def _commit(works: Sequence[WorkFolder]) -> None:
    """Flush all results, write the journals and move; on an error nothing has changed.

    Raises:
        OSError: a file cannot be flushed or moved.
        InputError: an input of the run was changed.
    """
    sets = [(work, _list_moves(work)) for work in works]
    if not any(moves for _, moves in sets):
        return
    check_unchanged(once=True)
    listed = [
        {"target": str(work.target.absolute()), "work": work.path.name, "moves": [move._asdict() for move in moves]}
        for work, moves in sets
    ]
    with _locked_targets(works):
        try:
            for number in reversed(range(len(works))):  # the first one counts: it comes last
                write_text(works[number].path / _JOURNAL, json.dumps({"number": number, "sets": listed}))
                flush_folder(works[number].path)
            _move(sets)
        except OSError:
            for work in works:
                with contextlib.suppress(OSError):
                    (work.path / _JOURNAL).unlink()
            raise
    for work in works:
        flush_folder(work.target)


def _list_moves(work: WorkFolder) -> list[_Move]:
    """List and flush the files to move from a folder; raises :class:`OSError` if one cannot be moved."""
    moves, files = [], sorted(path for path in work.results.rglob("*") if path.is_file())
    one_by_one = len(files) <= _MOST_FLUSHED or not hasattr(os, "sync")
    if not one_by_one:
        os.sync()
    for file in files:
        if one_by_one:
            flush(file)
        name = file.relative_to(work.results).as_posix()
        place = work.target / name
        if place.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
        moves.append(_Move(name, state_of(place), _obsolete_sidecars(work, file, place)))
    return moves


def _obsolete_sidecars(work: WorkFolder, made: Path, place: Path) -> dict[str, list[int]]:
    """Sidecar files of an earlier file that would wrongly be read with the new one."""
    sidecars = [Path(f"{place}{end}") for end in _SIDECARS]
    sidecars += [place.with_suffix(end) for end in _NAMED_LIKE.get(place.suffix.lower(), ())]
    sidecars += [place.with_suffix(end) for end, users in _SHARED.items() if _is_alone(place, users)]
    found = {old: state_of(old) for old in sidecars if not made.with_name(old.name).exists()}
    return {old.relative_to(work.target).as_posix(): state for old, state in found.items() if state is not None}


def _is_alone(place: Path, users: Sequence[str]) -> bool:
    """Whether a file is replaced that is the only one of its name with one of some suffixes."""
    own = place.suffix.lower()
    others = set(users) - ({".shp", ".dbf"} if own == ".shp" else {own})
    return own in users and place.exists() and not any(place.with_suffix(end).exists() for end in others)


@contextlib.contextmanager
def _locked_targets(works: Sequence[WorkFolder]) -> Iterator[None]:
    """Lock folders, so that other runs move no sets into them; Windows cannot lock folders."""
    if os.name != "posix":
        yield
        return
    import fcntl

    held: list[int] = []
    try:
        for folder in sorted({os.path.realpath(work.target) for work in works}):
            number = os.open(folder, os.O_RDONLY)
            held.append(number)
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(number, fcntl.LOCK_EX)  # for the few milliseconds that moves take
        yield
    finally:
        for number in held:
            os.close(number)


def _move(sets: Sequence[tuple[WorkFolder, Sequence[_Move]]]) -> None:
    """Move results to their places; if one move fails, all are undone."""
    back: list[tuple[Path, Path]] = []  # what takes the moves back, to be done from the last to the first
    try:
        for work, moves in sets:
            old = work.path / _OLD
            old.mkdir(exist_ok=True)
            for number, move in enumerate(moves):
                made, place = work.results / move.name, work.target / move.name
                place.parent.mkdir(parents=True, exist_ok=True)
                for at, name in enumerate(move.obsolete):
                    replace_file(work.target / name, old / f"{number}.{at}")
                    back.append((old / f"{number}.{at}", work.target / name))
                if move.before is not None:
                    back.append((_keep_replaced(place, old / str(number)), place))
                replace_file(made, place)
                back.append((place, made))
    except OSError:
        for now, then in reversed(back):
            with contextlib.suppress(OSError):  # the first error is the one to report
                replace_file(now, then)
        raise


def _keep_replaced(place: Path, old: Path) -> Path:
    """Give a file that will be replaced a second name, so that its own name always exists."""
    try:
        os.link(place, old)
    except OSError:  # a file system without links
        replace_file(place, old)
    return old


def _remove_journal(path: Path) -> None:
    """Remove a journal that is done and the files that were replaced."""
    with contextlib.suppress(OSError):
        (path / _JOURNAL).unlink()
    for old in (path / _OLD).glob("*"):
        with contextlib.suppress(OSError):
            old.unlink()
    with contextlib.suppress(OSError):
        (path / _OLD).rmdir()


def _read_journal(path: Path) -> dict[str, Any] | None:
    """The journal of a work folder; ``None`` where there is none, or one that was not written to its end."""
    try:
        content = json.loads((path / _JOURNAL).read_text(encoding="utf-8"))
        content["sets"] = [
            {**one, "target": str(one["target"]), "work": PurePosixPath(one["work"]).name,
             "moves": [_Move(_safe(move["name"]), move["before"], dict(move["obsolete"])) for move in one["moves"]]}
            for one in content["sets"]
        ]  # fmt: skip
        content["sets"][content["number"]]["target"] = str(path.parent)  # the folder may have been moved since
        return content
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _safe(name: Any) -> str:
    """A relative name that leads nowhere else; raises :class:`ValueError`."""
    parts = PurePosixPath(name)
    if parts.is_absolute() or ".." in parts.parts or "\\" in name or ":" in name:
        raise ValueError(name)
    return name


def _complete(content: Mapping[str, Any], path: Path, lock: FileLock) -> int:
    """Finish the set that a journal lists, or drop it where its first journal was not written; remove its folders."""
    first = content["sets"][0]
    whole = content["number"] == 0 or _read_journal(Path(first["target"]) / first["work"]) is not None
    moved, locks = 0, [(path, lock)]
    for one in content["sets"] if whole else ():
        work = Path(one["target"]) / one["work"]
        if work != path and work.is_dir():
            try:
                locks.append((work, FileLock(work / lock.path.name)))
            except OSError:  # another run is completing the same set
                continue
        moved += sum(_complete_move(work, Path(one["target"]), move) for move in one["moves"])
    for work, held in reversed(locks):
        if is_kept(work) and not whole:  # a set that is complete needs nothing more
            _remove_journal(work)
            held.release()
        else:
            remove_work_folder(work, held)
    return moved


def _complete_move(work: Path, target: Path, move: _Move) -> bool:
    """Move a result that is still hidden; a file that the user has changed since is not replaced."""
    made, place = work / "results" / move.name, target / move.name
    if not made.is_file():
        return False
    if state_of(place) not in (move.before, None):
        return False
    with contextlib.suppress(OSError):
        for name, state in move.obsolete.items():
            if state_of(target / _safe(name)) == state:
                (target / name).unlink()
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(made, place)
        return True
    return False
