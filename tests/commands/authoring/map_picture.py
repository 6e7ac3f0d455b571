"""Draw a failure mask on a hillshade with QGIS's own renderer: legend, scale bar, title."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="slopecast-runtime-"))  # else Qt warns

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsHillshadeRenderer,
    QgsLayout,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemScaleBar,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsMapLayerLegendUtils,
    QgsProject,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsRectangle,
    QgsUnitTypes,
)
from qgis.PyQt.QtGui import QColor, QFont

PAGE_MM = (297.0, 210.0)
DOTS_PER_INCH = 150
MARGIN_MM = 8.0
TITLE_MM = 20.0
LEGEND_MM = 62.0


@dataclass
class Picture:
    """What to draw, and where to."""

    title: str
    subtitle: str
    dem: Path
    overlay: Path
    target: Path
    overlay_name: str = "Failure mask"


def draw(picture: Picture) -> None:
    """Write the map as PNG."""
    application = QgsApplication.instance() or _start()
    project = QgsProject()
    hillshade = QgsRasterLayer(str(picture.dem), "Hillshade")
    provider = hillshade.dataProvider()
    hillshade.setResamplingStage(Qgis.RasterResamplingStage.Provider)  # shade a smooth surface, not its cells
    provider.enableProviderResampling(True)
    provider.setZoomedInResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Cubic)
    hillshade.setRenderer(QgsHillshadeRenderer(hillshade.dataProvider(), 1, 315, 45))
    hillshade.setOpacity(0.7)  # light enough for the mask to stand out in shaded slopes
    overlay = QgsRasterLayer(str(picture.overlay), picture.overlay_name)  # its .qml is next to it
    project.setCrs(hillshade.crs())
    project.addMapLayers([hillshade, overlay])
    layout = QgsLayout(project)
    layout.initializeDefaults()
    map_item = _map(layout, [overlay, hillshade])
    _text(layout, picture.title, 18, bold=True, top=MARGIN_MM)
    _text(layout, picture.subtitle, 11, bold=False, top=MARGIN_MM + 9)
    _legend(layout, map_item, project, overlay)
    _scale_bar(layout, map_item)
    image = QgsLayoutExporter(layout).renderPageToImage(0, dpi=DOTS_PER_INCH)
    if image.isNull() or not image.save(str(picture.target)):
        raise RuntimeError(f"QGIS could not draw {picture.target}")
    del application


def _start() -> QgsApplication:
    application = QgsApplication([], False)
    application.initQgis()
    return application


def _place(item, left: float, top: float, width: float, height: float) -> None:
    item.attemptMove(QgsLayoutPoint(left, top, QgsUnitTypes.LayoutMillimeters))
    item.attemptResize(QgsLayoutSize(width, height, QgsUnitTypes.LayoutMillimeters))


def _map(layout: QgsLayout, layers: list) -> QgsLayoutItemMap:
    item = QgsLayoutItemMap(layout)
    layout.addLayoutItem(item)
    width, height = PAGE_MM[0] - LEGEND_MM - 2 * MARGIN_MM, PAGE_MM[1] - TITLE_MM - 2 * MARGIN_MM
    _place(item, MARGIN_MM, MARGIN_MM + TITLE_MM, width, height)
    item.setLayers(layers)
    item.setExtent(_fitted(layers[-1].extent(), width / height))
    item.setFrameEnabled(True)
    return item


def _fitted(extent: QgsRectangle, ratio: float) -> QgsRectangle:
    """Widen an extent to the map's shape (zoomToExtent divides by the old extent, which is empty here)."""
    width = 1.02 * max(extent.width(), extent.height() * ratio)
    centre = extent.center()
    half = width / 2, width / ratio / 2
    return QgsRectangle(centre.x() - half[0], centre.y() - half[1], centre.x() + half[0], centre.y() + half[1])


def _text(layout: QgsLayout, text: str, size: int, *, bold: bool, top: float) -> None:
    item = QgsLayoutItemLabel(layout)
    item.setText(text)
    item.setFont(QFont("DejaVu Sans", size, QFont.Bold if bold else QFont.Normal))
    _place(item, MARGIN_MM, top, PAGE_MM[0] - 2 * MARGIN_MM, 10)
    layout.addLayoutItem(item)


def _legend(layout: QgsLayout, map_item: QgsLayoutItemMap, project: QgsProject, overlay: QgsRasterLayer) -> None:
    item = QgsLayoutItemLegend(layout)
    item.setLinkedMap(map_item)
    item.setAutoUpdateModel(False)
    root = item.model().rootGroup()
    for layer in list(project.mapLayers().values()):
        if layer.id() != overlay.id():
            root.removeLayer(layer)
    node = root.findLayer(overlay.id())
    QgsMapLayerLegendUtils.setLegendNodeOrder(node, [1, 2])  # without the band's name
    item.model().refreshLayerLegend(node)
    item.setTitle("Legend")
    item.setBackgroundColor(QColor("white"))
    _place(item, PAGE_MM[0] - LEGEND_MM - MARGIN_MM + 3, MARGIN_MM + TITLE_MM, LEGEND_MM, 60)
    layout.addLayoutItem(item)
    item.adjustBoxSize()


def _scale_bar(layout: QgsLayout, map_item: QgsLayoutItemMap) -> None:
    item = QgsLayoutItemScaleBar(layout)
    item.setStyle("Single Box")
    item.setLinkedMap(map_item)
    item.applyDefaultSize()
    _place(item, PAGE_MM[0] - LEGEND_MM - MARGIN_MM + 3, PAGE_MM[1] - MARGIN_MM - 18, LEGEND_MM, 15)
    layout.addLayoutItem(item)
