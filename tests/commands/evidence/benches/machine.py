"""The machine that is measured: its processor, versions, load and memory, and the reference job."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from importlib import metadata
from pathlib import Path

import numpy as np

#: Load average above which the report states that its times are too long.
BUSY = 0.5
#: In /proc/cpuinfo: what tells processors of one name apart, on x86 and on ARM.
_PROPERTIES = ("cpu family", "model", "stepping", "CPU implementer", "CPU part", "CPU variant")
_REFERENCE_CELLS, _REFERENCE_PASSES, _REFERENCE_REPEATS = 2**18, 10, 20


def processor() -> str:
    """Name of the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def hardware(root: Path = Path("/")) -> str:
    """What tells processors of one name apart: family, model, stepping and size of the last cache.

    Virtual machines on processors of different generations may all have the same name.

    Args:
        root: of the file system.
    """
    info, found = root / "proc" / "cpuinfo", {}
    for line in info.read_text(encoding="utf-8").splitlines() if info.exists() else []:
        name, _, value = line.partition(":")
        if name.strip() in _PROPERTIES:
            found.setdefault(name.strip().removeprefix("cpu ").removeprefix("CPU "), value.strip())
    if not found:
        return platform.processor() or platform.machine()
    for cache in sorted((root / "sys/devices/system/cpu/cpu0/cache").glob("index*")):
        if (cache / "size").exists():  # their order is that of the levels
            found["last cache"] = (cache / "size").read_text(encoding="ascii").strip()
    return ", ".join(f"{name} {value}" for name, value in found.items())


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load() -> float:
    """Processes that have been running in the last minute; 0 where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that compute, as far as they are installed."""
    found = {"Python": platform.python_version()}
    for name in ("numpy", "numba", "torch", "GDAL"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "none"
    return found


def machine() -> list[str]:
    """Processor, cores, versions and a warning where the machine is busy, as lines."""
    lines = [
        f"{processor()}, {cores()} cores",
        ", ".join(f"{name} {version}" for name, version in versions().items()),
    ]
    return [*lines, busy_warning(load())] if load() > BUSY else lines


def busy_warning(average: float) -> str:
    """Statement of a report on a load average at its start."""
    return f"Warning: the load average was {average:.1f} at the start. The machine was busy; the times are too long."


def peak_memory() -> float:
    """Peak resident memory of this process so far [MiB]."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count the parent's memory at the start of this process
        lines = [line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM")]
        return float(lines[0].split()[1]) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def free_memory() -> float:
    """Memory that a process may still have [GiB]; infinite where the system does not say."""
    info = Path("/proc/meminfo")
    lines = info.read_text(encoding="ascii").splitlines() if info.exists() else []
    return next((float(x.split()[1]) / 1024**2 for x in lines if x.startswith("MemAvailable")), float("inf"))


def reference_seconds() -> float:
    """Least time of the reference job, on one thread [s]: the unit in which runs on one machine are compared.

    It is 10 passes of exp, multiply and add over 262,144 numbers in double precision, by numpy.
    """
    values, out = np.linspace(-1.0, 1.0, _REFERENCE_CELLS), np.empty(_REFERENCE_CELLS)
    return min(_reference_job(values, out) for _ in range(_REFERENCE_REPEATS))


def _reference_job(values: np.ndarray, out: np.ndarray) -> float:
    began = time.perf_counter()
    for _ in range(_REFERENCE_PASSES):
        np.exp(values, out=out)
        np.multiply(out, values, out=out)
        np.add(out, values, out=out)
    return time.perf_counter() - began
