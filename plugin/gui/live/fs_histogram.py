"""Histogram of the factor of safety in the live panel."""

from __future__ import annotations

from typing import Sequence

from qgis.PyQt.QtCore import QPointF, QRectF, QSize, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent, QPen
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from ...algorithms.translation import tr
from ...core.failure_class import CLASS_COLOURS, FAILS_IN_EVENT
from ..fields.variable_form import note_colour

_FAILED, _STABLE = QColor(CLASS_COLOURS[FAILS_IN_EVENT][0]), QColor(150, 168, 186)
_HEIGHT_IN_LINES, _LEAST_LINES = 6, 4
_TICKS = (0, 1, 2, 3)


class FsHistogram(QWidget):
    """Bars by factor of safety from 0 to 3, below 1 in red; the last one holds all above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: Sequence[int] = ()
        self._edges: Sequence[float] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(tr("Histogram of the factor of safety"))
        self.setToolTip(
            tr("Cells by factor of safety; red: below 1, failed. The last bar contains all values from 2.9.")
        )

    def show_counts(self, counts: Sequence[int], edges: Sequence[float]) -> None:
        """Draw other counts; ``edges`` are one more than counts."""
        self.counts, self._edges = [int(count) for count in counts], [float(edge) for edge in edges]
        self.update()

    def clear(self) -> None:
        """Draw the axis alone."""
        self.show_counts((), ())

    def sizeHint(self) -> QSize:
        """Some lines of text high; in a low panel it makes room for the numbers."""
        line = self.fontMetrics().height()
        return QSize(12 * line, _HEIGHT_IN_LINES * line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bars, the line at 1 and the axis; nothing where there is no room for them."""
        line = self.fontMetrics().height()
        if self.height() < _LEAST_LINES * line:
            return
        painter = QPainter(self)
        area = QRectF(6, 2, self.width() - 12, self.height() - 2 * line - 4)
        text = QColor(note_colour(self, "text"))  # QGIS's dark themes leave the palette's own text dark
        self._draw_bars(painter, area)
        painter.setPen(QPen(text, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        for tick in _TICKS:
            x = area.left() + area.width() * tick / _TICKS[-1]
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3))
            label = f"{tick}+" if tick == _TICKS[-1] else str(tick)
            width = self.fontMetrics().horizontalAdvance(label)
            left = min(max(x - width / 2, 0), self.width() - width)
            painter.drawText(QPointF(left, area.bottom() + line), label)
        one = area.left() + area.width() / _TICKS[-1]
        painter.setPen(QPen(text, 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(one, area.top()), QPointF(one, area.bottom()))
        painter.setPen(text)
        if any(self.counts):
            above = tr("{:.0f} % above {:g}").format(100.0 * self.counts[-1] / sum(self.counts), self._edges[-2])
            left_part = area.adjusted(0, 0, -area.width() / len(self.counts) - 4, 0)
            painter.drawText(left_part, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, above)
        title = QRectF(0, area.bottom() + line, self.width(), line + 2)
        painter.drawText(title, Qt.AlignmentFlag.AlignCenter, tr("Factor of safety"))
        painter.end()

    def _draw_bars(self, painter: QPainter, area: QRectF) -> None:
        # The last bar contains all values above and is often by far the highest: it is cut off, with its share as text.
        highest = max(self.counts[:-1], default=0) or max(self.counts, default=0)
        if not highest:
            return
        span = self._edges[-1] - self._edges[0]
        for low, high, count in zip(self._edges, self._edges[1:], self.counts):
            left = area.left() + area.width() * (low - self._edges[0]) / span
            width = area.width() * (high - low) / span
            height = area.height() * min(count / highest, 1.0)
            colour = _FAILED if (low + high) / 2 < 1.0 else _STABLE
            painter.fillRect(QRectF(left, area.bottom() - height, max(width - 1, 1), height), colour)
