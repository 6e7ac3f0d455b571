"""Processing algorithm that estimates soil depth from the elevation model."""

from __future__ import annotations

from typing import Any, Iterator

from qgis.core import QgsProcessingParameterDefinition

from ..core.raster.inputs import ELEVATION
from ..variables import DEPTH_METHODS, SOIL_DEPTH_MAXIMUM_M
from .base import SlopecastAlgorithm
from .inputs.layers import RasterSource, raster_source
from .inputs.likely_layers import likely_elevation
from .inputs.number_input import number_given
from .log import Log
from .outputs.provenance import provenance
from .outputs.rasters import RasterOutput, RasterTargets
from .parameter_values import ParameterValues
from .parameters.definitions import choice_parameter, chosen, raster_parameter, real_number_parameter

SOIL_DEPTH = RasterOutput(
    "SOIL_DEPTH", "Soil depth", "m", "soil_depth", "Vertical depth from surface to bedrock.", optional=False
)


class EstimateSoilDepth(SlopecastAlgorithm):
    """Estimates the soil depth from the elevation model."""

    ID = "estimatesoildepth"
    TITLE = "Estimate soil depth"
    GROUP = "preparation"
    SUMMARY = (
        "Estimates the vertical soil depth of every cell from the elevation model alone. Measured depths give far "
        "better stability maps: use this tool only where there are none, and vary method and bounds to see how the "
        "result depends on them. Slope and elevation are scaled to their range in the elevation model: another extent "
        "gives other depths. Method, bounds and extent are stored in the metadata of the raster and of results "
        "computed with it. Where landslides are mapped, Validate with a landslide inventory compares the methods."
    )
    TAGS = ("soil depth", "regolith", "bedrock")

    def declare(self) -> Iterator[QgsProcessingParameterDefinition]:
        """Yield the parameters."""
        text = "Elevation in metres, in a projected coordinate system in metres."
        yield raster_parameter("DEM", "Digital elevation model [m]", text, likely=likely_elevation)
        yield choice_parameter("METHOD", "Method", DEPTH_METHODS, "Terrain attribute that controls the soil depth.")
        text = f"Vertical, 0 to {SOIL_DEPTH_MAXIMUM_M:g} m. Enter depths observed in the area, if known."
        for key, title, default in (("DEPTH_MIN", "Minimum depth [m]", 0.5), ("DEPTH_MAX", "Maximum depth [m]", 4.0)):
            yield real_number_parameter(key, title, default, text)
        yield SOIL_DEPTH.parameter()

    def inputs_of(self, parameters: ParameterValues) -> tuple[RasterSource, dict[str, Any]]:
        """Read the layer and the choices; raises :class:`InputError`."""
        import numpy as np

        from ..core.soil_depth import estimate

        options = {
            "method": chosen(parameters, "METHOD"),
            "depth_min": number_given(parameters, "DEPTH_MIN"),
            "depth_max": number_given(parameters, "DEPTH_MAX"),
        }
        estimate(np.zeros((3, 3)), 1.0, 1.0, **options)  # refuses what it cannot work with, before the run
        return raster_source(parameters, "DEM", ELEVATION), options

    def execute(self, inputs: tuple, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Estimate and write."""
        from ..core.soil_depth import depth_warning, described, estimate
        from ..core.terrain import Terrain
        from ..core.topography.terrain_checks import terrain_cautions
        from ..core.validation.depth_models import depth_caution

        dem, options = inputs
        targets = RasterTargets.of([SOIL_DEPTH], parameters)
        elevation, grid = dem.read_elevation(log)
        depth = estimate(elevation, grid.cell_width, grid.cell_height, feedback=log, **options)
        log.pushWarning(depth_warning(options["method"]))
        terrain = Terrain(grid, elevation, depth)
        log.pushCautions(*terrain_cautions(terrain), depth_caution(terrain))
        metadata = provenance(self.ID, log, dem=dem.file_name, **described(grid.bounds, **options), device="cpu")
        return targets.write({"SOIL_DEPTH": depth}, grid, metadata, log, options["method"])
