"""Processing algorithm that estimates soil depth from the elevation model."""

from __future__ import annotations

from typing import Any

from ..core.raster.inputs import ELEVATION
from ..variables import DEPTH_METHODS, SOIL_DEPTH_MAXIMUM_M
from .base import SlopecastAlgorithm
from .inputs.layers import RasterSource
from .inputs.likely_layers import likely_elevation
from .log import Log
from .outputs.provenance import provenance
from .outputs.rasters import RasterOutput
from .parameter_values import ParameterValues
from .parameters.definitions import choice_input, number_input, raster_input

SOIL_DEPTH = RasterOutput(
    "SOIL_DEPTH", "Soil depth", "m", "soil_depth", "Vertical depth from surface to bedrock.", optional=False
)
_RANGE = f"Vertical, 0 to {SOIL_DEPTH_MAXIMUM_M:g} m. Enter depths observed in the area, if known."


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

    INPUTS = (
        raster_input(
            "DEM", "Digital elevation model [m]", "Elevation in metres, in a projected coordinate system in metres.",
            kind=ELEVATION, likely=likely_elevation,
        ),
        choice_input("METHOD", "Method", "Terrain attribute that controls the soil depth.", choices=DEPTH_METHODS),
        number_input("DEPTH_MIN", "Minimum depth [m]", _RANGE, default=0.5),
        number_input("DEPTH_MAX", "Maximum depth [m]", _RANGE, default=4.0),
    )  # fmt: skip
    OUTPUTS = (SOIL_DEPTH,)

    def inputs_of(self, parameters: ParameterValues) -> tuple[RasterSource, dict[str, Any]]:
        """Read the layer and the choices; raises :class:`InputError`."""
        import numpy as np

        from ..core.soil_depth import estimate

        options = vars(super().inputs_of(parameters))
        dem = options.pop("dem")
        estimate(np.zeros((3, 3)), 1.0, 1.0, **options)  # refuses what it cannot work with, before the run
        return dem, options

    def execute(self, inputs: tuple, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Estimate and write."""
        from ..core.scenario_checks import soil_depth_caution
        from ..core.soil_depth import depth_warning, described, estimate
        from ..core.terrain import Terrain
        from ..core.topography.terrain_checks import terrain_cautions
        from ..core.validation.depth_models import depth_caution

        dem, options = inputs
        targets = self.targets(parameters)
        elevation, grid = dem.read_elevation(log)
        depth = estimate(elevation, grid.cell_width, grid.cell_height, feedback=log, **options)
        log.pushWarning(depth_warning(options["method"]))
        terrain = Terrain(grid, elevation, depth)
        log.pushCautions(*terrain_cautions(terrain), soil_depth_caution(depth), depth_caution(terrain))
        metadata = provenance(self.ID, log, dem=dem.file_name, **described(grid.bounds, **options), device="cpu")
        return targets.write({"SOIL_DEPTH": depth}, grid, metadata, log, options["method"])
