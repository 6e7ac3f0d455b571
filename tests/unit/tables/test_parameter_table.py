"""Parameter tables: rows become scenarios, and a table with errors reports all of them, by row and column."""

import math

import numpy as np
import pytest
from messages import Messages
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.tables.cell_errors import TableError
from slopecast.plugin.core.tables.columns import recognized
from slopecast.plugin.core.tables.parameter_table import hyetograph_from_table, scenarios_from_table


def test_rows_become_named_scenarios() -> None:
    made = scenarios_from_table(
        ["name", "cohesion", "CONDUCTIVITY", "Friction angle"],
        [["a", "14", "1.3e-6", "26.6"], ["", 15, 4.4e-6, np.float64(23)], [2011.0, " 8 ", "3E-06", "28."]],
        defaults={"rainfall": 4.7},
    )
    assert [s.name for s in made] == ["a", "row_0002", "2011"]
    assert [s.conductivity for s in made] == [1.3e-6, 4.4e-6, 3e-6]  # to the last bit
    assert [s.friction_angle for s in made] == [26.6, 23.0, 28.0]
    assert {s.rainfall for s in made} == {4.7}
    assert {s.duration for s in made} == {24.0}  # the parameter's own default


def test_composed_and_decomposed_accents_are_one_name() -> None:
    """As to the file system of macOS."""
    with pytest.raises(TableError, match="is also the name of row 1"):
        scenarios_from_table(["name", "cohesion"], [["\u00e9", 5], ["e\u0301", 6]])


def test_units_in_titles_are_read() -> None:
    made = scenarios_from_table(["\ufeffCohesion [kPa]", "water_table_ratio [-]"], [[5, 0.1]])
    assert (made[0].cohesion, made[0].water_table_ratio) == (5.0, 0.1)
    made = scenarios_from_table(["conductivity [m/day]", "c (psf)", "rainfall_mm_day"], [[0.1, 100, "288"]])
    assert made[0].conductivity == pytest.approx(0.1 / 86400.0, rel=1e-12)
    assert made[0].cohesion == pytest.approx(4.788025898033584, rel=1e-12)
    assert made[0].rainfall == pytest.approx(12.0, rel=1e-12)
    with pytest.raises(InputError, match=r"'conductivity \[m2\]' in m2.*divide a value in m/day by 86400"):
        scenarios_from_table(["conductivity [m2]"], [[1e-12]])


def test_values_out_of_range_are_shown_in_both_units() -> None:
    with pytest.raises(TableError) as caught:
        scenarios_from_table(["c (psf)", "phi [rad]"], [["9000", 0.5], ["1_0", "28 deg"]])
    for words in (
        "row 1, column 'c (psf)': 9000 psf = 430.9223308 kPa is out of range (allowed: 0 to 200 kPa)",
        "row 2, column 'c (psf)': '1_0' is not a number",
        "row 2, column 'phi [rad]': '28 deg' is not a number: it has the unit deg; write only the number",
    ):
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        (["cohesion", "phi"], ["5", "5", "28"], "row 1: has 3 cells, but there are 2 titles (allowed: decimal points"),
        (["name", "c"], ["a", "1,5", "7"], "row 1: has 3 cells"),
        (["name", "cohesion"], ["M\ufffdller", 5], "characters that could not be decoded: save the table in UTF-8"),
    ],
)
def test_rows_that_were_cut_wrongly_are_refused(header: list, row: list, words: str) -> None:
    with pytest.raises(TableError) as caught:
        scenarios_from_table(header, [row])
    assert words in str(caught.value)


def test_rasters_may_be_defaults() -> None:
    cohesion = np.full((3, 3), 4.0)
    made = scenarios_from_table(["rainfall"], [[5], [6]], defaults={"cohesion": cohesion})
    assert all((s.cohesion == cohesion).all() for s in made)


def test_all_errors_are_listed_together() -> None:
    header = ["name", "cohesion", "friction_angle", "conductivity", "duration"]
    rows = [
        ["ok", 8, 28, 3e-6, 24],
        ["a/b", "8,5", 28, 3e-6, 24],
        ["OK", 8, 80, 3e-6, 24],
        ["nul", "many", None, 0.26, math.nan],
        ["", 8, 28, True, "inf"],
    ]
    with pytest.raises(TableError) as caught:
        scenarios_from_table(header, rows)
    text = str(caught.value)
    for words in (
        "Parameter table (TABLE): has 11 errors; nothing was run",
        "row 2, column 'name': 'a/b' is not a safe file name (it contains '/')",
        "row 2, column 'cohesion': '8,5' is not a number: it has a decimal comma; write 8.5",
        "row 3, column 'name': 'OK' is also the name of row 1",
        "row 3, column 'friction_angle': 80 is out of range (allowed: 1 to 55 deg)",
        "row 4, column 'cohesion': 'many' is not a number (allowed: 0 to 200 kPa)",
        "row 4, column 'friction_angle': is empty",
        "row 4, column 'conductivity': 0.26 is out of range",
        "row 4, column 'duration': is empty",
        "row 4, column 'name': 'nul' is not a safe file name",
        "row 5, column 'conductivity': 'True' is not a number",
        "row 5, column 'duration': 'inf' is not a number",
    ):
        assert words in text
    assert [(e.row, e.column) for e in caught.value.errors].count((4, "duration")) == 1


def test_inconsistent_values_are_refused_with_their_row() -> None:
    with pytest.raises(TableError, match=r"row 2: Saturated unit weight .* is less than the moist") as caught:
        scenarios_from_table(["unit_weight_moist", "cohesion"], [[17, 1], [20, 1], [17, -1]])
    assert "row 3, column 'cohesion': -1 is out of range" in str(caught.value)


