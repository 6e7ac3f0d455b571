"""Rebuild the graphical models that the provider offers: plugin/graphical_models/*.model3.

They chain Slopecast's algorithms with QGIS's native ones, all of which QGIS 3.22 has. Inputs are copies of the
algorithms' own parameters, so run this after a parameter of theirs has changed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_HASH_SEED", "0")  # the same order in the files at every run
import checkout
from qgis.core import (
    QgsApplication,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildDependency,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtCore import QPointF
from slopecast.plugin.algorithms.parameters.scenario import SOIL_DEPTH_DOC

FOLDER = checkout.ROOT / "plugin" / "graphical_models"
RETURN_PERIODS_YR = (10, 50, 100, 200)
SCENARIO = (
    "COHESION", "FRICTION_ANGLE", "CONDUCTIVITY", "RAINFALL", "DURATION", "WATER_TABLE_RATIO", "MOISTURE_DEFICIT",
    "SUCTION_HEAD", "LATERAL_ANISOTROPY", "ROOT_COHESION", "ROOT_DEPTH", "SURCHARGE", "UNIT_WEIGHT_MOIST",
    "UNIT_WEIGHT_SATURATED",
)  # fmt: skip
SOLVER_KEYS = ("SOLVER", "MODEL", "DEVICE")
SOURCE = QgsProcessingModelChildParameterSource
#: Choices by their numbers: kind of a map, depth method (by slope alone the example's steep soil is too thin to fail).
MASK, SLOPE_AND_CURVATURE = 3, 3
TEXT, REAL, WHOLE = 10, 6, 4  # types of a field


class Input(str):
    """Value of a step's parameter: a parameter of the model."""


class Expression(str):
    """Value of a step's parameter: an expression."""


class Output(tuple):
    """Value of a step's parameter: (step, output)."""


class Model:
    """A graphical model in the making: inputs on the left, steps on the right, in the order of their run."""

    def __init__(self, title: str, text: str, outputs: dict[str, str]) -> None:
        self.model = QgsProcessingModelAlgorithm(title, "Models")
        self._order: list[str] = []
        self._steps = 0
        self._help = {"ALG_DESC": text, "ALG_CREATOR": "Slopecast"}
        self._outputs = outputs

    def input(self, parameter: QgsProcessingParameterDefinition, text: str = "") -> None:
        """Add a parameter."""
        if text:
            parameter.setHelp(text)
        component = QgsProcessingModelParameter(parameter.name())
        component.setPosition(QPointF(150, 60 + 70 * len(self._order)))
        self._order.append(parameter.name())
        self.model.addModelParameter(parameter, component)
        self._help[parameter.name()] = parameter.help()

    def inputs_of(
        self, algorithm: str, *names: str, optional: bool = False, default: Any = None, text: str = ""
    ) -> None:
        """Add copies of an algorithm's parameters, made optional, or with another default or help."""
        known = QgsApplication.processingRegistry().algorithmById(algorithm)
        for name in names:
            copied = known.parameterDefinition(name).clone()
            metadata = copied.metadata()
            metadata.get("widget_wrapper", {}).pop("class", None)  # the provider names it, the file opens without
            copied.setMetadata(metadata)
            if optional:
                copied.setFlags(copied.flags() | QgsProcessingParameterDefinition.Flag.FlagOptional)
            if default is not None:
                copied.setDefaultValue(default)
            self.input(copied, text)

    def branches(self, name: str, conditions: dict[str, str]) -> None:
        """Add branches that run where an expression is true: ``name:condition`` in ``after`` of a step."""
        self.step(name, "native:condition", "What is given", {})
        child = self.model.childAlgorithm(name)
        child.setConfiguration({"conditions": [{"name": k, "expression": e} for k, e in conditions.items()]})
        self.model.setChildAlgorithm(child)

    def step(
        self,
        name: str,
        algorithm: str,
        description: str,
        values: dict[str, Any],
        outputs: dict[str, str] | None = None,
        after: tuple[str, ...] = (),
        optional: tuple[str, ...] = (),
    ) -> None:
        """Add an algorithm; ``outputs`` become the model's, under the names given."""
        child = QgsProcessingModelChildAlgorithm(algorithm)
        child.setChildId(name)
        child.setDescription(description)
        for key, value in {**_defaults(algorithm), **values}.items():
            child.addParameterSources(key, [_source(value)])
        child.setDependencies([QgsProcessingModelChildDependency(*step.split(":")) for step in after])
        position = QPointF(480 + 260 * (self._steps % 2), 60 + 110 * self._steps)
        child.setPosition(position)
        self._steps += 1
        made = {}
        for place, (key, output_name) in enumerate((outputs or {}).items()):
            output = QgsProcessingModelOutput(output_name)
            output.setDescription(output_name.replace("_", " ").capitalize())
            output.setChildOutputName(key)
            output.setChildId(name)
            output.setMandatory(key not in optional)
            output.setPosition(position + QPointF(260, 40 * place))
            made[output_name] = output
        child.setModelOutputs(made)
        self.model.addChildAlgorithm(child)

    def write(self, name: str) -> None:
        """Check and write the model."""
        self.model.setParameterOrder(self._order)  # else it is that of the alphabet
        self.model.updateDestinationParameters()
        for definition in self.model.parameterDefinitions():
            if definition.isDestination():
                self._help[definition.name()] = self._outputs[definition.name()]
        self.model.setHelpContent(self._help)
        good, problems = self.model.validate()
        path = FOLDER / f"{name}.model3"
        if not good or not self.model.toFile(str(path)):
            raise SystemExit(f"{name}: {problems}")
        print(f"{path.relative_to(checkout.ROOT)}: {len(self.model.childAlgorithms())} steps")


