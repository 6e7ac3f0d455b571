"""Solves a scenario window by window for large maps, and writes rasters, sums and report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Mapping

from ..core.feedback import check_cancelled
from ..core.files.atomic import atomic_write
from ..core.files.whole import write_text
from .translation import tr

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from ..core.raster.write_windows import WindowWriter
    from ..core.reports.run_summary import RunSummary
    from ..core.windowed.memory import RunPlan, SolverNeeds
    from ..core.windowed.solve import SolvedWindow, WindowedRun
    from ..core.windowed.study import Study
    from .layers import RasterSource
    from .log import Log
    from .outputs import RasterOutput, RasterTargets
    from .scenario_algorithm import ScenarioInputs

#: Bytes a cell of following water over the map's edge.
_EDGE_BYTES = 75.0


def planned(inputs: ScenarioInputs, targets: RasterTargets, needs: SolverNeeds, log: Log, rasters: int = 0) -> RunPlan:
    """Plan a run before anything is read, and write the plan into the log.

    Args:
        rasters: further ones that are read.

    Raises:
        InputError: too little memory or disk.
    """
    from ..core.raster.opening import open_raster
    from ..core.windowed.memory import plan_run

    dataset = open_raster(inputs.dem.source, inputs.dem.label)
    shape = dataset.RasterYSize, dataset.RasterXSize
    sizes = [(path.parent, 1 if output.is_mask else 4) for output, path in targets.files.items()]
    plan = plan_run(shape, needs, len(inputs.layers) + rasters, sizes)
    log.pushInfo(plan.text)
    return plan


def foresee(source: RasterSource, bytes_a_cell: float, log: Log) -> None:
    """Write into the log what a run needs that takes a raster whole.

    Args:
        source: the raster; bytes_a_cell: that the run takes; log: of it.

    Raises:
        InputError: too little memory, with the numbers.
    """
    from ..core.raster.opening import open_raster
    from ..core.windowed.memory import SolverNeeds, foreseen

    dataset = open_raster(source.source, source.label)
    needs = SolverNeeds(bytes_a_cell, 0.0, 0.0, None)
    log.pushInfo(foreseen((dataset.RasterYSize, dataset.RasterXSize), needs, source.label))


@dataclass(frozen=True)
class Finished:
    """Result of a windowed run whose rasters are still in hidden folders.

    Attributes:
        metadata: of the rasters; page: text of the report, or ``None``.
    """

    metadata: Mapping[str, str]
    page: str | None


class WindowedOutputs:
    """Rasters and sums of a run, window by window.

    Args:
        targets: files that are wanted; study: what is solved.
        maps: gives the values (rows, cols) of a window's core by output key.
        bands: titles of the bands by key, where they are not the output's.
    """

    def __init__(
        self, targets: RasterTargets, study: Study, maps: Callable[[RasterOutput, SolvedWindow], np.ndarray],
        bands: Mapping[str, list[str]],
    ) -> None:  # fmt: skip
        self._targets, self._study, self._maps, self._bands = targets, study, maps, bands
        self._writers: dict[str, WindowWriter] = {}

    def write(
        self, run: WindowedRun, report: Path | None, evidence: Callable[[SolvedWindow], Any],
        finish: Callable[[RunSummary, list[Any]], Finished], log: Log,
    ) -> None:  # fmt: skip
        """Solve and write everything, all or nothing.

        Args:
            run: yields the windows; report: file of the report.
            evidence: what is kept of each window; finish: makes metadata and report of the sums.
            log: of the run.
        """
        folders = [*self._targets.folders, *([] if report is None else [report.parent])]
        with atomic_write(folders, tr("Output files")) as partials:
            try:
                self._open(partials)
                summary, kept = self._take_windows(run, evidence, log)
                done = finish(summary, kept)
                for writer in self._writers.values():
                    check_cancelled(log)
                    writer.finish(done.metadata)
            finally:
                for writer in self._writers.values():
                    writer.close()
            for output, path in self._targets.files.items():
                output.write_style(partials[path.parent] / path.name)
            if report is not None:
                write_text(partials[report.parent] / report.name, done.page)
            check_cancelled(log)  # beyond it everything is moved

    def _open(self, partials: Mapping[Path, Path]) -> None:
        from ..core.raster.write_windows import WindowWriter

        for output, path in self._targets.files.items():
            bands = self._bands.get(output.key, [output.title])
            partial = partials[path.parent] / path.name
            grid = self._study.terrain.grid
            self._writers[output.key] = WindowWriter(partial, grid, bands, is_mask=output.is_mask)

    def _take_windows(
        self, run: WindowedRun, evidence: Callable[[SolvedWindow], Any], log: Log
    ) -> tuple[RunSummary, list[Any]]:
        from ..core.reports.map_picture import MapPicture
        from ..core.reports.run_summary import WindowSums

        sums = WindowSums(self._study.scenario, MapPicture(self._study.terrain.grid))
        for window in run.solve(log):
            if window.result is None:
                continue
            sums.add(window, evidence(window))
            for output in self._targets.files:
                self._writers[output.key].write(window.tile.inner, self._maps(output, window))
        return sums.summary(), sums.more


def summed(diagnostics: list[dict[str, Any]]) -> dict[str, Any]:
    """Diagnostics of a whole map from those of its windows."""
    first = diagnostics[0]
    found = {key: sum(d[key] for d in diagnostics) for key in first if key.endswith(("_m3", "seconds"))}
    rest = {key: value for key, value in first.items() if key not in found}
    if "rain_m3" in found:
        gone = sum(found[key] for key in ("runoff_m3", "exfiltration_m3", "drainage_m3", "storage_change_m3"))
        scale = found["rain_m3"] if found["rain_m3"] > 0.0 else max(found["stored_before_m3"], 1e-12)
        rest["mass_balance_error"] = abs(found["rain_m3"] - gone) / scale
    return {**rest, **found}


def study_edges(study: Study, plan: RunPlan, targets: RasterTargets, log: Log) -> dict[str, np.ndarray]:
    """Warn as :func:`.scenario_algorithm.push_cautions` does; returns the map of edge influence if requested.

    Water that comes far is followed on the whole map, which takes memory of its own.

    Raises:
        InputError: too little of it.
    """
    from dataclasses import replace

    from ..core.edge_catchment import edge_caution, edge_raster, travels
    from ..core.scenario_checks import scenario_cautions

    for caution in scenario_cautions(study.scenario):
        log.pushCaution(caution)
    terrain = replace(study.terrain)  # whose slopes go with it
    if travels(terrain, study.scenario):
        plan.check_more(_EDGE_BYTES)
        scenario = study.scenario_of((slice(None), slice(None)))
        caution = edge_caution(terrain, scenario)
        if caution:
            log.pushCaution(caution)
    if not targets.wants("EDGE_INFLUENCE"):
        return {}
    return {"EDGE_INFLUENCE": edge_raster(terrain, study.scenario_of((slice(None), slice(None))))}
