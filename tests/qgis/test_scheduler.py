"""SCHEDULER of the algorithms that take one: the same outputs as without, and refusals in words."""

from __future__ import annotations

import pytest

pytest.importorskip("distributed", reason="distributed, of requirements-dev.txt, is not installed")

import numpy as np
from cases import OUT
from clusters import processes
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException
from rasters import read_raster
from test_windows import AREA, Lines, area, in_windows  # noqa: F401
from test_windows import run as run_in

TAKING_ONE = (
    "predictfailuremask", "simulatefactorofsafety", "predictfromtable", "failureprobability", "builddataset",
    "calibratetoinventory",
)  # fmt: skip
WATER = {"CONDUCTIVITY_SD": 1e-6, "DRAWS": 2, "METHOD": 1, "FAILURE_PROBABILITY": OUT}
SCENARIOS = {
    "engine": ("simulatefactorofsafety", {"CONDUCTIVITY_LAYER": "{shifted}", "FACTOR_OF_SAFETY": OUT,
                                          "FAILURE_TIME": OUT, "FACTOR_OF_SAFETY_SERIES": OUT, "DURATION": 2}),
    "engine, passes": ("simulatefactorofsafety", {"CONDUCTIVITY": 1e-5, "LATERAL_ANISOTROPY": 20, "DURATION": 1,
                                                  "FACTOR_OF_SAFETY": OUT}),
    "column": ("simulatefactorofsafety", {"LATERAL_FLOW": False, "FACTOR_OF_SAFETY": OUT, "RUNOFF": OUT}),
    "network": ("predictfailuremask", {"MODEL": "{weights}", "DEVICE": "cpu", "CONDUCTIVITY": 1e-5, "FAILURE_MASK": OUT,
                                       "MODEL_CONFIDENCE": OUT, "ENGINE_AGREEMENT": OUT, "DURATION": 2}),
    "first order": ("failureprobability", {"METHOD": 2, "COHESION_SD": 1, "CONDUCTIVITY_SD": 1e-6, "DURATION": 2,
                                           "FAILURE_PROBABILITY": OUT}),
    "draws": ("failureprobability", {**WATER, "DURATION": 1, "COHESION_SD_LAYER": "{coarse}"}),
}  # fmt: skip
TABLE = "name,cohesion,rainfall\na,4,9\nb,4,12\nc,9,9\nd,9,12\n"