def _defaults(algorithm: str) -> dict[str, Any]:
    """Values of the parameters that must be given and that an algorithm run alone would take from its dialog."""
    definitions = QgsApplication.processingRegistry().algorithmById(algorithm).parameterDefinitions()
    optional = QgsProcessingParameterDefinition.Flag.FlagOptional
    return {
        p.name(): p.defaultValue()
        for p in definitions
        if not p.isDestination() and not p.flags() & optional and p.defaultValue() is not None
    }


def _is_missing(variable: str) -> str:
    """Expression: whether a layer was not given or not made. Its extent is requested: an empty layer is no NULL."""
    return f"@{variable}_minx is null"


def _first_of(one: str, other: str) -> str:
    """Expression: the first of two layers that is there, else NULL."""
    return f"if({_is_missing(one)}, if({_is_missing(other)}, NULL, @{other}), @{one})"


def _source(value: Any) -> QgsProcessingModelChildParameterSource:
    if isinstance(value, Input):
        return SOURCE.fromModelParameter(str(value))
    if isinstance(value, Expression):
        return SOURCE.fromExpression(str(value))
    if isinstance(value, Output):
        return SOURCE.fromChildOutput(*value)
    return SOURCE.fromStaticValue(value)


def failed_areas() -> None:
    """Mask, existing or predicted, to polygons of failed areas."""
    model = Model(
        "Failed areas",
        "Creates a polygon for each connected group of failed cells, with its area and its mean and minimum factor "
        "of safety. Choose an existing failure mask, or a DEM from which the mask is predicted. Results are most "
        "sensitive to soil depth: if omitted, it is estimated from the DEM, by default from slope and curvature.",
        {
            "areas:FAILED_AREAS": "Polygons of connected failed cells: cells, area_m2, mean_fs, min_fs (NULL for an "
            "existing mask).",
            "mask:PREDICTED_MASK": "0 stable, 1 failed, NoData 255. Written if no mask is chosen.",
            "mask:FACTOR_OF_SAFETY": "0 to 10; cells below 1 fail. Written if no mask is chosen.",
            "depth:ESTIMATED_SOIL_DEPTH": "The estimated soil depth in metres. Written if neither mask nor depth is "
            "given.",
        },
    )
    model.input(
        QgsProcessingParameterRasterLayer("FAILURE_MASK", "Existing failure mask", optional=True),
        "0 stable, 1 failed, NoData elsewhere. If omitted, the mask is predicted from the DEM and the inputs below.",
    )
    model.inputs_of("slopecast:estimatesoildepth", "DEM", optional=True)
    model.inputs_of(
        "slopecast:predictfailuremask",
        "SOIL_DEPTH",
        text=f"{SOIL_DEPTH_DOC} If omitted, it is estimated by the method below, which is the least reliable way.",
    )
    model.inputs_of("slopecast:estimatesoildepth", "METHOD", default=SLOPE_AND_CURVATURE)
    model.inputs_of("slopecast:predictfailuremask", *SCENARIO, *SOLVER_KEYS)
    model.inputs_of("slopecast:maskstopolygons", "SMALLEST_AREA")
    no_mask, no_depth = _is_missing("FAILURE_MASK"), _is_missing("SOIL_DEPTH")
    model.branches("given", {"predicted": no_mask, "estimated": f"{no_mask} and {no_depth}"})
    model.step(  # a script that leaves the method out gets the algorithm's default, not the model's
        "depth", "slopecast:estimatesoildepth", "Estimate soil depth",
        {"DEM": Input("DEM"), "METHOD": Expression(f"coalesce(@METHOD, {SLOPE_AND_CURVATURE})")},
        {"SOIL_DEPTH": "ESTIMATED_SOIL_DEPTH"}, after=("given:estimated",), optional=("SOIL_DEPTH",),
    )  # fmt: skip
    values = {key: Input(key) for key in ("DEM", *SCENARIO, *SOLVER_KEYS)}
    predicted = "Predict_failure_mask_FAILURE_MASK", "Predict_failure_mask_FACTOR_OF_SAFETY"
    model.step(  # a step that is left out by its branch counts as done for those that come after it
        "mask", "slopecast:predictfailuremask", "Predict failure mask",
        {**values, "SOIL_DEPTH": Expression(_first_of("SOIL_DEPTH", "Estimate_soil_depth_SOIL_DEPTH"))},
        {"FAILURE_MASK": "PREDICTED_MASK", "FACTOR_OF_SAFETY": "FACTOR_OF_SAFETY"}, after=("given:predicted", "depth"),
        optional=("FAILURE_MASK", "FACTOR_OF_SAFETY"),
    )  # fmt: skip
    model.step(
        "polygons", "slopecast:maskstopolygons", "Failed areas to polygons",
        {"MAP": Expression(_first_of("FAILURE_MASK", predicted[0])), "KIND": MASK,
         "VALUES": Expression(_first_of(predicted[1], predicted[1])), "SMALLEST_AREA": Input("SMALLEST_AREA")},
        after=("mask",),
    )  # fmt: skip
    model.step(
        "areas", "native:refactorfields", "Name the fields",
        {"INPUT": Output(("polygons", "POLYGONS")), "FIELDS_MAPPING": [
            _field("cells", WHOLE, '"cells"'), _field("area_m2", REAL, '"area_m2"'),
            _field("mean_fs", REAL, f'if({no_mask}, "mean", NULL)'),
            _field("min_fs", REAL, f'if({no_mask}, "minimum", NULL)'),
        ]}, {"OUTPUT": "FAILED_AREAS"},
    )  # fmt: skip
    model.write("failed_areas")


