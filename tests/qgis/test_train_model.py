"""Training as an algorithm: weights, history and report; fine-tuning; refusals; a stop that can be taken up."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from tiny_dataset import tiny_dataset

pytest.importorskip("torch")
from slopecast.plugin.core.files.work_folder import WorkFolder
from slopecast.plugin.ml import model_file

ALGORITHM = "slopecast:trainmodel"
#: The files that this process has mapped into memory.
MAPS = Path("/proc/self/maps")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return str(tiny_dataset(tmp_path_factory.mktemp("data") / "tiny", 32).folder)


def run(parameters, feedback=None):
    import processing

    return processing.run(ALGORITHM, {"WIDTH": 4, "DEVICE": "cpu", **parameters}, feedback=feedback)


def test_training_then_fine_tuning_then_prediction(data, study_area, tmp_path):
    """Both runs write weights with a card; the report compares the initial network with the trained one."""
    first = run({"DATASET": data, "ARCHITECTURE": "network", "EPOCHS": 1, "MODEL": str(tmp_path / "first.safetensors")})
    done = run({
        "DATASET": data, "ARCHITECTURE": "network", "EPOCHS": 2, "LEARNING_RATE": 1e-4, "INITIAL_MODEL": first["MODEL"],
        "MODEL": str(tmp_path / "tuned.safetensors"), "HISTORY": str(tmp_path / "history.csv"),
        "REPORT": str(tmp_path / "report.html"),
    })  # fmt: skip
    card = model_file.read_card(done["MODEL"])
    assert card["training"]["epochs"] == "2 of 2"
    assert card["training"]["learning_rate"] == 1e-4
    before = model_file.read_card(first["MODEL"])
    assert card["id"] != before["id"]  # both of today
    assert card["training"]["initial"] == f"{before['id']} (first.safetensors)"
    message = Path(done["MODEL"]).with_suffix(".md").read_text(encoding="utf-8")
    assert before["id"] in message
    assert card["metrics"]["mean_iou"] == pytest.approx(done["MEAN_IOU"], abs=1e-4)
    assert 0.0 <= done["INITIAL_MEAN_IOU"] <= 1.0
    with Path(done["HISTORY"]).open() as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2"]
    page = Path(done["REPORT"]).read_text(encoding="utf-8")
    assert "<svg" in page
    assert "<th>initial</th><th>trained</th><th>column</th>" in page
    assert not list(tmp_path.glob(".slopecast*"))
    import processing

    predicted = processing.run("slopecast:predictfailuremask", {
        **study_area, "MODEL": done["MODEL"], "FAILURE_MASK": str(tmp_path / "mask.tif"),
    })  # fmt: skip
    assert predicted["VALID_CELLS"] > 0


@pytest.mark.skipif(not MAPS.exists(), reason="the system does not list mapped files")
@pytest.mark.parametrize("architecture", ["network", "paper"])
def test_no_file_of_the_training_is_in_use_when_it_is_deleted(data, tmp_path, monkeypatch, architecture):
    """Windows keeps such files, which are hundreds of megabytes; nor does it fail where one cannot be deleted."""
    mapped, remove, unlink = [], WorkFolder.remove, Path.unlink

    def watched(work):
        if work.path.name.endswith(".training"):
            mapped.extend(line for line in MAPS.read_text().splitlines() if str(work.path) in line)
        remove(work)

    def refusing(path, *arguments, **options):
        if path.stem == "draft":
            raise PermissionError(13, "is mapped", str(path))
        unlink(path, *arguments, **options)

    monkeypatch.setattr(WorkFolder, "remove", watched)
    monkeypatch.setattr(Path, "unlink", refusing)
    run({"DATASET": data, "ARCHITECTURE": architecture, "EPOCHS": 1, "MODEL": str(tmp_path / "m.safetensors")})
    assert not mapped


def test_paper_network_predicts_a_mask_and_refuses_the_factor_of_safety(data, study_area, tmp_path):
    import processing

    done = run({
        "DATASET": data, "ARCHITECTURE": "paper", "EPOCHS": 1, "AUGMENT": False, "DROPOUT": 0.1,
        "MODEL": str(tmp_path / "paper.safetensors"),
    })  # fmt: skip
    assert model_file.read_card(done["MODEL"])["architecture"]["dropout"] == 0.1
    given = {**study_area, "MODEL": done["MODEL"], "FAILURE_MASK": str(tmp_path / "mask.tif")}
    predicted = processing.run("slopecast:predictfailuremask", given)
    assert predicted["RELIABILITY"].startswith("outside")  # another study area
    with pytest.raises(QgsProcessingException, match="no factor of safety"):
        processing.run(
            "slopecast:predictfailuremask", {**given, "FACTOR_OF_SAFETY": str(tmp_path / "fs.tif")}
        )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"DATASET": "/nowhere"}, "DATASET"),
        ({"EPOCHS": 0}, "EPOCHS"),
        ({"LEARNING_RATE": 3.0}, "LEARNING_RATE"),
        ({"INITIAL_MODEL": "/nowhere.safetensors"}, "INITIAL_MODEL"),
        ({"ARCHITECTURE": "transformer"}, "ARCHITECTURE"),
        ({"MODEL": "/tmp/weights.pt"}, "safetensors"),
    ],
)
def test_wrong_input_is_refused_with_its_name(data, tmp_path, wrong, message):
    given = {"DATASET": data, "MODEL": str(tmp_path / "m.safetensors"), **wrong}
    with pytest.raises(QgsProcessingException, match=message):
        run(given)
    assert not list(tmp_path.iterdir())


def test_a_stopped_training_goes_on(data, tmp_path):
    class Stops(QgsProcessingFeedback):
        def setProgress(self, percent):
            if percent > 30:
                self.cancel()

    given = {"DATASET": data, "ARCHITECTURE": "network", "EPOCHS": 4, "MODEL": str(tmp_path / "m.safetensors")}
    with pytest.raises(QgsProcessingException, match="train again with the same inputs"):
        run(given, Stops())
    assert [p.name for p in tmp_path.iterdir()] == [".slopecast.m.training"]
    done = run(given)
    assert model_file.read_card(done["MODEL"])["training"]["epochs"] == "4 of 4"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.md", "m.safetensors"]


def test_files_of_the_user_next_to_the_weights_stay(data, tmp_path):
    """A folder of the model's name, unfinished downloads, and the page of an earlier card, which is replaced."""
    (tmp_path / "m.run").mkdir()
    (tmp_path / "m.run" / "notes.txt").write_text("mine")
    (tmp_path / "m.part").write_text("mine")
    (tmp_path / "m.md").write_text("# Model card: an earlier one")
    run({"DATASET": data, "ARCHITECTURE": "network", "EPOCHS": 1, "MODEL": str(tmp_path / "m.safetensors")})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.md", "m.part", "m.run", "m.safetensors"]
    assert (tmp_path / "m.run" / "notes.txt").read_text() == (tmp_path / "m.part").read_text() == "mine"
    assert "an earlier one" not in (tmp_path / "m.md").read_text()


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        ({"MODEL": "{initial}"}, "MODEL.*is an input of this run"),
        ({"MODEL": "{link}"}, "MODEL.*is an input of this run"),
        ({"MODEL": "{folder}/sub/../initial.safetensors"}, "MODEL.*is an input of this run"),
        ({"MODEL": "{folder}/notes.safetensors"}, "MODEL.*notes.md', which is not a model card"),
        ({"HISTORY": "{folder}/roads.gpkg"}, "HISTORY.*wrong file extension"),
        ({"HISTORY": "{data}/dataset.json"}, "HISTORY.*(wrong file extension|is an input)"),
        ({"HISTORY": "{data}/notes.npz"}, "HISTORY.*wrong file extension"),
        ({"REPORT": "{data}/dataset.json"}, "REPORT.*(wrong file extension|is an input)"),
        ({"REPORT": "{folder}/roads.gpkg"}, "REPORT.*wrong file extension"),
    ],
)
def test_inputs_and_other_files_are_no_outputs(data, weights_file, tmp_path, outputs, message):
    """Whatever their path is spelled like, and through links; all stay as they were."""
    initial, link = tmp_path / "initial.safetensors", tmp_path / "link.safetensors"
    initial.write_bytes(weights_file.read_bytes())
    link.symlink_to(initial)
    (tmp_path / "sub").mkdir()
    for name in ("roads.gpkg", "notes.md"):
        (tmp_path / name).write_text("mine")
    before = {p: p.read_bytes() for folder in (tmp_path, Path(data)) for p in folder.iterdir() if p.is_file()}
    places = {"initial": initial, "link": link, "folder": tmp_path, "data": data}
    given = {"MODEL": str(tmp_path / "new.safetensors"), **{k: v.format(**places) for k, v in outputs.items()}}
    with pytest.raises(QgsProcessingException, match=message):
        run({"DATASET": data, "EPOCHS": 1, "INITIAL_MODEL": str(initial), **given})
    assert {p: p.read_bytes() for folder in (tmp_path, Path(data)) for p in folder.iterdir() if p.is_file()} == before


def test_a_second_training_of_the_same_weights_is_refused(data, tmp_path):
    """As long as the first one goes on."""
    from slopecast.plugin.core.files.work_folder import WorkFolder

    work = WorkFolder.make(tmp_path, "m.training")
    with pytest.raises(QgsProcessingException, match=r"MODEL.*another run of Slopecast"):
        run({"DATASET": data, "EPOCHS": 1, "MODEL": str(tmp_path / "m.safetensors")})
    work.remove()
    assert list(tmp_path.iterdir()) == []
