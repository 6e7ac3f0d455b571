"""Parts of docs/scale.md: figures of docs/performance.md and of ``scale --record``, and what a national run needs."""

from __future__ import annotations

import json
import re
from typing import Any, Sequence

from checkout import ROOT
from evidence.benches.machine import BUSY
from evidence.scale import RECORD

PERFORMANCE = ROOT / "docs" / "performance.md"
#: South Korea at 5 m: cells, hydrologies, and rows of the table.
CELLS, HYDROLOGIES, ROWS = 4e9, 100, 1000
#: An assumption, not an offer [USD per core-hour].
PRICE = 0.05
_DEFAULT, _STRONG = "Default, 24 h", "Strong lateral flow, 72 h"
_FURTHER = "network, each further scenario"
#: Solvers in the plan: heading and row of the report, and what they are called.
SOLVERS = (
    (_DEFAULT, "engine, exact", "engine, exact, default"),
    (_DEFAULT, _FURTHER, "network, default"),
    (_STRONG, "engine, exact", "engine, exact, strong lateral flow"),
    (_STRONG, "engine, fast", "engine, fast, strong lateral flow"),
    (_STRONG, _FURTHER, "network, strong lateral flow"),
)
#: What the runs of ``scale`` are called.
RUNS = {
    "engine": "*Simulate factor of safety*, exact",
    "fast": "the same, fast scheme",
    "classes": "the same, exact, failure class and stability class",
    "steady": "the same, antecedent recharge and edge influence",
    "network": "*Predict failure mask*",
    "strong": "the same, K_s 1e-5 m/s, anisotropy 50, 72 h",
    "table": "*Predict failure masks from a table*, engine, six rows of two hydrologies",
    "probability": "*Failure probability*, 10 draws of cohesion",
    "probability, water": "the same, 2 draws of conductivity",
    "first order": "the same, first order",
    "depth": "*Estimate soil depth*",
    "zones": "*Parameters from zones*, two rasters",
    "compare": "*Compare masks*",
    "polygons": "*Failed areas to polygons*",
    "count": "*Summarize a map by zones or features*",
    "inventory": "*Validate with a landslide inventory*, with a DEM",
    "calibration": "*Calibrate to landslides*, 20 sets",
}
_SIZES = (1_000_000, 16_000_000, 100_000_000)
_TABLE, _RASTERS = "A table whose rows share hydrologies", "Large rasters from file to file"


class Report:
    """Figures of a report of ``make bench``.

    Args:
        text: in Markdown.
    """

    def __init__(self, text: str) -> None:
        self.text, heading = text, ""
        self.rows: dict[str, list[list[str]]] = {}
        for line in text.splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            elif line.startswith("|"):  # bars within a cell are escaped
                cells = [cell.strip() for cell in line.replace("\\|", "|").strip("| ").split("|")]
                self.rows.setdefault(heading, []).append(cells)

    def number(self, heading: str, row: str, column: int = 1) -> float:
        """A number of a table.

        Args:
            heading: above the table.
            row: text of its first column.
            column: of the number.

        Raises:
            KeyError: the report has no such row.
        """
        for cells in self.rows.get(heading, ()):
            if cells[0] == row and len(cells) > column:
                return float(cells[column].replace(",", ""))
        raise KeyError(f"{PERFORMANCE.name}: {heading}: {row}")

    def found(self, pattern: str) -> list[str]:
        """Groups of the first place where a pattern fits.

        Raises:
            KeyError: it fits nowhere.
        """
        found = re.search(pattern, self.text, re.MULTILINE)
        if not found:
            raise KeyError(f"{PERFORMANCE.name}: {pattern}")
        return list(found.groups())

    @property
    def cores(self) -> int:
        """Cores of the machine."""
        return int(self.found(r"^Machine: .*?, (\d+) cores")[0])

    @property
    def cells(self) -> int:
        """Cells of the study area."""
        return int(self.found(r"^\| ([\d,]+) cells \|")[0].replace(",", ""))

    def seconds_a_row(self, part: str) -> float:
        """Seconds that a row of the table takes in a part of the run."""
        rows = float(self.found(r"^\| (\d+) rows, \d+ hydrologies")[0])
        return float(self.found(rf"^\| {part} +([\d.]+) s ")[0]) / rows


def parts() -> dict[str, str]:
    """The parts of docs/scale.md by name."""
    report = Report(PERFORMANCE.read_text(encoding="utf-8"))
    return {
        "scale_figures": figures(report), "scale_rasters": large_rasters(report), "scale_estimate": estimate(report),
        "scale_limits": limits(report), "scale_runs": runs_table(json.loads(RECORD.read_text(encoding="utf-8"))),
    }  # fmt: skip


