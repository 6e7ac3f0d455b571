"""Titles of columns: names, symbols and units in the usual spellings; conversions against factors from elsewhere."""

from __future__ import annotations

import math

import pytest
from messages import Messages
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.quantities.units import conversion
from slopecast.plugin.core.tables.cell_errors import TableError
from slopecast.plugin.core.tables.column_names import PARAMETERS, TableQuantity, snake_case
from slopecast.plugin.core.tables.columns import TableColumn, find_columns, read_title, recognized
from slopecast.plugin.core.tables.parameter_table import hyetograph_from_table
from slopecast.plugin.variables import BY_NAME, VARIABLES

#: What one of each unit is in the parameter's own, written by hand.
FACTORS: dict[str, dict[str, float]] = {
    "kPa": {"kPa": 1, "KPA": 1, "Pa": 1e-3, "MPa": 1e3, "kN/m2": 1, "kN/m\u00b2": 1, "kN m-2": 1,
            "kN\u00b7m\u207b\u00b2": 1, "kN/m^2": 1, "N/m2": 1e-3, "N/mm2": 1e3, "psf": 0.04788025898033584,
            "psi": 6.894757293168361,
            "kgf/cm2": 98.0665, "t/m2": 9.80665, "lb/ft2": 0.04788025898033584},
    "deg": {"deg": 1, "degree": 1, "degrees": 1, "\u00b0": 1, "\u00ba": 1, "rad": 180 / math.pi,
            "Radians": 180 / math.pi},
    "m/s": {"m/s": 1, "m s-1": 1, "m s\u207b\u00b9": 1, "cm/s": 1e-2, "mm/s": 1e-3, "mm/h": 1 / 3.6e6,
            "mm/hr": 1 / 3.6e6,
            "cm/h": 1 / 3.6e5, "m/h": 1 / 3600, "m/day": 1 / 86400, "m/d": 1 / 86400, "cm/day": 1 / 8.64e6,
            "mm/day": 1 / 8.64e7, "in/h": 0.0254 / 3600, "ft/day": 0.3048 / 86400, "m per day": 1 / 86400},
    "mm/h": {"mm/h": 1, "mm/hr": 1, "mm h-1": 1, "MM/H": 1, "mm/day": 1 / 24, "mm/d": 1 / 24, "mm/24h": 1 / 24,
             "cm/h": 10, "in/h": 25.4, "m/s": 3.6e6, "mm/10min": 6, "mm per hour": 1},
    "h": {"h": 1, "hr": 1, "hours": 1, "min": 1 / 60, "s": 1 / 3600, "d": 24, "days": 24},
    "m": {"m": 1, "cm": 1e-2, "mm": 1e-3, "ft": 0.3048, "in": 0.0254},
    "-": {"-": 1, "1": 1, "%": 1e-2, "percent": 1e-2, "m3/m3": 1},
    "kN/m3": {"kN/m3": 1, "kN/m\u00b3": 1, "N/m3": 1e-3, "kg/m3": 0.00981, "g/cm3": 9.81, "t/m3": 9.81,
              "pcf": 0.1570874638462462},
}  # fmt: skip


def read(title: str, quantities: tuple[TableQuantity, ...] = PARAMETERS) -> TableColumn:
    column = read_title(title, quantities)
    assert column is not None, title
    assert column.problem is None, column.problem
    return column


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.name)
def test_each_parameter_takes_each_unit_in_each_place(variable) -> None:
    """A value written in another unit gives the value back, be the unit in brackets, behind a comma or ``in``."""
    for unit, factor in FACTORS[variable.unit].items():
        for title in (f"{variable.name} [{unit}]", f"{variable.label} ({unit})", f"{variable.key} {{{unit}}}",
                      f"{variable.name}<{unit}>"):  # fmt: skip
            column = read(title)
            assert column.quantity.name == variable.name, title
            assert column.number(variable.default / factor) == pytest.approx(variable.default, rel=1e-9), title
    assert read(variable.title).quantity.name == variable.name
    assert not read(variable.title).conversion.changes


