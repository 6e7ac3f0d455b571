"""A mask against the engine's: counts, words and what they do to the reliability."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.map_parts.tiles import Margin, Tile
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.reliability import Reliability
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.core.validation.engine_comparison import MOST_ROWS, EngineComparison, EngineMask, compared_rows
from slopecast.plugin.core.validation.metrics import Counts, agreement_map
from slopecast.plugin.core.windowed.solve import SolvedWindow, WindowedRun
from slopecast.plugin.core.windowed.study import Study


def comparison(**counts):
    return EngineComparison(Counts(**counts), 0.0)


@pytest.mark.parametrize(
    ("counts", "given", "level"),
    [
        ({"tp": 95, "fp": 5, "tn": 900}, "trusted", "trusted"),  # IoU 0.95
        ({"tp": 94, "fn": 6, "tn": 900}, "trusted", "caution"),
        ({"tn": 900}, "trusted", "trusted"),  # nothing fails in either
        ({"fp": 3, "tn": 900}, "trusted", "caution"),  # IoU 0: the engine has no failed cell
        ({"tp": 50, "fn": 50}, "outside", "outside"),
        ({"tp": 100}, "caution", "caution"),
    ],
)
def test_a_notable_difference_is_a_caution(counts, given, level):
    found = comparison(**counts)
    judged = found.rate(Reliability(given, ("earlier",)))
    assert judged.level == level
    assert judged.reasons == ("earlier", found.text)


def test_the_text_of_the_comparison_has_its_numbers():
    found = comparison(tp=60, fp=20, fn=20, tn=900)
    assert found.iou == 0.6
    assert found.different_cells == 40
    assert found.text == "the mask differs from the physics engine's: IoU 0.600, 40 of 1,000 cells differ"
    assert comparison(tp=10).text == "the mask agrees with the physics engine's: IoU 1.000, 0 of 10 cells differ"


def test_the_engine_is_the_reference():
    """A mask in which three failed cells of the engine are stable, and one stable cell failed."""
    rows = np.add.outer(0.5 * np.arange(12.0) ** 2, np.arange(10.0))  # steeper from row to row
    terrain = Terrain.from_arrays(rows, np.full(rows.shape, 2.0), 10.0)
    study = Study(terrain, Scenario(cohesion=2.0, friction_angle=22.0, rainfall=12.0), {})
    run = WindowedRun(study, None, Engine(failure_times=False), None, Margin(0))
    engine = EngineMask.of(run, rows.shape, Feedback())
    mask = engine.values.copy()
    hit, stable = np.flatnonzero(mask == 1)[:3], np.flatnonzero(mask == 0)[:1]
    mask.flat[hit], mask.flat[stable] = 0, 1
    found = engine.compared(mask)
    assert found.counts == Counts(tp=(mask == 1).sum() - 1, fp=1, fn=3, tn=(mask == 0).sum() - 3)
    assert found.different_cells == 4
    place = slice(2, 9), slice(1, 10)
    assert np.array_equal(engine.agreement(mask[place], place), agreement_map(mask, engine.values)[place])


def window(rows: slice, mask: list[list[int]], attempt: int = 0) -> SolvedWindow:
    """Some rows of a map of two columns."""
    place = rows, slice(0, 2)
    result = SimpleNamespace(failure_mask=np.asarray(mask, np.uint8))
    return SolvedWindow(Tile(place, place), None, result, attempt)


def test_a_window_that_comes_again_replaces_what_it_was():
    top, bottom = slice(0, 1), slice(1, 3)
    windows = [
        window(top, [[1, 1]]), window(bottom, [[1, 1], [1, 1]]), window(top, [[0, 1]]),
        window(slice(0, 2), [[0, 0], [255, 1]], 1), window(slice(2, 3), [[0, 1]], 1),
    ]  # fmt: skip
    found = EngineMask.of(SimpleNamespace(solve=lambda _: iter(windows)), (3, 2), Feedback())
    assert found.values.tolist() == [[0, 0], [255, 1], [0, 1]]
    mask = np.array([[0, 1], [1, 1], [1, 0]], np.uint8)
    assert found.compared(mask).counts == Counts(tp=1, fp=2, fn=1, tn=1)


@pytest.mark.parametrize("count", [1, 3, MOST_ROWS, 20, 1000])
def test_the_sample_of_rows_is_the_same_each_time(count):
    rows = compared_rows(count)
    assert rows == compared_rows(count)
    assert len(rows) == min(count, MOST_ROWS)
    assert all(0 <= row < count for row in rows)
