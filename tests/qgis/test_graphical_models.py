"""The graphical models: offered by the provider, whole, and right on a small study area."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    NULL,
    QgsApplication,
    QgsProcessingException,
    QgsProcessingModelAlgorithm,
    QgsVectorLayer,
)
from rasters import read_raster, write_raster
from slopecast.plugin.algorithms.locations import MODELS
from slopecast.plugin.provider import SlopecastProvider
from vectors import square, write_vectors

OUTPUTS = {
    "model_failed_areas": {"FAILED_AREAS", "PREDICTED_MASK", "FACTOR_OF_SAFETY", "ESTIMATED_SOIL_DEPTH"},
    "model_return_periods": {"OUTPUT_FOLDER", "FIRST_FAILURE", "SUMMARY", "REPORT"},
    "model_exposure": {"EXPOSURE"},
}
#: Inputs that differ from the algorithms' own, e.g. in being optional.
OF_ITS_OWN = {"model_failed_areas": {"FAILURE_MASK", "DEM", "METHOD", "SMALLEST_AREA"}, "model_return_periods": set()}
OF_QGIS = {"CHILD_INPUTS", "CHILD_RESULTS"}  # what a model adds to its results
WEAK = {"COHESION": 4, "FRICTION_ANGLE": 18, "DEVICE": "cpu"}


def provider():
    return QgsApplication.processingRegistry().providerById("slopecast")


def run(name, parameters, feedback=None):
    import processing

    return processing.run(f"slopecast:{name}", parameters, feedback=feedback)


def features(layer):
    layer = QgsVectorLayer(layer, "l", "ogr") if isinstance(layer, str) else layer
    assert layer.isValid()
    return list(layer.getFeatures())


def test_models_are_offered_with_help():
    """Under fixed ids, in a group of their own, their inputs and outputs explained; the files are models of QGIS."""
    models = {a.name(): a for a in provider().algorithms() if a.groupId() == "graphical_models"}
    assert {path.stem for path in MODELS.glob("*.model3")} == {name.removeprefix("model_") for name in models}
    assert set(models) == set(OUTPUTS)
    for name, model in models.items():
        assert model.displayName()
        assert not model.displayName().startswith("model_")
        made = model.create()
        assert {p.name() for p in made.parameterDefinitions() if p.isDestination()} == OUTPUTS[name]
        first = next(p for p in made.parameterDefinitions() if not p.isDestination())
        assert first.name() in ("DEM", "FAILURE_MASK")
        text = made.shortHelpString()
        for definition in made.parameterDefinitions():
            assert definition.description() in text
        assert all(f"<h3>{p.description()}</h3>\n<p></p>" not in text for p in made.parameterDefinitions())
        plain = QgsProcessingModelAlgorithm()
        assert plain.fromFile(str(MODELS / f"{name.removeprefix('model_')}.model3"))
        assert plain.validate()[0]
        steps = {child.algorithmId() for child in plain.childAlgorithms().values()}
        assert all(step.split(":")[0] in ("native", "slopecast") for step in steps)


def test_models_survive_a_refresh_and_do_not_double():
    """Processing refreshes providers when its settings change."""
    before = sorted(a.id() for a in provider().algorithms())
    provider().refreshAlgorithms()
    assert sorted(a.id() for a in provider().algorithms()) == before
    assert len(set(before)) == len(before)


def test_provider_without_qgis_own_algorithms_has_no_broken_models():
    """A model is not offered before the algorithms that it chains are there."""
    lone = SlopecastProvider()
    lone.refreshAlgorithms()
    assert lone.algorithm("predictfailuremask")


@pytest.mark.parametrize("name", ["model_failed_areas", "model_return_periods"])
def test_inputs_of_models_are_those_of_the_algorithms(name):
    """Help, default and decimals are up to date ('make models' copies them): k keeps its ten in a model too."""
    model = provider().algorithm(name)
    assert model.parameterDefinition("CONDUCTIVITY").metadata()["widget_wrapper"]["decimals"] == 10
    known = {}
    for algorithm in ("estimatesoildepth", "designrainfall", "predictfailuremask"):
        known.update({p.name(): p for p in provider().algorithm(algorithm).parameterDefinitions()})
    for definition in model.parameterDefinitions():
        if definition.isDestination() or definition.name() in OF_ITS_OWN[name]:
            continue
        copied, original = definition, known[definition.name()]
        outputs = [
            (p.description(), p.defaultValue(), p.metadata(), bool(p.flags() & p.Flag.FlagOptional))
            for p in (copied, original)
        ]
        assert outputs[0] == outputs[1]


def test_help_of_a_soil_depth_left_out_names_the_models_own_estimate():
    text = provider().algorithm("model_failed_areas").parameterDefinition("SOIL_DEPTH").help()
    assert "estimated by the method below" in text
    assert "from slope" not in text


@pytest.mark.parametrize("conductivity", [1.3e-6, 4.4e-6])
def test_failed_areas(files, tmp_path, feedback, conductivity):
    """Polygons cover the failed cells, each group once, and give area and mean factor of safety."""
    done = run(
        "model_failed_areas",
        {"DEM": files["dem"], "MODEL": files["weights"], "CONDUCTIVITY": conductivity, **WEAK,
         "FAILED_AREAS": str(tmp_path / "areas.gpkg"), "PREDICTED_MASK": str(tmp_path / "mask.tif"),
         "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif"), "ESTIMATED_SOIL_DEPTH": str(tmp_path / "depth.tif")},
        feedback,
    )  # fmt: skip
    mask, _, metadata = read_raster(tmp_path / "mask.tif")
    fs, _, _ = read_raster(tmp_path / "fs.tif")
    assert float(metadata["SLOPECAST_CONDUCTIVITY"].split()[0]) == conductivity
    failed = mask == 1
    assert failed.any()
    areas = features(done["FAILED_AREAS"])
    assert sum(f["cells"] for f in areas) == failed.sum()
    assert sum(f["area_m2"] for f in areas) == pytest.approx(100.0 * failed.sum())
    assert len(areas) == groups(failed)
    assert min(f["min_fs"] for f in areas) == pytest.approx(fs[failed].min(), rel=1e-5)
    assert all(f["min_fs"] <= f["mean_fs"] < 1.0 for f in areas)
    mean = sum(f["mean_fs"] * f["cells"] for f in areas) / failed.sum()
    assert mean == pytest.approx(fs[failed].mean(), rel=1e-4)
    large = run(
        "model_failed_areas",
        {"DEM": files["dem"], "MODEL": files["weights"], "CONDUCTIVITY": conductivity, **WEAK, "SMALLEST_AREA": 1000,
         "FAILED_AREAS": str(tmp_path / "large.gpkg")},
    )  # fmt: skip
    kept = features(large["FAILED_AREAS"])
    assert sorted(f["area_m2"] for f in kept) == sorted(f["area_m2"] for f in areas if f["area_m2"] >= 1000)


@pytest.mark.parametrize("given", ["DEM", "DEM and soil depth", "mask"])
def test_failed_areas_of_the_example_at_the_defaults(given, tmp_path, feedback):
    """What is given is neither predicted nor estimated again."""
    example = run("exampledata", {"SIZE": 400 if given == "DEM" else 120, "OUTPUT_FOLDER": str(tmp_path / "example")})
    inputs, mask = {"DEM": example["DEM"]}, tmp_path / "mask.tif"
    made = "FACTOR_OF_SAFETY", "ESTIMATED_SOIL_DEPTH"
    outputs = dict.fromkeys(made, "TEMPORARY_OUTPUT") | {"PREDICTED_MASK": str(mask)}
    if given != "DEM":
        inputs["SOIL_DEPTH"] = example["SOIL_DEPTH"]
    if given == "mask":
        run("simulatefactorofsafety", {**inputs, "FACTOR_OF_SAFETY": "TEMPORARY_OUTPUT", "FAILURE_MASK": str(mask)})
        inputs, outputs = {"FAILURE_MASK": str(mask)}, dict.fromkeys(("PREDICTED_MASK", *made), "TEMPORARY_OUTPUT")
    done = run("model_failed_areas", {**inputs, **outputs, "FAILED_AREAS": str(tmp_path / "areas.gpkg")}, feedback)
    failed = read_raster(mask)[0] == 1
    areas = features(done["FAILED_AREAS"])
    assert len(areas) == groups(failed) > 0
    assert sum(f["cells"] for f in areas) == failed.sum()
    assert ("FACTOR_OF_SAFETY" in done) == (given != "mask")
    assert ("ESTIMATED_SOIL_DEPTH" in done) == (given == "DEM")
    assert all((f["mean_fs"] == NULL) == (given == "mask") for f in areas)


@pytest.mark.parametrize("given", ["DEM", "mask"])
@pytest.mark.parametrize("skip", ["left out", None, ""])
def test_outputs_that_are_not_asked_for_are_skipped(given, skip, files, tmp_path, feedback):
    """The polygons alone, with their factor of safety; nothing else is reported."""
    others = ("PREDICTED_MASK", "FACTOR_OF_SAFETY", "ESTIMATED_SOIL_DEPTH")
    inputs = {"DEM": files["dem"], "MODEL": files["weights"], **WEAK}
    if given == "mask":
        mask = np.zeros((9, 9))
        mask[2:4, 5] = 1.0
        inputs = {"FAILURE_MASK": str(write_raster(tmp_path / "mask.tif", mask))}
    skipped = {} if skip == "left out" else dict.fromkeys(others, skip)
    done = run("model_failed_areas", {**inputs, **skipped, "FAILED_AREAS": str(tmp_path / "a.gpkg")}, feedback)
    assert set(done) - OF_QGIS == {"FAILED_AREAS"}
    areas = features(done["FAILED_AREAS"])
    assert areas
    assert all((f["mean_fs"] == NULL) == (given == "mask") for f in areas)


def test_the_masks_of_return_periods_alone(files, tmp_path, feedback):
    """Without first failure and report, and the summary in their folder; the forms of QGIS offer a file for it."""
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "MODEL": files["weights"], **WEAK, "DURATION": 12}
    done = run("model_return_periods", {**given, "OUTPUT_FOLDER": str(tmp_path / "masks")}, feedback)
    made = {key for key, value in done.items() if value}
    assert made - OF_QGIS == {"OUTPUT_FOLDER", "SUMMARY"}
    assert len(list((tmp_path / "masks").glob("*.tif"))) == 4
    model = provider().algorithm("model_return_periods")
    offered = {p.name() for p in model.parameterDefinitions() if p.isDestination() and p.createByDefault()}
    assert offered == {"OUTPUT_FOLDER", "FIRST_FAILURE", "SUMMARY"}


def test_failed_areas_of_nothing_are_refused(tmp_path):
    with pytest.raises(QgsProcessingException):
        run("model_failed_areas", {"FAILED_AREAS": str(tmp_path / "a.gpkg")})


def test_least_fs_of_single_cells_is_none_of_a_neighbour_s(files, tmp_path):
    done = run(
        "model_failed_areas",
        {"DEM": files["dem"], "MODEL": files["weights"], "COHESION": 3, "FRICTION_ANGLE": 24, "DEVICE": "cpu",
         "FAILED_AREAS": str(tmp_path / "areas.gpkg")},
    )  # fmt: skip
    single = [f for f in features(done["FAILED_AREAS"]) if f["cells"] == 1]
    assert single
    assert all(f["min_fs"] == f["mean_fs"] for f in single)


def test_failed_areas_of_a_grid_without_coordinate_system(files, tmp_path):
    """A plain ASCII grid goes through every step."""
    dem = str(tmp_path / "dem.asc")
    gdal.Translate(dem, files["dem"], format="AAIGrid")
    (tmp_path / "dem.prj").unlink()
    done = run(
        "model_failed_areas",
        {"DEM": dem, "MODEL": files["weights"], **WEAK, "FAILED_AREAS": str(tmp_path / "areas.gpkg"),
         "PREDICTED_MASK": str(tmp_path / "mask.tif")},
    )  # fmt: skip
    failed = read_raster(tmp_path / "mask.tif")[0] == 1
    areas = features(done["FAILED_AREAS"])
    assert failed.any()
    assert sum(f["cells"] for f in areas) == failed.sum()
    assert sum(f["area_m2"] for f in areas) == pytest.approx(100.0 * failed.sum())


def test_failed_areas_where_nothing_fails(files, tmp_path, feedback):
    """An empty layer, no error."""
    done = run(
        "model_failed_areas",
        {"DEM": files["dem"], "MODEL": files["weights"], "COHESION": 200, "DEVICE": "cpu",
         "FAILED_AREAS": str(tmp_path / "areas.gpkg")},
    )  # fmt: skip
    assert features(done["FAILED_AREAS"]) == []


def test_return_periods_by_the_physics_engine(files, tmp_path, feedback):
    """Design storms are often more intense than the training's, for which the engine is advised."""
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "DURATION": 1, "SOLVER": 1, **WEAK}
    given.update(OUTPUT_FOLDER=str(tmp_path / "masks"), FIRST_FAILURE=str(tmp_path / "first.tif"))
    run("model_return_periods", given, feedback)
    assert read_raster(tmp_path / "first.tif")[2]["SLOPECAST_SOLVER"].startswith("physics engine")


