"""Measurements: each runs in a process of its own, within a time limit."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

from .machine import peak_memory, reference_seconds

#: What Python runs: a command's name and its arguments follow.
COMMANDS = Path(__file__).resolve().parents[2]
#: Calls that took longer are not repeated [s].
WORTH_REPEATING_S = 3.0
_LONGEST_REASON = 200
#: Sections whose functions measure the loading of the package too.
_LOADS_ITSELF = ("startup",)


@dataclass(frozen=True)
class Measurement:
    """One process: a function of a section's module with its arguments.

    Attributes:
        name: in the section.
        function: takes the run's folder and the arguments; returns what JSON can hold.
        arguments: by name.
        limit_s: time after which the process is ended [s].
        environment: variables that are set for the process.
    """

    name: str
    function: str
    arguments: dict[str, Any] = field(default_factory=dict)
    limit_s: float = 180.0
    environment: dict[str, str] = field(default_factory=dict)


def run_apart(section: str, measurement: Measurement, folder: Path) -> dict[str, Any]:
    """Run a measurement in a new process.

    Args:
        section: name of the module in ``benches``.
        measurement: what to run.
        folder: of the run, with the study area.

    Returns:
        What the function returned, with ``reference_s`` and ``peak_mib`` of its process; or the reason under
        ``failed``.
    """
    with tempfile.TemporaryDirectory(dir=folder) as place:
        answer, errors = Path(place) / "answer.json", Path(place) / "errors.txt"
        request = [section, measurement.function, json.dumps(measurement.arguments), str(folder), str(answer)]
        with errors.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, str(COMMANDS), "bench", "--measure", *request], start_new_session=True,
                env={**_environment(), **measurement.environment}, stdout=subprocess.DEVNULL, stderr=stream,
            )  # fmt: skip
            try:
                status = process.wait(measurement.limit_s)
            except subprocess.TimeoutExpired:
                return {"failed": f"not done after {measurement.limit_s:g} s"}
            finally:
                _end(process)
        if status == 0 and answer.exists():
            return json.loads(answer.read_text(encoding="utf-8"))
        lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return {"failed": shortened(lines[-1]) if lines else f"exit status {status}"}


def _environment() -> dict[str, str]:
    """As users have it: Python may keep what it compiles, and threads wait as usual, whatever this machine sets."""
    unlike_users = {"PYTHONDONTWRITEBYTECODE", "OMP_WAIT_POLICY"}
    return {name: value for name, value in os.environ.items() if name not in unlike_users}


def shortened(text: str) -> str:
    """The first part of a message that may be a whole page."""
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}..."


def _end(process: subprocess.Popen) -> None:
    """End a process that still runs, and those that it has started."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own
    else:
        process.kill()
    process.wait()


def measure(section: str, function: str, arguments: str, folder: str, answer: str) -> None:
    """In the new process: call the function between two reference jobs and write the answer."""
    before = reference_seconds()
    if section not in _LOADS_ITSELF:
        importlib.import_module("checkout")  # registers the package
    module = importlib.import_module(f"{__package__}.{section}")
    found = getattr(module, function)(Path(folder), **json.loads(arguments))
    found = {**found, "reference_s": min(before, reference_seconds()), "peak_mib": peak_memory()}
    Path(answer).write_text(json.dumps(found), encoding="utf-8")


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def repeated(work: Callable[[], object], repeats: int = 3) -> list[float]:
    """Seconds of some calls; of one, where it takes long."""
    seconds = [timed(work)]
    while len(seconds) < repeats and seconds[0] <= WORTH_REPEATING_S:
        seconds.append(timed(work))
    return seconds
