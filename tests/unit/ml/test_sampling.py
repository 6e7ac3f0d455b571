"""Training cases: what is stored of a guess, windows and their turns, and which cases are drawn."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from slopecast.plugin.core.dataset.cases import Case
from slopecast.plugin.core.dataset.simulate import simulate_cases
from slopecast.plugin.core.errors import Cancelled, InputError
from slopecast.plugin.core.feedback import Feedback
from slopecast.plugin.core.physics.assess import assess
from slopecast.plugin.core.physics.column import column_state
from slopecast.plugin.core.physics.flow.first_guess import first_guess
from slopecast.plugin.core.physics.flow.schedule import Schedule, StepBudget
from slopecast.plugin.core.synthetic import procedural_area
from slopecast.plugin.core.terrain import Terrain
from slopecast.plugin.ml.channels import CHANNELS, TerrainMaps, inputs
from slopecast.plugin.ml.training import sampling
from slopecast.plugin.ml.training.sampling import draw, guess_water, prepare, read
from tiny_networks import inputs_of, rotated_terrain, water_maps

STRONG = {"conductivity": 8e-6, "lateral_anisotropy": 30.0, "duration": 36.0}
CASES = [
    Case("strong", STRONG),
    Case("weak", {"conductivity": 1e-6, "rainfall": 12.0}),
    Case("dry", {**STRONG, "rainfall": 1.0}),
]
WHOLE = (slice(0, 64), slice(0, 72))


def terrain_of(shape=(64, 72), *, masked=True):
    made = procedural_area(4, shape, 5.0, masked=masked)
    return Terrain.from_arrays(made.elevation, made.soil_depth, 5.0)


@pytest.fixture(scope="module")
def shard():
    return simulate_cases(terrain_of(), CASES, Feedback())


@pytest.fixture(scope="module")
def area(shard, tmp_path_factory):
    return prepare(shard, [0, 1, 2], tmp_path_factory.mktemp("areas"), "one", 7, Feedback())


def rngs(count, seed=0):
    return [np.random.default_rng([seed, n]) for n in range(count)]


def steps_of(area):
    return area.numbers[:, sampling._NUMBERS.index("steps")].tolist()


def test_each_case_has_a_guess_of_fewest_steps_and_another(shard, area):
    own = {Schedule.of(shard.terrain, shard.scenario(n), StepBudget.for_guess).budget.steps for n in range(3)}
    assert len(area) == 6
    assert set(steps_of(area)[::2]) == {sampling.FEWEST_STEPS}
    assert set(steps_of(area)[1::2]) <= {*sampling.OTHER_STEPS, *own}
    assert area.shape == (64, 72)
    assert area.cell_size == 5.0


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_other_guess_has_the_steps_of_a_run_or_in_some_cases_others(shard, tmp_path, monkeypatch, share):
    monkeypatch.setattr(sampling, "_OTHER_SHARE", share)
    steps = steps_of(prepare(shard, [0, 1, 2], tmp_path, "one", 7, Feedback()))[1::2]
    own = [Schedule.of(shard.terrain, shard.scenario(n), StepBudget.for_guess).budget.steps for n in range(3)]
    assert steps == own if share == 0.0 else set(steps) <= set(sampling.OTHER_STEPS)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_what_is_read_is_what_the_solver_makes(shard, area, number):
    """Channels, guess and the engine's table, as far as 16 bits hold them."""
    scenario, maps = shard.scenario(number), TerrainMaps.of(shard.terrain)
    guess = first_guess(shard.terrain, scenario, StepBudget(12))
    made = inputs(maps, water_maps(shard.terrain, scenario, guess))
    found = read(area, 2 * number, WHOLE)
    for name, channel, expected in zip(CHANNELS, found.inputs.channels[0], made.channels[0]):
        atol = 0.2 if name == "relative_halving_change" else 0.02
        torch.testing.assert_close(channel, expected, atol=atol, rtol=0.01, msg=name)
    torch.testing.assert_close(found.inputs.bound, made.bound, atol=1e-4, rtol=0.0)
    torch.testing.assert_close(found.inputs.halving, made.halving, atol=1e-4, rtol=0.0)
    cells, depth = shard.terrain.cells, shard.terrain.cells.soil_depth
    for values, table in ((found.guess, guess.water.water_table), (found.engine, shard.state(number).water_table)):
        np.testing.assert_allclose(values[0].numpy()[cells.mask], table / np.maximum(depth, 1e-6), atol=2e-5)
    fs = found.fs[0].numpy()[cells.mask]
    np.testing.assert_allclose(fs, shard.factor_of_safety(number)[cells.mask], rtol=1e-3)
    column, meeting = column_state(cells, scenario), found.meeting[0].numpy()[cells.mask]
    below = column.with_table(np.maximum(meeting - 0.01, 0.0) * depth, depth)
    above = column.with_table((meeting + 0.01) * depth, depth)
    reached = column.ponded & (meeting > 0.01) & (meeting < 0.99) & (depth > 0.1)
    assert above.contact[reached].all()
    assert not below.contact[reached].any()
    assert (meeting[~column.ponded] < -1.0).all()
    np.testing.assert_array_equal(found.valid[0].numpy() > 0, shard.terrain.valid)


