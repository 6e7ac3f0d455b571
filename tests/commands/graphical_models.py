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
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
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
    QgsProcessingParameterNumber,
)
from qgis.PyQt.QtCore import QPointF

FOLDER = checkout.ROOT / "plugin" / "graphical_models"
RETURN_PERIODS_YR = (10, 50, 100, 200)
SCENARIO = (
    "COHESION", "FRICTION_ANGLE", "CONDUCTIVITY", "RAINFALL", "DURATION", "WATER_TABLE_RATIO", "MOISTURE_DEFICIT",
    "SUCTION_HEAD", "LATERAL_ANISOTROPY", "ROOT_COHESION", "ROOT_DEPTH", "SURCHARGE", "UNIT_WEIGHT_MOIST",
    "UNIT_WEIGHT_SATURATED",
)  # fmt: skip
NETWORK = ("MODEL", "DEVICE")
SOURCE = QgsProcessingModelChildParameterSource
#: Enumerations of the native algorithms, by their numbers.
BOTH_ENDS, BYTE = 2, 0
MEAN, MINIMUM = 2, 5
TEXT, REAL, WHOLE = 10, 6, 4  # types of a field
MILLIMETRE = 0.001
#: QGIS weighs the cells of a zone that holds one centre only, and takes neighbours that share an edge for its least.
LEAST_FS = 'if("failed_cells" = 1, "fs_mean", "fs_min")'


class Input(str):
    """Value of a step's parameter: a parameter of the model."""


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

    def inputs_of(self, algorithm: str, *names: str) -> None:
        """Add copies of an algorithm's parameters."""
        known = QgsApplication.processingRegistry().algorithmById(algorithm)
        for name in names:
            self.input(known.parameterDefinition(name).clone())

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
        """Add an algorithm; ``outputs`` become the model's, under the titles given."""
        child = QgsProcessingModelChildAlgorithm(algorithm)
        child.setChildId(name)
        child.setDescription(description)
        for key, value in {**_defaults(algorithm), **values}.items():
            child.addParameterSources(key, [_source(value)])
        child.setDependencies([QgsProcessingModelChildDependency(step) for step in after])
        position = QPointF(480 + 260 * (self._steps % 2), 60 + 110 * self._steps)
        child.setPosition(position)
        self._steps += 1
        made = {}
        for place, (key, title) in enumerate((outputs or {}).items()):
            output = QgsProcessingModelOutput(title)
            output.setDescription(title)
            output.setChildOutputName(key)
            output.setChildId(name)
            output.setMandatory(key not in optional)
            output.setPosition(position + QPointF(260, 40 * place))
            made[title] = output
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


def _source(value: Any) -> QgsProcessingModelChildParameterSource:
    if isinstance(value, Input):
        return SOURCE.fromModelParameter(str(value))
    if isinstance(value, Output):
        return SOURCE.fromChildOutput(*value)
    return SOURCE.fromStaticValue(value)


def failed_areas() -> None:
    """DEM to soil depth to mask to polygons of failed areas."""
    model = Model(
        "Failed areas from a DEM",
        "Estimates the soil depth from the elevation, predicts the failure mask and makes a polygon of each connected "
        "group of failed cells, with its area and its mean and least factor of safety. The estimated depth decides "
        "most: replace its step by a measured layer where there is one.",
        {
            "areas:FAILED_AREAS": "Polygons of connected failed cells: cells, area_m2, mean_fs, min_fs.",
            "mask:FAILURE_MASK": "0 stable, 1 failed, NoData 255.",
            "mask:FACTOR_OF_SAFETY": "0 to 10; below 1 fails.",
            "depth:SOIL_DEPTH": "The estimated soil depth in metres.",
        },
    )
    model.inputs_of("slopecast:estimatesoildepth", "DEM", "METHOD")
    model.inputs_of("slopecast:predictfailuremask", *SCENARIO, *NETWORK)
    model.input(
        QgsProcessingParameterNumber(
            "SMALLEST_AREA", "Smallest area [m2]", QgsProcessingParameterNumber.Type.Double, 0.0, minValue=0.0
        ),
        "Failed areas below it are left out; 0 keeps all.",
    )
    model.step(
        "depth", "slopecast:estimatesoildepth", "Estimate soil depth",
        {"DEM": Input("DEM"), "METHOD": Input("METHOD")}, {"SOIL_DEPTH": "SOIL_DEPTH"},
    )  # fmt: skip
    values = {key: Input(key) for key in ("DEM", *SCENARIO, *NETWORK)}
    model.step(
        "mask", "slopecast:predictfailuremask", "Predict failure mask",
        {**values, "SOIL_DEPTH": Output(("depth", "SOIL_DEPTH"))},
        {"FAILURE_MASK": "FAILURE_MASK", "FACTOR_OF_SAFETY": "FACTOR_OF_SAFETY"},
    )  # fmt: skip
    model.step(
        "failed", "native:reclassifybytable", "Keep failed cells",
        {"INPUT_RASTER": Output(("mask", "FAILURE_MASK")), "RASTER_BAND": 1, "TABLE": ["1", "1", "1"],
         "RANGE_BOUNDARIES": BOTH_ENDS, "NO_DATA": 0, "NODATA_FOR_MISSING": True, "DATA_TYPE": BYTE},
    )  # fmt: skip
    model.step(
        "cells", "native:pixelstopolygons", "Cells to squares",
        {"INPUT_RASTER": Output(("failed", "OUTPUT")), "RASTER_BAND": 1, "FIELD_NAME": "failed"},
    )  # fmt: skip
    model.step(  # sides of neighbours differ by rounding: without this, slivers stay between them
        "snapped", "native:snappointstogrid", "Close rounding gaps",
        {"INPUT": Output(("cells", "OUTPUT")), "HSPACING": MILLIMETRE, "VSPACING": MILLIMETRE},
    )  # fmt: skip
    model.step(  # by the field, which all share: without one, QGIS 3.22 fails where there is nothing to merge
        "merged", "native:dissolve", "Merge squares", {"INPUT": Output(("snapped", "OUTPUT")), "FIELD": ["failed"]}
    )
    model.step(
        "parts", "native:multiparttosingleparts", "One polygon for each area", {"INPUT": Output(("merged", "OUTPUT"))}
    )
    model.step(
        "counted", "slopecast:countfailedcells", "Cells of each area",
        {"FAILURE_MASK": Output(("mask", "FAILURE_MASK")), "FEATURES": Output(("parts", "OUTPUT"))},
    )  # fmt: skip
    model.step(  # an area of just that size must not fall to rounding
        "large", "native:extractbyexpression", "Leave small areas out",
        {"INPUT": Output(("counted", "EXPOSURE")),
         "EXPRESSION": _number_or_default('"failed_area_m2" >= {} * (1 - 1e-9)', "SMALLEST_AREA", 0)},
    )  # fmt: skip
    model.step(
        "statistics", "native:zonalstatisticsfb", "Factor of safety of each area",
        {"INPUT": Output(("large", "OUTPUT")), "INPUT_RASTER": Output(("mask", "FACTOR_OF_SAFETY")), "RASTER_BAND": 1,
         "COLUMN_PREFIX": "fs_", "STATISTICS": [MEAN, MINIMUM]},
    )  # fmt: skip
    model.step(
        "areas", "native:refactorfields", "Name the fields",
        {"INPUT": Output(("statistics", "OUTPUT")), "FIELDS_MAPPING": [
            _field("cells", WHOLE, '"failed_cells"'), _field("area_m2", REAL, '"failed_area_m2"'),
            _field("mean_fs", REAL, '"fs_mean"'), _field("min_fs", REAL, LEAST_FS),
        ]}, {"OUTPUT": "FAILED_AREAS"},
    )  # fmt: skip
    model.write("failed_areas")


