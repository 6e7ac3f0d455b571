"""Tables and fields through Processing: titles with units, numbers as text, dates, encodings."""

from __future__ import annotations

import math
import zipfile

import numpy as np
import pytest
from cases import ENGINE, PROBABILITY, filled
from osgeo import gdal
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProject, QgsVectorLayer
from rasters import read_raster
from slopecast.plugin.algorithms.inputs.tables import Table, read_table, scenarios_of
from slopecast.plugin.algorithms.log import Log
from slopecast.plugin.algorithms.parameter_values import ParameterValues
from vectors import square, write_vectors

PLAIN = "name,cohesion,friction_angle,conductivity,rainfall,duration\nA,2,22,3e-6,12,24\n"


def run(algorithm, parameters, feedback=None):
    import processing

    return processing.run(f"slopecast:{algorithm}", parameters, feedback=feedback)


def refusal(algorithm, parameters):
    with pytest.raises(QgsProcessingException) as caught:
        run(algorithm, parameters)
    return str(caught.value)


def table(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return str(path)


def predict(files, source, folder, feedback=None):
    """Rows of the summary by field, and the masks by name."""
    done = run(
        "predictfromtable",
        {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": source, "MODEL": files["weights"], "DEVICE": "cpu",
         "OUTPUT_FOLDER": str(folder), "SUMMARY": "TEMPORARY_OUTPUT"}, feedback,
    )  # fmt: skip
    layer = done["SUMMARY"]
    rows = [dict(zip(layer.fields().names(), feature.attributes())) for feature in layer.getFeatures()]
    return rows, {path.stem: read_raster(path)[0] for path in folder.glob("*.tif")}


@pytest.mark.parametrize(
    ("titles", "row", "converted"),
    [
        ("name,cohesion (kPa),friction_angle (deg),conductivity (m/s),rainfall (mm/h),duration (h)",
         "A,2,22,3e-6,12,24", 0),
        ("Name,c,phi,k,I,t", "A,2,22,3e-6,12,24", 0),
        ("name,cohesion_kpa,friction_angle_deg,conductivity_m_s,rainfall_mm_h,duration_h", "A,2,22,3e-6,12,24", 0),
        ("name;Cohesion, Pa;tan phi;Ks [mm/h];Rainfall / mm/day;Duration in days",
         f"A;2000;{math.tan(math.radians(22.0))!r};10.8;288;1", 5),
        ("name;c;phi;Ks [mm/h];I;t", "A;2,0;22;10,8;12,0;24", 1),
    ],
)  # fmt: skip
def test_titles_with_units_give_the_plain_ones_mask(files, tmp_path, feedback, titles, row, converted):
    _, plain = predict(files, table(tmp_path / "plain.csv", PLAIN), tmp_path / "plain")
    rows, masks = predict(files, table(tmp_path / "t.csv", f"{titles}\n{row}\n"), tmp_path / "out", feedback)
    names = ("cohesion", "friction_angle", "conductivity", "rainfall", "duration")
    assert [rows[0][name] for name in names] == pytest.approx([2, 22, 3e-6, 12, 24], rel=1e-9)
    assert (masks["A"] == plain["A"]).all()
    assert sum("is converted from" in line for line in feedback.lines) == converted
    notes = read_raster(tmp_path / "out" / "A.tif")[2].get("SLOPECAST_NOTES", "")
    assert notes.count("is converted from") == converted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cohesion,strength\n5,6\n", ["unknown column 'strength'"]),
        ("cohesion,fi\n5,30\n", ["unknown column 'fi'"]),
        ("rainfall,soil_depth\n5,2\n", ["unknown column 'soil_depth'", "SOIL_DEPTH"]),
        ("rainfall (mm)\n5\n", ["is an amount, not an intensity"]),
        ("c,cohesion [kPa]\n5,6\n", ["two columns 'c' and 'cohesion [kPa]'"]),
        ("cohesion\n1_2\n", ["row 1, column 'cohesion': '1_2' is not a number"]),
        ("cohesion;phi\n1,5;2.5\n", ["decimal comma; write 1.5"]),
        ("cohesion;phi\n1,234;20\n", ["write 1234 or 1.234"]),
        ("cohesion;phi\nnone;nan\n", ["'nan' is not a number"]),
        ("cohesion,phi\n1,5,22,0\n", ["row 1: has 4 cells, but there are 2 titles"]),
        ("cohesion\n2026-01-05\n", ["'2026-01-05' is a date, not a number"]),
        ("Name,c\nM\ufffdller,5\n", ["characters that could not be decoded"]),
    ],
)
def test_wrong_tables_are_refused(files, tmp_path, text, words):
    source = table(tmp_path / "t.csv", text)
    message = refusal(
        "predictfromtable",
        {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": source, "MODEL": files["weights"], "DEVICE": "cpu",
         "OUTPUT_FOLDER": str(tmp_path / "out"), "SUMMARY": "TEMPORARY_OUTPUT"},
    )  # fmt: skip
    for word in words:
        assert word in message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("encoding", "separator", "ending", "names"),
    [
        ("utf-8", ",", "csv", ["M\u00fcller", "\uc0b0\uc0ac\ud0dc"]),
        ("utf-8-sig", ";", "csv", ["M\u00fcller", "\uc0b0\uc0ac\ud0dc"]),
        ("utf-16", "\t", "csv", ["M\u00fcller", "\uc0b0\uc0ac\ud0dc"]),
        ("utf-16", "\t", "txt", ["\u65e5\u672c 1", "\u0160um\u00e1k"]),
        ("cp1252", ";", "csv", ["M\u00fcller", "Stra\u00dfe \u20ac"]),
        ("cp949", ",", "csv", ["\uc0b0\uc0ac\ud0dc", "\uc11c\uc6b8 1"]),
    ],
)
def test_names_of_any_encoding_survive(files, tmp_path, encoding, separator, ending, names):
    lines = [["name", "c (kPa)", "phi"], [names[0], "2", "22"], [names[1], "3", "25"]]
    text = "\r\n".join(separator.join(line) for line in lines) + "\r\n"
    rows, masks = predict(files, table(tmp_path / f"t.{ending}", text, encoding), tmp_path / "out")
    assert [row["name"] for row in rows] == names
    assert sorted(masks) == sorted(names)
    assert [(row["cohesion"], row["friction_angle"]) for row in rows] == [(2.0, 22.0), (3.0, 25.0)]


