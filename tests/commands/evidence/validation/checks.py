"""One check is one row of the report: what came out, what should have, how far apart they may lie."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass, field
from typing import Literal

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

COLOURS = ("#1b6ca8", "#d1495b", "#3a7d44", "#8d6a9f", "#e08e45", "#444444")
plt.rcParams.update({
    "axes.prop_cycle": plt.cycler(color=COLOURS), "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "axes.axisbelow": True, "grid.color": "#e6e6e6",
    "font.size": 9, "axes.titlesize": 9, "legend.frameon": False,
    "svg.fonttype": "path", "svg.hashsalt": "slopecast", "lines.linewidth": 1.4, "figure.constrained_layout.use": True,
})  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One row.

    Attributes:
        number: of the closed form in the physics contract, or empty.
        what: in words, with the inputs.
        computed, expected: the two numbers.
        tolerance: allowed error; of the kind's unit.
        kind: ``relative`` and ``absolute`` bound |computed - expected|; ``below`` wants computed < tolerance (errors,
            counts), ``above`` computed > tolerance (orders of convergence, water that must have taken a path).
        printed: the contract's own digits, which ``expected`` must round to.
    """

    number: str
    what: str
    computed: float
    expected: float | None
    tolerance: float
    kind: Literal["relative", "absolute", "below", "above"] = "relative"
    printed: str = ""

    @property
    def error(self) -> float:
        """Error of the kind that the tolerance bounds; the computed value itself where there is nothing to compare."""
        if self.expected is None:
            return self.computed
        off = abs(self.computed - self.expected)
        return off / abs(self.expected) if self.kind == "relative" and self.expected else off

    @property
    def passed(self) -> bool:
        """Whether the row holds; NaN never does."""
        if self.kind == "above":
            return self.computed > self.tolerance
        if self.kind == "below":
            return self.computed < self.tolerance or self.computed == self.tolerance == 0.0
        return self.error <= self.tolerance and self._rounds_to_print()

    def _rounds_to_print(self) -> bool:
        if not self.printed:
            return True
        digits = len(self.printed.partition(".")[2])
        return abs(float(self.printed) - self.expected) <= 0.5001 * 10.0**-digits


@dataclass
class Section:
    """A chapter of the report: checks of one subject and their pictures."""

    title: str
    text: str
    checks: list[Check] = field(default_factory=list)
    figures: list[tuple[str, str]] = field(default_factory=list)  # (caption, SVG in base64)
    notes: list[str] = field(default_factory=list)

    def draw(self, caption: str, figure: Figure) -> None:
        """Add a figure and close it."""
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None})
        plt.close(figure)
        self.figures.append((caption, base64.b64encode(buffer.getvalue()).decode()))


def figure(width: float = 6.0, height: float = 3.2, panels: int = 1) -> tuple[Figure, list]:
    """A figure with panels side by side."""
    made, axes = plt.subplots(1, panels, figsize=(width, height), squeeze=False)
    return made, list(axes[0])


def shown(value: float | None) -> str:
    """A number for the table."""
    if value is None:
        return "-"
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{value:.3e}" if abs(value) < 1e-3 or abs(value) >= 1e5 else f"{value:.8g}"
