"""Estimates memory and disk of a run, and decides whether the map is solved in windows."""

from __future__ import annotations

import ctypes
import math
import os
import re
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Sequence

from ...text import Text
from ..errors import InputError
from ..files.whole import nearest_existing
from ..map_parts.tiles import BLOCK, MULTIPLE, Margin
from ..raster import scratch

VARIABLE = "SLOPECAST_MEMORY"
GB, MB = 1e9, 1e6
#: Bytes a cell while inputs are read and checked, and what they take while windows are solved: elevation and soil
#: depth, and each further raster. Measured by tests/commands scale, as are those of the solvers.
_READING, _RESIDENT, _OF_A_RASTER = 14.0, 8.0, 3.0
#: Share of the free memory that a run may take.
_SHARE_OF_FREE = 0.6
#: Greatest memory by itself at a million cells, and how it grows with the cells [-]: a run leaves room for others.
_AT_A_MILLION, _GROWTH = 0.56e9, 0.37
#: Memory of the second and further scenarios that are computed at once, together at most [bytes].
_MOST_OF_FURTHER_SCENARIOS = 1e9
#: Cells of a map up to which ``returned`` holds.
_RETURNED_UP_TO = 2_000_000
#: Side of a core below which wide margins take most of the time [cells].
_GOOD_SIDE = 2 * BLOCK
#: Memory that each further window at once takes, over that of the first: they seldom need most at the same time.
_OF_ANOTHER_WINDOW = 0.8
#: Memory of windows in passes over that of one pass: they keep their states before and after it.
_IN_PASSES = 1.2
_UNITS = {"": 1.0, "b": 1.0, "kb": 1e3, "mb": MB, "gb": GB, "tb": 1e12, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_ADVICE = "Clip the DEM to the study area, resample it to larger cells, or raise the limit (environment variable {})."


@dataclass(frozen=True)
class SolverNeeds:
    """Memory needs of a solver.

    Attributes:
        bytes_a_cell: of the cells that are computed at once; fixed: in addition [bytes].
        margin: cells around a window; ``None`` where it can only solve the whole map.
        beforehand: bytes a cell that the whole map takes for a time before the windows.
        returned: bytes a cell less on maps of up to two million cells, which return what was freed at once.
        prefers_whole: whether windows are made only where the whole map does not fit.
        windows_at_once: windows that are best solved at once.
        cells_of_a_thread: cells of a map up to which a thread best has a scenario of its own, where there are many; the
            engine's kernels then compete for the caches.
    """

    bytes_a_cell: float
    fixed: float
    margin: Margin | None
    beforehand: float = 0.0
    returned: float = 0.0
    prefers_whole: bool = False
    windows_at_once: int = 1
    cells_of_a_thread: int = 250_000


#: By the name of the solver; the network's includes torch. The margin is that of the fewest steps and of the shipped
#: weights.
ENGINE_NEEDS = SolverNeeds(330.0, 0.10e9, Margin(50), cells_of_a_thread=100_000)
NETWORK_NEEDS = SolverNeeds(450.0, 0.2e9, Margin(30, 65), returned=270.0)
COLUMN_NEEDS = SolverNeeds(280.0, 0.05e9, Margin(0))


@dataclass(frozen=True)
class RunPlan:
    """Plan of a run: windows, memory, disk and time.

    Attributes:
        shape: (rows, cols) of the map.
        side: of the windows' cores [cells]; ``None`` where the map is solved whole.
        memory, disk: that are expected [bytes]; seconds: likewise [s].
        limit: of the memory [bytes]; most: that strong flow may take.
        needs: of the solver; resident: bytes of the inputs that stay, and of the program.
        at_once: scenarios that are computed at once, each on a thread of its own.
        windows_at_once: windows of that side that are solved at once.
    """

    shape: tuple[int, int]
    side: int | None
    memory: float
    disk: float
    seconds: float
    limit: float
    most: float
    needs: SolverNeeds
    resident: float
    at_once: int = 1
    windows_at_once: int = 1

    @property
    def cells(self) -> int:
        """Number of cells of the grid."""
        return self.shape[0] * self.shape[1]

    @property
    def text(self) -> Text:
        """A line for the log; the limit of the memory matters where it decides on the windows."""
        memory, disk, seconds = size_text(self.memory), size_text(self.disk), time_text(self.seconds)
        if self.side is None:
            return Text(
                "{:,} cells, solved whole; about {} of memory (QGIS included), up to {} of disk and about {} of time "
                "are expected.",
                self.cells, memory, disk, seconds,
            )  # fmt: skip
        return Text(
            "{0:,} cells, solved in windows of {1} x {1} cells; about {2} of memory (QGIS included; limit {3}), up to "
            "{4} of disk and about {5} of time are expected.",
            self.cells, self.side, memory, size_text(self.limit), disk, seconds,
        )  # fmt: skip

    def side_for(self, margin: Margin, at_once: int = 1, *, in_passes: bool = False) -> int:
        """Side of the cores with another margin; a wide one may take more memory than the plan.

        Args:
            margin: around them; at_once: windows that are solved at once.
            in_passes: they are stepped alone, and no files are written: the side includes the margin, and is not one of
                whole blocks.

        Raises:
            InputError: too little memory.
        """
        fixed, bytes_a_cell = self.resident + self.needs.fixed, self.needs.bytes_a_cell * _memory_factor(at_once)
        bytes_a_cell *= _IN_PASSES if in_passes else 1.0
        allowed = (self.most - fixed) / bytes_a_cell
        least, good = ((side + 2 * margin.cells) ** 2 for side in (BLOCK, _GOOD_SIDE))
        if least > allowed:
            needed = fixed + bytes_a_cell * min(least, self.cells)
            raise too_large(self.cells, needed, self.most)
        soft = (self.limit - fixed) / bytes_a_cell
        cells = min(max(soft, good), allowed)
        if in_passes:
            return min(math.isqrt(int(cells)) // MULTIPLE, math.ceil(max(self.shape) / MULTIPLE)) * MULTIPLE
        return window_side(self.shape, cells, margin.cells)


def plan_run(
    shape: tuple[int, int], needs: SolverNeeds, rasters: int, outputs: Sequence[tuple[Path, int]],
    seconds_a_cell: float, at_once: int = 1,
) -> RunPlan:  # fmt: skip
    """Plan a run.

    Args:
        shape: (rows, cols) of the map; needs: of the solver.
        rasters: how many are read in addition to elevation and soil depth.
        outputs: folder of each raster that is written, and its bytes a cell.
        seconds_a_cell: time of the whole map, see :attr:`.run_time.RunTime.seconds_a_cell` [s].
        at_once: scenarios that would best be computed at once; fewer are where memory is short.

    Raises:
        InputError: too little memory or disk, with the numbers; or a limit that is none.
    """
    cells, program, of_another = shape[0] * shape[1], program_memory(), shape[0] * shape[1] * needs.bytes_a_cell
    if cells <= _RETURNED_UP_TO:
        needs = replace(needs, bytes_a_cell=needs.bytes_a_cell - needs.returned)
    resident = program + cells * (_RESIDENT + _OF_A_RASTER * rasters)
    reading = program + cells * (max(_READING, needs.beforehand) + _OF_A_RASTER * rasters)
    whole = program + needs.fixed + cells * needs.bytes_a_cell
    margin = 0 if needs.margin is None else needs.margin.cells

    def in_windows(side: int, at_once: int = 1) -> float:
        length = _window_length(max(shape), side, margin)
        return max(reading, resident + needs.fixed + needs.bytes_a_cell * _memory_factor(at_once) * length**2)

    least, good = (min(whole, in_windows(side)) for side in (BLOCK, _GOOD_SIDE))
    limit, most = memory_limit(cells, whole if needs.margin is None or needs.prefers_whole else good)
    disk = _check_disk(cells, outputs)
    seconds = cells * seconds_a_cell
    if max(whole, reading) <= limit:
        at_once = max(min(at_once, 1 + int(min(most - whole, _MOST_OF_FURTHER_SCENARIOS) / of_another)), 1)
        taken = max(whole + (at_once - 1) * of_another, reading)
        return RunPlan(shape, None, taken, disk, seconds, limit, most, needs, resident, at_once)
    if needs.margin is None or least > limit:
        raise too_large(cells, whole if needs.margin is None else least, limit)
    allowed, windows = (limit - resident - needs.fixed) / needs.bytes_a_cell, needs.windows_at_once
    side = window_side(shape, allowed / _memory_factor(windows), margin)
    if side < _GOOD_SIDE:
        side, windows = window_side(shape, allowed, margin), 1
    memory = in_windows(side, windows)
    seconds *= (1.0 + 2.0 * margin / side) ** 2
    return RunPlan(shape, side, memory, disk, seconds, limit, most, needs, resident, 1, windows)


def _memory_factor(windows: int) -> float:
    """Memory of several windows at a time over that of one window [-]."""
    return 1.0 + _OF_ANOTHER_WINDOW * (windows - 1)


def window_side(shape: tuple[int, int], cells: float, margin: int) -> int:
    """Side of a window's core, so that it has at most so many cells with its margin; whole blocks of a file.

    Windows are of about equal sizes: the last row of them should not be a sliver.
    """
    longest, count = max(shape), 1
    while True:
        side = math.ceil(longest / count / BLOCK) * BLOCK
        if side == BLOCK or _window_length(longest, side, margin) ** 2 <= cells:
            return side
        count += 1


def _window_length(longest: int, side: int, margin: int) -> int:
    """Cells along a window of such cores; the first and the last one have a margin on one side alone."""
    return min(longest, side + margin * min(math.ceil(longest / side) - 1, 2))


def memory_limit(cells: int, good: float) -> tuple[float, float]:
    """Memory that a run on so many cells may take, by itself and at most [bytes].

    Both follow the variable; without it the latter is a share of the free memory.

    Args:
        cells: of the map; good: that it needs so as not to be slow [bytes].

    Raises:
        InputError: the variable holds no amount.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        found = re.fullmatch(r"([0-9]*\.?[0-9]+)\s*([a-zA-Z]*)", given)
        unit = found.group(2).lower() if found else None
        if unit not in _UNITS or (value := float(found.group(1)) * _UNITS[unit]) < 100 * MB:
            raise InputError(
                Text("Memory limit (environment variable {})", VARIABLE),
                Text("'{}' is not an amount of memory", given),
                "a number with its unit, MB or GB, 100 MB or more, for example 3 GB",
            )  # fmt: skip
        return value, value
    free = free_memory()
    own = max(_AT_A_MILLION * max(cells / 1e6, 1.0) ** _GROWTH, good)
    most = math.inf if free is None else _SHARE_OF_FREE * free + program_memory()
    return min(own, most), most


def free_memory() -> float | None:
    """Memory that programs may still take [bytes]; ``None`` if the system does not report it."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            return next(1024.0 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        pass
    if sys.platform == "win32":
        return _free_on_windows()
    try:
        return 0.5 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _free_on_windows() -> float | None:
    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong) for name in ("all", "free", "pages", "free_pages", "space", "free_space", "more")
        ]

    status = Status()
    status.length = ctypes.sizeof(status)
    return float(status.free) if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def program_memory() -> float:
    """Memory of the program now [bytes]; a typical value of QGIS if the system does not report it."""
    try:
        with open("/proc/self/statm", encoding="ascii") as numbers:
            return float(int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError, AttributeError):
        return 0.25 * GB


