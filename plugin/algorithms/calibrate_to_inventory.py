"""Processing algorithm that calibrates parameters to mapped landslides."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.feedback import Feedback, PartialFeedback, check_cancelled
from ..core.files.atomic import atomic_write
from ..core.files.whole import write_text
from ..text import Text, translated
from ..variables import VARIABLES
from .inputs.likely_layers import likely_landslides
from .inputs.scenario_inputs import ScenarioInputs
from .inputs.vectors import area_of_polygons, cells_by_feature, warn_of_lost_features
from .outputs.layer_tree import group_title
from .outputs.loaded_layers import group_on_load
from .outputs.provenance import provenance, stored_provenance
from .outputs.rasters import RasterOutput, RasterTargets
from .outputs.sinks import SinkTarget
from .parameter_values import ParameterValues
from .parameters.definitions import number_input, report_output, sink_output, switch_input, vector_input
from .parameters.scenario import SCENARIO_NUMBERS, SEARCHED_RANGES, SOIL_DEPTH_DOC, TERRAIN
from .parameters.scheduler import model_on, scheduler_input
from .scenario_algorithm import FAILURE_MASK, ScenarioAlgorithm
from .translation import tr

if TYPE_CHECKING:
    from ..core.inventory_calibration.calibrate import Calibration, Task
    from ..core.physics.solve import WaterModel
    from ..core.windowed.memory import RunPlan, SolverNeeds
    from ..core.windowed.run_time import RunTime
    from .log import Log

SCENARIOS, DEPTH = "SCENARIOS", "CALIBRATED_SOIL_DEPTH"
#: Bytes per cell: of the flow tree on the whole map before the simulations; of maps in scratch files. Seconds per
#: cell in addition to the simulations. Measured by tests/commands scale.
_FLOW_TREE, _SCRATCH, _OTHER_S = 60.0, 70.0, 5e-6
#: Engine simulations (for each block and all cells together) per set that is kept [-].
_SIMULATIONS_A_SET = 2.0
_ELEVATION, _SOIL_DEPTH = TERRAIN
_COUNTS = ("sets", "folds", "seed")
_NUMBERS = {
    "AUC": "Held-out AUC of the susceptibility",
    "AUC_LOW": "Lower end of its 95 % interval",
    "AUC_HIGH": "Upper end of its 95 % interval",
    "AUC_SLOPE": "AUC of the slope angle alone",
    "AUC_DEFAULT": "AUC of the factor of safety with the parameters entered",
    "AUC_CALIBRATED": "Held-out AUC of the calibrated factor of safety",
    "HIT_RATE": "Held-out hit rate of the calibrated factor of safety below 1",
    "FALSE_ALARM_RATE": "Held-out false-alarm rate of the calibrated factor of safety below 1",
    "STRENGTH_FACTOR": "Strength factor applied to the parameter sets, mean",
    "LANDSLIDES_USED": "Landslides compared",
}
_COLUMNS = {"name": str, **{variable.name: float for variable in VARIABLES}, DEPTH.lower(): str}


class CalibrateToInventory(ScenarioAlgorithm):
    """Back-calculates parameters on mapped landslides, and maps susceptibility with held-out scores."""

    ID = "calibratetoinventory"
    TITLE = "Calibrate to landslides"
    GROUP = "models"
    SUMMARY = (
        "Finds the parameters for which the factor of safety best separates mapped landslides from stable cells, and "
        "maps susceptibility: a statistical model of slope, curvature, relative height, contributing area, aspect and "
        "the calibrated factor of safety. All scores are held out by spatial blocks, have 95 % intervals, and are "
        "compared with those of slope angle alone and of the parameters entered. The best sets form a table for "
        "<i>Predict failure masks from a table</i>. The sets describe the fit of the map; they are not measured soil "
        "properties. Sets and susceptibility are valid only for this area."
    )
    TAGS = ("inventory", "calibration", "back-analysis", "susceptibility", "ROC", "AUC", "GLUE")
    NUMBERS = _NUMBERS
    TEXTS = {
        "FINDING": "Result in one sentence", "BEST_SET": "Parameters of the best set by key, as JSON",
        "DEPTH_OF_SETS": "Soil depth of the sets: given, or method and bounds of the estimate",
    }  # fmt: skip
    INPUTS = (
        _ELEVATION,
        _SOIL_DEPTH._replace(
            text=f"{SOIL_DEPTH_DOC} If omitted, ten estimates from the elevation model are tried, and the one that "
            "fits best is used."
        ),
        vector_input(
            "LANDSLIDES", "Landslides",
            "Points, or polygons of source areas without the runout; at least 10, better 30. Of a large polygon, at "
            "most 20 cells are sampled. In a layer with fewer than 10 features, each part counts as a landslide.",
            geometries=("Point", "Polygon"), likely=likely_landslides,
        ),
        vector_input(
            "STABLE", "Stable points",
            "Points that are known to be stable; if omitted, stable cells are sampled at least 30 m and 3 cells "
            "away from landslides.", optional=True, geometries=("Point",),
        ),
        vector_input(
            "MASK_LAYER", "Area to compare",
            "Polygons that the inventory covers; if omitted, the whole elevation model. The maps cover all of "
            "it.", optional=True, geometries=("Polygon",),
        ),
        SCENARIO_NUMBERS,
        SEARCHED_RANGES,
        number_input(
            "SETS", "Number of hydrological parameter sets",
            "10 to 2000; each is tried with 14 ratios of cohesion to friction.",
            advanced=True, default=100, limits=(10, 2000), whole=True,
        ),
        number_input(
            "FOLDS", "Number of spatial blocks",
            "2 to 20; each is held out once. With few landslides fewer blocks are used.",
            advanced=True, default=5, limits=(2, 20), whole=True,
        ),
        number_input(
            "SEED", "Seed", "The same seed and inputs give the same maps.",
            advanced=True, default=1, limits=(0, 2_147_483_647), whole=True,
        ),
        switch_input(
            "USE_ELEVATION", "Use elevation as an attribute",
            "Elevation is a proxy for climate and land use; it often helps within an area and misleads outside it.",
        ),
        scheduler_input("The workers run the physics engine on the best sets."),
    )  # fmt: skip
    OUTPUTS = (
        RasterOutput(
            "SUSCEPTIBILITY", "Susceptibility", "-", "susceptibility",
            "0 to 1, calibrated to the share of landslide cells among the cells compared; not a probability in time.",
            by_default=True,
        ),
        RasterOutput(
            "FACTOR_OF_SAFETY", "Factor of safety", "-", "factor_of_safety",
            "Geometric mean of the best sets, scaled so that 1 best separates landslides from stable cells.",
            by_default=True,
        ),
        FAILURE_MASK._replace(by_default=True),
        RasterOutput(
            DEPTH, "Soil depth of the sets", "m", "soil_depth",
            "The soil depth used, or the estimate that best fits the landslides; use it with the table of sets.",
        ),
        sink_output(
            SCENARIOS, "Best sets",
            "One row per best parameter set, for Predict failure masks from a table. If soil depth is estimated, use "
            "the depth raster of this run.", optional=True,
        ),
        report_output(
            "Held-out scores and curves, the effect of each attribute, the parameter sets, and the limits of use.",
            by_default=True,
        ),
    )  # fmt: skip

    def execute(self, inputs: ScenarioInputs, parameters: ParameterValues, log: Log) -> dict[str, Any]:
        """Calibrate, and write everything or nothing."""
        from ..core.inventory_calibration.calibrate import ENGINE
        from .runs.windowed_scenario import plan_scenario

        targets = self.targets(parameters)
        SinkTarget(parameters, SCENARIOS, log).check()
        plan = plan_scenario(inputs, targets, _needs(), _time(inputs), log)
        task = _task(inputs, log)
        place = (targets.folders or [Path(tempfile.gettempdir())])[0]
        with model_on(inputs.scheduler, ENGINE, place, log) as engine:
            made = _run_calibration(task, engine, plan, PartialFeedback(log, 2.0, 98.0))
        numbers = _numbers(made)
        (log.pushWarning if made.finding in made.warnings else log.pushInfo)(made.finding)
        for warning in made.warnings:
            log.pushWarning(warning)
        if made.depth.method:
            text = "Soil depth of the sets: {}. Use it with the table of sets: it is the output CALIBRATED_SOIL_DEPTH."
            log.pushNote(Text(text, made.depth.described))
        log.pushNumbers(_NUMBERS, numbers)
        outputs = self._write_results(inputs, parameters, targets, made, log)
        best = {variable.key: getattr(made.scenarios[0], variable.name) for variable in VARIABLES}
        texts = {"FINDING": translated(made.finding, tr), "BEST_SET": json.dumps(best)}
        return {**outputs, **numbers, **texts, "DEPTH_OF_SETS": _depth_origin(inputs, made)}

    def _write_results(
        self, inputs: ScenarioInputs, parameters: ParameterValues, targets: RasterTargets, made: Calibration, log: Log
    ) -> dict[str, Any]:
        """Write rasters, report and table."""
        from ..core.inventory_calibration.report import calibration_page

        metadata = _metadata(self.ID, inputs, made, log)
        arrays = {
            "SUSCEPTIBILITY": made.susceptibility, "FACTOR_OF_SAFETY": made.factor_of_safety,
            "FAILURE_MASK": made.failure_mask, DEPTH: made.depth.terrain.soil_depth,
        }  # fmt: skip
        title = tr(self.TITLE)
        page = calibration_page(
            title, made, provenance=metadata, finding=translated(made.finding, tr), warnings=log.warnings
        )
        table = SinkTarget(parameters, SCENARIOS, log)
        folders = [*targets.folders, *table.folders]
        with atomic_write(folders, tr("Output files")) as partials:
            own = {DEPTH: _depth_metadata(inputs, made, log)}
            targets.write_into(partials, arrays, made.depth.terrain.grid, metadata, log, own_metadata=own)
            if targets.report is not None:
                write_text(partials.path(targets.report), page)
            check_cancelled(log)  # beyond it everything is put in its place
            depth = _depth_origin(inputs, made)
            rows = [[one.name, *(getattr(one, v.name) for v in VARIABLES), depth] for one in made.scenarios]
            table.write_rows(partials, _COLUMNS, rows)
        written = ", ".join(str(path) for path in (*targets.files.values(), targets.report) if path is not None)
        table.raise_failure(Text("Maps and report were written: {}.", written))
        group = group_title(inputs.dem.layer_name, title)
        if table.is_wanted:
            group_on_load(parameters.context, table.layer, group, len(targets.shown))
        return {**targets.load(tr("calibrated"), group=group), **table.output}


def _task(inputs: ScenarioInputs, log: Log) -> Task:
    """Read the layers and build the task."""
    import numpy as np

    from ..core.inventory_calibration.calibrate import Task
    from ..core.scenario import Scenario
    from ..core.scenario_checks import scenario_cautions

    terrain = inputs.terrain(log)
    everywhere = np.broadcast_to(np.True_, terrain.grid.shape)
    base = Scenario.from_mapping(inputs.numbers)
    log.pushCautions(*scenario_cautions(base))  # the fit would compensate for an amount in another unit
    stable = None if inputs.stable is None else cells_by_feature(inputs.stable, terrain.grid, log)
    landslides = cells_by_feature(inputs.landslides, terrain.grid, log, divide=True)
    area = everywhere if inputs.mask_layer is None else area_of_polygons(inputs.mask_layer, terrain.grid, log)
    for source, features in ((inputs.landslides, landslides), (inputs.stable, stable)):
        if source is not None:
            warn_of_lost_features(features, terrain.valid, area, source.label, log)
    return Task(
        terrain=terrain,
        depth_given=inputs.soil_depth is not None,
        landslides=landslides,
        stable=None if stable is None else np.unique(np.concatenate([np.empty(0, dtype=np.int64), *stable])),
        area=area,
        base=base,
        ranges=inputs.ranges,
        elevation=inputs.use_elevation,
        **{name: getattr(inputs, name) for name in _COUNTS},
    )


def _needs() -> SolverNeeds:
    """Memory needs of the parameter sets' simulations."""
    from ..core.windowed.memory import ENGINE_NEEDS

    return replace(ENGINE_NEEDS, bytes_a_cell=ENGINE_NEEDS.bytes_a_cell + _SCRATCH, beforehand=_FLOW_TREE)