def test_return_periods(files, tmp_path, feedback):
    """Four masks of growing rain from the curve, and one map whose legend names the return periods."""
    folder = tmp_path / "masks"
    done = run(
        "model_return_periods",
        {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "MODEL": files["weights"], "CONDUCTIVITY": 1.3e-6, **WEAK,
         "DURATION": 12, "OUTPUT_FOLDER": str(folder), "SUMMARY": str(tmp_path / "summary.gpkg"),
         "FIRST_FAILURE": str(tmp_path / "first.tif"), "REPORT": str(tmp_path / "report.html")},
        feedback,
    )  # fmt: skip
    rows = features(done["SUMMARY"])
    assert [r["name"] for r in rows] == ["10 years", "50 years", "100 years", "200 years"]
    assert {r["conductivity"] for r in rows} == {1.3e-6}
    for row, years in zip(rows, (10, 50, 100, 200)):
        rain = run("designrainfall", {"RETURN_PERIOD": years, "DURATION": 12})["RAINFALL"]
        assert row["rainfall"] == pytest.approx(rain, rel=1e-12)
        assert Path(row["file"]).exists()
        assert Path(row["file"]).with_suffix(".qml").exists()
    first, nodata, _ = read_raster(tmp_path / "first.tif")
    masks = np.stack([read_raster(folder / f"{r['name']}.tif")[0] == 1 for r in rows])
    known = first != nodata
    assert (first[known] == np.where(masks.any(0), masks.argmax(0) + 1, 0)[known]).all()
    assert "fails first in scenario '100 years'" in unescape((tmp_path / "first.qml").read_text(encoding="utf-8"))
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<h1>Failure masks: 10 years, 50 years, 100 years, 200 years</h1>" in html
    for row in rows:
        assert f"<td>{row['rainfall']:.3g}</td>" in html  # no digits that mean nothing
    assert "conductivity limits infiltration" in html  # 1.3e-6 m/s are 4.7 mm/h


