"""Feature sinks that are written to a hidden file and moved together with the other results."""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import zlib
from collections import Counter
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, Sequence

from qgis.core import (
    NULL,
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsDataSourceUri,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingOutputLayerDefinition,
    QgsProperty,
    QgsWkbTypes,
)

from ...core.errors import InputError, SlopecastError
from ...core.feedback import check_cancelled
from ...core.files.atomic import PartialFolders
from ...core.files.whole import unwritable
from ...core.files.work_folder import WorkFolder
from ...core.quantities.foreign_text import spreadsheet_text
from ...text import Text
from ..log import Log
from ..parameter_values import ParameterValues
from .destinations import SHAPEFILE_OF_TABLE, destination_file, is_table, table_file, table_of_database

#: A database larger than this [bytes] takes seconds to copy.
_LARGE_DATABASE = 200_000_000
_CHECK_EVERY = 500  # features
#: Bytes of the longest text in a table of dBase, as a shapefile has.
_LONGEST_OF_DBASE = 254
#: Version of QGIS from which on the types of fields are those of QMetaType.
_FIELD_TYPES_MOVED = 33800


class SinkTarget:
    """The destination of a feature sink; default: file that is written where none is given.

    A file is written into the hidden folder that :func:`..core.files.atomic.atomic_write` gives for :attr:`folders`,
    and moved with what else is in there. A table within a database is written where it is, and the database is put
    back on an error; a layer in memory needs neither.
    """

    def __init__(self, parameters: ParameterValues, key: str, log: Log, default: Path | None = None) -> None:
        self.key, self.label = key, parameters.label(key)
        self._parameters, self._log = parameters, log
        self._given = parameters.get(key) or (str(default) if default else None)
        self.path = destination_file(self._given)
        self.is_in_database = table_of_database(self._given) is not None
        file = self.path is not None and not self.is_in_database
        if file and is_table(parameters.algorithm.parameterDefinition(key)):
            self.path = table_file(self.path)
        self.layer = ""  # as Processing names it, known when it is written
        self._failure: InputError | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether the output is requested."""
        return self._given not in (None, "")

    @property
    def file(self) -> Path | None:
        """The file that is replaced as a whole; ``None`` for a layer in memory or a table within a database."""
        return None if self.is_in_database else self.path

    @property
    def folders(self) -> list[Path]:
        """The folder to pass to :func:`atomic_write`; empty for outputs that are not moved."""
        return [] if self.file is None else [self.file.parent]

    @property
    def output(self) -> dict[str, str]:
        """The layer by the output's key; empty where it is not requested."""
        return {self.key: self.layer} if self.is_wanted else {}

    def write_rows(self, partials: PartialFolders, columns: Mapping[str, type], rows: Iterable[Sequence[Any]]) -> None:
        """Write a table, if it is requested; columns: kinds of their values (float, int or str), by name.

        An error is kept for :meth:`raise_failure`, so that the other results of a long run are written.
        """
        if not self.is_wanted:
            return
        fields, crs = fields_of(columns), QgsCoordinateReferenceSystem()
        cells = (([table_cell(value) for value in row], None) for row in rows)
        with self.keeping_failure():
            self.write(partials, fields, QgsWkbTypes.Type.NoGeometry, crs, cells)

    @contextlib.contextmanager
    def keeping_failure(self) -> Iterator[None]:
        """End a block where an error of the output is raised, and keep it for :meth:`raise_failure`."""
        try:
            yield
        except InputError as error:
            self._failure = error

    @property
    def is_missing(self) -> bool:
        """Whether the table could not be written."""
        return self._failure is not None

    def raise_failure(self, written: str) -> None:
        """Raise :class:`SlopecastError` if the table is missing; written: what was written otherwise, and where."""
        if self._failure is not None:
            raise SlopecastError(Text("{} {} Only this table is missing.", self._failure.args[0], written))

    def write(
        self, partials: PartialFolders, fields: QgsFields, kind: Any, crs: QgsCoordinateReferenceSystem,
        features: Iterable[tuple[Sequence[Any], QgsGeometry | None]],
    ) -> None:  # fmt: skip
        """Write a layer, close it and count the features in its file.

        Args:
            partials: the hidden folders; kind, crs: of the geometries.
            features: values and geometry of each; ``None`` among the values becomes NULL.

        Raises:
            InputError: it cannot be written to its end, or the format loses shapes.
            Cancelled: the user cancelled the run.
        """
        from osgeo import gdal

        from ...core.raster.gdal_errors import unwritten, writing

        partial, count, longest = partials[self.path.parent] if self.folders else None, 0, 0
        dimensions: Counter[int] = Counter()  # of the shapes
        output = self.label, self.path or self.key, partial
        with self._restoring_database(), _removing_partial_files(partial):
            with writing(*output) as error:
                sink, layer = self._open(self._parameters_with(partial), fields, kind, crs)
                if sink is None:
                    raise error()
            for count, (values, geometry) in enumerate(features, start=1):
                if count % _CHECK_EVERY == 1:
                    check_cancelled(self._log)
                feature = QgsFeature(fields)
                if geometry is not None:
                    feature.setGeometry(geometry)
                    if not geometry.isEmpty():
                        dimensions[geometry.constGet().dimension()] += 1
                feature.setAttributes([NULL if value is None else value for value in values])
                longest = max(longest, *(len(x.encode("utf-8", "replace")) for x in values if isinstance(x, str)), 0)
                if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                    raise unwritten(*output, [sink.lastError()])
            with writing(*output) as error:
                flushed = sink.flushBuffer()
                sink = None  # closes the file
                # QGIS does not report errors of closing a file; of a table in a database it makes a needless one,
                # because it asks for a spatial index even where there is no geometry: there the features are counted.
                failed = gdal.GetLastErrorType() >= gdal.CE_Failure and not self.is_in_database
                found = count if self.path is None else features_in(layer)
                if not flushed or failed or found < count:
                    raise error()
            if partial is not None:
                self._check_shapes(layer, dimensions, count, found)
                self._report_losses([field.name() for field in fields], kind, crs, layer, longest)
        in_memory = self._parameters.context.temporaryLayerStore().mapLayer(layer)
        if in_memory is not None and not crs.isValid():
            in_memory.setCrs(crs)  # QGIS has given it degrees
        self.layer = layer if partial is None else self._final_layer(layer, partial)

    def _open(
        self, parameters: dict[str, Any], fields: QgsFields, kind: Any, crs: QgsCoordinateReferenceSystem
    ) -> tuple[QgsFeatureSink | None, str]:
        """Open the sink; returns it, or ``None``, and the name of its layer, raises :class:`InputError`."""
        algorithm, context = self._parameters.algorithm, self._parameters.context
        try:
            sink, layer = algorithm.parameterAsSink(parameters, self.key, context, fields, kind, crs)
        except QgsProcessingException as error:  # it names the hidden file
            text = QgsDataSourceUri.removePassword(" ".join(str(error).split()))
            _, _, reason = text.partition(f"{self.path and self.path.name}: ")
            raise InputError(
                self.label, Text("'{}' cannot be created: {}", self.path or self.key, reason or text),
                "a file that you can write to, in a format with columns, such as GeoPackage (.gpkg)",
            ) from error  # fmt: skip
        return sink, layer

    def check(self) -> None:
        """Raise :class:`InputError` where a file of this name could not be replaced."""
        if self.path is not None and os.path.isdir(self.path):
            raise InputError(self.label, Text("'{}' is a folder", self.path), "the name of a file")

    def _check_shapes(self, layer: str, dimensions: Counter[int], count: int, found: int) -> None:
        """Raise :class:`InputError` where a format splits features or, with shapes, loses some.

        Args:
            layer: written; dimensions: number of shapes of each dimension.
            count, found: number of features that were written, and that are read back.
        """
        if found > count:
            raise InputError(
                self.label,
                Text("'{}' files split shapes of several parts: {:,} features would become {:,}", self.path.suffix,
                     count, found),
                "a format with shapes of several parts", "Choose a GeoPackage (.gpkg).",
            )  # fmt: skip
        dataset = _opened(layer)
        found = None if dataset is None else dataset.GetLayer(0)
        if found is None or not found.GetLayerDefn().GetGeomFieldCount():
            return
        shapes = (feature.GetGeometryRef() for feature in found)
        lost = dimensions - Counter(shape.GetDimension() for shape in shapes if shape and not shape.IsEmpty())
        if lost:
            raise InputError(
                self.label,
                Text("'{}' files do not store these shapes: of {:,}, {:,} cannot be read back", self.path.suffix,
                     sum(dimensions.values()), sum(lost.values())),
                "a format with points, lines and polygons", "Choose a GeoPackage (.gpkg).",
            )  # fmt: skip

    def _report_losses(
        self, names: list[str], kind: Any, crs: QgsCoordinateReferenceSystem, layer: str, longest_text: int
    ) -> None:  # fmt: skip
        """Warn of what the format does not store: whole names and texts, as in a shapefile, shapes, their system."""
        dataset = _opened(layer)
        found = None if dataset is None else dataset.GetLayer(0)
        if found is None:
            return
        written, suffix = [field.GetName() for field in found.schema], self.path.suffix
        pairs = zip(names, written) if len(names) == len(written) else ()
        changed = [f"{name} ({kept})" for name, kept in pairs if name.casefold() != kept.casefold()]
        lacks_shapes = kind != QgsWkbTypes.Type.NoGeometry and not found.GetLayerDefn().GetGeomFieldCount()
        losses = (
            (changed,
             Text("{}: its format cannot store all column names; these have another one: {}. Choose a GeoPackage to "
                  "keep them.", self.label, ", ".join(changed))),
            (suffix.lower() in SHAPEFILE_OF_TABLE and longest_text > _LONGEST_OF_DBASE,
             Text("{}: a '{}' file cuts texts after {} bytes, and some are longer. Choose a GeoPackage to keep them.",
                  self.label, suffix, _LONGEST_OF_DBASE)),
            (lacks_shapes,
             Text("{}: a '{}' file stores no shapes, only their attributes. Choose a GeoPackage to keep the shapes.",
                  self.label, suffix)),
            (crs.isValid() and not lacks_shapes and found.GetSpatialRef() is None,
             Text("{}: a '{}' file stores no coordinate system here. Choose a GeoPackage to keep it.", self.label,
                  suffix)),
            (not crs.isValid() and _is_in_degrees(found),
             Text("{}: a '{}' file states longitudes and latitudes, but the coordinate system is not known. Choose a "
                  "GeoPackage.", self.label, suffix)),
        )  # fmt: skip
        for is_lost, warning in losses:
            if is_lost:
                self._log.pushWarning(warning)

    def _parameters_with(self, partial: Path | None) -> dict[str, Any]:
        """The run's parameters, with the hidden file in place of the destination."""
        if partial is None:
            return self._parameters.values
        hidden: Any = partial / self.path.name
        hidden = str(hidden.with_suffix(".shp") if hidden.suffix in SHAPEFILE_OF_TABLE else hidden)  # as QGIS names it
        if isinstance(self._given, QgsProcessingOutputLayerDefinition):
            hidden, file = QgsProcessingOutputLayerDefinition(self._given), hidden
            hidden.sink = QgsProperty.fromValue(file)
        return {**self._parameters.values, self.key: hidden}

    def _final_layer(self, layer: str, partial: Path) -> str:
        """The layer's name once its file is moved, for Processing to load under that name."""
        context = self._parameters.context
        moved = layer.replace(str(partial), str(self.path.parent)).replace(
            partial.as_posix(), self.path.parent.as_posix()
        )
        if self.path.suffix == ".dbf":  # a table without shapes: its layer is named after a .shp that is not there
            moved = moved.removesuffix(".shp") + ".dbf"
        if context.willLoadLayerOnCompletion(layer):
            # The other layers keep their post-processors, which are referenced elsewhere.
            waiting = context.layersToLoadOnCompletion()
            context.setLayersToLoadOnCompletion({moved if key == layer else key: waiting[key] for key in waiting})
        return moved

    @contextlib.contextmanager
    def _restoring_database(self) -> Iterator[None]:
        """On an error or a cancel, put a database back into which a table was written."""
        if not self.is_in_database or self.path is None:
            yield
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # One run at a time: on an error a copy is put back, without the tables that others have written meanwhile.
            name = f"{zlib.crc32(self.path.name.encode()):08x}.part"
            work = WorkFolder.make(self.path.parent, name, self.label)
        except OSError as error:
            raise unwritable(self.label, self.path, error) from error
        try:
            places = [self.path, *(Path(f"{self.path}{end}") for end in ("-wal", "-shm", "-journal"))]
            kept = [(place, work.results / place.name) for place in places if place.is_file()]
            size = sum(place.stat().st_size for place, _ in kept)
            if size > _LARGE_DATABASE:
                self._log.pushInfo(
                    Text("{}: '{}' is copied first ({:.1f} GB), to be put back if the table cannot be written. A file "
                         "of its own is faster.", self.label, self.path, size / 1e9)
                )  # fmt: skip
            for place, copy in kept:
                shutil.copy2(place, copy)
            try:
                yield
            except BaseException:
                with contextlib.suppress(OSError):  # held open: the error is the one to report
                    for place in set(places) - {place for place, _ in kept}:
                        place.unlink(missing_ok=True)
                    for place, copy in kept:
                        shutil.move(copy, place)
                raise
        except OSError as error:
            raise unwritable(self.label, self.path, error) from error
        finally:
            work.remove()


