"""Texts of a window that do not fit: widgets' sizes against font metrics, and widgets over one another."""

from __future__ import annotations

import os
from itertools import combinations
from typing import Iterator

from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QTextDocument
from qgis.PyQt.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QGroupBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

_TEXTS = (QLabel, QAbstractButton, QComboBox, QGroupBox, QLineEdit)
_TOLERANCE = 2  # pixels that rounding takes


def faults(window: QWidget) -> list[str]:
    """Name every text of a shown window that is cut, and every two widgets that overlap."""
    return [*_cut(window), *_overlapping(window)]


def _cut(window: QWidget) -> Iterator[str]:
    for area in window.findChildren(QScrollArea):
        if area.isVisibleTo(window) and area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            needed, there = area.widget().minimumSizeHint().width(), area.viewport().width()
            if needed > there:
                yield f"{_name(area)} {area.objectName()}: {needed} px in {there} px"
    for widget in window.findChildren(QWidget):
        if widget.isVisibleTo(window) and isinstance(widget, _TEXTS):
            needed, there = _width(widget), _room(widget)
            if needed > there + _TOLERANCE:
                yield f"{_name(widget)}: {needed} px in {there} px"
            elif isinstance(widget, QLabel) and widget.wordWrap():
                high = widget.heightForWidth(widget.width())
                if high > widget.height() + _TOLERANCE:
                    yield f"{_name(widget)}: {high} px high in {widget.height()} px"


def _width(widget: QWidget) -> int:
    """Width that a text needs [px]; 0 for none."""
    text, metrics = _text(widget), widget.fontMetrics()
    if not text or _shows_an_icon(widget):
        return 0
    if not isinstance(widget, QLabel):
        return metrics.horizontalAdvance(text.replace("&", ""))
    if Qt.mightBeRichText(text):
        document = QTextDocument()
        document.setDefaultFont(widget.font())
        document.setHtml(text)
        text = document.toPlainText()
    if widget.buddy() is not None:
        text = text.replace("&", "")
    parts = text.split() if widget.wordWrap() else text.split("\n")
    return max((metrics.horizontalAdvance(part) for part in parts), default=0)


def _shows_an_icon(widget: QWidget) -> bool:
    """Whether a button shows its icon instead of its text."""
    return (
        isinstance(widget, QToolButton)
        and widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
        and not widget.icon().isNull()
    )


def _room(widget: QWidget) -> int:
    """Width that a widget leaves its text [px]."""
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        option.initFrom(widget)
        option.frame = widget.hasFrame()
        style = widget.style()
        kind = QStyle.ComplexControl.CC_ComboBox
        return style.subControlRect(kind, option, QStyle.SubControl.SC_ComboBoxEditField, widget).width()
    if isinstance(widget, QCheckBox):
        option = QStyleOptionButton()
        option.initFrom(widget)
        return widget.style().subElementRect(QStyle.SubElement.SE_CheckBoxContents, option, widget).width()
    return widget.contentsRect().width()


def _overlapping(window: QWidget) -> Iterator[str]:
    for parent in (window, *window.findChildren(QWidget)):
        if parent.layout() is None or not parent.isVisibleTo(window) or isinstance(parent, QDockWidget):
            continue  # a dock's own buttons lie where the theme puts them
        items = [parent.layout().itemAt(index).widget() for index in range(parent.layout().count())]
        shown = [w for w in items if w is not None and w.isVisibleTo(window)]
        for one, other in combinations(shown, 2):
            if one.geometry().intersects(other.geometry()):
                yield f"{_name(one)} over {_name(other)}"


def _text(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        names = {layer.name() for layer in QgsProject.instance().mapLayers().values()}
        text = widget.currentText()
        return "" if text.split(" [")[0] in names else text  # names of layers may be longer
    if isinstance(widget, QGroupBox):
        return widget.title()
    if isinstance(widget, QLineEdit):
        return "" if os.sep in widget.text() else widget.text() or widget.placeholderText()  # paths may be longer
    return widget.text()


def _name(widget: QWidget) -> str:
    text = _text(widget)[:60] if isinstance(widget, _TEXTS) else ""
    kind = type(widget).__name__
    return f"{kind} {widget.objectName()} '{text}'" if not isinstance(widget, QAbstractScrollArea) else kind