def test_dates_of_a_layer_are_named_as_dates(files, tmp_path):
    path = table(tmp_path / "t.csv", "name,cohesion,rainfall\na,2026-01-05,06:30:00\n")
    uri = f"file://{path}?type=csv&detectTypes=yes&geomType=none"
    layer = QgsVectorLayer(uri, "t", "delimitedtext")
    assert layer.fields().field("cohesion").typeName().lower() == "date"
    QgsProject.instance().addMapLayer(layer)
    message = refusal(
        "predictfromtable",
        {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": layer.id(), "MODEL": files["weights"],
         "DEVICE": "cpu", "OUTPUT_FOLDER": str(tmp_path / "out"), "SUMMARY": "TEMPORARY_OUTPUT"},
    )  # fmt: skip
    assert "row 1, column 'cohesion': '2026-01-05' is a date, not a number" in message
    assert "row 1, column 'rainfall': '06:30:00' is a time of day, not a number" in message
    assert "QDate" not in message
    assert "datetime" not in message


@pytest.mark.parametrize("kind", ["xlsx", "ods", "gpkg"])
@pytest.mark.parametrize(("layers", "chosen"), [(1, ""), (2, ""), (2, "second"), (2, "first")])
def test_a_sheet_or_layer_that_no_name_chooses_is_named(files, tmp_path, feedback, kind, layers, chosen):
    path = str(tmp_path / f"t.{kind}")
    for number, name in enumerate(("first", "second")[:layers]):
        source = table(tmp_path / f"{name}.csv", f"name,cohesion,rainfall\n{name},5,{8 + number}\n")
        mode = "update" if number else None
        options = gdal.VectorTranslateOptions(format=kind.upper(), layerName=name, accessMode=mode)
        gdal.VectorTranslate(path, source, options=options)
    given = path + (f"|layername={chosen}" if chosen else "")
    assert list(predict(files, given, tmp_path / "out", feedback)[1]) == [chosen or "first"]
    warned = [text for text in feedback.warnings if "several layers with data" in text]
    assert len(warned) == (layers == 2 and not chosen)
    assert all("the first is used: 'first'. The others are: second" in text for text in warned)


