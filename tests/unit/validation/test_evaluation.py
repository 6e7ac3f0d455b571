"""Judging solvers: scores by hand on small maps, groups, calibration, and the page with the paper's figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from marked_pages import mark, unmarked
from slopecast.plugin.core.calibration import ConfidenceCalibration
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.reports.evaluation import METRICS, evaluation_page, metric_rows, overlay_figure
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.evaluation import COLUMN, CaseScore, ReferenceCase, evaluate
from slopecast.plugin.text import pages_in
from study_areas import result_of

SHAPE = (12, 10)
TERRAIN = {
    "a": Terrain.from_arrays(np.add.outer(np.arange(12.0), np.arange(10.0)), 2.0, 5.0),
    "b": Terrain.from_arrays(np.add.outer(np.arange(12.0), np.arange(10.0)), 2.0, 20.0),
}


def fs_map(failed, value=0.9):
    """Factor of safety of 1.1, but for the first cells, in the order of the rows."""
    fs = np.full(SHAPE, 1.1, dtype=np.float32)
    fs.flat[:failed] = value
    return fs


def case(name, failed, study_area="a", group="stage 1"):
    return ReferenceCase(name, group, study_area, TERRAIN[study_area], Scenario(name=name), fs_map(failed))


CASES = [case("none", 0), case("few", 10), case("many", 40, "b", "stage 2"), case("paper_a", 20), case("paper_b", 4)]


class Shifted:
    """Solver that fails ``more`` cells than the engine and knows how sure it may be."""

    def __init__(self, more, *, confident=True):
        self.more, self.confident = more, confident

    def solve(self, terrain, scenarios, feedback):
        for scenario in scenarios:
            failed = next(int((c.factor_of_safety < 1).sum()) for c in CASES if c.name == scenario.name)
            fs = fs_map(failed + self.more if failed else 0, 0.95)
            confidence = (fs < 1).astype(np.float32) if self.confident else None
            yield result_of(fs, scenario, confidence)


@pytest.fixture(scope="module")
def evaluation():
    solvers = {"network": Shifted(2), "pointwise": Shifted(5), COLUMN: Shifted(10, confident=False)}
    return evaluate(iter(CASES), len(CASES), solvers, Feedback())


def test_scores_are_those_of_the_cells(evaluation):
    """IoU, false cells, factor of safety and tolerance, each computed by hand."""
    summary = evaluation.summary("network")
    ious = [10 / 12, 40 / 42, 20 / 22, 4 / 6]
    assert summary["mean_iou"] == pytest.approx(np.mean(ious))
    assert summary["pooled_iou"] == pytest.approx(74 / 82)
    assert summary["empty_reference_cases"] == 1
    assert summary["empty_reference_false_cells"] == 0
    # One of the added cells has no failed neighbour.
    assert summary["mean_tolerant_iou"] == pytest.approx((3 + 5 / 6) / 4)
    cells = 5 * 120  # all are near 1: 74 predicted 0.95 for 0.9, 8 predicted 0.95 for 1.1
    assert summary["fs_bias"] == pytest.approx((74 * 0.05 - 8 * 0.15) / cells, abs=1e-6)
    assert summary["fs_rmse"] == pytest.approx(math.sqrt((74 * 0.05**2 + 8 * 0.15**2) / cells), rel=1e-4)
    assert summary["calibration_error"] == pytest.approx(8 / cells)
    assert math.isnan(evaluation.summary(COLUMN)["calibration_error"])


def test_groups_hold_the_cases_that_they_name(evaluation):
    """By failed cells, share, cell size, study area, stage, and where the column is not enough."""
    groups = {(by, label): chosen for by, label, chosen in evaluation.groups("network")}
    names = {key: [CASES[n].name for n in chosen] for key, chosen in groups.items()}
    assert names["failed cells", "0"] == ["none"]
    assert names["failed cells", "1-100"] == ["few", "many", "paper_a", "paper_b"]
    assert names["share of failed cells", "> 30 %"] == ["many"]
    assert names["cell size", "4-8 m"] == ["none", "few", "paper_a", "paper_b"]
    assert names["cell size", "16 m and more"] == ["many"]
    assert names["study area", "b"] == names["group", "stage 2"] == ["many"]
    assert names["lateral flow", "column IoU below 0.9"] == ["few", "many", "paper_a", "paper_b"]
    assert ("lateral flow", "column IoU of 0.9 or more") not in names, "nothing fails in 'none'"
    assert names["few failed cells", "below 3,000"] == ["few", "many", "paper_a", "paper_b"]
    assert evaluation.iou_by_failed_share("network")[-1] == ("20-100 %", 1, pytest.approx(40 / 42))


def test_table_of_metrics(evaluation):
    """A row for each solver and group; the column of metrics is the summary's."""
    header, rows = metric_rows(evaluation)
    assert header[:4] == ["solver", "by", "group", "cases"]
    first = dict(zip(header, rows[0]))
    assert first["solver"], first["by"] == ("network", "all")
    assert {name: first[name] for name in METRICS[:2]} == {
        name: evaluation.summary("network")[name] for name in METRICS[:2]
    }
    assert {row[0] for row in rows} == {"network", "pointwise", COLUMN}


def test_page_sets_the_papers_figures_next_to_ours(evaluation):
    """The published scores and ours, the sentence that they are not alike, what the network adds, and a map."""
    overlay = overlay_figure(TERRAIN["a"], (fs_map(12) < 1).astype(np.uint8), CASES[1].mask, "few")
    html = evaluation_page("Judged", evaluation, "network", about={"Network": "n-1"}, overlays=[overlay])
    for word in ("0.31", "0.989", "scenario (a)", "another simulator in another study area", "n-1", "Figure 6",
                 "Reliability diagram", "FP"):  # fmt: skip
        assert word in html
    assert "network reduces the difference of pointwise" in html  # means 0.840 and 0.700 over the four cases
    without = evaluate(iter(CASES[:3]), 3, {"network": Shifted(0)}, Feedback())
    assert "0.989" not in evaluation_page("Judged", without, "network", about={})


def test_page_is_in_the_users_language(evaluation):
    """All words but the names of solvers, cases and areas."""
    with pages_in(mark):
        overlay = overlay_figure(TERRAIN["a"], (fs_map(12) < 1).astype(np.uint8), CASES[1].mask, "")
        html = evaluation_page(mark("Judged"), evaluation, "network", about={}, overlays=[overlay])
    assert set(unmarked(html)) <= {"Dice", "network", "pointwise", "stage", "study", "area"}


def test_calibration_by_hand():
    """A probability that is right on average has no error; one that is too sure has; doubt is distinguished."""
    p = np.array([0.5] * 10 + [0.999] * 90)
    right = ConfidenceCalibration.of(p, np.arange(100) % 2 == 0)
    assert right.error_of_uncertain_cells == pytest.approx(0.0)
    assert right.error == pytest.approx((90 * 0.999 - 45) / 100)
    assert (right + right).error == pytest.approx(right.error)
    predicted, failed = right.diagram
    assert predicted == pytest.approx([0.5, 0.999])
    assert failed == pytest.approx([0.5, 0.5])
    assert math.isnan(ConfidenceCalibration().error)


def test_a_cell_that_a_solver_leaves_out_is_wrong():
    """NaN where the engine knows better: missed where it failed, false where it is stable."""
    reference = case("few", 10)
    fs = fs_map(10)
    fs.flat[8:13] = np.nan
    counts = CaseScore.of(result_of(fs), reference).counts
    assert (counts.tp, counts.fn, counts.fp, counts.valid) == (8, 2, 3, 120)
