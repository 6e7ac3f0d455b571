"""Commands of their own whose results belong to the report: throughput of tables and workers, and large rasters."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Mapping, Sequence

from .measuring import COMMANDS as FOLDER
from .measuring import Measurement
from .report import Ratio, Table

TITLE = "Tables of scenarios, large rasters and workers"
#: By name: title, arguments of a quick and of a whole run, limit [s].
COMMANDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], float]] = {
    "table_throughput": (
        "A table whose rows share hydrologies", ("--rows", "100", "--hydrologies", "10"), (), 300.0,
    ),
    "scale": (
        "Large rasters from file to file", ("engine", "network", "--side", "2000"),
        ("engine", "network", "--side", "10000"), 900.0,
    ),
    "cluster_throughput": (
        "Workers of a dask scheduler, engine, strong lateral flow", ("--jobs", "4", "--shape", "150", "150"),
        ("--jobs", "36"), 300.0,
    ),
}  # fmt: skip
#: Figures that are found in what a command prints; rates become ratios by the reference job.
FIGURES = {
    "masks a second": r"([\d.]+) masks a second",
    "peak memory, MiB": r"peak memory ([\d.]+) MiB",
    "peak memory at the last noted row / at row 10": r"([\d.]+) times that at row 10\b",
    "speed / one worker": r"([\d.]+) times the speed of one worker",
    "two processes without a scheduler / one": r"([\d.]+) times the speed of one process",
}
#: The same of a printed table, by column: what the ratio is called, and the unit that follows the number.
COLUMNS = {"million cells a second": ("million cells a second", ""), "peak memory": ("peak memory, GB", " GB")}


def measurements(quick: bool) -> list[Measurement]:
    """A process for each command."""
    return [
        Measurement(name, "printed", {"command": name, "arguments": few if quick else whole}, limit)
        for name, (_, few, whole, limit) in COMMANDS.items()
    ]


def printed(folder: Path, command: str, arguments: list[str]) -> dict[str, Any]:
    """Lines that a command prints."""
    done = subprocess.run(
        [sys.executable, str(FOLDER), command, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1])
    return {"lines": [line.strip() for line in done.stdout.splitlines() if line.strip()]}


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """What the commands print, a table of it where it is one, and the figures in it as ratios."""
    return [_table(COMMANDS[name][0], f"tests/commands {name}", m) for name, m in found.items()]


def _table(title: str, command: str, m: Mapping[str, Any]) -> Table:
    made = [_cells(line) for line in m["lines"] if line.startswith("|")]
    if made:
        head, _, *rows = made
        notes, ratios = [f"Printed by {command}."], _of_columns(title, head, rows, m["reference_s"])
    else:
        head, rows, notes = [f"printed by {command}"], [[line] for line in m["lines"]], []
        ratios = _of_lines(title, m["lines"], m["reference_s"])
    problems = [] if ratios else [f"{title}: no figures are found in what {command} prints"]
    return Table(title, head, rows, notes, ratios, problems)


def _of_lines(title: str, lines: Sequence[str], reference_s: float) -> dict[str, Ratio]:
    """Ratios of printed lines; what is before a line's colon belongs to their names."""
    ratios: dict[str, Ratio] = {}
    for line in lines:
        what, colon, _ = line.partition(":")
        for name, pattern in FIGURES.items():
            for text in re.findall(pattern, line):
                _add(ratios, f"{title}{f', {what}' if colon else ''}: {name}", float(text), reference_s)
    return ratios


def _cells(line: str) -> list[str]:
    return [text.strip() for text in line.strip("|").split("|")]


def _of_columns(title: str, head: list[str], rows: list[list[str]], reference_s: float) -> dict[str, Ratio]:
    """Ratios of a printed table; its first two columns, cells and run, tell its rows apart."""
    ratios: dict[str, Ratio] = {}
    for row in rows:
        cells, run, *_ = row
        for column, text in zip(head, row):
            name, unit = COLUMNS.get(column, ("", ""))
            if name:
                _add(ratios, f"{title}, {run}, {cells} cells: {name}", float(text.removesuffix(unit)), reference_s)
    return ratios


def _add(ratios: dict[str, Ratio], label: str, value: float, reference_s: float) -> None:
    if "memory" in label:
        ratios[label] = Ratio(value)
    elif "speed" in label:
        ratios[label] = Ratio(value, "more")
    else:
        ratios[f"{label} x reference job"] = Ratio(value * reference_s, "more")