@pytest.mark.parametrize(
    ("title", "name", "factor"),
    [
        ("cohesion_kpa", "cohesion", 1), ("Cohesion, kPa", "cohesion", 1), ("cohesion in kPa", "cohesion", 1),
        ("Cohesion/kPa", "cohesion", 1), ("cohesion_kn_m2", "cohesion", 1), ("c (psf)", "cohesion", 0.0478802589803),
        ("c", "cohesion", 1), ("C", "cohesion", 1), ("c'", "cohesion", 1), ("c\u2032 [Pa]", "cohesion", 1e-3),
        ("Cohesion (c) [kPa]", "cohesion", 1), ("Cohesion c, kPa", "cohesion", 1),
        ("\ufeffCOHESION", "cohesion", 1), ("Effective cohesion", "cohesion", 1),
        ("phi", "friction_angle", 1), ("\u03c6", "friction_angle", 1), ("\u03d5' (\u00b0)", "friction_angle", 1),
        ("Friction angle \u03c6 [deg]", "friction_angle", 1), ("friction_angle_deg", "friction_angle", 1),
        ("phi_rad", "friction_angle", 180 / math.pi), ("Angle of internal friction", "friction_angle", 1),
        ("FrictionAngle", "friction_angle", 1), ("friction.angle", "friction_angle", 1),
        ("friction-angle", "friction_angle", 1),
        ("k", "conductivity", 1), ("K", "conductivity", 1), ("Ks", "conductivity", 1), ("k_s", "conductivity", 1),
        ("ks_m_s", "conductivity", 1), ("k_s_m_s", "conductivity", 1), ("conductivity_m_s", "conductivity", 1),
        ("ksat_mm_h", "conductivity", 1 / 3.6e6), ("conductivity_m_per_day", "conductivity", 1 / 86400),
        ("permeability (cm/s)", "conductivity", 0.01), ("Hydraulic conductivity Ks (m/s)", "conductivity", 1),
        ("I", "rainfall", 1), ("i", "rainfall", 1), ("rain", "rainfall", 1), ("Precipitation", "rainfall", 1),
        ("rainfall_mm_h", "rainfall", 1), ("rainfall_mmh", "rainfall", 1), ("rain_mm_hr", "rainfall", 1),
        ("Rainfall / mm/h", "rainfall", 1), ("rainfall in mm/h", "rainfall", 1), ("rain in/h", "rainfall", 25.4),
        ("rainfall_mm_day", "rainfall", 1 / 24), ("Rainfall intensity, I (mm/d)", "rainfall", 1 / 24),
        ("t", "duration", 1), ("T (h)", "duration", 1), ("duration_h", "duration", 1),
        ("duration_hours", "duration", 1),
        ("time_min", "duration", 1 / 60), ("Duration, days", "duration", 24),
        ("Initial water table / soil depth", "water_table_ratio", 1),
        ("water_table_ratio_%", "water_table_ratio", 0.01),
        ("\u0394\u03b8", "moisture_deficit", 1), ("dtheta [%]", "moisture_deficit", 0.01),
        ("\u03c8_f (cm)", "suction_head", 0.01), ("Suction", "suction_head", 1),
        ("Lateral anisotropy K_lat / K_s", "lateral_anisotropy", 1), ("anisotropy", "lateral_anisotropy", 1),
        ("c_r", "root_cohesion", 1), ("Root cohesion c_r (Pa)", "root_cohesion", 1e-3),
        ("root depth in cm", "root_depth", 0.01), ("root_depth_in", "root_depth", 0.0254), ("q_0", "surcharge", 1),
        ("gamma_t", "unit_weight_moist", 1), ("\u03b3_sat (kN/m\u00b3)", "unit_weight_saturated", 1),
        ("saturated density (kg/m3)", "unit_weight_saturated", 0.00981),
    ],
)  # fmt: skip
def test_usual_titles_are_known(title: str, name: str, factor: float) -> None:
    column = read(title)
    assert column.quantity.name == name
    assert column.number("2.5") == pytest.approx(2.5 * factor, rel=1e-9)


