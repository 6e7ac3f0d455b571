"""Calibration to mapped landslides: what is compared and tried, and inventories whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from marked_pages import mark, unmarked
from slopecast.plugin.core.errors import Cancelled, InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.inventory_calibration.attributes import TerrainAttributes
from slopecast.plugin.core.inventory_calibration.calibrate import Task, calibrate
from slopecast.plugin.core.inventory_calibration.ensemble import best_threshold, shift_log_fs
from slopecast.plugin.core.inventory_calibration.report import CLASSES, calibration_page
from slopecast.plugin.core.inventory_calibration.sampling import (
    DEPTHS,
    RATIOS,
    depths_to_try,
    outside_ranges,
    scaled,
    strengths,
    water_sets,
)
from slopecast.plugin.core.inventory_calibration.scores import HeldOutScore, Scores, widen_interval
from slopecast.plugin.core.inventory_calibration.search import auc_outside_blocks
from slopecast.plugin.core.inventory_calibration.sites import choose_sites, k_means, near, nearest
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.auc import ConfidenceInterval, auc, auc_by_fold
from slopecast.plugin.text import pages_in
from slopecast.plugin.variables import BY_NAME

SEARCHED = ("cohesion", "friction_angle", "conductivity", "water_table_ratio", "moisture_deficit", "suction_head")
RANGES = {name: BY_NAME[name].trained for name in SEARCHED}
RAIN = Scenario(rainfall=12.0)
#: Strength at which some 8 % of the cells of the study area fail.
TRUTH = Scenario(
    cohesion=7.6, root_cohesion=1.5, friction_angle=43.5, conductivity=1e-5, rainfall=12.0, water_table_ratio=0.4,
    moisture_deficit=0.12,
)  # fmt: skip
GRID = Grid.local((60, 80), 10.0)


@pytest.fixture(scope="module")
def terrain():
    drawn = procedural_area(2, (110, 110), 10.0)
    return Terrain.from_arrays(drawn.elevation, drawn.soil_depth, 10.0)


@pytest.fixture(scope="module")
def truth_fs(terrain):
    return next(iter(Engine(failure_times=False).solve(terrain, [TRUTH], Feedback()))).factor_of_safety


def inventory(terrain, number, seed, likely=None):
    """Cells drawn where ``likely`` is true, a landslide each."""
    known = terrain.valid if likely is None else terrain.valid & likely
    return [np.array([cell]) for cell in np.random.default_rng(seed).choice(np.flatnonzero(known), number, False)]


def task(terrain, landslides, **changes):
    given = {"stable": None, "area": terrain.valid, "base": RAIN, "ranges": RANGES, "sets": 30, "seed": 1}
    return Task(terrain, True, landslides, **{**given, **changes})


# -- inventories whose truth is known ---------------------------------------------------------------------------


def test_an_inventory_of_the_engine_is_ranked_as_by_its_truth(terrain, truth_fs):
    made = calibrate(task(terrain, inventory(terrain, 120, 3, truth_fs < 1.0)), Feedback())
    sites, score = made.sites, -made.sites.of(truth_fs)
    truth = auc_by_fold(score[sites.failed], score[sites.stable], sites.fold[sites.failed], sites.fold[sites.stable])
    assert truth > 0.9
    assert made.scores.susceptibility.auc.value == pytest.approx(truth, abs=0.01)
    assert made.scores.calibrated.auc.value == pytest.approx(truth, abs=0.01)
    assert made.scores.default.auc.value < made.scores.calibrated.auc.value
    # the level too: the factor of safety of the map is the truth's within 10 %
    compared = terrain.valid & (truth_fs > 0.5) & (truth_fs < 2.0)
    assert np.median(made.factor_of_safety[compared] / truth_fs[compared]) == pytest.approx(1.0, abs=0.1)
    assert made.scores.hit_rate > 0.85
    assert made.scores.false_alarm_rate < 0.15
    assert not made.scores.may_be_chance
    assert made.failure_mask[terrain.valid].mean() == pytest.approx((truth_fs[terrain.valid] < 1.0).mean(), abs=0.04)


@pytest.mark.parametrize("wrong", [0.7, 1.0, 1.4])
def test_the_strength_factor_undoes_a_wrong_strength(terrain, truth_fs, wrong):
    values, _ = scaled(vars(TRUTH), wrong)
    fixed = {name: (getattr(TRUTH, name),) * 2 for name in SEARCHED}
    fixed |= {name: (values[name],) * 2 for name in ("cohesion", "friction_angle")}
    base = TRUTH.with_values(root_cohesion=values["root_cohesion"])
    landslides = inventory(terrain, 100, 4, truth_fs < 1.0)
    made = calibrate(task(terrain, landslides, ranges=fixed, base=base), Feedback())
    assert made.strength_factor == pytest.approx(1.0 / wrong, rel=0.1)
    assert len(made.scenarios) == made.trials == 1
    best = made.scenarios[0]
    assert best.cohesion == pytest.approx(TRUTH.cohesion, rel=0.1)
    assert best.root_cohesion == pytest.approx(TRUTH.root_cohesion, rel=0.1)
    assert np.tan(np.radians(best.friction_angle)) == pytest.approx(np.tan(np.radians(TRUTH.friction_angle)), rel=0.1)
    # a row of the table gives the map
    again = next(iter(Engine(failure_times=False).solve(terrain, [best], Feedback()))).factor_of_safety
    inside = terrain.valid & (again < 5.0)
    np.testing.assert_allclose(again[inside], made.factor_of_safety[inside], rtol=0.03)
    assert not any("reach a limit" in warning for warning in made.warnings)


def test_sets_that_the_limits_of_strength_keep_from_the_map_are_reported(terrain, truth_fs):
    """A strength that would need a friction angle above 55 degrees: its row of the table gives another mask."""
    fixed = {name: (getattr(TRUTH, name),) * 2 for name in SEARCHED}
    fixed |= {"cohesion": (0.5,) * 2, "friction_angle": (25.0,) * 2, "water_table_ratio": (1.0,) * 2}
    base = TRUTH.with_values(root_cohesion=0.0)
    made = calibrate(task(terrain, inventory(terrain, 100, 4, truth_fs < 1.0), ranges=fixed, base=base), Feedback())
    best = made.scenarios[0]
    assert best.friction_angle == pytest.approx(BY_NAME["friction_angle"].maximum)
    again = next(iter(Engine(failure_times=False).solve(terrain, [best], Feedback())))
    assert again.failed_cells > 1.1 * (made.failure_mask == 1).sum()
    assert any(warning.startswith("1 of 1 sets reach a limit") for warning in made.warnings)


@pytest.mark.parametrize("east", [3, 30])
def test_blocks_with_few_stable_cells_are_reported(terrain, east):
    """Resamples of a few stable cells of a block do not vary as its scores do."""
    random, side = np.random.default_rng(8), terrain.grid.cols
    row = random.permutation(side)
    slides = [np.array([r * side + c]) for r, c in zip(row[:24], [10, 95] * 12)]
    stable = np.concatenate([row[30:90] * side + 25, row[30 : 30 + east] * side + 80])
    made = calibrate(task(terrain, slides, stable=stable, folds=2, sets=10), Feedback())
    told = [str(text) for text in made.warnings if "stable cells: the scores depend" in str(text)]
    assert [text.split(":")[0] for text in told] == ["One of the blocks has only 3 stable cells"] * (east == 3)


def downslope(elevation, cell, steps):
    """The cell so many steps down the steepest descent from another one, up to a pit."""
    cols = elevation.shape[1]
    row, col = divmod(int(cell), cols)
    for _ in range(steps):
        around = np.s_[max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2]
        place = np.unravel_index(np.nanargmin(elevation[around]), elevation[around].shape)
        row, col = around[0].start + place[0], around[1].start + place[1]
    return row * cols + col


@pytest.mark.parametrize("steps", [0, 25])
def test_deposits_are_no_source_areas(terrain, truth_fs, steps):
    """A model of the relief ranks them well, and would map valley floors as the likeliest source areas."""
    slides = inventory(terrain, 120, 3, truth_fs < 1.0)
    slides = [np.array([downslope(terrain.elevation, cells[0], steps)]) for cells in slides]
    made = calibrate(task(terrain, slides, sets=10), Feedback())
    assert any("not where they start" in text for text in made.warnings) == (steps > 0)


@pytest.mark.parametrize(
    ("susceptibility", "calibrated", "slope", "doubted"),
    [(0.76, 0.60, 0.62, True), (0.74, 0.68, 0.68, False), (0.90, 0.78, 0.66, False), (0.68, 0.60, 0.62, False)],
)
def test_a_lead_of_the_relief_is_doubted_where_stability_ranks_badly(susceptibility, calibrated, slope, doubted):
    auc = {"susceptibility": susceptibility, "calibrated": calibrated, "default": 0.6, "slope": slope}
    scores = {name: HeldOutScore(ConfidenceInterval(x, x - 0.05, x + 0.05), None, None) for name, x in auc.items()}
    gain = ConfidenceInterval(susceptibility - slope, 0.01, 0.2)
    assert Scores(**scores, gain=gain, default_gain=gain, hit_rate=0.5, false_alarm_rate=0.5).may_be_runout == doubted


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
def test_nothing_is_learned_from_random_landslides(terrain, seed):
    made = calibrate(task(terrain, inventory(terrain, 60, seed), seed=seed), Feedback())
    interval = made.scores.susceptibility.auc
    assert interval.low < 0.5 < interval.high
    assert made.finding.startswith("The calibration failed")
    assert made.finding in made.warnings


@pytest.mark.slow
def test_the_same_seed_gives_the_same_calibration(terrain, truth_fs):
    landslides = inventory(terrain, 40, 7, truth_fs < 1.0)
    one, other, another = (calibrate(task(terrain, landslides, seed=s, sets=10), Feedback()) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.susceptibility, other.susceptibility)
    assert [vars(s) for s in one.scenarios] == [vars(s) for s in other.scenarios]
    assert not np.array_equal(one.susceptibility, another.susceptibility, equal_nan=True)


def test_maps_are_unknown_where_the_terrain_is(terrain, truth_fs):
    holes = terrain.valid & (np.indices(terrain.valid.shape)[0] % 37 != 0)
    soil = np.where(holes, terrain.soil_depth, np.nan)
    landslides = inventory(terrain, 40, 8, holes & (truth_fs < 1.0))
    made = calibrate(task(Terrain(terrain.grid, terrain.elevation, soil), landslides, sets=10), Feedback())
    for values in (made.susceptibility, made.factor_of_safety):
        np.testing.assert_array_equal(np.isfinite(values), holes)
    np.testing.assert_array_equal(made.failure_mask == 255, ~holes)
    known = made.susceptibility[holes]
    assert ((known >= 0.0) & (known <= 1.0)).all()


def test_an_estimated_depth_is_chosen(terrain, truth_fs):
    made = calibrate(
        replace(task(terrain, inventory(terrain, 40, 9, truth_fs < 1.0), sets=10), depth_given=False), Feedback()
    )
    assert (made.depth.method, made.depth.low, made.depth.high) in DEPTHS
    assert made.depth.described.startswith("estimated: ")
    assert np.nanmin(made.depth.terrain.soil_depth) >= made.depth.low


def test_the_report_is_whole(terrain, truth_fs):
    made = calibrate(task(terrain, inventory(terrain, 25, 10, truth_fs < 1.0), sets=10), Feedback())
    html = calibration_page(
        "Calibration", made, provenance={"SLOPECAST_DEM": "a < b"}, finding=made.finding, warnings=made.warnings
    )
    first = html.index(str(made.finding).split(":", maxsplit=1)[0])
    assert first < html.index("Held-out scores")  # in the first line
    for text in ("ROC curves", "Success-rate curves", "95 % intervals", "Limits of use", "a &lt; b", "set_01",
                 "Only 25 landslides", *(attribute.name for attribute in made.attributes)):  # fmt: skip
        assert text in html
    assert "nan" not in html.lower().replace("provenance", "")
    assert [low for low, _ in CLASSES] == sorted(low for low, _ in CLASSES)


def test_the_report_is_in_the_users_language(terrain, truth_fs):
    made = calibrate(task(terrain, inventory(terrain, 25, 10, truth_fs < 1.0), sets=10), Feedback())
    with pages_in(mark):
        html = calibration_page(mark("Title"), made, provenance={}, finding=made.finding, warnings=made.warnings)
    assert unmarked(html) == []


def test_a_cancel_ends_it(terrain, truth_fs):
    class Impatient(Feedback):
        def __init__(self):
            self.percent = 0.0

        def setProgress(self, percent):
            assert percent >= self.percent - 1e-9
            self.percent = percent

        def isCanceled(self):
            return self.percent > 50.0

    feedback = Impatient()
    with pytest.raises(Cancelled):
        calibrate(task(terrain, inventory(terrain, 30, 11, truth_fs < 1.0), sets=10), feedback)
    assert feedback.percent < 70.0


# -- the cells that are compared --------------------------------------------------------------------------------


def cells_at(*places):
    return [np.array([row * GRID.cols + col]) for row, col in places]


SPREAD = cells_at(*((5 + 5 * k, 5 + 6 * k) for k in range(11)))
EVERYWHERE = np.ones(GRID.shape, dtype=bool)


@pytest.mark.parametrize(
    ("landslides", "stable", "words"),
    [
        ([], None, "has no feature within the elevation model"),
        (SPREAD[:9], None, "9 of 9 are on valid cells"),
        (cells_at(*[(30, 40)] * 12), None, "12 of 12 are on .*; without repeated ones 1"),
        (cells_at(*((30 + k // 4, 40 + k % 4) for k in range(12))), None, "all 12 are in one block"),
        (SPREAD, np.concatenate(SPREAD), "11 of 11 cells are landslide cells too"),
        (SPREAD, np.array([SPREAD[3][0], *range(2000, 2010)]), "1 of 11 cells are landslide cells too"),
        (SPREAD, np.array([1, 2, 3]), "cover 3 cells"),
        (SPREAD, np.empty(0, dtype=int), "none is on a valid cell"),
    ],
)  # fmt: skip
def test_cells_that_cannot_be_compared_are_refused(landslides, stable, words):
    with pytest.raises(InputError, match=words):
        choose_sites(GRID, landslides, stable, EVERYWHERE, 5, 1)


def test_a_stable_cell_in_a_landslide_is_left_out():
    stable = np.array([SPREAD[3][0], *range(2400, 2435), *range(100, 140)])
    sites = choose_sites(GRID, SPREAD, stable, EVERYWHERE, 2, 1)
    assert sites.left_out == 1
    assert not sites.drawn
    assert sites.stable.sum() == stable.size - 1


@pytest.mark.parametrize("times", [1, 2, 5])
def test_landslides_with_the_same_cells_count_as_one(times):
    sites = choose_sites(GRID, SPREAD * times, None, EVERYWHERE, 3, 1)
    assert (sites.slides, sites.repeated) == (len(SPREAD), (times - 1) * len(SPREAD))


def test_the_order_of_landslides_has_no_effect():
    """Nor on the cells that are drawn from large ones, and on who has a shared cell of two that are equally large."""
    wide = [np.unique(cells[0] + np.add.outer(range(-240, 241, 80), range(-3, 5)).ravel()) for cells in SPREAD]
    landslides = [cells[(cells >= 0) & (cells < EVERYWHERE.size)] for cells in [*wide, *SPREAD, *(w + 1 for w in wide)]]
    sites, again = (choose_sites(GRID, order, None, EVERYWHERE, 3, 1) for order in (landslides, landslides[::-1]))
    for name in ("rows", "cols", "failed", "stable", "unit", "fold"):
        np.testing.assert_array_equal(getattr(sites, name), getattr(again, name), err_msg=name)


def test_a_cell_of_two_landslides_is_on_one_side_of_a_test():
    """Overlapping outlines of many years: each landslide again, shifted by a cell, and a large one around some."""
    blocks = [cells[0] + np.add.outer([-80, 0, 80], [-1, 0, 1]).ravel() for cells in SPREAD]
    around = np.unique(np.concatenate(blocks[3:5]))
    landslides = [around, *blocks, *(cells + 1 for cells in blocks)]
    sites = choose_sites(GRID, landslides, None, EVERYWHERE, 3, 1)
    cells = (sites.rows * GRID.cols + sites.cols)[sites.failed]
    assert np.unique(cells).size == cells.size
    assert np.array_equal(np.unique(cells), np.unique(np.concatenate(landslides)))
    assert (sites.slides, sites.repeated) == (2 * len(SPREAD), 1)


def test_landslides_outside_the_area_do_not_count():
    area = np.zeros(GRID.shape, dtype=bool)
    area[:30] = True
    with pytest.raises(InputError, match="5 of 11 are on valid cells"):
        choose_sites(GRID, SPREAD, None, area, 5, 1)


def test_stable_cells_keep_their_distance_from_landslides_beyond_the_area():
    area = np.zeros(GRID.shape, dtype=bool)
    area[:, :40] = True
    beyond = np.arange(GRID.rows) * GRID.cols + 40
    west = cells_at(*((3 + 5 * k, 4 + 3 * k) for k in range(11)))
    sites = choose_sites(GRID, [*west, beyond], None, area, 2, 1)
    assert sites.cols[sites.stable].max() == 37


def test_an_area_full_of_landslides_is_refused():
    landslides = [np.arange(k * 480, (k + 1) * 480) for k in range(10)]
    with pytest.raises(InputError, match="leave 0 cells"):
        choose_sites(GRID, landslides, None, EVERYWHERE, 5, 1)


@pytest.mark.parametrize("folds", [2, 5, 20])
def test_stable_cells_keep_their_distance_and_blocks_hold_both_kinds(folds):
    sites = choose_sites(GRID, SPREAD, None, EVERYWHERE, folds, 1)
    assert sites.drawn
    assert sites.slides == 11
    assert 2 <= sites.folds <= min(folds, 5)
    distance = np.hypot(
        np.subtract.outer(sites.rows[sites.stable], sites.rows[sites.failed]),
        np.subtract.outer(sites.cols[sites.stable], sites.cols[sites.failed]),
    )
    assert distance.min() * 10.0 >= 30.0
    for fold in range(sites.folds):
        inside = ~sites.outside(fold)
        assert (inside & sites.failed).sum() >= 2
        assert (inside & sites.stable).sum() >= 1
    assert sites.outside(sites.folds).all()


def test_a_large_landslide_counts_by_some_of_its_cells_in_one_block():
    large = np.flatnonzero(np.hypot(*(np.indices(GRID.shape) - [[[20]], [[50]]])) < 9)
    sites = choose_sites(GRID, [*SPREAD, large], None, EVERYWHERE, 5, 1)
    own = sites.unit == 11
    assert own.sum() == 20
    assert np.isin(sites.rows[own] * GRID.cols + sites.cols[own], large).all()
    assert np.unique(sites.fold[own]).size == 1
    assert sites.area_failed == len(SPREAD) + large.size - np.isin(np.concatenate(SPREAD), large).sum()


@pytest.mark.parametrize("strip_cells", [1, 45, 10_000])
@pytest.mark.parametrize("distance", [10.0, 25.0, 60.0, 1e9])
def test_near_is_the_distance_between_centres(distance, strip_cells, monkeypatch):
    monkeypatch.setattr(f"{near.__module__}._STRIP_CELLS", strip_cells)
    slides = np.zeros((12, 15), dtype=bool)
    slides[3, 4] = slides[11, 14] = True
    grid = Grid(12, 15, (0.0, 10.0, 0.0, 0.0, 0.0, -12.0), "")
    rows, cols = np.indices(slides.shape)
    expected = np.zeros(slides.shape, dtype=bool)
    for row, col in ((3, 4), (11, 14)):
        expected |= np.hypot(12.0 * (rows - row), 10.0 * (cols - col)) < distance
    np.testing.assert_array_equal(near(slides, grid, distance), expected)


def test_k_means_finds_clusters_that_are_apart():
    random = np.random.default_rng(1)
    truth = np.repeat(np.arange(4), 20)
    points = np.array([[0, 0], [0, 100], [100, 0], [100, 100]])[truth] + random.normal(size=(80, 2))
    group = nearest(points, k_means(points, 4, random))
    assert len({(a, b) for a, b in zip(truth.tolist(), group.tolist())}) == 4


# -- what is tried ----------------------------------------------------------------------------------------------


def test_water_sets_cover_their_ranges():
    sets = water_sets(RAIN, RANGES, 64, 3)
    assert len(sets) == 64
    for name in SEARCHED[2:]:
        low, high = RANGES[name]
        values = np.array([getattr(one, name) for one in sets])
        share = np.log(values / low) / np.log(high / low) if BY_NAME[name].log_scale else (values - low) / (high - low)
        assert np.bincount((share * 8).astype(int), minlength=8).min() >= 4  # every eighth of the range
    assert {one.rainfall for one in sets} == {12.0}
    assert {one.cohesion for one in sets} == {RAIN.cohesion}


def test_fixed_ranges_leave_one_set():
    fixed = {name: (value, value) for name, value in (("conductivity", 1e-6), ("water_table_ratio", 0.2))}
    sets = water_sets(RAIN, fixed, 100, 1)
    assert [(one.conductivity, one.water_table_ratio) for one in sets] == [(1e-6, 0.2)]
    assert strengths(RAIN, {"cohesion": (5.0, 5.0), "friction_angle": (30.0, 30.0)}) == [
        {"cohesion": pytest.approx(5.0), "friction_angle": pytest.approx(30.0)}
    ]


@pytest.mark.parametrize(
    "ranges", [RANGES, {"cohesion": (0.0, 10.0), "friction_angle": (20.0, 30.0)}, {"cohesion": (5.0, 9.0)},
               {"friction_angle": (20.0, 40.0)}, {"cohesion": (0.0, 0.0), "friction_angle": (20.0, 40.0)}],
)  # fmt: skip
def test_strengths_lie_within_their_ranges_and_differ_in_their_ratio(ranges):
    found = strengths(RAIN, ranges)
    assert 1 <= len(found) <= RATIOS
    ratios = [one["cohesion"] / np.tan(np.radians(one["friction_angle"])) for one in found]
    assert ratios == sorted(set(ratios))
    for name in ("cohesion", "friction_angle"):
        low, high = ranges.get(name, (getattr(RAIN, name),) * 2)
        assert all(low * (1 - 1e-9) <= one[name] <= high * (1 + 1e-9) for one in found)


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.5])
def test_a_scaled_strength_scales_the_factor_of_safety(terrain, factor):
    values, used = scaled(vars(RAIN), factor)
    assert used == factor
    one, other = (
        next(iter(Engine(failure_times=False).solve(terrain, [s], Feedback()))).factor_of_safety
        for s in (RAIN, RAIN.with_values(**values))
    )
    inside = terrain.valid & (np.maximum(one, other) < 10.0)
    np.testing.assert_allclose(other[inside], factor * one[inside], rtol=1e-5)


@pytest.mark.parametrize(("factor", "angle"), [(10.0, 55.0), (0.001, 1.0)])
def test_strength_stays_within_what_is_possible(factor, angle):
    values, used = scaled(vars(RAIN), factor)
    assert values["friction_angle"] == pytest.approx(angle)
    assert values["cohesion"] == pytest.approx(RAIN.cohesion * used)
    RAIN.with_values(**values)


def test_a_strength_outside_its_range_is_reported():
    inside, outside = RAIN.with_values(cohesion=5.0), RAIN.with_values(cohesion=40.0)
    assert outside_ranges([inside, outside, inside], RANGES, RAIN) == []
    assert "Cohesion (COHESION)" in outside_ranges([outside, outside, inside], RANGES, RAIN)[0]
    assert outside_ranges([inside], {"cohesion": (5.04, 5.04)}, RAIN) == []
    text = str(*outside_ranges([outside], {"cohesion": (5.0, 5.0)}, RAIN))
    assert "the best sets have 40 to 40 kPa, though it is fixed at 5 kPa" in text


def test_a_root_cohesion_that_was_entered_and_scaled_is_reported():
    entered = RAIN.with_values(root_cohesion=4.0)
    text = str(*outside_ranges([entered.with_values(root_cohesion=9.0)], RANGES, entered))
    assert "Root cohesion (ROOT_COHESION): the best sets have 9 to 9 kPa, though it is fixed at 4 kPa" in text
    assert outside_ranges([entered], RANGES, entered) == []
    assert outside_ranges([RAIN.with_values(root_cohesion=9.0)], RANGES, RAIN) == []  # the default is nobody's claim


def test_a_given_depth_is_the_only_one(terrain):
    assert [depth.terrain for depth in depths_to_try(terrain, given=True)] == [terrain]
    tried = depths_to_try(terrain, given=False)
    assert [(one.method, one.low, one.high) for one in tried] == list(DEPTHS)
    for one in tried:
        np.testing.assert_array_equal(one.terrain.valid, terrain.valid)
        np.testing.assert_array_equal(one.terrain.soil_depth, one.soil())


# -- arithmetic -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decimals", [0, 1, 9])
def test_areas_of_selections_are_the_auc(decimals):
    random = np.random.default_rng(2)
    scores, failed = random.normal(size=(5, 90)).round(decimals), np.arange(90) < 20
    outside = random.random((4, 90)) < 0.7
    found = auc_outside_blocks(scores, failed, outside)
    for k, selection in enumerate(outside):
        for number, score in enumerate(scores):
            assert found[k, number] == pytest.approx(auc(score[selection & failed], score[selection & ~failed]))


def test_the_best_threshold_separates():
    log_fs = np.concatenate([np.linspace(-1.0, -0.2, 30), np.linspace(0.4, 2.0, 50)])
    assert best_threshold(log_fs, np.arange(80) < 30, 1) == pytest.approx(0.1, abs=0.05)
    assert best_threshold(np.full(10, 0.7), np.arange(10) < 4, 1) == 0.7


def test_a_raised_factor_of_safety_stays_at_its_greatest():
    most = np.log(10.0)
    np.testing.assert_allclose(shift_log_fs(np.array([0.0, 2.0, most]), 1.0), [1.0, most, most])
    np.testing.assert_allclose(shift_log_fs(np.array([0.0, 2.0, most]), -1.0), [-1.0, 1.0, most])


@pytest.mark.parametrize(("folds", "factor"), [(2, 3.0**0.5), (5, 1.5)])
def test_fitted_scores_have_wider_intervals(folds, factor):
    wide = widen_interval(ConfidenceInterval(0.7, 0.65, 0.74), folds)
    assert (wide.low, wide.high) == pytest.approx((0.7 - 0.05 * factor, 0.7 + 0.04 * factor))


# -- attributes -------------------------------------------------------------------------------------------------


def attributes_of(heights, cell_size=10.0, **options):
    found = TerrainAttributes(Terrain.from_arrays(heights, 1.0, cell_size), Feedback(), **options)
    return {one.name: values for one, values in zip(found.each, found.of_rows(slice(0, len(heights))))}


@pytest.mark.parametrize(("east", "south"), [(0.3, 0.0), (0.0, -0.5), (0.4, 0.3)])
def test_attributes_of_a_plane(east, south):
    row, col = np.mgrid[:30, :30]
    found = attributes_of(500.0 + 10.0 * (east * col + south * row))
    inner = (slice(3, -3),) * 2
    steep = np.hypot(east, south)
    assert found["slope angle"][inner] == pytest.approx(np.degrees(np.arctan(steep)))
    assert found["profile curvature"][inner] == pytest.approx(0.0, abs=1e-6)
    assert found["plan curvature"][inner] == pytest.approx(0.0, abs=1e-6)
    # downhill is westward where heights rise eastward, northward where they rise southward
    assert found["eastward aspect"][inner] == pytest.approx(-east / steep)
    assert found["northward aspect"][inner] == pytest.approx(south / steep)
    assert "elevation" not in found


def test_curvatures_have_the_sign_of_the_help():
    row, col = np.mgrid[:41, :41]
    hollow = attributes_of(500.0 + 5.0 * row + 0.1 * (col - 20) ** 2)  # a valley that falls northward
    assert hollow["plan curvature"][20, 20] == pytest.approx(1e3 * 0.2 / 100.0, rel=1e-6)  # z_xx [1/m], per km
    convex = attributes_of(500.0 - 0.05 * row**2)  # steepens southward, downhill
    assert convex["profile curvature"][20, 20] == pytest.approx(1e3 * 0.1 / 100.0, rel=1e-6)


def test_relative_height_is_0_in_valleys_and_1_on_ridges():
    col = np.arange(60) + np.zeros((60, 1))
    found = attributes_of(500.0 + 50.0 * np.cos(2 * np.pi * col / 20.0))
    assert found["relative height"][:, 10:50:20] == pytest.approx(0.0)
    assert found["relative height"][:, 20:50:20] == pytest.approx(1.0)


def test_attributes_are_known_where_elevation_is():
    elevation = 500.0 + np.add.outer(np.arange(30.0), np.arange(30.0))
    elevation[10:13, 4:9] = np.nan
    found = attributes_of(elevation, elevation=True)
    for values in found.values():
        np.testing.assert_array_equal(np.isfinite(values), np.isfinite(elevation))
    np.testing.assert_array_equal(found["elevation"], elevation)


@pytest.mark.parametrize("height", [1, 7, 40, 109])
def test_attributes_of_strips_are_those_of_the_whole_map(terrain, height):
    elevation = np.where(np.indices(terrain.valid.shape)[1] % 31 == 0, np.nan, terrain.elevation)
    found = TerrainAttributes(Terrain(terrain.grid, elevation, terrain.soil_depth), Feedback(), elevation=True)
    rows = len(elevation)
    whole = found.of_rows(slice(0, rows))
    strips = zip(*(found.of_rows(slice(first, min(first + height, rows))) for first in range(0, rows, height)))
    for one, parts in zip(whole, strips):
        np.testing.assert_array_equal(np.concatenate(parts), one)
    row, col = np.random.default_rng(1).integers(0, rows, (2, 50))
    np.testing.assert_array_equal(found.at(row, col), np.column_stack([one[row, col] for one in whole]))
