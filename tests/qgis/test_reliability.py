"""An input in doubt is never called trusted: in the output, the log, the rasters' metadata and the summary alike."""

import csv

import pytest
from cases import ENGINE, NETWORK, PROBABILITY, filled
from rasters import read_raster

FACTOR = {"FACTOR_OF_SAFETY": "<out>"}
#: What is entered, what the caution names.
DOUBTFUL = {
    "rain in mm/day": ({"RAINFALL": 120}, "mm/day"),
    "rain in m/s": ({"RAINFALL": 2.4e-6}, "m/s"),
    "conductivity in mm/h": ({"CONDUCTIVITY": 5e-3}, "Conductivity".lower()),
    "cohesion of rock": ({"COHESION": 150}, "Cohesion (COHESION)"),
}


def run(algorithm, parameters, files, tmp_path, feedback):
    import processing

    return processing.run(f"slopecast:{algorithm}", filled(parameters, files, tmp_path), feedback=feedback)


@pytest.mark.parametrize("case", DOUBTFUL)
@pytest.mark.parametrize(
    ("algorithm", "given", "raster"),
    [
        ("simulatefactorofsafety", {**ENGINE, **FACTOR}, "FACTOR_OF_SAFETY"),
        ("predictfailuremask", NETWORK, "FAILURE_MASK"),
        ("failureprobability", PROBABILITY, "FAILURE_PROBABILITY"),
    ],
)
def test_doubtful_amounts_are_a_caution(case, algorithm, given, raster, files, tmp_path, feedback):
    values, named = DOUBTFUL[case]
    done = run(algorithm, {**given, **values}, files, tmp_path, feedback)
    assert done["RELIABILITY"].startswith(("caution", "outside"))  # outside where the network has not learned it
    metadata = read_raster(done[raster])[2]
    for text in (done["RELIABILITY"], " ".join(feedback.warnings), metadata["SLOPECAST_RELIABILITY"]):
        assert named in text


@pytest.mark.parametrize(
    ("algorithm", "given"), [("simulatefactorofsafety", {**ENGINE, **FACTOR}), ("failureprobability", PROBABILITY)]
)
def test_usual_inputs_are_trusted(algorithm, given, files, tmp_path, feedback):
    assert run(algorithm, given, files, tmp_path, feedback)["RELIABILITY"] == "trusted"


def test_a_table_judges_every_row_by_its_own_amounts(files, tmp_path, feedback):
    table = tmp_path / "rows.csv"
    table.write_text("name,rainfall\nusual,8\nper_day,120\n", encoding="utf-8")
    folder, summary = tmp_path / "masks", tmp_path / "summary.csv"
    given = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "MODEL": "{weights}", "DEVICE": "cpu", "TABLE": str(table),
             "OUTPUT_FOLDER": str(folder), "SUMMARY": str(summary)}  # fmt: skip
    run("predictfromtable", given, files, tmp_path, feedback)
    with summary.open(encoding="utf-8", newline="") as lines:
        rows = {row["name"]: row for row in csv.DictReader(lines)}
    assert "mm/day" in rows["per_day"]["reasons"]
    assert "mm/day" not in rows["usual"]["reasons"]
    assert rows["per_day"]["reliability"] != "trusted"
    assert "mm/day" in read_raster(folder / "per_day.tif")[2]["SLOPECAST_RELIABILITY"]


def test_a_doubt_is_carried_on_by_the_rasters_made_from_it(files, tmp_path, feedback):
    """A field of friction angles burned as cohesion: what uses that raster knows of the doubt."""
    given = {"ZONES": "{zones}", "DEM": "{dem}", "FRICTION_ANGLE_FIELD": "c", "FRICTION_ANGLE": "<out>"}
    made = run("parametersfromzones", given, files, tmp_path, feedback)["FRICTION_ANGLE"]
    assert "SLOPECAST_CAUTIONS" in read_raster(made)[2]
    simulated = {**ENGINE, **FACTOR, "FRICTION_ANGLE_LAYER": made}
    done = run("simulatefactorofsafety", simulated, files, tmp_path, feedback)
    assert done["RELIABILITY"].startswith("caution")
    assert "doubtful inputs" in done["RELIABILITY"]
