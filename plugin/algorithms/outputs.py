"""Rasters that an algorithm writes: their parameters, their files with style and provenance, their layers' style."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Iterator, Mapping, Sequence

from qgis.core import (
    QgsLayerTreeGroup,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingParameterRasterDestination,
    QgsProject,
    QgsRasterLayer,
)

from ..core.errors import InputError
from ..core.feedback import check_cancelled
from .locations import STYLES
from .translation import tr

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from .base import Destinations
    from .log import Log
    from .time_series import TimeSeries


@dataclass(frozen=True)
class RasterOutput:
    """A raster that an algorithm can write.

    Attributes:
        key: of the parameter.
        label: name of the parameter and of the layer.
        unit: in brackets after the label; empty for classes.
        style: name of the file in ui/styles.
        doc: what the values mean.
        optional: written only when asked for.
        many_bands: holds several bands, which only a GeoTIFF takes.
    """

    key: str
    label: str
    unit: str
    style: str
    doc: str
    optional: bool = True
    many_bands: bool = False

    @property
    def title(self) -> str:
        """Label with unit, as the dialog and the band's description show it."""
        return tr(self.label) + (f" [{self.unit}]" if self.unit else "")

    def parameter(self) -> QgsProcessingParameterRasterDestination:
        """Make the parameter."""
        parameter = QgsProcessingParameterRasterDestination(
            self.key, self.title, optional=self.optional, createByDefault=not self.optional
        )
        parameter.setHelp(tr(self.doc))
        return parameter


