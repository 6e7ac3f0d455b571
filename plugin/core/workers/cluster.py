"""Runs tasks on the workers of a dask.distributed scheduler.

A worker needs Python, numpy of the client's version and, for networks, torch; numba makes it fast. This package is
sent to workers that do not have it. Results do not travel through the scheduler: tasks write them into a hidden folder
next to the output, which every worker must see under the same path.
"""

from __future__ import annotations

import contextlib
import importlib.util
import queue
import re
import sys
import tempfile
import threading
import time
import uuid
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, Sequence

import numpy as np

from ...text import Text
from ..errors import InputError, SlopecastError
from ..feedback import Feedback, check_cancelled, push_message
from ..files.atomic import one_run_in
from . import cluster_worker, worker_init
from .parallel import Executor, Task

if TYPE_CHECKING:
    from distributed import Client, Future

LABEL = "Scheduler (SCHEDULER)"
ALLOWED = "the address of a dask.distributed scheduler, e.g. tcp://127.0.0.1:8786, or empty for this computer"
_ADDRESS = re.compile(r"(?:tcp|tls|ws|wss)://(?:[^\s/:\[\]]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}")
_CONNECT_S = 5.0
_WORKERS_S = 5.0  # for workers that are just starting
_CHECK_EVERY_S = 0.2  # for finished jobs and a cancel
_COUNT_EVERY_S = 5.0
#: A run fails when no worker is left for so long; one that is started again needs some seconds.
_UNATTENDED_S = 60.0
#: Jobs at the scheduler for each worker: one runs, the others wait so that no worker does.
_JOBS_A_WORKER = 3
#: Times that a job is repeated after an error that is none of the user's.
_RETRIES = 2
#: What a worker needs of the package.
_SENT = ("metadata.txt", "plugin/*.py", "plugin/core/**/*.py", "plugin/ml/**/*.py")


def checked_address(address: str) -> str:
    """Return the address of a scheduler without blanks; raises :class:`InputError` if it is invalid.

    It is not contacted; but where distributed is not installed no address can be used.
    """
    address = address.strip().rstrip("/")
    if not address:
        return ""
    port = address.rpartition(":")[2]
    if not _ADDRESS.fullmatch(address) or not 0 < int(port) < 65_536:
        raise InputError(
            LABEL, Text("'{}' is not the address of a scheduler", address), ALLOWED,
            "The scheduler writes its address when it starts: 'Scheduler at: ...'.",
        )  # fmt: skip
    if importlib.util.find_spec("distributed") is None:
        from ..imports import interpreter_path

        raise InputError(
            LABEL, Text("'{}' cannot be used: the Python package distributed is not installed", address), ALLOWED,
            Text('Install it, in the version that the workers have: "{}" -m pip install distributed. Or leave the '
                 "address empty.", interpreter_path()),
        )  # fmt: skip
    return address


@contextlib.contextmanager
def cluster(address: str, place: Path, feedback: Feedback, *, needs_torch: bool = False) -> Iterator[Cluster]:
    """Connect to the workers of a scheduler, check them, and make a folder that they share with this process.

    Args:
        place: folder of the output; the hidden folder is made in it, and removed at the end.
        feedback: gets what differs on the workers and how many there are.

    Raises:
        InputError: no scheduler there, no workers, or workers that differ or do not see the folder.
    """
    address = checked_address(address)
    with one_run_in(place.absolute(), LABEL, name="") as work, contextlib.ExitStack() as stack:
        folder = work.results
        client = _connected(address)
        stack.callback(_closed, client)
        made = Cluster(client, address, folder)
        made.check(feedback, needs_torch=needs_torch)
        stack.callback((folder / cluster_worker.MARKER).unlink, missing_ok=True)  # first: jobs that still run then stop
        yield made


