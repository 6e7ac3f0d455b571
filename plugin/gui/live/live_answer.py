"""Shows a solution in the live panel: headline, reliability, solver, histogram, legend and map."""

from __future__ import annotations

from html import escape
from typing import Any, Sequence

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
from qgis.gui import QgsMapCanvas

from ...algorithms.translation import tr
from ...core.failure_class import CLASS_COLOURS, CLASS_LABELS, STABLE_AGAIN, UNSTABLE_BEFORE
from ..fields.variable_form import show_note
from ..scenario_form import summary_text
from ..scenario_run import (
    INITIAL_CONDITIONS_TIP,
    RELIABILITY_TIP,
    failed_text,
    headline_kind,
    level_kind,
    reliability_text,
)
from .fs_histogram import FsHistogram
from .live_overlay import LiveOverlay
from .live_worker import Solution
from .overlapping_results import OverlappingResults


class LiveAnswer:
    """Shows one solution at a time in the panel's form and on the map, or the reason why there is none."""

    def __init__(self, form: Any, canvas: QgsMapCanvas) -> None:
        self.form = form
        self.overlay = LiveOverlay(canvas)
        self.histogram = FsHistogram(form)
        self.overlapping_results = OverlappingResults(form)
        self.solution: Solution | None = None
        self._area_open = False
        self._place: tuple[QgsRectangle, QgsCoordinateReferenceSystem] | None = None
        form.histogram_row.addWidget(self.histogram)
        form.legend_row.addWidget(self.overlapping_results)
        form.result_label.setToolTip(tr(INITIAL_CONDITIONS_TIP))
        form.reliability_label.setToolTip(tr(RELIABILITY_TIP))
        form.show_box.toggled.connect(self.overlay.setVisible)
        form.show_box.toggled.connect(lambda _: self._show_legend())

    def show(self, solution: Solution, crs: QgsCoordinateReferenceSystem, cell_area: float) -> None:
        """Show the failure classes on the map, and their numbers below the sliders; cell_area [m2]."""
        from ...core.reports.run_summary import HISTOGRAM_EDGES

        if self.solution is not None and self.solution.request.values != solution.request.values:
            self.overlapping_results.hide_equal()
        self.solution, self._area_open = solution, True
        self._place = QgsRectangle(*solution.grid.bounds), crs
        self.overlay.show_classes(solution.classes, solution.grid, crs)
        self.histogram.show_counts(solution.histogram, HISTOGRAM_EDGES)
        form, kind, counts = self.form, level_kind(solution.reliability), solution.class_cells
        before = counts[UNSTABLE_BEFORE], counts[STABLE_AGAIN]
        text = failed_text(solution.failed_cells, sum(counts), cell_area, *before)
        show_note(form.result_label, text, headline_kind(kind, solution.failed_cells, *before))
        show_note(form.reliability_label, reliability_text(solution.reliability, solution.solver), kind)
        notes = tr("Solver: {}.").format(solution.solver.rstrip(".")), *solution.warnings
        summary = summary_text(solution.request.values)
        show_note(form.solver_label, "\n".join((" ".join(notes), summary)), "caution" if solution.replaced else "hint")
        form.legend_label.setText(legend_text(counts))
        self._show_legend()

    def clear(self, why: str, kind: str = "hint", *, area_open: bool) -> None:
        """Remove the map from the canvas and show the reason.

        ``area_open``: a study area is open, so that another layer could be taken for the live one.
        """
        self.solution, self._area_open = None, area_open
        self.overlapping_results.set_equal(())
        self.overlay.clear()
        self.histogram.clear()
        show_note(self.form.result_label, why, kind)
        for label in (self.form.reliability_label, self.form.solver_label):
            show_note(label, "")
        self._show_legend()

    def grey(self) -> None:
        """Mark the map as outdated while the next solution is computed."""
        self.overlay.set_outdated(outdated=True)
        if self.solution is not None:
            show_note(self.form.result_label, self.form.result_label.text())  # no longer as a current result
            show_note(self.form.reliability_label, tr("Computing; map and numbers are those of the previous values."))

    def refuse(self, why: str) -> None:
        """Show an error below the map, which stays."""
        show_note(self.form.reliability_label, why, "error")

    def _show_legend(self) -> None:
        """Show the colours of the live map while it is on the map, and which other results are shown."""
        wanted, there = self.form.show_box.isChecked(), self.overlay.classes is not None
        self.form.legend_label.setVisible(there and wanted)
        self.overlapping_results.set_active(wanted and (there or self._area_open), self._place)


def legend_text(counts: Sequence[int]) -> str:
    """Colour and label of the failure classes that occur, a line each, as HTML; ``counts`` of their cells.

    The colours are on white as on the map: the dark ones could not be seen on a dark panel.
    """
    entries = zip(CLASS_COLOURS, CLASS_LABELS, counts)
    return "<br>".join(
        f"<span style='background-color:#ffffff; color:{_on_white(*drawn)}'>&nbsp;&#9632;&nbsp;</span> "
        f"{escape(tr(label))}"
        for drawn, label, count in entries
        if count
    )


def _on_white(colour: str, opacity: int) -> str:
    """The colour of a map that is drawn over white, with an opacity of 0 to 255."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * opacity / 255):02x}" for part in parts)