@pytest.mark.parametrize("number", [0, 1])
def test_stored_guesses_give_the_stability_of_the_guess(shard, area, number):
    """With their own table; with another one it is that table's."""
    cells, scenario = shard.terrain.cells, shard.scenario(number)
    guess = first_guess(shard.terrain, scenario, StepBudget(12)).water
    share = guess.water_table / np.maximum(cells.soil_depth, 1e-6)
    found = guess_water(area, 2 * number, share, cells.mask)
    fs = [assess(cells, water, scenario).fs for water in (found, guess)]
    np.testing.assert_allclose(fs[0], fs[1], rtol=5e-3)
    full = guess_water(area, 2 * number, np.ones(cells.count), cells.mask)
    np.testing.assert_allclose(full.water_table, cells.soil_depth, rtol=1e-6)
    np.testing.assert_allclose(full.wetting_front, 0.0, atol=1e-5)


@pytest.mark.parametrize(
    "window", [(slice(10, 42), slice(20, 52)), (slice(0, 30), slice(40, 72)), (slice(60, 64),) * 2]
)
def test_a_window_is_that_of_the_whole(area, window):
    whole, part = read(area, 0, WHOLE), read(area, 0, window)
    for name in ("channels", "bound", "halving", "least"):
        torch.testing.assert_close(getattr(part.inputs, name), getattr(whole.inputs, name)[(..., *window)])
    for name in ("guess", "engine", "fs", "meeting", "valid"):
        torch.testing.assert_close(getattr(part, name), getattr(whole, name)[(..., *window)])


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_example_is_that_of_the_turned_land(quarters, flip):
    terrain = terrain_of((64, 64))
    scenario = Case("flowing", {"conductivity": 4e-6, "lateral_anisotropy": 5.0}).scenario
    given = inputs_of(terrain, scenario)
    maps = [torch.from_numpy(np.nan_to_num(terrain.elevation)).float()[None]] * 5
    chance = SimpleNamespace(integers=lambda n: quarters, random=lambda: 0.0 if flip else 0.9)
    rotated = sampling._rotate_flip(sampling.Example(given, *maps), chance)
    there = rotated_terrain(terrain, quarters, flip=flip)
    expected = inputs_of(there, scenario)
    torch.testing.assert_close(rotated.inputs.channels, expected.channels, atol=2e-3, rtol=1e-3)
    torch.testing.assert_close(rotated.inputs.bound, expected.bound, atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(rotated.inputs.halving, expected.halving, atol=1e-4, rtol=1e-3)
    np.testing.assert_array_equal(rotated.guess[0], np.nan_to_num(there.elevation).astype(np.float32))


def test_all_turns_are_drawn_and_none_where_they_are_not_wanted(area):
    plain = {draw([area], 64, False, [rng]).fs.numpy().tobytes() for rng in rngs(20)}
    rotated = {draw([area], 64, True, [rng]).fs.numpy().tobytes() for rng in rngs(60)}
    assert len(rotated) > 2 * len(plain)


def test_cases_whose_guess_is_right_are_drawn_less(area):
    """Error over (error + 0.003), and 0.03 at least, or 0 where the guess is exact; strong flow is worth most."""
    valid = area.terrain[0] > 0
    error = np.array([np.abs(t[0][valid] / 65535.0 - t[4][valid] / 65535.0).mean() for t in area.tables])
    np.testing.assert_allclose(area.sampling_weights, error / (error + 0.003) + 0.03, rtol=1e-3)
    numbers = area.numbers.copy()
    numbers[1, [sampling._NUMBERS.index(name) for name in ("steps", "coarse_share")]] = 48, 0.0
    assert np.flatnonzero(replace(area, numbers=numbers).sampling_weights == 0.0).tolist() == [1]
    assert area.sampling_weights.argmax() in (0, 4)
    assert area.sampling_weights[2] < 0.5 * area.sampling_weights[0]
    guesses = np.stack([read(area, n, WHOLE).guess[0].numpy() for n in range(len(area))])
    counts = np.zeros(len(area))
    for rng in rngs(400):
        whole = draw([area], 72, False, [rng]).guess[0, :64].numpy()
        counts[np.abs(guesses - whole).sum((1, 2)).argmin()] += 1
    np.testing.assert_allclose(counts / 400.0, area.sampling_weights / area.sampling_weights.sum(), atol=0.08)


def test_windows_of_several_areas_are_fitted_and_stacked(area, tmp_path):
    made = procedural_area(5, (32, 90), 5.0)
    strip = Terrain.from_arrays(made.elevation[:20], made.soil_depth[:20], 5.0)
    small = simulate_cases(strip, CASES[:1], Feedback())
    other = prepare(small, [0], tmp_path, "small", 0, Feedback())
    strips = draw([other], 48, True, rngs(6))
    np.testing.assert_allclose(strips.valid.mean((1, 2)), 20 / 48, rtol=1e-6)
    made = draw([area, other], 48, True, rngs(12))
    assert made.inputs.channels.shape == (12, len(CHANNELS), 48, 48)
    for name in ("guess", "engine", "fs", "meeting", "valid"):
        assert getattr(made, name).shape == (12, 48, 48)
    for example in (strips, made):
        channels = example.inputs.channels
        assert not channels[(example.valid == 0)[:, None].expand_as(channels)].any()


def test_windows_hold_terrain_wherever_it_is(tmp_path):
    """A small area in a wide raster of NoData is found by every draw."""
    elevation = np.full((150, 150), np.nan)
    elevation[3:9, 140:146] = np.add.outer(np.arange(6.0), np.arange(6.0))
    shard = simulate_cases(Terrain.from_arrays(elevation, 2.0, 5.0), CASES[:1], Feedback())
    area = prepare(shard, [0], tmp_path, "rare", 0, Feedback())
    made = draw([area], 32, True, rngs(24))
    assert (made.valid.sum((1, 2)) >= 9).all()


def test_what_is_prepared_is_not_prepared_again(shard, area, tmp_path, monkeypatch):
    first = prepare(shard, [0, 1], tmp_path, "one", 3, Feedback())
    monkeypatch.setattr(sampling, "_case", None)
    again = prepare(shard, [0, 1], tmp_path, "one", 3, Feedback())
    for name in ("terrain", "tables", "more", "flags", "numbers"):
        np.testing.assert_array_equal(getattr(again, name), getattr(first, name))


def test_a_stop_while_preparing_leaves_nothing_half_done(shard, tmp_path):
    class Stopped(Feedback):
        left = 4

        def isCanceled(self):
            self.left -= 1
            return self.left < 0

    with pytest.raises(Cancelled):
        prepare(shard, [0, 1, 2], tmp_path, "one", 3, Stopped())
    assert not list(tmp_path.glob("*numbers*"))
    assert len(prepare(shard, [0, 1, 2], tmp_path, "one", 3, Feedback())) == 6


@pytest.mark.parametrize("change", ["cases", "seed", "water", "terrain"])
def test_other_data_of_the_same_name_is_prepared_anew(shard, tmp_path, change):
    """A folder may hold areas of a data set that was built again."""
    prepare(shard, [0], tmp_path, "one", 3, Feedback())
    numbers, seed, other = [0], 3, shard
    if change == "cases":
        numbers = [1]
    elif change == "seed":
        seed = 4
    elif change == "water":
        other = simulate_cases(shard.terrain, [Case("strong", {**STRONG, "rainfall": 2.0}), *CASES[1:]], Feedback())
    else:
        flat = Terrain.from_arrays(0.5 * shard.terrain.elevation, shard.terrain.soil_depth, 5.0)
        other = simulate_cases(flat, CASES, Feedback())
    found = prepare(other, numbers, tmp_path, "one", seed, Feedback())
    expected = prepare(other, numbers, tmp_path / "apart", "one", seed, Feedback())
    np.testing.assert_array_equal(found.tables, expected.tables)
    assert len(list(tmp_path.glob("*numbers*"))) == 2


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00", b"no array"])
@pytest.mark.parametrize("part", ["tables", "numbers"])
def test_damaged_prepared_maps_are_refused_with_a_message(shard, tmp_path, content, part):
    prepare(shard, [0], tmp_path, "one", 3, Feedback())
    file = next(tmp_path.glob(f"*_{part}.npy"))
    for damaged in (content, file.read_bytes()[:-10]):
        file.write_bytes(damaged)
        with pytest.raises(InputError, match="is damaged"):
            prepare(shard, [0], tmp_path, "one", 3, Feedback())
