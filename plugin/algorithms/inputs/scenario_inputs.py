"""Inputs of a scenario's run: rasters, numbers and choices, as read from layers and parameters."""

from __future__ import annotations

from functools import cached_property
from itertools import combinations, product
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Iterable, Iterator

from ...core.feedback import check_cancelled
from ...text import Text
from ..outputs.provenance import estimation_method, is_estimated_depth, stored_provenance
from ..translation import tr
from .layers import RasterSource

if TYPE_CHECKING:
    import numpy as np

    from ...core.scenario import EngineOptions
    from ...core.terrain import Terrain
    from ...core.windowed.study import Study
    from ..log import Log

_MISSING_SHARE = 0.01


class ScenarioInputs(SimpleNamespace):
    """Inputs of a run, read from layers and parameters.

    Attributes:
        dem, soil_depth: of the study area; without a depth it is estimated.
        numbers, layers: of the scenario, and rasters that replace numbers, by lower-case name.
        others: further inputs by their names.
    """

    dem: RasterSource
    soil_depth: RasterSource | None
    numbers: dict[str, float]
    layers: dict[str, RasterSource]

    def __init__(self, dem: RasterSource, soil_depth: RasterSource | None, **others: Any) -> None:
        super().__init__(dem=dem, soil_depth=soil_depth, **{"numbers": {}, "layers": {}, **others})
        self._estimate: dict[str, str] = {}  # description of a soil depth that is estimated on the way

    @property
    def files(self) -> list[Path]:
        """Files of the rasters that are read."""
        sources = (self.dem, self.soil_depth, *self.layers.values())
        return [source.path for source in sources if source is not None]

    @cached_property
    def depth_estimated(self) -> bool:
        """Whether the soil depth is not measured: estimated on the way, or in a file made by Slopecast."""
        return self.soil_depth is None or is_estimated_depth(self.soil_depth.source)

    @property
    def _same_rasters(self) -> Iterator[tuple[RasterSource, RasterSource]]:
        """Pairs of inputs that read the same band of one file; both unit weights may."""
        sources = {"dem": self.dem, "soil_depth": self.soil_depth, **self.layers}
        for (name, one), (other_name, other) in combinations(sources.items(), 2):
            weights = name.startswith("unit_weight") and other_name.startswith("unit_weight")
            if one is not None and other is not None and one.same_values_as(other) and not weights:
                yield one, other

    def caution_repeated(self, others: Iterable[RasterSource | None], log: Log) -> None:
        """Push a caution for each of some further rasters that is one of the inputs."""
        own = [source for source in (self.dem, self.soil_depth, *self.layers.values()) if source is not None]
        for one, other in product(own, filter(None, others)):
            if one.same_values_as(other):
                _caution_same(one, other, log)

    def _depth_warning(self) -> Text:
        """The warning on an estimated soil depth."""
        from ...core.soil_depth import METHOD, depth_warning

        return depth_warning(METHOD if self.soil_depth is None else estimation_method(self.soil_depth.source))

    def terrain(self, log: Log) -> Terrain:
        """Read the elevation and the soil depth, or estimate the latter with a warning."""
        import numpy as np

        from ...core import soil_depth
        from ...core.class_codes import class_codes_caution
        from ...core.input_summary import terrain_summary
        from ...core.scenario_checks import soil_depth_caution
        from ...core.terrain import Terrain
        from ...core.topography.terrain_checks import terrain_cautions
        from ...core.validation.depth_models import depth_caution

        for one, other in self._same_rasters:
            _caution_same(one, other, log)
        elevation, grid = self.dem.read_elevation(log)
        check_cancelled(log)
        if self.soil_depth is not None:
            source = self.soil_depth
            depth = source.read_aligned(grid, log)
            log.pushCautions(class_codes_caution("soil_depth", depth, source.label, source.kind.title))
        else:
            depth = soil_depth.estimate(elevation, grid.cell_width, grid.cell_height, feedback=log)
        if self.depth_estimated:
            log.pushCaution(self._depth_warning())
        check_cancelled(log)
        terrain = Terrain(grid, elevation, depth)
        report_missing_cells(tr("The soil depth"), depth, np.isfinite(elevation), log)
        check_cancelled(log)
        log.pushInfo(terrain_summary(terrain))
        log.pushCautions(*terrain_cautions(terrain), soil_depth_caution(depth))
        if self.soil_depth is None:
            self._estimate = {"dem": self.dem.file_name, **soil_depth.described(grid.bounds)}
            log.pushCautions(depth_caution(terrain))
        check_cancelled(log)
        return terrain

    def study(self, terrain: Terrain, log: Log, options: EngineOptions | None = None) -> Study:
        """Make the scenario of a map of any size; raises :class:`InputError` for values out of range."""
        from ...core.scenario import EngineOptions, Scenario
        from ...core.windowed.study import Study

        rasters = self.rasters(terrain, log, self.layers)
        values = {**self.numbers, **Study.samples(rasters)}  # a raster replaces the number's default in all checks
        return Study(terrain, Scenario.from_mapping(values, options=options or EngineOptions()), rasters)

    def rasters(self, terrain: Terrain, log: Log, layers: dict[str, RasterSource]) -> dict[str, np.ndarray]:
        """Read some of the rasters that replace numbers onto the terrain's grid, by lower-case name."""
        from ...core.class_codes import class_codes_caution
        from ...core.zero_cells import zero_caution

        made = {name: source.read_aligned(terrain.grid, log) for name, source in layers.items()}
        for name, values in made.items():
            report_missing_cells(layers[name].label, values, terrain.valid, log)
            codes = class_codes_caution(name, values, layers[name].label, layers[name].kind.title)
            log.pushCautions(zero_caution(name, values, terrain.valid), codes)
        return made

    @property
    def depth_origin(self) -> str:
        """Description of the soil depth, see :func:`soil_depth.origin`; available after the terrain has been read."""
        from ...core.soil_depth import origin

        return origin(self._depth_estimate() if self.depth_estimated else {})

    def _depth_estimate(self) -> dict[str, str]:
        """Description of an estimated soil depth."""
        return stored_provenance(self.soil_depth.source) if self.soil_depth else self._estimate

    def terrain_provenance(self) -> dict[str, str]:
        """Sources of elevation and soil depth, known after the terrain has been read."""
        depth = [self.soil_depth.file_name] if self.soil_depth else []
        if self.depth_estimated:
            known = self._depth_estimate()
            details = {key: known[key] for key in ("dem", "method", "depth_min", "depth_max", "extent") if key in known}
            estimate = ", ".join(f"{key} {value}" for key, value in details.items())
            warning = self._depth_warning()
            depth.append(f"{warning} Estimate: {estimate}." if estimate else warning)
        return {"dem": self.dem.file_name, "soil_depth": ": ".join(depth)}


def _caution_same(one: RasterSource, other: RasterSource, log: Log) -> None:
    log.pushCaution(Text("{} and {} are the same raster. Is another one meant?", one.label, other.label))


def report_missing_cells(label: str, values: np.ndarray, cells: np.ndarray, log: Log) -> None:
    """Count cells where a raster (rows, cols) has no value, but the others have: they are NoData, not stable."""
    import numpy as np

    missing, known = int((cells & ~np.isfinite(values)).sum()), int(cells.sum())
    if missing:
        text = tr("{} has no value in {:,} of {:,} cells ({:.3g} %): they are NoData in every output.")
        report = log.pushWarning if missing > _MISSING_SHARE * known else log.pushInfo
        report(text.format(label, missing, known, 100.0 * missing / known))
