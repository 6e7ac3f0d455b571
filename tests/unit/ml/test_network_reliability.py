"""How far a mask of the network represents the engine's: judged where the network contributes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from slopecast.plugin.core.physics.assess import Stability, assess
from slopecast.plugin.core.physics.water import WaterState
from slopecast.plugin.core.result import Result
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Cells, Terrain
from slopecast.plugin.ml import model_file
from slopecast.plugin.ml.network_solver import NetworkSolver
from slopecast.plugin.ml.reliability import (
    NetworkEvidence,
    cells_near_steps,
    count_uncertain_cells,
    expected_cells,
    network_reliability,
    outside_training,
    reliability_from_evidence,
)
from study_areas import solve
from tiny_networks import lively, written

STILL = Scenario(conductivity=1e-9, lateral_anisotropy=1.0, cohesion=3.0, friction_angle=25.0)
STRONG = Scenario(conductivity=1e-5, lateral_anisotropy=40.0, duration=48.0, cohesion=3.0)
CARD = {"ranges": model_file.trained_ranges(), "verified": True}


def terrain_of(cell=10.0, depth=1.0):
    made = procedural_area(3, (64, 64), 10.0)
    return Terrain.from_arrays((made.elevation - made.elevation.min()) * cell / 10.0, made.soil_depth * depth, cell)


@pytest.fixture(scope="module")
def terrain():
    return terrain_of()


@pytest.fixture(scope="module")
def solver(tmp_path_factory):
    solver = NetworkSolver(written(tmp_path_factory.mktemp("model") / "m.safetensors", lively()), device="cpu")
    solver.card["verified"] = True  # as if it were shipped
    return solver


def expected_iou(result: Result) -> float:
    return NetworkEvidence(*[0] * 6, *expected_cells(result)).expected_iou


def outside(terrain: Terrain, scenario: Scenario, card: dict) -> list:
    return outside_training(terrain.grid, 0.0, float(scenario.lateral_conductivity), scenario, card)


def judge(solver, terrain, scenario):
    result = solve(terrain, scenario, solver)
    return result, solver.reliability(terrain, scenario, result)


def exact(fs, probability=None):
    """A result of a column of cells, whose mask nothing can change."""
    fs = np.asarray(fs, dtype=float)[None]
    cells = Cells.of(np.zeros(fs.shape).ravel(), np.ones(fs.size), np.ones(fs.shape, dtype=bool))
    flat = fs.ravel()
    given = None if probability is None else np.asarray(probability, dtype=float)
    return Result(STILL, cells, Stability(flat, flat > 0, flat), probability=given)


@pytest.mark.parametrize(
    "changes",
    [
        {"rainfall": 120.0},
        {"rainfall": 17.9, "duration": 100.0},
        {"moisture_deficit": 0.45, "rainfall": 60.0},
        {"suction_head": 2.5},
        {"duration": 300.0},
    ],
)
def test_where_lateral_flow_moves_nothing_a_scenario_far_outside_stays_trusted(solver, terrain, changes):
    scenario = STILL.with_values(**changes)
    assert outside(terrain, scenario, CARD)
    result, reliability = judge(solver, terrain, scenario)
    assert result.failed_cells > 100
    np.testing.assert_array_equal(result.failure_mask, solve(terrain, scenario).failure_mask)
    assert reliability.level == "trusted", str(reliability)


@pytest.mark.parametrize("cell", [1.0, 200.0])
def test_nor_do_cells_of_any_size_matter_there(solver, cell):
    coarse = terrain_of(cell)
    _, reliability = judge(solver, coarse, STILL)
    assert reliability.level == "trusted", str(reliability)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"rainfall": 40.0, "conductivity": 2e-5}, "RAINFALL"),
        ({"duration": 200.0}, "DURATION"),
        ({"moisture_deficit": 0.5}, "MOISTURE_DEFICIT"),
        ({"conductivity": 1e-4, "lateral_anisotropy": 100.0}, "LATERAL_ANISOTROPY"),
    ],
)
def test_outside_where_lateral_flow_decides(solver, terrain, changes, named):
    _, reliability = judge(solver, terrain, STRONG.with_values(**changes))
    assert reliability.level == "outside"
    assert named in str(reliability)
    assert "Simulate factor of safety" in str(reliability)


def test_cells_and_depths_outside_are_named_where_lateral_flow_decides(solver):
    for area, word in ((terrain_of(1.5), "1.5 m"), (terrain_of(depth=6.0), "deeper")):
        _, reliability = judge(solver, area, STRONG.with_values(duration=72.0, lateral_anisotropy=50.0))
        assert reliability.level == "outside"
        assert word in str(reliability)


def test_the_ranges_of_the_card_count(terrain):
    narrow = {**CARD, "ranges": {**CARD["ranges"], "rainfall": [12.0, 12.0]}}
    assert not outside(terrain, STRONG, CARD)
    assert "RAINFALL" in str(outside(terrain, STRONG, narrow)[0])
    less = {**CARD, "ranges": {**CARD["ranges"], model_file.MOST_LATERAL: 1e-4}}
    assert "0.0004" in str(outside(terrain, STRONG, less)[0])


@pytest.mark.parametrize("name", ["moisture_deficit", "water_table_ratio", "rainfall"])
def test_rasters_that_were_not_trained_are_a_caution_where_they_matter(solver, terrain, name):
    for scenario, level in ((STRONG, "caution"), (STILL, "trusted")):
        raster = np.full(terrain.grid.shape, float(getattr(scenario, name)))
        _, reliability = judge(solver, terrain, scenario.with_values(**{name: raster}))
        assert reliability.level == level, str(reliability)
        assert (name in str(reliability)) is (level == "caution")


@pytest.mark.parametrize(
    ("fs", "probability", "expected"),
    [
        ([0.5, 0.5, 2.0], [1.0, 1.0, 0.0], 1.0),
        ([0.9, 0.9, 1.1, 2.0], [0.8, 0.6, 0.4, 0.0], (1.4 + 0.5) / (2.0 + 0.4 + 0.5)),
        ([2.0, 2.0], [0.0, 0.0], 1.0),  # nothing fails, nothing is in doubt
        ([2.0, 2.0], [0.25, 0.25], 0.5),
    ],
)
def test_expected_iou_is_of_the_probabilities(fs, probability, expected):
    """Expected intersection over expected union, half a cell added to both."""
    assert expected_iou(exact(fs, probability)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("hits", "level"), [(930.0, "caution"), (965.0, "caution"), (975.0, "trusted")])
def test_a_trusted_mask_is_expected_to_agree_with_the_engine(hits, level):
    """Of masks that the network expects at 0.95 to 0.97, every fifth was below 0.95 on odd terrain and soil."""
    found = NetworkEvidence(1000, 16384, 50, 0, 16384, 50, hits, 1000.0)
    assert reliability_from_evidence(found, terrain_of().grid, Scenario(), 1e-6, CARD).level == level


def test_without_probabilities_no_agreement_is_expected():
    assert np.isnan(expected_iou(exact([0.5, 2.0])))


@pytest.mark.parametrize(("bound", "doubtful"), [(None, 0), (0.0, 0), (0.05, 1), (0.4, 2), (2.0, 4)])
def test_cells_in_doubt_fail_with_one_bound_and_not_with_the_other(bound, doubtful):
    """Tables of 1 m, each give or take the bound; strengths are such that cells fail from 0.3 to 1.9 m on."""
    limits = np.array([0.3, 0.68, 1.04, 1.9])
    count = len(limits)
    cells = Cells.of(np.full(count, np.radians(30.0)), np.full(count, 2.0), np.ones((1, count), dtype=bool))
    off, nothing = np.zeros(count, dtype=bool), np.zeros(count)

    def state(table, **more):
        return WaterState(
            np.broadcast_to(table, (count,)).astype(float), nothing, None, off, off, free_front=nothing, **more
        )

    base = Scenario(friction_angle=20.0, root_cohesion=0.0)
    low, high = np.zeros(count), np.full(count, 60.0)
    for _ in range(60):  # cohesion at which FS is 1 at the limit, by bisection
        middle = 0.5 * (low + high)
        fails = assess(cells, state(limits), base.with_values(cohesion=middle[None])).fs < 1.0
        low, high = np.where(fails, middle, low), np.where(fails, high, middle)
    scenario = base.with_values(cohesion=high[None])
    water = state(1.0, table_bound=None if bound is None else np.full(count, bound))
    assert count_uncertain_cells(Result.of(scenario, cells, water)) == doubtful


def test_few_failed_cells_that_may_change_are_a_caution(solver, terrain):
    strong = STRONG.with_values(rainfall=3.0)
    for cohesion in np.linspace(8.0, 40.0, 33):
        scenario = strong.with_values(cohesion=float(cohesion))
        result, reliability = judge(solver, terrain, scenario)
        if 0 < result.failed_cells < 100 and count_uncertain_cells(result):
            assert reliability.level == "caution"
            break
    else:
        pytest.fail("no such case")


@pytest.mark.parametrize("ranges", [CARD["ranges"], {name: [0.0, 1e9] for name in ("rainfall", "duration")}])
@pytest.mark.parametrize("scenario", [STILL, STRONG, STRONG.with_values(rainfall=40.0, conductivity=2e-5)])
def test_weights_that_are_not_shipped_are_unverified_whatever_their_card(solver, terrain, ranges, scenario):
    result = solve(terrain, scenario, solver)
    known = network_reliability(terrain, scenario, result, CARD)
    unknown = network_reliability(
        terrain, scenario, result, {"ranges": {**CARD["ranges"], **ranges}, "verified": False}
    )
    assert unknown.level == ("caution" if known.level == "trusted" else known.level)
    assert "unverified" in str(unknown)
    assert "unverified" not in str(known)


def test_a_mask_in_doubt_is_a_caution_and_names_the_expected_agreement(solver, terrain):
    result = solve(terrain, STRONG, solver)
    error = np.full(result.water.water_table.shape, 0.5)
    vague = Result.of(STRONG, result.cells, replace(result.water, table_error=error))
    assert expected_iou(vague) < 0.9
    reliability = network_reliability(terrain, STRONG, vague, CARD)
    assert reliability.level == "caution"
    assert f"only IoU {expected_iou(vague):.2f}" in str(reliability)


def test_an_empty_mask_in_doubt_names_the_expected_number_of_failed_cells():
    """The index of an empty mask is no measure: half a cell in doubt would make it 0.5."""
    found = NetworkEvidence(0, 16384, 0, 0, 16384, 50, 0.0, 12.3)
    reliability = reliability_from_evidence(found, terrain_of().grid, Scenario(), 1e-6, CARD)
    assert reliability.level == "caution"
    assert "no cell fails, but the network expects about 12 to fail" in str(reliability)
    assert "IoU" not in str(reliability)


@pytest.mark.parametrize(
    ("failed", "hits", "union"), [(0, 0.0, 0.7), (5, 4.9, 6.4)], ids=["no failed cell", "few failed cells"]
)
@pytest.mark.parametrize(
    ("lateral", "approximate", "level"), [(1e-2, 4096, "outside"), (1e-2, 0, "caution"), (1e-6, 4096, "caution")]
)
def test_a_mask_that_the_network_doubts_is_outside_beyond_the_training_even_if_it_is_empty(
    lateral, approximate, level, failed, hits, union
):
    """As for lateral conductivities of 0.003 m/s and more, where the network has errors of several metres."""
    found = NetworkEvidence(failed, 4096, 0, 0, 4096, approximate, hits, union)
    reliability = reliability_from_evidence(found, terrain_of().grid, Scenario(), lateral, CARD)
    assert reliability.level == level
    assert ("times lateral anisotropy" in str(reliability)) is (level == "outside")


@pytest.mark.parametrize(
    ("failed", "near_failure", "level"), [(15, 1, "caution"), (15, 0, "trusted"), (150, 1, "trusted")]
)
def test_few_failed_cells_of_which_one_is_next_to_failure_are_a_caution(failed, near_failure, level):
    """Two cells of 15 differed from the engine's mask where the first guess is not corrected: IoU 0.875."""
    found = NetworkEvidence(failed, 6615, 0, 0, 6615, 0, failed, failed, 0, near_failure)
    reliability = reliability_from_evidence(found, terrain_of().grid, Scenario(), 1e-6, CARD)
    assert reliability.level == level
    assert ("single cells may be missed or added" in str(reliability)) is (level == "caution")