def figures(report: Report) -> str:
    """What the plan is made from: seconds of a scenario and of a row, and speeds on threads."""
    machine, cores = report.found(r"^Machine: (.*?), \d+ cores")[0], report.cores
    date, commit = report.found(r"on (\S+) in .*; commit (\S+)\. ")
    busy = " It warns that the machine was busy: its times are too long." if "**Warning" in report.text else ""
    rows = [
        (name, f"{report.number(heading, row):.3g}", f"{_core_seconds(report, heading, row):.3g}")
        for heading, row, name in SOLVERS
    ]
    for part, cores_of_part in _parts_of_a_row(report).items():
        seconds = report.seconds_a_row(part)
        core_seconds = cores_of_part * _per_million(report, seconds)
        rows.append((f"{part} of a row of a table", f"{seconds:.3g}", f"{core_seconds:.3g}"))
    engine, network = (
        report.number("Threads", f"{solver}, threads: {cores}", 2) for solver in ("engine, exact", "network")
    )
    return "\n\n".join((
        f"From the [report](performance.md) of {date}, commit {commit} ({machine}, {cores} cores).{busy}",
        _table((f"{report.cells:,d} cells", "seconds", "core-seconds per million cells"), rows),
        f"Core-seconds are the seconds times the {cores} cores, as if all were always busy: an upper bound. Writing "
        "has one thread.",
        f"A run on one computer uses threads: {cores} of them have {engine:.2f} (engine, exact) and {network:.2f} "
        f"(network) times the speed of one.",
    ))  # fmt: skip


def large_rasters(report: Report) -> str:
    """Rows of the report's large rasters."""
    rows = [tuple(cells) for cells in report.rows.get(_RASTERS, ()) if len(cells) == 5 and cells[0].endswith("e6")]
    if not rows:
        raise KeyError(f"{PERFORMANCE.name}: {_RASTERS}")
    return _table(("cells", "run", "seconds", "million cells a second", "peak memory"), rows)


def runs_table(runs: Sequence[dict[str, Any]]) -> str:
    """Time and memory of all algorithms by the number of cells; runs: as :func:`evidence.scale.record` keeps them."""
    found = {(one["run"], one["cells"]): one for one in runs}

    def cell(one: dict[str, Any] | None) -> str:
        return f"{one['seconds']:g}{'*' if one['load'] > BUSY else ''} s, {one['peak_gb']:.2f} GB" if one else ""

    rows = [(title, *(cell(found.get((run, cells))) for cells in _SIZES)) for run, title in RUNS.items()]
    dates = sorted({one["date"] for one in runs})
    busy = " Times with * are of a busy machine and too long." if any(one["load"] > BUSY for one in runs) else ""
    return "\n\n".join((
        _table(("run", *(f"{cells / 1e6:g} million cells" for cells in _SIZES)), rows),
        f"Measured on {' and '.join((dates[0], dates[-1])[: len(dates)])}.{busy}",
    ))  # fmt: skip


def estimate(report: Report) -> str:
    """Core-hours and cost of the national run by solver."""
    of_a_row = sum(cores * report.seconds_a_row(part) for part, cores in _parts_of_a_row(report).items())
    of_rows = CELLS / 1e6 * ROWS * _per_million(report, of_a_row)
    rows = []
    for heading, row, name in SOLVERS:
        water = CELLS / 1e6 * HYDROLOGIES * _core_seconds(report, heading, row)
        hours = (water + of_rows) / 3600.0
        rows.append((name, _hours(water), _hours(of_rows), f"{hours:,.0f}", f"{hours * PRICE:,.0f} USD"))
    head = ("solver", "water, core-hours", "stability and writing, core-hours", "all", "cost")
    return "\n\n".join((
        _table(head, rows),
        f"The cost is core-hours x {PRICE:g} USD, an assumed price of a core-hour; disk space and transfer are not "
        "included. The margins of tiles and windows, which are computed more than once, come on top.",
    ))  # fmt: skip


def limits(report: Report) -> str:
    """What graphics cards and clients are limited by."""
    seconds = report.seconds_a_row("stability")
    rate = report.found(r"rows, .*?, ([\d.]+) masks a second")[0]
    hours = CELLS / report.cells * ROWS * seconds * report.cores / 3600.0
    return (
        "No graphics card was measured: GPU-hours cannot be given. With any card stability is computed on the host's "
        f"processor, by numba or numpy, in some {1e3 * seconds:.0f} ms a row on {report.cells:,d} cells and "
        f"{report.cores} cores: at most {1.0 / seconds:,.0f} masks a second of a client, and {hours:,.0f} core-hours "
        f"for this run. A client on the machine of the report made {rate} masks of {report.cells:,d} cells a second "
        "with the network on the processor, water and writing included."
    )


def _parts_of_a_row(report: Report) -> dict[str, int]:
    """What a row of a table takes besides its water, and the cores that it uses."""
    return {"stability": report.cores, "writing": 1}


def _core_seconds(report: Report, heading: str, row: str) -> float:
    """Core-seconds of a scenario, per million cells."""
    return report.cores * _per_million(report, report.number(heading, row))


def _per_million(report: Report, seconds: float) -> float:
    """Seconds on the report's study area, per million cells."""
    return seconds / report.cells * 1e6


def _hours(seconds: float) -> str:
    return f"{seconds / 3600.0:,.0f}"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, tuple("---" for _ in head), *rows))
