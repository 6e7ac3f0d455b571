"""Processing algorithm that puts a result on a print layout and exports it on request."""

from __future__ import annotations

import math
import re
import zlib
from pathlib import Path
from typing import Any, NamedTuple

from qgis import utils
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsHillshadeRenderer,
    QgsLayoutExporter,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsPrintLayout,
    QgsProject,
    QgsRasterDataProvider,
    QgsRasterLayer,
    QgsReadWriteContext,
    QgsRectangle,
)
from qgis.PyQt.QtXml import QDomDocument

from ..core.errors import InputError
from ..core.files.atomic import atomic_write
from ..core.quantities.foreign_text import foreign_text
from ..core.raster.inputs import ELEVATION
from ..text import Text
from ..variables import BY_NAME
from .base import SlopecastAlgorithm
from .inputs.layers import RasterSource, may_overlap, source_of_layer
from .inputs.likely_layers import likely_elevation, likely_result
from .locations import MAP_SHEET
from .log import Log
from .outputs.provenance import is_result, provenance_text, stored_provenance, storm_text
from .outputs.sheet_page import arrange, fit_scale_bar
from .parameter_values import ParameterValues
from .parameters.definitions import choice_input, file_output, raster_input, text_input
from .translation import tr

_SHEET = "Map sheet as a file (SHEET)"
_MARGIN = 1.04
#: Scenario numbers in a layer name, as written by :func:`~.scenario.scenario_title`.
_NUMBERS = r" \([^()]*(?:mm/h|, c [^()]*phi )[^()]*\)"
_NAMED, _ROUNDING = ("rainfall", "duration", "cohesion", "friction_angle"), 0.01
#: What a result is; the first line below its map, as the last ones of a long provenance may be cut.
_LIMITS = (
    "Screening result of a model: it is neither a forecast nor a warning. Do not base evacuations or permits on it "
    "alone."
)
_PAGES = {
    "a4_landscape": "A4, landscape", "a4_portrait": "A4, portrait",
    "a3_landscape": "A3, landscape", "a3_portrait": "A3, portrait",
}  # fmt: skip


class SheetInputs(NamedTuple):
    """Contents of a map sheet.

    Attributes:
        layer: id of the project's layer, or the file of one that is not in the project.
        source: limits of a result and provenance text of the layer, may be empty.
        crs_wkt: coordinate system of the layer, which users may have set by hand.
        page: key of :data:`~.sheet_page.PAGES`.
        hillshade_elsewhere: the background does not overlap the result.
    """

    layer: str
    name: str
    background: RasterSource | None
    title: str
    path: Path | None
    source: str
    crs_wkt: str = ""
    page: str = "a4_landscape"
    hillshade_elsewhere: bool = False


