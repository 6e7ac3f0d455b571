"""Processing algorithm that predicts one failure mask for each row of a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Sequence

from qgis.core import QgsProcessingContext

from ..core.feedback import check_cancelled
from ..core.files.atomic import atomic_write, one_run_in
from ..core.files.whole import write_text
from ..text import Text, measure, span
from ..variables import BY_NAME, VARIABLES
from .inputs.input_files import check_file
from .inputs.likely_layers import likely_scenarios
from .inputs.scenario_inputs import ScenarioInputs
from .inputs.tables import Table, parameter_quantities, placeholder_values, scenarios_of
from .outputs.destinations import (
    check_folder,
    check_mask_files,
    check_own_table,
    check_table_files,
    report_earlier_rasters,
)
from .outputs.loaded_layers import group_on_load, style_on_load
from .outputs.rasters import RasterOutput, RasterTargets
from .outputs.sinks import SinkTarget
from .parameter_values import ParameterValues
from .parameters.definitions import folder_output, report_output, sink_output, switch_input, table_input
from .parameters.scenario import SCENARIO_LAYERS, SCENARIO_NUMBERS, TERRAIN
from .parameters.scheduler import scheduler_input, solver_on
from .runs.engine_check import RowChecks, check_input
from .runs.solver_choice import SOLVER_CHOICE, SOLVER_USED, chosen_solver
from .scenario_algorithm import CLASS_FOLDER, FAILURE_CLASS, FAILURE_MASK, FAILURE_MASK_DOC, ScenarioAlgorithm
from .translation import tr

if TYPE_CHECKING:
    from ..core.scenario import Scenario
    from .inputs.layers import RasterSource
    from .log import Log
    from .runs.table_run import TableRun

_FOLDER = "Output folder (OUTPUT_FOLDER)"
_SUMMARY = "Summary (SUMMARY)"
#: Most mask layers that are added to the project.
_MOST_LAYERS = 50
#: Bytes per cell for counts and outputs, in addition to the solver's.
_BYTES = 120.0


class PredictFromTable(ScenarioAlgorithm):
    """Predicts the failure mask of every row of a parameter table."""

    ID = "predictfromtable"
    TITLE = "Predict failure masks from a table"
    GROUP = "stability"
    SUMMARY = (
        "Predicts one failure mask for each row of a table (a layer, CSV, XLSX or GeoPackage) whose columns are "
        "named like the parameters: cohesion, friction_angle, conductivity, rainfall, duration and so on; name, if "
        "there is one, names the files. Parameters without a column take the numbers or rasters given here. What "
        "depends on the terrain alone is computed once for all rows. A table with errors is refused before "
        "anything runs; all errors are listed by row and column. Without the Python packages torch and safetensors "
        "the physics engine is used."
    )
    TAGS = ("U-Net", "deep learning", "failure mask", "table", "CSV", "scenarios", "batch")
    TEXTS = SOLVER_USED
    INPUTS = (
        *TERRAIN,
        table_input(
            "TABLE", "Parameter table",
            "One row per scenario. Columns: " + ", ".join(f"{v.name} [{v.unit}]" for v in VARIABLES) + " and name; "
            "at least one parameter is required. A column replaces the number or raster below. Titles may be the "
            "labels or the usual symbols (c, phi, k, I) and may name a unit, which is converted: c (psf), "
            "rainfall_mm_day, Friction angle [rad]. Columns of numbers with an unknown title or unit are refused. "
            "Decimal commas are read in text files whose separator is a semicolon or a tab.",
            likely=likely_scenarios,
        ),
        SCENARIO_NUMBERS,
        SCENARIO_LAYERS,
        SOLVER_CHOICE,
        check_input(
            "Run the physics engine on a random sample of the rows, 5 at most, and compare the masks. The log and the "
            "reasons in the summary give the result. If the IoU of a row is below 0.95, its mask is not rated trusted."
        ),
        scheduler_input("The workers compute the hydrology of the rows."),
        switch_input(
            FAILURE_CLASS.key, "Write the failure class of each row",
            f"Write a raster of failure classes for each row into the folder {CLASS_FOLDER} in the output folder. "
            f"{FAILURE_CLASS.doc} Not available with the weights paper.safetensors.",
            optional=True, in_dialogs=True,  # optional: models of users that were saved without it stay valid
        ),
        switch_input(
            "LOAD_MASKS", "Add the masks to the project",
            "Add the masks to the project after the run, as a group; if failure classes are written, these are added "
            f"instead. More than {_MOST_LAYERS} are not added.", on=True,
        ),
    )  # fmt: skip
    OUTPUTS = (
        folder_output(
            "One mask per row is written here, named after the row (row_0001 and so on if it has no name), with its "
            "style and the row's parameters in its metadata; masks of earlier runs are replaced, other files of these "
            "names are not. If a run is stopped, finished rows are kept in a hidden subfolder, and a new run with the "
            "same inputs continues from them. " + FAILURE_MASK_DOC,
        ),
        sink_output(
            "SUMMARY", "Summary",
            "One row per scenario: its inputs, failed cells, their share, cells of each failure class, reliability of "
            "the mask, and its file. If omitted, summary.csv in the output folder.", optional=True,
        ),
        RasterOutput(
            "FAILURE_FREQUENCY", "Failure frequency", "-", "failure_frequency",
            "Share of the rows in which a cell fails, 0 to 1. It is a probability only if the rows are equally likely "
            "draws.",
        ),
        RasterOutput(
            "FIRST_FAILURE", "First failing scenario", "", "",
            "Number of the first row of the table in which a cell fails; 0 where it never fails. For storms of "
            "increasing size this is the smallest storm that makes the cell fail. The legend shows the row names.",
        ),
        report_output("One page with the table, a map, the shares of failed cells and the provenance."),
    )  # fmt: skip

    def execute(self, inputs: ScenarioInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Predict every row, and write all masks or none."""
        from ..core.probability.failure_tally import explain_similar_masks, order_warning
        from .outputs.kept_rows import KeptRows, kept_on_error
        from .runs.table_rows import SUMMARY_COLUMNS, push_warnings

        folder = Path(parameters.file_to_write("OUTPUT_FOLDER"))
        check_folder(folder, _FOLDER)
        targets = self.targets(parameters)
        planned = scenarios_of(inputs.table, placeholder_values(inputs.numbers))
        names = [s.name for s in planned]
        summary = SinkTarget(parameters, "SUMMARY", log, folder / "summary.csv")
        summary.check()
        if not parameters.is_given("SUMMARY"):
            check_file(folder / "summary.csv", _FOLDER, has_rows_alone=True)
            check_own_table(folder / "summary.csv", list(SUMMARY_COLUMNS)[:2], _FOLDER)
        class_folder = folder / CLASS_FOLDER
        for place, raster in ((folder, FAILURE_MASK), (class_folder, FAILURE_CLASS))[: 1 + inputs.failure_class]:
            check_mask_files(place, _FOLDER, names, inputs, targets, raster.style)
            check_table_files({_SUMMARY: summary.file, "Report (REPORT)": targets.report}, place, names, inputs)
        run, scenarios = self._begin(inputs, targets, folder, planned, log)
        folders = [folder, *targets.folders, *summary.folders]
        with one_run_in(folder, _FOLDER) as work:
            kept = KeptRows(work.path / "rows", run.checksum(scenarios), scenarios, log)
            with (
                kept_on_error(work, kept, len(scenarios), log),
                atomic_write(folders, _FOLDER, {folder: work}) as partials,
                solver_on(inputs.scheduler, run.chosen, folder, log) as solver,
            ):
                rows, tally, chosen = replace(run, chosen=solver).predict(scenarios, kept)
                run = replace(run, chosen=chosen)
                log.pushInfo(Text("Solver: {}", chosen.used))
                run.checks.report(len(rows), log)
                push_warnings(rows, log)
                order = order_warning(scenarios) if targets.wants("FIRST_FAILURE") else None
                if order:
                    log.pushWarning(order)
                if tally.masks_are_similar:
                    log.pushWarning(explain_similar_masks(scenarios))
                run.write_rasters_of_all(targets, tally, names, partials)
                if targets.report is not None:
                    write_text(partials.path(targets.report), run.page(rows, tally))
                check_cancelled(log)  # beyond it everything is put in its place
                kept.copy_to(partials[folder])
                summary.write_rows(partials, SUMMARY_COLUMNS, (row.cells(folder) for row in rows))
            work.keep = summary.is_missing  # the next run writes it alone
            summary.raise_failure(Text("{} masks are written to '{}'.", len(rows), folder))
        written = [*names, *(path.stem for path in targets.files.values())]
        report_earlier_rasters({folder: written, class_folder: names if inputs.failure_class else []}, self.ID, log)
        group = tr("Failure masks: {}").format(inputs.table.source)
        outputs: dict[str, Any] = targets.load(inputs.table.source, group=group)
        if inputs.load_masks:
            shown, raster = (class_folder, FAILURE_CLASS) if inputs.failure_class else (folder, FAILURE_MASK)
            files = [shown / f"{name}.tif" for name in names]
            _load(parameters.context, files, raster, group, len(targets.shown), log)
        place = len(targets.shown) + len(names)
        group_on_load(parameters.context, summary.layer, group, place, "SUMMARY", tr("Summary"))
        return {**outputs, "OUTPUT_FOLDER": str(folder), "SUMMARY": summary.layer, **chosen.output}

    def _begin(
        self, inputs: ScenarioInputs, targets: RasterTargets, folder: Path, planned: Sequence[Scenario], log: Log
    ) -> tuple[TableRun, list[Scenario]]:
        """Choose the solver, plan the run and read the inputs; raises :class:`InputError`.

        Args:
            inputs, targets, folder, log: of the run.
            planned: the rows' scenarios without the rasters, which are not read yet.
        """
        from ..core.input_summary import table_summary
        from ..core.windowed.run_time import ENGINE_TIME, MASK_S, RunTime, flows_of
        from ..core.windowed.study import Study
        from .runs.table_run import TableRun
        from .runs.windowed_scenario import plan_scenario, solver_needs, solver_time

        chosen = chosen_solver(inputs.solver, log, mask_suffices=not inputs.failure_class)
        checks = RowChecks.of(inputs.check_with_engine, len(planned), chosen, log)
        masks = [folder / f"{one.name}.tif" for one in planned] * (1 + inputs.failure_class)
        compared = flows_of(planned[number] for number in checks.rows)
        time = RunTime(((solver_time(chosen), flows_of(planned)), (ENGINE_TIME, compared)), MASK_S * len(masks))
        plan = plan_scenario(inputs, targets, solver_needs(chosen, more=_BYTES), time, log, masks=masks, many=True)
        terrain = inputs.terrain(log)
        inputs.table.caution_depth(inputs.depth_origin, log)
        layers = layers_in_use(inputs, inputs.table, log)
        rasters = inputs.rasters(terrain, log, layers)
        scenarios = scenarios_of(inputs.table, {**inputs.numbers, **Study.samples(rasters)}, log)
        warn_of_unused_storm(inputs.numbers, inputs.table, scenarios, log)
        log.pushInfo(table_summary(scenarios))
        return TableRun(self.ID, inputs, layers, chosen, checks, terrain, rasters, plan, log), scenarios


