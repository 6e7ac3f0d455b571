"""Parameters: made from the table of variables, as in the contract, with every digit of a small number kept."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from cases import ENGINE, NETWORK, OUT, filled
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsProperty,
    QgsRasterLayer,
    QgsVectorLayer,
)
from rasters import read_raster
from slopecast.plugin.variables import ENGINE_VARIABLES, VARIABLES

SCENARIO_KEYS = {"DEM", "SOIL_DEPTH"} | {v.key for v in VARIABLES} | {v.layer_key for v in VARIABLES if v.layer}
NUMBERS = {"FAILED_CELLS", "VALID_CELLS", "FAILED_SHARE", "STABLE_CELLS", "FAILED_IN_EVENT_CELLS",
           "FAILED_BEFORE_CELLS", "STABLE_AGAIN_CELLS"}  # fmt: skip
#: id: (keys in, keys out) of the contract
CONTRACT = {
    "predictfailuremask": (
        SCENARIO_KEYS | {"SOLVER", "CHECK_WITH_ENGINE", "MODEL", "DEVICE"},
        {"FAILURE_MASK", "FAILURE_CLASS", "FACTOR_OF_SAFETY", "WATER_TABLE", "MODEL_CONFIDENCE", "RELIABILITY",
         "SOLVER_USED", "ENGINE_IOU", "ENGINE_DIFFERENT_CELLS", "ENGINE_AGREEMENT"} | NUMBERS,
    ),
    "simulatefactorofsafety": (
        SCENARIO_KEYS
        | {"SCHEME", "LATERAL_FLOW", "EDGES", "FRONT_PRESSURE", "EVALUATE", "HYETOGRAPH", "INITIAL_WATER_TABLE",
           "ANTECEDENT_RECHARGE", "FRONT_MOISTURE", "ROOTS", "EFFECTIVE_POROSITY", "PORE_SIZE_INDEX",
           "INITIAL_SUCTION", "SERIES_HOURS"},
        {"FACTOR_OF_SAFETY", "FAILURE_MASK", "FAILURE_CLASS", "INITIAL_FACTOR_OF_SAFETY", "WATER_TABLE",
         "WETTING_FRONT", "FAILURE_TIME", "FAILURE_MODE", "STABILITY_CLASS", "CRITICAL_RAINFALL", "FAILURE_DEPTH",
         "RUNOFF", "FACTOR_OF_SAFETY_SERIES", "EDGE_INFLUENCE", "MASS_BALANCE_ERROR", "STEPS", "SECONDS"} | NUMBERS,
    ),
    "estimatesoildepth": ({"DEM", "METHOD", "DEPTH_MIN", "DEPTH_MAX"}, {"SOIL_DEPTH"}),
    "comparemasks": (
        {"PREDICTED", "REFERENCE"},
        {"AGREEMENT", "TP", "FP", "FN", "TN", "IOU", "DICE", "ACCURACY", "PRECISION", "RECALL",
         "MEAN_IOU", "POOLED_IOU"},
    ),
    "exampledata": ({"SEED", "SIZE", "CELL_SIZE", "OUTPUT_FOLDER"}, {"DEM", "SOIL_DEPTH", "TABLE", "LANDSLIDES"}),
    "failureprobability": (
        SCENARIO_KEYS | {"METHOD", "DRAWS", "SEED", "SOIL_DEPTH_SD", "COHESION_FRICTION_CORRELATION", "MODEL", "DEVICE",
                         "LATERAL_FLOW", "EDGES", "FRONT_PRESSURE", "EVALUATE"}
        | {f"{v.key}_{what}" for v in VARIABLES for what in ("SD", "DISTRIBUTION")},
        {"FAILURE_PROBABILITY", "MEAN_FACTOR_OF_SAFETY", "VALID_CELLS", "EXPECTED_FAILED_CELLS", "SOLVER_USED"},
    ),
    "parametersfromzones": (
        {"ZONES", "DEM", "SOIL_DEPTH_FIELD"}
        | {f"{v.key}{sd}_FIELD" for v in VARIABLES if v.layer for sd in ("", "_SD")},
        {f"{v.key}{sd}" for v in VARIABLES if v.layer for sd in ("", "_SD")} | {"SOIL_DEPTH"},
    ),
    "validateinventory": (
        {"MAP", "KIND", "LANDSLIDES", "STABLE", "STABLE_DISTANCE", "MASK_LAYER", "DEM"},
        {"REPORT", "AUC", "AUC_LOW", "AUC_HIGH", "HIT_RATE", "FALSE_ALARM_RATE", "SLOPE_DIFFERENCE", "BEST_THRESHOLD",
         "BEST_HIT_RATE", "BEST_FALSE_ALARM_RATE", "SHIFT_EAST", "SHIFT_NORTH", "DEPTH_MODELS"},
    ),
    "calibratetoinventory": (
        {"DEM", "LANDSLIDES", "STABLE", "MASK_LAYER", "SOIL_DEPTH", "SETS", "FOLDS", "SEED", "USE_ELEVATION"}
        | {v.key for v in VARIABLES}
        | {f"{v.key}_{end}" for v in VARIABLES if v.trained and v.layer for end in ("MIN", "MAX")},
        {"SUSCEPTIBILITY", "FACTOR_OF_SAFETY", "FAILURE_MASK", "SCENARIOS", "REPORT", "AUC", "AUC_LOW", "AUC_HIGH",
         "AUC_SLOPE", "AUC_DEFAULT", "AUC_CALIBRATED", "HIT_RATE", "FALSE_ALARM_RATE", "STRENGTH_FACTOR"},
    ),
    "countfailedcells": (
        {"FAILURE_MASK", "FEATURES", "DISTANCE", "KIND", "THRESHOLD", "HAZARD_LIMITS"},
        {"EXPOSURE", "FEATURES_WITH_FAILED_CELLS", "FEATURES_WITHOUT_VALID_CELLS"},
    ),
    "maskstopolygons": (
        {"MAP", "KIND", "THRESHOLD", "VALUES", "SMALLEST_AREA", "LARGEST_HOLE", "SMOOTHING"},
        {"POLYGONS", "AREAS", "CELLS"},
    ),
    "checkenvironment": (set(), {"REPORT"}),
    "designrainfall": ({"RETURN_PERIOD", "DURATION"}, {"RAINFALL", "RAINFALL_DEPTH"}),
}  # fmt: skip
SMALL = (1.3e-6, 4.4e-6)


def algorithm_of(name):
    """Return a fresh instance of an algorithm."""
    return QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{name}")


@pytest.mark.parametrize("name", CONTRACT)
def test_keys_of_the_contract(name):
    """Ids and keys that models and scripts use are there."""
    algorithm = algorithm_of(name)
    keys_in, keys_out = CONTRACT[name]
    assert keys_in <= {p.name() for p in algorithm.parameterDefinitions()}
    assert keys_out <= {o.name() for o in algorithm.outputDefinitions()}
    assert algorithm.groupId() == algorithm.groupId().lower()
    assert algorithm.displayName() != algorithm.name()
    assert not algorithm.flags() & algorithm.Flag.FlagNoThreading


@pytest.mark.parametrize("name", CONTRACT)
def test_every_parameter_has_help(name):
    """Each parameter explains itself, and the algorithm's help holds all."""
    algorithm = algorithm_of(name)
    text = algorithm.shortHelpString()
    for parameter in algorithm.parameterDefinitions():
        assert parameter.help(), parameter.name()
        assert parameter.description() in text
        assert parameter.help().split("'")[0].split("&")[0] in text