def return_freed_memory() -> None:
    """Return freed memory to the system, so that others than those that freed it can take it; the GNU C library can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def too_large(cells: int, needed: float, limit: float) -> InputError:
    """The error of a map that does not fit into memory."""
    return InputError(
        "Digital elevation model (DEM)",
        Text("has {:,} cells, which need about {} of memory; {} may be used", cells, size_text(needed),
             size_text(limit)),
        "", Text(_ADVICE, VARIABLE),
    )  # fmt: skip


def _check_disk(cells: int, outputs: Sequence[tuple[Path, int]]) -> float:
    """Disk that the outputs may need [bytes]; raises :class:`InputError` where a folder has less."""
    needed: dict[Path, float] = {}
    for folder, size in outputs:
        there = nearest_existing(folder)
        needed[there] = needed.get(there, 0.0) + cells * (0.15 if size == 1 else 0.9 * size)
    for folder, size in needed.items():
        free = shutil.disk_usage(folder).free
        if size > free:
            raise InputError(
                "Output files", Text("need up to {} in '{}', where {} are free", size_text(size), folder,
                                     size_text(free)),
                "", "Choose a folder on another disk, or fewer outputs.",
            )  # fmt: skip
    return sum(needed.values())


def check_disk_space(needed: float, sent: float = 0.0, shared: Path | None = None) -> None:
    """Raise :class:`InputError` if the disk has less free space than intermediate results need.

    Args:
        needed: by scratch files [bytes].
        sent: by files in a folder that workers share [bytes], which may be on the same disk; shared: the folder.
    """
    wanted = {Path(scratch.folder()): needed}
    if shared is not None and shared.stat().st_dev == Path(scratch.folder()).stat().st_dev:
        wanted = {shared: needed + sent}
    elif shared is not None:
        wanted[shared] = sent
    for folder, size in wanted.items():
        free = shutil.disk_usage(folder).free
        if size > free:
            raise InputError(
                "Output files", Text("need up to {} of intermediate results in '{}', where {} are free",
                                     size_text(size), folder, size_text(free)),
                "", "Choose a folder on another disk, or clip the DEM to the study area.",
            )  # fmt: skip


def size_text(size: float) -> Text:
    """An amount of bytes to read."""
    if math.isinf(size):
        return Text("none")
    return Text("{:.2f} GB", size / GB) if size >= 0.1 * GB else Text("{:.0f} MB", max(size / MB, 1.0))


def time_text(seconds: float) -> Text:
    """A time to read."""
    if seconds < 90.0:
        return Text("{:.0f} s", max(seconds, 1.0))
    return Text("{:.0f} min", seconds / 60.0) if seconds < 5400.0 else Text("{:.1f} h", seconds / 3600.0)