def _time(inputs: ScenarioInputs) -> RunTime:
    """Time of the parameter sets' simulations, at the conductivity, anisotropy and duration given."""
    from ..core.inventory_calibration.sampling import RATIOS
    from ..core.inventory_calibration.search import number_kept
    from ..core.windowed.run_time import ENGINE_TIME, RunTime, flow_of

    simulations = _SIMULATIONS_A_SET * number_kept(RATIOS * inputs.sets)
    return RunTime(((ENGINE_TIME, {flow_of(inputs.numbers): simulations}),), _OTHER_S)


def _run_calibration(task: Task, engine: WaterModel, plan: RunPlan, feedback: Feedback) -> Calibration:
    """Calibrate, with the engine's water states in windows where the map is large."""
    from ..core.inventory_calibration.calibrate import calibrate
    from ..core.windowed.many import Runs
    from ..core.windowed.memory import check_disk_space
    from .runs.windowed_scenario import engine_run

    if plan.side is None:
        return calibrate(task, feedback, Runs(engine))
    check_disk_space(_SCRATCH * plan.cells)
    return calibrate(task, feedback, Runs(engine, lambda study, part: engine_run(study, engine, plan, part)))


def _numbers(made: Calibration) -> dict[str, float]:
    """The outputs that are numbers."""
    scores = made.scores
    auc = scores.susceptibility.auc
    values = (
        auc.value, auc.low, auc.high, scores.slope.auc.value, scores.default.auc.value,
        scores.calibrated.auc.value, scores.hit_rate, scores.false_alarm_rate, made.strength_factor, made.sites.slides,
    )  # fmt: skip
    return dict(zip(_NUMBERS, values))


