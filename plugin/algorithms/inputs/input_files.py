"""Checks that no output of a run would overwrite a file that one of its inputs reads."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import Any, Iterable, Iterator

from qgis.core import (
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ...core.errors import InputError
from ...core.files.whole import identity_of
from ...text import Text
from ..outputs.destinations import (
    SHAPEFILE_OF_TABLE,
    check_not_open,
    destination_file,
    destination_text,
    is_table,
    table_file,
    table_of_database,
)
from ..parameter_values import ParameterValues
from .layers import open_subdataset

#: Files of a data set, of which the folder is the input.
_DATA_SET = (".npz", "dataset.json", "build.json")
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qix")
_DATABASES = (".gpkg", ".sqlite", ".db")
#: Formats that QGIS writes, but not from rows without geometry.
_NO_TABLES = (".dxf", ".fgb", ".gpx", ".pdf", ".sqlite", ".txt")
#: QGIS's name of a layer in a file.
_LAYER_OF_FILE = r"(.+)\|layername=([^|]+)"

#: What QGIS reads in a destination as the end of a file's name; a drive has a colon too.
_SPLITS_NAMES = r"\||(?<!^[A-Za-z]):"
#: A table of a GeoPackage is named after its file, and GDAL takes no name that begins with one of these.
_NO_TABLE_NAME = tuple("`~!@#$%^&*()+-={}|[]\\:\";'<>?,/")
#: Longest file name [bytes]; most file systems allow 255, and sidecar files have longer endings.
_LONGEST_NAME = 250


def check_output_files(parameters: ParameterValues) -> None:
    """Check the files of all destinations (main thread).

    Raises:
        InputError: a file is an input of the run, after links are resolved, is that of two outputs, has too long a
            name, is on no disk, is open on Windows, or is a database whose other tables would be lost.
    """
    inputs: dict[Any, set[str]] = {}
    for definition in parameters.algorithm.parameterDefinitions():
        for path, layer in () if definition.isDestination() else _input_files(parameters, definition):
            for identity in _identities(path):
                inputs.setdefault(identity, set()).add(layer.casefold())
    seen: dict[Any, set[str]] = {}
    for definition in parameters.algorithm.destinationParameterDefinitions():
        given = parameters.get(definition.name())
        path = destination_file(given)
        label = parameters.label(definition.name())
        _check_disk(path, label)
        if path is None or isinstance(definition, QgsProcessingParameterFolderDestination):
            continue  # the files in a folder are checked by name
        if isinstance(definition, QgsProcessingParameterFeatureSink):
            path = _checked_sink(given, path, label, has_rows_alone=is_table(definition))
        if len(path.name.encode()) > _LONGEST_NAME:
            raise InputError(
                label, Text("the name '{}...' is longer than file systems allow", path.name[:40]),
                Text("at most {} bytes", _LONGEST_NAME), "Choose a shorter name.",
            )  # fmt: skip
        within = table_of_database(given)
        table = "" if within is None else within[1].casefold()  # names in databases do not depend on case
        if _contains(inputs, path, table):
            raise InputError(
                label, Text("'{}' is an input of this run", path), "another file",
                "Choose another output file; the input would be lost.",
            )  # fmt: skip
        if _contains(seen, path, table):
            raise InputError(label, Text("'{}' is also the file of another output", path), "a file for each output")
        for identity in _identities(path):
            seen.setdefault(identity, set()).add(table)
        if within is None:
            check_not_open(path, label)
            if isinstance(definition, QgsProcessingParameterFeatureSink):
                _check_database(path, label)


def check_required_outputs(parameters: ParameterValues) -> None:
    """Raise :class:`InputError` if a required output is missing; QGIS's own forms fill it in."""
    for definition in parameters.algorithm.destinationParameterDefinitions():
        given = parameters.get(definition.name())
        if given in (None, "") and not definition.checkValueIsAcceptable(given, parameters.context):
            label = parameters.label(definition.name())
            raise InputError(label, "is missing", "a file or folder to write, or TEMPORARY_OUTPUT")


def _check_disk(path: Path | None, label: str) -> None:
    """Raise :class:`InputError` for an output in an archive or in GDAL's memory."""
    if path is not None and path.as_posix().startswith("/vsi"):
        raise InputError(
            label, Text("'{}' is a virtual path of GDAL", path.as_posix()), "a file or folder on a disk",
            "Choose another place, or TEMPORARY_OUTPUT.",
        )  # fmt: skip


def _contains(files: dict[Any, set[str]], path: Path, table: str) -> bool:
    """Whether a file, or a table in it, is among tables by file; an empty name is the whole file."""
    tables = set().union(*(files.get(identity, ()) for identity in _identities(path)))
    return bool(tables) and (not table or not tables.isdisjoint(("", table)))


