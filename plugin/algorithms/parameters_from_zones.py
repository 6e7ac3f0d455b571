"""Processing algorithm that converts polygon attributes to parameter rasters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator, NamedTuple

from qgis.core import QgsProcessingParameterDefinition, QgsProcessingParameterField

from ..core.errors import InputError
from ..core.raster.inputs import ELEVATION
from ..text import Text
from ..variables import SOIL_DEPTH_MAXIMUM_M, VARIABLES
from .base import SlopecastAlgorithm
from .inputs.layers import RasterSource
from .inputs.likely_layers import likely_elevation
from .inputs.vectors import VectorSource, wkb
from .outputs.provenance import provenance
from .outputs.rasters import RasterOutput, RasterTargets
from .parameter_values import ParameterValues
from .parameters.definitions import Group, advanced, raster_input, vector_input
from .translation import tr

if TYPE_CHECKING:
    import numpy as np

    from ..core.grid import Grid
    from ..core.polygons.zones import Quantity
    from ..core.quantities.units import Conversion
    from .log import Log


class ZoneRaster(NamedTuple):
    """A raster made from zones, a parameter or its standard deviation, with the range of the field's values."""

    output: RasterOutput
    minimum: float
    maximum: float
    advice: str
    main: bool

    @property
    def field_key(self) -> str:
        """Key of the field that holds the values."""
        return f"{self.output.key}_FIELD"

    def field_parameter(self) -> QgsProcessingParameterDefinition:
        """The parameter of that field."""
        field = QgsProcessingParameterField(
            self.field_key, tr("Field of: ") + self.output.title, parentLayerParameterName="ZONES",
            type=QgsProcessingParameterField.DataType.Any, optional=True,
        )  # fmt: skip
        unit = f" {self.output.unit}".removesuffix(" -")
        text = f"Allowed: {self.minimum:g} to {self.maximum:g}{unit}. If omitted, no raster is written."
        field.setHelp(tr(text))
        return field if self.main else advanced(field)

    @property
    def quantity(self) -> Quantity:
        """The field's contents as the core checks them."""
        from ..core.polygons.zones import Quantity

        return Quantity(self.output.label, self.output.unit, self.minimum, self.maximum, self.advice)

    def conversion(self, field: str, label: str) -> Conversion:
        """Conversion from the unit in a field's name to this raster's; raises :class:`InputError`."""
        from ..core.tables.field_units import field_conversion

        return field_conversion(field, self.output.key.lower(), self.output.unit, label)


def _zone_rasters() -> Iterator[ZoneRaster]:
    """Yield every raster: parameters first, main ones before advanced ones, their spreads last."""
    variables = [v for v in sorted(VARIABLES, key=lambda v: v.advanced) if v.layer]
    for v in variables:
        output = RasterOutput(v.key, v.label, v.unit, "parameter", f"{v.doc} By zone.")
        yield ZoneRaster(output, v.minimum, v.maximum, v.advice, not v.advanced)
    depth = RasterOutput("SOIL_DEPTH", "Soil depth", "m", "soil_depth", "Vertical soil depth by zone.")
    yield ZoneRaster(depth, 0.0, SOIL_DEPTH_MAXIMUM_M, "Enter metres: divide centimetres by 100.", main=True)
    for v in variables:
        doc = f"Standard deviation of {v.label[0].lower()}{v.label[1:]} by zone, for the failure probability."
        output = RasterOutput(f"{v.key}_SD", f"{v.label}: standard deviation", v.unit, "parameter", doc)
        yield ZoneRaster(output, 0.0, v.maximum - v.minimum, "Enter it in the unit of the parameter.", main=False)


ZONE_RASTERS: tuple[ZoneRaster, ...] = tuple(_zone_rasters())