@pytest.mark.parametrize(
    ("name", "key", "decimals"),
    [("failureprobability", "SOIL_DEPTH_SD", 3), ("designrainfall", "DURATION", 6), ("trainmodel", "LEARNING_RATE", 8)],
)
def test_dialogs_show_the_digits_that_a_number_needs(name, key, decimals):
    """QGIS shows six: 0.000000; a minute in hours and a learning rate need more than three."""
    algorithm = algorithm_of(name)
    assert algorithm.parameterDefinition(key).metadata()["widget_wrapper"]["decimals"] == decimals


@pytest.mark.parametrize("name", ["predictfailuremask", "simulatefactorofsafety", "failureprobability"])
def test_parameters_are_those_of_the_table(name):
    """Default, range, unit, digits and place in the dialog come from the table."""
    algorithm = algorithm_of(name)
    advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    for variable in VARIABLES:
        parameter = algorithm.parameterDefinition(variable.key)
        assert parameter.defaultValue() == variable.default
        assert variable.allowed.removesuffix(" -") in parameter.help()
        assert (f"[{variable.unit}]" in parameter.description()) == (variable.unit != "-")
        assert bool(parameter.flags() & advanced) == variable.advanced
        assert parameter.metadata()["widget_wrapper"]["decimals"] == variable.decimals
        if variable.layer:
            layer = algorithm.parameterDefinition(variable.layer_key)
            assert layer.flags() & advanced
            assert layer.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional
    assert algorithm.parameterDefinition(f"{VARIABLES[4].key}_LAYER") is None  # the duration is one number