class Cluster(Executor):
    """The workers of a scheduler, who share a folder with this process; one job at a time on each."""

    def __init__(self, client: Client, address: str, folder: Path) -> None:
        self.address, self.folder = address, folder
        self._client = client
        self._token = uuid.uuid4().hex
        (folder / cluster_worker.MARKER).write_text(self._token, encoding="ascii")
        self.workers = 0
        self._needs_torch, self._checked = False, set()
        self._counted = self._seen = float("-inf")
        self._ended = threading.Event()  # a job has

    @property
    def items_at_once(self) -> int:
        """See :attr:`Executor.items_at_once`; the number of workers may change."""
        return _JOBS_A_WORKER * max(self.workers, 1)

    def check(self, feedback: Feedback, *, needs_torch: bool) -> None:
        """Check all workers, and send this package to them where it is missing; raises :class:`InputError`."""
        with contextlib.suppress(OSError):  # a time-out: none at all, which is reported below
            self._client.wait_for_workers(1, timeout=_WORKERS_S)
        if not self._client.nthreads():
            raise InputError(
                LABEL, Text("the scheduler at {} has no workers", self.address), "a scheduler with workers",
                Text("Start some: dask worker {} --nworkers auto --nthreads 1", self.address),
            )  # fmt: skip
        self._needs_torch = needs_torch
        found = self._environments()
        if any(not isinstance(one, dict) for one in found.values()):
            self._send_package()
            found = self._environments()
        for worker, one in sorted(found.items()):
            _check_worker(worker, one, self.folder, needs_torch=needs_torch)
        self._checked = set(found)
        uncompiled = [worker for worker, one in found.items() if not one["compiled"]]
        if uncompiled and cluster_worker.compiling.compiled():
            text = (
                "{} of {} workers run without compiled code (numba): they are slower, and values may differ in the "
                "last digits."
            )
            feedback.pushWarning(Text(text, len(uncompiled), len(found)))
        self._count()
        feedback.pushInfo(Text("Scheduler {}: {} workers.", self.address, self.workers))

    def _environments(self, workers: list[str] | None = None) -> dict[str, Any]:
        """Description of some workers or of each by its address, or an exception."""
        arguments = str(self.folder), self._token
        try:
            return self._client.run(cluster_worker.environment, *arguments, workers=workers, on_error="return")
        except Exception as error:  # of workers that cannot load the function
            return {"": error}

    def _send_package(self) -> None:
        """Send this package as a zip, which a worker that is started later gets too."""
        root = Path(sys.modules[cluster_worker.PACKAGE].__file__).parent
        files = {file.relative_to(root).as_posix(): file for pattern in _SENT for file in root.glob(pattern)}
        files["__init__.py"] = Path(worker_init.__file__)
        content = {name: files[name].read_bytes() for name in sorted(files)}
        check = zlib.crc32(repr(content).encode())
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / f"slopecast-{check:08x}.zip"
            with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in content.items():  # without times: the same code makes the same file
                    archive.writestr(zipfile.ZipInfo(f"{cluster_worker.PACKAGE}/{name}"), data, zipfile.ZIP_DEFLATED)
            self._client.upload_file(str(made))

    def run(self, task: Task, items: Sequence[Any], feedback: Feedback) -> Iterator[tuple[int, Any]]:
        """See :meth:`Executor.run`; jobs whose workers die repeatedly are done in this process."""
        running, orphans = {}, []
        following = count = 0
        try:
            while following < len(items) or running:
                check_cancelled(feedback)
                self._count()
                while following < len(items) and len(running) < self.items_at_once:
                    running[self._submit(task, items[following])] = following
                    following += 1
                for future in self._finished(running):
                    number = running.pop(future)
                    answer = self._answer(future, feedback)
                    if answer is None:
                        orphans.append(number)
                        continue
                    count += 1
                    feedback.setProgress(100.0 * count / len(items))
                    yield number, answer[0]
        finally:
            with contextlib.suppress(Exception):  # the connection may be lost: nothing is left to be stopped then
                self._client.cancel(list(running), force=True)
        self._check_new()
        for number in orphans:
            check_cancelled(feedback)
            yield number, task(items[number], feedback)

    def _submit(self, task: Task, item: Any) -> Future:
        key = f"slopecast-{uuid.uuid4().hex}"
        arguments = task, item, str(self.folder)
        future = self._client.submit(cluster_worker.perform, *arguments, key=key, pure=False, retries=_RETRIES)
        future.add_done_callback(lambda _: self._ended.set())
        return future

    def _finished(self, running: dict[Future, int]) -> list[Future]:
        """Jobs that have ended, waiting for one a moment."""
        if self._ended.wait(_CHECK_EVERY_S):
            self._ended.clear()
        if self._client.status != "running":
            raise SlopecastError(
                Text("{}: the connection to {} was lost. Nothing was written. Restart the scheduler and run again.",
                     Text(LABEL), self.address)
            )  # fmt: skip
        return [future for future in running if future.done()]

    def _answer(self, future: Future, feedback: Feedback) -> tuple[Any] | None:
        """The result of a job in a tuple; ``None`` of one whose workers died."""
        from distributed import KilledWorker

        try:
            state, value, messages = future.result()
        except KilledWorker:
            feedback.pushWarning(Text("Workers ended unexpectedly; their jobs are done by the main process instead."))
            return None
        for kind, text in messages:
            push_message(feedback, kind, text)
        if state == "failed":
            raise SlopecastError(value)
        if state == "stopped":
            raise _unseen(Text("a worker"), self.folder, Text("can no longer access"))
        return (value,)

    def _count(self) -> None:
        """Count the workers now and then; raises :class:`InputError` where none has been left for long.

        So it does for one that was started since, and would compute something else.
        """
        now = time.monotonic()
        if now - self._counted < _COUNT_EVERY_S:
            return
        self._counted, self.workers = now, self._check_new()
        if self.workers:
            self._seen = now
        elif now - self._seen > _UNATTENDED_S:
            raise InputError(
                LABEL, Text("the scheduler at {} has had no workers for {:g} s", self.address, _UNATTENDED_S),
                "a scheduler with workers", "Nothing was written. Start workers and run again.",
            )  # fmt: skip

    def _check_new(self) -> int:
        """Check the workers that were started since the last check, and return the number of all."""
        workers = list(self._client.nthreads())
        new = [worker for worker in workers if worker not in self._checked]
        for worker, one in (self._environments(new) if new else {}).items():
            if isinstance(one, dict):  # any other has just ended, or its jobs will fail
                _check_worker(worker, one, self.folder, needs_torch=self._needs_torch)
                self._checked.add(worker)
        return len(workers)