@contextlib.contextmanager
def _removing_partial_files(partial: Path | None) -> Iterator[None]:
    """On an error, remove incomplete files from a hidden folder, so that the other results can be moved."""
    before = set() if partial is None else set(partial.iterdir())
    try:
        yield
    except BaseException:
        for file in set() if partial is None else set(partial.iterdir()) - before:
            with contextlib.suppress(OSError):
                file.unlink()
        raise


def _is_in_degrees(layer: Any) -> bool:
    """Whether an OGR layer states geographic coordinates, as GeoJSON does where nothing else is given."""
    from ...core.raster.crs import is_placeholder

    crs = layer.GetSpatialRef()
    return crs is not None and bool(crs.IsGeographic()) and not is_placeholder(crs.ExportToWkt())


def fields_of(columns: Mapping[str, type]) -> QgsFields:
    """Fields of columns: kinds of their values (float, int or str), by name."""
    fields = QgsFields()
    for name, kind in columns.items():
        fields.append(QgsField(name, _field_type(kind)))
    return fields


def table_cell(value: Any) -> Any:
    """A value as a table cell; text that a spreadsheet would read as a formula is marked as text."""
    return spreadsheet_text(value) if isinstance(value, str) else value


def _field_type(kind: type) -> Any:
    """Type of a field: its enumeration has moved between the versions of QGIS."""
    names = {float: "Double", int: "Int", str: "QString"}
    if Qgis.QGIS_VERSION_INT >= _FIELD_TYPES_MOVED:
        from qgis.PyQt.QtCore import QMetaType

        return getattr(QMetaType.Type, names[kind])
    from qgis.PyQt.QtCore import QVariant

    return getattr(QVariant, names[kind].removeprefix("Q"))