def test_the_engines_own_numbers_are_those_of_the_table():
    """Default, range and unit come from the table of the optional processes."""
    algorithm = algorithm_of("simulatefactorofsafety")
    for variable in ENGINE_VARIABLES:
        parameter = algorithm.parameterDefinition(variable.key)
        assert parameter.defaultValue() == variable.default
        assert variable.allowed.removesuffix(" -") in parameter.help()
        assert (f"[{variable.unit}]" in parameter.description()) == (variable.unit != "-")
        assert parameter.flags() & QgsProcessingParameterDefinition.Flag.FlagAdvanced


@pytest.mark.parametrize(
    ("key", "typed", "number"),
    [
        ("CONDUCTIVITY", "1.3e-6", 1.3e-6),  # six decimals, the widget's default, would make it 1e-6
        ("CONDUCTIVITY", "0.0000044", 4.4e-6),
        ("CONDUCTIVITY", "0.26", 0.26),  # m/day: kept as it is, and refused
        ("FRICTION_ANGLE", "60", 60.0),
    ],
)
def test_the_dialog_keeps_what_is_typed(key, typed, number):
    """Processing's number widget neither rounds nor clamps; what is out of range is refused with the reason."""
    from qgis.gui import QgsGui, QgsProcessingGui
    from qgis.PyQt.QtTest import QTest
    from qgis.PyQt.QtWidgets import QLineEdit

    algorithm = algorithm_of("simulatefactorofsafety")  # owns the parameter
    parameter = algorithm.parameterDefinition(key)
    registry = QgsGui.processingGuiRegistry()
    wrapper = registry.createParameterWidgetWrapper(parameter, QgsProcessingGui.WidgetType.Standard)
    context = QgsProcessingContext()
    widget = wrapper.createWrappedWidget(context)
    line = widget.findChild(QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, typed)
    assert wrapper.parameterValue() == pytest.approx(number, rel=1e-12)
    good, reason = algorithm.checkParameterValues({"DEM": "", key: wrapper.parameterValue()}, context)
    assert not good
    assert ("is out of range" in reason) == (number > 0.01)


@pytest.mark.parametrize("conductivity", SMALL)
@pytest.mark.parametrize("kind", [float, str])
def test_a_small_number_survives_the_run(conductivity, kind, files, tmp_path):
    """From the parameter to the provenance, as a number and as text."""
    import processing

    given = filled({**NETWORK, "CONDUCTIVITY": kind(conductivity)}, files, tmp_path)
    path = processing.run("slopecast:predictfailuremask", given)["FAILURE_MASK"]
    entry = read_raster(path)[2]["SLOPECAST_CONDUCTIVITY"]
    assert float(entry.split()[0]) == conductivity
    assert entry.endswith(" m/s")