STORM = "hour,rainfall\n3,6\n5,0\n9,25\n20,0\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Time (min),I (mm/h)\n180,6\n300,0\n540,25\n1200,0\n", "utf-8"),
        ("t_d;rain_mm_day;Bemerkung\n0.125;144;f\u00fcr\n" + f"{5 / 24!r};0;\n0.375;600;\n{20 / 24!r};0;\n", "latin-1"),
        ("minutes\tRainfall intensity [cm/h]\n180\t0.6\n300\t0\n540\t2.5\n1200\t0\n", "utf-16"),
    ],
)
def test_hyetographs_in_other_units_give_the_same_map(files, tmp_path, feedback, text, encoding):
    maps = []
    for name, source in (("plain", table(tmp_path / "plain.csv", STORM)),
                         ("other", table(tmp_path / "t.csv", text, encoding))):  # fmt: skip
        made = tmp_path / f"{name}.tif"
        parameters = filled({**ENGINE, "LATERAL_FLOW": False, "HYETOGRAPH": source}, files, tmp_path)
        run("simulatefactorofsafety", {**parameters, "FACTOR_OF_SAFETY": str(made)}, feedback)
        maps.append(read_raster(made))
    np.testing.assert_allclose(maps[0][0], maps[1][0], rtol=1e-5)
    assert sum("118 mm" in line for line in feedback.lines) == len(maps)
    assert sum("Rain: 118 mm in 20 h, at most 25 mm/h." in line for line in feedback.lines) == len(maps)
    assert sum("replaces RAINFALL and DURATION" in line for line in feedback.lines) == len(maps)
    assert "is converted from" not in maps[0][2]["SLOPECAST_NOTES"]
    assert "is converted from" in maps[1][2]["SLOPECAST_NOTES"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hour,rain (mm)\n3,6\n", ["is an amount, not an intensity"]),
        ("hour,rainfall_mm\n3,6\n", ["is an amount, not an intensity"]),
        ("hour,rainfall,cumulative\n3,6,18\n", ["unknown column 'cumulative'"]),
        ("hour,t,rainfall\n3,3,6\n", ["two columns 'hour' and 't'"]),
        ("hour,rainfall\n1_0,6\n", ["row 1, column 'hour': '1_0' is not a number"]),
        ("hour,rainfall\n2026-01-05 03:00,6\n", ["is a date and time, not a number", "hours since the start"]),
    ],
)
def test_wrong_hyetographs_are_refused(files, tmp_path, text, words):
    source = table(tmp_path / "t.csv", text)
    parameters = filled({**ENGINE, "HYETOGRAPH": source, "FACTOR_OF_SAFETY": "<out>"}, files, tmp_path)
    message = refusal("simulatefactorofsafety", parameters)
    for word in words:
        assert word in message


WEST, EAST = square(199_900, 559_000, 200_240, 560_100), square(200_240, 559_000, 200_500, 560_100)


def burned(files, folder, field, values, key="COHESION", feedback=None):
    """The values of a parameter's raster, or the refusal."""
    zones = write_vectors(folder / "z.gpkg", [(WEST, {field: values[0]}), (EAST, {field: values[1]})])
    parameters = {"ZONES": str(zones), "DEM": files["dem"], f"{key}_FIELD": field, key: str(folder / "made.tif")}
    run("parametersfromzones", parameters, feedback)
    array, nodata, metadata = read_raster(folder / "made.tif")
    return sorted(np.unique(array[array != nodata]).tolist()), metadata


@pytest.mark.parametrize(("values", "count"), [((0.3, 0.25), 1), ((30.0, 25.0), 0)])
def test_parts_of_1_in_a_field_in_per_cent_are_doubted(files, tmp_path, feedback, values, count):
    burned(files, tmp_path, "wet_%", values, "WATER_TABLE_RATIO", feedback)
    assert sum("all values of 'wet_%' are 1 % or less" in text for text in feedback.warnings) == count