class RasterTargets:
    """The files that a run was asked to write: checked before the work, written after it, all or none."""

    def __init__(self, paths: dict[RasterOutput, Path], context: QgsProcessingContext) -> None:
        self._paths, self._context = paths, context

    @classmethod
    def of(
        cls,
        outputs: Iterable[RasterOutput],
        destinations: Destinations,
        sources: Iterable[str],
    ) -> RasterTargets:
        """Take over the destinations.

        Args:
            outputs: what the algorithm can write.
            destinations: where the user wants it.
            sources: rasters that the run reads.

        Raises:
            InputError: a folder cannot be written, a name is no GeoTIFF's, two outputs share a file, or one replaces
                an input.
        """
        inputs = {os.path.realpath(source.split("|", maxsplit=1)[0]) for source in sources}
        paths: dict[RasterOutput, Path] = {}
        for output in outputs:
            path = destinations.algorithm.parameterAsOutputLayer(
                destinations.parameters, output.key, destinations.context
            )
            if path:
                label = f"{tr(output.label)} ({output.key})"
                paths[output] = _checked(Path(path), label, paths.values(), inputs, many_bands=output.many_bands)
        return cls(paths, destinations.context)

    @property
    def paths(self) -> list[Path]:
        """Files that will be written."""
        return list(self._paths.values())

    def wants(self, key: str) -> bool:
        """Tell whether an output was asked for."""
        return any(output.key == key for output in self._paths)

    def write(
        self,
        arrays: Mapping[str, np.ndarray],
        grid: Grid,
        metadata: Mapping[str, str],
        log: Log,
        scenario: str = "",
        series: Mapping[str, TimeSeries] | None = None,
        styles: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """Write every raster that was asked for, with its style beside it; several are loaded as a group.

        Args:
            arrays: (rows, cols) by key; those of outputs that nobody asked for may be missing.
            grid: of the arrays.
            metadata: provenance for the files.
            log: asked for a cancel between files.
            scenario: added to the names of the layers.
            series: by key, the times of rasters whose bands are moments; their arrays are (bands, rows, cols).
            styles: by key, the text of a style made for this run.

        Returns:
            paths by key.

        Raises:
            InputError: a file cannot be written; then none of those written before it stays.
            Cancelled: likewise.
        """
        fresh: list[Path] = []
        missing = [place for path in self._paths.values() for place in _missing(path.parent)]
        series, styles = series or {}, styles or {}
        for folder in sorted({path.parent for path in self._paths.values() if not path.parent.exists()}):
            log.pushInfo(tr("The output folder {} does not exist; it is made.").format(folder))
        try:
            for output, path in self._paths.items():
                check_cancelled(log)
                beside = (path.with_suffix(".qml"), path.with_suffix(".prj"), Path(f"{path}.aux.xml"))
                fresh += [p for p in (path, *beside) if not p.exists()]
                bands = series[output.key].band_titles(output.title) if output.key in series else output.title
                write_raster(path, arrays[output.key], grid, metadata, output, bands, styles.get(output.key, ""))
        except Exception:
            for path in fresh:
                path.unlink(missing_ok=True)
            _remove_empty(missing)
            raise
        shown = sum(self._context.willLoadLayerOnCompletion(str(path)) for path in self._paths.values())
        for output, path in self._paths.items():
            group = scenario if shown > 1 else ""
            style_on_load(self._context, str(path), output, scenario, series.get(output.key), group)
        return {output.key: str(path) for output, path in self._paths.items()}


def style_on_load(
    context: QgsProcessingContext,
    path: str,
    output: RasterOutput,
    scenario: str = "",
    series: TimeSeries | None = None,
    group: str = "",
) -> None:
    """Let the layer that Processing will load be styled, named after its scenario unless the user named it, grouped."""
    if not context.willLoadLayerOnCompletion(path):
        return
    details = context.layerToLoadOnCompletionDetails(path)
    if scenario and details.name in ("", output.key, output.title):
        details.name = f"{tr(output.label)} ({scenario})"
    grouped_by_qgis = hasattr(details, "groupName")  # since 3.32
    if group and grouped_by_qgis:
        details.groupName = group
    # Processing deletes it with its context: every layer has a styler of its own.
    _STYLERS[path] = Styler(_style_of(path, output), series, "" if grouped_by_qgis else group)
    details.setPostProcessor(_STYLERS[path])


def _style_of(path: str, output: RasterOutput) -> Path:
    """The style of a written raster: the shipped one, or the one that was made for this run and lies beside it."""
    return style_file(output.style) if output.style else Path(path).with_suffix(".qml")


#: Stylers by the file of their layer: QGIS loses the Python part of one that nobody here holds, and with it the style.
_STYLERS: dict[str, Styler] = {}


class Styler(QgsProcessingLayerPostProcessorInterface):
    """Gives a loaded layer its style and group; Processing ignores the .qml beside a file that it loads."""

    def __init__(self, style: Path, series: TimeSeries | None = None, group: str = "") -> None:
        super().__init__()
        self._style, self._series, self._group = style, series, group

    def postProcessLayer(
        self,
        layer: QgsRasterLayer,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        """Style the layer."""
        message, loaded = layer.loadNamedStyle(str(self._style))
        if not loaded:
            feedback.pushWarning(f"{layer.name()}: {message}")
        if self._series is not None:
            self._series.play(layer, context.project())
        if self._group and context.project() is not None:
            _move_into_group(layer, context.project(), self._group)
        layer.triggerRepaint()


def _move_into_group(layer: QgsRasterLayer, project: QgsProject, name: str) -> None:
    """Put a layer of the project's tree into a group, which is made on top of the tree where it is missing."""
    root = project.layerTreeRoot()
    node = root.findLayer(layer.id())
    if node is None:
        return
    group: QgsLayerTreeGroup = root.findGroup(name) or root.insertGroup(0, name)
    if node.parent() != group:
        group.addChildNode(node.clone())  # first: the project drops a layer that no node shows
        node.parent().removeChildNode(node)


def style_file(style: str) -> Path:
    """Return the file of a style."""
    return STYLES / f"{style}.qml"


def write_raster(
    path: Path,
    array: np.ndarray,
    grid: Grid,
    metadata: Mapping[str, str],
    output: RasterOutput,
    bands: str | Sequence[str] = "",
    style: str = "",
) -> None:
    """Write one raster and its style beside it, a text or the shipped one; raises :class:`InputError`."""
    from ..core.grid import write

    write(path, array, grid, metadata, bands or output.title)
    if style:
        path.with_suffix(".qml").write_text(style, encoding="utf-8")
    elif output.style:
        shutil.copyfile(style_file(output.style), path.with_suffix(".qml"))


def _checked(path: Path, label: str, others: Iterable[Path], inputs: set[str], *, many_bands: bool = False) -> Path:
    allowed = (".tif", ".tiff") if many_bands else (".tif", ".tiff", ".asc")
    if path.suffix.lower() not in allowed:
        also = "" if many_bands else ", or in .asc for an ASCII grid"
        raise InputError(label, f"'{path.name}' is no GeoTIFF name", f"a file name that ends in .tif{also}")
    check_folder(path.parent, label)
    if path.is_dir() or (path.exists() and not os.access(path, os.W_OK)):
        raise InputError(
            label, f"'{path}' cannot be replaced", "a file that you may write", "Choose another output file."
        )
    if any(os.path.realpath(path) == os.path.realpath(other) for other in others):
        raise InputError(label, f"'{path}' is the file of another output too", "a file for each output")
    if os.path.realpath(path) in inputs:
        raise InputError(
            label, f"'{path}' is an input of this run", "another file",
            "Choose another output file; the input would be lost.",
        )  # fmt: skip
    return path


def check_folder(folder: Path, label: str) -> None:
    """Raise :class:`InputError` where a folder neither takes files nor can be made."""
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):  # permissions tell less than a try, on Windows above all
            return
    except OSError as error:
        raise InputError(
            label, f"'{folder}' cannot be written ({error.strerror or error})", "a folder that you may write to",
            "Choose another one.",
        ) from error  # fmt: skip


@contextlib.contextmanager
def all_or_none(folder: Path, label: str) -> Iterator[Path]:
    """Give a hidden folder to write into; its files are moved into ``folder`` at the end, if nothing went wrong.

    On an error or a cancel nothing stays, not even a folder that was made for it.

    Raises:
        InputError: the folder cannot be made or a file in it cannot be replaced.
    """
    missing = _missing(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".slopecast.", suffix=".part", dir=folder) as partial:
            yield Path(partial)
            for path in sorted(Path(partial).iterdir()):
                os.replace(path, folder / path.name)
    except BaseException as error:
        _remove_empty(missing)
        if isinstance(error, OSError):
            raise InputError(
                label, f"'{folder}' cannot be written ({error.strerror or error})", "a folder that you may write to",
                "Choose another one; is one of its files open elsewhere?",
            ) from error  # fmt: skip
        raise


def _missing(folder: Path) -> list[Path]:
    """Folders that are made with ``folder``, the innermost first."""
    return [place for place in (folder.absolute(), *folder.absolute().parents) if not place.exists()]


def _remove_empty(folders: Iterable[Path]) -> None:
    for place in folders:
        with contextlib.suppress(OSError):  # not made, or not empty
            place.rmdir()
