"""Commands of their own whose results belong to the report: rasters larger than memory, and tables' throughput."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Mapping

from .measuring import BENCH, Measurement
from .report import Ratio, Table

TITLE = "Tables of scenarios and large rasters"
#: By file: title, arguments of a quick run (``None`` leaves it out) and of a whole one, limits [s].
COMMANDS: dict[str, tuple[str, tuple | None, tuple, float]] = {
    "table_throughput.py": (
        "A table whose rows share hydrologies", ("--rows", "100", "--hydrologies", "10"), (), 240.0,
    ),
    "scale.py": ("100 million cells", None, (), 600.0),
}  # fmt: skip
#: Figures that are found in what a command prints, and which way is better.
FIGURES = {
    "masks a second": (r"([\d.]+) masks a second", "more"),
    "peak memory, MiB": (r"peak memory ([\d.]+) MiB", "less"),
    "cells a second, millions": (r"([\d.]+) million cells a second", "more"),
}


def measurements(quick: bool) -> list[Measurement]:
    """A process for each command that this checkout has."""
    found = []
    for file, (_, few, whole, limit) in COMMANDS.items():
        arguments = few if quick else whole
        if arguments is not None and (BENCH.parent / file).exists():
            found.append(Measurement(file, "printed", {"file": file, "arguments": arguments}, limit))
    return found


def printed(folder: Path, file: str, arguments: list[str]) -> dict[str, Any]:
    """Lines that a command prints."""
    done = subprocess.run(
        [sys.executable, str(BENCH.parent / file), *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1])
    return {"lines": [line.strip() for line in done.stdout.splitlines() if line.strip()]}


def tables(found: Mapping[str, Mapping[str, Any]]) -> list[Table]:
    """The lines, and the figures in them as ratios."""
    return [_table(COMMANDS[file][0], f"tests/commands/{file}", m) for file, m in found.items()]


def _table(title: str, command: str, m: Mapping[str, Any]) -> Table:
    ratios = {}
    for name, (pattern, better) in FIGURES.items():
        values = [float(value) for line in m["lines"] for value in re.findall(pattern, line)]
        for number, value in enumerate(values):
            # A rate by the clock depends on the machine's speed; times the reference job it does not.
            scaled = value * m["reference_s"] if "second" in name else value
            label = f"{title}: {name}" + (" x reference job" if "second" in name else "")
            ratios[label if len(values) == 1 else f"{label} ({number + 1})"] = Ratio(scaled, better)
    return Table(title, (f"printed by {command}",), [(line,) for line in m["lines"]], (), ratios)