def test_provenance_is_whole(files, tmp_path):
    """Version, algorithm, model, every parameter with its unit, device, layers, reliability and warnings."""
    import processing

    given = filled({**NETWORK, "COHESION_LAYER": "{unnamed}", "SOIL_DEPTH": None}, files, tmp_path)
    metadata = read_raster(processing.run("slopecast:predictfailuremask", given)["FAILURE_MASK"])[2]
    assert metadata["SLOPECAST_ALGORITHM"] == "slopecast:predictfailuremask"
    assert metadata["SLOPECAST_MODEL"] == "tiny-untrained"
    assert "cpu" in metadata["SLOPECAST_DEVICE"]
    assert date.fromisoformat(metadata["SLOPECAST_DATE"])  # the day alone: equal runs write equal files
    for variable in VARIABLES:
        assert f" {variable.unit}" in metadata[f"SLOPECAST_{variable.key}"]
    assert metadata["SLOPECAST_COHESION"].startswith("raster ")
    assert "unnamed.tif" in metadata["SLOPECAST_COHESION"]
    assert metadata["SLOPECAST_DEM"] == "elevation.tif"
    assert "estimated" in metadata["SLOPECAST_WARNINGS"]
    assert "estimated" in metadata["SLOPECAST_SOIL_DEPTH"]
    assert metadata["SLOPECAST_RELIABILITY"].split(":")[0] in ("trusted", "caution", "outside")
    home = str(Path(files["dem"]).parent)
    assert not any(home in text for text in metadata.values())


MISSPELT = {
    "COHESON": "COHESION", "cohesion": "COHESION", "RAIN": "RAINFALL", "Phi": "FRICTION_ANGLE",
    "FAILURE_MASKS": "FAILURE_MASK", "factor_of_safety": "FACTOR_OF_SAFETY",
    "LATERAL_FLOWS": "LATERAL_FLOW", "SOIL_DEPHT": "SOIL_DEPTH", "DEPTH_SOIL": "SOIL_DEPTH",
    "FRICTION_ANG": "FRICTION_ANGLE",
}  # fmt: skip


@pytest.mark.parametrize("key", MISSPELT)
def test_misspelt_keys_are_refused(key, files, tmp_path):
    """Processing passes them over: the default would take the place of the value."""
    import processing

    given = {name: value for name, value in {**ENGINE, "FACTOR_OF_SAFETY": OUT}.items() if name != MISSPELT[key]}
    given = filled({**given, key: 20}, files, tmp_path)
    with pytest.raises(QgsProcessingException, match=f"{key}: is not a parameter.*Did you mean {MISSPELT[key]}"):
        processing.run("slopecast:simulatefactorofsafety", given)
    assert not list(tmp_path.iterdir())


def test_misspelt_keys_of_a_model_are_refused(files, tmp_path):
    import processing

    given = {"FAILURE_MASK": files["zero_or_one"], "FEATURES": files["zones"], "EXPOSURE": str(tmp_path / "e.gpkg")}
    with pytest.raises(QgsProcessingException, match=r"DISTANC: is not a parameter.*DISTANCE"):
        processing.run("slopecast:model_exposure", {**given, "DISTANC": 50})


def test_defaults_in_place_of_none_are_reported(files, tmp_path, feedback):
    """Processing takes the default for None, and null of JSON: a table without a cohesion would give that of 8 kPa."""
    import processing

    given = filled({**ENGINE, "COHESION": None, "LATERAL_FLOW": None, "FACTOR_OF_SAFETY": OUT}, files, tmp_path)
    optional = {"HYETOGRAPH": None, "COHESION_LAYER": None, "OTHER": None}
    processing.run("slopecast:simulatefactorofsafety", {**given, **optional}, feedback=feedback)
    (line,) = (line for line in feedback.lines if "defaults are used" in line)
    assert line.endswith("so that the defaults are used: COHESION 8.0, LATERAL_FLOW True.")