@pytest.mark.parametrize("title", ["tan phi", "tan(phi)", "tan_phi", "tan \u03c6", "tan \u03c6' [-]"])
def test_tangents_become_angles(title: str) -> None:
    assert read(title).number(math.tan(math.radians(31.0))) == pytest.approx(31.0, rel=1e-12)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("cohesion (m)", ["'cohesion (m)' in m", "kPa, Pa, MPa"]),
        ("cohesion [furlong]", ["in furlong", "kPa"]),
        ("cohesion [mPa]", ["in mPa", "MPa"]),
        ("cohesion_bar", ["'cohesion_bar' in bar", "kPa"]),
        ("friction_angle [%]", ["in %", "deg, rad"]),
        ("conductivity (1e-6 m/s)", ["in 1e-6 m/s", "m/s, cm/s"]),
        ("K (log10 m/s)", ["in log10 m/s"]),
        ("permeability", ["may mean another quantity", "'conductivity [m/s]'"]),
        ("permeability (m2)", ["in m2", "m/s"]),
        ("T", ["may mean another quantity than duration"]),
        ("rain [mm]", ["is an amount, not an intensity", "divide each amount by the hours"]),
        ("rainfall_mm", ["'rainfall_mm' in mm is an amount"]),
        ("rainfall (inch)", ["is an amount"]),
        ("precipitation in l/m2", ["is an amount"]),
        ("gamma", ["'gamma' may mean unit_weight_moist or unit_weight_saturated"]),
        ("Unit weight (kN/m3)", ["may mean unit_weight_moist or unit_weight_saturated"]),
        ("q (kPa)", ["may mean surcharge or rainfall"]),
        ("cohesoin", ["unknown column 'cohesoin'", "'cohesion'"]),
        ("log_k", ["unknown column 'log_k'"]),
        ("c_u", ["unknown column 'c_u'", "'cohesion'"]),
        ("cohesion_mean", ["unknown column 'cohesion_mean'", "'cohesion'"]),
        ("frict angel", ["unknown column 'frict angel'", "'friction_angle'"]),
        ("soil_depth", ["unknown column 'soil_depth'", "SOIL_DEPTH"]),
        ("porosity", ["unknown column 'porosity'", "delete a column"]),
        ("", ["unknown column 'without a title'"]),
        # dBase and Shapefile cut names within their units: surcharge_psf, rainfall (mm/day), suction (mm)
        ("surcharge_", ["'surcharge_' is cut short", "kPa, Pa", "10 characters"]),
        ("rainfall (", ["'rainfall (' is cut short"]),
        ("cohesion [", ["'cohesion [' is cut short"]),
        ("suction (m", ["'suction (m' is cut short"]),
        ("cohesion_p", ["'cohesion_p' is cut short"]),
        ("cohesion \u00b1", ["unknown column 'cohesion \u00b1'"]),
        ("cohesion +/-", ["unknown column 'cohesion +/-'"]),
    ],
)
def test_numbers_under_another_title_are_refused(title: str, words: list[str]) -> None:
    _, errors = find_columns(["rainfall_mm_h", title], [["5", "1.5"], [6.0, 2.5]], PARAMETERS, "Table", Messages())
    text = str(TableError(errors, "Table"))
    for word in words:
        assert word in text
    assert len(errors) == 1 or "rain" in text


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("cohesion_layer", ["soft.tif", "hard.tif"]),
        ("RAINFALL_LAYER", ["rain.tif", None]),
        ("Soil depth", ["thin.tif", "thick.tif"]),
        ("DEM", ["a.tif", "b.tif"]),
        ("hyetograph", ["storm.csv", None]),
        ("edges", ["open", "closed"]),
        ("evaluate", ["end", "minimum"]),
        ("lateral_flow", [True, False]),
        ("lateral_flow", [1, 0]),
    ],
)
def test_inputs_of_the_form_are_no_columns(title: str, cells: list) -> None:
    """Passed over, all rows would run with what the form has."""
    rows = [[5.0, cell] for cell in cells]
    _, errors = find_columns(["rainfall", title], rows, PARAMETERS, "Table", Messages())
    text = str(TableError(errors, "Table"))
    assert f"unknown column '{title}'" in text
    assert f"one {snake_case(title).upper()} for all rows" in text
    assert find_columns(["rainfall", title], [[5.0, None]], PARAMETERS, "Table", Messages())[1] == []


def test_columns_of_texts_keys_and_places_are_passed_over() -> None:
    log = Messages()
    header = [
        "fid",
        "Name",
        "c [kPa]",
        "remark",
        "x",
        "Easting",
        "site_id",
        "failed_cells",
        "reliability",
        "nr.",
        "site",
    ]
    rows = [
        [1, "a", 5, "wet", 1.0, 2.0, 7, 12, "trusted", 1, "3"],
        [2, "b", 6, None, 1.0, 2.0, 8, 13, "caution", 2, "4"],
    ]
    found, errors = find_columns(header, rows, PARAMETERS, "Table", log, texts=("name",))
    assert errors == []
    assert {name: column.place for name, column in found.items()} == {"name": 1, "cohesion": 2}
    assert log.warnings == [
        "Table: unknown columns are not used: 'fid', 'remark', 'x', 'Easting', 'site_id', 'failed_cells', "
        "'reliability', 'nr.', 'site'."
    ]
    assert log.notes == []