@pytest.mark.parametrize(
    ("field", "key", "values", "made"),
    [
        ("c", "COHESION", (5.0, 12.5), (5.0, 12.5)),
        ("text", "COHESION", ("5", " 12.5 "), (5.0, 12.5)),
        ("c_psf", "COHESION", (100.0, 200.0), (4.788026, 9.576052)),
        ("tan_phi", "FRICTION_ANGLE", (1.0, 0.5), (26.565051, 45.0)),
        ("ks_cm_h", "CONDUCTIVITY", (3.6, 7.2), (1e-5, 2e-5)),
        ("depth_cm", "SOIL_DEPTH", (150.0, 200.0), (1.5, 2.0)),
        ("c_sd (Pa)", "COHESION_SD", (1500.0, 2000.0), (1.5, 2.0)),
    ],
)
def test_fields_with_units_are_converted(files, tmp_path, feedback, field, key, values, made):
    found, metadata = burned(files, tmp_path, field, values, key, feedback)
    assert found == pytest.approx(made, rel=1e-6)
    assert ("is converted from" in metadata.get("SLOPECAST_NOTES", "")) is (values != made and field != "text")


@pytest.mark.parametrize(
    ("field", "key", "values", "words"),
    [
        ("c", "COHESION", (104.0, 150.0), "(COHESION): 150 kPa (95th percentile of the raster) is more than 50 kPa"),
        ("k", "CONDUCTIVITY", (3e-3, 1e-3), "only clean gravel has such a high conductivity"),
        ("depth", "SOIL_DEPTH", (30.0, 45.0), "(SOIL_DEPTH): 45 m (95th percentile of the raster) is more than 15 m"),
        ("c", "COHESION", (5.0, 12.0), ""),
        ("c_sd", "COHESION_SD", (60.0, 70.0), ""),
        ("depth", "SOIL_DEPTH", (0.0, 6.0), ""),
    ],
)
def test_zones_in_another_unit_are_doubted_before_a_run_reads_them(
    files, tmp_path, feedback, field, key, values, words
):
    burned(files, tmp_path, field, values, key, feedback)
    assert [words in text for text in feedback.warnings if "percentile" in text] == [True] * bool(words)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("c", "1_2", ["'1_2' is not a number"]),
        ("c", "nan", ["'nan' is not a number"]),
        ("c", "0x10", ["'0x10' is not a number"]),
        ("c", "\u0661\u0662", ["is not a number", "digits 0 to 9"]),
        ("c", "1,5", ["decimal comma; write 1.5"]),
        ("c", "5 kPa", ["it has the unit kPa; write only the number"]),
        ("c", "2026-01-05", ["is a date, not a number"]),
        ("c_deg", "5", ["field 'c_deg' in deg", "kPa"]),
        ("c (m/s)", "5", ["field 'c (m/s)' in m/s"]),
    ],
)
def test_zones_without_a_number_are_refused(files, tmp_path, field, value, words):
    with pytest.raises(QgsProcessingException) as caught:
        burned(files, tmp_path, field, ("5", value))
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("field", "means"),
    [("phi", "friction_angle"), ("porosity", "another quantity"), ("c_sd", "another quantity"), ("soil_code", "codes"),
     ("gid", "codes"), ("Shape_Area", "another quantity"), ("value", ""), ("cohesion", "")],
)  # fmt: skip
def test_a_field_named_like_something_else_is_a_caution(files, tmp_path, feedback, field, means):
    burned(files, tmp_path, field, (5.0, 12.5), feedback=feedback)
    doubts = [text for text in feedback.warnings if f"field '{field}' is used as COHESION, but its name means" in text]
    assert [f"means {means}" in text for text in doubts] == ([True] if means else [])


@pytest.mark.parametrize(
    ("key", "value"),
    [("DRAWS", "1_0"), ("DRAWS", "nan"), ("SEED", "inf"), ("COHESION_SD", "1_0"), ("COHESION_SD", "0,5"),
     ("FRICTION_ANGLE_SD", "\u0663"), ("COHESION", "1_0"), ("COHESION", "5 kPa"), ("RAINFALL", "0x10"),
     ("COHESION", True), ("COHESION_FRICTION_CORRELATION", "-0_1")],
)  # fmt: skip
def test_parameters_that_are_no_numbers_are_refused(files, tmp_path, key, value):
    message = refusal("failureprobability", {**filled(PROBABILITY, files, tmp_path), key: value})
    assert f"({key})" in message
    assert f"'{value}' is not a number" in message


