"""How certain a judgement is: by hand where it can be counted, else against known landslides."""

import numpy as np
import pytest
from slopecast.plugin.core.grid import Grid
from slopecast.plugin.core.validation.auc import auc
from slopecast.plugin.core.validation.inventory_evidence import BestThreshold, Sample, collect_evidence


def grid_of(shape: tuple, cell: float = 10.0, *, south_up: bool = False) -> Grid:
    north = shape[0] * cell
    return Grid(*shape, (0.0, cell, 0.0, 0.0 if south_up else north, 0.0, cell if south_up else -cell), "")


def test_best_threshold_by_hand() -> None:
    """FS of 0.8, 0.9, 1.3 (landslides) and 1.1, 1.5, 2.0, 3.0: below 1.4 all hits and one of four false alarms."""
    found = BestThreshold.of(-np.array([0.8, 0.9, 1.3]), -np.array([1.1, 1.5, 2.0, 3.0]))
    assert -found.score == pytest.approx(1.4)
    assert (found.hit_rate, found.false_alarm_rate) == (1.0, 0.25)


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [([1, 1], [0, 0], (0.5, 1.0, 0.0)), ([0, 0], [1, 1], (0.0, 1.0, 1.0)), ([1, 0], [1, 0], (0.5, 0.5, 0.5)),
     ([3, 2, 1], [2.5, 0.5], (0.75, 1.0, 0.5))],
)  # fmt: skip
def test_best_threshold(positive: list, negative: list, expected: tuple) -> None:
    found = BestThreshold.of(np.array(positive), np.array(negative))
    assert (found.score, found.hit_rate, found.false_alarm_rate) == pytest.approx(expected)


def test_a_threshold_as_it_is_read_gives_the_same_rates() -> None:
    """Values of a large map are close: 1.01 is below two landslides that 1.01047, the middle, has."""
    fs = np.array([0.9, 1.0101, 1.0104]), np.array([1.01054, 2.0, 3.0])
    found = BestThreshold.of(*(-values.astype(np.float32) for values in fs))
    assert (found.hit_rate, found.false_alarm_rate) == (1.0, 0.0)
    assert f"{-found.score:.9g}" == "1.0105"


@pytest.mark.parametrize("size", [20, 80])
def test_a_landslide_that_has_most_cells_is_told(size: int) -> None:
    random = np.random.default_rng(4)
    score = hills(random)
    unit = landslides(score, random, 40)
    unit[unit == 39], unit[5, 5 : 5 + size] = -1, 39
    found = collect_evidence(score, None, Sample.of(unit, unit < 0), grid_of(score.shape))
    told = [str(text) for text in found.warnings() if "belong to one landslide" in str(text)]
    assert [text.split(":")[0] for text in told] == ["80 of 119 landslide cells belong to one landslide"] * (size > 40)


@pytest.mark.parametrize("seed", range(5))
def test_best_threshold_is_the_best_of_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    positive, negative = random.integers(0, 30, 80) + 5.0, random.integers(0, 30, 300) * 1.0
    found = BestThreshold.of(positive, negative)
    scores = [(positive >= t).mean() - (negative >= t).mean() for t in np.arange(-0.25, 40.0, 0.25)]
    assert found.hit_rate - found.false_alarm_rate == pytest.approx(max(scores))
    assert found.hit_rate == (positive >= found.score).mean()
    assert found.false_alarm_rate == (negative >= found.score).mean()


def hills(random: np.random.Generator, size: int = 120) -> np.ndarray:
    """A rough surface without period: what is displaced on it no longer fits."""
    surface = sum(
        a * np.sin(np.add.outer(k * np.arange(size), m * np.arange(size)) + p)
        for a, k, m, p in random.normal(0.0, 0.35, (24, 4)) * [1.0, 1.0, 1.0, 20.0]
    )
    return surface + 0.1 * random.normal(size=(size, size))