@pytest.mark.parametrize(
    ("ratio", "approximate", "uncertain_cells", "level"),
    [
        (1.0, 50, 1, "outside"), (0.98, 50, 1, "outside"), (1.0, 50, 0, "caution"), (1.0, 0, 0, "trusted"),
        (0.95, 50, 1, "trusted"), (0.3, 50, 1, "trusted"),
    ],
)  # fmt: skip
def test_a_soil_that_starts_nearly_saturated_is_trusted_only_where_the_guess_is_exact(
    ratio, approximate, uncertain_cells, level
):
    found = NetworkEvidence(1000, 16384, uncertain_cells, 0, 16384, approximate, 999.0, 1001.0)
    scenario = Scenario(water_table_ratio=ratio)
    assert reliability_from_evidence(found, terrain_of().grid, scenario, 1e-6, CARD).level == level
    raster = scenario.with_values(water_table_ratio=np.array([[0.0, ratio]]))
    assert reliability_from_evidence(found, terrain_of().grid, raster, 1e-6, CARD).level == level


@pytest.mark.parametrize(
    ("height", "level"), [(60.0, "caution"), (12.0, "caution"), (6.0, "trusted"), (0.0, "trusted")]
)
def test_a_mask_near_steps_beyond_those_of_the_training_is_a_caution(solver, height, level):
    """As at a quarry's wall on cells of 2 m, where a mask that the network did not doubt had an IoU of 0.68."""
    row = np.arange(64.0)
    elevation = np.broadcast_to((-0.6 * row - height * (row >= 32))[:, None], (64, 40))
    terrain = Terrain.from_arrays(elevation, np.full(elevation.shape, 2.0), 2.0)
    scenario = Scenario(conductivity=4e-6, lateral_anisotropy=4.0, friction_angle=25.0, cohesion=1.0, root_cohesion=0.0)
    result = solve(terrain, scenario, solver)
    small = np.full(result.cells.count, 0.01)
    sure = Result.of(scenario, result.cells, replace(result.water, table_error=0.0 * small, table_bound=small))
    fs = sure.factor_of_safety
    assert ((fs > 0.85) & (fs < 1.15))[20:45].sum() > 100
    reliability = network_reliability(terrain, scenario, sure, CARD)
    assert reliability.level == level, str(reliability)
    assert ("cliffs" in str(reliability)) is (level == "caution")