def test_the_same_error_in_many_rows_is_one_line() -> None:
    rows = [["" if n != 3 else "8", "5"] for n in range(1, 1001)]
    with pytest.raises(TableError) as caught:
        scenarios_from_table(["cohesion", "rainfall"], rows)
    assert "has 999 errors" in str(caught.value)
    assert "rows 1-2, 4-1000, column 'cohesion': is empty" in str(caught.value)


@pytest.mark.parametrize("name", ["../up", "C:evil", "con", "COM1.tif", ".hidden", "dot.", "x" * 101, "tab\tin", "a*"])
def test_names_that_are_no_files_are_refused(name: str) -> None:
    with pytest.raises(TableError, match="row 1, column 'name'"):
        scenarios_from_table(["name", "cohesion"], [[name, 1]])


@pytest.mark.parametrize("name", ["Fall (a), 50 Jahre", "사례 1", "v1.2"])
def test_other_names_are_kept(name: str) -> None:
    assert scenarios_from_table(["name", "cohesion"], [[f" {name} ", 1]])[0].name == name


def test_a_misspelt_column_is_refused() -> None:
    """Its scenarios would take the default in place of what the column holds."""
    with pytest.raises(
        TableError, match=r"unknown column 'fricton_angle'.*'friction_angle', if this is the intended column"
    ):
        scenarios_from_table(["cohesion", "fricton_angle"], [[1, 30]])
    with pytest.raises(TableError, match=r"'duration' \(allowed: hour, rainfall;"):  # it resembles neither
        hyetograph_from_table(["hour", "rainfall", "duration"], [[1, 5, 1]])


def test_unknown_columns_are_named_and_not_used() -> None:
    feedback = Messages()
    scenarios_from_table(["cohesion", "cohesoin", "note", ""], [[1, "b", "x", ""]], feedback=feedback)
    assert feedback.warnings == ["Parameter table (TABLE): unknown columns are not used: 'cohesoin', 'note'."]
    names = ("cohesion", "conductivity", "rainfall")
    assert recognized(["name", "Cohesion", "note", "k", "rainfall [mm/h]"]) == names


@pytest.mark.parametrize("above", [["Soils of the north", "", ""], [None, None, None]])
def test_titles_below_other_lines_are_found(above: list) -> None:
    rows = [["", "", ""], ["name", "cohesion", "Rainfall [mm/h]"], ["a", "5", "10"]]
    with pytest.raises(TableError, match=r"header: the titles seem to be in row 2 .*delete the lines above"):
        scenarios_from_table(above, rows)
    assert len(scenarios_from_table(rows[1], [["a", 5, 10]])) == 1


def test_tables_without_rows_or_columns_are_refused() -> None:
    with pytest.raises(InputError, match="has no rows"):
        scenarios_from_table(["cohesion"], [])
    with pytest.raises(InputError, match="has no column of a parameter; its columns are 'name', 'x'"):
        scenarios_from_table(["name", "x"], [["a", 1]])
    with pytest.raises(InputError, match="two columns 'cohesion'"):
        scenarios_from_table(["cohesion", "COHESION"], [[1, 1]])


def test_blank_rows_are_passed_over_but_counted() -> None:
    made = scenarios_from_table(["cohesion", "name"], [[1, None], [None, ""], [3, None], ["", ""]])
    assert [s.name for s in made] == ["row_0001", "row_0003"]


@pytest.mark.parametrize("last", [["Mean", 3, 30], ["  \ud3c9\uade0 ", 3, 30], [None, 3, 30], ["", 9, 55]])
def test_a_row_that_summarizes_those_above_is_noticed(last: list) -> None:
    feedback = Messages()
    rows = [["a", 1, 28], ["b", 2, 30], ["c", 6, 32], [None, None, None], last]
    assert len(scenarios_from_table(["site", "cohesion", "phi"], rows, feedback=feedback)) == 4
    assert "row 5 seems to summarize the rows above it" in feedback.warnings[-1]


def test_the_first_of_several_rows_that_summarize_is_named() -> None:
    feedback = Messages()
    rows = [["a", 1, 28], ["b", 2, 30], ["c", 6, 32], ["Mittel", 3, 30], ["Max", 6, 32]]
    scenarios_from_table(["name", "cohesion", "phi"], rows, feedback=feedback)
    assert "row 4 seems to" in feedback.warnings[-1]


@pytest.mark.parametrize(
    "rows",
    [
        [["min", 1, 28], ["mean", 2, 30], ["max", 3, 32]],
        [["a", 1, 28], ["mean", 2, 30], ["b", 3, 32], ["c", 3, 33]],
        [[None, 1, 28], [None, 2, 30], [None, 3, 32], [None, 4, 33]],
        [["a", 1, 28], [None, 2, 30], ["b", 3, 32], [None, 4, 33]],
    ],
)
def test_other_rows_are_taken_for_scenarios(rows: list) -> None:
    feedback = Messages()
    assert len(scenarios_from_table(["name", "cohesion", "phi"], rows, feedback=feedback)) == len(rows)
    assert feedback.warnings == []


@pytest.mark.parametrize(
    ("cells", "doubted"), [((0.3, 0.25), True), ((30, 25), False), ((0, 0), False), (("0.3", 1), True)]
)
def test_shares_under_a_title_in_per_cent_are_doubted(cells: tuple, doubted: bool) -> None:
    """A spreadsheet shows 0.3 as 30 %, and holds 0.3."""
    feedback = Messages()
    scenarios_from_table(["water table ratio [%]", "suction (cm)"], [[cell, 20] for cell in cells], feedback=feedback)
    assert ["all values of 'water table ratio [%]' are 1 % or less" in t for t in feedback.warnings] == (
        [True] * doubted
    )
