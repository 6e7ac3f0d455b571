"""Raster outputs of the algorithms: parameters, and files with style and metadata."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Iterator, Mapping, NamedTuple

from qgis.core import QgsProcessingContext, QgsProcessingParameterRasterDestination

from ...core.errors import InputError
from ...core.feedback import check_cancelled
from ...core.files.atomic import PartialFolders, atomic_write
from ...core.files.whole import identity_of, write_text
from ...text import Text, with_unit
from ..parameter_values import ParameterValues
from ..translation import tr
from .destinations import REPORT_ENDINGS, check_folder, check_sidecars, output_file
from .loaded_layers import name_to_load, shipped_style, style_on_load

if TYPE_CHECKING:
    import numpy as np

    from ...core.grid import Grid
    from ...core.raster.write import WindowWriter
    from ..log import Log
    from .loaded_layers import TimeSeries


class RasterOutput(NamedTuple):
    """A raster that an algorithm can write.

    Attributes:
        key: of the parameter.
        label: name of the parameter and of the layer.
        unit: in brackets after the label; "-" for a ratio, empty for classes.
        style: name of the file in ui/styles.
        doc: what the values mean.
        optional: written only on request; by_default: dialogs offer to create it, as they do if it is not optional.
        many_bands: holds several bands, which only a GeoTIFF takes.
    """

    key: str
    label: str
    unit: str
    style: str
    doc: str
    optional: bool = True
    many_bands: bool = False
    by_default: bool = False

    @property
    def is_mask(self) -> bool:
        """Whether it holds classes, uint8, which have no unit."""
        return not self.unit

    def write_style(self, path: Path, style: str = "") -> None:
        """Write the .qml file of a raster: the text given, or the shipped style."""
        if style or self.style:
            write_text(path.with_suffix(".qml"), style or shipped_style(self.style))

    @property
    def title(self) -> str:
        """Label with unit, if any, as the dialog and the band's description show it."""
        return with_unit(tr(self.label), self.unit)

    def metadata(self, entries: Mapping[str, str]) -> dict[str, str]:
        """Metadata of a run with what this raster holds, which is the same in every language."""
        from ...core.raster.bands import OUTPUT

        return {**entries, OUTPUT: self.label}

    def declare(self) -> Iterator[QgsProcessingParameterRasterDestination]:
        """Yield the parameter's definition."""
        offered = self.by_default or not self.optional
        parameter = QgsProcessingParameterRasterDestination(
            self.key, self.title, optional=self.optional, createByDefault=offered
        )
        parameter.setHelp(tr(self.doc))
        yield parameter


#: GDAL options for rasters that are written while the run waits.
_ALL_CORES = ("NUM_THREADS=ALL_CPUS",)