def return_periods() -> None:
    """IDF to rain to masks of four return periods, as one styled map."""
    years = ", ".join(map(str, RETURN_PERIODS_YR))
    model = Model(
        "Failure by return period",
        f"Takes the rain of {years} years from the intensity-duration-frequency curve, predicts the mask of each, and "
        "makes one map that tells for each cell the most frequent of these storms that makes it fail. The curve's "
        "coefficients are Seoul's; give those of your place. Storms that all saturate the soil, or all exceed its "
        "conductivity, give the same mask.",
        {
            "masks:OUTPUT_FOLDER": "Gets the four masks, named after the return period.",
            "masks:FIRST_FAILURE": "1 to 4: the first of the storms, the most frequent one, in which a cell fails; 0 "
            "none. Its legend names the return periods.",
            "masks:SUMMARY": "Rain, failed cells, their share and reliability by return period.",
            "masks:REPORT": "One page with map, table and how it was made.",
        },
    )
    model.inputs_of("slopecast:predictfailuremask", "DEM", "SOIL_DEPTH")
    model.inputs_of("slopecast:predictfailuremask", *(key for key in SCENARIO if key != "RAINFALL"), *NETWORK)
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
    values = {key: Input(key) for key in ("DEM", "SOIL_DEPTH", *SCENARIO, *NETWORK) if key != "RAINFALL"}
    model.step(
        "masks", "slopecast:predictfromtable", "Predict failure masks",
        {**values, "TABLE": Output(("table", "OUTPUT")), "LOAD_MASKS": True},
        {"OUTPUT_FOLDER": "OUTPUT_FOLDER", "FIRST_FAILURE": "FIRST_FAILURE", "SUMMARY": "SUMMARY", "REPORT": "REPORT"},
        optional=("REPORT",),
    )  # fmt: skip
    model.write("return_periods")


def exposure() -> None:
    """Mask to counts at roads, buildings or basins."""
    model = Model(
        "Failed cells at roads, buildings or basins",
        "Counts the failed cells of a mask within each polygon of a layer, or near each of its lines or points. The "
        "layer keeps its geometries and attributes and may lie in another coordinate system. The counts show where "
        "cells fail, not what a landslide would reach.",
        {
            "joined:EXPOSURE": "The features with valid_cells, failed_cells, failed_share (0 to 1), failed_area_m2 "
            "and valid_share (0 to 1: the part of the feature's cells that the mask judges). Share and area are NULL "
            "where no cell is valid.",
        },
    )
    inputs = ("FAILURE_MASK", "FEATURES", "DISTANCE")
    model.inputs_of("slopecast:countfailedcells", *inputs)
    model.step(
        "joined", "slopecast:countfailedcells", "Count failed cells", {key: Input(key) for key in inputs},
        {"EXPOSURE": "EXPOSURE"},
    )  # fmt: skip
    model.write("exposure")


def _number_or_default(expression: str, key: str, default: float) -> str:
    """Put a number of the model into an expression, which knows no defaults: what a script leaves out is NULL there."""
    return expression.format(f"coalesce(@{key}, {default:g})")


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


if __name__ == "__main__":
    main()
