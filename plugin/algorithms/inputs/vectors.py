"""QGIS vector layers as the core reads them: geometries as WKB in the grid's coordinates, and the cells they cover."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, NamedTuple, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFeature,
    QgsFeatureIterator,
    QgsFeatureRequest,
    QgsFeatureSource,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProviderRegistry,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from ...core.errors import InputError
from ...core.feedback import check_cancelled
from ...text import Text
from ..parameter_values import ParameterValues, plain_value
from ..translation import tr
from .input_files import vector_layer
from .layers import wkt_of

if TYPE_CHECKING:
    import numpy as np

    from ...core.grid import Grid
    from ..log import Log

_CHECK_EVERY = 500
#: Units of length, or degrees, by which a place may differ in two descriptions of one coordinate system.
_SAME_PLACE, _SAME_PLACE_DEG = 1.0, 1e-5
_MAKE_POINTS = "If it has columns with coordinates, use 'Create points layer from table' of the toolbox first."
#: Providers of layers in files.
_FILES = ("ogr", "delimitedtext")
#: Layers of a GeoPackage in which QGIS keeps styles and projects.
_QGIS_TABLES = ("layer_styles", "qgis_projects")
#: With fewer features, an inventory may have been merged into one or a few multi-part features.
_FEW = 10
#: Share of the features that may lie on NoData without a warning.
_MOST_LOST = 0.05


class Shape(NamedTuple):
    """One feature that touches the grid's extent, in its coordinate system, with the values of the requested fields."""

    name: str
    geometry: QgsGeometry
    values: tuple[Any, ...]


class _Snapshot(QgsFeatureSource):
    """The features of a layer with its edits, as they are now (main thread), also for another thread.

    QGIS crashes where a run reads a layer itself that is removed from the project meanwhile.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        super().__init__()
        self._source = QgsVectorLayerFeatureSource(layer)
        self._count, self._type, self._name = layer.featureCount(), layer.wkbType(), layer.name()
        self._extent = layer.extent()

    def getFeatures(self, request: QgsFeatureRequest | None = None) -> QgsFeatureIterator:
        """The features that a request names, or all."""
        return self._source.getFeatures(request or QgsFeatureRequest())

    def fields(self) -> QgsFields:
        """The layer's fields."""
        return self._source.fields()

    def sourceCrs(self) -> QgsCoordinateReferenceSystem:
        """The layer's coordinate system."""
        return self._source.crs()

    def sourceExtent(self) -> QgsRectangle:
        """The layer's extent."""
        return self._extent

    def featureCount(self) -> int:
        """Number of features; -1 where the layer's source does not know it."""
        return self._count

    def wkbType(self) -> Any:
        """The layer's kind of geometry."""
        return self._type

    def sourceName(self) -> str:
        """The layer's name."""
        return self._name


