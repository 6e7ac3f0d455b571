"""Chooses the device of the network and reports missing packages; torch is imported on demand."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import sys
import sysconfig
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Iterator

import numpy as np

from ..core.errors import InputError, SlopecastError
from ..core.feedback import Feedback
from ..core.imports import interpreter_path, without_garbage_collection
from ..core.map_parts.threads import thread_limit
from ..core.physics.flow.groundwater import LARGE_MAP
from ..core.windowed.memory import free_memory, return_freed_memory
from ..text import Text, as_text

if TYPE_CHECKING:
    import torch

DEVICES = ("auto", "cpu", "cuda", "mps")
_LARGEST_KEPT = (32 << 20) - (64 << 10)  # bytes; with its header such a block stays below 32 MiB
_CELLS_WORTH_THREADS = 2_000_000
_MOST_RELEASED = 2_000_000  # cells of a map
#: The GNU C library's numbers of settings; arrays beyond the last are blocks of their own [bytes].
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _LEAST_SINGLE = -1, -3, 4 << 20
#: Kinds of devices whose answers were wrong; see :mod:`.device_check`.
_refused: set[str] = set()


class TorchMissing(SlopecastError):
    """PyTorch or safetensors is not usable in this Python; the text explains how to install it."""


@dataclass(frozen=True)
class TorchStatus:
    """Whether torch and safetensors can be used.

    Attributes:
        installed: both import.
        version: torch's, or empty.
        error: what failed: not installed, or installed but broken.
        advice: what to do, with the exact command for this interpreter.
    """

    installed: bool
    version: str
    error: str
    advice: str


def torch_status() -> TorchStatus:
    """Whether torch and safetensors can be imported, and why not; never raises."""
    for name in ("torch", "safetensors"):
        try:
            found = importlib.util.find_spec(name) is not None
        except (ImportError, ValueError):
            found = False
        if not found:
            return TorchStatus(False, "", Text("{} is not installed in QGIS's Python.", name), _install_advice())
    try:
        version = str(_imported_apart("torch").__version__)
        importlib.import_module("safetensors.torch")
    except Exception as error:
        text = Text("torch is installed but does not load ({}: {}).", type(error).__name__, error)
        advice = Text(
            "On Windows install the Microsoft Visual C++ Redistributable (x64) first. Then reinstall: {}",
            _install_command(reinstall=True),
        )
        return TorchStatus(False, "", text, advice)
    return TorchStatus(True, version, "", "")


def _imported_apart(name: str) -> ModuleType:
    """Import a module in a thread that ends with it.

    The thread that first imports torch is remembered by it together with Python's state there. QGIS runs algorithms in
    threads that it uses again, with another state each time: the second run would take down QGIS (torch 2.6).
    """
    if name in sys.modules:
        return sys.modules[name]
    with without_garbage_collection(), ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(importlib.import_module, name).result()


def require_torch() -> None:
    """Raise :class:`TorchMissing` with the way out where torch cannot be used."""
    status = torch_status()
    if not status.installed:
        raise TorchMissing(
            Text(
                "The network needs PyTorch and safetensors. {} {} The physics engine runs without them.",
                as_text(status.error), as_text(status.advice),
            )
        )  # fmt: skip


def choose_device(wanted: str, feedback: Feedback) -> tuple[torch.device, str]:
    """Pick the device to run on.

    Args:
        wanted: ``auto`` takes CUDA, then MPS, then the CPU; a device that is not there falls back to the CPU
            with a warning.

    Returns:
        (device, its name and why it was taken).

    Raises:
        InputError: an unknown name.
    """
    import torch

    if wanted not in DEVICES:
        raise InputError("Device (DEVICE)", Text("'{}' is unknown", wanted), ", ".join(DEVICES))
    cuda = torch.cuda.is_available() and "cuda" not in _refused
    mps = torch.backends.mps.is_available() and "mps" not in _refused
    if wanted == "cpu":
        return torch.device("cpu"), f"{_cpu_name()}, as requested"
    if cuda and wanted in ("auto", "cuda"):
        return torch.device("cuda"), f"cuda: {torch.cuda.get_device_name(0)}"
    if mps and wanted in ("auto", "mps"):
        return torch.device("mps"), "mps: Apple GPU"
    if wanted != "auto":
        why = Text("torch finds no such device")
        if wanted in _refused:
            why = Text("it gives wrong results for a stored test scenario")
        elif wanted == "cuda" and torch.version.cuda is None:
            why = Text("this torch is built without CUDA")
        feedback.pushWarning(Text("Device '{}' is not available ({}); the CPU is used.", wanted, why))
    return torch.device("cpu"), f"{_cpu_name()}, no GPU found by torch"


def refuse(kind: str) -> None:
    """Use no device of a kind from here on; of ``cpu`` its half precision alone."""
    _refused.add(kind)


def half_precision(device: torch.device) -> tuple[torch.dtype, str]:
    """The precision in which convolutions run fastest on a device without loss of range, and its name for the log."""
    import torch

    if device.type == "cuda":  # NVIDIA's cards before that only emulate it, which is slow
        fast = torch.version.hip is not None or torch.cuda.get_device_capability(device)[0] >= 8
    else:
        fast = device.type == "cpu" and any(
            getattr(torch.cpu, name, bool)() for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
        )
    return (torch.bfloat16, ", bf16") if fast and device.type not in _refused else (torch.float32, "")


def free_memory_of(device: torch.device) -> float | None:
    """Memory that arrays on a GPU may still take [bytes]; ``None`` if the system does not report it."""
    import torch

    if device.type != "cuda":
        return free_memory()  # Apple's GPUs share that of the processor
    kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)  # by torch, of what was freed
    return torch.cuda.mem_get_info(device)[0] + kept


def to_device(values: torch.Tensor, device: torch.device | str) -> torch.Tensor:
    """Copy an array of the processor to a device, without waiting for what is computed there.

    CUDA has read the values when it returns, Apple's GPUs may not.
    """
    import torch

    return values.to(device, non_blocking=torch.device(device).type == "cuda")


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether a GPU's memory ran out: CUDA has a class of error for it, MPS words alone."""
    import torch

    return isinstance(error, torch.cuda.OutOfMemoryError) or "out of memory" in str(error).lower()