def test_exposure(tmp_path, feedback):
    """Cells are counted in polygons and near lines and points, also from another coordinate system; nothing is lost."""
    mask = np.zeros((48, 48))
    mask[:, :10] = 1.0  # x 200 000 to 200 100
    mask[40:] = np.nan
    raster = str(write_raster(tmp_path / "mask.tif", mask))
    basins = write_vectors(
        tmp_path / "basins.gpkg",
        [(square(200_050, 559_800, 200_150, 559_900), {"rock": "granite"}),
         (square(200_300, 559_700, 200_400, 559_800), {"rock": "gneiss"}),
         (square(0, 0, 100, 100), {"rock": "far"})],
    )  # fmt: skip
    roads = write_vectors(
        tmp_path / "roads.gpkg", [("LINESTRING (200050 559900, 200050 559800)", {"id": 7})]
    )  # fmt: skip
    found = features(
        run("model_exposure", {"FAILURE_MASK": raster, "FEATURES": str(basins), "DISTANCE": 10,
                               "EXPOSURE": str(tmp_path / "b.gpkg")}, feedback)["EXPOSURE"]
    )  # fmt: skip
    assert [f["rock"] for f in found] == ["granite", "gneiss", "far"]
    assert [f["failed_cells"] for f in found] == [50, 0, 0]
    assert [f["valid_cells"] for f in found] == [100, 100, 0]
    assert found[0]["failed_share"] == pytest.approx(0.5)
    assert found[0]["failed_area_m2"] == pytest.approx(5000.0)
    assert found[0].geometry().area() == pytest.approx(10_000.0)
    near = features(
        run("model_exposure", {"FAILURE_MASK": raster, "FEATURES": str(roads),
                               "EXPOSURE": str(tmp_path / "r.gpkg")})["EXPOSURE"]
    )  # fmt: skip
    assert near[0]["failed_cells"] == near[0]["valid_cells"] > 15
    assert near[0].geometry().length() == pytest.approx(100.0)  # still the road
    assert near[0]["id"] == 7
    import processing

    moved = str(tmp_path / "degrees.gpkg")
    processing.run("native:reprojectlayer", {"INPUT": str(basins), "TARGET_CRS": "EPSG:4326", "OUTPUT": moved})
    other = features(
        run("model_exposure", {"FAILURE_MASK": raster, "FEATURES": moved, "DISTANCE": 10,
                               "EXPOSURE": str(tmp_path / "d.gpkg")})["EXPOSURE"]
    )  # fmt: skip
    assert [f["failed_cells"] for f in other] == [50, 0, 0]
    assert [f["valid_share"] for f in other] == [1, 1, 0]


