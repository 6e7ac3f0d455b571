"""Definitions of parameters, each with its title and help in the user's language."""

from __future__ import annotations

from typing import Callable, Sequence, TypeVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..inputs.likely_layers import preselect_layer
from ..translation import tr

_Parameter = TypeVar("_Parameter", bound=QgsProcessingParameterDefinition)
_TABLE = QgsProcessing.SourceType.TypeVector
#: Types of layers by the geometry's name.
_TYPES = {
    "Point": QgsProcessing.SourceType.TypeVectorPoint,
    "Line": QgsProcessing.SourceType.TypeVectorLine,
    "Polygon": QgsProcessing.SourceType.TypeVectorPolygon,
    "any": QgsProcessing.SourceType.TypeVectorAnyGeometry,
}


def advanced(parameter: _Parameter) -> _Parameter:
    """Move a parameter into the dialog's advanced part."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return parameter


def helped(parameter: _Parameter, text: str) -> _Parameter:
    """Give a parameter its help."""
    parameter.setHelp(tr(text))
    return parameter


def raster_parameter(
    key: str, title: str, text: str, *, optional: bool = False, likely: Callable | None = None
) -> QgsProcessingParameterRasterLayer:
    """A raster layer; likely: finds the layer that dialogs preselect, see :func:`.likely_layers.preselect_layer`."""
    parameter = helped(QgsProcessingParameterRasterLayer(key, tr(title), optional=optional), text)
    return parameter if likely is None else preselect_layer(parameter, likely)


def vector_parameter(
    key: str, title: str, geometries: Sequence[str], text: str, *, optional: bool = False,
    likely: Callable | None = None,
) -> QgsProcessingParameterFeatureSource:  # fmt: skip
    """A layer of ``Point``, ``Line``, ``Polygon`` or ``any`` geometries; likely: as for a raster."""
    types = [_TYPES[geometry] for geometry in geometries]
    parameter = helped(QgsProcessingParameterFeatureSource(key, tr(title), types, optional=optional), text)
    return parameter if likely is None else preselect_layer(parameter, likely)


def table_parameter(
    key: str, title: str, text: str, *, optional: bool = False, likely: Callable | None = None
) -> QgsProcessingParameterFeatureSource:
    """A table, with or without geometries; likely: as for a raster."""
    parameter = helped(QgsProcessingParameterFeatureSource(key, tr(title), [_TABLE], optional=optional), text)
    return parameter if likely is None else preselect_layer(parameter, likely)


def real_number_parameter(
    key: str, title: str, default: float | None, text: str, *, optional: bool = False
) -> QgsProcessingParameterNumber:
    """A number without limits: its range is checked when it is read, with advice."""
    double = QgsProcessingParameterNumber.Type.Double
    return helped(QgsProcessingParameterNumber(key, tr(title), double, default, optional=optional), text)


def switch_parameter(key: str, title: str, text: str, *, on: bool = False) -> QgsProcessingParameterBoolean:
    """A switch."""
    return helped(QgsProcessingParameterBoolean(key, tr(title), defaultValue=on), text)


def text_parameter(
    key: str, title: str, text: str, default: str | None = None, *, optional: bool = True
) -> QgsProcessingParameterString:
    """A line of text."""
    return helped(QgsProcessingParameterString(key, tr(title), default, optional=optional), text)


def folder_parameter(key: str, title: str, text: str) -> QgsProcessingParameterFile:
    """A folder that is read."""
    return helped(QgsProcessingParameterFile(key, tr(title), QgsProcessingParameterFile.Behavior.Folder), text)


def layer_output(key: str, title: str, text: str, geometry: str = "any") -> QgsProcessingParameterFeatureSink:
    """A layer of features that is written."""
    return helped(QgsProcessingParameterFeatureSink(key, tr(title), _TYPES[geometry]), text)


def table_output(key: str, title: str, text: str, *, by_default: bool = True) -> QgsProcessingParameterFeatureSink:
    """A table that is written on request; ``by_default``: dialogs offer to create it."""
    sink = QgsProcessingParameterFeatureSink(key, tr(title), _TABLE, optional=True, createByDefault=by_default)
    return helped(sink, text)


def file_output(
    key: str, title: str, files: str, text: str, *, optional: bool = False, by_default: bool | None = None
) -> QgsProcessingParameterFileDestination:
    """A file that is written.

    Args:
        key, title, text: of the parameter; files: their names as a filter, e.g. ``PDF (*.pdf)``.
        optional: written on request.
        by_default: dialogs offer to create it; where omitted, if it is not optional.
    """
    offered = not optional if by_default is None else by_default
    file = QgsProcessingParameterFileDestination(key, tr(title), files, optional=optional, createByDefault=offered)
    return helped(file, text)


def csv_output(key: str, title: str, text: str, *, optional: bool = False) -> QgsProcessingParameterFileDestination:
    """A CSV file that is written."""
    return file_output(key, title, tr("CSV files") + " (*.csv)", text, optional=optional)


def report_parameter(
    text: str, *, optional: bool = True, by_default: bool = False
) -> QgsProcessingParameterFileDestination:
    """The HTML report; ``by_default``: dialogs offer to create it."""
    files = tr("HTML files") + " (*.html)"
    return file_output("REPORT", "Report", files, text, optional=optional, by_default=by_default)


def folder_output(text: str) -> QgsProcessingParameterFolderDestination:
    """The folder that is written into."""
    return helped(QgsProcessingParameterFolderDestination("OUTPUT_FOLDER", tr("Output folder")), text)