@pytest.mark.parametrize("text", ["1_2", "nan", "inf", "8,5", "5 kPa", "\u0661\u0662", "0x10", ""])
def test_fields_of_the_dialog_take_numbers_alone(text):
    from slopecast.plugin.gui.fields.number_field import NumberField
    from slopecast.plugin.variables import BY_NAME

    field = NumberField(BY_NAME["cohesion"])
    field.setText(" 12.5\u00a0")
    assert field.value == 12.5
    field.setText(text)
    assert field.value is None
    assert field.error is not None


def test_one_line_describes_all_rows(files, tmp_path, feedback):
    """Not one a row."""
    rows = "".join(f"{rain},{3e-6 * rain}\n" for rain in range(1, 31))
    made = table(tmp_path / "t.csv", "rainfall,conductivity\n" + rows)
    parameters = filled({**ENGINE, "TABLE": made, "SOLVER": 1, "OUTPUT_FOLDER": str(tmp_path / "out")}, files, tmp_path)
    run("predictfromtable", parameters, feedback)
    (line,) = (line for line in feedback.lines if "conductivity" in line)
    assert line.startswith("Range of the scenarios: 24 to 720 mm of rain in 24 h; saturated hydraulic conductivity")
    assert "least: as 'Sandy loam'" in line
    assert "greatest: as 'Sand'" in line


def test_a_run_tells_what_its_inputs_mean(files, tmp_path, feedback):
    """In the log and the metadata: a conductivity in cm/s is far above that of sand."""
    made = tmp_path / "fs.tif"
    parameters = filled({**ENGINE, "CONDUCTIVITY": 3e-4, "LATERAL_FLOW": False}, files, tmp_path)
    run("simulatefactorofsafety", {**parameters, "FACTOR_OF_SAFETY": str(made)}, feedback)
    text = "0.0003 m/s (1080 mm/h), 9.2 x that of 'Sand'"
    assert sum(text in line for line in feedback.lines) == 1
    assert text in read_raster(made)[2]["SLOPECAST_NOTES"]
    assert sum(line.startswith("Terrain: elevation ") for line in feedback.lines) == 1


@pytest.mark.parametrize(
    ("rows", "since"),
    [("1,10\n2,30\n3,60\n4,90\n", "the rain"), ("1,10\n2,30\n3,60\n4,9\n", ""),
     ("1,1\n2,3\n3,6\n4,9\n5,12\n6,0\n7,2\n8,5\n9,7\n", "each day")],
)  # fmt: skip
def test_rain_that_may_be_cumulative_is_reported(files, tmp_path, feedback, rows, since):
    """Sums since the start of the rain, or since midnight, are plausible intensities."""
    storm = table(tmp_path / "storm.csv", "hour,rainfall\n" + rows)
    parameters = filled({**ENGINE, "LATERAL_FLOW": False, "HYETOGRAPH": storm}, files, tmp_path)
    run("simulatefactorofsafety", {**parameters, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}, feedback)
    found = [text for text in feedback.warnings if "amounts since the start of" in text]
    assert [f"amounts since the start of {since}?" in text for text in found] == [True] * bool(since)


@pytest.mark.parametrize(
    ("rows", "evaluate", "count"),
    [("6,20\n24,0\n", 0, 1), ("6,20\n24,0\n", 1, 0), ("6,20\n24,5\n", 0, 1), ("6,5\n24,20\n", 0, 0)],
)
def test_an_end_that_is_not_the_worst_moment_is_in_doubt(files, tmp_path, feedback, rows, evaluate, count):
    """Soil that has failed in the storm drains in the dry hours after it."""
    storm = table(tmp_path / "storm.csv", "hour,rainfall\n" + rows)
    parameters = filled({**ENGINE, "HYETOGRAPH": storm, "EVALUATE": evaluate}, files, tmp_path)
    done = run("simulatefactorofsafety", {**parameters, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}, feedback)
    assert sum("Hyetograph: it ends with" in text for text in feedback.warnings if "Reliability" not in text) == count
    assert ("it ends with" in done["RELIABILITY"]) == bool(count)


