"""Judging a network on a data set: the numbers, the table and the report agree; what does not fit is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from qgis.core import QgsProcessingException, QgsProcessingFeedback
from slopecast.plugin.core.dataset.cases import TEST
from slopecast.plugin.core.dataset.dataset import read_dataset
from slopecast.plugin.core.validation.metrics import Counts, iou

ALGORITHM = "slopecast:evaluatemodel"


def run(parameters, feedback=None):
    import processing

    return processing.run(ALGORITHM, {"DEVICE": "cpu", **parameters}, feedback=feedback)


@pytest.fixture(scope="module")
def dataset(study_area, tmp_path_factory):
    import processing

    folder = tmp_path_factory.mktemp("sets") / "zwölf"
    return processing.run(
        "slopecast:builddataset",
        {"DESIGN": "space_filling", "DEM": study_area["DEM"], "SOIL_DEPTH": study_area["SOIL_DEPTH"], "CASES": 12,
         "WORKERS": 1, "OUTPUT_FOLDER": str(folder)},
    )["DATASET"]  # fmt: skip


def rows_of(path):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_numbers_table_and_report_agree(dataset, weights_file, tmp_path, feedback):
    """The mean IoU is that of the column's and the network's masks; the report shows both, and maps."""
    from slopecast.plugin.core.feedback import Feedback
    from slopecast.plugin.core.physics.column import SoilColumn

    done = run({
        "DATASET": dataset, "MODEL": str(weights_file), "BASELINE": str(weights_file), "SPLIT": "all",
        "METRICS": str(tmp_path / "new" / "m.csv"), "REPORT": str(tmp_path / "r ä.html"),
        "CASE_SCORES": str(tmp_path / "new" / "cases.csv"),
    }, feedback)  # fmt: skip
    rows = rows_of(done["METRICS"])
    whole = {row["solver"]: row for row in rows if row["by"] == "all"}
    assert set(whole) == {"network", "pointwise", "column"}
    assert float(whole["network"]["mean_iou"]) == pytest.approx(done["MEAN_IOU"], rel=1e-5)
    assert 0 <= done["MEAN_IOU"] <= done["DICE"] <= 1
    assert whole["network"]["cases"] == "12"
    ious = []
    read = read_dataset(dataset)
    for reference, shard in read.read(read.references):
        result = next(SoilColumn().solve(shard.terrain, [shard.scenario(reference.number)], Feedback()))
        if reference.failed_cells:
            ious.append(iou(Counts.of(result.failure_mask, shard.mask(reference.number))))
    assert float(whole["column"]["mean_iou"]) == pytest.approx(np.mean(ious), rel=1e-5)
    assert sum(int(r["cases"]) for r in rows if r["solver"] == "network" and r["by"] == "failed cells") == 12
    cases = rows_of(done["CASE_SCORES"])
    assert len(cases) == 12
    failing = [float(r["column_iou"]) for r in cases if r["failed_cells"] != "0"]
    assert failing == pytest.approx(ious, abs=1e-5)
    html = Path(done["REPORT"]).read_text(encoding="utf-8")
    for word in (
        "tiny-untrained",
        "pointwise",
        "Reliability diagram",
        "Figure 6",
        "data:image/png",
        "not with observations",
    ):
        assert word in html
    assert sorted(p.name for p in tmp_path.iterdir()) == ["new", "r ä.html"]
    assert any("mean IoU" in line for line in feedback.lines)


def test_the_test_split_is_the_default(dataset, weights_file, tmp_path):
    done = run({"DATASET": dataset, "MODEL": str(weights_file), "METRICS": str(tmp_path / "m.csv")})
    count = len(read_dataset(dataset).cases(TEST))
    assert {r["cases"] for r in rows_of(done["METRICS"]) if r["by"] == "all"} == {str(count)}
    assert "REPORT" not in done


@pytest.mark.parametrize(("split", "same"), [("all", True), ("test", True), ("all", False)])
def test_scores_of_cases_of_the_training_are_in_doubt(split, same, dataset, tmp_path, feedback):
    """The model card names the data set as its description does."""
    torch = pytest.importorskip("torch")
    from slopecast.plugin.ml import model_file
    from tiny_networks import TINY, Network

    torch.manual_seed(0)
    title = read_dataset(dataset).description["design"]["title"]
    card = {"id": "tiny", "training": {"data": title if same else "another"}}
    model_file.save(tmp_path / "w.safetensors", Network(TINY), card)
    given = {"DATASET": dataset, "MODEL": str(tmp_path / "w.safetensors"), "SPLIT": split}
    done = run({**given, "METRICS": str(tmp_path / "m.csv"), "REPORT": str(tmp_path / "r.html")}, feedback)
    expected = split == "all" and same
    texts = [Path(done["REPORT"]).read_text(encoding="utf-8"), "".join(feedback.warnings)]
    assert ["its scores are too high" in text for text in texts] == [expected, expected]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"DATASET": "{empty}"}, ["DATASET", "Build a training set"]),
        ({"BASELINE": "{empty}/none.safetensors"}, ["BASELINE", "does not exist"]),
        ({"MODEL": "{empty}/none.safetensors"}, ["MODEL", "does not exist"]),
        ({"SPLIT": "holdout"}, ["SPLIT", "validation"]),
        ({"REPORT": "{empty}/report.pdf"}, ["REPORT", ".html"]),
    ],
)
def test_refusals(parameters, message, dataset, weights_file, tmp_path):
    (tmp_path / "empty").mkdir()
    given = {"DATASET": dataset, "MODEL": str(weights_file), "METRICS": str(tmp_path / "m.csv")}
    given.update({k: v.format(empty=tmp_path / "empty") for k, v in parameters.items()})
    with pytest.raises(QgsProcessingException) as error:
        run(given)
    assert all(word in str(error.value) for word in message), error.value
    assert [p.name for p in tmp_path.iterdir()] == ["empty"]


class Impatient(QgsProcessingFeedback):
    """Cancels in the middle."""

    def __init__(self):
        super().__init__(False)

    def setProgress(self, percent):
        if percent > 30:
            self.cancel()


def test_cancel_leaves_nothing(dataset, weights_file, tmp_path):
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        run({"DATASET": dataset, "MODEL": str(weights_file), "SPLIT": "all", "METRICS": str(tmp_path / "m.csv"),
             "REPORT": str(tmp_path / "r.html")}, Impatient())  # fmt: skip
    assert list(tmp_path.iterdir()) == []