class VectorSource:
    """Features of a layer, or only its selected ones, identified in the main thread.

    Args:
        source: the features in their own coordinate system, kept as :attr:`features`.
        transforms: the project's choice among several transformations.
        warning, caution: about the file, reported when it is read.
        snapshot: of which ``source`` gives the features, and which is to be kept as long; ``None`` without one.
    """

    def __init__(
        self, label: str, source: QgsProcessingFeatureSource, transforms: QgsCoordinateTransformContext,
        warning: Text | None = None, caution: Text | None = None, snapshot: _Snapshot | None = None,
    ) -> None:  # fmt: skip
        self.label, self._snapshot = label, snapshot
        self.features, self._transforms, self._warning, self._caution = source, transforms, warning, caution

    def fields(self) -> list[str]:
        """Return the names of the fields."""
        return [field.name() for field in self.features.fields()]

    def shapes(self, grid: Grid, log: Log, fields: Sequence[str] = ()) -> Iterator[Shape]:
        """Yield the features within the grid's extent, in its coordinate system; warn of those without a geometry.

        Raises:
            InputError: a geometry that cannot be transformed to the grid's coordinate system.
            Cancelled: the user cancelled the run.
        """
        positions = [self.features.fields().lookupField(name) for name in fields]
        extent = QgsRectangle(*grid.bounds)
        request = QgsFeatureRequest()
        request.setSubsetOfAttributes(positions)
        empty = 0
        for feature, geometry in self.placed(grid, log, request):
            empty += geometry.isEmpty()
            if geometry.isEmpty() or not geometry.boundingBox().intersects(extent):
                continue
            values = tuple(plain_value(feature.attributes()[position]) for position in positions)
            yield Shape(tr("feature {}").format(feature.id()), geometry, values)
        if empty:
            log.pushWarning(Text("{}: features without a geometry are not used ({}).", self.label, empty))

    def placed(
        self, grid: Grid, log: Log, request: QgsFeatureRequest, *, null_if_untransformable: bool = False
    ) -> Iterator[tuple[QgsFeature, QgsGeometry]]:
        """Yield every feature with its geometry in the grid's coordinate system.

        Args:
            null_if_untransformable: give a null geometry where the transformation fails, instead of an error.

        Raises:
            InputError: a geometry that cannot be transformed to the grid's coordinate system.
            Cancelled: the user cancelled the run.
        """
        if self._warning:
            log.pushWarning(self._warning)
        log.pushCautions(self._caution)
        transform = self._transform(grid, log)
        unchecked = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks  # cells are what is made of them
        for number, feature in enumerate(self.features.getFeatures(request, unchecked)):
            if number % _CHECK_EVERY == 0:
                check_cancelled(log)
            try:
                geometry = self._transformed_geometry(feature, transform)
            except InputError:
                if not null_if_untransformable:
                    raise
                geometry = QgsGeometry()
            yield feature, geometry

    def _transform(self, grid: Grid, log: Log) -> QgsCoordinateTransform | None:
        from ...core.raster.coordinates import datum_caution
        from ...core.raster.crs import is_local, same_crs

        own, target = self.features.sourceCrs(), QgsCoordinateReferenceSystem.fromWkt(grid.crs_wkt)
        if not wkt_of(own):
            log.pushWarning(tr("{} has no coordinate system; the raster's is assumed.").format(self.label))
            return None
        if not target.isValid():
            text = "{}: its coordinate system is not set; its coordinates are assumed to be those of the raster."
            log.pushWarning(tr(text).format(self.label))
            return None
        if own == target or same_crs(wkt_of(own), grid.crs_wkt):
            return None
        named = own.authid() or own.userFriendlyIdentifier()
        log.pushInfo(tr("{}: brought from {} into the raster's coordinate system.").format(self.label, named))
        displaced = datum_caution(self.label, wkt_of(own), grid)
        if displaced and not self._transforms.hasTransform(own, target):
            log.pushCaution(displaced)
        transform = QgsCoordinateTransform(own, target, self._transforms)
        # Coordinates would stay as they are. PROJ 9.9 takes two sites' systems for the same.
        if not transform.isValid() or is_local(wkt_of(own)) or is_local(grid.crs_wkt):
            raise InputError(
                self.label, Text("cannot be brought from {} into the raster's coordinate system", named),
                "a coordinate system that can be transformed to that of the raster",
                "Check the coordinate systems of both layers: is one local, or of another planet?",
            )  # fmt: skip
        return transform

    def _transformed_geometry(self, feature: QgsFeature, transform: QgsCoordinateTransform | None) -> QgsGeometry:
        geometry = QgsGeometry(feature.geometry())
        if transform is not None and not geometry.isNull():
            try:
                geometry.transform(transform)
            except QgsCsException as error:
                raise InputError(
                    self.label,
                    Text("feature {} cannot be brought into the raster's coordinate system ({})", feature.id(), error),
                    "geometries within the area of use of their coordinate system",
                    "Check the layer's coordinate system.",
                ) from error  # fmt: skip
        return geometry