def test_times_in_other_units_are_exact_hours() -> None:
    """An end at 6.000000000000012 h would be another event than one at 6 h."""
    minutes = [(60 * hour, 3.5) for hour in range(1, 721)]
    made = hyetograph_from_table(["time [min]", "rain"], minutes)
    assert made == hyetograph_from_table(["hour", "rain"], [(m / 60, rain) for m, rain in minutes])
    for unit, per_hour in (("s", 3600), ("min", 60), ("day", 1 / 24)):
        change = conversion(unit, "h")
        assert [change(hour * per_hour) for hour in range(1, 721)] == list(range(1, 721))


@pytest.mark.parametrize(
    ("titles", "step", "count", "doubted"),
    [
        (["minute", "rainfall"], 10, 6, True),
        (["minute", "rain [mm/h]"], 10, 6, False),
        (["minute", "rainfall intensity"], 10, 6, False),
        (["minute", "rainfall"], 60, 6, False),
        (["minute", "rainfall"], 10, 4, False),
    ],
)
def test_amounts_of_a_gauge_may_be_taken_for_intensities(titles, step, count, doubted):
    log = Messages()
    hyetograph_from_table(titles, [(step * (n + 1), 6.0) for n in range(count)], log)
    words = "names no unit and is read as mm/h: 6 mm in all. If its rows of 10 min hold amounts, these are 36 mm"
    assert [words in text for text in log.warnings] == [True] * doubted


@pytest.mark.parametrize(
    ("title", "ends", "doubted"),
    [
        ("rainfall", [6, 12, 18, 24, 30], "210 mm in all. If its rows of 6 h hold amounts, these are 35 mm"),
        ("rain", [24, 48, 72, 96, 120, 144], "1.01e+03 mm in all. If its rows of 24 h hold amounts, these are 42 mm"),
        ("rainfall [mm/h]", [6, 12, 18, 24, 30], ""),
        ("rainfall intensity", [6, 12, 18, 24, 30], ""),
        ("rainfall", [6, 12, 18, 24], ""),
        ("rainfall", [2, 4, 7, 12, 20, 24], ""),  # parts of a design storm
        ("rainfall", [1, 2, 3, 4, 5, 6], ""),
    ],
)
def test_amounts_of_several_hours_may_be_taken_for_intensities(title, ends, doubted):
    log = Messages()
    hyetograph_from_table(["hour", title], [(end, 7.0) for end in ends], log)
    assert [doubted in text for text in log.warnings] == [True] * bool(doubted)


@pytest.mark.parametrize(
    ("title", "step", "doubted"),
    [
        ("rain (mm/10min)", 10, False),
        ("rain (mm/10min)", 60, True),
        ("rain (mm/15 min)", 15, False),
        ("rainfall_mm_10min", 5, True),
        ("rain [mm/h]", 10, False),
        ("rain (mm/day)", 60, False),
    ],
)
def test_amounts_of_other_minutes_than_those_of_the_rows_are_doubted(title: str, step: int, doubted: bool) -> None:
    log = Messages()
    hyetograph_from_table(["minute", title], [(step * (n + 1), 6.0) for n in range(6)], log)
    assert [f"but most rows are {step} min long" in text for text in log.warnings] == [True] * doubted


def test_conversions_are_noted() -> None:
    log = Messages()
    find_columns(["rainfall (mm/day)", "c [kN/m2]", "tan phi"], [[48, 5, 0.5]], PARAMETERS, "Table", log)
    assert log.notes == [
        "Table: column 'rainfall (mm/day)' is converted from mm/day to mm/h.",
        "Table: column 'tan phi' is converted from tan phi to deg.",
    ]


@pytest.mark.parametrize(
    "titles", [("cohesion", "c (kPa)"), ("phi", "Friction angle [deg]"), ("k", "ks_m_s"), ("rain", "rainfall_mm_day")]
)
def test_two_titles_of_one_quantity_are_refused(titles: tuple[str, str]) -> None:
    _, errors = find_columns(titles, [[1, 1]], PARAMETERS, "Table", Messages())
    assert [f"two columns '{titles[0]}' and '{titles[1]}' mean" in error.problem for error in errors] == [True]


def test_labels_of_another_language_may_be_added() -> None:
    korean = tuple(TableQuantity.of(v, {"COHESION": "\uc810\ucc29\ub825"}.get(v.key, "")) for v in VARIABLES)
    assert read("\uc810\ucc29\ub825 (kPa)", korean).quantity.name == "cohesion"
    assert recognized(["\uc810\ucc29\ub825", "c", "note"], PARAMETERS) == ("cohesion",)