def return_periods() -> None:
    """IDF to rain to masks of four return periods, as one styled map."""
    years = ", ".join(map(str, RETURN_PERIODS_YR))
    model = Model(
        "Failure by return period",
        f"Computes the rainfall of return periods of {years} years from the intensity-duration-frequency curve, "
        "predicts a mask for each, and maps for each cell the most frequent of these storms in which it fails. The "
        "default coefficients are for Seoul; enter those of your region. Storms that all saturate the soil give the "
        "same mask, and storms far above its conductivity nearly the same.",
        {
            "masks:OUTPUT_FOLDER": "The four masks, named after the return period, are written here.",
            "masks:FIRST_FAILURE": "1 to 4: the most frequent storm in which a cell fails; 0 where it fails in none. "
            "The legend shows the return periods.",
            "masks:SUMMARY": "Rain, failed cells, their share and reliability by return period.",
            "masks:REPORT": "One page with map, table and provenance.",
        },
    )
    model.inputs_of("slopecast:predictfailuremask", "DEM", "SOIL_DEPTH")
    model.inputs_of("slopecast:predictfailuremask", *(key for key in SCENARIO if key != "RAINFALL"), *SOLVER_KEYS)
    rain = QgsApplication.processingRegistry().algorithmById("slopecast:designrainfall")
    coefficients = [p.name() for p in rain.parameterDefinitions() if p.name() not in ("RETURN_PERIOD", "DURATION")]
    model.inputs_of("slopecast:designrainfall", *coefficients)
    rains = []
    for period in RETURN_PERIODS_YR:
        rains.append(f"rain{period}")
        model.step(
            rains[-1], "slopecast:designrainfall", f"Rain {period} years",
            {"RETURN_PERIOD": period, **{key: Input(key) for key in ("DURATION", *coefficients)}},
        )  # fmt: skip
    model.step("extent", "native:extenttolayer", "A feature to begin with", {"INPUT": Input("DEM")})
    model.step(
        "rows", "native:arraytranslatedfeatures", "A row for each return period",
        {"INPUT": Output(("extent", "OUTPUT")), "COUNT": len(RETURN_PERIODS_YR) - 1, "DELTA_X": 0, "DELTA_Y": 0,
         "DELTA_Z": 0, "DELTA_M": 0},
    )  # fmt: skip
    amounts = ", ".join(f"@Rain_{period}_years_RAINFALL" for period in RETURN_PERIODS_YR)
    names = ", ".join(f"'{period} years'" for period in RETURN_PERIODS_YR)
    model.step(
        "table", "native:refactorfields", "Table of storms",
        {"INPUT": Output(("rows", "OUTPUT")), "FIELDS_MAPPING": [
            _field("name", TEXT, f'array_get(array({names}), "instance")'),
            _field("rainfall", REAL, f'array_get(array({amounts}), "instance")'),
        ]}, after=tuple(rains),
    )  # fmt: skip
    values = {key: Input(key) for key in ("DEM", "SOIL_DEPTH", *SCENARIO, *SOLVER_KEYS) if key != "RAINFALL"}
    model.step(
        "masks", "slopecast:predictfromtable", "Predict failure masks",
        {**values, "TABLE": Output(("table", "OUTPUT")), "LOAD_MASKS": True},
        {"OUTPUT_FOLDER": "OUTPUT_FOLDER", "FIRST_FAILURE": "FIRST_FAILURE", "SUMMARY": "SUMMARY", "REPORT": "REPORT"},
        optional=("FIRST_FAILURE", "SUMMARY", "REPORT"),
    )  # fmt: skip
    model.write("return_periods")