def test_cells_near_steps_are_those_within_reach(solver):
    elevation = np.zeros((50, 60))
    elevation[20:22, 40:43] = 30.0
    terrain = Terrain.from_arrays(elevation, np.ones(elevation.shape), 2.0)
    result = solve(terrain, STRONG, solver)
    near = Result(STRONG, result.cells, Stability(*[np.ones(result.cells.count)] * 3), result.water)
    water = replace(result.water, table_bound=np.ones(result.cells.count))
    inside = np.zeros(elevation.shape, dtype=bool)
    inside[3:39, 24:59] = inside[4:38, 23:60] = True  # 16 cells around those on either side of a step
    assert cells_near_steps(terrain, replace(near, water=water)) == inside.sum()
    for sign in (-1.0, 1.0):
        far = Stability(*[np.full(result.cells.count, 1.0 + 0.2 * sign)] * 3)
        assert cells_near_steps(terrain, replace(near, water=water, stability=far)) == 0
    assert cells_near_steps(terrain, replace(near, water=replace(water, table_bound=0.0 * water.table_bound))) == 0


@pytest.mark.parametrize(
    ("cell", "conductivity", "duration", "corrected"), [(5.0, 1.1e-5, 69.0, True), (15.0, 3.6e-5, 26.0, False)]
)
def test_an_even_slope_next_to_failure_is_a_caution(cell, conductivity, duration, corrected):
    """All its cells have nearly the same factor of safety, so that a small error lets whole rows fail or not.

    So it is where the first guess has full resolution throughout and is not corrected, but has an error of its own.
    """
    solver, row = NetworkSolver(device="cpu"), np.mgrid[:48, :48][0]
    terrain = Terrain.from_arrays(1000.0 - 0.6 * cell * np.abs(row - 24.0), np.full((48, 48), 2.4), cell)
    scenario = Scenario(
        conductivity=conductivity, lateral_anisotropy=13.0, duration=duration, rainfall=3.8, water_table_ratio=0.4,
        friction_angle=30.0,
    )  # fmt: skip
    weak, strong = 0.0, 20.0
    for _ in range(20):  # half the cells fail in between
        cohesion = 0.5 * (weak + strong)
        result = solve(terrain, scenario.with_values(cohesion=cohesion), solver)
        weak, strong = (cohesion, strong) if result.failed_cells > 1152 else (weak, cohesion)
    result = solve(terrain, scenario.with_values(cohesion=strong), solver)
    assert (result.water.table_bound > 0.0).any() == corrected
    judged = network_reliability(terrain, result.scenario, result, solver.card)
    assert judged.level == "caution", judged.reasons
    assert any("so close to 1" in str(reason) for reason in judged.reasons)
    halves = [NetworkEvidence.of(terrain, result), NetworkEvidence.of(terrain, result)]
    assert NetworkEvidence.sum(halves).near_failure == 2 * halves[0].near_failure > 0.14 * result.failed_cells
    safe = solve(terrain, scenario.with_values(cohesion=strong + 4.0), solver)
    assert network_reliability(terrain, safe.scenario, safe, solver.card).level == "trusted"
