"""A scenario turns bad input away at the door, by name, value, range and advice."""

import dataclasses
from typing import Any, Callable

import numpy as np
import pytest
from slopecast.plugin.core.antecedent import table_ratio
from slopecast.plugin.core.errors import InputError, SlopecastError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.probability.uncertainty import Spread, checked_spreads
from slopecast.plugin.core.scenario import EngineOptions, Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.variables import BY_NAME, VARIABLES
from study_areas import plane

RASTERS = [v for v in VARIABLES if v.layer]


def test_every_variable_is_a_field_with_its_default() -> None:
    assert {v.name for v in VARIABLES} | {"name", "options", "hyetograph"} == {
        f.name for f in dataclasses.fields(Scenario)
    }
    scenario = Scenario()
    for v in VARIABLES:
        assert getattr(scenario, v.name) == v.default
    assert scenario.options == EngineOptions(True, "open", "ponded", "end")


def test_the_contracts_defaults() -> None:
    """design/interface.md: keys and defaults that users' scripts rely on."""
    expected = {
        "COHESION": 8, "FRICTION_ANGLE": 28, "CONDUCTIVITY": 3e-6, "RAINFALL": 8.5, "DURATION": 24,
        "WATER_TABLE_RATIO": 0.3, "MOISTURE_DEFICIT": 0.10, "SUCTION_HEAD": 0.11, "LATERAL_ANISOTROPY": 1,
        "ROOT_COHESION": 1, "ROOT_DEPTH": 1,
        "SURCHARGE": 0, "UNIT_WEIGHT_MOIST": 17.6, "UNIT_WEIGHT_SATURATED": 19.0,
    }  # fmt: skip
    assert {v.key: v.default for v in VARIABLES} == expected
    assert [v.key for v in VARIABLES if not v.layer] == ["DURATION"]


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.key)
def test_numbers_out_of_range_are_refused_by_name_range_and_advice(variable: Any) -> None:
    beyond = variable.maximum * 1.01 + 1e-12
    below = variable.minimum - max(1e-12, 0.01 * abs(variable.minimum))
    for bad in (beyond, below, float("nan"), float("inf"), -float("inf"), "deep", None, [1.0]):
        with pytest.raises(InputError) as caught:
            Scenario(**{variable.name: bad})
        text = str(caught.value)
        assert f"{variable.label} ({variable.key})" in text
        assert variable.allowed in text
        assert variable.advice in text


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.key)
def test_the_ends_of_the_range_are_accepted(variable: Any) -> None:
    others = {"unit_weight_saturated": 27.0} if variable.name == "unit_weight_moist" else {}
    others = {"unit_weight_moist": 10.0} if variable.name == "unit_weight_saturated" else others
    for end in (variable.minimum, variable.maximum):
        assert getattr(Scenario(**{variable.name: end, **others}), variable.name) == end


@pytest.mark.parametrize("variable", RASTERS, ids=lambda v: v.key)
def test_rasters_are_checked_by_their_extremes(variable: Any) -> None:
    good = np.full((3, 4), variable.default)
    good[0, 0] = np.nan
    scenario = Scenario(**{variable.name: good})
    assert scenario.rasters.keys() == {variable.name}
    assert scenario.valid((3, 4)).sum() == 11
    for value in (variable.maximum * 1.01 + 1e-12, np.inf):
        bad = good.copy()
        bad[1, 1] = value
        with pytest.raises(InputError, match=variable.key):
            Scenario(**{variable.name: bad})
    with pytest.raises(InputError, match="no valid cell"):
        Scenario(**{variable.name: np.full((3, 4), np.nan)})


def test_the_duration_is_no_raster() -> None:
    with pytest.raises(InputError, match="raster"):
        Scenario(duration=np.full((3, 3), 24.0))


def test_saturated_soil_weighs_at_least_what_moist_soil_does() -> None:
    with pytest.raises(InputError, match=r"UNIT_WEIGHT_SATURATED.*includes the pore water"):
        Scenario(unit_weight_moist=20.0, unit_weight_saturated=19.0)
    with pytest.raises(InputError, match="UNIT_WEIGHT_SATURATED"):
        Scenario(unit_weight_moist=np.array([[18.0, 19.5]]))
    assert Scenario(unit_weight_moist=19.0, unit_weight_saturated=19.0)


def test_units_at_the_boundary() -> None:
    scenario = Scenario(rainfall=3.6, duration=2.0, conductivity=2e-6, lateral_anisotropy=10.0)
    assert scenario.rainfall_m_per_s == pytest.approx(1e-6, rel=1e-14)
    assert scenario.duration_s == 7200.0
    assert scenario.lateral_conductivity == pytest.approx(2e-5)


def test_from_mapping_takes_names_and_keys_and_refuses_the_rest() -> None:
    scenario = Scenario.from_mapping({"cohesion": "14", "CONDUCTIVITY": 1.3e-6}, name="a")
    assert scenario.cohesion == 14.0
    assert scenario.conductivity == 1.3e-6
    assert scenario.friction_angle == BY_NAME["friction_angle"].default
    assert scenario.name == "a"
    with pytest.raises(InputError, match=r"cohesoin.*friction_angle"):
        Scenario.from_mapping({"cohesoin": 14})