def vector_source(parameters: ParameterValues, key: str, kinds: Sequence[str]) -> VectorSource | None:
    """Read a vector parameter of some geometry types; ``None`` if it is optional and omitted.

    Raises:
        InputError: required and left out, not loadable, or of another kind of geometry.
    """
    label = parameters.label(key)
    given = parameters.get(key)
    if parameters.is_optional(key) and not parameters.is_given(key):
        return None
    source = features_of(parameters, key)
    if source is None:
        unloadable = Text("'{}' cannot be loaded as a vector layer", parameters.shown(key))
        problem = unloadable if parameters.is_given(key) else "is missing"
        raise InputError(label, problem, "a vector layer or file", "Check that the file exists and opens in QGIS.")
    kind = _kind(QgsWkbTypes.geometryType(source.wkbType()))
    if kind not in kinds:
        allowed = tr(" or ").join(name.lower() + "s" for name in kinds)
        if source.wkbType() == QgsWkbTypes.Type.NoGeometry:
            raise InputError(label, "is a table without geometries", allowed, _MAKE_POINTS)
        raise InputError(label, Text("contains features of the type '{}'", kind), allowed, "Choose another layer.")
    cautions = first_of_several(given, label), _crs_caution(parameters, key)
    snapshot, source = _for_other_threads(source, given, parameters.context)
    return VectorSource(label, source, parameters.context.transformContext(), *cautions, snapshot)


def _crs_caution(parameters: ParameterValues, key: str) -> Text | None:
    """Caution if a layer's coordinate system is not that of its file."""
    from ...core.raster.coordinates import file_crs_caution

    layer = vector_layer(parameters.get(key), parameters.context)
    if layer is None or layer.providerType() != "ogr":
        return None
    file, centre = layer.dataProvider().crs(), layer.extent().center()
    tolerance = _SAME_PLACE_DEG if file.isGeographic() else _SAME_PLACE
    place = centre.x(), centre.y()
    return file_crs_caution(parameters.label(key), wkt_of(layer.crs()), wkt_of(file), place, tolerance)


def features_of(parameters: ParameterValues, key: str) -> QgsProcessingFeatureSource | None:
    """The features of a parameter; ``None`` for what cannot be loaded, or a layer whose file is gone.

    QGIS gives such a layer without features, as if its area were empty. Raises :class:`InputError` for a name that
    several layers have.
    """
    parameters.check_one_layer(key, QgsVectorLayer)
    source = parameters.features(key)
    layer = vector_layer(parameters.get(key), parameters.context)
    if source is None or layer is None:
        return source
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = Path(parts.get("path") or "") if layer.providerType() in _FILES else Path()
    is_gone = path.is_absolute() and not path.as_posix().startswith("/vsi") and not os.path.exists(path)
    return source if layer.isValid() and not is_gone else None


def _for_other_threads(
    source: QgsProcessingFeatureSource, given: Any, context: QgsProcessingContext
) -> tuple[_Snapshot | None, QgsProcessingFeatureSource]:
    """The features of a parameter's value from a snapshot of its layer; selected ones have one of their own."""
    layer, is_definition = vector_layer(given, context), isinstance(given, QgsProcessingFeatureSourceDefinition)
    if layer is None or (is_definition and given.selectedFeaturesOnly):
        return None, source
    snapshot, options = _Snapshot(layer), []
    if is_definition:
        expression = getattr(given, "filterExpression", "")  # since 3.32
        options = [False, given.featureLimit, *([expression] if expression else [])]
    return snapshot, QgsProcessingFeatureSource(snapshot, context, *options)


def first_of_several(given: Any, label: str) -> Text | None:
    """Warning that a path names none of the layers of a file, or sheets, of which the first is read."""
    from osgeo import gdal

    from ...core.quantities.foreign_text import foreign_text
    from ...core.raster.gdal_errors import opened

    if isinstance(given, QgsProcessingFeatureSourceDefinition):
        given = given.source.staticValue()
    path = Path(given) if isinstance(given, str) else None  # with a layer's name it is no file
    dataset = opened(given, gdal.OF_VECTOR) if path is not None and os.path.isfile(path) else None
    layers = [] if dataset is None else [dataset.GetLayer(number) for number in range(dataset.GetLayerCount())]
    others = [
        layer.GetName() for layer in layers[1:] if layer.GetName() not in _QGIS_TABLES and layer.GetFeatureCount()
    ]
    if not others:
        return None
    return Text(
        "{}: '{}' has several layers with data, and the first is used: '{}'. The others are: {}. To use another one, "
        "add |layername= and its name to the path.",
        label, path.name, foreign_text(layers[0].GetName()), foreign_text(", ".join(others)),
    )  # fmt: skip


def is_polygon(geometry: QgsGeometry) -> bool:
    """Distinguish polygons from points and lines."""
    return _kind(geometry.type()) == "Polygon"