class MapSheet(SlopecastAlgorithm):
    """Makes a print layout of a result and adds it to the project."""

    ID = "mapsheet"
    TITLE = "Map sheet"
    GROUP = "maps"
    SUMMARY = (
        "Puts a result on an A4 or A3 sheet with title, legend, scale bar, north arrow and provenance. The sheet is "
        "added to the print layouts of the project (Project &gt; Layouts) and opened there, where everything can be "
        "changed. If a file is given, the sheet is also written as PDF, PNG or SVG."
    )
    TAGS = ("print layout", "map", "PDF", "report", "template")
    TEXTS = {"LAYOUT": "Name of the print layout"}

    INPUTS = (
        raster_input(
            "LAYER", "Result", "A raster written by Slopecast, drawn with its style in the project.",
            likely=likely_result,
        ),
        raster_input(
            "BACKGROUND", "Elevation for the hillshade",
            "Drawn as a hillshade below the result. If omitted, the DEM from which the result was computed is used if "
            "it is in the project; otherwise no hillshade is drawn.", optional=True, kind=ELEVATION,
        ),
        text_input("TITLE", "Title", "If empty, the name of the layer and the rainfall.", optional=True),
        choice_input("PAGE", "Page", "Size and orientation of the sheet.", choices=_PAGES),
    )  # fmt: skip
    OUTPUTS = (
        file_output(
            "SHEET", "Map sheet as a file", "PDF, PNG of 200 dpi or SVG.", optional=True,
            endings=(".pdf", ".png", ".svg"),
        ),
    )  # fmt: skip

    def read(self, parameters: ParameterValues, log: Log) -> SheetInputs:
        """Read the inputs and make the sheet: layouts and layers belong to the main thread.

        What goes wrong after the run, in :meth:`postProcessAlgorithm`, Processing would not report as a failure.
        """
        inputs = self.inputs_of(parameters)
        self._project = parameters.context.project() or QgsProject()
        self._layout = make_sheet(self._project, inputs)
        if inputs.path is not None:
            _export(self._layout, inputs.path)
        return inputs

    def inputs_of(self, parameters: ParameterValues) -> SheetInputs:
        """Read layers, title and file; raises :class:`InputError`."""
        given = super().inputs_of(parameters)
        shown, background = given.layer, given.background
        layer = parameters.raster_layer("LAYER")
        name = foreign_text(layer.name(), 200)
        self._outdated_name = name if states_other_numbers(name, shown.source) else ""
        if self._outdated_name:
            name = re.sub(_NUMBERS, "", name)
        title = foreign_text(given.title, 200)
        title = title or _default_title(name, storm_text(shown.source))
        project = parameters.context.project()
        if background is None and project is not None:
            background = _find_elevation(layer, project)
        ground = parameters.raster_layer("BACKGROUND") if background else None
        elsewhere = ground is not None and not may_overlap(ground, layer, project or QgsProject())
        known = project is not None and project.mapLayer(layer.id()) is not None
        source = provenance_text(shown.source)
        if is_result(shown.source):
            source = f"{tr(_LIMITS)}\n{source}"
        return SheetInputs(
            layer.id() if known else shown.source, name, background, title, given.sheet,
            source, shown.crs_wkt, given.page, elsewhere,
        )  # fmt: skip

    def execute(self, inputs: SheetInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Return the outputs; the sheet was made in :meth:`read`."""
        if not inputs.source:
            log.pushWarning(tr("The layer has no provenance metadata: the sheet does not state how it was made."))
        if self._outdated_name:
            text = "The name '{}' states other numbers than the layer's file, which was written anew since: rename it."
            log.pushWarning(tr(text).format(self._outdated_name))
        if inputs.hillshade_elsewhere:
            text = "The elevation '{}' does not overlap the result: the sheet shows no hillshade."
            log.pushWarning(tr(text).format(inputs.background.layer_name))
        return {"LAYOUT": self._layout.name(), **({} if inputs.path is None else {"SHEET": str(inputs.path)})}

    def postProcessAlgorithm(self, context: Any, feedback: Any) -> dict[str, Any]:
        """Add the layout to the project, and open it in the desktop (main thread)."""
        name = self._layout.name()
        self._project.layoutManager().addLayout(self._layout)
        feedback.pushInfo(tr("Print layout '{}' was added to the project: Project > Layouts.").format(name))
        if utils.iface is not None:
            utils.iface.openLayoutDesigner(self._layout)
        return {}


def make_sheet(project: QgsProject, inputs: SheetInputs) -> QgsPrintLayout:
    """Fill the template in; layers that are not in the project are added to it."""
    shown = project.mapLayer(inputs.layer)
    layers = [shown or project.addMapLayer(_open_layer(inputs.layer, inputs.name, inputs.crs_wkt))]
    if inputs.background is not None:
        layers.append(_hillshade(project, inputs.background))
    layout = QgsPrintLayout(project)
    layout.initializeDefaults()
    document = QDomDocument()
    document.setContent(MAP_SHEET.read_text(encoding="utf-8"))
    layout.loadFromTemplate(document, QgsReadWriteContext())
    layout.setName(_free_name(project, inputs.title))
    sheet = layout.itemById("map")
    sheet.setCrs(layers[0].crs())
    sheet.setLayers(layers)
    sheet.setKeepLayerSet(True)
    layout.itemById("title").setText(inputs.title)
    if inputs.source:
        layout.itemById("provenance").setText(inputs.source)
    _fill_legend(layout.itemById("legend"), layers[0], inputs.name)
    arrange(layout, inputs.page)
    sheet.setExtent(_fit_extent(layers[0].extent(), sheet.rect().width() / sheet.rect().height()))
    fit_scale_bar(layout)
    return layout


def _default_title(name: str, storm: str) -> str:
    """Name of a result with its rainfall, in place of the numbers of its scenario that a layer's name states."""
    return f"{re.sub(_NUMBERS, '', name)}, {foreign_text(storm, 200)}" if storm else name


def states_other_numbers(name: str, source: str) -> bool:
    """Whether a layer's name states the rain or the strength of another scenario than its file does."""
    numbers, known = re.search(_NUMBERS, name), stored_provenance(source)
    for key in _NAMED if numbers else ():
        number = rf"(\d+(?:\.\d+)?(?:e[-+]?\d+)?) {BY_NAME[key].unit}(?![/\w])"
        stated, stored = re.search(number, numbers[0]), re.match(number, known.get(key, ""))
        if stated and stored and not math.isclose(float(stated[1]), float(stored[1]), rel_tol=_ROUNDING):
            return True
    return False


def _open_layer(source: str, name: str, crs_wkt: str) -> QgsRasterLayer:
    """Open a raster in the coordinate system that it had when it was chosen."""
    layer = QgsRasterLayer(source, name)
    if not layer.isValid():
        raise InputError("LAYER, BACKGROUND", Text("'{}' can no longer be opened", source), "a raster layer")
    if crs_wkt:
        layer.setCrs(QgsCoordinateReferenceSystem.fromWkt(crs_wkt))
    return layer


def _find_elevation(layer: QgsRasterLayer, project: QgsProject) -> RasterSource | None:
    """The project's elevation layer that a result was computed from, by the file's name, or a likely one there."""
    name = stored_provenance(layer.source()).get("dem", "")
    rasters = [one for one in project.mapLayers().values() if isinstance(one, QgsRasterLayer)]
    near = [one for one in rasters if one.crs() == layer.crs() and one.extent().intersects(layer.extent())]
    named = [one for one in near if name and Path(one.source().split("|")[0]).name == name]
    found = named[0] if named else likely_elevation(near)
    if found is None or found.id() == layer.id():
        return None
    try:
        return source_of_layer(found, found.name(), ELEVATION)
    except InputError:  # nothing was requested
        return None


def _hillshade(project: QgsProject, elevation: RasterSource) -> QgsMapLayer:
    """Hillshade of an elevation at the bottom of the project; an existing one is reused."""
    name = tr("Hillshade")
    for layer in project.mapLayersByName(name):
        if layer.source() == elevation.source:
            return layer
    layer = _open_layer(elevation.source, name, elevation.crs_wkt)
    layer.setResamplingStage(Qgis.RasterResamplingStage.Provider)  # shade a smooth surface, not its cells
    layer.dataProvider().enableProviderResampling(True)
    layer.dataProvider().setZoomedInResamplingMethod(QgsRasterDataProvider.ResamplingMethod.Cubic)
    layer.setRenderer(QgsHillshadeRenderer(layer.dataProvider(), elevation.band or 1, 315.0, 45.0))
    layer.setOpacity(0.7)  # light enough for colours to stand out on shaded slopes
    project.addMapLayer(layer, False)
    project.layerTreeRoot().addLayer(layer)
    return layer


def _fill_legend(legend: Any, layer: QgsMapLayer, title: str) -> None:
    """Show only the result in the legend, under a title; QGIS evaluates expressions in layer names."""
    legend.setAutoUpdateModel(False)
    root = legend.model().rootGroup()
    root.removeAllChildren()
    node = root.addLayer(layer)
    node.setCustomProperty("legend/title-label", title)
    entries = len(legend.model().layerLegendNodes(node))
    if entries > 1:  # the first repeats the name of the band
        QgsMapLayerLegendUtils.setLegendNodeOrder(node, list(range(1, entries)))
        legend.model().refreshLayerLegend(node)
    legend.adjustBoxSize()


def _fit_extent(extent: QgsRectangle, ratio: float) -> QgsRectangle:
    """Widen an extent to a shape, width / height."""
    width = _MARGIN * max(extent.width(), extent.height() * ratio)
    centre = extent.center()
    half_width, half_height = width / 2.0, width / ratio / 2.0
    return QgsRectangle(
        centre.x() - half_width, centre.y() - half_height, centre.x() + half_width, centre.y() + half_height
    )


def _free_name(project: QgsProject, title: str) -> str:
    """The title, numbered where the project has a layout of that name."""
    manager, name, number = project.layoutManager(), title, 1
    while manager.layoutByName(name) is not None:
        number += 1
        name = f"{title} ({number})"
    return name


def _export(layout: QgsPrintLayout, path: Path) -> None:
    """Write the sheet whole or not at all; raises :class:`InputError`."""
    from ..core.raster.gdal_errors import quiet, unwritten

    with atomic_write([path.parent], _SHEET) as partials:
        partial = partials.path(path)
        exporter = QgsLayoutExporter(layout)
        kind = path.suffix.lower()
        if kind == ".pdf":
            done = exporter.exportToPdf(str(partial), QgsLayoutExporter.PdfExportSettings())
        elif kind == ".svg":
            done = exporter.exportToSvg(str(partial), QgsLayoutExporter.SvgExportSettings())
        else:
            settings = QgsLayoutExporter.ImageExportSettings()
            settings.dpi = 200
            with quiet():  # QGIS asks GDAL to write the position into the PNG, which it cannot
                done = exporter.exportToImage(str(partial), settings)
        if done == QgsLayoutExporter.ExportResult.MemoryError:
            raise InputError(
                _SHEET, Text("'{}' needs more memory than there is", path), "a page that fits into memory",
                "Choose a smaller page, or close other programs.",
            )  # fmt: skip
        if done != QgsLayoutExporter.ExportResult.Success or not is_whole_sheet(partial):
            raise unwritten(_SHEET, path, partial.parent, [])
        for undrawn in layout.itemById("map").renderingErrors():  # QGIS leaves cells that it cannot read empty
            raise InputError(
                "LAYER, BACKGROUND", Text("a layer cannot be drawn completely: {}", undrawn.message), "undamaged files",
                "Write the file again. An earlier file of this sheet is unchanged.",
            )  # fmt: skip


def is_whole_sheet(path: Path) -> bool:
    """Whether a written sheet is complete: QGIS reports success on a full disk, too."""
    if not path.is_file():
        return False
    content = path.read_bytes()
    if path.suffix.lower() == ".svg":
        return bool(QDomDocument().setContent(content)[0])
    return _is_whole_pdf(content) if path.suffix.lower() == ".pdf" else _is_whole_png(content)


def _is_whole_pdf(content: bytes) -> bool:
    """A PDF ends with the offset of its cross-reference table; if bytes are missing, it is not at that offset."""
    *_, keyword, position, end = [b"", b"", b"", *content.split()[-3:]]
    if (keyword, end) != (b"startxref", b"%%EOF") or not position.isdigit():
        return False
    return content[int(position) :].lstrip().startswith(b"xref")


def _is_whole_png(content: bytes) -> bool:
    """All chunks, up to the last one, have their checksum."""
    at = 8  # behind the signature
    while at + 12 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 8 + length
        if zlib.crc32(content[at + 4 : end]) != int.from_bytes(content[end : end + 4], "big"):
            return False
        if kind == b"IEND":
            return True
        at = end + 4
    return False