def _check_database_destination(given: Any, label: str) -> None:
    """Raise :class:`InputError` for a table of a database that is not named as Processing names it."""
    named = re.fullmatch(_LAYER_OF_FILE, destination_text(given))
    path, table = table_of_database(given) or (named[1] if named else "", "")
    if named is not None or (path and not table):
        table = named[2] if named is not None else "name"
        raise InputError(
            label, Text("'{}' names no file and no table to write", destination_text(given)), "a file, or a table",
            Text("For a table of a GeoPackage enter: {}", f"ogr:dbname='{path}' table=\"{table}\" (geom)"),
        )  # fmt: skip


def _checked_sink(given: Any, path: Path, label: str, *, has_rows_alone: bool) -> Path:
    """The file that QGIS writes for a sink; raises :class:`InputError` where it cannot, or should not."""
    _check_database_destination(given, label)
    if table_of_database(given) is not None:
        return path
    check_file(path, label, has_rows_alone=has_rows_alone)
    return table_file(path) if has_rows_alone and path.suffix.lower() in SHAPEFILE_OF_TABLE else _file_of_sink(path)


def _file_of_sink(path: Path) -> Path:
    """The file that QGIS writes for a name: it adds an extension to one that it does not know, or does not write."""
    driver = QgsVectorFileWriter.driverForExtension(path.suffix[1:])
    if not driver:
        return Path(f"{path}.{QgsProcessingUtils.defaultVectorExtension()}")
    metadata = QgsVectorFileWriter.MetaData()
    known = metadata.ext.split() if QgsVectorFileWriter.driverMetadata(driver, metadata) else []
    return path if not known or path.suffix[1:].lower() in known else Path(f"{path}.{known[0]}")


def check_file(path: Path, label: str, *, has_rows_alone: bool) -> None:
    """Raise :class:`InputError` for the file of a sink that QGIS cannot write, or with which shapes lose attributes."""
    suffix, shapes, another = path.suffix.lower(), path.with_suffix(".shp"), Text("Choose another file.")
    split = re.search(_SPLITS_NAMES, str(path))
    rules: tuple[tuple[Any, Text, Text, Text], ...] = (
        (split is not None,
         Text("'{}' contains '{}', which QGIS does not read as a part of a name", path, split and split[0]),
         Text("a file and folders without it"), another),
        (suffix == ".gpkg" and path.name.startswith(_NO_TABLE_NAME),
         Text("the name '{}' begins with '{}', which no table of a GeoPackage does", path.name, path.name[:1]),
         Text("a name that begins with a letter or a number"), another),
        (suffix == ".dbf" and not has_rows_alone,
         Text("'{}' can hold a table, but no shapes", path),
         Text("a file that stores shapes"), Text("Choose a GeoPackage (.gpkg) or a shapefile (.shp).")),
        (suffix in _NO_TABLES and has_rows_alone,
         Text("a table without shapes cannot be stored as '{}'", suffix),
         Text("a format with columns, such as GeoPackage (.gpkg), CSV (.csv) or Excel (.xlsx)"), another),
        (has_rows_alone and suffix in SHAPEFILE_OF_TABLE and os.path.exists(shapes),
         Text("'{}' has shapes, whose attributes would be lost", shapes), Text("a new file"), another),
    )  # fmt: skip
    for is_wrong, *message in rules:
        if is_wrong:
            raise InputError(label, *message)


def files_read(parameters: ParameterValues) -> Iterator[Path]:
    """Yield the files of rasters, weights and data sets, which a run may read for long (main thread).

    Databases and statistics next to rasters are left out: QGIS itself writes into them.
    """
    for definition in parameters.algorithm.parameterDefinitions():
        if isinstance(definition, (QgsProcessingParameterRasterLayer, QgsProcessingParameterFile)):
            yield from _without_files_of_qgis(path for path, _ in _input_files(parameters, definition))


def files_of_raster(source: str) -> list[Path]:
    """The files that hold a raster's cells, also those within virtual rasters; without those that QGIS writes into."""
    return list(_without_files_of_qgis(_files_of(source)))


def _without_files_of_qgis(files: Iterable[Path]) -> Iterator[Path]:
    """Leave out databases, statistics next to rasters, and what is no file."""
    return (path for path in files if path.suffix.lower() not in (*_DATABASES, ".xml") and os.path.isfile(path))


def _input_files(
    parameters: ParameterValues, definition: QgsProcessingParameterDefinition
) -> Iterator[tuple[Path, str]]:
    """Yield the files of an input, each with the name of the layer within it, if it has one."""
    key = definition.name()
    given = parameters.get(key)
    if given is None or (isinstance(given, str) and not given):
        return
    if isinstance(definition, QgsProcessingParameterRasterLayer):
        layer = parameters.raster_layer(key) or open_subdataset(given)
        if layer is not None and layer.isValid() and layer.dataProvider().name() == "gdal":
            yield from ((path, "") for path in _files_of(layer.source()))
    elif isinstance(definition, QgsProcessingParameterFeatureSource):
        yield from _vector_files(given, parameters.context)
    elif isinstance(definition, QgsProcessingParameterFile):
        path = Path(parameters.file(key))
        yield path, ""
        folder = path.parent if path.name in _DATA_SET else path
        names: list[str] = []
        with contextlib.suppress(OSError):  # of no folder; one that cannot be listed is refused when it is read
            names = sorted(os.listdir(folder))
        yield from ((folder / name, "") for name in names if name.endswith(_DATA_SET))


