"""The report of ``make bench``: tables and ratios as JSON, and as Markdown made from it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any, Iterator, Literal, Mapping, Sequence

from .machine import BUSY, busy_warning

COMMAND = {"quick": "python tests/commands bench --quick", "whole": "make bench"}


@dataclass(frozen=True)
class Ratio:
    """A figure that does not depend on the machine's speed alone, and which way is better."""

    value: float
    better: Literal["less", "more"] = "less"


@dataclass(frozen=True)
class Table:
    """A table of the report.

    Attributes:
        title: above it; empty where the section's is enough.
        columns: their headings, with units.
        rows: text, numbers, or ``None`` for what was not measured.
        notes: sentences below it.
        ratios: by name, for the trend.
        problems: what is wrong in what was measured; ``make bench`` then fails.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str] = ()
    ratios: Mapping[str, Ratio] = field(default_factory=dict)
    problems: Sequence[str] = ()


def section(name: str, title: str, tables: Sequence[Table], failures: Mapping[str, str], seconds: float) -> dict:
    """A section as JSON takes it.

    Args:
        name: of its module.
        title: heading.
        tables: what was found.
        failures: reason by measurement.
        seconds: that it took.
    """
    return {
        "name": name, "title": title, "tables": [asdict(table) for table in tables], "failures": dict(failures),
        "seconds": seconds,
    }  # fmt: skip


def ratios(report: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Value and better direction of every ratio of a report, by ``section: name``."""
    return {
        f"{part['name']}: {name}": ratio
        for part in report["sections"]
        for table in part["tables"]
        for name, ratio in table["ratios"].items()
    }


def problems(report: Mapping[str, Any]) -> list[str]:
    """What failed or is wrong, a line each."""
    found = []
    for part in report["sections"]:
        found += [f"{part['name']}: {name}: {reason}" for name, reason in part["failures"].items()]
        found += [f"{part['name']}: {text}" for table in part["tables"] for text in table["problems"]]
    return found


def markdown(report: Mapping[str, Any], changes: Sequence[str] = ()) -> str:
    """The report as Markdown.

    Args:
        report: as JSON holds it: ``kind``, ``commit``, ``date``, ``machine``, ``load``, ``seconds``, ``sections``.
        changes: what differs from an earlier commit, or why none is compared, a sentence each.
    """
    return "\n".join(_lines(report, changes)) + "\n"


def _lines(report: Mapping[str, Any], changes: Sequence[str]) -> Iterator[str]:
    machine, minutes = report["machine"], report["seconds"] / 60.0
    yield "# Performance\n"
    yield (
        f"Made by `{COMMAND[report['kind']]}` on {report['date']} in {minutes:.0f} minutes; commit {report['commit']}. "
        "All figures are of this one run. Compare the ratios: seconds depend on the machine.\n"
    )
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    memory = f"{machine['memory_gib']:.1f} GiB of free memory"
    yield f"Machine: {machine['processor']} ({machine['hardware']}), {machine['cores']} cores, {memory}.  "
    yield f"Versions: {versions}.  "
    yield f"Network: {machine['network']}.  "
    yield f"Load average at the start: {report['load']:.1f}.\n"
    if report["load"] > BUSY:
        yield f"**{busy_warning(report['load'])}**\n"
    yield (
        "The reference job is 10 passes of exp, multiply and add over 262,144 numbers in double precision, by numpy on "
        "one thread. It runs in each measuring process, before and after what is measured. The study area is a "
        "procedural terrain of 436 x 489 cells of 5 m without NoData; larger ones are its mirrored copies. Strong "
        "lateral flow is a conductivity of 1e-5 m/s with an anisotropy of 50 over 72 h. MiB are peaks of a process.\n"
    )
    for part in report["sections"]:
        yield f"## {part['title']}\n"
        for table in part["tables"]:
            yield from _table(table)
        yield from (f"Not measured: {name}: {reason}\n" for name, reason in part["failures"].items())
    yield from _closing(report, changes)


def _table(table: Mapping[str, Any]) -> Iterator[str]:
    if table["title"]:
        yield f"### {table['title']}\n"
    if table["rows"]:
        yield _row(table["columns"])
        yield "|" + "|".join(["---"] + ["---:"] * (len(table["columns"]) - 1)) + "|"
        yield from (_row([written(value) for value in row]) for row in table["rows"])
        yield ""
    yield from (f"{text}\n" for text in [*table["notes"], *table["problems"]])


def _closing(report: Mapping[str, Any], changes: Sequence[str]) -> Iterator[str]:
    kept = ratios(report)
    if kept:
        yield "## Ratios that commits are compared by\n"
        yield _row(("ratio", "value", "better"))
        yield "|---|---:|---|"
        yield from (_row((name, written(ratio["value"]), ratio["better"])) for name, ratio in kept.items())
        yield ""
    if changes:
        yield "## Changes since an earlier commit\n"
        yield from (f"- {text}" for text in changes)


def _row(values: Sequence[str]) -> str:
    return "| " + " | ".join(value.replace("|", "\\|") for value in values) + " |"


def written(value: Any) -> str:
    """A table's value as text: numbers with three digits, at least."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "-"
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,d}"
    digits = 2 - math.floor(math.log10(abs(value))) if value else 0
    return f"{value:,.{min(max(digits, 0), 6)}f}"