def _depth_metadata(inputs: ScenarioInputs, made: Calibration, log: Log) -> dict[str, str]:
    """Metadata of the soil depth: copied from the input raster, or a description of the estimate."""
    if inputs.soil_depth is not None:
        return {f"SLOPECAST_{key.upper()}": text for key, text in stored_provenance(inputs.soil_depth.source).items()}
    chosen_by = f"slopecast:{CalibrateToInventory.ID}"
    return provenance("estimatesoildepth", log, chosen_by=chosen_by, **_estimate(inputs, made))


def _depth_origin(inputs: ScenarioInputs, made: Calibration) -> str:
    """Description of the soil depth of the sets, see :func:`soil_depth.origin`."""
    from ..core.soil_depth import origin

    return origin(_estimate(inputs, made)) if made.depth.method else inputs.depth_origin


def _estimate(inputs: ScenarioInputs, made: Calibration) -> dict[str, str]:
    """Description of the soil depth that was estimated."""
    from ..core.soil_depth import described

    depth = made.depth
    bounds = depth.terrain.grid.bounds
    return {"dem": inputs.dem.file_name, **described(bounds, depth.method, depth.low, depth.high)}


def _metadata(algorithm: str, inputs: ScenarioInputs, made: Calibration, log: Log) -> dict[str, str]:
    """Provenance of the rasters and the report."""
    auc = made.scores.susceptibility.auc
    return provenance(
        algorithm, log, **inputs.terrain_provenance(), depth_of_sets=made.depth.described,
        **{v.name: f"{inputs.numbers[v.name]:.10g} {v.unit}" for v in VARIABLES if v.name not in inputs.ranges},
        **{f"{name}_range": f"{low:.10g} to {high:.10g}" for name, (low, high) in inputs.ranges.items()},
        **{name: str(getattr(inputs, name)) for name in _COUNTS},
        use_elevation="yes" if inputs.use_elevation else "no",
        landslides=str(made.sites.slides), stable_cells="drawn" if made.sites.drawn else "given",
        landslide_share=f"{made.landslide_share:.4g}", strength_factor=f"{made.strength_factor:.4g}",
        auc=f"{auc.value:.4f} ({auc.low:.4f} to {auc.high:.4f})", finding=str(made.finding),
    )  # fmt: skip