def _kind(geometry_type: Any) -> str:
    """Name of a kind of geometry; its enumeration has moved between the versions of QGIS, its names have not."""
    return QgsWkbTypes.geometryDisplayString(geometry_type)


def wkb(geometry: QgsGeometry) -> bytes:
    """Geometry as plain WKB: curves become lines, heights and measures are dropped."""
    plain = QgsGeometry(geometry.constGet().segmentize())  # also a curved type whose sides are all straight
    plain.get().dropZValue()
    plain.get().dropMValue()
    return bytes(plain.asWkb())


def cells_by_feature(source: VectorSource, grid: Grid, log: Log, *, divide: bool = False) -> list[np.ndarray]:
    """Flat indices of the cells of each feature on the grid, without features that have none.

    A polygon that holds no centre has the cell in which a point of it lies. A feature of many points has their cells.
    ``divide``: few features are taken as collections, each part of which counts as a feature.
    """
    import numpy as np

    from ...core.map_parts.strips import on_map
    from ...core.polygons.polygon_cells import positions, runs_of_cells

    geometries = _geometries(source, grid, log)
    if divide and len(geometries) < _FEW:
        parts = [part for geometry in geometries for part in geometry.asGeometryCollection()]
        if len(parts) > len(geometries):
            log.pushNote(Text("{}: each of the {} parts of its features counts as one.", source.label, len(parts)))
            geometries = parts
    found: list[list[np.ndarray]] = [[] for _ in geometries]
    places = [number for number, geometry in enumerate(geometries) if is_polygon(geometry)]
    polygons = [wkb(geometries[number]) for number in places]
    for runs in runs_of_cells(polygons, grid, log, at_least_one=True):
        found[places[runs.polygon]] += runs.within(grid.shape).indices(grid.cols)
    for number, geometry in enumerate(geometries):
        if not is_polygon(geometry):
            xy = np.array([(vertex.x(), vertex.y()) for vertex in geometry.vertices()]).reshape(-1, 2)
            cols, rows = (np.floor(values).astype(np.int64) for values in positions(xy[:, 0], xy[:, 1], grid))
            inside = on_map(grid.shape, rows, cols)
            found[number].append(rows[inside] * grid.cols + cols[inside])
    cells = [np.unique(np.concatenate(parts)) for parts in found if parts]
    return [one for one in cells if one.size]


def warn_of_lost_features(
    features: Sequence[np.ndarray], known: np.ndarray, area: np.ndarray | None, label: str, log: Log
) -> None:  # fmt: skip
    """Push a warning where many features have no cell with a value: scores hold without them only.

    Args:
        features: flat indices of the cells of each; label: of their layer.
        known: cells with a value, boolean (rows, cols); area: those to look at, ``None`` for all.
    """
    import numpy as np

    lost = count = 0
    for cells in features:
        rows, cols = np.divmod(cells, known.shape[1])
        here = np.ones(cells.size, dtype=bool) if area is None else area[rows, cols]
        count += bool(here.any())
        lost += bool(here.any()) and not known[rows[here], cols[here]].any()
    if lost > _MOST_LOST * count:
        text = "{}: {} of {} features in the area are on cells without a value (NoData), and are not compared."
        log.pushWarning(Text(text, label, lost, count))


def area_of_polygons(source: VectorSource, grid: Grid, log: Log) -> np.ndarray:
    """Cells of any of the polygons, as :func:`cells_by_feature` has them; boolean (rows, cols)."""
    import numpy as np

    from ...core.polygons.polygon_cells import runs_of_cells
    from ...core.raster import scratch

    area = scratch.full(grid.shape, value=False, dtype=np.bool_)
    polygons = [wkb(geometry) for geometry in _geometries(source, grid, log)]
    for runs in scratch.releasing(runs_of_cells(polygons, grid, log, at_least_one=True), _CHECK_EVERY):
        for cells in runs.within(grid.shape).indices(grid.cols):
            area.reshape(-1)[cells] = True
    return area


def _geometries(source: VectorSource, grid: Grid, log: Log) -> list[QgsGeometry]:
    """Geometries of the features within the map."""
    found = [shape.geometry for shape in source.shapes(grid, log)]
    log.pushInfo(
        tr("{}: {} of {} features within the map.").format(source.label, len(found), source.features.featureCount())
    )
    return found
