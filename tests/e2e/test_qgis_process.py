"""The algorithms through ``qgis_process``, as scripts and batch jobs call them."""

import re

import pytest
from authoring import tutorial
from osgeo import gdal
from qgis_process import ROOT, QgisProcess


@pytest.fixture(scope="module")
def qgis(installed):
    """The plugin as installed from its zip."""
    return QgisProcess(installed)


@pytest.fixture(scope="module")
def example(qgis, tmp_path_factory):
    """A small example study area in a folder whose name has spaces and other letters than ASCII."""
    folder = tmp_path_factory.mktemp("Beispiel für Ansan 안산")
    return qgis.run("slopecast:exampledata", SIZE=96, OUTPUT_FOLDER=folder / "example")


def test_every_algorithm_is_listed(qgis):
    listed = qgis.call("list").stdout
    for name in (
        "predictfailuremask", "simulatefactorofsafety", "estimatesoildepth", "comparemasks", "exampledata",
        "checkenvironment", "failureprobability", "designrainfall", "parametersfromzones", "validateinventory",
        "countfailedcells",
    ):  # fmt: skip
        assert f"slopecast:{name}" in listed


@pytest.mark.parametrize("conductivity", ["1.3e-6", "4.4e-6"])
def test_the_main_job(qgis, example, tmp_path, conductivity):
    mask = tmp_path / "mask.tif"
    done = qgis.run(
        "slopecast:predictfailuremask", DEM=example["DEM"], SOIL_DEPTH=example["SOIL_DEPTH"],
        CONDUCTIVITY=conductivity, COHESION=4, FAILURE_MASK=mask,
    )  # fmt: skip
    assert 0 < done["FAILED_CELLS"] < done["VALID_CELLS"] == 96 * 96
    assert done["RELIABILITY"].split(":")[0] in ("trusted", "caution", "outside")
    raster = gdal.Open(str(mask))
    assert raster.GetRasterBand(1).GetNoDataValue() == 255
    provenance = raster.GetMetadata()
    assert float(provenance["SLOPECAST_CONDUCTIVITY"].split()[0]) == float(conductivity)  # to the last digit
    assert "unet-" in " ".join(provenance.values())
    assert mask.with_suffix(".qml").exists()


def test_network_and_engine_agree_on_the_example(qgis, example, tmp_path):
    inputs = {"DEM": example["DEM"], "SOIL_DEPTH": example["SOIL_DEPTH"], "COHESION": 10}
    qgis.run("slopecast:predictfailuremask", **inputs, FAILURE_MASK=tmp_path / "network.tif")
    qgis.run(
        "slopecast:simulatefactorofsafety", **inputs,
        FACTOR_OF_SAFETY=tmp_path / "fs.tif", FAILURE_MASK=tmp_path / "engine.tif",
    )  # fmt: skip
    compared = qgis.run(
        "slopecast:comparemasks", PREDICTED=tmp_path / "network.tif", REFERENCE=tmp_path / "engine.tif",
        AGREEMENT=tmp_path / "agreement.tif",
    )  # fmt: skip
    assert compared["TP"] > 50
    assert compared["IOU"] > 0.85


def test_bad_input_ends_with_the_text_and_no_file(qgis, example, tmp_path):
    mask = tmp_path / "mask.tif"
    arguments = (f"DEM={example['DEM']}", "CONDUCTIVITY=0.26", f"FAILURE_MASK={mask}")
    done = qgis.call("run", "slopecast:predictfailuremask", "--", *arguments)
    assert done.returncode != 0
    text = done.stdout + done.stderr
    assert "CONDUCTIVITY" in text
    assert "0.26" in text
    assert "86400" in text  # the way out of m/day
    assert list(tmp_path.iterdir()) == []


def test_the_commands_of_the_tutorial_run(installed, tmp_path):
    """Every command of the tutorial, in its order, on a smaller study area and with fewer draws."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    smaller = text.replace("--OUTPUT_FOLDER=example\n", "--OUTPUT_FOLDER=example --SIZE=100\n")
    assert smaller != text
    ran = tutorial.run(smaller.replace("--DRAWS=100", "--DRAWS=10"), tmp_path, installed)
    assert float(re.search(r"^IOU:\s+(\S+)$", ran, re.MULTILINE)[1]) >= 0
    made = {path.name for path in tmp_path.iterdir()}
    assert {"mask.tif", "mask.qml", "agreement.tif", "masks", "summary.csv", "probability.tif"} <= made


def test_the_tutorial_shows_what_its_commands_print():
    """A result below every step."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    shown = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    assert len(shown) == len(tutorial.steps(text)) == text.count("```sh")
    assert all(":\t" in result for result in shown), "run 'make docs RUN=--run'"