def test_copies_are_checked_and_the_original_stays() -> None:
    scenario = Scenario()
    assert scenario.with_values(cohesion=3.0).cohesion == 3.0
    assert scenario.cohesion == 8.0
    with pytest.raises(InputError):
        scenario.with_values(cohesion=-1.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.cohesion = 1.0


def test_provenance_names_every_parameter_with_its_unit() -> None:
    described = Scenario(conductivity=1.3e-6, cohesion=np.array([[2.0, 14.0]])).describe()
    assert len(described) == len(VARIABLES)
    assert described["conductivity [m/s]"] == "1.3e-06"
    assert described["cohesion [kPa]"] == "raster 2..14"


def test_values_outside_the_training_range_are_named() -> None:
    assert Scenario().outside_training() == []
    outside = Scenario(cohesion=26.0, rainfall=np.array([[0.5, 8.0]]), root_cohesion=40.0).outside_training()
    assert len(outside) == 2
    assert "COHESION" in outside[0]
    assert "0.5 to 25 kPa" in outside[0]
    assert "RAINFALL" in outside[1]


def test_the_ends_of_a_range_may_come_from_a_raster_in_single_precision() -> None:
    """There 0.3 is 0.300000012."""
    ends = np.array([[0.05, 0.3]], dtype=np.float32)
    assert Scenario(suction_head=ends).outside_training() == []
    assert len(Scenario(suction_head=ends * np.float32(1.001)).outside_training()) == 1


@pytest.mark.parametrize("variable", [v for v in VARIABLES if v.layer], ids=lambda v: v.name)
def test_a_raster_in_single_precision_may_hold_the_ends_of_the_range(variable) -> None:
    """There 0.6 is 0.600000024, and 0.01 is 0.00999999978."""
    weights = {"unit_weight_moist": 10.0} if variable.name == "unit_weight_saturated" else {}
    weights |= {"unit_weight_saturated": 27.0} if variable.name == "unit_weight_moist" else {}
    ends = np.array([[variable.minimum, variable.maximum]], dtype=np.float32)
    made = getattr(Scenario(**weights, **{variable.name: ends}), variable.name)
    assert variable.minimum <= made.min() <= made.max() <= variable.maximum
    with pytest.raises(InputError, match="raster contains"):
        Scenario(**weights, **{variable.name: ends * np.float32(1.001)})


def test_a_weight_in_single_precision_is_not_less_than_the_same_as_a_number() -> None:
    saturated = np.array([[19.3]], dtype=np.float32)
    assert float(saturated[0, 0]) < 19.3
    Scenario(unit_weight_moist=19.3, unit_weight_saturated=saturated)
    with pytest.raises(InputError, match="less than the moist unit weight"):
        Scenario(unit_weight_moist=19.31, unit_weight_saturated=saturated)


def test_input_errors_are_meant_for_users() -> None:
    error = InputError("Cohesion", "is odd", "0 to 1", "Ask someone")
    assert isinstance(error, SlopecastError)
    assert str(error) == "Cohesion: is odd. Allowed: 0 to 1. Ask someone."
    assert error.parameter == "Cohesion"


@pytest.mark.parametrize(
    ("made", "marker"),
    [
        (lambda: Scenario(friction_angle=np.array([[0.0, 30.0]])), "0"),
        (lambda: Scenario(cohesion=np.array([[5.0, -9999.0]])), "-9999"),
        (lambda: Scenario(conductivity=np.array([[1e-6, 3.4e38]])), "3.4e+38"),
        (lambda: Scenario(friction_angle=np.array([[0.5, 0.7]])), ""),
        (lambda: Scenario(unit_weight_moist=np.array([[17600.0]])), ""),
        (lambda: Scenario(friction_angle=0.0), ""),
        (lambda: checked_spreads(Scenario(), {"cohesion": Spread(np.array([[1.0, -9999.0]]))}), "-9999"),
        (lambda: checked_spreads(Scenario(), {"cohesion": Spread(-1.0)}), ""),
        (lambda: Terrain.from_arrays(np.zeros((3, 3)), 9999.0, 5.0), "9999"),
        (lambda: Terrain.from_arrays(np.zeros((3, 3)), 150.0, 5.0), ""),
        (lambda: table_ratio(plane(30.0, (3, 3), 5.0, 2.0), np.full((3, 3), -9999.0), Feedback()), "-9999"),
    ],
)
def test_a_value_of_a_raster_that_may_mark_missing_data_is_named(made: Callable, marker: str) -> None:
    with pytest.raises(InputError) as caught:
        made()
    words = f"If {marker} marks missing data, declare it as NoData in the layer's properties."
    assert (words in str(caught.value)) if marker else ("missing data" not in str(caught.value))