def test_other_unknown_keys_are_reported(files, tmp_path, feedback):
    import processing

    more = {"FRICTION_ANGLE_SD": 3, "SOIL_DEPTH_SD": 0.3, "CONDUCTIVITY_MIN": 1, "OTHER": 1}  # of other tools, of none
    given = filled({**ENGINE, "FACTOR_OF_SAFETY": OUT, **more}, files, tmp_path)
    processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
    assert any(f"no such parameters: {', '.join(sorted(more))}." in text for text in feedback.warnings)


@pytest.mark.parametrize(
    ("given", "flow"),
    [(True, True), (False, False), ("true", True), ("False", False), ("0", False), ("1", True), ("yes", True),
     ("no", None), ("off", None), ("nein", None), (" false", None), ("2", None),
     (QgsProperty.fromExpression("1 > 2"), False), (QgsProperty.fromExpression("'no'"), None),
     (QgsProperty.fromValue("off"), None), (QgsProperty.fromValue("False"), False)],
    ids=str,
)  # fmt: skip
def test_switches_are_read_as_they_are_meant(given, flow, files, tmp_path):
    """Processing takes every text but false and 0 for true."""
    import processing

    parameters = filled({**ENGINE, "LATERAL_FLOW": given, "FACTOR_OF_SAFETY": OUT}, files, tmp_path)
    if flow is None:
        with pytest.raises(QgsProcessingException, match=r"\(LATERAL_FLOW\): '.*' is unknown. Allowed: true or false"):
            processing.run("slopecast:simulatefactorofsafety", parameters)
        return
    done = processing.run("slopecast:simulatefactorofsafety", parameters)
    assert (done["STEPS"] > 0) == flow


@pytest.mark.parametrize(
    ("given", "scheme"),
    [(QgsProperty.fromExpression("'fast'"), "fast"), (QgsProperty.fromValue("fast"), "fast"), (1.0, "fast"),
     (QgsProperty.fromExpression("1"), "fast"), (QgsProperty.fromExpression("0"), "exact"),
     (QgsProperty.fromExpression("'quick'"), None), (QgsProperty.fromExpression("1 / 0"), None)],
    ids=str,
)  # fmt: skip
def test_choices_of_expressions(given, scheme, files, tmp_path):
    """Processing would take the default for a name, and for an expression without a result."""
    import processing

    parameters = filled({**ENGINE, "SCHEME": given, "FACTOR_OF_SAFETY": OUT}, files, tmp_path)
    if scheme is None:
        with pytest.raises(QgsProcessingException, match=r"\(SCHEME\): ('quick' is unknown|.*'1 / 0' has no result)"):
            processing.run("slopecast:simulatefactorofsafety", parameters)
        return
    path = processing.run("slopecast:simulatefactorofsafety", parameters)["FACTOR_OF_SAFETY"]
    assert read_raster(path)[2]["SLOPECAST_SCHEME"].startswith(scheme)


def test_paths_of_python_are_read_and_written(files, tmp_path):
    """Processing would not load them, and skip the outputs."""
    import processing

    given = {**filled(ENGINE, files, tmp_path), "HYETOGRAPH": Path(files["storm"]), "REPORT": tmp_path / "r.html"}
    given |= {key: Path(given[key]) for key in ("DEM", "SOIL_DEPTH")}
    done = processing.run("slopecast:simulatefactorofsafety", {**given, "FACTOR_OF_SAFETY": tmp_path / "fs.tif"})
    assert read_raster(done["FACTOR_OF_SAFETY"])[2]["SLOPECAST_HYETOGRAPH"]
    assert {path.name for path in tmp_path.iterdir()} == {"fs.tif", "fs.qml", "r.html"}