def test_every_parameter_of_a_unit_is_covered() -> None:
    assert {variable.unit for variable in BY_NAME.values()} <= set(FACTORS)
    for unit, factors in FACTORS.items():
        for other in factors:
            assert conversion(other, unit) is not None, other


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (["hour", "rainfall"], [("1.5", "6"), ("3", "12")]),
        (["Time (min)", "I [mm/h]"], [(90, 6), (180, 12)]),
        (["minutes", "rain_in_h"], [(90, 6 / 25.4), (180, 12 / 25.4)]),
        (["rainfall / mm/day", "t (d)"], [(144, 0.0625), (288, 0.125)]),
        (["end hour", "rain (mm/10min)", "remark"], [("1.5", "1", "a"), ("3", "2", ""), ("", "", "")]),
    ],
)
def test_hyetographs_are_read_in_any_unit(header: list[str], rows: list) -> None:
    storm = hyetograph_from_table(header, rows)
    assert storm.hours == pytest.approx((1.5, 3.0), rel=1e-9)
    assert storm.intensities == pytest.approx((6.0, 12.0), rel=1e-9)


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        (["hour", "rain (mm)"], (1, 5), ["is an amount, not an intensity", "divide each amount"]),
        (["hour", "rainfall", "time (min)"], (1, 5, 60), ["two columns 'hour' and 'time (min)' mean hour"]),
        (["hour", "rainfall", "start"], (1, 5, 0), ["unknown column 'start'"]),
        (["hour", "rainfall"], ("2026-01-05 01:00", 5), ["column 'hour': '2026-01-05 01:00' is a date and time",
                                                         "hours since the start of the rain"]),
        (["Hour (h)", "rainfall"], ("1_0", "1,5"), ["column 'Hour (h)': '1_0' is not a number", "write 1.5"]),
        (["hour (min)", "rainfall (mm/day)", "x2"], ("a", 5, 1), ["'a' is not a number", "unknown column 'x2'"]),
        (["hour", "depth"], (1, 5), ["unknown column 'depth'"]),
        (["hour", "note"], (1, "wet"), ["has no column 'rainfall'; its columns are hour, note"]),
    ],
)  # fmt: skip
def test_all_errors_of_a_hyetograph_are_listed_together(header: list[str], row: tuple, words: list[str]) -> None:
    with pytest.raises(Exception, match="HYETOGRAPH") as caught:
        hyetograph_from_table(header, [row])
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("title", ["t_d", "td", "T d"])
def test_a_symbol_that_may_have_a_unit_for_suffix_is_refused(title):
    _, errors = find_columns([title], [[12.0]], PARAMETERS, "Table", Feedback())
    assert "may mean duration [h] or duration [day]" in errors[0].problem


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ((6, 6), "row 2, column 'hour': 6 h is not later than 6 h"),
        ((0, 6), "row 1, column 'hour': 0 h is the start of the rain, not the end of an interval"),
        ((0, 6), "if the hours are starts, enter the end of each interval"),
        ((6, 800), "row 2, column 'hour': 800 h is later than 720 h, the longest event"),  # minutes, perhaps
    ],
)
def test_hours_out_of_order_and_beyond_the_longest_event(hours, words):
    with pytest.raises(Exception, match="HYETOGRAPH") as refused:
        hyetograph_from_table(["hour", "rainfall"], [(hour, 5.0) for hour in hours])
    assert words in str(refused.value)


def test_names_of_rasters_are_refused() -> None:
    """A row with its own raster would get that of all rows."""
    rows = [["2", "a/d1.tif"], ["3", "d2.TIF"]]
    _, (error,) = find_columns(["cohesion", "depth_layer"], rows, PARAMETERS, "Table", Messages())
    assert error.problem == "column 'depth_layer' names rasters, which no table can"
    assert "one raster for all rows" in error.allowed


@pytest.mark.parametrize(
    ("cells", "doubts"),
    [(("90", "720", "1.440"), 1), (("30", "1.000", "2.125"), 1), (("90.000", "1.440"), 0), (("2", "1.125"), 0),
     (("2", "1.500", "0.5"), 0), (("2", "12.5"), 0), (("0", "0.450"), 0), ((90, 1.44), 0), (("90", "1440"), 0)],
)  # fmt: skip
def test_points_that_may_separate_thousands_are_doubted(cells: tuple, doubts: int) -> None:
    """1.440 minutes, of a day in German or Italian, would be a storm of 90 seconds."""
    feedback = Messages()
    rows = [(cell, cell) for cell in cells]
    columns, errors = find_columns(("name", "duration [min]"), rows, PARAMETERS, "Table", feedback, ("name",))
    assert "duration" in columns
    assert not errors
    assert [("is read as 1" in text, "write 1" in text) for text in feedback.warnings] == [(True, True)] * doubts
