"""Which solver runs: the one chosen, or the physics engine where the network cannot; the outputs name it."""

import csv
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from cases import ENGINE, NETWORK, OUT, PROBABILITY, filled
from qgis.core import QgsApplication, QgsProcessingException
from rasters import read_raster

SCENARIOS = {
    "weak flow": {},
    "strong flow": {"CONDUCTIVITY": 1e-5, "LATERAL_ANISOTROPY": 20, "DURATION": 48},
    "wet, short": {"WATER_TABLE_RATIO": 0.8, "DURATION": 3, "RAINFALL": 30},
    "raster of cohesion": {"COHESION_LAYER": "{unnamed}"},
}
ROWS = "name,cohesion,friction_angle,rainfall\na,2,22,12\nb,5,24,20\nc,14,30,4\n"


class Refuses:
    """An import hook that refuses torch, as a broken installation does."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "safetensors"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def not_found(monkeypatch):
    for name in [n for n in sys.modules if n.split(".")[0] in ("torch", "safetensors")] + ["torch"]:
        monkeypatch.setitem(sys.modules, name, None)


def refused(monkeypatch):
    for name in [n for n in sys.modules if n.split(".")[0] in ("torch", "safetensors")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Refuses(), *sys.meta_path])


def does_not_load(monkeypatch):
    from slopecast.plugin.ml import device

    def fails(name):
        raise OSError("DLL load failed")

    monkeypatch.setattr(device, "_imported_apart", fails)


MISSING = {"not installed": not_found, "import refused": refused, "does not load": does_not_load}


@pytest.fixture(params=list(MISSING))
def without_torch(request, monkeypatch, files):  # files: its weights are made with torch
    MISSING[request.param](monkeypatch)
    return request.param


def run(algorithm, parameters, files, folder, feedback=None):
    import processing

    return processing.run(f"slopecast:{algorithm}", filled(parameters, files, folder), feedback=feedback)


def simulated(values, files, folder):
    given = {**ENGINE, "FACTOR_OF_SAFETY": OUT, "FAILURE_MASK": OUT, "WATER_TABLE": OUT, **values}
    (folder / "engine").mkdir()
    return run("simulatefactorofsafety", given, files, folder / "engine")


@pytest.mark.parametrize("case", SCENARIOS)
def test_the_engine_chosen_gives_the_engines_maps(case, files, tmp_path, feedback):
    values = SCENARIOS[case]
    given = {**NETWORK, **values, "SOLVER": 1, "FACTOR_OF_SAFETY": OUT, "WATER_TABLE": OUT}
    done = run("predictfailuremask", given, files, tmp_path, feedback)
    reference = simulated(values, files, tmp_path)
    for key in ("FAILURE_MASK", "FACTOR_OF_SAFETY", "WATER_TABLE"):
        array, _, metadata = read_raster(done[key])
        assert np.array_equal(array, read_raster(reference[key])[0])
        assert metadata["SLOPECAST_MODEL"] == "physics engine"
        assert metadata["SLOPECAST_SOLVER"] == done["SOLVER_USED"]
    for key in ("FAILED_CELLS", "VALID_CELLS", "FAILED_BEFORE_CELLS", "RELIABILITY"):
        assert done[key] == reference[key]
    assert done["SOLVER_USED"].startswith("physics engine on cpu")
    assert "cannot be used" not in done["SOLVER_USED"]
    assert any("tiny.safetensors (MODEL) is ignored" in line for line in feedback.lines)


@pytest.mark.parametrize("solver", ["network", 0, None])
def test_the_network_is_the_default_and_is_named(solver, files, tmp_path, feedback):
    done = run("predictfailuremask", {**NETWORK, **({} if solver is None else {"SOLVER": solver})}, files, tmp_path,
               feedback)  # fmt: skip
    assert done["SOLVER_USED"].startswith("network tiny-untrained on cpu")
    metadata = read_raster(done["FAILURE_MASK"])[2]
    assert metadata["SLOPECAST_SOLVER"] == done["SOLVER_USED"]
    assert any(done["SOLVER_USED"] in line for line in feedback.lines)


@pytest.fixture
def corrected(monkeypatch, lively_weights):
    """The diagnostics of each water state that networks compute."""
    from slopecast.plugin.ml.network_solver import NetworkSolver

    NetworkSolver(lively_weights, "cpu")  # the first one in a process checks the device
    found, water = [], NetworkSolver.water

    def recorded(*given):
        for state in water(*given):
            found.append(dict(state.diagnostics))
            yield state

    monkeypatch.setattr(NetworkSolver, "water", recorded)
    return found


@pytest.fixture(scope="module")
def lively_weights(tmp_path_factory):
    """Weights of a network that changes every water table."""
    pytest.importorskip("torch")
    from tiny_networks import lively, written

    return str(written(tmp_path_factory.mktemp("lively") / "lively.safetensors", lively(), "lively"))


RAN, NOT_RUN = "The U-Net ran on ", "the U-Net was not run for "
WEAK = {"LATERAL_ANISOTROPY": 2}
STRONG = {"CONDUCTIVITY": 1e-5, "LATERAL_ANISOTROPY": 50, "DURATION": 72}
MODERATE = {"CONDUCTIVITY": 1e-5, "LATERAL_ANISOTROPY": 10, "DURATION": 24}  # the first guess takes all stable steps
ROWS_OF_BOTH = "conductivity,lateral_anisotropy,duration,cohesion\n1e-5,10,24,2\n1e-5,50,72,2\n1e-5,10,24,5\n"
LINES = {
    "weak flow": ("predictfailuremask", {**NETWORK, **WEAK}, 1, 0),
    "strong flow": ("predictfailuremask", {**NETWORK, **STRONG}, 1, 0),
    "moderate flow": ("predictfailuremask", {**NETWORK, **MODERATE}, 0, 1),
    "draws that share the water": ("failureprobability", {**PROBABILITY, **WEAK}, 1, 0),
    "draws of the conductivity": ("failureprobability", {**PROBABILITY, "CONDUCTIVITY_SD": 2e-6}, 8, 0),
    "draws of the soil depth": ("failureprobability", {**PROBABILITY, "SOIL_DEPTH_SD": 0.2}, 8, 0),
    "draws of moderate flow": ("failureprobability", {**PROBABILITY, **MODERATE}, 0, 1),
    "rows in place of draws": ("failureprobability", {**PROBABILITY, "TABLE": "{rows}"}, 1, 1),
}


@pytest.mark.parametrize("case", LINES)
def test_the_log_counts_the_corrections(case, files, lively_weights, corrected, tmp_path, feedback):
    """As the diagnostics of the water states do; states that are corrected and others have a line each."""
    from slopecast.plugin.gui.scenario_run import used_engine

    algorithm, given, ran, not_run = LINES[case]
    (tmp_path / "rows.csv").write_text(ROWS_OF_BOTH, encoding="utf-8")
    given = {**given, "MODEL": lively_weights, "DEVICE": "cpu", "SOLVER": "network", "METHOD": "network"}
    if algorithm == "predictfailuremask":
        del given["METHOD"]
    else:
        del given["SOLVER"]
    done = run(algorithm, given, {**files, "rows": str(tmp_path / "rows.csv")}, tmp_path, feedback)
    metadata = read_raster(next(path for path in done.values() if str(path).endswith(".tif")))[2]
    assert metadata["SLOPECAST_SOLVER"] == done["SOLVER_USED"]
    assert done["SOLVER_USED"].startswith("network lively on cpu")
    assert ("The U-Net was not run" in done["SOLVER_USED"]) == (ran == 0)
    assert not used_engine(done["SOLVER_USED"])  # as the dialog reads it
    assert any(f"Solver: {done['SOLVER_USED']}" in line for line in feedback.lines)
    states = corrected[: ran + not_run]  # the reliability at the means may come after them
    changed = [d for d in states if d["tiles"]]
    assert (len(changed), len(states) - len(changed)) == (ran, not_run)
    lines = [line for line in feedback.lines if line.startswith(RAN)]
    assert len(lines) == (ran > 0)
    if ran:
        numbers = [int(n.replace(",", "")) for n in re.findall(r"[\d,]*\d", lines[0].partition(": ")[2])]
        steps = sorted({d["guess_steps"] for d in changed})
        assert lines[0].startswith(f"{RAN}cpu")
        assert sum(d["corrected_cells"] for d in changed) > 10
        assert (numbers[0], numbers[-1]) == (ran, sum(d["corrected_cells"] for d in changed))
        assert numbers[2:4] == [sum(d["tiles"] for d in changed), max(d["batch"] for d in changed)]
        assert f"first guesses with {steps[0]} steps" in lines[0]
    lines = [line for line in feedback.lines if NOT_RUN in line]
    assert len(lines) == (not_run > 0)
    if not_run:
        steps = next(d["guess_steps"] for d in states if not d["tiles"])
        assert lines[0].startswith(f"First guesses with at least {steps} steps at full resolution")
        assert re.search(rf"{NOT_RUN}{not_run} scenarios?\.$", lines[0])


def test_each_mask_of_a_table_names_whether_the_unet_ran(files, lively_weights, tmp_path, feedback):
    """Where it ran for no row, so does the output."""
    masks = {}
    for name, rows in (("both", ROWS_OF_BOTH), ("none", "\n".join(ROWS_OF_BOTH.split("\n")[:2]) + "\n")):
        (tmp_path / f"{name}.csv").write_text(rows, encoding="utf-8")
        given = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "TABLE": str(tmp_path / f"{name}.csv"), "DEVICE": "cpu",
                 "MODEL": lively_weights, "OUTPUT_FOLDER": str(tmp_path / name), "FAILURE_FREQUENCY": OUT}  # fmt: skip
        done = run("predictfromtable", given, files, tmp_path, feedback)
        metadata = [read_raster(path)[2]["SLOPECAST_SOLVER"] for path in sorted((tmp_path / name).glob("*.tif"))]
        masks[name] = ["The U-Net was not run" in one for one in metadata]
        assert ("The U-Net was not run" in done["SOLVER_USED"]) == (name == "none")
        assert read_raster(done["FAILURE_FREQUENCY"])[2]["SLOPECAST_SOLVER"] == done["SOLVER_USED"]
        assert any(line == f"Solver: {done['SOLVER_USED']}" for line in feedback.lines)
    assert masks == {"both": [True, False, True], "none": [True]}


def test_without_torch_the_engine_makes_the_mask_and_the_outputs_state_it(without_torch, files, tmp_path, feedback):
    algorithm = QgsApplication.processingRegistry().algorithmById("slopecast:predictfailuremask")
    assert algorithm.canExecute()[0]
    done = run("predictfailuremask", {**ENGINE, "FAILURE_MASK": OUT}, files, tmp_path, feedback)
    mask, _, metadata = read_raster(done["FAILURE_MASK"])
    assert np.array_equal(mask, read_raster(simulated({}, files, tmp_path)["FAILURE_MASK"])[0])
    assert done["RELIABILITY"] == metadata["SLOPECAST_RELIABILITY"] == "trusted"
    why = "torch is installed but does not load" if without_torch == "does not load" else "torch is not installed"
    for text in (done["SOLVER_USED"], metadata["SLOPECAST_SOLVER"]):
        assert text.startswith("physics engine on cpu")
        assert why in text
    lines = [line for line in feedback.lines if "The physics engine is used instead of the network" in line]
    assert len(lines) == 1
    assert why in lines[0]
    assert "-m pip install" in lines[0]
    assert feedback.errors == []
    assert not any("torch" in warning for warning in feedback.warnings)


def test_without_torch_weights_are_ignored_with_a_message(without_torch, files, tmp_path, feedback):
    done = run("predictfailuremask", NETWORK, files, tmp_path, feedback)
    assert done["SOLVER_USED"].startswith("physics engine")
    assert any("tiny.safetensors (MODEL) is ignored" in line for line in feedback.lines)


def test_without_torch_a_table_runs(without_torch, files, tmp_path, feedback):
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    given = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "TABLE": str(tmp_path / "rows.csv"),
             "OUTPUT_FOLDER": str(tmp_path / "masks"), "SUMMARY": str(tmp_path / "s.csv")}  # fmt: skip
    done = run("predictfromtable", given, files, tmp_path, feedback)
    assert done["SOLVER_USED"].startswith("physics engine on cpu")
    check_rows(done, files, tmp_path)
    assert sum("The physics engine is used instead" in line for line in feedback.lines) == 1


def test_the_engine_chosen_for_a_table_gives_the_engines_masks(files, tmp_path):
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    given = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "TABLE": str(tmp_path / "rows.csv"), "SOLVER": "engine",
             "OUTPUT_FOLDER": str(tmp_path / "masks"), "SUMMARY": str(tmp_path / "s.csv")}  # fmt: skip
    check_rows(run("predictfromtable", given, files, tmp_path), files, tmp_path)


def check_rows(done, files, folder):
    """Every row's mask and number are the engine's."""
    with Path(done["SUMMARY"]).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["name"] for row in rows] == ["a", "b", "c"]
    for row in rows:
        mask, _, metadata = read_raster(row["file"])
        assert metadata["SLOPECAST_SOLVER"].startswith("physics engine on cpu")
        values = {key.upper(): float(row[key]) for key in ("cohesion", "friction_angle", "rainfall")}
        own = folder / row["name"]
        own.mkdir()
        assert np.array_equal(mask, read_raster(simulated(values, files, own)["FAILURE_MASK"])[0])
        assert int(row["failed_cells"]) == (mask == 1).sum()


@pytest.mark.parametrize("solver", [0, 1])
def test_a_confidence_that_the_engine_does_not_give_is_refused_before_the_run(solver, files, tmp_path, monkeypatch):
    if solver == 0:
        not_found(monkeypatch)
    given = filled({**ENGINE, "FAILURE_MASK": OUT, "MODEL_CONFIDENCE": OUT, "SOLVER": solver}, files, tmp_path)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("slopecast:predictfailuremask")
    from qgis.core import QgsProcessingContext

    possible, reason = algorithm.checkParameterValues(given, QgsProcessingContext())
    assert not possible
    assert "MODEL_CONFIDENCE" in reason
    assert ("SOLVER 0 (network)" if solver else "Check environment") in reason
    with pytest.raises(QgsProcessingException, match="MODEL_CONFIDENCE"):
        run("predictfailuremask", given, files, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_confidence_is_refused_where_torch_turns_out_not_to_load(files, tmp_path, monkeypatch):
    does_not_load(monkeypatch)
    given = {**ENGINE, "FAILURE_MASK": OUT, "MODEL_CONFIDENCE": OUT}
    with pytest.raises(QgsProcessingException, match="MODEL_CONFIDENCE"):
        run("predictfailuremask", given, files, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_of_weights_is_refused_for_the_network_alone(files, tmp_path):
    given = {**NETWORK, "MODEL": str(tmp_path / "none.safetensors")}
    with pytest.raises(QgsProcessingException, match="does not exist"):
        run("predictfailuremask", given, files, tmp_path)
    assert run("predictfailuremask", {**given, "SOLVER": 1}, files, tmp_path)["FAILED_CELLS"] > 0


def test_without_torch_a_probability_is_the_engines(without_torch, files, tmp_path, feedback):
    done = run("failureprobability", {**PROBABILITY, "METHOD": "network"}, files, tmp_path, feedback)
    metadata = read_raster(done["FAILURE_PROBABILITY"])[2]
    assert metadata["SLOPECAST_METHOD"] == "engine"
    assert "torch is" in metadata["SLOPECAST_SOLVER"]
    check_probability(done, PROBABILITY, files, tmp_path)


@pytest.mark.parametrize("option", [{"LATERAL_FLOW": False}, {"EDGES": "closed"}, {"EVALUATE": "minimum"}])
def test_options_that_the_network_has_not_learned_are_the_engines(option, files, tmp_path, feedback):
    given = {**PROBABILITY, **option, "METHOD": "network", "MODEL": "{weights}"}
    done = run("failureprobability", given, files, tmp_path, feedback)
    assert f"it was not trained on {next(iter(option))}=" in done["SOLVER_USED"]
    assert any("instead of the network: it was not trained on" in line for line in feedback.lines)
    check_probability(done, {**PROBABILITY, **option}, files, tmp_path)


def check_probability(done, given, files, folder):
    """The map is that of the method 'engine'."""
    (folder / "engine").mkdir()
    reference = run("failureprobability", given, files, folder / "engine")
    key = "FAILURE_PROBABILITY"
    assert np.array_equal(read_raster(done[key])[0], read_raster(reference[key])[0])
    assert reference["SOLVER_USED"].startswith(("physics engine on cpu", "column in closed form on cpu"))
    assert "cannot be used" not in reference["SOLVER_USED"]


ANY_FLOW = {**SCENARIOS, "nothing fails": {"COHESION": 60}, "hollows alone": {"COHESION": 9, "RAINFALL": 25}}


@pytest.mark.parametrize("case", ANY_FLOW)
def test_the_comparison_with_the_engine_is_that_of_compare_masks(case, files, tmp_path, feedback):
    """The tiny network has learned nothing: it differs where water moves, and its mask is then no trusted one."""
    values = ANY_FLOW[case]
    given = {**NETWORK, **values, "CHECK_WITH_ENGINE": True, "ENGINE_AGREEMENT": OUT}
    done = run("predictfailuremask", given, files, tmp_path, feedback)
    reference = simulated(values, files, tmp_path)["FAILURE_MASK"]
    given = {"PREDICTED": done["FAILURE_MASK"], "REFERENCE": reference, "AGREEMENT": str(tmp_path / "a.tif")}
    expected = run("comparemasks", given, files, tmp_path)
    assert done["ENGINE_IOU"] == pytest.approx(expected["IOU"], abs=1e-12)
    assert done["ENGINE_DIFFERENT_CELLS"] == expected["FP"] + expected["FN"]
    agreement, nodata, metadata = read_raster(done["ENGINE_AGREEMENT"])
    assert nodata == 255
    assert np.array_equal(agreement, read_raster(expected["AGREEMENT"])[0])
    assert Path(done["ENGINE_AGREEMENT"]).with_suffix(".qml").exists()
    assert float(metadata["SLOPECAST_ENGINE_IOU"]) == pytest.approx(expected["IOU"], rel=1e-5)
    assert int(metadata["SLOPECAST_ENGINE_DIFFERENT_CELLS"]) == done["ENGINE_DIFFERENT_CELLS"]
    words = f"IoU {expected['IOU']:.3f}, {done['ENGINE_DIFFERENT_CELLS']:,} of {done['VALID_CELLS']:,} cells differ"
    for text in (done["RELIABILITY"], metadata["SLOPECAST_RELIABILITY"], " ".join(feedback.lines)):
        assert words in text
    if expected["IOU"] < 0.95:
        assert not done["RELIABILITY"].startswith("trusted")
        assert "the mask differs from" in done["RELIABILITY"]
    else:
        assert "the mask agrees with" in done["RELIABILITY"]


@pytest.mark.parametrize("asked", [{}, {"CHECK_WITH_ENGINE": False}, {"ENGINE_AGREEMENT": OUT}])
def test_the_comparison_is_made_where_it_is_requested(asked, files, tmp_path):
    done = run("predictfailuremask", {**NETWORK, **asked}, files, tmp_path)
    made = "ENGINE_AGREEMENT" in asked
    assert (done["ENGINE_IOU"] is not None) == made
    assert (done["ENGINE_DIFFERENT_CELLS"] is not None) == made
    assert ("SLOPECAST_ENGINE_IOU" in read_raster(done["FAILURE_MASK"])[2]) == made


@pytest.mark.parametrize("missing", [False, True])
def test_the_engine_is_not_compared_with_itself(missing, files, tmp_path, feedback, monkeypatch):
    if missing:
        not_found(monkeypatch)
    given = {**NETWORK, "SOLVER": 0 if missing else 1, "CHECK_WITH_ENGINE": True}
    done = run("predictfailuremask", given, files, tmp_path, feedback)
    assert done["ENGINE_IOU"] is None
    assert done["RELIABILITY"] == "trusted"
    assert any("CHECK_WITH_ENGINE is ignored" in line for line in feedback.lines)
    with pytest.raises(QgsProcessingException, match="ENGINE_AGREEMENT"):
        run("predictfailuremask", {**given, "ENGINE_AGREEMENT": OUT}, files, tmp_path)


def test_a_table_is_compared_on_a_sample_of_its_rows(files, tmp_path, feedback):
    """Five of eight rows, the same in every run, each with the numbers of Compare masks."""
    rows = "".join(f"r{n},{2 + n},{22 + n},{8 + n}\n" for n in range(8))
    (tmp_path / "rows.csv").write_text("name,cohesion,friction_angle,rainfall\n" + rows, encoding="utf-8")
    compared = []
    for number in range(2):
        folder = tmp_path / f"masks {number}"
        given = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "TABLE": str(tmp_path / "rows.csv"), "MODEL": "{weights}",
                 "DEVICE": "cpu", "OUTPUT_FOLDER": str(folder), "SUMMARY": str(tmp_path / f"s{number}.csv"),
                 "CHECK_WITH_ENGINE": True}  # fmt: skip
        done = run("predictfromtable", given, files, tmp_path, feedback)
        with Path(done["SUMMARY"]).open(encoding="utf-8", newline="") as lines:
            summary = list(csv.DictReader(lines))
        compared.append([row["name"] for row in summary if "the physics engine's: IoU" in row["reasons"]])
    assert len(compared[0]) == 5
    assert compared[0] == compared[1]
    for row in (row for row in summary if row["name"] in compared[0]):
        own = tmp_path / row["name"]
        own.mkdir()
        values = {key.upper(): float(row[key]) for key in ("cohesion", "friction_angle", "rainfall")}
        reference = simulated(values, files, own)["FAILURE_MASK"]
        found = run("comparemasks", {"PREDICTED": row["file"], "REFERENCE": reference, "AGREEMENT": OUT}, files, own)
        assert f"IoU {found['IOU']:.3f}, {found['FP'] + found['FN']} of" in row["reasons"]
        assert found["IOU"] >= 0.95 or row["reliability"] != "trusted"
        metadata = read_raster(row["file"])[2]
        assert float(metadata["SLOPECAST_ENGINE_IOU"]) == pytest.approx(found["IOU"], rel=1e-5)
    assert any("Compared with the physics engine: 5 of 8 rows" in line for line in feedback.lines)


def test_the_engine_is_not_compared_with_itself_in_a_table(files, tmp_path, feedback):
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    given = {"DEM": "{dem}", "SOIL_DEPTH": "{depth}", "TABLE": str(tmp_path / "rows.csv"), "SOLVER": 1,
             "OUTPUT_FOLDER": str(tmp_path / "masks"), "SUMMARY": str(tmp_path / "s.csv"),
             "CHECK_WITH_ENGINE": True}  # fmt: skip
    done = run("predictfromtable", given, files, tmp_path, feedback)
    assert any("CHECK_WITH_ENGINE is ignored" in line for line in feedback.lines)
    assert "IoU" not in Path(done["SUMMARY"]).read_text(encoding="utf-8")
