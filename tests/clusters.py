"""A dask scheduler with worker processes on loopback, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

import pytest

distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed (requirements-dev.txt)")


@contextlib.contextmanager
def processes(folder: Path, workers: int) -> Iterator[str]:
    """A scheduler with worker processes, which know nothing of Slopecast; gives its address."""
    environment = {**os.environ, "PYTHONPATH": ""}
    file = folder / "scheduler.json"
    loopback = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    commands = [["distributed.cli.dask_scheduler", "--port", "0", *loopback]]
    if workers:
        worker = ["--nworkers", str(workers), "--nthreads", "1", "--local-directory", str(folder)]
        commands.append(["distributed.cli.dask_worker", *loopback, *worker])
    with open(folder / "log", "w") as log:
        started = [
            subprocess.Popen([sys.executable, "-m", *command], cwd=folder, env=environment, stderr=log)
            for command in commands
        ]
    try:
        until = time.monotonic() + 60.0
        while not file.exists() and time.monotonic() < until:
            time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        if workers:
            with distributed.Client(address, timeout=30.0, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=60)
        yield address
    finally:
        for process in started[::-1]:
            process.terminate()
        for process in started[::-1]:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
