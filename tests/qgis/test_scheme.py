"""SCHEME of the physics engine: exact by default, fast where only the end of the event is requested."""

from __future__ import annotations

import json

import numpy as np
import pytest
from cases import ENGINE, OUT, filled
from rasters import read_raster

FLOW = {**ENGINE, "LATERAL_ANISOTROPY": 50.0, "DURATION": 48.0, "FACTOR_OF_SAFETY": OUT}


def run(files, folder, feedback=None, **more) -> tuple[dict, dict, np.ndarray]:
    """Outputs, metadata and factor of safety of a run with a folder of its own."""
    import processing

    folder.mkdir()
    given = filled({**FLOW, **more}, files, folder)
    results = processing.run("slopecast:simulatefactorofsafety", given, feedback=feedback)
    fs, _, metadata = read_raster(results["FACTOR_OF_SAFETY"])
    return results, metadata, fs


@pytest.mark.parametrize("scheme", [1, "1", "fast", "FAST"])
def test_the_fast_scheme_is_named_in_log_and_metadata(scheme, files, tmp_path, feedback):
    results, metadata, _ = run(files, tmp_path / "a", feedback, SCHEME=scheme)
    assert metadata["SLOPECAST_SCHEME"].startswith("fast, ")
    assert json.loads(metadata["SLOPECAST_DIAGNOSTICS"])["scheme"] == metadata["SLOPECAST_SCHEME"]
    assert any(f"Scheme of lateral flow: {metadata['SLOPECAST_SCHEME']}" in line for line in feedback.lines)
    assert results["MASS_BALANCE_ERROR"] < 0.01


@pytest.mark.parametrize("given", [{}, {"SCHEME": 0}, {"SCHEME": "exact"}])
def test_the_exact_scheme_is_the_default(given, files, tmp_path):
    _, metadata, fs = run(files, tmp_path / "a", **given)
    assert metadata["SLOPECAST_SCHEME"] == "exact"
    np.testing.assert_array_equal(fs, run(files, tmp_path / "b")[2])


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"EDGES": "closed"},
        {"HYETOGRAPH": "{storm}"},
        {"RAINFALL_LAYER": "{unnamed}"},
        {"CONDUCTIVITY": 2e-5},
        {"FRONT_MOISTURE": "rain"},
    ],
    ids=lambda more: next(iter(more), "numbers"),
)
def test_masks_of_both_schemes_agree(more, files, tmp_path):
    (_, _, exact), (_, _, fast) = (run(files, tmp_path / str(n), **more, SCHEME=n) for n in (0, 1))
    known = exact != -9999
    assert np.array_equal(known, fast != -9999)
    one, other = exact[known] < 1.0, fast[known] < 1.0
    assert (one & other).sum() / max((one | other).sum(), 1) > 0.97


@pytest.mark.parametrize("more", [{"FAILURE_TIME": OUT}, {"FACTOR_OF_SAFETY_SERIES": OUT}, {"EVALUATE": "minimum"}])
def test_what_needs_the_whole_event_runs_exactly_and_is_noted(more, files, tmp_path, feedback):
    _, metadata, fast = run(files, tmp_path / "a", feedback, **more, SCHEME="fast")
    assert metadata["SLOPECAST_SCHEME"] == "exact"
    assert "exact scheme" in metadata["SLOPECAST_NOTES"]
    assert any("fast scheme cannot compute" in line for line in feedback.lines)
    np.testing.assert_array_equal(fast, run(files, tmp_path / "b", **more)[2])


def test_without_lateral_flow_there_is_nothing_to_choose(files, tmp_path):
    """The closed form of the column is exact."""
    _, metadata, _ = run(files, tmp_path / "a", LATERAL_FLOW=False, SCHEME="fast")
    assert metadata["SLOPECAST_SCHEME"] == "exact"
    assert metadata["SLOPECAST_MODEL"] == "column in closed form"
