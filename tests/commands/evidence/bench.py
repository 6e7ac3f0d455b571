"""``make bench``: time and memory of everything that users wait for, as one report of one run on one machine.

    python tests/commands bench [--quick] [--only SECTION ...]

Every measurement runs in a process of its own with a time limit; one that fails is reported and the others go on. The
report is build/bench/report.json and .md. A run of all sections also writes docs/performance.md and adds the ratios to
docs/performance.jsonl, a line a commit; a ratio that differs by a fifth or more from an earlier commit's is printed,
where both were measured on the same hardware and it was not busy.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
from .benches import measuring, report, trend
from .benches.machine import busy_warning, cores, free_memory, hardware, load, processor, versions

#: In the report's order.
SECTIONS = (
    "solvers", "scaling", "many_draws", "other_commands", "network_rates", "startup", "live_panel", "cancel",
    "input_checks",
)  # fmt: skip
FOLDER = ROOT / "build" / "bench"
DOCUMENT, TREND = ROOT / "docs" / "performance.md", ROOT / "docs" / "performance.jsonl"


def main() -> int:
    """Measure and write the report; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="some 3 minutes on two cores, instead of 15")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=[], metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--measure", nargs=5, help=argparse.SUPPRESS)  # in the measuring process
    arguments = parser.parse_args()
    if arguments.measure:
        measuring.measure(*arguments.measure)
        sys.stderr.flush()
        os._exit(0)  # QGIS, taken down by the interpreter's end, may crash
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # which ends the measuring process too
    made = run([s for s in SECTIONS if not arguments.only or s in arguments.only], quick=arguments.quick)
    lines, line = trend.read(TREND), trend.line_of(made)
    changes = trend.comparison(lines, line)
    text = report.markdown(made, changes)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "report.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    (FOLDER / "report.md").write_text(text, encoding="utf-8")
    if not arguments.only:
        DOCUMENT.write_text(text, encoding="utf-8")
        trend.write(TREND, trend.with_line(lines, line))
        print("docs/scale.md takes figures of docs/performance.md: run 'make docs'.", file=sys.stderr, flush=True)
    problems = report.problems(made)
    print("\n".join([text, *changes, *problems]), flush=True)
    return 1 if problems else 0


def run(sections: list[str], *, quick: bool) -> dict[str, Any]:
    """Measure some sections; returns the report as JSON takes it."""
    began, average = time.monotonic(), load()
    if average > report.BUSY:
        print(busy_warning(average), file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="slopecast-bench-") as place:
        folder = Path(place)
        prepared = measuring.run_apart("study_area", measuring.Measurement("study area", "prepare"), folder)
        if "failed" in prepared:
            raise SystemExit(f"The study area cannot be made: {prepared['failed']}")
        importlib.import_module("checkout")  # registers the package, which the sections import
        parts = [measured_section(name, folder, quick=quick) for name in sections]
    return {
        "kind": "quick" if quick else "whole", "commit": commit(), "date": time.strftime("%Y-%m-%d"),
        "load": average, "seconds": time.monotonic() - began, "sections": parts,
        "machine": {
            "processor": processor(), "hardware": hardware(), "cores": cores(), "memory_gib": free_memory(),
            "versions": versions(), "network": prepared["network"],
        },
    }  # fmt: skip


def measured_section(name: str, folder: Path, *, quick: bool) -> dict[str, Any]:
    """Run a section's measurements, each by itself, and make its tables of those that succeed."""
    began, title, tables, found, failures = time.monotonic(), name, [], {}, {}
    try:
        module = importlib.import_module(f"{__package__}.benches.{name}")
        title = module.TITLE
        for measurement in module.measurements(quick):
            print(f"{name}: {measurement.name}", file=sys.stderr, flush=True)
            answer = measuring.run_apart(name, measurement, folder)
            if "failed" in answer:
                failures[measurement.name] = answer["failed"]
            else:
                found[measurement.name] = answer
        tables = module.tables(found)
    except Exception as error:  # of torch or QGIS, which a section needs, or of a table: the others go on
        failures["section"] = f"{type(error).__name__}: {error}"
    return report.section(name, title, tables, failures, time.monotonic() - began)


def commit() -> str:
    """Short name of the commit, with ``+`` where the working tree differs from it."""
    name, differs = (
        subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
        for arguments in (
            ("rev-parse", "--short", "HEAD"),
            ("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/performance*"),
        )
    )
    return f"{name}{'+' if differs else ''}" or "unknown"
