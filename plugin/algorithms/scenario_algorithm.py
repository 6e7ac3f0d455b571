"""Base classes of the algorithms that solve scenarios with the network or the physics engine."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Iterable

from ..core.errors import InputError
from ..core.feedback import check_cancelled
from ..core.files.atomic import atomic_write
from ..core.files.whole import write_text
from .base import SlopecastAlgorithm
from .inputs.scenario_inputs import ScenarioInputs
from .inputs.tables import check_before_run
from .outputs.layer_tree import group_title
from .outputs.provenance import provenance, scenario_provenance
from .outputs.rasters import RasterOutput, RasterTargets
from .parameter_values import ParameterValues
from .parameters.definitions import report_output
from .parameters.scenario import scenario_title
from .translation import tr

if TYPE_CHECKING:
    from ..core.feedback import Feedback
    from ..core.reliability import Reliability
    from ..core.reports.run_summary import RunSummary
    from ..core.windowed.solve import WindowedRun
    from ..core.windowed.study import Study
    from .log import Log
    from .outputs.loaded_layers import TimeSeries
    from .runs.window_evaluations import EngineSimulation, MaskPrediction

#: Maps of a result by output key.
_MAPS = {
    "FAILURE_MASK": "failure_mask",
    "MODEL_CONFIDENCE": "confidence",
    **{
        name.upper(): name
        for name in (
            "factor_of_safety", "initial_factor_of_safety", "water_table", "wetting_front", "failure_time",
            "failure_mode", "failure_depth", "failure_class", "stability_class", "runoff",
        )
    },
}  # fmt: skip

#: Numbers of cells by output key, in the order of the failure classes.
_CLASS_NUMBERS = {
    "STABLE_CELLS": "Cells that are stable before the event and at its end (class 0)",
    "FAILED_IN_EVENT_CELLS": "Cells that fail in the event (class 1)",
    "FAILED_BEFORE_CELLS": "Failed cells with FS < 1 under initial conditions (class 2)",
    "STABLE_AGAIN_CELLS": "Cells with FS < 1 under initial conditions that are stable at the end (class 3)",
}

FAILURE_MASK_DOC = "0 stable (factor of safety of 1 or more), 1 failed (below 1), NoData 255."

FAILURE_CLASS_DOC = (
    "0 stable before the event and at its end; 1 fails in the event; 2 unstable before the event (factor of safety "
    "below 1 under initial conditions) and at its end; 3 unstable before the event and stable at its end, as water "
    "drains; NoData 255. The failure mask shows classes 1 and 2 as failed."
)
FAILURE_MASK = RasterOutput("FAILURE_MASK", "Failure mask", "", "failure_mask", FAILURE_MASK_DOC)
FAILURE_CLASS = RasterOutput("FAILURE_CLASS", "Failure class", "", "failure_class", FAILURE_CLASS_DOC)

#: Subfolder of a table's output folder for failure classes, whose files are also named after the rows.
CLASS_FOLDER = "failure_class"

WATER_TABLE = RasterOutput(
    "WATER_TABLE", "Water table above bedrock", "m", "water_table", "Vertical height at the end of the event."
)

EDGE_INFLUENCE = RasterOutput(
    "EDGE_INFLUENCE", "Influence of the map's edge", "", "edge_influence",
    "0 no influence; 1 groundwater from outside the elevation model may arrive within the event and is not included; "
    "NoData 255.",
)  # fmt: skip
REPORT = report_output(
    "One page with the scenario, a map, the histogram of the factor of safety, the warnings and the provenance."
)


class ScenarioAlgorithm(SlopecastAlgorithm):
    """Reads the terrain, numbers and rasters of scenarios."""

    def inputs_of(self, parameters: ParameterValues) -> ScenarioInputs:
        """Read everything; raises :class:`SlopecastError` with everything that is wrong."""
        inputs = ScenarioInputs(**vars(super().inputs_of(parameters)))
        depth = inputs.soil_depth
        if depth is not None and depth.same_values_as(inputs.dem):
            raise InputError(
                depth.label, "is the elevation itself", "a raster of depths, or none", "Choose another layer."
            )
        return inputs

    def check(self, parameters: ParameterValues) -> None:
        """Check everything, and the rows of a table of scenarios; raises :class:`SlopecastError`."""
        inputs = self.inputs_of(parameters)
        if getattr(inputs, "table", None) is not None:
            check_before_run(inputs.table, inputs.numbers)


class ScenarioMapsAlgorithm(ScenarioAlgorithm):
    """Solves one scenario on one terrain, and writes its maps and a report."""

    NUMBERS = {
        "FAILED_CELLS": "Failed cells", "VALID_CELLS": "Valid cells", "FAILED_SHARE": "Share of failed cells",
        **_CLASS_NUMBERS,
    }  # fmt: skip
    TEXTS = {"RELIABILITY": "Reliability: trusted, caution or outside, and why"}

    def report_result(
        self, inputs: ScenarioInputs, outcome: RunSummary, warnings: Iterable[str], log: Log,
        reliability: Reliability, **provenances: str,
    ) -> tuple[Reliability, dict[str, str]]:  # fmt: skip
        """Write numbers, warnings and reliability into the log; returns the reliability and the rasters' metadata."""
        from ..core.failure_class import classes_text

        counts = outcome.failed_cells, outcome.valid_cells, 100.0 * outcome.failed_share
        log.pushInfo(tr("{:,} of {:,} cells fail ({:.3g} %).").format(*counts))
        if outcome.class_cells is not None:
            log.pushInfo(classes_text(outcome.class_cells))
        for warning in warnings:
            log.pushWarning(warning)
        reliability = reliability.with_cautions(log.cautions)
        push = log.pushInfo if reliability.level == "trusted" else log.pushWarning
        metadata = provenance(
            self.ID, log, **inputs.terrain_provenance(), **scenario_provenance(outcome.scenario, inputs.layers),
            reliability=str(reliability), **provenances,
        )  # fmt: skip
        push(tr("Reliability: {}").format(reliability.without(log.cautions).localized(tr)))
        return reliability, metadata

    def page(self, summary: RunSummary, metadata: dict[str, str], reliability: Reliability, log: Log) -> str:
        """The report."""
        from ..core.reports.run import scenario_page

        title = f"{tr(self.TITLE)}: {scenario_title(summary.scenario)}"
        return scenario_page(
            title, summary, provenance=metadata, warnings=log.warnings, reliability=reliability.localized(tr)
        )

    def numbers(self, outcome: RunSummary, reliability: Reliability) -> dict[str, Any]:
        """The outputs that are no files."""
        return {
            "FAILED_CELLS": outcome.failed_cells,
            "VALID_CELLS": outcome.valid_cells,
            "FAILED_SHARE": outcome.failed_share,
            **dict(zip(_CLASS_NUMBERS, outcome.class_cells or ())),
            "RELIABILITY": reliability.localized(tr),
        }

    def solve_and_write(
        self, inputs: ScenarioInputs, targets: RasterTargets, study: Study, run: WindowedRun,
        evaluation: MaskPrediction | EngineSimulation, log: Log, *,
        series: dict[str, TimeSeries] | None = None, feedback: Feedback | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Solve a map, whole or window by window, write rasters and report, and return the outputs.

        Args:
            evaluation: what is kept of each window and made of it; series: times of outputs whose bands are moments.
            feedback: gets the progress, if not the log.
        """
        from ..core.failure_class import initial_failure_warnings
        from ..core.reports.run_summary import WindowSums

        series, grid = series or {}, study.terrain.grid
        sums = WindowSums(study.scenario, None if targets.report is None else study.terrain)
        with (
            atomic_write(targets.folders, tr("Output files")) as partials,
            targets.writers(partials, grid, series) as writers,
        ):
            with closing(run.solve(feedback or log)) as windows:
                for window in windows:
                    sums.add(window, evaluation.evidence(window))
                    for output, writer in writers.items():
                        name = _MAPS.get(output.key)
                        own = evaluation.map_of(output.key, window) if name is None else getattr(window.result, name)
                        writer.write(window.tile.inner, own)
            summary = sums.summary()
            reliability, entries = evaluation.assess(sums.more)
            warnings = initial_failure_warnings(summary, study.cohesions)
            reliability, metadata = self.report_result(inputs, summary, warnings, log, reliability, **entries)
            for output, path in targets.files.items():
                check_cancelled(log)
                writers[output].finish(output.metadata(metadata))
                output.write_style(partials.path(path))
            if targets.report is not None:
                write_text(partials.path(targets.report), self.page(summary, metadata, reliability, log))
            check_cancelled(log)  # beyond it everything is moved
        title = scenario_title(study.scenario)
        group = group_title(inputs.dem.layer_name, title) if len(targets.shown) > 1 else ""
        own = {"CRITICAL_RAINFALL": scenario_title(study.scenario, intensity=False)}
        return {**targets.load(title, series, group, own), **self.numbers(summary, reliability)}
