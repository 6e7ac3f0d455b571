"""The trend: ratios of one run a commit, a JSON object a line, and what changed between two of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Mapping

from .machine import BUSY
from .report import ratios, written

#: A ratio that is worse by so much is named, and one that is better by so much.
NOTABLE = 1.2
#: Of a better and of a worse ratio, of time and of memory.
_VERDICTS = (("Speed-up of", "Slowdown of"), ("Less memory, by", "More memory, by"))


def line_of(report: Mapping[str, Any]) -> dict[str, Any]:
    """What the trend keeps of a report."""
    machine = report["machine"]
    return {
        "commit": report["commit"], "date": report["date"], "kind": report["kind"],
        "machine": f"{machine['processor']}, {machine['cores']} cores, {machine['network']}",
        "hardware": machine["hardware"], "load": report["load"], "ratios": ratios(report),
    }  # fmt: skip


def read(file: Path) -> list[dict[str, Any]]:
    """Lines of a trend, oldest first."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def comparison(lines: list[dict[str, Any]], line: Mapping[str, Any]) -> list[str]:
    """What a run is compared with, or why with none, and what changed: a sentence each.

    Args:
        lines: of the trend, oldest first.
        line: of the run.
    """
    if _is_busy(line):
        return ["Not compared with earlier commits: the machine was busy."]
    old = earlier(lines, line)
    if old is None:
        return ["Not compared: no other commit was measured on this hardware while it was not busy."]
    found = changes(old, line)
    share = 100.0 * (NOTABLE - 1.0)
    return [f"Compared with {old['commit']}; ratios that differ by {share:.0f} % or more: {len(found)}.", *found]


def earlier(lines: list[dict[str, Any]], line: Mapping[str, Any]) -> dict[str, Any] | None:
    """The newest line of another commit, of the same kind of run on the same hardware while it was not busy."""
    same = [old for old in lines if _is_like(old, line) and old["commit"] != line["commit"] and not _is_busy(old)]
    return same[-1] if same else None


def with_line(lines: list[dict[str, Any]], line: dict[str, Any]) -> list[dict[str, Any]]:
    """The trend with a new line at its end, instead of the same commit's; a busy run replaces busy ones only."""
    return [old for old in lines if not _is_replaced(old, line)] + [line]


def write(file: Path, lines: list[dict[str, Any]]) -> None:
    """Write a trend."""
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Ratios that differ by a fifth or more between two lines, a sentence each, the worst first.

    A ratio of which less is better is worse by ``new / old``, one of which more is better by ``old / new``.
    """
    worse_by = {}
    for name, ratio in new["ratios"].items():
        before = old["ratios"].get(name)
        if before is None or before["better"] != ratio["better"] or min(before["value"], ratio["value"]) <= 0.0:
            continue
        factor = ratio["value"] / before["value"]
        worse_by[name] = factor if ratio["better"] == "less" else 1.0 / factor
    found = []
    for name, factor in sorted(worse_by.items(), key=lambda item: -item[1]):
        if max(factor, 1.0 / factor) < NOTABLE * (1.0 - 1e-9):
            continue
        values = (written(line["ratios"][name]["value"]) for line in (old, new))
        verdict = _VERDICTS["memory" in name][factor > 1.0]
        share = 100.0 * (max(factor, 1.0 / factor) - 1.0)
        found.append(
            f"{verdict} {share:.0f} % between {old['commit']} and {new['commit']}: {name}: {' -> '.join(values)}"
        )
    return found


def _is_like(old: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    """Whether two runs can be compared; early lines do not name the hardware."""
    return all(old.get(key) == line[key] for key in ("kind", "machine", "hardware"))


def _is_replaced(old: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
    return _is_like(old, line) and old["commit"] == line["commit"] and (_is_busy(old) or not _is_busy(line))


def _is_busy(line: Mapping[str, Any]) -> bool:
    """Whether the report of a line warns that its times are too long."""
    return line["load"] > BUSY
