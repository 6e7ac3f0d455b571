"""Processing algorithm that simulates a training set with the physics engine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator

from qgis.core import QgsProcessingOutputFolder

from ..core.errors import InputError
from ..core.files.atomic import atomic_write
from ..core.files.inputs import check_unchanged
from ..core.raster.inputs import ELEVATION, SOIL_DEPTH
from ..text import Text
from ..variables import HYDROLOGY, STRENGTH, VARIABLES
from .base import Inputs, SlopecastAlgorithm
from .inputs.scenario_inputs import ScenarioInputs
from .inputs.tables import read_table, scenarios_of
from .outputs.destinations import check_folder
from .outputs.provenance import version
from .outputs.sinks import SinkTarget
from .parameter_values import ParameterValues
from .parameters.definitions import (
    choice_input,
    chosen,
    folder_output,
    number_input,
    raster_input,
    sink_output,
    table_input,
)
from .parameters.scheduler import scheduler_input, workers_of
from .translation import tr

if TYPE_CHECKING:
    from ..core.dataset.dataset import Dataset
    from ..core.dataset.plan import Plan
    from .log import Log

PAPER, SPACE_FILLING, TABLE = "paper", "space_filling", "table"
_DESIGNS = {
    SPACE_FILLING: "Space-filling, balanced by share of failed cells",
    PAPER: "Two-stage, as in the paper (Jeong et al.): 613 scenarios",
    TABLE: "The rows of a table, on your own DEM",
}


_TABLE = table_input(
    "TABLE", "Parameter table",
    "For the design table: one row per scenario, columns named like the parameters, and name. Units in titles, such as "
    "c (psf), are converted. A parameter without a column takes its default.", optional=True,
)._replace(read=lambda given: read_table(given, "TABLE") if chosen(given, "DESIGN") == TABLE else None)  # fmt: skip
_DEM = "Digital elevation model (DEM)"
_COLUMNS = {
    "name": str, "group": str, "study_area": str, "split": str, **{variable.name: float for variable in VARIABLES},
    "failed_cells": int, "valid_cells": int, "failed_share": float,
}  # fmt: skip


class BuildDataset(SlopecastAlgorithm):
    """Simulates scenarios with the physics engine into a training set."""

    ID = "builddataset"
    TITLE = "Build a training set"
    GROUP = "training"
    SUMMARY = (
        "Runs the physics engine on many scenarios and stores water table, wetting front and ponding at the end of "
        "each event, for training and evaluating networks. The study areas are procedural, or your own if you specify "
        "a DEM; the paper's design has its own. The work is distributed over the processor cores. A build that was "
        "stopped continues when it is run again with the same inputs and folder. Does not need PyTorch."
    )
    TAGS = ("training", "dataset", "simulation", "deep learning")
    NUMBERS = {"CASE_COUNT": "Scenarios"}

    INPUTS = (
        choice_input(
            "DESIGN", "Design",
            "Space-filling (space_filling): Sobol points over the training ranges of all parameters, with cohesion "
            "set so that failed shares of 0, below 0.5, 0.5-3, 3-10, 10-30 and above 30 % are equally frequent. As in "
            "the paper (paper): 388 scenarios at 4.4 and 5.2 mm/h around the threshold of failure and 225 with rain "
            "and conductivity varied; its grids, antecedent state and study area are assumed. Table (table): your "
            "rows.", choices=_DESIGNS,
        ),
        raster_input(
            "DEM", "Digital elevation model [m]",
            "Your own study area, in a projected coordinate system in metres; a large one is divided into windows. If "
            "omitted, the space-filling design creates procedural study areas. Required by the design table, not used "
            "by the paper's.", optional=True, kind=ELEVATION,
        ),
        raster_input(
            "SOIL_DEPTH", "Soil depth [m]",
            "Vertical soil depth of your study area in metres; if omitted, it is estimated from slope.",
            optional=True, kind=SOIL_DEPTH,
        ),
        _TABLE,
        number_input(
            "CASES", "Scenarios", "For the space-filling design; 24 per procedural study area.",
            default=240, limits=(1, 1_000_000), whole=True,
        ),
        number_input(
            "SEED", "Seed", "For the space-filling design: the same seed gives the same scenarios.",
            default=1, limits=(0, 2_000_000), whole=True,
        ),
        number_input(
            "WORKERS", "Threads", "Number of threads, each for a block of scenarios; 0 uses one per processor core.",
            advanced=True, default=0, limits=(0, 256), whole=True,
        ),
        scheduler_input("The workers simulate the scenarios in place of local threads."),
    )  # fmt: skip
    OUTPUTS = (
        folder_output(
            "The scenarios are written here in blocks (.npz), with dataset.json, which describes them and is written "
            "last.",
        ),
        sink_output(
            "SUMMARY", "Summary", "One row per scenario: parameters, subset of the split, failed cells.",
            optional=True,
        ),
    )  # fmt: skip

    def declare_outputs(self) -> None:
        """Declare the data set, for trainmodel and evaluatemodel."""
        self.addOutput(QgsProcessingOutputFolder("DATASET", tr("Data set")))

    def check(self, parameters: ParameterValues) -> None:
        """Check choices, layers and the rows of a table."""
        inputs = self.inputs_of(parameters)
        if inputs.table is not None:
            scenarios_of(inputs.table, {})

    def inputs_of(self, parameters: ParameterValues) -> Inputs:
        """Read them, the table only for its design; raises :class:`InputError`."""
        inputs = super().inputs_of(parameters)
        if inputs.soil_depth is not None and inputs.dem is None:
            raise InputError(
                _DEM, "is missing; a soil depth was given without it", "both, or neither", "Specify the DEM as well."
            )
        if inputs.design == TABLE and inputs.dem is None:
            raise InputError(_DEM, "is missing", "a raster layer", "The scenarios of a table need a DEM.")
        inputs.ignores_table = inputs.table is None and parameters.is_given("TABLE")
        return inputs

    def execute(self, inputs: Inputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Simulate, and report what was built."""
        from ..core.dataset.build import build
        from ..core.workers.parallel import Threads

        folder = Path(parameters.file_to_write("OUTPUT_FOLDER"))
        check_folder(folder, "Output folder (OUTPUT_FOLDER)")
        plan = self._plan(inputs, log)
        check_unchanged(once=True)  # all layers are read now
        text = "{} scenarios from {} study areas (or windows of one), in {} blocks; split {}."
        log.pushInfo(tr(text).format(len(plan), len(plan.areas), len(plan.blocks), plan.design["split"]))
        if plan.warning:
            log.pushWarning(tr(plan.warning))
        with workers_of(inputs.scheduler, folder, log) as workers:
            executor = workers or Threads(inputs.workers or None)
            dataset = build(plan, folder, log, executor=executor, version=version())
        split = dataset.description["split"]
        text = "Training {}, validation {}, test {} scenarios."
        log.pushInfo(tr(text).format(split["train"], split["validation"], split["test"]))
        table = SinkTarget(parameters, "SUMMARY", log)
        with table.keeping_failure(), atomic_write(table.folders, table.label) as partials:
            table.write_rows(partials, _COLUMNS, summary_rows(dataset))
        table.raise_failure(Text("The data set is complete: {}.", folder))
        return {
            "OUTPUT_FOLDER": str(folder), "DATASET": str(folder), "CASE_COUNT": len(dataset), **table.output,
        }  # fmt: skip

    def _plan(self, inputs: Inputs, log: Log) -> Plan:
        from ..core.dataset.cases import Case
        from ..core.dataset.plan import paper_plan, space_filling_plan, table_plan
        from ..core.scenario_checks import table_caution

        if inputs.ignores_table:
            log.pushWarning("The table is not used: for its rows choose the design 'table' (DESIGN).")
        if inputs.design == PAPER:
            if inputs.dem is not None:
                log.pushWarning(tr("The DEM is not used: the paper's design has its own study area."))
            return paper_plan()
        cases, seed = inputs.cases, inputs.seed
        if inputs.dem is None:
            return space_filling_plan(cases, seed)
        area = ScenarioInputs(inputs.dem, inputs.soil_depth)
        terrain = area.terrain(log)
        origin = inputs.dem.file_name
        if inputs.table is not None:
            scenarios = scenarios_of(inputs.table, {}, log)
            inputs.table.caution_depth(area.depth_origin, log)
            log.pushCautions(table_caution(scenarios))
            values = [{v.name: float(getattr(s, v.name)) for v in VARIABLES} for s in scenarios]
            cases = [Case(s.name, own, group="table") for s, own in zip(scenarios, values)]
            return table_plan(cases, terrain, "study_area", origin)
        text = "A single study area: the scenarios are split by case, so test cases come from an area used in training."
        log.pushInfo(tr(text))
        return space_filling_plan(cases, seed, terrain, "study_area", origin)


def summary_rows(dataset: Dataset) -> Iterator[list[Any]]:
    """Yield the rows of the summary, a case each."""
    from ..core.dataset.cases import SPLITS
    from ..core.dataset.shard import read_cases

    valid = {m["name"]: int(m["valid_cells"]) for m in dataset.description["mountains"]}
    for number, entry in enumerate(dataset.shards):
        columns = read_cases(dataset.folder / entry.file)
        for r in (r for r in dataset.references if r.shard == number):
            values = dict(zip(HYDROLOGY, columns["scenarios"][r.number].tolist()))
            values.update(zip(STRENGTH, columns["strength"][r.number].tolist()))
            cells = valid[r.study_area]
            yield [r.name, r.group, r.study_area, SPLITS[r.split], *(values[v.name] for v in VARIABLES),
                   r.failed_cells, cells, r.failed_cells / cells]  # fmt: skip