def _check_worker(worker: str, found: Any, folder: Path, *, needs_torch: bool) -> None:
    """Raise :class:`InputError` for a worker that would compute something else, or does not see the folder."""
    name = Text("the worker {}", worker) if worker else Text("a worker")
    if not isinstance(found, dict):
        raise InputError(
            LABEL, Text("{} cannot load Slopecast ({}: {})", name, type(found).__name__, found),
            "workers with Python 3.9 or later and numpy",
            Text('Install what is missing in its Python: "python -m pip install numpy=={}".', np.__version__),
        )  # fmt: skip
    own = cluster_worker.checksums(list(found["modules"]))
    version = cluster_worker.plugin_version()
    if found["slopecast"] != version or found["modules"] != own:
        raise InputError(
            LABEL,
            Text("{} has loaded another version of Slopecast ({}; here it is {})", name, found["slopecast"], version),
            "the same code on all workers, or workers without Slopecast, which are sent it",
            "Update or remove Slopecast there, and restart the scheduler and the workers: new workers get what the "
            "scheduler was sent before.",
        )  # fmt: skip
    if found["numpy"] != np.__version__:
        raise InputError(
            LABEL, Text("{} has numpy {}; here it is {}", name, found["numpy"], np.__version__), "the same version",
            Text('Install it in the worker\'s Python: "python -m pip install numpy=={}".', np.__version__),
        )  # fmt: skip
    if needs_torch and found["torch"] is None:
        raise InputError(
            LABEL, Text("{} has no torch, which the network needs", name), "workers with torch and safetensors",
            "Install them in the worker's Python, or choose the physics engine.",
        )  # fmt: skip
    if not found["sees"] or not found["writes"]:
        raise _unseen(name, folder, Text("cannot access") if not found["sees"] else Text("cannot write into"))


def _unseen(worker: Text, folder: Path, problem: Text) -> InputError:
    return InputError(
        LABEL,
        Text("{} {} the folder '{}'", worker, problem, folder.parents[1]),
        "an output in a folder that all workers see under the same path, and may write to",
        "Choose an output file or folder on a shared disk; workers on other computers cannot access a temporary "
        "output.",
    )


def _connected(address: str) -> Client:
    """Connect to a scheduler; raises :class:`InputError` where none answers.

    It is done in a thread, as a client waits for ever for a program that accepts the connection and does not answer.
    """
    from distributed import Client

    answers: queue.Queue[Any] = queue.Queue(1)

    def connect() -> None:
        try:
            answers.put(Client(address, timeout=_CONNECT_S, set_as_default=False, name="slopecast"))
        except Exception as error:  # whatever another version, another program or a network may cause
            answers.put(error)

    threading.Thread(target=connect, daemon=True).start()
    try:
        answer = answers.get(timeout=2.0 * _CONNECT_S)
    except queue.Empty as error:
        raise _no_scheduler(address, TimeoutError()) from error
    if isinstance(answer, Exception):
        raise _no_scheduler(address, answer) from answer
    return answer


def _no_scheduler(address: str, error: Exception) -> InputError:
    return InputError(
        LABEL, Text("no scheduler responds at {} within {:g} s ({})", address, _CONNECT_S, type(error).__name__),
        ALLOWED, "Check address and firewall, and that the scheduler runs: dask scheduler --port 8786. Client, "
        "scheduler and workers need the same version of distributed.",
    )  # fmt: skip


def _closed(client: Client) -> None:
    """Close a client; a client of a lost scheduler may raise errors."""
    with contextlib.suppress(Exception):
        client.close(timeout=2)
