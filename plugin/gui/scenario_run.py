"""From what the dialog holds to an algorithm's parameters, and from its results to layers and words."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, Iterable, Mapping

from qgis.core import QgsProcessing, QgsProject, QgsRasterLayer

from ..algorithms.translation import tr
from ..variables import BY_NAME
from .number_field import number_text, unit_suffix

DEVICES = ("auto", "cpu", "cuda", "mps")  # in the order of the algorithm's choice
MASK = "FAILURE_MASK"
#: What can be mapped beside the mask, by output key.
ALSO = {"FACTOR_OF_SAFETY": "Factor of safety", "WATER_TABLE": "Water table", "MODEL_CONFIDENCE": "Model confidence"}


def run_parameters(
    *,
    dem: str,
    soil_depth: str | None,
    values: Mapping[str, float],
    device: str = "auto",
    output: str = "",
    also: Iterable[str] = (),
) -> dict[str, Any]:
    """Build the parameters of ``slopecast:predictfailuremask``.

    Args:
        dem: id or source of the elevation raster.
        soil_depth: id or source of the depth raster; without one the algorithm estimates it.
        values: number by key, as in the table of variables.
        device: one of :data:`DEVICES`.
        output: file of the mask; empty for a temporary one.
        also: further outputs, keys of :data:`ALSO`; their files lie beside the mask's.
    """
    parameters: dict[str, Any] = {"DEM": dem, **values, "DEVICE": DEVICES.index(device)}
    if soil_depth:
        parameters["SOIL_DEPTH"] = soil_depth
    parameters[MASK] = _tif(output) if output else QgsProcessing.TEMPORARY_OUTPUT
    for key in also:
        parameters[key] = _beside(output, key) if output else QgsProcessing.TEMPORARY_OUTPUT
    return parameters


def _tif(output: str) -> str:
    return output if output.lower().endswith((".tif", ".tiff")) else f"{output}.tif"


def _beside(output: str, key: str) -> str:
    mask = Path(_tif(output))
    return str(mask.with_name(f"{mask.stem}_{key.lower()}{mask.suffix}"))


def scenario_title(values: Mapping[str, float]) -> str:
    """Name a scenario by what is usually varied, e.g. ``8.5 mm/h, 24 h, 8 kPa, 28 deg, 3e-6 m/s``."""
    parts = []
    for name in ("rainfall", "duration", "cohesion", "friction_angle", "conductivity"):
        variable = BY_NAME[name]
        parts.append(number_text(values[variable.key], scientific=variable.log_scale) + unit_suffix(variable))
    return ", ".join(parts)


def add_layers(project: QgsProject, results: Mapping[str, Any], title: str) -> list[QgsRasterLayer]:
    """Show the rasters of a run in the layer tree, in a group named after the scenario (main thread).

    Each brings its style in the ``.qml`` beside the file, which QGIS reads when it opens the raster.
    A layer that showed an overwritten file is dropped.
    """
    name = tr("Slopecast: {}").format(title)
    outputs = [(MASK, "Failure mask"), *ALSO.items()]
    files = [(results[key], tr(label)) for key, label in outputs if results.get(key)]
    _drop_layers_of(project, [file for file, _ in files])
    root = project.layerTreeRoot()
    group = root.findGroup(name) or root.insertGroup(0, name)
    layers = []
    for file, label in files:
        layer = QgsRasterLayer(file, label)
        if layer.isValid():
            project.addMapLayer(layer, False)
            group.insertLayer(len(layers), layer).setExpanded(not layers)
            layers.append(layer)
    return layers


def _drop_layers_of(project: QgsProject, files: list[str]) -> None:
    shown = {Path(file) for file in files}
    stale = [layer.id() for layer in project.mapLayers().values() if Path(layer.source()) in shown]
    project.removeMapLayers(stale)


def result_text(results: Mapping[str, Any]) -> str:
    """Say in a line or two of HTML what a run found."""
    parts = []
    if "FAILED_CELLS" in results:
        failed, valid = int(results["FAILED_CELLS"]), int(results.get("VALID_CELLS", 0))
        share = 100.0 * float(results.get("FAILED_SHARE", 0.0))
        parts.append(tr("<b>{:,} of {:,} cells fail ({:.3g} %).</b>").format(failed, valid, share))
    if results.get("RELIABILITY"):
        parts.append(tr("Reliability: {}").format(escape(str(results["RELIABILITY"]))))
    return "<br>".join(parts) or tr("Done.")


def reliability_kind(results: Mapping[str, Any]) -> str:
    """Tell in which colour the result is shown: ``good``, ``caution`` or ``error``."""
    text = str(results.get("RELIABILITY") or "").strip().lower()
    return {"caution": "caution", "outside": "error"}.get(text.split(":")[0].split(" ")[0].rstrip(".,;"), "good")
