"""Cancel: every long algorithm stops in its middle and leaves no file, no folder, no half of a result."""

from __future__ import annotations

import time

import pytest
from cases import ENGINE, NETWORK, OUT, PROBABILITY, filled
from qgis.core import QgsProcessingException, QgsProcessingFeedback

TABLE = {k: v for k, v in NETWORK.items() if k != "FAILURE_MASK"}
#: algorithm, parameters, share of the progress at which the user cancels [%]
CASES = {
    "network, at once": ("predictfailuremask", {**NETWORK, "FACTOR_OF_SAFETY": OUT, "REPORT": OUT}, 0),
    "network, terrain read": ("predictfailuremask", {**NETWORK, "REPORT": OUT}, 30),
    "table, after some rows": (
        "predictfromtable",
        {**TABLE, "TABLE": "{many_rows}", "OUTPUT_FOLDER": "<folder>", "SUMMARY": "TEMPORARY_OUTPUT",
         "FAILURE_FREQUENCY": OUT, "REPORT": OUT}, 65,
    ),
    "engine": ("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": OUT, "FAILURE_MASK": OUT}, 20),
    "engine, compiled column": (
        "simulatefactorofsafety", {**ENGINE, "LATERAL_FLOW": False, "FACTOR_OF_SAFETY": OUT, "REPORT": OUT}, 0,
    ),
    "critical rainfall": ("simulatefactorofsafety", {**ENGINE, "FACTOR_OF_SAFETY": OUT, "CRITICAL_RAINFALL": OUT}, 50),
    "probability, engine": ("failureprobability", {**PROBABILITY, "DRAWS": 40}, 20),
    "probability, network": (
        "failureprobability",
        {**PROBABILITY, "METHOD": "network", "MODEL": "{weights}", "DEVICE": "cpu", "DRAWS": 40}, 40,
    ),
    "soil depth": ("estimatesoildepth", {"DEM": "{dem}", "SOIL_DEPTH": OUT}, 0),
    "example data": ("exampledata", {"SIZE": 64, "OUTPUT_FOLDER": "<folder>"}, 0),
}  # fmt: skip


class Impatient(QgsProcessingFeedback):
    """Cancels as soon as the progress has reached a share, and counts how often the run asks afterwards."""

    def __init__(self, share):
        super().__init__(False)
        self._share, self._reached, self.since = share, 0.0, None
        self.lines = []
        if share == 0:
            self.cancel()
            self.since = time.perf_counter()

    def setProgress(self, percent):
        super().setProgress(percent)
        if self.since is None and percent >= self._share:
            self.cancel()
            self.since = time.perf_counter()

    def pushInfo(self, text):
        self.lines.append(text)

    def reportError(self, text, fatalError=False):  # noqa: N803
        pass


@pytest.fixture
def many_rows(tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "many.csv"
    path.write_text("rainfall,cohesion\n" + "8,2\n" * 60)
    return str(path)


@pytest.mark.parametrize("case", CASES)
def test_cancel_leaves_nothing(case, files, many_rows, tmp_path):
    """The run ends soon after the cancel, reports it, and nothing lies where the results would have been."""
    import processing

    algorithm, parameters, share = CASES[case]
    given = filled(parameters, {**files, "many_rows": many_rows}, tmp_path / "made" / "for it")
    given = {k: str(tmp_path / "new" / "out") if v == "<folder>" else v for k, v in given.items()}
    feedback = Impatient(share)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        processing.run(f"slopecast:{algorithm}", given, feedback=feedback)
    assert feedback.since is not None
    assert time.perf_counter() - feedback.since < 20.0  # 2 s on an idle machine; what matters is that it does not go on
    kept = [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if ".slopecast.run/" not in p.as_posix()]
    assert kept == (["new", "new/out", "new/out/.slopecast.run"] if algorithm == "predictfromtable" else [])
    rows = [line for line in feedback.lines if line.startswith("row_")]
    assert len(rows) < 45  # of 60


def test_a_cancelled_table_keeps_what_was_there(files, many_rows, tmp_path):
    """Masks of an earlier run stay whole."""
    import processing

    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "row_0001.tif").write_text("earlier")
    given = filled({**TABLE, "TABLE": many_rows, "SUMMARY": "TEMPORARY_OUTPUT"}, files, tmp_path)
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        processing.run(
            "slopecast:predictfromtable", {**given, "OUTPUT_FOLDER": str(folder)}, feedback=Impatient(65)
        )  # fmt: skip
    assert sorted(p.name for p in folder.iterdir()) == [".slopecast.run", "row_0001.tif"]
    assert (folder / "row_0001.tif").read_text() == "earlier"