def exposure() -> None:
    """Mask to counts at roads, buildings or basins."""
    model = Model(
        "Failed cells at roads, buildings or basins",
        "Counts the failed cells of a mask within each polygon of a layer, or near each line or point. The output "
        "layer keeps geometries and attributes; its coordinate system may differ from that of the mask. The counts "
        "show where cells fail, not what a landslide would reach.",
        {
            "joined:EXPOSURE": "The features with valid_cells, failed_cells, failed_share (0 to 1), failed_area_m2 "
            "and valid_share (0 to 1: the part of the feature's cells that is valid in the mask). Share and area are "
            "NULL where no cell is valid.",
        },
    )
    inputs = ("FAILURE_MASK", "FEATURES", "DISTANCE")
    model.inputs_of("slopecast:countfailedcells", *inputs)
    model.step(
        "joined", "slopecast:countfailedcells", "Count failed cells", {key: Input(key) for key in inputs},
        {"EXPOSURE": "EXPOSURE"},
    )  # fmt: skip
    model.write("exposure")


def _field(name: str, kind: int, expression: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "length": 0, "precision": 0, "expression": expression}


def main() -> None:
    """Write all three."""
    application = QgsApplication([], False)
    application.initQgis()
    sys.path.append(str(Path(QgsApplication.pkgDataPath()) / "python" / "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    from slopecast.plugin.provider import SlopecastProvider

    provider = SlopecastProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    FOLDER.mkdir(exist_ok=True)
    for build in (failed_areas, return_periods, exposure):
        build()
    sys.stdout.flush()
    os._exit(0)  # QGIS crashes when Python takes it down