def test_exposure_counts_only_what_the_mask_judges(tmp_path, feedback):
    """Half a polygon without mask, or beyond it, adds no failed area, and its valid share is given."""
    mask = np.zeros((48, 48))
    mask[:, :10] = 1.0  # x 200 000 to 200 100
    mask[40:] = np.nan  # y below 559 600
    raster = str(write_raster(tmp_path / "mask.tif", mask))
    places = [(200_000, 559_500, 200_100, 559_700), (199_900, 559_800, 200_100, 559_900),
              (200_020, 559_550, 200_090, 559_590), (200_031, 559_892, 200_033, 559_894)]  # fmt: skip
    basins = write_vectors(tmp_path / "basins.gpkg", [(square(*place), {"n": n}) for n, place in enumerate(places)])
    found = features(
        run("model_exposure", {"FAILURE_MASK": raster, "FEATURES": str(basins), "DISTANCE": 10,
                               "EXPOSURE": str(tmp_path / "b.gpkg")}, feedback)["EXPOSURE"]
    )  # fmt: skip
    assert [f["valid_cells"] for f in found] == [100, 100, 0, 1]
    assert [f["failed_cells"] for f in found] == [100, 100, 0, 1]
    assert [f["valid_share"] for f in found] == [0.5, 0.5, 0.0, 1.0]
    assert [None if f["failed_share"] == NULL else f["failed_share"] for f in found] == [1.0, 1.0, None, 1.0]
    areas = [None if f["failed_area_m2"] == NULL else f["failed_area_m2"] for f in found]
    assert areas == [10_000.0, 10_000.0, None, 100.0]


def groups(failed):
    """Number of groups of cells that share a side."""
    left = {tuple(cell) for cell in np.argwhere(failed)}
    count = 0
    while left:
        count += 1
        edge = [left.pop()]
        while edge:
            row, col = edge.pop()
            for cell in ((row - 1, col), (row + 1, col), (row, col - 1), (row, col + 1)):
                if cell in left:
                    left.remove(cell)
                    edge.append(cell)
    return count


def test_outputs_have_plain_names_that_differ_from_the_inputs():
    """As on the command line: no step's name before them; titles in words."""
    for algorithm in provider().algorithms():
        if algorithm.groupId() != "graphical_models":
            continue
        inputs = {p.name() for p in algorithm.parameterDefinitions() if not p.isDestination()}
        outputs = {o.name(): o.description() for o in algorithm.outputDefinitions()}
        assert set(outputs) == OUTPUTS[algorithm.name()]
        assert not inputs & set(outputs)
        assert all(name.isidentifier() and title and title != name for name, title in outputs.items())
