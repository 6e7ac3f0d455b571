"""Description of a raster input: quantity, unit and band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ...text import Text
from ...variables import VARIABLES, Variable


class RasterKind(NamedTuple):
    """Quantity and unit that a raster should contain.

    Attributes:
        names: quantities of :mod:`.names` accepted in band names.
        title: in messages, e.g. ``elevation``.
        unit: in which values are wanted; ``-`` for a ratio, empty where any unit is left alone.
        values: what the values are called in messages.
    """

    names: tuple[str, ...]
    title: str
    unit: str = ""
    values: str = Text("values")


ELEVATION = RasterKind(("elevation",), Text("elevation"), "m", Text("heights"))
SOIL_DEPTH = RasterKind(("soil_depth",), Text("soil depth"), "m", Text("depths"))
WATER_TABLE_HEIGHT = RasterKind(("water",), Text("water table above bedrock"), "m", Text("heights"))
MASK = RasterKind(("failure_mask",), Text("failure mask"))
STABILITY_MAP = RasterKind(("factor_of_safety", "probability", "failure_mask"), Text("map to evaluate"))
SUMMARIZED_MAP = RasterKind(STABILITY_MAP.names, Text("failure mask, probability, factor of safety or classes"))
ANY_VALUES = RasterKind(
    (
        *STABILITY_MAP.names, "elevation", "soil_depth", "water", "water_depth", "slope",
        *(variable.name for variable in VARIABLES),
    ),
    Text("values to summarize"),
)  # fmt: skip


def parameter_kind(variable: Variable) -> RasterKind:
    """Kind of the raster that replaces a number."""
    return RasterKind((variable.name,), Text(variable.label), variable.unit)


def deviation_kind(variable: Variable) -> RasterKind:
    """Kind of the raster of a number's standard deviation."""
    return RasterKind((f"{variable.name}_sd",), Text("{}: standard deviation", Text(variable.label)), variable.unit)


@dataclass(frozen=True)
class RasterInput:
    """A raster to read.

    Attributes:
        source: GDAL data source.
        label: name of the input in messages.
        kind: what it is to hold.
        crs_wkt: coordinate system that overrules the file's (QGIS lets users set it per layer).
        band: number of the band, from 1; 0 leaves the choice to the bands' names.
        nodata: (band, least, greatest) of values, as scaled, that are NoData in addition to the file's own.
        layer_name: that the user sees.
        kept_nodata: bands in which the file's own NoData value counts as a value (QGIS lets users switch it off).
    """

    source: str
    label: str = "Digital elevation model (DEM)"
    kind: RasterKind = ELEVATION
    crs_wkt: str = ""
    band: int = 0
    nodata: tuple[tuple[int, float, float], ...] = ()
    layer_name: str = ""
    kept_nodata: tuple[int, ...] = ()