class RasterTargets:
    """Raster files requested from a run: checked before the run, written after it, all or none.

    Attributes:
        files: path of each raster that will be written.
        report: path of the HTML report, ``None`` where none is requested.
    """

    def __init__(self, paths: dict[RasterOutput, Path], report: Path | None, context: QgsProcessingContext) -> None:
        self.files, self.report, self._context = paths, report, context

    @classmethod
    def of(cls, outputs: Iterable[RasterOutput], parameters: ParameterValues) -> RasterTargets:
        """Read the destinations; :func:`.input_files.check_output_files` checks that none is an input.

        Args:
            outputs: what the algorithm can write; parameters: where the user wants it.

        Raises:
            InputError: a folder cannot be written, a name is no GeoTIFF's, or two outputs share a file.
        """
        report = output_file(parameters, "REPORT", REPORT_ENDINGS) if parameters.has("REPORT") else None
        paths: dict[RasterOutput, Path] = {}
        for output in outputs:
            path = parameters.algorithm.parameterAsOutputLayer(parameters.values, output.key, parameters.context)
            if path:
                label = f"{tr(output.label)} ({output.key})"
                paths[output] = _checked(Path(path), label, paths.values(), many_bands=output.many_bands)
                check_sidecars(paths[output], label, output.style)
        return cls(paths, report, parameters.context)

    @property
    def folders(self) -> list[Path]:
        """Folders of the rasters and of the report."""
        return [path.parent for path in (*self.files.values(), self.report) if path is not None]

    def wants(self, key: str) -> bool:
        """Return whether an output was requested."""
        return any(output.key == key for output in self.files)

    def write(
        self,
        arrays: Mapping[str, np.ndarray],
        grid: Grid,
        metadata: Mapping[str, str],
        log: Log,
        scenario: str = "",
        group: str = "",
    ) -> dict[str, str]:
        """Write every requested raster with its style file; several are loaded as a group.

        Args:
            arrays: (rows, cols) by key; those of outputs not requested may be missing.
            grid: of the arrays.
            metadata: provenance for the files.
            log: for cancellation between files.
            scenario: added to the names of the layers.
            group: name of the layer group if several layers are loaded; by default the scenario.

        Returns:
            paths by key.

        Raises:
            InputError: a file cannot be written; earlier files are then unchanged.
            Cancelled: likewise.
        """
        with atomic_write(self.folders, tr("Output files")) as partials:
            self.write_into(partials, arrays, grid, metadata, log)
            check_cancelled(log)  # beyond it everything is moved
        return self.load(scenario, group=group if len(self.shown) > 1 else "")

    def write_into(
        self,
        folders: PartialFolders,
        arrays: Mapping[str, np.ndarray],
        grid: Grid,
        metadata: Mapping[str, str],
        log: Log,
        styles: Mapping[str, str] | None = None,
        own_metadata: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Write each raster into the hidden folder for its output folder.

        Args:
            folders: from :func:`atomic_write`.
            arrays, grid, metadata, log: as in :meth:`write`.
            styles: by key, the text of a style made for this run, in place of the shipped one.
            own_metadata: by key, in place of ``metadata``.
        """
        styles, own_metadata = styles or {}, own_metadata or {}
        for output, path in self.files.items():
            check_cancelled(log)
            entries = own_metadata.get(output.key, metadata)
            partial = folders.path(path)
            write_raster(partial, arrays[output.key], grid, entries, output, styles.get(output.key, ""))

    @contextlib.contextmanager
    def writers(
        self, folders: PartialFolders, grid: Grid, series: Mapping[str, TimeSeries]
    ) -> Iterator[dict[RasterOutput, WindowWriter]]:
        """Open a window-by-window writer for each raster, in its hidden folder; see :meth:`write_into`."""
        from ...core.raster.write import WindowWriter

        made: dict[RasterOutput, WindowWriter] = {}
        try:
            for output, path in self.files.items():
                bands = series[output.key].band_titles(output.title) if output.key in series else [output.title]
                partial = folders.path(path)
                made[output] = WindowWriter(partial, grid, bands, is_mask=output.is_mask, options=_ALL_CORES)
            yield made
        finally:
            for writer in made.values():
                writer.close()

    @property
    def shown(self) -> list[str]:
        """Files that Processing will load."""
        return [str(path) for path in self.files.values() if name_to_load(self._context, str(path))]

    def load(
        self,
        scenario: str = "",
        series: Mapping[str, TimeSeries] | None = None,
        group: str = "",
        own_scenarios: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """Style the layers that Processing will load; returns the paths by key, that of the report among them.

        Several are put in a group named after the scenario, or all in ``group``: the first on top and switched on, the
        others switched off, for they would hide one another. ``own_scenarios``: by key, in place of ``scenario`` in the
        name of a layer that does not depend on all of its numbers.
        """
        series, shown, own = series or {}, self.shown, own_scenarios or {}
        group = group or (scenario if len(shown) > 1 else "")
        for output, path in self.files.items():
            place = shown.index(str(path)) if group and str(path) in shown else None
            named = own.get(output.key, scenario)
            style_on_load(self._context, str(path), output, named, series.get(output.key), group, place)
        written = {output.key: str(path) for output, path in self.files.items()}
        return written if self.report is None else {**written, "REPORT": str(self.report)}


def write_raster(
    path: Path, array: np.ndarray, grid: Grid, metadata: Mapping[str, str], output: RasterOutput, style: str = ""
) -> None:
    """Write one raster and its style into a hidden folder; style: text of the .qml file, by default the shipped one.

    Raises:
        InputError: the disk is full.
        OSError: a file cannot be written.
    """
    from ...core.raster.write import write_directly

    write_directly(path, array, grid, output.metadata(metadata), output.title)
    output.write_style(path, style)


def _checked(path: Path, label: str, others: Iterable[Path], *, many_bands: bool = False) -> Path:
    allowed = (".tif", ".tiff") if many_bands else (".tif", ".tiff", ".asc")
    if path.suffix.lower() not in allowed:
        tif, any_grid = "a file name that ends in .tif", "a file name that ends in .tif, or in .asc for an ASCII grid"
        raise InputError(label, Text("'{}' is not a GeoTIFF file name", path.name), tif if many_bands else any_grid)
    check_folder(path.parent, label)
    if os.path.isdir(path) or (os.path.exists(path) and not os.access(path, os.W_OK)):
        raise InputError(
            label, Text("'{}' cannot be replaced", path), "a file that you can write to", "Choose another output file."
        )
    if identity_of(path.with_suffix("")) in {identity_of(other.with_suffix("")) for other in others}:
        raise InputError(
            label,
            Text("'{}' is also the file of another output, or would share its style", path),
            "a name for each output",
        )
    return path