def layers_in_use(inputs: ScenarioInputs, table: Table, log: Log) -> dict[str, RasterSource]:
    """The rasters that no column replaces."""
    from ..core.tables.columns import recognized

    columns = recognized(table.header, parameter_quantities())
    for name in columns:
        if name in inputs.layers:
            log.pushWarning(tr("{} is not used: the table has a column '{}'.").format(inputs.layers[name].label, name))
    return {name: source for name, source in inputs.layers.items() if name not in columns}


def warn_of_unused_storm(numbers: dict[str, float], table: Table, scenarios: Sequence[Scenario], log: Log) -> None:
    """Push a warning for a rainfall or duration that was entered, and that a column replaces by others.

    Sets that were calibrated to landslides have those of their storm, which is not the one that is to be mapped.
    """
    from ..core.tables.columns import recognized

    columns = recognized(table.header, parameter_quantities())
    for name in ("rainfall", "duration"):
        variable, number = BY_NAME[name], numbers.get(name)
        rows = [getattr(one, name) for one in scenarios] if name in columns else []
        if rows and number not in (None, variable.default) and number not in rows:
            ends = min(rows), max(rows)
            found = measure(ends[0], variable.unit) if ends[0] == ends[1] else span(*ends, variable.unit)
            text = "{}: {} is not used: the table has a column for it, with {}."
            log.pushWarning(Text(text, variable.named, measure(number, variable.unit), found))


def _load(
    context: QgsProcessingContext, masks: Sequence[Path], raster: RasterOutput, group: str, place: int, log: Log
) -> None:
    """Ask Processing to load masks or failure classes in row order, from a position in their group on."""
    project = context.project()
    if project is None:
        return
    if len(masks) > _MOST_LAYERS:
        log.pushInfo(tr("{} masks are not added to the project; they are in {}.").format(len(masks), masks[0].parent))
        return
    for number, mask in enumerate(masks):
        details = QgsProcessingContext.LayerDetails(mask.stem, project, mask.stem)
        context.addLayerToLoadOnCompletion(str(mask), details)
        style_on_load(context, str(mask), raster, group=group, place=place + number)
