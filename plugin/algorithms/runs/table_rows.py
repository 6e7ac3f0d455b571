"""Summary, report rows and warnings for the scenarios of a table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence

from ...text import translated
from ...variables import BY_NAME, VARIABLES
from ..translation import tr

if TYPE_CHECKING:
    from ...core.physics.critical_values import CohesionCounts
    from ...core.reliability import Reliability
    from ...core.reports.run_summary import RunSummary
    from ...core.scenario import Scenario
    from ..log import Log

_REPORT_COLUMNS = ("cohesion", "friction_angle", "conductivity", "rainfall", "duration")
_MOST_NAMES = 10  # in a warning
#: Cells of each failure class, in their order.
_CLASS_COLUMNS = ("stable_cells", "failed_in_event_cells", "failed_before_cells", "stable_again_cells")
SUMMARY_COLUMNS = {
    "name": str, "failed_cells": int, "failed_share": float, "reliability": str,
    **{variable.name: float for variable in VARIABLES}, "valid_cells": int, **dict.fromkeys(_CLASS_COLUMNS, int),
    "reasons": str, "file": str,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Summary of a predicted scenario."""

    scenario: Scenario
    failed_cells: int
    valid_cells: int
    failed_share: float
    reliability: Reliability
    class_cells: tuple[int, ...] | None  # by failure class
    before: tuple[str, ...]  # warnings of cells with FS < 1 under initial conditions

    @classmethod
    def of(cls, result: RunSummary, reliability: Reliability, cohesions: Callable[[], CohesionCounts]) -> Row:
        """Keep the numbers of a result; ``cohesions`` as in :func:`.failure_class.initial_failure_warnings`."""
        from ...core.failure_class import initial_failure_warnings

        return cls(
            result.scenario, result.failed_cells, result.valid_cells, result.failed_share, reliability,
            result.class_cells, tuple(translated(text, tr) for text in initial_failure_warnings(result, cohesions)),
        )  # fmt: skip

    @classmethod
    def of_record(cls, scenario: Scenario, record: Mapping[str, Any]) -> Row:
        """Make it of a :attr:`record`; raises :class:`KeyError` or :class:`TypeError` for a damaged one."""
        from ...core.reliability import Reliability

        level, reasons = record["reliability"]
        return cls(scenario, **{**record, "reliability": Reliability(level, tuple(reasons))})

    @property
    def record(self) -> dict[str, Any]:
        """Its numbers and reliability for JSON."""
        numbers = {key: value for key, value in vars(self).items() if key != "scenario"}
        return {**numbers, "reliability": (self.reliability.level, self.reliability.reasons)}

    @property
    def line(self) -> str:
        """Log line of the row, in the user's language."""
        from ...core.failure_class import classes_text

        line = tr("{}: {:,} of {:,} cells fail ({:.3g} %), {}.").format(
            self.scenario.name, self.failed_cells, self.valid_cells, 100.0 * self.failed_share, self.reliability.level
        )
        classes = "" if self.class_cells is None else translated(classes_text(self.class_cells), tr)
        return f"{line} {classes}".strip()

    def cells(self, folder: Path) -> list[Any]:
        """The row of the summary."""
        values = [None if v.name in self.scenario.rasters else getattr(self.scenario, v.name) for v in VARIABLES]
        reasons = "; ".join([*self.reliability.reasons, *self.before])
        return [
            self.scenario.name, self.failed_cells, self.failed_share, self.reliability.level,
            *values, self.valid_cells, *(self.class_cells or [None] * len(_CLASS_COLUMNS)), reasons,
            str(folder / f"{self.scenario.name}.tif"),
        ]  # fmt: skip

    def report_cells(self) -> list[Any]:
        """The row of the report's table, with the columns of :func:`report_columns`."""
        described = self.scenario.describe()
        inputs = [
            described[f"{name} [{BY_NAME[name].unit}]"] if name in self.scenario.rasters
            else _rounded(getattr(self.scenario, name)) for name in _REPORT_COLUMNS
        ]  # fmt: skip
        numbers = [self.failed_cells, 100.0 * self.failed_share, *(self.class_cells or [""] * len(_CLASS_COLUMNS))]
        return [self.scenario.name, *inputs, *numbers, str(self.reliability)]


def report_columns() -> list[str]:
    """Titles of the report's table."""
    from ...core.failure_class import CLASS_LABELS

    inputs = (translated(BY_NAME[name].title, tr) for name in _REPORT_COLUMNS)
    classes = (f"{number}: {tr(label)}" for number, label in enumerate(CLASS_LABELS))
    return [tr("Name"), *inputs, tr("Failed cells"), tr("Share [%]"), *classes, tr("Reliability")]


def push_warnings(rows: Sequence[Row], log: Log) -> None:
    """Warn once of all rows that are not to be trusted, or have FS < 1 under initial conditions."""
    for level in ("outside", "caution"):
        names = [row.scenario.name for row in rows if row.reliability.level == level]
        if names:
            text = "Reliability '{}' in {} of {} scenarios: {}. The summary gives the reasons."
            log.pushWarning(tr(text).format(level, len(names), len(rows), _listed(names)))
    before = [row.scenario.name for row in rows if row.before]
    if before:
        text = (
            "In {} of {} scenarios cells have FS < 1 under initial conditions: {}. If those slopes are stable in "
            "nature, their cohesion or friction angle is too low, or the soil depth or initial water table too high. "
            "The summary gives their numbers, and the cohesion that makes most of them stable."
        )
        log.pushWarning(tr(text).format(len(before), len(rows), _listed(before)))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")


def _rounded(value: float) -> str:
    """A number as entered; numbers with more than four digits are computed and rounded to three."""
    return f"{value:g}" if float(f"{value:.4g}") == value else f"{value:.3g}"
