"""Commands of their own whose results belong to the report: rasters larger than memory, and tables' throughput."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Mapping

from .measuring import COMMANDS as FOLDER
from .measuring import Measurement
from .report import Ratio, Table

TITLE = "Tables of scenarios and large rasters"
#: By name: title, arguments of a quick and of a whole run, limit [s].
COMMANDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], float]] = {
    "table_throughput": (
        "A table whose rows share hydrologies", ("--rows", "100", "--hydrologies", "10"), (), 300.0,
    ),
    "scale": (
        "Large rasters from file to file", ("engine", "network", "--side", "2000"),
        ("engine", "network", "--side", "10000"), 900.0,
    ),
}  # fmt: skip
#: Figures that are found in what a command prints; rates become ratios by the reference job.
FIGURES = {
    "masks a second": r"([\d.]+) masks a second",
    "million cells a second": r"([\d.]+) million cells(?:/s| a second)",
    "peak memory, MiB": r"peak (?:memory )?([\d.]+) MiB",
    "peak memory, GB": r"peak (?:memory )?([\d.]+) GB",
}


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
    """The lines, and the figures in them as ratios."""
    return [_table(COMMANDS[name][0], f"tests/commands {name}", m) for name, m in found.items()]


def _table(title: str, command: str, m: Mapping[str, Any]) -> Table:
    ratios = {}
    for line in m["lines"]:
        what, colon, _ = line.partition(":")
        for name, pattern in FIGURES.items():
            for text in re.findall(pattern, line):
                label = f"{title}{f', {what}' if colon else ''}: {name}"
                if "memory" in name:
                    ratios[label] = Ratio(float(text))
                else:
                    ratios[f"{label} x reference job"] = Ratio(float(text) * m["reference_s"], "more")
    return Table(title, (f"printed by {command}",), [(line,) for line in m["lines"]], (), ratios)