@pytest.mark.parametrize(("title", "count"), [("time", 1), ("time (min)", 0)])
def test_minutes_in_a_hyetograph_are_reported(files, tmp_path, feedback, title, count):
    """A storm of an hour would last 60 hours."""
    storm = table(tmp_path / "storm.csv", f"{title},rainfall\n" + "".join(f"{10 * n},{n % 4}\n" for n in range(1, 7)))
    parameters = filled({**ENGINE, "LATERAL_FLOW": False, "HYETOGRAPH": storm}, files, tmp_path)
    run("simulatefactorofsafety", {**parameters, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}, feedback)
    assert sum("the event lasts 60 h. Are these minutes?" in text for text in feedback.warnings) == count


@pytest.mark.parametrize(("hours", "count"), [((14, 15, 16), 1), ((1, 2, 3), 0)])
def test_hours_of_the_day_in_a_hyetograph_are_reported(files, tmp_path, feedback, hours, count):
    """The first row would bring its intensity for 14 hours."""
    storm = table(tmp_path / "storm.csv", "hour,rainfall\n" + "".join(f"{hour},5\n" for hour in hours))
    parameters = filled({**ENGINE, "LATERAL_FLOW": False, "HYETOGRAPH": storm}, files, tmp_path)
    run("simulatefactorofsafety", {**parameters, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}, feedback)
    assert sum("are the hours those of the day" in text for text in feedback.warnings) == count


@pytest.mark.parametrize(("count", "doubted"), [(6, True), (30, False)])
def test_few_rows_are_doubted_as_draws(count, doubted, files, tmp_path, feedback):
    rows = "".join(f"{8 + number},24\n" for number in range(count))
    given = filled({**PROBABILITY, "DRAWS": 100}, files, tmp_path)
    source = table(tmp_path / "storms.csv", f"rainfall,duration\n{rows}")
    run("failureprobability", {**given, "TABLE": source}, feedback)
    assert any("only if the rows are equally likely" in text for text in feedback.warnings) == doubted


@pytest.mark.parametrize(("conductivity", "doubts"), [("3e-6", 0), ("3e-3", 2)])
def test_rows_are_doubted_as_draws_as_they_are_alone(conductivity, doubts, files, tmp_path, feedback):
    """Not only the first one: amounts, and water from outside the map."""
    given = filled({**PROBABILITY, "DRAWS": 100}, files, tmp_path)
    rows = f"A,3e-6\nB,{conductivity}\n"
    source = table(tmp_path / "rows.csv", f"name,conductivity\n{rows}")
    done = run("failureprobability", {**given, "TABLE": source}, feedback)
    words = ("1 of 2 rows have unlikely values. 'B': ", "groundwater from outside the DEM")
    assert sum(word in text for word in words for text in feedback.warnings[:-1]) == doubts
    assert feedback.warnings[-1].startswith("Reliability at the first row: caution")  # with the others
    assert ("2,304 cells" in done["RELIABILITY"]) == bool(doubts)


@pytest.mark.parametrize(
    ("title", "cell", "depth"),
    [
        ("calibrated_soil_depth", "given", "given"),
        ("CALIBRATED", "slope, 0.5 m to 4 m", "slope, 0.5 m to 4 m"),  # as dBase cuts it
        ("calibrated", "yes", ""),
        ("calibrated", None, ""),
    ],
)
def test_calibrated_sets_are_known_by_a_cut_title(title, cell, depth):
    made = Table("Table", "t", ("name", title), (("a", cell),))
    assert made.calibrated_depth == depth
    assert made.provenance.get("calibrated", "") == depth


def test_hidden_rows_of_a_sheet_are_reported(tmp_path, feedback):
    """A filter hides the second row, which is read as well."""
    csv, book, filtered = (tmp_path / name for name in ("t.csv", "book.xlsx", "filtered.xlsx"))
    csv.write_text("name,cohesion\na,8\nb,9\n")
    gdal.VectorTranslate(str(book), str(csv), format="XLSX")
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(filtered, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b'<row r="3"', b'<row r="3" hidden="1"'))
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("slopecast:failureprobability")
    for path, hidden in ((book, False), (filtered, True)):
        feedback.warnings.clear()
        read = read_table(ParameterValues(algorithm, {"TABLE": str(path)}, QgsProcessingContext()), "TABLE")
        assert [one.name for one in scenarios_of(read, {}, Log(feedback))] == ["a", "b"]
        assert any("hides 1 row and 0 columns" in text for text in feedback.warnings) == hidden
