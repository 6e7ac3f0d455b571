"""When cells become unstable, when the strength should be calibrated, and the cohesion that makes them stable."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from slopecast.plugin.core.failure_class import (
    failure_classes,
    initial_failure_warnings,
    initial_failure_warnings_at_means,
    should_be_calibrated,
)
from slopecast.plugin.core.physics import critical_values
from slopecast.plugin.core.physics.assess import Stability
from slopecast.plugin.core.physics.column import SoilColumn
from slopecast.plugin.core.physics.critical_values import CohesionCounts, critical_cohesion, wanted_share
from slopecast.plugin.core.result import Result
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Cells
from slopecast.plugin.core.windowed.study import Study
from study_areas import options, plane, rough_terrain, solve

STUDY_AREA = rough_terrain(3)
#: Weak soil on rough terrain, of which some is unstable from the start.
WEAK = Scenario(cohesion=4.0, friction_angle=26.0, rainfall=12.0, duration=12.0)
#: A wet slope that drains fast, without rain.
DRAINING = Scenario(
    cohesion=2.0, friction_angle=32.0, rainfall=0.0, duration=48.0, water_table_ratio=0.7, conductivity=1e-4,
    lateral_anisotropy=20.0,
)  # fmt: skip
ROOTS = {"root_cohesion": 3.0, "root_depth": 2.0}
SCENARIOS = {
    "weak": WEAK,
    "dry": WEAK.with_values(water_table_ratio=0.0),
    "saturated": WEAK.with_values(water_table_ratio=1.0, surcharge=5.0),
    "roots": WEAK.with_values(**ROOTS),
    "exponential roots": WEAK.with_values(**ROOTS, options=options(roots="exponential")),
    "suction": WEAK.with_values(water_table_ratio=0.0, options=options(initial_suction=0.5)),
    "no friction": WEAK.with_values(friction_angle=1.0),
    "rasters": WEAK.with_values(
        cohesion=np.random.default_rng(1).uniform(0.0, 9.0, STUDY_AREA.grid.shape),
        water_table_ratio=np.random.default_rng(2).uniform(0.0, 1.0, STUDY_AREA.grid.shape),
    ),
}


def test_the_four_classes():
    failed = np.array([False, True, True, False])
    before = np.array([False, False, True, True])
    classes = failure_classes(failed, before)
    assert classes.tolist() == [0, 1, 2, 3]
    assert classes.dtype == np.uint8


@pytest.mark.parametrize("name", SCENARIOS)
def test_classes_are_those_of_the_factors_of_safety_before_and_after(name):
    result = solve(STUDY_AREA, SCENARIOS[name], SoilColumn())
    before, after = result.initial_factor_of_safety < 1.0, result.factor_of_safety < 1.0
    expected = np.select([before & after, before, after], [2, 3, 1], 0)
    expected[np.isnan(result.factor_of_safety)] = 255
    np.testing.assert_array_equal(result.failure_class, expected)
    assert result.failure_class.dtype == np.uint8
    np.testing.assert_array_equal(np.isin(result.failure_class, (1, 2)), result.failure_mask == 1)
    assert result.class_cells == tuple(int((expected == number).sum()) for number in range(4))
    assert sum(result.class_cells) == result.valid_cells
    assert result.failed_cells == result.class_cells[1] + result.class_cells[2]


def test_a_slope_that_drains_has_class_3_unless_its_worst_is_evaluated():
    terrain = plane(30.0, (3, 40), 10.0, 2.0)
    drained = solve(terrain, DRAINING)
    assert drained.class_cells[3] > 0
    worst = solve(terrain, DRAINING.with_values(options=options(evaluate="minimum")))
    assert worst.class_cells[3] == 0
    assert worst.class_cells[2] == drained.class_cells[2] + drained.class_cells[3]


def warnings_of(result, terrain=STUDY_AREA):
    return initial_failure_warnings(result, Study(terrain, result.scenario, result.scenario.rasters).cohesions)


def test_a_mask_alone_has_no_classes():
    result = solve(STUDY_AREA, WEAK, SoilColumn())
    alone = Result(WEAK, result.cells, mask=result.failed)
    assert alone.failure_class is None
    assert alone.class_cells is None
    assert warnings_of(alone) == []


def test_a_single_cell_that_drains_is_reported_in_the_singular():
    warning = initial_failure_warnings(SimpleNamespace(class_cells=(9, 0, 0, 1), failed_cells=0, valid_cells=10), None)[
        0
    ]
    assert warning.startswith("1 cell has FS < 1 under initial conditions")
    assert not re.search(r"\b(them|they)\b", warning)


def test_cells_unstable_at_the_means_are_told_of_a_probability():
    """As many as the classes have, with the cohesion that the mask of the means advises."""
    result = solve(STUDY_AREA, WEAK, SoilColumn())
    counts = Study(STUDY_AREA, WEAK, WEAK.rasters).cohesions()
    before = sum(result.class_cells[2:])
    assert counts.unstable_cells == before > 0
    assert counts.cells == result.valid_cells
    told = initial_failure_warnings_at_means(counts, float(result.failed_cells))
    assert f"{before:,} cells have FS < 1" in told[0]
    assert told[1:] == warnings_of(result)[-1:]
    strong = WEAK.with_values(cohesion=100.0)
    assert not initial_failure_warnings_at_means(Study(STUDY_AREA, strong, strong.rasters).cohesions(), 0.0)


# -- back-calculation ----------------------------------------------------------------------------


@pytest.mark.parametrize(("degrees", "depth", "ratio"), [(35.0, 2.0, 0.0), (40.0, 1.0, 0.5), (50.0, 3.0, 1.0)])
def test_the_critical_cohesion_is_that_of_the_closed_form(degrees, depth, ratio):
    """c = W sin b cos b - (W - gamma_w h) cos^2 b tan phi, of a plane without roots."""
    scenario = Scenario(friction_angle=30.0, water_table_ratio=ratio, root_cohesion=0.0)
    b, table = np.radians(degrees), ratio * depth
    weight = 19.0 * table + 17.6 * (depth - table)
    closed = weight * np.sin(b) * np.cos(b) - (weight - 9.81 * table) * np.cos(b) ** 2 * np.tan(np.radians(30.0))
    found = critical_cohesion(plane(degrees, (4, 9), 10.0, depth).cells, scenario)
    np.testing.assert_allclose(found, closed, rtol=1e-9)


@pytest.mark.parametrize("name", SCENARIOS)
def test_with_its_critical_cohesion_a_cell_is_just_stable(name):
    """By the solver: FS = 1 at that cohesion, below 1 with a little less; no cohesion is needed where it is below 0."""
    scenario, cells = SCENARIOS[name], STUDY_AREA.cells
    critical = critical_cohesion(cells, scenario)
    needed = critical > 0.01
    assert needed.any()
    assert (~needed).any()
    for change, stable in ((0.0, True), (-0.005, False), (0.005, True)):
        raster = cells.on_map(np.maximum(critical + change, 0.0), dtype=np.float64)
        fs = solve(STUDY_AREA, scenario.with_values(cohesion=raster), SoilColumn()).initial_factor_of_safety[cells.mask]
        assert ((fs[needed] >= 1.0) == stable).all()
        assert (fs[critical <= 0.0] >= 1.0).all()
    raster = cells.on_map(np.maximum(critical, 0.0), dtype=np.float64)
    fs = solve(STUDY_AREA, scenario.with_values(cohesion=raster), SoilColumn()).initial_factor_of_safety[cells.mask]
    np.testing.assert_allclose(fs[needed], 1.0, rtol=1e-6)


def counted(cells, scenario):
    counts = CohesionCounts()
    counts.add(cells, scenario)
    return counts


@pytest.mark.parametrize("share", [0.5, 0.9, 0.95, 0.99, 1.0])
@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "rasters"])
def test_the_share_is_reached_and_not_with_less(name, share):
    scenario = SCENARIOS[name]
    cohesion = counted(STUDY_AREA.cells, scenario).for_share(share)
    assert counted(STUDY_AREA.cells, scenario.with_values(cohesion=cohesion)).stable_share >= share
    result = solve(STUDY_AREA, scenario.with_values(cohesion=cohesion), SoilColumn())
    unstable = result.class_cells[2] + result.class_cells[3]
    assert unstable <= (1.0 - share) * result.valid_cells
    if cohesion > 0.02:
        less = scenario.with_values(cohesion=cohesion - 0.0101)
        assert counted(STUDY_AREA.cells, less).stable_share < share


@pytest.mark.parametrize(
    ("critical", "share", "cohesion"),
    [
        ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0),
        ([4.0, 3.0, 2.0, 1.0], 0.51, 3.0),
        ([1.0, 2.001, 3.0], 2.0 / 3.0, 2.01),
        ([-5.0, -1.0], 1.0, 0.0),
        ([7.5], 0.01, 7.5),
        (np.arange(1.0, 101.0), 0.07, 7.0),
        (np.arange(1.0, 101.0), 0.99, 99.0),
        ([1.0, np.inf], 1.0, np.inf),
    ],
)
def test_a_share_of_few_cells(critical, share, cohesion, monkeypatch):
    monkeypatch.setattr(critical_values, "critical_cohesion", lambda cells, scenario: np.asarray(critical))
    assert counted(STUDY_AREA.cells, WEAK).for_share(share) == cohesion


@pytest.mark.parametrize(("present", "wanted"), [(0.2, 0.99), (0.989, 0.99), (0.99, 0.999), (0.9995, 1.0), (1.0, 1.0)])
def test_the_wanted_share_is_above_the_present_one(present, wanted):
    assert wanted_share(present) == wanted


# -- advice --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "failed", "valid", "large"),
    [(0, 0, 100, False), (0, 50, 100, False), (20, 100, 1000, False), (21, 100, 1000, True), (50, 900, 1000, False),
     (51, 900, 1000, True), (1, 1, 100_000, True), (38_224, 48_561, 194_062, True)],
)  # fmt: skip
def test_many_initially_unstable_cells_call_for_calibration(before, failed, valid, large):
    assert should_be_calibrated(before, failed, valid) == large


@pytest.mark.parametrize("name", ["weak", "saturated", "no friction"])
def test_the_advice_holds(name):
    """The cohesion in the text, tried: as many cells are stable as stated."""
    scenario = SCENARIOS[name]
    advice = warnings_of(solve(STUDY_AREA, scenario, SoilColumn()))[-1]
    value, present, percent = advice.values
    assert f"with a cohesion of {value:g} kPa instead of 4 kPa, {percent:g} % of the cells" in advice
    assert value > present == 4.0
    tried = solve(STUDY_AREA, scenario.with_values(cohesion=value), SoilColumn())
    assert (tried.initial_factor_of_safety[STUDY_AREA.valid] >= 1.0).mean() >= percent / 100.0
    assert tried.class_cells[2] < 0.01 * tried.valid_cells


def test_a_raster_of_cohesion_is_given_a_factor():
    raster = np.random.default_rng(1).uniform(3.0, 9.0, STUDY_AREA.grid.shape)
    scenario = WEAK.with_values(cohesion=raster)
    advice = warnings_of(solve(STUDY_AREA, scenario, SoilColumn()))[-1]
    factor, percent = advice.values
    assert "raster multiplied by" in advice
    assert factor > 1.0
    tried = solve(STUDY_AREA, scenario.with_values(cohesion=factor * raster), SoilColumn())
    assert (tried.initial_factor_of_safety[STUDY_AREA.valid] >= 1.0).mean() >= percent / 100.0


@pytest.mark.parametrize("cohesion", [np.zeros(STUDY_AREA.grid.shape), np.full(STUDY_AREA.grid.shape, 1e-3)])
def test_no_factor_mends_a_raster_without_cohesion(cohesion):
    cohesion = cohesion.copy()
    cohesion[0] = 200.0 * (cohesion[1, 0] > 0.0)
    advice = warnings_of(solve(STUDY_AREA, WEAK.with_values(cohesion=cohesion), SoilColumn()))[-1]
    assert advice.startswith("No factor on the cohesion raster within 200 kPa is enough")


def test_no_cohesion_is_enough_for_absurd_depths():
    terrain = replace(STUDY_AREA, soil_depth=np.where(STUDY_AREA.valid, 50.0, np.nan))
    advice = warnings_of(solve(terrain, WEAK, SoilColumn()), terrain)[-1]
    assert advice.startswith("No cohesion up to 200 kPa is enough")


def test_a_strong_soil_gets_no_warning():
    assert warnings_of(solve(STUDY_AREA, WEAK.with_values(cohesion=60.0), SoilColumn())) == []


def test_mode_and_depth_are_those_of_the_cells_that_the_mask_shows_as_failed() -> None:
    """A factor of safety just below 1 is 1 in single precision, in which maps are written."""
    fs = np.array([1.0 - 1e-9, 0.99, 1.01])
    cells = Cells.of(np.full(3, 0.5), np.full(3, 2.0), np.ones((1, 3), dtype=bool))
    result = Result(Scenario(), cells, Stability(fs, np.zeros(3, dtype=bool), np.full(3, 0.3)))
    assert result.failure_mask.tolist() == [[0, 1, 0]]
    assert result.failure_mode.tolist() == [[0, 2, 0]]
    np.testing.assert_array_equal(result.failure_depth, [[np.nan, 2.0, np.nan]])
