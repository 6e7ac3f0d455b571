"""Two equal runs write the same bytes: what changes from run to run belongs in the report."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from cases import ALL_ENGINE_RASTERS, ENGINE, NETWORK, OUT, PROBABILITY, ZONES, filled

RUNS = {
    "simulatefactorofsafety": {**ENGINE, **ALL_ENGINE_RASTERS},
    "predictfailuremask": {**NETWORK, "FACTOR_OF_SAFETY": OUT, "WATER_TABLE": OUT, "FAILURE_CLASS": OUT},
    "failureprobability": {**PROBABILITY, "MEAN_FACTOR_OF_SAFETY": OUT},
    "estimatesoildepth": {"DEM": "{dem}", "SOIL_DEPTH": OUT},
    "parametersfromzones": ZONES,
    "comparemasks": {"PREDICTED": "{zero_or_one}", "REFERENCE": "{zero_or_one}", "AGREEMENT": OUT},
}


@pytest.mark.parametrize("algorithm", RUNS)
def test_two_equal_runs_write_the_same_bytes(files, tmp_path, feedback, algorithm):
    import processing

    contents = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        given = filled(RUNS[algorithm], files, folder)
        processing.run(f"slopecast:{algorithm}", given, feedback=feedback)
        contents.append({path.name: path.read_bytes() for path in Path(folder).iterdir()})
        time.sleep(1.1 if number == 0 else 0.0)  # dates are written in seconds
    assert contents[0].keys() == contents[1].keys()
    assert any(name.endswith(".tif") for name in contents[0])
    assert not [name for name, content in contents[0].items() if content != contents[1][name]]