@contextmanager
def one_thread(cells: int, worth: int = _CELLS_WORTH_THREADS) -> Iterator[None]:
    """Run torch's CPU work on one thread where the arrays are small: waking a second one costs more than it saves.

    With both cores busy the travel times of 213,204 cells took 15 times the CPU time on two threads. Above ``worth``
    cells all threads run.
    """
    import torch

    _processor_threads()  # known before any change
    threads = torch.get_num_threads()
    if cells > worth or threads == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def share_of_cores() -> Iterator[None]:
    """Run torch's CPU work of one of several tasks at once on the task's share of the cores."""
    import torch

    threads = _processor_threads()
    share = thread_limit(threads)
    if share == threads:
        yield
        return
    torch.get_num_threads()  # at the first question a thread takes the number that another one has set last
    torch.set_num_threads(share)  # of this thread, and of those that begin meanwhile
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@cache
def _processor_threads() -> int:
    """Torch's threads on the processor before any task took a share: threads that begin later may start with that."""
    import torch

    return torch.get_num_threads()


def describe_devices() -> list[str]:
    """Every device that torch finds, for the environment report."""
    if not torch_status().installed:
        return []
    import torch

    found = [_cpu_name()]
    found += [f"cuda: {torch.cuda.get_device_name(i)}" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps: Apple GPU")
    return found


def _cpu_name() -> str:
    return f"cpu ({_processor_threads()} threads)"


def _install_command(*, reinstall: bool = False) -> str:
    options = "--force-reinstall --no-deps " if reinstall else ""
    if sys.prefix == sys.base_prefix:  # a virtual environment knows no packages of a user
        options = f"--user {'--break-system-packages ' if _managed_by_the_system() else ''}{options}"
    return f'"{interpreter_path()}" -m pip install {options}torch safetensors'


def _managed_by_the_system() -> bool:
    """Whether pip refuses to install here without an option (PEP 668), as on Debian 12."""
    return (Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED").is_file()


def _install_advice() -> Text:
    if os.name == "nt":
        return Text(
            "In the OSGeo4W Shell run: {}, restart QGIS, and check with the algorithm 'Check environment'. The page "
            "'Installing Slopecast and PyTorch' (docs/install.md) has more.",
            _install_command(),
        )
    return Text(
        "In a terminal run: {}, restart QGIS, and check with the algorithm 'Check environment'. The page "
        "'Installing Slopecast and PyTorch' (docs/install.md) has more, e.g. packages of the system.",
        _install_command(),
    )


def keep_freed_memory() -> None:
    """Reuse the memory of one scenario for the next one.

    The GNU C library returns freed memory to the system beyond a limit that grows with the largest block freed so far,
    up to 32 MiB. Fetching the same pages again took a tenth of a scenario's time.
    """
    np.empty(_LARGEST_KEPT, np.uint8)


def release_freed_memory(cells: int) -> None:
    """Return freed memory to the system on a map of about a million cells; the GNU C library alone can.

    Larger maps have a higher limit, so that the time to fetch the pages again is not worth it.
    """
    if LARGE_MAP < cells <= _MOST_RELEASED:
        return_freed_memory()


@contextmanager
def single_blocks(cells: int) -> Iterator[None]:
    """Return each array of a map of about a million cells to the system as soon as it is freed.

    torch's arrays do not fit into the gaps that others of their size have left, so that a U-Net takes half as much
    memory again. Fetching the pages anew takes as long as half of the U-Net.
    """
    if not LARGE_MAP < cells <= _MOST_RELEASED:
        yield
        return
    _c_library("mallopt", _M_MMAP_THRESHOLD, _LEAST_SINGLE)
    try:
        yield
    finally:
        _c_library("mallopt", _M_MMAP_THRESHOLD, 32 << 20)  # as keep_freed_memory has left them
        _c_library("mallopt", _M_TRIM_THRESHOLD, 64 << 20)


def _c_library(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
    if function is not None:
        function(*arguments)
