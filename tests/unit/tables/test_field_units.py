"""Units in the names of fields that a user chose: converted, refused where they do not fit, else left alone."""

import math
import re

import pytest
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.polygons.zones import Quantity, field_values
from slopecast.plugin.core.tables.field_units import (
    field_conversion,
    named_quantity_conflict,
    names_another_statistic,
    names_codes,
    names_size,
)
from slopecast.plugin.variables import BY_NAME


def unit_of(name: str) -> str:
    return "m" if name.startswith("soil_depth") else BY_NAME[name.removesuffix("_sd")].unit


@pytest.mark.parametrize(
    ("field", "name", "factor"),
    [
        ("c", "cohesion", 1), ("c_psf", "cohesion", 0.04788025898), ("COH_PA", "cohesion", 1e-3),
        ("soil cohesion (Pa)", "cohesion", 1e-3), ("c_min", "cohesion", 1), ("c_max", "cohesion", 1),
        ("c (mean)", "cohesion", 1), ("c_bar", "cohesion", 1), ("value_1", "cohesion", 1),
        ("PHI_RAD", "friction_angle", 180 / math.pi), ("phi_d", "friction_angle", 1),
        ("ks_cm_h", "conductivity", 1 / 3.6e5), ("K (mm/h)", "conductivity", 1 / 3.6e6), ("k", "conductivity", 1),
        ("permeabili", "conductivity", 1), ("permeability", "conductivity", 1), ("K_MDAY", "conductivity", 1 / 86400),
        ("depth_cm", "soil_depth", 0.01), ("D_ft", "soil_depth", 0.3048), ("thickness", "soil_depth", 1),
        ("c_sd_psf", "cohesion_sd", 0.04788025898), ("c_\u00b1_psf", "cohesion_sd", 0.04788025898),
        ("cohesion_a", "cohesion", 1), ("depth_", "soil_depth", 1),
        ("std_phi [rad]", "friction_angle_sd", 180 / math.pi), ("sd", "cohesion_sd", 1),
        ("rho_kgm3", "unit_weight_moist", 0.00981),
        ("deficit_%", "moisture_deficit", 0.01),
    ],
)  # fmt: skip
def test_units_at_the_end_of_a_name(field: str, name: str, factor: float) -> None:
    assert field_conversion(field, name, unit_of(name), "Field")(2.5) == pytest.approx(2.5 * factor, rel=1e-9)


@pytest.mark.parametrize("field", ["tan_phi", "TANPHI"])
def test_tangents(field: str) -> None:
    assert field_conversion(field, "friction_angle", "deg", "Field")(1.0) == pytest.approx(45.0)
    with pytest.raises(InputError, match="tan phi"):
        field_conversion(f"{field}_sd", "friction_angle_sd", "deg", "Field")


@pytest.mark.parametrize(
    ("field", "name"),
    [("c_deg", "cohesion"), ("phi_kpa", "friction_angle"), ("K [m2]", "conductivity"), ("rain_mm", "rainfall"),
     ("depth (kPa)", "soil_depth"), ("unit_kpa", "unit_weight_moist"), ("x_mm_h", "cohesion")],
)  # fmt: skip
def test_units_of_another_quantity_are_refused(field: str, name: str) -> None:
    with pytest.raises(InputError, match=re.escape(f"field '{field}' in ")):
        field_conversion(field, name, unit_of(name), "Field")


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("intensity_", "rainfall"),
        ("rainfall (", "rainfall"),
        ("strength [", "cohesion_sd"),
        ("cohesion_p", "cohesion"),
        ("friction_r", "friction_angle"),
        ("rainfall_i", "rainfall"),
    ],
)
def test_names_that_are_cut_within_their_unit_are_refused(field: str, name: str) -> None:
    with pytest.raises(InputError, match="is cut short"):
        field_conversion(field, name, unit_of(name), "Field")


@pytest.mark.parametrize(
    ("field", "name", "other"),
    [("phi", "cohesion", "friction_angle"), ("cohesion", "root_cohesion", "cohesion"), ("c", "cohesion", ""),
     ("Ks", "friction_angle", "conductivity"), ("value", "cohesion", ""), ("c_sd", "cohesion_sd", ""),
     ("depth", "soil_depth", ""), ("root_depth", "soil_depth", "root_depth")],
)  # fmt: skip
def test_names_of_another_parameter_are_noticed(field: str, name: str, other: str) -> None:
    assert named_quantity_conflict(field, name) == other


@pytest.mark.parametrize(
    ("field", "name", "codes"),
    [("fid", "cohesion", True), ("soil_code", "cohesion", True), ("Soil Class", "conductivity", True),
     ("OBJECTID", "soil_depth", True), ("토양_코드", "cohesion", True), ("c_class", "cohesion_sd", True),
     ("c", "cohesion", False), ("value", "cohesion", False), ("mid_c", "cohesion", False), ("phi", "cohesion", False)],
)  # fmt: skip
def test_names_of_codes_are_noticed(field: str, name: str, codes: bool) -> None:
    assert names_codes(field, name) == codes


@pytest.mark.parametrize(
    ("field", "name", "another"),
    [("c_sd", "cohesion", True), ("c_cv", "cohesion_sd", True), ("phi_COV", "friction_angle_sd", True),
     ("log_k", "conductivity", True), ("c_sd", "cohesion_sd", False), ("std phi", "friction_angle_sd", False),
     ("c", "cohesion", False), ("c_mean", "cohesion", False), ("variety", "cohesion", False)],
)  # fmt: skip
def test_names_of_another_statistic_are_noticed(field: str, name: str, another: bool) -> None:
    assert names_another_statistic(field, name) == another


@pytest.mark.parametrize(
    ("field", "size"),
    [("Shape_Area", True), ("Shape_Leng", True), ("AREA", True), ("area_ha", True), ("AREA_SQKM", True),
     ("perimeter", True), ("c", False), ("area_c", False), ("length_of_roots", False), ("root_depth_m", False)],
)  # fmt: skip
def test_names_of_the_sizes_of_features_are_noticed(field: str, size: bool) -> None:
    assert names_size(field) == size


def test_values_are_checked_after_the_conversion() -> None:
    cohesion = Quantity("Cohesion", "kPa", 0.0, 200.0)
    converted = field_conversion("c_psf", "cohesion", "kPa", "Field")
    assert field_values([100, "200"], ["a", "b"], "c_psf", cohesion, converted) == pytest.approx([4.788026, 9.576052])
    with pytest.raises(InputError, match=r"5000 psf = 239\.401 kPa is out of range"):
        field_values([5000], ["a"], "c_psf", cohesion, converted)


@pytest.mark.parametrize("field", ["precip_in", "rain_mm", "rainfall [cm]"])
def test_an_amount_of_rain_in_place_of_its_intensity_is_refused(field):
    with pytest.raises(InputError, match="mm/h"):
        field_conversion(field, "rainfall", "mm/h", "Rainfall")
