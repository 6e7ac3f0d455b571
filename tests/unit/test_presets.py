"""The presets: possible values, each with its source."""

import pytest
from slopecast.plugin.core.presets import GROUPS, PRESETS
from slopecast.plugin.core.scenario import Scenario


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.label)
def test_presets_are_possible_and_have_a_source(preset):
    Scenario.from_mapping(preset.values)
    assert preset.source
    assert preset.group in GROUPS
    assert all(len(repr(value)) <= 8 for value in preset.values.values())  # as people would write it


def test_the_published_cases():
    cases = [preset.values for preset in PRESETS if preset.group == "case"]
    assert [case["CONDUCTIVITY"] for case in cases] == [1.3e-6, 4.4e-6]
    assert [case["FRICTION_ANGLE"] for case in cases] == [26.6, 23.0]


def test_a_texture_s_conductivity_is_in_metres_per_second():
    loam = next(preset for preset in PRESETS if preset.label == "Sandy loam")
    assert loam.values == {"CONDUCTIVITY": 3.03e-6, "SUCTION_HEAD": 0.1101}
