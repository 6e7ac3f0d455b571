"""What the live panel says of the mask on the map: headline, trust, histogram, legend, and the mask itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
from qgis.gui import QgsMapCanvas

from ..algorithms.translation import tr
from .fs_histogram import FsHistogram
from .live_overlay import FAILED_COLOUR, LiveOverlay
from .live_worker import Drawn
from .masks_below import MasksBelow
from .scenario_run import failed_text, headline_kind, level_kind, preview_note, preview_text, reliability_text
from .variable_form import show_note

if TYPE_CHECKING:
    from ..core.grid import Grid


class LiveAnswer:
    """Shows one answer at a time, or why there is none.

    Args:
        form: the panel's form, whose labels are filled in.
        canvas: the map that is painted on.
    """

    def __init__(self, form: Any, canvas: QgsMapCanvas) -> None:
        self.form = form
        self.overlay = LiveOverlay(canvas)
        self.histogram = FsHistogram(form)
        self.masks_below = MasksBelow(form)
        self.drawn: Drawn | None = None
        self._expected = False
        self._place: tuple[QgsRectangle, QgsCoordinateReferenceSystem] | None = None
        form.histogram_row.addWidget(self.histogram)
        form.legend_row.addWidget(self.masks_below)
        form.show_box.toggled.connect(self.overlay.setVisible)
        form.show_box.toggled.connect(lambda _: self._show_legend())

    def show(self, drawn: Drawn, grid: Grid, crs: QgsCoordinateReferenceSystem, cell_area: float) -> None:
        """Put a mask on the map and say what it says.

        Args:
            drawn: the mask and its numbers.
            grid, crs: where it lies; cell_area: of one of its cells [m2].
        """
        self.drawn, self._expected = drawn, True
        self._place = QgsRectangle(*grid.bounds), crs
        self.overlay.show_mask(drawn.picture.mask, grid, crs)
        self._show_numbers(drawn, grid, cell_area)
        self._show_legend()

    def _show_numbers(self, drawn: Drawn, grid: Grid, cell_area: float) -> None:
        from ..core.preview import HISTOGRAM_EDGES

        form, picture, before, again = self.form, drawn.picture, drawn.failed_before, drawn.stable_again
        text = failed_text(picture.failed_cells, picture.valid_cells, cell_area, before, again)
        self.histogram.show_counts(picture.histogram, HISTOGRAM_EDGES, preview=not drawn.whole)
        if not drawn.whole:
            text = preview_text(picture.failed_share, picture.failed_cells * cell_area)
            note = preview_note(drawn.water_cell_size, drawn.cell_size, grid.cell_width)
            show_note(form.result_label, text, "caution")
            show_note(form.reliability_label, note, "caution")
        elif drawn.reliability:
            kind = level_kind(drawn.reliability)
            show_note(form.result_label, text, headline_kind(kind, picture.failed_cells, before, again))
            show_note(form.reliability_label, reliability_text(drawn.reliability), kind)
        else:
            show_note(form.result_label, text, "caution")
            show_note(form.reliability_label, tr("By the closed-form column, not by the network."), "caution")

    def clear(self, why: str, kind: str = "hint", *, expected: bool) -> None:
        """Take the mask off the map and say why.

        Args:
            why: the text; kind: of the note.
            expected: a mountain is open, so that another red layer could be taken for its mask.
        """
        self.drawn, self._expected = None, expected
        self.overlay.clear()
        self.histogram.clear()
        show_note(self.form.result_label, why, kind)
        show_note(self.form.reliability_label, "")
        self._show_legend()

    def grey(self) -> None:
        """The next answer takes long: what is on the map is an older one."""
        self.overlay.set_outdated(outdated=True)
        if self.drawn is not None:
            show_note(self.form.result_label, self.form.result_label.text())  # no longer in the colour of trust
            show_note(self.form.reliability_label, tr("Computing; mask and numbers are of earlier sliders."))

    def refuse(self, why: str) -> None:
        """Say below the mask, which stays, what has gone wrong."""
        show_note(self.form.reliability_label, why, "error")

    def _show_legend(self) -> None:
        """Tell the live mask's colour and what lies below it, while it is on the map."""
        wanted, there = self.form.show_box.isChecked(), self.overlay.mask is not None
        meaning = tr("failed (preview)") if self.drawn is not None and not self.drawn.whole else tr("failed now")
        self.form.legend_label.setText(f"<span style='color:{FAILED_COLOUR}'>&#9632;</span> {meaning}")
        self.form.legend_label.setVisible(there and wanted)
        gone = self._expected and not there and wanted
        self.masks_below.set_active((there and wanted) or gone, self._place, alone=gone)
