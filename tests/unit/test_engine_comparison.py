"""A mask against the engine's: counts, words and what they do to the reliability."""

import numpy as np
import pytest
from slopecast.plugin.core.engine_comparison import MOST_ROWS, EngineComparison, compared_rows
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.metrics import Counts
from slopecast.plugin.core.physics.engine import Engine
from slopecast.plugin.core.reliability import Reliability
from slopecast.plugin.core.result import Result
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.terrain import Terrain


def comparison(**counts):
    return EngineComparison(np.zeros((1, 1)), Counts(**counts), 0.0)


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
    judged = found.judged(Reliability(given, ("earlier",)))
    assert judged.level == level
    assert judged.reasons == ("earlier", found.text)


def test_the_text_of_the_comparison_has_its_numbers():
    found = comparison(tp=60, fp=20, fn=20, tn=900)
    assert found.iou == 0.6
    assert found.different_cells == 40
    assert found.text == "the mask differs from the physics engine's: IoU 0.600, 40 of 1000 cells differ"
    assert comparison(tp=10).text == "the mask agrees with the physics engine's: IoU 1.000, 0 of 10 cells differ"


def test_the_engine_is_the_reference():
    """A mask in which three failed cells of the engine are stable, and one stable cell failed."""
    rows = np.add.outer(np.arange(12.0), np.arange(10.0)) * 5.0
    terrain = Terrain.from_arrays(rows, np.full(rows.shape, 2.0), 10.0)
    scenario = Scenario(cohesion=2.0, friction_angle=22.0, rainfall=12.0)
    engine = next(Engine(failure_times=False).solve(terrain, [scenario], Feedback()))
    failed = engine.failed.copy()
    hit, stable = np.flatnonzero(failed)[:3], np.flatnonzero(~failed)[:1]
    failed[hit], failed[stable] = False, True
    found = EngineComparison.of(terrain, Result(scenario, engine.cells, mask=failed), Feedback())
    assert found.counts.fn == len(hit)
    assert found.counts.fp == len(stable)
    assert found.different_cells == len(hit) + len(stable)
    assert (found.agreement == 3).sum() == len(hit)


@pytest.mark.parametrize("count", [1, 3, MOST_ROWS, 20, 1000])
def test_the_sample_of_rows_is_the_same_each_time(count):
    rows = compared_rows(count)
    assert rows == compared_rows(count)
    assert len(rows) == min(count, MOST_ROWS)
    assert all(0 <= row < count for row in rows)
