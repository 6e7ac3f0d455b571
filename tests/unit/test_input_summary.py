"""The lines that describe a run's inputs: amounts in a wrong unit stand out beside soils and storms."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core import input_summary
from slopecast.plugin.core.input_summary import scenario_summary, table_summary, terrain_summary
from slopecast.plugin.core.presets import PRESETS
from slopecast.plugin.core.rainfall import Hyetograph
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain


def test_rain_beside_thresholds():
    """2.20 x 24^0.56 = 13 mm and 14.82 x 24^0.61 = 103 mm."""
    rain, _ = scenario_summary(Scenario(rainfall=5.0, duration=24.0))
    assert rain == (
        "Rain: 5 mm/h for 24 h, 120 mm in total. Shallow-landslide thresholds for this duration: 13 mm (Guzzetti et "
        "al. 2008) and 100 mm (Caine 1980)."
    )


def test_rain_in_inches_and_duration_in_days():
    """0.2 in/h entered as mm/h, and a day entered as 1 h, are below each threshold."""
    assert scenario_summary(Scenario(rainfall=0.2))[0].startswith("Rain: 0.2 mm/h for 24 h, 4.8 mm in total.")
    short = scenario_summary(Scenario(rainfall=2.0, duration=1.0))[0]
    assert short.startswith("Rain: 2 mm/h for 1 h, 2 mm in total.")
    assert "2.2 mm (Guzzetti et al. 2008) and 15 mm (Caine 1980)" in short


def test_thresholds_within_their_durations():
    """Caine's holds up to 10 days."""
    assert "Caine" in scenario_summary(Scenario(duration=240.0))[0]
    assert "Caine" not in scenario_summary(Scenario(duration=241.0))[0]
    assert "Caine" not in scenario_summary(Scenario(duration=0.1))[0]


def test_rain_of_a_hyetograph_and_of_a_raster():
    """Its total and peak; percentiles of the known cells, and the total at their median."""
    storm = Scenario(hyetograph=Hyetograph((6.0, 12.0, 24.0), (10.0, 0.0, 5.0)))
    assert scenario_summary(storm)[0].startswith("Rain: 120 mm in 24 h, at most 10 mm/h.")
    rain = np.where(np.eye(101) > 0.0, np.nan, np.linspace(0.0, 10.0, 101)[np.newaxis])
    found = scenario_summary(Scenario(rainfall=rain, duration=10.0))[0]
    assert found.startswith("Rain: 0.5 to 9.5 mm/h (5th to 95th percentile of the raster) for 10 h, 50 mm in total")


@pytest.mark.parametrize(
    ("conductivity", "line"),
    [
        (3e-6, "3e-06 m/s (10.8 mm/h), as 'Sandy loam' (mean 3.03e-06 m/s, Rawls et al. 1983)."),
        (3e-4, "0.0003 m/s (1080 mm/h), 9.2 x that of 'Sand' (mean 3.27e-05 m/s, Rawls et al. 1983)."),
        (1e-9, "1e-09 m/s (0.0036 mm/h), 0.012 x that of 'Clay' (mean 8.33e-08 m/s, Rawls et al. 1983)."),
    ],
)
def test_conductivity_beside_textures(conductivity, line):
    """Between the textures' means the nearest one, beyond them how far off."""
    assert scenario_summary(Scenario(conductivity=conductivity))[1] == "Saturated hydraulic conductivity: " + line


def test_each_texture_is_as_itself():
    """Or as another one with the same mean."""
    for preset in PRESETS:
        if preset.group == "texture":
            rate = preset.values["CONDUCTIVITY"]
            assert f"(mean {rate:g} m/s" in scenario_summary(Scenario(conductivity=rate))[1]


def test_conductivity_of_a_raster():
    """At its median."""
    line = scenario_summary(Scenario(conductivity=np.array([[1e-6, 1e-5], [np.nan, 1e-4]])))[1]
    assert "1e-05 m/s (36 mm/h) at the median of the raster, as 'Loamy sand'" in line


@pytest.mark.parametrize("known", [np.s_[:, :], np.s_[3:4, 5:9]])
def test_large_rasters_are_read_at_some_of_their_cells(monkeypatch, known):
    """At all of them where those have no value."""
    monkeypatch.setattr(input_summary, "_SAMPLE", 100)
    conductivity = np.full((200, 300), np.nan)
    conductivity[known] = 2e-6
    line = scenario_summary(Scenario(conductivity=conductivity))[1]
    assert "2e-06 m/s (7.2 mm/h) at the median of the raster" in line


def test_ranges_of_a_table():
    """One line for all rows."""
    rows = [Scenario(rainfall=2.0, conductivity=3e-6), Scenario(rainfall=5.0, duration=48.0, conductivity=3e-4)]
    line = table_summary(rows)
    assert line.startswith(
        "Range of the scenarios: 48 to 240 mm of rain in 24 to 48 h; saturated hydraulic conductivity 3e-06 to 0.0003 "
        "m/s (10.8 to 1080 mm/h), least: as 'Sandy loam'"
    )
    assert "greatest: 9.2 x that of 'Sand'" in line
    assert "48 mm of rain in 24 h; saturated hydraulic conductivity 3e-06 m/s (10.8" in table_summary(rows[:1])


def test_terrain_in_a_line():
    """A plane of 45 deg: its range, slope and depth."""
    elevation = np.repeat(np.arange(20.0)[np.newaxis] * 10.0 + 100.0, 20, axis=0)
    whole = (
        "Terrain: elevation 100 to 290 m, median slope 45 deg, median soil depth 1.5 m (5th to 95th percentile 1.5 to "
        "1.5 m)."
    )
    assert terrain_summary(Terrain.from_arrays(elevation, 1.5, 10.0)) == whole
    depth = np.where(np.arange(400).reshape(20, 20) < 12, 0.0, 1.5)  # the percentiles do not show them
    assert terrain_summary(Terrain.from_arrays(elevation, depth, 10.0)) == (
        f"{whole} The soil depth is 0 m (bare rock) in 3 % of the cells."
    )
