"""Maps that an inventory judges: what they hold, by name, unit and values."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsApplication, QgsProcessingException
from slopecast.plugin.algorithms.inputs import stability_maps
from vectors import write_vectors
from written_rasters import write_bands

SHAPE = (20, 24)


def judge(tmp_path, feedback, values, name="", unit="", **more):
    import processing

    path = write_bands(tmp_path / "map.tif", values.astype(np.float32), names=[name] if name else (), unit=unit)
    box = "POLYGON ((500000 4499900, 500100 4499900, 500100 4500000, 500000 4500000, 500000 4499900))"
    given = {"MAP": path, "LANDSLIDES": str(write_vectors(tmp_path / "l.gpkg", [(box, {})], epsg=32610)), **more}
    return processing.run(
        "slopecast:validateinventory", {**given, "REPORT": str(tmp_path / "r.html")}, feedback=feedback
    )


def ramp(least: float, greatest: float) -> np.ndarray:
    return np.linspace(greatest, least, SHAPE[0] * SHAPE[1]).reshape(SHAPE)


@pytest.mark.parametrize("kind", ["auto", "factor of safety"])
@pytest.mark.parametrize(
    "name",
    ["Failure time [h]", "Failure mode", "Stability class", "Runoff [mm]", "First failing scenario", "Agreement",
     "Failure class", "Failure depth [m]", "Critical rainfall [mm/h]", "Water table above bedrock [m]",
     "Cohesion [kPa]", "Influence of the map's edge"],
)  # fmt: skip
def test_other_rasters_of_slopecast_are_no_maps_to_judge(name, kind, tmp_path, feedback):
    with pytest.raises(QgsProcessingException, match=r"(?s)MAP.*which is not a map of that kind.*factor of safety"):
        judge(tmp_path, feedback, ramp(0.5, 3.0), name, KIND=kind)


def test_all_rasters_of_slopecast_are_known_as_one_or_the_other():
    """A new output has to be put into one of the two lists."""
    known = {*stability_maps._KIND_BY_BAND_NAME, *stability_maps._OTHER_BANDS}
    for algorithm in QgsApplication.processingRegistry().providerById("slopecast").algorithms():
        for definition in algorithm.parameterDefinitions():
            if definition.type() == "rasterDestination" and not algorithm.id().startswith("slopecast:model_"):
                label = (
                    definition.description()
                    .split(" [")[0]
                    .removesuffix(": standard deviation")
                    .removesuffix(" over time")
                )
                assert label in known or stability_maps._is_other_band(label), (algorithm.id(), label)


def test_a_soil_depth_of_slopecast_is_no_map_to_judge(files, tmp_path, feedback):
    import processing

    given = {"MAP": files["depth"], "LANDSLIDES": files["scars"], "REPORT": str(tmp_path / "r.html")}
    with pytest.raises(QgsProcessingException, match="which is not a map of that kind"):
        processing.run("slopecast:validateinventory", given, feedback=feedback)


@pytest.mark.parametrize(
    ("name", "unit", "kind"),
    [("Failure probability", "%", "auto"), ("", "percent", "auto"), ("probability (%)", "", "auto"),
     ("", "%", "probability")],
)  # fmt: skip
def test_probabilities_in_percent_are_converted(name, unit, kind, tmp_path, feedback):
    shares = ramp(0.02, 0.98)
    expected = judge(tmp_path, feedback, shares, "Failure probability", KIND="probability")
    found = judge(tmp_path, feedback, 100.0 * shares, name, unit, KIND=kind)
    for key in ("AUC", "HIT_RATE", "FALSE_ALARM_RATE", "LANDSLIDE_CELLS"):
        assert found[key] == pytest.approx(expected[key]), key
    assert any("converted from percent" in text for text in feedback.lines)


@pytest.mark.parametrize("name", ["Susceptibility", "Failure probability"])
@pytest.mark.parametrize("threshold", [None, 0.13])
def test_a_susceptibility_is_not_a_probability_of_failure(name, threshold, tmp_path, feedback):
    """Half of it means nothing; a threshold that was chosen may."""
    import processing

    limit = {} if threshold is None else {"PROBABILITY_THRESHOLD": threshold}
    judge(tmp_path, feedback, ramp(0.02, 0.98), name, **limit)
    given = {"FAILURE_MASK": str(tmp_path / "map.tif"), "FEATURES": str(tmp_path / "l.gpkg"), "THRESHOLD": threshold}
    processing.run("slopecast:countfailedcells", {**given, "EXPOSURE": "TEMPORARY_OUTPUT"}, feedback=feedback)
    told = [text for text in feedback.warnings if "ranks cells and is not a probability" in text]
    assert len(told) == 2 * (name == "Susceptibility" and threshold is None)


def test_a_map_in_whole_percent_fails_from_the_threshold_on(tmp_path, feedback):
    """30 % are 0.3: in half of the whole numbers 0.01 times the percentage is less than the share."""
    percent = np.resize(np.arange(101.0), SHAPE)
    for least in (5, 20, 30, 60):
        found = judge(tmp_path, feedback, percent, unit="%", PROBABILITY_THRESHOLD=least / 100)
        pairs = (("HIT_RATE", "LANDSLIDE_CELLS"), ("FALSE_ALARM_RATE", "STABLE_CELLS"))
        assert round(sum(found[rate] * found[cells] for rate, cells in pairs)) == (percent >= least).sum()


@pytest.mark.parametrize(
    ("values", "name", "doubt"),
    [(ramp(0.1, 45.0), "", True), (ramp(0.1, 45.0)[::-1], "", False), (ramp(0.1, 45.0), "FS", False),
     (1.0 - ramp(0.1, 0.9), "", True), (ramp(0.1, 0.9), "", False)],
    ids=["slopes", "factors", "named", "shares of stability", "probabilities"],
)  # fmt: skip
def test_an_unnamed_map_that_is_worse_than_chance_is_in_doubt(values, name, doubt, tmp_path, feedback):
    """The landslides lie in the upper rows, where a ramp is highest."""
    results = judge(tmp_path, feedback, values, name)
    assert any("Is the kind of map right" in text for text in feedback.warnings) == doubt
    assert (results["AUC"] < 0.5) == (doubt or name == "FS")


@pytest.mark.parametrize("name", ["Failure probability", ""])
def test_a_probability_of_1_may_be_rounded(name, tmp_path, feedback):
    """A mean in single precision may be 1.0000001: it is no factor of safety."""
    found = judge(tmp_path, feedback, np.minimum(ramp(0.1, 1.3), np.nextafter(np.float32(1), np.float32(2))), name)
    assert any("read as: Probability" in text for text in feedback.lines)
    assert found["AUC"] > 0.5


@pytest.mark.parametrize("name", ["Factor of safety", ""])
def test_infinite_factors_of_safety_are_no_missing_data(name, tmp_path, feedback):
    """Flat cells of other programs: without them the rates would be those of slopes alone."""
    values = np.where(np.arange(SHAPE[1]) < 5, np.inf, ramp(0.5, 3.0))
    with pytest.raises(QgsProcessingException, match=r"MAP.*contains infinite values.*factor of safety of 10"):
        judge(tmp_path, feedback, values, name)
    judge(tmp_path, feedback, np.minimum(values, 10.0), name)


@pytest.mark.parametrize(
    ("values", "doubt"),
    [(np.round(ramp(1.0, 5.0)), True), (ramp(200.0, 900.0), True), (np.maximum(ramp(-30.0, 60.0), 0.0), True),
     (ramp(0.4, 10.0), False), (ramp(0.9, 40.0), False), (np.full(SHAPE, 1.5), False)],
    ids=["classes", "heights", "slopes", "factors", "wide factors", "constant"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["auto", "factor of safety"])
def test_values_that_are_unusual_for_a_factor_of_safety_are_in_doubt(values, doubt, kind, tmp_path, feedback):
    judge(tmp_path, feedback, values, KIND=kind)
    assert any("unusual for a factor of safety" in text for text in feedback.warnings) == doubt
    feedback.warnings.clear()
    judge(tmp_path, feedback, values, "Factor of safety [-]", KIND=kind)
    assert not any("unusual" in text for text in feedback.warnings)
