"""Tables through ``qgis_process``, from the installed plugin; the graphical models are offered there too."""

from __future__ import annotations

import csv

import pytest
from osgeo import gdal
from qgis_process import QgisProcess


@pytest.fixture(scope="module")
def qgis(installed):
    return QgisProcess(installed)


@pytest.fixture(scope="module")
def example(qgis, tmp_path_factory):
    return qgis.run("slopecast:exampledata", SIZE=64, OUTPUT_FOLDER=tmp_path_factory.mktemp("example ä"))


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A tiny untrained network: what is shown is the way of the values."""
    pytest.importorskip("torch")
    from tiny_networks import written

    return written(tmp_path_factory.mktemp("weights") / "tiny.safetensors")


def conductivity(path):
    return gdal.Open(str(path)).GetMetadata()["SLOPECAST_CONDUCTIVITY"]


def test_the_example_table_as_it_is(qgis, example, weights, tmp_path):
    """k of the published cases is the same in the table, the summary and the provenance."""
    folder, summary = tmp_path / "masks", tmp_path / "summary.csv"
    qgis.run(
        "slopecast:predictfromtable", DEM=example["DEM"], SOIL_DEPTH=example["SOIL_DEPTH"], TABLE=example["TABLE"],
        MODEL=weights, DEVICE="cpu", OUTPUT_FOLDER=folder, SUMMARY=summary,
        FAILURE_FREQUENCY=tmp_path / "frequency.tif", REPORT=tmp_path / "report.html",
    )  # fmt: skip
    with open(example["TABLE"], encoding="utf-8") as file:
        asked = {row["name"]: row["conductivity"] for row in csv.DictReader(file)}
    with summary.open(encoding="utf-8") as file:
        written = {row["name"]: row["conductivity"] for row in csv.DictReader(file)}
    assert {name: float(k) for name, k in asked.items()} == {name: float(k) for name, k in written.items()}
    for name, k in asked.items():
        assert conductivity(folder / f"{name}.tif") == f"{float(k):.10g} m/s"
    assert {asked["paper_a"], asked["paper_b"]} == {"1.3e-06", "4.4e-06"}


def test_all_errors_of_a_bad_table_are_listed(qgis, example, weights, tmp_path):
    table = tmp_path / "bad.csv"
    table.write_text("name,cohesion,conductivity\na,many,0.26\na,5,1e-6\n")
    done = qgis.call(
        "run", "slopecast:predictfromtable", "--", f"DEM={example['DEM']}", f"TABLE={table}", f"MODEL={weights}",
        f"OUTPUT_FOLDER={tmp_path / 'masks'}", f"SUMMARY={tmp_path / 's.csv'}",
    )  # fmt: skip
    assert done.returncode != 0
    text = done.stdout + done.stderr
    for words in ("row 1, column 'cohesion'", "row 1, column 'conductivity'", "row 2, column 'name'"):
        assert words in text
    assert [p.name for p in tmp_path.iterdir()] == ["bad.csv"]


def test_models_are_offered(qgis):
    """With their steps: the help lists what the last one writes."""
    done = qgis.call("help", "slopecast:model_return_periods")
    assert "FIRST_FAILURE" in done.stdout
    assert "masks:" not in done.stdout
