"""Rebuild the print layout template ui/map_sheet.qpt: map, legend, scale bar, north, title and source on A4."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_HASH_SEED", "0")  # the same order in the file at every run
import checkout
from qgis.core import (
    QgsApplication,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsPrintLayout,
    QgsProject,
    QgsReadWriteContext,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont

TARGET = checkout.ROOT / "ui" / "map_sheet.qpt"
NORTH = ":/images/north_arrows/layout_default_north_arrow.svg"  # comes with QGIS


def place(layout: QgsPrintLayout, item: QgsLayoutItem, name: str, box: tuple[float, float, float, float]) -> None:
    """Put an item at (left, top, width, height) [mm] under a name that the map sheet finds it by."""
    item.setId(name)
    layout.addLayoutItem(item)
    item.attemptMove(QgsLayoutPoint(box[0], box[1], QgsUnitTypes.LayoutMillimeters))
    item.attemptResize(QgsLayoutSize(box[2], box[3], QgsUnitTypes.LayoutMillimeters))


def label(layout: QgsPrintLayout, name: str, text: str, size: int, box: tuple, *, bold: bool = False) -> None:
    """Add a text."""
    item = QgsLayoutItemLabel(layout)
    font = QFont("Sans Serif", size)
    font.setBold(bold)
    item.setFont(font)
    item.setText(text)
    item.setVAlign(Qt.AlignTop)
    place(layout, item, name, box)


def template(layout: QgsPrintLayout) -> None:
    """Fill an empty A4 page."""
    sheet = QgsLayoutItemMap(layout)
    sheet.setFrameEnabled(True)
    place(layout, sheet, "map", (8, 22, 211, 158))
    label(layout, "title", "[% @layout_name %]", 16, (8, 8, 281, 11), bold=True)
    legend = QgsLayoutItemLegend(layout)
    legend.setTitle("")
    legend.setLinkedMap(sheet)
    place(layout, legend, "legend", (222, 22, 67, 100))
    north = QgsLayoutItemPicture(layout)
    north.setPicturePath(NORTH)
    north.setLinkedMap(sheet)
    place(layout, north, "north", (224, 150, 12, 12))
    bar = QgsLayoutItemScaleBar(layout)
    bar.setStyle("Single Box")
    bar.setLinkedMap(sheet)
    bar.setNumberOfSegments(2)
    bar.setNumberOfSegmentsLeft(0)
    place(layout, bar, "scale", (222, 165, 67, 14))
    label(
        layout, "provenance",
        "Made with Slopecast. Failed: factor of safety of the infinite slope below 1. Screening result, not a "
        "forecast.",
        7, (8, 183, 281, 22),
    )  # fmt: skip


def main() -> None:
    """Write the template."""
    application = QgsApplication([], True)
    application.initQgis()
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    layout.setName("Slopecast map sheet")
    template(layout)
    if not layout.saveAsTemplate(str(TARGET), QgsReadWriteContext()):
        raise SystemExit(f"{TARGET} cannot be written")
    print(TARGET.relative_to(checkout.ROOT))
    sys.stdout.flush()
    os._exit(0)  # QGIS crashes when Python takes it down