def _files_of(source: str, kind: int | None = None) -> list[Path]:
    """The files that GDAL reads for a source, of rasters by default, and of virtual data sets within virtual ones."""
    from osgeo import gdal

    from ...core.raster.gdal_errors import opened

    found, waiting = [], [source.split("|", maxsplit=1)[0]]
    while waiting:
        dataset = opened(waiting.pop(), gdal.OF_RASTER if kind is None else kind)
        listed = [Path(name) for name in (dataset.GetFileList() or [] if dataset is not None else [])]
        new = [path for path in listed if path not in found]
        waiting += [str(path) for path in new if path.suffix.lower() == ".vrt"]
        found += new
    return found


def vector_file(given: Any, context: Any) -> tuple[Path | None, str]:
    """File and layer name of the vector layer that a parameter names; ``None`` where it is in no file."""
    layer = vector_layer(given, context)
    if layer is None:
        given = _source_of(given)
        path = Path(str(given).split("|", maxsplit=1)[0])
        return (path, "") if os.path.isfile(path) else (None, "")  # a table that QGIS itself does not open
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = Path(parts["path"]) if parts.get("path") else None
    return path, "" if path is None else parts.get("layerName") or _layer_name(path, parts.get("layerId") or 0)


def vector_layer(given: Any, context: Any) -> Any:
    """The layer that a parameter names; ``None`` where QGIS opens none."""
    source = _source_of(given)
    return source if isinstance(source, QgsVectorLayer) else QgsProcessingUtils.mapLayerFromString(str(source), context)


def _source_of(given: Any) -> Any:
    """The layer, or its name, of a vector parameter's value."""
    return given.source.staticValue() if isinstance(given, QgsProcessingFeatureSourceDefinition) else given


def _layer_name(path: Path, number: int) -> str:
    """Name of a layer by its place in a file."""
    from osgeo import gdal

    from ...core.raster.gdal_errors import opened

    dataset = opened(str(path), gdal.OF_VECTOR)
    layer = None if dataset is None else dataset.GetLayer(number)
    return path.stem if layer is None else layer.GetName()


def _vector_files(given: Any, context: Any) -> Iterator[tuple[Path, str]]:
    """Yield the files of a vector layer, and of the layers that it joins or queries."""
    from osgeo import gdal

    layer = vector_layer(given, context)
    for source in (given, *_layers_within(layer, context)):
        path, name = vector_file(source, context)
        if path is not None:
            yield path, name
            if path.suffix.lower() in _SHAPEFILE:
                yield from ((path.with_suffix(suffix), "") for suffix in _SHAPEFILE)
            elif path.suffix.lower() == ".vrt":
                yield from ((file, "") for file in _files_of(str(path), gdal.OF_VECTOR))


def _layers_within(layer: QgsVectorLayer | None, context: Any) -> Iterator[QgsVectorLayer]:
    """Yield the layers that a layer joins, and those that a virtual one queries, and theirs."""
    project = context.project()
    waiting, seen = [layer] if isinstance(layer, QgsVectorLayer) else [], set()
    while waiting:
        one = waiting.pop()
        within = [join.joinLayer() for join in one.vectorJoins()]
        if project is not None:
            within += [project.mapLayer(dependency.layerId()) for dependency in one.dependencies()]
        new = [other for other in within if isinstance(other, QgsVectorLayer) and other.id() not in seen]
        seen.update(other.id() for other in new)
        yield from new
        waiting += new


def _identities(path: Path) -> set[Any]:
    """Identity of a file, equal for all its names."""
    found: set[Any] = {identity_of(path)}
    if os.path.isfile(path):
        state = path.stat()
        if state.st_ino:
            found.add((state.st_dev, state.st_ino))
    return found


def _check_database(path: Path, label: str) -> None:
    """Raise :class:`InputError` for a database file with other tables, which a new file would replace."""
    from osgeo import gdal

    from ...core.raster.gdal_errors import opened

    if path.suffix.lower() not in _DATABASES or not os.path.isfile(path):
        return
    dataset = opened(str(path), gdal.OF_VECTOR)
    names = [] if dataset is None else [dataset.GetLayer(n).GetName() for n in range(dataset.GetLayerCount())]
    others = [name for name in names if name != path.stem]
    if opened(str(path), gdal.OF_RASTER) is not None:
        others.append("raster")
    if others or dataset is None:
        raise InputError(
            label, Text("'{}' contains other data ({}), which would be lost", path, ", ".join(others[:5]) or "unknown"),
            "a new file, or one that this output wrote before",
            "Choose another file, or save to this GeoPackage as a table in it.",
        )  # fmt: skip