class ParametersFromZones(SlopecastAlgorithm):
    """Turns geology or soil polygons into parameter rasters on the elevation model's grid."""

    ID = "parametersfromzones"
    TITLE = "Parameters from zones"
    GROUP = "preparation"
    SUMMARY = (
        "Converts polygons of geology, soil or land cover and their attributes to rasters of cohesion, friction angle, "
        "conductivity and other parameters on the grid of the elevation model: choose the field of each parameter, and "
        "a file for its raster. A cell gets the values of the zone at its centre; cells outside all zones are NoData "
        "and are excluded from every prediction. Use the rasters as parameter rasters of the predictions, and those of "
        "standard deviations in the failure probability."
    )
    TAGS = ("geology", "soil map", "rasterize", "zones", "polygons")

    INPUTS = (
        vector_input(
            "ZONES", "Zones",
            "Polygon layer; reprojected if its coordinate system differs. Where polygons overlap, the later feature "
            "is used. A unit in a field's name, such as c_psf or K (mm/h), is converted.", geometries=("Polygon",),
        ),
        raster_input(
            "DEM", "Digital elevation model [m]",
            "Defines the grid; its NoData cells are also NoData in the rasters.",
            kind=ELEVATION, likely=likely_elevation,
        ),
        Group("fields", lambda: map(ZoneRaster.field_parameter, ZONE_RASTERS)),
    )  # fmt: skip
    OUTPUTS = tuple(burned.output for burned in ZONE_RASTERS)

    def inputs_of(self, parameters: ParameterValues) -> tuple:
        """Read layers and fields; raises :class:`InputError`."""
        found = super().inputs_of(parameters)
        zones, dem = found.zones, found.dem
        fields, known = {}, ", ".join(zones.fields())
        for burned in ZONE_RASTERS:
            key, name = burned.output.key, parameters.text(burned.field_key)
            label, requested = parameters.label(burned.field_key), parameters.is_given(key)
            if name and name not in zones.fields():
                raise InputError(label, Text("'{}' is not a field of the zones", name), known)
            if requested and not name:
                text = Text("Choose the field that holds the values of {}, or skip that output.", key)
                raise InputError(label, "is missing", known, text)
            if name:
                burned.conversion(name, label)
                fields[key] = name
            if name and not requested:
                raise InputError(
                    label, Text("'{}' is selected, but no output file is set for its raster", name),
                    Text("a file in the format {}", key), "Choose where to write the raster, or leave the field empty.",
                )  # fmt: skip
        if not fields:
            raise InputError("Fields", "none is chosen", known, "Choose the field of at least one parameter.")
        return zones, dem, fields

    def execute(self, inputs: tuple, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Burn and write."""
        zones, dem, fields = inputs
        wanted = [burned for burned in ZONE_RASTERS if burned.output.key in fields]
        targets = RasterTargets.of([burned.output for burned in wanted], parameters)
        elevation, grid = dem.read_elevation(log)
        rasters = _rasters(zones, dem, elevation, grid, {b: fields[b.output.key] for b in wanted}, log)
        entries = {f"{key}_field": name for key, name in fields.items()}
        return targets.write(rasters, grid, provenance(self.ID, log, dem=dem.file_name, **entries), log)


def _rasters(
    zones: VectorSource, dem: RasterSource, elevation: np.ndarray, grid: Grid, fields: dict[ZoneRaster, str], log: Log
) -> dict[str, np.ndarray]:
    """Burn each field: arrays by output key; raises :class:`InputError` for bad values or where nothing overlaps."""
    import numpy as np

    from ..core.map_parts.strips import row_strips
    from ..core.polygons.zones import NO_ZONE, field_values, values_of_cells, zones_of_cells
    from ..core.scenario_checks import amount_caution, soil_depth_caution
    from ..core.tables.columns import shares_caution

    shapes = list(zones.shapes(grid, log, list(fields.values())))
    names = [shape.name for shape in shapes]
    values = {}
    for n, (burned, field) in enumerate(fields.items()):
        converted = burned.conversion(field, zones.label)
        attributes = [shape.values[n] for shape in shapes]
        values[burned.output.key] = field_values(attributes, names, field, burned.quantity, converted)
        _report_field(zones.label, field, burned, converted, log)
        log.pushCautions(shares_caution(zones.label, field, converted, attributes))
    cells, twice = zones_of_cells([wkb(shape.geometry) for shape in shapes], grid, log)
    known = outside = 0
    for at in row_strips(grid.shape):
        here = np.isfinite(elevation[at])
        cells[at][~here] = NO_ZONE
        known += int(here.sum())
        outside += int((here & (cells[at] == NO_ZONE)).sum())
    if outside == known:
        raise InputError(
            zones.label, Text("cover no cell of {}", dem.label), "zones that overlap the DEM",
            "Check both layers' extents and coordinate systems: do they overlap on the map?",
        )  # fmt: skip
    log.pushInfo(tr("{} zones within the elevation model.").format(len(shapes)))
    if twice:
        log.pushWarning(tr("{} cells lie in more than one zone: the later feature counts.").format(twice))
    if outside:
        share = 100.0 * outside / known
        log.pushWarning(
            tr("{} of {} cells ({:.1f} %) are outside all zones and are NoData.").format(outside, known, share)
        )
    rasters = {key: values_of_cells(cells, numbers) for key, numbers in values.items()}
    for key, raster in rasters.items():
        log.pushCautions(soil_depth_caution(raster) if key == "SOIL_DEPTH" else amount_caution(key.lower(), raster))
    return rasters


def _report_field(label: str, field: str, burned: ZoneRaster, converted: Conversion, log: Log) -> None:
    """Note the conversion of a field's unit; warn where its name usually means another parameter."""
    from ..core.raster.names import names_another
    from ..core.tables.field_units import named_quantity_conflict, names_another_statistic, names_codes, names_size

    if converted.changes:
        log.pushNote(
            Text("{}: field '{}' is converted from {} to {}.", label, field, converted.source, burned.output.unit)
        )
    key = burned.output.key.lower()
    other = named_quantity_conflict(field, key)
    if other:
        log.pushCaution(
            Text("{}: field '{}' is used as {}, but its name means {}.", label, field, burned.output.key, other)
        )
    elif names_codes(field, key):
        log.pushCaution(
            Text(
                "{}: field '{}' is used as {}, but its name means codes. Are its values quantities in {}?",
                label, field, burned.output.key, burned.output.unit,
            )
        )  # fmt: skip
    elif names_another(field, (key,)) or names_another_statistic(field, key) or names_size(field):
        text = "{}: field '{}' is used as {}, but its name means another quantity."
        log.pushCaution(Text(text, label, field, burned.output.key))
