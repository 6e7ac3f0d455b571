"""The paper's protocol: its numbers, its thresholds and its two published cases on the hill that replaces it."""

from __future__ import annotations

import json

import pytest
from slopecast.plugin.core.dataset import paper_protocol
from slopecast.plugin.core.dataset.cases import TEST, TRAIN, VALIDATION, assigned_splits
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.assess import assess
from slopecast.plugin.core.physics.simulation import Simulation
from slopecast.plugin.core.synthetic import paper_site
from slopecast.plugin.core.terrain import Terrain

CASES = {case.name: case for case in paper_protocol.paper_cases()}


@pytest.fixture(scope="module")
def site():
    made = paper_site()
    return Terrain.from_arrays(made.elevation, made.soil_depth, made.cell_size)


def simulate(site, case):
    run = Simulation(site, case.scenario, failure_times=False)
    for _ in run.advance_by_intervals(Feedback()):
        pass
    return run


def failed_cells(run, case):
    """Strength moves no water: one run gives the failed cells of all cases that share it."""
    fs = assess(run.cells, run.state(), case.scenario).fs
    return int((fs < 1.0).sum())


def test_the_numbers_that_the_paper_states():
    """388 cases at two rains, 225 with rain and conductivity varied, 24 hours, 613 different ones in all."""
    assert len(CASES) == 613
    first = [c for c in CASES.values() if c.group == "stage 1"]
    assert len(first) == 388
    assert {c.values["rainfall"] for c in first} == {4.4, 5.2}
    second = [c for c in CASES.values() if c.group == "stage 2"]
    assert len(second) == 225
    assert min(len({c.values[name] for c in second}) for name in ("rainfall", "conductivity")) >= 5
    assert {c.values["duration"] for c in CASES.values()} == {24.0}
    assert len({tuple(sorted(c.values.items())) for c in CASES.values()}) == 613
    json.dumps(paper_protocol.description())


def test_the_split_is_fixed_and_tests_the_published_cases():
    """Every case is on one side, the published ones in the test; both stages on every side."""
    sides = [c.split for c in CASES.values()]
    assert [sides.count(side) for side in (TRAIN, VALIDATION, TEST)] == [429, 92, 92]
    assert {CASES[name].split for name in paper_protocol.PUBLISHED} == {TEST}
    assert {(c.group, c.split) for c in CASES.values()} == {
        (stage, side) for stage in paper_protocol.STAGES for side in (TRAIN, VALIDATION, TEST)
    }
    assert CASES["stage1_i4.4_phi19_c20.2"].split == TRAIN  # so that a change of the rule is seen
    assert CASES["stage1_i4.4_phi19_c19.95"].split == VALIDATION


def test_assigned_splits():
    names = [f"m{n}" for n in range(20)]
    sides = assigned_splits(names, 3, 4, seed=1, always_test=("m7",))
    assert [sides.count(s) for s in (TRAIN, VALIDATION, TEST)] == [13, 3, 4]
    assert sides[7] == TEST
    assert assigned_splits(names[::-1], 3, 4, seed=1, always_test=("m7",)) == sides[::-1]
    assert assigned_splits(names, 3, 4, seed=2) != sides


@pytest.mark.slow
def test_the_published_cases_fail_as_many_cells_as_the_paper_implies(site):
    implied = {"paper_a": (20_000, 29_500), "paper_b": (800, 2_750)}  # by the published scores
    for name, (least, most) in implied.items():
        case = CASES[name]
        assert least <= failed_cells(simulate(site, case), case) <= most


@pytest.mark.slow
@pytest.mark.parametrize("rainfall", [4.4, 5.2])
def test_the_first_stage_starts_with_1_to_10_failed_cells(site, rainfall):
    """At the greatest cohesion of each friction angle 1 to 10 cells fail, and ever more below it."""
    cases = [c for c in CASES.values() if c.group == "stage 1" and c.values["rainfall"] == rainfall]
    run = simulate(site, cases[0])
    by_angle = {}
    for case in cases:
        by_angle.setdefault(case.values["friction_angle"], []).append(failed_cells(run, case))
    for failed in by_angle.values():
        assert 1 <= failed[0] <= 10
        assert failed == sorted(failed)
        assert failed[-1] > 15_000
