"""Code that runs on a worker of a cluster; it needs numpy and the core, neither QGIS nor GDAL.

The package comes as a zip that is sent to every worker, see :mod:`.cluster`.
"""

from __future__ import annotations

import importlib.util
import pkgutil
import sys
import threading
import time
import zlib
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import Cancelled, SlopecastError
from ..feedback import MESSAGES, SentFeedback
from ..map_parts.threads import limit_threads
from ..physics import compiling
from .parallel import Task

PACKAGE = __name__.split(".", maxsplit=1)[0]
#: File in the shared folder that exists during the run.
MARKER = "running"
_CHECK_EVERY_S = 0.5  # for the marker
#: Compiled kernels of one process must not run in several threads at a time: each job has all of a worker's threads.
_one_at_a_time = threading.Lock()


def perform(task: Task, item: Any, folder: str) -> tuple[str, Any, list[tuple[str, Any]]]:
    """Run a task on one item; the folder is shared with the client, who removes it when it wants no result any more.

    Returns:
        (``done``, ``failed`` or ``stopped``; result or text of the error; messages for the log).
    """
    from distributed import get_worker

    messages: list[tuple[str, Any]] = []
    looked = time.monotonic()

    def keep(kind: str, value: Any) -> None:
        if kind in MESSAGES:  # the client counts finished items instead of their progress
            messages.append((kind, value))

    def is_cancelled() -> bool:
        nonlocal looked
        if time.monotonic() - looked < _CHECK_EVERY_S:
            return False
        looked = time.monotonic()
        return not (Path(folder) / MARKER).exists()

    with _one_at_a_time:
        limit_threads(get_worker().state.nthreads)
        try:
            return "done", task(item, SentFeedback(keep, is_cancelled)), messages
        except Cancelled:
            return "stopped", None, messages
        except SlopecastError as error:
            return "failed", error.args[0], messages


def environment(folder: str, token: str) -> dict[str, Any]:
    """Versions that must match on all workers, and whether this one can write to the shared folder.

    Returns:
        ``slopecast`` version, ``modules`` (checksum of each loaded one's source), ``numpy``, ``compiled``, ``torch``
        (version, or ``None``), ``sees`` and ``writes``.
    """
    return {
        "slopecast": plugin_version(), "modules": checksums(loaded_modules()), "numpy": np.__version__,
        "compiled": compiling.compiled(), "torch": _torch(), "sees": _reads_marker(Path(folder), token),
        "writes": _writes(Path(folder)),
    }  # fmt: skip


def plugin_version() -> str:
    """Version of the package, from its metadata."""
    data = pkgutil.get_data(PACKAGE, "metadata.txt") or b""
    lines = (line.partition("=") for line in data.decode("utf-8").splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == "version"), "unknown")


def loaded_modules() -> list[str]:
    """Names of the package's modules that this process has loaded, below the package's own name."""
    return [name.partition(".")[2] for name in sys.modules if name.startswith(f"{PACKAGE}.")]


def checksums(names: list[str]) -> dict[str, int]:
    """CRC-32 of the source of some of the package's modules; -1 of one that is not there."""
    return {name: _checksum(f"{PACKAGE}.{name}") for name in names}


def _checksum(name: str) -> int:
    try:
        spec = importlib.util.find_spec(name)
        source = spec.loader.get_source(name) if spec is not None and spec.loader is not None else None
    except (ImportError, OSError, ValueError):
        source = None
    return -1 if source is None else zlib.crc32(source.encode("utf-8"))


def _torch() -> str | None:
    try:
        return installed_version("torch")
    except PackageNotFoundError:
        return None


def _reads_marker(folder: Path, token: str) -> bool:
    try:
        return (folder / MARKER).read_text(encoding="ascii") == token
    except (OSError, ValueError):
        return False


def _writes(folder: Path) -> bool:
    try:
        probe = folder / f"probe-{id(folder)}-{time.monotonic_ns()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True
