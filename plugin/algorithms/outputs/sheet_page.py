"""Arranges the items of a map sheet on its page, within the margins and without overlaps."""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from qgis.core import (
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendRenderer,
    QgsMapLayerLegendUtils,
    QgsNumericFormatContext,
    QgsPrintLayout,
    QgsUnitTypes,
)

#: Width and height [mm] by the key of the choice.
PAGES = {
    "a4_landscape": (297.0, 210.0), "a4_portrait": (210.0, 297.0),
    "a3_landscape": (420.0, 297.0), "a3_portrait": (297.0, 420.0),
}  # fmt: skip
_MARGIN, _GAP = 8.0, 3.0  # [mm]
_TITLE_POINTS, _SOURCE_POINTS = range(16, 8, -1), range(7, 4, -1)  # font sizes to try
_TITLE_SHARE, _SOURCE_SHARE = 0.12, 0.2  # of the page's height, at most
_LEGEND_SHARE = 0.3  # of the page's width, next to the map
_LEGEND_COLUMNS = (48, 40, 32, 26, 20, 16)  # letters in a line
_BREAK = "\n"
_SCALE_SIZE = (67.0, 14.0)
_NORTH = 12.0
_MM_PER_POINT = 25.4 / 72.0
_LINE_HEIGHT, _LETTER_WIDTH = 1.35, 0.56  # of the font's size


def arrange(layout: QgsPrintLayout, page: str) -> None:
    """Place title, map, filled legend, north arrow, scale bar and source on a page, by its key in :data:`PAGES`."""
    width, height = PAGES[page]
    layout.pageCollection().page(0).setPageSize(_size(width, height))
    inner = width - 2.0 * _MARGIN
    title, source = layout.itemById("title"), layout.itemById("provenance")
    top = _MARGIN + _fit_label(title, (_MARGIN, _MARGIN), inner, _TITLE_POINTS, _TITLE_SHARE * height)
    source_height = _fit_label(source, (_MARGIN, 0.0), inner, _SOURCE_POINTS, _SOURCE_SHARE * height)
    bottom = height - _MARGIN - source_height
    _place(source, (_MARGIN, bottom), (inner, source_height))
    top, bottom = top + _GAP, bottom - _GAP
    landscape = width > height
    legend = layout.itemById("legend")
    most = _LEGEND_SHARE * width if landscape else inner - _SCALE_SIZE[0] - _GAP
    legend_width, legend_height = _fit_legend(legend, most)
    if landscape:
        column = max(legend_width, _SCALE_SIZE[0])
        _place(layout.itemById("map"), (_MARGIN, top), (inner - column - _GAP, bottom - top))
        left = width - _MARGIN - column
        _place(legend, (left, top), (legend_width, legend_height))
        foot = (left, bottom - _SCALE_SIZE[1])
    else:
        block = max(legend_height, _NORTH + _GAP + _SCALE_SIZE[1])
        _place(layout.itemById("map"), (_MARGIN, top), (inner, bottom - top - block - _GAP))
        _place(legend, (_MARGIN, bottom - block), (legend_width, legend_height))
        foot = (width - _MARGIN - _SCALE_SIZE[0], bottom - _SCALE_SIZE[1])
    _place(layout.itemById("scale"), foot, _SCALE_SIZE)
    _place(layout.itemById("north"), (foot[0], foot[1] - _GAP - _NORTH), (_NORTH, _NORTH))


def fit_scale_bar(layout: QgsPrintLayout) -> None:
    """Draw the map's scale in two segments, or in one where labels would leave the bar's place or overlap."""
    bar = layout.itemById("scale")
    bar.setLinkedMap(layout.itemById("map"))
    bar.applyDefaultSize()
    bar.setNumberOfSegmentsLeft(0)
    one, two = (_scale_width(bar, segments) for segments in (1, 2))
    if two > _SCALE_SIZE[0]:
        _scale_width(bar, 1)
    elif two - one < _scale_label_width(bar):
        bar.setUnitsPerSegment(2.0 * bar.unitsPerSegment())
        _scale_width(bar, 1)


def _scale_width(bar: Any, segments: int) -> float:
    """Width of a scale bar with so many segments [mm]."""
    bar.setNumberOfSegments(segments)
    bar.resizeToMinimumWidth()
    return bar.rect().width()


def _scale_label_width(bar: Any) -> float:
    """Width that the number at the end of two segments takes [mm]: labels are centred on the ends."""
    number = 2.0 * bar.unitsPerSegment() / bar.mapUnitsPerScaleBarUnit()
    text, points = bar.numericFormat().formatDouble(number, QgsNumericFormatContext()), bar.textFormat().size()
    return (len(text) + 1) * points * _LETTER_WIDTH * _MM_PER_POINT


def _fit_label(label: Any, corner: tuple[float, float], width: float, sizes: range, most: float) -> float:
    """Set the largest font with which a label fits into a height; returns its height [mm]."""
    taken = most
    for points in sizes:
        taken = _text_height(label.text(), points, width)
        font = label.font()
        font.setPointSize(points)
        label.setFont(font)
        if taken <= most:
            break
    taken = min(taken, most)
    _place(label, corner, (width, taken))
    return taken


def _text_height(text: str, points: int, width: float) -> float:
    """Height of a wrapped text [mm], rounded up a little."""
    letters = max(width / (points * _LETTER_WIDTH * _MM_PER_POINT), 1.0)
    lines = sum(max(math.ceil(text_columns(line) / letters), 1) for line in text.split("\n"))
    return lines * points * _LINE_HEIGHT * _MM_PER_POINT + 1.0


def text_columns(text: str) -> int:
    """Width of a text in letters; East Asian wide letters count twice."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fit_legend(legend: Any, most: float) -> tuple[float, float]:
    """Wrap the legend's texts until it is no wider than ``most`` [mm]; its width and height."""
    legend.setWrapString(_BREAK)
    node = legend.model().rootGroup().findLayers()[0]
    title = str(node.customProperty("legend/title-label", ""))
    nodes = legend.model().layerLegendNodes(node)
    labels = [str(one.data(0) or "") for one in nodes]  # the display role
    order = QgsMapLayerLegendUtils.legendNodeOrder(node) or list(range(len(nodes)))
    for columns in _LEGEND_COLUMNS:
        node.setCustomProperty("legend/title-label", wrapped(title, columns))
        for number, text in zip(order, labels):
            if text_columns(text) > columns:
                QgsMapLayerLegendUtils.setLegendNodeUserLabel(node, number, wrapped(text, columns))
        legend.model().refreshLayerLegend(node)
        # The legend itself knows its size only once it has been painted.
        size = QgsLegendRenderer(legend.model(), legend.legendSettings()).minimumSize()
        if size.width() <= most:
            break
    return size.width(), size.height()


def wrapped(text: str, columns: int) -> str:
    """Break a text between words into lines of so many letters, where it can be."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_columns(lines[-1]) + 1 + text_columns(word) <= columns:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return _BREAK.join(lines)


def _place(item: Any, corner: tuple[float, float], size: tuple[float, float] | None = None) -> None:
    item.attemptMove(QgsLayoutPoint(*corner, QgsUnitTypes.LayoutUnit.LayoutMillimeters))
    if size is not None:
        item.attemptResize(_size(*size))


def _size(width: float, height: float) -> QgsLayoutSize:
    return QgsLayoutSize(width, height, QgsUnitTypes.LayoutUnit.LayoutMillimeters)
