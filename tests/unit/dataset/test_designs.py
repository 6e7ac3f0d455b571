"""Designs: points that fill the space, parameters within the trained ranges, shares of failed cells that all occur."""

from __future__ import annotations

import numpy as np
import pytest
from slopecast.plugin.core.dataset import designs
from slopecast.plugin.core.dataset.simulate import procedural_terrain, simulate_balanced
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.scenario import Scenario
from slopecast.plugin.core.validation.metrics import bin_number


def test_sobol_points_are_the_known_ones():
    """The first points of the sequence, as Joe and Kuo's own program prints them."""
    points = designs.design_points(0, 4)
    np.testing.assert_array_equal(
        points[:, :4], [[0] * 4, [0.5] * 4, [0.75, 0.25, 0.25, 0.25], [0.25, 0.75, 0.75, 0.75]]
    )
    np.testing.assert_array_equal(designs.design_points(2, 2), points[2:])


def test_sobol_points_fill_every_part_of_every_range():
    """Of 64 points one lies in each of 64 parts of each range; so random points never do."""
    points = designs.design_points(0, 64)
    for column in points.T:
        assert sorted((column * 64).astype(int)) == list(range(64))


def test_drawn_parameters_stay_within_the_training_ranges():
    for unit in designs.design_points(0, 256):
        scenario = Scenario(**designs.hydrology_at(unit), **designs.strength_at(unit), cohesion=1.0)
        assert not scenario.outside_training()
        assert scenario.lateral_conductivity <= 5e-4 * (1 + 1e-9)
    anisotropy = [designs.hydrology_at(u)["lateral_anisotropy"] for u in designs.design_points(0, 256)]
    assert min(anisotropy) < 1.5
    assert max(anisotropy) > 40


@pytest.mark.parametrize(
    ("share", "label"), [(0.0, "0 %"), (1e-6, "< 0.5 %"), (0.005, "< 0.5 %"), (0.0051, "0.5-3 %"), (0.1, "3-10 %"),
                         (0.3, "10-30 %"), (0.31, "> 30 %"), (1.0, "> 30 %")],
)  # fmt: skip
def test_bins_of_the_failed_share(share, label):
    assert designs.SHARE_BINS[bin_number(designs.SHARE_BINS, share)].label == label


def test_simulated_cases_are_balanced_and_labelled_by_what_they_fail():
    """Each case's group is the bin that its mask falls into; no bin takes them all; the seed fixes everything."""
    terrain = procedural_terrain(3, 48)
    shard = simulate_balanced(terrain, 12, (1, 2), Feedback())
    groups = []
    for number in range(len(shard)):
        mask = shard.mask(number)
        share = (mask == 1).sum() / (mask != 255).sum()
        groups.append(designs.SHARE_BINS[bin_number(designs.SHARE_BINS, share)].label)
        assert not shard.scenario(number).outside_training() or np.any(shard.factors[number] != 1)
    assert groups == list(shard.groups)
    assert len(set(groups)) >= 4
    again = simulate_balanced(terrain, 12, (1, 2), Feedback())
    np.testing.assert_array_equal(shard.strength, again.strength)
    np.testing.assert_array_equal(shard.water.water_table, again.water.water_table)
    other = simulate_balanced(terrain, 2, (1, 3), Feedback())
    assert not np.array_equal(other.scenarios, shard.scenarios[:2])
