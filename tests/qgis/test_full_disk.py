"""A limit on the size of files in the place of a full disk: an error, and the older results stay as they were."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from cases import ENGINE, filled
from qgis.core import QgsProcessingException
from slopecast.plugin.core.errors import InputError
from slopecast.plugin.core.grid import Grid

resource = pytest.importorskip("resource", reason="Windows has no such limits")

#: Algorithm, parameters with their outputs ({out} is the folder), and a change for the second run.
WRITERS = {
    "rasters": ("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": "{out}/fs.tif"}, {"COHESION": 7}),
    "ASCII grid": ("estimatesoildepth", {"DEM": "{dem}", "SOIL_DEPTH": "{out}/depth.asc"}, {"DEPTH_MAX": 2.0}),
    "map sheet, PDF": ("mapsheet", {"LAYER": "{dem}", "SHEET": "{out}/sheet.pdf"}, {"TITLE": "other"}),
    "map sheet, PNG": ("mapsheet", {"LAYER": "{dem}", "SHEET": "{out}/sheet.png"}, {"TITLE": "other"}),
    "map sheet, SVG": ("mapsheet", {"LAYER": "{dem}", "SHEET": "{out}/sheet.svg"}, {"TITLE": "other"}),
    "features, GeoPackage": (
        "countfailedcells", {"FAILURE_MASK": "{zero_or_one}", "FEATURES": "{zones}", "EXPOSURE": "{out}/e.gpkg"},
        {"DISTANCE": 20},
    ),
    "features, CSV": (
        "countfailedcells", {"FAILURE_MASK": "{zero_or_one}", "FEATURES": "{scars}", "EXPOSURE": "{out}/e.csv"},
        {"HAZARD_LIMITS": "0.1, 0.2"},
    ),
    "example data": ("exampledata", {"SIZE": 48, "OUTPUT_FOLDER": "{out}"}, {"SEED": 5}),
}  # fmt: skip


@contextlib.contextmanager
def files_up_to(size):
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.95])
@pytest.mark.parametrize("writer", WRITERS)
def test_a_file_that_does_not_fit(writer, share, files, tmp_path, gdal_exceptions):
    """Cut at a share of the size of the largest file."""
    import processing

    algorithm, parameters, change = WRITERS[writer]
    out = tmp_path / "out"
    out.mkdir()
    given = filled(parameters, {**files, "out": str(out)}, tmp_path)
    processing.run(f"slopecast:{algorithm}", given)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with (
        files_up_to(int(share * max(map(len, before.values())))),
        pytest.raises(QgsProcessingException, match=r"could not be written completely: \w"),
    ):
        processing.run(f"slopecast:{algorithm}", {**given, **change})
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_a_file_of_landslides_that_cannot_be_made_is_not_a_full_disk(tmp_path, gdal_exceptions):
    from slopecast.plugin.algorithms.example_data import _write_landslides

    grid = Grid(4, 4, (500000.0, 10.0, 0.0, 4_000_000.0, 0.0, -10.0), "")
    with pytest.raises(InputError, match=r"'slides.gpkg' could not be written completely: unable to open database"):
        _write_landslides(tmp_path / "missing" / "slides.gpkg", np.array([3]), grid)