def nan_to_none(values: Iterable[Any]) -> list[Any]:
    """Replace NaN, an unknown number, by ``None``."""
    return [None if isinstance(value, float) and math.isnan(value) else value for value in values]


def features_in(layer: str) -> int:
    """Number of features in a written file; -1 if it is unreadable or ends within a line."""
    path, _, name = layer.partition("|layername=")
    if path.lower().endswith(".csv") and Path(path).is_file() and not Path(path).read_bytes().endswith(b"\n"):
        return -1
    dataset = _opened(layer)
    found = None if dataset is None else dataset.GetLayerByName(name) if name else dataset.GetLayer(0)
    return -1 if found is None else _count_features(found)


def _opened(layer: str) -> Any:
    """The data set of a written file; ``None`` where it cannot be read."""
    from osgeo import gdal

    from ...core.raster.gdal_errors import opened

    path = Path(layer.split("|", maxsplit=1)[0])
    files = [file for file in (path, path.with_suffix(".dbf"), Path(f"{path}.dbf")) if file.is_file()]
    for file in files:  # a shapefile without geometry is a .dbf alone
        dataset = opened(str(file), gdal.OF_VECTOR)
        if dataset is not None and dataset.GetLayerCount():
            return dataset
    return None


def _count_features(layer: Any) -> int:
    """Number of features of a layer, counted by reading; its stored count may be wrong."""
    try:
        return sum(1 for _ in layer)
    except RuntimeError:  # another plugin may have switched GDAL's exceptions on
        return -1