def test_a_layer_named_by_an_expression_keeps_its_options(files, tmp_path):
    """Such as that only selected features count."""
    import processing

    zones = QgsVectorLayer(files["zones"], "zones")
    QgsProject.instance().addMapLayer(zones)
    zones.selectByIds([next(zones.getFeatures()).id()])
    expression = QgsProperty.fromExpression(f"'{zones.id()}'")
    given = {"FAILURE_MASK": files["zero_or_one"], "EXPOSURE": str(tmp_path / "e.gpkg")}
    source = QgsProcessingFeatureSourceDefinition(expression, True)
    done = processing.run("slopecast:countfailedcells", {**given, "FEATURES": source})
    assert QgsVectorLayer(done["EXPOSURE"], "e").featureCount() == 1 < zones.featureCount()


@pytest.mark.parametrize(
    ("key", "kind", "names"),
    [("SOIL_DEPTH", QgsRasterLayer, ("depth", "unnamed")), ("HYETOGRAPH", QgsVectorLayer, ("storm", "storm_unsorted"))],
)  # fmt: skip
def test_a_name_of_several_layers_is_refused(key, kind, names, files, tmp_path):
    """QGIS would take one of them."""
    import processing

    layers = [kind(files[name], "the layer") for name in (names[0], *names)]
    QgsProject.instance().addMapLayers(layers[:2])  # of one file: it does not matter which
    given = {**filled(ENGINE, files, tmp_path), key: "the layer", "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}
    processing.run("slopecast:simulatefactorofsafety", given)
    QgsProject.instance().addMapLayer(layers[2])
    with pytest.raises(QgsProcessingException, match=rf"{key}\): 3 layers of the project are named 'the layer'"):
        processing.run("slopecast:simulatefactorofsafety", given)
    processing.run("slopecast:simulatefactorofsafety", {**given, key: layers[0].id()})


@pytest.mark.parametrize("form", [QgsProperty.fromExpression, QgsProcessingOutputLayerDefinition])
def test_an_output_named_by_an_expression_is_no_input(form, files, tmp_path):
    import processing

    depth = shutil.copy(files["depth"], tmp_path / "depth.tif")
    before, expression = Path(depth).read_bytes(), QgsProperty.fromExpression(f"'{tmp_path}' || '/depth.tif'")
    output = expression if form is QgsProperty.fromExpression else QgsProcessingOutputLayerDefinition()
    if output is not expression:
        output.sink = expression
    parameters = {**filled(ENGINE, files, tmp_path), "SOIL_DEPTH": depth, "FACTOR_OF_SAFETY": output}
    with pytest.raises(QgsProcessingException, match=r"FACTOR_OF_SAFETY.*depth.tif' is an input of this run"):
        processing.run("slopecast:simulatefactorofsafety", parameters)
    assert Path(depth).read_bytes() == before


@pytest.mark.parametrize(
    ("given", "right"),
    [
        (QgsProperty.fromExpression("4 * 2 + 0.5"), 8.5), (QgsProperty.fromExpression("'8.5'"), 8.5),
        (QgsProperty.fromField("c"), "'\"c\"' has no result"),
        (QgsProperty.fromExpression("1 / 0"), "'1 / 0' has no result"), (QgsProperty.fromExpression("@a"), "no result"),
        (QgsProperty.fromExpression("'much'"), "'much' is not a number"), (QgsProperty.fromValue(8.5), 8.5),
        (np.float64(8.5), 8.5), (np.float32(8.5), 8.5), (np.int64(9), 9.0), (np.array(8.5), 8.5),
        (np.float64("nan"), "not a number"), (np.array([8.5, 9.0]), "not a number"),
    ],
    ids=str,
)  # fmt: skip
def test_numbers_of_expressions_and_numpy(given, right):
    """Processing would take the default for an expression without a result, and does not know numpy's numbers."""
    import processing

    numbers = {"RETURN_PERIOD": given, "DURATION": np.float64(6.0)}
    if isinstance(right, str):
        with pytest.raises(QgsProcessingException, match=rf"RETURN_PERIOD.*{right}"):
            processing.run("slopecast:designrainfall", numbers)
        return
    plain = {"RETURN_PERIOD": right, "DURATION": 6.0}
    assert processing.run("slopecast:designrainfall", numbers) == processing.run("slopecast:designrainfall", plain)
