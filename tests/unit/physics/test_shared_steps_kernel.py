"""Steps whose lengths are known beforehand, several at a time on cells in the cache, against steps one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from slopecast.plugin.core.physics import compiling
from slopecast.plugin.core.physics.flow import kernels
from slopecast.plugin.core.physics.flow.shared_steps import SharedSteps
from slopecast.plugin.core.physics.simulation import Simulation
from slopecast.plugin.core.scenario import Scenario
from study_areas import rough_terrain

SCENARIO = Scenario(conductivity=1e-5, lateral_anisotropy=50.0, rainfall=20.0)
STATE = ("table", "band", "contact", "infiltrated")


@pytest.fixture(autouse=True)
def compiled_on_one_thread(monkeypatch):
    if not compiling.compiled() or not compiling.SAME_BITS:
        pytest.skip("numba is not installed, or too old")
    monkeypatch.setattr(compiling, "CELLS_WORTH_THREADS", 10**9)


class Case:
    """A terrain of several blocks, its first water, and steps of a length [s] or as long as they may be."""

    def __init__(self, shape=(140, 120), bounds=(60.0, 60.0), steps=20, *, single=False):
        run = Simulation(rough_terrain(7, shape), SCENARIO, failure_times=False, single=single)
        rng, cells = np.random.default_rng(5), run.cells
        self.wet = run.depth * rng.uniform(0.0, 1.0, cells.count).astype(run.depth.dtype)
        counted = np.zeros(cells.mask.shape, dtype=bool)
        down, across = (min(n // 3, 25) for n in shape)
        counted[down:-down, across:-across] = True
        self.c = replace(run.conductances, counted=counted[cells.mask])
        self.soil = run.depth, run.deficit, run.air
        self.supply = np.full_like(run.depth, 20.0 / 3.6e6)
        self.bounds, self.steps, self.time = bounds, steps, 0.7 * steps * bounds[1]

    def water(self):
        nothing = np.zeros_like(self.wet)
        return kernels.Water(self.wet.copy(), nothing.copy(), nothing > 0.0, nothing.copy())

    def one_by_one(self, shared, a_call):
        """Take the steps in calls of so many; returns the water and the time left."""
        water, left, steps = self.water(), self.time, 0
        while left > 0.0 and steps < self.steps:
            taken, done = kernels.lateral_time(
                water, self.supply, self.c, *self.soil, left, self.bounds, min(a_call, self.steps - steps), shared,
                self.time,
            )  # fmt: skip
            steps, left = steps + taken, left - done if done < left else 0.0
        return water, left

    def known(self, shared, a_call, ranges=None):
        water = self.water()
        every = lambda moves: np.tile(np.array([0, self.wet.size]), (moves.size, 1))  # noqa: E731
        return water, kernels.take_shared_steps(
            water, self.supply, self.c, *self.soil, self.time, self.bounds, self.steps, shared, self.time,
            steps_a_call=a_call, ranges=ranges or every,
        )  # fmt: skip


@pytest.mark.parametrize("shape", [(140, 120), (60, 300), (3, 9000), (30, 30)])
@pytest.mark.parametrize("bounds", [(60.0, 60.0), (900.0, 900.0), (1.0, 500.0)], ids=["monotone", "limited", "follow"])
@pytest.mark.parametrize(("a_call", "single"), [(3, False), (40, False), (3, True)])
def test_shared_steps_are_the_steps_one_by_one(shape, bounds, a_call, single):
    case, first = Case(shape, bounds, single=single), SharedSteps()
    expected, left = case.one_by_one(first, a_call)
    window = first.of_window
    shared = SharedSteps(window.own)
    water, (steps, left_then, moved) = case.known(shared, a_call)
    assert (steps, left_then) == (window.own.size, left)
    for name in STATE:
        assert np.array_equal(getattr(water, name), getattr(expected, name)), name
    for name in ("runoff", "exfiltrated", "drained"):
        assert getattr(water, name) == pytest.approx(getattr(expected, name), rel=1e-5 if single else 1e-12), name
    for found, one_by_one in zip(shared.of_window, window):
        assert np.array_equal(found, one_by_one) or one_by_one.size == 0
    assert moved == shared.travel(window)
    assert not water.scratch[2].any()


def test_a_compiler_that_rounds_by_what_is_around_takes_them_one_by_one(monkeypatch):
    """As numba 0.55 of Ubuntu 22.04: a window would differ from the whole map."""
    case, first = Case(), SharedSteps()
    case.one_by_one(first, 40)
    assert case.known(SharedSteps(first.of_window.own), 40)[1] is not None
    monkeypatch.setattr(kernels, "SAME_BITS", False)
    assert case.known(SharedSteps(first.of_window.own), 40)[1] is None


def test_greater_rates_of_the_window_itself_leave_its_water_as_it_was():
    case, first = Case(bounds=(1.0, 500.0)), SharedSteps()
    case.one_by_one(first, 40)
    rates = first.of_window.own.copy()
    rates[7] *= 0.5  # other windows know of less
    shared = SharedSteps(rates)
    water, done = case.known(shared, 40)
    assert done is None
    for name in STATE:
        assert np.array_equal(getattr(water, name), getattr(case.water(), name)), name
    assert (water.runoff, water.exfiltrated, water.drained) == (0.0, 0.0, 0.0)
    assert shared.of_window.own.size == 0


def test_steps_that_no_window_has_done_are_not_known():
    assert Case().known(SharedSteps(), 40)[1] is None
    assert Case().known(SharedSteps(np.array([1e-3])), 40)[1] is None


def test_cells_out_of_reach_are_left_out():
    """What is changed within the range is what a step on all cells changes there, as far as it may reach."""
    case, first = Case((200, 120)), SharedSteps()
    expected, _ = case.one_by_one(first, 40)
    size = case.wet.size

    def ranges(moves):
        reached = 120 * (np.cumsum(moves) - moves)
        return np.column_stack((reached, size - reached))

    water, (steps, _, moved) = case.known(SharedSteps(first.of_window.own), 40, ranges)
    inner = slice(120 * moved, size - 120 * moved)
    assert steps > 10
    assert size - 240 * moved > 0.5 * size
    assert np.array_equal(water.table[inner], expected.table[inner])
    assert not np.array_equal(water.table, expected.table)
