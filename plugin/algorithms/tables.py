"""Tables of QGIS (layers, CSV, XLSX, GeoPackage) as the core reads them: names of the columns, rows of plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

from qgis.core import (
    NULL,
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..core.errors import InputError
from ..text import Text
from .base import Destinations

#: Columns that the formats add for themselves.
_KEYS = {"fid", "ogc_fid"}
_NUMBERED = re.compile(r"field_?\d+", re.IGNORECASE)
_FIELD_TYPES_MOVED = 33800


@dataclass(frozen=True)
class Table:
    """A table, taken over in the main thread.

    Attributes:
        label: name of the input in messages.
        source: name of the table, for provenance.
        header: names of the columns.
        rows: values in the columns' order; ``None`` for an empty cell.
        file: that it is read from; ``None`` where it is in no file.
    """

    label: str
    source: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    file: Path | None = None


def read_table(algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], key: str, context: Any) -> Table:
    """Take over a table parameter; geometries are passed over.

    Raises:
        InputError: left out or not loadable.
    """
    label = f"{algorithm.parameterDefinition(key).description()} ({key})"
    given = parameters.get(key)
    source = algorithm.parameterAsSource(parameters, key, context) or single_column(given)
    if source is None:
        problem = "is missing" if given in (None, "") else Text("'{}' cannot be loaded as a table", given)
        raise InputError(
            label, problem, "a table layer, or a CSV, XLSX or GeoPackage file",
            "Check that the file exists and opens in QGIS.",
        )  # fmt: skip
    titles = [field.name() for field in source.fields()]
    kept = [place for place, title in enumerate(titles) if title.lower() not in _KEYS]
    rows = [tuple(_plain(row[place]) for place in kept) for row in (f.attributes() for f in source.getFeatures())]
    header = [titles[place] for place in kept]
    if rows and header and all(_NUMBERED.fullmatch(title) for title in header):
        # A spreadsheet whose cells are all texts: GDAL takes its first line for data.
        header, rows = ["" if value is None else str(value) for value in rows[0]], rows[1:]
    return Table(label, source.sourceName(), tuple(header), tuple(rows), _file_of(given, context))


def _file_of(given: Any, context: Any) -> Path | None:
    """The file of a table parameter's layer; ``None`` where it has none."""
    if isinstance(given, QgsProcessingFeatureSourceDefinition):
        given = given.source.staticValue()
    layer = given if isinstance(given, QgsVectorLayer) else QgsProcessingUtils.mapLayerFromString(str(given), context)
    if layer is None:
        return None
    path = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path")
    return Path(path) if path else None


def single_column(given: Any) -> QgsVectorLayer | None:
    """A CSV file of one column as a layer, ``None`` for anything else: GDAL does not take the former for CSV."""
    if not (isinstance(given, str) and given.lower().endswith(".csv") and Path(given).is_file()):
        return None
    if QgsVectorLayer(given, "", "ogr").isValid():
        return None
    uri = Path(given).absolute().as_uri() + "?type=csv&detectTypes=no&geomType=none"
    layer = QgsVectorLayer(uri, Path(given).stem, "delimitedtext")
    return layer if layer.isValid() else None


@dataclass(frozen=True)
class Column:
    """A column of a table to be written: its name and the type of its values (float, int or str)."""

    name: str
    kind: type


def write_table(
    destinations: Destinations, key: str, label: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]]
) -> str:
    """Write rows to a feature sink without geometry and return its layer.

    Raises:
        InputError: it cannot be written.
    """
    fields = QgsFields()
    for column in columns:
        fields.append(QgsField(column.name, _field_type(column.kind)))
    algorithm, parameters, context = destinations.algorithm, destinations.parameters, destinations.context
    sink, layer = algorithm.parameterAsSink(
        parameters, key, context, fields, QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem()
    )
    features = []
    for row in rows:
        feature = QgsFeature(fields)
        feature.setAttributes([NULL if value is None else value for value in row])
        features.append(feature)
    if sink is None or not sink.addFeatures(features, QgsFeatureSink.Flag.FastInsert):
        raise InputError(
            label, "cannot be written", "a table that you may write to", "Choose another file; is it open elsewhere?"
        )
    return layer


def _field_type(kind: type) -> Any:
    """Type of a field: its enumeration has moved between the versions of QGIS."""
    names = {float: "Double", int: "Int", str: "QString"}
    if Qgis.QGIS_VERSION_INT >= _FIELD_TYPES_MOVED:
        from qgis.PyQt.QtCore import QMetaType

        return getattr(QMetaType.Type, names[kind])
    from qgis.PyQt.QtCore import QVariant

    return getattr(QVariant, names[kind].removeprefix("Q"))


def _plain(value: Any) -> Any:
    """A cell as Python has it; QGIS's NULL is ``None``."""
    return None if value is None or value == NULL else value
