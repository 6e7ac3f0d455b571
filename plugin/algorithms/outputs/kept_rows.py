"""Keeps the finished rows of a table in a hidden folder, so that a stopped run can be continued.

They are deleted when the run is complete, and when another run with other inputs begins in the same output folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import zlib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Sequence

from ...core.errors import Cancelled
from ...core.files.whole import read_object, replace_file, replacing, write_text
from ...text import Text, joined
from ..runs.table_rows import Row

if TYPE_CHECKING:
    import numpy as np

    from ...core.files.work_folder import WorkFolder
    from ...core.scenario import Scenario
    from ...core.terrain import Terrain
    from ..log import Log

_INPUTS = "inputs.json"
_ROWS_AT_ONCE = 256


class KeptRows:
    """The files and numbers of finished rows in a folder.

    A row's rasters are written into :attr:`folder` by their final names; :meth:`keep` then makes it count. Rows may be
    finished in any order.

    Args:
        folder: within a hidden folder of ours; made where it is missing.
        checksum: of plan and inputs, see :func:`checksum_of`; rows of other inputs are deleted.

    Attributes:
        rows: those that are finished, by name.
    """

    def __init__(self, folder: Path, checksum: str, scenarios: Sequence[Scenario], log: Log) -> None:
        self.folder = folder
        self.rows: dict[str, Row] = {}
        self._files: dict[str, list[str]] = {}  # of each row
        inputs = folder / _INPUTS
        if folder.exists() and read_object(inputs).get("checksum") != checksum:
            if any(folder.glob("*.row.json")):
                log.pushInfo("Rows of a stopped run exist, but its inputs differ: all rows are computed.")
            shutil.rmtree(folder)
        folder.mkdir(exist_ok=True)
        with replacing(inputs) as partial:
            write_text(partial, json.dumps({"checksum": checksum}))
        for scenario in scenarios:
            record = read_object(self._record(scenario.name))
            with contextlib.suppress(AttributeError, KeyError, TypeError):  # a damaged record
                if all(_crc32(folder / file) == crc for file, crc in record["files"].items()):
                    self.rows[scenario.name] = Row.of_record(scenario, record["row"])
                    self._files[scenario.name] = list(record["files"])
        if self.rows:
            log.pushInfo(
                Text("{} of {} rows are reused from the run that was stopped.", len(self.rows), len(scenarios))
            )

    def keep(self, row: Row, files: Sequence[str]) -> None:
        """Count a row as finished.

        Nothing is flushed to the disk here, which takes long for many rows: after a loss of power the checksums tell
        which files are whole.

        Args:
            files: its files in :attr:`folder`, relative; all are whole.

        Raises:
            OSError: the disk is full.
        """
        found = {"files": {file: _crc32(self.folder / file) for file in files}, "row": row.record}
        record = self._record(row.scenario.name)
        partial = record.with_name(f".{record.name}")
        partial.write_text(json.dumps(found), encoding="utf-8")
        replace_file(partial, record)
        self.rows[row.scenario.name], self._files[row.scenario.name] = row, list(files)

    def copy_to(self, results: Path) -> None:
        """Add the files of all rows to the results, as hard links where the file system has them."""
        for file in (file for files in self._files.values() for file in files):
            (results / file).parent.mkdir(exist_ok=True)
            try:
                os.link(self.folder / file, results / file)
            except OSError:
                shutil.copyfile(self.folder / file, results / file)

    def _record(self, name: str) -> Path:
        return self.folder / f"{name}.row.json"


@contextlib.contextmanager
def kept_on_error(work: WorkFolder, kept: KeptRows, count: int, log: Log) -> Iterator[None]:
    """Keep the finished rows in their hidden folder, and report it, if a run of ``count`` rows is stopped or fails."""
    try:
        yield
    except BaseException as error:
        work.keep = bool(kept.rows) and kept.folder.is_dir()
        text = Text(
            "{} of {} rows are kept in '{}': run again with the same inputs and output folder to continue, or delete "
            "that folder.", len(kept.rows), count, work.path,
        )  # fmt: skip
        if isinstance(error, Cancelled) and work.keep:
            stopped = Text("Cancelled by the user; nothing was written to the results.")
            raise Cancelled(joined(" ", (stopped, text))) from None
        if work.keep:
            log.pushWarning(text)
        raise


def checksum_of(terrain: Terrain, scenarios: Sequence[Scenario], settings: Mapping[str, Any]) -> str:
    """A checksum of all that the rows depend on: arrays by content; settings: version, solver, weights, options."""
    known: dict[int, str] = {}  # rows share their rasters

    def shown(value: Any) -> str:
        if not hasattr(value, "tobytes") or not getattr(value, "shape", ()):
            return repr(value)
        if id(value) not in known:
            known[id(value)] = digest(value)
        return known[id(value)]

    parts = [shown(terrain.elevation), shown(terrain.soil_depth), repr(terrain.grid), repr(sorted(settings.items()))]
    parts += [repr([(f.name, shown(getattr(one, f.name))) for f in fields(one)]) for one in scenarios]
    return hashlib.blake2b("\n".join(parts).encode("utf-8"), digest_size=16).hexdigest()


def weights_checksum(path: Path) -> str:
    """Checksum of a weights file; empty without one."""
    return f"{zlib.crc32(path.read_bytes()):08x}" if path.is_file() else ""


def digest(values: np.ndarray) -> str:
    """A checksum of an array."""
    found = hashlib.blake2b(digest_size=16)
    for first in range(0, len(values), _ROWS_AT_ONCE):
        found.update(values[first : first + _ROWS_AT_ONCE].tobytes())
    return found.hexdigest()


def _crc32(path: Path) -> int:
    """Checksum of a file; -1 where it cannot be read."""
    try:
        return zlib.crc32(path.read_bytes())
    except OSError:
        return -1