def landslides(score: np.ndarray, random: np.random.Generator, count: int = 60) -> np.ndarray:
    """Units of single cells, far likelier where the score is high."""
    unit = np.full(score.shape, -1)
    inner = score[12:-12, 12:-12]
    weight = np.exp(3.0 * (inner - inner.mean()) / inner.std())
    drawn = random.choice(inner.size, count, replace=False, p=(weight / weight.sum()).ravel())
    unit[drawn // inner.shape[1] + 12, drawn % inner.shape[1] + 12] = np.arange(count)
    return unit


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_well_placed_landslides_of_a_good_map_raise_no_doubt(seed: int) -> None:
    random = np.random.default_rng(seed)
    score, slope = hills(random), random.normal(size=(120, 120))
    unit = landslides(score, random)
    found = collect_evidence(score, slope, Sample.of(unit, unit < 0), grid_of(score.shape))
    assert found.map.value == pytest.approx(auc(score[unit >= 0], score[unit < 0]))
    assert 0.5 < found.map.low < found.map.value < found.map.high <= 1.0
    assert found.gain.value == pytest.approx(found.map.value - found.slope.value)
    assert found.gain.low > 0.0
    assert found.place.best[1:] == (0.0, 0.0)
    assert not found.warnings()


@pytest.mark.slow
@pytest.mark.parametrize(("down", "right"), [(2, 0), (0, -3), (3, 3), (-4, 1)])
@pytest.mark.parametrize("south_up", [False, True])
def test_displaced_landslides_are_found(down: int, right: int, south_up: bool) -> None:
    random = np.random.default_rng(1)
    score = hills(random)
    unit = np.roll(landslides(score, random, 100), (down, right), (0, 1))
    found = collect_evidence(score, score, Sample.of(unit, unit < 0), grid_of(score.shape, south_up=south_up))
    north = (-10.0 if south_up and down else 10.0) * down
    assert found.place.best[1:] == found.slope_place.best[1:] == (north, -10.0 * right)
    texts = [str(text) for text in found.warnings()]
    assert sum(f"shifted {north:g} m north and {-10 * right:g} m east" in text for text in texts) == 2


def test_a_random_inventory_is_called_chance() -> None:
    random = np.random.default_rng(3)
    score = hills(random)
    unit = np.full(score.shape, -1)
    unit.flat[random.choice(unit.size, 80, replace=False)] = np.arange(80)
    found = collect_evidence(score, None, Sample.of(unit, unit < 0), grid_of(score.shape))
    assert found.map.low < 0.5 < found.map.high
    assert any("differ significantly from chance" in str(text) or "below 0.5" in str(text) for text in found.warnings())
    assert found.gain is None
    assert not found.place.misplaced


def test_a_map_upside_down_is_below_chance() -> None:
    random = np.random.default_rng(2)
    score = hills(random)
    unit = landslides(score, random)
    found = collect_evidence(-score, score, Sample.of(unit, unit < 0), grid_of(score.shape))
    assert found.map.high < 0.5
    assert found.map.value == pytest.approx(1.0 - found.slope.value)
    texts = [str(text) for text in found.warnings()]
    assert any("below 0.5" in text for text in texts)
    assert not any("displaced" in text for text in texts)


def test_few_landslides() -> None:
    random = np.random.default_rng(4)
    score = hills(random)
    unit = np.where(landslides(score, random, 12) >= 0, 0, -1)  # of a single feature
    found = collect_evidence(score, None, Sample.of(unit, unit < 0), grid_of(score.shape))
    assert np.isnan(found.map.low)
    assert any("Only one landslide" in str(text) for text in found.warnings())


def test_many_stable_cells_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    from slopecast.plugin.core.validation import inventory_evidence

    random = np.random.default_rng(5)
    score = hills(random)
    unit = landslides(score, random)
    whole = collect_evidence(score, None, Sample.of(unit, unit < 0), grid_of(score.shape))
    monkeypatch.setattr(inventory_evidence, "_MOST_STABLE", 3000)
    part = collect_evidence(score, None, Sample.of(unit, unit < 0), grid_of(score.shape))
    assert Sample.of(unit, unit < 0).stable.size == 3000
    for name in ("value", "low", "high"):
        assert getattr(part.map, name) == pytest.approx(getattr(whole.map, name), abs=0.02)