@pytest.fixture(scope="module", autouse=True)
def plain_numpy(tmp_path_factory):
    """Compiling the kernels would take the workers longer than all the rest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLOPECAST_NUMBA", "0")
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with processes(tmp_path_factory.mktemp("cluster"), 2) as found:
        yield found


def run(algorithm, parameters, feedback=None):
    import processing

    return processing.run(f"slopecast:{algorithm}", parameters, feedback=feedback)


@pytest.mark.slow
def test_masks_of_a_table_are_the_same(files, address, tmp_path, feedback):
    (tmp_path / "t.csv").write_text(TABLE)
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": str(tmp_path / "t.csv"), "SOLVER": "engine"}
    masks = {}
    for name, scheduler in (("here", ""), ("there", address)):
        folder = tmp_path / name
        outputs = {
            "OUTPUT_FOLDER": str(folder), "SUMMARY": str(tmp_path / f"{name}.csv"),
            "FIRST_FAILURE": str(tmp_path / f"{name}.tif"),
        }  # fmt: skip
        run("predictfromtable", {**given, **outputs, "SCHEDULER": scheduler}, feedback)
        masks[name] = [read_raster(folder / f"{row}.tif")[0] for row in "abcd"] + [
            read_raster(tmp_path / f"{name}.tif")[0]
        ]
        assert sorted(file.name for file in folder.iterdir()) == sorted(
            f"{row}.{end}" for row in "abcd" for end in ("tif", "qml")
        )
    np.testing.assert_array_equal(masks["here"], masks["there"])
    assert any("2 workers" in line for line in feedback.lines)


@pytest.mark.slow
@pytest.mark.parametrize("spreads", [{"CONDUCTIVITY_SD": 1e-6}, {"SOIL_DEPTH_SD": 0.3, "COHESION_SD": 2}])
def test_probabilities_are_the_same(spreads, files, address, tmp_path):
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "METHOD": "engine", "DRAWS": 6, **spreads}
    found = []
    for name, scheduler in (("here", ""), ("there", address)):
        path = tmp_path / f"{name}.tif"
        run("failureprobability", {**given, "FAILURE_PROBABILITY": str(path), "SCHEDULER": scheduler})
        found.append(read_raster(path)[0])
    np.testing.assert_array_equal(*found)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["here.qml", "here.tif", "there.qml", "there.tif"]


@pytest.mark.slow
def test_a_data_set_is_built_on_workers(files, address, tmp_path):
    (tmp_path / "t.csv").write_text(TABLE)
    done = run("builddataset", {"DESIGN": "table", "DEM": files["dem"], "SOIL_DEPTH": files["depth"],
                                "TABLE": str(tmp_path / "t.csv"), "OUTPUT_FOLDER": str(tmp_path / "set"),
                                "SCHEDULER": address})  # fmt: skip
    assert done["CASE_COUNT"] == 4


@pytest.mark.slow
def test_a_calibration_is_the_same(files, address, tmp_path):
    given = {"DEM": files["dem"], "SOIL_DEPTH": files["depth"], "LANDSLIDES": files["points"], "SETS": 10}
    found = []
    for name, scheduler in (("here", ""), ("there", address)):
        done = run("calibratetoinventory", {**given, "SUSCEPTIBILITY": str(tmp_path / f"{name}.tif"),
                                            "SCHEDULER": scheduler})  # fmt: skip
        found.append((read_raster(tmp_path / f"{name}.tif")[0], done["AUC"], done["BEST_SET"]))
    np.testing.assert_array_equal(found[0][0], found[1][0])
    assert found[0][1:] == found[1][1:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("case", "windows"), [*((case, True) for case in SCENARIOS), ("engine", False), ("network", False)]
)
def test_workers_give_the_maps_of_one_process(case, windows, area, address, tmp_path, monkeypatch):  # noqa: F811
    algorithm, parameters = SCENARIOS[case]
    if windows:
        in_windows(monkeypatch)
    found, log = [], Lines()
    for name, scheduler in (("here", ""), ("there", address)):
        found.append(run_in(algorithm, {**AREA, **parameters, "SCHEDULER": scheduler}, area, tmp_path / name, log))
    assert f"Scheduler {address}: 2 workers." in log.lines
    assert any("windows are stepped in passes" in line for line in log.lines) == (windows and case != "column")
    for key, value in found[0].items():
        if str(value).endswith(".tif"):
            np.testing.assert_array_equal(*(read_raster(one[key])[0] for one in found), err_msg=key)
        elif key not in ("SECONDS", "SOLVER_USED"):
            assert found[1][key] == value, key
    assert len({tuple(sorted(file.name for file in (tmp_path / name).iterdir())) for name in ("here", "there")}) == 1


@pytest.mark.parametrize("algorithm", TAKING_ONE)
@pytest.mark.parametrize("given", ["8786", "http://127.0.0.1:8786", "tcp://nowhere"])
def test_what_is_no_address_is_refused_before_the_run(algorithm, given, files, tmp_path):
    (tmp_path / "t.csv").write_text(TABLE)
    parameters = {
        "DEM": files["dem"], "SOIL_DEPTH": files["depth"], "TABLE": str(tmp_path / "t.csv"), "DESIGN": "table",
        "LANDSLIDES": files["points"], "OUTPUT_FOLDER": str(tmp_path / "out"), "SUMMARY": "TEMPORARY_OUTPUT",
        "SCHEDULER": given,
    }  # fmt: skip
    made = QgsApplication.processingRegistry().createAlgorithmById(f"slopecast:{algorithm}")
    good, reason = made.checkParameterValues(parameters, QgsProcessingContext())
    assert not good
    assert f"Scheduler (SCHEDULER): '{given}' is not the address of a scheduler" in reason


def test_nothing_is_left_where_no_scheduler_answers(files, tmp_path):
    path = tmp_path / "new" / "p.tif"
    given = {"DEM": files["dem"], "METHOD": "engine", "DRAWS": 2, "COHESION_SD": 1, "FAILURE_PROBABILITY": str(path)}
    with pytest.raises(QgsProcessingException, match=r"no scheduler responds at tcp://127\.0\.0\.1:9"):
        run("failureprobability", {**given, "SCHEDULER": "tcp://127.0.0.1:9"})
    assert not (tmp_path / "new").exists()
